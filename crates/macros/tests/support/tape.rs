//! A wire whose messages are lists of tokens: keyed, where fields come with
//! their names, or positional, where they come in order.

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, ExceptionType, Field, ObjectRef, ObjectType, Operation,
    Param, StructType, Time, Type, UnionType, Value,
};
use farcall_wire::{
    CodecError, Decoder, Encoder, ErrorKind, Fields, Items, MessageDecoder, MessageEncoder, Wire, Written,
};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Value(Value),
    /// How many items follow.
    Count(usize),
    /// The position of a member or case.
    Index(usize),
    Present(bool),
    Field(String),
    End,
    Exception(String),
}

pub(crate) struct Tapes<const KEYED: bool>;

impl<const KEYED: bool> Wire for Tapes<KEYED> {
    const NAME: &'static str = "tape";
    type Encoder = Tape<KEYED>;
    type Decoder<'a> = TapeReader<'a, KEYED>;
}

#[derive(Debug, Default)]
pub(crate) struct Tape<const KEYED: bool>(pub(crate) Vec<Token>);

impl<const KEYED: bool> Tape<KEYED> {
    fn push(&mut self, token: Token) -> Written {
        self.0.push(token);
        Ok(())
    }

    fn value(&mut self, value: impl Into<Value>) -> Written {
        self.push(Token::Value(value.into()))
    }
}

macro_rules! write_values {
    ($($name:ident: $ty:ty),* $(,)?) => {$(
        fn $name(&mut self, value: $ty) -> Written {
            self.value(value)
        }
    )*};
}

impl<const KEYED: bool> Encoder for Tape<KEYED> {
    write_values! {
        bool: bool, i8: i8, u8: u8, i16: i16, u16: u16, i32: i32, u32: u32, i64: i64, u64: u64, f32: f32,
        f64: f64, char: char, str: &str, date_time: DateTime, date: Date, time: Time, duration: Duration,
    }

    fn nothing(&mut self) -> Written {
        self.value(())
    }

    fn bytes(&mut self, value: &[u8]) -> Written {
        self.value(Bytes::copy_from_slice(value))
    }

    fn decimal(&mut self, value: &Decimal) -> Written {
        self.value(value.clone())
    }

    fn enumeration(&mut self, _ty: &EnumType, member: usize) -> Written {
        self.push(Token::Index(member))
    }

    fn none(&mut self) -> Written {
        self.push(Token::Present(false))
    }

    fn some(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.push(Token::Present(true))?;
        write(self)
    }

    fn sequence(&mut self, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.push(Token::Count(len))?;
        write(self)
    }

    fn item(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)
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
        write(self)?;
        if KEYED { self.push(Token::End) } else { Ok(()) }
    }

    fn field(&mut self, field: &Field, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if KEYED {
            self.push(Token::Field(field.name.to_string()))?;
        }
        write(self)
    }

    fn union(&mut self, _ty: &UnionType, case: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.push(Token::Index(case))?;
        write(self)?;
        if KEYED { self.push(Token::End) } else { Ok(()) }
    }

    fn object(&mut self, _ty: &ObjectType, value: &ObjectRef) -> Written {
        self.value(value.clone())
    }

    fn any(&mut self, value: &Value) -> Written {
        self.push(Token::Value(value.clone()))
    }
}

impl<const KEYED: bool> MessageEncoder for Tape<KEYED> {
    fn params(&mut self, _operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)?;
        self.push(Token::End)
    }

    fn param(&mut self, _param: &Param, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)
    }

    fn result(&mut self, _operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)
    }

    fn exception(
        &mut self,
        ty: &ExceptionType,
        _text: &str,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        self.push(Token::Exception(ty.body.name.to_string()))?;
        write(self)
    }
}

#[derive(Debug)]
pub(crate) struct TapeReader<'a, const KEYED: bool> {
    tokens: &'a [Token],
    at: usize,
}

impl<'a, const KEYED: bool> TapeReader<'a, KEYED> {
    pub(crate) fn new(tape: &'a Tape<KEYED>) -> Self {
        Self { tokens: &tape.0, at: 0 }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.tokens.len()
    }

    /// The name of the exception that stands here.
    pub(crate) fn exception(&mut self) -> Option<&'a str> {
        let Some(Token::Exception(name)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        Some(name)
    }

