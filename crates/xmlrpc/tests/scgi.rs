//! SCGI over TCP and unix sockets, against a server that reads netstrings as rTorrent does.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;

use farcall_model::Value;
use farcall_wire::{Completion, FaultKind};
use farcall_xmlrpc::Client;

const REPLY: &str =
    "<methodResponse><params><param><value><i8>42</i8></value></param></params></methodResponse>";

/// Reads one request to its last octet, and gives its headers and body.
fn request(stream: &mut impl Read) -> (Vec<String>, String) {
    let mut octet = [0];
    let mut length = String::new();
    while stream.read(&mut octet).unwrap() == 1 && octet[0] != b':' {
        length.push(char::from(octet[0]));
    }
    let mut headers = vec![0; length.parse::<usize>().unwrap() + 1];
    stream.read_exact(&mut headers).unwrap();
    assert_eq!(headers.pop(), Some(b','));
    let headers: Vec<String> =
        headers.split(|b| *b == 0).map(|h| String::from_utf8(h.to_vec()).unwrap()).collect();
    assert_eq!(headers[0], "CONTENT_LENGTH", "the specification wants it first");
    let mut body = vec![0; headers[1].parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    (headers, String::from_utf8(body).unwrap())
}

fn serve(mut stream: impl Read + Write, reply: &str) {
    let (headers, body) = request(&mut stream);
    assert!(headers.windows(2).any(|pair| pair == ["SCGI", "1"]), "{headers:?}");
    assert!(body.contains("<methodName>system.pid</methodName>"), "{body}");
    stream.write_all(reply.as_bytes()).unwrap();
}

fn complete() -> String {
    format!("Status: 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{REPLY}", REPLY.len())
}

#[tokio::test]
async fn calls_go_over_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("xmlrpc+scgi://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || serve(listener.accept().unwrap().0, &complete()));
    let client = Client::connect(&url).unwrap();
    assert_eq!(client.call_values("system.pid", &[]).await.unwrap(), Value::I64(42));
    server.join().unwrap();
}

#[tokio::test]
async fn calls_go_over_a_unix_socket() {
    let path = std::env::temp_dir().join(format!("farcall-scgi-{}.sock", std::process::id()));
    let listener = UnixListener::bind(&path).unwrap();
    let server = std::thread::spawn(move || serve(listener.accept().unwrap().0, &complete()));
    let client = Client::connect(&format!("xmlrpc+scgi+unix://{}", path.display())).unwrap();
    let result = client.call_values("system.pid", &[]).await;
    std::fs::remove_file(&path).unwrap();
    assert_eq!(result.unwrap(), Value::I64(42));
    server.join().unwrap();
}

#[tokio::test]
async fn a_reply_that_is_cut_off_may_have_run() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("xmlrpc+scgi://{}", listener.local_addr().unwrap());
    let cut = complete()[..80].to_owned();
    let server = std::thread::spawn(move || serve(listener.accept().unwrap().0, &cut));
    let fault = Client::connect(&url).unwrap().call_values("system.pid", &[]).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Protocol, Completion::Maybe), "{fault}");
    server.join().unwrap();
}

#[tokio::test]
async fn nobody_there_has_not_run() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("xmlrpc+scgi://{}", listener.local_addr().unwrap());
    drop(listener);
    let fault = Client::connect(&url).unwrap().call_values("system.pid", &[]).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Transport, Completion::No), "{fault}");
}
