//! The whole measurement: who calls whom, each case and number of callers, in interleaved rounds.

use std::time::Duration;

use anyhow::Result;

use super::cases::Case;
use super::omniorb::Peer;
use super::ours;
use crate::load::Span;
use crate::pairs::{self, Rows};
use crate::plan::Plan;
use crate::programs::output;
use crate::sample::{Arguments, Sample};
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

impl pairs::Pair for Pair {
    const ALL: [Self; 7] = [
        Self::Floor,
        Self::Theirs,
        Self::TheirsWide,
        Self::TheirsShared,
        Self::Ours,
        Self::OursToTheirs,
        Self::TheirsToOurs,
    ];

    fn title(self) -> String {
        let title = match self {
            Self::Floor => "bare TCP",
            Self::Theirs => "omniORB",
            Self::TheirsWide => "omniORB, 64 connections",
            Self::TheirsShared => "omniORB, shared connections",
            Self::Ours => "farcall",
            Self::OursToTheirs => "farcall → omniORB",
            Self::TheirsToOurs => "omniORB → farcall",
        };
        title.to_owned()
    }
}

impl Pair {
    /// omniORB's settings, the best of which is what ours is compared with.
    pub(crate) const SETTINGS: [Self; 3] = [Self::Theirs, Self::TheirsWide, Self::TheirsShared];

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
    pub(crate) calls: Rows<Pair, Case>,
    pub(crate) rates: Vec<Rate>,
}

impl Results {
    /// Ours over omniORB's best setting, which is the one with the best median.
    pub(crate) fn ratio(
        &self,
        case: Case,
        callers: usize,
        figure: fn(&Sample) -> f64,
        best: fn(f64, f64) -> f64,
    ) -> Option<f64> {
        let median = |pair| self.calls.spread(pair, case, callers, figure).map(|spread| spread.median);
        let wanted = Pair::SETTINGS.into_iter().filter_map(median).reduce(best)?;
        let setting = Pair::SETTINGS.into_iter().find(|pair| median(*pair) == Some(wanted))?;
        self.calls.ratio(Pair::Ours, setting, case, callers, figure)
    }

    pub(crate) fn rate(&self, ours: bool, case: Case) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.ours == ours && rate.case == case)
    }
}

/// Runs `plan`.
///
/// # Errors
/// A program that does not start, or an answer that is wrong: no numbers are given of such.
pub(crate) fn run(plan: &Plan<Case>, cores: Cores) -> Result<Results> {
    let peer = Peer::prepare()?;
    let own = |name, subcommand| Running::start(Subject { name, program: Program::Own(subcommand) }, cores);
    let floor = own("bare TCP", "serve-tcp")?;
    let ours = own("farcall", "serve-corba")?;
    let theirs = peer.serve(cores)?;
    let calls = Rows::measure(plan, |pair, case, callers| {
        let server = match pair {
            Pair::Floor => &floor,
            Pair::Ours | Pair::TheirsToOurs => &ours,
            _ => &theirs,
        };
        once(pair, case, callers, server, &peer, plan.span)
    })?;
    let cases = plan.cases();
    let rates = codecs(&peer, &cases, plan)?;
    Ok(Results { cases, calls, rates })
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

/// Both sides in turn; the best round counts, for what disturbs a loop only ever slows it.
fn codecs(peer: &Peer, cases: &[Case], plan: &Plan<Case>) -> Result<Vec<Rate>> {
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