    fn next(&mut self) -> Result<&'a Token, CodecError> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token.ok_or_else(|| CodecError::new(ErrorKind::Syntax("the tape ends".into())).at(self.at))
    }

    fn wrong(&self, expected: &str) -> CodecError {
        CodecError::mismatch(expected, format!("{:?}", self.tokens[self.at - 1])).at(self.at - 1)
    }

    fn value(&mut self) -> Result<&'a Value, CodecError> {
        match self.next()? {
            Token::Value(value) => Ok(value),
            _ => Err(self.wrong("a value")),
        }
    }

    fn index(&mut self) -> Result<usize, CodecError> {
        match self.next()? {
            Token::Index(index) => Ok(*index),
            _ => Err(self.wrong("an index")),
        }
    }
}

macro_rules! read_values {
    ($($name:ident: $ty:ty = $case:ident),* $(,)?) => {$(
        fn $name(&mut self) -> Result<$ty, CodecError> {
            match self.value()? {
                Value::$case(value) => Ok(value.clone()),
                _ => Err(self.wrong(stringify!($name))),
            }
        }
    )*};
}

impl<const KEYED: bool> Decoder for TapeReader<'_, KEYED> {
    const POSITIONAL: bool = !KEYED;

    read_values! {
        bool: bool = Bool, i8: i8 = I8, u8: u8 = U8, i16: i16 = I16, u16: u16 = U16, i32: i32 = I32,
        u32: u32 = U32, i64: i64 = I64, u64: u64 = U64, f32: f32 = F32, f64: f64 = F64, char: char = Char,
        string: String = String, bytes: Bytes = Bytes, decimal: Decimal = Decimal,
        date_time: DateTime = DateTime, date: Date = Date, time: Time = Time, duration: Duration = Duration,
    }

    fn nothing(&mut self) -> Written {
        match self.value()? {
            Value::Nil => Ok(()),
            _ => Err(self.wrong("nothing")),
        }
    }

    fn enumeration(&mut self, _ty: &EnumType) -> Result<usize, CodecError> {
        self.index()
    }

    fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        match self.next()? {
            Token::Present(true) => read(self).map(Some),
            Token::Present(false) => Ok(None),
            _ => Err(self.wrong("an option")),
        }
    }

    fn begin_sequence(&mut self) -> Result<Items, CodecError> {
        match self.next()? {
            Token::Count(len) => Ok(Items { len: Some(*len), ..Items::default() }),
            _ => Err(self.wrong("a count")),
        }
    }

    fn next_item(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        let more = Some(items.index) < items.len;
        items.index += usize::from(more);
        Ok(more)
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
        assert!(KEYED, "a positional wire was asked which field is next");
        match self.next()? {
            Token::End => Ok(None),
            Token::Field(name) => {
                let index = ty
                    .position(name)
                    .ok_or_else(|| CodecError::new(ErrorKind::UnknownField(name.clone())))?;
                fields.mark(index, name)?;
                Ok(Some(index))
            }
            _ => Err(self.wrong("a field")),
        }
    }

    fn begin_union(&mut self, _ty: &UnionType) -> Result<usize, CodecError> {
        self.index()
    }

    fn end_union(&mut self) -> Written {
        if KEYED && self.next()? != &Token::End {
            return Err(self.wrong("the end of a union"));
        }
        Ok(())
    }

    fn object(&mut self, _ty: &ObjectType) -> Result<ObjectRef, CodecError> {
        match self.value()? {
            Value::Object(object) => Ok(object.clone()),
            _ => Err(self.wrong("an object reference")),
        }
    }

    fn any(&mut self) -> Result<Value, CodecError> {
        self.value().cloned()
    }

    fn offset(&self) -> usize {
        self.at
    }
}

impl<const KEYED: bool> MessageDecoder for TapeReader<'_, KEYED> {
    fn begin_params(&mut self, _operation: &Operation) -> Result<Fields, CodecError> {
        Ok(Fields::default())
    }

    fn next_param(
        &mut self,
        fields: &mut Fields,
        _operation: &Operation,
    ) -> Result<Option<usize>, CodecError> {
        if self.tokens.get(self.at) == Some(&Token::End) {
            self.at += 1;
            return Ok(None);
        }
        fields.count += 1;
        Ok(Some(fields.count - 1))
    }

    fn any_params(&mut self) -> Result<Vec<Value>, CodecError> {
        let mut values = Vec::new();
        while self.tokens.get(self.at) != Some(&Token::End) {
            values.push(self.any()?);
        }
        Ok(values)
    }

    fn result<T>(
        &mut self,
        _operation: &Operation,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        read(self)
    }
}
