//! `interop/corba-omniorb-types/kinds.idl` in Rust, both sides of it.
//!
//!     interop_kinds               calls the server at HOST:PORT of PEER_URL; reports in TAP
//!                                 inside TLS by the files in $TLS, if it is set
//!     interop_kinds serve PORT    serves it at `echo`, typed, and at `dynamic`, by the IDL alone

mod client;
mod kinds;
mod server;

#[path = "../../tests/common/facade.rs"]
mod farcall;

/// The interface as its IDL alone says it.
fn loaded() -> farcall_model::Interface {
    const IDL: &str = include_str!("../../../../interop/corba-omniorb-types/kinds.idl");
    let options = farcall_idl::Options::default().define("LONG_DOUBLE", "1");
    let compiled = farcall_idl::compile("kinds.idl", IDL, &options, &farcall_idl::Disk);
    let model =
        farcall_idl::lower(compiled.specification().expect("the IDL is compiled")).expect("and lowered");
    model.interface("kinds::Echo").expect("it has the interface").clone()
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    match (args.next().as_deref(), args.next()) {
        (Some("serve"), Some(port)) => server::run(&port).await,
        _ => client::run().await,
    }
}
