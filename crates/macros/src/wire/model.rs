//! What `#[derive(Wire)]` knows of a type.

use syn::{Generics, Ident, Type};

use crate::head::Head;
use crate::structure::model::{Codec, Field};

pub(crate) struct Wire {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) head: Head,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    /// Named fields, or none.
    Struct(Vec<Field>),
    /// One field without a name: transparent.
    Newtype(Box<Codec>),
    /// Two to eight fields without names.
    Tuple(Vec<Type>),
    /// Variants without data.
    Enum(Vec<Member>),
    Union(Union),
    /// A value type with its fields.
    Value(ValueHead, Vec<Field>),
    /// A value type that is one of several: the name and the type of each variant.
    Values(Vec<(Ident, Type)>),
}

/// What only value types have.
#[derive(Default)]
pub(crate) struct ValueHead {
    /// A name of `model::ValueKind`.
    pub(crate) kind: ValueKind,
    pub(crate) bases: Vec<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ValueKind {
    #[default]
    Plain,
    Truncatable,
    Custom,
    Boxed,
}

/// A variant of an enumeration.
pub(crate) struct Member {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) doc: String,
    /// The number, where it is not Rust's discriminant.
    pub(crate) value: Option<i64>,
}

pub(crate) struct Union {
    pub(crate) discriminator: Discriminator,
    pub(crate) cases: Vec<Case>,
}

/// What tells the cases of a union apart.
pub(crate) enum Discriminator {
    /// A value of this type.
    Type(Box<Type>),
    /// In XML, a name: of the element, or in `xsi:type`.
    Name { by: &'static str, names: Vec<String> },
}

/// A variant of a union.
pub(crate) struct Case {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) doc: String,
    /// None for the default case.
    pub(crate) labels: Vec<i64>,
    /// None for a variant that carries nothing.
    pub(crate) codec: Option<Codec>,
    pub(crate) xml: CaseXml,
}

/// How a variant stands in XML, where it says so.
#[derive(Default)]
pub(crate) struct CaseXml {
    pub(crate) namespace: Option<String>,
    pub(crate) local: Option<String>,
    /// Without an element of its own.
    pub(crate) content: bool,
}
