//! [`Type`]: the shape of values, built at compile time by derives or at run
//! time from a description that somebody else wrote.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::valuetype::ValueType;

/// Text that a derive borrows for ever and a loader owns.
pub type Text = Cow<'static, str>;

/// A reference to a [`Type`].
///
/// Derived types recurse through functions, loaded ones through shared nodes;
/// both read alike through [`TypeRef::resolve`].
#[derive(Clone)]
pub enum TypeRef {
    /// A type that Rust knows.
    Static(fn() -> &'static Type),
    /// A type that was loaded at run time.
    Shared(Arc<Type>),
    /// A type that was loaded at run time and may contain itself.
    Knot(Knot),
}

/// The place of a loaded type that others refer to before it is known, as those that contain
/// themselves are.
///
/// A type that does contain itself keeps itself alive: it stays until the program ends, as
/// derived types do.
///
/// ```
/// use farcall_model::{Field, Knot, StructType, Type, TypeRef};
///
/// let knot = Knot::new();
/// let branches = TypeRef::from(Type::Sequence(TypeRef::Knot(knot.clone())));
/// knot.tie(Type::Struct(StructType::new("Tree", vec![Field::new("branches".into(), branches)])));
/// assert_eq!(TypeRef::Knot(knot).resolve().name(), Some("Tree"));
/// ```
#[derive(Clone, Default)]
pub struct Knot(Arc<Tied>);

#[derive(Default)]
struct Tied(OnceLock<Type>);

thread_local! {
    /// Types whose knots are gone and that are still to be dropped; none while nobody drops any.
    static DROPPED: RefCell<Option<Vec<Type>>> = const { RefCell::new(None) };
}

impl Drop for Tied {
    /// Drops the type later if another is being dropped: a chain of types may be longer than the
    /// stack is deep.
    fn drop(&mut self) {
        let Some(ty) = self.0.take() else { return };
        let mut ty = Some(ty);
        let is_first = DROPPED.try_with(|dropped| {
            let mut dropped = dropped.borrow_mut();
            match &mut *dropped {
                Some(waiting) => {
                    waiting.extend(ty.take());
                    false
                }
                None => {
                    *dropped = Some(Vec::new());
                    true
                }
            }
        });
        if is_first != Ok(true) {
            return;
        }
        while let Some(next) = ty.take() {
            drop(next);
            ty = DROPPED.with(|dropped| dropped.borrow_mut().as_mut().and_then(Vec::pop));
        }
        DROPPED.with(|dropped| *dropped.borrow_mut() = None);
    }
}

impl Knot {
    /// A place whose type is not known yet; until it is, it stands for [`Type::Any`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what the type is; only the first time counts.
    pub fn tie(&self, ty: Type) {
        // the first stays: others may have looked at it already
        let _ = self.0.0.set(ty);
    }

    /// The type.
    fn resolve(&self) -> &Type {
        self.0.0.get().unwrap_or(&Type::Any)
    }
}

impl TypeRef {
    /// The type it refers to, without a bound on its length, which few have a use for.
    #[must_use]
    pub fn resolve(&self) -> &Type {
        match self.exact() {
            Type::Bounded(inner, _) => inner.resolve(),
            exact => exact,
        }
    }

    /// The type it refers to, which may be [`Type::Bounded`].
    #[must_use]
    pub fn exact(&self) -> &Type {
        match self {
            Self::Static(describe) => describe(),
            Self::Shared(ty) => ty,
            Self::Knot(knot) => knot.resolve(),
        }
    }
}

impl From<Type> for TypeRef {
    fn from(ty: Type) -> Self {
        Self::Shared(Arc::new(ty))
    }
}

impl PartialEq for TypeRef {
    /// Equal by name for named types (they may recurse), by structure otherwise.
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.exact(), other.exact());
        std::ptr::eq(a, b)
            || match (a.qualified_name(), b.qualified_name()) {
                (None, None) => a == b,
                (a_name, b_name) => a_name == b_name,
            }
    }
}

impl fmt::Debug for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.exact())
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exact().fmt(f)
    }
}

