//! Identifiers: made of any name, escaped, and no two alike in a scope.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::parser::{LATER, clash};

/// The name by which IDL, whose identifiers have letters, digits and `_` only, calls something;
/// what is reserved is not escaped yet.
///
/// ```
/// assert_eq!(farcall_idl::identifier("system.listMethods"), "system_listMethods");
/// assert_eq!(farcall_idl::identifier("7bit"), "x7bit");
/// ```
#[must_use]
pub fn identifier(name: &str) -> Cow<'_, str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts && name.chars().all(fits) {
        return Cow::Borrowed(name);
    }
    let body = name.chars().map(|c| if fits(c) { c } else { '_' });
    Cow::Owned(if starts { body.collect() } else { std::iter::once('x').chain(body).collect() })
}

/// With the `_` that words need which some IDL compiler reserves.
pub(super) fn escaped(name: &str) -> String {
    let reserved = clash(name).is_some() || LATER.iter().any(|k| k.eq_ignore_ascii_case(name));
    if reserved { format!("_{name}") } else { name.to_owned() }
}

/// The names that one scope holds, without regard to case.
#[derive(Debug, Default)]
pub(super) struct Taken(HashSet<String>);

impl Taken {
    /// A scope in which its own name is taken.
    pub(super) fn of(name: &str) -> Self {
        Self(HashSet::from([name.to_ascii_lowercase()]))
    }

    /// Keeps a name from being taken.
    pub(super) fn hold(&mut self, name: &str) {
        self.0.insert(identifier(name).to_ascii_lowercase());
    }

    /// A name like that one which is free, taken from now on; not escaped.
    pub(super) fn take(&mut self, name: &str) -> String {
        let name = identifier(name);
        let mut free = name.to_string();
        let mut number = 2;
        while !self.0.insert(free.to_ascii_lowercase()) {
            free = format!("{name}_{number}");
            number += 1;
        }
        free
    }
}

/// The names of modules and of what is in them.
#[derive(Debug, Default)]
pub(super) struct Names {
    scopes: HashMap<String, Taken>,
    modules: HashMap<String, Vec<String>>,
    types: HashMap<(String, String), String>,
    /// What modules are called that have another name in the text, by their path in it.
    pub(super) renamed: HashMap<String, String>,
}

impl Names {
    /// The modules of a scope, escaped.
    pub(super) fn path(&mut self, scope: &str) -> Vec<String> {
        let raw = self.modules_of(scope);
        raw.iter().map(|part| escaped(part)).collect()
    }

    fn modules_of(&mut self, scope: &str) -> Vec<String> {
        // A namespace of XML is no scope of modules.
        if scope.is_empty() || scope.contains("://") || scope.starts_with("urn:") {
            return Vec::new();
        }
        if let Some(known) = self.modules.get(scope) {
            return known.clone();
        }
        let (outer, name) = scope.rsplit_once("::").unwrap_or(("", scope));
        let mut path = self.modules_of(outer);
        let key = path.join("::");
        let taken =
            self.scopes.entry(key).or_insert_with(|| Taken::of(path.last().map_or("", String::as_str)));
        path.push(taken.take(name));
        if path.last().is_some_and(|written| written != name) {
            self.renamed
                .insert(path.iter().map(|p| escaped(p)).collect::<Vec<_>>().join("::"), name.to_owned());
        }
        self.modules.insert(scope.to_owned(), path.clone());
        path
    }

    /// The name of a declaration in a scope, not escaped; the same one each time.
    pub(super) fn declared(&mut self, scope: &str, name: &str) -> String {
        self.declared_as(scope, name, name)
    }

    /// The name of what a key stands for.
    pub(super) fn declared_as(&mut self, scope: &str, key: &str, name: &str) -> String {
        let key = (scope.to_owned(), key.to_owned());
        if let Some(known) = self.types.get(&key) {
            return known.clone();
        }
        let free = self.fresh(scope, name);
        self.types.insert(key, free.clone());
        free
    }

    /// A name in a scope that nothing else has.
    pub(super) fn fresh(&mut self, scope: &str, name: &str) -> String {
        let path = self.modules_of(scope);
        let own = path.last().cloned().unwrap_or_default();
        self.scopes.entry(path.join("::")).or_insert_with(|| Taken::of(&own)).take(name)
    }

    /// `::A::B::name` of a declaration.
    pub(super) fn absolute(&mut self, scope: &str, name: &str) -> String {
        let name = escaped(&self.declared(scope, name));
        let path = self.path(scope);
        path.iter()
            .map(String::as_str)
            .chain([name.as_str()])
            .fold(String::new(), |out, part| out + "::" + part)
    }
}

/// Documentation as comment lines.
pub(super) fn doc(text: &str, indent: &str) -> String {
    // A backslash at the end of a line would join it with the next.
    text.lines()
        .map(|line| {
            format!("{indent}/// {}", line.trim_end_matches(['\\', ' '])).trim_end().to_owned() + "\n"
        })
        .collect()
}
