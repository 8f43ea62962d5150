//! Simple types: numbers, text, enumerations, lists and unions.

use farcall_model::{EnumMember, EnumType, Field, StructType, Type, TypeRef, XmlKind};

use super::{Converter, Definition, TypeName};
use crate::diagnostic::Severity;
use crate::name::QName;
use crate::schema::{self, Origin, SimpleType, TypeUse, Variety};

/// How long a chain of restrictions may be.
const CHAIN: usize = 64;

/// What a simple type's text holds.
#[derive(Clone, Debug)]
pub(super) enum Simple {
    One(TypeRef),
    /// Values separated by white space.
    List(TypeRef),
}

impl Simple {
    /// How many values it enumerates.
    fn values(&self) -> usize {
        match self {
            Self::One(ty) => match ty.resolve() {
                Type::Enum(body) => body.members.len(),
                _ => 0,
            },
            Self::List(_) => 0,
        }
    }

    /// Its type in an attribute or as text, where a sequence can only be a list.
    pub(super) fn as_text(&self) -> TypeRef {
        match self {
            Self::One(ty) => ty.clone(),
            Self::List(item) => Type::Sequence(item.clone()).into(),
        }
    }
}

/// The built-in type of this name (XML Schema Part 2, section 3), those of the drafts among them.
pub(super) fn built_in(local: &str) -> Option<Simple> {
    let ty = match local {
        "boolean" => Type::Bool,
        "byte" => Type::I8,
        "unsignedByte" => Type::U8,
        "short" => Type::I16,
        "unsignedShort" => Type::U16,
        "int" => Type::I32,
        "unsignedInt" => Type::U32,
        "long" => Type::I64,
        "unsignedLong" => Type::U64,
        "float" => Type::F32,
        "double" => Type::F64,
        "decimal" | "integer" | "nonNegativeInteger" | "positiveInteger" | "nonPositiveInteger"
        | "negativeInteger" => Type::Decimal,
        "string" | "normalizedString" | "token" | "language" | "Name" | "NCName" | "NMTOKEN" | "ID"
        | "IDREF" | "ENTITY" | "anyURI" | "QName" | "NOTATION" | "hexBinary" | "gYear" | "gYearMonth"
        | "gMonth" | "gMonthDay" | "gDay" | "anySimpleType" | "anyAtomicType" => Type::String,
        "uriReference" | "CDATA" | "timePeriod" | "month" | "year" | "century" | "recurringDate"
        | "recurringDay" | "recurringDuration" => Type::String,
        "base64Binary" | "base64" | "binary" => Type::Bytes,
        "dateTime" | "timeInstant" | "dateTimeStamp" => Type::DateTime,
        "date" => Type::Date,
        "time" => Type::Time,
        "duration" | "timeDuration" | "dayTimeDuration" | "yearMonthDuration" => Type::Duration,
        "anyType" | "ur-type" => Type::Any,
        "NMTOKENS" | "IDREFS" | "ENTITIES" => return Some(Simple::List(Type::String.into())),
        _ => return None,
    };
    Some(Simple::One(ty.into()))
}

