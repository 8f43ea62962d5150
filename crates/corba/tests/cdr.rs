//! CDR there and back, octet for octet where the specification says them, and
//! over octets that mean nothing.

use std::collections::BTreeMap;

use bytes::Bytes;
use farcall_corba::cdr::{decode_value, encode_value};
use farcall_corba::{ByteOrder, CdrDecoder, CdrEncoder, CodeSet, CodeSets, Version};
use farcall_macros::Wire;
use farcall_model::{Any, ObjectRef, Record, Type, TypeRef, Value};
use farcall_wire::{Decode, Decoder, Describe, Encode, Encoder, ErrorKind, Limits, Wide, to_value};
use proptest::prelude::*;

mod farcall {
    pub(crate) use {farcall_model as model, farcall_wire as wire};
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
struct Structure {
    name: String,
    size: i32,
    ratio: f64,
    tags: Vec<String>,
    note: Option<String>,
    color: Color,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
enum Color {
    Red,
    Green,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
enum Shape {
    Point,
    Circle(f64),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
struct Tree {
    label: String,
    branches: Vec<Self>,
}

fn structure() -> Structure {
    Structure {
        name: "Jörg".into(),
        size: -7,
        ratio: 0.1,
        tags: vec![String::new(), "b".into()],
        note: None,
        color: Color::Green,
        shape: Shape::Circle(2.0),
    }
}

const ORDERS: [ByteOrder; 2] = [ByteOrder::Big, ByteOrder::Little];

/// Through a message body of every version and order, at every alignment.
fn there_and_back<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: &T) {
    for order in ORDERS {
        for version in [Version::V1_0, Version::V1_1, Version::V1_2] {
            for start in 0..9 {
                let sets = CodeSets::PREFERRED;
                let mut out = CdrEncoder::new(vec![0xaa; start], order, version, sets);
                value.encode(&mut out).unwrap();
                let octets = Bytes::from(out.into_bytes());
                let mut from = CdrDecoder::new(&octets, start, order, version, sets, &Limits::default());
                assert_eq!(&T::decode(&mut from).unwrap(), value);
                from.end().unwrap();
            }
        }
    }
    let any = Value::Any(Box::new(Any { ty: TypeRef::Static(T::describe), value: to_value(value).unwrap() }));
    let octets = encode_value(&any).unwrap();
    let back: Value = decode_value(&octets).unwrap();
    let inside = match &back {
        Value::Any(any) => &any.value,
        plain => plain,
    };
    assert_eq!(farcall_wire::from_value::<T>(inside).unwrap(), *value);
    // what goes on is what came
    assert_eq!(encode_value(&back).unwrap(), octets);
}

#[test]
fn every_type_of_the_model() {
    there_and_back(&structure());
    there_and_back(&vec![structure(), structure()]);
    there_and_back(&Option::<String>::None);
    there_and_back(&Some(Vec::<i64>::new()));
    there_and_back(&BTreeMap::from([("a".to_owned(), 1_i32), (String::new(), 2)]));
    there_and_back(&BTreeMap::<i32, String>::new());
    there_and_back(&(1_u8, 2_i16, 3_i64, 4.5_f32, "x".to_owned()));
    there_and_back(&[1_i32, 2, 3]);
    there_and_back(&vec![f64::MIN, -0.0, f64::INFINITY]);
    there_and_back(&Bytes::from_static(b"\0\xff"));
    there_and_back(&vec![Some(1_u16), None]);
    there_and_back(&('a', true, 100_i8, 200_u8));
    there_and_back(&vec![Wide("漢字".to_owned()), Wide(String::new())]);
    there_and_back(&(Wide('ж'), 7_u8, Wide("x".to_owned())));
    there_and_back(&"2026-11-22T00:00:00Z".parse::<farcall_model::DateTime>().unwrap());
    there_and_back(&"-12.50".parse::<farcall_model::Decimal>().unwrap());
}

#[test]
fn a_type_that_contains_itself() {
    let leaf = |label: &str| Tree { label: label.into(), branches: Vec::new() };
    there_and_back(&Tree { label: "root".into(), branches: vec![leaf("a"), leaf("b")] });
}

#[test]
fn references_stay_as_they_are() {
    there_and_back(&ObjectRef::default());
    let http = ObjectRef::new("IDL:farcall/Fortune:1.0").with_address("http://127.0.0.1:2809/fortune");
    there_and_back(&http);
    let ior = include_str!("../../../golden/corba/genior-omniorb-4.2.5.ior").trim().parse().unwrap();
    let ior: farcall_corba::Ior = ior;
    there_and_back(&http.with_address("jsonrpc+http://h/").with_address("x"));
    let both = ObjectRef::new("IDL:farcall/Fortune:1.0").with_address(ior.to_string());
    there_and_back(&both);
    there_and_back(&both.with_address("http://127.0.0.1:2809/fortune"));
}

#[test]
fn values_that_say_their_types() {
    for value in [
        Value::Nil,
        Value::from(7_u64),
        Value::from("text"),
        Value::from('c'),
        Value::from('ж'),
        Value::Bytes(Bytes::from_static(b"octets")),
        Value::Sequence(vec![Value::from(1), Value::from(2)]),
        Value::Sequence(vec![Value::from(1), Value::from("x"), Value::Nil]),
        Value::Sequence(Vec::new()),
        Value::Map(vec![(Value::from("a"), Value::from(1.5))]),
        Value::Map(Vec::new()),
        Value::Struct(Record::new().with("a", 1).with("b", Value::Sequence(vec![Value::Nil]))),
        Value::Union("case".into(), Box::new(Value::from(true))),
    ] {
        let octets = encode_value(&value).unwrap();
        assert_eq!(decode_value::<Value>(&octets).unwrap(), value);
    }
}

#[test]
fn fixed_numbers_in_an_any() {
    let value = Value::Decimal("-12.5".parse().unwrap());
    let any = Value::Any(Box::new(Any { ty: Type::Fixed { digits: 6, scale: 2 }.into(), value }));
    let octets = encode_value(&any).unwrap();
    assert_eq!(decode_value::<Value>(&octets).unwrap(), any);
    assert_eq!(octets[4..], [28, 0, 0, 0, 6, 0, 2, 0, 0x00, 0x01, 0x25, 0x0d]);
}

#[test]
fn octets_as_the_specification_has_them() {
    let mut out = CdrEncoder::new(Vec::new(), ByteOrder::Big, Version::V1_2, CodeSets::DEFAULT);
    out.u8(1).unwrap();
    out.u16(2).unwrap();
    out.u8(3).unwrap();
    out.f64(1.0).unwrap();
    out.str("é").unwrap();
    out.numbers::<i64>(&[]).unwrap();
    out.bool(true).unwrap();
    assert_eq!(
        out.into_bytes(),
        [1, 0, 0, 2, 3, 0, 0, 0, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0xe9, 0, 0, 0, 0, 0, 0, 0, 1]
    );
}

/// The forms of §9.3.1.6 and §9.3.2.7, and those that peers send besides.
#[test]
fn wide_text_of_every_version() {
    let sets = CodeSets::PREFERRED;
    let read = |octets: &'static [u8], version| {
        let octets = Bytes::from_static(octets);
        CdrDecoder::new(&octets, 0, ByteOrder::Little, version, sets, &Limits::default()).wide_string()
    };
    assert_eq!(read(b"\x04\0\0\0\0a\0b", Version::V1_2).unwrap(), "ab");
    assert_eq!(read(b"\x04\0\0\0\xff\xfea\0", Version::V1_2).unwrap(), "a");
    assert_eq!(read(b"\x04\0\0\0\xfe\xff\0a", Version::V1_2).unwrap(), "a");
    assert_eq!(read(b"\x02\0\0\0a\0\0\0", Version::V1_1).unwrap(), "a");
    assert!(read(b"\x03\0\0\0\0a\0", Version::V1_2).is_err());
    assert!(read(b"\x02\0\0\0\xd8\0", Version::V1_2).is_err());
    for order in ORDERS {
        for version in [Version::V1_1, Version::V1_2] {
            let mut out = CdrEncoder::new(Vec::new(), order, version, sets);
            out.wide_str("aж").unwrap();
            out.wide_char('ж').unwrap();
            out.wide_str("").unwrap();
            let octets = Bytes::from(out.into_bytes());
            let mut from = CdrDecoder::new(&octets, 0, order, version, sets, &Limits::default());
            assert_eq!(from.wide_string().unwrap(), "aж");
            assert_eq!(from.wide_char().unwrap(), 'ж');
            assert_eq!(from.wide_string().unwrap(), "");
        }
    }
    let mut old = CdrEncoder::new(Vec::new(), ByteOrder::Big, Version::V1_1, sets);
    assert!(old.wide_char('😀').is_err());
}

#[test]
fn characters_outside_of_the_code_set_are_errors() {
    let mut out = CdrEncoder::new(Vec::new(), ByteOrder::Big, Version::V1_2, CodeSets::DEFAULT);
    assert!(matches!(out.str("ж").unwrap_err().kind(), ErrorKind::Unsupported { .. }));
    assert!(out.str("a\0b").is_err());
    assert!(out.char('ж').is_err());
    let utf8 = CodeSets { char: CodeSet::Utf8, ..CodeSets::DEFAULT };
    let octets = Bytes::from_static(b"\x02\0\0\0\xe9\0");
    let mut from = CdrDecoder::new(&octets, 0, ByteOrder::Little, Version::V1_2, utf8, &Limits::default());
    assert!(matches!(from.string().unwrap_err().kind(), ErrorKind::Encoding(_)));
}

#[test]
fn lengths_beyond_the_octets_never_allocate() {
    let octets = Bytes::from_static(b"\x01\0\0\0\xff\xff\xff\xff\0\0");
    for error in [
        decode_value::<Vec<f64>>(&octets).unwrap_err(),
        decode_value::<Bytes>(&octets).unwrap_err(),
        decode_value::<String>(&octets).unwrap_err(),
        decode_value::<Vec<Tree>>(&octets).unwrap_err(),
        decode_value::<BTreeMap<String, i32>>(&octets).unwrap_err(),
    ] {
        assert!(error.to_string().contains("4294967295"), "{error}");
    }
}

#[test]
fn nesting_ends_at_its_limit() {
    // a label without text, one branch, and so on
    let mut octets = vec![1_u8, 0, 0, 0];
    for _ in 0..200_000 {
        octets.extend_from_slice(&[1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    }
    let error = decode_value::<Tree>(&octets.into()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "depth", .. }), "{error}");

    // any in any
    let mut octets = vec![1_u8, 0, 0, 0];
    (0..100_000).for_each(|_| octets.extend_from_slice(&[11, 0, 0, 0]));
    let error = decode_value::<Value>(&octets.into()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "depth", .. }), "{error}");
}

