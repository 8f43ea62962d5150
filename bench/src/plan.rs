//! What a bench is to run: the arguments that all of them take.

use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::load::Span;
use crate::report;
use crate::sample::Named;
use crate::subjects::Cores;

/// What to run.
pub(crate) struct Plan<C> {
    pub(crate) rounds: usize,
    pub(crate) span: Span,
    pub(crate) only: Option<C>,
}

/// What a bench runs unless it is told otherwise.
pub(crate) struct Defaults {
    /// Rounds, and seconds a cell.
    pub(crate) whole: (usize, f64),
    /// The same with `--quick`.
    pub(crate) quick: (usize, f64),
    /// Callers warm up for this part of the time that is measured.
    pub(crate) warm_up: u32,
}

/// What a bench was asked for.
pub(crate) struct Options<C> {
    pub(crate) plan: Plan<C>,
    pub(crate) record: bool,
}

impl<C: Named> Options<C> {
    /// Reads `--rounds N`, `--seconds S` a cell, `--only CASE`, `--quick` and `--record`.
    pub(crate) fn parse(arguments: &[String], defaults: &Defaults) -> Result<Self> {
        let ((mut rounds, mut seconds), mut only, mut record) = (defaults.whole, None, false);
        let mut rest = arguments.iter();
        while let Some(flag) = rest.next() {
            let mut value = || rest.next().with_context(|| format!("{flag} wants a value"));
            match flag.as_str() {
                "--rounds" => rounds = value()?.parse().context("--rounds wants a number")?,
                "--seconds" => seconds = value()?.parse().context("--seconds wants a number")?,
                "--only" => {
                    only = Some(C::named(value()?).with_context(|| format!("--only wants {}", names::<C>()))?)
                }
                "--quick" => (rounds, seconds) = defaults.quick,
                "--record" => record = true,
                other => anyhow::bail!("{other} is not known"),
            }
        }
        anyhow::ensure!(rounds > 0, "--rounds wants at least 1");
        let measured = Duration::try_from_secs_f64(seconds).context("--seconds wants a duration")?;
        let span = Span { warm_up: measured / defaults.warm_up, measured };
        Ok(Self { plan: Plan { rounds, span, only }, record })
    }
}

fn names<C: Named>() -> String {
    C::ALL.iter().map(|case| case.name()).collect::<Vec<_>>().join(", ")
}

impl<C: Named> Plan<C> {
    /// The cases that are wanted.
    pub(crate) fn cases(&self) -> Vec<C> {
        C::ALL.iter().copied().filter(|case| self.only.is_none_or(|only| only == *case)).collect()
    }

    /// When, where and with what `task` was run, a line each; `crates` are the libraries to name.
    pub(crate) fn circumstances(
        &self,
        task: &str,
        arguments: &[String],
        cores: Cores,
        crates: &[&str],
    ) -> String {
        let command = format!("cargo run --release -p farcall-bench -- {task} {}", arguments.join(" "));
        let rounds = format!("{} rounds of {:?} a cell", self.rounds, self.span.measured);
        report::circumstances(&command, &rounds, cores, crates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Case;

    const DEFAULTS: Defaults = Defaults { whole: (5, 1.5), quick: (2, 0.5), warm_up: 4 };

    fn parse(arguments: &[&str]) -> Result<Options<Case>> {
        Options::parse(&arguments.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>(), &DEFAULTS)
    }

    #[test]
    fn arguments_are_read_in_order() {
        let options = parse(&["--quick", "--rounds", "7", "--only", "struct"]).unwrap();
        let plan = options.plan;
        assert_eq!(
            (plan.rounds, plan.span.measured, plan.cases()),
            (7, Duration::from_millis(500), vec![Case::Struct])
        );
        assert_eq!(plan.span.warm_up, Duration::from_millis(125));
        assert!(!options.record && parse(&["--record"]).unwrap().record);
        for wrong in
            [&["--rounds", "0"][..], &["--only", "none"], &["--seconds"], &["--seconds", "-1"], &["--all"]]
        {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
