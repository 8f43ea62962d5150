//! [`transcode`]: from one wire to another, driven by a type that is known at
//! run time; no [`farcall_model::Value`] is built but where keyed fields come
//! out of the order that a positional format wants.

use farcall_model::{AliasType, StructType, Type, Value, ValueKind, ValueType};

use crate::bounded::within;
use crate::valuetype::no_derived;
use crate::{CodecError, Decoder, Encoder, ErrorKind, Found, ValueDecoder, ValueEncoder, Written};

/// Copies one value of that type.
///
/// # Errors
/// Those of both sides; the error says where.
///
/// ```
/// use farcall_model::{Type, TypeRef, Value};
/// use farcall_wire::{ValueDecoder, ValueEncoder, transcode};
///
/// let json = Value::Sequence(vec![Value::from("2026-11-22T00:00:00Z")]);
/// let ty = Type::Sequence(TypeRef::from(Type::DateTime));
/// let mut out = ValueEncoder::new();
/// transcode(&ty, &mut ValueDecoder::new(&json), &mut out)?;
/// assert!(matches!(out.finish().as_sequence().unwrap()[0], Value::DateTime(_)));
/// # Ok::<(), farcall_wire::CodecError>(())
/// ```
pub fn transcode<D: Decoder, E: Encoder>(ty: &Type, from: &mut D, out: &mut E) -> Written {
    if E::HOLDS_ANY && !matches!(ty, Type::Optional(_) | Type::Any | Type::Object(_)) && from.lacks(ty)? {
        return out.none();
    }
    match ty {
        Type::Void | Type::Null => from.nothing().and_then(|()| out.nothing()),
        Type::Bool => out.bool(from.bool()?),
        Type::I8 => out.i8(from.i8()?),
        Type::U8 => out.u8(from.u8()?),
        Type::I16 => out.i16(from.i16()?),
        Type::U16 => out.u16(from.u16()?),
        Type::I32 => out.i32(from.i32()?),
        Type::U32 => out.u32(from.u32()?),
        Type::I64 => out.i64(from.i64()?),
        Type::U64 => out.u64(from.u64()?),
        Type::F32 => out.f32(from.f32()?),
        Type::F64 => out.f64(from.f64()?),
        Type::Decimal => out.decimal(&from.decimal()?),
        Type::Fixed { digits, scale } => out.fixed(&from.fixed(*digits, *scale)?, *digits, *scale),
        Type::Char => out.char(from.char()?),
        Type::String => out.str(&from.string()?),
        Type::WideChar => out.wide_char(from.wide_char()?),
        Type::WideString => out.wide_str(&from.wide_string()?),
        Type::Bytes => out.octets(&from.bytes()?),
        Type::DateTime => out.date_time(from.date_time()?),
        Type::Date => out.date(from.date()?),
        Type::Time => out.time(from.time()?),
        Type::Duration => out.duration(from.duration()?),
        Type::Any => out.any(&from.any()?),
        Type::Enum(ty) => {
            let member = from.enumeration(ty)?;
            out.enumeration(ty, member)
        }
        Type::Object(ty) => {
            let object = from.object(ty)?;
            out.object(ty, &object)
        }
        Type::LongDouble => out.long_double(from.long_double()?),
        Type::TypeCode => out.type_code(&from.type_code()?),
        Type::Value(ty) => value(ty, from, out),
        Type::Alias(AliasType { ty, .. }) => transcode(ty.exact(), from, out),
        Type::Bounded(inner, most) => bounded(inner.exact(), *most, from, out),
        Type::Optional(inner) if ty.tells_nil() => nillable(inner.exact(), from, out),
        Type::Optional(inner) => optional(inner.exact(), from, out),
        Type::Sequence(item) => sequence(item.exact(), usize::MAX, from, out),
        Type::Array(item, len) => array(item.exact(), *len, from, out),
        Type::Tuple(items) => {
            let mut progress = from.begin_tuple(items.len())?;
            out.tuple(items.len(), |out| {
                for (index, item) in items.iter().enumerate() {
                    if !from.next_item(&mut progress)? {
                        return Err(count(items.len(), index));
                    }
                    out.item(|out| transcode(item.exact(), from, out)).map_err(|e| e.in_item(index))?;
                }
                if from.next_item(&mut progress)? { Err(count(items.len(), progress.index)) } else { Ok(()) }
            })
        }
        Type::Map(key, value) => map(key.exact(), value.exact(), usize::MAX, from, out),
        Type::Struct(ty) | Type::Exception(ty) => structure(ty, from, out),
        Type::Union(ty) => {
            let case = from.begin_union(ty)?;
            out.union(ty, case, |out| transcode(ty.cases[case].ty.exact(), from, out))
                .map_err(|e| e.in_field(ty.cases[case].name.clone()))?;
            from.end_union()
        }
        other => {
            Err(CodecError::unsupported(format!("a value of type {other}"), "transcode does not know it"))
        }
    }
}

