//! Abstract interfaces in CDR: objects and values in the same place (CORBA 3.3 part 2, §9.3.7).

use std::sync::Arc;

use bytes::Bytes;
use farcall_corba::cdr::{decode_value, encode_value};
use farcall_corba::giop::{Framer, Request};
use farcall_corba::{ByteOrder, CdrDecoder, CdrEncoder, CodeSets};
use farcall_macros::{Wire, service};
use farcall_model::{Any, ObjectRef, ObjectType, Operation, Record, Type, TypeRef, UnionType, Value};
use farcall_wire::{
    Decode, Decoder as _, Describe, Encode, Encoder as _, Fault, Limits, MessageDecoder as _, Ref, TypeCode,
    ValueDecoder, from_value, json, to_value, transcode,
};

mod farcall {
    pub(crate) use {farcall_model as model, farcall_wire as wire};

    /// What `connect` of a client opens, where there is a facade.
    #[derive(Clone, Debug)]
    pub(crate) struct Connection;

    impl Connection {
        #[allow(dead_code, reason = "nothing is called here")]
        pub(crate) async fn open(_url: &str, _: &'static model::Interface) -> Result<Self, wire::Fault> {
            Ok(Self)
        }
    }
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", value)]
struct Square {
    side: f64,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", value)]
struct Group {
    parts: Vec<AnyShape>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", value)]
enum ShapeValue {
    Square(Square),
    Group(Group),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(
    crate = "crate::farcall",
    scope = "kinds",
    name = "Shape",
    id = "IDL:kinds/Shape:1.0",
    rename_all = "lowercase",
    discriminator = "bool"
)]
enum AnyShape {
    Value(Option<Arc<ShapeValue>>),
    Object(Ref<ShapeClient>),
}

#[service(crate = "crate::farcall", name = "Shape", scope = "kinds", id = "IDL:kinds/Shape:1.0")]
trait Shape {
    async fn area(&self) -> Result<f64, Fault>;
}

fn square() -> AnyShape {
    AnyShape::Value(Some(Arc::new(ShapeValue::Square(Square { side: 2.0 }))))
}

fn group(parts: Vec<AnyShape>) -> AnyShape {
    AnyShape::Value(Some(Arc::new(ShapeValue::Group(Group { parts }))))
}

#[test]
fn octets_of_omniorb() {
    let line = include_str!("../../../golden/corba/shapes-omniorbpy-1.2.hex").trim();
    let octet = |at: usize| u8::from_str_radix(&line[at..at + 2], 16).unwrap();
    let octets: Vec<u8> = (0..line.len()).step_by(2).map(octet).collect();
    let mut framer = Framer::new(&Limits::default());
    framer.buffer().extend_from_slice(&octets);
    let message = framer.next().unwrap().unwrap();
    let (request, at) = Request::read(&message).unwrap();
    assert_eq!(request.operation, "echo_shapes");
    let read = || {
        let mut from = message.decoder(at, CodeSets::DEFAULT, &Limits::default());
        from.begin_params(&Operation::new("echo_shapes")).unwrap();
        from
    };
    let mut from = read();
    let shapes = Vec::<AnyShape>::decode(&mut from).unwrap();
    from.end().unwrap();
    let [AnyShape::Object(object), AnyShape::Value(Some(first)), AnyShape::Value(Some(whole)), none] =
        &*shapes
    else {
        panic!("{shapes:?}")
    };
    assert!(object.object().addresses[0].starts_with("IOR:"), "{object:?}");
    assert_eq!((none, &**first), (&AnyShape::Value(None), &ShapeValue::Square(Square { side: 2.0 })));
    let ShapeValue::Group(Group { parts }) = &**whole else { panic!("{whole:?}") };
    assert!(matches!(&parts[..], [AnyShape::Value(Some(a)), AnyShape::Value(None), AnyShape::Value(Some(b))]
        if Arc::ptr_eq(a, first) && Arc::ptr_eq(b, first)));

    let mut values = farcall_wire::ValueEncoder::new();
    transcode(&Type::Sequence(TypeRef::Static(AnyShape::describe)), &mut read(), &mut values).unwrap();
    let shown = json::write(&values.finish());
    let again = r#"{"value":{"$again":0}}"#;
    let rest =
        format!(r#"{{"value":{{"side":2.0}}}},{{"value":{{"parts":[{again},{{"value":null}},{again}]}}}}"#);
    assert!(shown.ends_with(&format!(r#""}},{rest},{{"value":null}}]"#)), "{shown}");
}

#[test]
fn both_kinds_come_back_in_either_byte_order() {
    let shapes = vec![square(), group(vec![square(), AnyShape::Value(None)]), AnyShape::Object(Ref::nil())];
    for order in [ByteOrder::Big, ByteOrder::Little] {
        let mut out = CdrEncoder::encapsulation(order);
        shapes.encode(&mut out).unwrap();
        let octets = Bytes::from(out.into_bytes());
        let mut from = CdrDecoder::encapsulation(&octets, &Limits::default()).unwrap();
        assert_eq!(Vec::<AnyShape>::decode(&mut from).unwrap(), shapes);
        from.end().unwrap();
    }
}

#[test]
fn the_discriminator_is_true_for_an_object_and_false_for_a_value() {
    let octets = |shape: &AnyShape| {
        let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
        shape.encode(&mut out).unwrap();
        out.into_bytes()
    };
    // a boolean, then a nil reference: no type id and no profile
    assert_eq!(octets(&AnyShape::Object(Ref::nil())), b"\0\x01\0\0\0\0\0\x01\0\0\0\0\0\0\0\0");
    // a boolean, then a null value
    assert_eq!(octets(&AnyShape::Value(None)), b"\0\0\0\0\0\0\0\0");
    assert_eq!(octets(&square())[..8], *b"\0\0\0\0\x7f\xff\xff\x02");
}

#[test]
fn a_type_code_is_that_of_an_abstract_interface() {
    let ty = TypeCode(TypeRef::Static(AnyShape::describe));
    let octets = encode_value(&ty).unwrap();
    let mut from = CdrDecoder::encapsulation(&octets, &Limits::default()).unwrap();
    // tk_abstract_interface
    assert_eq!(from.u32().unwrap(), 32);
    let TypeCode(back) = decode_value(&octets).unwrap();
    let Type::Union(back) = back.exact() else { panic!("{back:?}") };
    let shape = ObjectType { interface: "Shape".into(), repository_id: Some("IDL:kinds/Shape:1.0".into()) };
    assert_eq!(back.abstract_interface(), Some(&shape));
    assert_eq!((&*back.scope, &*back.name), ("kinds", "Shape"));
    // and written again as it was
    let mut again = CdrEncoder::encapsulation(ByteOrder::NATIVE);
    again.type_code(&Type::Union(back.clone()).into()).unwrap();
    assert_eq!(again.into_bytes(), *octets);
}

#[test]
fn an_any_holds_an_object_or_nil_but_no_value_of_an_unknown_type() {
    let any = |shape: &AnyShape| {
        let value = to_value(shape).unwrap();
        let any = Value::Any(Box::new(Any { ty: TypeRef::Static(AnyShape::describe), value }));
        let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
        out.any(&any).unwrap();
        let octets = Bytes::from(out.into_bytes());
        let mut from = CdrDecoder::encapsulation(&octets, &Limits::default()).unwrap();
        from.any().map_err(|e| e.to_string())
    };
    assert_eq!(json::write(&any(&AnyShape::Value(None)).unwrap()), r#"{"value":null}"#);
    let error = any(&square()).unwrap_err();
    assert!(error.contains("IDL:kinds/Square:1.0"), "{error}");
}

#[test]
fn a_value_or_reference_stands_for_itself() {
    let shape = |text: &str| from_value::<AnyShape>(&json::parse(text).unwrap());
    assert_eq!(shape("null").unwrap(), AnyShape::Value(None));
    assert_eq!(shape(r#"{"side":2.0}"#).unwrap(), square());
    assert_eq!(shape(r#"{"value":{"side":2.0}}"#).unwrap(), square());
    assert_eq!(
        shape(r#"{"parts":[{"side":2.0},null]}"#).unwrap(),
        group(vec![square(), AnyShape::Value(None)])
    );
    let there = AnyShape::Object(Ref::new("corbaloc::h/there"));
    assert_eq!(shape(r#""corbaloc::h/there""#).unwrap(), there);
    assert_eq!(shape(r#"{"object":"corbaloc::h/there"}"#).unwrap(), there);
    let object = Value::Object(ObjectRef::new("IDL:kinds/Shape:1.0").with_address("corbaloc::h/there"));
    assert_eq!(from_value::<AnyShape>(&object).unwrap(), there);
    let named = Record { name: Some("Square".into()), ..Record::new() }.with("side", 2.0);
    assert_eq!(from_value::<AnyShape>(&Value::from(named)).unwrap(), square());
    assert!(shape(r#"{"corner":2.0}"#).is_err());
    let other = Value::from(Record { name: Some("Other".into()), ..Record::new() }.with("side", 2.0));
    assert!(from_value::<AnyShape>(&other).is_err());
    let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
    assert!(transcode(AnyShape::describe(), &mut ValueDecoder::new(&other), &mut out).is_err());
}

#[test]
fn no_other_union_is_taken_for_one() {
    let Type::Union(shape) = AnyShape::describe() else { panic!() };
    assert!(shape.abstract_interface().is_some());
    let named = UnionType { repository_id: Some("IDL:kinds/Other:1.0".into()), ..shape.clone() };
    assert!(named.abstract_interface().is_none());
    let unnamed = UnionType { repository_id: None, ..shape.clone() };
    assert!(unnamed.abstract_interface().is_none());
    let counted = UnionType { discriminator: Type::I32.into(), ..shape.clone() };
    assert!(counted.abstract_interface().is_none());
}
