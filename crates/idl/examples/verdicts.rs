//! A table of what this compiler and `omniidl` say of every `.idl` file under some directories:
//! `verdicts [-I PATH]… DIR…`. Exits with 1 if they disagree on any.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use farcall_idl::{Options, compile_file};

fn main() -> ExitCode {
    let (mut paths, mut directories) = (Vec::new(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "-I" {
            paths.extend(arguments.next());
        } else {
            directories.push(argument);
        }
    }
    let (mut files, mut accepted, mut different) = (0, 0, 0);
    for directory in &directories {
        for file in idl_files(Path::new(directory)) {
            let (ours, theirs) = (ours(&file, &paths, directory), theirs(&file, &paths, directory));
            files += 1;
            accepted += usize::from(ours.is_ok());
            let agree = match &theirs {
                Some(theirs) => ours.is_ok() == *theirs,
                None => true,
            };
            different += usize::from(!agree);
            let word = |ok| if ok { "accepts" } else { "refuses" };
            println!(
                "{:9} {:7} {:7} {} {}",
                if agree { "same" } else { "DIFFERENT" },
                word(ours.is_ok()),
                theirs.map_or("absent", word),
                file.display(),
                ours.err().unwrap_or_default()
            );
        }
    }
    println!("{files} files, {accepted} accepted, {different} different");
    ExitCode::from(u8::from(different > 0))
}

fn include_paths(file: &Path, paths: &[String], directory: &str) -> Vec<String> {
    let beside = file.parent().map(|p| p.display().to_string());
    beside.into_iter().chain([directory.to_owned()]).chain(paths.iter().cloned()).collect()
}

/// Accepted, or the first error.
fn ours(file: &Path, paths: &[String], directory: &str) -> Result<(), String> {
    let options = Options { include_paths: include_paths(file, paths, directory), ..Options::default() };
    let compiled = compile_file(&file.display().to_string(), &options).map_err(|e| e.to_string())?;
    if compiled.accepted() { Ok(()) } else { Err(compiled.report().lines().next().unwrap_or("").to_owned()) }
}

/// `None` where omniidl is not installed.
fn theirs(file: &Path, paths: &[String], directory: &str) -> Option<bool> {
    let mut command = Command::new("omniidl");
    command.arg("-bdump");
    for path in include_paths(file, paths, directory) {
        command.arg(format!("-I{path}"));
    }
    let output = command.arg(file).output().ok()?;
    // It prints "omniidl: 2 errors." and may crash after that.
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let errors = text.lines().any(|l| l.starts_with("omniidl: ") && l.contains("error"));
    let missing = text.contains("No such file or directory");
    Some(output.status.success() && !errors && !missing)
}

fn idl_files(directory: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut next = vec![directory.to_owned()];
    while let Some(directory) = next.pop() {
        for entry in std::fs::read_dir(&directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                next.push(path);
            } else if path.extension().is_some_and(|e| e == "idl") {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}
