//! Interfaces: operations, attributes and exceptions.

use std::collections::HashMap;

use farcall_model::{Direction, ExceptionType, Interface, Operation, Type, TypeRef};

use crate::lower::hashed;

use super::names::{Taken, doc, escaped};
use super::types::{pragma, renamed};
use super::{EmitError, Emitter};

impl Emitter<'_> {
    /// Keeps the names of interfaces, types and exceptions for them, before others take names.
    pub(super) fn reserve(&mut self, interfaces: &[&Interface], types: &[TypeRef]) {
        for interface in interfaces {
            self.names.path(&interface.scope);
        }
        for interface in interfaces {
            let key = (interface.scope.to_string(), interface.name.to_string());
            self.names.declared(&key.0, &key.1);
            self.interfaces.insert(id_of(interface), key);
        }
        let used: Vec<&Type> = interfaces.iter().flat_map(|i| i.named_types()).collect();
        let used = || types.iter().map(TypeRef::resolve).chain(used.iter().copied());
        used().for_each(|ty| self.remember_abstract(ty));
        for ty in used() {
            if let Type::Object(_) = ty {
                continue;
            }
            if self.is_of_abstract(ty) {
                continue;
            }
            if let Some((scope, name)) = ty.qualified_name() {
                self.names.path(scope);
                self.names.declared(scope, name);
            }
            self.remember_derived(ty);
        }
        for exception in interfaces.iter().flat_map(|i| &i.operations).flat_map(|o| &o.exceptions) {
            self.names.declared(&exception.body.scope, &exception.body.name);
        }
    }

    /// Writes an interface after those that it inherits from. If one of those is not at hand, what
    /// it inherits is written as its own.
    pub(super) fn interface(&mut self, interface: &Interface) -> Result<(), EmitError> {
        let key = (interface.scope.to_string(), interface.name.to_string());
        if self.state.insert(key.clone(), true).is_some() {
            return Ok(());
        }
        let found: Option<Vec<&Interface>> =
            interface.bases.iter().map(|id| self.by_id.get(&**id).copied()).collect();
        let bases = found.unwrap_or_default();
        for base in &bases {
            self.interface(base)?;
        }
        self.open_interfaces.push(key);
        let written = self.names.declared(&interface.scope, &interface.name);
        let mut taken = Taken::of(&written);
        for operation in bases.iter().flat_map(|b| &b.operations) {
            taken.hold(&operation.name);
        }
        let mut body = String::new();
        for operation in &interface.operations {
            if bases.iter().any(|b| b.operation(&operation.name).is_some()) {
                continue;
            }
            let place = format!("{}.{}", interface.name, operation.name);
            match attribute(interface, operation) {
                Some(Attribute::Get(name, set)) => {
                    let ty = self.name(&operation.result, &place)?;
                    let name = escaped(&taken.take(name));
                    let reads = self.raises(if set.is_some() { "getraises" } else { "raises" }, operation)?;
                    let writes = match set {
                        Some(set) => self.raises("setraises", set)?,
                        None => String::new(),
                    };
                    let readonly = if set.is_some() { "" } else { "readonly " };
                    body += &doc(&operation.doc, "    ");
                    body += &format!("    {readonly}attribute {ty} {name}{reads}{writes};\n");
                }
                Some(Attribute::Set) => {}
                None => {
                    let name = taken.take(&operation.name);
                    body += &self.operation(operation, &name, &place)?;
                }
            }
        }
        let path = self.names.path(&interface.scope);
        let id = interface.repository_id.as_deref();
        let pragma = pragma(&path, &written, &interface.scope, &interface.name, id);
        let head = doc(&interface.doc, "");
        // Those that others of them inherit from need no mention.
        let direct =
            bases.iter().filter(|b| !bases.iter().any(|other| other.bases.contains(&id_of(b).into())));
        let direct: Vec<String> = direct.map(|b| self.names.absolute(&b.scope, &b.name)).collect();
        let inherits = if direct.is_empty() { String::new() } else { format!(" : {}", direct.join(", ")) };
        let word = self.word(&id_of(interface));
        self.push(path, format!("{head}{word} {}{inherits} {{\n{body}}};\n{pragma}", escaped(&written)));
        self.open_interfaces.pop();
        self.announced.insert((interface.scope.to_string(), interface.name.to_string()));
        Ok(())
    }

    fn operation(&mut self, operation: &Operation, written: &str, place: &str) -> Result<String, EmitError> {
        let result = match operation.result.resolve() {
            Type::Void => "void".to_owned(),
            _ => self.name(&operation.result, place)?,
        };
        let mut taken = Taken::default();
        let mut params = Vec::new();
        for param in operation.signature() {
            let way = match param.direction {
                Direction::In => "in",
                Direction::Out => "out",
                Direction::InOut => "inout",
            };
            let ty = self.name(&param.field.ty, place)?;
            params.push(format!("{way} {ty} {}", escaped(&taken.take(&param.field.name))));
        }
        let raises = self.raises("raises", operation)?;
        let oneway = if operation.oneway { "oneway " } else { "" };
        let head = format!("    {oneway}{result} {}", escaped(written));
        let context = match &*operation.context {
            [] => String::new(),
            names => {
                let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
                format!(" context ({})", names.join(", "))
            }
        };
        let line = format!("{head}({}){raises}{context};\n", params.join(", "));
        let mut notes = renamed(written, &operation.name);
        if operation.idempotent {
            notes += &format!("#pragma farcall idempotent {}\n", escaped(written));
        }
        Ok(doc(&operation.doc, "    ") + &line + &notes)
    }

    fn raises(&mut self, word: &str, operation: &Operation) -> Result<String, EmitError> {
        if operation.exceptions.is_empty() || operation.oneway {
            return Ok(String::new());
        }
        let mut names = Vec::new();
        for exception in &operation.exceptions {
            names.push(self.exception(exception)?);
        }
        Ok(format!(" {word} ({})", names.join(", ")))
    }

    fn exception(&mut self, exception: &ExceptionType) -> Result<String, EmitError> {
        let body = &exception.body;
        let key = (body.scope.to_string(), body.name.to_string());
        let absolute = self.names.absolute(&key.0, &key.1);
        if self.state.insert(key, true).is_none() {
            let written = self.names.declared(&body.scope, &body.name);
            let path = self.names.path(&body.scope);
            let text = self.structure("exception", body, &written)?;
            let pragma = pragma(&path, &written, &body.scope, &body.name, body.repository_id.as_deref());
            let id = full_id(body.repository_id.as_deref(), &body.scope, &body.name);
            let code = match exception.code {
                code if code == hashed(&id) => String::new(),
                code => format!("#pragma farcall code {} {code}\n", escaped(&written)),
            };
            self.push(path, doc(&body.doc, "") + &text + &pragma + &code);
        }
        Ok(absolute)
    }
}

