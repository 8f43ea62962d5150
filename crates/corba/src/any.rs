//! `any`: values that bring their TypeCode along, and what else is read and
//! written by a type that is known at run time only.
//!
//! A value whose kind says its type travels as it is; one whose type says
//! more comes as [`Value::Any`], so that it goes out again as it came.

use std::borrow::Cow;

use farcall_model::{
    AliasType, Any, Case, Field, ObjectType, Record, StructType, Text, Type, TypeRef, UnionType, Value,
    ValueKind, ValueType,
};
use farcall_wire::{
    CodecError, Decoder, Encoder, ErrorKind, Found, ValueDecoder, ValueEncoder, Written, transcode, within,
};

use crate::cdr::{CdrDecoder, CdrEncoder};
use crate::typecode;

/// The discriminator that says a case: its first label, or for the default one that no other has.
pub(crate) fn label(ty: &UnionType, case: usize) -> Result<i64, CodecError> {
    let unknown = || {
        let (name, of) = (case.to_string(), ty.name.to_string());
        CodecError::new(ErrorKind::UnknownCase { name, of })
    };
    if let Some(label) = ty.cases.get(case).ok_or_else(unknown)?.labels.first() {
        return Ok(*label);
    }
    let taken = |label: &i64| ty.cases.iter().any(|case| case.labels.contains(label));
    // of one more than there are labels, one is free
    let labels: usize = ty.cases.iter().map(|case| case.labels.len()).sum();
    (0..=labels as i64).find(|label| !taken(label)).ok_or_else(unknown)
}

/// The case that a discriminator says.
pub(crate) fn case_of(ty: &UnionType, label: i64) -> Option<usize> {
    let labelled = ty.cases.iter().position(|case| case.labels.contains(&label));
    labelled.or_else(|| ty.cases.iter().position(|case| case.labels.is_empty()))
}

/// Writes the discriminator of a union.
pub(crate) fn write_discriminator(out: &mut CdrEncoder, ty: &Type, label: i64) -> Written {
    let outside = |_| CodecError::range(&label.to_string(), format!("{ty} discriminator"));
    match ty {
        Type::Bool => out.bool(label != 0),
        Type::Char => out.u8(u8::try_from(label).map_err(outside)?),
        Type::WideChar => {
            let c = u32::try_from(label).ok().and_then(char::from_u32);
            out.wide_char(c.ok_or_else(|| CodecError::range(&label.to_string(), "wchar discriminator"))?)
        }
        Type::I8 => out.i8(i8::try_from(label).map_err(outside)?),
        Type::U8 => out.u8(u8::try_from(label).map_err(outside)?),
        Type::I16 => out.i16(i16::try_from(label).map_err(outside)?),
        Type::U16 => out.u16(u16::try_from(label).map_err(outside)?),
        Type::U32 => out.u32(u32::try_from(label).map_err(outside)?),
        Type::I64 => out.i64(label),
        Type::U64 => out.u64(label as u64),
        Type::Enum(ty) => {
            let member = ty.members.iter().position(|m| m.value == label);
            let member = member.ok_or_else(|| {
                let (name, of) = (label.to_string(), ty.name.to_string());
                CodecError::new(ErrorKind::UnknownCase { name, of })
            })?;
            out.enumeration(ty, member)
        }
        _ => out.i32(i32::try_from(label).map_err(outside)?),
    }
}

/// Reads the discriminator of a union.
pub(crate) fn read_discriminator(from: &mut CdrDecoder<'_>, ty: &Type) -> Result<i64, CodecError> {
    Ok(match ty {
        Type::Bool => from.bool()?.into(),
        Type::Char | Type::U8 => from.u8()?.into(),
        Type::WideChar => u32::from(from.wide_char()?).into(),
        Type::I8 => from.i8()?.into(),
        Type::I16 => from.i16()?.into(),
        Type::U16 => from.u16()?.into(),
        Type::U32 => from.u32()?.into(),
        Type::I64 => from.i64()?,
        Type::U64 => from.u64()? as i64,
        Type::Enum(ty) => {
            let member = from.enumeration(ty)?;
            ty.members[member].value
        }
        _ => from.i32()?.into(),
    })
}

