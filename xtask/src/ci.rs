//! `cargo xtask ci`: what `.ci/run` runs.

use anyhow::{Result, bail};

use crate::artifacts::cargo;
use crate::case::{self, Choice};
use crate::process::must;
use crate::{fuzz, interop, peers, test};

/// How long each fuzz target runs: long enough to find what a change broke grossly.
const FUZZ_SECONDS: &str = "5";

/// The task.
pub(crate) fn run(args: &[String]) -> Result<()> {
    if let Some(arg) = args.first() {
        bail!("{arg}: this task takes no argument");
    }
    must(cargo().args(["fmt", "--all", "--check"]))?;
    must(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    for features in ["", "corba", "soap", "xmlrpc"] {
        must(cargo().args(["check", "-p", "farcall", "--no-default-features", "--features", features]))?;
    }
    test::run(&[])?;
    // a seed of its own, so that a gate does not fail by chance; longer runs draw theirs
    fuzz::run(&["--seconds", FUZZ_SECONDS, "--seed", "1"].map(str::to_owned))?;
    second_tier()
}

/// The cases of tier 2, where their peers can be had: those come from Maven, which not every
/// machine reaches. Where they could be installed, a failure of theirs is a failure.
fn second_tier() -> Result<()> {
    let cases = case::load(&Choice::Tiers(&[2]))?;
    if cases.is_empty() {
        return Ok(());
    }
    if let Err(error) = peers::install(&cases) {
        eprintln!("the second tier's peers cannot be had here, so it is not run: {error:#}");
        return Ok(());
    }
    interop::run_cases(&cases, None)
}
