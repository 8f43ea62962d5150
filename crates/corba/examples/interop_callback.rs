//! Calls back and forth with a foreign peer, whose reference is in `$WORK/peer.ior`
//! (`interop/corba-omniorb-callback`); reports in the Test Anything Protocol. With `serve PORT` a server
//! for foreign callers, of a listener and of objects that are elsewhere.
//!
//! `NO_UNIX=1`: the peer has no unix sockets.

use std::sync::Arc;
use std::time::Duration;

use farcall_corba::{Cdr, Client, Connections, CorbaServer, Forward, Ior, Published};
use farcall_macros::service;
use farcall_net::{Address, Connector, Server};
use farcall_wire::adapter::Adapter;
use farcall_wire::{Context, Fault, Handler, Ref};

#[path = "../tests/common/facade.rs"]
mod farcall;

#[service(crate = "crate::farcall", name = "Listener", scope = "test", id = "IDL:test/Listener:1.0")]
trait Listener {
    async fn heard(&self, what: String) -> Result<i32, Fault>;
}

#[service(crate = "crate::farcall", name = "Hub", scope = "test", id = "IDL:test/Hub:1.0")]
trait Hub {
    async fn tell(&self, whom: Ref<ListenerClient>, what: String) -> Result<i32, Fault>;
}

#[service(crate = "crate::farcall", name = "Peer", scope = "test", id = "IDL:test/Peer:1.0")]
trait Peer {
    async fn tell(&self, whom: Ref<ListenerClient>, what: String) -> Result<i32, Fault>;
    async fn visit(&self, there: Ref<HubClient>, what: String) -> Result<i32, Fault>;
}

struct Ear;

impl Listener for Ear {
    async fn heard(&self, what: String) -> Result<i32, Fault> {
        Ok(what.len() as i32)
    }
}

/// Says where to call instead.
struct Elsewhere(Forward);

impl Listener for Elsewhere {
    async fn heard(&self, _what: String) -> Result<i32, Fault> {
        Err(self.0.clone().into())
    }
}

/// Calls listeners over these connections.
struct Mouth(Connections);

impl Hub for Mouth {
    async fn tell(&self, whom: Ref<ListenerClient>, what: String) -> Result<i32, Fault> {
        let url = whom.object().addresses.first().cloned().unwrap_or_default();
        let client = Client::builder(&url).connections(self.0.clone()).build()?;
        ListenerClient::new(client).heard(what).await
    }
}

type Objects = Adapter<Arc<dyn Handler<Cdr>>>;

/// A listener and a hub, the keys of both, and a server that has them.
fn objects(callers: &Connections) -> Result<(CorbaServer, Vec<u8>, Vec<u8>), Fault> {
    let objects = Objects::new("callbacks");
    let ear = objects.activate_object(Arc::new(ListenerService::new(Ear)))?;
    let hub = objects.activate_object(Arc::new(HubService::new(Mouth(callers.clone()))))?;
    let (ear, hub) = (objects.key(&ear), objects.key(&hub));
    Ok((CorbaServer::new().with_adapter(objects), ear, hub))
}

async fn listen(server: CorbaServer, at: Address) -> Result<Published, Box<dyn std::error::Error>> {
    let server = Server::builder().listen(at).acceptor(server).bind().await?;
    let published = Published::new(server.addresses().to_vec()).ok_or("no address")?;
    tokio::spawn(server.run(std::future::pending()));
    Ok(published)
}

fn reference<T>(published: &Published, id: &str, key: &[u8]) -> Ref<T> {
    let ior = published.reference(id, key.to_vec()).to_string();
    Ref::from(farcall_model::ObjectRef::new(id).with_address(ior))
}

fn report(count: &mut usize, name: &str, got: Result<i32, Fault>, wanted: i32) {
    *count += 1;
    let good = got.as_ref().is_ok_and(|got| *got == wanted);
    println!("{} {count} - {name}", if good { "ok" } else { "not ok" });
    if !good {
        println!("# {got:?}");
    }
}

