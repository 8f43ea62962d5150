//! `farcall gen`: an interface as Rust, IDL or WSDL.

mod source;

use std::path::{Path, PathBuf};

use farcall::soap::namespace_of;
use farcall_codegen::{Files, Generator, Layout, Options, module_name};
use farcall_wsdl::EmitOptions;

use self::source::Source;
use crate::args::{GenArgs, Generated};
use crate::exit::{Exit, Failure};
use crate::output;

/// Where a service is taken to answer if nothing says so.
const PLACE: &str = "http://127.0.0.1:2809";

/// Prints what was generated, or writes it into a directory.
pub(crate) async fn generate(args: &GenArgs) -> Result<(), Failure> {
    let source = Source::read(args).await?;
    let files = match args.kind {
        Generated::Rust => rust(&source, args.split)?,
        Generated::Idl => idl_text(&source)?,
        Generated::Wsdl => wsdl_text(&source, args.location.as_deref())?,
    };
    match &args.output {
        Some(directory) => write(&files, directory),
        None => match files.values().collect::<Vec<_>>().as_slice() {
            [one] => output::print(one.as_bytes()),
            several => Err(Failure::usage(format!("these are {} files", several.len()))
                .at(&args.source)
                .because(format!("they are: {}", files.keys().cloned().collect::<Vec<_>>().join(", ")))
                .then_try("-o DIR, or one of them by --interface NAME")),
        },
    }
}

fn refused(error: impl std::fmt::Display, interface: &str) -> Failure {
    Failure::new(Exit::Schema, error.to_string()).at(interface)
}

/// One file, or with `split` one for each module; what a file says of itself alone needs no modules.
fn rust(source: &Source, split: bool) -> Result<Files, Failure> {
    let layout = match (source.is_one, split) {
        (_, true) => Layout::Files,
        (true, false) => Layout::Flat,
        (false, false) => Layout::Nested,
    };
    let options = Options::new(module_name(&source.name)).layout(layout).source(&*source.from);
    Generator::new(options)
        .interfaces(&source.interfaces)
        .types(&source.types)
        .exceptions(source.exceptions.iter().copied())
        .aliases(&source.aliases)
        .constants(&source.constants)
        .left_out(source.left_out.iter().map(String::as_str))
        .files()
        .map_err(|error| refused(error, &source.name))
}

fn idl_text(source: &Source) -> Result<Files, Failure> {
    let text = farcall_idl::emit(&source.interfaces).map_err(|error| refused(error, &source.name))?;
    Ok(Files::from([(format!("{}.idl", farcall_idl::identifier(&source.name)), text)]))
}

fn wsdl_text(source: &Source, location: Option<&str>) -> Result<Files, Failure> {
    let mut files = Files::new();
    for interface in &source.interfaces {
        let location = location
            .or(source.location.as_deref())
            .map_or_else(|| format!("{PLACE}/{}", farcall_idl::identifier(&interface.name)), str::to_owned);
        let options = EmitOptions::new(namespace_of(interface), &*interface.name, location);
        let text =
            farcall_wsdl::emit(interface, &options).map_err(|error| refused(error, &interface.name))?;
        let file = format!("{}.wsdl", farcall_idl::identifier(&interface.name));
        add(&mut files, Files::from([(file, text)]))?;
    }
    Ok(files)
}

/// Adds files, of which none may stand in the place of another.
fn add(files: &mut Files, made: Files) -> Result<(), Failure> {
    for (name, text) in made {
        if files.contains_key(&name) {
            return Err(Failure::new(Exit::Schema, format!("two interfaces would both be in {name}"))
                .then_try("one of them by --interface Module::Name"));
        }
        files.insert(name, text);
    }
    Ok(())
}

/// Writes the files, and prints where they are.
fn write(files: &Files, directory: &PathBuf) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        Failure::new(Exit::Own, format!("it cannot be written: {error}")).at(path.display().to_string())
    };
    std::fs::create_dir_all(directory).map_err(|error| failed(directory, error))?;
    for (name, text) in files {
        let path = directory.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
        }
        std::fs::write(&path, text).map_err(|error| failed(&path, error))?;
        output::print(format!("{}\n", path.display()).as_bytes())?;
    }
    Ok(())
}
