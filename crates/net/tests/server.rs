//! A server's life: protocols at one port, authentication, draining,
//! and its HTTP side inside another server.

mod common;

use std::time::{Duration, Instant};

use bytes::Bytes;
use common::{Echo, Running, ask, builder, echo_server, post, text};
use farcall_net::{
    Acceptor, Address, BoxFuture, Claim, Connection, HttpClient, Route, SendOptions, ServerLimits, Stream,
    Users, connect,
};
use farcall_wire::{Context, FaultKind, Peer};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// A protocol of eight-octet messages, which begin with `ECHO`.
struct Eight;

impl Acceptor for Eight {
    fn name(&self) -> &'static str {
        "eight"
    }

    fn claims(&self, first: &[u8]) -> Claim {
        match first.len() {
            ..4 if b"ECHO".starts_with(first) => Claim::NeedMore,
            4.. if first.starts_with(b"ECHO") => Claim::Yes,
            _ => Claim::No,
        }
    }

    fn serve(&self, mut stream: Stream, mut connection: Connection) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            assert!(matches!(connection.peer(), Peer::Tcp(_)));
            let mut message = [0; 8];
            loop {
                tokio::select! {
                    read = stream.read_exact(&mut message) => match read {
                        Ok(_) => stream.write_all(&message).await.unwrap(),
                        Err(_) => return,
                    },
                    () = connection.closing() => {
                        let _ = stream.write_all(b"GOODBYE.").await;
                        return;
                    }
                }
            }
        })
    }

    fn busy(&self) -> Bytes {
        Bytes::from_static(b"TOO MANY")
    }
}

