//! How the interface model stands in XML: the rules that the emitted schema states and that a SOAP
//! codec of such an interface follows.
//!
//! | model | XML (document/literal wrapped, `elementFormDefault="qualified"`) |
//! |---|---|
//! | operation | an element named as the operation, in the service's namespace, with a child for each `in` and `inout` parameter |
//! | its reply | an element of that name and `Response`: the result ([`result_name`]), then each `out` and `inout` parameter; nothing for void |
//! | exception | in the fault's `detail`, an element named as the exception, with a child for each member |
//! | type | called as it is, unless generators would make one class of it and of something else ([`TypeNames`]) |
//! | name | as it is; what no NCName may hold is written `_xHHHH_` ([`ncname`]) |
//! | struct | its fields in order; an attribute or the text where [`XmlKind`] says so |
//! | optional field or parameter | `minOccurs="0"`: None is absent |
//! | optional of an optional | the inner None is `xsi:nil` |
//! | sequence, array as a field or parameter | the element repeated; empty is absent |
//! | sequence elsewhere (in a sequence, an optional, a union) | one element of type `ListOf…`, which repeats [`ITEM`] |
//! | optional item of a sequence | nillable: None is `xsi:nil` |
//! | map | one element of type `MapOf…To…`, which repeats [`ENTRY`] of [`KEY`] and [`VALUE`]; empty is the element without entries |
//! | tuple | one element of type `TupleOf…` with `item1`, `item2`, … |
//! | enum | a restriction of `xsd:string` by enumeration |
//! | union | one element that holds the element of the chosen case |
//! | void as a member | an empty element |
//! | any | `xsd:anyType`, nillable, its type said by `xsi:type`; a list is of `ListOfAnyType`, a map of `MapOfAnyTypeToAnyType` ([`AnyNames`]) |
//! | bytes | `xsd:base64Binary` |
//! | object reference | `wsa:EndpointReferenceType`: `wsa:Address` holds the URL for SOAP, `wsa:Metadata` one `wsa:Address` for each address where there are others; a nil reference has the address [`NIL_ADDRESS`] |
//!
//! A type whose scope is a URI lives in that namespace, others in one of the service
//! ([`Namespaces`]). The elements inside `ListOf…`, `MapOf…`, `TupleOf…` and `OptionalOf…` are in
//! the service's namespace.
//!
//! An interface that was loaded from WSDL says more, and a codec follows that first: each field has
//! its name and namespace ([`Field::xml`](farcall_model::Field), an empty namespace for an
//! unqualified element), and the cases of a union have theirs ([`case_name`]). There a value that
//! is not text but belongs to a list type is a sequence in an attribute or a text field.

mod type_names;

use std::borrow::Cow;

use farcall_model::{Field, Interface, Operation, Type, TypeRef, UnionType, XmlKind};
use farcall_xml::is_ncname;

pub use type_names::{AnyNames, TypeNames};

/// XML Schema's own namespace.
pub const XSD: &str = "http://www.w3.org/2001/XMLSchema";
/// The namespace of WS-Addressing 1.0, which has the type of object references.
pub const WSA: &str = "http://www.w3.org/2005/08/addressing";
/// The address of a nil reference (WS-Addressing 1.0 Core, section 2.1).
pub const NIL_ADDRESS: &str = "http://www.w3.org/2005/08/addressing/none";
/// What follows an operation's name in the name of its reply's element.
pub const RESPONSE: &str = "Response";
/// What follows an exception's name in the name of its message.
pub(crate) const FAULT: &str = "Fault";
/// The element of a sequence that does not stand as a repeated field.
pub const ITEM: &str = "item";
/// The element of a pair in a map.
pub const ENTRY: &str = "entry";
/// The element of a map's key, inside [`ENTRY`].
pub const KEY: &str = "key";
/// The element of a map's value, inside [`ENTRY`].
pub const VALUE: &str = "value";

