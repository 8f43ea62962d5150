//! Servers that mean harm, are broken or are no XML-RPC servers at all, seen from the client:
//! a fault that says which, in bounded time and memory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use farcall_model::Value;
use farcall_wire::{Completion, Context, Fault, FaultKind, Limits};
use farcall_xmlrpc::Client;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A server that reads a request and answers those octets, whatever was asked; then it closes.
async fn answering(reply: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let reply = Arc::new(reply);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let reply = Arc::clone(&reply);
            tokio::spawn(async move {
                let mut request = Vec::new();
                let mut piece = [0; 4096];
                while !request.windows(13).any(|w| w == b"</methodCall>") {
                    match stream.read(&mut piece).await {
                        Ok(length @ 1..) => request.extend_from_slice(&piece[..length]),
                        _ => return,
                    }
                }
                let _ = stream.write_all(&reply).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    format!("http://{address}/RPC2")
}

fn http(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn cx() -> Context {
    let limits = Limits::default().with_message_size(1 << 20);
    Context::new().with_limits(Arc::new(limits)).with_timeout(Duration::from_secs(10))
}

/// What a call gives when those octets are the answer.
fn told(reply: Vec<u8>) -> Result<Value, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = answering(reply).await;
        let client = Client::builder(&url).context(cx()).build().unwrap();
        client.call_values("any", &[Value::Nil]).await
    })
}

fn ok(body: &str) -> Result<Value, Fault> {
    told(http("200 OK", "content-type: text/xml\r\n", body.as_bytes()))
}

const FIVE: &str =
    "<methodResponse><params><param><value><int>5</int></value></param></params></methodResponse>";
const FAULT: &str = "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>4</int></value></member>\
                     <member><name>faultString</name><value>no</value></member></struct></value></fault></methodResponse>";

#[test]
fn odd_answers_that_are_answers_are_read() {
    for (status, headers) in [
        ("200 OK", ""),
        ("200 Fine", "content-type: text/html\r\n"),
        ("200 OK", "content-type: text/xml; charset=utf-8\r\n"),
        ("202 Accepted", "connection: close\r\n"),
        ("500 Internal Server Error", "content-type: text/xml\r\n"),
    ] {
        assert_eq!(told(http(status, headers, FIVE.as_bytes())).unwrap(), Value::I32(5), "{status}");
        let fault = told(http(status, headers, FAULT.as_bytes())).unwrap_err();
        assert_eq!((fault.code(), fault.is_remote()), (Some(4), true), "{status}");
    }
    // to the end of the connection, and in chunks
    assert_eq!(told(format!("HTTP/1.0 200 OK\r\n\r\n{FIVE}").into_bytes()).unwrap(), Value::I32(5));
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{FIVE}\r\n0\r\n\r\n",
        FIVE.len()
    );
    assert_eq!(told(chunked.into_bytes()).unwrap(), Value::I32(5));
    let latin1: Vec<u8> = FIVE.replace("<int>5</int>", "é").chars().map(|c| c as u8).collect();
    let declared = [&b"<?xml version='1.0' encoding='ISO-8859-1'?>"[..], &latin1].concat();
    assert_eq!(told(http("200 OK", "", &declared)).unwrap(), Value::from("é"));
    assert_eq!(
        told(http("200 OK", "content-type: text/xml; charset=ISO-8859-1\r\n", &latin1)).unwrap(),
        Value::from("é")
    );
}

#[test]
fn answers_that_are_none_say_so_and_may_have_run() {
    for body in [
        "",
        " ",
        "hello",
        "<html><body>It works!</body></html>",
        "<methodCall/>",
        "{\"result\": 5}",
        "<methodResponse>",
        "<methodResponse><params><param><value><double>INF</double></value></param></params></methodResponse>",
        "<!DOCTYPE x><methodResponse/>",
    ] {
        let fault = ok(body).unwrap_err();
        assert_eq!(
            (fault.kind(), fault.completion()),
            (FaultKind::Protocol, Completion::Maybe),
            "{body}: {fault}"
        );
        assert!(!fault.is_remote() && fault.message().contains("byte "), "{fault}");
        assert!(fault.to_string().contains("http://127.0.0.1:"), "which server: {fault}");
    }
    for cut in 0..FIVE.len() {
        assert!(ok(&FIVE[..cut]).is_err(), "{cut}");
    }
}