/// Writes an `any`.
pub(crate) fn write(out: &mut CdrEncoder, value: &Value) -> Written {
    match value {
        Value::Any(any) => write_typed(out, any.ty.exact(), &any.value),
        value => write_typed(out, &infer(value), value),
    }
}

fn write_typed(out: &mut CdrEncoder, ty: &Type, value: &Value) -> Written {
    typecode::write(out, ty)?;
    Open::default().write(out, ty, value)
}

/// Reads an `any`.
pub(crate) fn read(from: &mut CdrDecoder<'_>) -> Result<Value, CodecError> {
    from.enter()?;
    let ty = typecode::read(from)?;
    let value = Open::default().read(from, ty.exact())?;
    from.leave();
    // one that carries a type of its own is an any inside of this one
    if !matches!(value, Value::Any(_)) && infer(&value) == *ty.exact() {
        return Ok(value);
    }
    Ok(Value::Any(Box::new(Any { ty, value })))
}

/// The type that a value says by itself.
fn infer(value: &Value) -> Type {
    match value {
        Value::Nil | Value::Absent => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::I8(_) => Type::I8,
        Value::U8(_) => Type::U8,
        Value::I16(_) => Type::I16,
        Value::U16(_) => Type::U16,
        Value::I32(_) => Type::I32,
        Value::U32(_) => Type::U32,
        Value::I64(_) => Type::I64,
        Value::U64(_) => Type::U64,
        Value::F32(_) => Type::F32,
        Value::F64(_) => Type::F64,
        Value::LongDouble(_) => Type::LongDouble,
        Value::TypeCode(_) => Type::TypeCode,
        Value::Char(c) if c.is_ascii() => Type::Char,
        Value::Char(_) => Type::WideChar,
        Value::Decimal(_) => Type::Decimal,
        Value::DateTime(_) => Type::DateTime,
        Value::Date(_) => Type::Date,
        Value::Time(_) => Type::Time,
        Value::Duration(_) => Type::Duration,
        Value::Bytes(_) => Type::Bytes,
        Value::String(_) | Value::Enum(_) => Type::String,
        Value::Sequence(items) => Type::Sequence(common(items.iter()).into()),
        Value::Map(entries) => {
            let key = common(entries.iter().map(|(key, _)| key));
            let value = common(entries.iter().map(|(_, value)| value));
            Type::Map(key.into(), value.into())
        }
        Value::Struct(record) => {
            let field =
                |(name, value): &(String, Value)| Field::new(Cow::Owned(name.clone()), infer(value).into());
            let fields = record.fields.iter().map(field).collect();
            Type::Struct(StructType::new(record.name.clone().unwrap_or_default(), fields))
        }
        Value::Union(name, inside) => Type::Union(UnionType {
            name: Text::default(),
            scope: Text::default(),
            repository_id: None,
            doc: Text::default(),
            discriminator: Type::U32.into(),
            cases: Cow::Owned(vec![Case {
                name: name.clone().into(),
                labels: Cow::Borrowed(&[0]),
                ty: infer(inside).into(),
                doc: Text::default(),
            }]),
        }),
        Value::Object(object) => Type::Object(ObjectType {
            interface: crate::repository::split(&object.interface).1.to_owned().into(),
            repository_id: object.interface.contains(':').then(|| object.interface.clone().into()),
        }),
        _ => Type::Any,
    }
}

#[cold]
fn custom(ty: &ValueType) -> CodecError {
    let what = format!("a value of {}", ty.body.name);
    CodecError::unsupported(what, "only code of its own knows what it consists of")
}

/// The type of all of them, or any.
fn common<'a>(mut values: impl Iterator<Item = &'a Value>) -> Type {
    let Some(first) = values.next().map(infer) else { return Type::Any };
    // an item that is nothing has no type in common with one that is something
    if first != Type::Null && values.all(|value| infer(value) == first) { first } else { Type::Any }
}

/// How many items or characters a value has.
fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        Value::Bytes(octets) => octets.len(),
        Value::Sequence(items) => items.len(),
        Value::Map(entries) => entries.len(),
        _ => 0,
    }
}

