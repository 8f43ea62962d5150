//! [`CdrEncoder`]: values of the model to CDR.

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, ExceptionType, Field, LongDouble, ObjectRef, ObjectType,
    Operation, Param, StructType, Time, Type, TypeRef, UnionType, Value, ValueType,
};
use farcall_wire::plain::Put;
use farcall_wire::{CodecError, Encode, Encoder, Lent, MessageEncoder, Number, Written};

use super::text::{self, CodeSet, CodeSets};
use super::valuetype::WrittenValues;
use super::{ByteOrder, Version, fixed, lead_of, span_at};
use crate::parts::{Apart, LARGE, Parts};
use crate::{any, ior, repository, typecode};

/// The reply status of a declared exception (CORBA 3.3 part 2, §9.4.3).
const USER_EXCEPTION: u32 = 1;

/// Writes CDR: the body of a message, or an encapsulation.
#[derive(Debug)]
pub struct CdrEncoder {
    out: Vec<u8>,
    /// Large octets that go between those of `out`.
    apart: Apart,
    /// Where in `out` alignment counts from; before its start once large octets stand apart.
    origin: usize,
    order: ByteOrder,
    version: Version,
    sets: CodeSets,
    /// Where the reply status stands, for replies.
    status: Option<usize>,
    /// The values of value types, once there is one.
    pub(super) values: Option<Box<WrittenValues>>,
}

impl CdrEncoder {
    /// An encoder after a message's beginning, from whose start alignment counts.
    #[must_use]
    pub fn new(buffer: Vec<u8>, order: ByteOrder, version: Version, sets: CodeSets) -> Self {
        Self {
            out: buffer,
            apart: Apart::default(),
            origin: 0,
            order,
            version,
            sets,
            status: None,
            values: None,
        }
    }

    /// An encoder at the beginning of an encapsulation of its own, whose text is UTF-8.
    #[must_use]
    pub fn encapsulation(order: ByteOrder) -> Self {
        Self::new(vec![order.flag()], order, Version::V1_2, CodeSets::PREFERRED)
    }

    /// Says where the reply status was written, so that an exception can change it.
    #[must_use]
    pub(crate) fn with_status(mut self, at: usize) -> Self {
        self.status = Some(at);
        self
    }

    /// The octets written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.into_parts().into_vec()
    }

    /// The octets written, of which large ones stay where they were.
    #[must_use]
    pub fn into_parts(self) -> Parts {
        Parts::new(self.out, self.apart)
    }

    /// Fills up to a multiple of that size, a power of two.
    #[inline]
    pub(crate) fn align(&mut self, size: usize) {
        let padding = self.padding(size);
        if padding > 0 {
            self.pad(padding);
        }
    }

    #[inline]
    fn padding(&self, size: usize) -> usize {
        let position = self.out.len().wrapping_sub(self.origin);
        position.wrapping_neg() & (size - 1)
    }

    /// Writes a value in whole whose octets have known places, which is decided when this is compiled.
    #[inline]
    fn plain<T: Encode>(&mut self, value: &T) -> bool {
        if T::SPAN.is_none() || self.order != ByteOrder::NATIVE {
            return false;
        }
        self.align(const { lead_of::<T>() });
        match self.out.len().wrapping_sub(self.origin) % 8 {
            0 => self.plain_at::<T, 0>(value),
            4 => self.plain_at::<T, 4>(value),
            _ => false,
        }
    }

    #[inline(always)]
    fn plain_at<T: Encode, const PLACE: usize>(&mut self, value: &T) -> bool {
        let size = const { span_at::<T>(PLACE) };
        let start = self.out.len();
        self.out.resize(start + size, 0);
        let written =
            self.out.get_mut(start..start + size).and_then(|octets| value.put(&mut Put::new(octets, PLACE)));
        if written.is_none() {
            self.out.truncate(start);
        }
        written.is_some()
    }

    /// A copy of fixed size is a store; one of a size that is not known is a call.
    #[inline]
    fn pad(&mut self, padding: usize) {
        let end = self.out.len() + padding;
        self.out.extend_from_slice(&[0; 8]);
        self.out.truncate(end);
    }

    /// Takes back what was written after that place.
    pub(super) fn truncate(&mut self, position: usize) {
        let before = self.apart.len();
        self.apart.truncate(position);
        self.origin = self.origin.wrapping_add(before - self.apart.len());
        self.out.truncate(position - self.apart.len());
    }

    /// Octets that are not copied.
    fn aside(&mut self, octets: Bytes) {
        self.origin = self.origin.wrapping_sub(octets.len());
        self.apart.push(self.out.len(), octets);
    }

    /// Octets as they are.
    pub(crate) fn raw(&mut self, octets: &[u8]) {
        self.out.extend_from_slice(octets);
    }

    #[inline]
    fn put<const N: usize>(&mut self, little: [u8; N], big: [u8; N]) -> Written {
        self.align(N);
        // chosen by value, so that it is stored from a register
        let octets: [u8; N] = if self.order == ByteOrder::Little { little } else { big };
        self.out.extend_from_slice(&octets);
        Ok(())
    }

    /// A count of items or octets.
    pub(crate) fn count(&mut self, count: usize) -> Written {
        match u32::try_from(count) {
            Ok(count) => self.u32(count),
            Err(_) => Err(CodecError::limit("CDR sequence length", u32::MAX as usize)),
        }
    }

    /// Overwrites a count that was written before.
    pub(crate) fn patch(&mut self, at: usize, number: u32) {
        let octets =
            if self.order == ByteOrder::Little { number.to_le_bytes() } else { number.to_be_bytes() };
        let at = self.apart.place(at);
        if let Some(slot) = self.out.get_mut(at..at + 4) {
            slot.copy_from_slice(&octets);
        }
    }

    /// Writes an encapsulation inside: its length, its byte order, and what `write` writes (§9.3.3).
    ///
    /// # Errors
    /// Those of `write`.
    pub fn encapsulate(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.u32(0)?;
        let (start, apart) = (self.position(), self.apart.len());
        let origin = std::mem::replace(&mut self.origin, self.out.len());
        self.out.push(self.order.flag());
        write(self)?;
        self.origin = origin.wrapping_sub(self.apart.len() - apart);
        let length = u32::try_from(self.position() - start)
            .map_err(|_| CodecError::limit("CDR encapsulation length", u32::MAX as usize))?;
        self.patch(start - 4, length);
        Ok(())
    }

    /// Where the cursor is, counted from the start of the buffer.
    pub(crate) fn position(&self) -> usize {
        self.out.len() + self.apart.len()
    }

    /// A `string` in ASCII that is no text of people's: an operation's name, a repository id.
    pub(crate) fn name(&mut self, name: &str) -> Written {
        self.terminated(name.as_bytes())
    }

    fn terminated(&mut self, octets: &[u8]) -> Written {
        if let Some(at) = memchr::memchr(0, octets) {
            let what = format!("a text with the character U+0000 (at {at})");
            return Err(CodecError::unsupported(what, "strings of CORBA end with it; send octets instead"));
        }
        self.count(octets.len() + 1)?;
        self.out.reserve(octets.len() + 1);
        self.out.extend_from_slice(octets);
        self.out.push(0);
        Ok(())
    }

    fn unit(&mut self, unit: u16) {
        let octets = if self.order == ByteOrder::Little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        self.out.extend_from_slice(&octets);
    }

    /// Writes a body, which GIOP 1.2 aligns to 8 if there is one (§9.4.2.2).
    pub(crate) fn body(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let before = self.position();
        if self.version >= Version::V1_2 {
            self.align(8);
        }
        let start = self.position();
        write(self)?;
        if self.position() == start {
            self.truncate(before);
        }
        Ok(())
    }
}

