//! The whole measurement: who calls whom, each case and number of callers, in interleaved rounds.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::cases::Case;
use super::codec::{self, Rate};
use super::gsoap::Peer;
use crate::load::Span;
use crate::matrix::MEMORY_CALLERS;
use crate::pairs::{self, Rows};
use crate::plan::Plan;
use crate::proc;
use crate::programs::output;
use crate::sample::{Arguments, Named as _, Sample};
use crate::subjects::{Cores, Program, Running, Subject};

/// Who calls, or who serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Bare hyper: prepared octets.
    Hyper,
    Farcall,
    Gsoap,
}

/// Callers and their server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair(pub(crate) Side, pub(crate) Side);

impl Side {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hyper => "hyper",
            Self::Farcall => "farcall",
            Self::Gsoap => "gSOAP",
        }
    }
}

impl pairs::Pair for Pair {
    const ALL: [Self; 7] = [
        Self(Side::Hyper, Side::Hyper),
        Self(Side::Hyper, Side::Farcall),
        Self(Side::Hyper, Side::Gsoap),
        Self(Side::Farcall, Side::Farcall),
        Self(Side::Gsoap, Side::Gsoap),
        Self(Side::Farcall, Side::Gsoap),
        Self(Side::Gsoap, Side::Farcall),
    ];

    fn title(self) -> String {
        format!("{} → {}", self.0.name(), self.1.name())
    }
}

/// Resident memory of one server in octets, once it has answered a small call, and at most.
pub(crate) struct Memory {
    pub(crate) who: &'static str,
    pub(crate) what: String,
    pub(crate) idle: u64,
    pub(crate) peak: u64,
    /// Octets of the message or attachment with which the peak is compared.
    pub(crate) size: u64,
}

/// Everything measured.
pub(crate) struct Results {
    pub(crate) cases: Vec<Case>,
    pub(crate) calls: Rows<Pair, Case>,
    /// Octets of the document of `rates`.
    pub(crate) document: usize,
    pub(crate) rates: Vec<Rate>,
    pub(crate) memory: Vec<Memory>,
}

impl Results {
    pub(crate) fn rate(&self, who: &str) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.who == who)
    }
}

/// Runs `plan`.
///
/// # Errors
/// A program that does not start, or an answer that is wrong: no numbers are given of such.
pub(crate) fn run(plan: &Plan<Case>, cores: Cores) -> Result<Results> {
    let peer = Peer::prepare()?;
    let servers = [Side::Hyper, Side::Farcall, Side::Gsoap]
        .map(|side| serve(side, &peer, cores).map(|one| (side, one)));
    let servers = servers.into_iter().collect::<Result<Vec<_>>>()?;
    let calls = Rows::measure(plan, |Pair(caller, called), case, callers| {
        let server = servers.iter().find(|(side, _)| *side == called);
        let (_, server) = server.context("every side serves")?;
        once(caller, case, callers, server, &peer, plan.span)
    })?;
    drop(servers);
    let cases = plan.cases();
    let memory = memory(&cases, &peer, cores, plan)?;
    let (document, rates) = codec::measure(&peer, plan.rounds.max(3), plan.span.measured)?;
    Ok(Results { cases, calls, document, rates, memory })
}

fn serve(side: Side, peer: &Peer, cores: Cores) -> Result<Running> {
    let own = |subcommand| {
        let subject = Subject { name: side.name(), program: Program::Own(subcommand) };
        Running::start(subject, cores)
    };
    match side {
        Side::Hyper => own("serve-hyper"),
        Side::Farcall => own("serve-soap"),
        Side::Gsoap => peer.serve(cores),
    }
}

fn url(server: &Running) -> String {
    format!("http://{}/bench", server.address)
}

fn once(side: Side, case: Case, callers: usize, server: &Running, peer: &Peer, span: Span) -> Result<Sample> {
    let own = |subcommand: &str| -> Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(subcommand);
        Ok(command)
    };
    let mut command = match side {
        Side::Hyper => own("call-hyper")?,
        Side::Farcall => own("call-soap")?,
        Side::Gsoap => peer.callers(),
    };
    Arguments { target: url(server), server: server.pid(), case, callers, span }.give(&mut command);
    Sample::parse(&output(&mut command)?)
}

/// Octets of the attachment whose echo is weighed.
pub(crate) const ATTACHMENT: u64 = 64 << 20;

/// A fresh process each time, for an allocator keeps what earlier calls made it take. Idle is after
/// small calls, so that what is made once is not charged to the large ones.
fn memory(cases: &[Case], peer: &Peer, cores: Cores, plan: &Plan<Case>) -> Result<Vec<Memory>> {
    let mut all = Vec::new();
    let weigh = |side: Side, work: &dyn Fn(&Running) -> Result<()>| -> Result<(u64, u64)> {
        let server = serve(side, peer, cores)?;
        once(Side::Hyper, Case::String, 1, &server, peer, plan.span)?;
        let idle = proc::resident(server.pid())?;
        proc::reset_peak(server.pid())?;
        work(&server)?;
        Ok((idle, proc::peak(server.pid())?))
    };
    if cases.contains(&Case::Structs) {
        let size = super::floor::envelope(Case::Structs)?.len() as u64;
        for side in [Side::Hyper, Side::Farcall, Side::Gsoap] {
            let callers = MEMORY_CALLERS;
            let work = |server: &Running| {
                once(Side::Hyper, Case::Structs, callers, server, peer, plan.span).map(drop)
            };
            let (idle, peak) = weigh(side, &work)?;
            let what = format!("{callers} callers, {}", Case::Structs.title());
            all.push(Memory { who: side.name(), what, idle, peak, size });
        }
    }
    if cases.contains(&Case::Bytes) {
        let work = |server: &Running| {
            let mut call = Command::new(std::env::current_exe()?);
            output(call.args(["call-mtom", &url(server), &ATTACHMENT.to_string()])).map(drop)
        };
        let (idle, peak) = weigh(Side::Farcall, &work)?;
        let what = "1 caller, 64 MiB by MTOM".to_owned();
        all.push(Memory { who: Side::Farcall.name(), what, idle, peak, size: ATTACHMENT });
    }
    Ok(all)
}
