//! Abstract interfaces, and the value types that support them.

use farcall_model::{Interface, ObjectType, Type, TypeRef, UnionType};

use super::interfaces::id_of;
use super::names::escaped;
use super::types::pragma;
use super::{EmitError, Emitter};

impl Emitter<'_> {
    /// Keeps what an abstract interface says: that it is one, as what it inherits from is, and which
    /// value types support it.
    pub(super) fn remember_abstract(&mut self, ty: &Type) {
        let Type::Union(union) = ty else { return };
        let Some(object) = union.abstract_interface() else { return };
        let Some(id) = object.repository_id.as_deref() else { return };
        if !self.abstracts.insert(id.to_owned()) {
            return;
        }
        if let Some(interface) = self.by_id.get(id).copied() {
            self.abstracts.extend(interface.bases.iter().map(ToString::to_string));
        }
        for ty in supporting(union) {
            if let Some((scope, name)) = ty.resolve().qualified_name() {
                let supported = self.supports.entry((scope.to_owned(), name.to_owned())).or_default();
                supported.push(object.clone());
            }
        }
    }

    /// True for the value type that stands for all that support an abstract interface, which IDL
    /// has no name for, and for what stands for the interface itself.
    pub(super) fn is_of_abstract(&self, ty: &Type) -> bool {
        match ty {
            Type::Value(value) => value.derived.iter().any(|ty| {
                let key = ty.resolve().qualified_name();
                let supported =
                    key.and_then(|(scope, name)| self.supports.get(&(scope.to_owned(), name.to_owned())));
                supported.into_iter().flatten().any(|object| {
                    let (scope, _) = self.interface_key(object);
                    value.body.scope == scope && value.body.name == format!("{}Value", object.interface)
                })
            }),
            _ => false,
        }
    }

    /// How an interface begins.
    pub(super) fn word(&self, id: &str) -> &'static str {
        if self.abstracts.contains(id) { "abstract interface" } else { "interface" }
    }

    /// An abstract interface where it is used, which is announced.
    pub(super) fn abstract_interface(&mut self, union: &UnionType, object: &ObjectType) -> String {
        // they may come where this one is declared
        self.derived.extend(supporting(union).iter().rev().cloned());
        let key = self.interface_key(object);
        self.announce_interface(&key, object.repository_id.as_deref());
        self.names.absolute(&key.0, &key.1)
    }

    /// True for a value type that supports an interface which is being written.
    pub(super) fn must_wait(&self, key: &(String, String)) -> bool {
        let supported = self.supports.get(key).into_iter().flatten();
        supported.map(|object| self.interface_key(object)).any(|key| self.open_interfaces.contains(&key))
    }

    /// What a value type says of the interfaces that it supports, which are written before it.
    pub(super) fn supported(&mut self, key: &(String, String)) -> Result<String, EmitError> {
        let objects = self.supports.remove(key).unwrap_or_default();
        let mut known: Vec<&Interface> = Vec::new();
        let mut names = Vec::new();
        for object in &objects {
            let key = self.interface_key(object);
            let id = object.repository_id.as_deref().unwrap_or_default();
            match self.by_id.get(id).copied() {
                Some(interface) => {
                    self.interface(interface)?;
                    known.push(interface);
                }
                None => self.define_empty(&key, id),
            }
            names.push((id, self.names.absolute(&key.0, &key.1)));
        }
        // those that others of them inherit from need no mention
        let is_inherited =
            |id: &str| known.iter().any(|other| id_of(other) != id && other.bases.iter().any(|b| b == id));
        let names: Vec<String> =
            names.into_iter().filter(|(id, _)| !is_inherited(id)).map(|(_, name)| name).collect();
        Ok(if names.is_empty() { String::new() } else { format!(" supports {}", names.join(", ")) })
    }

    /// An interface whose operations nobody told.
    fn define_empty(&mut self, key: &(String, String), id: &str) {
        if self.state.insert(key.clone(), true).is_some() {
            return;
        }
        let path = self.names.path(&key.0);
        let written = self.names.declared(&key.0, &key.1);
        let pragma = pragma(&path, &written, &key.0, &key.1, Some(id));
        self.push(path, format!("abstract interface {} {{\n}};\n{pragma}", escaped(&written)));
        self.announced.insert(key.clone());
    }
}

/// The value types that support an abstract interface.
fn supporting(union: &UnionType) -> &[TypeRef] {
    union
        .cases
        .iter()
        .find_map(|case| match case.ty.resolve() {
            Type::Value(value) => Some(&*value.derived),
            _ => None,
        })
        .unwrap_or_default()
}