/// Serves a listener, and keys that lead to it.
async fn serve(port: u16) -> Result<(), Box<dyn std::error::Error>> {
    let at = Address::tcp("127.0.0.1", port);
    let published = Published::new([at.clone()]).ok_or("no address")?;
    let to = |key: &str| Forward::to(published.reference("IDL:test/Listener:1.0", key.to_owned()));
    let server = CorbaServer::new()
        .with_service("listener", ListenerService::new(Ear))
        .with_service("object", ListenerService::new(Elsewhere(to("listener"))))
        .with_forward("moved", to("listener"))
        .with_forward("moved-twice", to("moved"))
        .with_forward("moved-for-good", to("listener").permanently())
        .with_forward("moved-nowhere", Forward::to(Ior::default()));
    listen(server, at).await?;
    std::future::pending().await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    if let [_, mode, port] = &std::env::args().collect::<Vec<_>>()[..]
        && mode == "serve"
    {
        return serve(port.parse()?).await;
    }
    call().await
}

async fn call() -> Result<(), Box<dyn std::error::Error>> {
    let peer = std::fs::read_to_string(std::path::Path::new(&std::env::var("WORK")?).join("peer.ior"))?;
    let context = Context::new().with_timeout(Duration::from_secs(10));
    let large = "x".repeat(300_000);
    let mut count = 0;

    let callers = Connections::new();
    let (server, ear, hub) = objects(&callers)?;
    let published = listen(server, "127.0.0.1:0".parse()?).await?;
    let listener: Ref<ListenerClient> = reference(&published, "IDL:test/Listener:1.0", &ear);
    let there: Ref<HubClient> = reference(&published, "IDL:test/Hub:1.0", &hub);
    let client = PeerClient::new(Client::connect(&peer)?).with_context(context.clone());
    report(&mut count, "called back at our own port", client.tell(listener, "hello".into()).await, 5);
    report(&mut count, "calls back to the peer's port", client.visit(there, "hello".into()).await, 5);

    if std::env::var_os("NO_UNIX").is_none() {
        let socket = std::path::Path::new(&std::env::var("WORK")?).join("ours.sock");
        let (server, ear, hub) = objects(&callers)?;
        let published = listen(server, Address::unix(socket)).await?;
        let listener: Ref<ListenerClient> = reference(&published, "IDL:test/Listener:1.0", &ear);
        let there: Ref<HubClient> = reference(&published, "IDL:test/Hub:1.0", &hub);
        report(&mut count, "called back at our unix socket", client.tell(listener, "hello".into()).await, 5);
        report(&mut count, "visits us at our unix socket", client.visit(there, "hello".into()).await, 5);
    }

    // nobody can connect to this address, so that calls come over the connection or not at all
    let (server, ear, _) = objects(&callers)?;
    let nowhere = Published::new([Address::tcp("nobody-listens-here.invalid", 1)]).ok_or("no address")?;
    let listener: Ref<ListenerClient> = reference(&nowhere, "IDL:test/Listener:1.0", &ear);
    let connections = Connections::new().serving(&server, &nowhere);
    let client = Client::builder(&peer).connections(connections).build()?;
    let client = PeerClient::new(client).with_context(context.clone());
    for what in ["hello", &large, ""] {
        let said = client.tell(listener.clone(), what.into()).await;
        report(&mut count, "called back over our connection", said, what.len() as i32);
    }

    // and from here nobody is connected to
    let callers = Connections::with(Connector::new().with_timeout(Duration::ZERO), Duration::from_secs(60));
    let (server, _, hub) = objects(&callers)?;
    let published = listen(server.with_bidirectional(&callers), "127.0.0.1:0".parse()?).await?;
    let there: Ref<HubClient> = reference(&published, "IDL:test/Hub:1.0", &hub);
    let client = PeerClient::new(Client::connect(&peer)?).with_context(context);
    for what in ["hello", &large, ""] {
        let said = client.visit(there.clone(), what.into()).await;
        report(&mut count, "calls back over the peer's connection", said, what.len() as i32);
    }
    println!("1..{count}");
    Ok(())
}