/// The named types around a value, the innermost last: what a type that
/// contains itself means where it comes again.
#[derive(Default)]
struct Open<'t>(Vec<&'t Type>);

impl<'t> Open<'t> {
    /// The type with its members.
    fn whole(&self, ty: &'t Type) -> &'t Type {
        let stub = match ty {
            Type::Struct(ty) => ty.fields.is_empty(),
            Type::Union(ty) => ty.cases.is_empty(),
            Type::Value(ty) => ty.body.fields.is_empty(),
            _ => false,
        };
        if !stub {
            return ty;
        }
        let around = self.0.iter().rev().find(|open| open.qualified_name() == ty.qualified_name());
        around.copied().unwrap_or(ty)
    }

    fn read(&mut self, from: &mut CdrDecoder<'_>, ty: &'t Type) -> Result<Value, CodecError> {
        from.spend()?;
        let ty = self.whole(ty);
        match ty {
            Type::Any => read(from),
            Type::Optional(inner) => {
                let value = from.optional(|from| self.read(from, inner.exact()))?;
                Ok(value.unwrap_or_default())
            }
            Type::Sequence(item) => {
                let len = from.count(1)?;
                self.items(from, item, len)
            }
            Type::Array(item, len) => self.items(from, item, *len),
            Type::Map(key, value) => {
                let len = from.count(1)?;
                from.enter()?;
                let mut entries = Vec::new();
                for _ in 0..len {
                    let key = self.read(from, key.exact())?;
                    entries.push((key, self.read(from, value.exact())?));
                }
                from.leave();
                Ok(Value::Map(entries))
            }
            Type::Alias(AliasType { ty, .. }) => self.read(from, ty.exact()),
            Type::Bounded(inner, most) => {
                let start = from.position();
                let value = self.read(from, inner.exact())?;
                within(length(&value), *most).map_err(|e| e.at(start))?;
                Ok(value)
            }
            Type::Struct(inner) => {
                self.0.push(ty);
                let value = self.read_struct(from, inner)?;
                self.0.pop();
                Ok(value)
            }
            Type::Exception(inner) => {
                // its id comes first, as in a reply (§9.3.5.2); omniORB's C++ leaves it out
                let id = crate::repository::of_struct(inner);
                if from.clone().name().is_ok_and(|first| first == id) {
                    from.name()?;
                }
                self.read_struct(from, inner)
            }
            Type::Value(inner) => {
                self.0.push(ty);
                let value = from.value(inner, |from, found| match found {
                    Found::Again(number) => Ok(Value::Again(number)),
                    Found::New { .. } if inner.kind == ValueKind::Custom => Err(custom(inner)),
                    Found::New { .. } => self.read_struct(from, &inner.body),
                })?;
                self.0.pop();
                Ok(value.unwrap_or_default())
            }
            Type::Union(inner) => {
                self.0.push(ty);
                let value = self.read_union(from, inner)?;
                self.0.pop();
                Ok(value)
            }
            plain => {
                let mut out = ValueEncoder::new();
                transcode(plain, from, &mut out)?;
                Ok(out.finish())
            }
        }
    }

    fn read_struct(&mut self, from: &mut CdrDecoder<'_>, ty: &'t StructType) -> Result<Value, CodecError> {
        from.enter()?;
        let mut fields = Vec::new();
        for field in ty.fields.iter() {
            let value = self.read(from, field.ty.exact());
            let value = value.map_err(|e| e.in_field(field.name.to_string()))?;
            fields.push((field.name.to_string(), value));
        }
        from.leave();
        let name = (!ty.name.is_empty()).then(|| ty.name.to_string());
        Ok(Value::Struct(Record { name, fields }))
    }

    fn items(
        &mut self,
        from: &mut CdrDecoder<'_>,
        item: &'t TypeRef,
        len: usize,
    ) -> Result<Value, CodecError> {
        from.enter()?;
        let mut items = Vec::new();
        for index in 0..len {
            items.push(self.read(from, item.exact()).map_err(|e| e.in_item(index))?);
        }
        from.leave();
        Ok(Value::Sequence(items))
    }

    fn read_union(&mut self, from: &mut CdrDecoder<'_>, ty: &'t UnionType) -> Result<Value, CodecError> {
        let start = from.position();
        let label = read_discriminator(from, ty.discriminator.exact())?;
        let Some(case) = case_of(ty, label).map(|case| &ty.cases[case]) else {
            let (name, of) = (label.to_string(), ty.name.to_string());
            return Err(CodecError::new(ErrorKind::UnknownCase { name, of }).at(start));
        };
        from.enter()?;
        let value = self.read(from, case.ty.exact())?;
        from.leave();
        Ok(Value::Union(case.name.to_string(), Box::new(value)))
    }

    fn write(&mut self, out: &mut CdrEncoder, ty: &'t Type, value: &Value) -> Written {
        let ty = self.whole(ty);
        match (ty, value) {
            (Type::Any, value) => write(out, value),
            (Type::Optional(_), Value::Absent) => out.none(),
            (Type::Optional(_), Value::Nil) if !ty.tells_nil() => out.none(),
            (Type::Optional(inner), value) => out.some(|out| self.write(out, inner.exact(), value)),
            (Type::Sequence(item), Value::Sequence(items)) => {
                out.count(items.len())?;
                self.write_items(out, item, items)
            }
            (Type::Array(item, len), Value::Sequence(items)) if items.len() == *len => {
                self.write_items(out, item, items)
            }
            (Type::Map(key, value), Value::Map(entries)) => {
                out.count(entries.len())?;
                entries.iter().try_for_each(|(k, v)| {
                    self.write(out, key.exact(), k)?;
                    self.write(out, value.exact(), v)
                })
            }
            (Type::Alias(AliasType { ty, .. }), value) => self.write(out, ty.exact(), value),
            (Type::Bounded(inner, most), value) => {
                within(length(value), *most)?;
                self.write(out, inner.exact(), value)
            }
            (Type::Exception(inner), Value::Struct(record)) => {
                out.name(&crate::repository::of_struct(inner))?;
                self.write_struct(out, inner, record)
            }
            (Type::Value(_), Value::Nil | Value::Absent) => out.null(),
            (Type::Value(_), Value::Again(number)) => out.again(*number),
            // of types that others derive from, which those of TypeCodes do not know, the value says which
            (Type::Value(inner), Value::Struct(record))
                if inner.kind != ValueKind::Custom && inner.derived.is_empty() =>
            {
                self.0.push(ty);
                out.value(inner, None, |out| self.write_struct(out, &inner.body, record))?;
                self.0.pop();
                Ok(())
            }
            (Type::Struct(inner), Value::Struct(record)) => {
                self.0.push(ty);
                self.write_struct(out, inner, record)?;
                self.0.pop();
                Ok(())
            }
            (Type::Union(inner), Value::Union(name, value)) => {
                let nothing = || inner.nothing().filter(|_| **value == Value::Nil);
                let case = inner.position(name).or_else(nothing).ok_or_else(|| {
                    let of = inner.name.to_string();
                    CodecError::new(ErrorKind::UnknownCase { name: name.clone(), of })
                })?;
                self.0.push(ty);
                write_discriminator(out, inner.discriminator.exact(), label(inner, case)?)?;
                self.write(out, inner.cases[case].ty.exact(), value)?;
                self.0.pop();
                Ok(())
            }
            (ty, value) => transcode(ty, &mut ValueDecoder::new(value), out),
        }
    }

    fn write_struct(&mut self, out: &mut CdrEncoder, ty: &'t StructType, record: &Record) -> Written {
        for field in ty.fields.iter() {
            let value = record.field(&field.name).unwrap_or(&Value::Absent);
            let written = self.write(out, field.ty.exact(), value);
            written.map_err(|e| e.in_field(field.name.to_string()))?;
        }
        Ok(())
    }

    fn write_items(&mut self, out: &mut CdrEncoder, item: &'t TypeRef, items: &[Value]) -> Written {
        for (index, value) in items.iter().enumerate() {
            self.write(out, item.exact(), value).map_err(|e| e.in_item(index))?;
        }
        Ok(())
    }
}
