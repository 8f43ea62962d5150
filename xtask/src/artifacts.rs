//! Our own programs that the cases start, built once before the first case.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::case::{Case, Farcall, root};
use crate::process::command_line;

/// Where our programs are.
pub(crate) struct Artifacts {
    pub(crate) farcall: PathBuf,
    /// By package and name of the example.
    pub(crate) examples: BTreeMap<(String, String), PathBuf>,
}

impl Artifacts {
    /// Builds the command-line program, unless `farcall` is one, and the examples that `cases` name.
    pub(crate) fn build(cases: &[Case], farcall: Option<&Path>) -> Result<Self> {
        let farcall = match farcall {
            Some(path) => fs::canonicalize(path).with_context(|| path.display().to_string())?,
            None => executable(&["-p", "farcall-cli", "--bin", "farcall"])?,
        };
        let mut examples = BTreeMap::new();
        let steps = cases.iter().flat_map(|case| &case.spec.ours).map(|step| (&step.package, &step.example));
        let servers = cases.iter().map(|case| (&case.spec.farcall.package, &case.spec.farcall.example));
        for (package, example) in steps.chain(servers) {
            let Some(example) = example else {
                continue;
            };
            let key = (package.clone(), example.clone());
            if let Entry::Vacant(entry) = examples.entry(key) {
                let (package, example) = entry.key();
                let path = executable(&["-p", package, "--example", example])?;
                entry.insert(path);
            }
        }
        Ok(Self { farcall, examples })
    }

    /// The program that serves for the foreign clients of a case.
    pub(crate) fn server(&self, spec: &Farcall) -> Result<&Path> {
        let Some(example) = &spec.example else { return Ok(&self.farcall) };
        let program = self.examples.get(&(spec.package.clone(), example.clone()));
        Ok(program.with_context(|| format!("{example} was not built"))?)
    }
}

/// A `cargo` command in the root of the repository.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Builds one target and asks cargo where it put the executable.
fn executable(target: &[&str]) -> Result<PathBuf> {
    let mut command = cargo();
    command
        .args(["build", "--quiet"])
        .args(target)
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let line = command_line(&command);
    let output = command.output().with_context(|| line.clone())?;
    if !output.status.success() {
        bail!("{line}: {}", output.status);
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back()
        .with_context(|| format!("{line}: no executable was built"))
}
