//! Types: what they refer to, and where they may be used.

use super::Resolver;
use crate::ast::{Declarator, Definition, Expr, ScopedName, TypeKind, TypeSpec};
use crate::source::Span;
use crate::spec::{Basic, DeclId, DeclKind, Ty};

impl Resolver<'_> {
    /// A type; of a struct or union that is not complete, only if it is within a sequence.
    pub(super) fn ty(&mut self, spec: &TypeSpec) -> Option<Ty> {
        let ty = self.any_ty(spec, false)?;
        if ty == Ty::Basic(Basic::Void) {
            self.diagnostics
                .error(spec.span, "'void' is the result of operations that give nothing, and no type else");
            return None;
        }
        Some(ty)
    }

    /// The type of a member.
    pub(super) fn member_ty(&mut self, spec: &TypeSpec) -> Option<Ty> {
        self.ty(spec)
    }

    /// The result of an operation.
    pub(super) fn result_ty(&mut self, spec: &TypeSpec) -> Option<Ty> {
        self.any_ty(spec, false)
    }

    fn any_ty(&mut self, spec: &TypeSpec, partial: bool) -> Option<Ty> {
        Some(match &spec.kind {
            TypeKind::Basic(basic) => Ty::Basic(*basic),
            TypeKind::String { wide, bound } => {
                Ty::String { wide: *wide, bound: self.bound(bound.as_deref())? }
            }
            TypeKind::Fixed(None) => {
                self.diagnostics.error(spec.span, "expected fixed<digits, scale>");
                return None;
            }
            TypeKind::Fixed(Some(numbers)) => self.fixed(&numbers.0, &numbers.1)?,
            TypeKind::Sequence { item, bound } => {
                let inner = self.any_ty(item, true);
                let bound = self.bound(bound.as_deref());
                let item = Box::new(self.no_void(inner?, item.span)?);
                Ty::Sequence { item, bound: bound? }
            }
            TypeKind::Map { key, item, bound } => {
                let (key_ty, item_ty) = (self.any_ty(key, false), self.any_ty(item, true));
                let bound = self.bound(bound.as_deref());
                let key = Box::new(self.no_void(key_ty?, key.span)?);
                Ty::Map { key, item: Box::new(self.no_void(item_ty?, item.span)?), bound: bound? }
            }
            TypeKind::Name(name) => return self.named_ty(name, partial),
            TypeKind::Inline(definition) => Ty::Named(self.inline(definition)?),
        })
    }

    fn no_void(&mut self, ty: Ty, span: Span) -> Option<Ty> {
        if ty == Ty::Basic(Basic::Void) {
            self.diagnostics.error(span, "nothing can hold items of type 'void'");
            return None;
        }
        Some(ty)
    }

    fn inline(&mut self, definition: &Definition) -> Option<DeclId> {
        self.declared(definition).first().copied()
    }

    fn named_ty(&mut self, name: &ScopedName, partial: bool) -> Option<Ty> {
        if self.is_type_code(name) {
            return Some(Ty::Basic(Basic::TypeCode));
        }
        if let [part] = name.parts.as_slice()
            && !name.absolute
            && let Some(basic) = later_basic(&part.name)
            && !self.is_visible(&part.name)
        {
            return Some(Ty::Basic(basic));
        }
        let id = self.lookup(name)?;
        let decl = self.decl(id);
        let at = decl.span;
        let complete = match &decl.kind {
            DeclKind::Struct { defined, .. } | DeclKind::Union { defined, .. } => *defined,
            DeclKind::Typedef { .. }
            | DeclKind::Interface(_)
            | DeclKind::Value(_)
            | DeclKind::ValueBox { .. }
            | DeclKind::Enum { .. }
            | DeclKind::Native => true,
            _ => {
                let text = format!("expected a type; '{}' is {}", decl.scoped_name, self.what(id));
                self.diagnostics.error_with(name.span, text, at, "declared here");
                return None;
            }
        };
        if !partial && (!complete || self.building.contains(&id)) {
            let text =
                format!("'{}' is not complete here; only a sequence can hold it", self.decl(id).scoped_name);
            self.diagnostics.error_with(name.span, text, at, "declared here");
            return None;
        }
        Some(Ty::Named(id))
    }

    fn fixed(&mut self, digits: &Expr, scale: &Expr) -> Option<Ty> {
        let (d, s) = (self.size(digits, 0), self.size(scale, 0));
        let (d, s) = (d?, s?);
        if d > 31 || d == 0 {
            self.diagnostics.error(digits.span, format!("a fixed has 1 to 31 digits, not {d}"));
            return None;
        }
        if s > d {
            self.diagnostics
                .error(scale.span, format!("a fixed of {d} digits cannot have {s} of them after the point"));
            return None;
        }
        Some(Ty::Fixed { digits: u16::try_from(d).ok()?, scale: u16::try_from(s).ok()? })
    }

    fn bound(&mut self, bound: Option<&Expr>) -> Option<Option<u32>> {
        match bound {
            None => Some(None),
            Some(expr) => Some(Some(self.size(expr, 1)?)),
        }
    }

    /// The type of a declarator: arrays of the type before it, the last size innermost.
    pub(super) fn array(&mut self, ty: Ty, sizes: &[Expr]) -> Option<Ty> {
        let mut found = Vec::new();
        for size in sizes {
            found.push(self.size(size, 1)?);
        }
        Some(found.into_iter().rev().fold(ty, |ty, size| Ty::Array { item: Box::new(ty), size }))
    }

    pub(super) fn typedef(
        &mut self,
        definition: &Definition,
        ty: &TypeSpec,
        names: &[Declarator],
    ) -> Vec<DeclId> {
        let mut out = Vec::new();
        // A type that is declared here is a declaration beside the typedef's own.
        let ty = match &ty.kind {
            TypeKind::Inline(inline) => {
                out = self.declared(inline);
                out.first().map(|id| Ty::Named(*id))
            }
            _ => self.ty(ty),
        };
        let Some(ty) = ty else { return out };
        for name in names {
            if let Some(ty) = self.array(ty.clone(), &name.sizes) {
                out.extend(self.declare(&name.name, definition, DeclKind::Typedef { ty }));
            }
        }
        out
    }
}

/// The integers of later editions, whose names older texts may use for something else.
fn later_basic(name: &str) -> Option<Basic> {
    Some(match name {
        "int8" => Basic::Int8,
        "uint8" => Basic::UInt8,
        "int16" => Basic::Short,
        "uint16" => Basic::UShort,
        "int32" => Basic::Long,
        "uint32" => Basic::ULong,
        "int64" => Basic::LongLong,
        "uint64" => Basic::ULongLong,
        _ => return None,
    })
}
