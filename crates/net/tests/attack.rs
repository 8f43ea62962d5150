//! Peers that mean harm or are broken: each is dealt with while good callers
//! go on unharmed.

mod common;

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use common::{Echo, Running, builder, text};
use farcall_net::{HttpClient, ServerLimits};
use farcall_wire::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const GOOD: usize = 20;

fn tight() -> ServerLimits {
    ServerLimits::default()
        .with_header_read_timeout(Duration::from_millis(300))
        .with_body_read_timeout(Duration::from_millis(300))
        .with_idle_timeout(Duration::from_secs(5))
        .with_call(Limits::default().with_message_size(1 << 20))
}

/// Runs an attack while twenty callers call, and checks that none of them noticed.
async fn under<T>(limits: ServerLimits, attack: impl AsyncFnOnce(SocketAddr) -> T) -> T {
    let server = Running::start(builder().http(Echo::default()).limits(limits)).await;
    let over = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..GOOD)
        .map(|caller| {
            let (over, url) = (Arc::clone(&over), server.url());
            tokio::spawn(async move {
                let client = HttpClient::new();
                let mut calls = 0;
                while !over.load(Ordering::SeqCst) || calls == 0 {
                    let body = format!("{caller}-{calls}");
                    let begun = Instant::now();
                    assert_eq!(text(&client, &url, body.clone()).await, body);
                    assert!(begun.elapsed() < Duration::from_secs(2), "a good caller had to wait");
                    calls += 1;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            })
        })
        .collect();
    let result = tokio::time::timeout(Duration::from_secs(30), attack(server.socket())).await.unwrap();
    over.store(true, Ordering::SeqCst);
    for caller in callers {
        caller.await.unwrap();
    }
    server.stop().await;
    result
}

/// Reads until the peer closes; a reset counts as the end.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut piece).await {
        all.extend_from_slice(&piece[..length]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

async fn say(at: SocketAddr, octets: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(at).await.unwrap();
    // The server may close in the middle, which is what some tests are about.
    let _ = stream.write_all(octets).await;
    stream
}

#[tokio::test]
async fn slow_header_senders_are_told_408_and_closed() {
    under(tight(), async |at| {
        let begun = Instant::now();
        let mut slow = Vec::new();
        for _ in 0..50 {
            slow.push(say(at, b"POST /echo HTTP/1.1\r\nhost: x\r\n").await);
        }
        // Dripping does not help.
        for drip in &mut slow {
            let _ = drip.write_all(b"a: b\r\n").await;
        }
        for mut stream in slow {
            assert!(rest(&mut stream).await.starts_with("HTTP/1.1 408 "));
        }
        assert!(begun.elapsed() < Duration::from_secs(3));
    })
    .await;
}

#[tokio::test]
async fn silent_and_idle_connections_are_closed() {
    let limits = tight().with_idle_timeout(Duration::from_millis(400));
    under(limits, async |at| {
        let begun = Instant::now();
        let mut silent = TcpStream::connect(at).await.unwrap();
        assert_eq!(rest(&mut silent).await, "");
        assert!(begun.elapsed() < Duration::from_secs(2));
        let mut idle = say(at, b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let said = rest(&mut idle).await;
        assert!(said.starts_with("HTTP/1.1 200 ") && !said.contains("408"), "{said}");
        assert!(begun.elapsed() < Duration::from_secs(4));
    })
    .await;
}

#[tokio::test]
async fn slow_bodies_are_told_408() {
    under(tight(), async |at| {
        let head = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nten octets";
        let mut slow = say(at, head).await;
        let reply = rest(&mut slow).await;
        assert!(reply.starts_with("HTTP/1.1 408 "), "{reply}");
        assert!(reply.contains("fault deadline:") && reply.contains("body_read_timeout"), "{reply}");
    })
    .await;
}

#[tokio::test]
async fn half_a_body_and_gone() {
    under(tight(), async |at| {
        for _ in 0..50 {
            let head = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nten octets";
            let mut half = say(at, head).await;
            half.shutdown().await.unwrap();
            let reply = rest(&mut half).await;
            assert!(!reply.contains("200 OK"), "{reply}");
        }
    })
    .await;
}

#[tokio::test]
async fn random_octets() {
    under(tight(), async |at| {
        let mut state = 1_u64;
        for size in [1_usize, 3, 17, 100, 5000, 100_000] {
            let noise: Vec<u8> = (0..size)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 56) as u8
                })
                .collect();
            let mut stream = say(at, &noise).await;
            let _ = stream.shutdown().await;
            let reply = rest(&mut stream).await;
            assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 4"), "{reply}");
        }
        // Half of an HTTP/2 preface, a TLS hello at a server without TLS.
        for begin in [&b"PRI * HT"[..], b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"] {
            let mut stream = say(at, begin).await;
            stream.shutdown().await.unwrap();
            rest(&mut stream).await;
        }
    })
    .await;
}

fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

