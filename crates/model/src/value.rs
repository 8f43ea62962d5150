//! [`Value`]: data whose type is known at run time only.

use std::fmt;

use bytes::Bytes;

use crate::{Date, DateTime, Decimal, Duration, LongDouble, Time, TypeRef};

/// A value of any type.
///
/// Numbers keep their width, so that what came over a wire goes out as it
/// came. The typed path of farcall never builds one.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// No value: None, nil, null, void.
    #[default]
    Nil,
    /// A truth value.
    Bool(bool),
    /// Signed, 8 bits.
    I8(i8),
    /// Unsigned, 8 bits.
    U8(u8),
    /// Signed, 16 bits.
    I16(i16),
    /// Unsigned, 16 bits.
    U16(u16),
    /// Signed, 32 bits.
    I32(i32),
    /// Unsigned, 32 bits.
    U32(u32),
    /// Signed, 64 bits.
    I64(i64),
    /// Unsigned, 64 bits.
    U64(u64),
    /// IEEE 754 binary32.
    F32(f32),
    /// IEEE 754 binary64.
    F64(f64),
    /// Decimal number of any precision.
    Decimal(Decimal),
    /// One Unicode character.
    Char(char),
    /// Unicode text.
    String(String),
    /// Octets.
    Bytes(Bytes),
    /// Date and time of day.
    DateTime(DateTime),
    /// A calendar date.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A length of time.
    Duration(Duration),
    /// A name of an enumeration.
    Enum(String),
    /// Values in order: a sequence, an array or a tuple.
    Sequence(Vec<Self>),
    /// Keys with a value each, in order.
    Map(Vec<(Self, Self)>),
    /// Named fields in order.
    Struct(Record),
    /// A case of a union, by name, and what it carries.
    Union(String, Box<Self>),
    /// A reference to an object.
    Object(ObjectRef),
    /// A value that carries its type with it.
    Any(Box<Any>),
    /// IEEE 754 binary128.
    LongDouble(LongDouble),
    /// The description of a type.
    TypeCode(TypeRef),
    /// A value of a value type that stands elsewhere in the same message, or around this place: the
    /// one that began at that position, counted from 0 over all values of value types in the order
    /// in which they begin.
    Again(usize),
    /// Nothing at all, where [`Value::Nil`] would be something else: a parameter or item whose type
    /// [tells nil from absence](crate::Type::tells_nil). A struct just lacks the field. Everywhere
    /// else it is what nil is.
    Absent,
}

/// A value and its type (IDL `any`, XSD `anyType` with `xsi:type`).
#[derive(Clone, Debug, PartialEq)]
pub struct Any {
    /// The type.
    pub ty: TypeRef,
    /// The value, which is of that type.
    pub value: Value,
}

/// Named fields in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The name of its type, where the wire says it.
    pub name: Option<String>,
    /// The fields.
    pub fields: Vec<(String, Value)>,
}

impl Record {
    /// An empty one without a type name.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }
}

impl FromIterator<(String, Value)> for Record {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(fields: I) -> Self {
        Self { name: None, fields: fields.into_iter().collect() }
    }
}

/// A reference to an object, wherever it lives.
///
/// ```
/// use farcall_model::ObjectRef;
///
/// let account = ObjectRef::new("IDL:Account:1.0").with_address("http://127.0.0.1:2809/bank/7");
/// assert!(!account.is_nil());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObjectRef {
    /// The repository id or name of its interface; empty when it is not known.
    pub interface: String,
    /// Where it can be called, best first: URLs of any protocol, `IOR:` strings among them.
    pub addresses: Vec<String>,
}

impl ObjectRef {
    /// A reference without an address yet.
    pub fn new(interface: impl Into<String>) -> Self {
        Self { interface: interface.into(), addresses: Vec::new() }
    }

    /// Adds an address after those that it has.
    #[must_use]
    pub fn with_address(mut self, url: impl Into<String>) -> Self {
        self.addresses.push(url.into());
        self
    }

    /// True if it refers to nothing (CORBA's nil reference).
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.addresses.is_empty()
    }
}

impl Value {
    /// What it is, in a word or two, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "bool",
            Self::I8(_) => "i8",
            Self::U8(_) => "u8",
            Self::I16(_) => "i16",
            Self::U16(_) => "u16",
            Self::I32(_) => "i32",
            Self::U32(_) => "u32",
            Self::I64(_) => "i64",
            Self::U64(_) => "u64",
            Self::F32(_) => "f32",
            Self::F64(_) => "f64",
            Self::Decimal(_) => "decimal",
            Self::Char(_) => "char",
            Self::String(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::DateTime(_) => "datetime",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::Duration(_) => "duration",
            Self::Enum(_) => "enum",
            Self::Sequence(_) => "sequence",
            Self::Map(_) => "map",
            Self::Struct(_) => "struct",
            Self::Union(..) => "union",
            Self::Object(_) => "object reference",
            Self::Any(_) => "any",
            Self::LongDouble(_) => "long double",
            Self::TypeCode(_) => "TypeCode",
            Self::Again(_) => "value that comes again",
            Self::Absent => "nothing",
        }
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Enum(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is an integer of any width that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        Some(match self {
            Self::I8(n) => i64::from(*n),
            Self::U8(n) => i64::from(*n),
            Self::I16(n) => i64::from(*n),
            Self::U16(n) => i64::from(*n),
            Self::I32(n) => i64::from(*n),
            Self::U32(n) => i64::from(*n),
            Self::I64(n) => *n,
            Self::U64(n) => i64::try_from(*n).ok()?,
            _ => return None,
        })
    }

    /// The items, if it is a sequence.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&[Self]> {
        match self {
            Self::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The field of that name, if it is a struct that has one, or the value under that key of a map.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Struct(record) => record.field(name),
            Self::Map(entries) => entries.iter().find(|(k, _)| k.as_str() == Some(name)).map(|(_, v)| v),
            _ => None,
        }
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.addresses.first().map_or("nil", String::as_str))
    }
}

macro_rules! from {
    ($($rust:ty => $case:ident),* $(,)?) => {$(
        impl From<$rust> for Value {
            fn from(value: $rust) -> Self {
                Self::$case(value)
            }
        }
    )*};
}

from! {
    bool => Bool, i8 => I8, u8 => U8, i16 => I16, u16 => U16, i32 => I32, u32 => U32, i64 => I64,
    u64 => U64, f32 => F32, f64 => F64, Decimal => Decimal, char => Char, String => String,
    Bytes => Bytes, DateTime => DateTime, Date => Date, Time => Time, Duration => Duration,
    Vec<Value> => Sequence, Record => Struct, ObjectRef => Object, LongDouble => LongDouble,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<()> for Value {
    fn from((): ()) -> Self {
        Self::Nil
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nil, Into::into)
    }
}
