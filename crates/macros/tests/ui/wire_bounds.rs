use farcall_macros::Wire;

mod farcall {
    pub(crate) use {farcall_model as model, farcall_wire as wire};
}

struct Foreign;

#[derive(Wire)]
#[wire(crate = "crate::farcall")]
struct Holder {
    foreign: Foreign,
}

fn main() {}