macro_rules! scalars {
    ($($name:ident),*) => {$(
        #[inline]
        fn $name(&mut self, value: $name) -> Written {
            self.put(value.to_le_bytes(), value.to_be_bytes())
        }
    )*};
}

macro_rules! spelled {
    ($($name:ident: $ty:ty),* $(,)?) => {$(
        fn $name(&mut self, value: $ty) -> Written {
            self.name(&value.to_string())
        }
    )*};
}

impl Encoder for CdrEncoder {
    scalars!(i16, u16, i32, u32, i64, u64, f32, f64);

    spelled!(date_time: DateTime, date: Date, time: Time, duration: Duration);

    fn nothing(&mut self) -> Written {
        Ok(())
    }

    #[inline]
    fn bool(&mut self, value: bool) -> Written {
        self.u8(u8::from(value))
    }

    #[inline]
    fn i8(&mut self, value: i8) -> Written {
        self.u8(value as u8)
    }

    #[inline]
    fn u8(&mut self, value: u8) -> Written {
        self.out.push(value);
        Ok(())
    }

    /// Of 16 octets, at a multiple of 8 (§9.3.1.4).
    fn long_double(&mut self, value: LongDouble) -> Written {
        self.align(8);
        let bits = value.to_bits();
        self.raw(&if self.order == ByteOrder::Little { bits.to_le_bytes() } else { bits.to_be_bytes() });
        Ok(())
    }

    fn char(&mut self, value: char) -> Written {
        let octet = match self.sets.char {
            CodeSet::Latin1 => text::latin1(value),
            _ => text::latin1(value).filter(u8::is_ascii),
        };
        self.u8(octet.ok_or_else(|| text::unmapped(value))?)
    }

    fn str(&mut self, value: &str) -> Written {
        let octets = text::octets(value, self.sets.char)?;
        self.terminated(&octets)
    }

    /// An octet count and units without a mark in GIOP 1.2, a bare unit before (§9.3.1.6).
    fn wide_char(&mut self, value: char) -> Written {
        let mut units = [0; 2];
        let units = value.encode_utf16(&mut units);
        if self.version < Version::V1_2 || self.sets.wchar == CodeSet::Ucs2 {
            let [_] = units else { return Err(text::unmapped(value)) };
        }
        if self.version >= Version::V1_2 {
            // Units are big-endian unless a mark says otherwise, whatever the message's order.
            self.out.push(if units.len() == 1 { 2 } else { 4 });
            units.iter().for_each(|unit| self.out.extend_from_slice(&unit.to_be_bytes()));
        } else {
            self.align(2);
            self.unit(units[0]);
        }
        Ok(())
    }

