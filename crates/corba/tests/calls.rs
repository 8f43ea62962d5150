//! Calls over loopback, client to server; and a server against octets by hand.

mod common;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use farcall_corba::giop::{self, Framer, Kind, Reply, ReplyStatus, Request, ServiceContexts, Target};
use farcall_corba::interceptor::{ClientInterceptor, ServerInterceptor};
use farcall_corba::{Client, ClientOptions, CodeSets, CorbaServer, Ior, ServerOptions, Version};
use farcall_macros::{Exception, service};
use farcall_model::Operation;
use farcall_net::{Address, Server};
use farcall_wire::{
    Call, CallError, Channel, Completion, Context, Decoder, Dynamic, Encoder, Fault, FaultKind, Limits,
    Service, Wire,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use common::{exchange, facade as farcall, port, reply, serve, serve_at, serve_with};

/// There is none left.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall", code = 7, scope = "farcall", message = "{count} are too many")]
struct Empty {
    count: i32,
}

#[service(crate = "crate::farcall", name = "Shop", scope = "farcall")]
trait Shop {
    async fn ping(&self) -> Result<(), Fault>;
    async fn greet(&self, name: String) -> Result<String, Fault>;
    async fn octets(&self, x: bytes::Bytes) -> Result<bytes::Bytes, Fault>;
    async fn buy(&self, count: i32) -> Result<i32, CallError<Empty>>;
    #[op(name = "text.slow")]
    async fn slow(&self, ms: u32) -> Result<u32, Fault>;
    async fn fail(&self) -> Result<(), Fault>;
    async fn broken(&self) -> Result<(), Fault>;
}

struct Counter;

impl Shop for Counter {
    async fn ping(&self) -> Result<(), Fault> {
        Ok(())
    }
    async fn greet(&self, name: String) -> Result<String, Fault> {
        Ok(format!("hello, {name}"))
    }
    async fn octets(&self, x: bytes::Bytes) -> Result<bytes::Bytes, Fault> {
        Ok(x)
    }
    async fn buy(&self, count: i32) -> Result<i32, CallError<Empty>> {
        if count > 9 { Err(Empty { count }.into()) } else { Ok(count) }
    }
    async fn slow(&self, ms: u32) -> Result<u32, Fault> {
        tokio::time::sleep(Duration::from_millis(ms.into())).await;
        Ok(ms)
    }
    async fn fail(&self) -> Result<(), Fault> {
        Err(Fault::application(42, "it does not work"))
    }
    async fn broken(&self) -> Result<(), Fault> {
        panic!("on purpose")
    }
}

/// A server at a port of its own for as long as `test` runs.
async fn serving<F: Future<Output = ()>>(options: ServerOptions, test: impl FnOnce(u16) -> F) {
    let corba = CorbaServer::new().with_service("shop", ShopService::new(Counter)).with_options(options);
    let server =
        Server::builder().listen("127.0.0.1:0".parse().unwrap()).acceptor(corba).bind().await.unwrap();
    let Address::Tcp(_, port) = server.addresses()[0].clone() else { unreachable!() };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async { stopped.await.unwrap_or(()) }));
    test(port).await;
    stop.send(()).unwrap();
    running.await.unwrap();
}

fn shop(port: u16, version: &str) -> ShopClient<Client> {
    ShopClient::new(Client::connect(&format!("corbaloc:iiop:{version}@127.0.0.1:{port}/shop")).unwrap())
}

#[tokio::test]
async fn calls_in_every_version() {
    serving(ServerOptions::default(), |port| async move {
        for version in ["1.0", "1.1", "1.2"] {
            let shop = shop(port, version);
            shop.ping().await.unwrap();
            assert_eq!(shop.greet("Jörg".into()).await.unwrap(), "hello, Jörg");
            assert_eq!(shop.buy(3).await.unwrap(), 3);
            let refused = shop.buy(10).await.unwrap_err();
            assert_eq!(refused.user(), Some(&Empty { count: 10 }));
            assert_eq!(shop.slow(1).await.unwrap(), 1);
            let fault = shop.fail().await.unwrap_err();
            assert_eq!((fault.kind(), fault.code()), (FaultKind::Application, Some(42)));
            assert!(fault.message().contains("it does not work"), "{fault}");
            let fault = shop.broken().await.unwrap_err();
            assert_eq!((fault.kind(), fault.completion()), (FaultKind::Internal, Completion::Maybe));
        }
        let fault = shop(port, "1.0").greet("ж".into()).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Unsupported);
        assert_eq!(shop(port, "1.2").greet("ж".into()).await.unwrap(), "hello, ж");
    })
    .await;
}

