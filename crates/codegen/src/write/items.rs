//! Structs, enumerations, unions and exceptions.

use std::fmt::Write as _;

use farcall_model::{EnumType, ExceptionType, Field, Type, TypeRef, UnionType};

use super::Writer;
use super::head::{attribute, parts, wire_name};
use super::types::Spot;
use crate::Error;
use crate::docs::doc;
use crate::names::{Scope, pascal, snake};
use crate::nodes::NodeId;
use crate::plan::Several;
use crate::xml::{self, Elements, TellsBy};

impl Writer<'_, '_> {
    pub(super) fn named(&mut self, id: NodeId, ty: &Type) -> Result<(), Error> {
        let rust = self.plan.places[id.0].name.clone();
        let (scope, name) = ty.qualified_name().unwrap_or_default();
        let heads = |id| parts(&rust, name, scope, id);
        doc(&mut self.out, ty.doc(), &format!("`{name}`."));
        match ty {
            Type::Struct(ty) => {
                let mut heads = heads(ty.repository_id.as_ref());
                let elements = Elements::of(&ty.fields, &ty.scope);
                heads.extend(elements.parts());
                self.derives(id, "Wire", false);
                attribute(&mut self.out, "wire", &heads);
                self.fields(id, (&rust, name), &ty.fields, &elements)
            }
            Type::Value(ty) => {
                let heads = heads(ty.repository_id.as_ref());
                self.derives(id, "Wire", false);
                attribute(&mut self.out, "wire", &heads);
                self.fields(id, (&rust, name), &ty.fields, &Elements::default())
            }
            Type::Enum(ty) => {
                let heads = heads(ty.repository_id.as_ref());
                self.derives(id, "Wire", true);
                attribute(&mut self.out, "wire", &heads);
                self.enumeration(&rust, ty);
                Ok(())
            }
            Type::Union(ty) => self.union(id, &rust, ty, heads(ty.repository_id.as_ref())),
            _ => Ok(()),
        }
    }

    pub(super) fn exception(&mut self, id: NodeId, exception: &ExceptionType) -> Result<(), Error> {
        let rust = self.plan.places[id.0].name.clone();
        let body = &exception.body;
        let mut heads = vec![format!("code = {}", exception.code)];
        heads.extend(parts(&rust, &body.name, &body.scope, body.repository_id.as_ref()));
        let elements = Elements::of(&body.fields, &body.scope);
        heads.extend(elements.parts());
        doc(&mut self.out, &body.doc, &format!("`{}`.", body.name));
        self.derives(id, "Exception", false);
        attribute(&mut self.out, "exception", &heads);
        self.fields(id, (&rust, &body.name), &body.fields, &elements)
    }

    /// `#[derive(…)]`, with all that compiles and has a use.
    fn derives(&mut self, id: NodeId, ours: &str, copy: bool) {
        let ours = self.facade(ours);
        let traits = &self.plan.traits;
        let eq = if traits.eq(id) { ", Eq" } else { "" };
        let order = if traits.ordered(id) { ", PartialOrd, Ord" } else { "" };
        let copy = if copy { ", Copy" } else { "" };
        let _ = writeln!(self.out, "#[derive(Clone{copy}, Debug, PartialEq{eq}{order}, {ours})]");
    }

    fn fields(
        &mut self,
        id: NodeId,
        (rust, name): (&str, &str),
        fields: &[Field],
        elements: &Elements<'_>,
    ) -> Result<(), Error> {
        let _ = writeln!(self.out, "pub struct {rust} {{");
        let mut taken = Scope::default();
        for field in fields {
            let member = taken.claim(snake(&field.name));
            doc(&mut self.out, &field.doc, &format!("`{}`.", field.name));
            let mut says: Vec<String> = wire_name(&member, &field.name).into_iter().collect();
            says.extend(elements.field(field));
            attribute(&mut self.out, "wire", &says);
            let place = format!("{name}.{}", field.name);
            let ty = self.ty(&field.ty, Spot { owner: Some(id), place: &place })?;
            let _ = writeln!(self.out, "pub {member}: {ty},");
        }
        self.out.push_str("}\n");
        Ok(())
    }

