//! An attachment of 64 MiB, sent by MTOM and echoed: neither side takes more than three times its
//! size. The server runs in a process of its own, which is this program again.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use bytes::Bytes;
use farcall_builtin::{EchoClient, EchoService, Mirror};
use farcall_net::{Server, ServerLimits};
use farcall_soap::{Client, ClientOptions, SoapServer};
use farcall_wire::{Context, Limits, Remote};

const SIZE: usize = 64 << 20;
const MOST: usize = 3 * SIZE;
/// Set for the process that is the server.
const ROLE: &str = "FARCALL_MTOM_SERVER";

fn limits() -> Limits {
    Limits::default().with_message_size(SIZE + (1 << 20))
}

/// The most memory that a process had at a time.
fn peak(process: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap() << 10
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn serve() {
    let soap = SoapServer::new().with_service("echo", Arc::new(EchoService::new(Mirror)));
    let limits = ServerLimits::default().with_call(limits());
    let builder = Server::builder().listen("127.0.0.1:0".parse().unwrap()).limits(limits);
    let server = builder.http(soap).bind().await.unwrap();
    println!("at http://{}/echo", server.addresses()[0]);
    server.run(std::future::pending()).await;
}

async fn echoed(url: &str) {
    let client = Client::builder(url, EchoClient::<Client>::interface())
        .options(ClientOptions::default().with_mtom(1024))
        .build()
        .unwrap();
    let octets = Bytes::from_iter((0..SIZE).map(|n| (n >> 8) as u8));
    let cx = Context::new().with_limits(Arc::new(limits()));
    let operation = EchoClient::<Client>::interface().operations.iter().find(|o| o.name == "bytes").unwrap();
    let value = [farcall_model::Value::Bytes(octets.clone())];
    let invocation = farcall_wire::Dynamic::new(operation, &value);
    let echoed = farcall_wire::Channel::call(&client, &cx, &invocation).await.unwrap();
    let farcall_model::Value::Bytes(echoed) = echoed else { panic!("octets come back") };
    assert!(echoed == octets);
}

#[tokio::test]
async fn an_echo_takes_at_most_three_times_the_attachment() {
    if std::env::var_os(ROLE).is_some() {
        return serve().await;
    }
    let mut server = Command::new(std::env::current_exe().unwrap());
    let server = server.args(["--nocapture", "--quiet"]).env(ROLE, "1").stdout(Stdio::piped()).spawn();
    let mut server = Ended(server.unwrap());
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let url = lines.find_map(|line| Some(line.unwrap().split_once("at ")?.1.to_owned())).unwrap();
    echoed(&url).await;
    let of_server = peak(&server.0.id().to_string());
    let of_client = peak("self");
    println!("server {} MiB, client {} MiB", of_server >> 20, of_client >> 20);
    assert!(of_server <= MOST, "the server took {} MiB", of_server >> 20);
    assert!(of_client <= MOST, "the client took {} MiB", of_client >> 20);
}
