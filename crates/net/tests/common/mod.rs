//! A protocol to test with, a server that runs until dropped, and callers.
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use farcall_net::{Address, BoxFuture, HttpClient, HttpProtocol, SendOptions, Server, ServerBuilder};
use farcall_wire::{Context, Fault};
use http::request::Parts;
use http::{Method, Request, Response};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Answers `POST` with what the body asks for, and counts what it sees.
#[derive(Clone, Default)]
pub struct Echo {
    pub calls: Arc<AtomicUsize>,
    pub cancelled: Arc<AtomicUsize>,
}

struct Count(Arc<AtomicUsize>, bool);

impl Drop for Count {
    fn drop(&mut self) {
        if self.1 {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl HttpProtocol for Echo {
    fn name(&self) -> &'static str {
        "echo"
    }

    fn claims(&self, head: &Parts, _: &Bytes) -> bool {
        head.method == Method::POST && head.uri.path() != "/nobody"
    }

    fn serves(&self, path: &str) -> bool {
        path == "/echo"
    }

    fn handle<'a>(&'a self, _: &'a Parts, body: Bytes, cx: Context) -> BoxFuture<'a, Response<Bytes>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        assert!(body != "panic early", "told to panic before the first await");
        Box::pin(async move {
            let text = String::from_utf8_lossy(&body).into_owned();
            if let Some(millis) = text.strip_prefix("sleep ") {
                let mut count = Count(Arc::clone(&self.cancelled), true);
                tokio::time::sleep(Duration::from_millis(millis.parse().unwrap())).await;
                count.1 = false;
                return Response::new("slept".into());
            }
            match text.as_str() {
                "panic" => panic!("told to panic"),
                "who" => {
                    let name = cx.identity().map_or("nobody", |identity| identity.name.as_str());
                    Response::new(name.to_owned().into())
                }
                "peer" => Response::new(format!("{} {}", cx.peer(), cx.protocol()).into()),
                "metadata" => {
                    let all: Vec<_> = cx.metadata().map(|(n, v)| format!("{n}={v}")).collect();
                    Response::new(all.join(";").into())
                }
                "left" => {
                    let left = cx.remaining().unwrap();
                    Response::new(left.as_millis().to_string().into())
                }
                "large" => Response::new(vec![b'x'; 20_000].into()),
                "huge" => Response::new(vec![b'x'; 64 << 20].into()),
                _ => Response::new(body),
            }
        })
    }

    fn refuse(&self, _: &Parts, fault: Fault) -> Response<Bytes> {
        Response::new(format!("fault {}: {fault}", fault.kind().name()).into())
    }
}

/// A server that runs until stopped.
pub struct Running {
    pub at: Vec<Address>,
    stop: Option<oneshot::Sender<()>>,
    pub task: JoinHandle<()>,
}

impl Running {
    pub async fn start(builder: ServerBuilder) -> Self {
        let server = builder.bind().await.unwrap();
        let at = server.addresses().to_vec();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { at, stop: Some(stop), task }
    }

    pub fn socket(&self) -> SocketAddr {
        self.at[0].to_string().parse().unwrap()
    }

    pub fn url(&self) -> String {
        format!("http://{}/echo", self.at[0])
    }

    pub fn signal(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).unwrap();
        }
    }

    /// Stops and waits for the end.
    pub async fn stop(mut self) {
        self.signal();
        tokio::time::timeout(Duration::from_secs(20), self.task).await.unwrap().unwrap();
    }
}

pub fn loopback() -> Address {
    "127.0.0.1:0".parse().unwrap()
}

pub fn builder() -> ServerBuilder {
    Server::builder().listen(loopback())
}

pub async fn echo_server() -> Running {
    Running::start(builder().http(Echo::default())).await
}

pub fn post(url: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    Request::post(url).body(body.into()).unwrap()
}

pub async fn ask(client: &HttpClient, url: &str, body: impl Into<Bytes>) -> Response<Bytes> {
    client.send(post(url, body), &SendOptions::default()).await.unwrap()
}

pub async fn text(client: &HttpClient, url: &str, body: impl Into<Bytes>) -> String {
    let reply = ask(client, url, body).await;
    String::from_utf8(reply.into_body().to_vec()).unwrap()
}
