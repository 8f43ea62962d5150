//! One step of a case: the command that the case's file describes, run, and held against what the
//! file expects of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::artifacts::Artifacts;
use crate::case::{Case, Client, Expect, Farcall, Ours, Server, root};
use crate::json;
use crate::peers;
use crate::process::{Ending, Logs, Process, command_line};
use crate::report::{Broken, Outcome};
use crate::tap::Checks;

/// What the placeholders of a case's file stand for.
#[derive(Clone)]
pub(crate) struct Setting {
    values: BTreeMap<&'static str, String>,
    directory: PathBuf,
    work: PathBuf,
}

impl Setting {
    /// The setting of `case`, with an empty directory for what its programs write.
    pub(crate) fn new(case: &Case) -> Result<Self> {
        let work = root().join("target/interop").join(&case.name);
        if work.exists() {
            fs::remove_dir_all(&work).with_context(|| work.display().to_string())?;
        }
        fs::create_dir_all(&work).with_context(|| work.display().to_string())?;
        let path = |path: &Path| path.display().to_string();
        let values = BTreeMap::from([
            ("{root}", path(root())),
            ("{dir}", path(&case.directory)),
            ("{work}", path(&work)),
            ("{peers}", path(&peers::directory())),
            ("{venv}", path(&peers::venv())),
            ("{npm}", path(&peers::npm())),
            ("{jars}", path(&peers::jars(&case.name))),
            ("{cargo}", path(&peers::cargo_programs())),
        ]);
        let directory = case.directory.clone();
        Ok(Self { values, directory, work })
    }

    fn with(&self, name: &'static str, value: String) -> Self {
        let mut new = self.clone();
        new.values.insert(name, value);
        new
    }

    /// With our command-line program.
    pub(crate) fn with_farcall(&self, program: &Path) -> Self {
        self.with("{farcall}", program.display().to_string())
    }

    /// With the foreign server on `port`.
    pub(crate) fn at_peer(&self, port: u16, server: &Server) -> Self {
        let setting = self.with("{port}", port.to_string());
        let url = setting.fill(&server.url);
        setting.with("{peer}", url)
    }

    /// With our server on `port`.
    pub(crate) fn at_farcall(&self, port: u16, farcall: &Farcall) -> Self {
        let setting = self.with("{port}", port.to_string());
        let url = setting.fill(&farcall.url);
        setting.at_url(url)
    }

    /// With `url` as the server that the foreign clients call.
    pub(crate) fn at_url(&self, url: String) -> Self {
        self.with("{url}", url)
    }

    /// The peer's URL without the protocol's name before the `+`.
    pub(crate) fn plain_peer(&self) -> String {
        let url = self.fill("{peer}");
        let plain = url.split_once('+').map(|(_, plain)| plain.to_owned());
        plain.unwrap_or(url)
    }

    /// `text` with its placeholders filled in. Other braces stay, for they are JSON's.
    fn fill(&self, text: &str) -> String {
        let fill = |text: String, (name, value): (&&str, &String)| text.replace(name, value);
        self.values.iter().fold(text.to_owned(), fill)
    }

    fn command(&self, words: &[String], env: &BTreeMap<String, String>) -> Command {
        let mut words = words.iter().map(|word| self.fill(word));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).current_dir(&self.directory);
        command
            .env("LC_ALL", "C.UTF-8")
            .env("NO_PROXY", "127.0.0.1")
            .env("NODE_PATH", peers::npm().join("node_modules"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUNBUFFERED", "1")
            .env("RUST_BACKTRACE", "1");
        for (variable, name) in [
            ("WORK", "{work}"),
            ("PORT", "{port}"),
            ("PEER_URL", "{peer}"),
            ("FARCALL", "{farcall}"),
            ("FARCALL_URL", "{url}"),
        ] {
            if let Some(value) = self.values.get(name) {
                command.env(variable, value);
            }
        }
        command.envs(env.iter().map(|(name, value)| (name, self.fill(value))));
        command
    }
}

/// A command and what it must do.
pub(crate) struct Step<'a> {
    pub(crate) name: String,
    command: Command,
    expect: &'a Expect,
}

