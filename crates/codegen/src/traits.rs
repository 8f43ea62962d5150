//! Which of Rust's own traits each type can derive.

use farcall_model::{Type, TypeRef};

use crate::nodes::{Node, NodeId, Nodes};

/// What can be derived beside `Clone`, `Debug` and `PartialEq`.
#[derive(Debug, Default)]
pub(crate) struct Traits {
    /// Types that are equal to themselves: nothing in them floats.
    eq: Vec<bool>,
    /// Types that keys of maps are or are made of, and so are ordered.
    ordered: Vec<bool>,
}

impl Traits {
    pub(crate) fn of<'a>(nodes: &Nodes<'a>, used: impl Iterator<Item = &'a TypeRef>) -> Self {
        let mut out = Self { eq: vec![true; nodes.len()], ordered: vec![false; nodes.len()] };
        // what is not comparable makes so all that has it in it, over circles too
        let mut changed = true;
        while changed {
            changed = false;
            for (id, node) in nodes.all() {
                let derived = match node {
                    Node::Type(Type::Value(ty)) => nodes.derived(ty),
                    _ => &[],
                };
                let mut parts = node.parts().into_iter().chain(derived);
                if out.eq[id.0] && !parts.all(|part| out.has_eq(nodes, part)) {
                    out.eq[id.0] = false;
                    changed = true;
                }
            }
        }
        let parts = nodes.all().flat_map(|(_, node)| node.parts());
        for ty in parts.chain(used).collect::<Vec<_>>() {
            keys(ty, &mut |key| out.mark_ordered(nodes, key));
        }
        out
    }

    /// True if the type can derive `Eq`.
    pub(crate) fn eq(&self, id: NodeId) -> bool {
        self.eq[id.0]
    }

    /// True if the type derives `PartialOrd` and `Ord`.
    pub(crate) fn ordered(&self, id: NodeId) -> bool {
        self.ordered[id.0]
    }

    fn has_eq(&self, nodes: &Nodes<'_>, ty: &TypeRef) -> bool {
        match ty.resolve() {
            Type::F32 | Type::F64 | Type::LongDouble | Type::Any | Type::TypeCode => false,
            ty @ (Type::Struct(_) | Type::Enum(_) | Type::Union(_) | Type::Value(_)) => {
                nodes.find(Node::Type(ty)).is_none_or(|id| self.eq[id.0])
            }
            ty => ty.children().into_iter().all(|part| self.has_eq(nodes, part)),
        }
    }

    /// True if a `BTreeMap` can have it as keys.
    pub(crate) fn can_order(nodes: &Nodes<'_>, ty: &TypeRef) -> bool {
        let mut seen = vec![false; nodes.len()];
        can_order(nodes, ty, &mut seen)
    }

    fn mark_ordered(&mut self, nodes: &Nodes<'_>, key: &TypeRef) {
        if !Self::can_order(nodes, key) {
            return;
        }
        let mut next = vec![key.resolve()];
        while let Some(ty) = next.pop() {
            if let Some(id) = nodes.find(Node::Type(ty))
                && std::mem::replace(&mut self.ordered[id.0], true)
            {
                continue;
            }
            next.extend(ty.children().into_iter().map(TypeRef::resolve));
        }
    }
}

fn can_order(nodes: &Nodes<'_>, ty: &TypeRef, seen: &mut [bool]) -> bool {
    match ty.resolve() {
        Type::F32
        | Type::F64
        | Type::LongDouble
        | Type::Any
        | Type::TypeCode
        | Type::Object(_)
        | Type::Decimal
        | Type::Fixed { .. }
        | Type::DateTime
        | Type::Duration
        | Type::Value(_) => false,
        ty => {
            if let Some(id) = nodes.find(Node::Type(ty))
                && std::mem::replace(&mut seen[id.0], true)
            {
                return true;
            }
            ty.children().into_iter().all(|part| can_order(nodes, part, seen))
        }
    }
}

/// Calls `found` with the type of the keys of each map that a type is made of, named types apart.
fn keys<'a>(ty: &'a TypeRef, found: &mut impl FnMut(&'a TypeRef)) {
    match ty.resolve() {
        Type::Struct(_) | Type::Union(_) | Type::Value(_) => {}
        Type::Map(key, value) => {
            found(key);
            keys(value, found);
        }
        ty => ty.children().into_iter().for_each(|part| keys(part, found)),
    }
}
