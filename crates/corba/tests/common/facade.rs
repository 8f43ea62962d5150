//! What the macros expect of the facade, where there is none: tests and examples choose the channel themselves.

pub(crate) use {farcall_model as model, farcall_wire as wire};

/// What `connect` of a client opens.
#[derive(Clone, Debug)]
pub(crate) struct Connection;

impl Connection {
    #[allow(dead_code, reason = "nobody connects without the facade")]
    pub(crate) async fn open(_url: &str, _: &'static model::Interface) -> Result<Self, wire::Fault> {
        Ok(Self)
    }
}
