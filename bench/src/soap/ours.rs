//! farcall: its server, its callers, and its codec, through the same typed interface.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use farcall::net::ServerLimits;
use farcall::soap::{Client, ClientOptions, namespace_of};
use farcall::wire::{Channel as _, Dynamic, Remote, Service};
use farcall::{Context, DateTime, Fault, Limits, Server, Value, Wire, service};
use farcall_wsdl::{EmitOptions, emit};

use super::cases::{self, Case};
use crate::caller::{Call, measure};
use crate::sample::Arguments;
use crate::subjects::announce;

/// Twelve members.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "urn:farcall:bench")]
pub(crate) struct Item {
    active: bool,
    id: i32,
    quantity: i32,
    serial: i64,
    created: DateTime,
    weight: f64,
    price: f64,
    ratio: f64,
    name: String,
    sku: String,
    aisle: String,
    description: String,
}

impl Item {
    pub(crate) fn numbered(i: u32) -> Result<Self> {
        // from 12:34:56 on, a second each
        let second = 12 * 3600 + 34 * 60 + 56 + i;
        let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        Ok(Self {
            active: i.is_multiple_of(3),
            id: 100_000 + i as i32,
            quantity: (i * 37 % 5000) as i32 - 100,
            serial: 0x0fed_0000_0000_0000 + i64::from(i),
            created: format!("2024-02-01T{clock}Z").parse()?,
            weight: f64::from(i % 50) + 0.25,
            price: f64::from(i % 900) + 0.125,
            ratio: f64::from(i) / 8.0,
            name: format!("Hex bolt M{} & washer, grade {}", i % 30 + 2, i % 7 + 4),
            sku: format!("HB-{:06}-{i:04X}", i * 7919 % 1_000_000),
            aisle: format!("A{}", i % 40),
            description: format!(
                "Zinc-plated steel for up to {} N at 20 °C; tolerance < {} µm, in boxes of {}.",
                1000 + i % 9000,
                i % 90 + 10,
                i % 20 * 10 + 50
            ),
        })
    }
}

/// The element of a reply to `items`.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "urn:farcall:bench")]
pub(crate) struct ItemsReply {
    #[wire(name = "return")]
    pub(crate) items: Vec<Item>,
}

/// Every call gives back what it got.
#[service(scope = "urn:farcall:bench")]
trait Bench {
    async fn text(&self, value: String) -> Result<String, Fault>;
    async fn item(&self, value: Item) -> Result<Item, Fault>;
    async fn items(&self, value: Vec<Item>) -> Result<Vec<Item>, Fault>;
    async fn octets(&self, value: Bytes) -> Result<Bytes, Fault>;
}

struct Same;

impl Bench for Same {
    async fn text(&self, value: String) -> Result<String, Fault> {
        Ok(value)
    }

    async fn item(&self, value: Item) -> Result<Item, Fault> {
        Ok(value)
    }

    async fn items(&self, value: Vec<Item>) -> Result<Vec<Item>, Fault> {
        Ok(value)
    }

    async fn octets(&self, value: Bytes) -> Result<Bytes, Fault> {
        Ok(value)
    }
}

/// The namespace of the interface.
pub(crate) fn namespace() -> String {
    namespace_of(BenchService::new(Same).interface())
}

/// The WSDL from which the peer's programs are generated.
pub(crate) fn wsdl() -> Result<String> {
    let service = BenchService::new(Same);
    Ok(emit(service.interface(), &EmitOptions::new(namespace(), "Bench", "http://127.0.0.1/bench"))?)
}

/// Serves `/bench`, until the process ends; a message may be larger than by default, for MTOM.
pub(crate) async fn serve() -> Result<()> {
    let limits = ServerLimits::default().with_call(limits());
    let server = Server::new().limits(limits).service("bench", BenchService::new(Same));
    let running = server.start("127.0.0.1:0".parse()?).await?;
    announce(&running.address())?;
    std::future::pending().await
}

/// Calls from as many tasks as there are callers, which share a client and its connections, and
/// prints what was measured.
pub(crate) async fn call(arguments: Arguments<Case>) -> Result<()> {
    let client = Client::connect(&format!("soap+{}", arguments.target), BenchClient::<Client>::interface())?;
    let bench = Arc::new(BenchClient::new(client));
    let sample = match arguments.case {
        Case::String => measure(&arguments, |_| Ok(Text(Arc::clone(&bench), cases::text()))).await,
        Case::Struct => measure(&arguments, |_| Ok(One(Arc::clone(&bench), Item::numbered(1)?))).await,
        Case::Structs => measure(&arguments, |_| Ok(Many(Arc::clone(&bench), cases::items()?))).await,
        Case::Bytes => measure(&arguments, |_| Ok(Octets(Arc::clone(&bench), cases::octets(1 << 20)))).await,
    }?;
    sample.print()
}

type Shared = Arc<BenchClient<Client>>;

/// A caller sends the value that came back from its last call: no call copies what it sends, and
/// whatever a call changed is there at the end.
macro_rules! callers {
    ($($name:ident $value:ty, $operation:ident, $last:ident => $taken:expr, $first:expr;)*) => {$(
        struct $name(Shared, $value);

        impl Call for $name {
            async fn once(&mut self) -> Result<()> {
                let $last = &mut self.1;
                let taken = $taken;
                self.1 = self.0.$operation(taken).await?;
                Ok(())
            }

            fn check(&self) -> Result<()> {
                ensure!(self.1 == $first, "a reply is not the echo of the call");
                Ok(())
            }
        }
    )*};
}

callers! {
    Text String, text, last => std::mem::take(last), cases::text();
    One Item, item, last => last.clone(), Item::numbered(1)?;
    Many Vec<Item>, items, last => std::mem::take(last), cases::items()?;
    Octets Bytes, octets, last => std::mem::take(last), cases::octets(1 << 20);
}

/// Room for [`mtom`]'s message.
fn limits() -> Limits {
    Limits::default().with_message_size(256 << 20)
}

/// Echoes so many octets once by MTOM.
pub(crate) async fn mtom(target: &str, count: usize) -> Result<()> {
    let interface = BenchClient::<Client>::interface();
    let client = Client::builder(&format!("soap+{target}"), interface)
        .options(ClientOptions::default().with_mtom(1024))
        .build()?;
    let operation = interface.operation("octets").context("the interface has no octets")?;
    let sent = cases::octets(count);
    let value = [Value::Bytes(sent.clone())];
    let cx = Context::new().with_limits(Arc::new(limits()));
    let back = client.call(&cx, &Dynamic::new(operation, &value)).await?;
    ensure!(back == Value::Bytes(sent), "the reply is not the echo of the call");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wsdl_has_what_the_peers_programs_call() {
        let wsdl = wsdl().unwrap();
        for operation in ["text", "item", "items", "octets"] {
            assert!(wsdl.contains(&format!("<wsdl:operation name=\"{operation}\">")), "{wsdl}");
        }
        assert_eq!(wsdl.matches("<xsd:element name=\"").count() - 2 * 4 * 2, 12, "{wsdl}");
    }
}
