//! farcall: its server, its callers, and its CDR, through the same typed interface.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
use farcall::corba::Client;
use farcall::corba::cdr::{ByteOrder, CdrDecoder, CdrEncoder, CodeSets, Version};
use farcall::wire::{Decode, Encode};
use farcall::{Fault, Limits, Server, Wire, service};

use super::cases::{self, Case};
use crate::caller::{Call, measure};
use crate::sample::Arguments;
use crate::subjects::announce;

/// Ten members of fixed size.
#[derive(Clone, Copy, Debug, PartialEq, Wire)]
#[wire(scope = "bench")]
pub(crate) struct Item {
    active: bool,
    grade: u8,
    aisle: i16,
    shelf: u16,
    id: i32,
    quantity: u32,
    created: i64,
    serial: u64,
    weight: f32,
    price: f64,
}

impl Item {
    pub(crate) fn numbered(i: u32) -> Self {
        Self {
            active: i.is_multiple_of(3),
            grade: (i % 7) as u8,
            aisle: (i % 40) as i16 - 20,
            shelf: (i % 250) as u16,
            id: 100_000 + i as i32,
            quantity: i * 37 % 5000,
            created: 1_700_000_000_000 + i64::from(i),
            serial: 0xfeed_0000_0000_0000 + u64::from(i),
            weight: (i % 50) as f32 + 0.25,
            price: f64::from(i % 900) + 0.125,
        }
    }
}

/// Ten members, three of them texts.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "bench")]
pub(crate) struct Record {
    id: i32,
    name: String,
    sku: String,
    description: String,
    active: bool,
    aisle: i16,
    quantity: i32,
    created: i64,
    weight: f64,
    price: f64,
}

impl Record {
    pub(crate) fn numbered(i: u32) -> Self {
        let description = "Zinc-plated steel, property class 8.8, threaded to the head; for loads of up to";
        Self {
            id: 100_000 + i as i32,
            name: format!("Hex bolt M{} and washer, grade {}", i % 30 + 2, i % 7 + 4),
            sku: format!("HB-{:06}-{i:04X}", i * 7919 % 1_000_000),
            description: format!("{description} {} N.", 1000 + i % 9000),
            active: i.is_multiple_of(3),
            aisle: (i % 40) as i16,
            quantity: (i * 37 % 5000) as i32 - 100,
            created: 1_700_000_000_000 + i64::from(i),
            weight: f64::from(i % 50) + 0.25,
            price: f64::from(i % 900) + 0.125,
        }
    }
}

/// Every call gives back what it got.
#[service(scope = "bench")]
trait Echo {
    async fn ping(&self) -> Result<(), Fault>;
    async fn echo_long(&self, value: i32) -> Result<i32, Fault>;
    async fn echo_string(&self, value: String) -> Result<String, Fault>;
    async fn echo_octets(&self, value: Bytes) -> Result<Bytes, Fault>;
    async fn echo_doubles(&self, value: Vec<f64>) -> Result<Vec<f64>, Fault>;
    async fn echo_items(&self, value: Vec<Item>) -> Result<Vec<Item>, Fault>;
    async fn echo_records(&self, value: Vec<Record>) -> Result<Vec<Record>, Fault>;
}

struct Same;

impl Echo for Same {
    async fn ping(&self) -> Result<(), Fault> {
        Ok(())
    }

    async fn echo_long(&self, value: i32) -> Result<i32, Fault> {
        Ok(value)
    }

    async fn echo_string(&self, value: String) -> Result<String, Fault> {
        Ok(value)
    }

    async fn echo_octets(&self, value: Bytes) -> Result<Bytes, Fault> {
        Ok(value)
    }

    async fn echo_doubles(&self, value: Vec<f64>) -> Result<Vec<f64>, Fault> {
        Ok(value)
    }

    async fn echo_items(&self, value: Vec<Item>) -> Result<Vec<Item>, Fault> {
        Ok(value)
    }

    async fn echo_records(&self, value: Vec<Record>) -> Result<Vec<Record>, Fault> {
        Ok(value)
    }
}

/// Serves the object `bench`, at the default limits, until the process ends.
pub(crate) async fn serve() -> Result<()> {
    let server = Server::new().service("bench", EchoService::new(Same));
    let running = server.start("127.0.0.1:0".parse()?).await?;
    announce(&running.address())?;
    std::future::pending().await
}

