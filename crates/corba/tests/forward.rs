//! Objects that are elsewhere: calls and questions that are sent on.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use farcall_corba::giop::{self, Framer, LocateReply, LocateRequest, LocateStatus, Target};
use farcall_corba::{ByteOrder, Cdr, Client, CodeSets, CorbaServer, Forward, Ior, Version};
use farcall_macros::service;
use farcall_model::ObjectRef;
use farcall_wire::adapter::{Adapter, AdapterOptions, Locator};
use farcall_wire::{BoxFuture, Decode, Fault, FaultKind, Handler, Limits};
use tokio::net::TcpStream;

use common::{exchange, facade as farcall, serve_at};

#[service(crate = "crate::farcall", name = "Clerk", scope = "test")]
trait Clerk {
    async fn number(&self) -> Result<u32, Fault>;
}

/// Says its number, or that another one is to be asked.
struct One(u32, Option<Forward>, Arc<AtomicU32>);

impl Clerk for One {
    async fn number(&self) -> Result<u32, Fault> {
        self.2.fetch_add(1, Ordering::SeqCst);
        self.1.clone().map_or(Ok(self.0), |forward| Err(forward.into()))
    }
}

type Servant = Arc<dyn Handler<Cdr>>;

/// Finds nothing here but what is elsewhere.
struct Elsewhere(Forward);

impl Locator<Servant> for Elsewhere {
    fn incarnate<'a>(&'a self, id: &'a [u8]) -> BoxFuture<'a, Result<Option<Servant>, Fault>> {
        Box::pin(async move { if id == b"moved" { Err(self.0.clone().into()) } else { Ok(None) } })
    }
}

fn clerk(version: &str, port: u16, key: &str) -> ClerkClient<Client> {
    ClerkClient::new(Client::connect(&format!("corbaloc:iiop:{version}@127.0.0.1:{port}/{key}")).unwrap())
}

/// Calls that came to the place that sends them on, and a server with an object that does in each way.
async fn servers(permanent: bool) -> (Arc<AtomicU32>, u16, u16) {
    let home = CorbaServer::new().with_service("clerk", ClerkService::new(One(7, None, Arc::default())));
    let home = serve_at(home).await;
    let there: Ior = format!("corbaloc::127.0.0.1:{home}/clerk").parse().unwrap();
    let forward = Forward::to(there);
    let forward = if permanent { forward.permanently() } else { forward };
    let objects: Adapter<Servant> = Adapter::with_options("clerks", AdapterOptions::default().persistent());
    objects.set_locator(Elsewhere(forward.clone()));
    let asked = Arc::new(AtomicU32::new(0));
    let servant = One(0, Some(forward.clone()), Arc::clone(&asked));
    let desk = CorbaServer::new()
        .with_service("clerk", ClerkService::new(servant))
        .with_forward("table", forward)
        .with_forward("nowhere", Forward::to(Ior::default()))
        .with_adapter(objects);
    (asked, serve_at(desk).await, home)
}

#[tokio::test]
async fn calls_are_sent_on_in_every_way_and_version() {
    for permanent in [false, true] {
        let (_, desk, _) = servers(permanent).await;
        for version in ["1.0", "1.1", "1.2"] {
            for key in ["clerk", "table", "clerks/moved"] {
                let clerk = clerk(version, desk, key);
                assert_eq!(clerk.number().await.unwrap(), 7, "{key} in {version}");
                assert_eq!(clerk.number().await.unwrap(), 7, "{key} in {version}, again");
            }
            for key in ["clerks/other", "nowhere"] {
                let fault = clerk(version, desk, key).number().await.unwrap_err();
                assert_eq!(fault.kind(), FaultKind::UnknownObject, "{fault}");
            }
        }
    }
}

#[tokio::test]
async fn existence_is_asked_where_the_object_is() {
    let (_, desk, home) = servers(false).await;
    let of = |key: &str| Client::connect(&format!("corbaloc::127.0.0.1:{desk}/{key}")).unwrap();
    for key in ["table", "clerks/moved"] {
        assert!(!of(key).non_existent().await.unwrap(), "{key}");
        assert!(of(key).is_a("IDL:test/Clerk:1.0").await.unwrap(), "{key}");
    }
    assert!(of("clerks/other").non_existent().await.unwrap());
    let object =
        ObjectRef::new("IDL:test/Clerk:1.0").with_address(format!("corbaloc::127.0.0.1:{home}/clerk"));
    assert_eq!(Forward::to_object(&object).unwrap().ior().type_id, "IDL:test/Clerk:1.0");
}

#[tokio::test]
async fn a_call_that_was_sent_on_stays_there() {
    let (asked, desk, _) = servers(false).await;
    let clerk = clerk("1.2", desk, "clerk");
    for _ in 0..3 {
        assert_eq!(clerk.number().await.unwrap(), 7);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

async fn locate(port: u16, key: &str, version: Version) -> (LocateStatus, Option<Ior>) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let target = Target::Key(Bytes::copy_from_slice(key.as_bytes()));
    let request = LocateRequest { id: 6, target }.encode(version, ByteOrder::Big).unwrap();
    let octets = giop::finish(request).unwrap();
    let message = exchange(&mut stream, &mut Framer::new(&Limits::default()), &octets).await;
    let (reply, at) = LocateReply::read(&message).unwrap();
    assert_eq!(reply.id, 6);
    let mut from = message.decoder(at, CodeSets::DEFAULT, &Limits::default());
    let is_forward = matches!(reply.status, LocateStatus::ObjectForward | LocateStatus::ObjectForwardPerm);
    let mut ior = || ObjectRef::decode(&mut from).unwrap().addresses[0].parse().unwrap();
    (reply.status, is_forward.then(&mut ior))
}

#[tokio::test]
async fn whoever_asks_is_told_where() {
    let (asked, desk, home) = servers(true).await;
    let there: Ior = format!("corbaloc::127.0.0.1:{home}/clerk").parse().unwrap();
    for version in [Version::V1_0, Version::V1_1, Version::V1_2] {
        let forward = match version {
            Version::V1_2 => LocateStatus::ObjectForwardPerm,
            _ => LocateStatus::ObjectForward,
        };
        for key in ["table", "clerks/moved"] {
            assert_eq!(locate(desk, key, version).await, (forward, Some(there.clone())), "{key}");
        }
        // only its operation knows, which a question does not run
        assert_eq!(locate(desk, "clerk", version).await, (LocateStatus::ObjectHere, None));
        for key in ["nowhere", "clerks/other", "nobody"] {
            assert_eq!(locate(desk, key, version).await, (LocateStatus::UnknownObject, None), "{key}");
        }
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
