//! Complex types: structs, SOAP arrays, maps, and abstract types.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use farcall_model::{Field, StructType, Type, TypeRef, XmlKind, XmlName};

use super::scalar::Simple;
use super::{Converter, TypeName, xml_name};
use crate::diagnostic::Severity;
use crate::load::standard::ENCODINGS;
use crate::mapping::XSD;
use crate::name::QName;
use crate::schema::content::is_array_type;
use crate::schema::{self, AttributeUse, Attributes, ComplexType, Derivation, Presence, Term, TypeUse};

/// How many types may derive one from the other.
const CHAIN: usize = 64;
/// How deep groups may refer to groups.
pub(super) const DEPTH: usize = 64;

/// The fields of a struct as they are found, each with a name of its own.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) list: Vec<Field>,
    /// Each name, with the last number given after it.
    names: HashMap<String, u32>,
}

impl Fields {
    /// Adds a field; a number follows its name if another has it already.
    pub(super) fn push(&mut self, name: &str, ty: TypeRef, xml: impl FnOnce(&str) -> XmlName, doc: &str) {
        let unique = numbered(name, &mut self.names);
        let xml = xml(&unique);
        let mut field = Field::new(unique.into(), ty);
        field.xml = xml;
        field.doc = doc.to_owned().into();
        self.list.push(field);
    }
}

/// A name that was not given yet: this one, or with a number after it.
pub(crate) fn numbered(name: &str, given: &mut HashMap<String, u32>) -> String {
    let mut unique = name.to_owned();
    while given.contains_key(&unique) {
        let number = given.entry(name.to_owned()).or_insert(1);
        *number += 1;
        unique = format!("{name}{number}");
    }
    given.insert(unique.clone(), 1);
    unique
}

/// The XML name of a field that stands as the text or the content of its struct.
pub(super) fn nameless(kind: XmlKind) -> XmlName {
    XmlName { namespace: None, local: None, kind }
}

