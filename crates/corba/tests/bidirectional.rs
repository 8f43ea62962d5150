//! Calls back to clients: over connections of their own, and over the client's
//! (bidirectional GIOP).

mod common;

use std::sync::Arc;
use std::time::Duration;

use farcall_corba::giop::{Framer, Kind, ReplyStatus, Request};
use farcall_corba::{Cdr, Client, Connections, CorbaServer, Ior, Published};
use farcall_macros::service;
use farcall_net::Address;
use farcall_wire::adapter::Adapter;
use farcall_wire::{Completion, Context, Fault, FaultKind, Handler, Limits, Ref};
use tokio::io::AsyncWriteExt as _;

use common::{exchange, facade as farcall, reply, serve};

#[service(crate = "crate::farcall", name = "Listener", scope = "test", id = "IDL:test/Listener:1.0")]
trait Listener {
    async fn heard(&self, what: String, ms: u64) -> Result<u32, Fault>;
}

#[service(crate = "crate::farcall", name = "Hub", scope = "test", id = "IDL:test/Hub:1.0")]
trait Hub {
    /// Calls the listener, and says what it said.
    async fn tell(&self, listener: Ref<ListenerClient>, what: String, ms: u64) -> Result<u32, Fault>;
}

struct Ear;

impl Listener for Ear {
    async fn heard(&self, what: String, ms: u64) -> Result<u32, Fault> {
        if ms > 0 {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
        Ok(what.len() as u32)
    }
}

struct Mouth(Connections);

impl Hub for Mouth {
    async fn tell(&self, listener: Ref<ListenerClient>, what: String, ms: u64) -> Result<u32, Fault> {
        let client = Client::builder(&listener.object().addresses[0]).connections(self.0.clone()).build()?;
        let context = Context::new().with_timeout(Duration::from_secs(3));
        ListenerClient::new(client).with_context(context).heard(what, ms).await
    }
}

/// A hub on a port, and the URL of it.
async fn hub(accepts: bool) -> String {
    let connections = Connections::new();
    let mut corba = CorbaServer::new().with_service("hub", HubService::new(Mouth(connections.clone())));
    if accepts {
        corba = corba.with_bidirectional(&connections);
    }
    format!("corbaloc::{}/hub", serve(corba).await)
}

/// A listener as an object, and the server that has it.
fn ear() -> (CorbaServer, Vec<u8>) {
    let objects: Adapter<Arc<dyn Handler<Cdr>>> = Adapter::new("ears");
    let id = objects.activate_object(Arc::new(ListenerService::new(Ear))).unwrap();
    let key = objects.key(&id);
    (CorbaServer::new().with_adapter(objects), key)
}

fn listener(published: &Published, key: &[u8]) -> Ref<ListenerClient> {
    Ref::new(published.reference("IDL:test/Listener:1.0", key.to_vec()).to_string())
}

#[tokio::test]
async fn a_client_that_listens_is_called_back() {
    let (server, key) = ear();
    let published = Published::new([serve(server).await]).unwrap();
    let hub = HubClient::new(Client::connect(&hub(false).await).unwrap());
    assert_eq!(hub.tell(listener(&published, &key), "hello".into(), 0).await.unwrap(), 5);
}

#[tokio::test]
async fn a_client_that_does_not_listen_is_called_back_over_its_own_connection() {
    let (server, key) = ear();
    let published = Published::new([Address::tcp("nobody-listens-here.invalid", 1)]).unwrap();
    let url = hub(true).await;
    let connections = Connections::new().serving(&server, &published);
    let client = || Client::builder(&url).connections(connections.clone()).build().unwrap();
    let hub = Arc::new(HubClient::new(client()));
    assert_eq!(hub.tell(listener(&published, &key), "hello".into(), 0).await.unwrap(), 5);
    // many at once, small and large, in both directions
    let calls = (0..50_u32).map(|n| {
        let (hub, listener) = (Arc::clone(&hub), listener(&published, &key));
        tokio::spawn(
            async move { hub.tell(listener, "x".repeat(n as usize * 20_000), u64::from(n % 3)).await },
        )
    });
    for (n, call) in (0..).zip(calls.collect::<Vec<_>>()) {
        assert_eq!(call.await.unwrap().unwrap(), n * 20_000);
    }
    // a callback that takes too long is given up, and the connection goes on
    let late = hub.tell(listener(&published, &key), String::new(), 5_000).await.unwrap_err();
    assert_eq!(late.kind(), FaultKind::Deadline, "{late}");
    let nobody = hub.tell(listener(&published, b"ears/1"), String::new(), 0).await.unwrap_err();
    assert_eq!(nobody.kind(), FaultKind::UnknownObject, "{nobody}");
    assert_eq!(hub.tell(listener(&published, &key), "still".into(), 0).await.unwrap(), 5);
}

#[tokio::test]
async fn nothing_is_called_back_that_was_not_offered_and_accepted() {
    let (server, key) = ear();
    let published = Published::new([Address::tcp("nobody-listens-here.invalid", 1)]).unwrap();
    let elsewhere = Published::new([Address::tcp("nor-here.invalid", 1)]).unwrap();
    for (accepts, offers, to) in
        [(false, true, &published), (true, false, &published), (true, true, &elsewhere)]
    {
        let url = hub(accepts).await;
        let plain = Connections::new();
        let connections = if offers { plain.serving(&server, &published) } else { plain };
        let hub = HubClient::new(Client::builder(&url).connections(connections).build().unwrap());
        let fault = hub.tell(listener(to, &key), "x".into(), 0).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Transport, "{fault}");
    }
}

#[tokio::test]
async fn callbacks_end_with_the_connection() {
    let (_, key) = ear();
    let published = Published::new([Address::tcp("nobody-listens-here.invalid", 1)]).unwrap();
    let connections = Connections::new();
    let corba = CorbaServer::new()
        .with_service("hub", HubService::new(Mouth(connections.clone())))
        .with_bidirectional(&connections);
    let address = serve(corba).await;
    // a client by hand, which offers, is called, and goes away without an answer
    let mut stream = tokio::net::TcpStream::connect(address.to_string()).await.unwrap();
    let ior: Ior = listener(&published, &key).object().addresses[0].parse().unwrap();
    let client = Client::builder(&format!("corbaloc::{address}/hub"))
        .connections(Connections::new().serving(&CorbaServer::new(), &published))
        .build()
        .unwrap();
    let interface = <HubClient<Client> as farcall_wire::Remote>::interface();
    let reference = Ref::<ListenerClient>::new(ior.to_string());
    let call = farcall_wire::Typed::<_, Result<u32, Fault>>::new(
        &interface.operations[0],
        (reference, "x".to_owned(), 0_u64),
    );
    let octets = client.request(&call).unwrap();
    let message = exchange(&mut stream, &mut Framer::new(&Limits::default()), &octets).await;
    let (request, _) = Request::read(&message).unwrap();
    assert_eq!((message.kind, request.operation, request.id % 2), (Kind::Request, "heard", 1));
    let fault = tokio::spawn({
        let url = ior.to_string();
        async move {
            let client = Client::builder(&url).connections(connections).build().unwrap();
            ListenerClient::new(client).heard(String::new(), 0).await.unwrap_err()
        }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    // one reply comes; then the connection ends
    stream.write_all(&reply(&message, ReplyStatus::NoException, |_| {})).await.unwrap();
    drop(stream);
    let fault = fault.await.unwrap();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Transport, Completion::Maybe), "{fault}");
}