/// What an operation is that IDL writes as an attribute.
enum Attribute<'a> {
    /// It reads one, and this operation sets it.
    Get(&'a str, Option<&'a Operation>),
    /// It sets one.
    Set,
}

fn attribute<'a>(interface: &'a Interface, operation: &'a Operation) -> Option<Attribute<'a>> {
    let getter = |name: &str| {
        let get = interface.operation(&format!("_get_{name}"))?;
        let plain = get.params.is_empty() && !matches!(get.result.resolve(), Type::Void);
        plain.then_some(get)
    };
    let setter = |name: &str| {
        let get = getter(name)?;
        let set = interface.operation(&format!("_set_{name}"))?;
        let [param] = set.params.as_slice() else { return None };
        let plain = param.field.ty == get.result && matches!(set.result.resolve(), Type::Void);
        plain.then_some(set)
    };
    if let Some(name) = operation.name.strip_prefix("_get_") {
        return getter(name).map(|_| Attribute::Get(name, setter(name)));
    }
    let name = operation.name.strip_prefix("_set_")?;
    setter(name).map(|_| Attribute::Set)
}

/// Interfaces by repository id.
pub(super) type ById<'a> = HashMap<String, &'a Interface>;

/// The repository id of an interface.
pub(super) fn id_of(interface: &Interface) -> String {
    full_id(interface.repository_id.as_deref(), &interface.scope, &interface.name)
}

/// A repository id, declared or by names.
pub(super) fn full_id(declared: Option<&str>, scope: &str, name: &str) -> String {
    let modules = if scope.contains("://") || scope.starts_with("urn:") { "" } else { scope };
    match declared {
        Some(id) => id.to_owned(),
        None if modules.is_empty() => format!("IDL:{name}:1.0"),
        None => format!("IDL:{}/{name}:1.0", modules.replace("::", "/")),
    }
}
