//! Measures farcall's CORBA beside omniORB 4.3 in C++ and a bare TCP echo.
//!
//! `corba` takes `--rounds N` (3), `--seconds S` a cell (0.25), `--only CASE`, `--quick` (1 round of
//! 0.15 s) and `--record`. Whoever calls is a process of its own, so that its CPU time can be told apart.

mod cases;
mod floor;
mod matrix;
mod omniorb;
mod ours;
mod report;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::load::Span;
use crate::sample::{Arguments, Named as _};
use crate::subjects::Cores;
use cases::Case;
use matrix::Plan;
pub(crate) use {floor::serve as serve_floor, ours::serve as serve_ours};

/// The task `corba`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (mut rounds, mut seconds, mut only, mut record) = (3, 0.25, None, false);
    let mut rest = arguments.iter();
    while let Some(flag) = rest.next() {
        let mut value = || rest.next().with_context(|| format!("{flag} wants a value"));
        match flag.as_str() {
            "--rounds" => rounds = value()?.parse().context("--rounds wants a number")?,
            "--seconds" => seconds = value()?.parse().context("--seconds wants a number")?,
            "--only" => only = Some(Case::named(value()?).context("--only wants the name of a case")?),
            "--quick" => (rounds, seconds) = (1, 0.15),
            "--record" => record = true,
            other => anyhow::bail!("{other} is not known"),
        }
    }
    anyhow::ensure!(rounds > 0, "--rounds wants at least 1");
    let measured = Duration::try_from_secs_f64(seconds).context("--seconds wants a duration")?;
    let plan = Plan { rounds, span: Span { warm_up: measured / 5, measured }, only };
    let cores = Cores::arrange()?;
    let results = matrix::run(&plan, cores)?;
    print!("{}", report::tables(&results));
    if record {
        let command = format!("cargo run --release -p farcall-bench -- corba {}", arguments.join(" "));
        let rounds = format!("{rounds} rounds of {measured:?} a cell");
        report::record(Path::new(env!("CARGO_MANIFEST_DIR")), &results, &command, &rounds, cores)?;
    }
    Ok(())
}

/// A program of callers: `call-corba` or `call-tcp`, with tokio's ordinary runtime.
pub(crate) fn call(name: &str, arguments: &[String]) -> Result<()> {
    let arguments = Arguments::parse(arguments)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        match name {
            "call-tcp" => floor::call(arguments).await,
            _ => ours::call(arguments).await,
        }
    })
}
