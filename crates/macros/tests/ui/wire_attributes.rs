use farcall_macros::Wire;

#[derive(Wire)]
#[wire(name = "", rename_all = "Title Case", colour = "red", discriminator = "u8", crate = "::")]
struct Type {
    #[wire(nam = "x")]
    a: i32,
    #[wire(name = 3, name = "b", skip = true)]
    b: i32,
    #[wire(attribute, text)]
    c: i32,
    #[wire(default = "not a path")]
    d: i32,
    #[wire(name = "e2")]
    e: i32,
    #[wire(name = "e2")]
    f: i32,
    #[wire(with)]
    g: i32,
    #[wire("h")]
    h: i32,
}

#[derive(Wire)]
struct Mixed {
    #[wire(text)]
    text: String,
    #[wire(text)]
    more: String,
    element: String,
}

fn main() {}
