//! What a text declares, with all names resolved: [`Specification`].

use std::fmt;

use crate::source::Span;

/// Which declaration of a [`Specification`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeclId(pub(crate) u32);

/// All declarations of a text and of what it includes.
#[derive(Clone, Debug, Default)]
pub struct Specification {
    pub(crate) decls: Vec<Decl>,
    pub(crate) roots: Vec<DeclId>,
}

impl Specification {
    /// A declaration.
    ///
    /// # Panics
    /// If the id is of another specification.
    #[must_use]
    pub fn decl(&self, id: DeclId) -> &Decl {
        &self.decls[id.0 as usize]
    }

    /// The declarations outside all modules, in order.
    #[must_use]
    pub fn roots(&self) -> &[DeclId] {
        &self.roots
    }

    /// All declarations, each after the one that it is within.
    pub fn decls(&self) -> impl Iterator<Item = (DeclId, &Decl)> {
        (0..).map(DeclId).zip(&self.decls)
    }

    /// The declaration of that name, which is as [`Decl::scoped_name`] writes it.
    #[must_use]
    pub fn find(&self, scoped_name: &str) -> Option<DeclId> {
        let name = scoped_name.trim_start_matches("::");
        self.decls().find(|(_, decl)| decl.scoped_name == name).map(|(id, _)| id)
    }

    /// The type with its typedefs followed, down to one that is no name of another; arrays count
    /// as a type of their own.
    #[must_use]
    pub fn unalias<'a>(&'a self, mut ty: &'a Ty) -> &'a Ty {
        while let Ty::Named(id) = ty {
            let DeclKind::Typedef { ty: inner } = &self.decl(*id).kind else { break };
            ty = inner;
        }
        ty
    }
}

/// The annotation that says what a declaration is called where IDL has no such name.
pub(crate) const CALLED: &str = "farcall::name";

/// The annotation that gives an exception its number.
pub(crate) const CODE: &str = "farcall::code";

/// A declaration.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Decl {
    /// Its name, without a scope and without the `_` of an escaped one.
    pub name: String,
    /// Its name after those of the scopes that it is in: `A::B::name`.
    pub scoped_name: String,
    /// Its repository id: `IDL:prefix/A/B/name:1.0`.
    pub repository_id: String,
    /// What it is declared within.
    pub parent: Option<DeclId>,
    /// The comment before it, or after it on its line.
    pub doc: String,
    /// What its annotations say.
    pub annotations: Vec<Annotation>,
    /// Where its name stands.
    pub span: Span,
    /// What it is.
    pub kind: DeclKind,
    /// Its place among the definitions: what is announced first comes where it is defined.
    pub(crate) order: u32,
}

impl Decl {
    /// What it is called where names are free: its name, or what emitted IDL says in a pragma.
    #[must_use]
    pub fn called(&self) -> &str {
        let given = self.annotations.iter().find(|a| a.name == CALLED).and_then(|a| a.params.first());
        match given {
            Some((_, Const::Text(name))) => name,
            _ => &self.name,
        }
    }
}

/// What is said of a declaration with `@name(…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// Its name: `optional`, `key`, ….
    pub name: String,
    /// Its parameters, each with its name or without; a name that is no constant is kept as text.
    pub params: Vec<(Option<String>, Const)>,
}

/// What a declaration is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DeclKind {
    /// A module; reopened ones are one declaration.
    Module {
        /// What is in it, in order.
        members: Vec<DeclId>,
    },
    /// An interface, component or home.
    Interface(InterfaceDecl),
    /// A value type or event type.
    Value(ValueDecl),
    /// A boxed value.
    ValueBox {
        /// What is in the box.
        ty: Ty,
    },
    /// Another name for a type.
    Typedef {
        /// The type.
        ty: Ty,
    },
    /// A struct.
    Struct {
        /// Its fields, those of a base struct first.
        members: Vec<Member>,
        /// False if it was only ever announced.
        defined: bool,
    },
    /// A union.
    Union {
        /// The type of the discriminator.
        switch: Ty,
        /// Its cases in order.
        cases: Vec<Case>,
        /// False if it was only ever announced.
        defined: bool,
    },
    /// An enumeration.
    Enum {
        /// Its names, each a declaration of its own.
        members: Vec<DeclId>,
    },
    /// A name of an enumeration.
    Enumerator {
        /// The enumeration.
        of: DeclId,
        /// Its place, from 0, or what `@value` says.
        value: i64,
    },
    /// A type that IDL says nothing about.
    Native,
    /// A constant.
    Const {
        /// Its type.
        ty: Ty,
        /// Its value.
        value: Const,
    },
    /// An exception.
    Exception {
        /// Its fields.
        members: Vec<Member>,
    },
    /// An operation or factory.
    Operation(OperationDecl),
    /// An attribute.
    Attribute {
        /// True if it cannot be set.
        readonly: bool,
        /// Its type.
        ty: Ty,
        /// The exceptions of reading it.
        reads: Vec<DeclId>,
        /// The exceptions of setting it.
        writes: Vec<DeclId>,
    },
}

