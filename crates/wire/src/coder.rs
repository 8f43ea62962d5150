//! [`Encoder`] and [`Decoder`]: what a protocol's codec can do, and the
//! message level above it, [`MessageEncoder`] and [`MessageDecoder`].
//!
//! A value drives its encoder: [`crate::Encode`] calls one method a node, and
//! closures write what is inside, so that the encoder decides before and
//! after (leave a member out, patch a length) without building a tree.
//!
//! ```
//! use farcall_wire::{Encoder, ValueEncoder};
//!
//! let mut out = ValueEncoder::new();
//! out.sequence(2, |out| {
//!     out.item(|out| out.i32(1))?;
//!     out.item(|out| out.i32(2))
//! })?;
//! assert_eq!(out.finish().as_sequence().unwrap().len(), 2);
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, ExceptionType, Field, LongDouble, ObjectRef, ObjectType,
    Operation, Param, StructType, Time, Type, TypeRef, UnionType, Value, ValueType,
};

use crate::{CodecError, Decode, Encode, Found, Kept, Lent, Number, text};

/// What every step of encoding returns.
pub type Written = Result<(), CodecError>;

/// Writes values of the model to one wire format.
///
/// # Errors
/// Every method fails if the format cannot express the value, or if a limit
/// on the size of the message is passed.
#[allow(missing_docs, reason = "the scalar methods are named for the type that they write")]
pub trait Encoder: Sized {
    /// True if nil may stand for any value and a struct may lack any field, as in a [`Value`].
    const HOLDS_ANY: bool = false;

