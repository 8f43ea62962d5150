use farcall_macros::Exception;

mod farcall {
    pub(crate) use {farcall_model as model, farcall_wire as wire};
}

#[derive(Debug, Exception)]
#[exception(crate = "crate::farcall", message = "balance {balence} is too low")]
struct Refused {
    balance: f64,
}

fn main() {}
