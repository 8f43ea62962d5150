//! Value types, long doubles, fixed numbers and TypeCodes in CDR.

use std::sync::Arc;

use bytes::Bytes;
use farcall_corba::cdr::{decode_value, encode_value};
use farcall_corba::giop::{Framer, Request};
use farcall_corba::{ByteOrder, CdrDecoder, CdrEncoder, CodeSets, Version};
use farcall_macros::Wire;
use farcall_model::{
    Any, Field, Knot, LongDouble, Operation, Record, Type, TypeRef, Value, ValueKind, ValueType,
};
use farcall_wire::{
    Decode, Decoder as _, Describe, Encode, Encoder as _, ErrorKind, Fixed, Limits, MessageDecoder as _,
    TypeCode, ValueDecoder, ValueEncoder, from_value, to_value, transcode,
};
use proptest::prelude::*;

mod farcall {
    pub(crate) use {farcall_model as model, farcall_wire as wire};
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "test", value)]
struct Node {
    label: String,
    left: Option<Arc<Self>>,
    right: Option<Arc<Self>>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "test", value)]
struct Link {
    value: i32,
    next: Option<Box<Self>>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "test", value)]
struct Base {
    x: i64,
    link: Option<Arc<Link>>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "test", value = "truncatable", bases("IDL:test/Base:1.0"))]
struct Derived {
    x: i64,
    link: Option<Arc<Link>>,
    name: String,
    more: Option<Arc<Link>>,
    base: Option<Box<Base>>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "test", value)]
enum AnyBase {
    Base(Base),
    Derived(Derived),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "test", value = "custom")]
struct Own {
    a: u8,
    b: f64,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "test", value = "boxed")]
struct Boxed {
    value: Vec<String>,
}

fn link(value: i32) -> Arc<Link> {
    Arc::new(Link { value, next: Some(Box::new(Link { value: -value, next: None })) })
}

fn derived() -> Derived {
    Derived {
        x: 7,
        link: Some(link(1)),
        name: "ж".into(),
        more: Some(link(2)),
        base: Some(Box::new(Base { x: -1, link: None })),
    }
}

/// In both orders and at every alignment, and as a value of a type known at run time only.
fn there_and_back<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: &T) {
    let sets = CodeSets::PREFERRED;
    for order in [ByteOrder::Big, ByteOrder::Little] {
        for start in 0..9 {
            let mut out = CdrEncoder::new(vec![0xaa; start], order, Version::V1_2, sets);
            value.encode(&mut out).unwrap();
            out.u8(99).unwrap();
            let octets = Bytes::from(out.into_bytes());
            let mut from = CdrDecoder::new(&octets, start, order, Version::V1_2, sets, &Limits::default());
            assert_eq!(&T::decode(&mut from).unwrap(), value);
            assert_eq!(from.u8().unwrap(), 99);
            from.end().unwrap();
        }
    }
    let octets = encode_value(value).unwrap();
    let mut dynamic = ValueEncoder::new();
    let mut from = CdrDecoder::encapsulation(&octets, &Limits::default()).unwrap();
    transcode(T::describe(), &mut from, &mut dynamic).unwrap();
    let dynamic = dynamic.finish();
    assert_eq!(to_value(value).unwrap(), dynamic);
    assert_eq!(&from_value::<T>(&dynamic).unwrap(), value);
    let mut out = CdrEncoder::encapsulation(ByteOrder::NATIVE);
    transcode(T::describe(), &mut ValueDecoder::new(&dynamic), &mut out).unwrap();
    assert_eq!(out.into_bytes(), octets);
}

#[test]
fn values_there_and_back() {
    there_and_back(&Option::<Box<Link>>::None);
    there_and_back(&link(3));
    there_and_back(&vec![Some(link(3)), None, Some(link(4))]);
    there_and_back(&Base { x: 5, link: Some(link(1)) });
    there_and_back(&derived());
    there_and_back(&vec![AnyBase::Derived(derived()), AnyBase::Base(Base { x: 1, link: None })]);
    there_and_back(&vec![Some(Arc::new(AnyBase::Derived(derived()))), None]);
    there_and_back(&Boxed { value: vec!["a".into(), String::new()] });
    there_and_back(&(1_u8, Some(Boxed { value: Vec::new() }), 2_u64));
}

