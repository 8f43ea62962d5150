//! Values that bring their own type, both ways: `xsd:anyType` with `xsi:type`.
//!
//! Content of no known type is a small tree: an element is a record with a field for each child,
//! `@name` for an attribute, `#text` for text beside them, and what is in another namespace than
//! its parent is called `{namespace}name`; an element with nothing but text is that text.

use std::borrow::Cow;

use farcall_model::{ObjectType, Record, Type, TypeRef, Value};
use farcall_wire::{CodecError, Decoder, Encoder, ValueDecoder, ValueEncoder, Written, text, transcode};
use farcall_wsdl::mapping::{AnyNames, ENTRY, ITEM, KEY, VALUE, WSA, XSD, ncname};
use farcall_xml::{Event, Start, is_white_space};

use super::decode::{At, Frame, Nil, SoapDecoder};
use super::encode::{Place, SoapEncoder};
use super::{octets, scalar};
use crate::Version;
use crate::names::{APACHE, ENCODING_11, ENCODING_12, XSI};
use crate::types::is_list_of_any;
use farcall_xml::wire::{codec_error, scalar as scalar_of, shown};

/// What begins the name of a field that is an attribute of its element.
const ATTRIBUTE: &str = "@";
/// The name of the field that is the text of an element that has other fields.
const TEXT: &str = "#text";

/// Writes a value by what it is. Its depth is that of the tree in memory.
pub(super) fn encode(out: &mut SoapEncoder, value: &Value) -> Written {
    let space = out.part_space();
    encode_in(out, value, space)
}

/// The same, its parts in that namespace unless they say theirs.
fn encode_in(out: &mut SoapEncoder, value: &Value, space: Option<usize>) -> Written {
    match value {
        Value::Nil | Value::Absent if out.is_content() => Ok(()),
        Value::Nil | Value::Absent => out.nil(),
        Value::Any(any) if matches!(any.ty.resolve(), Type::Struct(_) | Type::Enum(_)) => {
            typed(out, &any.ty, &any.value)
        }
        Value::Any(any) => encode_in(out, &any.value, space),
        Value::Sequence(items) => sequence(out, items, space),
        Value::Map(entries) => map_entries(out, entries, space),
        Value::Struct(record) => match known(out, record, value) {
            Some(ty) => typed(out, &ty, value),
            None => structure(out, record, space),
        },
        Value::Union(case, inside) => out
            .around("", |out| out.element(space, case, Place::Element, |out| encode_in(out, inside, space))),
        scalar => {
            out.say(None);
            let written = simple(out, scalar);
            out.unsay();
            written
        }
    }
}

/// Writes a value as its type has it, and says which that is.
fn typed(out: &mut SoapEncoder, ty: &TypeRef, value: &Value) -> Written {
    out.say(None);
    let written = transcode(ty.resolve(), &mut ValueDecoder::new(value), out);
    out.unsay();
    written
}

/// The type of the service that a record says it is of, if it is so.
fn known(out: &SoapEncoder, record: &Record, value: &Value) -> Option<TypeRef> {
    let types = out.spaces.types()?;
    let ty = types.only(record.name.as_ref()?)?;
    let fits = transcode(ty.resolve(), &mut ValueDecoder::new(value), &mut ValueEncoder::new()).is_ok();
    fits.then(|| ty.clone())
}

/// Writes a value that is a single text or number, or a reference.
fn simple(out: &mut SoapEncoder, value: &Value) -> Written {
    match value {
        Value::Object(v) => out.object(&ObjectType { interface: "".into(), repository_id: None }, v),
        other => scalar_of(out, other)
            .unwrap_or_else(|| Err(CodecError::unsupported(other.kind(), "SOAP has nothing like it"))),
    }
}

fn sequence(out: &mut SoapEncoder, items: &[Value], space: Option<usize>) -> Written {
    let ty = if out.is_encoded() {
        out.array_attributes(&Type::Any, items.len())
    } else {
        any_type(out, |names| &names.list)
    };
    out.around(&ty, |out| {
        items.iter().enumerate().try_for_each(|(index, item)| {
            let written = out.element(space, ITEM, Place::Element, |out| encode_in(out, item, space));
            written.map_err(|e| e.in_item(index))
        })
    })
}