#[tokio::test]
async fn objects_answer_for_themselves() {
    serving(ServerOptions::default(), |port| async move {
        let client = Client::connect(&format!("corbaloc::127.0.0.1:{port}/shop")).unwrap();
        assert!(client.is_a("IDL:farcall/Shop:1.0").await.unwrap());
        assert!(client.is_a("IDL:omg.org/CORBA/Object:1.0").await.unwrap());
        assert!(!client.is_a("IDL:farcall/Bank:1.0").await.unwrap());
        assert!(!client.non_existent().await.unwrap());
        let nobody = Client::connect(&format!("corbaloc::127.0.0.1:{port}/nobody")).unwrap();
        assert!(nobody.non_existent().await.unwrap());
        let fault = nobody.is_a("x").await.unwrap_err();
        assert_eq!((fault.kind(), fault.completion()), (FaultKind::UnknownObject, Completion::No));
        let unknown = farcall_model::Operation::new("unknown");
        let fault = client.call(&Context::new(), &Dynamic::new(&unknown, &[])).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::UnknownOperation);
    })
    .await;
}

/// An object whose interface derives from another.
struct Derived(farcall_model::Interface);

impl Service for Derived {
    fn interface(&self) -> &farcall_model::Interface {
        &self.0
    }

    async fn dispatch<W: Wire>(&self, call: Call<'_, W>) -> Result<W::Encoder, Fault> {
        Err(call.unknown())
    }
}

#[tokio::test]
async fn an_object_is_of_the_interfaces_that_its_own_derives_from() {
    let mut interface = farcall_model::Interface::new("Derived");
    interface.bases = vec!["IDL:Base:1.0".into()];
    let corba = CorbaServer::new().with_service("derived", Derived(interface));
    let ior = corba.reference("derived", &serve(corba.clone()).await).unwrap();
    assert_eq!(ior.type_id, "IDL:Derived:1.0");
    let client = Client::connect(&ior.to_string()).unwrap();
    assert!(client.is_a("IDL:Base:1.0").await.unwrap());
    assert!(client.is_a("IDL:Derived:1.0").await.unwrap());
    assert!(!client.is_a("IDL:Other:1.0").await.unwrap());
    assert!(corba.reference("nobody", &Address::tcp("h", 1)).is_none());
}