#[test]
fn what_is_shared_stays_shared() {
    let leaf = Arc::new(Node { label: "leaf".into(), left: None, right: None });
    let inner = Arc::new(Node { label: "i".into(), left: Some(Arc::clone(&leaf)), right: Some(leaf) });
    let root = Arc::new(Node { label: "r".into(), left: Some(Arc::clone(&inner)), right: Some(inner) });
    there_and_back(&root);
    let octets = encode_value(&vec![Arc::clone(&root), root]).unwrap();
    let back: Vec<Arc<Node>> = decode_value(&octets).unwrap();
    assert!(Arc::ptr_eq(&back[0], &back[1]));
    let child = |node: &Node| node.left.clone().unwrap();
    assert!(Arc::ptr_eq(&child(&back[0]), back[0].right.as_ref().unwrap()));
    assert!(Arc::ptr_eq(&child(&child(&back[0])), back[0].left.as_ref().unwrap().right.as_ref().unwrap()));

    // the same value in places that cannot share it
    let one = link(1);
    let octets = encode_value(&vec![Arc::clone(&one), one]).unwrap();
    let error = decode_value::<Vec<Link>>(&octets).unwrap_err();
    assert!(error.to_string().contains("Arc<T>"), "{error}");
}

/// `valuetype Ring { public Ring next; };`
fn ring() -> TypeRef {
    let knot = Knot::new();
    let mut ty = ValueType::new("Ring", ValueKind::Plain, Vec::new());
    ty.body.fields = vec![Field::new("next".into(), TypeRef::Knot(knot.clone()))].into();
    knot.tie(Type::Value(ty));
    TypeRef::Knot(knot)
}

#[test]
fn a_value_inside_of_itself() {
    let ring = ring();
    let record = |next| Record { name: Some("Ring".into()), fields: vec![("next".into(), next)] };
    let value = Value::Struct(record(Value::Struct(record(Value::Again(0)))));
    let mut out = CdrEncoder::encapsulation(ByteOrder::Little);
    transcode(ring.resolve(), &mut ValueDecoder::new(&value), &mut out).unwrap();
    let octets = Bytes::from(out.into_bytes());
    let mut from = CdrDecoder::encapsulation(&octets, &Limits::default()).unwrap();
    let mut back = ValueEncoder::new();
    transcode(ring.resolve(), &mut from, &mut back).unwrap();
    from.end().unwrap();
    assert_eq!(back.finish(), value);

    #[derive(Debug, Wire)]
    #[wire(crate = "crate::farcall", value)]
    struct Ring {
        next: Option<Arc<Self>>,
    }
    let error = decode_value::<Arc<Ring>>(&octets).unwrap_err();
    assert!(error.to_string().starts_with("next.next: a value of Ring inside of itself"), "{error}");
    let error = decode_value::<Ring>(&octets).unwrap_err();
    assert!(error.to_string().starts_with("next.next: "), "{error}");

    let any = Value::Any(Box::new(Any { ty: ring, value }));
    let octets = encode_value(&any).unwrap();
    let back: Value = decode_value(&octets).unwrap();
    assert_eq!(encode_value(&back).unwrap(), octets);
}

#[test]
fn who_knows_a_base_reads_that_much() {
    let both = (derived(), 12_u8);
    let octets = encode_value(&both).unwrap();
    let (base, after): (Base, u8) = decode_value(&octets).unwrap();
    assert_eq!((base.x, after), (7, 12));
    assert_eq!(base.link, Some(link(1)));
    // nested in another that is in chunks
    let octets = encode_value(&Some(Derived { base: None, more: None, ..derived() })).unwrap();
    assert_eq!(decode_value::<Option<Base>>(&octets).unwrap().unwrap().x, 7);

    let error = decode_value::<Link>(&octets).unwrap_err();
    assert!(error.to_string().contains("IDL:test/Derived:1.0 where Link"), "{error}");
}

#[test]
fn custom_values_are_read_by_their_own_code_only() {
    let own = Own { a: 1, b: 2.5 };
    let octets = encode_value(&own).unwrap();
    assert_eq!(decode_value::<Own>(&octets).unwrap(), own);
    let mut from = CdrDecoder::encapsulation(&octets, &Limits::default()).unwrap();
    let error = transcode(Own::describe(), &mut from, &mut ValueEncoder::new()).unwrap_err();
    assert!(error.to_string().contains("code of its own"), "{error}");
}

