//! What became of each file, as a table and in sums.

use std::collections::BTreeMap;

use farcall_codegen::Files;

/// How far a file came at one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Step {
    /// It did not come to that step.
    #[default]
    Not,
    Whole,
    /// Something that is broken in the file is left out.
    Partly,
    Failed,
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::Not => "-",
            Self::Whole => "yes",
            Self::Partly => "partly",
            Self::Failed => "no",
        }
    }

    const fn is_done(self) -> bool {
        matches!(self, Self::Whole | Self::Partly)
    }
}

/// What became of a file.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) file: String,
    pub(super) loaded: Step,
    pub(super) generated: Step,
    pub(super) compiled: Step,
    /// True if another compiler judges the file otherwise.
    pub(super) is_other_verdict: bool,
    /// Why it did not come farther, or not whole.
    pub(super) reason: String,
    /// The generated code.
    pub(super) code: Files,
}

impl Row {
    pub(super) fn new(file: String) -> Self {
        Self { file, ..Self::default() }
    }

    /// Whether it failed at something that no file can be at fault for.
    pub(super) fn is_ours(&self) -> bool {
        self.is_other_verdict || self.generated == Step::Failed || self.compiled == Step::Failed
    }
}

/// Prints the rows, and sums for each directory.
pub(super) fn print(rows: &[Row]) {
    println!("{:<7} {:<10} {:<9} file, and why not", "loaded", "generated", "compiled");
    for row in rows {
        println!(
            "{:<7} {:<10} {:<9} {}",
            row.loaded.word(),
            row.generated.word(),
            row.compiled.word(),
            row.file
        );
        if !row.reason.is_empty() {
            println!("{:28} {}", "", row.reason);
        }
    }
    println!(
        "\n{:<28} {:>6} {:>6} {:>7} {:>8} {:>10} {:>9}",
        "directory", "files", "whole", "partly", "refused", "generated", "compiled"
    );
    let mut groups: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        groups.entry(group(&row.file)).or_default().push(row);
    }
    for (directory, rows) in groups {
        let count = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count();
        println!(
            "{directory:<28} {:>6} {:>6} {:>7} {:>8} {:>10} {:>9}",
            rows.len(),
            count(&|row| row.loaded == Step::Whole),
            count(&|row| row.loaded == Step::Partly),
            count(&|row| row.loaded == Step::Failed),
            count(&|row| row.generated.is_done()),
            count(&|row| row.compiled.is_done()),
        );
    }
}

/// The directory that a file is counted in: the first two steps of its path.
fn group(file: &str) -> &str {
    let second = file.match_indices('/').nth(1).map_or(file.len(), |(at, _)| at);
    &file[..second]
}
