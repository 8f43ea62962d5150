//! What tests of the macros share.
pub(crate) mod farcall {
    pub(crate) use farcall_model as model;
    pub(crate) use farcall_wire as wire;
    #[derive(Debug, Clone)]
    pub(crate) struct Connection;
    impl Connection {
        pub(crate) async fn open(_url: &str) -> Result<Self, wire::Fault> {
            Ok(Self)
        }
    }
}
