//! [`ValueDecoder`]: any [`Decode`] from a [`Value`].
//!
//! It is lenient where texts stand for what JSON and the command line cannot
//! say: octets as base64, dates and decimals as text, numbers of any width
//! that fits, references as URLs.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, LongDouble, ObjectRef, ObjectType, Record, StructType, Time,
    Type, TypeRef, UnionType, Value, ValueKind, ValueType,
};

use crate::{CodecError, Decode, Decoder, ErrorKind, Fields, Found, Items, Kept, Written, type_code};

/// Deeper values are refused, as decoders of wires do.
const DEPTH: usize = 128;

/// Reads values of the model from a [`Value`].
#[derive(Debug)]
pub struct ValueDecoder<'a> {
    /// What stands at the cursor.
    current: Option<&'a Value>,
    /// The name at the cursor, where a struct is read as a map.
    name: Option<&'a str>,
    /// Containers that are being read, the innermost last.
    open: Vec<Container<'a>>,
    /// The values of value types that were begun, those among them that are kept.
    begun: Vec<Option<Kept>>,
}

#[derive(Debug)]
enum Container<'a> {
    Items(std::slice::Iter<'a, Value>),
    Entries(VecDeque<(Key<'a>, &'a Value)>),
    Fields(std::slice::Iter<'a, (String, Value)>),
    Union,
}

/// A map's key: a value of its own, or the name of a struct's field.
#[derive(Debug)]
enum Key<'a> {
    Value(&'a Value),
    Name(&'a str),
}

/// A value of a Rust type out of a [`Value`].
///
/// # Errors
/// If it is of another type; the error says where.
pub fn from_value<T: Decode>(value: &Value) -> Result<T, CodecError> {
    T::decode(&mut ValueDecoder::new(value))
}

impl<'a> ValueDecoder<'a> {
    /// Reads that value.
    #[must_use]
    pub fn new(value: &'a Value) -> Self {
        Self { current: Some(value), name: None, open: Vec::new(), begun: Vec::new() }
    }

    fn take(&mut self) -> &'a Value {
        static NIL: Value = Value::Nil;
        let mut value = self.current.take().unwrap_or(&NIL);
        while let Value::Any(any) = value {
            value = &any.value;
        }
        value
    }

    fn enter(&mut self, container: Container<'a>) -> Written {
        if self.open.len() >= DEPTH {
            return Err(CodecError::limit("depth", DEPTH));
        }
        self.open.push(container);
        Ok(())
    }

    fn integer<N: TryFrom<i128>>(&mut self, ty: &str) -> Result<N, CodecError> {
        if let Some(name) = self.name.take() {
            let number: i128 = name.parse().map_err(|_| CodecError::range(name, ty))?;
            return N::try_from(number).map_err(|_| CodecError::range(name, ty));
        }
        let value = self.take();
        let number = match value {
            Value::U64(n) => i128::from(*n),
            Value::F64(n) if n.fract() == 0.0 && n.abs() < 9e18 => *n as i128,
            Value::Decimal(d) => d.as_str().parse().map_err(|_| CodecError::range(d.as_str(), ty))?,
            Value::String(text) => text.trim().parse().map_err(|_| CodecError::range(text, ty))?,
            other => i128::from(other.as_i64().ok_or_else(|| CodecError::mismatch(ty, other.kind()))?),
        };
        N::try_from(number).map_err(|_| CodecError::range(&number.to_string(), ty))
    }

    /// A text that stands for something else, or what else is there.
    fn parsed<T: std::str::FromStr>(
        &mut self,
        ty: &str,
        own: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, CodecError> {
        if let Some(name) = self.name.take() {
            return name.parse().map_err(|_| CodecError::range(name, ty));
        }
        let value = self.take();
        if let Some(found) = own(value) {
            return Ok(found);
        }
        match value.as_str() {
            Some(text) => text.trim().parse().map_err(|_| CodecError::range(text, ty)),
            None => Err(CodecError::mismatch(ty, value.kind())),
        }
    }
}

macro_rules! integers {
    ($($name:ident),*) => {$(
        fn $name(&mut self) -> Result<$name, CodecError> {
            self.integer(stringify!($name))
        }
    )*};
}

impl Decoder for ValueDecoder<'_> {
    const POSITIONAL: bool = false;

    integers!(i8, u8, i16, u16, i32, u32, i64, u64);

    fn nothing(&mut self) -> Written {
        match self.take() {
            Value::Nil | Value::Absent => Ok(()),
            other => Err(CodecError::mismatch("nothing", other.kind())),
        }
    }

    fn bool(&mut self) -> Result<bool, CodecError> {
        self.parsed("bool", |v| if let Value::Bool(b) = v { Some(*b) } else { None })
    }

    fn f32(&mut self) -> Result<f32, CodecError> {
        Ok(self.f64()? as f32)
    }

    fn f64(&mut self) -> Result<f64, CodecError> {
        self.parsed("f64", |v| match v {
            Value::F64(n) => Some(*n),
            Value::F32(n) => Some(f64::from(*n)),
            Value::U64(n) => Some(*n as f64),
            Value::Decimal(d) => d.as_str().parse().ok(),
            other => other.as_i64().map(|n| n as f64),
        })
    }

    fn long_double(&mut self) -> Result<LongDouble, CodecError> {
        self.parsed("long double", |v| match v {
            Value::LongDouble(n) => Some(*n),
            Value::F64(n) => Some(LongDouble::from(*n)),
            Value::F32(n) => Some(LongDouble::from(f64::from(*n))),
            Value::U64(n) => n.to_string().parse().ok(),
            Value::Decimal(d) => d.as_str().parse().ok(),
            other => other.as_i64().and_then(|n| n.to_string().parse().ok()),
        })
    }

    fn char(&mut self) -> Result<char, CodecError> {
        self.parsed("char", |v| if let Value::Char(c) = v { Some(*c) } else { None })
    }

    fn string(&mut self) -> Result<String, CodecError> {
        if let Some(name) = self.name.take() {
            return Ok(name.to_owned());
        }
        match self.take() {
            Value::String(text) | Value::Enum(text) => Ok(text.clone()),
            Value::Char(c) => Ok(c.to_string()),
            other => Err(CodecError::mismatch("string", other.kind())),
        }
    }

    fn bytes(&mut self) -> Result<Bytes, CodecError> {
        match self.take() {
            Value::Bytes(bytes) => Ok(bytes.clone()),
            Value::String(text) => {
                let octets =
                    STANDARD.decode(text.trim()).map_err(|_| CodecError::range(text, "base64 text"))?;
                Ok(octets.into())
            }
            Value::Sequence(items) => {
                let octet = |v: &Value| v.as_i64().and_then(|n| u8::try_from(n).ok());
                let octets: Option<Vec<u8>> = items.iter().map(octet).collect();
                octets.map(Bytes::from).ok_or_else(|| CodecError::mismatch("bytes", "sequence"))
            }
            other => Err(CodecError::mismatch("bytes (base64 text)", other.kind())),
        }
    }

    fn decimal(&mut self) -> Result<Decimal, CodecError> {
        self.parsed("decimal", |v| match v {
            Value::Decimal(d) => Some(d.clone()),
            Value::U64(n) => Some(Decimal::from(*n)),
            Value::F64(n) => n.to_string().parse().ok(),
            other => other.as_i64().map(Decimal::from),
        })
    }

    fn date_time(&mut self) -> Result<DateTime, CodecError> {
        self.parsed("date-time", |v| if let Value::DateTime(d) = v { Some(*d) } else { None })
    }

    fn date(&mut self) -> Result<Date, CodecError> {
        self.parsed("date", |v| if let Value::Date(d) = v { Some(*d) } else { None })
    }

    fn time(&mut self) -> Result<Time, CodecError> {
        self.parsed("time", |v| if let Value::Time(d) = v { Some(*d) } else { None })
    }

    fn duration(&mut self) -> Result<Duration, CodecError> {
        self.parsed("duration", |v| if let Value::Duration(d) = v { Some(*d) } else { None })
    }

    fn enumeration(&mut self, ty: &EnumType) -> Result<usize, CodecError> {
        let named = self.name.take().map(Value::from);
        let value = named.as_ref().unwrap_or_else(|| self.take());
        let found = match value.as_str() {
            Some(name) => ty.members.iter().position(|m| m.name == name),
            None => value.as_i64().and_then(|n| ty.members.iter().position(|m| m.value == n)),
        };
        found.ok_or_else(|| {
            let name = value.as_str().map_or_else(|| value.kind().to_owned(), str::to_owned);
            CodecError::new(ErrorKind::UnknownCase { name, of: ty.name.to_string() })
        })
    }

    fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        if matches!(self.current, None | Some(Value::Nil | Value::Absent)) {
            self.current = None;
            return Ok(None);
        }
        read(self).map(Some)
    }

    fn nillable<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        if matches!(self.current, None | Some(Value::Absent)) {
            self.current = None;
            return Ok(None);
        }
        read(self).map(Some)
    }

    fn begin_sequence(&mut self) -> Result<Items, CodecError> {
        match self.take() {
            Value::Sequence(items) => {
                self.enter(Container::Items(items.iter()))?;
                Ok(Items { len: Some(items.len()), ..Items::default() })
            }
            other => Err(CodecError::mismatch("sequence", other.kind())),
        }
    }

    fn next_item(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        if let Some(Container::Items(rest)) = self.open.last_mut()
            && let Some(next) = rest.next()
        {
            self.current = Some(next);
            items.index += 1;
            return Ok(true);
        }
        self.open.pop();
        Ok(false)
    }

    fn begin_map(&mut self, _key: &Type) -> Result<Items, CodecError> {
        let entries: VecDeque<_> = match self.take() {
            Value::Map(entries) => entries.iter().map(|(k, v)| (Key::Value(k), v)).collect(),
            Value::Struct(record) => record.fields.iter().map(|(k, v)| (Key::Name(k), v)).collect(),
            Value::Sequence(pairs) => pairs.iter().map(pair).collect::<Result<_, _>>()?,
            other => return Err(CodecError::mismatch("map", other.kind())),
        };
        let len = Some(entries.len());
        self.enter(Container::Entries(entries))?;
        Ok(Items { len, ..Items::default() })
    }

    fn next_key(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        let next = match self.open.last() {
            Some(Container::Entries(entries)) => entries.front(),
            _ => None,
        };
        match next {
            Some((Key::Value(key), _)) => self.current = Some(key),
            Some((Key::Name(name), _)) => self.name = Some(name),
            None => {
                self.open.pop();
                return Ok(false);
            }
        }
        items.index += 1;
        Ok(true)
    }

    fn entry_value(&mut self, _items: &mut Items) -> Written {
        if let Some(Container::Entries(entries)) = self.open.last_mut() {
            self.current = entries.pop_front().map(|(_, value)| value);
            self.name = None;
        }
        Ok(())
    }

    fn begin_struct(&mut self, ty: &StructType) -> Result<Fields, CodecError> {
        match self.take() {
            Value::Struct(record) => self.enter(Container::Fields(record.fields.iter()))?,
            Value::Map(entries) if entries.is_empty() => self.enter(Container::Fields([].iter()))?,
            other => return Err(CodecError::mismatch(format!("struct {}", ty.name), other.kind())),
        }
        Ok(Fields::default())
    }

    fn next_field(&mut self, fields: &mut Fields, ty: &StructType) -> Result<Option<usize>, CodecError> {
        let next = match self.open.last_mut() {
            Some(Container::Fields(rest)) => rest.next(),
            _ => None,
        };
        let Some((name, value)) = next else {
            self.open.pop();
            return Ok(None);
        };
        let Some(index) = ty.position(name) else {
            return Err(CodecError::new(ErrorKind::UnknownField(name.clone())));
        };
        fields.mark(index, name)?;
        self.current = Some(value);
        Ok(Some(index))
    }

    fn begin_union(&mut self, ty: &UnionType) -> Result<usize, CodecError> {
        if let Some(case) = self.current.and_then(|value| unwrapped(ty, value)) {
            self.enter(Container::Union)?;
            return Ok(case);
        }
        let (name, inside) = match self.take() {
            Value::Union(name, inside) => (name.as_str(), Some(&**inside)),
            Value::Struct(record) if record.fields.len() == 1 => {
                (record.fields[0].0.as_str(), Some(&record.fields[0].1))
            }
            Value::String(name) | Value::Enum(name) => (name.as_str(), None),
            other => return Err(CodecError::mismatch(format!("union {}", ty.name), other.kind())),
        };
        let nothing = || ty.nothing().filter(|_| inside.is_none_or(|inside| *inside == Value::Nil));
        let index = ty.position(name).or_else(nothing).ok_or_else(|| {
            CodecError::new(ErrorKind::UnknownCase { name: name.to_owned(), of: ty.name.to_string() })
        })?;
        self.enter(Container::Union)?;
        self.current = inside;
        Ok(index)
    }

    fn end_union(&mut self) -> Written {
        self.open.pop();
        Ok(())
    }

    fn object(&mut self, ty: &ObjectType) -> Result<ObjectRef, CodecError> {
        match self.take() {
            Value::Object(object) => Ok(object.clone()),
            Value::Nil | Value::Absent => Ok(ObjectRef::default()),
            Value::String(url) if url.is_empty() => Ok(ObjectRef::default()),
            Value::String(url) => {
                let id = ty.repository_id.as_ref().unwrap_or(&ty.interface);
                Ok(ObjectRef::new(id.as_ref()).with_address(url))
            }
            other => Err(CodecError::mismatch("object reference (a URL)", other.kind())),
        }
    }

    fn any(&mut self) -> Result<Value, CodecError> {
        if let Some(name) = self.name.take() {
            return Ok(Value::from(name));
        }
        Ok(self.current.take().cloned().unwrap_or_default())
    }

    fn type_code(&mut self) -> Result<TypeRef, CodecError> {
        match self.take() {
            Value::TypeCode(ty) => Ok(ty.clone()),
            Value::String(name) => type_code::basic(name),
            other => Err(CodecError::mismatch("TypeCode", other.kind())),
        }
    }

    fn value<T>(
        &mut self,
        ty: &ValueType,
        read: impl FnOnce(&mut Self, Found) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        let found = match self.current {
            None | Some(Value::Nil | Value::Absent) => {
                self.current = None;
                return Ok(None);
            }
            Some(Value::Again(number)) => {
                self.current = None;
                Found::Again(*number)
            }
            Some(value) => {
                self.begun.push(None);
                Found::New { number: self.begun.len() - 1, derived: derived(ty, value) }
            }
        };
        read(self, found).map(Some)
    }

    fn keep(&mut self, number: usize, value: Kept) {
        if let Some(slot) = self.begun.get_mut(number) {
            *slot = Some(value);
        }
    }

    fn kept(&self, number: usize) -> Option<Kept> {
        self.begun.get(number)?.clone()
    }
}