/// Calls one reference from as many tasks as there are callers, and prints what was measured.
pub(crate) async fn call(arguments: Arguments<Case>) -> Result<()> {
    let echo = Arc::new(EchoClient::new(Client::connect(&arguments.target)?));
    let sample = match arguments.case {
        Case::Ping => measure(&arguments, |_| Ok(Ping(Arc::clone(&echo)))).await,
        Case::Long => measure(&arguments, |_| Ok(Long(Arc::clone(&echo), 1789))).await,
        Case::String => measure(&arguments, |_| Ok(Text(Arc::clone(&echo), cases::text()))).await,
        Case::Octets(kib) => {
            measure(&arguments, |_| Ok(Octets(Arc::clone(&echo), cases::octets(kib << 10)))).await
        }
        Case::Doubles(kib) => {
            measure(&arguments, |_| Ok(Doubles(Arc::clone(&echo), cases::doubles(kib << 7)))).await
        }
        Case::Items => measure(&arguments, |_| Ok(Items(Arc::clone(&echo), cases::items()))).await,
        Case::Records => measure(&arguments, |_| Ok(Records(Arc::clone(&echo), cases::records()))).await,
    }?;
    sample.print()
}

type Client_ = Arc<EchoClient<Client>>;

struct Ping(Client_);

impl Call for Ping {
    async fn once(&mut self) -> Result<()> {
        Ok(self.0.ping().await?)
    }

    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// A caller sends the value that came back from its last call: no call copies what it sends, and
/// whatever a call changed is there at the end.
macro_rules! callers {
    ($($name:ident $value:ty, $operation:ident, $first:expr;)*) => {$(
        struct $name(Client_, $value);

        impl Call for $name {
            async fn once(&mut self) -> Result<()> {
                self.1 = self.0.$operation(std::mem::take(&mut self.1)).await?;
                Ok(())
            }

            fn check(&self) -> Result<()> {
                let first: fn(&$value) -> $value = $first;
                ensure!(self.1 == first(&self.1), "a reply is not the echo of the call");
                Ok(())
            }
        }
    )*};
}

callers! {
    Long i32, echo_long, |_| 1789;
    Text String, echo_string, |_| cases::text();
    Octets Bytes, echo_octets, |last| cases::octets(last.len());
    Doubles Vec<f64>, echo_doubles, |last| cases::doubles(last.len());
    Items Vec<Item>, echo_items, |_| cases::items();
    Records Vec<Record>, echo_records, |_| cases::records();
}

/// The fastest marshal and unmarshal of one value within that time, into a buffer that is used again.
pub(crate) fn codec(case: Case, time: Duration) -> Result<(Duration, Duration)> {
    match case {
        Case::Octets(kib) => fastest(&cases::octets(kib << 10), time),
        Case::Doubles(kib) => fastest(&cases::doubles(kib << 7), time),
        Case::Items => fastest(&cases::items(), time),
        _ => fastest(&cases::records(), time),
    }
}

fn fastest<T: Encode + Decode + PartialEq>(value: &T, time: Duration) -> Result<(Duration, Duration)> {
    let (order, version, sets) = (ByteOrder::NATIVE, Version::V1_2, CodeSets::PREFERRED);
    let (mut marshal, mut unmarshal) = (Duration::MAX, Duration::MAX);
    let limits = Limits::default();
    let (start, mut buffer) = (Instant::now(), Vec::new());
    while start.elapsed() < time {
        let pass = Instant::now();
        buffer.clear();
        let mut out = CdrEncoder::new(buffer, order, version, sets);
        value.encode(&mut out)?;
        let octets = out.into_bytes();
        marshal = marshal.min(pass.elapsed());
        let octets = Bytes::from(octets);
        let pass = Instant::now();
        let mut from = CdrDecoder::new(&octets, 0, order, version, sets, &limits);
        drop(std::hint::black_box(T::decode(&mut from)?));
        unmarshal = unmarshal.min(pass.elapsed());
        buffer = octets.into();
    }
    let octets = Bytes::from(buffer);
    let read = T::decode(&mut CdrDecoder::new(&octets, 0, order, version, sets, &limits))?;
    ensure!(read == *value, "what was read is not what was written");
    Ok((marshal, unmarshal))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signatures of an interface and the members of its types, without what IDL spells freely.
    fn bones(idl: &str) -> Vec<String> {
        let compiled = farcall_idl::compile("bench.idl", idl, &Default::default(), &farcall_idl::Disk);
        let model = farcall_idl::lower(compiled.specification().unwrap()).unwrap();
        let echo = model.interfaces.iter().find(|interface| interface.name == "Echo").unwrap();
        let id = farcall::corba::repository::of_interface(echo).into_owned();
        let operations = echo.operations.iter().map(|operation| format!("{operation:?}"));
        std::iter::once(id).chain(operations).collect()
    }

    #[test]
    fn the_peers_idl_says_the_same() {
        let service = EchoService::new(Same);
        let ours = farcall_idl::emit([farcall::wire::Service::interface(&service)]).unwrap();
        let theirs = include_str!("../../peers/omniorb/bench.idl");
        assert_eq!(bones(&ours), bones(theirs));
    }
}
