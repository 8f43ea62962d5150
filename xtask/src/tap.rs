//! The checks that a foreign program reports on its standard output, in the Test Anything
//! Protocol: `ok 1 - name`, `not ok 2 - name`, `# why`, and the plan `1..2`.

/// What a program reported.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Checks {
    pub(crate) passed: Vec<String>,
    pub(crate) failed: Vec<String>,
    /// How many checks the plan announced.
    pub(crate) planned: Option<usize>,
}

impl Checks {
    pub(crate) fn parse(output: &str) -> Self {
        let mut checks = Self::default();
        for line in output.lines() {
            if let Some(rest) = line.strip_prefix("not ok ") {
                checks.failed.push(name(rest));
            } else if let Some(rest) = line.strip_prefix("ok ") {
                checks.passed.push(name(rest));
            } else if let Some(count) = line.strip_prefix("1..") {
                checks.planned = count.trim().parse().ok();
            }
        }
        checks
    }

    pub(crate) fn count(&self) -> usize {
        self.passed.len() + self.failed.len()
    }

    /// Whether the program got to its end; one that reports nothing is judged by its exit code.
    pub(crate) fn complete(&self) -> bool {
        self.planned.unwrap_or(0) == self.count()
    }
}

fn name(rest: &str) -> String {
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start();
    rest.strip_prefix("- ").unwrap_or(rest).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Checks;

    #[test]
    fn a_program_that_dies_midway_is_not_complete() {
        let whole = Checks::parse("ok 1 - a b\nnot ok 2 - c\n# why\n1..2\n");
        assert_eq!(whole.passed, ["a b"]);
        assert_eq!(whole.failed, ["c"]);
        assert!(whole.complete());
        assert!(!Checks::parse("ok 1 - a\n").complete());
        assert!(!Checks::parse("1..2\nok 1 - a\n").complete());
        assert!(Checks::parse("hello\n").complete());
    }
}
