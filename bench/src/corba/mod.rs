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

use anyhow::Result;

use crate::page;
use crate::plan::{Defaults, Options};
use crate::sample::Arguments;
use crate::subjects::Cores;
pub(crate) use {floor::serve as serve_floor, ours::serve as serve_ours};

const DEFAULTS: Defaults = Defaults { whole: (3, 0.25), quick: (1, 0.15), warm_up: 5 };

/// The task `corba`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let Options { plan, record } = Options::parse(arguments, &DEFAULTS)?;
    let cores = Cores::arrange()?;
    let tables = report::tables(&matrix::run(&plan, cores)?);
    print!("{tables}");
    if record {
        let circumstances = plan.circumstances("corba", arguments, cores, &["tokio", "bytes"]);
        page::put(&report::page(&circumstances, &tables))?;
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