    /// Octets without a terminator in GIOP 1.2, counted units with one before (§9.3.2.7).
    fn wide_str(&mut self, value: &str) -> Written {
        let units = value.encode_utf16().count();
        if self.version >= Version::V1_2 {
            self.count(units * 2)?;
            self.out.reserve(units * 2);
            value.encode_utf16().for_each(|unit| self.out.extend_from_slice(&unit.to_be_bytes()));
        } else {
            self.count(units + 1)?;
            value.encode_utf16().for_each(|unit| self.unit(unit));
            self.unit(0);
        }
        Ok(())
    }

    fn bytes(&mut self, value: &[u8]) -> Written {
        self.count(value.len())?;
        self.out.extend_from_slice(value);
        Ok(())
    }

    fn octets(&mut self, value: &Bytes) -> Written {
        if value.len() < LARGE {
            return self.bytes(value);
        }
        self.count(value.len())?;
        self.aside(value.clone());
        Ok(())
    }

    fn decimal(&mut self, value: &Decimal) -> Written {
        self.name(value.as_str())
    }

    fn fixed(&mut self, value: &Decimal, digits: u16, scale: u16) -> Written {
        self.raw(&fixed::octets(value, digits, scale)?);
        Ok(())
    }

    fn enumeration(&mut self, _ty: &EnumType, member: usize) -> Written {
        self.count(member)
    }

    fn none(&mut self) -> Written {
        self.bool(false)
    }

    fn some(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.bool(true)?;
        write(self)
    }

    fn sequence(&mut self, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.count(len)?;
        write(self)
    }

    fn array(&mut self, _len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)
    }

    fn item(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)
    }

    fn tuple(&mut self, _len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)
    }

    fn numbers<N: Number>(&mut self, items: &[N]) -> Written {
        self.count(items.len())?;
        if !items.is_empty() {
            self.align(N::WIDTH);
            N::append(items, self.order == ByteOrder::Little, &mut self.out);
        }
        Ok(())
    }

    fn lent_numbers<N: Number>(&mut self, items: &mut Vec<N>, lent: &mut Lent) -> Written {
        let is_small = items.len() * N::WIDTH < LARGE && lent.octets().is_none();
        if is_small || self.order != ByteOrder::NATIVE {
            return self.numbers(&lent.numbers(items));
        }
        let octets = lent.lend(|| N::octets(std::mem::take(items)));
        self.count(octets.len() / N::WIDTH)?;
        self.align(N::WIDTH);
        self.aside(octets);
        Ok(())
    }

    fn items<T: Encode>(&mut self, items: &[T]) -> Written {
        self.count(items.len())?;
        if let Some(span) = T::SPAN {
            // exactly, but for the padding before the first
            self.out.reserve(span.after(0).saturating_mul(items.len()).saturating_add(8));
        }
        for (index, item) in items.iter().enumerate() {
            if !self.plain(item) {
                item.encode(self).map_err(|e| e.in_item(index))?;
            }
        }
        Ok(())
    }

    fn map(&mut self, _key: &Type, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.sequence(len, write)
    }

    fn entry(
        &mut self,
        key: impl FnOnce(&mut Self) -> Written,
        value: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        key(self)?;
        value(self)
    }

    fn structure(&mut self, _ty: &StructType, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)
    }

    fn field(&mut self, _field: &Field, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)
    }

    fn union(&mut self, ty: &UnionType, case: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let label = any::label(ty, case)?;
        any::write_discriminator(self, ty.discriminator.resolve(), label)?;
        write(self)
    }

    fn object(&mut self, ty: &ObjectType, value: &ObjectRef) -> Written {
        ior::write_reference(self, ty, value)
    }

    fn any(&mut self, value: &Value) -> Written {
        any::write(self, value)
    }

    fn type_code(&mut self, ty: &TypeRef) -> Written {
        typecode::write(self, ty.exact())
    }

    fn value(
        &mut self,
        ty: &ValueType,
        identity: Option<usize>,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        self.write_value(ty, identity, write)
    }

    fn null(&mut self) -> Written {
        self.u32(0)
    }

    fn again(&mut self, number: usize) -> Written {
        self.write_again(number)
    }
}

impl MessageEncoder for CdrEncoder {
    fn params(&mut self, _operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.body(write)
    }

    fn param(&mut self, param: &Param, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if param.field.name.is_empty() && matches!(param.field.ty.resolve(), Type::Any) {
            let why = "CORBA cannot be called without types; declare the operation, by a trait or IDL";
            return Err(CodecError::unsupported("a parameter that nobody declared", why));
        }
        write(self)
    }

    fn result(&mut self, _operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.body(write)
    }

    fn exception(
        &mut self,
        ty: &ExceptionType,
        _text: &str,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        if let Some(at) = self.status {
            self.patch(at, USER_EXCEPTION);
        }
        self.body(|out| {
            out.name(&repository::of_struct(&ty.body))?;
            write(out)
        })
    }
}
