//! Serves the built-in services in a few lines: what `farcall serve` does at its core.
//!
//! `cargo run -p farcall-builtin --example serve_builtin [ADDRESS]`

use farcall::Server;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:2809".to_owned());
    farcall::block_on(farcall_builtin::services(Server::new()).run(address.parse()?))?;
    Ok(())
}
