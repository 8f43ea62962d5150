//! Which types contain themselves, and where a `Box` ends that.

use std::collections::HashSet;

use farcall_model::{Type, TypeRef};

use crate::nodes::{Node, NodeId, Nodes};

/// From which type to which the way goes through a `Box`.
pub(crate) type Boxes = HashSet<(NodeId, NodeId)>;

/// The edges that close circles, by a walk in depth that follows what types hold in place.
pub(crate) fn boxes(nodes: &Nodes<'_>) -> Boxes {
    let mut boxes = Boxes::new();
    let (mut done, mut open) = (vec![false; nodes.len()], vec![false; nodes.len()]);
    for (root, _) in nodes.all() {
        if done[root.0] {
            continue;
        }
        open[root.0] = true;
        let mut stack = vec![(root, held(nodes, nodes.node(root)).into_iter())];
        while let Some((id, rest)) = stack.last_mut() {
            let id = *id;
            match rest.next() {
                Some(next) if open[next.0] => {
                    boxes.insert((id, next));
                }
                Some(next) if !done[next.0] => {
                    open[next.0] = true;
                    stack.push((next, held(nodes, nodes.node(next)).into_iter()));
                }
                Some(_) => {}
                None => {
                    (open[id.0], done[id.0]) = (false, true);
                    stack.pop();
                }
            }
        }
    }
    boxes
}

/// The types that one holds in place, not in an allocation of their own.
fn held(nodes: &Nodes<'_>, node: Node<'_>) -> Vec<NodeId> {
    let mut out = Vec::new();
    node.parts()
        .into_iter()
        .for_each(|part| in_place(part, &mut |ty| out.extend(nodes.find(Node::Type(ty)))));
    out
}

/// Calls `found` with each named type that a value of this type holds in place.
pub(crate) fn in_place<'a>(ty: &'a TypeRef, found: &mut impl FnMut(&'a Type)) {
    match ty.exact() {
        Type::Optional(inner) | Type::Array(inner, _) | Type::Bounded(inner, _) => in_place(inner, found),
        Type::Alias(alias) => in_place(&alias.ty, found),
        Type::Tuple(items) => items.iter().for_each(|item| in_place(item, found)),
        // values of value types are shared, and so never in place
        ty @ (Type::Struct(_) | Type::Union(_)) => found(ty),
        _ => {}
    }
}