/// A map of the service, or in rpc/encoded that of Apache, which others took over.
fn map_entries(out: &mut SoapEncoder, entries: &[(Value, Value)], space: Option<usize>) -> Written {
    let (ty, entry) = if out.is_encoded() {
        (format!(" xmlns:m=\"{APACHE}\" xsi:type=\"m:Map\""), ITEM)
    } else {
        (any_type(out, |names| &names.map), ENTRY)
    };
    out.around(&ty, |out| {
        entries.iter().try_for_each(|(key, value)| {
            out.element(space, entry, Place::Element, |out| {
                out.around("", |out| {
                    out.element(space, KEY, Place::Element, |out| encode_in(out, key, space))?;
                    out.element(space, VALUE, Place::Element, |out| encode_in(out, value, space))
                })
            })
        })
    })
}

/// ` xsi:type="…"` with a type that the schema has for lists or maps; nothing if it has none.
fn any_type(out: &SoapEncoder, of: fn(&AnyNames) -> &String) -> String {
    match out.spaces.types() {
        Some(types) => types.any().map_or_else(String::new, |names| type_attribute(out, of(names))),
        None => type_attribute(out, of(&AnyNames::default())),
    }
}

/// ` xsi:type="…"` with a type of the service.
fn type_attribute(out: &SoapEncoder, local: &str) -> String {
    format!(" xsi:type=\"{}:{local}\"", out.spaces.prefix(0))
}

/// A record: its attributes, its text and its elements.
fn structure(out: &mut SoapEncoder, record: &Record, space: Option<usize>) -> Written {
    let ty = match &record.name {
        Some(name) => type_attribute(out, &ncname(name)),
        // without this it would be read as an empty text, or as a sequence
        None if record.fields.iter().all(|(name, _)| name == ITEM) => " xsi:type=\"xsd:anyType\"".to_owned(),
        None => String::new(),
    };
    let mut attributes = ty.into_bytes();
    for (name, value) in &record.fields {
        if let Some(name) = name.strip_prefix(ATTRIBUTE) {
            attribute(out, name, value, &mut attributes).map_err(|e| e.in_field(name.to_owned()))?;
        }
    }
    out.around(&String::from_utf8_lossy(&attributes), |out| {
        for (name, value) in record.fields.iter().filter(|(name, _)| !name.starts_with(ATTRIBUTE)) {
            let written = if name == TEXT {
                out.text_here(|out| simple(out, value))
            } else {
                let (space, local) = match clark(name) {
                    Some(("", local)) => (None, local),
                    Some((uri, local)) => (Some(out.space_of(uri)), local),
                    None => (space, name.as_str()),
                };
                out.element(space, local, Place::Element, |out| encode_in(out, value, space))
            };
            written.map_err(|e| e.in_field(name.clone()))?;
        }
        Ok(())
    })
}

fn attribute(out: &mut SoapEncoder, name: &str, value: &Value, to: &mut Vec<u8>) -> Written {
    let text = out.aside(|out| out.text_here(|out| simple(out, value)))?;
    to.push(b' ');
    match clark(name) {
        Some((uri, local)) if !uri.is_empty() => {
            let space = out.space_of(uri);
            to.extend_from_slice(format!("{}:{}", out.spaces.prefix(space), ncname(local)).as_bytes());
        }
        Some((_, local)) => to.extend_from_slice(ncname(local).as_bytes()),
        None => to.extend_from_slice(ncname(name).as_bytes()),
    }
    to.extend_from_slice(b"=\"");
    // the text is escaped already, all but the quotes
    for byte in text {
        match byte {
            b'"' => to.extend_from_slice(b"&quot;"),
            byte => to.push(byte),
        }
    }
    to.push(b'"');
    Ok(())
}

/// The namespace and the local name of `{namespace}local`.
fn clark(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix('{')?.split_once('}')
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
    /// A type of the service.
    Known(TypeRef),
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
        At::Content { start, .. } => {
            let start = *start;
            let name = name_under(from, &start, Some(from.spaces.uri(0)));
            from.at = from.at_element(start, false, None);
            let value = decode(from).map_err(|e| e.in_field(shown(&name).into_owned()))?;
            return Ok(Value::Struct(Record { name: None, fields: vec![(name, value)] }));
        }
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
            let text = from.reader.text_content().map_err(codec_error)?;
            of_type(&ty, text).map_err(|e| e.at(offset))
        }
        Said::Reference => {
            let unknown = ObjectType { interface: "".into(), repository_id: None };
            from.at = from.at_element(start, false, None);
            from.object(&unknown).map(Value::Object)
        }
        Said::Known(ty) => {
            from.at = from.at_element(start, false, None);
            let mut out = ValueEncoder::new();
            transcode(ty.resolve(), from, &mut out)?;
            Ok(out.finish())
        }
        Said::Map => {
            from.at = from.at_element(start, false, None);
            map(from)
        }
        said => content(from, &start, said),
    }
}