/// The namespaces in which an interface's types live.
///
/// ```
/// use farcall_wsdl::mapping::Namespaces;
///
/// let names = Namespaces::new("http://bank.example/bank", "farcall");
/// assert_eq!(names.of("urn:accounts"), "urn:accounts");
/// assert_eq!(names.of("farcall"), "http://bank.example/bank");
/// assert_eq!(names.of("Money::Coins"), "http://bank.example/bank/Money/Coins");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Namespaces<'a> {
    service: &'a str,
    scope: &'a str,
}

impl<'a> Namespaces<'a> {
    /// For a service of this namespace, whose interface has this scope.
    #[must_use]
    pub const fn new(service: &'a str, scope: &'a str) -> Self {
        Self { service, scope }
    }

    /// The service's namespace: of operations, parameters and types without a namespace of their own.
    #[must_use]
    pub const fn service(&self) -> &'a str {
        self.service
    }

    /// The namespace of types of this scope: the scope itself if it is a URI; the service's for no
    /// scope or that of the interface; otherwise the service's, a slash, and the scope as a path.
    #[must_use]
    pub fn of<'b>(&self, scope: &'b str) -> Cow<'b, str>
    where
        'a: 'b,
    {
        if is_uri(scope) {
            Cow::Borrowed(scope)
        } else if scope.is_empty() || scope == self.scope {
            Cow::Borrowed(self.service)
        } else {
            Cow::Owned(format!("{}/{}", self.service.trim_end_matches('/'), scope.replace("::", "/")))
        }
    }
}

/// The namespace of an interface: its scope where that is a URI.
#[must_use]
pub fn declared_namespace(interface: &Interface) -> Option<&str> {
    is_uri(&interface.scope).then_some(&*interface.scope)
}

fn is_uri(scope: &str) -> bool {
    scope.contains(':') && !scope.contains("::")
}

/// A name that XML allows without a colon: as it is if it is one, otherwise with every character
/// that may not stand in it written `_xHHHH_`, which several stacks read back.
///
/// ```
/// use farcall_wsdl::mapping::ncname;
///
/// assert_eq!(ncname("system.listMethods"), "system.listMethods");
/// assert_eq!(ncname("2 b"), "_x0032__x0020_b");
/// ```
#[must_use]
pub fn ncname(name: &str) -> Cow<'_, str> {
    if is_ncname(name) {
        return Cow::Borrowed(name);
    }
    let mut out = String::new();
    for c in name.chars() {
        out.push(c);
        if !is_ncname(&out) {
            out.pop();
            out.push_str(&format!("_x{:04X}_", c as u32));
        }
    }
    if out.is_empty() {
        out.push('_');
    }
    Cow::Owned(out)
}

/// The local name of a field's or parameter's element or attribute.
#[must_use]
pub fn field_name(field: &Field) -> Cow<'_, str> {
    ncname(field.xml.local.as_deref().unwrap_or(&field.name))
}

/// The element of an operation's result: `return`, or `result` where a parameter that comes back
/// has that name already.
#[must_use]
pub fn result_name(operation: &Operation) -> &'static str {
    if operation.outs.iter().any(|p| field_name(&p.field) == "return") { "result" } else { "return" }
}

/// What comes back of an operation, as fields of its reply: the result unless there is none, then
/// what goes out.
#[must_use]
pub fn parts(operation: &Operation) -> Vec<Field> {
    let result = || Field::new(result_name(operation).into(), operation.result.clone());
    let returned = (!operation.returns_nothing()).then(result);
    returned.into_iter().chain(operation.outs.iter().map(|out| out.field.clone())).collect()
}

/// How a type stands as an element among others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Particle<'t> {
    /// How often at least.
    pub min: usize,
    /// How often at most; None for any number.
    pub max: Option<usize>,
    /// Whether `xsi:nil` may stand for it.
    pub nillable: bool,
    /// Whether the type is a sequence or array whose items are the elements.
    pub repeated: bool,
    /// The type of each element.
    pub content: &'t TypeRef,
}

