//! Traps of writing: what a strict or a stupid peer must be able to read.

mod common;

use std::collections::BTreeMap;

use common::{answer_octets, call, server};
use farcall_model::{Date, DateTime, Decimal, Duration, ObjectRef, Operation, Record, Time, Value};
use farcall_wire::{Encode, ErrorKind, Invocation as _, to_value};
use farcall_xmlrpc::{Nil, Options, Wide, decode_value, encode_value, message};

fn write<T: Encode + ?Sized>(value: &T) -> String {
    encode_value(value, Options::default()).unwrap()
}

#[test]
fn the_encoding_is_declared_in_requests_responses_and_faults() {
    let declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
    let operation = Operation::new("echo");
    let params = [Value::from("é")];
    let invocation = farcall_wire::Dynamic::new(&operation, &params);
    let request = message::encode_request("echo", Options::default(), |out| invocation.write(out)).unwrap();
    let request = String::from_utf8(request).unwrap();
    assert_eq!(
        request,
        format!(
            "{declaration}<methodCall><methodName>echo</methodName><params><param><value><string>é</string></value></param></params></methodCall>"
        )
    );
    assert!(answer_octets(&server(), &request, None).starts_with(declaration));
    assert!(answer_octets(&server(), call("fail", &[]), None).starts_with(declaration));
    assert!(answer_octets(&server(), "", None).starts_with(declaration));
}

#[test]
fn control_characters_are_refused_by_field() {
    for c in ['\0', '\u{1}', '\u{8}', '\u{B}', '\u{C}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
        let text = format!("a{c}b");
        let value = Value::from(vec![Value::Struct(Record::new().with("owner", text.as_str()))]);
        let error = encode_value(&value, Options::default()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unsupported { .. }), "{error}");
        let shown = error.to_string();
        assert!(
            shown.starts_with("[0].owner: ") && shown.contains(&format!("U+{:04X}", u32::from(c))),
            "{shown}"
        );
        let name = Value::Struct(Record::new().with(text.as_str(), 1));
        assert!(encode_value(&name, Options::default()).is_err(), "a name is text as well");
        assert!(encode_value(&BTreeMap::from([(text.clone(), 1)]), Options::default()).is_err());
        assert!(message::encode_request(&text, Options::default(), |_| Ok(())).is_err());
        assert!(encode_value(&c, Options::default()).is_err());
    }
    for c in ['\t', '\n', '\r', '\u{7F}', '\u{85}', '\u{2028}', '\u{FFFD}', '\u{10FFFF}'] {
        let text = format!("a{c}b ");
        assert_eq!(decode_value::<String>(&write(&text), Options::default()).unwrap(), text, "{c:?}");
    }
}

#[test]
fn a_fault_that_quotes_control_characters_is_still_written() {
    let reply = answer_octets(&server(), call("no\u{7F}such &#9; x", &[]), None);
    assert!(reply.contains("faultString"), "{reply}");
    let server =
        farcall_xmlrpc::XmlRpcServer::new().with_service(
            "",
            std::sync::Arc::new(farcall_xmlrpc::Methods::new().with("fail", "", |_, _| async {
                Err(farcall_wire::Fault::application(7, "bad \u{1}\0 <&>"))
            })),
        );
    let (code, text) = common::fault(&server, call("fail", &[]));
    assert_eq!(code, 7);
    assert!(text.contains("\\u{1}") && text.ends_with("<&>"), "{text}");
}

#[test]
fn members_keep_their_order() {
    let names = ["z", "a", "m", "B", "0"];
    let record: Record = names.iter().map(|n| ((*n).to_owned(), Value::from(1))).collect();
    let xml = write(&Value::from(record.clone()));
    let found: Vec<usize> = names.iter().map(|n| xml.find(&format!("<name>{n}</name>")).unwrap()).collect();
    assert!(found.is_sorted(), "{xml}");
    assert_eq!(decode_value::<Value>(&xml, Options::default()).unwrap(), Value::Struct(record));
}

