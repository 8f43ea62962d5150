//! [`Value`] as JSON text, for the command line, logs and details of faults.
//!
//! What JSON cannot say is written as text: octets as base64, dates in RFC
//! 3339, references as URLs; a type brings them back ([`crate::ValueDecoder`]).
//! Without a type, `{"$bytes": "…"}`, `{"$datetime": "…"}` and
//! `{"$decimal": "…"}` say what a text means, and `{"$again": 2}` is the value of a value type that
//! began as the third. A struct of one member whose own
//! name begins with `$` has another `$` before it.
//!
//! ```
//! use farcall_wire::json;
//!
//! let value = json::parse(r#"{"owner": "ann", "at": {"$datetime": "2026-11-22T00:00:00Z"}}"#)?;
//! assert_eq!(json::write(&value), r#"{"owner":"ann","at":"2026-11-22T00:00:00Z"}"#);
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use farcall_model::{Record, Value};
use serde_json::{Map, Number, Value as Json};

use crate::{CodecError, ErrorKind};

/// Reads a JSON text.
///
/// # Errors
/// If it is not JSON (with line and column), or a `$` form is malformed.
pub fn parse(text: &str) -> Result<Value, CodecError> {
    let json: Json = serde_json::from_str(text).map_err(|e| {
        CodecError::new(ErrorKind::Syntax(format!("not JSON: {e}"))).at_position(e.line(), e.column())
    })?;
    value(json)
}

/// Writes a JSON text in one line.
#[must_use]
pub fn write(value: &Value) -> String {
    json(value).to_string()
}

/// Writes a JSON text, indented.
#[must_use]
pub fn write_pretty(value: &Value) -> String {
    format!("{:#}", json(value))
}

fn value(json: Json) -> Result<Value, CodecError> {
    Ok(match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Bool(b),
        Json::Number(n) => number(&n)?,
        Json::String(text) => Value::String(text),
        Json::Array(items) => {
            let read = items.into_iter().enumerate().map(|(i, item)| value(item).map_err(|e| e.in_item(i)));
            Value::Sequence(read.collect::<Result<_, _>>()?)
        }
        Json::Object(members) => return object(members),
    })
}

fn number(n: &Number) -> Result<Value, CodecError> {
    let text = n.to_string();
    if let Some(n) = n.as_i64() {
        return Ok(i32::try_from(n).map_or(Value::I64(n), Value::I32));
    }
    if let Some(n) = n.as_u64() {
        return Ok(Value::U64(n));
    }
    let fractional = text.contains(['.', 'e', 'E']);
    match (text.parse(), n.as_f64()) {
        (Ok(decimal), _) if !fractional => Ok(Value::Decimal(decimal)),
        (_, Some(n)) if n.is_finite() => Ok(Value::F64(n)),
        _ => Err(CodecError::range(&text, "number; write {\"$decimal\": \"…\"} for one beyond a double")),
    }
}

fn object(members: Map<String, Json>) -> Result<Value, CodecError> {
    if members.len() == 1
        && let Some((form, Json::String(text))) = members.iter().next()
    {
        let bad = || CodecError::range(text, form.trim_start_matches('$').to_owned());
        match form.as_str() {
            "$bytes" => return STANDARD.decode(text).map(|b| Value::Bytes(b.into())).map_err(|_| bad()),
            "$datetime" => return text.parse().map(Value::DateTime).map_err(|_| bad()),
            "$decimal" => return text.parse().map(Value::Decimal).map_err(|_| bad()),
            _ => {}
        }
    }
    if members.len() == 1
        && let Some(Json::Number(number)) = members.get("$again")
    {
        let number = number.as_u64().and_then(|number| usize::try_from(number).ok());
        return number.map(Value::Again).ok_or_else(|| CodecError::range("$again", "number of a value"));
    }
    let alone = members.len() == 1;
    let mut record = Record::new();
    for (name, member) in members {
        let name = if alone && name.starts_with("$$") { name[1..].to_owned() } else { name };
        let member = value(member).map_err(|e| e.in_field(name.clone()))?;
        record.fields.push((name, member));
    }
    Ok(Value::Struct(record))
}

fn json(value: &Value) -> Json {
    match value {
        Value::Nil | Value::Absent => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::F64(n) => Number::from_f64(*n).map_or_else(|| Json::String(n.to_string()), Json::Number),
        Value::F32(n) => match n.to_string().parse::<f64>().ok().and_then(Number::from_f64) {
            Some(n) => Json::Number(n),
            None => Json::String(n.to_string()),
        },
        Value::U64(n) => Json::Number((*n).into()),
        Value::Decimal(d) => Json::String(d.to_string()),
        Value::Char(c) => Json::String(c.to_string()),
        Value::String(text) | Value::Enum(text) => Json::String(text.clone()),
        Value::Bytes(bytes) => Json::String(STANDARD.encode(bytes)),
        Value::DateTime(t) => Json::String(t.to_string()),
        Value::Date(t) => Json::String(t.to_string()),
        Value::Time(t) => Json::String(t.to_string()),
        Value::Duration(t) => Json::String(t.to_string()),
        Value::Sequence(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(entries) => map(entries),
        Value::Struct(record) => {
            let there = record.fields.iter().filter(|(_, v)| *v != Value::Absent);
            members(there.map(|(name, v)| (name.clone(), json(v))).collect())
        }
        Value::Union(case, inside) => members(Map::from_iter([(case.clone(), json(inside))])),
        Value::Object(object) if object.is_nil() => Json::Null,
        Value::Object(object) => Json::String(object.to_string()),
        Value::Any(any) => json(&any.value),
        Value::LongDouble(n) => Json::String(n.to_string()),
        Value::TypeCode(ty) => Json::String(ty.to_string()),
        // not by `members`, which would take the name for one of a struct
        Value::Again(number) => {
            Json::Object(Map::from_iter([("$again".to_owned(), Json::Number((*number).into()))]))
        }
        other => other.as_i64().map_or(Json::Null, |n| Json::Number(n.into())),
    }
}

/// An object; the name of an only member is kept from being taken for what a text means.
fn members(object: Map<String, Json>) -> Json {
    if object.len() != 1 || !object.keys().all(|name| name.starts_with('$')) {
        return Json::Object(object);
    }
    Json::Object(object.into_iter().map(|(name, member)| (format!("${name}"), member)).collect())
}

/// An object if all keys are text, else an array of pairs.
fn map(entries: &[(Value, Value)]) -> Json {
    let keyed: Option<Map<String, Json>> =
        entries.iter().map(|(k, v)| Some((k.as_str()?.to_owned(), json(v)))).collect();
    match keyed {
        Some(object) => members(object),
        None => Json::Array(entries.iter().map(|(k, v)| Json::Array(vec![json(k), json(v)])).collect()),
    }
}