impl<'a> Step<'a> {
    /// A foreign client.
    pub(crate) fn client(client: &'a Client, setting: &Setting) -> Self {
        Self {
            name: format!("client {}", client.name),
            command: setting.command(&client.command, &client.env),
            expect: &client.expect,
        }
    }

    /// A program of ours.
    pub(crate) fn ours(ours: &'a Ours, setting: &Setting, built: &Artifacts) -> Result<Self> {
        let mut words = Vec::new();
        if let Some(example) = &ours.example {
            let key = (ours.package.clone(), example.clone());
            let program = built.examples.get(&key);
            let program = program.with_context(|| format!("{example} was not built"))?;
            words.push(program.display().to_string());
        } else {
            words.push(built.farcall.display().to_string());
        }
        if let Some(call) = &ours.call {
            words.extend(["call", "{peer}", "-o", "json", "--"].map(String::from));
            words.extend_from_slice(call);
        }
        words.extend(ours.farcall.iter().flatten().cloned());
        Ok(Self {
            name: format!("ours {}", ours.name),
            command: setting.command(&words, &ours.env),
            expect: &ours.expect,
        })
    }

    /// Runs the step against a server whose output goes to `server`.
    pub(crate) fn run(self, setting: &Setting, server: &Logs) -> Outcome {
        let start = Instant::now();
        let line = command_line(&self.command);
        let limit = Duration::from_secs(self.expect.timeout);
        let ended =
            Process::spawn(self.command, &setting.work, &self.name).and_then(|process| process.finish(limit));
        let (ending, logs) = match ended {
            Ok(ended) => ended,
            Err(error) => return Broken::from(error).into(),
        };
        let (stdout, stderr) = logs.read();
        let checks = Checks::parse(&stdout);
        let problem = match ending {
            Ending::TimedOut => Some(format!("not done within {limit:?}; stopped")),
            Ending::Exited(status) => problem(self.expect, status.code(), &checks, &stdout, &stderr),
        };
        let (server_stdout, server_stderr) = server.read();
        let output = [
            ("command", line.as_str()),
            ("stdout", &without_passes(&stdout)),
            ("stderr", &stderr),
            ("server's stdout", tail(&server_stdout)),
            ("server's stderr", tail(&server_stderr)),
        ];
        Outcome { problem, checks, said: stdout + &stderr, output: sections(&output), time: start.elapsed() }
    }
}

/// Why a program that ended has failed, apart from the checks that it reported as failed.
fn problem(
    expect: &Expect,
    code: Option<i32>,
    checks: &Checks,
    stdout: &str,
    stderr: &str,
) -> Option<String> {
    if !checks.complete() {
        return Some(format!(
            "{} checks were reported, but {} planned: it did not get to its end",
            checks.count(),
            checks.planned.map_or("none".to_owned(), |n| n.to_string())
        ));
    }
    let Some(code) = code else {
        return Some("it was ended by a signal".to_owned());
    };
    if code != expect.exit && checks.failed.is_empty() {
        return Some(format!("exit code {code}, not {}", expect.exit));
    }
    if let Some(wanted) = &expect.json {
        let same = match (serde_json::from_str(stdout), serde_json::from_str(wanted)) {
            (Ok(got), Ok(wanted)) => json::same(&got, &wanted),
            (got, wanted) => {
                let _not_json: [serde_json::Result<Value>; 2] = [got, wanted];
                false
            }
        };
        if !same {
            return Some(format!("standard output is not the JSON {wanted}"));
        }
    }
    let outputs = [("output", stdout, &expect.stdout), ("error", stderr, &expect.stderr)];
    for (name, text, wanted) in outputs {
        if let Some(wanted) = wanted.iter().find(|wanted| !text.contains(*wanted)) {
            return Some(format!("standard {name} has no {wanted:?} in it"));
        }
    }
    None
}