impl<'t> Particle<'t> {
    /// Of a field, a parameter, a result, or a map's value: sequences are repeated elements.
    #[must_use]
    pub fn of_field(ty: &'t TypeRef, default: bool) -> Self {
        match ty.resolve() {
            Type::Sequence(item) => Self { min: 0, max: None, repeated: true, ..Self::of_item(item) },
            Type::Array(item, size) => {
                let min = if default { 0 } else { *size };
                Self { min, max: Some(*size), repeated: true, ..Self::of_item(item) }
            }
            Type::Optional(inner) => Self { min: 0, ..Self::of_item(inner) },
            _ => Self { min: usize::from(!default), ..Self::of_item(ty) },
        }
    }

    /// Of an item of a sequence or a case of a union: exactly one element, which a None makes nil.
    #[must_use]
    pub fn of_item(ty: &'t TypeRef) -> Self {
        let one = Self { min: 1, max: Some(1), nillable: false, repeated: false, content: ty };
        match ty.resolve() {
            Type::Optional(inner) if !is_nillable(inner) => Self { nillable: true, content: inner, ..one },
            Type::Any => Self { nillable: true, ..one },
            _ => one,
        }
    }
}

/// Whether nil means something in a type already, so that an optional around it needs an element
/// of its own (`OptionalOf…`, which holds an [`ITEM`] or nothing).
fn is_nillable(ty: &TypeRef) -> bool {
    matches!(ty.resolve(), Type::Optional(_) | Type::Any)
}

/// The namespace of `xsi:type` and `xsi:nil`.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// How a case of a union stands in XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseName<'a> {
    /// As an element of this name; the namespace is None for that of the union's type.
    Element(Option<&'a str>, Cow<'a, str>),
    /// Without an element of its own: the elements of what it carries, a struct or an any, stand
    /// where the union does.
    Content,
    /// As the content of the element around the union, with this name in `xsi:type`.
    Type(&'a str, &'a str),
}

/// How the case at a position of a union stands in XML.
///
/// A union that was loaded from a schema says it by its discriminator, an enumeration in the
/// namespace [`XSI`]: `type` for derived types, told apart by `xsi:type`, or `element` for a choice,
/// whose members are the names in Clark notation (`{namespace}local`), in the order of the cases,
/// empty for [`CaseName::Content`]. Among derived types the default case, which has no labels, is
/// that of a value without `xsi:type` ([`own_type`]). Any other union is a choice of elements named as the cases.
///
/// ```
/// use farcall_model::{Case, EnumType, Type, UnionType};
/// use farcall_wsdl::mapping::{CaseName, case_name};
///
/// let case = Case { name: "fax".into(), labels: Vec::new().into(), ty: Type::String.into(), doc: "".into() };
/// let union = UnionType {
///     name: "Contact".into(),
///     scope: "".into(),
///     repository_id: None,
///     doc: "".into(),
///     discriminator: Type::String.into(),
///     cases: vec![case].into(),
/// };
/// assert_eq!(case_name(&union, 0), Some(CaseName::Element(None, "fax".into())));
/// assert_eq!(case_name(&union, 1), None);
/// ```
#[must_use]
pub fn case_name(union: &UnionType, position: usize) -> Option<CaseName<'_>> {
    let case = union.cases.get(position)?;
    let Type::Enum(names) = union.discriminator.resolve() else {
        return Some(CaseName::Element(None, ncname(&case.name)));
    };
    let Some(name) = names.members.get(position).filter(|_| names.scope == XSI) else {
        return Some(CaseName::Element(None, ncname(&case.name)));
    };
    let (namespace, local) =
        name.name.strip_prefix('{').and_then(|n| n.split_once('}')).unwrap_or(("", &name.name));
    Some(match &*names.name {
        "type" => CaseName::Type(namespace, local),
        _ if local.is_empty() => CaseName::Content,
        _ => CaseName::Element(Some(namespace), Cow::Borrowed(local)),
    })
}

