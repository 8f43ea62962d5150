//! The codec: golden texts, round trips of every type of the model, what other
//! stacks write, and what is refused.

use std::collections::BTreeMap;

use bytes::Bytes;
use farcall::Wire;
use farcall_builtin::echo::{Color, Corner, Shape, Structure, Tree};
use farcall_model::{Date, DateTime, Decimal, Duration, ObjectRef, Record, Time, Value};
use farcall_soap::{decode_element, encode_element};
use farcall_wire::{Decode, Encode, ErrorKind};
use proptest::prelude::*;

const NS: &str = "urn:t";
const XSI: &str = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";

/// The element that a value is written as, without its declarations, after it was read back.
fn there_and_back<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: &T) -> String {
    let xml = encode_element(NS, "v", value).unwrap();
    assert_eq!(&read::<T>(&xml), value, "{xml}");
    let declarations = &xml[4..xml.find('#').map_or(4, |_| 4)];
    let end = xml.find("XMLSchema\"").unwrap() + "XMLSchema\"".len();
    format!("<v{declarations}{}", &xml[end..])
}

fn read<T: Decode>(xml: &str) -> T {
    decode_element(NS, xml).unwrap_or_else(|e| panic!("{xml}: {e}"))
}

fn refused<T: Decode + std::fmt::Debug>(xml: &str) -> farcall_wire::CodecError {
    decode_element::<T>(NS, xml).unwrap_err()
}

/// Fields of every shape that may be absent or empty.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[wire(scope = "urn:t")]
struct Absences {
    text: Option<String>,
    list: Vec<i32>,
    maybe_list: Option<Vec<i32>>,
    nils: Vec<Option<String>>,
    lists: Vec<Vec<i32>>,
    map: BTreeMap<String, Option<i32>>,
    maybe_map: Option<BTreeMap<i32, Vec<String>>>,
    twice: Option<Option<i32>>,
    any: Option<Value>,
    octets: Bytes,
    pair: (Option<i32>, Vec<i32>),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "urn:other")]
struct Foreign {
    inner: Corner,
    more: Vec<Corner>,
}

#[test]
fn golden_texts() {
    assert_eq!(there_and_back(&5_i32), "<v>5</n:v>");
    assert_eq!(there_and_back(&true), "<v>true</n:v>");
    assert_eq!(there_and_back(&"a<b>&c\r".to_owned()), "<v>a&lt;b&gt;&amp;c&#13;</n:v>");
    assert_eq!(there_and_back(&" a ".to_owned()), "<v> a </n:v>");
    assert_eq!(there_and_back(&' '), "<v> </n:v>");
    assert_eq!(there_and_back(&Bytes::from_static(b"\0\x01")), "<v>AAE=</n:v>");
    assert_eq!(there_and_back(&f64::INFINITY), "<v>INF</n:v>");
    assert_eq!(there_and_back(&f32::NEG_INFINITY), "<v>-INF</n:v>");
    assert_eq!(encode_element(NS, "v", &f64::NAN).unwrap().matches(">NaN<").count(), 1);
    assert_eq!(
        there_and_back(&vec![Some(1_i32), None]),
        "<v><n:item>1</n:item><n:item xsi:nil=\"true\"/></n:v>"
    );
    let map = BTreeMap::from([("a<".to_owned(), Some(1_i32)), ("b".to_owned(), None)]);
    assert_eq!(
        there_and_back(&map),
        "<v><n:entry><n:key>a&lt;</n:key><n:value>1</n:value></n:entry>\
         <n:entry><n:key>b</n:key></n:entry></n:v>"
    );
    assert_eq!(there_and_back(&BTreeMap::<String, i32>::new()), "<v></n:v>");
    assert_eq!(there_and_back(&(1_i32, "b".to_owned())), "<v><n:item1>1</n:item1><n:item2>b</n:item2></n:v>");
    assert_eq!(there_and_back(&Color::Green), "<v>green</n:v>");
    let digits: Decimal = "-12345678901234567890.123456789012345678".parse().unwrap();
    assert_eq!(there_and_back(&digits), format!("<v>{digits}</n:v>"));
    let when: DateTime = "1998-07-17T14:08:55.5+05:30".parse().unwrap();
    assert_eq!(there_and_back(&when), "<v>1998-07-17T14:08:55.5+05:30</n:v>");
}

