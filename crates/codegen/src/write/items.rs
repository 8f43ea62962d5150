//! Structs, enumerations, unions and exceptions.

use std::fmt::Write as _;

use farcall_model::{EnumType, ExceptionType, Field, Type, TypeRef, UnionType};

use super::Writer;
use super::head::{attribute, parts, wire_name};
use super::types::Spot;
use crate::Error;
use crate::docs::doc;
use crate::names::{Case, Scope, pascal, snake};
use crate::nodes::NodeId;
use crate::plan::Several;
use crate::xml::{self, Elements, TellsBy};

impl Writer<'_, '_> {
    pub(super) fn named(&mut self, id: NodeId, ty: &Type) -> Result<(), Error> {
        let rust = self.plan.places[id.0].name.clone();
        let (scope, name) = ty.qualified_name().unwrap_or_default();
        match ty {
            Type::Struct(ty) => {
                let heads = parts(&rust, name, scope, ty.repository_id.as_ref());
                doc(&mut self.out, &ty.doc);
                self.structure(id, &rust, "Wire", heads, (&ty.scope, &ty.fields))
            }
            Type::Value(ty) => self.value_type(id, &rust, ty),
            Type::Enum(ty) => {
                let heads = parts(&rust, name, scope, ty.repository_id.as_ref());
                doc(&mut self.out, &ty.doc);
                self.derives(id, "Wire", true);
                self.enumeration(&rust, ty, heads);
                Ok(())
            }
            Type::Union(ty) => {
                doc(&mut self.out, &ty.doc);
                if let (Some(object), "") = (ty.abstract_interface(), &*ty.doc)
                    && let Some(place) = self.plan.interface_of(object)
                {
                    let name = self.plan.relative(self.module, place);
                    let _ = writeln!(self.out, "/// An object of [`{name}`], or a value that supports it.");
                }
                self.union(id, &rust, ty)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn exception(&mut self, id: NodeId, exception: &ExceptionType) -> Result<(), Error> {
        let rust = self.plan.places[id.0].name.clone();
        let body = &exception.body;
        let mut heads = vec![format!("code = {}", exception.code)];
        heads.extend(parts(&rust, &body.name, &body.scope, body.repository_id.as_ref()));
        doc(&mut self.out, &body.doc);
        self.structure(id, &rust, "Exception", heads, (&body.scope, &body.fields))
    }

    /// `#[derive(…)]`, with all that compiles and has a use.
    pub(super) fn derives(&mut self, id: NodeId, ours: &str, copy: bool) {
        let ours = self.facade(ours);
        let traits = &self.plan.traits;
        let eq = if traits.eq(id) { ", Eq" } else { "" };
        let order = if traits.ordered(id) { ", PartialOrd, Ord" } else { "" };
        let copy = if copy { ", Copy" } else { "" };
        let _ = writeln!(self.out, "#[derive(Clone{copy}, Debug, PartialEq{eq}{order}, {ours})]");
    }

    /// A struct that derives `Wire` or `Exception`, by which its attribute goes.
    pub(super) fn structure(
        &mut self,
        id: NodeId,
        rust: &str,
        derive: &str,
        mut heads: Vec<String>,
        (scope, fields): (&str, &[Field]),
    ) -> Result<(), Error> {
        let mut taken = Scope::default();
        let names: Vec<(String, &str)> =
            fields.iter().map(|field| (taken.claim(snake(&field.name)), &*field.name)).collect();
        let case = Case::of_all(&names);
        heads.extend(case.map(Case::attribute));
        let elements = Elements::of(fields, scope);
        heads.extend(elements.parts());
        self.derives(id, derive, false);
        attribute(&mut self.out, &derive.to_lowercase(), &heads);
        if fields.is_empty() {
            let _ = writeln!(self.out, "pub struct {rust};");
            return Ok(());
        }
        let _ = writeln!(self.out, "pub struct {rust} {{");
        for (field, (member, name)) in fields.iter().zip(&names) {
            doc(&mut self.out, &field.doc);
            let mut says: Vec<String> = wire_name(member, name, case).into_iter().collect();
            says.extend(elements.field(field));
            attribute(&mut self.out, "wire", &says);
            let place = format!("{rust}.{name}");
            let ty = self.ty(&field.ty, Spot { owner: Some(id), place: &place })?;
            let _ = writeln!(self.out, "pub {member}: {ty},");
        }
        self.out.push_str("}\n");
        Ok(())
    }

    fn enumeration(&mut self, rust: &str, ty: &EnumType, mut heads: Vec<String>) {
        let mut taken = Scope::default();
        let names: Vec<(String, &str)> =
            ty.members.iter().map(|member| (taken.claim(variant(&member.name)), &*member.name)).collect();
        let case = Case::of_all(&names);
        heads.extend(case.map(Case::attribute));
        let out = &mut self.out;
        attribute(out, "wire", &heads);
        let _ = writeln!(out, "pub enum {rust} {{");
        for (index, (member, (variant, name))) in ty.members.iter().zip(&names).enumerate() {
            doc(out, &member.doc);
            let mut says: Vec<String> = wire_name(variant, name, case).into_iter().collect();
            if i64::try_from(index) != Ok(member.value) {
                says.push(format!("value = {}", member.value));
            }
            attribute(out, "wire", &says);
            let _ = writeln!(out, "{variant},");
        }
        out.push_str("}\n");
    }

    fn union(&mut self, id: NodeId, rust: &str, ty: &UnionType) -> Result<(), Error> {
        let owned = Spot { owner: Some(id), place: &ty.name };
        let mut taken = Scope::default();
        let names: Vec<(String, &str)> =
            ty.cases.iter().map(|case| (taken.claim(pascal(&case.name)), &*case.name)).collect();
        let case = Case::of_all(&names);
        let mut heads = parts(rust, &ty.name, &ty.scope, ty.repository_id.as_ref());
        heads.extend(case.map(Case::attribute));
        match xml::told_by(ty) {
            Some(TellsBy::Element) => {}
            Some(TellsBy::Type) => heads.push("xsi_type".to_owned()),
            None => heads.extend(self.discriminator(&ty.discriminator, ty, owned)?),
        }
        self.derives(id, "Wire", false);
        attribute(&mut self.out, "wire", &heads);
        let _ = writeln!(self.out, "pub enum {rust} {{");
        for (index, (member, (variant, name))) in ty.cases.iter().zip(&names).enumerate() {
            doc(&mut self.out, &member.doc);
            let mut says: Vec<String> = wire_name(variant, name, case).into_iter().collect();
            match &*member.labels {
                [] => says.push("default".to_owned()),
                [label] if i64::try_from(index) == Ok(*label) => {}
                labels => {
                    let labels: Vec<String> = labels.iter().map(i64::to_string).collect();
                    says.push(format!("label({})", labels.join(", ")));
                }
            }
            says.extend(xml::case(ty, index));
            attribute(&mut self.out, "wire", &says);
            match member.ty.resolve() {
                Type::Void => {
                    let _ = writeln!(self.out, "{variant},");
                }
                _ => {
                    let place = format!("{rust}.{name}");
                    let carried = self.ty(&member.ty, Spot { place: &place, ..owned })?;
                    let _ = writeln!(self.out, "{variant}({carried}),");
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
        self.variants(&set.members);
    }

    /// Variants that are called as what they carry.
    pub(super) fn variants(&mut self, members: &[NodeId]) {
        let mut taken = Scope::default();
        for id in members {
            let place = &self.plan.places[id.0];
            let path = self.plan.relative(self.module, place);
            let _ = writeln!(self.out, "{}({path}),", taken.claim(place.name.clone()));
        }
        self.out.push_str("}\n");
    }
}

/// What a member of an enumeration is called; schemas list the empty text among others.
fn variant(name: &str) -> String {
    pascal(if name.is_empty() { "Empty" } else { name })
}
