//! What each peer keeps apart: the checks named `keeps WHAT`, as a table of steps by WHAT.

use std::fmt;

use crate::tap::Checks;

/// The word before what is kept.
const KEEPS: &str = "keeps ";

/// A row for each step that has such checks, a column for each thing that one of them keeps.
#[derive(Default)]
pub(crate) struct Matrix {
    columns: Vec<String>,
    rows: Vec<(String, Vec<(String, bool)>)>,
}

impl Matrix {
    pub(crate) fn add(&mut self, case: &str, step: &str, checks: &Checks) {
        let mut cells = Vec::new();
        for (names, good) in [(&checks.passed, true), (&checks.failed, false)] {
            for what in names.iter().filter_map(|name| name.strip_prefix(KEEPS)) {
                cells.push((what.to_owned(), good));
                if !self.columns.iter().any(|column| column == what) {
                    self.columns.push(what.to_owned());
                }
            }
        }
        if !cells.is_empty() {
            let direction = step.split(' ').next().unwrap_or_default();
            self.rows.push((format!("{case} {direction}"), cells));
        }
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rows.is_empty() {
            return Ok(());
        }
        write!(f, "\n{:<26}", "keeps")?;
        for column in &self.columns {
            write!(f, " {column:>6}")?;
        }
        writeln!(f)?;
        for (name, cells) in &self.rows {
            write!(f, "{name:<26}")?;
            for column in &self.columns {
                let found = cells.iter().filter(|(what, _)| what == column);
                let word = match found.map(|(_, good)| *good).min() {
                    None => "-",
                    Some(true) => "yes",
                    Some(false) => "no",
                };
                write!(f, " {word:>width$}", width = column.chars().count().max(6))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;
    use crate::tap::Checks;

    #[test]
    fn a_cell_says_yes_no_or_not_tried() {
        let mut matrix = Matrix::default();
        matrix.add("a", "client all", &Checks::parse("ok 1 - keeps None\nnot ok 2 - keeps []\nok 3 - x"));
        matrix.add("b", "ours typed", &Checks::parse("ok 1 - keeps None\nnot ok 2 - keeps None"));
        matrix.add("c", "client all", &Checks::parse("ok 1 - x"));
        let lines: Vec<_> =
            matrix.to_string().lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(lines, ["", "keeps None []", "a client yes no", "b ours no -"]);
    }
}
