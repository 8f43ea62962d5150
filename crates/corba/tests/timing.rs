//! Deadlines that go along with calls, and the byte order that either side writes.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use farcall_corba::giop::{
    self, Framer, Header, Reply, ReplyStatus, Request, Response, ServiceContexts, Target,
};
use farcall_corba::{ByteOrder, Client, ClientOptions, CodeSets, CorbaServer, ServerOptions, Version};
use farcall_macros::service;
use farcall_net::{Address, Server};
use farcall_wire::{Context, Decoder as _, Fault, FaultKind, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

mod farcall {
    pub(crate) use {farcall_model as model, farcall_wire as wire};

    /// What `connect` of a client opens, where there is a facade.
    #[derive(Clone, Debug)]
    pub(crate) struct Connection;

    impl Connection {
        #[allow(dead_code, reason = "the tests choose the channel themselves")]
        pub(crate) async fn open(_url: &str, _: &'static model::Interface) -> Result<Self, wire::Fault> {
            Ok(Self)
        }
    }
}

#[service(crate = "crate::farcall", name = "Clock", scope = "farcall")]
trait Clock {
    /// How many seconds the call has left.
    async fn left(&self, cx: &Context) -> Result<u64, Fault>;
    async fn greet(&self, name: String, numbers: Vec<f64>) -> Result<(String, Vec<f64>), Fault>;
}

#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>);

impl Clock for Counting {
    async fn left(&self, cx: &Context) -> Result<u64, Fault> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(cx.remaining().unwrap_or_default().as_secs())
    }

    async fn greet(&self, name: String, numbers: Vec<f64>) -> Result<(String, Vec<f64>), Fault> {
        Ok((name, numbers))
    }
}

async fn serving<F: Future<Output = ()>>(
    options: ServerOptions,
    clock: Counting,
    test: impl FnOnce(u16) -> F,
) {
    let corba = CorbaServer::new().with_service("clock", ClockService::new(clock)).with_options(options);
    let server =
        Server::builder().listen("127.0.0.1:0".parse().unwrap()).acceptor(corba).bind().await.unwrap();
    let Address::Tcp(_, port) = server.addresses()[0].clone() else { unreachable!() };
    let running = tokio::spawn(server.run(std::future::pending()));
    test(port).await;
    running.abort();
}

fn clock(port: u16, version: &str, options: ClientOptions) -> ClockClient<Client> {
    let url = format!("corbaloc:iiop:{version}@127.0.0.1:{port}/clock");
    ClockClient::new(Client::builder(&url).options(options).build().unwrap())
}

#[tokio::test]
async fn the_server_knows_how_long_the_caller_waits() {
    serving(ServerOptions::default(), Counting::default(), |port| async move {
        let cx = Context::new().with_timeout(Duration::from_secs(5));
        for version in ["1.0", "1.1", "1.2"] {
            let left = clock(port, version, ClientOptions::default()).left(&cx).await.unwrap();
            assert!((3..=5).contains(&left), "{left}");
        }
        let own = clock(port, "1.2", ClientOptions::default()).left(&Context::new()).await.unwrap();
        assert!(own > 5, "a call without a deadline of its own has the server's: {own}");
        let options = ClientOptions::default().with_forward_deadline(false);
        let own = clock(port, "1.2", options).left(&cx).await.unwrap();
        assert!(own > 5, "{own}");
    })
    .await;
    serving(ServerOptions::default().without_obeying_deadlines(), Counting::default(), |port| async move {
        let cx = Context::new().with_timeout(Duration::from_secs(5));
        let own = clock(port, "1.2", ClientOptions::default()).left(&cx).await.unwrap();
        assert!(own > 5, "{own}");
    })
    .await;
}

