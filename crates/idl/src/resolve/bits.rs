//! Bitmasks and bitsets: unsigned integers of the size that their bits need, and a constant for each
//! flag or field in a scope of their own: a mask of the bits that it has.
//!
//! That is how DDS writes them (DDS-XTypes 1.3, §7.4.3.5), and what C++ holds them in; the mask of a
//! field tells its place and its width.

use super::Resolver;
use super::scopes::ScopeKind;
use crate::ast::{Bitfield, Definition, Enumerator, Ident, ScopedName};
use crate::source::Span;
use crate::spec::{Annotation, Basic, Const, DeclId, DeclKind, Ty};

/// So many bits at most.
const BITS: u32 = 64;

/// The bits of a bitset: how many, and the named ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    count: u32,
    fields: Vec<Field>,
}

/// A name for some bits.
#[derive(Clone, Debug)]
struct Field {
    name: Ident,
    doc: String,
    annotations: Vec<Annotation>,
    mask: u64,
}

impl Resolver<'_> {
    pub(super) fn bitmask(
        &mut self,
        definition: &Definition,
        name: &Ident,
        flags: &[Enumerator],
    ) -> Option<DeclId> {
        let said = self.annotations(&definition.annotations);
        let bound = self.bits_said(&said, "bit_bound", 1..=BITS, name.span).unwrap_or(32);
        let mut fields: Vec<Field> = Vec::new();
        let mut next = 0;
        for flag in flags {
            let annotations = self.annotations(&flag.annotations);
            let at = self.bits_said(&annotations, "position", 0..=BITS - 1, flag.name.span).unwrap_or(next);
            next = at.saturating_add(1);
            if at >= bound {
                let text = format!("'{}' is bit {at}, beyond the {bound} that there are", flag.name.name);
                self.diagnostics.error(flag.name.span, text);
                continue;
            }
            let mask = 1 << at;
            if let Some(same) = fields.iter().find(|field| field.mask == mask) {
                let text = format!("'{}' is bit {at}, as '{}' is", flag.name.name, same.name.name);
                self.diagnostics.error_with(flag.name.span, text, same.name.span, "declared here");
            }
            fields.push(Field { name: flag.name.clone(), doc: flag.doc.clone(), annotations, mask });
        }
        self.bits(definition, name, bound, &fields)
    }

    pub(super) fn bitset(
        &mut self,
        definition: &Definition,
        name: &Ident,
        base: Option<&ScopedName>,
        fields: &[Bitfield],
    ) -> Option<DeclId> {
        let mut bits = base.map(|base| self.base_bits(base)).unwrap_or_default();
        for field in fields {
            let width = self.size(&field.bits, 1).filter(|width| *width <= BITS);
            let Some(width) = width else {
                self.diagnostics.error(field.bits.span, format!("a bitfield has 1 to {BITS} bits"));
                continue;
            };
            if let Some(spec) = &field.ty {
                let ty = self.ty(spec);
                let most = ty.and_then(|ty| held(self.spec.unalias(&ty)));
                if most.is_none_or(|most| width > most) {
                    let text = format!("expected an integer type or boolean that holds {width} bits");
                    self.diagnostics.error(spec.span, text);
                }
            }
            let names = field.names.iter().map(Some);
            let unnamed = field.names.is_empty().then_some(None);
            for name in names.chain(unnamed) {
                let (at, annotations) = (bits.count, Vec::new());
                bits.count = bits.count.saturating_add(width);
                let mask = u64::MAX.checked_shr(BITS - width).and_then(|mask| mask.checked_shl(at));
                if let (Some(name), Some(mask)) = (name, mask) {
                    bits.fields.push(Field { name: name.clone(), doc: field.doc.clone(), annotations, mask });
                }
            }
        }
        if bits.count > BITS {
            let text = format!("'{}' has {} bits; there are {BITS} at most", name.name, bits.count);
            self.diagnostics.error(name.span, text);
            return None;
        }
        let id = self.bits(definition, name, bits.count, &bits.fields)?;
        self.bitsets.insert(id, bits);
        Some(id)
    }

    /// The bits of the bitset that another goes on from.
    fn base_bits(&mut self, base: &ScopedName) -> Bits {
        let Some(id) = self.lookup(base) else { return Bits::default() };
        let mut ty = Ty::Named(id);
        while let Ty::Named(id) = ty {
            if let Some(bits) = self.bitsets.get(&id) {
                return bits.clone();
            }
            let DeclKind::Typedef { ty: inner } = &self.decl(id).kind else { break };
            ty = inner.clone();
        }
        let at = self.decl(id).span;
        let text = format!("expected a bitset, which '{}' is not", self.decl(id).scoped_name);
        self.diagnostics.error_with(base.span, text, at, "declared here");
        Bits::default()
    }

    /// A typedef of the integer that holds so many bits, and the constants.
    fn bits(
        &mut self,
        definition: &Definition,
        name: &Ident,
        count: u32,
        fields: &[Field],
    ) -> Option<DeclId> {
        let holder = match count {
            0..=8 => Basic::UInt8,
            9..=16 => Basic::UShort,
            17..=32 => Basic::ULong,
            _ => Basic::ULongLong,
        };
        let id = self.declare(name, definition, DeclKind::Typedef { ty: Ty::Basic(holder) })?;
        self.open(id, ScopeKind::Other);
        for Field { name, doc, annotations, mask } in fields {
            let kind = DeclKind::Const { ty: Ty::Named(id), value: Const::Integer(i128::from(*mask)) };
            self.introduce(name, doc, annotations.clone(), kind);
        }
        self.close();
        Some(id)
    }

    /// The number of bits that an annotation says.
    fn bits_said(
        &mut self,
        annotations: &[Annotation],
        name: &str,
        range: std::ops::RangeInclusive<u32>,
        span: Span,
    ) -> Option<u32> {
        let said = annotations.iter().find(|annotation| annotation.name == name)?;
        let number = match said.params.first() {
            Some((_, Const::Integer(number))) => u32::try_from(*number).ok(),
            _ => None,
        };
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let text = format!("expected @{name} of {} to {}", range.start(), range.end());
            self.diagnostics.error(span, text);
        }
        number
    }
}

/// The bits that values of a type have, which a bitfield may be of.
fn held(ty: &Ty) -> Option<u32> {
    Some(match ty {
        Ty::Basic(Basic::Boolean) => 1,
        Ty::Basic(Basic::Octet | Basic::Int8 | Basic::UInt8) => 8,
        Ty::Basic(Basic::Short | Basic::UShort) => 16,
        Ty::Basic(Basic::Long | Basic::ULong) => 32,
        Ty::Basic(Basic::LongLong | Basic::ULongLong) => 64,
        _ => return None,
    })
}