/// An interface.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct InterfaceDecl {
    /// True if it may be implemented by objects and value types alike.
    pub is_abstract: bool,
    /// True if it never leaves the process.
    pub local: bool,
    /// The interfaces that it inherits from directly.
    pub bases: Vec<DeclId>,
    /// What is in it, in order.
    pub members: Vec<DeclId>,
    /// False if it was only ever announced.
    pub defined: bool,
}

/// A value type.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ValueDecl {
    /// True if it has no state.
    pub is_abstract: bool,
    /// True if it writes itself.
    pub custom: bool,
    /// True if it may be received as its first base.
    pub truncatable: bool,
    /// True for an event type.
    pub event: bool,
    /// The value types that it inherits from directly.
    pub bases: Vec<DeclId>,
    /// The interfaces that it supports.
    pub supports: Vec<DeclId>,
    /// The state, without that of bases.
    pub state: Vec<StateMember>,
    /// What else is in it, in order; factories are operations that give the value itself.
    pub members: Vec<DeclId>,
    /// False if it was only ever announced.
    pub defined: bool,
}

/// A field of a value type.
#[derive(Clone, Debug)]
pub struct StateMember {
    /// True if others see it.
    pub public: bool,
    /// Name, type and documentation.
    pub member: Member,
}

/// A field.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Ty,
    /// The comment before it, or after it on its line.
    pub doc: String,
    /// What its annotations say.
    pub annotations: Vec<Annotation>,
}

/// A case of a union.
#[derive(Clone, Debug)]
pub struct Case {
    /// The discriminators that select it, as numbers: an enumerator by its place in the
    /// enumeration, TRUE as 1, a character by its code.
    pub labels: Vec<i64>,
    /// True if it is selected by all values that no label names.
    pub default: bool,
    /// What it carries.
    pub member: Member,
}

/// An operation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OperationDecl {
    /// True if no reply is awaited.
    pub oneway: bool,
    /// True for a factory of a value type or home.
    pub factory: bool,
    /// Its result.
    pub result: Ty,
    /// Its parameters in order.
    pub params: Vec<Param>,
    /// The exceptions that it declares.
    pub raises: Vec<DeclId>,
    /// The names of the context properties that it is sent with.
    pub contexts: Vec<String>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Which way it goes.
    pub direction: farcall_model::Direction,
    /// Name, type and documentation.
    pub member: Member,
}

/// Types that need no declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as in the specification")]
pub enum Basic {
    Void,
    Boolean,
    Octet,
    Int8,
    UInt8,
    Char,
    WChar,
    Short,
    UShort,
    Long,
    ULong,
    LongLong,
    ULongLong,
    Float,
    Double,
    LongDouble,
    Any,
    TypeCode,
    Object,
    ValueBase,
}

impl fmt::Display for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Void => "void",
            Self::Boolean => "boolean",
            Self::Octet => "octet",
            Self::Int8 => "int8",
            Self::UInt8 => "uint8",
            Self::Char => "char",
            Self::WChar => "wchar",
            Self::Short => "short",
            Self::UShort => "unsigned short",
            Self::Long => "long",
            Self::ULong => "unsigned long",
            Self::LongLong => "long long",
            Self::ULongLong => "unsigned long long",
            Self::Float => "float",
            Self::Double => "double",
            Self::LongDouble => "long double",
            Self::Any => "any",
            Self::TypeCode => "TypeCode",
            Self::Object => "Object",
            Self::ValueBase => "ValueBase",
        })
    }
}

/// A type.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ty {
    /// One that needs no declaration.
    Basic(Basic),
    /// `string` or `wstring`.
    String {
        /// True for `wstring`.
        wide: bool,
        /// The most characters; `None` for any number.
        bound: Option<u32>,
    },
    /// `fixed`.
    Fixed {
        /// Digits in all.
        digits: u16,
        /// Digits after the point.
        scale: u16,
    },
    /// `sequence`.
    Sequence {
        /// The type of its items.
        item: Box<Self>,
        /// The most items; `None` for any number.
        bound: Option<u32>,
    },
    /// `map`.
    Map {
        /// The type of its keys.
        key: Box<Self>,
        /// The type of its values.
        item: Box<Self>,
        /// The most entries; `None` for any number.
        bound: Option<u32>,
    },
    /// An array; of more dimensions, an array of arrays.
    Array {
        /// The type of its items.
        item: Box<Self>,
        /// How many there are.
        size: u32,
    },
    /// A declared one.
    Named(DeclId),
}

/// The value of a constant.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Const {
    /// Of the integer types and octet.
    Integer(i128),
    /// Of the floating point types.
    Float(f64),
    /// Of `fixed`.
    Fixed(farcall_model::Decimal),
    /// Of `boolean`.
    Bool(bool),
    /// The code of a `char` or `wchar`.
    Char(u32),
    /// Of `string` and `wstring`, and of annotations' names.
    Text(String),
    /// An enumerator.
    Enum(DeclId),
}