/// Structs of two equal structs, thirty levels deep, take no octets and a billion steps.
#[test]
fn types_that_multiply_end_at_a_limit() {
    let mut ty = Type::Struct(farcall_model::StructType::new("leaf", Vec::new()));
    for level in 0..30 {
        let inner = TypeRef::from(ty);
        let field = |name: &'static str| farcall_model::Field::new(name.into(), inner.clone());
        ty = Type::Struct(farcall_model::StructType::new(format!("l{level}"), vec![field("a"), field("b")]));
    }
    let value = Value::Any(Box::new(Any { ty: ty.into(), value: Value::Nil }));
    let error = encode_value(&value).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { .. }), "{error}");
}

#[test]
fn an_indirection_to_nowhere_is_an_error() {
    for offset in [0_i32, -4, -8, -100, 100, i32::MIN] {
        let mut octets = vec![1_u8, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
        octets.extend_from_slice(&offset.to_le_bytes());
        assert!(decode_value::<Value>(&octets.into()).is_err());
    }
}

proptest! {
    #[test]
    fn numbers_there_and_back(a: Vec<i16>, b: Vec<u64>, c: Vec<f32>, d: Vec<i8>) {
        let value = (a, b, d);
        let octets = encode_value(&value).unwrap();
        prop_assert_eq!(decode_value::<(Vec<i16>, Vec<u64>, Vec<i8>)>(&octets).unwrap(), value);
        let bits: Vec<u32> = c.iter().map(|f| f.to_bits()).collect();
        let back: Vec<f32> = decode_value(&encode_value(&c).unwrap()).unwrap();
        prop_assert_eq!(back.iter().map(|f| f.to_bits()).collect::<Vec<_>>(), bits);
    }

    #[test]
    fn texts_there_and_back(text in "[^\0]*", map: BTreeMap<i32, Option<bool>>) {
        prop_assert_eq!(&decode_value::<String>(&encode_value(&text).unwrap()).unwrap(), &text);
        prop_assert_eq!(decode_value::<BTreeMap<i32, Option<bool>>>(&encode_value(&map).unwrap()).unwrap(), map);
    }

    #[test]
    fn any_octets_are_read_or_refused(octets: Vec<u8>) {
        let octets = Bytes::from(octets);
        let _ = decode_value::<Structure>(&octets);
        let _ = decode_value::<Tree>(&octets);
        let _ = decode_value::<ObjectRef>(&octets);
        let _ = decode_value::<Value>(&octets);
    }

    #[test]
    fn damaged_any_values_are_read_or_refused(at in 1_usize..400, octet: u8) {
        let any = Value::Any(Box::new(Any {
            ty: TypeRef::Static(Vec::<Structure>::describe),
            value: to_value(&vec![structure()]).unwrap(),
        }));
        let mut octets = encode_value(&any).unwrap().to_vec();
        let at = at % octets.len();
        octets[at] = octet;
        if let Ok(value) = decode_value::<Value>(&octets.into()) {
            // what was read can be written
            let _ = encode_value(&value);
        }
    }
}
