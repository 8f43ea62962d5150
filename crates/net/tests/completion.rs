//! What a client says about a call that failed: whether it was sent, and
//! when it tries again.

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::post;
use farcall_net::{HttpClient, SendOptions};
use farcall_wire::{Completion, FaultKind};

/// What a server does with one connection.
#[derive(Clone, Copy)]
enum Treat {
    /// Closes without reading.
    Close,
    /// Reads a request and closes.
    ReadAndClose,
    /// Replies with half of what it announces.
    HalfReply,
    /// Replies, then closes although it said that it would not.
    ReplyAndClose,
    /// Says something that is not HTTP.
    Babble,
    /// Reads and says nothing.
    Hang,
}

/// The URL of a server, and the number of requests that it read.
fn server(treats: &'static [Treat]) -> (String, Arc<AtomicUsize>) {
    let (url, read, _) = closing_server(treats);
    (url, read)
}

/// Treats one connection after the other on a thread of its own, the last way
/// for all that follow; counts requests read and connections closed.
fn closing_server(treats: &'static [Treat]) -> (String, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    let read = Arc::new(AtomicUsize::new(0));
    let closed = Arc::new(AtomicUsize::new(0));
    let (count, ended) = (Arc::clone(&read), Arc::clone(&closed));
    std::thread::spawn(move || {
        for treat in treats.iter().chain(std::iter::repeat(&treats[treats.len() - 1])) {
            let (mut stream, _) = listener.accept().unwrap();
            if matches!(treat, Treat::Close) {
                continue;
            }
            let (mut request, mut piece) = (Vec::new(), [0; 4096]);
            while !request.ends_with(b"body") {
                let length = stream.read(&mut piece).unwrap();
                assert!(length > 0, "the client closed");
                request.extend_from_slice(&piece[..length]);
            }
            count.fetch_add(1, Ordering::SeqCst);
            let reply: &[u8] = match treat {
                Treat::Close | Treat::ReadAndClose => b"",
                Treat::HalfReply => b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
                Treat::ReplyAndClose => b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood",
                Treat::Babble => b"220 mail.example ESMTP\r\n",
                Treat::Hang => {
                    std::thread::sleep(Duration::from_secs(5));
                    b""
                }
            };
            stream.write_all(reply).unwrap();
            // Long enough for the reply to be seen before the end.
            std::thread::sleep(Duration::from_millis(2));
            drop(stream);
            ended.fetch_add(1, Ordering::SeqCst);
        }
    });
    (url, read, closed)
}

fn idempotent() -> SendOptions {
    SendOptions::default().with_idempotent(true)
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    drop(listener);
    let client = HttpClient::new();
    let url = format!("http://{at}/x");
    let fault = client.send(post(&url, "body"), &SendOptions::default()).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Transport, Completion::No));
    assert_eq!(fault.peer(), Some(at.to_string().as_str()));
    assert!(fault.message().contains("nothing listens there"), "{fault}");
    let fault =
        client.send(post("http://unknown.invalid/", "body"), &SendOptions::default()).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Transport, Completion::No));
}

#[tokio::test]
async fn read_and_closed_may_have_run_and_is_not_repeated() {
    for treats in [&[Treat::ReadAndClose][..], &[Treat::HalfReply]] {
        let (url, read) = server(treats);
        let options = SendOptions::default();
        let fault = HttpClient::new().send(post(&url, "body"), &options).await.unwrap_err();
        assert_eq!((fault.kind(), fault.completion()), (FaultKind::Transport, Completion::Maybe));
        assert_eq!(read.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn idempotent_calls_are_repeated_once() {
    let (url, read) = server(&[Treat::ReadAndClose, Treat::ReplyAndClose]);
    let reply = HttpClient::new().send(post(&url, "body"), &idempotent()).await.unwrap();
    assert_eq!((reply.body().as_ref(), read.load(Ordering::SeqCst)), (&b"good"[..], 2));

    let (url, read) = server(&[Treat::ReadAndClose]);
    let fault = HttpClient::new().send(post(&url, "body"), &idempotent()).await.unwrap_err();
    assert_eq!((fault.completion(), read.load(Ordering::SeqCst)), (Completion::Maybe, 2));
}

#[tokio::test]
async fn closed_before_reading_is_never_said_to_have_run() {
    let (url, read) = server(&[Treat::Close]);
    for _ in 0..20 {
        let options = SendOptions::default();
        let fault = HttpClient::new().send(post(&url, "body"), &options).await.unwrap_err();
        // Whether octets left before the close arrived is a race; both are exact.
        assert_ne!(fault.completion(), Completion::Yes);
        assert_eq!(fault.kind(), FaultKind::Transport);
    }
    assert_eq!(read.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_is_not_used() {
    let (url, read, closed) = closing_server(&[Treat::ReplyAndClose]);
    let client = HttpClient::new();
    // So many that the retry budget could not make up for it.
    for calls in 1..=80 {
        let reply = client.send(post(&url, "body"), &SendOptions::default()).await.unwrap();
        assert_eq!((reply.body().as_ref(), read.load(Ordering::SeqCst)), (&b"good"[..], calls));
        while closed.load(Ordering::SeqCst) < calls {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // Even when the runtime had no occasion to hear of it before.
    client.send(post(&url, "body"), &SendOptions::default()).await.unwrap();
    let asleep = Instant::now();
    while closed.load(Ordering::SeqCst) < 81 || asleep.elapsed() < Duration::from_millis(700) {
        std::thread::sleep(Duration::from_millis(10));
    }
    client.send(post(&url, "body"), &SendOptions::default()).await.unwrap();
}

#[tokio::test]
async fn not_http_says_so() {
    let (url, _) = server(&[Treat::Babble]);
    let fault = HttpClient::new().send(post(&url, "body"), &idempotent()).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Protocol, Completion::Maybe));
    assert!(fault.message().contains("not HTTP") && fault.message().contains("https"), "{fault}");
}

#[tokio::test]
async fn deadlines_know_whether_anything_was_sent() {
    let (url, _) = server(&[Treat::Hang]);
    let soon = || SendOptions::default().with_deadline(Instant::now() + Duration::from_millis(100));
    let begun = Instant::now();
    let fault = HttpClient::new().send(post(&url, "body"), &soon()).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Deadline, Completion::Maybe));
    assert!(begun.elapsed() < Duration::from_secs(1));
    // A deadline in the past: nothing is sent.
    let past = SendOptions::default().with_deadline(Instant::now());
    let fault = HttpClient::new().send(post(&url, "body"), &past).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Deadline, Completion::No));
}

#[tokio::test]
async fn the_retry_budget_bounds_repeated_calls() {
    let (url, read) = server(&[Treat::ReadAndClose]);
    let client = HttpClient::new();
    let begun = Instant::now();
    for _ in 0..100 {
        assert!(client.send(post(&url, "body"), &idempotent()).await.is_err());
    }
    let repeated = read.load(Ordering::SeqCst) - 100;
    let earned = 10 + 20 + (begun.elapsed().as_secs_f64() * 10.0) as usize + 1;
    assert!((20..=earned).contains(&repeated), "{repeated} of {earned}");
}