/// As §9.3.4 has it: tag, ids, chunks and ends.
#[test]
fn octets_as_the_specification_has_them() {
    let mut out = CdrEncoder::new(Vec::new(), ByteOrder::Big, Version::V1_2, CodeSets::PREFERRED);
    Link { value: 5, next: None }.encode(&mut out).unwrap();
    let id = b"\0\0\0\x12IDL:test/Link:1.0\0\0\0";
    let expected = [b"\x7f\xff\xff\x02".as_slice(), id, b"\0\0\0\x05\0\0\0\0"].concat();
    assert_eq!(out.into_bytes(), expected);

    let mut out = CdrEncoder::new(Vec::new(), ByteOrder::Big, Version::V1_2, CodeSets::PREFERRED);
    let value = Derived { x: 1, link: None, name: "n".into(), more: None, base: None };
    Some(value).encode(&mut out).unwrap();
    let expected = [
        b"\x7f\xff\xff\x0e\0\0\0\x02".as_slice(),
        b"\0\0\0\x15IDL:test/Derived:1.0\0\0\0\0",
        b"\0\0\0\x12IDL:test/Base:1.0\0\0\0",
        b"\0\0\0\x1c\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x02n\0\0\0\0\0\0\0\0\0\0\0",
        b"\xff\xff\xff\xff",
    ]
    .concat();
    assert_eq!(out.into_bytes(), expected);
}

/// Ids that stand elsewhere, text and octets over several chunks, an end for two values at once.
#[test]
fn what_other_orbs_write() {
    #[derive(Debug, PartialEq, Wire)]
    #[wire(crate = "crate::farcall", scope = "test", value)]
    struct Text {
        text: String,
        numbers: Vec<i16>,
        inner: Option<Arc<Inner>>,
    }
    #[derive(Debug, PartialEq, Wire)]
    #[wire(crate = "crate::farcall", scope = "test", value)]
    struct Inner {
        octets: Vec<u8>,
    }
    let octets = [
        b"\0\0\0\0".as_slice(), // big-endian
        b"\x7f\xff\xff\x0a\0\0\0\x12IDL:test/Text:1.0\0\0\0",
        b"\0\0\0\x07\0\0\0\x06hel\0",      // "hel", and padding
        b"\0\0\0\x03lo\0\0",               // "lo"
        b"\0\0\0\x06\0\0\0\x02\0\x01\0\0", // two numbers, the first
        b"\0\0\0\x02\0\x02\0\0",           // the second
        b"\x7f\xff\xff\x0a\0\0\0\x13IDL:test/Inner:1.0\0\0",
        b"\0\0\0\x05\0\0\0\x02a\0\0\0",
        b"\0\0\0\x01b\0\0\0",
        b"\xff\xff\xff\xff", // of both
        // the same id again, where it stood
        b"\x7f\xff\xff\x0a\xff\xff\xff\xff",
        &[0; 4],
    ]
    .concat();
    let at = octets.len();
    let octets = [octets.as_slice(), b"\0\0\0\x0c\0\0\0\0\0\0\0\0\0\0\0\0", b"\xff\xff\xff\xff"].concat();
    // the offset counts from itself back to the id
    let mut octets = octets;
    octets[at - 4..at].copy_from_slice(&(8 - (at as i32 - 4)).to_be_bytes());
    let read: (Text, Text) = decode_value(&octets.into()).unwrap();
    let inner = Some(Arc::new(Inner { octets: b"ab".to_vec() }));
    assert_eq!(read.0, Text { text: "hello".into(), numbers: vec![1, 2], inner });
    assert_eq!(read.1, Text { text: String::new(), numbers: Vec::new(), inner: None });
}

/// A Person whose friend is a Person, both truncatable, as omniORBpy sends it: the list of ids a
/// second time where it stood, one end for both.
#[test]
fn a_request_of_omniorb() {
    #[derive(Debug, PartialEq, Wire)]
    #[wire(crate = "crate::farcall", scope = "kinds", value)]
    struct Named {
        name: String,
    }
    #[derive(Debug, PartialEq, Wire)]
    #[wire(crate = "crate::farcall", scope = "kinds", value = "truncatable", bases("IDL:kinds/Named:1.0"))]
    struct Person {
        name: String,
        age: i32,
        friend: Option<Arc<Self>>,
    }
    let line = include_str!("../../../golden/corba/person-omniorbpy-1.2.hex").trim();
    let octet = |at: usize| u8::from_str_radix(&line[at..at + 2], 16).unwrap();
    let octets: Vec<u8> = (0..line.len()).step_by(2).map(octet).collect();
    let mut framer = Framer::new(&Limits::default());
    framer.buffer().extend_from_slice(&octets);
    let message = framer.next().unwrap().unwrap();
    let (request, at) = Request::read(&message).unwrap();
    assert_eq!(request.operation, "echo_named");
    let read = |at| {
        let mut from = message.decoder(at, CodeSets::DEFAULT, &Limits::default());
        from.begin_params(&Operation::new("echo_named")).unwrap();
        from
    };
    let bob = Person { name: "bob".into(), age: 31, friend: None };
    let ann = Person { name: "ann".into(), age: 30, friend: Some(Arc::new(bob)) };
    let mut from = read(at);
    assert_eq!(Person::decode(&mut from).unwrap(), ann);
    from.end().unwrap();
    let mut from = read(at);
    assert_eq!(Named::decode(&mut from).unwrap(), Named { name: "ann".into() });
    from.end().unwrap();
}

