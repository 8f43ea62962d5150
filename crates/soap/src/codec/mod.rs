//! The SOAP codec: values as elements and back, document/literal.
//!
//! ```
//! use farcall_soap::{decode_element, encode_element};
//!
//! let xml = encode_element("urn:a", "list", &vec![1_i32, 2])?;
//! assert!(xml.ends_with("><n:item>1</n:item><n:item>2</n:item></n:list>"));
//! assert_eq!(decode_element::<Vec<i32>>("urn:a", &xml)?, [1, 2]);
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

mod any;
mod containers;
mod decode;
mod encode;
mod members;
mod octets;
mod read;
mod scalar;
mod tags;

use farcall_model::{Field, Value};
use farcall_wire::{CodecError, Decode, Encode, Limits, ValueDecoder, transcode};
use farcall_xml::wire::locate;

pub use decode::SoapDecoder;
pub(crate) use decode::reader;
pub(crate) use encode::Place;
pub use encode::SoapEncoder;

use crate::Version;
use crate::names::Spaces;

/// One value as an element of that name, in that namespace, with all declarations that it needs.
///
/// # Errors
/// If XML cannot express it; the error names the field.
pub fn encode_element<T: Encode + ?Sized>(
    namespace: &str,
    name: &str,
    value: &T,
) -> Result<String, CodecError> {
    let mut out = SoapEncoder::new(Version::V11, Spaces::new(namespace, ""));
    out.element(Some(0), name, Place::Element, |out| value.encode(out))?;
    declared(out)
}

/// A value as the element that a field is, with all declarations that it needs, and its name as
/// `{namespace}local`: a header that a description declares, such as those of
/// [`XmlMessage::headers`](farcall_model::XmlMessage::headers).
///
/// # Errors
/// If it is not of the field's type, or XML cannot express it.
///
/// ```
/// use farcall_model::{Field, Type, XmlName};
///
/// let mut session = Field::new("session".into(), Type::String.into());
/// session.xml = XmlName::element("urn:t", "Session");
/// let (name, xml) = farcall_soap::encode_field(&session, &"abc".into())?;
/// assert_eq!(name, "{urn:t}Session");
/// assert!(xml.starts_with("<n:Session ") && xml.ends_with(">abc</n:Session>"));
/// # Ok::<(), farcall_wire::CodecError>(())
/// ```
pub fn encode_field(field: &Field, value: &Value) -> Result<(String, String), CodecError> {
    let uri = field.xml.namespace.as_deref().unwrap_or_default();
    let local = field.xml.local.as_ref().unwrap_or(&field.name);
    let mut out = SoapEncoder::new(Version::V11, Spaces::new(uri, ""));
    let space = (!uri.is_empty()).then_some(0);
    let ty = field.ty.resolve();
    out.element(space, local, Place::Element, |out| transcode(ty, &mut ValueDecoder::new(value), out))?;
    Ok((format!("{{{uri}}}{local}"), declared(out)?))
}

/// What was written, its declarations put into the start tag.
fn declared(out: SoapEncoder) -> Result<String, CodecError> {
    let declarations = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                        xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"";
    let bytes = out.into_element(declarations);
    String::from_utf8(bytes).map_err(|e| CodecError::unsupported("the value", e.to_string()))
}

/// One value from a document whose root element holds it.
///
/// # Errors
/// If it is not well-formed or not of that type; the error says where.
pub fn decode_element<T: Decode>(namespace: &str, text: &str) -> Result<T, CodecError> {
    let limits = Limits::default();
    let mut from = SoapDecoder::new(reader(text, &limits), Spaces::new(namespace, ""), &limits, false);
    let read = |from: &mut SoapDecoder<'_>| {
        from.enter_element()?;
        let value = T::decode(from)?;
        from.finish().map(|()| value)
    };
    read(&mut from).map_err(|e| locate(e, text))
}

#[cfg(test)]
mod tests {
    use farcall_model::{Case, Record, StructType, Type, TypeRef, UnionType, XmlKind};
    use farcall_wire::ValueEncoder;

    use super::*;

    fn field(name: &'static str, ty: Type, kind: XmlKind) -> Field {
        let mut field = Field::new(name.into(), TypeRef::from(ty));
        field.xml.kind = kind;
        field
    }

