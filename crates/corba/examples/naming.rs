//! Calls an object by its name in a naming service, such as omniNames:
//! asks whether it is there and of what interface.
//!
//! `cargo run -p farcall-corba --example naming -- corbaname::127.0.0.1:2809#tools/fortune.svc IDL:farcall/Fortune:1.0`

use farcall_corba::Client;
use farcall_wire::Fault;

async fn run(url: &str, interface: &str) -> Result<(), Fault> {
    let client = Client::connect(url)?;
    println!("non-existent: {}", client.non_existent().await?);
    println!("is a {interface}: {}", client.is_a(interface).await?);
    Ok(())
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [url, interface] = args.as_slice() else {
        eprintln!("usage: naming URL REPOSITORY-ID");
        std::process::exit(2);
    };
    if let Err(fault) = run(url, interface).await {
        eprintln!("{fault}");
        std::process::exit(1);
    }
}
