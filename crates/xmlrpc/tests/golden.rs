//! Requests captured from foreign clients (`golden/README.md` says which) mean what was sent.

use bytes::Bytes;
use farcall_model::{Record, Value};
use farcall_wire::{Limits, MessageDecoder as _};
use farcall_xmlrpc::message;

fn params(file: &str) -> Vec<Value> {
    let path = format!("{}/../../golden/xmlrpc/{file}.xml", env!("CARGO_MANIFEST_DIR"));
    let octets = std::fs::read(path).unwrap();
    let text = message::text(&octets, None).unwrap();
    let mut request = message::decode_request(&text, &Limits::default(), Default::default()).unwrap();
    assert_eq!(request.name, "echo");
    request.params.any_params().unwrap()
}

fn sent() -> Record {
    Record::new()
        .with("text", "a < b & é")
        .with("number", -7)
        .with("ratio", 0.5)
        .with("flag", true)
        .with("none", Value::Nil)
        .with("list", vec![Value::I32(1), Value::from(""), Value::Sequence(vec![])])
        .with("empty", Record::new())
        .with("octets", Bytes::from_iter(0..70))
        .with("date", Value::DateTime("19980717T14:08:55".parse().unwrap()))
}

/// Without the order of members, which Perl does not keep.
fn sorted(mut record: Record) -> Record {
    record.fields.sort_by(|a, b| a.0.cmp(&b.0));
    record
}

fn only_struct(file: &str) -> Record {
    let mut params = params(file);
    match (params.pop(), params.is_empty()) {
        (Some(Value::Struct(record)), true) => record,
        other => panic!("{file}: {other:?}"),
    }
}

#[test]
fn python_and_ruby_keep_the_order() {
    assert_eq!(only_struct("python-xmlrpc.client"), sent());
    assert_eq!(only_struct("ruby-xmlrpc"), sent());
}

#[test]
fn perl_sends_the_same_in_an_order_of_its_own() {
    assert_eq!(sorted(only_struct("perl-rpc-xml")), sorted(sent()));
}

#[test]
fn php_sends_what_it_can() {
    let mut expected = sent();
    expected.fields.retain(|(name, _)| name != "none" && name != "empty");
    assert_eq!(only_struct("php-xmlrpc"), expected);
}

#[test]
fn the_tool_of_xmlrpc_c_sends_each_type() {
    let expected = [
        Value::from("a < b & é"),
        Value::I32(-7),
        Value::F64(0.5),
        Value::Bool(true),
        Value::Nil,
        Value::from("a/(i/1)"),
        Value::I64(5_000_000_000),
        Value::Bytes(Bytes::from_static(&[0x00, 0xff])),
    ];
    assert_eq!(params("xmlrpc-c-tool"), expected);
}
