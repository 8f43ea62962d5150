//! [`Types`]: the types of a service by their names in XML, for values that say theirs by `xsi:type`
//! where anything may stand.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use farcall_model::{Interface, Type, TypeRef, UnionType};
use farcall_wsdl::mapping::{CaseName, Namespaces, case_name, ncname};

/// The types that a service knows; they are looked through when the first is asked for.
#[derive(Debug)]
pub(crate) struct Types {
    /// What they are reached from.
    roots: Vec<TypeRef>,
    service: String,
    scope: String,
    /// By local name, each with its namespace.
    index: OnceLock<HashMap<String, Vec<(String, TypeRef)>>>,
}

impl Types {
    /// Those that an interface uses, and others; types without a namespace of their own are in the
    /// service's.
    pub(crate) fn new(interface: &Interface, others: &[TypeRef], service: &str, scope: &str) -> Self {
        let mut roots: Vec<TypeRef> = others.to_vec();
        for operation in &interface.operations {
            let params = operation.params.iter().chain(&operation.outs);
            roots.extend(params.map(|param| param.field.ty.clone()));
            roots.push(operation.result.clone());
        }
        Self { roots, service: service.to_owned(), scope: scope.to_owned(), index: OnceLock::new() }
    }

    /// The type of that name.
    pub(crate) fn named(&self, namespace: Option<&str>, local: &str) -> Option<&TypeRef> {
        let found = self.index().get(local)?;
        found.iter().find(|(uri, _)| *uri == namespace.unwrap_or_default()).map(|(_, ty)| ty)
    }

    /// The only struct of that local name.
    pub(crate) fn only(&self, local: &str) -> Option<&TypeRef> {
        match self.index().get(&*ncname(local)).map(Vec::as_slice) {
            Some([(_, only)]) if matches!(only.resolve(), Type::Struct(_)) => Some(only),
            _ => None,
        }
    }

    fn index(&self) -> &HashMap<String, Vec<(String, TypeRef)>> {
        self.index.get_or_init(|| self.reached())
    }

    fn reached(&self) -> HashMap<String, Vec<(String, TypeRef)>> {
        let namespaces = Namespaces::new(&self.service, &self.scope);
        let mut index: HashMap<String, Vec<(String, TypeRef)>> = HashMap::new();
        let mut seen = HashSet::new();
        let mut left: Vec<&TypeRef> = self.roots.iter().collect();
        while let Some(reference) = left.pop() {
            let ty = reference.resolve();
            if !seen.insert(std::ptr::from_ref(ty).addr()) {
                continue;
            }
            left.extend(ty.children());
            if let (true, Some((scope, name))) = (says_itself(ty), ty.qualified_name()) {
                let known = index.entry(ncname(name).into_owned()).or_default();
                let uri = namespaces.of(scope).into_owned();
                if known.iter().all(|(other, _)| *other != uri) {
                    known.push((uri, reference.clone()));
                }
            }
        }
        index
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
