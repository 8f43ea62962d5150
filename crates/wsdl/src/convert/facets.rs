//! What narrows a value beyond its type, as documentation: the model has no word for it, and
//! [`Schemas`](crate::schema::Schemas) has it whole.

use std::fmt::Write;

use super::Converter;
use crate::schema::{self, Facet, TypeUse, Variety};

/// How long a chain of restrictions is followed.
const CHAIN: usize = 64;
/// How long a text of facets may become.
const LONGEST: usize = 1000;

impl Converter<'_> {
    /// The documentation of an element or attribute, with its facets and what its absence means.
    pub(super) fn described(
        &self,
        doc: &str,
        ty: &TypeUse,
        default: Option<&str>,
        fixed: Option<&str>,
    ) -> String {
        let mut lines = Vec::new();
        let facets = self.facets(ty);
        if !facets.is_empty() {
            lines.push(format!("Restricted by {facets}."));
        }
        if let Some(value) = fixed {
            lines.push(format!("Always `{value}`."));
        } else if let Some(value) = default {
            lines.push(format!("`{value}` if it is left out."));
        }
        if !doc.is_empty() && !lines.is_empty() {
            lines.insert(0, format!("{doc}\n"));
        } else if !doc.is_empty() {
            return doc.to_owned();
        }
        lines.join("\n")
    }

    /// The facets of a simple type and its bases, nearest first, as XML attributes.
    fn facets(&self, ty: &TypeUse) -> String {
        let mut out = String::new();
        let mut said: Vec<&str> = Vec::new();
        let mut next = Some(ty);
        for _ in 0..CHAIN {
            let found = match next {
                Some(TypeUse::Named(name)) => self.schemas.types.get(name),
                Some(TypeUse::Inline(ty)) => Some(ty),
                _ => None,
            };
            let Some(schema::Type::Simple(simple)) = found.map(|ty| &**ty) else { break };
            let mut here: Vec<&str> = Vec::new();
            for Facet { name, value, .. } in &simple.facets {
                // a nearer facet of the same kind is the narrower one
                let known = said.contains(&name.as_str()) && name != "pattern";
                if matches!(name.as_str(), "enumeration" | "whiteSpace") || known || out.len() > LONGEST {
                    continue;
                }
                here.push(name);
                let comma = if out.is_empty() { "" } else { ", " };
                let _ = write!(out, "{comma}`{name}=\"{value}\"`");
            }
            said.extend(here);
            next = match &simple.variety {
                Variety::Restriction(base) => Some(base),
                _ => None,
            };
        }
        out
    }
}
