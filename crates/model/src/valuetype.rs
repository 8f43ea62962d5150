//! [`ValueType`]: types whose values have an identity (IDL `valuetype`).

use std::borrow::Cow;

use crate::types::{Field, StructType, Text, Type, TypeRef};

/// How a [`ValueType`] is written and read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueKind {
    /// As its fields.
    #[default]
    Plain,
    /// As its fields; who knows only a base reads that much.
    Truncatable,
    /// By code of its own.
    Custom,
    /// Never itself: only what derives from it.
    Abstract,
    /// As the one field that it has: a box around another type.
    Boxed,
}

/// Named fields that may be shared, absent or of a derived type (IDL `valuetype`).
///
/// A value of such a type may always be absent, as IDL says, without its type being optional.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueType {
    /// Names and fields, those of bases first.
    pub body: StructType,
    /// How it is written and read.
    pub kind: ValueKind,
    /// The repository ids of the types with state that it derives from, nearest first.
    pub bases: Cow<'static, [Text]>,
    /// The value types that are known to derive from it, directly or not: what may stand where
    /// it is declared.
    pub derived: Cow<'static, [TypeRef]>,
}

impl ValueType {
    /// A value type without scope, bases or documentation.
    pub fn new(name: impl Into<Text>, kind: ValueKind, fields: Vec<Field>) -> Self {
        let body = StructType::new(name, fields);
        Self { body, kind, bases: Cow::Borrowed(&[]), derived: Cow::Borrowed(&[]) }
    }

    /// The type with state that this one stands for: an enum in Rust of a type and of what derives
    /// from it has no state, and the type itself, by its name, among those that derive.
    #[must_use]
    pub fn with_state(&self) -> Option<&Type> {
        let is_own = |ty: &&Type| match ty {
            Type::Value(own) => own.body.name == self.body.name && own.body.scope == self.body.scope,
            _ => false,
        };
        let own = self.derived.iter().map(TypeRef::resolve).find(is_own);
        own.filter(|_| self.kind == ValueKind::Abstract)
    }
}