#[tokio::test]
async fn many_calls_share_a_connection_and_overtake_each_other() {
    serving(ServerOptions::default(), |port| async move {
        let shop = Arc::new(shop(port, "1.2"));
        let calls = (0..200_u32).map(|index| {
            let shop = Arc::clone(&shop);
            tokio::spawn(async move {
                if index % 3 == 0 {
                    assert_eq!(shop.slow(index % 20).await.unwrap(), index % 20);
                } else {
                    assert_eq!(shop.greet(index.to_string()).await.unwrap(), format!("hello, {index}"));
                }
            })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn large_messages_whole_and_in_fragments() {
    serving(ServerOptions::default().with_fragment_size(5000), |port| async move {
        let options = ClientOptions::default().with_fragment_size(4000);
        let url = format!("corbaloc::127.0.0.1:{port}/shop");
        let shop = ShopClient::new(Client::builder(&url).options(options).build().unwrap());
        let octets: bytes::Bytes = (0..8 << 20).map(|n: u32| (n % 251) as u8).collect();
        assert_eq!(shop.octets(octets.clone()).await.unwrap(), octets);
    })
    .await;
}

#[tokio::test]
async fn a_deadline_ends_a_call() {
    serving(ServerOptions::default(), |port| async move {
        let client = Client::connect(&format!("corbaloc::127.0.0.1:{port}/shop")).unwrap();
        let shop =
            ShopClient::new(client).with_context(Context::new().with_timeout(Duration::from_millis(50)));
        let fault = shop.slow(60_000).await.unwrap_err();
        assert_eq!((fault.kind(), fault.completion()), (FaultKind::Deadline, Completion::Maybe));
        let nobody = Client::connect("corbaloc::127.0.0.1:1/shop").unwrap();
        let fault = ShopClient::new(nobody).ping().await.unwrap_err();
        assert_eq!((fault.kind(), fault.completion()), (FaultKind::Transport, Completion::No));
    })
    .await;
}

fn request(id: u32, operation: &str, body: &[u8]) -> Vec<u8> {
    common::request("shop", id, operation, body)
}

#[tokio::test]
async fn what_bad_input_gets() {
    serving(ServerOptions::default(), |port| async move {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let mut framer = Framer::new(&Limits::default());
        // a body that is no string: MARSHAL, COMPLETED_NO, and the connection goes on
        let reply = exchange(&mut stream, &mut framer, &request(5, "greet", &[0xff; 8])).await;
        let (read, at) = Reply::read(&reply).unwrap();
        assert_eq!((read.id, read.status), (5, ReplyStatus::SystemException));
        let mut from = reply.decoder(at.next_multiple_of(8), CodeSets::DEFAULT, &Limits::default());
        assert_eq!(from.string().unwrap(), "IDL:omg.org/CORBA/MARSHAL:1.0");
        assert_eq!((from.u32().unwrap(), from.u32().unwrap()), (0, 1));
        let reply = exchange(&mut stream, &mut framer, &request(6, "ping", &[])).await;
        assert_eq!(Reply::read(&reply).unwrap().0.status, ReplyStatus::NoException);
        assert_eq!(reply.octets.len(), 24, "a reply without a body has no padding");
        // a wrong magic in the middle: MessageError, and the end
        let error = exchange(&mut stream, &mut framer, b"HTTP/1.1 200 OK\r\n").await;
        assert_eq!(error.kind, Kind::MessageError);
        assert_eq!(stream.read_buf(framer.buffer()).await.unwrap(), 0);
        // a version that is not known
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let error =
            exchange(&mut stream, &mut Framer::new(&Limits::default()), b"GIOP\x01\x09\0\0\0\0\0\0").await;
        assert_eq!((error.kind, error.version), (Kind::MessageError, Version::V1_2));
    })
    .await;
}

#[tokio::test]
async fn half_a_message_is_timed_out_and_idle_is_closed_in_order() {
    let options = ServerOptions::default()
        .with_message_timeout(Duration::from_millis(100))
        .with_idle_timeout(Duration::from_millis(300));
    serving(options, |port| async move {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(&request(1, "ping", &[])[..20]).await.unwrap();
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok() && rest.is_empty());

        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let mut framer = Framer::new(&Limits::default());
        exchange(&mut stream, &mut framer, &request(1, "ping", &[])).await;
        assert_eq!(exchange(&mut stream, &mut framer, b"").await.kind, Kind::CloseConnection);
    })
    .await;
}

/// A server by hand: `answer` says what to do with each request, by number.
async fn by_hand(answer: impl Fn(usize, giop::Message) -> Option<Vec<u8>> + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut count = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut framer = Framer::new(&Limits::default());
            'connection: loop {
                while let Some(message) = framer.next().unwrap() {
                    if message.kind != Kind::Request {
                        continue;
                    }
                    count += 1;
                    match answer(count, message) {
                        Some(octets) => stream.write_all(&octets).await.unwrap(),
                        None => break 'connection,
                    }
                }
                if stream.read_buf(framer.buffer()).await.unwrap_or(0) == 0 {
                    break;
                }
            }
        }
    });
    port
}