/// Which of the derived types a value is of: the one that it names; without a name the declared type
/// itself, or, if that has no state, the only one that has just those fields.
fn derived(ty: &ValueType, value: &Value) -> Option<usize> {
    let Value::Struct(record) = value else { return None };
    let place = |name: &str| ty.derived.iter().position(|derived| derived.resolve().name() == Some(name));
    match (&record.name, &*ty.derived) {
        (Some(name), _) => place(name),
        (None, _) if ty.with_state().is_some() => place(&ty.body.name),
        (None, derived) if ty.kind == ValueKind::Abstract => {
            let fits = |ty: &TypeRef| match ty.resolve() {
                Type::Value(ty) => {
                    ty.body.fields.len() == record.fields.len()
                        && record.fields.iter().all(|(name, _)| ty.body.position(name).is_some())
                }
                _ => false,
            };
            let mut fitting = derived.iter().enumerate().filter(|(_, ty)| fits(ty)).map(|(index, _)| index);
            fitting.next().filter(|_| fitting.next().is_none())
        }
        (None, _) => None,
    }
}

/// The case of a reference or value that stands for itself where an abstract interface is declared.
fn unwrapped(ty: &UnionType, value: &Value) -> Option<usize> {
    ty.abstract_interface()?;
    let is_case = |record: &Record| match &*record.fields {
        [(name, _)] => record.name.is_none() && ty.position(name).is_some(),
        _ => false,
    };
    let label = match value {
        Value::Object(_) | Value::String(_) => 1,
        Value::Nil | Value::Absent | Value::Again(_) => 0,
        Value::Struct(record) if !is_case(record) => 0,
        _ => return None,
    };
    ty.cases.iter().position(|case| *case.labels == [label])
}

fn pair(value: &Value) -> Result<(Key<'_>, &Value), CodecError> {
    match value.as_sequence() {
        Some([key, value]) => Ok((Key::Value(key), value)),
        _ => Err(CodecError::mismatch("a pair of key and value", value.kind())),
    }
}