/// The shape of a value.
///
/// Recursion goes through [`TypeRef`], never by value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Type {
    /// No value: a result that says nothing (IDL `void`).
    Void,
    /// True or false.
    Bool,
    /// Signed, 8 bits.
    I8,
    /// Unsigned, 8 bits (IDL `octet`).
    U8,
    /// Signed, 16 bits.
    I16,
    /// Unsigned, 16 bits.
    U16,
    /// Signed, 32 bits.
    I32,
    /// Unsigned, 32 bits.
    U32,
    /// Signed, 64 bits.
    I64,
    /// Unsigned, 64 bits.
    U64,
    /// IEEE 754 binary32.
    F32,
    /// IEEE 754 binary64.
    F64,
    /// Decimal number of any precision (XSD `decimal`, IDL `fixed`).
    Decimal,
    /// One Unicode character.
    Char,
    /// Unicode text.
    String,
    /// One character of wide text (IDL `wchar`); elsewhere a [`Type::Char`].
    WideChar,
    /// Wide text (IDL `wstring`); elsewhere a [`Type::String`].
    WideString,
    /// Octets.
    Bytes,
    /// Date and time of day, with or without a zone.
    DateTime,
    /// A calendar date.
    Date,
    /// A time of day.
    Time,
    /// A length of time.
    Duration,
    /// Any value, carrying its own type.
    Any,
    /// A value or none.
    Optional(TypeRef),
    /// Any number of values of one type.
    Sequence(TypeRef),
    /// A fixed number of values of one type.
    Array(TypeRef, usize),
    /// Keys with a value each.
    Map(TypeRef, TypeRef),
    /// A fixed list of values, each with its type.
    Tuple(Cow<'static, [TypeRef]>),
    /// Named fields.
    Struct(StructType),
    /// One of several names.
    Enum(EnumType),
    /// One of several cases, each with its type.
    Union(UnionType),
    /// A reference to an object that implements an interface.
    Object(ObjectType),
    /// Floating point of 128 bits (IDL `long double`).
    LongDouble,
    /// Decimal number of so many digits, so many of them after the point (IDL `fixed`).
    Fixed {
        /// Digits in all, 1 to 31.
        digits: u16,
        /// Digits after the point.
        scale: u16,
    },
    /// The description of a type, as a value (IDL `TypeCode`).
    TypeCode,
    /// Named fields that may be shared, absent or of a derived type (IDL `valuetype`).
    Value(ValueType),
    /// Another name for a type (IDL `typedef`); only what came with a value of [`Type::Any`] keeps it.
    Alias(AliasType),
    /// No type at all: that of a [`Type::Any`] without a value (IDL `tk_null`).
    Null,
    /// The members of an exception as a value; only what came with a value of [`Type::Any`] is one.
    Exception(StructType),
    /// Text of so many characters at most, or a sequence or map of so many items; codecs that know no
    /// bounds see what is inside ([`TypeRef::resolve`]).
    Bounded(TypeRef, usize),
}

