//! Generated code in crates that are compiled together: a module for each file, and as many files in
//! a crate as its compiler takes in reasonable time.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::cover::covered;
use super::table::{Row, Step};
use crate::artifacts::cargo;
use crate::case::root;

/// Lines of generated code in a crate, unless one file has more.
const LINES: usize = 25_000;

/// How often what failed is left out, so that what it hid comes to light.
const ROUNDS: usize = 8;

/// Compiles the code of the rows under `out`, and notes in them what became of it.
pub(super) fn compile(rows: &mut [Row], out: &Path) -> Result<()> {
    let began = Instant::now();
    let members = out.join("crates");
    if members.exists() {
        fs::remove_dir_all(&members)?;
    }
    let covered = covered(rows);
    let groups = groups(rows, &covered);
    workspace(out, groups.len())?;
    for (number, group) in groups.iter().enumerate() {
        let directory = members.join(format!("g{number:03}")).join("src");
        fs::create_dir_all(&directory)?;
        fs::write(directory.with_file_name("Cargo.toml"), manifest(number))?;
        for &at in group {
            for text in rows[at].code.values() {
                fs::write(directory.join(format!("{}.rs", module(at))), text)?;
            }
        }
    }
    for _ in 0..ROUNDS {
        for (number, group) in groups.iter().enumerate() {
            let kept = group.iter().filter(|at| rows[**at].compiled != Step::Failed);
            let lines = kept.fold(String::new(), |mut out, at| {
                let _ = writeln!(out, "pub mod {};", module(*at));
                out
            });
            fs::write(members.join(format!("g{number:03}")).join("src/lib.rs"), lines)?;
        }
        let failed = check(out)?;
        if failed.is_empty() {
            let kept = rows.iter_mut().filter(|row| row.generated == Step::Whole);
            kept.filter(|row| row.compiled == Step::Not).for_each(|row| row.compiled = Step::Whole);
            for (at, by) in covered {
                let (compiled, reason) = (rows[by].compiled, rows[by].reason.clone());
                rows[at].compiled = compiled;
                rows[at].reason.push_str(&reason);
            }
            eprintln!("{} crates compiled in {:.1?}", groups.len(), began.elapsed());
            return Ok(());
        }
        for (at, reason) in failed {
            let row = rows.get_mut(at).context("an error in a module that was not written")?;
            row.compiled = Step::Failed;
            row.reason = reason;
        }
    }
    bail!("after {ROUNDS} rounds there are still errors that were hidden before")
}

/// The rows whose code is to be compiled, in groups of about the same size.
fn groups(rows: &[Row], covered: &HashMap<usize, usize>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut lines = LINES;
    let own = |at: &usize| rows[*at].generated == Step::Whole && !covered.contains_key(at);
    for at in (0..rows.len()).filter(own) {
        let row = &rows[at];
        let own: usize = row.code.values().map(|text| text.lines().count()).sum();
        if lines + own > LINES {
            groups.push(Vec::new());
            lines = 0;
        }
        lines += own;
        groups.extend(groups.is_empty().then(Vec::new));
        if let Some(last) = groups.last_mut() {
            last.push(at);
        }
    }
    groups
}

fn module(at: usize) -> String {
    format!("m{at:04}")
}

/// A workspace of its own, with the dependencies that ours has locked.
fn workspace(out: &Path, crates: usize) -> Result<()> {
    fs::create_dir_all(out)?;
    let members: Vec<String> = (0..crates).map(|number| format!("\"crates/g{number:03}\"")).collect();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    fs::write(out.join("Cargo.toml"), manifest)?;
    fs::copy(root().join("Cargo.lock"), out.join("Cargo.lock"))?;
    Ok(())
}

fn manifest(number: usize) -> String {
    let farcall = root().join("crates").join("farcall");
    format!(
        "[package]\nname = \"g{number:03}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [lints.rust]\nwarnings = \"deny\"\n\n\
         [dependencies]\nfarcall = {{ path = {farcall:?}, default-features = false, features = [\"corba\", \"soap\"] }}\n"
    )
}

/// The modules that do not compile, each with the first error in it.
fn check(out: &Path) -> Result<HashMap<usize, String>> {
    let output = cargo()
        .current_dir(out)
        .args(["check", "--workspace", "--keep-going", "--offline", "--message-format=json"])
        .env("CARGO_TARGET_DIR", out.join("target"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("cargo check")?;
    let mut failed = HashMap::new();
    let messages = String::from_utf8_lossy(&output.stdout);
    for line in messages.lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        let message = &message["message"];
        if message["level"] != "error" {
            continue;
        }
        let spans = message["spans"].as_array().map_or(&[][..], Vec::as_slice);
        let Some(at) = spans.iter().find_map(|span| number(span["file_name"].as_str()?)) else { continue };
        let text = message["rendered"].as_str().unwrap_or_default();
        failed.entry(at).or_insert_with(|| text.lines().take(6).collect::<Vec<_>>().join(" | "));
    }
    if failed.is_empty() && !output.status.success() {
        bail!("cargo check: {}", output.status);
    }
    Ok(failed)
}

/// The row that a file of generated code belongs to.
fn number(file: &str) -> Option<usize> {
    Path::new(file).file_stem()?.to_str()?.strip_prefix('m')?.parse().ok()
}
