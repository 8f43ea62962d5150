//! What net adds to bare hyper: one caller over one connection, 200 octets
//! each way. `cargo bench -p farcall-net` prints microseconds a call.

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use bytes::Bytes;
use farcall_net::{BoxFuture, HttpClient, HttpProtocol, SendOptions, Server};
use farcall_wire::{Context, Fault};
use http::request::Parts;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

const CALLS: u32 = 10_000;
const ROUNDS: usize = 7;
const SIZE: usize = 200;

struct Echo;

impl HttpProtocol for Echo {
    fn name(&self) -> &'static str {
        "echo"
    }

    fn claims(&self, head: &Parts, _: &Bytes) -> bool {
        head.method == Method::POST
    }

    fn handle<'a>(&'a self, _: &'a Parts, body: Bytes, _: Context) -> BoxFuture<'a, Response<Bytes>> {
        Box::pin(async move { Response::new(body) })
    }

    fn refuse(&self, _: &Parts, fault: Fault) -> Response<Bytes> {
        Response::new(fault.to_string().into())
    }
}

/// Runs a server on a thread of its own and gives its address.
fn on_thread<F>(serve: impl FnOnce(std::sync::mpsc::Sender<SocketAddr>) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()>,
{
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(serve(send));
    });
    receive.recv().expect("an address")
}

async fn bare(bound: std::sync::mpsc::Sender<SocketAddr>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    bound.send(listener.local_addr().expect("an address")).expect("a receiver");
    while let Ok((tcp, _)) = listener.accept().await {
        tcp.set_nodelay(true).expect("no delay");
        let service = service_fn(|request: Request<Incoming>| async {
            let body = request.into_body().collect().await.expect("a body").to_bytes();
            Ok::<_, Infallible>(Response::new(Full::new(body)))
        });
        tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(tcp), service));
    }
}

async fn net(bound: std::sync::mpsc::Sender<SocketAddr>) {
    let at = "127.0.0.1:0".parse().expect("an address");
    let server = Server::builder().listen(at).http(Echo).bind().await.expect("a server");
    bound.send(server.addresses()[0].to_string().parse().expect("TCP")).expect("a receiver");
    server.run(std::future::pending()).await;
}

/// Calls from blocking code, so that only the server differs.
fn blocking(at: SocketAddr) -> Duration {
    let mut stream = TcpStream::connect(at).expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let head = format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {SIZE}\r\n\r\n");
    let request = [head.as_bytes(), &[b'x'; SIZE]].concat();
    let mut reply = [0; 4096];
    let begun = Instant::now();
    for _ in 0..CALLS {
        stream.write_all(&request).expect("written");
        let mut length = 0;
        while !reply[..length].ends_with(&[b'x'; SIZE]) {
            length += stream.read(&mut reply[length..]).expect("read");
        }
    }
    begun.elapsed()
}

/// Calls with this crate's client to a bare server.
fn client(at: SocketAddr) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let (client, url) = (HttpClient::new(), format!("http://{at}/"));
        let begun = Instant::now();
        for _ in 0..CALLS {
            let request = Request::post(&url).body(Bytes::from_static(&[b'x'; SIZE]));
            let reply = client.send(request.expect("a request"), &SendOptions::default()).await;
            assert_eq!(reply.expect("a reply").body().len(), SIZE);
        }
        begun.elapsed()
    })
}

/// The same with hyper's bare connection, driven by a task of its own.
fn bare_client(at: SocketAddr) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let tcp = tokio::net::TcpStream::connect(at).await.expect("a connection");
        tcp.set_nodelay(true).expect("no delay");
        let made = hyper::client::conn::http1::handshake(TokioIo::new(tcp)).await;
        let (mut sender, connection) = made.expect("a connection");
        tokio::spawn(connection);
        let begun = Instant::now();
        for _ in 0..CALLS {
            let body = Full::new(Bytes::from_static(&[b'x'; SIZE]));
            let request = Request::post("/").header("host", "x").body(body).expect("a request");
            sender.ready().await.expect("ready");
            let reply = sender.send_request(request).await.expect("a reply");
            assert_eq!(reply.into_body().collect().await.expect("a body").to_bytes().len(), SIZE);
        }
        begun.elapsed()
    })
}

fn main() {
    let (bare, net) = (on_thread(bare), on_thread(net));
    let cases: [(&str, &dyn Fn() -> Duration); 4] = [
        ("bare hyper server", &|| blocking(bare)),
        ("net server", &|| blocking(net)),
        ("bare hyper client", &|| bare_client(bare)),
        ("net client", &|| client(bare)),
    ];
    let mut best = [Duration::MAX; 4];
    // Interleaved, so that what else the machine does falls on all alike.
    for _ in 0..ROUNDS {
        for (best, (_, run)) in best.iter_mut().zip(&cases) {
            *best = run().min(*best);
        }
    }
    for ((name, _), best) in cases.iter().zip(best) {
        println!("{name:20} {:7.2} us a call", best.as_secs_f64() * 1e6 / f64::from(CALLS));
    }
}