#[test]
fn statuses_are_told_apart() {
    for (status, kind) in [
        ("401 Unauthorized", FaultKind::Unauthenticated),
        ("403 Forbidden", FaultKind::Forbidden),
        ("404 Not Found", FaultKind::UnknownObject),
        ("405 Method Not Allowed", FaultKind::UnknownObject),
        ("413 Too Large", FaultKind::Limit),
        ("500 Oops", FaultKind::Internal),
        ("503 Busy", FaultKind::Overloaded),
        ("504 Late", FaultKind::Deadline),
        ("302 Found", FaultKind::Protocol),
    ] {
        let fault = told(http(status, "location: http://127.0.0.1:1/\r\n", b"<html>no</html>")).unwrap_err();
        assert_eq!(fault.kind(), kind, "{status}: {fault}");
        assert!(fault.message().contains(&status[..3]), "{fault}");
    }
}

#[test]
fn hostile_answers_are_bounded() {
    let begun = Instant::now();
    let response =
        |value: &str| format!("<methodResponse><params><param>{value}</param></params></methodResponse>");
    let fault = ok(&response(&"<value><array>".repeat(50_000))).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Limit, "{fault}");
    let fault = ok(&response(&format!("<value>{}</value>", "x".repeat(2 << 20)))).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Limit, "{fault}");
    assert!(fault.message().contains("message_size"), "{fault}");
    let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b' '; 8 << 20]].concat();
    assert_eq!(told(endless).unwrap_err().kind(), FaultKind::Limit);
    let claimed = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999\r\n\r\n".to_vec();
    assert_eq!(told(claimed).unwrap_err().kind(), FaultKind::Limit);
    let heads = [b"HTTP/1.1 200 OK\r\n".to_vec(), b"a: b\r\n".repeat(500_000)].concat();
    told(heads).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn a_connection_that_breaks_may_have_run() {
    for reply in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<method",
        b"HTTP/1.1 2",
        b"\x00\x01\x02",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz",
    ] {
        let fault = told(reply.to_vec()).unwrap_err();
        assert_eq!(fault.completion(), Completion::Maybe, "{fault}");
        assert!(matches!(fault.kind(), FaultKind::Transport | FaultKind::Protocol), "{fault:?}");
    }
}

#[test]
fn a_batch_that_comes_back_wrong_is_a_fault() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let batch = |value: &str| {
        let body = format!("<methodResponse><params><param>{value}</param></params></methodResponse>");
        runtime.block_on(async {
            let client = Client::connect(&answering(http("200 OK", "", body.as_bytes())).await).unwrap();
            client.multicall(&[("a", &[]), ("b", &[])]).await
        })
    };
    let one = "<value><array><data><value><int>5</int></value></data></array></value>";
    let failed =
        "<value><struct><member><name>faultCode</name><value><int>4</int></value></member></struct></value>";
    let list = |inner: &str| format!("<value><array><data>{inner}</data></array></value>");
    let good = batch(&list(&format!("{one}{failed}"))).unwrap();
    assert_eq!(good[0].as_ref().unwrap(), &Value::I32(5));
    assert_eq!(good[1].as_ref().unwrap_err().code(), Some(4));
    for wrong in [
        list(""),
        list(one),
        list(&one.repeat(3)),
        "<value>x</value>".into(),
        "<value><struct/></value>".into(),
    ] {
        assert_eq!(batch(&wrong).unwrap_err().kind(), FaultKind::Protocol, "{wrong}");
    }
    let odd = batch(&list(&format!("<value>x</value>{}", list("")))).unwrap();
    assert!(odd.iter().all(|reply| reply.as_ref().unwrap_err().kind() == FaultKind::Protocol), "{odd:?}");
}

#[test]
fn a_parameter_that_cannot_be_sent_is_refused_before_anything_is() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = Client::connect("http://127.0.0.1:1/").unwrap();
        for value in [Value::F64(f64::NAN), Value::from("\u{1}"), Value::U64(u64::MAX)] {
            let fault = client.call_values("any", &[Value::Nil, value]).await.unwrap_err();
            assert_eq!(
                (fault.kind(), fault.completion()),
                (FaultKind::Unsupported, Completion::No),
                "{fault}"
            );
            assert!(fault.message().starts_with("any: [1]: "), "{fault}");
        }
        let fault = client.call_values("a\u{1}b", &[]).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Unsupported, "{fault}");
    });
}
