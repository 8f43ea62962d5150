//! How deep types are made of one another: the model's types are shared nodes, and whoever walks
//! or drops them does so by recursion.

use super::LowerError;
use crate::spec::{DeclId, DeclKind, Specification, Ty};

/// So many declarations may stand within one another.
const LIMIT: usize = 500;

/// Finds the longest way through declared types that does not come back to where it was.
pub(super) fn check(spec: &Specification) -> Result<(), LowerError> {
    let mut depth: Vec<Option<usize>> = vec![None; spec.decls.len()];
    let mut open = vec![false; spec.decls.len()];
    for (root, _) in spec.decls() {
        let mut stack = vec![(root, false)];
        while let Some((id, done)) = stack.pop() {
            let at = id.0 as usize;
            if depth[at].is_some() || (open[at] && !done) {
                continue;
            }
            let mut parts = Vec::new();
            children(spec, id, &mut parts);
            if !done {
                open[at] = true;
                stack.push((id, true));
                stack.extend(parts.into_iter().filter(|p| depth[p.0 as usize].is_none()).map(|p| (p, false)));
                continue;
            }
            open[at] = false;
            let below = parts.iter().filter_map(|p| depth[p.0 as usize]).max().unwrap_or(0);
            if below >= LIMIT {
                return Err(LowerError::TooDeep { name: spec.decl(id).scoped_name.clone(), limit: LIMIT });
            }
            depth[at] = Some(below + 1);
        }
    }
    Ok(())
}

/// The declarations that a declaration's type is made of.
fn children(spec: &Specification, id: DeclId, out: &mut Vec<DeclId>) {
    match &spec.decl(id).kind {
        DeclKind::Typedef { ty } | DeclKind::ValueBox { ty } => named(ty, out),
        DeclKind::Struct { members, .. } | DeclKind::Exception { members } => {
            members.iter().for_each(|m| named(&m.ty, out));
        }
        DeclKind::Union { switch, cases, .. } => {
            named(switch, out);
            cases.iter().for_each(|c| named(&c.member.ty, out));
        }
        DeclKind::Value(value) => {
            out.extend(&value.bases);
            value.state.iter().for_each(|s| named(&s.member.ty, out));
        }
        _ => {}
    }
}

fn named(ty: &Ty, out: &mut Vec<DeclId>) {
    match ty {
        Ty::Named(id) => out.push(*id),
        Ty::Sequence { item, .. } | Ty::Array { item, .. } => named(item, out),
        Ty::Map { key, item, .. } => {
            named(key, out);
            named(item, out);
        }
        _ => {}
    }
}