#[cold]
fn count(expected: usize, found: usize) -> CodecError {
    crate::std_types::wrong_count("items", expected, found)
}

/// One value as a [`Value`], by way of its type.
fn buffered<D: Decoder>(ty: &Type, from: &mut D) -> Result<Value, CodecError> {
    let mut out = ValueEncoder::new();
    transcode(ty, from, &mut out)?;
    Ok(out.finish())
}

/// Writes a buffered value.
fn replay<E: Encoder>(ty: &Type, value: &Value, out: &mut E) -> Written {
    if E::HOLDS_ANY {
        // it is of the type already, as far as it has to be
        return out.any(value);
    }
    transcode(ty, &mut ValueDecoder::new(value), out)
}

/// One in which there may be nil.
fn nillable<D: Decoder, E: Encoder>(ty: &Type, from: &mut D, out: &mut E) -> Written {
    let present = from.nillable(|from| out.some(|out| transcode(ty, from, out)))?;
    if present.is_none() { out.absent() } else { Ok(()) }
}

fn optional<D: Decoder, E: Encoder>(ty: &Type, from: &mut D, out: &mut E) -> Written {
    let present = from.optional(|from| out.some(|out| transcode(ty, from, out)))?;
    if present.is_none() { out.none() } else { Ok(()) }
}

fn value<D: Decoder, E: Encoder>(ty: &ValueType, from: &mut D, out: &mut E) -> Written {
    let there = from.value(ty, |from, found| match found {
        Found::Again(number) => out.again(number),
        Found::New { derived, .. } => {
            let actual = match derived.and_then(|index| ty.derived.get(index)).map(|ty| ty.exact()) {
                Some(Type::Value(derived)) => derived,
                _ => ty,
            };
            if actual.kind == ValueKind::Abstract {
                return Err(no_derived(actual, from.offset()));
            }
            if actual.kind == ValueKind::Custom {
                let what = format!("a value of {}", actual.body.name);
                return Err(CodecError::unsupported(what, "only code of its own knows what it consists of"));
            }
            out.value(actual, None, |out| structure(&actual.body, from, out))
        }
    })?;
    if there.is_none() { out.null() } else { Ok(()) }
}

/// A value of so many items or characters at most.
fn bounded<D: Decoder, E: Encoder>(ty: &Type, most: usize, from: &mut D, out: &mut E) -> Written {
    let start = from.offset();
    let fits = |length: usize| within(length, most).map_err(|e| e.at(start));
    match ty {
        Type::String => {
            let text = from.string()?;
            fits(text.chars().count())?;
            out.str(&text)
        }
        Type::WideString => {
            let text = from.wide_string()?;
            fits(text.chars().count())?;
            out.wide_str(&text)
        }
        Type::Bytes => {
            let octets = from.bytes()?;
            fits(octets.len())?;
            out.octets(&octets)
        }
        Type::Sequence(item) => sequence(item.exact(), most, from, out),
        Type::Map(key, value) => map(key.exact(), value.exact(), most, from, out),
        other => transcode(other, from, out),
    }
}

