//! Values that bring their own type, both ways: `xsd:anyType` with `xsi:type`.

use std::borrow::Cow;

use farcall_model::{ObjectType, Record, Value};
use farcall_wire::{CodecError, Decoder, Encoder, ErrorKind, Written, text};
use farcall_wsdl::mapping::{ENTRY, ITEM, KEY, VALUE, WSA, XSD, ncname};
use farcall_xml::{Event, Start, is_white_space};

use super::decode::{At, Frame, Nil, SoapDecoder};
use super::encode::{Place, SoapEncoder};
use super::{octets, scalar};
use crate::error::xml_error;
use crate::names::{APACHE, ENCODING_11, ENCODING_12, XSI};

/// Writes a value by what it is. Its depth is that of the tree in memory.
pub(super) fn encode(out: &mut SoapEncoder, value: &Value) -> Written {
    match value {
        Value::Nil => out.nil(),
        Value::Bool(v) => typed(out, "xsd:boolean", |out| out.bool(*v)),
        Value::I8(v) => typed(out, "xsd:byte", |out| out.i8(*v)),
        Value::U8(v) => typed(out, "xsd:unsignedByte", |out| out.u8(*v)),
        Value::I16(v) => typed(out, "xsd:short", |out| out.i16(*v)),
        Value::U16(v) => typed(out, "xsd:unsignedShort", |out| out.u16(*v)),
        Value::I32(v) => typed(out, "xsd:int", |out| out.i32(*v)),
        Value::U32(v) => typed(out, "xsd:unsignedInt", |out| out.u32(*v)),
        Value::I64(v) => typed(out, "xsd:long", |out| out.i64(*v)),
        Value::U64(v) => typed(out, "xsd:unsignedLong", |out| out.u64(*v)),
        Value::F32(v) => typed(out, "xsd:float", |out| out.f32(*v)),
        Value::F64(v) => typed(out, "xsd:double", |out| out.f64(*v)),
        Value::Decimal(v) => typed(out, "xsd:decimal", |out| out.decimal(v)),
        Value::Char(v) => typed(out, "xsd:string", |out| out.char(*v)),
        Value::String(v) | Value::Enum(v) => typed(out, "xsd:string", |out| out.str(v)),
        Value::Bytes(v) => typed(out, "xsd:base64Binary", |out| out.octets(v)),
        Value::DateTime(v) => typed(out, "xsd:dateTime", |out| out.date_time(*v)),
        Value::Date(v) => typed(out, "xsd:date", |out| out.date(*v)),
        Value::Time(v) => typed(out, "xsd:time", |out| out.time(*v)),
        Value::Duration(v) => typed(out, "xsd:duration", |out| out.duration(*v)),
        Value::Object(v) => {
            let space = out.spaces.index_of(WSA);
            let ty = format!("{}:EndpointReferenceType", out.spaces.prefix(space));
            let unknown = ObjectType { interface: "".into(), repository_id: None };
            typed(out, &ty, |out| out.object(&unknown, v))
        }
        Value::Any(any) => encode(out, &any.value),
        Value::Sequence(items) => sequence(out, items),
        Value::Map(entries) => map_entries(out, entries),
        Value::Struct(record) => structure(out, record),
        Value::Union(case, inside) => {
            let space = space(out);
            out.around("", |out| out.element(space, case, Place::Element, |out| encode(out, inside)))
        }
        other => Err(CodecError::unsupported(other.kind(), "SOAP has nothing like it")),
    }
}

/// The namespace of the parts of values: rpc/encoded has them in none.
fn space(out: &SoapEncoder) -> Option<usize> {
    (!out.is_encoded()).then_some(0)
}

fn sequence(out: &mut SoapEncoder, items: &[Value]) -> Written {
    let ty = if out.is_encoded() {
        let len = items.len();
        format!(" xmlns:c=\"{ENCODING_11}\" xsi:type=\"c:Array\" c:arrayType=\"xsd:anyType[{len}]\"")
    } else {
        type_attribute(out, "ArrayOfAnyType")
    };
    let space = space(out);
    out.around(&ty, |out| {
        items.iter().enumerate().try_for_each(|(index, item)| {
            let written = out.element(space, ITEM, Place::Element, |out| encode(out, item));
            written.map_err(|e| e.in_item(index))
        })
    })
}

/// A map of the service, or in rpc/encoded that of Apache, which others took over.
fn map_entries(out: &mut SoapEncoder, entries: &[(Value, Value)]) -> Written {
    let (ty, entry) = if out.is_encoded() {
        (format!(" xmlns:m=\"{APACHE}\" xsi:type=\"m:Map\""), ITEM)
    } else {
        (type_attribute(out, "MapOfAnyTypeToAnyType"), ENTRY)
    };
    let space = space(out);
    out.around(&ty, |out| {
        entries.iter().try_for_each(|(key, value)| {
            out.element(space, entry, Place::Element, |out| {
                out.around("", |out| {
                    out.element(space, KEY, Place::Element, |out| encode(out, key))?;
                    out.element(space, VALUE, Place::Element, |out| encode(out, value))
                })
            })
        })
    })
}

