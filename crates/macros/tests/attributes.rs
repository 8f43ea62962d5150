//! What `#[wire(…)]` says of fields: names, defaults, stand-ins, XML.

mod support;

use farcall_macros::Wire;
use farcall_model::{Record, StructType, Type, Value, XmlKind, XmlName};
use farcall_wire::{Decode, Describe, ErrorKind, from_value, to_value};
use support::{farcall, there_and_back};

fn structure<T: Describe>() -> &'static StructType {
    match T::describe() {
        Type::Struct(ty) => ty,
        other => panic!("{other} is not a struct"),
    }
}

fn field_names<T: Describe>() -> Vec<&'static str> {
    structure::<T>().fields.iter().map(|f| f.name.as_ref()).collect()
}

macro_rules! renamed {
    ($($name:ident $case:literal: $first:literal $second:literal;)*) => {$(
        #[derive(Clone, Debug, PartialEq, Wire)]
        #[wire(crate = "crate::farcall", rename_all = $case)]
        struct $name {
            opened_at: i32,
            url: String,
            #[wire(name = "Kept_As-Is")]
            kept: bool,
        }
    )*

    #[test]
    fn every_case_of_rename_all() {
        $(
            assert_eq!(field_names::<$name>(), [$first, $second, "Kept_As-Is"], $case);
            there_and_back(&$name { opened_at: 1, url: "x".into(), kept: true });
        )*
    }};
}

renamed! {
    Camel "camelCase": "openedAt" "url";
    Pascal "PascalCase": "OpenedAt" "Url";
    Snake "snake_case": "opened_at" "url";
    Kebab "kebab-case": "opened-at" "url";
    Screaming "SCREAMING_SNAKE_CASE": "OPENED_AT" "URL";
    Lower "lowercase": "openedat" "url";
}

