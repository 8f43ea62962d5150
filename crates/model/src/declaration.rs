//! [`Constant`] and [`Alias`]: what a description declares beside types and interfaces. No wire
//! carries them; generated code and documentation do.

use crate::types::{Text, TypeRef};
use crate::value::Value;

/// A value with a name (IDL `const`).
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// The name, without its scope.
    pub name: Text,
    /// The scope: IDL modules joined by `::`, or an XML namespace.
    pub scope: Text,
    /// What the documentation says; empty without any.
    pub doc: Text,
    /// The type.
    pub ty: TypeRef,
    /// The value, which is of that type.
    pub value: Value,
}

/// Another name for a type (IDL `typedef`).
///
/// What refers to the type by this name holds a clone of `ty`, so that the two resolve to the same
/// place in memory: that, and not what the type is, tells where the name was used.
///
/// ```
/// use farcall_model::{Alias, Type, TypeRef};
///
/// let text = TypeRef::from(Type::String);
/// let alias = Alias { name: "Istring".into(), scope: "CosNaming".into(), doc: "".into(), ty: text.clone() };
/// assert!(alias.names(&text));
/// assert!(!alias.names(&TypeRef::from(Type::String)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// The name, without its scope.
    pub name: Text,
    /// The scope: IDL modules joined by `::`, or an XML namespace.
    pub scope: Text,
    /// What the documentation says; empty without any.
    pub doc: Text,
    /// The type.
    pub ty: TypeRef,
}

impl Alias {
    /// True if the type was referred to by this name.
    #[must_use]
    pub fn names(&self, ty: &TypeRef) -> bool {
        std::ptr::eq(self.ty.resolve(), ty.resolve())
    }
}
