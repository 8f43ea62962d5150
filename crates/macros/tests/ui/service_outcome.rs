use farcall_macros::service;

mod farcall {
    pub(crate) use {farcall_model as model, farcall_wire as wire};

    #[derive(Clone, Debug)]
    pub(crate) struct Connection;

    impl Connection {
        pub(crate) async fn open(_url: &str, _interface: &'static farcall_model::Interface) -> Result<Self, wire::Fault> {
            Ok(Self)
        }
    }
}

#[service(crate = "crate::farcall")]
trait Clock {
    async fn hour(&self) -> i32;
}

fn main() {}
