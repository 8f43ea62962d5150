//! Unions: discriminators and labels.

use super::Resolver;
use super::constants::range;
use crate::ast::{self, Definition, Ident, Label, TypeSpec};
use crate::spec::{Basic, Case, Const, DeclId, DeclKind, Member, Ty};

impl Resolver<'_> {
    pub(super) fn union(
        &mut self,
        definition: &Definition,
        name: &Ident,
        switch: &TypeSpec,
        cases: &[ast::Case],
    ) -> Option<DeclId> {
        let announced = |kind: &DeclKind| matches!(kind, DeclKind::Union { defined: false, .. });
        let boolean = Ty::Basic(Basic::Boolean);
        let empty = DeclKind::Union { switch: boolean.clone(), cases: Vec::new(), defined: true };
        let id = self.complete(name, definition, announced, empty)?;
        self.building.insert(id);
        self.open(id, super::ScopeKind::Other);
        let switch_ty = self.ty(switch).filter(|ty| self.check_switch(ty, switch));
        let out = self.cases(name, switch_ty.as_ref(), cases);
        self.close();
        self.building.remove(&id);
        self.decl_mut(id).kind =
            DeclKind::Union { switch: switch_ty.unwrap_or(boolean), cases: out, defined: true };
        Some(id)
    }

    fn check_switch(&mut self, ty: &Ty, spec: &TypeSpec) -> bool {
        let fits = match self.spec.unalias(ty) {
            Ty::Basic(basic) => {
                range(*basic).is_some() || matches!(basic, Basic::Boolean | Basic::Char | Basic::WChar)
            }
            Ty::Named(id) => matches!(self.decl(*id).kind, DeclKind::Enum { .. }),
            _ => false,
        };
        if !fits {
            let text = "expected an integer, char, boolean or enumeration for the union to switch on";
            self.diagnostics.error(spec.span, text);
        }
        fits
    }

    fn cases(&mut self, union: &Ident, switch: Option<&Ty>, cases: &[ast::Case]) -> Vec<Case> {
        let mut out: Vec<Case> = Vec::new();
        let mut seen = Vec::new();
        let mut default = None;
        for case in cases {
            let mut labels = Vec::new();
            let mut is_default = false;
            for label in &case.labels {
                match label {
                    Label::Default(span) => {
                        if let Some(first) = default.replace(*span) {
                            self.diagnostics.error_with(
                                *span,
                                "a union has one default",
                                first,
                                "the other one",
                            );
                        }
                        is_default = true;
                    }
                    Label::Value(expr) => {
                        let Some(value) = switch.and_then(|ty| self.value_of(expr, ty)) else { continue };
                        let Some(number) = self.number(&value) else { continue };
                        match seen.iter().find(|(n, _)| *n == number) {
                            Some((_, first)) => {
                                let text = "this label was there before";
                                self.diagnostics.error_with(expr.span, text, *first, "here");
                            }
                            None => seen.push((number, expr.span)),
                        }
                        labels.push(number);
                    }
                }
            }
            let annotations = self.annotations(&case.annotations);
            let ty = self.member_ty(&case.ty).and_then(|ty| self.array(ty, &case.name.sizes));
            let Some(ty) = ty else { continue };
            if self.reserve(&case.name.name, None, false) {
                let (name, doc) = (case.name.name.name.clone(), case.doc.clone());
                out.push(Case { labels, default: is_default, member: Member { name, ty, doc, annotations } });
            }
        }
        if let (Some(span), Some(all)) = (default, switch.and_then(|ty| self.values(ty)))
            && seen.len() >= all
        {
            let text =
                format!("'{}' has a case for every value, so that nothing is left for a default", union.name);
            self.diagnostics.error(span, text);
        }
        out
    }

    /// How many values a discriminator has, where they are few.
    fn values(&self, ty: &Ty) -> Option<usize> {
        match self.spec.unalias(ty) {
            Ty::Basic(Basic::Boolean) => Some(2),
            Ty::Basic(Basic::Char | Basic::Octet | Basic::Int8 | Basic::UInt8) => Some(256),
            Ty::Named(id) => match &self.decl(*id).kind {
                DeclKind::Enum { members } => Some(members.len()),
                _ => None,
            },
            _ => None,
        }
    }

    /// A label as a number; one over the range of `i64` wraps, as it does on the wire.
    #[allow(clippy::cast_possible_truncation)]
    fn number(&self, value: &Const) -> Option<i64> {
        Some(match value {
            Const::Integer(n) => *n as i64,
            Const::Bool(b) => i64::from(*b),
            Const::Char(code) => i64::from(*code),
            Const::Enum(id) => match self.decl(*id).kind {
                DeclKind::Enumerator { value, .. } => value,
                _ => return None,
            },
            _ => return None,
        })
    }
}
