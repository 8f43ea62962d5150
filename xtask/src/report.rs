//! The table of an interop run: which steps passed, which failed, against what was expected.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::case::KnownFailure;
use crate::matrix::Matrix;
use crate::tap::Checks;

/// What a step did.
pub(crate) struct Outcome {
    /// Why it failed, apart from the checks that it reported as failed.
    pub(crate) problem: Option<String>,
    pub(crate) checks: Checks,
    /// Its own output.
    pub(crate) said: String,
    /// Its output and its server's, for people, shown when it failed.
    pub(crate) output: String,
    pub(crate) time: Duration,
}

/// Why a step could not be run at all.
pub(crate) struct Broken {
    pub(crate) problem: String,
    /// Output of what failed, for people.
    pub(crate) output: String,
}

impl Broken {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        let problem = problem.into();
        let output = String::new();
        Self { problem, output }
    }
}

impl From<anyhow::Error> for Broken {
    fn from(error: anyhow::Error) -> Self {
        Self::new(format!("{error:#}"))
    }
}

impl From<Broken> for Outcome {
    fn from(broken: Broken) -> Self {
        Self {
            problem: Some(broken.problem),
            checks: Checks::default(),
            said: String::new(),
            output: broken.output,
            time: Duration::ZERO,
        }
    }
}

/// The rows so far.
#[derive(Default)]
pub(crate) struct Report {
    passed: usize,
    failed: usize,
    checks: usize,
    expected: usize,
    kept: Matrix,
}

impl Report {
    pub(crate) fn new() -> Self {
        println!("{:<18} {:<34} {:<6} {:>8}", "case", "step", "result", "time");
        Self::default()
    }

    /// Adds and prints a row.
    pub(crate) fn add(&mut self, case: &str, step: &str, known: &[KnownFailure], done: &Outcome) {
        let known: Vec<&KnownFailure> = known.iter().filter(|known| known.step == step).collect();
        let verdict = judge(&known, done);
        self.kept.add(case, step, &done.checks);
        self.checks += done.checks.count();
        self.expected += verdict.expected;
        let (word, note) = if verdict.problems.is_empty() {
            self.passed += 1;
            ("ok", note(done, verdict.expected))
        } else {
            self.failed += 1;
            ("FAILED", String::new())
        };
        let time = format!("{:.2} s", done.time.as_secs_f64());
        println!("{case:<18} {step:<34} {word:<6} {time:>8}{note}");
        for problem in &verdict.problems {
            println!("    {problem}");
        }
        if !verdict.problems.is_empty() {
            for line in done.output.lines() {
                println!("    | {line}");
            }
        }
    }

    /// Prints the closing lines; an error when a step failed or none ran.
    pub(crate) fn close(&self) -> Result<()> {
        print!("{}", self.kept);
        println!("\n{} checks within the steps, {} known failures of the peers", self.checks, self.expected);
        println!("{} passed, {} failed", self.passed, self.failed);
        match (self.passed, self.failed) {
            (0, 0) => bail!("no step was run"),
            (_, 0) => Ok(()),
            (_, failed) => bail!("{failed} interop steps failed"),
        }
    }
}

fn note(done: &Outcome, expected: usize) -> String {
    let mut note = match done.checks.count() {
        0 => String::new(),
        count => format!("  {count} checks"),
    };
    if expected > 0 {
        note += &format!("  ({expected} known failures)");
    }
    note
}

struct Verdict {
    problems: Vec<String>,
    /// How many failures were expected and came.
    expected: usize,
}

/// Holds what happened against the known failures: each must come, and nothing else may.
fn judge(known: &[&KnownFailure], done: &Outcome) -> Verdict {
    let mut verdict = Verdict { problems: Vec::new(), expected: 0 };
    let whole = known.iter().find_map(|known| known.shows.as_ref());
    match (&done.problem, whole) {
        (Some(_), Some(shows)) if done.said.contains(shows) => verdict.expected += 1,
        (Some(problem), Some(shows)) => verdict
            .problems
            .push(format!("{problem}; and it did not fail as known, for its output has no {shows:?} in it")),
        (Some(problem), None) => verdict.problems.push(problem.clone()),
        (None, Some(_)) => verdict
            .problems
            .push("it is in known-failures.toml, but it passed: take the entry out".to_owned()),
        (None, None) => {}
    }
    for check in &done.checks.failed {
        if known.iter().any(|known| known.check.as_ref() == Some(check)) {
            verdict.expected += 1;
        } else {
            verdict.problems.push(format!("not ok: {check}"));
        }
    }
    for check in known.iter().filter_map(|known| known.check.as_ref()) {
        if done.checks.passed.contains(check) {
            verdict
                .problems
                .push(format!("{check}: it is in known-failures.toml, but it passed: take the entry out"));
        } else if !done.checks.failed.contains(check) {
            verdict
                .problems
                .push(format!("{check}: it is in known-failures.toml, but no such check was reported"));
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::{Outcome, judge};
    use crate::case::KnownFailure;
    use crate::tap::Checks;
    use std::time::Duration;

    fn known(key: &str, value: &str) -> KnownFailure {
        toml::from_str(&format!("step = 'client c'\n{key} = '{value}'\nreason = 'r'\nevidence = 'e'"))
            .unwrap()
    }

    fn done(said: &str, problem: Option<&str>) -> Outcome {
        Outcome {
            problem: problem.map(str::to_owned),
            checks: Checks::parse(said),
            said: said.to_owned(),
            output: String::new(),
            time: Duration::ZERO,
        }
    }

    #[test]
    fn an_expected_failure_must_come() {
        let nil = known("check", "nil");
        let failing = done("ok 1 - a\nnot ok 2 - nil\n1..2", None);
        let passing = done("ok 1 - a\nok 2 - nil\n1..2", None);
        let gone = done("ok 1 - a\n1..1", None);
        assert!(judge(&[&nil], &failing).problems.is_empty());
        assert_eq!(judge(&[&nil], &failing).expected, 1);
        assert_eq!(judge(&[], &failing).problems, ["not ok: nil"]);
        assert_eq!(judge(&[&nil], &passing).problems.len(), 1);
        assert_eq!(judge(&[&nil], &gone).problems.len(), 1);
        let whole = known("shows", "oops");
        let problems = |said, problem| judge(&[&whole], &done(said, problem)).problems.len();
        assert_eq!(problems("oops!", Some("exit 1")), 0);
        assert_eq!(problems("another", Some("exit 1")), 1);
        assert_eq!(problems("oops!", None), 1);
        assert_eq!(judge(&[&nil], &done("", Some("exit 1"))).problems.len(), 2);
    }
}