#[tokio::test]
async fn streams_and_http_at_one_port() {
    let limits = ServerLimits::default().with_connections(2);
    let mut server = Running::start(builder().http(Echo::default()).acceptor(Eight).limits(limits)).await;
    let mut stream = connect(&server.at[0]).await.unwrap();
    // The first octets come one by one, and none is lost.
    for octet in b"ECHO1234" {
        stream.write_all(&[*octet]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let mut message = [0; 8];
    stream.read_exact(&mut message).await.unwrap();
    assert_eq!(&message, b"ECHO1234");
    let client = HttpClient::new();
    assert_eq!(text(&client, &server.url(), "hi").await, "hi");

    let mut third = connect(&server.at[0]).await.unwrap();
    third.write_all(b"ECHO").await.unwrap();
    third.read_exact(&mut message).await.unwrap();
    assert_eq!(&message, b"TOO MANY");

    server.signal();
    stream.read_exact(&mut message).await.unwrap();
    assert_eq!(&message, b"GOODBYE.");
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn draining_says_so_and_cuts_off_no_call() {
    let limits = ServerLimits::default().with_drain(Duration::from_millis(200), Duration::from_secs(5));
    let mut server = Running::start(builder().http(Echo::default()).limits(limits)).await;
    let client = HttpClient::new();
    let url = server.url();
    let ready = format!("http://{}/readyz", server.at[0]);
    let get = || Request::get(&ready).body(Bytes::new()).unwrap();
    let idle = HttpClient::new();
    assert_eq!(text(&idle, &url, "hi").await, "hi");
    let slow = tokio::spawn({
        let (client, url) = (client.clone(), url.clone());
        async move { ask(&client, &url, "sleep 600").await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let begun = Instant::now();
    server.signal();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let reply = idle.send(get(), &SendOptions::default()).await.unwrap();
    assert_eq!(reply.status(), StatusCode::SERVICE_UNAVAILABLE);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let refused = idle.send(get(), &SendOptions::default()).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::Transport);
    let reply = slow.await.unwrap();
    assert_eq!(reply.body(), "slept");
    assert_eq!(reply.headers()["connection"], "close");
    server.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(2), "idle connections were waited for");
}

#[tokio::test]
async fn draining_ends_even_when_a_call_does_not() {
    let limits = ServerLimits::default().with_drain(Duration::ZERO, Duration::from_millis(200));
    let mut server = Running::start(builder().http(Echo::default()).limits(limits)).await;
    let url = server.url();
    let stuck = tokio::spawn(async move {
        HttpClient::new().send(post(&url, "sleep 20000"), &SendOptions::default()).await
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let begun = Instant::now();
    server.signal();
    server.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(stuck.await.unwrap().unwrap_err().kind(), FaultKind::Transport);
}

struct Page(&'static str, bool);

impl Route for Page {
    fn claims(&self, head: &Parts) -> bool {
        head.uri.path() == self.0
    }

    fn handle<'a>(&'a self, _: &'a Parts, _: Bytes, cx: Context) -> BoxFuture<'a, Response<Bytes>> {
        let name = cx.identity().map_or("nobody", |identity| identity.name.as_str()).to_owned();
        Box::pin(async move { Response::new(name.into()) })
    }

    fn is_public(&self) -> bool {
        self.1
    }
}

#[tokio::test]
async fn authentication_guards_all_but_public_pages() {
    let users = Users::new("here").with("ann", "secret");
    let server = Running::start(
        builder()
            .http(Echo::default())
            .route(Page("/private", false))
            .route(Page("/public", true))
            .authenticator(users),
    )
    .await;
    let at = server.socket();
    let stranger = HttpClient::new();
    let reply = ask(&stranger, &server.url(), "who").await;
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(reply.headers()["www-authenticate"], "Basic realm=\"here\", charset=\"UTF-8\"");
    assert!(reply.body().starts_with(b"fault unauthenticated:"));
    // A body too large to be worth reading does not delay the answer.
    let reply = ask(&stranger, &server.url(), vec![0; 1 << 20]).await;
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
    let get = async |client: &HttpClient, path: &str| {
        let request = Request::get(format!("http://{at}{path}")).body(Bytes::new()).unwrap();
        client.send(request, &SendOptions::default()).await.unwrap()
    };
    assert_eq!(get(&stranger, "/private").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(get(&stranger, "/public").await.body(), "nobody");
    assert_eq!(get(&stranger, "/livez").await.status(), StatusCode::OK);

    let ann = HttpClient::builder().basic_auth("ann", "secret").build();
    assert_eq!(text(&ann, &server.url(), "who").await, "ann");
    assert_eq!(get(&ann, "/private").await.body(), "ann");
    assert_eq!(text(&stranger, &format!("http://ann:secret@{at}/echo"), "who").await, "ann");
    let wrong = HttpClient::builder().basic_auth("ann", "Secret").build();
    assert_eq!(ask(&wrong, &server.url(), "who").await.status(), StatusCode::UNAUTHORIZED);
    server.stop().await;
}

#[tokio::test]
async fn http2_with_prior_knowledge() {
    let server = echo_server().await;
    let tcp = tokio::net::TcpStream::connect(server.socket()).await.unwrap();
    let io = hyper_util::rt::TokioIo::new(tcp);
    let executor = hyper_util::rt::TokioExecutor::new();
    let (sender, connection) = hyper::client::conn::http2::handshake(executor, io).await.unwrap();
    let driver = tokio::spawn(connection);
    let calls = (0..50).map(|call| {
        let (mut sender, url) = (sender.clone(), server.url());
        async move {
            let body = http_body_util::Full::new(Bytes::from(format!("call {call}")));
            let reply = sender.send_request(Request::post(url).body(body).unwrap()).await.unwrap();
            let body = http_body_util::BodyExt::collect(reply.into_body()).await.unwrap();
            assert_eq!(body.to_bytes(), format!("call {call}"));
        }
    });
    futures_util::future::join_all(calls).await;
    drop(sender);
    server.stop().await;
    driver.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_idle_http2_connection_is_closed_by_its_own_timeout() {
    let limits = ServerLimits::default()
        .with_header_read_timeout(Duration::from_millis(100))
        .with_idle_timeout(Duration::from_millis(600));
    let server = Running::start(builder().http(Echo::default()).limits(limits)).await;
    let tcp = tokio::net::TcpStream::connect(server.socket()).await.unwrap();
    let io = hyper_util::rt::TokioIo::new(tcp);
    let executor = hyper_util::rt::TokioExecutor::new();
    let (_sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, http_body_util::Full<Bytes>>(executor, io)
            .await
            .unwrap();
    let begun = Instant::now();
    let _ = connection.await;
    let open = begun.elapsed();
    assert!((Duration::from_millis(500)..Duration::from_secs(3)).contains(&open), "{open:?}");
    server.stop().await;
}

#[tokio::test]
async fn nested_in_an_axum_router() {
    let users = Users::new("here").with("ann", "secret");
    let service = builder().http(Echo::default()).authenticator(users).into_service();
    let router = axum::Router::new()
        .route("/other", axum::routing::get(|| async { "theirs" }))
        .fallback_service(service);
    let send = async |request: Request<axum::body::Body>| {
        let reply = tower::ServiceExt::oneshot(router.clone(), request).await.unwrap();
        let body = http_body_util::BodyExt::collect(reply.into_body()).await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    };
    let ours = |body: &'static str| {
        Request::post("/echo")
            .header("authorization", "Basic YW5uOnNlY3JldA==")
            .extension(Peer::Tcp("192.0.2.1:7".parse().unwrap()))
            .body(axum::body::Body::from(body))
            .unwrap()
    };
    assert_eq!(send(Request::get("/other").body(axum::body::Body::empty()).unwrap()).await, "theirs");
    assert_eq!(send(ours("hello")).await, "hello");
    assert_eq!(send(ours("who")).await, "ann");
    assert_eq!(send(ours("peer")).await, "192.0.2.1:7 echo");
    assert!(send(ours("panic")).await.starts_with("fault internal"));
}

#[tokio::test]
async fn several_addresses() {
    let server = Running::start(builder().listen("localhost:0".parse().unwrap()).http(Echo::default())).await;
    assert!(server.at.len() >= 2);
    for at in &server.at {
        let Address::Tcp(..) = at else { panic!("{at}") };
        assert_eq!(text(&HttpClient::new(), &format!("http://{at}/echo"), "hi").await, "hi");
    }
    server.stop().await;
}