/// The type that a value has where no `xsi:type` says another: of a union told by [`CaseName::Type`]
/// its default case, any other type itself.
///
/// A schema's type that others derive from is such a union, `…OrDerived`, and its default case is
/// that type; an abstract one has none, and there `xsi:type` must be.
#[must_use]
pub fn own_type(ty: &TypeRef) -> &TypeRef {
    let Type::Union(body) = ty.resolve() else { return ty };
    let default = body.cases.iter().position(|case| case.labels.is_empty());
    match default {
        Some(at) if matches!(case_name(body, at), Some(CaseName::Type(..))) => &body.cases[at].ty,
        _ => ty,
    }
}

/// The built-in type of XML Schema that carries a type.
#[must_use]
pub const fn builtin(ty: &Type) -> Option<&'static str> {
    Some(match ty {
        Type::Bool => "boolean",
        Type::I8 => "byte",
        Type::U8 => "unsignedByte",
        Type::I16 => "short",
        Type::U16 => "unsignedShort",
        Type::I32 => "int",
        Type::U32 => "unsignedInt",
        Type::I64 => "long",
        Type::U64 => "unsignedLong",
        Type::F32 => "float",
        Type::F64 => "double",
        Type::Decimal => "decimal",
        Type::Char | Type::String => "string",
        Type::Bytes => "base64Binary",
        Type::DateTime => "dateTime",
        Type::Date => "date",
        Type::Time => "time",
        Type::Duration => "duration",
        Type::Any => "anyType",
        _ => return None,
    })
}

/// Whether a type's values are written as text alone, so that they may stand in an attribute.
#[must_use]
pub fn is_simple(ty: &Type) -> bool {
    matches!(ty, Type::Enum(_)) || (builtin(ty).is_some() && !matches!(ty, Type::Any))
}

/// Whether a field stands as a child element.
#[must_use]
pub fn is_element(field: &Field) -> bool {
    !matches!(field.xml.kind, XmlKind::Attribute | XmlKind::Text)
}

#[cfg(test)]
mod tests {
    use farcall_model::Param;

    use super::*;

    #[test]
    fn names_survive_or_are_escaped() {
        for (name, expected) in
            [("a", "a"), ("a.b-c", "a.b-c"), ("a:b", "a_x003A_b"), ("", "_"), ("-x", "_x002D_x"), ("é", "é")]
        {
            assert_eq!(ncname(name), expected);
            assert!(is_ncname(&ncname(name)));
        }
    }

    #[test]
    fn a_result_keeps_clear_of_parameters() {
        let mut back = Param::new("return", Type::I32.into());
        back.direction = farcall_model::Direction::Out;
        assert_eq!(result_name(&Operation::new("a").with_param(back)), "result");
        let there = Param::new("return", Type::I32.into());
        assert_eq!(result_name(&Operation::new("a").with_param(there)), "return");
    }

    #[test]
    fn none_and_empty_stay_apart() {
        let text: TypeRef = Type::String.into();
        let list: TypeRef = Type::Sequence(text.clone()).into();
        let field = |ty: &TypeRef| {
            let p = Particle::of_field(ty, false);
            (p.min, p.max, p.nillable, p.content.to_string())
        };
        let optional = |ty: &TypeRef| TypeRef::from(Type::Optional(ty.clone()));
        assert_eq!(field(&text), (1, Some(1), false, "string".into()));
        assert_eq!(field(&list), (0, None, false, "string".into()));
        assert_eq!(field(&optional(&text)), (0, Some(1), false, "string".into()));
        assert_eq!(field(&optional(&list)), (0, Some(1), false, "sequence<string>".into()));
        assert_eq!(field(&optional(&optional(&text))), (0, Some(1), true, "string".into()));
        let of_optionals: TypeRef = Type::Sequence(optional(&text)).into();
        assert_eq!(field(&of_optionals), (0, None, true, "string".into()));
        let thrice = optional(&optional(&optional(&text)));
        assert_eq!(field(&thrice), (0, Some(1), false, "optional<optional<string>>".into()));
    }
}
