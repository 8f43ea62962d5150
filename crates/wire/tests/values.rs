//! Standard types through [`Value`] and back, and the JSON form of values.

use std::collections::{BTreeMap, HashMap};

use farcall_model::{Field, Record, StructType, Type, TypeRef, Value};
use farcall_wire::{
    Decode, Encode, ErrorKind, Nillable, ValueDecoder, ValueEncoder, from_value, json, to_value, transcode,
};
use proptest::prelude::*;

fn there_and_back<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: &T) {
    let carried = to_value(value).unwrap();
    assert_eq!(&from_value::<T>(&carried).unwrap(), value);
    let mut copied = ValueEncoder::new();
    transcode(T::describe(), &mut ValueDecoder::new(&carried), &mut copied).unwrap();
    assert_eq!(copied.finish(), carried, "transcode by {}", T::describe());
}

#[test]
fn none_and_empty_containers_stay_what_they_are() {
    there_and_back(&None::<i32>);
    there_and_back(&Vec::<String>::new());
    there_and_back(&BTreeMap::<String, i32>::new());
    there_and_back(&String::new());
    there_and_back(&vec![None, Some(String::new())]);
    assert_eq!(to_value(&BTreeMap::<String, i32>::new()).unwrap(), Value::Map(vec![]));
}

#[test]
fn errors_name_the_place() {
    let value = json::parse(r#"[[1, 2], [3, "x"]]"#).unwrap();
    let error = from_value::<Vec<(i32, i32)>>(&value).unwrap_err();
    assert_eq!(error.to_string(), "[1][1]: 'x' is not a valid i32");
    let error = from_value::<Vec<u8>>(&json::parse("[1, 256]").unwrap()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Type { .. }), "{error}");
    assert!(from_value::<[i32; 3]>(&json::parse("[1, 2]").unwrap()).is_err());
    assert!(from_value::<(i32, i32)>(&json::parse("[1, 2, 3]").unwrap()).is_err());
}

#[test]
fn texts_stand_for_what_json_lacks() {
    assert_eq!(from_value::<Vec<u8>>(&Value::from("AQI=")).unwrap(), [1, 2]);
    assert_eq!(from_value::<u64>(&json::parse("18446744073709551615").unwrap()).unwrap(), u64::MAX);
    assert!(from_value::<HashMap<i32, bool>>(&json::parse(r#"{"7": true}"#).unwrap()).unwrap()[&7]);
    assert_eq!(from_value::<f64>(&json::parse("3").unwrap()).unwrap(), 3.0);
    assert!(from_value::<i32>(&json::parse("3.5").unwrap()).is_err());
    assert!(from_value::<i32>(&json::parse("3e9").unwrap()).is_err());
}

#[test]
fn a_struct_out_of_order_is_written_in_the_order_of_its_type() {
    use farcall_model::{Field, StructType, TypeRef};
    let ty = Type::Struct(StructType::new(
        "P",
        vec![
            Field::new("a".into(), TypeRef::from(Type::I32)),
            Field::new("b".into(), TypeRef::from(Type::Optional(TypeRef::from(Type::I32)))),
            Field::new("c".into(), TypeRef::from(Type::I32)),
        ],
    ));
    let mut out = ValueEncoder::new();
    let given = Value::Struct(Record::new().with("c", 3).with("a", 1));
    transcode(&ty, &mut ValueDecoder::new(&given), &mut out).unwrap();
    let fields = vec![("a".into(), 1.into()), ("b".into(), Value::Nil), ("c".into(), 3.into())];
    assert_eq!(out.finish(), Value::Struct(Record { name: Some("P".into()), fields }));
}

#[test]
fn depth_is_bounded() {
    let mut deep = Value::Nil;
    for _ in 0..200 {
        deep = Value::Sequence(vec![deep]);
    }
    #[derive(Debug)]
    struct Nest(#[allow(dead_code, reason = "only nesting matters")] Vec<Self>);
    impl farcall_wire::Describe for Nest {
        fn describe() -> &'static Type {
            &Type::Any
        }
    }
    impl Decode for Nest {
        fn decode<D: farcall_wire::Decoder>(from: &mut D) -> Result<Self, farcall_wire::CodecError> {
            Vec::decode(from).map(Self)
        }
    }
    let error = from_value::<Nest>(&deep).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "depth", .. }), "{error}");
}

#[test]
fn names_that_look_like_the_forms_of_texts_stay_names() {
    let value = Value::Struct(Record::new().with("$bytes", "not base64"));
    assert_eq!(json::write(&value), r#"{"$$bytes":"not base64"}"#);
    assert_eq!(json::parse(&json::write(&value)).unwrap(), value);
    let several = Value::Struct(Record::new().with("$bytes", "x").with("y", 1));
    assert_eq!(json::parse(&json::write(&several)).unwrap(), several);
    assert!(json::parse(r#"{"$bytes": "not base64"}"#).is_err());
}

proptest! {
    #[test]
    fn any_data_goes_there_and_back(
        data in proptest::collection::vec((any::<i64>(), ".*", proptest::option::of(any::<bool>())), 0..8),
        map in proptest::collection::btree_map(".*", any::<u32>(), 0..8),
    ) {
        there_and_back(&data);
        there_and_back(&map);
    }

    #[test]
    fn any_text_is_json_or_an_error(text in ".*") {
        let _ = json::parse(&text);
    }
}

/// What may be absent and may be nil keeps both apart in a struct, in a list and alone.
#[test]
fn nil_is_not_absent() {
    for value in [Nillable::Absent, Nillable::Nil, Nillable::Value(7_i32)] {
        there_and_back(&value);
        there_and_back(&vec![value, Nillable::Nil, value]);
        let pair = Option::<Option<i32>>::from(value);
        assert_eq!(from_value::<Option<Option<i32>>>(&to_value(&value).unwrap()).unwrap(), pair);
        assert_eq!(Nillable::from(pair), value);
    }
    let optional = TypeRef::from(Type::Optional(TypeRef::from(Type::Optional(TypeRef::from(Type::I32)))));
    let ty = Type::Struct(StructType::new("S", vec![Field::new("a".into(), optional)]));
    for record in [Record::new(), Record::new().with("a", Value::Nil), Record::new().with("a", 7)] {
        let value = Value::Struct(Record { name: Some("S".into()), ..record });
        let mut out = ValueEncoder::new();
        transcode(&ty, &mut ValueDecoder::new(&value), &mut out).unwrap();
        assert_eq!(out.finish(), value);
    }
}
