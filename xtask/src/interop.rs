//! `cargo xtask interop`: runs the interop cases and prints a table.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::artifacts::Artifacts;
use crate::case::{self, Case, Choice, Server};
use crate::peers;
use crate::process::{Process, free_port};
use crate::report::{Broken, Report};
use crate::step::{self, Setting, Step};

/// The task.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let mut tiers: &[u8] = &[1];
    let mut names = Vec::new();
    let mut against = None;
    let mut farcall = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--all" => tiers = &[1, 2],
            "--tier" => {
                tiers = match args.next().map(String::as_str) {
                    Some("1") => &[1],
                    Some("2") => &[2],
                    _ => bail!("--tier wants 1 or 2"),
                }
            }
            "--farcall" => farcall = Some(PathBuf::from(args.next().context("--farcall wants a program")?)),
            "--against" => against = Some(args.next().context("--against wants a case")?),
            option if option.starts_with('-') => bail!("{option}: no such option"),
            name => names.push(name.to_owned()),
        }
    }
    let choice = if names.is_empty() { Choice::Tiers(tiers) } else { Choice::Names(names) };
    let cases = case::load(&choice)?;
    match against {
        Some(name) => run_against(name, cases),
        None => run_cases(&cases, farcall.as_deref()),
    }
}

/// Runs `cases`, both directions, with our command-line program built, or `farcall` instead of it.
pub(crate) fn run_cases(cases: &[Case], farcall: Option<&Path>) -> Result<()> {
    let artifacts = Artifacts::build(cases, farcall)?;
    let mut report = Report::new();
    for case in cases {
        let setting = Setting::new(case)?.with_farcall(&artifacts.farcall);
        if !prepare(case, &setting, &mut report) {
            continue;
        }
        if let (Some(server), [_, ..]) = (&case.spec.server, &case.spec.ours[..]) {
            ours(case, server, &setting, &artifacts, &mut report)?;
        }
        if !case.spec.client.is_empty() {
            clients(case, &setting, &artifacts, &mut report)?;
        }
    }
    report.close()
}

/// Our programs against the foreign server.
fn ours(
    case: &Case,
    server: &Server,
    setting: &Setting,
    artifacts: &Artifacts,
    report: &mut Report,
) -> Result<()> {
    let port = free_port()?;
    let setting = setting.at_peer(port, server);
    let mut steps = Vec::new();
    for ours in &case.spec.ours {
        steps.push(Step::ours(ours, &setting, artifacts)?);
    }
    let running = step::foreign_server(server, &setting, port);
    run_steps(case, steps, "server", running, &setting, report);
    Ok(())
}

/// The foreign clients against our server.
fn clients(case: &Case, setting: &Setting, artifacts: &Artifacts, report: &mut Report) -> Result<()> {
    let port = free_port()?;
    let setting = setting.at_farcall(port, &case.spec.farcall);
    let steps = case.spec.client.iter();
    let steps = steps.map(|client| Step::client(client, &setting)).collect();
    let running = step::our_server(&case.spec.farcall, artifacts.server(&case.spec.farcall)?, &setting, port);
    run_steps(case, steps, "farcall serve", running, &setting, report);
    Ok(())
}

/// Runs the foreign clients of `cases` against the foreign server of the case `name` instead of
/// ours: that proves the clients, and tells their faults from ours. The known failures of that server
/// count too.
fn run_against(name: &str, mut cases: Vec<Case>) -> Result<()> {
    let [other] = &case::load(&Choice::Names(vec![name.to_owned()]))?[..] else {
        bail!("{name}: no such case");
    };
    let Some(server) = &other.spec.server else {
        bail!("{name} has no [server]");
    };
    let mut report = Report::new();
    for case in &mut cases {
        if case.spec.client.is_empty() {
            continue;
        }
        case.known.extend(other.known.iter().cloned());
        let setting = Setting::new(case)?;
        let elsewhere = Setting::new(other)?;
        if !prepare(case, &setting, &mut report) || !prepare(other, &elsewhere, &mut report) {
            continue;
        }
        let port = free_port()?;
        let elsewhere = elsewhere.at_peer(port, server);
        let setting = setting.at_url(elsewhere.plain_peer());
        let steps = case.spec.client.iter();
        let steps = steps.map(|client| Step::client(client, &setting)).collect();
        let running = step::foreign_server(server, &elsewhere, port);
        run_steps(case, steps, "server", running, &setting, &mut report);
    }
    report.close()
}

/// Makes sure of the case's peers and builds its programs; a row tells what failed.
fn prepare(case: &Case, setting: &Setting, report: &mut Report) -> bool {
    let missing = peers::missing(case);
    let (step, problem) = if !missing.is_empty() {
        let lines = missing.join("\n");
        ("peers", Broken::new(format!("not installed; run\n{lines}")))
    } else if let Err(error) = peers::build_cargo(case) {
        ("peers", Broken::from(error))
    } else if let Err(problem) = step::build(case, setting) {
        ("build", problem)
    } else {
        return true;
    };
    report.add(&case.name, step, &[], &problem.into());
    false
}

/// Runs `steps` against a server that was just started, then stops it. When it did not start, each
/// of them has failed.
fn run_steps(
    case: &Case,
    steps: Vec<Step<'_>>,
    server_name: &str,
    server: Result<Process, Broken>,
    setting: &Setting,
    report: &mut Report,
) {
    let server = match server {
        Ok(server) => Some(server),
        Err(problem) => {
            report.add(&case.name, server_name, &[], &problem.into());
            None
        }
    };
    for step in steps {
        let name = step.name.clone();
        let done = match &server {
            Some(server) => step.run(setting, server.logs()),
            None => Broken::new(format!("{server_name} did not start")).into(),
        };
        report.add(&case.name, &name, &case.known, &done);
    }
}
