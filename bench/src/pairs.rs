//! Calls between pairs of programs, each case and number of callers in interleaved rounds, and their table.

use anyhow::{Context as _, Result};

use crate::matrix::{CALLERS, Spread, spread};
use crate::plan::Plan;
use crate::plot::shown;
use crate::sample::{Named, Sample};

/// Who calls whom.
pub(crate) trait Pair: Copy + PartialEq + 'static {
    const ALL: [Self; 7];
    fn title(self) -> String;
}

struct Row<P, C> {
    pair: P,
    case: C,
    callers: usize,
    round: usize,
    sample: Sample,
}

/// All samples of a bench.
pub(crate) struct Rows<P, C>(Vec<Row<P, C>>);

impl<P: Pair, C: Named> Rows<P, C> {
    /// Runs `plan`; `once` runs one cell, for so many callers.
    ///
    /// # Errors
    /// Those of `once`: no numbers are given of answers that are wrong.
    pub(crate) fn measure(
        plan: &Plan<C>,
        mut once: impl FnMut(P, C, usize) -> Result<Sample>,
    ) -> Result<Self> {
        let mut rows = Vec::new();
        let mut pairs = P::ALL;
        for round in 0..plan.rounds {
            for case in plan.cases() {
                for callers in CALLERS {
                    for pair in pairs {
                        let sample = once(pair, case, callers).with_context(|| {
                            format!("{}, {}, {callers} callers", pair.title(), case.title())
                        })?;
                        let row = Row { pair, case, callers, round, sample };
                        row.show();
                        rows.push(row);
                    }
                }
            }
            // another one goes first in the next round
            pairs.rotate_left(2);
        }
        Ok(Self(rows))
    }

    fn cell(&self, pair: P, case: C, callers: usize) -> impl Iterator<Item = &Row<P, C>> {
        self.0.iter().filter(move |row| row.pair == pair && row.case == case && row.callers == callers)
    }

    /// `figure` of one cell over the rounds.
    pub(crate) fn spread(
        &self,
        pair: P,
        case: C,
        callers: usize,
        figure: fn(&Sample) -> f64,
    ) -> Option<Spread> {
        spread(self.cell(pair, case, callers).map(|row| figure(&row.sample)).collect())
    }

    /// `figure` of one pair over that of another: the median of the rounds' ratios, because what
    /// shares a round shares the machine's mood.
    pub(crate) fn ratio(
        &self,
        pair: P,
        than: P,
        case: C,
        callers: usize,
        figure: fn(&Sample) -> f64,
    ) -> Option<f64> {
        let ratios = self.cell(pair, case, callers).flat_map(|one| {
            let same = self.cell(than, case, callers).filter(|other| other.round == one.round);
            same.map(|other| figure(&one.sample) / figure(&other.sample))
        });
        spread(ratios.collect()).map(|ratio| ratio.median)
    }

    /// The cells of a case, whose calls carry so many octets each way.
    pub(crate) fn table(&self, case: C, octets: usize) -> String {
        let mut out = String::from(
            "| callers | client → server | p50 µs | p99 µs | calls/s | (least–most) | MB/s | client CPU µs | server CPU µs |\n\
             |---:|---|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        for callers in CALLERS {
            for pair in P::ALL {
                let figure = |figure| self.spread(pair, case, callers, figure);
                let Some(rate) = figure(Sample::calls_per_second) else { continue };
                let median = |of| figure(of).map(|spread| shown(spread.median)).unwrap_or_default();
                // both directions count
                let megabytes = rate.median * 2.0 * octets as f64 / 1e6;
                out.push_str(&format!(
                    "| {callers} | {} | {} | {} | {} | {}–{} | {} | {} | {} |\n",
                    pair.title(),
                    median(Sample::p50_us),
                    median(Sample::p99_us),
                    shown(rate.median),
                    shown(rate.least),
                    shown(rate.most),
                    shown(megabytes),
                    median(Sample::client_us),
                    median(Sample::server_us),
                ));
            }
        }
        out
    }
}

impl<P: Pair, C: Named> Row<P, C> {
    fn show(&self) {
        let Self { pair, case, callers, round, sample } = self;
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
}
