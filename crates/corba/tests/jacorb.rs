//! Octets that JacORB 3.9 sent (GIOP 1.2, big-endian, UTF-8 and UTF-16), recorded on loopback.

use bytes::Bytes;
use farcall_corba::cdr::{ByteOrder, CdrDecoder, CodeSets};
use farcall_corba::giop::{Framer, Request};
use farcall_model::Value;
use farcall_wire::{Decoder as _, Limits, json};

/// The operation of a recorded request, and what `read` reads of its parameters, of which nothing is left.
fn recorded<T>(line: &str, read: impl FnOnce(&mut CdrDecoder<'_>) -> T) -> (String, T) {
    let line = line.trim();
    let octet = |at: usize| u8::from_str_radix(&line[at..at + 2], 16).unwrap();
    let octets: Bytes = (0..line.len()).step_by(2).map(octet).collect();
    let limits = Limits::default();
    let mut framer = Framer::new(&limits);
    framer.buffer().extend_from_slice(&octets);
    let message = framer.next().unwrap().unwrap();
    assert_eq!(message.order, ByteOrder::Big);
    let (request, at) = Request::read(&message).unwrap();
    // the body begins at a multiple of 8
    let mut from = message.decoder(at.next_multiple_of(8), CodeSets::PREFERRED, &limits);
    let value = read(&mut from);
    from.end().unwrap();
    (request.operation.to_owned(), value)
}

fn any(line: &str) -> Value {
    let (operation, value) = recorded(line, |from| from.any().unwrap());
    assert_eq!(operation, "any");
    value
}

#[test]
fn a_recursive_struct_with_its_type_code() {
    let tree = any(include_str!("../../../golden/corba/any-tree-jacorb-1.2.hex"));
    let leaf = r#"{"label":"leaf","branches":[]}"#;
    let wanted = format!(r#"{{"label":"root","branches":[{leaf},{{"label":"b","branches":[{leaf}]}}]}}"#);
    assert_eq!(json::write(&tree), wanted);
}

#[test]
fn a_union_with_its_type_code() {
    let polygon = any(include_str!("../../../golden/corba/any-union-jacorb-1.2.hex"));
    assert_eq!(json::write(&polygon), r#"{"polygon":[{"x":0.5,"y":1.0},{"x":2.0,"y":3.0}]}"#);
}

#[test]
fn wide_text() {
    let text = any(include_str!("../../../golden/corba/any-wstring-jacorb-1.2.hex"));
    assert_eq!(json::write(&text), r#""漢字 😀""#);
}

#[test]
fn a_type_code_as_a_value() {
    let ty = any(include_str!("../../../golden/corba/any-typecode-jacorb-1.2.hex"));
    assert!(format!("{ty:?}").contains("Structure"), "{ty:?}");
}

#[test]
fn a_union_with_corners() {
    let line = include_str!("../../../golden/corba/shape-jacorb-1.2.hex");
    let read = |from: &mut CdrDecoder<'_>| {
        (from.i32().unwrap(), from.u32().unwrap(), [0; 4].map(|_| from.f64().unwrap()))
    };
    let (operation, shape) = recorded(line, read);
    assert_eq!((operation.as_str(), shape), ("shape", (2, 2, [0.5, 1.0, 2.0, 3.0])));
}
