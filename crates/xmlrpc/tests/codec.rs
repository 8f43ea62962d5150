//! The codec: golden texts, round trips of every standard type, and options.

use std::collections::BTreeMap;

use bytes::Bytes;
use farcall_model::{DateTime, Decimal, Record, Value};
use farcall_wire::{Decode, Encode, ErrorKind};
use farcall_xmlrpc::{Nil, Options, Wide, decode_value, encode_value};
use proptest::prelude::*;

fn there_and_back<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: &T) -> String {
    let xml = encode_value(value, Options::default()).unwrap();
    assert_eq!(&decode_value::<T>(&xml, Options::default()).unwrap(), value, "{xml}");
    xml
}

#[test]
fn golden_texts() {
    assert_eq!(there_and_back(&5_i32), "<value><int>5</int></value>");
    assert_eq!(there_and_back(&(1_i64 << 40)), "<value><i8>1099511627776</i8></value>");
    assert_eq!(there_and_back(&1e20), "<value><double>100000000000000000000.0</double></value>");
    assert_eq!(there_and_back(&0.1_f32), "<value><double>0.1</double></value>");
    assert_eq!(
        there_and_back(&"a<b>&c\r".to_owned()),
        "<value><string>a&lt;b&gt;&amp;c&#13;</string></value>"
    );
    assert_eq!(there_and_back(&Bytes::from_static(b"\0\x01")), "<value><base64>AAE=</base64></value>");
    let map = BTreeMap::from([("a<".to_owned(), Some(1_i32)), ("b".to_owned(), None)]);
    assert_eq!(
        there_and_back(&map),
        "<value><struct><member><name>a&lt;</name><value><int>1</int></value></member>\
         <member><name>b</name><value><nil/></value></member></struct></value>"
    );
    let when: DateTime = "1998-07-17T14:08:55".parse().unwrap();
    assert_eq!(
        there_and_back(&when),
        "<value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value>"
    );
}

#[test]
fn containers_keep_what_they_are() {
    there_and_back(&Vec::<String>::new());
    there_and_back(&BTreeMap::<String, i32>::new());
    there_and_back(&BTreeMap::from([(7_i32, vec![true]), (9, vec![])]));
    there_and_back(&BTreeMap::<i32, BTreeMap<String, ()>>::from([(1, BTreeMap::new())]));
    there_and_back(&vec![None, Some(vec![Some("x".to_owned()), None])]);
    there_and_back(&("x".to_owned(), 1_u8, [1.5_f64, -0.0]));
    there_and_back(&"123.4500000000000000000000000000000000000".parse::<Decimal>().unwrap());
    let deep =
        Value::Struct(Record::new().with("list", vec![Value::Nil, Value::from("")]).with("e", Record::new()));
    there_and_back(&deep);
}

#[test]
fn strict_options_name_what_they_refuse() {
    let strict = Options { nil: Nil::Refuse, wide: Wide::Refuse, ..Options::default() };
    let error = encode_value(&vec![Some(1), None], strict).unwrap_err();
    assert!(error.to_string().starts_with("[1]: None cannot be sent"), "{error}");
    let error = encode_value(&vec![1_i64 << 40], strict).unwrap_err();
    assert!(error.to_string().starts_with("[0]: the integer 1099511627776"), "{error}");
    assert!(encode_value(&f64::NAN, strict).is_err());
    assert!(encode_value(&u64::MAX, Options::default()).is_err());
    let error = encode_value(&vec!["ok", "bad\u{1}"], strict).unwrap_err();
    assert!(error.to_string().starts_with("[1]: the character U+0001"), "{error}");
}

#[test]
fn errors_say_where() {
    let xml = "<value><array><data>\n<value><int>1</int></value>\n<value><int>x</int></value></data></array></value>";
    let error = decode_value::<Vec<i32>>(xml, Options::default()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("[1]: 'x' is not a valid int") && text.contains("line 3, column 8"), "{text}");
    assert!(text.contains("/value/array/data/value[2]"), "{text}");
    let error = decode_value::<i32>("<value><int>2147483648</int></value>", Options::default()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Range { .. }));
}

proptest! {
    #[test]
    fn any_text_is_a_value_or_an_error(text in "(<(value|int|array|data|struct|member|name|nil|string)/?>|</(value|int|array|data|struct|member|name|string)>|[a1 ]){0,24}") {
        let _ = decode_value::<Value>(&text, Options::default());
        let _ = decode_value::<BTreeMap<i32, Vec<Option<String>>>>(&text, Options::default());
    }

    #[test]
    fn numbers_keep_their_value(a in any::<f64>().prop_filter("finite", |n| n.is_finite()), b in any::<f32>().prop_filter("finite", |n| n.is_finite()), c in any::<i64>()) {
        there_and_back(&a);
        there_and_back(&b);
        there_and_back(&c);
    }

    #[test]
    fn data_goes_there_and_back(
        data in proptest::collection::vec((any::<i32>(), "[ -~é𝄞\n\t]*", proptest::option::of(any::<bool>())), 0..6),
        map in proptest::collection::btree_map("[ -~]*", proptest::collection::vec(any::<u8>(), 0..50).prop_map(Bytes::from), 0..6),
        pairs in proptest::collection::btree_map(any::<i16>(), "[a-z]*", 0..6),
    ) {
        there_and_back(&data);
        there_and_back(&map);
        there_and_back(&pairs);
    }
}