#[test]
fn an_array_always_has_data() {
    assert_eq!(write(&Vec::<i32>::new()), "<value><array><data></data></array></value>");
    assert_eq!(write(&Value::Sequence(vec![])), "<value><array><data></data></array></value>");
    assert_eq!(write(&[Vec::<bool>::new()]).matches("<data>").count(), 2);
    assert_eq!(write(&BTreeMap::<i32, i32>::new()), "<value><array><data></data></array></value>");
    assert_eq!(write(&("a", 1)).matches("<data>").count(), 1);
}

#[test]
fn doubles_have_no_exponent_and_read_back_the_same() {
    for number in [
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.1,
        1e15,
        1e16,
        1e17,
        1e21,
        1e-5,
        1e-7,
        1e300,
        -1e300,
        5e-324,
        f64::MAX,
        f64::MIN,
        f64::EPSILON,
        f64::MIN_POSITIVE,
        123_456_789.123_456_79,
    ] {
        let xml = write(&number);
        let text = xml.trim_start_matches("<value><double>").trim_end_matches("</double></value>");
        assert!(text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.')), "{text}");
        assert!(text.contains('.') && !text.starts_with('.') && !text.ends_with('.'), "{text}");
        assert_eq!(decode_value::<f64>(&xml, Options::default()).unwrap().to_bits(), number.to_bits());
    }
    for number in [0.1_f32, f32::MAX, f32::MIN_POSITIVE, 1e-45, 16_777_217.0] {
        let xml = write(&number);
        assert!(!xml["<value><double>".len()..xml.len() - 17].contains(['e', 'E']), "{xml}");
        assert_eq!(
            decode_value::<f32>(&xml, Options::default()).unwrap().to_bits(),
            number.to_bits(),
            "{xml}"
        );
    }
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for error in [
            encode_value(&vec![number], Options::default()).unwrap_err(),
            encode_value(&Value::from(vec![Value::F64(number)]), Options::default()).unwrap_err(),
            encode_value(&vec![number as f32], Options::default()).unwrap_err(),
        ] {
            assert!(
                error.to_string().starts_with("[0]: ") && error.to_string().contains("infinity"),
                "{error}"
            );
        }
    }
}

#[test]
fn integers_are_int_when_they_fit_and_else_i8() {
    assert_eq!(write(&i32::MAX), "<value><int>2147483647</int></value>");
    assert_eq!(write(&i64::from(i32::MIN)), "<value><int>-2147483648</int></value>");
    assert_eq!(write(&u32::MAX), "<value><i8>4294967295</i8></value>");
    assert_eq!(write(&i64::MIN), "<value><i8>-9223372036854775808</i8></value>");
    assert_eq!(write(&255_u8), "<value><int>255</int></value>");
    let apache = Options { wide: Wide::Apache, ..Options::default() };
    let xml = encode_value(&i64::MAX, apache).unwrap();
    assert!(xml.contains("<ex:i8 xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\">"), "{xml}");
    assert_eq!(decode_value::<i64>(&xml, apache).unwrap(), i64::MAX);
    let strict = Options { wide: Wide::Refuse, ..Options::default() };
    let record = Value::Struct(Record::new().with("size", u64::from(u32::MAX)));
    let error = encode_value(&record, strict).unwrap_err();
    assert!(error.to_string().starts_with("size: the integer 4294967295"), "{error}");
    assert!(encode_value(&i32::MAX, strict).is_ok());
}

#[test]
fn nil_is_written_as_the_options_say() {
    let none = None::<i32>;
    assert_eq!(write(&none), "<value><nil/></value>");
    let apache = Options { nil: Nil::Apache, ..Options::default() };
    let xml = encode_value(&none, apache).unwrap();
    assert!(xml.contains("<ex:nil xmlns:ex="), "{xml}");
    assert_eq!(decode_value::<Option<i32>>(&xml, apache).unwrap(), None);
    let strict = Options { nil: Nil::Refuse, ..Options::default() };
    let record = Value::Struct(Record::new().with("owner", Value::Nil));
    let error = encode_value(&record, strict).unwrap_err();
    assert!(error.to_string().starts_with("owner: None cannot be sent"), "{error}");
}

