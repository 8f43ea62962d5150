//! The whole measurement: who calls whom, each case and number of callers, in interleaved rounds.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::cases::Case;
use super::codec::{self, Rate};
use super::gsoap::Peer;
use crate::load::Span;
use crate::matrix::{CALLERS, MEMORY_CALLERS, Spread, spread};
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

impl Pair {
    pub(crate) const ALL: [Self; 7] = [
        Self(Side::Hyper, Side::Hyper),
        Self(Side::Hyper, Side::Farcall),
        Self(Side::Hyper, Side::Gsoap),
        Self(Side::Farcall, Side::Farcall),
        Self(Side::Gsoap, Side::Gsoap),
        Self(Side::Farcall, Side::Gsoap),
        Self(Side::Gsoap, Side::Farcall),
    ];

    pub(crate) fn title(self) -> String {
        format!("{} → {}", self.0.name(), self.1.name())
    }
}

/// What to run.
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    pub(crate) span: Span,
    pub(crate) only: Option<Case>,
}

struct Row {
    pair: Pair,
    case: Case,
    callers: usize,
    round: usize,
    sample: Sample,
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
    rows: Vec<Row>,
    /// Octets of the document of `rates`.
    pub(crate) document: usize,
    pub(crate) rates: Vec<Rate>,
    pub(crate) memory: Vec<Memory>,
}

impl Results {
    fn cell(&self, pair: Pair, case: Case, callers: usize) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.pair == pair && row.case == case && row.callers == callers)
    }

    /// `figure` of one cell over the rounds.
    pub(crate) fn spread(
        &self,
        pair: Pair,
        case: Case,
        callers: usize,
        figure: fn(&Sample) -> f64,
    ) -> Option<Spread> {
        spread(self.cell(pair, case, callers).map(|row| figure(&row.sample)).collect())
    }

    /// `figure` of one pair over that of another: the median of the rounds' ratios, because what
    /// shares a round shares the machine's mood.
    pub(crate) fn ratio(
        &self,
        pair: Pair,
        than: Pair,
        case: Case,
        callers: usize,
        figure: fn(&Sample) -> f64,
    ) -> Option<f64> {
        let ratios = self.cell(pair, case, callers).flat_map(|one| {
            let same = self.cell(than, case, callers).filter(|other| other.round == one.round);
            same.map(|other| figure(&one.sample) / figure(&other.sample))
        });
        spread(ratios.collect()).map(|ratio| ratio.median)
    }

    pub(crate) fn rate(&self, who: &str) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.who == who)
    }
}

/// Runs `plan`.
///
/// # Errors
/// A program that does not start, or an answer that is wrong: no numbers are given of such.
pub(crate) fn run(plan: &Plan, cores: Cores) -> Result<Results> {
    let peer = Peer::prepare()?;
    let servers = [Side::Hyper, Side::Farcall, Side::Gsoap]
        .map(|side| serve(side, &peer, cores).map(|one| (side, one)));
    let servers = servers.into_iter().collect::<Result<Vec<_>>>()?;
    let cases: Vec<Case> =
        Case::ALL.into_iter().filter(|case| plan.only.is_none_or(|only| only == *case)).collect();
    let mut rows = Vec::new();
    let mut pairs = Pair::ALL;
    for round in 0..plan.rounds {
        for &case in &cases {
            for callers in CALLERS {
                for pair in pairs {
                    let server = servers.iter().find(|(side, _)| *side == pair.1);
                    let (_, server) = server.context("every side serves")?;
                    let sample = once(pair.0, case, callers, server, &peer, plan.span)
                        .with_context(|| format!("{}, {}, {callers} callers", pair.title(), case.title()))?;
                    progress(round, pair, case, callers, &sample);
                    rows.push(Row { pair, case, callers, round, sample });
                }
            }
        }
        // another one goes first in the next round
        pairs.rotate_left(2);
    }
    drop(servers);
    let memory = memory(&cases, &peer, cores, plan)?;
    let (document, rates) = codec::measure(&peer, plan.rounds.max(3), plan.span.measured)?;
    Ok(Results { cases, rows, document, rates, memory })
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

fn progress(round: usize, pair: Pair, case: Case, callers: usize, sample: &Sample) {
    eprintln!(
        "round {:>2}  {:<18} {:<8} {callers:>2} callers  {:>9.1} calls/s  p50 {:>9.1} µs  CPU {:>8.2} + {:>8.2} µs/call",
        round + 1,
        pair.title(),
        case.name(),
        sample.calls_per_second(),
        sample.p50_us(),
        sample.client_us(),
        sample.server_us(),
    );
}

/// Octets of the attachment whose echo is weighed.
pub(crate) const ATTACHMENT: u64 = 64 << 20;

/// A fresh process each time, for an allocator keeps what earlier calls made it take. Idle is after
/// small calls, so that what is made once is not charged to the large ones.
fn memory(cases: &[Case], peer: &Peer, cores: Cores, plan: &Plan) -> Result<Vec<Memory>> {
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
