//! IDL files: what our compiler says of each beside what omniORB's says, and the code for it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;
use farcall_codegen::{Layout, Options};
use farcall_idl::{compile_file, lower};

use super::table::{Row, Step};

/// Compiles a file, which may include any below the directory, and generates code for it.
pub(super) fn row(row: &mut Row, file: &Path, directory: &Path) {
    let paths = include_paths(file, directory);
    let theirs = theirs(file, &paths);
    match ours(file, &paths) {
        Ok(model) => {
            row.loaded = Step::Whole;
            if theirs == Some(false) {
                row.is_other_verdict = true;
                row.reason = "omniidl refuses it".to_owned();
            }
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let options = Options::new("lib").layout(Layout::Nested).source(name);
            match farcall_build::files(&model, options) {
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
        Err(reason) => {
            row.loaded = Step::Failed;
            row.is_other_verdict = theirs == Some(true);
            let as_well = match theirs {
                Some(true) => "; omniidl accepts it",
                Some(false) => "; omniidl refuses it too",
                None => "",
            };
            row.reason = reason.replace(&format!("{}/", directory.display()), "") + as_well;
        }
    }
}

/// What the file declares, or the first thing that is wrong with it.
fn ours(file: &Path, paths: &[PathBuf]) -> Result<farcall_idl::Model, String> {
    let options = paths
        .iter()
        .fold(farcall_idl::Options::default(), |options, path| options.include(path.display().to_string()));
    let compiled = compile_file(&file.display().to_string(), &options).map_err(|error| error.to_string())?;
    let first =
        || compiled.report().lines().find(|line| line.contains("error")).unwrap_or_default().to_owned();
    let specification = compiled.specification().map_err(|_| first())?;
    lower(specification).map_err(|error| error.to_string())
}

/// Whether omniidl accepts the file; nothing where it is not installed.
fn theirs(file: &Path, paths: &[PathBuf]) -> Option<bool> {
    let mut command = Command::new("omniidl");
    command.arg("-bdump").stdin(Stdio::null());
    command.args(paths.iter().map(|path| format!("-I{}", path.display())));
    let output = command.arg(file).output().ok()?;
    // it may end with success, or crash, after it has told of errors
    let text = String::from_utf8_lossy(&output.stderr);
    let failed = text.lines().any(|line| line.starts_with("omniidl: ") && line.contains("error"));
    let missing = text.contains("No such file or directory");
    Some(output.status.success() && !failed && !missing)
}

/// The file's own directory, then all that have IDL files in them.
fn include_paths(file: &Path, directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    // what cannot be read has nothing to include
    let _ = super::find(directory, &mut files);
    let mut paths: Vec<PathBuf> = file.parent().map(Path::to_path_buf).into_iter().collect();
    paths.push(directory.to_path_buf());
    files.sort();
    for parent in files.iter().filter_map(|file| file.parent()) {
        if !paths.iter().any(|known| known == parent) {
            paths.push(parent.to_path_buf());
        }
    }
    paths
}
