//! Calls over HTTP, as callers see them when nothing is wrong.

mod common;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use common::{Echo, Running, ask, builder, echo_server, post, text};
use farcall_net::{HttpClient, SendOptions, Server, ServerLimits, TIMEOUT_HEADER};
use farcall_wire::{Completion, FaultKind};
use http::{Method, Request, StatusCode};

#[tokio::test]
async fn echoes_small_and_large_bodies_over_one_connection() {
    let server = echo_server().await;
    let client = HttpClient::new();
    let peer = text(&client, &server.url(), "peer").await;
    assert!(peer.starts_with("127.0.0.1:") && peer.ends_with(" echo"), "{peer}");
    for size in [0, 1, 100, 9_000, 200_000, 3_000_000] {
        let body = Bytes::from(vec![b'a'; size]);
        assert_eq!(ask(&client, &server.url(), body.clone()).await.into_body(), body);
    }
    // The same port: the connection was kept all along.
    assert_eq!(text(&client, &server.url(), "peer").await, peer);
    server.stop().await;
}

#[tokio::test]
async fn sixty_four_callers_at_once() {
    let server = echo_server().await;
    let client = HttpClient::new();
    let callers = (0..64).map(|caller| {
        let (client, url) = (client.clone(), server.url());
        tokio::spawn(async move {
            for call in 0..20 {
                let body = format!("{caller}-{call}");
                assert_eq!(text(&client, &url, body.clone()).await, body);
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    server.stop().await;
}

#[tokio::test]
async fn pages_and_wrong_methods() {
    let server = echo_server().await;
    let client = HttpClient::new();
    let send = async |method: Method, path: &str| {
        let url = format!("http://{}{path}", server.at[0]);
        let request = Request::builder().method(method).uri(url).body(Bytes::new()).unwrap();
        client.send(request, &SendOptions::default()).await.unwrap()
    };
    assert_eq!(send(Method::GET, "/livez").await.body(), "alive\n");
    assert_eq!(send(Method::GET, "/readyz").await.body(), "ready\n");
    assert_eq!(send(Method::HEAD, "/readyz").await.body(), "");
    assert_eq!(send(Method::GET, "/none").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(send(Method::POST, "/nobody").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(send(Method::GET, "/metrics").await.status(), StatusCode::NOT_FOUND);
    let wrong = send(Method::GET, "/echo").await;
    assert_eq!(
        (wrong.status(), &wrong.headers()["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().unwrap())
    );
    let wrong = send(Method::DELETE, "/x").await;
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(wrong.headers()["allow"], "GET, HEAD, POST");
    server.stop().await;
}

#[tokio::test]
async fn context_carries_metadata_and_what_is_left_of_the_deadline() {
    let server = Running::start(builder().http(Echo::default()).metadata("x-tenant".parse().unwrap())).await;
    let client = HttpClient::new();
    let request = Request::post(server.url())
        .header("traceparent", "00-1-2-01")
        .header("x-tenant", "blue")
        .header("x-other", "no")
        .body("metadata".into())
        .unwrap();
    let reply = client.send(request, &SendOptions::default()).await.unwrap();
    assert_eq!(reply.body(), "traceparent=00-1-2-01;x-tenant=blue");

    let soon = SendOptions::default().with_deadline(Instant::now() + Duration::from_secs(3));
    let reply = client.send(post(&server.url(), "left"), &soon).await.unwrap();
    let left: u64 = std::str::from_utf8(reply.body()).unwrap().parse().unwrap();
    assert!((2000..=3000).contains(&left), "{left}");
    server.stop().await;
}

#[tokio::test]
async fn a_deadline_ends_the_call_on_both_sides() {
    let echo = Echo::default();
    let server = Running::start(builder().http(echo.clone())).await;
    let client = HttpClient::builder().forward_deadline(false).build();
    // The server's own.
    let request =
        Request::post(server.url()).header(&TIMEOUT_HEADER, "50").body("sleep 5000".into()).unwrap();
    let reply = client.send(request, &SendOptions::default()).await.unwrap();
    assert!(reply.body().starts_with(b"fault deadline:"), "{reply:?}");
    assert_eq!(echo.cancelled.load(Ordering::SeqCst), 1);
    // One that has passed: the call does not begin.
    let request = Request::post(server.url()).header(&TIMEOUT_HEADER, "0").body("hi".into()).unwrap();
    let reply = client.send(request, &SendOptions::default()).await.unwrap();
    assert!(reply.body().starts_with(b"fault deadline:"), "{reply:?}");
    assert_eq!(echo.calls.load(Ordering::SeqCst), 1);
    // The client's own, which closes the connection and so stops the server's work.
    let soon = SendOptions::default().with_deadline(Instant::now() + Duration::from_millis(50));
    let fault = client.send(post(&server.url(), "sleep 5000"), &soon).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Deadline, Completion::Maybe));
    for _ in 0..100 {
        if echo.cancelled.load(Ordering::SeqCst) == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(echo.cancelled.load(Ordering::SeqCst), 2);
    server.stop().await;
}

#[tokio::test]
async fn a_panic_ends_one_call_and_not_its_connection() {
    let server = echo_server().await;
    let client = HttpClient::new();
    let peer = text(&client, &server.url(), "peer").await;
    for how in ["panic", "panic early"] {
        assert!(text(&client, &server.url(), how).await.starts_with("fault internal:"));
    }
    assert_eq!(text(&client, &server.url(), "peer").await, peer);
    server.stop().await;
}

#[tokio::test]
async fn calls_over_the_cap_are_refused_at_once() {
    let limits = ServerLimits::default().with_calls(1, 1);
    let server = Running::start(builder().http(Echo::default()).limits(limits)).await;
    let client = HttpClient::new();
    let url = Arc::new(server.url());
    let slow = |millis: u32| {
        let (client, url) = (client.clone(), Arc::clone(&url));
        tokio::spawn(async move { text(&client, &url, format!("sleep {millis}")).await })
    };
    let (running, waiting) = (slow(400), slow(1));
    tokio::time::sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    let refused = ask(&client, &url, "third").await;
    assert!(refused.body().starts_with(b"fault overloaded:"), "{refused:?}");
    assert_eq!(refused.headers()["retry-after"], "1");
    assert!(begun.elapsed() < Duration::from_millis(200));
    assert_eq!(running.await.unwrap(), "slept");
    assert_eq!(waiting.await.unwrap(), "slept");
    server.stop().await;
}

#[tokio::test]
async fn large_replies_are_compressed_if_configured_and_wanted() {
    let server = Running::start(builder().http(Echo::default()).compress(1024)).await;
    let wants = HttpClient::builder().gzip(true).build();
    let reply = ask(&wants, &server.url(), "large").await;
    assert_eq!(reply.headers()["content-encoding"], "gzip");
    assert_eq!(reply.body().len(), 20_000);
    let plain = ask(&HttpClient::new(), &server.url(), "large").await;
    assert!(!plain.headers().contains_key("content-encoding"));
    assert_eq!(plain.body().len(), 20_000);
    // What the client decodes is bounded as well.
    let small = SendOptions::default().with_limit(10_000);
    let fault = wants.send(post(&server.url(), "large"), &small).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Limit);
    server.stop().await;
}

#[tokio::test]
async fn a_unix_socket_replaces_a_stale_one_and_goes_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let unix = || Server::builder().listen(farcall_net::Address::unix(&path)).http(Echo::default());
    let server = Running::start(unix()).await;
    assert!(unix().bind().await.unwrap_err().to_string().contains("another process"));

    let client = HttpClient::builder().unix(&path).build();
    assert_eq!(text(&client, "http://any.example/RPC2", "peer").await, "unix echo");
    let encoded = path.to_str().unwrap().replace('/', "%2F");
    let (split, url) = farcall_net::unix_url(&format!("http+unix://{encoded}/RPC2")).unwrap();
    assert_eq!((split.as_path(), url.as_str()), (path.as_path(), "http://localhost/RPC2"));
    drop(client);
    server.stop().await;
    assert!(!path.exists());
    std::fs::write(&path, "not a socket").unwrap();
    assert!(unix().bind().await.is_err());
    assert_eq!(std::fs::read(&path).unwrap(), b"not a socket");
}