    /// Writes that there is no value ([`Type::Void`]).
    fn nothing(&mut self) -> Written;
    fn bool(&mut self, value: bool) -> Written;
    fn i8(&mut self, value: i8) -> Written;
    fn u8(&mut self, value: u8) -> Written;
    fn i16(&mut self, value: i16) -> Written;
    fn u16(&mut self, value: u16) -> Written;
    fn i32(&mut self, value: i32) -> Written;
    fn u32(&mut self, value: u32) -> Written;
    fn i64(&mut self, value: i64) -> Written;
    fn u64(&mut self, value: u64) -> Written;
    fn f32(&mut self, value: f32) -> Written;
    fn f64(&mut self, value: f64) -> Written;
    /// Writes a number of 128 bits ([`Type::LongDouble`]): as text where the format has no such numbers.
    fn long_double(&mut self, value: LongDouble) -> Written {
        self.str(&value.to_string())
    }
    fn char(&mut self, value: char) -> Written;
    fn str(&mut self, value: &str) -> Written;
    /// Writes a character where the type says that it is wide ([`Type::WideChar`]).
    fn wide_char(&mut self, value: char) -> Written {
        self.char(value)
    }
    /// Writes text where the type says that it is wide ([`Type::WideString`]).
    fn wide_str(&mut self, value: &str) -> Written {
        self.str(value)
    }
    fn bytes(&mut self, value: &[u8]) -> Written;
    /// Writes octets that a format without copying may keep a reference to.
    fn octets(&mut self, value: &Bytes) -> Written {
        self.bytes(value)
    }
    fn decimal(&mut self, value: &Decimal) -> Written;
    /// Writes a decimal number of so many digits, `scale` of them after the point ([`Type::Fixed`]).
    fn fixed(&mut self, value: &Decimal, digits: u16, scale: u16) -> Written {
        let _ = (digits, scale);
        self.decimal(value)
    }
    fn date_time(&mut self, value: DateTime) -> Written;
    fn date(&mut self, value: Date) -> Written;
    fn time(&mut self, value: Time) -> Written;
    fn duration(&mut self, value: Duration) -> Written;
    /// Writes the name at that position.
    fn enumeration(&mut self, ty: &EnumType, member: usize) -> Written;
    /// Writes an absent optional value.
    fn none(&mut self) -> Written;
    /// Writes an absent optional value where one that is nil is something else
    /// ([`Type::tells_nil`]).
    fn absent(&mut self) -> Written {
        self.none()
    }
    /// Writes a present optional value.
    fn some(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)
    }
    /// Writes a sequence; `write` calls [`Encoder::item`] exactly `len` times.
    fn sequence(&mut self, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written;
    /// Writes an array, whose length its type says.
    fn array(&mut self, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.sequence(len, write)
    }
    /// Writes one item of a sequence, array or tuple.
    fn item(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written;
    /// Writes a tuple; `write` calls [`Encoder::item`] exactly `len` times.
    fn tuple(&mut self, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.sequence(len, write)
    }
    /// Writes a sequence of numbers, in one copy where the format allows.
    fn numbers<N: Number>(&mut self, items: &[N]) -> Written {
        self.sequence(items.len(), |out| {
            for (index, number) in items.iter().enumerate() {
                out.item(|out| number.encode_one(out)).map_err(|e| e.in_item(index))?;
            }
            Ok(())
        })
    }
    /// Writes a sequence of numbers that nobody needs any more: a format that sends octets from where
    /// they are moves it to `lent`.
    fn lent_numbers<N: Number>(&mut self, items: &mut Vec<N>, lent: &mut Lent) -> Written {
        self.numbers(&lent.numbers(items))
    }
    /// Writes a sequence; values of fixed size in whole where the format allows.
    fn items<T: Encode>(&mut self, items: &[T]) -> Written {
        self.sequence(items.len(), |out| {
            for (index, item) in items.iter().enumerate() {
                out.item(|out| item.encode(out)).map_err(|e| e.in_item(index))?;
            }
            Ok(())
        })
    }
    /// Writes a map; `write` calls [`Encoder::entry`] exactly `len` times.
    fn map(&mut self, key: &Type, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written;
    /// Writes one entry of a map.
    fn entry(
        &mut self,
        key: impl FnOnce(&mut Self) -> Written,
        value: impl FnOnce(&mut Self) -> Written,
    ) -> Written;
    /// Writes a struct; `write` calls [`Encoder::field`] for each field in order.
    fn structure(&mut self, ty: &StructType, write: impl FnOnce(&mut Self) -> Written) -> Written;
    /// Writes one field of a struct.
    fn field(&mut self, field: &Field, write: impl FnOnce(&mut Self) -> Written) -> Written;
    /// Writes a union: which case, then what it carries.
    fn union(&mut self, ty: &UnionType, case: usize, write: impl FnOnce(&mut Self) -> Written) -> Written;
    /// Writes an object reference.
    fn object(&mut self, ty: &ObjectType, value: &ObjectRef) -> Written;
    /// Writes a value that brings its own type.
    fn any(&mut self, value: &Value) -> Written;
    /// Writes the description of a type ([`Type::TypeCode`]).
    fn type_code(&mut self, ty: &TypeRef) -> Written {
        let what = format!("the TypeCode of {ty}");
        Err(CodecError::unsupported(what, "this protocol has no descriptions of types among its values"))
    }
    /// Writes a value of a value type; `write` writes what is inside as a struct. The address of
    /// what holds the value tells whether it comes again, if it can be shared: it must not be
    /// moved or freed before the message is complete.
    fn value(
        &mut self,
        ty: &ValueType,
        identity: Option<usize>,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        let _ = (ty, identity);
        self.some(write)
    }
    /// Writes that there is no value of a value type.
    fn null(&mut self) -> Written {
        self.none()
    }
    /// Writes the value of a value type that began as that one, counted from 0, again.
    fn again(&mut self, number: usize) -> Written {
        let what = format!("value {number}, which comes again");
        Err(CodecError::unsupported(what, "this protocol carries no shared or cyclic values"))
    }
}

/// Progress through the items of a sequence or the entries of a map.
#[derive(Clone, Copy, Debug, Default)]
pub struct Items {
    /// How many were begun.
    pub index: usize,
    /// How many there are, if the format says so beforehand; checked against the bytes that remain.
    pub len: Option<usize>,
    /// For the codec's own use.
    pub state: usize,
}

impl Items {
    /// A capacity that is safe to reserve before anything was read: an item may take
    /// one octet on the wire and hundreds in memory, so what was announced is bounded.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.len.unwrap_or(0).min(4096)
    }
}

/// Progress through the fields of a struct or the parameters of a call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fields {
    /// The position after the last field that was begun: where prediction looks first.
    pub next: usize,
    /// How many were begun.
    pub count: usize,
    /// Which were seen: a bit each for the first 128.
    pub seen: u128,
    /// For the codec's own use.
    pub state: usize,
}

impl Fields {
    /// Notes that the field at that position was seen.
    ///
    /// # Errors
    /// [`crate::ErrorKind::DuplicateField`] if it was before. Only the first 128 fields of
    /// a type are watched; a later one that comes twice takes its last value.
    #[inline]
    pub fn mark(&mut self, index: usize, name: &str) -> Written {
        self.next = index + 1;
        self.count += 1;
        let bit = 1_u128.checked_shl(index as u32).unwrap_or(0);
        if self.seen & bit != 0 {
            return Err(twice(name));
        }
        self.seen |= bit;
        Ok(())
    }
}

