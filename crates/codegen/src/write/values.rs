//! Value types, and the enums of what derives from them.

use std::fmt::Write as _;

use farcall_model::{Text, ValueKind, ValueType};

use super::Writer;
use super::head::{attribute, parts};
use crate::Error;
use crate::docs::doc;
use crate::nodes::NodeId;

impl Writer<'_, '_> {
    /// A struct of the state; of a type that has none, the enum of those that derive from it and have.
    pub(super) fn value_type(&mut self, id: NodeId, rust: &str, ty: &ValueType) -> Result<(), Error> {
        let family = self.plan.family(ty);
        if ty.kind == ValueKind::Abstract && !family.is_empty() {
            self.family(id, rust, ty, &family);
            return Ok(());
        }
        let kind = match ty.kind {
            ValueKind::Truncatable => "value = \"truncatable\"",
            ValueKind::Custom => "value = \"custom\"",
            ValueKind::Boxed => "value = \"boxed\"",
            ValueKind::Plain | ValueKind::Abstract => "value",
        };
        let mut heads = vec![kind.to_owned()];
        heads.extend(parts(rust, &ty.body.name, &ty.body.scope, ty.body.repository_id.as_ref()));
        if !ty.bases.is_empty() {
            let bases: Vec<String> = ty.bases.iter().map(|id: &Text| format!("{id:?}")).collect();
            heads.push(format!("bases({})", bases.join(", ")));
        }
        doc(&mut self.out, &ty.body.doc);
        self.structure(id, rust, "Wire", heads, (&ty.body.scope, &ty.body.fields))?;
        if let Some(place) = self.plan.families.get(&id) {
            let name = place.name.clone();
            let _ = writeln!(self.out, "/// A [`{rust}`], or what derives from it.");
            let members: Vec<NodeId> = [id].into_iter().chain(family).collect();
            self.family(id, &name, ty, &members);
        }
        Ok(())
    }

    fn family(&mut self, id: NodeId, rust: &str, ty: &ValueType, members: &[NodeId]) {
        if rust == self.plan.places[id.0].name {
            doc(&mut self.out, &ty.body.doc);
        }
        let mut heads = vec!["value".to_owned()];
        heads.extend(parts(rust, &ty.body.name, &ty.body.scope, ty.body.repository_id.as_ref()));
        let derive = self.facade("Wire");
        let eq = if members.iter().all(|id| self.plan.traits.eq(*id)) { ", Eq" } else { "" };
        let _ = writeln!(self.out, "#[derive(Clone, Debug, PartialEq{eq}, {derive})]");
        attribute(&mut self.out, "wire", &heads);
        let _ = writeln!(self.out, "pub enum {rust} {{");
        self.variants(members);
    }
}
