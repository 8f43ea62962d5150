//! [`CdrDecoder`]: values of the model from CDR.

use std::borrow::Cow;

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, LongDouble, ObjectRef, ObjectType, Operation, StructType,
    Time, Type, TypeRef, UnionType, Value, ValueType,
};
use farcall_wire::plain::Get;
use farcall_wire::{
    CodecError, Decode, Decoder, ErrorKind, Fields, Found, Items, Kept, Limits, MessageDecoder, Number,
    Written,
};

use super::text::{self, CodeSet, CodeSets};
use super::valuetype::ReadValues;
use super::{ByteOrder, Version, fixed, lead_of, span_at};
use crate::giop::HEADER;
use crate::{any, ior, typecode};

/// Reads CDR: the body of a message, or an encapsulation.
#[derive(Clone, Debug)]
pub struct CdrDecoder<'a> {
    /// The whole message, so that octets can be cut out of it without a copy.
    octets: &'a Bytes,
    pub(super) at: usize,
    /// Where it ends, which for an encapsulation or a chunk is before its message does.
    pub(super) end: usize,
    /// Where alignment counts from.
    origin: usize,
    order: ByteOrder,
    version: Version,
    sets: CodeSets,
    depth: usize,
    limit: usize,
    /// How many more values may come out of `any`s, which cost more in memory than on the wire.
    elements: usize,
    /// The values of value types, once there is one.
    pub(super) values: Option<Box<ReadValues>>,
    /// Where fragments of GIOP 1.1 still begin.
    seams: &'a [usize],
}

/// How [`Items::state`] tells arrays, which have no length on the wire, from sequences.
const COUNTED: usize = 1;

impl<'a> CdrDecoder<'a> {
    /// A decoder at that place of a message, from whose start alignment counts.
    #[must_use]
    pub fn new(
        octets: &'a Bytes,
        at: usize,
        order: ByteOrder,
        version: Version,
        sets: CodeSets,
        limits: &Limits,
    ) -> Self {
        let (end, limit, elements) = (octets.len(), limits.depth, limits.elements);
        let (at, origin, depth, values, seams) = (at.min(end), 0, 0, None, &[][..]);
        Self { octets, at, end, origin, order, version, sets, depth, limit, elements, values, seams }
    }

    /// The same, of a message that was put together at those places.
    #[must_use]
    pub(crate) fn with_seams(mut self, seams: &'a [usize]) -> Self {
        self.seams = seams;
        if let Some(first) = seams.first() {
            self.end = *first;
            self.pass_seams();
        }
        self
    }

    /// Where the octets end, beyond the chunk or fragment that is being read.
    pub(super) fn outer(&self) -> usize {
        match &self.values {
            Some(values) if values.is_chunked() => values.outer(),
            _ if self.seams.is_empty() => self.end,
            _ => self.octets.len(),
        }
    }

    /// Goes on in the fragment in which the cursor is; false if it is in the last one already.
    fn pass_seams(&mut self) -> bool {
        let mut passed = false;
        while let [seam, rest @ ..] = self.seams
            && *seam <= self.at
        {
            self.origin = seam - HEADER;
            self.end = rest.first().copied().unwrap_or(self.octets.len());
            self.seams = rest;
            passed = true;
        }
        passed
    }

    /// Goes on to the next chunk or fragment, if this one was read to its end.
    #[cold]
    fn go_on(&mut self) -> Result<bool, CodecError> {
        if self.at == self.end && self.pass_seams() {
            return Ok(true);
        }
        self.next_chunk()
    }

    /// A decoder inside of an encapsulation, after its byte order; texts are UTF-8 (§9.3.3).
    ///
    /// # Errors
    /// If there is no octet for the byte order.
    pub fn encapsulation(octets: &'a Bytes, limits: &Limits) -> Result<Self, CodecError> {
        let mut from = Self::new(octets, 0, ByteOrder::Big, Version::V1_2, CodeSets::PREFERRED, limits);
        from.order = ByteOrder::of_flag(from.u8()?);
        Ok(from)
    }

