//! `cargo xtask corpus DIR…`: descriptions that others wrote, through the whole of the compiler.
//!
//! Each WSDL and IDL file below the directories is loaded, Rust is generated for it, and that is
//! compiled; a table says what became of each file, and why. What is wrong with a file itself (an
//! import that is not there, XML that ends too early, a name that nothing has) is a row of the table;
//! the task fails only for what is our own fault: code that is not generated or does not compile.
//!
//! Recordings of GIOP below the directories are replayed, by the IDL file beside them.

mod compile;
mod cover;
mod generate;
mod idl;
mod recorded;
mod table;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use table::Row;

const USAGE: &str = "usage: cargo xtask corpus [--no-compile] [--out DIR] DIR…";

/// The task.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let began = Instant::now();
    let (mut rows, mut recordings) = (Vec::new(), Vec::new());
    for directory in &options.directories {
        let mut files = Vec::new();
        find(directory, &mut files).with_context(|| directory.display().to_string())?;
        files.sort();
        recordings.extend(files.extract_if(.., |file| recorded::is_recording(file)));
        let found_in = generate::Found::below(directory, &files);
        rows.extend(files.iter().map(|file| generate::row(file, &found_in)));
    }
    eprintln!("{} files loaded and generated in {:.1?}", rows.len(), began.elapsed());
    if options.compile {
        compile::compile(&mut rows, &options.out)?;
    }
    table::print(&rows);
    let refused = recorded::replay(&recordings)?;
    if refused > 0 {
        bail!("{refused} recorded messages are refused");
    }
    let ours = rows.iter().filter(|row| row.is_ours()).count();
    if ours > 0 {
        bail!("{ours} files fail for a reason that is ours");
    }
    Ok(())
}

struct Options {
    directories: Vec<PathBuf>,
    compile: bool,
    /// Where generated crates are written and built.
    out: PathBuf,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let out = crate::case::root().join("target").join("corpus");
        let mut options = Self { directories: Vec::new(), compile: true, out };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--no-compile" => options.compile = false,
                "--out" => options.out = args.next().context(USAGE)?.into(),
                option if option.starts_with('-') => bail!("unknown option {option}; {USAGE}"),
                directory => options.directories.push(directory.into()),
            }
        }
        if options.directories.is_empty() {
            bail!(USAGE);
        }
        Ok(options)
    }
}

/// The descriptions and recordings below a directory.
fn find(directory: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if generate::is_description(&path) || recorded::is_recording(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// What became of a file.
fn relative(file: &Path, directory: &Path) -> String {
    let base = directory.parent().unwrap_or(directory);
    file.strip_prefix(base).unwrap_or(file).display().to_string()
}

impl Row {
    fn of(file: &Path, directory: &Path) -> Self {
        Self::new(relative(file, directory))
    }
}
