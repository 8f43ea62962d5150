//! Octets that JacORB 3.9 sent (GIOP 1.2, big-endian, UTF-8 and UTF-16), recorded on loopback.

use std::time::Duration;

use bytes::Bytes;
use farcall_corba::cdr::{ByteOrder, CdrDecoder, CodeSets};
use farcall_corba::giop::{Framer, Message, Request, ServiceContexts, context_id};
use farcall_model::{DateTime, Value};
use farcall_wire::{Decoder as _, Limits, json};

fn message(line: &str) -> Message {
    let line = line.trim();
    let octet = |at: usize| u8::from_str_radix(&line[at..at + 2], 16).unwrap();
    let octets: Bytes = (0..line.len()).step_by(2).map(octet).collect();
    let mut framer = Framer::new(&Limits::default());
    framer.buffer().extend_from_slice(&octets);
    let message = framer.next().unwrap().unwrap();
    assert_eq!(message.order, ByteOrder::Big);
    message
}

/// The operation of a recorded request, and what `read` reads of its parameters, of which nothing is left.
fn recorded<T>(line: &str, read: impl FnOnce(&mut CdrDecoder<'_>) -> T) -> (String, T) {
    let limits = Limits::default();
    let message = message(line);
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

#[test]
fn until_when_a_reply_is_taken() {
    let message = message(include_str!("../../../golden/corba/slow-until-jacorb-1.2.hex"));
    let (request, _) = Request::read(&message).unwrap();
    assert_eq!(request.operation, "slow");
    let end = request.contexts.end().unwrap();
    assert_eq!(DateTime::from_system_time(end).to_string(), "2026-11-22T23:38:44.663Z");
    assert_eq!(request.contexts.left(end - Duration::from_millis(1500)), Some(Duration::from_millis(1500)));
    // ours are the same octets
    let ours = ServiceContexts::default().with_end(end);
    assert_eq!(
        ours.find(context_id::INVOCATION_POLICIES),
        request.contexts.find(context_id::INVOCATION_POLICIES)
    );
}
