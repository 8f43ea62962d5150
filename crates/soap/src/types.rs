//! [`Types`]: the types of a service by their names in XML, for values that say theirs by `xsi:type`
//! where anything may stand.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use farcall_model::{Interface, Type, TypeRef, UnionType};
use farcall_wsdl::QName;
use farcall_wsdl::mapping::{AnyNames, CaseName, ITEM, Namespaces, TypeNames, case_name, ncname};

/// The types that a service knows; they are looked through when the first is asked for.
#[derive(Debug)]
pub(crate) struct Types {
    /// What they are reached from.
    roots: Vec<TypeRef>,
    names: TypeNames,
    any: Option<AnyNames>,
    service: String,
    scope: String,
    index: OnceLock<Index>,
}

/// Types by local name, each with its namespace.
type ByName = HashMap<String, Vec<(String, TypeRef)>>;

#[derive(Debug, Default)]
struct Index {
    /// By the names that the schema gives them.
    declared: ByName,
    /// By their own.
    own: ByName,
}

impl Types {
    /// Those that an interface uses, and others; types without a namespace of their own are in the
    /// service's.
    pub(crate) fn new(
        interface: &Interface,
        others: &[(QName, TypeRef)],
        service: &str,
        scope: &str,
    ) -> Self {
        let mut roots: Vec<TypeRef> = others.iter().map(|(_, ty)| ty.clone()).collect();
        for operation in &interface.operations {
            let params = operation.params.iter().chain(&operation.outs);
            roots.extend(params.map(|param| param.field.ty.clone()));
            roots.push(operation.result.clone());
        }
        let names = TypeNames::of(interface);
        let is_loaded = interface.operations.iter().any(|operation| operation.xml.is_some());
        let any = match names.any() {
            Some(any) => Some(any.clone()),
            None if is_loaded => declared_any(others, service),
            // only the details of faults have any there, of which no schema says anything
            None => Some(AnyNames::default()),
        };
        Self {
            roots,
            names,
            any,
            service: service.to_owned(),
            scope: scope.to_owned(),
            index: OnceLock::new(),
        }
    }

    /// What the type of that scope and name is called, or the element of the exception.
    pub(crate) fn local<'n>(&'n self, scope: &str, name: &'n str) -> Cow<'n, str> {
        self.names.local(scope, name)
    }

    /// What lists and maps are called that stand where anything may, if the schema has them.
    pub(crate) fn any(&self) -> Option<&AnyNames> {
        self.any.as_ref()
    }

    /// The type of that name: what the schema calls so, or else what is called so here, for peers that
    /// go by other descriptions of the same.
    pub(crate) fn named(&self, namespace: Option<&str>, local: &str) -> Option<&TypeRef> {
        let Index { declared, own } = self.index();
        let uri = namespace.unwrap_or_default();
        let mut found = [declared, own].into_iter().filter_map(|names| names.get(local)).flatten();
        found.find(|(other, _)| other == uri).map(|(_, ty)| ty)
    }

    /// The only struct of that local name.
    pub(crate) fn only(&self, local: &str) -> Option<&TypeRef> {
        match self.index().own.get(&*ncname(local)).map(Vec::as_slice) {
            Some([(_, only)]) if matches!(only.resolve(), Type::Struct(_)) => Some(only),
            _ => None,
        }
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| self.reached())
    }

    fn reached(&self) -> Index {
        let namespaces = Namespaces::new(&self.service, &self.scope);
        let mut index = Index::default();
        let mut seen = HashSet::new();
        let mut left: Vec<&TypeRef> = self.roots.iter().collect();
        while let Some(reference) = left.pop() {
            let ty = reference.resolve();
            if !seen.insert(std::ptr::from_ref(ty).addr()) {
                continue;
            }
            left.extend(ty.children());
            if let (true, Some((scope, name))) = (says_itself(ty), ty.qualified_name()) {
                let uri = namespaces.of(scope);
                add(&mut index.declared, self.names.local(scope, name), &uri, reference);
                add(&mut index.own, ncname(name), &uri, reference);
            }
        }
        index
    }
}

/// The lists and maps of anything, where a schema of ours was loaded.
fn declared_any(others: &[(QName, TypeRef)], service: &str) -> Option<AnyNames> {
    let names = AnyNames::default();
    let has = |local: &str, fits: fn(&Type) -> bool| {
        others.iter().any(|(name, ty)| {
            (name.namespace.as_str(), name.local.as_str()) == (service, local) && fits(ty.resolve())
        })
    };
    (has(&names.list, is_list_of_any) && has(&names.map, |ty| matches!(ty, Type::Map(..)))).then_some(names)
}

/// Whether a type of a schema is that of a list of anything, as [`AnyNames`] has it.
pub(crate) fn is_list_of_any(ty: &Type) -> bool {
    let Type::Struct(body) = ty else { return false };
    let [field] = &*body.fields else { return false };
    let items = match field.ty.resolve() {
        Type::Sequence(item) => item.resolve(),
        _ => return false,
    };
    let is_any = |ty: &Type| matches!(ty, Type::Any);
    let item_is_any = is_any(items) || matches!(items, Type::Optional(inner) if is_any(inner.resolve()));
    field.name == ITEM && item_is_any
}

/// Adds a type under a name, unless there is one.
fn add(to: &mut ByName, local: Cow<'_, str>, uri: &str, ty: &TypeRef) {
    let known = to.entry(local.into_owned()).or_default();
    if known.iter().all(|(other, _)| other != uri) {
        known.push((uri.to_owned(), ty.clone()));
    }
}

/// Whether `xsi:type` may name a type: not the union of a type and those that derive from it.
fn says_itself(ty: &Type) -> bool {
    let derived = |union: &UnionType| matches!(case_name(union, 0), Some(CaseName::Type(..)));
    match ty {
        Type::Struct(_) | Type::Enum(_) => true,
        Type::Union(union) => !derived(union),
        _ => false,
    }
}
