//! `cargo xtask fuzz`: the fuzz targets on stable Rust, for a bounded time.
//!
//! The runner itself is in `fuzz/`; debug builds, so that arithmetic that
//! overflows and assertions count as findings.

use anyhow::Result;

use crate::artifacts::cargo;
use crate::process::must;

/// The task.
pub(crate) fn run(args: &[String]) -> Result<()> {
    must(cargo().args(["run", "--quiet", "--package", "farcall-fuzz", "--bin", "fuzz", "--"]).args(args))
}