#[tokio::test]
async fn a_request_that_crossed_the_close_is_sent_again() {
    let port = by_hand(|count, message| {
        Some(if count == 1 {
            giop::bare(Kind::CloseConnection, Version::V1_2).to_vec()
        } else {
            reply(&message, ReplyStatus::NoException, |_| {})
        })
    })
    .await;
    shop(port, "1.2").ping().await.unwrap();
}

#[tokio::test]
async fn a_lost_connection_may_have_executed_the_call() {
    let port = by_hand(|_, _| None).await;
    let fault = shop(port, "1.2").ping().await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Transport, Completion::Maybe));
}

#[tokio::test]
async fn forwards_are_followed_within_bounds() {
    let target = by_hand(|_, message| Some(reply(&message, ReplyStatus::NoException, |_| {}))).await;
    let to = format!("corbaloc:iiop:1.1@127.0.0.1:{target}/elsewhere");
    let forward = move |message: &giop::Message, to: &str| {
        reply(message, ReplyStatus::LocationForward, |out| {
            let object = farcall_model::ObjectRef::new("").with_address(to);
            let any = farcall_model::ObjectType { interface: "Object".into(), repository_id: None };
            out.object(&any, &object).unwrap();
        })
    };
    let port = by_hand(move |count, message| {
        assert_eq!(count, 1, "a forward is kept");
        Some(forward(&message, &to))
    })
    .await;
    let shop_there = shop(port, "1.2");
    shop_there.ping().await.unwrap();
    shop_there.ping().await.unwrap();

    // one that leads from server to server for ever
    let port = by_hand(move |_, message| {
        let key = Request::read(&message).unwrap().0.target.key().unwrap();
        let here: u16 = std::str::from_utf8(&key).unwrap().parse().unwrap_or(0);
        Some(forward(&message, &format!("corbaloc::127.0.0.1:{here}/{here}")))
    })
    .await;
    let url = format!("corbaloc::127.0.0.1:{port}/{port}");
    let fault = ShopClient::new(Client::connect(&url).unwrap()).ping().await.unwrap_err();
    assert!(fault.message().contains("hops"), "{fault}");
}

#[tokio::test]
async fn the_object_is_addressed_as_the_server_wants() {
    for mode in [1_i16, 2] {
        let port = by_hand(move |count, message| {
            let target = Request::read(&message).unwrap().0.target;
            if count == 1 {
                return Some(reply(&message, ReplyStatus::NeedsAddressingMode, |out| out.i16(mode).unwrap()));
            }
            let as_asked = matches!((mode, &target), (1, Target::Profile(_)) | (2, Target::Reference(0, _)));
            assert!(as_asked, "{target:?}");
            assert_eq!(target.key().unwrap(), "shop");
            Some(reply(&message, ReplyStatus::NoException, |_| {}))
        })
        .await;
        shop(port, "1.2").ping().await.unwrap();
    }
}

