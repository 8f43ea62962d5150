//! Values that bring their own type, both ways.

use std::collections::HashSet;

use farcall_model::{Record, Type, Value};
use farcall_wire::{CodecError, Decoder, Encoder, ErrorKind, Written};

use super::decode::Kind;
use super::{XmlRpcDecoder, XmlRpcEncoder};
use farcall_xml::wire::{scalar, shown};

/// From this many members on, names are looked up in a set rather than in a list.
const MANY: usize = 16;

/// Writes a value by what it is. Its depth is that of the tree in memory.
pub(super) fn encode(out: &mut XmlRpcEncoder, value: &Value) -> Written {
    match value {
        Value::Nil | Value::Absent => out.none(),
        Value::Object(v) => match v.addresses.first() {
            Some(url) => out.str(url),
            None => out.none(),
        },
        Value::Any(any) => encode(out, &any.value),
        Value::Sequence(items) => out.sequence(items.len(), |out| {
            items.iter().enumerate().try_for_each(|(i, item)| encode(out, item).map_err(|e| e.in_item(i)))
        }),
        Value::Map(entries) => map(out, entries),
        Value::Struct(record) => structure(out, record),
        Value::Union(case, inside) => {
            out.raw(b"<value><struct>");
            out.member(case, |out| encode(out, inside))?;
            out.raw(b"</struct></value>");
            Ok(())
        }
        other => scalar(out, other)
            .unwrap_or_else(|| Err(CodecError::unsupported(other.kind(), "XML-RPC has nothing like it"))),
    }
}

fn structure(out: &mut XmlRpcEncoder, record: &Record) -> Written {
    out.raw(b"<value><struct>");
    for (name, value) in &record.fields {
        out.member(name, |out| encode(out, value)).map_err(|e| e.in_field(name.clone()))?;
    }
    out.raw(b"</struct></value>");
    Ok(())
}

/// A struct if all keys are text, else an array of pairs.
fn map(out: &mut XmlRpcEncoder, entries: &[(Value, Value)]) -> Written {
    let named = entries.iter().all(|(key, _)| key.as_str().is_some());
    let key = if named { Type::String } else { Type::Any };
    out.map(&key, entries.len(), |out| {
        entries.iter().try_for_each(|(k, v)| out.entry(|out| encode(out, k), |out| encode(out, v)))
    })
}

/// Reads whatever value stands at the cursor. Its depth is bounded by the decoder.
pub(super) fn decode(from: &mut XmlRpcDecoder<'_>) -> Result<Value, CodecError> {
    Ok(match from.peek_kind()? {
        Kind::Untyped | Kind::String => Value::String(from.string()?),
        Kind::Int => {
            let number = from.integer::<i64>("int")?;
            i32::try_from(number).map_or(Value::I64(number), Value::I32)
        }
        Kind::I1 => Value::I8(from.i8()?),
        Kind::I2 => Value::I16(from.i16()?),
        Kind::I8 => Value::I64(from.i64()?),
        Kind::Boolean => Value::Bool(from.bool()?),
        Kind::Double => Value::F64(from.f64()?),
        Kind::Float => Value::F32(from.f32()?),
        Kind::Decimal => Value::Decimal(from.decimal()?),
        Kind::DateTime => Value::DateTime(from.date_time()?),
        Kind::Base64 => Value::Bytes(from.bytes()?),
        Kind::Nil => {
            from.nothing()?;
            Value::Nil
        }
        Kind::Array => array(from)?,
        Kind::Struct => record(from)?,
    })
}

fn array(from: &mut XmlRpcDecoder<'_>) -> Result<Value, CodecError> {
    let mut items = from.begin_sequence()?;
    let mut values = Vec::new();
    while from.next_item(&mut items)? {
        values.push(decode(from).map_err(|e| e.in_item(items.index - 1))?);
    }
    Ok(Value::Sequence(values))
}

fn record(from: &mut XmlRpcDecoder<'_>) -> Result<Value, CodecError> {
    let mut record = Record::new();
    let mut names = HashSet::new();
    from.enter_struct("struct")?;
    while let Some(name) = from.next_member()? {
        let twice = if record.fields.len() < MANY {
            record.field(&name).is_some()
        } else {
            if names.is_empty() {
                names.extend(record.fields.iter().map(|(name, _)| name.clone()));
            }
            !names.insert(name.clone().into_owned())
        };
        if twice {
            return Err(
                CodecError::new(ErrorKind::DuplicateField(shown(&name).into_owned())).at(from.offset())
            );
        }
        let value = decode(from).map_err(|e| e.in_field(shown(&name).into_owned()))?;
        from.leave_member()?;
        record.fields.push((name.into_owned(), value));
    }
    Ok(Value::Struct(record))
}
