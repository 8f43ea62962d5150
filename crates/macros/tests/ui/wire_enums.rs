use farcall_macros::Wire;

#[derive(Wire)]
#[wire(namespace = "urn:x")]
enum Color {
    Red,
    #[wire(name = "Red")]
    Crimson,
    #[wire(value = "3")]
    Green,
    #[wire(label = 4)]
    Blue,
}

#[derive(Wire)]
enum Shape {
    Circle { radius: f64 },
    Box(f64, f64),
    #[wire(label = 1, value = 2)]
    Line(f64),
    #[wire(label(3, 3))]
    Dot,
    #[wire(default, label = 7)]
    Other(String),
    #[wire(default)]
    Another(String),
    #[wire(default, with = "module")]
    Nothing,
    #[wire(label(1, x))]
    Star(i32),
}

fn main() {}
