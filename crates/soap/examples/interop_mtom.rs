//! Our client by MTOM against the JAX-WS reference implementation, for
//! `cargo xtask interop soap-mtom`; the server is at `PEER_URL`.

use bytes::Bytes;
use farcall_builtin::{Echo, EchoClient};
use farcall_soap::{Client, ClientOptions, Version};
use farcall_wire::{Fault, Remote};

fn octets(size: usize) -> Bytes {
    (0..size).map(|n| ((n * 7) ^ (n >> 8)) as u8).collect()
}

async fn checks(base: &str) -> Result<Vec<(String, bool)>, Fault> {
    let mut checks = Vec::new();
    for (path, version) in [("echo", Version::V11), ("echo12", Version::V12)] {
        let builder = || {
            let url = format!("soap+{base}/{path}");
            Client::builder(&url, EchoClient::<Client>::interface()).version(version)
        };
        for (kind, client) in [
            ("by MTOM", builder().options(ClientOptions::default().with_mtom(500))),
            ("in the XML", builder()),
        ] {
            let client = EchoClient::new(client.build()?);
            for size in [0, 499, 500, 5000, 1 << 20, 16 << 20] {
                let echoed = client.bytes(octets(size)).await?;
                checks.push((format!("{path}: {size} octets {kind}"), echoed == octets(size)));
            }
            let text = "ä < € &".to_owned();
            checks.push((format!("{path}: text {kind}"), client.string(text.clone()).await? == text));
        }
    }
    Ok(checks)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base = std::env::var("PEER_URL")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let checks = runtime.block_on(checks(&base))?;
    for (index, (name, good)) in checks.iter().enumerate() {
        println!("{} {} - {name}", if *good { "ok" } else { "not ok" }, index + 1);
    }
    println!("1..{}", checks.len());
    if checks.iter().all(|(_, good)| *good) { Ok(()) } else { Err("a check failed".into()) }
}