impl Type {
    /// The declared name, for types that have one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Struct(ty) | Self::Exception(ty) => Some(&ty.name),
            Self::Enum(ty) => Some(&ty.name),
            Self::Union(ty) => Some(&ty.name),
            Self::Object(ty) => Some(&ty.interface),
            Self::Value(ty) => Some(&ty.body.name),
            Self::Alias(ty) => Some(&ty.name),
            _ => None,
        }
    }

    /// The scope and the declared name, which together tell types apart.
    #[must_use]
    pub fn qualified_name(&self) -> Option<(&str, &str)> {
        match self {
            Self::Struct(ty) | Self::Exception(ty) => Some((&ty.scope, &ty.name)),
            Self::Enum(ty) => Some((&ty.scope, &ty.name)),
            Self::Union(ty) => Some((&ty.scope, &ty.name)),
            Self::Object(ty) => Some(("", &ty.interface)),
            Self::Value(ty) => Some((&ty.body.scope, &ty.body.name)),
            Self::Alias(ty) => Some((&ty.scope, &ty.name)),
            _ => None,
        }
    }

    /// What the type's documentation says; empty without any.
    #[must_use]
    pub fn doc(&self) -> &str {
        match self {
            Self::Struct(ty) | Self::Exception(ty) => &ty.doc,
            Self::Enum(ty) => &ty.doc,
            Self::Union(ty) => &ty.doc,
            Self::Value(ty) => &ty.body.doc,
            _ => "",
        }
    }

    /// True for types whose values are a single text or number.
    #[must_use]
    pub fn is_scalar(&self) -> bool {
        if let Self::Alias(AliasType { ty, .. }) | Self::Bounded(ty, _) = self {
            return ty.resolve().is_scalar();
        }
        !matches!(
            self,
            Self::Void
                | Self::Null
                | Self::Exception(_)
                | Self::Any
                | Self::Optional(_)
                | Self::Sequence(_)
                | Self::Array(..)
                | Self::Map(..)
                | Self::Tuple(_)
                | Self::Struct(_)
                | Self::Union(_)
                | Self::TypeCode
                | Self::Value(_)
        )
    }

    /// True for an optional value in which there may be nil: then that there is none and that it is
    /// nil are two things (an element of XML Schema that is both `minOccurs="0"` and `nillable`).
    #[must_use]
    pub fn tells_nil(&self) -> bool {
        matches!(self, Self::Optional(inner) if matches!(inner.resolve(), Self::Optional(_) | Self::Any))
    }

    /// How many values a discriminator of a union of that type has, where they are few.
    fn values(&self) -> Option<usize> {
        match self {
            Self::Bool => Some(2),
            Self::Char | Self::I8 | Self::U8 => Some(256),
            Self::Enum(ty) => Some(ty.members.len()),
            Self::Alias(AliasType { ty, .. }) => ty.resolve().values(),
            _ => None,
        }
    }

    /// The types it refers to directly.
    #[must_use]
    pub fn children(&self) -> Vec<&TypeRef> {
        match self {
            Self::Optional(t) | Self::Sequence(t) | Self::Array(t, _) | Self::Bounded(t, _) => vec![t],
            Self::Alias(ty) => vec![&ty.ty],
            Self::Map(k, v) => vec![k, v],
            Self::Tuple(items) => items.iter().collect(),
            Self::Struct(ty) | Self::Exception(ty) => ty.fields.iter().map(|f| &f.ty).collect(),
            Self::Union(ty) => ty.cases.iter().map(|c| &c.ty).collect(),
            Self::Value(ty) => ty.body.fields.iter().map(|f| &f.ty).collect(),
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for Type {
    /// A short Rust-like name: `sequence<i32>`, `Account`, `optional<string>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Void => f.write_str("void"),
            Self::Bool => f.write_str("bool"),
            Self::I8 => f.write_str("i8"),
            Self::U8 => f.write_str("u8"),
            Self::I16 => f.write_str("i16"),
            Self::U16 => f.write_str("u16"),
            Self::I32 => f.write_str("i32"),
            Self::U32 => f.write_str("u32"),
            Self::I64 => f.write_str("i64"),
            Self::U64 => f.write_str("u64"),
            Self::F32 => f.write_str("f32"),
            Self::F64 => f.write_str("f64"),
            Self::Decimal => f.write_str("decimal"),
            Self::Char => f.write_str("char"),
            Self::String => f.write_str("string"),
            Self::WideChar => f.write_str("wide char"),
            Self::WideString => f.write_str("wide string"),
            Self::Bytes => f.write_str("bytes"),
            Self::DateTime => f.write_str("datetime"),
            Self::Date => f.write_str("date"),
            Self::Time => f.write_str("time"),
            Self::Duration => f.write_str("duration"),
            Self::Any => f.write_str("any"),
            Self::Optional(t) => write!(f, "optional<{t}>"),
            Self::Sequence(t) => write!(f, "sequence<{t}>"),
            Self::Array(t, n) => write!(f, "array<{t}, {n}>"),
            Self::Map(k, v) => write!(f, "map<{k}, {v}>"),
            Self::Tuple(items) => {
                f.write_str("(")?;
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_str(")")
            }
            Self::Struct(_)
            | Self::Enum(_)
            | Self::Union(_)
            | Self::Value(_)
            | Self::Alias(_)
            | Self::Exception(_) => f.write_str(self.name().unwrap_or_default()),
            Self::Null => f.write_str("null"),
            Self::Object(ty) => write!(f, "ref<{}>", ty.interface),
            Self::LongDouble => f.write_str("long double"),
            Self::Fixed { digits, scale } => write!(f, "fixed<{digits}, {scale}>"),
            Self::TypeCode => f.write_str("TypeCode"),
            Self::Bounded(t, n) => write!(f, "{t} of {n} at most"),
        }
    }
}

/// How a field stands in XML (SOAP and XSD).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum XmlKind {
    /// A child element.
    #[default]
    Element,
    /// An attribute.
    Attribute,
    /// The text of the element itself (XSD `simpleContent`).
    Text,
    /// A child element that is always there: no value is said with `xsi:nil`.
    Nillable,
    /// No element of its own: the elements of the value stand where this field does (an XSD
    /// `choice`, `any`, or repeated group amid others).
    Content,
}