    /// Octets that were not read yet.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.outer() - self.at
    }

    /// Fails if octets are left.
    ///
    /// # Errors
    /// [`ErrorKind::Structure`].
    pub fn end(&self) -> Written {
        match self.remaining() {
            0 => Ok(()),
            left => {
                let what = format!("{left} octets are left after the value");
                Err(CodecError::new(ErrorKind::Structure(what)).at(self.at))
            }
        }
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    #[cold]
    pub(crate) fn fail(&self, what: impl Into<String>) -> CodecError {
        CodecError::new(ErrorKind::Syntax(what.into())).at(self.at)
    }

    #[cold]
    fn short(&self, wanted: usize) -> CodecError {
        self.fail(format!("{wanted} more octets are needed, {} are left", self.remaining()))
    }

    /// One level further down; [`CdrDecoder::leave`] comes back.
    pub(crate) fn enter(&mut self) -> Written {
        if self.depth >= self.limit {
            return Err(CodecError::limit("depth", self.limit).at(self.at));
        }
        self.depth += 1;
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Counts a value of an `any` against the limit.
    pub(crate) fn spend(&mut self) -> Written {
        match self.elements.checked_sub(1) {
            Some(left) => {
                self.elements = left;
                Ok(())
            }
            None => Err(CodecError::limit("elements", 0).at(self.at)),
        }
    }

    /// Passes over padding up to a multiple of that size, a power of two.
    #[inline]
    pub(crate) fn align(&mut self, size: usize) {
        self.at = self.aligned(size).min(self.end);
    }

    /// The next multiple of that size, a power of two, which may be beyond the end.
    #[inline]
    fn aligned(&self, size: usize) -> usize {
        self.at + ((self.at - self.origin).wrapping_neg() & (size - 1))
    }

    #[inline]
    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], CodecError> {
        if count > self.end - self.at {
            self.reach(count)?;
        }
        let taken = &self.octets[self.at..self.at + count];
        self.at += count;
        Ok(taken)
    }

    /// Goes on to the next chunk, in which so many octets must be.
    #[cold]
    fn reach(&mut self, count: usize) -> Written {
        self.go_on()?;
        if count > self.end - self.at { Err(self.short(count)) } else { Ok(()) }
    }

    /// Octets that share the message's memory, unless they are spread over chunks.
    pub(crate) fn slice(&mut self, count: usize) -> Result<Bytes, CodecError> {
        Ok(match self.gather(count)? {
            Cow::Borrowed(octets) => self.octets.slice_ref(octets),
            Cow::Owned(octets) => octets.into(),
        })
    }

    /// Octets that may be spread over chunks.
    #[inline]
    fn gather(&mut self, count: usize) -> Result<Cow<'a, [u8]>, CodecError> {
        if count <= self.end - self.at || self.outer() == self.end {
            return self.take(count).map(Cow::Borrowed);
        }
        // what is announced was compared with what is left
        let mut octets = Vec::with_capacity(count.min(self.remaining()));
        while octets.len() < count {
            if self.at == self.end && !self.go_on()? {
                return Err(self.short(count - octets.len()));
            }
            octets.extend_from_slice(self.take((count - octets.len()).min(self.end - self.at))?);
        }
        Ok(Cow::Owned(octets))
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        self.align(N);
        let octets: &'a [u8] = self.octets;
        match octets.get(self.at..self.end).and_then(<[u8]>::first_chunk::<N>) {
            Some(octets) => {
                self.at += N;
                Ok(*octets)
            }
            None => self.array_of_next_chunk(),
        }
    }

    /// Reads a value in whole whose octets have known places, which is decided when this is compiled.
    /// What is wrong with one is found by reading it again number by number.
    #[inline]
    fn plain<T: Decode>(&mut self) -> Option<T> {
        if T::SPAN.is_none() || self.order != ByteOrder::NATIVE {
            return None;
        }
        self.align(const { lead_of::<T>() });
        match (self.at - self.origin) % 8 {
            0 => self.plain_at::<T, 0>(),
            4 => self.plain_at::<T, 4>(),
            _ => None,
        }
    }

    #[inline(always)]
    fn plain_at<T: Decode, const PLACE: usize>(&mut self) -> Option<T> {
        let size = const { span_at::<T>(PLACE) };
        let octets: &'a [u8] = self.octets;
        let octets = octets.get(self.at..self.end)?.get(..size)?;
        let value = T::get(&mut Get::new(octets, PLACE))?;
        self.at += size;
        Some(value)
    }

    /// No number is spread over chunks.
    #[cold]
    fn array_of_next_chunk<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        if !self.go_on()? {
            return Err(self.short(N));
        }
        self.align(N);
        let octets = self.take(N)?;
        octets.try_into().map_err(|_| self.short(N))
    }

    /// A count of items that take at least that many octets each, checked against what is left.
    #[inline]
    pub(crate) fn count(&mut self, least: usize) -> Result<usize, CodecError> {
        let count = self.u32()? as usize;
        match count.checked_mul(least) {
            Some(octets) if octets <= self.remaining() => Ok(count),
            _ => Err(self.too_long(count)),
        }
    }

    #[cold]
    fn too_long(&self, count: usize) -> CodecError {
        self.fail(format!("a length of {count} is announced, with {} octets left", self.remaining()))
    }

    /// Reads an encapsulation inside: `read` gets a decoder of it alone.
    ///
    /// # Errors
    /// Those of `read`, and of a length beyond what is left.
    pub fn encapsulated<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        let length = self.count(1)?;
        let start = self.at;
        if self.at == self.end && length > 0 {
            self.go_on()?;
        }
        if length > self.end - start && self.seams.is_empty() {
            self.reach(length)?;
        }
        let start = self.at;
        let (end, origin, order) = (self.end, self.origin, self.order);
        let seams = std::mem::take(&mut self.seams);
        let chunked = self.set_chunked(0);
        self.end = start + length;
        self.origin = start;
        let value = self.u8().and_then(|flag| {
            self.order = ByteOrder::of_flag(flag);
            self.enter()?;
            let value = read(self);
            self.leave();
            value
        });
        (self.end, self.origin, self.order) = (end, origin, order);
        self.set_chunked(chunked);
        self.at = start + length;
        self.seams = seams;
        self.pass_seams();
        value
    }

    /// A `string` in ASCII that is no text of people's: an operation's name, a repository id.
    pub(crate) fn name(&mut self) -> Result<&'a str, CodecError> {
        let start = self.at;
        let Cow::Borrowed(octets) = self.terminated()? else {
            return Err(self.fail("a name is spread over chunks"));
        };
        if octets.contains(&0) {
            return Err(
                CodecError::new(ErrorKind::Encoding("a name has a zero octet inside".to_owned())).at(start)
            );
        }
        std::str::from_utf8(octets).map_err(|e| {
            CodecError::new(ErrorKind::Encoding("a name is not ASCII".to_owned())).at(start).with_source(e)
        })
    }

    /// The octets of a `string` without its terminator; some peers write an
    /// empty one without it.
    #[inline]
    fn terminated(&mut self) -> Result<Cow<'a, [u8]>, CodecError> {
        let count = self.count(1)?;
        match self.gather(count)? {
            Cow::Borrowed([]) => Ok(Cow::Borrowed(&[])),
            Cow::Borrowed([text @ .., 0]) => Ok(Cow::Borrowed(text)),
            Cow::Owned(mut text) if text.last() == Some(&0) => {
                text.pop();
                Ok(Cow::Owned(text))
            }
            _ => Err(self.fail("a string does not end with a zero octet")),
        }
    }

    /// A `string` that is whole and needs no conversion; nothing is read where it is not.
    #[inline(always)]
    fn plain_text(&mut self) -> Option<String> {
        let octets: &'a [u8] = self.octets;
        let octets = octets.get(self.aligned(4)..self.end)?;
        let (count, rest) = octets.split_first_chunk()?;
        let count = self.order.u32(*count) as usize;
        let (text, rest) = rest.split_at_checked(count)?;
        let [text @ .., 0] = text else { return None };
        // checked in the copy, which is aligned: there it takes half the time
        let text = String::from_utf8(text.to_vec()).ok()?;
        if self.sets.char == CodeSet::Latin1 && !text.is_ascii() {
            return None;
        }
        self.at = self.end - rest.len();
        Some(text)
    }

    /// A `string` in any code set, which may be spread over chunks, or what is wrong with it.
    #[cold]
    fn any_string(&mut self) -> Result<String, CodecError> {
        let start = self.at;
        let octets = self.terminated()?;
        text::text(&octets, self.sets.char).map_err(|e| e.at(start))
    }

    /// The body of GIOP 1.2 begins at a multiple of 8; one that is empty does not.
    pub(crate) fn body(&mut self) {
        if self.version >= Version::V1_2 && self.remaining() > 0 {
            self.align(8);
        }
    }

    fn parsed<T: std::str::FromStr>(&mut self, ty: &str) -> Result<T, CodecError> {
        let start = self.at;
        let text = self.name()?;
        text.parse().map_err(|_| CodecError::range(text, ty).at(start))
    }
}

