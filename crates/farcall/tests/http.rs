//! Traps of HTTP around XML-RPC, over a socket, as old and odd peers set them.

mod common;

use std::net::SocketAddr;

use common::{call, gzip, post, reply, rest, say, socket, start};
use farcall::net::ServerLimits;
use farcall::{FaultKind, Limits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const ADD: &str = "<methodCall><methodName>echo.add</methodName><params><param><value><int>2</int></value></param>\
                   <param><value><int>3</int></value></param></params></methodCall>";

fn with(test: impl AsyncFnOnce(SocketAddr)) {
    farcall::block_on(async {
        let limits = ServerLimits::default().with_call(Limits::default().with_message_size(1 << 20));
        let server = start(limits).await;
        test(socket(&server)).await;
        server.stop().await;
    });
}

/// The reply to octets that end a connection.
async fn ask(at: SocketAddr, octets: &[u8]) -> String {
    rest(&mut say(at, octets).await).await
}

fn is_five(reply: &str) {
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n") || reply.starts_with("HTTP/1.0 200 OK\r\n"), "{reply}");
    assert!(reply.contains("<value><int>5</int></value>"), "{reply}");
    assert!(reply.to_ascii_lowercase().contains("content-type: text/xml; charset=utf-8\r\n"), "{reply}");
}

fn is_fault(reply: &str, code: i64) {
    assert!(reply.contains(&format!("<name>faultCode</name><value><int>{code}</int>")), "{reply}");
}

#[test]
fn any_content_type_or_none_will_do() {
    with(async |at| {
        for ty in [
            "",
            "content-type: text/xml\r\n",
            "Content-Type: application/xml\r\n",
            "content-type: text/plain\r\n",
            "content-type: application/x-www-form-urlencoded\r\n",
            "content-type: text/xml;charset=\"UTF-8\"\r\n",
            "content-type: ;;;=\r\n",
            "content-type: text/xml; charset\r\n",
            "content-type: \u{e9}\r\n",
            "content-type: application/json\r\n",
            "user-agent: \r\n",
        ] {
            is_five(&ask(at, &post("/RPC2", ty, ADD.as_bytes())).await);
        }
        let latin1: Vec<u8> = call("echo.echo", "<value>é</value>").chars().map(|c| c as u8).collect();
        let reply = ask(at, &post("/RPC2", "content-type: text/xml; Charset=ISO-8859-1\r\n", &latin1)).await;
        assert!(reply.contains("<string>é</string>"), "{reply}");
        is_fault(&ask(at, &post("/RPC2", "content-type: text/xml\r\n", &latin1)).await, -32702);
        is_fault(
            &ask(at, &post("/RPC2", "content-type: text/xml; charset=x-none\r\n", ADD.as_bytes())).await,
            -32701,
        );
    });
}

#[test]
fn chunks_of_any_size_are_joined() {
    with(async |at| {
        let head =
            "POST /RPC2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
        for size in [1, 7, 1000] {
            let chunks: String = ADD
                .as_bytes()
                .chunks(size)
                .map(|chunk| format!("{:x};a=b\r\n{}\r\n", chunk.len(), std::str::from_utf8(chunk).unwrap()))
                .collect();
            is_five(&ask(at, format!("{head}{chunks}0\r\nx-trailer: y\r\n\r\n").as_bytes()).await);
        }
    });
}

#[test]
fn a_body_that_comes_octet_by_octet_is_read() {
    with(async |at| {
        let request = post("/RPC2", "", ADD.as_bytes());
        let mut stream = say(at, b"").await;
        for octet in &request {
            stream.write_all(&[*octet]).await.unwrap();
            stream.flush().await.unwrap();
        }
        is_five(&rest(&mut stream).await);
    });
}

#[test]
fn expect_100_continue_is_answered() {
    with(async |at| {
        let whole = post("/RPC2", "expect: 100-continue\r\n", ADD.as_bytes());
        let (head, body) = whole.split_at(whole.len() - ADD.len());
        let mut stream = say(at, head).await;
        let mut go = [0; 25];
        stream.read_exact(&mut go).await.unwrap();
        assert_eq!(&go, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(body).await.unwrap();
        is_five(&rest(&mut stream).await);
        // and one that does not wait for it
        let reply = ask(at, &whole).await;
        is_five(reply.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&reply));
    });
}

#[test]
fn compressed_bodies_are_read_within_the_limit() {
    with(async |at| {
        for encoding in ["gzip", "x-gzip", "GZIP"] {
            let headers = format!("content-encoding: {encoding}\r\n");
            is_five(&ask(at, &post("/RPC2", &headers, &gzip(ADD.as_bytes()))).await);
        }
        let bomb = gzip(&vec![b' '; 8 << 20]);
        let reply = ask(at, &post("/RPC2", "content-encoding: gzip\r\n", &bomb)).await;
        assert!(reply.starts_with("HTTP/1.1 413 ") && reply.contains("message_size"), "{reply}");
        is_fault(&reply, -32003);
        let reply = ask(at, &post("/RPC2", "content-encoding: gzip\r\n", b"no gzip")).await;
        assert!(reply.starts_with("HTTP/1.1 400 "), "{reply}");
        is_fault(&reply, -32700);
        let reply = ask(at, &post("/RPC2", "content-encoding: br\r\n", b"x")).await;
        assert!(reply.starts_with("HTTP/1.1 415 "), "{reply}");
    });
}

#[test]
fn get_of_a_place_that_is_only_posted_to_is_405() {
    with(async |at| {
        let reply = ask(at, b"GET /RPC2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        assert!(reply.starts_with("HTTP/1.1 405 "), "{reply}");
        assert!(reply.to_ascii_lowercase().contains("\r\nallow: post\r\n"), "{reply}");
        for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
            let request = format!("{method} /RPC2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            let reply = ask(at, request.as_bytes()).await;
            assert!(reply.starts_with("HTTP/1.1 405 "), "{method}: {reply}");
        }
    });
}

#[test]
fn unknown_paths_are_told_so() {
    with(async |at| {
        // a call is answered in its own words
        let reply = ask(at, &post("/nothing", "", ADD.as_bytes())).await;
        is_fault(&reply, -32007);
        assert!(reply.contains("/RPC2"), "{reply}");
        let reply = ask(at, &post("/nothing", "", b"hello")).await;
        assert!(reply.starts_with("HTTP/1.1 404 "), "{reply}");
        let reply = ask(at, b"GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        assert!(reply.starts_with("HTTP/1.1 404 "), "{reply}");
        // its own path, with and without what else may stand there
        for path in ["/RPC2", "/", "/rpc2", "/RPC2/", "/RPC2?x=y", "/echo", "http://x/RPC2", "//RPC2"] {
            is_five(&ask(at, &post(path, "", ADD.as_bytes())).await);
        }
    });
}

#[test]
fn an_empty_or_foreign_body_at_our_place_gets_a_fault() {
    with(async |at| {
        for body in ["", " ", "hello", "<html/>", "a=b&c=d"] {
            let reply = ask(at, &post("/RPC2", "", body.as_bytes())).await;
            assert!(reply.contains("<methodResponse><fault>"), "{body}: {reply}");
        }
        let reply = ask(at, b"POST /RPC2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        is_fault(&reply, -32700);
    });
}

#[test]
fn an_http_1_0_client_is_answered_and_closed() {
    with(async |at| {
        let request = format!("POST /RPC2 HTTP/1.0\r\ncontent-length: {}\r\n\r\n{ADD}", ADD.len());
        let reply = ask(at, request.as_bytes()).await;
        is_five(&reply);
        assert!(!reply.to_ascii_lowercase().contains("transfer-encoding"), "{reply}");
        assert!(reply.to_ascii_lowercase().contains("content-length: "), "{reply}");
        let keep = format!(
            "POST /RPC2 HTTP/1.0\r\nconnection: keep-alive\r\ncontent-length: {}\r\n\r\n{ADD}",
            ADD.len()
        );
        let mut stream = say(at, keep.as_bytes()).await;
        for _ in 0..2 {
            let (head, body) = common::reply(&mut stream).await;
            is_five(&format!("{head}{body}"));
            stream.write_all(keep.as_bytes()).await.unwrap();
        }
    });
}

#[test]
fn head_has_the_head_of_get_and_no_body() {
    with(async |at| {
        for (path, status) in
            [("/", "200"), ("/echo", "200"), ("/RPC2", "405"), ("/nothing", "404"), ("/livez", "200")]
        {
            let request = format!("HEAD {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            let reply = ask(at, request.as_bytes()).await;
            assert!(reply.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {reply}");
            assert!(reply.ends_with("\r\n\r\n"), "{path}: a body: {reply}");
            assert!(!reply.to_ascii_lowercase().contains("content-length: 0\r\n"), "{path}: {reply}");
        }
    });
}

#[test]
fn a_connection_lives_on_after_a_fault() {
    with(async |at| {
        let mut stream = say(at, b"").await;
        let bodies =
            ["", "<", "<methodCall/>", "<methodCall><methodName>nothing</methodName></methodCall>", ADD];
        for _ in 0..3 {
            for body in bodies {
                let head =
                    format!("POST /RPC2 HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
                stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
                let (head, text) = reply(&mut stream).await;
                assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
                assert_eq!(text.contains("<fault>"), body != ADD, "{text}");
            }
        }
        // several at once, answered in order
        let one = format!("POST /RPC2 HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{ADD}", ADD.len());
        stream.write_all(one.repeat(10).as_bytes()).await.unwrap();
        for _ in 0..10 {
            let (head, text) = reply(&mut stream).await;
            is_five(&format!("{head}{text}"));
        }
    });
}

#[test]
fn request_lines_that_are_none_are_400() {
    with(async |at| {
        for request in [
            "POST\r\n\r\n",
            "POST /RPC2 HTTP/9.9\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
            "POST /RPC2 HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!",
            "POST /RPC2 HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
            "POST /RPC2 HTTP/1.1\r\nhost: x\r\ncontent-length: 1x\r\n\r\n",
            "POST /RPC2 HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        ] {
            let mut stream = say(at, request.as_bytes()).await;
            stream.shutdown().await.unwrap();
            let reply = rest(&mut stream).await;
            assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 4"), "{request}: {reply}");
        }
    });
}

#[test]
fn both_lengths_in_one_request_are_no_way_to_smuggle_another() {
    with(async |at| {
        let inner = format!("POST /RPC2 HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{ADD}", ADD.len());
        let request = format!(
            "POST /RPC2 HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{inner}"
        );
        let mut stream = say(at, request.as_bytes()).await;
        stream.shutdown().await.unwrap();
        let reply = rest(&mut stream).await;
        // either refused, or read by its chunks (RFC 9112, section 6.3) and never by its length
        assert!(
            reply.starts_with("HTTP/1.1 4") || !reply.contains("faultString</name><value><string>0"),
            "{reply}"
        );
    });
}

#[test]
fn a_client_tells_apart_what_a_server_without_xml_rpc_says() {
    with(async |at| {
        for (path, kind) in [("/nothing", FaultKind::UnknownObject), ("/livez", FaultKind::UnknownObject)] {
            let client = farcall::connect(&format!("xmlrpc+http://{at}{path}")).unwrap();
            let fault = client.call("echo.add", (2, 3)).await.unwrap_err();
            assert_eq!(fault.kind(), kind, "{path}: {fault}");
        }
    });
}