#[test]
fn absent_empty_and_nil_stay_apart() {
    let empty = Absences::default();
    let xml = there_and_back(&empty);
    assert!(
        xml.ends_with("></n1:octets><n1:pair></n1:pair></n:v>") || xml.contains("<n:pair></n:pair>"),
        "{xml}"
    );
    there_and_back(&Absences {
        text: Some(String::new()),
        list: vec![1],
        maybe_list: Some(Vec::new()),
        nils: vec![None, Some(String::new()), None],
        lists: vec![Vec::new(), vec![1, 2], Vec::new()],
        map: BTreeMap::from([(String::new(), None), ("a".into(), Some(1))]),
        maybe_map: Some(BTreeMap::new()),
        twice: Some(None),
        any: Some(Value::Nil),
        octets: Bytes::from_static(b"x"),
        pair: (None, vec![1, 2]),
    });
    there_and_back(&Absences {
        maybe_list: Some(vec![7]),
        maybe_map: Some(BTreeMap::from([(1, Vec::new()), (2, vec!["x".into(), String::new()])])),
        twice: Some(Some(3)),
        any: Some(Value::from("x")),
        pair: (Some(1), Vec::new()),
        ..Absences::default()
    });
    // nil is read as absence too, where the schema allows either
    let read: Absences = read(&format!(
        "<v xmlns='{NS}' {XSI}><text xsi:nil='1'/><maybe_list xsi:nil='true'/><map/><octets/><pair/></v>"
    ));
    assert_eq!(read, empty);
}

#[test]
fn structs_unions_and_trees() {
    let corner = |x| Corner { x, y: -x };
    for shape in [
        Shape::Point,
        Shape::Circle(1.5),
        Shape::Polygon(vec![]),
        Shape::Polygon(vec![corner(1.0), corner(2.0)]),
    ] {
        there_and_back(&shape);
    }
    let leaf = Tree { label: "leaf".into(), branches: Vec::new() };
    there_and_back(&Tree { label: "root".into(), branches: vec![leaf.clone(), leaf] });
    let xml = there_and_back(&Foreign { inner: corner(1.0), more: vec![corner(2.0)] });
    assert!(xml.contains("<n1:inner><n2:x>1.0</n2:x>"), "{xml}");
}

#[test]
fn any_order_any_prefix_comments_and_cdata() {
    let expected =
        Structure { name: "a<b".into(), size: 3, ratio: 0.5, tags: vec!["x".into(), "y".into()], note: None };
    // the scope of these types is a path below the service's namespace
    let ns = "urn:t/farcall";
    for xml in [
        format!(
            "<v xmlns='{ns}'><name>a&lt;b</name><size>3</size><ratio>0.5</ratio><tags>x</tags><tags>y</tags></v>"
        ),
        format!(
            "<p:v xmlns:p='{ns}'>\n <p:tags>x</p:tags>\n <p:tags>y</p:tags> <p:ratio> .5 </p:ratio>\
             <!-- c --><p:size> 3\n</p:size><p:name>a<![CDATA[<]]><!-- c -->b</p:name></p:v>"
        ),
        format!(
            "<v><a:name xmlns:a='{ns}'>a&#60;b</a:name><b:size xmlns:b='{ns}'>3</b:size><b:unknown xmlns:b='u'><size>4</size></b:unknown>\
             <ratio xmlns='{ns}'>5e-1</ratio><a:tags xmlns:a='{ns}'>x</a:tags><b:tags xmlns:b='{ns}'>y</b:tags></v>"
        ),
        // unqualified, as rpc has it
        "<v><name>a&lt;b</name><size>3</size><ratio>0.5</ratio><tags>x</tags><tags>y</tags></v>".to_owned(),
    ] {
        assert_eq!(read::<Structure>(&xml), expected, "{xml}");
    }
    // a prefix that means something else further in
    let trap = format!(
        "<p:v xmlns:p='{ns}'><p:name>n</p:name><p:size xmlns:p='urn:else'>9</p:size><p:size>3</p:size><p:ratio>1</p:ratio></p:v>"
    );
    assert_eq!(read::<Structure>(&trap).size, 3);
}