impl Converter<'_> {
    /// A simple type as that of an element: a list needs a struct, since a sequence would repeat
    /// the element.
    pub(super) fn simple_element(&mut self, simple: Simple, name: &QName) -> TypeRef {
        match simple {
            Simple::One(ty) => ty,
            Simple::List(item) => {
                let mut field = Field::new("value".into(), Type::Sequence(item).into());
                field.xml.kind = XmlKind::Text;
                let mut body = StructType::new(name.local.clone(), vec![field]);
                body.scope = name.namespace.clone().into();
                Type::Struct(body).into()
            }
        }
    }

    /// The simple type of that name; text for what is not simple.
    pub(super) fn simple_named(&mut self, name: &QName, from: Option<&Origin>) -> Simple {
        self.simple_of(name, from, 0)
    }

    fn simple_of(&mut self, name: &QName, from: Option<&Origin>, depth: usize) -> Simple {
        if let Some(known) = self.simple.get(name) {
            return known.clone();
        }
        let text = || Simple::One(Type::String.into());
        let simple = match self.definition(name, from) {
            Some(Definition::BuiltIn(simple)) => simple,
            Some(Definition::Declared(declared, ty)) => match &*ty {
                schema::Type::Simple(simple) => self.simple_type(simple, &declared, depth),
                schema::Type::Complex(complex) => match &complex.base {
                    // of simple content it is the text that is asked for
                    Some(base) if complex.simple_content && depth < CHAIN => {
                        self.simple_of(base, Some(&complex.origin), depth + 1)
                    }
                    _ => {
                        let message = format!("{name} is no simple type; read as string");
                        self.findings.push((Severity::Error, message, from.cloned()));
                        text()
                    }
                },
            },
            Some(Definition::OfElement(element)) => match &element.ty {
                TypeUse::Inline(ty) => match &**ty {
                    schema::Type::Simple(simple) => self.simple_type(simple, name, depth + 1),
                    schema::Type::Complex(_) => text(),
                },
                _ => text(),
            },
            None => text(),
        };
        self.simple.insert(name.clone(), simple.clone());
        simple
    }

    pub(super) fn simple_use(&mut self, ty: &TypeUse, name: &QName, from: &Origin, depth: usize) -> Simple {
        match ty {
            TypeUse::Any => Simple::One(Type::String.into()),
            TypeUse::Named(name) => self.simple_of(name, Some(from), depth),
            TypeUse::Inline(ty) => match &**ty {
                schema::Type::Simple(simple) => self.simple_type(simple, name, depth),
                schema::Type::Complex(_) => Simple::One(Type::String.into()),
            },
        }
    }

    pub(super) fn simple_type(&mut self, ty: &SimpleType, name: &QName, depth: usize) -> Simple {
        if depth > CHAIN {
            let message =
                format!("simple types derive more than {CHAIN} deep, or from themselves; read as string");
            self.findings.push((Severity::Error, message, Some(ty.origin.clone())));
            return Simple::One(Type::String.into());
        }
        match &ty.variety {
            Variety::Restriction(base) => {
                let base = self.simple_use(base, name, &ty.origin, depth + 1);
                match &base {
                    Simple::One(of) if matches!(of.resolve(), Type::String | Type::Enum(_)) => {
                        enumeration(ty, name).map_or(base, Simple::One)
                    }
                    _ => base,
                }
            }
            Variety::List(item) => {
                // the list's own name is that of the element type that it makes
                let inner = match item {
                    TypeUse::Inline(_) => {
                        let wanted =
                            TypeName { scope: name.namespace.clone(), name: format!("{}Item", name.local) };
                        let TypeName { scope, name } = self.unique(&wanted);
                        QName::new(scope, name)
                    }
                    _ => name.clone(),
                };
                match self.simple_use(item, &inner, &ty.origin, depth + 1) {
                    Simple::One(item) | Simple::List(item) => Simple::List(item),
                }
            }
            Variety::Union(members) => {
                let members: Vec<_> =
                    members.iter().map(|m| self.simple_use(m, name, &ty.origin, depth + 1)).collect();
                // the same values may be listed over and over
                let values = members.iter().map(Simple::values).sum();
                if !self.spend_many(values) {
                    return Simple::One(Type::String.into());
                }
                Simple::One(union(&members, ty, name))
            }
        }
    }
}

/// The enumeration that the facets of a type make, if they do.
fn enumeration(ty: &SimpleType, name: &QName) -> Option<TypeRef> {
    let values = ty.facets.iter().filter(|f| f.name == "enumeration");
    let members = values.map(|f| (f.value.as_str(), f.doc.as_str()));
    enum_type(members, ty, name)
}

fn enum_type<'m>(
    values: impl Iterator<Item = (&'m str, &'m str)>,
    ty: &SimpleType,
    name: &QName,
) -> Option<TypeRef> {
    let mut seen = std::collections::HashSet::new();
    let mut members: Vec<EnumMember> = Vec::new();
    for (value, doc) in values.filter(|(value, _)| seen.insert(*value)) {
        let number = members.len() as i64;
        members.push(EnumMember { name: value.to_owned().into(), value: number, doc: doc.to_owned().into() });
    }
    (!members.is_empty()).then(|| {
        Type::Enum(EnumType {
            name: name.local.clone().into(),
            scope: name.namespace.clone().into(),
            repository_id: None,
            doc: ty.doc.clone().into(),
            members: members.into(),
        })
        .into()
    })
}

/// A union of enumerations is one of all their values; of one type, that type; else text.
fn union(members: &[Simple], ty: &SimpleType, name: &QName) -> TypeRef {
    let enums: Option<Vec<&EnumType>> = members
        .iter()
        .map(|member| match member {
            Simple::One(ty) => match ty.resolve() {
                Type::Enum(body) => Some(body),
                _ => None,
            },
            Simple::List(_) => None,
        })
        .collect();
    if let Some(enums) = enums {
        let values = enums.iter().flat_map(|e| e.members.iter()).map(|m| (&*m.name, &*m.doc));
        if let Some(merged) = enum_type(values, ty, name) {
            return merged;
        }
    }
    match members {
        [Simple::One(first), rest @ ..]
            if rest.iter().all(|other| matches!(other, Simple::One(other) if other == first)) =>
        {
            first.clone()
        }
        _ => Type::String.into(),
    }
}
