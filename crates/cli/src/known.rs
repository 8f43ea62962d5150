//! What is known of a server without asking it: interfaces of IDL files and WSDL, and those of the
//! services that this program brings along.

use farcall::Server;
use farcall::corba::{Ior, repository};
use farcall::model::{Interface, Operation};

use crate::access::Access;
use crate::args::{ClientArgs, InterfaceArgs};
use crate::exit::{Exit, Failure};
use crate::idl;
use crate::output::note;
use crate::target::{Protocol, Target};
use crate::wsdl;

/// What is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The interfaces, one of which the target has; none if nothing is known.
    pub(crate) interfaces: Vec<Interface>,
    /// Where each is, by its name, if the description says it.
    pub(crate) places: Vec<(String, String)>,
}

impl From<Vec<Interface>> for Known {
    fn from(interfaces: Vec<Interface>) -> Self {
        Self { interfaces, places: Vec::new() }
    }
}

/// What is known of the target without asking it.
pub(crate) fn interfaces(target: &Target, client: &ClientArgs, access: &Access) -> Result<Known, Failure> {
    let args = &client.interface;
    let own = || target.wsdl.as_ref().filter(|_| args.idl.is_none());
    if let Some(place) = args.wsdl.as_ref().or_else(own) {
        let described = wsdl::interfaces(place, Some(target), client, access)?;
        return Ok(Known { interfaces: chosen(described.interfaces, args)?, places: described.places });
    }
    if let Some(file) = &args.idl {
        return chosen(idl::model(file, &args.include)?.interfaces, args).map(Known::from);
    }
    if let Some(interface) = built_in_at(target) {
        if client.verbose {
            note(&format!("its interface is taken to be that of the built-in service {}", interface.name));
        }
        return chosen(vec![interface], args).map(Known::from);
    }
    match target.protocol {
        Protocol::XmlRpc => Ok(Known::default()),
        _ => Err(Failure::usage("this protocol does not tell what can be called")
            .at(&target.shown)
            .then_try("the same with the service's description: --idl FILE, or --wsdl FILE; or ?wsdl after a SOAP URL")),
    }
}

/// Those of `--interface`, or all.
pub(crate) fn chosen(interfaces: Vec<Interface>, args: &InterfaceArgs) -> Result<Vec<Interface>, Failure> {
    let failure = |message: String, names: Vec<String>| {
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        Failure::new(Exit::Schema, message).because(format!("there are: {names}"))
    };
    let Some(name) = &args.interface else {
        return match interfaces.is_empty() {
            true => Err(failure("there is no interface that can be called".to_owned(), Vec::new())),
            false => Ok(interfaces),
        };
    };
    let names = interfaces.iter().map(full_name).collect();
    let found: Vec<_> =
        interfaces.into_iter().filter(|i| i.name == name.as_str() || full_name(i) == *name).collect();
    match found.len() {
        0 => Err(failure(format!("there is no interface '{name}'"), names).at("--interface")),
        1 => Ok(found),
        _ => {
            let names = found.iter().map(full_name).collect();
            Err(failure(format!("several interfaces are called '{name}'"), names).at("--interface"))
        }
    }
}

/// The interfaces that have the operation; where none has it, all.
pub(crate) fn with_operation(interfaces: Vec<Interface>, name: &str) -> Vec<Interface> {
    if interfaces.iter().any(|interface| interface.operation(name).is_some()) {
        interfaces.into_iter().filter(|interface| interface.operation(name).is_some()).collect()
    } else {
        interfaces
    }
}

/// The operation of that name; it has to be the same in all interfaces that have it.
pub(crate) fn operation<'i>(
    interfaces: &'i [Interface],
    name: &str,
) -> Result<Option<&'i Operation>, Failure> {
    let mut found = interfaces.iter().filter_map(|interface| interface.operation(name));
    let first = found.next();
    if found.all(|other| Some(other) == first) {
        return Ok(first);
    }
    let with = interfaces.iter().filter(|interface| interface.operation(name).is_some());
    let names: Vec<String> = with.map(full_name).collect();
    Err(Failure::usage(format!("several interfaces have an operation '{name}'"))
        .because(format!("they are: {}", names.join(", ")))
        .then_try(format!("the same with --interface {}", names[0])))
}

