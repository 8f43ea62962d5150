//! The `farcall` command: lists, describes and calls remote services, and serves some.

mod access;
mod args;
mod argv;
mod attach;
mod call;
mod connect;
mod describe;
mod direction;
mod dry_run;
mod exit;
mod generate;
mod giop;
mod hex;
mod idl;
mod ior;
mod known;
mod lint;
mod list;
mod measure;
mod names;
mod output;
mod params;
mod run;
mod secrets;
mod send;
mod serve;
mod snippet;
mod soap_header;
mod tap;
mod target;
mod template;
mod wsdl;
mod xml;

use std::process::ExitCode;

/// Messages are many short texts, made by one thread and often freed by another: glibc's allocator
/// takes twice the time for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    run::run(std::env::args_os().collect())
}