macro_rules! scalars {
    ($($name:ident),*) => {$(
        #[inline]
        fn $name(&mut self) -> Result<$name, CodecError> {
            let octets = self.array()?;
            Ok(match self.order {
                ByteOrder::Little => $name::from_le_bytes(octets),
                ByteOrder::Big => $name::from_be_bytes(octets),
            })
        }
    )*};
}

macro_rules! spelled {
    ($($name:ident: $ty:ty, $word:literal;)*) => {$(
        fn $name(&mut self) -> Result<$ty, CodecError> {
            self.parsed($word)
        }
    )*};
}

impl Decoder for CdrDecoder<'_> {
    const POSITIONAL: bool = true;

    scalars!(i16, u16, i32, u32, i64, u64, f32, f64);

    spelled! {
        decimal: Decimal, "decimal number";
        date_time: DateTime, "date and time";
        date: Date, "date";
        time: Time, "time";
        duration: Duration, "duration";
    }

    fn nothing(&mut self) -> Written {
        Ok(())
    }

    #[inline]
    fn bool(&mut self) -> Result<bool, CodecError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(CodecError::range(&other.to_string(), "boolean").at(self.at - 1)),
        }
    }

    #[inline]
    fn i8(&mut self) -> Result<i8, CodecError> {
        Ok(self.u8()? as i8)
    }

    #[inline]
    fn u8(&mut self) -> Result<u8, CodecError> {
        Ok(self.take(1)?[0])
    }

    /// Of 16 octets, at a multiple of 8 (§9.3.1.4).
    fn long_double(&mut self) -> Result<LongDouble, CodecError> {
        self.align(8);
        let octets = self.take(16)?.try_into().map_err(|_| self.short(16))?;
        Ok(LongDouble::from_bits(match self.order {
            ByteOrder::Little => u128::from_le_bytes(octets),
            ByteOrder::Big => u128::from_be_bytes(octets),
        }))
    }

    fn char(&mut self) -> Result<char, CodecError> {
        let octet = self.u8()?;
        if self.sets.char == CodeSet::Latin1 || octet.is_ascii() {
            return Ok(octet.into());
        }
        Err(CodecError::range(&format!("{octet:#04x}"), "char in UTF-8").at(self.at - 1))
    }

    fn string(&mut self) -> Result<String, CodecError> {
        match self.plain_text() {
            Some(text) => Ok(text),
            None => self.any_string(),
        }
    }

    fn wide_char(&mut self) -> Result<char, CodecError> {
        let text = if self.version >= Version::V1_2 {
            let count = self.u8()?;
            let octets = self.take(count.into())?;
            text::wide(octets, false, true)
        } else {
            self.align(2);
            let little = self.order == ByteOrder::Little;
            text::wide(self.take(2)?, little, false)
        };
        let text = text.map_err(|e| e.at(self.at))?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Ok(c),
            _ => Err(self.fail("a wchar is not one character")),
        }
    }

    fn wide_string(&mut self) -> Result<String, CodecError> {
        let text = if self.version >= Version::V1_2 {
            let count = self.count(1)?;
            text::wide(&self.gather(count)?, false, true)
        } else {
            let count = self.count(1)?;
            let little = self.order == ByteOrder::Little;
            if self.outer() > self.end {
                let octets = self.gather(count.saturating_mul(2))?;
                let text = octets.strip_suffix(&[0, 0]).unwrap_or(&octets);
                return text::wide(text, little, true).map_err(|e| e.at(self.at));
            }
            let counted = self.octets[self.at..self.end].get(..count * 2);
            // omniORB writes the form of 1.2 where the reference said 1.2, whatever the message is
            match counted.and_then(|octets| octets.strip_suffix(&[0, 0])) {
                Some(octets) => {
                    self.at += count * 2;
                    text::wide(octets, little, true)
                }
                None => text::wide(self.take(count)?, false, true),
            }
        };
        text.map_err(|e| e.at(self.at))
    }

    fn bytes(&mut self) -> Result<Bytes, CodecError> {
        let count = self.count(1)?;
        self.slice(count)
    }

    fn fixed(&mut self, digits: u16, scale: u16) -> Result<Decimal, CodecError> {
        let start = self.at;
        let octets = self.take(fixed::len(digits))?;
        fixed::decimal(octets, digits, scale).map_err(|e| e.at(start))
    }

    fn enumeration(&mut self, ty: &EnumType) -> Result<usize, CodecError> {
        let start = self.at;
        let member = self.u32()?;
        if (member as usize) < ty.members.len() {
            return Ok(member as usize);
        }
        let (name, of) = (member.to_string(), ty.name.to_string());
        Err(CodecError::new(ErrorKind::UnknownCase { name, of }).at(start))
    }

    fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        if !self.bool()? {
            return Ok(None);
        }
        self.enter()?;
        let value = read(self)?;
        self.leave();
        Ok(Some(value))
    }

    fn begin_sequence(&mut self) -> Result<Items, CodecError> {
        let len = self.u32()? as usize;
        if len > self.remaining() {
            // items without octets, empty structs, are bounded by their number alone
            self.elements = self.elements.checked_sub(len).ok_or_else(|| self.too_long(len))?;
        }
        self.enter()?;
        Ok(Items { index: 0, len: Some(len), state: COUNTED })
    }

    fn begin_array(&mut self, len: usize) -> Result<Items, CodecError> {
        self.enter()?;
        Ok(Items { index: 0, len: Some(len), state: COUNTED })
    }

    fn next_item(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        if items.len.is_some_and(|len| items.index < len) {
            items.index += 1;
            return Ok(true);
        }
        if items.state == COUNTED {
            self.leave();
        }
        items.state = 0;
        Ok(false)
    }

    fn numbers<N: Number>(&mut self) -> Result<Vec<N>, CodecError> {
        let count = self.count(N::WIDTH)?;
        if count > 0 {
            self.align(N::WIDTH);
        }
        if count > (self.end - self.at) / N::WIDTH && self.outer() > self.end {
            return (0..count).map(|_| N::decode_one(self)).collect();
        }
        let octets = self.take(count * N::WIDTH)?;
        Ok(N::collect(octets, self.order == ByteOrder::Little))
    }

    fn items<T: Decode>(&mut self) -> Result<Vec<T>, CodecError> {
        let mut items = self.begin_sequence()?;
        let capacity = match T::SPAN {
            // what is announced was compared with what is left
            Some(span) => items.len.unwrap_or(0).min(self.remaining() / span.after(0).max(1)),
            None => items.capacity(),
        };
        let mut out = Vec::with_capacity(capacity);
        while self.next_item(&mut items)? {
            // asked first, for an option of an item would be copied twice
            if T::SPAN.is_some()
                && let Some(item) = self.plain()
            {
                out.push(item);
                continue;
            }
            match T::decode(self) {
                Ok(item) => out.push(item),
                Err(error) => return Err(error.in_item(items.index - 1)),
            }
        }
        Ok(out)
    }

    fn begin_map(&mut self, _key: &Type) -> Result<Items, CodecError> {
        self.begin_sequence()
    }

    fn next_key(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        self.next_item(items)
    }

    fn entry_value(&mut self, _items: &mut Items) -> Written {
        Ok(())
    }

    fn begin_struct(&mut self, _ty: &StructType) -> Result<Fields, CodecError> {
        Ok(Fields::default())
    }

    fn next_field(&mut self, fields: &mut Fields, ty: &StructType) -> Result<Option<usize>, CodecError> {
        let index = fields.next;
        if index == ty.fields.len() {
            return Ok(None);
        }
        fields.next += 1;
        fields.count += 1;
        Ok(Some(index))
    }

    fn begin_union(&mut self, ty: &UnionType) -> Result<usize, CodecError> {
        let start = self.at;
        let label = any::read_discriminator(self, ty.discriminator.resolve())?;
        self.enter()?;
        any::case_of(ty, label).ok_or_else(|| {
            let (name, of) = (label.to_string(), ty.name.to_string());
            CodecError::new(ErrorKind::UnknownCase { name, of }).at(start)
        })
    }

    fn end_union(&mut self) -> Written {
        self.leave();
        Ok(())
    }

    fn object(&mut self, ty: &ObjectType) -> Result<ObjectRef, CodecError> {
        ior::read_reference(self, ty)
    }

    fn any(&mut self) -> Result<Value, CodecError> {
        any::read(self)
    }

    fn type_code(&mut self) -> Result<TypeRef, CodecError> {
        typecode::read(self)
    }

    fn value<T>(
        &mut self,
        ty: &ValueType,
        read: impl FnOnce(&mut Self, Found) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        self.read_value(ty, read)
    }

    fn keep(&mut self, number: usize, value: Kept) {
        self.keep_value(number, value);
    }

    fn kept(&self, number: usize) -> Option<Kept> {
        self.kept_value(number)
    }

    fn offset(&self) -> usize {
        self.at
    }
}

impl MessageDecoder for CdrDecoder<'_> {
    fn begin_params(&mut self, _operation: &Operation) -> Result<Fields, CodecError> {
        self.body();
        Ok(Fields::default())
    }

    fn next_param(
        &mut self,
        fields: &mut Fields,
        operation: &Operation,
    ) -> Result<Option<usize>, CodecError> {
        if fields.next == operation.params.len() {
            return Ok(None);
        }
        fields.next += 1;
        fields.count += 1;
        Ok(Some(fields.next - 1))
    }

    fn any_params(&mut self) -> Result<Vec<Value>, CodecError> {
        let why = "CDR does not say what it holds; declare the operation, by a trait or IDL";
        Err(CodecError::unsupported("a call of an operation whose types nobody declared", why))
    }

    fn result<T>(
        &mut self,
        _operation: &Operation,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        self.body();
        read(self)
    }
}
