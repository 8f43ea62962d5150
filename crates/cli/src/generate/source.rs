//! What `farcall gen` generates from: built-in services, files, and what servers tell.

use std::path::Path;

use farcall::corba::repository;
use farcall::model::{Alias, Constant, ExceptionType, Interface, Operation, Type, TypeRef};

use super::PLACE;
use crate::access::Access;
use crate::args::{GenArgs, Generated};
use crate::connect::Session;
use crate::exit::{Exit, Failure};
use crate::target::Target;
use crate::{idl, known, wsdl};

/// What to generate from.
#[derive(Default)]
pub(super) struct Source {
    pub(super) interfaces: Vec<Interface>,
    pub(super) types: Vec<TypeRef>,
    pub(super) exceptions: Vec<&'static ExceptionType>,
    pub(super) aliases: Vec<Alias>,
    pub(super) constants: Vec<Constant>,
    /// Why there is no code for something.
    pub(super) left_out: Vec<String>,
    /// For files of all interfaces together.
    pub(super) name: String,
    /// What it was read from.
    pub(super) from: String,
    /// Where the service answers, without the interface's name if there are several.
    pub(super) location: Option<String>,
    /// True for the one interface of a service, whose scope says nothing to who uses it.
    pub(super) is_one: bool,
}

impl Source {
    /// Reads it, and leaves what was not asked for.
    pub(super) async fn read(args: &GenArgs) -> Result<Self, Failure> {
        let mut source = Self::whole(args).await?;
        if !args.only.is_empty() {
            source.keep(&args.only)?;
        }
        Ok(source)
    }

    /// Leaves only those operations, and only what they use: of the objects that they give references
    /// to all that can be called, unless some of that is asked for by name.
    fn keep(&mut self, only: &[String]) -> Result<(), Failure> {
        let known = |name: &String| self.interfaces.iter().any(|i| i.operation(name).is_some());
        if let Some(unknown) = only.iter().find(|name| !known(name)) {
            let operations = self.interfaces.iter().flat_map(|i| &i.operations);
            let names: Vec<&str> = operations.map(|operation| &*operation.name).collect();
            return Err(Failure::new(Exit::Schema, format!("there is no operation '{unknown}'"))
                .at("--only")
                .because(format!("there are: {}", names.join(", "))));
        }
        let is_named = |operation: &Operation| only.iter().any(|name| *name == operation.name);
        let has_named = |interface: &Interface| interface.operations.iter().any(is_named);
        let (mut kept, mut others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.interfaces).into_iter().partition(has_named);
        kept.iter_mut().for_each(|interface| interface.operations.retain(is_named));
        let mut next = 0;
        while let Some(interface) = kept.get(next) {
            next += 1;
            let (referred, rest): (Vec<_>, Vec<_>) =
                others.into_iter().partition(|other| refers(interface, other));
            kept.extend(referred);
            others = rest;
        }
        self.interfaces = kept;
        (self.types, self.exceptions) = (Vec::new(), Vec::new());
        (self.aliases, self.constants) = (Vec::new(), Vec::new());
        Ok(())
    }

    async fn whole(args: &GenArgs) -> Result<Self, Failure> {
        let text = args.source.as_str();
        let chosen = &args.client.interface;
        let file = Path::new(text);
        let is = |known: &str| file.extension().is_some_and(|found| found.eq_ignore_ascii_case(known));
        let name = file.file_stem().map_or(text.into(), |stem| stem.to_string_lossy()).into_owned();
        let from = file.file_name().map_or(text.into(), |name| name.to_string_lossy()).into_owned();
        if is("wsdl") && file.is_file() {
            let access = Access::read(&args.client)?;
            let described = wsdl::interfaces(text, None, &args.client, &access)?;
            let interfaces = known::chosen(described.interfaces, chosen)?;
            let types = if chosen.interface.is_none() { described.types } else { Vec::new() };
            return Ok(Self { interfaces, types, name, from, ..Self::default() });
        }
        if is("idl") {
            let model = idl::model(file, &chosen.include)?;
            if chosen.interface.is_some() || args.kind == Generated::Wsdl {
                let interfaces = known::chosen(model.interfaces, chosen)?;
                return Ok(Self { interfaces, name, from, ..Self::default() });
            }
            let farcall_idl::Model { interfaces, types, exceptions, aliases, constants, left_out, .. } =
                model;
            let declared = Self { interfaces, types, exceptions, aliases, constants, ..Self::default() };
            return Ok(Self { left_out, name, from, ..declared });
        }
        if let Some(interface) = known::built_in(text) {
            let location = Some(format!("{PLACE}/{text}"));
            let from = interface.name.to_string();
            let one = Self { interfaces: all(interface, args.kind), is_one: true, ..Self::default() };
            return Ok(Self { name: text.to_owned(), from, location, ..one });
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
        let one = Self { interfaces: all(interface, args.kind), is_one: true, ..Self::default() };
        Ok(Self { from: name.clone(), name, location, ..one })
    }
}

/// What the text of an interface has in it: IDL and Rust have the interfaces of objects too.
fn all(interface: Interface, kind: Generated) -> Vec<Interface> {
    match kind {
        Generated::Idl | Generated::Rust => known::with_objects(&interface),
        Generated::Wsdl => vec![interface],
    }
}

/// Whether operations take or give references to objects of the other interface.
fn refers(interface: &Interface, other: &Interface) -> bool {
    let id = repository::of_interface(other);
    interface.named_types().into_iter().any(|ty| match ty {
        Type::Object(object) => match &object.repository_id {
            Some(known) => **known == *id,
            None => object.interface == other.name,
        },
        _ => false,
    })
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
