//! The whole measurement: who calls whom, each case and number of callers, in interleaved rounds.

use std::time::Duration;

use anyhow::{Context as _, Result};

use super::cases::Case;
use super::omniorb::Peer;
use super::ours;
use crate::load::Span;
use crate::matrix::{CALLERS, Spread, spread};
use crate::programs::output;
use crate::sample::{Arguments, Named as _, Sample};
use crate::subjects::{Cores, Program, Running, Subject};

/// Who calls whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pair {
    /// Bare TCP.
    Floor,
    /// omniORB on both sides: at most 5 connections, a call at a time on each.
    Theirs,
    /// The same with as many connections as callers.
    TheirsWide,
    /// The same with several calls at a time on a connection.
    TheirsShared,
    /// farcall on both sides.
    Ours,
    /// farcall's callers, omniORB's server.
    OursToTheirs,
    /// omniORB's callers with as many connections as callers, farcall's server.
    TheirsToOurs,
}

impl Pair {
    pub(crate) const ALL: [Self; 7] = [
        Self::Floor,
        Self::Theirs,
        Self::TheirsWide,
        Self::TheirsShared,
        Self::Ours,
        Self::OursToTheirs,
        Self::TheirsToOurs,
    ];
    /// omniORB's settings, the best of which is what ours is compared with.
    pub(crate) const SETTINGS: [Self; 3] = [Self::Theirs, Self::TheirsWide, Self::TheirsShared];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Floor => "bare TCP",
            Self::Theirs => "omniORB",
            Self::TheirsWide => "omniORB, 64 connections",
            Self::TheirsShared => "omniORB, shared connections",
            Self::Ours => "farcall",
            Self::OursToTheirs => "farcall → omniORB",
            Self::TheirsToOurs => "omniORB → farcall",
        }
    }

    /// The arguments of omniORB's callers; `None` for callers of ours.
    fn setting(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Theirs => Some(&[]),
            Self::TheirsWide | Self::TheirsToOurs => Some(&["-ORBmaxGIOPConnectionPerServer", "64"]),
            Self::TheirsShared => Some(&["-ORBoneCallPerConnection", "0"]),
            Self::Floor | Self::Ours | Self::OursToTheirs => None,
        }
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

/// The best marshal and unmarshal of a case by one side.
pub(crate) struct Rate {
    pub(crate) ours: bool,
    pub(crate) case: Case,
    pub(crate) marshal: Duration,
    pub(crate) unmarshal: Duration,
}

/// Everything measured.
pub(crate) struct Results {
    pub(crate) cases: Vec<Case>,
    rows: Vec<Row>,
    pub(crate) rates: Vec<Rate>,
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

    /// Ours over omniORB's best setting: the median of the rounds' ratios, because what shares a
    /// round shares the machine's mood. The setting is the one with the best median.
    pub(crate) fn ratio(
        &self,
        case: Case,
        callers: usize,
        figure: fn(&Sample) -> f64,
        best: fn(f64, f64) -> f64,
    ) -> Option<f64> {
        let median = |pair| self.spread(pair, case, callers, figure).map(|spread| spread.median);
        let wanted = Pair::SETTINGS.into_iter().filter_map(median).reduce(best)?;
        let setting = Pair::SETTINGS.into_iter().find(|pair| median(*pair) == Some(wanted))?;
        let ratios = self.cell(Pair::Ours, case, callers).flat_map(|ours| {
            let same = self.cell(setting, case, callers).filter(|theirs| theirs.round == ours.round);
            same.map(|theirs| figure(&ours.sample) / figure(&theirs.sample))
        });
        spread(ratios.collect()).map(|ratio| ratio.median)
    }

    pub(crate) fn rate(&self, ours: bool, case: Case) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.ours == ours && rate.case == case)
    }
}

/// Runs `plan`.
///
/// # Errors
/// A program that does not start, or an answer that is wrong: no numbers are given of such.
pub(crate) fn run(plan: &Plan, cores: Cores) -> Result<Results> {
    let peer = Peer::prepare()?;
    let own = |name, subcommand| Running::start(Subject { name, program: Program::Own(subcommand) }, cores);
    let floor = own("bare TCP", "serve-tcp")?;
    let ours = own("farcall", "serve-corba")?;
    let theirs = peer.serve(cores)?;
    let cases: Vec<Case> =
        Case::ALL.into_iter().filter(|case| plan.only.is_none_or(|only| only == *case)).collect();
    let mut rows = Vec::new();
    let mut pairs = Pair::ALL;
    for round in 0..plan.rounds {
        for &case in &cases {
            for callers in CALLERS {
                for pair in pairs {
                    let server = match pair {
                        Pair::Floor => &floor,
                        Pair::Ours | Pair::TheirsToOurs => &ours,
                        _ => &theirs,
                    };
                    let sample = once(pair, case, callers, server, &peer, plan.span)
                        .with_context(|| format!("{}, {}, {callers} callers", pair.title(), case.title()))?;
                    progress(round, pair, case, callers, &sample);
                    rows.push(Row { pair, case, callers, round, sample });
                }
            }
        }
        // another one goes first in the next round
        pairs.rotate_left(2);
    }
    let rates = codecs(&peer, &cases, plan)?;
    Ok(Results { cases, rows, rates })
}

fn once(pair: Pair, case: Case, callers: usize, server: &Running, peer: &Peer, span: Span) -> Result<Sample> {
    let mut target = server.address.to_string();
    if pair != Pair::Floor {
        target = format!("corbaloc:iiop:1.2@{target}/bench");
    }
    let mut command = match pair.setting() {
        Some(_) => peer.callers(),
        None => std::process::Command::new(std::env::current_exe()?),
    };
    match pair {
        Pair::Floor => _ = command.arg("call-tcp"),
        Pair::Ours | Pair::OursToTheirs => _ = command.arg("call-corba"),
        _ => {}
    }
    Arguments { target, server: server.pid(), case, callers, span }.give(&mut command);
    Sample::parse(&output(command.args(pair.setting().unwrap_or_default()))?)
}

fn progress(round: usize, pair: Pair, case: Case, callers: usize, sample: &Sample) {
    eprintln!(
        "round {:>2}  {:<27} {:<11} {callers:>2} callers  {:>9.1} calls/s  p50 {:>9.1} µs  CPU {:>8.2} + {:>8.2} µs/call",
        round + 1,
        pair.title(),
        case.name(),
        sample.calls_per_second(),
        sample.p50_us(),
        sample.client_us(),
        sample.server_us(),
    );
}

/// Both sides in turn; the best round counts, for what disturbs a loop only ever slows it.
fn codecs(peer: &Peer, cases: &[Case], plan: &Plan) -> Result<Vec<Rate>> {
    let slice = plan.span.measured;
    let mut rates = Vec::new();
    for case in Case::CODEC.into_iter().filter(|case| cases.contains(case)) {
        let mut best = [(Duration::MAX, Duration::MAX); 2];
        for _ in 0..plan.rounds.max(3) {
            for (best, now) in best.iter_mut().zip([ours::codec(case, slice)?, peer.codec(case, slice)?]) {
                *best = (best.0.min(now.0), best.1.min(now.1));
            }
        }
        for (ours, (marshal, unmarshal)) in [true, false].into_iter().zip(best) {
            rates.push(Rate { ours, case, marshal, unmarshal });
        }
    }
    Ok(rates)
}