#[cold]
fn twice(name: &str) -> CodecError {
    CodecError::new(crate::ErrorKind::DuplicateField(name.to_owned()))
}

/// Reads values of the model from one wire format.
///
/// # Errors
/// Every method fails if what stands at the cursor is not of that type, is
/// malformed, or passes a limit; the error says where.
#[allow(missing_docs, reason = "the scalar methods are named for the type that they read")]
pub trait Decoder: Sized {
    /// True if fields come in the order of their type and none can be missing
    /// (CDR, XDR): derived code then reads straight on instead of asking which is next.
    const POSITIONAL: bool;

    /// Reads that there is no value.
    fn nothing(&mut self) -> Written;
    fn bool(&mut self) -> Result<bool, CodecError>;
    fn i8(&mut self) -> Result<i8, CodecError>;
    fn u8(&mut self) -> Result<u8, CodecError>;
    fn i16(&mut self) -> Result<i16, CodecError>;
    fn u16(&mut self) -> Result<u16, CodecError>;
    fn i32(&mut self) -> Result<i32, CodecError>;
    fn u32(&mut self) -> Result<u32, CodecError>;
    fn i64(&mut self) -> Result<i64, CodecError>;
    fn u64(&mut self) -> Result<u64, CodecError>;
    fn f32(&mut self) -> Result<f32, CodecError>;
    fn f64(&mut self) -> Result<f64, CodecError>;
    /// Reads a number of 128 bits ([`Type::LongDouble`]).
    fn long_double(&mut self) -> Result<LongDouble, CodecError> {
        text::parsed(&self.string()?, "long double").map_err(|e| e.at(self.offset()))
    }
    fn char(&mut self) -> Result<char, CodecError>;
    fn string(&mut self) -> Result<String, CodecError>;
    /// Reads a character where the type says that it is wide ([`Type::WideChar`]).
    fn wide_char(&mut self) -> Result<char, CodecError> {
        self.char()
    }
    /// Reads text where the type says that it is wide ([`Type::WideString`]).
    fn wide_string(&mut self) -> Result<String, CodecError> {
        self.string()
    }
    fn bytes(&mut self) -> Result<Bytes, CodecError>;
    fn decimal(&mut self) -> Result<Decimal, CodecError>;
    /// Reads a decimal number of so many digits, `scale` of them after the point ([`Type::Fixed`]).
    fn fixed(&mut self, digits: u16, scale: u16) -> Result<Decimal, CodecError> {
        let _ = (digits, scale);
        self.decimal()
    }
    fn date_time(&mut self) -> Result<DateTime, CodecError>;
    fn date(&mut self) -> Result<Date, CodecError>;
    fn time(&mut self) -> Result<Time, CodecError>;
    fn duration(&mut self) -> Result<Duration, CodecError>;
    /// Reads a name of the enumeration: its position.
    fn enumeration(&mut self, ty: &EnumType) -> Result<usize, CodecError>;
    /// Reads a value or its absence.
    fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError>;
    /// Reads a value that may be nil, or its absence ([`Type::tells_nil`]); `read` reads nil.
    fn nillable<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        self.optional(read)
    }
    /// Enters a sequence.
    fn begin_sequence(&mut self) -> Result<Items, CodecError>;
    /// Enters an array of that length.
    fn begin_array(&mut self, len: usize) -> Result<Items, CodecError> {
        let _ = len;
        self.begin_sequence()
    }
    /// Enters a tuple of that length.
    fn begin_tuple(&mut self, len: usize) -> Result<Items, CodecError> {
        self.begin_array(len)
    }
    /// Leaves the item before, and enters the next one; false leaves the sequence.
    fn next_item(&mut self, items: &mut Items) -> Result<bool, CodecError>;
    /// Reads a sequence of numbers, in one copy where the format allows.
    fn numbers<N: Number>(&mut self) -> Result<Vec<N>, CodecError> {
        let mut items = self.begin_sequence()?;
        let mut numbers = Vec::with_capacity(items.capacity());
        while self.next_item(&mut items)? {
            numbers.push(N::decode_one(self).map_err(|e| e.in_item(items.index - 1))?);
        }
        Ok(numbers)
    }
    /// Reads a sequence; values of fixed size in whole where the format allows.
    fn items<T: Decode>(&mut self) -> Result<Vec<T>, CodecError> {
        let mut items = self.begin_sequence()?;
        let mut out = Vec::with_capacity(items.capacity());
        while self.next_item(&mut items)? {
            out.push(T::decode(self).map_err(|e| e.in_item(items.index - 1))?);
        }
        Ok(out)
    }
    /// Enters a map whose keys are of that type.
    fn begin_map(&mut self, key: &Type) -> Result<Items, CodecError>;
    /// Leaves the entry before, and comes to the key of the next one; false leaves the map.
    fn next_key(&mut self, items: &mut Items) -> Result<bool, CodecError>;
    /// Leaves the key and comes to its value.
    fn entry_value(&mut self, items: &mut Items) -> Written;
    /// Enters a struct.
    fn begin_struct(&mut self, ty: &StructType) -> Result<Fields, CodecError>;
    /// Leaves the field before, and enters the next one that the type has: its
    /// position. `None` leaves the struct. Unknown fields are passed over or refused here.
    fn next_field(&mut self, fields: &mut Fields, ty: &StructType) -> Result<Option<usize>, CodecError>;
    /// Enters a union: the position of its case.
    fn begin_union(&mut self, ty: &UnionType) -> Result<usize, CodecError>;
    /// Leaves a union after what it carries was read.
    fn end_union(&mut self) -> Written;
    /// Reads an object reference.
    fn object(&mut self, ty: &ObjectType) -> Result<ObjectRef, CodecError>;
    /// Reads a value that brings its own type.
    fn any(&mut self) -> Result<Value, CodecError>;
    /// Reads the description of a type ([`Type::TypeCode`]).
    fn type_code(&mut self) -> Result<TypeRef, CodecError> {
        let why = "this protocol has no descriptions of types among its values";
        Err(CodecError::unsupported("a TypeCode", why).at(self.offset()))
    }
    /// Reads a value of a value type, or that there is none: `read` is told what was found, and
    /// where that is [`Found::New`] it reads the inside as a struct.
    fn value<T>(
        &mut self,
        ty: &ValueType,
        read: impl FnOnce(&mut Self, Found) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        let _ = ty;
        self.optional(|from| read(from, Found::New { number: 0, derived: None }))
    }
    /// Holds the value of that number in case it comes again.
    fn keep(&mut self, number: usize, value: Kept) {
        let _ = (number, value);
    }
    /// What was held for that number.
    fn kept(&self, number: usize) -> Option<Kept> {
        let _ = number;
        None
    }
    /// Passes over nil, or over nothing, where there must be a value of that type; true if it did.
    /// Only who can hold what came, rather than what should have, asks: a [`Value`]. A decoder that
    /// is not lenient passes over nothing, and the value is missing.
    fn lacks(&mut self, ty: &Type) -> Result<bool, CodecError> {
        let _ = ty;
        Ok(false)
    }
    /// True if a struct may lack that field, though its type says that it is there, for who asks
    /// [`Decoder::lacks`].
    fn may_lack(&self, field: &Field) -> bool {
        let _ = field;
        false
    }
    /// The place of the cursor in octets, for errors.
    fn offset(&self) -> usize {
        0
    }
}

