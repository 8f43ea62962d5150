//! Measures farcall: XML-RPC beside a bare hyper echo (the floor), dxr and Python; CORBA beside omniORB;
//! SOAP beside gSOAP.
//!
//! ```text
//! cargo run --release -p farcall-bench -- run             every server, case and number of callers
//! cargo run --release -p farcall-bench -- run --record    and write bench/RESULTS.md and bench/plots/
//! cargo run --release -p farcall-bench -- codec           encode and decode in process only
//! cargo run --release -p farcall-bench -- corba           CORBA beside omniORB; takes --record too
//! cargo run --release -p farcall-bench -- soap            SOAP beside gSOAP; takes --record too
//! ```
//!
//! `run` takes `--rounds N` (5), `--seconds S` a cell (1.5), `--only int|struct|structs|bytes` and
//! `--quick` (2 rounds of 0.5 s). `serve-NAME` is what `run` starts for each server.

mod caller;
mod check;
mod codec;
mod corba;
mod dxr_peer;
mod floor;
mod load;
mod matrix;
mod ours;
mod page;
mod pairs;
mod payload;
mod plan;
mod plot;
mod proc;
mod programs;
mod report;
mod sample;
mod soap;
mod subjects;
mod targets;

use std::io::Read as _;

use anyhow::{Result, bail};

use crate::payload::Case;
use crate::plan::{Defaults, Options};
use crate::subjects::Cores;

/// That of the `farcall` program. dxr is in this program too; omniORB, gSOAP and Python have their own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str =
    "farcall-bench run [--rounds N] [--seconds S] [--only int|struct|structs|bytes] [--quick] [--record]
farcall-bench codec [--quick]
farcall-bench corba [--rounds N] [--seconds S] [--only CASE] [--quick] [--record]
farcall-bench soap [--rounds N] [--seconds S] [--only CASE] [--quick] [--record]
farcall-bench serve-floor|serve-farcall|serve-dxr|serve-corba|serve-tcp|serve-soap|serve-hyper
farcall-bench call-corba|call-tcp|call-soap|call-hyper TARGET SERVER_PID CASE CALLERS WARM_UP_MS MEASURED_MS";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("run") => run(&arguments[1..]),
        Some("codec") => codec_only(&arguments[1..]),
        Some("corba") => corba::run(&arguments[1..]),
        Some("soap") => soap::run(&arguments[1..]),
        Some(call @ ("call-soap" | "call-hyper" | "call-mtom")) => soap::call(call, &arguments[1..]),
        Some(call) if call.starts_with("call-") => corba::call(call, &arguments[1..]),
        Some(serve) if serve.starts_with("serve-") => serve_until_stdin_ends(serve),
        _ => bail!("usage:\n{USAGE}"),
    }
}

const DEFAULTS: Defaults = Defaults { whole: (5, 1.5), quick: (2, 0.5), warm_up: 4 };

fn run(arguments: &[String]) -> Result<()> {
    let Options { plan, record } = Options::parse(arguments, &DEFAULTS)?;
    if cfg!(debug_assertions) {
        eprintln!("this is a build without optimization: its numbers mean nothing");
    }
    let cores = Cores::arrange()?;
    let results = matrix::run(&plan, &subjects::all(), cores)?;
    print!("{}", report::tables(&results));
    if record {
        report::record(&results, &plan.circumstances("run", arguments, cores, &report::CRATES))?;
    }
    Ok(())
}

fn codec_only(arguments: &[String]) -> Result<()> {
    let plan = Options::<Case>::parse(arguments, &DEFAULTS)?.plan;
    print!("{}", codec::table(&codec::measure(plan.rounds, plan.span.measured / 2)?));
    Ok(())
}

/// Runs one server on a free loopback port, with tokio's ordinary runtime: as many workers as the
/// process may use cores.
fn serve_until_stdin_ends(name: &str) -> Result<()> {
    std::thread::spawn(|| {
        // what arrives does not matter, only that the bench is gone when it ends
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        match name {
            "serve-floor" => floor::serve().await,
            "serve-farcall" => ours::serve().await,
            "serve-dxr" => dxr_peer::serve().await,
            "serve-corba" => corba::serve_ours().await,
            "serve-tcp" => corba::serve_floor().await,
            "serve-soap" => soap::serve_ours().await,
            "serve-hyper" => soap::serve_floor().await,
            _ => bail!("{name} is no server; usage:\n{USAGE}"),
        }
    })
}