async fn send_gzip(at: SocketAddr, body: &[u8]) -> String {
    let head = format!(
        "POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = say(at, &[head.as_bytes(), body].concat()).await;
    rest(&mut stream).await
}

#[tokio::test]
async fn gzip_bombs_and_broken_gzip() {
    under(tight(), async |at| {
        let bomb = gzip(&vec![0; 64 << 20]);
        assert!(bomb.len() < 1 << 20, "the bomb itself has to be let in");
        let reply = send_gzip(at, &bomb).await;
        assert!(reply.starts_with("HTTP/1.1 413 ") && reply.contains("message_size"), "{reply}");
        let reply = send_gzip(at, b"this is not gzip").await;
        assert!(reply.starts_with("HTTP/1.1 400 ") && reply.contains("fault malformed"), "{reply}");
        let cut = gzip(&vec![b'a'; 5000]);
        let reply = send_gzip(at, &cut[..cut.len() - 9]).await;
        assert!(reply.starts_with("HTTP/1.1 400 "), "{reply}");
        let reply = send_gzip(at, &gzip(b"good")).await;
        assert!(reply.starts_with("HTTP/1.1 200 ") && reply.ends_with("good"), "{reply}");
        let head = b"POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-encoding: br\r\ncontent-length: 1\r\n\r\nx";
        let reply = rest(&mut say(at, head).await).await;
        assert!(reply.starts_with("HTTP/1.1 415 "), "{reply}");
    })
    .await;
}

#[tokio::test]
async fn oversized_bodies_are_told_413_before_they_are_read() {
    under(tight(), async |at| {
        let head =
            b"POST /echo HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 99999999999\r\n\r\n";
        let reply = rest(&mut say(at, head).await).await;
        assert!(reply.starts_with("HTTP/1.1 413 ") && reply.contains("fault limit"), "{reply}");
        // One that sends the body without asking hears it as well.
        let head = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 2000000\r\n\r\n";
        // The rest is taken in for a while, so that a peer that writes all before it
        // reads gets to the reply.
        let mut stream = say(at, &[&head[..], &[b'x'; 100_000]].concat()).await;
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            stream.write_all(&[b'x'; 100_000]).await.unwrap();
        }
        stream.shutdown().await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
        // Chunked, so that only reading tells.
        let mut chunks = b"POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        for _ in 0..200 {
            chunks.extend_from_slice(b"4000\r\n");
            chunks.extend_from_slice(&[b'x'; 0x4000]);
            chunks.extend_from_slice(b"\r\n");
        }
        let reply = rest(&mut say(at, &chunks).await).await;
        assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
        // A chunk that claims more than there is room for in any machine.
        let wild =
            b"POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nx";
        let mut stream = say(at, wild).await;
        stream.shutdown().await.unwrap();
        assert!(!rest(&mut stream).await.contains("200 OK"));
    })
    .await;
}

#[tokio::test]
async fn expect_100_continue_and_chunks_work() {
    under(tight(), async |at| {
        let head = b"POST /echo HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
        let mut stream = say(at, head).await;
        let mut go = [0; 25];
        stream.read_exact(&mut go).await.unwrap();
        assert_eq!(&go, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(b"2\r\nab\r\n3;x=y\r\ncde\r\n0\r\n\r\n").await.unwrap();
        let reply = rest(&mut stream).await;
        assert!(reply.starts_with("HTTP/1.1 200 ") && reply.ends_with("\r\n\r\nabcde"), "{reply}");
    })
    .await;
}

#[tokio::test]
async fn a_megabyte_of_headers() {
    under(tight(), async |at| {
        let mut head = b"POST /echo HTTP/1.1\r\nhost: x\r\n".to_vec();
        head.extend_from_slice(format!("x: {}\r\n\r\n", "y".repeat(1 << 20)).as_bytes());
        let reply = rest(&mut say(at, &head).await).await;
        assert!(reply.starts_with("HTTP/1.1 431 "), "{reply}");
        let many = format!("GET /livez HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(5000));
        let reply = rest(&mut say(at, many.as_bytes()).await).await;
        assert!(reply.starts_with("HTTP/1.1 431 "), "{reply}");
    })
    .await;
}

#[tokio::test]
async fn too_many_connections_are_told_503() {
    under(tight().with_connections(60), async |at| {
        let mut held = Vec::new();
        let mut refused = 0;
        for _ in 0..80 {
            let mut stream = say(at, b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await;
            let mut begin = [0; 12];
            stream.read_exact(&mut begin).await.unwrap();
            match &begin {
                b"HTTP/1.1 200" => held.push(stream),
                b"HTTP/1.1 503" => {
                    let reply = rest(&mut stream).await;
                    assert!(reply.contains("retry-after: 1") && reply.ends_with("later.\n"), "{reply}");
                    refused += 1;
                }
                other => panic!("{}", String::from_utf8_lossy(other)),
            }
        }
        assert!((60 - GOOD..=60).contains(&held.len()), "{}", held.len());
        assert_eq!(refused, 80 - held.len());
    })
    .await;
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_closed() {
    let limits = tight().with_call(Limits::default());
    under(limits, async |at| {
        let begun = Instant::now();
        let head = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nhuge";
        let mut stream = say(at, head).await;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let reply = rest(&mut stream).await;
        assert!(reply.len() < 64 << 20, "it was all waited for");
        assert!(begun.elapsed() < Duration::from_secs(5));
    })
    .await;
}

#[tokio::test]
async fn bodies_together_are_bounded() {
    let limits = tight()
        .with_body_memory(1 << 20)
        .with_body_read_timeout(Duration::from_secs(2))
        .with_call(Limits::default().with_message_size(1 << 20));
    under(limits, async |at| {
        let part = vec![b'x'; 800_000];
        let head = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n";
        let _first = say(at, &[&head[..], &part].concat()).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut second = say(at, &[&head[..], &part].concat()).await;
        let reply = rest(&mut second).await;
        assert!(reply.starts_with("HTTP/1.1 503 ") && reply.contains("body_memory"), "{reply}");
    })
    .await;
}