impl Converter<'_> {
    pub(super) fn complex(&mut self, this: &Arc<schema::Type>, ty: &ComplexType, name: &TypeName) -> Type {
        if ty.is_abstract {
            let union = self.derived_union(ty, &QName::new(&*name.scope, &*name.name), name);
            if matches!(&union, Type::Union(union) if !union.cases.is_empty()) {
                return union;
            }
        }
        let chain = self.chain(this);
        if let Some(array) = self.array(&chain) {
            return array;
        }
        if let Some(map) = self.map(ty, name) {
            return map;
        }
        if let Some(union) = self.choice_alone(ty, name) {
            return union;
        }
        let mut fields = Fields::default();
        self.text(&chain, &mut fields);
        // a restriction states all its elements, an extension adds to those of its base
        let restricts = |ty: &&Arc<schema::Type>| matches!(&***ty, schema::Type::Complex(c) if c.derivation == Derivation::Restriction);
        let last = chain.iter().position(|ty| restricts(&ty)).map_or(chain.len(), |at| at + 1);
        for level in chain[..last].iter().rev() {
            if let schema::Type::Complex(level) = &**level
                && let Some(particle) = &level.particle
            {
                self.particle(particle, false, name, &mut fields, 0);
            }
        }
        self.attribute_fields(&chain, name, &mut fields);
        let mut body = StructType::new(name.name.clone(), fields.list);
        body.scope = name.scope.clone().into();
        body.doc = ty.doc.clone().into();
        Type::Struct(body)
    }

    /// A type, its base, the base of that, and so on.
    fn chain(&mut self, ty: &Arc<schema::Type>) -> Vec<Arc<schema::Type>> {
        let mut chain = vec![Arc::clone(ty)];
        while let Some(schema::Type::Complex(last)) = chain.last().map(|ty| &**ty) {
            let Some(base) = &last.base else { break };
            let Some(next) = self.schemas.types.get(base) else {
                if base.namespace != XSD && !ENCODINGS.contains(&&*base.namespace) {
                    let origin = last.origin.clone();
                    if self.missing.insert(base.clone()) {
                        let message = format!("there is no type {base} to derive from");
                        self.findings.push((Severity::Error, message, Some(origin)));
                    }
                }
                break;
            };
            if chain.len() > CHAIN {
                let message = format!("types derive more than {CHAIN} deep, or from themselves");
                self.findings.push((Severity::Error, message, Some(last.origin.clone())));
                // going round, each counts once
                let mut seen = HashSet::new();
                chain.retain(|ty| seen.insert(Arc::as_ptr(ty)));
                break;
            }
            let next = Arc::clone(next);
            chain.push(next);
        }
        chain
    }

    /// The sequence that a SOAP array is (SOAP 1.1, section 5.4.2); none for other types.
    fn array(&mut self, chain: &[Arc<schema::Type>]) -> Option<Type> {
        let complex = chain.iter().filter_map(|ty| match &**ty {
            schema::Type::Complex(ty) => Some(&**ty),
            schema::Type::Simple(_) => None,
        });
        let complex: Vec<&ComplexType> = complex.collect();
        let is_array = |name: &QName| ENCODINGS.contains(&&*name.namespace) && name.local == "Array";
        let based = complex.iter().any(|ty| ty.base.as_ref().is_some_and(is_array));
        if let Some((item, brackets)) = complex.iter().find_map(|ty| ty.array_type.as_ref()) {
            let mut ty = if self.ends(vec![TypeUse::Named(item.clone())]) {
                self.named(item, complex.first().map(|ty| &ty.origin))
            } else {
                Type::Any.into()
            };
            // one pair of brackets an array, one more dimension a comma
            let dimensions = brackets.bytes().filter(|b| matches!(b, b'[' | b',')).count().clamp(1, 8);
            for _ in 1..dimensions {
                ty = Type::Sequence(ty).into();
            }
            return Some(Type::Sequence(ty));
        }
        if !based {
            return None;
        }
        // without arrayType the one element that it may hold says what the items are
        let item = complex.iter().find_map(|ty| sole_element(ty.particle.as_ref()?));
        let item = item.filter(|element| self.ends(vec![element.ty.clone()]));
        let item = item.map(|element| self.element_type(&element, None));
        Some(Type::Sequence(item.unwrap_or_else(|| Type::Any.into())))
    }

    /// The text of simple or mixed content.
    fn text(&mut self, chain: &[Arc<schema::Type>], fields: &mut Fields) {
        let Some(schema::Type::Complex(ty)) = chain.first().map(|ty| &**ty) else { return };
        let text =
            if ty.simple_content || matches!(chain.last().map(|ty| &**ty), Some(schema::Type::Simple(_))) {
                let base = ty.base.clone().unwrap_or_else(|| QName::new(XSD, "string"));
                self.simple_named(&base, Some(&ty.origin)).as_text()
            } else if self.is_text_alone(chain) {
                // extension of a built-in type that was put into complexContent
                let base = chain.iter().rev().find_map(|ty| match &**ty {
                    schema::Type::Complex(ty) => ty.base.clone(),
                    schema::Type::Simple(_) => None,
                });
                let base = base.unwrap_or_else(|| QName::new(XSD, "string"));
                self.simple_named(&base, Some(&ty.origin)).as_text()
            } else if ty.mixed {
                Type::Optional(Type::String.into()).into()
            } else {
                return;
            };
        if self.spend() {
            let field = if ty.mixed && !ty.simple_content { "text" } else { "value" };
            fields.push(field, text, |_| nameless(XmlKind::Text), "");
        }
    }

    /// Whether the chain ends in a built-in type that is text.
    fn is_text_alone(&self, chain: &[Arc<schema::Type>]) -> bool {
        let Some(schema::Type::Complex(last)) = chain.last().map(|ty| &**ty) else { return false };
        let Some(base) = &last.base else { return false };
        let standard = base.namespace == XSD || ENCODINGS.contains(&&*base.namespace);
        standard
            && matches!(super::scalar::built_in(&base.local), Some(Simple::One(ty)) if !matches!(ty.resolve(), Type::Any))
    }

    /// The attributes of a type and its bases; what derives says the last word.
    fn attribute_fields(&mut self, chain: &[Arc<schema::Type>], name: &TypeName, fields: &mut Fields) {
        let mut found = Found::default();
        for level in chain.iter().rev() {
            if let schema::Type::Complex(level) = &**level
                && self.fields_left > 0
            {
                self.collect_attributes(&level.attributes, &mut found, 0);
            }
        }
        for attribute in found.list.into_iter().flatten() {
            self.attribute_field(&attribute, name, fields);
        }
    }

    fn collect_attributes(&mut self, attributes: &Attributes, found: &mut Found, depth: usize) {
        for attribute in attributes.uses.iter().filter(|a| !is_array_type(a)) {
            found.add(attribute);
        }
        if depth >= DEPTH {
            return;
        }
        for group in &attributes.groups {
            match self.schemas.attribute_groups.get(group).map(Arc::clone) {
                Some(group) => {
                    // groups may repeat groups, and grow without bound by it
                    if !self.spend_many(1 + group.uses.len()) {
                        return;
                    }
                    self.collect_attributes(&group, found, depth + 1);
                }
                None => {
                    if self.missing.insert(group.clone()) {
                        let message = format!("there is no attribute group {group}; left out");
                        self.findings.push((Severity::Error, message, None));
                    }
                }
            }
        }
    }

    fn attribute_field(&mut self, attribute: &AttributeUse, name: &TypeName, fields: &mut Fields) {
        let (declared, required) = match attribute {
            AttributeUse::Local(declared) => (Arc::clone(declared), declared.presence == Presence::Required),
            AttributeUse::Reference(of, presence) => match self.schemas.attributes.get(of) {
                Some(declared) => (Arc::clone(declared), *presence == Presence::Required),
                None => {
                    if self.missing.insert(of.clone()) {
                        let message = format!("there is no attribute {of}; left out");
                        self.findings.push((Severity::Error, message, None));
                    }
                    return;
                }
            },
        };
        if !self.spend() {
            return;
        }
        let local = &declared.name.local;
        let inline =
            TypeName { scope: name.scope.clone(), name: format!("{}{}", name.name, super::capital(local)) };
        let ty = self.attribute_type(&declared, &inline);
        let ty = if required { ty } else { Type::Optional(ty).into() };
        let doc = self.described(
            &declared.doc,
            &declared.ty,
            declared.default.as_deref(),
            declared.fixed.as_deref(),
        );
        fields.push(local, ty, |field| xml_name(&declared.name, field, XmlKind::Attribute), &doc);
    }

    fn attribute_type(&mut self, attribute: &schema::Attribute, inline: &TypeName) -> TypeRef {
        let known = match &attribute.ty {
            TypeUse::Inline(ty) => self.inline.get(&Arc::as_ptr(ty)).cloned(),
            _ => None,
        };
        if let Some(known) = known {
            return known;
        }
        let name = match &attribute.ty {
            TypeUse::Inline(_) => self.unique(inline),
            _ => inline.clone(),
        };
        let qname = QName::new(name.scope, name.name);
        let ty = self.simple_use(&attribute.ty, &qname, &attribute.origin, 0).as_text();
        if let TypeUse::Inline(inline) = &attribute.ty {
            self.inline.insert(Arc::as_ptr(inline), ty.clone());
        }
        ty
    }
}