fn seven() -> i32 {
    7
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", name = "options")]
struct Options {
    #[wire(default)]
    verbose: bool,
    #[wire(default = "seven")]
    level: i32,
    #[wire(default)]
    tags: Vec<String>,
    /// A default beats what is missing by type.
    #[wire(default = "some_name")]
    name: Option<String>,
    #[wire(skip)]
    cache: Option<std::ops::Range<u8>>,
    #[wire(skip, default = "seven")]
    counter: i32,
    required: u8,
}

fn some_name() -> Option<String> {
    Some("default".into())
}

#[test]
fn defaults_stand_in_for_what_is_missing() {
    let ty = structure::<Options>();
    assert_eq!(ty.name, "options");
    assert_eq!(field_names::<Options>(), ["verbose", "level", "tags", "name", "required"]);
    let optional: Vec<_> = ty.fields.iter().map(|f| f.is_optional()).collect();
    assert_eq!(optional, [true, true, true, true, false]);

    let read: Options = from_value(&Value::Struct(Record::new().with("required", 1))).unwrap();
    let expected = Options {
        verbose: false,
        level: 7,
        tags: vec![],
        name: Some("default".into()),
        cache: None,
        counter: 7,
        required: 1,
    };
    assert_eq!(read, expected);
    there_and_back(&Options { verbose: true, level: -1, name: None, ..expected });
}

#[test]
fn what_is_skipped_is_not_sent() {
    let sent = Options {
        verbose: true,
        level: 1,
        tags: vec!["a".into()],
        name: None,
        cache: Some(0..3),
        counter: 99,
        required: 2,
    };
    let value = to_value(&sent).unwrap();
    assert!(value.field("cache").is_none() && value.field("counter").is_none());
    let read: Options = from_value(&value).unwrap();
    assert_eq!(read, Options { cache: None, counter: 7, ..sent });
}

/// A foreign type, sent as text.
mod celsius {
    use farcall_model::Type;
    use farcall_wire::{CodecError, Decoder, Encoder, Written};

    pub(super) fn describe() -> &'static Type {
        &Type::String
    }

    pub(super) fn encode<E: Encoder>(value: &std::time::Duration, out: &mut E) -> Written {
        out.str(&format!("{} s", value.as_secs()))
    }

    pub(super) fn decode<D: Decoder>(from: &mut D) -> Result<std::time::Duration, CodecError> {
        let text = from.string()?;
        let seconds = text.strip_suffix(" s").and_then(|n| n.parse().ok());
        seconds.map(std::time::Duration::from_secs).ok_or_else(|| CodecError::range(&text, "seconds"))
    }
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Timer {
    #[wire(with = "celsius")]
    left: std::time::Duration,
    #[wire(with = "celsius", default)]
    grace: std::time::Duration,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Seconds(#[wire(with = "celsius")] std::time::Duration);

#[test]
fn a_module_stands_in_for_the_traits() {
    use std::time::Duration;
    let timer = Timer { left: Duration::from_secs(3), grace: Duration::ZERO };
    assert_eq!(to_value(&timer).unwrap().field("left"), Some(&Value::from("3 s")));
    there_and_back(&timer);
    there_and_back(&Seconds(Duration::from_secs(9)));
    assert_eq!(Seconds::missing(), None);

    let wrong = Value::Struct(Record::new().with("left", "soon"));
    assert_eq!(from_value::<Timer>(&wrong).unwrap_err().to_string(), "left: 'soon' is not a valid seconds");
    let empty = from_value::<Timer>(&Value::Struct(Record::new())).unwrap_err();
    assert_eq!(empty.kind(), &ErrorKind::MissingField("left".into()));
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", namespace = "urn:bank")]
struct InXml {
    plain: i32,
    #[wire(element = "Other", namespace = "urn:other")]
    other: i32,
    #[wire(attribute)]
    id: i32,
    #[wire(attribute = "lang", namespace = "urn:xml")]
    language: String,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Price {
    #[wire(text)]
    amount: f64,
    #[wire(attribute)]
    currency: String,
}

#[test]
fn names_in_xml() {
    let xml = |namespace: Option<&'static str>, local: Option<&'static str>, kind| XmlName {
        namespace: namespace.map(Into::into),
        local: local.map(Into::into),
        kind,
    };
    let found: Vec<_> = structure::<InXml>().fields.iter().map(|f| f.xml.clone()).collect();
    let expected = [
        xml(Some("urn:bank"), None, XmlKind::Element),
        xml(Some("urn:other"), Some("Other"), XmlKind::Element),
        xml(None, None, XmlKind::Attribute),
        xml(Some("urn:xml"), Some("lang"), XmlKind::Attribute),
    ];
    assert_eq!(found, expected);
    let kinds: Vec<_> = structure::<Price>().fields.iter().map(|f| f.xml.kind).collect();
    assert_eq!(kinds, [XmlKind::Text, XmlKind::Attribute]);
    there_and_back(&InXml { plain: 1, other: 2, id: 3, language: "en".into() });
    there_and_back(&Price { amount: 1.0, currency: "EUR".into() });
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "urn:bank", mixed)]
struct Letter {
    #[wire(text)]
    text: Option<String>,
    #[wire(nillable, namespace = "")]
    date: Option<i32>,
    #[wire(content)]
    body: Vec<Body>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "urn:bank")]
enum Body {
    Line(String),
    #[wire(element = "PRICE", namespace = "urn:other")]
    Price(Price),
    #[wire(namespace = "")]
    Bare(i32),
    #[wire(content)]
    Group(InXml),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "urn:bank", xsi_type)]
enum Either {
    #[wire(default)]
    Price(Price),
    InXml(InXml),
}

/// What tells the cases of a union apart in XML: how, and by which names.
fn told<T: Describe>() -> (&'static str, &'static str, Vec<&'static str>) {
    let Type::Union(union) = T::describe() else { panic!("not a union") };
    let Type::Enum(names) = union.discriminator.resolve() else { panic!("not told by name") };
    (&names.scope, &names.name, names.members.iter().map(|m| m.name.as_ref()).collect())
}

#[test]
fn content_models_in_xml() {
    let letter = structure::<Letter>();
    let kinds: Vec<_> = letter.fields.iter().map(|f| f.xml.kind).collect();
    assert_eq!(kinds, [XmlKind::Text, XmlKind::Nillable, XmlKind::Content]);
    assert_eq!(letter.fields[1].xml.namespace.as_deref(), Some(""));
    let xsi = "http://www.w3.org/2001/XMLSchema-instance";
    let names = vec!["{urn:bank}Line", "{urn:other}PRICE", "Bare", ""];
    assert_eq!(told::<Body>(), (xsi, "element", names));
    assert_eq!(told::<Either>(), (xsi, "type", vec!["{urn:bank}Price", "{urn:bank}InXml"]));
    let price = Price { amount: 1.0, currency: "EUR".into() };
    let body = vec![Body::Line("a".into()), Body::Price(price.clone()), Body::Bare(3)];
    there_and_back(&Letter { text: Some("x".into()), date: None, body });
    there_and_back(&Either::Price(price));
}
