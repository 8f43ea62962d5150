//! IDL files: read, with what is wrong with them told on standard error.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use farcall_idl::{Compiled, Model, Options};

use crate::exit::{Exit, Failure};
use crate::output::{self, printable_lines, warn};

/// Compiles a file; its warnings and errors go to standard error.
pub(crate) fn compile(file: &Path, include: &[PathBuf]) -> Result<Compiled, Failure> {
    let name = file.display().to_string();
    let options =
        include.iter().fold(Options::default(), |options, path| options.include(path.display().to_string()));
    let compiled =
        farcall_idl::compile_file(&name, &options).map_err(|error| Failure::file(&name, &error))?;
    // there is nowhere to complain to
    let _ = std::io::stderr().write_all(printable_lines(&compiled.report()).as_bytes());
    if compiled.accepted() {
        return Ok(compiled);
    }
    Err(Failure::new(Exit::Schema, "the file is refused for the errors told above").at(name))
}

/// Checks files, all of them even if one is refused.
pub(crate) fn check(files: &[PathBuf], include: &[PathBuf]) -> Result<(), Failure> {
    let mut refused = Vec::new();
    for file in files {
        match compile(file, include) {
            Ok(_) => {}
            Err(failure) if failure.exit == Exit::Schema => refused.push(file.display().to_string()),
            Err(failure) => return Err(failure),
        }
    }
    match refused.as_slice() {
        [] => Ok(()),
        files => Err(Failure::new(Exit::Schema, "refused for the errors told above").at(files.join(", "))),
    }
}

/// Lays files out anew, or says which of them that would change.
pub(crate) fn fmt(files: &[PathBuf], check: bool) -> Result<(), Failure> {
    let mut others = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let failed = |error: std::io::Error| Failure::file(&name, &error);
        let standard = name == "-";
        let text = if standard {
            std::io::read_to_string(std::io::stdin()).map_err(failed)?
        } else {
            std::fs::read_to_string(file).map_err(failed)?
        };
        let laid_out = farcall_idl::format(&text);
        match (check, standard) {
            (true, _) if laid_out == text => {}
            (true, _) => others.push(name),
            (false, true) => output::print(laid_out.as_bytes())?,
            // who watches files need not hear of those that stay as they are
            (false, false) if laid_out == text => {}
            (false, false) => std::fs::write(file, laid_out).map_err(failed)?,
        }
    }
    match others.as_slice() {
        [] => Ok(()),
        files => Err(Failure::new(Exit::Schema, "not laid out as `farcall idl fmt` does")
            .at(files.join(", "))
            .then_try("farcall idl fmt FILE…")),
    }
}

/// What a file says, in terms of the interface model.
pub(crate) fn model(file: &Path, include: &[PathBuf]) -> Result<Model, Failure> {
    let place = || file.display().to_string();
    let compiled = compile(file, include)?;
    let specification = compiled.specification();
    let specification =
        specification.map_err(|error| Failure::new(Exit::Schema, error.to_string()).at(place()))?;
    let model = farcall_idl::lower(specification)
        .map_err(|error| Failure::new(Exit::Schema, error.to_string()).at(place()))?;
    model.left_out.iter().for_each(|left_out| warn(left_out));
    Ok(model)
}