/// The name that a field or type has in XML, where it differs from the model's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XmlName {
    /// The namespace; `None` for the one that the context gives.
    pub namespace: Option<Text>,
    /// The local name; `None` for the model's name.
    pub local: Option<Text>,
    /// Element, attribute or text.
    pub kind: XmlKind,
}

/// A field of a [`StructType`].
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub name: Text,
    /// The type.
    pub ty: TypeRef,
    /// True if it may be missing though its type is not optional: a default stands in.
    pub default: bool,
    /// What the documentation says; empty without any.
    pub doc: Text,
    /// Its name in XML.
    pub xml: XmlName,
}

impl Field {
    /// A field with neither documentation nor XML particulars.
    #[must_use]
    pub const fn new(name: Text, ty: TypeRef) -> Self {
        let xml = XmlName { namespace: None, local: None, kind: XmlKind::Element };
        Self { name, ty, default: false, doc: Cow::Borrowed(""), xml }
    }

    /// True if a message may leave it out.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.default || matches!(self.ty.resolve(), Type::Optional(_) | Type::Value(_))
    }
}

/// Named fields in order (IDL `struct`, XSD `complexType`).
#[derive(Clone, Debug, PartialEq)]
pub struct StructType {
    /// The type's name, without its scope.
    pub name: Text,
    /// The scope: IDL modules joined by `::`, or an XML namespace.
    pub scope: Text,
    /// The CORBA repository id, where one was declared.
    pub repository_id: Option<Text>,
    /// What the documentation says; empty without any.
    pub doc: Text,
    /// The fields, those of base types first.
    pub fields: Cow<'static, [Field]>,
}

impl StructType {
    /// A struct without scope or documentation.
    pub fn new(name: impl Into<Text>, fields: Vec<Field>) -> Self {
        Self {
            name: name.into(),
            scope: Text::default(),
            repository_id: None,
            doc: Text::default(),
            fields: Cow::Owned(fields),
        }
    }

    /// The position of the field of that name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == name)
    }
}

/// One name of an [`EnumType`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumMember {
    /// The name on the wire.
    pub name: Text,
    /// The number, where a protocol uses numbers.
    pub value: i64,
    /// What the documentation says; empty without any.
    pub doc: Text,
}

/// One of several names (IDL `enum`, an XSD restriction by enumeration).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumType {
    /// The type's name, without its scope.
    pub name: Text,
    /// The scope: IDL modules joined by `::`, or an XML namespace.
    pub scope: Text,
    /// The CORBA repository id, where one was declared.
    pub repository_id: Option<Text>,
    /// What the documentation says; empty without any.
    pub doc: Text,
    /// The names in order.
    pub members: Cow<'static, [EnumMember]>,
}

/// One case of a [`UnionType`].
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The name: of the member in XML-RPC and JSON, of the element in a `choice`.
    pub name: Text,
    /// The discriminator values that select it; empty for the default case. The first is written,
    /// whichever of them came.
    pub labels: Cow<'static, [i64]>,
    /// What it carries; [`Type::Void`] for nothing.
    pub ty: TypeRef,
    /// What the documentation says; empty without any.
    pub doc: Text,
}

/// One of several cases (IDL `union`, an XSD `choice`).
#[derive(Clone, Debug, PartialEq)]
pub struct UnionType {
    /// The type's name, without its scope.
    pub name: Text,
    /// The scope: IDL modules joined by `::`, or an XML namespace.
    pub scope: Text,
    /// The CORBA repository id, where one was declared.
    pub repository_id: Option<Text>,
    /// What the documentation says; empty without any.
    pub doc: Text,
    /// The type of the discriminator.
    pub discriminator: TypeRef,
    /// The cases in order.
    pub cases: Cow<'static, [Case]>,
}

