//! Loads every WSDL below some directories and prints a table: the file, whether it loaded, and
//! why not.
//!
//! `cargo run -p farcall-wsdl --example corpus -- DIRECTORY…`

use std::path::{Path, PathBuf};
use std::time::Instant;

use farcall_model::Interface;
use farcall_wsdl::resolver::Files;
use farcall_wsdl::{EmitOptions, LoadOptions, emit, load, load_str};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directories: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if directories.is_empty() {
        return Err("usage: corpus DIRECTORY…".into());
    }
    for directory in &directories {
        let mut files = Vec::new();
        find(directory, &mut files)?;
        files.sort();
        let began = Instant::now();
        let (mut loaded, mut partly) = (0, 0);
        for file in &files {
            let row = row(file, directory);
            match row.0 {
                "loaded" => loaded += 1,
                "partly" => partly += 1,
                _ => {}
            }
            println!("{}\t{}\t{}", file.strip_prefix(directory).unwrap_or(file).display(), row.0, row.1);
        }
        println!(
            "{}: {loaded} loaded, {partly} partly, {} refused, of {}, in {:?}",
            directory.display(),
            files.len() - loaded - partly,
            files.len(),
            began.elapsed()
        );
    }
    Ok(())
}

/// What became of a file, and why.
fn row(file: &Path, root: &Path) -> (&'static str, String) {
    match load(&file.to_string_lossy(), &Files::below(root), &LoadOptions::default()) {
        Err(error) => ("refused", error.to_string()),
        Ok(found) => {
            let operations: usize = found.bindings.iter().map(|b| b.operations.len()).sum();
            let bare = found.bindings.iter().flat_map(|b| &b.operations).filter(|op| !op.wrapped).count();
            let summary = format!(
                "{} bindings, {operations} operations ({bare} not wrapped), {} types",
                found.bindings.len(),
                found.types.len()
            );
            let mut reasons: Vec<String> = found.errors().map(ToString::to_string).collect();
            if reasons.is_empty() {
                reasons.extend(found.bindings.iter().filter_map(|b| emitted(&b.interface).err()));
            }
            let summary =
                reasons.first().map_or(summary, |first| format!("{first} ({} in all)", reasons.len()));
            (if reasons.is_empty() { "loaded" } else { "partly" }, summary)
        }
    }
}

/// Whether an interface can be described anew, and what is written be read.
fn emitted(interface: &Interface) -> Result<(), String> {
    let namespace = if interface.scope.is_empty() { "urn:emitted" } else { &*interface.scope };
    let options = EmitOptions::new(namespace, &*interface.name, "http://127.0.0.1/");
    let text = emit(interface, &options).map_err(|e| format!("emit: {e}"))?;
    let found =
        load_str(&text, "emitted.wsdl", &LoadOptions::default()).map_err(|e| format!("emitted: {e}"))?;
    match found.errors().next() {
        Some(error) => Err(format!("emitted: {error}")),
        None => Ok(()),
    }
}

fn find(directory: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("wsdl")) {
            files.push(path);
        }
    }
    Ok(())
}
