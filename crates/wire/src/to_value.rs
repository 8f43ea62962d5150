//! [`ValueEncoder`]: any [`Encode`] into a [`Value`].

use std::collections::HashMap;

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, Field, LongDouble, ObjectRef, ObjectType, Record,
    StructType, Time, Type, TypeRef, UnionType, Value, ValueType,
};

use crate::{Encode, Encoder, Written};

/// Writes values of the model as a [`Value`].
#[derive(Debug, Default)]
pub struct ValueEncoder {
    /// The value written last, until its container takes it.
    value: Value,
    /// Containers that are being filled, the innermost last.
    open: Vec<Container>,
    /// How many values of value types were begun.
    begun: usize,
    /// The numbers of those that may come again, by their addresses.
    shared: HashMap<usize, usize>,
}

#[derive(Debug)]
enum Container {
    Items(Vec<Value>),
    Entries(Vec<(Value, Value)>),
    Fields(Vec<(String, Value)>),
}

impl ValueEncoder {
    /// An encoder that holds [`Value::Nil`] yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value written.
    #[must_use]
    pub fn finish(self) -> Value {
        self.value
    }

    fn put(&mut self, value: impl Into<Value>) -> Written {
        self.value = value.into();
        Ok(())
    }

    /// Fills a container, and takes it back out.
    fn fill(
        &mut self,
        empty: Container,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Result<Container, crate::CodecError> {
        let depth = self.open.len();
        self.open.push(empty);
        let written = write(self);
        self.open.truncate(depth + 1);
        let filled = self.open.pop().unwrap_or(Container::Items(Vec::new()));
        written.map(|()| filled)
    }
}

/// Any value of a Rust type as a [`Value`].
///
/// # Errors
/// None of its own; those of an [`Encode`] that refuses a value.
pub fn to_value<T: Encode + ?Sized>(value: &T) -> Result<Value, crate::CodecError> {
    let mut out = ValueEncoder::new();
    value.encode(&mut out)?;
    Ok(out.finish())
}

macro_rules! scalars {
    ($($name:ident: $ty:ty),* $(,)?) => {$(
        fn $name(&mut self, value: $ty) -> Written {
            self.put(value)
        }
    )*};
}

impl Encoder for ValueEncoder {
    const HOLDS_ANY: bool = true;

    scalars! {
        bool: bool, i8: i8, u8: u8, i16: i16, u16: u16, i32: i32, u32: u32, i64: i64, u64: u64, f32: f32,
        f64: f64, char: char, str: &str, date_time: DateTime, date: Date, time: Time, duration: Duration,
        long_double: LongDouble,
    }

    fn nothing(&mut self) -> Written {
        self.put(Value::Nil)
    }

    fn bytes(&mut self, value: &[u8]) -> Written {
        self.put(Bytes::copy_from_slice(value))
    }

    fn octets(&mut self, value: &Bytes) -> Written {
        self.put(value.clone())
    }

    fn decimal(&mut self, value: &Decimal) -> Written {
        self.put(value.clone())
    }

    fn enumeration(&mut self, ty: &EnumType, member: usize) -> Written {
        self.put(Value::Enum(ty.members[member].name.to_string()))
    }

    fn none(&mut self) -> Written {
        self.put(Value::Nil)
    }

    fn absent(&mut self) -> Written {
        self.put(Value::Absent)
    }

    fn sequence(&mut self, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let filled = self.fill(Container::Items(Vec::with_capacity(len)), write)?;
        if let Container::Items(items) = filled {
            self.value = Value::Sequence(items);
        }
        Ok(())
    }

    fn item(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)?;
        if let Some(Container::Items(items)) = self.open.last_mut() {
            items.push(std::mem::take(&mut self.value));
        }
        Ok(())
    }

    fn map(&mut self, _key: &Type, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let filled = self.fill(Container::Entries(Vec::with_capacity(len)), write)?;
        if let Container::Entries(entries) = filled {
            self.value = Value::Map(entries);
        }
        Ok(())
    }

    fn entry(
        &mut self,
        key: impl FnOnce(&mut Self) -> Written,
        value: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        key(self)?;
        let key = std::mem::take(&mut self.value);
        value(self)?;
        if let Some(Container::Entries(entries)) = self.open.last_mut() {
            entries.push((key, std::mem::take(&mut self.value)));
        }
        Ok(())
    }

    fn structure(&mut self, ty: &StructType, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let filled = self.fill(Container::Fields(Vec::with_capacity(ty.fields.len())), write)?;
        if let Container::Fields(fields) = filled {
            self.value = Value::Struct(Record { name: Some(ty.name.to_string()), fields });
        }
        Ok(())
    }

    fn field(&mut self, field: &Field, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)?;
        if let Some(Container::Fields(fields)) = self.open.last_mut() {
            let value = std::mem::take(&mut self.value);
            if value != Value::Absent {
                fields.push((field.name.to_string(), value));
            }
        }
        Ok(())
    }

    fn union(&mut self, ty: &UnionType, case: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)?;
        let inside = std::mem::take(&mut self.value);
        self.put(Value::Union(ty.cases[case].name.to_string(), Box::new(inside)))
    }

    fn object(&mut self, _ty: &ObjectType, value: &ObjectRef) -> Written {
        self.put(value.clone())
    }

    fn any(&mut self, value: &Value) -> Written {
        self.put(value.clone())
    }

    fn type_code(&mut self, ty: &TypeRef) -> Written {
        self.put(Value::TypeCode(ty.clone()))
    }

    fn value(
        &mut self,
        _ty: &ValueType,
        identity: Option<usize>,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        if let Some(address) = identity {
            if let Some(number) = self.shared.get(&address) {
                return self.again(*number);
            }
            self.shared.insert(address, self.begun);
        }
        self.begun += 1;
        write(self)
    }

    fn again(&mut self, number: usize) -> Written {
        self.put(Value::Again(number))
    }
}