#[test]
fn errors_say_where() {
    let ns = "urn:t/farcall";
    let xml = format!("<v xmlns='{ns}'>\n<name>n</name><size>many</size><ratio>1</ratio></v>");
    let text = refused::<Structure>(&xml).to_string();
    assert!(text.contains("size: 'many' is not a valid int") && text.contains("line 2, column 15"), "{text}");
    assert!(text.ends_with("/v/size)"), "{text}");
    let error = refused::<Structure>(&format!("<v xmlns='{ns}'><name/><size>1</size></v>"));
    assert_eq!(error.kind(), &ErrorKind::MissingField("ratio".into()));
    let error = refused::<Structure>(&format!("<v xmlns='{ns}'><name/><name/></v>"));
    assert_eq!(error.kind(), &ErrorKind::DuplicateField("name".into()));
    let error = refused::<Structure>(&format!("<v xmlns='{ns}' {XSI}><name xsi:nil='true'/></v>"));
    assert!(error.to_string().contains("expected string, found nil"), "{error}");
    let error = refused::<Shape>("<v><square/></v>");
    assert!(matches!(error.kind(), ErrorKind::UnknownCase { .. }), "{error}");
    let error = refused::<Shape>("<v><circle>1</circle><point/></v>");
    assert!(matches!(error.kind(), ErrorKind::Structure(_)), "{error}");
    let error = refused::<[i32; 3]>("<v><item>1</item></v>");
    assert!(matches!(error.kind(), ErrorKind::Count { found: 1, .. }), "{error}");
    assert!(matches!(refused::<i8>("<v>128</v>").kind(), ErrorKind::Range { .. }));
    assert!(matches!(refused::<i32>("<!DOCTYPE v><v>1</v>").kind(), ErrorKind::Syntax(_)));
    assert!(encode_element(NS, "v", "\0").unwrap_err().to_string().contains("U+0000"));
}

#[test]
fn depth_is_bounded() {
    let deep = |levels: usize| {
        let open = "<n:branches><n:label/>".repeat(levels);
        let close = "</n:branches>".repeat(levels);
        format!("<n:v xmlns:n='urn:t/farcall'><n:label/>{open}{close}</n:v>")
    };
    read::<Tree>(&deep(50));
    assert!(matches!(refused::<Tree>(&deep(5_000)).kind(), ErrorKind::Limit { .. }));
    let nested = format!("<v>{}{}</v>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert!(matches!(refused::<Value>(&nested).kind(), ErrorKind::Limit { .. }));
}

#[test]
fn values_with_their_types() {
    let values = [
        Value::Nil,
        Value::from(true),
        Value::I8(-1),
        Value::U8(1),
        Value::I16(-2),
        Value::U16(2),
        Value::from(3_i32),
        Value::U32(3),
        Value::from(1_i64 << 40),
        Value::U64(u64::MAX),
        Value::from(1.5_f32),
        Value::from(f64::INFINITY),
        Value::from("12345678901234567890.5".parse::<Decimal>().unwrap()),
        Value::from("text"),
        Value::from(""),
        Value::from(Bytes::from_static(b"\xff")),
        Value::from("2026-11-22T00:00:00Z".parse::<DateTime>().unwrap()),
        Value::from("2026-11-22".parse::<Date>().unwrap()),
        Value::from("12:00:01".parse::<Time>().unwrap()),
        Value::from("P1DT1S".parse::<Duration>().unwrap()),
        Value::from(Vec::new()),
        Value::from(vec![Value::from(1_i32), Value::Nil, Value::from(vec![Value::from("x")])]),
        Value::Map(Vec::new()),
        Value::Map(vec![(Value::from("k"), Value::Nil), (Value::from(1_i32), Value::Map(Vec::new()))]),
        Value::from(Record::new().with("a", 1_i32).with("b", Value::Map(Vec::new()))),
        Value::Object(ObjectRef::default().with_address("http://127.0.0.1/")),
    ];
    for value in values {
        let xml = there_and_back(&value);
        assert!(
            value == Value::Nil || matches!(value, Value::Struct(_)) || xml.contains("xsi:type"),
            "{xml}"
        );
    }
}

#[test]
fn what_others_write_for_any() {
    let any = |xml: &str| {
        read::<Value>(&format!(
            "<v {XSI} xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:e='http://schemas.xmlsoap.org/soap/encoding/' \
             xmlns:m='http://xml.apache.org/xml-soap' {xml}</v>"
        ))
    };
    assert_eq!(any(">plain"), Value::from("plain"));
    assert_eq!(any("xsi:type='e:int'> 5 "), Value::from(5_i32));
    assert_eq!(any("xsi:type='x:hexBinary'>00ff"), Value::from(Bytes::from_static(b"\0\xff")));
    assert_eq!(any("xsi:type='x:gYear'>2026"), Value::from("2026"));
    assert_eq!(
        any(
            "xsi:type='m:Map'><item><key xsi:type='x:string'>k</key><value xsi:type='x:int'>1</value></item>"
        ),
        Value::Map(vec![(Value::from("k"), Value::from(1_i32))])
    );
    assert_eq!(
        any("e:arrayType='x:int[1]' xsi:type='e:Array'><i xsi:type='x:int'>1</i>"),
        Value::from(vec![Value::from(1_i32)])
    );
    assert_eq!(
        any("><a>1</a><b>2</b><a>3</a>"),
        Value::from(Record::new().with("a", vec![Value::from("1"), Value::from("3")]).with("b", "2"))
    );
    // an array of rpc/encoded is one element even where a field stands
    assert_eq!(
        read::<Tree>(
            "<v xmlns:e='http://schemas.xmlsoap.org/soap/encoding/'><label>r</label>\
             <branches e:arrayType='Tree[1]'><x><label>l</label></x></branches></v>"
        )
        .branches
        .len(),
        1
    );
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Nil),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("NaN is not itself", |n| !n.is_nan()).prop_map(Value::from),
        "[ -~\\r\\n\u{e9}]{0,12}".prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(|b| Value::from(Bytes::from(b))),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((inner.clone(), inner.clone()), 0..4).prop_map(Value::Map),
            // a struct without fields or with items only is not told from text and sequence
            prop::collection::btree_map("[a-h][a-z.0-9 ]{0,4}", inner, 1..4).prop_map(|fields| {
                let name = Some("Record".to_owned());
                Value::Struct(Record { name, fields: fields.into_iter().collect() })
            }),
        ]
    })
}

