//! Content models: elements in order become fields.

use std::sync::Arc;

use farcall_model::{StructType, Type, TypeRef, XmlKind};

use super::structure::{DEPTH, Fields, nameless};
use super::{Converter, TypeName, xml_name};
use crate::diagnostic::Severity;
use crate::mapping::XSD;
use crate::name::QName;
use crate::schema::{Element, Particle, Term};

/// How often something stands.
#[derive(Clone, Copy)]
pub(super) struct Occurs {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
}

impl Occurs {
    pub(super) fn of(particle: &Particle) -> Self {
        Self { min: particle.min, max: particle.max }
    }

    /// How often what stands so often inside something that stands so often stands.
    fn times(self, inner: Self) -> Self {
        let max = match (self.max, inner.max) {
            (Some(a), Some(b)) => Some(a.saturating_mul(b)),
            _ => None,
        };
        Self { min: self.min.saturating_mul(inner.min), max }
    }

    pub(super) fn is_repeated(self) -> bool {
        self.max != Some(1)
    }
}

impl Converter<'_> {
    /// Adds the fields of a part of a content model.
    pub(super) fn particle(
        &mut self,
        particle: &Particle,
        optional: bool,
        parent: &TypeName,
        fields: &mut Fields,
        depth: usize,
    ) {
        let occurs = Occurs::of(particle);
        let occurs = if optional { Occurs { min: 0, ..occurs } } else { occurs };
        self.term(&particle.term, occurs, parent, fields, depth);
    }

    fn term(&mut self, term: &Term, occurs: Occurs, parent: &TypeName, fields: &mut Fields, depth: usize) {
        if depth > DEPTH {
            let message =
                format!("groups nest more than {DEPTH} deep, or in themselves; the rest is left out");
            if !self.findings.iter().any(|(_, m, _)| *m == message) {
                self.findings.push((Severity::Error, message, None));
            }
            return;
        }
        if !self.spend() {
            return;
        }
        match term {
            Term::Element(element) => self.element(element, occurs, parent, fields),
            Term::Reference(name) => self.reference(name, occurs, fields),
            Term::Any(_) => any(occurs, fields),
            Term::Group(name) => {
                if let Some(group) = self.group(name) {
                    let inner = occurs.times(Occurs::of(&group));
                    self.term(&group.term, inner, parent, fields, depth + 1);
                }
            }
            Term::Sequence(items) | Term::All(items) | Term::Choice(items) if items.len() == 1 => {
                // alone in a group an element is as good as without the group
                let inner = occurs.times(Occurs::of(&items[0]));
                self.term(&items[0].term, inner, parent, fields, depth + 1);
            }
            Term::Sequence(items) | Term::All(items) if !occurs.is_repeated() => {
                for item in items {
                    self.particle(item, occurs.min == 0, parent, fields, depth + 1);
                }
            }
            Term::Sequence(items) | Term::All(items) => {
                let ty = self.group_type(items, parent, depth);
                content("group", ty, occurs, fields);
            }
            Term::Choice(items) => {
                if let Some((ty, may_be_empty)) = self.choice(items, parent, depth) {
                    let occurs = if may_be_empty { Occurs { min: 0, ..occurs } } else { occurs };
                    content("choice", ty, occurs, fields);
                }
            }
        }
    }

    /// A struct of elements that stand together without one around them.
    pub(super) fn group_type(&mut self, items: &[Particle], parent: &TypeName, depth: usize) -> TypeRef {
        let wanted = TypeName { name: format!("{}Group", parent.name), ..parent.clone() };
        let name = self.unique(&wanted);
        let mut inner = Fields::default();
        for item in items {
            self.particle(item, false, &name, &mut inner, depth + 1);
        }
        let mut body = StructType::new(name.name, inner.list);
        body.scope = name.scope.into();
        Type::Struct(body).into()
    }

    /// A named group; none, and a finding, if there is none.
    pub(super) fn group(&mut self, name: &QName) -> Option<Arc<Particle>> {
        let group = self.schemas.groups.get(name).map(Arc::clone);
        if group.is_none() && self.missing.insert(name.clone()) {
            let message = format!("there is no group {name}; left out");
            self.findings.push((Severity::Error, message, None));
        }
        group
    }

    fn element(&mut self, element: &Element, occurs: Occurs, parent: &TypeName, fields: &mut Fields) {
        let ty = self.element_type(element, Some(parent));
        self.element_field(element, ty, occurs, fields);
    }

    fn element_field(&mut self, element: &Element, ty: TypeRef, occurs: Occurs, fields: &mut Fields) {
        let nillable = super::says_nil(element);
        let nil = |ty: TypeRef| if nillable { Type::Optional(ty).into() } else { ty };
        let (ty, kind) = if occurs.is_repeated() {
            (Type::Sequence(nil(ty)).into(), XmlKind::Element)
        } else if occurs.min == 0 {
            (Type::Optional(nil(ty)).into(), XmlKind::Element)
        } else if nillable {
            (nil(ty), XmlKind::Nillable)
        } else {
            (ty, XmlKind::Element)
        };
        let name = &element.name;
        fields.push(&name.local, ty, |field| xml_name(name, field, kind), &self.documented(element));
    }

    /// A global element, or the choice of those that may stand for it.
    fn reference(&mut self, name: &QName, occurs: Occurs, fields: &mut Fields) {
        let Some(element) = self.referred(name) else {
            return any(occurs, fields);
        };
        if self.schemas.substitutes.contains_key(name)
            && let Some(ty) = self.substitution(name, &element)
        {
            let xml = nameless(XmlKind::Content);
            return fields.push(&name.local, wrapped(ty, occurs), |_| xml, &element.doc);
        }
        let ty = self.element_type(&element, None);
        self.element_field(&element, ty, occurs, fields);
    }

    /// A global element; none, and a finding, if there is none. A schema as data, as one platform
    /// sends it before its tables, is none either, and no news.
    pub(super) fn referred(&mut self, name: &QName) -> Option<Arc<Element>> {
        let element = self.schemas.elements.get(name).map(Arc::clone);
        if element.is_none() && name.namespace != XSD && self.missing.insert(name.clone()) {
            let message = format!("there is no element {name}; read as any");
            self.findings.push((Severity::Error, message, None));
        }
        element
    }
}

fn any(occurs: Occurs, fields: &mut Fields) {
    content("any", Type::Any.into(), occurs, fields);
}

/// Adds a field without an element of its own.
fn content(name: &str, ty: TypeRef, occurs: Occurs, fields: &mut Fields) {
    fields.push(name, wrapped(ty, occurs), |_| nameless(XmlKind::Content), "");
}

fn wrapped(ty: TypeRef, occurs: Occurs) -> TypeRef {
    if occurs.is_repeated() {
        Type::Sequence(ty).into()
    } else if occurs.min == 0 {
        Type::Optional(ty).into()
    } else {
        ty
    }
}
