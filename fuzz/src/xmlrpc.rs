//! The XML-RPC codec: what is read can be written, and is then read as the same.

use std::collections::BTreeMap;
use std::fmt::Debug;

use farcall_model::{DateTime, Operation, Type, TypeRef, Value};
use farcall_wire::{CodecError, Decode, Dynamic, Invocation as _, Limits, MessageDecoder as _};
use farcall_xmlrpc::{Options, decode_value, encode_value, message};

pub(crate) const WORDS: &[&str] = &[
    "<value>",
    "</value>",
    "<value/>",
    "<int>",
    "</int>",
    "<i4>1</i4>",
    "<i8>",
    "</i8>",
    "<string>",
    "</string>",
    "<double>",
    "</double>",
    "1e308",
    "INF",
    "-0.0",
    "<boolean>1</boolean>",
    "<base64>",
    "</base64>",
    "YWJj\n",
    "=",
    "<dateTime.iso8601>",
    "</dateTime.iso8601>",
    "19980717T14:08:55",
    "+05:30",
    "<array>",
    "</array>",
    "<data>",
    "</data>",
    "<data/>",
    "<struct>",
    "</struct>",
    "<member>",
    "</member>",
    "<name>",
    "</name>",
    "<nil/>",
    "<ex:nil xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"/>",
    "<params>",
    "</params>",
    "<param>",
    "</param>",
    "<methodCall>",
    "</methodCall>",
    "<methodName>",
    "</methodName>",
    "system.multicall",
    "system.listMethods",
    "methodName",
    "params",
    "echo",
    "<methodResponse>",
    "</methodResponse>",
    "<fault>",
    "</fault>",
    "faultCode",
    "faultString",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&#x1D11E;",
    "2147483648",
    "-9223372036854775808",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
    "<!DOCTYPE x>",
];

/// Decodes a value, writes it and decodes what was written.
///
/// # Panics
/// If the two differ, or an error has no place.
pub fn xmlrpc_value(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(value) = check(decode_value::<Value>(text, Options::default()), text) {
        same(&value);
    }
    let slow = unpredictable(text);
    both::<Value>(text, &slow);
    both::<Option<i32>>(text, &slow);
    both::<Vec<i32>>(text, &slow);
    both::<Vec<bool>>(text, &slow);
    both::<Vec<(String, Option<f64>)>>(text, &slow);
    both::<BTreeMap<String, Vec<i64>>>(text, &slow);
    both::<BTreeMap<i32, Value>>(text, &slow);
    both::<Vec<DateTime>>(text, &slow);
    both::<Option<Vec<u8>>>(text, &slow);
}

/// The same document with a space in every tag, so that the decoder's predictions fail and the
/// general reader reads it; none where what looks like a tag may be text.
fn unpredictable(text: &str) -> Option<String> {
    if ["<!", "<?"].iter().any(|other| text.contains(other)) {
        return None;
    }
    let mut slow = text.to_owned();
    for name in [
        "value",
        "int",
        "i4",
        "string",
        "double",
        "boolean",
        "base64",
        "dateTime.iso8601",
        "array",
        "data",
        "struct",
        "member",
        "name",
    ] {
        slow = slow.replace(&format!("<{name}>"), &format!("<{name} >"));
        slow = slow.replace(&format!("</{name}>"), &format!("</{name} >"));
    }
    Some(slow)
}

/// Reads a text with and without prediction, which must agree.
fn both<T: Decode + Debug>(text: &str, slow: &Option<String>) {
    let read = check(decode_value::<T>(text, Options::default()), text);
    if let Some(slow) = slow {
        let general = check(decode_value::<T>(slow, Options::default()), slow);
        assert!(format!("{read:?}") == format!("{general:?}"), "predicted {read:?}, read {general:?}");
    }
}

/// The value; an error must have a place.
fn check<T: Decode>(read: Result<T, CodecError>, text: &str) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(error) => {
            assert!(error.offset().is_some_and(|at| at <= text.len()), "no place: {error}");
            None
        }
    }
}

/// Writing and reading gives the same value and then the same text.
fn same(value: &Value) {
    let Ok(written) = encode_value(value, Options::default()) else { return };
    let again: Value = decode_value(&written, Options::default())
        .unwrap_or_else(|error| panic!("what was written cannot be read: {error}: {written}"));
    let rewritten = encode_value(&again, Options::default())
        .unwrap_or_else(|error| panic!("what was read cannot be written: {error}: {written}"));
    assert_eq!(written, rewritten, "{value:?}");
}

/// Decodes a request and a response.
///
/// # Panics
/// If what was read cannot be written, or an error has no place.
pub fn xmlrpc_message(data: &[u8]) {
    let Ok(text) = message::text(data, None) else { return };
    let limits = Limits::default();
    match read_request(&text, &limits) {
        Ok((name, params)) => rewrite(&name, &params, &limits),
        Err(error) => {
            assert!(error.offset().is_some_and(|at| at <= text.len()), "no place: {error}");
        }
    }
    let operation = Operation::new("any").with_result(TypeRef::from(Type::Any));
    let invocation = Dynamic::new(&operation, &[]);
    match message::decode_response(&text, &invocation, &limits, Options::default()) {
        Ok(Ok(value)) => same(&value),
        Ok(Err(fault)) => {
            let written = message::encode_fault(&fault, Options::default());
            let written = String::from_utf8(written).expect("a fault is UTF-8");
            let again = message::decode_response(&written, &invocation, &limits, Options::default());
            let again = again.expect("a fault can be read").expect_err("a fault stays one");
            assert_eq!(again.code(), fault.code());
        }
        Err(error) => {
            assert!(error.offset().is_some_and(|at| at <= text.len()), "no place: {error}");
        }
    }
}

fn read_request(text: &str, limits: &Limits) -> Result<(String, Vec<Value>), CodecError> {
    let mut request = message::decode_request(text, limits, Options::default())?;
    Ok((request.name.into_owned(), request.params.any_params()?))
}

fn rewrite(name: &str, params: &[Value], limits: &Limits) {
    let operation = Operation::new(name.to_owned());
    let invocation = Dynamic::new(&operation, params);
    let Ok(written) = message::encode_request(name, Options::default(), |out| invocation.write(out)) else {
        return;
    };
    let written = String::from_utf8(written).expect("a request is UTF-8");
    let (again, values) = read_request(&written, limits)
        .unwrap_or_else(|error| panic!("what was written cannot be read: {error}: {written}"));
    assert_eq!((again.as_str(), values.len()), (name, params.len()), "{written}");
}