#[test]
fn a_reference_is_its_url_and_a_nil_one_is_nil() {
    let reference = ObjectRef::new("IDL:A:1.0").with_address("http://127.0.0.1/a?b&c");
    assert_eq!(write(&reference), "<value><string>http://127.0.0.1/a?b&amp;c</string></value>");
    assert_eq!(write(&ObjectRef::default()), "<value><nil/></value>");
    assert_eq!(write(&Value::Object(ObjectRef::default())), "<value><nil/></value>");
    let back: ObjectRef = decode_value(&write(&reference), Options::default()).unwrap();
    assert_eq!(back.addresses, reference.addresses);
    for nil in ["<value><nil/></value>", "<value/>", "<value><string></string></value>"] {
        assert!(decode_value::<ObjectRef>(nil, Options::default()).unwrap().is_nil(), "{nil}");
    }
}

#[test]
fn texts_of_the_model_are_strings() {
    let decimal: Decimal = "-0.10".parse().unwrap();
    assert_eq!(write(&decimal), "<value><string>-0.10</string></value>");
    let date: Date = "2026-11-22".parse().unwrap();
    assert_eq!(write(&date), "<value><string>2026-11-22</string></value>");
    let time: Time = "14:08:55.5".parse().unwrap();
    assert_eq!(write(&time), "<value><string>14:08:55.5</string></value>");
    let duration: Duration = "P1DT2H".parse().unwrap();
    assert_eq!(write(&duration), "<value><string>P1DT2H</string></value>");
    let zoned: DateTime = "2026-11-22T14:08:55.25+05:30".parse().unwrap();
    assert_eq!(
        write(&zoned),
        "<value><dateTime.iso8601>20261122T14:08:55.25+05:30</dateTime.iso8601></value>"
    );
    assert_eq!(decode_value::<DateTime>(&write(&zoned), Options::default()).unwrap(), zoned);
}

#[test]
fn years_before_the_first_keep_their_sign() {
    let ides: DateTime = "-0044-03-15T12:00:00".parse().unwrap();
    assert_eq!(decode_value::<DateTime>(&write(&ides), Options::default()).unwrap(), ides);
}

#[test]
fn empty_things_stay_what_they_are() {
    for (value, xml) in [
        (Value::from(""), "<value><string></string></value>"),
        (Value::Sequence(vec![]), "<value><array><data></data></array></value>"),
        (Value::Struct(Record::new()), "<value><struct></struct></value>"),
        (Value::Bytes(Default::default()), "<value><base64></base64></value>"),
        (Value::Nil, "<value><nil/></value>"),
    ] {
        assert_eq!(write(&value), xml);
        assert_eq!(decode_value::<Value>(xml, Options::default()).unwrap(), value);
    }
    assert_eq!(write(&BTreeMap::<String, i32>::new()), "<value><struct></struct></value>");
}

#[test]
fn keys_of_a_map_are_names_where_they_are_text() {
    assert!(write(&BTreeMap::from([('<', 1)])).contains("<name>&lt;</name>"));
    let nested = BTreeMap::from([(
        "a".to_owned(),
        BTreeMap::from([(1_i32, BTreeMap::from([("b".to_owned(), true)]))]),
    )]);
    assert_eq!(
        decode_value::<BTreeMap<String, BTreeMap<i32, BTreeMap<String, bool>>>>(
            &write(&nested),
            Options::default()
        )
        .unwrap(),
        nested
    );
    let inside = BTreeMap::from([(vec![("x".to_owned(), 1_i32)], "v".to_owned())]);
    assert_eq!(
        decode_value::<BTreeMap<Vec<(String, i32)>, String>>(&write(&inside), Options::default()).unwrap(),
        inside
    );
    let _ = to_value(&nested).unwrap();
}