#[tokio::test]
async fn the_next_address_is_tried() {
    serving(ServerOptions::default(), |port| async move {
        let url = format!("corbaloc::127.0.0.1:1,:127.0.0.1:{port}/shop");
        ShopClient::new(Client::connect(&url).unwrap()).ping().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_is_cancelled() {
    let (told, cancelled) = tokio::sync::oneshot::channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut framer = Framer::new(&Limits::default());
        let request = exchange(&mut stream, &mut framer, b"").await;
        let cancel = exchange(&mut stream, &mut framer, b"").await;
        told.send((request.kind, cancel.kind)).unwrap();
    });
    let options = ClientOptions::default().with_cancel_requests();
    let client = Client::builder(&format!("corbaloc::127.0.0.1:{port}/shop")).options(options);
    let shop = ShopClient::new(client.build().unwrap());
    assert!(tokio::time::timeout(Duration::from_millis(50), shop.ping()).await.is_err());
    assert_eq!(cancelled.await.unwrap(), (Kind::Request, Kind::CancelRequest));
}

#[tokio::test]
async fn calls_beyond_the_limit_are_refused_at_once() {
    serving(ServerOptions::default().with_calls(1), |port| async move {
        let shop = Arc::new(shop(port, "1.2"));
        let slow = tokio::spawn({
            let shop = Arc::clone(&shop);
            async move { shop.slow(300).await }
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        let fault = shop.ping().await.unwrap_err();
        assert_eq!((fault.kind(), fault.completion()), (FaultKind::Overloaded, Completion::No));
        assert_eq!(slow.await.unwrap().unwrap(), 300);
        shop.ping().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_nobody_uses_is_closed_in_order() {
    let (told, closed) = tokio::sync::oneshot::channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("corbaloc::{}/shop", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut framer = Framer::new(&Limits::default());
        let request = exchange(&mut stream, &mut framer, b"").await;
        let answer = reply(&request, ReplyStatus::NoException, |_| {});
        told.send(exchange(&mut stream, &mut framer, &answer).await.kind).unwrap();
    });
    let options = ClientOptions::default().with_idle_timeout(Duration::from_millis(50));
    let shop = ShopClient::new(Client::builder(&url).options(options).build().unwrap());
    shop.ping().await.unwrap();
    assert_eq!(closed.await.unwrap(), Kind::CloseConnection);
}

#[tokio::test]
async fn calls_inside_tls() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (chain, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let corba = CorbaServer::new().with_service("shop", ShopService::new(Counter));
    let tls = farcall_net::ServerTls::from_pem(chain.as_bytes(), key.as_bytes()).unwrap();
    let port = port(&serve_with(Server::builder().tls(tls), corba).await);
    let trust = farcall_net::ClientTls::new().without_system_roots().with_roots(chain.as_bytes()).unwrap();
    let connector = farcall_net::Connector::new().with_tls(trust);
    let url = format!("corbaloc:ssliop:1.2@localhost:{port}/shop");
    let client = Client::builder(&url).connector(connector).build().unwrap();
    let shop = ShopClient::new(client);
    let octets = bytes::Bytes::from(vec![7; 3 << 20]);
    assert_eq!(shop.octets(octets.clone()).await.unwrap(), octets);
    let distrusted = ShopClient::new(Client::connect(&url).unwrap());
    assert_eq!(distrusted.ping().await.unwrap_err().kind(), FaultKind::Transport);
}

#[tokio::test]
async fn all_connections_together_have_the_limits_of_the_server() {
    let corba = CorbaServer::new().with_service("shop", ShopService::new(Counter));
    let limits = farcall_net::ServerLimits::default().with_calls(1, 1).with_body_memory(64 << 10);
    let port = port(&serve_with(Server::builder().limits(limits), corba).await);
    let running = tokio::spawn(async move { shop(port, "1.2").slow(400).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let queued = tokio::spawn(async move { shop(port, "1.2").slow(1).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let fault = shop(port, "1.2").ping().await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Overloaded, Completion::No), "{fault}");
    assert!(fault.message().contains("concurrent_calls"), "{fault}");
    assert_eq!(running.await.unwrap().unwrap(), 400);
    assert_eq!(queued.await.unwrap().unwrap(), 1);
    // what is in a call's message counts until the call has ended, and no longer
    for _ in 0..3 {
        assert_eq!(shop(port, "1.2").octets(vec![1; 40 << 10].into()).await.unwrap().len(), 40 << 10);
        let large = shop(port, "1.2").octets(vec![1; 200 << 10].into()).await.unwrap_err();
        assert_eq!(large.completion(), Completion::No, "{large}");
    }
}

#[tokio::test]
async fn callers_on_the_same_host_come_by_its_unix_socket() {
    let directory = std::env::temp_dir().join(format!("farcall-orb-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("socket");
    let corba = CorbaServer::new().with_service("shop", ShopService::new(Counter));
    let server = Server::builder().listen(Address::unix(&path)).acceptor(corba);
    let server = server.bind().await.unwrap();
    let published = farcall_corba::Published::new(server.addresses().to_vec()).unwrap();
    tokio::spawn(server.run(std::future::pending()));
    let ior = published.reference("IDL:farcall/Shop:1.0", "shop").to_string();
    let shop = ShopClient::new(Client::connect(&ior).unwrap());
    assert_eq!(shop.greet("Ann".into()).await.unwrap(), "hello, Ann");
    std::fs::remove_dir_all(&directory).unwrap();
    let omni: Ior = OMNI_UNIX.parse().unwrap();
    let Some(socket) = omni.components().find_map(|component| match component.decode() {
        farcall_corba::ior::Component::Unix(socket) => Some(socket),
        _ => None,
    }) else {
        panic!("{omni:?}");
    };
    assert_eq!((socket.host.as_str(), socket.path.as_str()), ("vm", "/tmp/orbx.sock"));
}

/// From an omniORBpy 4.3.3 that listens at `giop:unix:/tmp/orbx.sock`.
const OMNI_UNIX: &str = "IOR:010000001600000049444c3a746573742f4c697374656e65723a312e30000000010000000000000083000000\
    0101020003000000766d0000000000000e000000fe132d036b00003b89000000000000000300000000000000080000000100000000545441\
    010000001c00000001000000010001000100000001000105090101000100000009010100025454411f0000000100000003000000766d0000\
    0f0000002f746d702f6f7262782e736f636b00";

/// Counts what it sees, and sends a context along.
#[derive(Default)]
struct Watch(std::sync::Mutex<Vec<String>>);

const WATCHED: u32 = 0x4643_0100;

impl ClientInterceptor for Watch {
    fn send_request(&self, operation: &Operation, contexts: &mut ServiceContexts) -> Result<(), Fault> {
        if operation.name == "fail" {
            return Err(Fault::new(FaultKind::Forbidden, "not from here"));
        }
        *contexts = std::mem::take(contexts).with(WATCHED, &b"\0there"[..]);
        Ok(())
    }

    fn receive_reply(&self, operation: &Operation, contexts: &ServiceContexts) {
        let back = contexts.find(WATCHED).map(|data| String::from_utf8_lossy(&data[1..]).into_owned());
        self.0.lock().unwrap().push(format!("{} {back:?}", operation.name));
    }
}

impl ServerInterceptor for Watch {
    fn receive_request(
        &self,
        operation: &str,
        contexts: &ServiceContexts,
        cx: Context,
        reply: &mut ServiceContexts,
    ) -> Result<Context, Fault> {
        if operation == "broken" {
            return Err(Fault::new(FaultKind::Forbidden, "not here"));
        }
        let there = contexts.find(WATCHED).map(|data| String::from_utf8_lossy(&data[1..]).into_owned());
        self.0.lock().unwrap().push(format!("{operation} {there:?}"));
        *reply = std::mem::take(reply).with(WATCHED, &b"\0back"[..]);
        Ok(cx)
    }
}

#[tokio::test]
async fn interceptors_see_the_service_contexts_of_calls() {
    let (ours, theirs) = (Arc::new(Watch::default()), Arc::new(Watch::default()));
    let corba = CorbaServer::new().with_service("shop", ShopService::new(Counter));
    let corba = corba.with_interceptor(Arc::clone(&theirs));
    let port = serve_at(corba).await;
    for version in ["1.0", "1.2"] {
        let url = format!("corbaloc:iiop:{version}@127.0.0.1:{port}/shop");
        let client = Client::builder(&url).interceptor(Arc::clone(&ours)).build().unwrap();
        let shop = ShopClient::new(client);
        assert_eq!(shop.greet("Ann".into()).await.unwrap(), "hello, Ann");
        assert!(shop.buy(99).await.is_err());
        assert_eq!(shop.fail().await.unwrap_err().kind(), FaultKind::Forbidden);
        let refused = shop.broken().await.unwrap_err();
        assert_eq!((refused.kind(), refused.completion()), (FaultKind::Forbidden, Completion::No));
        let seen = |watch: &Watch| std::mem::take(&mut *watch.0.lock().unwrap());
        assert_eq!(seen(&theirs), ["greet Some(\"there\")", "buy Some(\"there\")"]);
        assert_eq!(seen(&ours), ["greet Some(\"back\")", "buy Some(\"back\")", "broken None"]);
    }
}
