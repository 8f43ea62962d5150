//! The tree of a text as it was written, before any name is looked up.

use crate::source::Span;

/// An identifier, without the `_` that escapes one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ident {
    pub(crate) name: String,
    pub(crate) span: Span,
}

/// `A::B` or `::A::B`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScopedName {
    pub(crate) absolute: bool,
    pub(crate) parts: Vec<Ident>,
    pub(crate) span: Span,
}

/// `@name(…)`.
#[derive(Clone, Debug)]
pub(crate) struct Annotation {
    pub(crate) name: ScopedName,
    /// What stands between the parentheses, as values with a name or without.
    pub(crate) params: Vec<(Option<Ident>, Expr)>,
}

/// A declaration with its comment and annotations.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) kind: Kind,
    pub(crate) doc: String,
    pub(crate) annotations: Vec<Annotation>,
    pub(crate) span: Span,
}

/// What a declaration is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Mark(crate::preprocess::Mark),
    Module {
        name: Ident,
        body: Vec<Definition>,
    },
    Interface(Interface),
    InterfaceForward {
        name: Ident,
        flavor: Flavor,
    },
    Value(Value),
    ValueForward {
        name: Ident,
        flavor: ValueFlavor,
    },
    ValueBox {
        name: Ident,
        ty: TypeSpec,
    },
    State {
        public: bool,
        ty: TypeSpec,
        names: Vec<Declarator>,
    },
    Factory {
        name: Ident,
        params: Vec<Param>,
        raises: Vec<ScopedName>,
    },
    Typedef {
        ty: TypeSpec,
        names: Vec<Declarator>,
    },
    Struct {
        name: Ident,
        base: Option<ScopedName>,
        members: Vec<Member>,
    },
    Union {
        name: Ident,
        switch: Box<TypeSpec>,
        cases: Vec<Case>,
    },
    Enum {
        name: Ident,
        members: Vec<Enumerator>,
    },
    Forward {
        name: Ident,
        union: bool,
    },
    Bitmask {
        name: Ident,
        flags: Vec<Enumerator>,
    },
    Bitset {
        name: Ident,
        base: Option<ScopedName>,
        fields: Vec<Bitfield>,
    },
    Native(Ident),
    Const {
        ty: TypeSpec,
        name: Ident,
        value: Expr,
    },
    Exception {
        name: Ident,
        members: Vec<Member>,
    },
    Attribute(Attribute),
    Operation(Operation),
    TypeId {
        name: ScopedName,
        id: String,
    },
    TypePrefix {
        name: ScopedName,
        prefix: String,
    },
    Import,
    /// An annotation that is declared, of which nothing is kept.
    AnnotationType,
    Component(Component),
    Home(Home),
    Port {
        kind: Port,
        ty: Option<ScopedName>,
        name: Ident,
    },
}

/// How an interface is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavor {
    Plain,
    Abstract,
    Local,
}

/// How a value type is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ValueFlavor {
    pub(crate) is_abstract: bool,
    pub(crate) custom: bool,
    pub(crate) event: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Interface {
    pub(crate) name: Ident,
    pub(crate) flavor: Flavor,
    pub(crate) bases: Vec<ScopedName>,
    pub(crate) body: Vec<Definition>,
}

#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) name: Ident,
    pub(crate) flavor: ValueFlavor,
    pub(crate) truncatable: bool,
    pub(crate) bases: Vec<ScopedName>,
    pub(crate) supports: Vec<ScopedName>,
    pub(crate) body: Vec<Definition>,
}

#[derive(Clone, Debug)]
pub(crate) struct Component {
    pub(crate) name: Ident,
    /// `None` for a forward declaration.
    pub(crate) body: Option<Vec<Definition>>,
    pub(crate) base: Option<ScopedName>,
    pub(crate) supports: Vec<ScopedName>,
}

#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) name: Ident,
    pub(crate) base: Option<ScopedName>,
    pub(crate) supports: Vec<ScopedName>,
    pub(crate) manages: ScopedName,
    pub(crate) key: Option<ScopedName>,
    pub(crate) body: Vec<Definition>,
}

/// The ports of components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    Provides,
    Uses,
    Emits,
    Publishes,
    Consumes,
}

/// Fields of one type.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) ty: TypeSpec,
    pub(crate) names: Vec<Declarator>,
    pub(crate) doc: String,
    pub(crate) annotations: Vec<Annotation>,
}

#[derive(Clone, Debug)]
pub(crate) struct Enumerator {
    pub(crate) name: Ident,
    pub(crate) doc: String,
    pub(crate) annotations: Vec<Annotation>,
}

/// Bits of a bitset, by no, one or several names.
#[derive(Clone, Debug)]
pub(crate) struct Bitfield {
    pub(crate) bits: Expr,
    /// The type that its values are of.
    pub(crate) ty: Option<TypeSpec>,
    pub(crate) names: Vec<Ident>,
    pub(crate) doc: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) labels: Vec<Label>,
    pub(crate) ty: TypeSpec,
    pub(crate) name: Declarator,
    pub(crate) doc: String,
    pub(crate) annotations: Vec<Annotation>,
}

#[derive(Clone, Debug)]
pub(crate) enum Label {
    Default(Span),
    Value(Expr),
}

/// A name, with the sizes of an array.
#[derive(Clone, Debug)]
pub(crate) struct Declarator {
    pub(crate) name: Ident,
    pub(crate) sizes: Vec<Expr>,
}

#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) readonly: bool,
    pub(crate) ty: TypeSpec,
    pub(crate) names: Vec<Ident>,
    pub(crate) reads: Vec<ScopedName>,
    pub(crate) writes: Vec<ScopedName>,
}

#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) name: Ident,
    pub(crate) oneway: bool,
    pub(crate) result: TypeSpec,
    pub(crate) params: Vec<Param>,
    pub(crate) raises: Vec<ScopedName>,
    pub(crate) contexts: Vec<String>,
}

/// Which way a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    In,
    Out,
    InOut,
}

#[derive(Clone, Debug)]
pub(crate) struct Param {
    pub(crate) way: Way,
    pub(crate) ty: TypeSpec,
    pub(crate) name: Ident,
    pub(crate) annotations: Vec<Annotation>,
    pub(crate) doc: String,
}

#[derive(Clone, Debug)]
pub(crate) struct TypeSpec {
    pub(crate) kind: TypeKind,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum TypeKind {
    Basic(crate::spec::Basic),
    String {
        wide: bool,
        bound: Option<Box<Expr>>,
    },
    /// Without numbers only in constants.
    Fixed(Option<Box<(Expr, Expr)>>),
    Sequence {
        item: Box<TypeSpec>,
        bound: Option<Box<Expr>>,
    },
    Map {
        key: Box<TypeSpec>,
        item: Box<TypeSpec>,
        bound: Option<Box<Expr>>,
    },
    Name(ScopedName),
    /// A struct, union or enum declared where it is used.
    Inline(Box<Definition>),
}

/// A constant expression.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    /// Digits as written.
    Number(String),
    Char {
        wide: bool,
        code: u32,
    },
    Text {
        wide: bool,
        text: String,
    },
    Bool(bool),
    Name(ScopedName),
    Unary(&'static str, Box<Expr>),
    /// Operators of one rank, from the left: long sums do not nest.
    Chain(Box<Expr>, Vec<(&'static str, Expr)>),
}