/// A field whose name XML has not comes back under the name that it was written as.
fn has_plain_names(value: &Value) -> bool {
    match value {
        Value::Struct(record) => record.fields.iter().all(|(n, v)| !n.contains(' ') && has_plain_names(v)),
        Value::Sequence(items) => items.iter().all(has_plain_names),
        Value::Map(entries) => entries.iter().all(|(k, v)| has_plain_names(k) && has_plain_names(v)),
        _ => true,
    }
}

/// The same document with a comment and white space before every start tag but the first, so that
/// nothing is as the codec predicts.
fn unpredicted(xml: &str) -> String {
    match xml.split_once("><n") {
        Some((first, rest)) => format!("{first}>{}", format!("<n{rest}").replace("<n", "<!-- > -->\n<n")),
        None => xml.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_value_there_and_back(value in value().prop_filter("names", has_plain_names)) {
        let xml = encode_element(NS, "v", &value).unwrap();
        prop_assert_eq!(&decode_element::<Value>(NS, &xml).unwrap(), &value, "{}", xml);
        let other = unpredicted(&xml);
        prop_assert_eq!(decode_element::<Value>(NS, &other).unwrap(), value, "{}", other);
    }

    #[test]
    fn a_struct_there_and_back(
        text in prop::option::of("[ -~\\r\\n\u{e9}]{0,9}"),
        list in prop::collection::vec(any::<i32>(), 0..4),
        lists in prop::collection::vec(prop::collection::vec(any::<i32>(), 0..3), 0..3),
        nils in prop::collection::vec(prop::option::of("[a-z]{0,3}"), 0..4),
        maybe_list in prop::option::of(prop::collection::vec(any::<i32>(), 0..3)),
        map in prop::collection::btree_map("[a-z ]{0,3}", prop::option::of(any::<i32>()), 0..4),
        first in prop::option::of(any::<i32>()),
        second in prop::collection::vec(any::<i32>(), 0..3),
    ) {
        let value = Absences { text, list, lists, nils, maybe_list, map, pair: (first, second), ..Absences::default() };
        let xml = encode_element(NS, "v", &value).unwrap();
        prop_assert_eq!(&decode_element::<Absences>(NS, &xml).unwrap(), &value, "{}", xml);
        let other = unpredicted(&xml);
        prop_assert_eq!(decode_element::<Absences>(NS, &other).unwrap(), value, "{}", other);
    }

    #[test]
    fn any_text_does_no_harm(text in "[<>/a-v&;:='\" !\\[\\]-]{0,60}") {
        let _ = decode_element::<Value>(NS, &text);
        let _ = decode_element::<Structure>(NS, &text);
    }

    #[test]
    fn damaged_elements_do_no_harm(at in 0_usize..600, byte in 0x20_u8..0x7f) {
        let value = Absences { list: vec![1], nils: vec![None], lists: vec![vec![1]], maybe_list: Some(vec![]), ..Absences::default() };
        let mut xml = encode_element(NS, "v", &value).unwrap().into_bytes();
        let at = at % xml.len();
        xml[at] = byte;
        let text = String::from_utf8(xml).unwrap();
        let _ = decode_element::<Absences>(NS, &text);
        let _ = decode_element::<Value>(NS, &text[..at]);
    }
}