    fn choice() -> Type {
        let case = |name: &'static str, ty: Type| Case {
            name: name.into(),
            labels: Vec::new().into(),
            ty: TypeRef::from(ty),
            doc: "".into(),
        };
        Type::Union(UnionType {
            name: "Choice".into(),
            scope: "".into(),
            repository_id: None,
            doc: "".into(),
            discriminator: TypeRef::from(Type::I32),
            cases: vec![case("a", Type::I32), case("b", Type::String)].into(),
        })
    }

    fn group() -> Type {
        let fields = vec![
            field("from", Type::I32, XmlKind::Element),
            field("to", Type::Optional(TypeRef::from(Type::I32)), XmlKind::Element),
        ];
        Type::Struct(StructType::new("Group", fields))
    }

    /// What a schema may say and no Rust type does: attributes, text, nillable fields, and choices
    /// and groups amid other fields.
    fn loaded() -> Type {
        let inner = vec![
            field("currency", Type::String, XmlKind::Attribute),
            field("amount", Type::Decimal, XmlKind::Text),
        ];
        let fields = vec![
            field("price", Type::Struct(StructType::new("Price", inner)), XmlKind::Element),
            field("nillable", Type::Optional(TypeRef::from(Type::I32)), XmlKind::Nillable),
            field("choices", Type::Sequence(TypeRef::from(choice())), XmlKind::Content),
            field("groups", Type::Sequence(TypeRef::from(group())), XmlKind::Content),
            field("last", Type::Optional(TypeRef::from(Type::String)), XmlKind::Element),
            field("lang", Type::Optional(TypeRef::from(Type::String)), XmlKind::Attribute),
        ];
        Type::Struct(StructType::new("Loaded", fields))
    }

    fn encode(ty: &Type, value: &Value) -> String {
        let mut out = SoapEncoder::new(Version::V11, Spaces::new("urn:t", ""));
        out.element(Some(0), "v", Place::Element, |out| transcode(ty, &mut ValueDecoder::new(value), out))
            .unwrap();
        String::from_utf8(out.out).unwrap()
    }

    fn decode(ty: &Type, text: &str) -> Result<Value, CodecError> {
        let limits = Limits::default();
        let mut from = SoapDecoder::new(reader(text, &limits), Spaces::new("urn:t", ""), &limits, true);
        let mut out = ValueEncoder::new();
        from.enter_element()?;
        transcode(ty, &mut from, &mut out)?;
        from.finish()?;
        Ok(out.finish())
    }

    #[test]
    fn attributes_text_and_what_stands_without_an_element() {
        let a = |n: i32| Value::Union("a".into(), Box::new(n.into()));
        let group = |from: i32, to: Option<i32>| {
            Value::Struct(Record {
                name: Some("Group".into()),
                ..Record::new().with("from", from).with("to", to)
            })
        };
        let price = Record::new()
            .with("currency", "\"€")
            .with("amount", "1.50".parse::<farcall_model::Decimal>().unwrap());
        let named = |name: &str, record: Record| Value::Struct(Record { name: Some(name.into()), ..record });
        let value = |choices: Vec<Value>, groups: Vec<Value>, lang: Option<&str>| {
            let record = Record::new()
                .with("price", named("Price", price.clone()))
                .with("nillable", Value::Nil)
                .with("choices", choices)
                .with("groups", groups)
                .with("last", "x")
                .with("lang", lang);
            named("Loaded", record)
        };
        let full = value(
            vec![a(1), Value::Union("b".into(), Box::new("t".into())), a(2)],
            vec![group(1, None), group(2, Some(3)), group(4, None)],
            Some("de"),
        );
        let xml = encode(&loaded(), &full);
        assert_eq!(
            xml,
            "<n:v lang=\"de\"><n:price currency=\"&quot;€\">1.50</n:price><n:nillable xsi:nil=\"true\"/>\
             <n:a>1</n:a><n:b>t</n:b><n:a>2</n:a><n:from>1</n:from><n:from>2</n:from><n:to>3</n:to>\
             <n:from>4</n:from><n:last>x</n:last></n:v>"
        );
        for value in [full, value(vec![], vec![], None)] {
            let xml = encode(&loaded(), &value);
            let declared = " xmlns:n=\"urn:t\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
            assert_eq!(
                decode(&loaded(), &xml.replacen("<n:v", &format!("<n:v{declared}"), 1)).unwrap(),
                value,
                "{xml}"
            );
        }
        let refused = decode(&loaded(), "<v xmlns='urn:t' lang='de'><other/></v>").unwrap_err();
        assert!(refused.to_string().contains("unknown field 'other'"), "{refused}");
    }

    #[test]
    fn what_is_as_expected_is_predicted() {
        for (prefix, namespace) in [("", None), ("x:", None), ("x:", Some("urn:t")), ("", Some("urn:t"))] {
            let fields = ["a", "b", "c"].map(|name| {
                let mut field = field(name, Type::I32, XmlKind::Element);
                field.xml.namespace = namespace.map(Into::into);
                field
            });
            let row = Type::Struct(StructType::new("Row", fields.into()));
            let rows = Type::Sequence(TypeRef::from(row));
            let declared = format!("xmlns{}='urn:t'", if prefix.is_empty() { "" } else { ":x" });
            let row = ["item", "a", "b", "c"].map(|name| format!("{prefix}{name}"));
            let [item, a, b, c] = &row;
            let row = format!("<{item}>\n <{a}>1</{a}><{b}>2</{b}> <{c}>3</{c}></{item}>");
            let xml = format!("<{prefix}v {declared}>{}</{prefix}v>", row.repeat(10));
            let limits = Limits::default();
            let mut from = SoapDecoder::new(reader(&xml, &limits), Spaces::new("urn:t", ""), &limits, true);
            from.enter_element().unwrap();
            transcode(&rows, &mut from, &mut ValueEncoder::new()).unwrap();
            // all but what tells the prefix, and the first item
            assert!(from.predicted >= 10 * 4 - 2, "{prefix} {namespace:?}: {}", from.predicted);
        }
    }
}
