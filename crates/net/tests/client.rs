//! Proxies, cookies, the tap, default headers, and giving up.

mod common;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use common::{Echo, Running, builder, echo_server, post, text};
use farcall_net::{HttpClient, SendOptions, Tap};
use farcall_wire::{Completion, FaultKind};
use http::header::{HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

type Heads = Arc<Mutex<Vec<String>>>;

/// Reads one head, ending with an empty line.
async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// A proxy that opens tunnels for who has the password, and answers other
/// requests itself; keeps the heads that it saw.
async fn proxy() -> (String, Heads) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    let heads = Heads::default();
    let seen = Arc::clone(&heads);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let head = head(&mut stream).await;
                seen.lock().unwrap().push(head.clone());
                let allowed = head.to_lowercase().contains("proxy-authorization: basic dtpw");
                let (method, to) = head.split_once(' ').unwrap();
                if !allowed {
                    let no = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
                    stream.write_all(no).await.unwrap();
                } else if method == "CONNECT" {
                    let to = to.split(' ').next().unwrap();
                    let mut peer = TcpStream::connect(to).await.unwrap();
                    stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut stream, &mut peer).await;
                } else {
                    let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nproxy";
                    stream.write_all(reply).await.unwrap();
                }
            });
        }
    });
    (at, heads)
}

#[tokio::test]
async fn plain_requests_name_the_whole_url_to_the_proxy() {
    let (at, heads) = proxy().await;
    let client = HttpClient::builder().proxy(&format!("http://u:p@{at}"), "excepted.example").build();
    assert_eq!(text(&client, "http://a:b@host.example/RPC2", "x").await, "proxy");
    let head = heads.lock().unwrap().remove(0);
    assert!(head.starts_with("POST http://host.example/RPC2 HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("host: host.example\r\n"), "{head}");
    // A host that is excepted is not sent there; this one does not exist.
    let options = SendOptions::default();
    let url = "http://excepted.example:1/";
    assert!(client.send(post(url, "x"), &options).await.is_err());
    assert!(heads.lock().unwrap().is_empty());
}

#[tokio::test]
async fn tls_goes_through_a_tunnel() {
    let (at, heads) = proxy().await;
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (chain, private) = (key.cert.pem(), key.signing_key.serialize_pem());
    let tls = farcall_net::ServerTls::from_pem(chain.as_bytes(), private.as_bytes()).unwrap();
    let server = Running::start(builder().http(Echo::default()).tls(tls)).await;
    let url = format!("https://localhost:{}/echo", server.socket().port());
    let trusting = || {
        let tls = farcall_net::ClientTls::new().without_system_roots().with_roots(chain.as_bytes());
        HttpClient::builder().tls(tls.unwrap())
    };
    let client = trusting().proxy(&format!("http://u:p@{at}"), "").build();
    assert_eq!(text(&client, &url, "hi").await, "hi");
    assert!(heads.lock().unwrap()[0].starts_with("CONNECT localhost:"));

    let unknown = trusting().proxy(&format!("http://{at}"), "").build();
    let fault = unknown.send(post(&url, "x"), &SendOptions::default()).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Transport, Completion::No));
    assert!(fault.message().contains("wants a user and password"), "{fault}");
    drop(client);
    server.stop().await;
}

#[cfg(feature = "cookies")]
#[tokio::test]
async fn cookies_come_back_to_their_host_only() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heads = Heads::default();
    let seen = Arc::clone(&heads);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let head = head(&mut stream).await;
            seen.lock().unwrap().push(head);
            let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\
                set-cookie: session=s3; Path=/\r\nset-cookie: gone=1; Max-Age=0\r\n\r\n";
            stream.write_all(reply).await.unwrap();
        }
    });
    let client = HttpClient::builder().cookies().build();
    for host in ["127.0.0.1", "127.0.0.1", "localhost"] {
        common::ask(&client, &format!("http://{host}:{port}/x"), "").await;
    }
    let heads = heads.lock().unwrap();
    assert!(!heads[0].contains("cookie:"));
    assert!(heads[1].contains("cookie: session=s3\r\n"), "{}", heads[1]);
    assert!(!heads[2].contains("cookie:"), "{}", heads[2]);
}

#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Tap for Notes {
    fn request(&self, head: &http::request::Parts, body: &Bytes) {
        let tenant = head.headers["x-tenant"].to_str().unwrap();
        self.0.lock().unwrap().push(format!("> {} {tenant} {}", head.uri, body.len()));
    }

    fn response(&self, head: &http::response::Parts, body: &Bytes) {
        self.0.lock().unwrap().push(format!("< {} {}", head.status, body.len()));
    }
}

#[tokio::test]
async fn the_tap_sees_what_is_sent_and_received() {
    let server = echo_server().await;
    let notes = Notes::default();
    let name = HeaderName::from_static("x-tenant");
    let client = HttpClient::builder()
        .tap(notes.clone())
        .header(name.clone(), HeaderValue::from_static("default"))
        .build();
    text(&client, &server.url(), "large").await;
    let mut own = post(&server.url(), "hi");
    own.headers_mut().insert(name, HeaderValue::from_static("own"));
    client.send(own, &SendOptions::default()).await.unwrap();
    let url = server.url();
    let expected = [
        format!("> {url} default 5"),
        "< 200 OK 20000".to_owned(),
        format!("> {url} own 2"),
        "< 200 OK 2".to_owned(),
    ];
    assert_eq!(*notes.0.lock().unwrap(), expected);
    server.stop().await;
}

#[tokio::test]
async fn a_dropped_call_is_stopped_at_the_server() {
    let echo = Echo::default();
    let server = Running::start(builder().http(echo.clone())).await;
    let client = HttpClient::new();
    let options = SendOptions::default();
    let call = client.send(post(&server.url(), "sleep 20000"), &options);
    assert!(tokio::time::timeout(Duration::from_millis(100), call).await.is_err());
    for _ in 0..200 {
        if echo.cancelled.load(Ordering::SeqCst) == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(echo.cancelled.load(Ordering::SeqCst), 1);
    assert_eq!(text(&client, &server.url(), "hi").await, "hi");
    server.stop().await;
}

#[tokio::test]
async fn replies_are_bounded() {
    let server = echo_server().await;
    let small = SendOptions::default().with_limit(1000);
    let client = HttpClient::new();
    let fault = client.send(post(&server.url(), "large"), &small).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Limit, Completion::Maybe));
    assert_eq!(text(&client, &server.url(), "hi").await, "hi");
    server.stop().await;
}