impl UnionType {
    /// With a case that carries nothing, for the values of the discriminator that no case has: what
    /// IDL calls an implicit default. There is none if a case is the default, or all values have one.
    ///
    /// ```
    /// use farcall_model::{Case, Type, UnionType};
    ///
    /// let case = Case { name: "yes".into(), labels: vec![1].into(), ty: Type::I32.into(), doc: "".into() };
    /// let maybe = UnionType {
    ///     name: "Maybe".into(),
    ///     scope: "".into(),
    ///     repository_id: None,
    ///     doc: "".into(),
    ///     discriminator: Type::Bool.into(),
    ///     cases: vec![case].into(),
    /// };
    /// assert_eq!(maybe.with_nothing().cases[1].name, "nothing");
    /// ```
    #[must_use]
    pub fn with_nothing(mut self) -> Self {
        let labels: usize = self.cases.iter().map(|case| case.labels.len()).sum();
        let is_total = self.cases.iter().any(|case| case.labels.is_empty())
            || self.discriminator.resolve().values().is_some_and(|all| labels >= all);
        if is_total {
            return self;
        }
        let mut name = String::from("nothing");
        while self.cases.iter().any(|case| case.name.eq_ignore_ascii_case(&name)) {
            name.push('_');
        }
        self.cases.to_mut().push(Case {
            name: name.into(),
            labels: Cow::Borrowed(&[]),
            ty: TypeRef::Static(|| &Type::Void),
            doc: Cow::Borrowed("No member: the discriminator is none of the others'."),
        });
        self
    }

    /// The position of the case that carries nothing and that all values without a case select.
    #[must_use]
    pub fn nothing(&self) -> Option<usize> {
        let is_nothing = |case: &Case| case.labels.is_empty() && matches!(case.ty.resolve(), Type::Void);
        self.cases.iter().position(is_nothing)
    }

    /// The position of the case of that name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.cases.iter().position(|c| c.name == name)
    }

    /// What stands where an abstract interface is declared: a value of one of those types (`value`),
    /// or a reference to an object of the interface (`object`). CDR writes it as a union on a boolean,
    /// which is TRUE for the reference (CORBA 3.3 part 2, §9.3.7), and so the model has it as one, of
    /// the interface's name and repository id.
    ///
    /// ```
    /// use farcall_model::{ObjectType, Type, UnionType};
    ///
    /// let shape = ObjectType { interface: "Shape".into(), repository_id: Some("IDL:Shape:1.0".into()) };
    /// let either = UnionType::of_abstract(shape.clone(), "", Type::Void.into());
    /// assert_eq!(either.abstract_interface(), Some(&shape));
    /// ```
    #[must_use]
    pub fn of_abstract(object: ObjectType, scope: impl Into<Text>, value: TypeRef) -> Self {
        let case = |name: &'static str, label, ty| Case {
            name: name.into(),
            labels: vec![label].into(),
            ty,
            doc: Text::default(),
        };
        Self {
            name: object.interface.clone(),
            scope: scope.into(),
            repository_id: object.repository_id.clone(),
            doc: Text::default(),
            discriminator: TypeRef::Static(|| &Type::Bool),
            cases: vec![case("value", 0, value), case("object", 1, Type::Object(object).into())].into(),
        }
    }

    /// The interface, if this is what stands for an abstract one: a union on a boolean whose case for
    /// TRUE refers to an object of the union's own repository id, which no other type can have.
    #[must_use]
    pub fn abstract_interface(&self) -> Option<&ObjectType> {
        let id = self.repository_id.as_ref()?;
        self.cases
            .iter()
            .find_map(|case| match case.ty.resolve() {
                Type::Object(object) if *case.labels == [1] => Some(object),
                _ => None,
            })
            .filter(|object| {
                object.repository_id.as_ref() == Some(id)
                    && matches!(self.discriminator.resolve(), Type::Bool)
            })
    }
}

/// Another name for a type (IDL `typedef`).
#[derive(Clone, Debug, PartialEq)]
pub struct AliasType {
    /// The type's name, without its scope.
    pub name: Text,
    /// The scope: IDL modules joined by `::`.
    pub scope: Text,
    /// The CORBA repository id, where one was declared.
    pub repository_id: Option<Text>,
    /// What it stands for.
    pub ty: TypeRef,
}

/// What an object reference refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectType {
    /// The name of the interface.
    pub interface: Text,
    /// Its CORBA repository id, where one was declared.
    pub repository_id: Option<Text>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_types_is_dropped_without_recursion() {
        let mut next = TypeRef::from(Type::Void);
        for _ in 0..200_000 {
            let knot = Knot::new();
            knot.tie(Type::Optional(next));
            next = TypeRef::Knot(knot);
        }
        drop(next);
        DROPPED.with(|dropped| assert!(dropped.borrow().is_none()));
    }

    #[test]
    fn a_knot_is_any_until_it_is_tied_and_tied_once() {
        let knot = Knot::new();
        assert_eq!(TypeRef::Knot(knot.clone()).resolve(), &Type::Any);
        knot.tie(Type::Bool);
        knot.tie(Type::String);
        assert_eq!(TypeRef::Knot(knot).resolve(), &Type::Bool);
    }
}
