//! IDL files: what our compiler says of each beside what omniORB's says, and the code for it.

use std::path::Path;
use std::process::{Command, Stdio};

use farcall_idl::{Model, compile_file, lower};

use super::generate::{Found, generated, options, short};
use super::table::{Row, Step};

/// Compiles a file, which may include any below the directory, and generates code for it.
pub(super) fn row(row: &mut Row, file: &Path, found: &Found<'_>) {
    let beside = file.parent().unwrap_or(found.directory).display().to_string();
    let directory = found.directory.display().to_string();
    let paths: Vec<String> = [beside, directory].into_iter().chain(found.include.clone()).collect();
    let theirs = theirs(file, &paths);
    match ours(file, &paths) {
        Ok(model) => {
            row.loaded = if model.left_out.is_empty() { Step::Whole } else { Step::Partly };
            row.reason = model.left_out.join("; ");
            row.is_other_verdict = theirs == Some(false);
            if row.is_other_verdict {
                row.reason += "omniidl refuses it";
            }
            generated(row, farcall_build::files(&model, options(file)).map_err(|error| error.to_string()));
        }
        Err(reason) => {
            row.loaded = Step::Failed;
            row.is_other_verdict = theirs == Some(true);
            let too = match theirs {
                Some(true) => "; omniidl accepts it",
                Some(false) => "; omniidl refuses it too",
                None => "",
            };
            row.reason = short(&reason, found.directory) + too;
        }
    }
}

/// What the file declares, or the first thing that is wrong with it.
fn ours(file: &Path, paths: &[String]) -> Result<Model, String> {
    let mut options = farcall_idl::Options::default();
    options.include_paths.extend(paths.iter().cloned());
    let compiled = compile_file(&file.display().to_string(), &options).map_err(|error| error.to_string())?;
    let first =
        || compiled.report().lines().find(|line| line.contains("error")).unwrap_or_default().to_owned();
    let specification = compiled.specification().map_err(|_| first())?;
    lower(specification).map_err(|error| error.to_string())
}

/// Whether omniidl accepts the file; nothing where it is not installed.
fn theirs(file: &Path, paths: &[String]) -> Option<bool> {
    let mut command = Command::new("omniidl");
    command.arg("-bdump").stdin(Stdio::null());
    command.args(paths.iter().map(|path| format!("-I{path}")));
    let output = command.arg(file).output().ok()?;
    // it may end with success, or crash, after it has told of errors
    let text = String::from_utf8_lossy(&output.stderr);
    let failed = text.lines().any(|line| line.starts_with("omniidl: ") && line.contains("error"));
    let missing = text.contains("No such file or directory");
    Some(output.status.success() && !failed && !missing)
}
