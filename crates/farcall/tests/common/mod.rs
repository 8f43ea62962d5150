//! A service, a server with it, and raw sockets to it.
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::net::SocketAddr;
use std::time::Duration;

use farcall::net::ServerLimits;
use farcall::{Fault, Running, Server, Value, service};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[service]
pub trait Echo {
    /// Gives it back.
    async fn echo(&self, value: Value) -> Result<Value, Fault>;
    /// Adds two numbers.
    async fn add(&self, a: i32, b: i32) -> Result<i32, Fault>;
}

pub struct Plain;

impl Echo for Plain {
    async fn echo(&self, value: Value) -> Result<Value, Fault> {
        Ok(value)
    }

    async fn add(&self, a: i32, b: i32) -> Result<i32, Fault> {
        a.checked_add(b).ok_or_else(|| Fault::application(1, "too large"))
    }
}

pub async fn start(limits: ServerLimits) -> Running {
    let server = Server::new().service("echo", EchoService::new(Plain)).limits(limits);
    server.start("127.0.0.1:0".parse().unwrap()).await.unwrap()
}

pub fn socket(server: &Running) -> SocketAddr {
    server.address().to_string().parse().unwrap()
}

pub async fn say(at: SocketAddr, octets: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(at).await.unwrap();
    // the server may close in the middle, which is what some tests are about
    let _ = stream.write_all(octets).await;
    stream
}

/// Reads until the peer closes; a reset counts as the end.
pub async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    let read = async {
        while let Ok(length @ 1..) = stream.read(&mut piece).await {
            all.extend_from_slice(&piece[..length]);
        }
    };
    tokio::time::timeout(Duration::from_secs(20), read).await.expect("the server neither answers nor closes");
    String::from_utf8_lossy(&all).into_owned()
}

/// Reads one reply of known length and leaves the connection open: head and body.
pub async fn reply(stream: &mut TcpStream) -> (String, String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a head"));
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.unwrap();
    (head, String::from_utf8(body).unwrap())
}

/// A request with a body, on a connection that ends with it.
pub fn post(path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub fn call(method: &str, value: &str) -> String {
    format!(
        "<methodCall><methodName>{method}</methodName><params><param>{value}</param></params></methodCall>"
    )
}

pub fn gzip(octets: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}