#[test]
fn limits_hold() {
    // links of links
    let mut octets = vec![1_u8, 0, 0, 0];
    for _ in 0..100_000 {
        octets.extend_from_slice(&[0, 0xff, 0xff, 0x7f, 1, 0, 0, 0]);
    }
    let error = decode_value::<Link>(&octets.into()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "depth", .. }), "{error}");
    // a chunk longer than the message, an end of nothing, an indirection to nowhere
    for tail in [
        b"\x08\xff\xff\x7f\xff\xff\xff\x00".as_slice(),
        b"\x08\xff\xff\x7f\xf0\xff\xff\xff",
        b"\x08\xff\xff\x7f\0\0\0\0",
        b"\xff\xff\xff\xff\xf0\xff\xff\xff",
        b"\xff\xff\xff\xff\xfc\xff\xff\xff",
        b"\xff\xff\xff\xff\x04\0\0\0",
        b"\x02\xff\xff\x7f\xff\xff\xff\xff\xf8\xff\xff\xff",
        b"\x06\xff\xff\x7f\x00\0\x01\0",
        // the message ends where a chunk, or the ids of a value, should come
        b"\x08\xff\xff\x7f\x08\0\0\0",
        b"\x08\xff\xff\x7f\x04\0\0\0\0\0\0\0\x0a\xff\xff\x7f",
    ] {
        let octets = [b"\x01\0\0\0".as_slice(), tail].concat();
        assert!(decode_value::<Link>(&octets.into()).is_err(), "{tail:02x?}");
        let octets = [b"\x01\0\0\0".as_slice(), tail, &[0; 8]].concat();
        assert!(decode_value::<Link>(&octets.into()).is_err(), "{tail:02x?}");
    }
}

#[test]
fn long_doubles_fixed_numbers_and_type_codes() {
    for text in ["0.1", "-INF", "1E4000", "0"] {
        there_and_back(&(1_u8, text.parse::<LongDouble>().unwrap(), 2_u8));
    }
    there_and_back(&Fixed::<5, 2>("-123.4".parse().unwrap()));
    there_and_back(&Fixed::<4, 0>("12".parse().unwrap()));
    there_and_back(&TypeCode::from(Type::String));
    there_and_back(&vec![
        TypeCode(TypeRef::Static(Derived::describe)),
        TypeCode(TypeRef::Static(f64::describe)),
    ]);
    // a long double is at a multiple of 8
    let octets = encode_value(&(1_u32, LongDouble::from(1.0))).unwrap();
    assert_eq!(octets.len(), 24);
    let any = Value::Any(Box::new(Any {
        ty: Type::Bounded(Type::String.into(), 9).into(),
        value: Value::from("short"),
    }));
    assert_eq!(decode_value::<Value>(&encode_value(&any).unwrap()).unwrap(), any);
    for value in [Value::LongDouble(LongDouble::from(2.5)), Value::TypeCode(Type::I16.into())] {
        assert_eq!(decode_value::<Value>(&encode_value(&value).unwrap()).unwrap(), value);
    }
}

proptest! {
    #[test]
    fn damaged_values_are_read_or_refused(at in 1_usize..400, octet: u8) {
        let mut octets = encode_value(&vec![derived(), derived()]).unwrap().to_vec();
        let at = at % octets.len();
        octets[at] = octet;
        let octets = Bytes::from(octets);
        let _ = decode_value::<Vec<Option<Arc<AnyBase>>>>(&octets);
        let _ = decode_value::<Vec<Base>>(&octets);
        let any = Any { ty: TypeRef::Static(Vec::<Derived>::describe), value: to_value(&vec![derived()]).unwrap() };
        let mut octets = encode_value(&Value::Any(Box::new(any))).unwrap().to_vec();
        let at = at % octets.len();
        octets[at] = octet;
        if let Ok(value) = decode_value::<Value>(&octets.into()) {
            let _ = encode_value(&value);
        }
    }
}
