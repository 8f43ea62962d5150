//! The interop cases as files say them: `interop/<case>/case.toml` and `known-failures.toml`.
//! `interop/README.md` documents the format.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// One case, read.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) directory: PathBuf,
    pub(crate) spec: Spec,
    pub(crate) known: Vec<KnownFailure>,
}

/// `case.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// A sentence for people; required, not used.
    #[serde(rename = "about")]
    _about: String,
    #[serde(default = "first_tier")]
    pub(crate) tier: u8,
    #[serde(default)]
    pub(crate) packages: Packages,
    #[serde(default)]
    pub(crate) build: Vec<Build>,
    pub(crate) server: Option<Server>,
    #[serde(default)]
    pub(crate) farcall: Farcall,
    #[serde(default)]
    pub(crate) client: Vec<Client>,
    #[serde(default)]
    pub(crate) ours: Vec<Ours>,
}

/// What must be installed, by the package manager that has it.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Packages {
    pub(crate) debian: Vec<String>,
    pub(crate) pypi: Vec<String>,
    /// From PyPI, each into a directory of its own and without what it depends on: those that do not
    /// get along with others in one environment.
    pub(crate) wheels: Vec<String>,
    pub(crate) npm: Vec<String>,
    /// `group:artifact:version`, each with what it depends on.
    pub(crate) maven: Vec<String>,
    /// Directories of Cargo projects, relative to the case's.
    pub(crate) cargo: Vec<String>,
}

/// A command that makes the foreign programs out of their sources.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Build {
    pub(crate) command: Vec<String>,
    #[serde(default = "build_seconds")]
    pub(crate) timeout: u64,
}

/// The foreign server.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) command: Vec<String>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    /// Where farcall finds it: `{peer}` and `PEER_URL`.
    #[serde(default = "xmlrpc_peer")]
    pub(crate) url: String,
    /// What it prints when it serves, for one that listens before it does.
    pub(crate) ready: Option<String>,
    #[serde(default = "ready_seconds")]
    pub(crate) ready_timeout: u64,
}

/// How our server is started for the foreign clients.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Farcall {
    pub(crate) serve: Vec<String>,
    /// An example of `package` that is the server, instead of our command-line program.
    pub(crate) example: Option<String>,
    pub(crate) package: String,
    /// Where the foreign clients find it: `{url}`.
    pub(crate) url: String,
    pub(crate) ready_timeout: u64,
}

impl Default for Farcall {
    fn default() -> Self {
        Self {
            serve: ["serve", "--listen", "127.0.0.1:{port}"].map(String::from).to_vec(),
            example: None,
            package: facade(),
            url: "http://127.0.0.1:{port}/RPC2".to_owned(),
            ready_timeout: ready_seconds(),
        }
    }
}

/// A foreign client that is run against our server.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    pub(crate) name: String,
    pub(crate) command: Vec<String>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    #[serde(flatten)]
    pub(crate) expect: Expect,
}

/// A program of ours that is run against the foreign server.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ours {
    pub(crate) name: String,
    /// A method and its parameters as JSON: `farcall call {peer} -o json -- METHOD PARAMETER…`.
    pub(crate) call: Option<Vec<String>>,
    /// Or all the arguments of our command-line program.
    pub(crate) farcall: Option<Vec<String>>,
    /// Or an example of `package`.
    pub(crate) example: Option<String>,
    #[serde(default = "facade")]
    pub(crate) package: String,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    #[serde(flatten)]
    pub(crate) expect: Expect,
}

/// What a step must do to pass.
#[derive(Deserialize, Default)]
pub(crate) struct Expect {
    #[serde(default)]
    pub(crate) exit: i32,
    /// Standard output is this JSON text (members in any order, numbers exactly).
    pub(crate) json: Option<String>,
    /// Standard output has each of these in it.
    #[serde(default)]
    pub(crate) stdout: Vec<String>,
    /// Standard error has each of these in it.
    #[serde(default)]
    pub(crate) stderr: Vec<String>,
    #[serde(default = "step_seconds")]
    pub(crate) timeout: u64,
}

/// An entry of `known-failures.toml`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownFailure {
    /// The step as the table names it: `client contract`.
    pub(crate) step: String,
    /// The check that the step's program reports, for a step that reports checks.
    pub(crate) check: Option<String>,
    /// For a whole step, what its output has in it when it fails in the known way.
    pub(crate) shows: Option<String>,
    /// Whose fault it is and why; required, for readers.
    #[serde(rename = "reason")]
    _reason: String,
    /// What was seen; required, for readers.
    #[serde(rename = "evidence")]
    _evidence: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct KnownFailures {
    #[serde(default)]
    failure: Vec<KnownFailure>,
}

fn first_tier() -> u8 {
    1
}
fn build_seconds() -> u64 {
    300
}
fn ready_seconds() -> u64 {
    20
}
fn step_seconds() -> u64 {
    60
}
fn facade() -> String {
    "farcall".to_owned()
}
fn xmlrpc_peer() -> String {
    "xmlrpc+http://127.0.0.1:{port}/RPC2".to_owned()
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// What a command line chose: names given as arguments, or every case of the tiers.
pub(crate) enum Choice {
    Names(Vec<String>),
    Tiers(&'static [u8]),
}

/// Reads the chosen cases, in the order of their names.
pub(crate) fn load(choice: &Choice) -> Result<Vec<Case>> {
    let directory = root().join("interop");
    let mut cases = Vec::new();
    let entries = fs::read_dir(&directory).with_context(|| directory.display().to_string())?;
    for entry in entries {
        let directory = entry?.path();
        if directory.join("case.toml").is_file() {
            cases.push(read(directory)?);
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    match choice {
        Choice::Tiers(tiers) => cases.retain(|case| tiers.contains(&case.spec.tier)),
        Choice::Names(names) => {
            for name in names {
                if !cases.iter().any(|case| &case.name == name) {
                    bail!("no case is named {name:?}: there is no interop/{name}/case.toml");
                }
            }
            cases.retain(|case| names.contains(&case.name));
        }
    }
    Ok(cases)
}

fn read(directory: PathBuf) -> Result<Case> {
    let name = directory.file_name().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let spec: Spec = parse(&directory.join("case.toml"))?;
    let path = directory.join("known-failures.toml");
    let known: KnownFailures = if path.is_file() { parse(&path)? } else { KnownFailures::default() };
    check(&spec, &known.failure).with_context(|| directory.join("case.toml").display().to_string())?;
    Ok(Case { name, directory, spec, known: known.failure })
}

fn parse<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    toml::from_str(&text).with_context(|| path.display().to_string())
}

/// What the format's types cannot say.
fn check(spec: &Spec, known: &[KnownFailure]) -> Result<()> {
    for known in known {
        if known.check.is_some() == known.shows.is_some() {
            bail!("known failure of {:?}: give check or shows", known.step);
        }
    }
    if !spec.ours.is_empty() && spec.server.is_none() {
        bail!("[[ours]] steps need a [server]");
    }
    for step in &spec.ours {
        let programs = [step.call.is_some(), step.farcall.is_some(), step.example.is_some()];
        if programs.iter().filter(|given| **given).count() != 1 {
            bail!("[[ours]] {:?}: give one of call, farcall, example", step.name);
        }
    }
    for step in spec.ours.iter().map(|step| &step.expect) {
        if let Some(json) = &step.json {
            serde_json::from_str::<serde_json::Value>(json).with_context(|| json.clone())?;
        }
    }
    Ok(())
}