/// The name with its scope, as in IDL.
fn full_name(interface: &Interface) -> String {
    match &*interface.scope {
        "" => interface.name.to_string(),
        scope => format!("{scope}::{}", interface.name),
    }
}

/// The interface of the built-in service of that name.
pub(crate) fn built_in(name: &str) -> Option<Interface> {
    built_in_where(|known, _| !known.is_empty() && known == name)
}

/// The interface, and those of the built-in services' objects that are come to from it.
pub(crate) fn with_objects(interface: &Interface) -> Vec<Interface> {
    let server = farcall_builtin::services(Server::new());
    server.with_objects(interface).into_iter().cloned().collect()
}

fn built_in_where(fits: impl Fn(&str, &Interface) -> bool) -> Option<Interface> {
    let server = farcall_builtin::services(Server::new());
    let services = server.interfaces().filter(|(name, _)| !name.is_empty());
    // of objects there is no name, only a type
    let objects = server.object_interfaces().map(|interface| ("", interface));
    let found = services.chain(objects).find(|(name, interface)| fits(name, interface));
    found.map(|(_, interface)| interface.clone())
}

/// The interface of the built-in service that has the target's path, key or type.
fn built_in_at(target: &Target) -> Option<Interface> {
    match target.protocol {
        Protocol::XmlRpc => None,
        Protocol::Soap => {
            let url = target.http();
            let (_, path) = url.split_once("://")?.1.split_once('/')?;
            built_in(path.split(['?', '#']).next().unwrap_or_default())
        }
        Protocol::Corba => {
            let ior: Ior = target.url.parse().ok()?;
            let key = ior.iiop().next().map(|profile| profile.object_key);
            built_in_where(|name, interface| {
                (!name.is_empty() && key.as_deref() == Some(name.as_bytes()))
                    || ior.type_id == repository::of_interface(interface)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use farcall::model::{Param, Type};

    use super::*;

    fn interface(name: &str, operations: &[&str]) -> Interface {
        operations.iter().fold(Interface::new(name.to_owned()).with_scope("m"), |i, &o| {
            i.with_operation(Operation::new(o.to_owned()))
        })
    }

    #[test]
    fn built_in_services_are_known_by_path_key_and_type() {
        let named = |text: &str| built_in_at(&Target::parse(text).unwrap()).map(|i| i.name.to_string());
        let bank = Ior::new("IDL:farcall/Bank:1.0", &[]).to_string();
        for (target, name) in [
            ("corbaloc::localhost/fortune", Some("Fortune")),
            ("corbaloc:iiop:1.2@h:1/echo", Some("Echo")),
            ("corbaloc::h/nothing", None),
            (bank.as_str(), Some("Bank")),
            ("soap+http://h:1/strings?x", Some("Strings")),
            ("soap+http://h", None),
            ("h:1/fortune", None),
        ] {
            assert_eq!(named(target).as_deref(), name, "{target}");
        }
    }

    #[test]
    fn interfaces_are_chosen_by_operation_or_name() {
        let all = || vec![interface("A", &["a", "both"]), interface("B", &["b", "both"])];
        assert_eq!(with_operation(all(), "b"), [interface("B", &["b", "both"])]);
        assert_eq!(with_operation(all(), "x").len(), 2);
        assert_eq!(operation(&all(), "both").unwrap().unwrap().name, "both");
        assert!(operation(&all(), "x").unwrap().is_none());
        let mut differ = all();
        differ[1].operations[1].params.push(Param::new("p", Type::I32.into()));
        assert_eq!(operation(&differ, "both").unwrap_err().exit, Exit::Usage);
        let named =
            |name: &str| InterfaceArgs { interface: Some(name.to_owned()), ..InterfaceArgs::default() };
        for name in ["B", "m::B"] {
            assert_eq!(chosen(all(), &named(name)).unwrap()[0].name, "B");
        }
        assert_eq!(chosen(all(), &named("m::C")).unwrap_err().exit, Exit::Schema);
        assert_eq!(chosen(all(), &InterfaceArgs::default()).unwrap().len(), 2);
    }
}