    fn enumeration(&mut self, rust: &str, ty: &EnumType) {
        let out = &mut self.out;
        let _ = writeln!(out, "pub enum {rust} {{");
        let mut taken = Scope::default();
        for (index, member) in ty.members.iter().enumerate() {
            let name = taken.claim(pascal(&member.name));
            doc(out, &member.doc, &format!("`{}`.", member.name));
            let mut says: Vec<String> = wire_name(&name, &member.name).into_iter().collect();
            if i64::try_from(index) != Ok(member.value) {
                says.push(format!("value = {}", member.value));
            }
            attribute(out, "wire", &says);
            let _ = writeln!(out, "{name},");
        }
        out.push_str("}\n");
    }

    fn union(&mut self, id: NodeId, rust: &str, ty: &UnionType, mut heads: Vec<String>) -> Result<(), Error> {
        let owned = Spot { owner: Some(id), place: &ty.name };
        match xml::told_by(ty) {
            Some(TellsBy::Element) => {}
            Some(TellsBy::Type) => heads.push("xsi_type".to_owned()),
            None => heads.extend(self.discriminator(&ty.discriminator, ty, owned)?),
        }
        self.derives(id, "Wire", false);
        attribute(&mut self.out, "wire", &heads);
        let _ = writeln!(self.out, "pub enum {rust} {{");
        let mut taken = Scope::default();
        for (index, case) in ty.cases.iter().enumerate() {
            let name = taken.claim(pascal(&case.name));
            doc(&mut self.out, &case.doc, &format!("`{}`.", case.name));
            let mut says: Vec<String> = wire_name(&name, &case.name).into_iter().collect();
            match &*case.labels {
                [] => says.push("default".to_owned()),
                [label] if i64::try_from(index) == Ok(*label) => {}
                labels => {
                    let labels: Vec<String> = labels.iter().map(i64::to_string).collect();
                    says.push(format!("label({})", labels.join(", ")));
                }
            }
            says.extend(xml::case(ty, index));
            attribute(&mut self.out, "wire", &says);
            match case.ty.resolve() {
                Type::Void => {
                    let _ = writeln!(self.out, "{name},");
                }
                _ => {
                    let place = format!("{}.{}", ty.name, case.name);
                    let carried = self.ty(&case.ty, Spot { place: &place, ..owned })?;
                    let _ = writeln!(self.out, "{name}({carried}),");
                }
            }
        }
        self.out.push_str("}\n");
        Ok(())
    }

    /// What says the type of the discriminator, where it is not what the derive would take.
    fn discriminator(&mut self, ty: &TypeRef, of: &UnionType, at: Spot<'_>) -> Result<Option<String>, Error> {
        let plain = of.cases.iter().all(|case| matches!(case.ty.resolve(), Type::Void));
        if matches!(ty.resolve(), Type::I32) && !plain {
            return Ok(None);
        }
        Ok(Some(format!("discriminator = {:?}", self.ty(ty, at)?)))
    }

    /// An enum of exceptions.
    pub(super) fn several(&mut self, set: &Several) {
        let derive = self.facade("Exception");
        let _ = writeln!(self.out, "/// What `{}` and its like refuse.", set.operation);
        let eq = if set.members.iter().all(|id| self.plan.traits.eq(*id)) { ", Eq" } else { "" };
        let _ = writeln!(self.out, "#[derive(Clone, Debug, PartialEq{eq}, {derive})]");
        let _ = writeln!(self.out, "pub enum {} {{", set.place.name);
        let mut taken = Scope::default();
        for id in &set.members {
            let place = &self.plan.places[id.0];
            let path = self.plan.relative(self.module, place);
            let name = taken.claim(place.name.clone());
            let _ = writeln!(self.out, "/// See [`{path}`].\n{name}({path}),");
        }
        self.out.push_str("}\n");
    }
}