/// A sequence whose length the format does not say beforehand is collected first.
fn sequence<D: Decoder, E: Encoder>(item: &Type, most: usize, from: &mut D, out: &mut E) -> Written {
    let start = from.offset();
    let fits = |length: usize| within(length, most).map_err(|e| e.at(start));
    let mut progress = from.begin_sequence()?;
    if let Some(len) = progress.len {
        fits(len)?;
        return out.sequence(len, |out| {
            while from.next_item(&mut progress)? {
                let index = progress.index - 1;
                out.item(|out| transcode(item, from, out)).map_err(|e| e.in_item(index))?;
            }
            Ok(())
        });
    }
    let mut values = Vec::new();
    while from.next_item(&mut progress)? {
        fits(progress.index)?;
        values.push(buffered(item, from).map_err(|e| e.in_item(progress.index - 1))?);
    }
    out.sequence(values.len(), |out| values.iter().try_for_each(|v| out.item(|out| replay(item, v, out))))
}

fn array<D: Decoder, E: Encoder>(item: &Type, len: usize, from: &mut D, out: &mut E) -> Written {
    let mut progress = from.begin_array(len)?;
    out.array(len, |out| {
        while from.next_item(&mut progress)? {
            let index = progress.index - 1;
            if index >= len {
                return Err(count(len, progress.index));
            }
            out.item(|out| transcode(item, from, out)).map_err(|e| e.in_item(index))?;
        }
        if progress.index == len { Ok(()) } else { Err(count(len, progress.index)) }
    })
}

fn map<D: Decoder, E: Encoder>(key: &Type, value: &Type, most: usize, from: &mut D, out: &mut E) -> Written {
    let start = from.offset();
    let mut progress = from.begin_map(key)?;
    let mut entries = Vec::with_capacity(progress.capacity());
    while from.next_key(&mut progress)? {
        within(progress.index, most).map_err(|e| e.at(start))?;
        let k = buffered(key, from)?;
        from.entry_value(&mut progress)?;
        entries.push((k, buffered(value, from).map_err(|e| e.in_item(progress.index - 1))?));
    }
    out.map(key, entries.len(), |out| {
        entries
            .iter()
            .try_for_each(|(k, v)| out.entry(|out| replay(key, k, out), |out| replay(value, v, out)))
    })
}

/// Fields that come in the order of the type are copied as they come. From
/// the first that does not, what follows is collected and then written in order.
fn structure<D: Decoder, E: Encoder>(ty: &StructType, from: &mut D, out: &mut E) -> Written {
    let mut progress = from.begin_struct(ty)?;
    out.structure(ty, |out| {
        let mut written = 0;
        let mut late: Vec<Option<Value>> = Vec::new();
        while let Some(index) = from.next_field(&mut progress, ty)? {
            let field = &ty.fields[index];
            let failed = |e: CodecError| e.in_field(field.name.clone());
            if index == written && late.is_empty() {
                out.field(field, |out| transcode(field.ty.exact(), from, out)).map_err(failed)?;
                written += 1;
            } else {
                late.resize(ty.fields.len(), None);
                late[index] = Some(buffered(field.ty.exact(), from).map_err(failed)?);
            }
        }
        late.resize(ty.fields.len(), None);
        for (field, value) in ty.fields.iter().zip(&late).skip(written) {
            let failed = |e: CodecError| e.in_field(field.name.clone());
            match value {
                Some(value) => {
                    out.field(field, |out| replay(field.ty.exact(), value, out)).map_err(failed)?
                }
                None if field.ty.exact().tells_nil() => {
                    out.field(field, Encoder::absent).map_err(failed)?;
                }
                None if matches!(field.ty.exact(), Type::Optional(_)) => {
                    out.field(field, Encoder::none).map_err(failed)?;
                }
                None if matches!(field.ty.exact(), Type::Value(_)) => {
                    out.field(field, Encoder::null).map_err(failed)?;
                }
                None if field.default || (E::HOLDS_ANY && from.may_lack(field)) => {}
                None => return Err(CodecError::new(ErrorKind::MissingField(field.name.to_string()))),
            }
        }
        Ok(())
    })
}
