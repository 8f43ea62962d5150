//! From a description to generated code.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use farcall_codegen::{Generator, Layout, Options};
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

/// Loads a file, whose imports are below the directory, and generates code for it.
pub(super) fn row(file: &Path, directory: &Path) -> Row {
    let mut row = Row::of(file, directory);
    // a panic is the worst of reasons, but one row's
    let run = if extension(file) == "idl" { idl::row } else { wsdl };
    if catch_unwind(AssertUnwindSafe(|| run(&mut row, file, directory))).is_err() {
        let step = if row.loaded == Step::Not { &mut row.loaded } else { &mut row.generated };
        *step = Step::Failed;
        row.reason = "it panicked".to_owned();
    }
    row
}

fn wsdl(row: &mut Row, file: &Path, directory: &Path) {
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
    let interfaces = definitions.interfaces();
    let types = definitions.generated_types();
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let options = Options::new("lib").layout(Layout::Nested).source(name);
    let notes: Vec<&str> = errors.iter().map(String::as_str).collect();
    match Generator::new(options).interfaces(interfaces).types(types).left_out(notes).files() {
        Ok(files) => {
            row.generated = Step::Whole;
            row.code = files;
        }
        Err(error) => {
            row.generated = Step::Failed;
            row.reason = error.to_string();
        }
    }
}

/// A reason without the place of the corpus.
fn short(reason: &str, directory: &Path) -> String {
    reason.replace(&format!("{}/", directory.display()), "")
}
