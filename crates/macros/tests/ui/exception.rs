use farcall_macros::Exception;

#[derive(Debug, Exception)]
#[exception(code = 4_294_967_296, message = 3, mesage = "x")]
struct Refused<T> {
    #[wire(nam = "b")]
    balance: T,
}

#[derive(Debug, Exception)]
struct Tuple(i32);

#[derive(Debug, Exception)]
#[exception(code = 3)]
enum Several {
    One(i32, i32),
    Two,
    Three { a: i32 },
}

#[derive(Debug, Exception)]
enum Never {}

fn main() {}