fn said(from: &SoapDecoder<'_>, start: &Start<'_>) -> Said {
    let Some(name) = from.reader.attribute(start, Some(XSI), "type") else {
        let array = from.reader.attribute(start, Some(ENCODING_11), "arrayType").is_some();
        return if array { Said::Array } else { Said::Nothing };
    };
    let Some((namespace, local)) = from.reader.resolve(&name) else { return Said::Nothing };
    let known = || from.spaces.types().and_then(|types| types.named(namespace, local).cloned());
    match namespace {
        Some(ENCODING_11 | ENCODING_12) if local == "Array" => Said::Array,
        Some(XSD | ENCODING_11 | ENCODING_12) if local == "anyType" || local == "Struct" => Said::Struct,
        Some(XSD | ENCODING_11 | ENCODING_12) => Said::Simple(local.to_owned()),
        Some(APACHE) if local == "Map" => Said::Map,
        Some(WSA) if local == "EndpointReferenceType" => Said::Reference,
        _ => match known() {
            Some(ty) if is_list_of_any(ty.resolve()) => Said::Array,
            Some(ty) => Said::Known(ty),
            None if ["ArrayOf", "ListOf"].iter().any(|of| local.starts_with(of)) => Said::Array,
            None if local.starts_with("MapOf") => Said::Map,
            None => Said::Other(local.to_owned()),
        },
    }
}

/// A simple value by the name of its type; as text, whatever is not known by that name.
fn of_type(ty: &str, text: Cow<'_, str>) -> Result<Value, CodecError> {
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

/// The name of an element inside one of that namespace: what is in the same, or in none, is called
/// by its local name alone.
fn name_under(from: &SoapDecoder<'_>, start: &Start<'_>, parent: Option<&str>) -> String {
    match from.reader.expanded(start) {
        (Some(uri), local) if Some(uri) != parent => format!("{{{uri}}}{local}"),
        (_, local) => local.to_owned(),
    }
}

/// The attributes that are the value's own, as fields.
fn attributes(from: &SoapDecoder<'_>, start: &Start<'_>) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for attribute in start.attributes().filter(|attribute| !attribute.is_declaration()) {
        let (namespace, local) = from.reader.expanded_attribute(&attribute);
        let name = match namespace {
            Some(XSI | ENCODING_11 | ENCODING_12) => continue,
            Some(uri) if Version::of_namespace(uri).is_some() => continue,
            None if from.shared && matches!(local, "id" | "href") => continue,
            Some(uri) => format!("{ATTRIBUTE}{{{uri}}}{local}"),
            None => format!("{ATTRIBUTE}{local}"),
        };
        found.push((name, Value::String(attribute.value().into_owned())));
    }
    found
}

/// An element that says of itself at most that it is an array, or the name of its type: its
/// attributes and children as fields, or its children as items, or its text.
fn content(from: &mut SoapDecoder<'_>, start: &Start<'_>, said: Said) -> Result<Value, CodecError> {
    let namespace = from.reader.expanded(start).0.map(str::to_owned);
    let attributes = if said == Said::Array { Vec::new() } else { attributes(from, start) };
    from.push(Frame::Wrapper { name: None })?;
    let mut text = Cow::Borrowed("");
    let mut fields: Vec<(String, Value)> = Vec::new();
    loop {
        let event = match from.pending.take() {
            Some(event) => event,
            None => from.reader.next_event().map_err(codec_error)?,
        };
        match event {
            Event::Start(start) if from.is_include(&start) => {
                let octets = from.included(&start)?;
                from.expect_end("the element of an Include")?;
                from.frames.pop();
                return Ok(Value::Bytes(octets));
            }
            Event::Start(start) => {
                let name = name_under(from, &start, namespace.as_deref());
                from.at = from.at_element(start, false, None);
                let value = decode(from).map_err(|e| e.in_field(shown(&name).into_owned()))?;
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
    let mixed = !fields.is_empty() && !is_white_space(&text);
    if !attributes.is_empty() || mixed {
        let text = (fields.is_empty() || mixed).then(|| (TEXT.to_owned(), Value::String(text.into_owned())));
        let fields = attributes.into_iter().chain(text).chain(gathered(fields)).collect();
        let name = if let Said::Other(name) = said { Some(name) } else { None };
        return Ok(Value::Struct(Record { name, fields }));
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
