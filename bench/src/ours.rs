//! farcall: its server with typed echo methods, as an application has it, and its codec.

use anyhow::Result;
use bytes::Bytes;
use farcall::model::Operation;
use farcall::wire::{Decode, Encode, Typed};
use farcall::xmlrpc::{Options, XmlRpcEncoder, message};
use farcall::{DateTime, Fault, Limits, Server, Wire, service};

use crate::codec::{Codec, Work};
use crate::payload::{Case, item_types};
use crate::subjects::announce;

item_types! {
    #[derive(Wire)]
    created: DateTime
}

/// Every call gives back what it got.
#[service]
trait Bench {
    async fn echo_int(&self, value: i32) -> Result<i32, Fault>;
    async fn echo_struct(&self, value: Item) -> Result<Item, Fault>;
    async fn echo_structs(&self, value: Vec<Item>) -> Result<Vec<Item>, Fault>;
    async fn echo_bytes(&self, value: Bytes) -> Result<Bytes, Fault>;
}

struct Echo;

impl Bench for Echo {
    async fn echo_int(&self, value: i32) -> Result<i32, Fault> {
        Ok(value)
    }

    async fn echo_struct(&self, value: Item) -> Result<Item, Fault> {
        Ok(value)
    }

    async fn echo_structs(&self, value: Vec<Item>) -> Result<Vec<Item>, Fault> {
        Ok(value)
    }

    async fn echo_bytes(&self, value: Bytes) -> Result<Bytes, Fault> {
        Ok(value)
    }
}

/// Serves at the default limits until the process ends.
pub(crate) async fn serve() -> Result<()> {
    let server = Server::new().service("bench", BenchService::new(Echo));
    let running = server.start("127.0.0.1:0".parse()?).await?;
    announce(&running.address())?;
    std::future::pending().await
}

/// Response document to typed value and back.
pub(crate) fn codecs() -> Result<Vec<Codec>> {
    let mut all = Vec::new();
    all.extend(codecs_of::<Vec<Item>>(Case::Structs)?);
    all.extend(codecs_of::<Bytes>(Case::Bytes)?);
    Ok(all)
}

fn codecs_of<T: Decode + Encode + Send + 'static>(case: Case) -> Result<[Codec; 2]> {
    let document = case.response();
    let value = decode::<T>(document.as_bytes())?;
    Ok([
        Codec::new("farcall", Work::Decode, case, move || decode::<T>(document.as_bytes()).map(drop)),
        // the value without the 100 octets around it
        Codec::new("farcall", Work::Encode, case, move || {
            let mut out = XmlRpcEncoder::fragment(Options::default());
            value.encode(&mut out)?;
            std::hint::black_box(out.into_bytes());
            Ok(())
        }),
    ])
}

fn decode<T: Decode + Encode + Send>(document: &[u8]) -> Result<T> {
    let text = message::text(document, None)?;
    let operation = Operation::new("echo");
    let echo = Typed::<(), Result<T, Fault>>::new(&operation, ());
    Ok(message::decode_response(&text, &echo, &Limits::default(), Options::default())???)
}
