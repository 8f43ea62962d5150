//! From a description to generated code.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use farcall_codegen::{Layout, Options};
use farcall_wsdl::resolver::Files;
use farcall_wsdl::{LoadOptions, load};

use super::idl;
use super::table::{Row, Step};

/// Whether a file is something to generate from.
pub(super) fn is_description(path: &Path) -> bool {
    matches!(extension(path).as_str(), "wsdl" | "idl")
}

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

/// Where the files of a corpus are, and what they may include.
pub(super) struct Found<'d> {
    pub(super) directory: &'d Path,
    /// The directories that have IDL files, as those who compile them say with `-I`.
    pub(super) include: Vec<String>,
}

impl<'d> Found<'d> {
    pub(super) fn below(directory: &'d Path, files: &[PathBuf]) -> Self {
        let idl = files.iter().filter(|file| extension(file) == "idl").filter_map(|file| file.parent());
        let include: BTreeSet<String> = idl.map(|directory| directory.display().to_string()).collect();
        Self { directory, include: include.into_iter().collect() }
    }
}

/// Loads a file, whose imports are below the directory, and generates code for it.
pub(super) fn row(file: &Path, found: &Found<'_>) -> Row {
    let mut row = Row::of(file, found.directory);
    // a panic is the worst of reasons, but one row's
    let read = if extension(file) == "idl" { idl::row } else { wsdl };
    if catch_unwind(AssertUnwindSafe(|| read(&mut row, file, found))).is_err() {
        let step = if row.loaded == Step::Not { &mut row.loaded } else { &mut row.generated };
        *step = Step::Failed;
        row.reason = "it panicked".to_owned();
    }
    row
}

fn wsdl(row: &mut Row, file: &Path, found: &Found<'_>) {
    let directory = found.directory;
    let loaded = load(&file.to_string_lossy(), &Files::below(directory), &LoadOptions::default());
    let definitions = match loaded {
        Ok(definitions) => definitions,
        Err(error) => {
            row.loaded = Step::Failed;
            row.reason = short(&error.to_string(), directory);
            return;
        }
    };
    let errors: Vec<String> = definitions.errors().map(ToString::to_string).collect();
    row.loaded = if errors.is_empty() { Step::Whole } else { Step::Partly };
    row.reason = errors
        .iter()
        .map(|error| short(error, directory))
        .collect::<Vec<_>>()
        .join("\n                             ");
    generated(row, farcall_build::wsdl_files(&definitions, &[], options(file)).map_err(|e| e.to_string()));
}

/// How the code for a file is laid out.
pub(super) fn options(file: &Path) -> Options {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Options::new("lib").layout(Layout::Nested).source(name)
}

/// Notes what became of a file's code.
pub(super) fn generated(row: &mut Row, files: Result<farcall_codegen::Files, String>) {
    match files {
        Ok(files) => {
            row.generated = Step::Whole;
            row.code = files;
        }
        Err(error) => {
            row.generated = Step::Failed;
            row.reason = error;
        }
    }
}

/// A reason without the place of the corpus.
pub(super) fn short(reason: &str, directory: &Path) -> String {
    reason.replace(&format!("{}/", directory.display()), "")
}