/// Calls `left`, which ends then; the reply, and the exception if it is one.
async fn ending(port: u16, end: SystemTime) -> (ReplyStatus, Option<(String, u32)>) {
    let request = Request {
        id: 1,
        response: Response::Result,
        target: Target::Key(b"clock".to_vec().into()),
        operation: "left",
        contexts: ServiceContexts::default().with_end(end),
    };
    let out = request.encode(Version::V1_2, ByteOrder::Little, CodeSets::DEFAULT).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(&giop::finish(out).unwrap()).await.unwrap();
    let mut framer = Framer::new(&Limits::default());
    let message = loop {
        if let Some(message) = framer.next().unwrap() {
            break message;
        }
        assert_ne!(stream.read_buf(framer.buffer()).await.unwrap(), 0, "the server closed without a reply");
    };
    let (reply, at) = Reply::read(&message).unwrap();
    if reply.status != ReplyStatus::SystemException {
        return (reply.status, None);
    }
    let mut from = message.decoder(at.next_multiple_of(8), CodeSets::DEFAULT, &Limits::default());
    let id = from.string().unwrap();
    from.u32().unwrap();
    (reply.status, Some((id, from.u32().unwrap())))
}

#[tokio::test]
async fn what_comes_too_late_is_not_run() {
    let counting = Counting::default();
    let ran = Arc::clone(&counting.0);
    serving(ServerOptions::default(), counting, |port| async move {
        let now = SystemTime::now();
        let timeout = Some(("IDL:omg.org/CORBA/TIMEOUT:1.0".to_owned(), 1));
        let (status, exception) = ending(port, now - Duration::from_secs(5)).await;
        assert_eq!((status, exception), (ReplyStatus::SystemException, timeout));
        assert_eq!(ran.load(Ordering::SeqCst), 0, "it ran all the same");
        // a clock that is wrong by 20 minutes says nothing
        for end in [now - Duration::from_secs(1200), now + Duration::from_secs(9)] {
            assert_eq!(ending(port, end).await.0, ReplyStatus::NoException);
        }
        assert_eq!(ran.load(Ordering::SeqCst), 2);
        let passed = Context::new().with_timeout(Duration::ZERO);
        let fault = clock(port, "1.2", ClientOptions::default()).left(&passed).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Deadline);
    })
    .await;
}

#[tokio::test]
async fn either_side_writes_either_byte_order() {
    let orders = [ByteOrder::Big, ByteOrder::Little];
    for theirs in orders {
        for (fragments, ours) in [None, Some(64)].into_iter().flat_map(|f| orders.map(|order| (f, order))) {
            let mut server = ServerOptions::default().with_byte_order(theirs);
            let mut options = ClientOptions::default().with_byte_order(ours);
            if let Some(octets) = fragments {
                server = server.with_fragment_size(octets);
                options = options.with_fragment_size(octets);
            }
            serving(server, Counting::default(), |port| async move {
                for version in ["1.0", "1.1", "1.2"] {
                    let clock = clock(port, version, options.clone());
                    let sent = ("Jörg".to_owned(), vec![0.5, -1.25, 1e300]);
                    assert_eq!(clock.greet(sent.0.clone(), sent.1.clone()).await.unwrap(), sent);
                }
            })
            .await;
        }
    }
}

#[tokio::test]
async fn a_reply_says_its_byte_order() {
    for order in [ByteOrder::Big, ByteOrder::Little] {
        serving(ServerOptions::default().with_byte_order(order), Counting::default(), |port| async move {
            let target = Target::Key(b"clock".to_vec().into());
            let contexts = ServiceContexts::default();
            let request = Request { id: 1, response: Response::Result, target, operation: "left", contexts };
            let out = request.encode(Version::V1_2, ByteOrder::Little, CodeSets::DEFAULT).unwrap();
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            stream.write_all(&giop::finish(out).unwrap()).await.unwrap();
            let mut octets = [0; 12];
            stream.read_exact(&mut octets).await.unwrap();
            assert_eq!(Header::parse(&octets).unwrap().order, order);
        })
        .await;
    }
}