/// Writes the body of a request or reply.
///
/// # Errors
/// As [`Encoder`].
pub trait MessageEncoder: Encoder {
    /// Writes the parameters; `write` calls [`MessageEncoder::param`] for each in order.
    fn params(&mut self, operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written;
    /// Writes one parameter.
    fn param(&mut self, param: &Param, write: impl FnOnce(&mut Self) -> Written) -> Written;
    /// Writes the result.
    fn result(&mut self, operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written;
    /// Writes an exception that the operation declares; `text` describes it for people.
    fn exception(
        &mut self,
        ty: &ExceptionType,
        text: &str,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written;
}

/// Reads the body of a request or reply.
///
/// # Errors
/// As [`Decoder`].
pub trait MessageDecoder: Decoder {
    /// Enters the parameters.
    fn begin_params(&mut self, operation: &Operation) -> Result<Fields, CodecError>;
    /// Leaves the parameter before, and enters the next: its position. `None` leaves the parameters.
    fn next_param(&mut self, fields: &mut Fields, operation: &Operation)
    -> Result<Option<usize>, CodecError>;
    /// Reads parameters of a call whose types nobody declared.
    fn any_params(&mut self) -> Result<Vec<Value>, CodecError>;
    /// Reads the result.
    fn result<T>(
        &mut self,
        operation: &Operation,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<T, CodecError>;
}

/// A wire format: the codecs of one protocol.
pub trait Wire: Send + Sync + 'static {
    /// The protocol's name, such as `xmlrpc`.
    const NAME: &'static str;
    /// Writes messages.
    type Encoder: MessageEncoder + Send + 'static;
    /// Reads messages.
    type Decoder<'a>: MessageDecoder + Send;
}
