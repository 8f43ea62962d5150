//! Attributes that say what things are called where they come from.

use std::fmt::Write as _;

use farcall_model::Text;

use crate::names::{Case, plain};

/// The attribute on a type or trait, from its parts; nothing if there are none.
pub(super) fn attribute(out: &mut String, attribute: &str, parts: &[String]) {
    if !parts.is_empty() {
        let _ = writeln!(out, "#[{attribute}({})]", parts.join(", "));
    }
}

/// The parts that say name, scope and repository id.
pub(super) fn parts(rust: &str, name: &str, scope: &str, id: Option<&Text>) -> Vec<String> {
    let mut parts = Vec::new();
    if plain(rust) != name {
        parts.push(format!("name = {name:?}"));
    }
    if !scope.is_empty() {
        parts.push(format!("scope = {scope:?}"));
    }
    parts.extend(id.map(|id| format!("id = {id:?}")));
    parts
}

/// What says the name of a member, where neither Rust nor `rename_all` gives it.
pub(super) fn wire_name(rust: &str, name: &str, case: Option<Case>) -> Option<String> {
    let given = match case {
        Some(case) => case.spell(rust) == name,
        None => plain(rust) == name,
    };
    (!given).then(|| format!("name = {name:?}"))
}
