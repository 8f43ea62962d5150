//! Repository ids: the names by which CORBA tells types apart (CORBA 3.3 part 1, §14.7).
//!
//! ```
//! use farcall_corba::repository::{of_interface, split};
//! use farcall_model::Interface;
//!
//! let bank = Interface::new("Bank").with_scope("farcall");
//! assert_eq!(of_interface(&bank), "IDL:farcall/Bank:1.0");
//! assert_eq!(split("IDL:omg.org/CosNaming/NamingContext:1.0"), ("omg.org::CosNaming".into(), "NamingContext"));
//! ```

use std::borrow::Cow;

use farcall_model::{Interface, ObjectType, StructType, Text};

/// The declared id, or the one that IDL without pragmas gives to a name in a scope.
#[must_use]
pub fn of<'a>(declared: Option<&'a Text>, scope: &str, name: &str) -> Cow<'a, str> {
    if let Some(id) = declared {
        return Cow::Borrowed(id);
    }
    // a namespace of XML is no scope of modules
    let modules = if scope.contains("://") || scope.starts_with("urn:") { "" } else { scope };
    if modules.is_empty() {
        return Cow::Owned(format!("IDL:{name}:1.0"));
    }
    Cow::Owned(format!("IDL:{}/{name}:1.0", modules.replace("::", "/")))
}

/// That of an interface.
#[must_use]
pub fn of_interface(interface: &Interface) -> Cow<'_, str> {
    of(interface.repository_id.as_ref(), &interface.scope, &interface.name)
}

/// That of a struct or an exception.
#[must_use]
pub fn of_struct(ty: &StructType) -> Cow<'_, str> {
    of(ty.repository_id.as_ref(), &ty.scope, &ty.name)
}

/// That of the interface which a reference's type names; empty for any object.
#[must_use]
pub fn of_object(ty: &ObjectType) -> Cow<'_, str> {
    if ty.repository_id.is_none() && ty.interface == "Object" {
        return Cow::Borrowed("IDL:omg.org/CORBA/Object:1.0");
    }
    of(ty.repository_id.as_ref(), "", &ty.interface)
}

/// Scope and name that an id of the `IDL:` form says; the whole as a name otherwise.
#[must_use]
pub fn split(id: &str) -> (String, &str) {
    let Some(rest) = id.strip_prefix("IDL:") else { return (String::new(), id) };
    let path = rest.rsplit_once(':').map_or(rest, |(path, _)| path);
    match path.rsplit_once('/') {
        Some((scope, name)) => (scope.replace('/', "::"), name),
        None => (String::new(), path),
    }
}

/// The name by which IDL, whose identifiers have letters, digits and `_` only, calls an operation.
#[must_use]
pub fn operation(name: &str) -> Cow<'_, str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.chars().all(fits) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.chars().map(|c| if fits(c) { c } else { '_' }).collect())
}