/// Starts the foreign server and waits until it listens.
pub(crate) fn foreign_server(server: &Server, setting: &Setting, port: u16) -> Result<Process, Broken> {
    let command = setting.command(&server.command, &server.env);
    start(command, "server", setting, port, server.ready.as_deref(), server.ready_timeout)
}

/// Starts our server and waits until it listens.
pub(crate) fn our_server(
    farcall: &Farcall,
    program: &Path,
    setting: &Setting,
    port: u16,
) -> Result<Process, Broken> {
    let mut words = vec![program.display().to_string()];
    words.extend_from_slice(&farcall.serve);
    let command = setting.command(&words, &BTreeMap::new());
    start(command, "farcall", setting, port, None, farcall.ready_timeout)
}

fn start(
    command: Command,
    name: &str,
    setting: &Setting,
    port: u16,
    said: Option<&str>,
    limit: u64,
) -> Result<Process, Broken> {
    let line = command_line(&command);
    let process = Process::spawn(command, &setting.work, name)?;
    match process.ready(port, said, Duration::from_secs(limit)) {
        Ok(()) => Ok(process),
        Err(error) => {
            let (stdout, stderr) = process.logs().read();
            let output = [("command", line.as_str()), ("stdout", &stdout), ("stderr", &stderr)];
            Err(Broken { problem: format!("{error:#}"), output: sections(&output) })
        }
    }
}

/// Runs the case's build commands.
pub(crate) fn build(case: &Case, setting: &Setting) -> Result<(), Broken> {
    for build in &case.spec.build {
        let command = setting.command(&build.command, &BTreeMap::new());
        let line = command_line(&command);
        let limit = Duration::from_secs(build.timeout);
        let ended = Process::spawn(command, &setting.work, "build").and_then(|process| process.finish(limit));
        let (problem, output) = match ended {
            Ok((Ending::Exited(status), _)) if status.success() => continue,
            Ok((Ending::Exited(status), logs)) => (status.to_string(), logs.read()),
            Ok((Ending::TimedOut, logs)) => (format!("not done within {limit:?}"), logs.read()),
            Err(error) => (format!("{error:#}"), Default::default()),
        };
        let output = [("command", line.as_str()), ("stdout", &output.0), ("stderr", &output.1)];
        let output = sections(&output);
        return Err(Broken { problem, output });
    }
    Ok(())
}

/// The texts that are not empty, each under its title.
fn sections(parts: &[(&str, &str)]) -> String {
    let mut all = String::new();
    for (title, text) in parts.iter().filter(|(_, text)| !text.trim().is_empty()) {
        all += &format!("--- {title}\n{}\n", text.trim_end());
    }
    all
}

/// What a program reported, less the checks that passed.
fn without_passes(stdout: &str) -> String {
    let lines = stdout.lines().filter(|line| !line.starts_with("ok "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The last few thousand bytes: a server logs every call.
fn tail(text: &str) -> &str {
    let mut start = text.len().saturating_sub(3000);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::problem;
    use crate::case::Expect;
    use crate::tap::Checks;

    fn judged(expect: &Expect, code: i32, stdout: &str) -> Option<String> {
        problem(expect, Some(code), &Checks::parse(stdout), stdout, "")
    }

    #[test]
    fn a_step_is_held_against_all_that_is_expected() {
        let json = Expect { json: Some("[1]".to_owned()), ..Expect::default() };
        assert_eq!(judged(&json, 0, "[ 1 ]\n"), None);
        assert!(judged(&json, 0, "[2]").is_some());
        assert!(judged(&json, 0, "").is_some());
        assert!(judged(&json, 1, "[1]").is_some());
        let table = Expect { stdout: vec!["RUNNING".to_owned()], ..Expect::default() };
        assert_eq!(judged(&table, 0, "a RUNNING"), None);
        assert!(judged(&table, 0, "a STOPPED").is_some());
        let checks = Expect::default();
        assert!(judged(&checks, 1, "").is_some());
        assert!(judged(&checks, 0, "ok 1 - a\n").is_some());
        assert_eq!(judged(&checks, 1, "not ok 1 - a\n1..1\n"), None);
    }
}
