//! [`TypeNames`]: what the types of an interface are called in its schema, so that no generator makes
//! one class of two of them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use farcall_model::{ExceptionType, Interface, Type, TypeRef};

use super::{CaseName, FAULT, RESPONSE, case_name, is_uri, ncname};

/// What the interface's own types are called, and every name that generators make a class of.
///
/// Generators make a class of each type, of each element of an operation, of the port type and of
/// each fault's message, many of them all in one package, with the first letter made a capital and
/// separators left out. So no two of those names may differ by no more than case and `_`, `-`, `.`.
/// Where they do, the names of operations and of the port type stay as they are, then those of
/// exceptions, then those of types in the order in which the interface has them. A type that is
/// left over is called `…Type`, and if that is no better `…Type2` and so on; so is an exception,
/// and its element with it.
///
/// Types of a namespace that is not the interface's own were named by somebody else's schema, and
/// keep their names; so do all of an interface that was loaded from WSDL.
///
/// ```
/// use farcall_model::{Field, Interface, Operation, Param, StructType, Type};
/// use farcall_wsdl::mapping::TypeNames;
///
/// let circle = Type::Struct(StructType {
///     name: "Circle".into(),
///     scope: "".into(),
///     repository_id: None,
///     doc: "".into(),
///     fields: vec![Field::new("radius".into(), Type::F64.into())].into(),
/// });
/// let shapes = Interface::new("Shapes")
///     .with_operation(Operation::new("circle").with_param(Param::new("of", circle.into())));
/// assert_eq!(TypeNames::of(&shapes).local("", "Circle"), "CircleType");
/// assert_eq!(TypeNames::of(&shapes).local("", "Square"), "Square");
/// ```
#[derive(Clone, Debug, Default)]
pub struct TypeNames {
    /// Those that have another name than their own, by scope and name.
    renamed: HashMap<(String, String), String>,
    /// What classes are made of, as [`class`] tells them apart.
    taken: HashSet<String>,
    any: Option<AnyNames>,
}

/// What the schema calls values of no type of their own that stand where anything may, so that
/// `xsi:type` has a name for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnyNames {
    /// A list: [`ITEM`](super::ITEM) for each.
    pub list: String,
    /// A map: [`ENTRY`](super::ENTRY) for each pair.
    pub map: String,
}

impl Default for AnyNames {
    /// Where nothing else has these names.
    fn default() -> Self {
        Self { list: "ListOfAnyType".to_owned(), map: "MapOfAnyTypeToAnyType".to_owned() }
    }
}

impl TypeNames {
    /// Those of an interface's types.
    #[must_use]
    pub fn of(interface: &Interface) -> Self {
        let mut names = Self::default();
        let is_loaded = interface.operations.iter().any(|operation| operation.xml.is_some());
        let is_fixed = |scope: &str| is_uri(scope) && (is_loaded || scope != interface.scope);
        names.take(&interface.name);
        for operation in &interface.operations {
            names.take(&operation.name);
            if !operation.oneway {
                names.take(&format!("{}{RESPONSE}", operation.name));
            }
        }
        let exceptions = exceptions(interface);
        let mut left: Vec<(&str, &str)> = Vec::new();
        for exception in &exceptions {
            let body = &exception.body;
            if !names.take(&body.name) && !is_fixed(&body.scope) {
                left.push((&body.scope, &body.name));
            }
            names.take(&format!("{}{FAULT}", body.name));
        }
        let (types, has_any) = types(interface, &exceptions);
        for (scope, name) in types {
            if !names.take(name) && !is_fixed(scope) {
                left.push((scope, name));
            }
        }
        for (scope, name) in left {
            let other = names.claim(&ncname(name));
            names.renamed.insert((scope.to_owned(), name.to_owned()), other);
        }
        if has_any && !is_loaded {
            let AnyNames { list, map } = AnyNames::default();
            names.any = Some(AnyNames { list: names.claim(&list), map: names.claim(&map) });
        }
        names
    }

    /// The local name of the type of that scope and name, or of the exception and its element.
    #[must_use]
    pub fn local<'n>(&'n self, scope: &str, name: &'n str) -> Cow<'n, str> {
        if self.renamed.is_empty() {
            return ncname(name);
        }
        match self.renamed.get(&(scope.to_owned(), name.to_owned())) {
            Some(other) => Cow::Borrowed(other),
            None => ncname(name),
        }
    }

    /// The types of lists and maps that stand where anything may; None where nothing is of any type, and
    /// of an interface that was loaded, whose schema has what it has.
    #[must_use]
    pub const fn any(&self) -> Option<&AnyNames> {
        self.any.as_ref()
    }

    /// Takes a name for a type: as it is, or with `Type` after it, or that with the first number from 2
    /// on that makes it unlike all others.
    pub(crate) fn claim(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1_u32;
        while !self.take(&name) {
            name = if number == 1 { format!("{wanted}Type") } else { format!("{wanted}Type{number}") };
            number += 1;
        }
        name
    }

    /// Whether a name was free, which then is so no longer.
    fn take(&mut self, name: &str) -> bool {
        self.taken.insert(class(name))
    }
}

/// What generators make of a name, so far as names can be told apart by it.
fn class(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | '.'));
    letters.flat_map(char::to_lowercase).collect()
}

/// All exceptions of an interface, each once.
fn exceptions(interface: &Interface) -> Vec<&'static ExceptionType> {
    let mut found: Vec<&'static ExceptionType> = Vec::new();
    for exception in interface.operations.iter().flat_map(|operation| operation.exceptions.iter().copied()) {
        let is_it = |other: &&ExceptionType| {
            (&other.body.scope, &other.body.name) == (&exception.body.scope, &exception.body.name)
        };
        if !found.iter().any(is_it) {
            found.push(exception);
        }
    }
    found
}

/// The scope and name of every named type that the messages hold, in the order in which they hold
/// them, without the exceptions themselves; and whether anything may stand somewhere.
fn types<'i>(
    interface: &'i Interface,
    exceptions: &[&'static ExceptionType],
) -> (Vec<(&'i str, &'i str)>, bool) {
    let mut found = Vec::new();
    let mut has_any = false;
    let mut seen = HashSet::new();
    // the last is looked at first
    let mut left: Vec<&TypeRef> = exceptions.iter().rev().flat_map(|e| fields(&e.body.fields)).collect();
    for operation in interface.operations.iter().rev() {
        left.extend(operation.outs.iter().rev().map(|param| &param.field.ty));
        left.push(&operation.result);
        left.extend(operation.params.iter().rev().map(|param| &param.field.ty));
    }
    let mut names: HashSet<(&str, &str)> =
        exceptions.iter().map(|e| (&*e.body.scope, &*e.body.name)).collect();
    while let Some(ty) = left.pop().map(TypeRef::resolve) {
        if !seen.insert(std::ptr::from_ref(ty).addr()) {
            continue;
        }
        left.extend(ty.children().into_iter().rev());
        has_any |= matches!(ty, Type::Any);
        if let Some(name) = ty.qualified_name().filter(|name| is_declared(ty) && names.insert(*name)) {
            found.push(name);
        }
    }
    (found, has_any)
}

fn fields(fields: &[farcall_model::Field]) -> impl Iterator<Item = &TypeRef> {
    fields.iter().rev().map(|field| &field.ty)
}

/// Whether a schema has a type for it that has its name: not for an object, nor for the union of a
/// type and those that derive from it.
fn is_declared(ty: &Type) -> bool {
    match ty {
        Type::Object(_) => false,
        Type::Union(union) => !matches!(case_name(union, 0), Some(CaseName::Type(..))),
        _ => true,
    }
}
