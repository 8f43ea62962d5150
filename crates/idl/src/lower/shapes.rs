//! The types that emitted IDL writes for what IDL has no word for, known by their module and read
//! as what they were.

use farcall_model::{Type, TypeRef};

use super::Lowering;
use crate::spec::{Case, Decl, DeclId, DeclKind, Member, Ty};

/// The module of such types.
pub(crate) const MODULE: &str = "farcall_types";

/// True for declarations in that module.
pub(super) fn is_helper(decl: &Decl) -> bool {
    decl.scoped_name.rsplit_once("::").is_some_and(|(scope, _)| scope == MODULE)
}

/// The names of simple types in that module, and what they are in plain IDL.
pub(crate) const SIMPLE: &[(&str, &str, Type)] = &[
    ("Int8", "octet", Type::I8),
    ("Decimal", "string", Type::Decimal),
    ("DateTime", "string", Type::DateTime),
    ("Date", "string", Type::Date),
    ("Time", "string", Type::Time),
    ("Duration", "string", Type::Duration),
];

pub(super) fn well_known(decl: &Decl) -> Option<Type> {
    if !is_helper(decl) {
        return None;
    }
    SIMPLE.iter().find(|(name, ..)| *name == decl.name).map(|(_, _, ty)| ty.clone())
}

/// What a typedef that only gives another name names.
pub(super) fn plain_alias(decl: &Decl) -> Option<DeclId> {
    match &decl.kind {
        DeclKind::Typedef { ty: Ty::Named(id) } if !is_helper(decl) => Some(*id),
        _ => None,
    }
}

impl Lowering<'_> {
    /// `union Optional… switch (boolean) { case TRUE: T value; }`.
    pub(super) fn optional(&mut self, decl: &Decl, cases: &[Case]) -> Option<Type> {
        match cases {
            [case] if is_helper(decl) && case.labels == [1] && case.member.name == "value" => {
                self.ty(&case.member.ty).map(Type::Optional)
            }
            _ => None,
        }
    }

    /// `struct Tuple… { A item0; B item1; }`.
    pub(super) fn tuple(&mut self, decl: &Decl, members: &[Member]) -> Option<Type> {
        let numbered = members.iter().enumerate().all(|(i, m)| m.name == format!("item{i}"));
        if !is_helper(decl) || !numbered || members.is_empty() {
            return None;
        }
        let items: Option<Vec<TypeRef>> = members.iter().map(|m| self.ty(&m.ty)).collect();
        items.map(|items| Type::Tuple(items.into()))
    }

    /// `typedef sequence<…> Map…` of a struct of `key` and `value`.
    pub(super) fn map(&mut self, decl: &Decl, ty: &Ty) -> Option<Type> {
        let Ty::Sequence { item, .. } = ty else { return None };
        let Ty::Named(id) = &**item else { return None };
        let entry = self.spec.decl(*id);
        if !is_helper(decl) || !is_helper(entry) || entry.name != format!("{}Entry", decl.name) {
            return None;
        }
        match &entry.kind {
            DeclKind::Struct { members, .. } => match members.as_slice() {
                [key, value] if key.name == "key" && value.name == "value" => {
                    Some(Type::Map(self.ty(&key.ty)?, self.ty(&value.ty)?))
                }
                _ => None,
            },
            _ => None,
        }
    }
}
