//! `farcall gen`: an interface as Rust, IDL or WSDL.

use std::path::{Path, PathBuf};

use farcall::model::Interface;
use farcall::soap::namespace_of;
use farcall_codegen::Files;
use farcall_wsdl::EmitOptions;

use crate::access::Access;
use crate::args::{GenArgs, Generated};
use crate::connect::Session;
use crate::exit::{Exit, Failure};
use crate::target::Target;
use crate::{idl, known, output, wsdl};

/// Where a service is taken to answer if nothing says so.
const PLACE: &str = "http://127.0.0.1:2809";

/// Prints what was generated, or writes it into a directory.
pub(crate) async fn generate(args: &GenArgs) -> Result<(), Failure> {
    let source = Source::read(args).await?;
    let files = match args.kind {
        Generated::Rust => rust(&source)?,
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

/// What to generate from.
struct Source {
    interfaces: Vec<Interface>,
    /// For files of all interfaces together.
    name: String,
    /// Where the service answers, without the interface's name if there are several.
    location: Option<String>,
}

impl Source {
    async fn read(args: &GenArgs) -> Result<Self, Failure> {
        let text = args.source.as_str();
        let chosen = &args.client.interface;
        let file = Path::new(text);
        let is = |known: &str| file.extension().is_some_and(|found| found.eq_ignore_ascii_case(known));
        let name = file.file_stem().map_or(text.into(), |stem| stem.to_string_lossy()).into_owned();
        if is("wsdl") && file.is_file() {
            let access = Access::read(&args.client)?;
            let interfaces =
                known::chosen(wsdl::interfaces(text, None, &args.client, &access)?.interfaces, chosen)?;
            return Ok(Self { interfaces, name, location: None });
        }
        if is("idl") {
            let model = idl::model(file, &chosen.include)?;
            let interfaces = known::chosen(model.interfaces, chosen)?;
            return Ok(Self { interfaces, name, location: None });
        }
        if let Some(interface) = known::built_in(text) {
            let location = Some(format!("{PLACE}/{text}"));
            return Ok(Self { interfaces: vec![interface], name: text.to_owned(), location });
        }
        if Target::parse(text).is_err() {
            return Err(Failure::usage(format!("'{text}' is nothing to generate from")).at("SOURCE").then_try(
                "a built-in service such as fortune, a file such as fortune.idl, or a server such as host:port",
            ));
        }
        Self::served(args).await
    }

    /// What a server tells, or what is known of it.
    async fn served(args: &GenArgs) -> Result<Self, Failure> {
        let access = Access::read(&args.client)?;
        let session = Session::open(&args.source, None, &args.client, access)?;
        let mut interface = session.interface().await?;
        if !session.is_known() {
            // what introspection is made of is not what the service is for
            interface.operations.retain(|operation| !operation.name.starts_with("system."));
            interface.name = name_of(&session.target).into();
        }
        let name = interface.name.to_string();
        let location = session.target.is_http().then(|| session.target.http());
        Ok(Self { interfaces: vec![interface], name, location })
    }
}

/// A server's interface has no name: its prefix, the last step of its path, or its host stand for one.
fn name_of(target: &Target) -> String {
    let url = target.http();
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = path.split('?').next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    match (target.prefix.trim_end_matches('.'), last) {
        ("", "" | "RPC2") => format!("at_{host}").replace(|c: char| !c.is_alphanumeric(), "_"),
        ("", last) => last.to_owned(),
        (prefix, _) => prefix.to_owned(),
    }
}

fn refused(error: impl std::fmt::Display, interface: &str) -> Failure {
    Failure::new(Exit::Schema, error.to_string()).at(interface)
}

fn rust(source: &Source) -> Result<Files, Failure> {
    let mut files = Files::new();
    for interface in &source.interfaces {
        let made = farcall_codegen::rust(interface).map_err(|error| refused(error, &interface.name))?;
        add(&mut files, made)?;
    }
    Ok(files)
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
        std::fs::write(&path, text).map_err(|error| failed(&path, error))?;
        output::print(format!("{}\n", path.display()).as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_of_servers_get_names() {
        for (target, name) in [
            ("http://h:1/RPC2#bank", "bank"),
            ("http://h:1/a/fortune?x", "fortune"),
            ("h.example:9001", "at_h_example_9001"),
            ("http://h/RPC2", "at_h"),
        ] {
            assert_eq!(name_of(&Target::parse(target).unwrap()), name, "{target}");
        }
    }
}