/// Attributes as they are found; what comes later says the last word on one of its name.
#[derive(Default)]
struct Found {
    list: Vec<Option<AttributeUse>>,
    places: HashMap<QName, usize>,
}

impl Found {
    fn add(&mut self, attribute: &AttributeUse) {
        let kept = (attribute_presence(attribute) != Presence::Prohibited).then(|| attribute.clone());
        let name = attribute_name(attribute);
        match self.places.get(name) {
            Some(&at) => self.list[at] = kept,
            None => {
                self.places.insert(name.clone(), self.list.len());
                self.list.push(kept);
            }
        }
    }
}

/// The one element of a content model that has no other.
pub(super) fn sole_element(particle: &schema::Particle) -> Option<Arc<schema::Element>> {
    match &particle.term {
        Term::Element(element) => Some(Arc::clone(element)),
        Term::Sequence(items) | Term::Choice(items) | Term::All(items) => match items.as_slice() {
            [only] => sole_element(only),
            _ => None,
        },
        _ => None,
    }
}

fn attribute_name(attribute: &AttributeUse) -> &QName {
    match attribute {
        AttributeUse::Local(attribute) => &attribute.name,
        AttributeUse::Reference(name, _) => name,
    }
}

fn attribute_presence(attribute: &AttributeUse) -> Presence {
    match attribute {
        AttributeUse::Local(attribute) => attribute.presence,
        AttributeUse::Reference(_, presence) => *presence,
    }
}