/// ` xsi:type="…"` with a type of the service.
fn type_attribute(out: &SoapEncoder, local: &str) -> String {
    format!(" xsi:type=\"{}:{local}\"", out.spaces.prefix(0))
}

/// A value whose element gets the attribute that says its type.
fn typed(out: &mut SoapEncoder, ty: &str, write: impl FnOnce(&mut SoapEncoder) -> Written) -> Written {
    let start = out.out.len();
    write(out)?;
    let written = &out.out[start..];
    if let Some(at) = written.iter().position(|b| matches!(b, b'>' | b'/')) {
        let attribute = format!(" xsi:type=\"{ty}\"");
        out.out.splice(start + at..start + at, attribute.into_bytes());
    }
    Ok(())
}

fn structure(out: &mut SoapEncoder, record: &Record) -> Written {
    let ty = match &record.name {
        Some(name) => type_attribute(out, &ncname(name)),
        // without this it would be read as an empty text, or as a sequence
        None if record.fields.iter().all(|(name, _)| name == ITEM) => " xsi:type=\"xsd:anyType\"".to_owned(),
        None => String::new(),
    };
    let space = space(out);
    out.around(&ty, |out| {
        record.fields.iter().try_for_each(|(name, value)| {
            let written = out.element(space, name, Place::Element, |out| encode(out, value));
            written.map_err(|e| e.in_field(name.clone()))
        })
    })
}

/// What `xsi:type` says of an element.
#[derive(Clone, Debug, PartialEq)]
enum Said {
    Nothing,
    /// A simple type of XML Schema, or of rpc/encoded, which has one for each.
    Simple(String),
    Array,
    Map,
    Reference,
    /// Something of whatever fields, or of none.
    Struct,
    /// A type of that name that somebody declared.
    Other(String),
}

/// Reads whatever value stands at the cursor. Its depth is bounded by the decoder.
pub(super) fn decode(from: &mut SoapDecoder<'_>) -> Result<Value, CodecError> {
    match &from.at {
        At::Absent => {
            from.at = At::Nothing;
            return Ok(Value::Nil);
        }
        At::Element { nil: Nil::Value, .. } => {
            from.skip()?;
            return Ok(Value::Nil);
        }
        At::Text(_) => return Ok(Value::String(from.text("text")?.into_owned())),
        At::Content { start, .. } => from.at = from.at_element(*start, false, None),
        At::Element { .. } | At::Predicted { .. } | At::Nothing => {}
    }
    let offset = from.value_offset();
    let (start, _) = from.open("value")?;
    let said = said(from, &start);
    match said {
        _ if from.refers_to_part(&start) => {
            from.at = from.at_element(start, false, None);
            from.bytes().map(Value::Bytes)
        }
        Said::Simple(ty) if from.received.is_some() && octets::is_type(&ty) => {
            from.at = from.at_element(start, false, None);
            from.bytes().map(Value::Bytes)
        }
        Said::Simple(ty) => {
            let text = from.reader.text_content().map_err(xml_error)?;
            simple(&ty, text).map_err(|e| e.at(offset))
        }
        Said::Reference => {
            let unknown = ObjectType { interface: "".into(), repository_id: None };
            from.at = from.at_element(start, false, None);
            from.object(&unknown).map(Value::Object)
        }
        Said::Map => {
            from.at = from.at_element(start, false, None);
            map(from)
        }
        said => content(from, said),
    }
}

fn said(from: &SoapDecoder<'_>, start: &Start<'_>) -> Said {
    let Some(name) = from.reader.attribute(start, Some(XSI), "type") else {
        let array = from.reader.attribute(start, Some(ENCODING_11), "arrayType").is_some();
        return if array { Said::Array } else { Said::Nothing };
    };
    let Some((namespace, local)) = from.reader.resolve(&name) else { return Said::Nothing };
    match namespace {
        Some(ENCODING_11 | ENCODING_12) if local == "Array" => Said::Array,
        Some(XSD | ENCODING_11 | ENCODING_12) if local == "anyType" || local == "Struct" => Said::Struct,
        Some(XSD | ENCODING_11 | ENCODING_12) => Said::Simple(local.to_owned()),
        Some(APACHE) if local == "Map" => Said::Map,
        Some(WSA) if local == "EndpointReferenceType" => Said::Reference,
        _ if local.starts_with("ArrayOf") => Said::Array,
        _ if local.starts_with("MapOf") => Said::Map,
        _ => Said::Other(local.to_owned()),
    }
}

