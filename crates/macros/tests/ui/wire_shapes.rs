use farcall_macros::Wire;

#[derive(Wire)]
struct Borrowed<'a> {
    name: &'a str,
}

#[derive(Wire)]
union Bits {
    int: i32,
    float: f32,
}

#[derive(Wire)]
enum Never {}

#[derive(Wire)]
struct Long(u8, u8, u8, u8, u8, u8, u8, u8, u8);

#[derive(Wire)]
struct Parens();

#[derive(Wire)]
#[wire(name = "id", scope = "Bank")]
struct Id(#[wire(skip)] String);

#[derive(Wire)]
struct Pair(#[wire(name = "a")] i32, i32);

fn main() {}
