//! The whole measurement: every subject, case and number of callers, in interleaved rounds.

use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::codec::{self, Rate};
use crate::load::{self, Sample};
use crate::payload::Case;
use crate::plan::Plan;
use crate::proc;
use crate::sample::Named as _;
use crate::subjects::{Cores, Running, Subject};

/// Callers at once, each with a connection of its own.
pub(crate) const CALLERS: [usize; 3] = [1, 8, 64];

/// Callers while memory is measured.
pub(crate) const MEMORY_CALLERS: usize = 8;

/// A sample and what it is of.
struct Row {
    subject: &'static str,
    case: Case,
    callers: usize,
    round: usize,
    sample: Sample,
}

/// Memory of one subject that echoes [`Case::Structs`] to [`MEMORY_CALLERS`] callers; the worst of
/// several fresh processes.
pub(crate) struct Memory {
    pub(crate) subject: &'static str,
    pub(crate) idle: u64,
    pub(crate) peak: u64,
}

impl Memory {
    /// What is used over the idle server, per caller, in sizes of the message.
    pub(crate) fn messages_per_caller(&self) -> f64 {
        let over = self.peak.saturating_sub(self.idle) as f64;
        over / MEMORY_CALLERS as f64 / Case::Structs.call().len() as f64
    }
}

/// The median of a cell over the rounds, with its extremes.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) least: f64,
    pub(crate) median: f64,
    pub(crate) most: f64,
}

/// Everything measured.
pub(crate) struct Results {
    pub(crate) subjects: Vec<&'static str>,
    pub(crate) cases: Vec<Case>,
    rows: Vec<Row>,
    pub(crate) memory: Vec<Memory>,
    pub(crate) rates: Vec<Rate>,
}

impl Results {
    /// `figure` of one cell over the rounds.
    pub(crate) fn spread(
        &self,
        subject: &str,
        case: Case,
        callers: usize,
        figure: fn(&Sample) -> f64,
    ) -> Option<Spread> {
        let cell = |row: &&Row| row.subject == subject && row.case == case && row.callers == callers;
        spread(self.rows.iter().filter(cell).map(|row| figure(&row.sample)).collect())
    }

    /// Server CPU per call of one subject over that of another: the median of the rounds' ratios,
    /// because what shares a round shares the machine's mood.
    pub(crate) fn cpu_ratio(&self, subject: &str, than: &str, case: Case, callers: usize) -> Option<f64> {
        let cells = |name: &str| {
            let name = name.to_owned();
            self.rows
                .iter()
                .filter(move |row| row.subject == name && row.case == case && row.callers == callers)
        };
        let ratios = cells(subject)
            .flat_map(|a| {
                cells(than).filter(|b| b.round == a.round).map(|b| a.sample.cpu_us / b.sample.cpu_us)
            })
            .collect();
        spread(ratios).map(|ratio| ratio.median)
    }

    pub(crate) fn rate(&self, who: &str, work: codec::Work, case: Case) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.who == who && rate.work == work && rate.case == case)
    }
}

/// The median of some figures, with their extremes.
pub(crate) fn spread(mut values: Vec<f64>) -> Option<Spread> {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let median = match values.len() {
        0 => return None,
        odd if odd % 2 == 1 => values[middle],
        _ => (values[middle - 1] + values[middle]) / 2.0,
    };
    Some(Spread { least: values[0], median, most: values[values.len() - 1] })
}

/// Runs `plan` against `subjects`.
///
/// # Errors
/// A subject that does not start, or answers wrongly: no numbers are given of such.
pub(crate) fn run(plan: &Plan<Case>, subjects: &[Subject], cores: Cores) -> Result<Results> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let cases = plan.cases();
    let mut running =
        subjects.iter().map(|subject| Running::start(*subject, cores)).collect::<Result<Vec<_>>>()?;
    let mut rows = Vec::new();
    for round in 0..plan.rounds {
        for &case in &cases {
            for callers in CALLERS {
                for server in &running {
                    let driven = load::drive(server.address, server.pid(), case, callers, plan.span);
                    let sample = runtime
                        .block_on(driven)
                        .with_context(|| format!("{}, {}, {callers} callers", server.name, case.title()))?;
                    progress(round, server.name, case, callers, &sample);
                    rows.push(Row { subject: server.name, case, callers, round, sample });
                }
            }
        }
        // another one goes first in the next round
        running.rotate_left(1);
    }
    drop(running);
    let measures_structs = cases.contains(&Case::Structs);
    let mut memory = Vec::new();
    for subject in subjects.iter().filter(|_| measures_structs) {
        memory.push(runtime.block_on(memory_of(*subject, cores, plan))?);
    }
    let rates = codec::measure(plan.rounds.max(3), Duration::from_millis(300))?;
    Ok(Results {
        subjects: subjects.iter().map(|subject| subject.name).collect(),
        cases,
        rows,
        memory,
        rates,
    })
}

fn progress(round: usize, name: &str, case: Case, callers: usize, sample: &Sample) {
    eprintln!(
        "round {:>2}  {:>8}  {:<7} {callers:>2} callers  {:>9.1} calls/s  p50 {:>9.1} µs  p99 {:>9.1} µs  CPU {:>9.2} µs/call",
        round + 1,
        name,
        case.name(),
        sample.calls_per_second,
        sample.p50_us,
        sample.p99_us,
        sample.cpu_us
    );
}

/// A fresh process each time, for an allocator keeps what earlier calls made it take. Idle is after
/// one call of an int, so that what is made once is not charged to the large calls.
async fn memory_of(subject: Subject, cores: Cores, plan: &Plan<Case>) -> Result<Memory> {
    let mut worst = Memory { subject: subject.name, idle: 0, peak: 0 };
    for _ in 0..plan.rounds.min(3) {
        let server = Running::start(subject, cores)?;
        let small = load::request(server.address, &Case::Int.call());
        load::first_response(server.address, &small, Case::Int).await?;
        let idle = proc::resident(server.pid())?;
        proc::reset_peak(server.pid())?;
        load::drive(server.address, server.pid(), Case::Structs, MEMORY_CALLERS, plan.span).await?;
        let peak = proc::peak(server.pid())?;
        if peak - idle.min(peak) >= worst.peak - worst.idle {
            worst = Memory { idle, peak, ..worst };
        }
    }
    Ok(worst)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(subject: &'static str, round: usize, cpu_us: f64) -> Row {
        let sample = Sample { calls_per_second: 1.0, p50_us: 1.0, p99_us: 1.0, cpu_us };
        Row { subject, case: Case::Int, callers: 1, round, sample }
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        let rows = vec![row("a", 0, 2.0), row("b", 0, 1.0), row("b", 1, 30.0), row("a", 1, 60.0)];
        let results = Results { subjects: vec![], cases: vec![], rows, memory: vec![], rates: vec![] };
        assert_eq!(results.cpu_ratio("a", "b", Case::Int, 1), Some(2.0));
        assert_eq!(results.cpu_ratio("a", "c", Case::Int, 1), None);
        let cell = results.spread("a", Case::Int, 1, |sample| sample.cpu_us).unwrap();
        assert_eq!((cell.least, cell.median, cell.most), (2.0, 31.0, 60.0));
    }
}