/// A simple value by the name of its type; as text, whatever is not known by that name.
fn simple(ty: &str, text: Cow<'_, str>) -> Result<Value, CodecError> {
    Ok(match ty {
        "boolean" => Value::Bool(text::boolean(&text)?),
        "byte" => Value::I8(text::parsed(&text, "byte")?),
        "unsignedByte" => Value::U8(text::parsed(&text, "unsignedByte")?),
        "short" => Value::I16(text::parsed(&text, "short")?),
        "unsignedShort" => Value::U16(text::parsed(&text, "unsignedShort")?),
        "int" => Value::I32(text::parsed(&text, "int")?),
        "unsignedInt" => Value::U32(text::parsed(&text, "unsignedInt")?),
        "long" => Value::I64(text::parsed(&text, "long")?),
        "unsignedLong" => Value::U64(text::parsed(&text, "unsignedLong")?),
        "float" => Value::F32(scalar::float(&text)?),
        "double" => Value::F64(scalar::double(&text)?),
        "decimal" | "integer" | "nonNegativeInteger" | "positiveInteger" | "nonPositiveInteger"
        | "negativeInteger" => Value::Decimal(text::parsed(&text, "decimal")?),
        ty if octets::is_type(ty) => Value::Bytes(octets::from_text(&text, ty == "hexBinary")?.into()),
        "dateTime" | "timeInstant" => Value::DateTime(text::parsed(&text, "dateTime")?),
        "date" => Value::Date(text::parsed(&text, "date")?),
        "time" => Value::Time(text::parsed(&text, "time")?),
        "duration" => Value::Duration(text::parsed(&text, "duration")?),
        _ => Value::String(text.into_owned()),
    })
}

fn map(from: &mut SoapDecoder<'_>) -> Result<Value, CodecError> {
    let mut items = from.enter_map()?;
    let mut entries = Vec::new();
    while from.enter_key(&mut items)? {
        let key = decode(from).map_err(|e| e.in_item(entries.len()))?;
        from.enter_value()?;
        entries.push((key, decode(from).map_err(|e| e.in_item(entries.len()))?));
    }
    Ok(Value::Map(entries))
}

/// An element that says of itself at most that it is an array, or the name of its type: its
/// children as fields or items, or its text.
fn content(from: &mut SoapDecoder<'_>, said: Said) -> Result<Value, CodecError> {
    from.push(Frame::Wrapper { name: None })?;
    let mut text = Cow::Borrowed("");
    let mut fields: Vec<(String, Value)> = Vec::new();
    loop {
        let event = match from.pending.take() {
            Some(event) => event,
            None => from.reader.next_event().map_err(xml_error)?,
        };
        match event {
            Event::Start(start) if from.is_include(&start) => {
                let octets = from.included(&start)?;
                from.expect_end("the element of an Include")?;
                from.frames.pop();
                return Ok(Value::Bytes(octets));
            }
            Event::Start(start) => {
                let name = start.local().to_owned();
                from.at = from.at_element(start, false, None);
                let value = decode(from).map_err(|e| e.in_field(name.clone()))?;
                fields.push((name, value));
            }
            Event::Text(run) | Event::CData(run) => {
                if text.is_empty() {
                    text = run;
                } else {
                    text.to_mut().push_str(&run);
                }
            }
            Event::End => break,
            Event::Eof => return Err(from.structure("the message ends inside a value")),
            _ => {}
        }
    }
    from.frames.pop();
    if !fields.is_empty() && !is_white_space(&text) {
        let what = "text beside elements in a value; mixed content has no place in a value";
        return Err(CodecError::new(ErrorKind::Structure(what.to_owned())).at(from.reader.offset()));
    }
    Ok(match said {
        Said::Array => Value::Sequence(fields.into_iter().map(|(_, value)| value).collect()),
        Said::Nothing if fields.is_empty() => Value::String(text.into_owned()),
        Said::Struct if fields.is_empty() && !is_white_space(&text) => Value::String(text.into_owned()),
        Said::Nothing if fields.iter().all(|(name, _)| name == ITEM) => {
            Value::Sequence(fields.into_iter().map(|(_, value)| value).collect())
        }
        Said::Other(_) if fields.is_empty() && !is_white_space(&text) => Value::String(text.into_owned()),
        Said::Other(name) => Value::Struct(Record { name: Some(name), fields: gathered(fields) }),
        _ => Value::Struct(Record { name: None, fields: gathered(fields) }),
    })
}

/// Fields, those of one name gathered into a sequence where the first of them stands.
fn gathered(fields: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut positions = std::collections::HashMap::new();
    let mut out: Vec<(String, Value, bool)> = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        match positions.get(&name) {
            None => {
                positions.insert(name.clone(), out.len());
                out.push((name, value, false));
            }
            Some(&at) => {
                let (_, first, repeated) = &mut out[at];
                match first {
                    Value::Sequence(items) if *repeated => items.push(value),
                    _ => *first = Value::Sequence(vec![std::mem::take(first), value]),
                }
                *repeated = true;
            }
        }
    }
    out.into_iter().map(|(name, value, _)| (name, value)).collect()
}
