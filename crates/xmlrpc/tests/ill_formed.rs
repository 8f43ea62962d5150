//! Messages that are broken, in every place, and messages that mean harm: an
//! error with a place, never a panic, a hang or a wrong value.

mod common;

use std::time::{Duration, Instant};

use common::{answer_octets, ask, call, fault, read, server};
use farcall_model::{Operation, Type, TypeRef, Value};
use farcall_wire::{Decode as _, Dynamic, ErrorKind, Limits, MessageDecoder as _};
use farcall_xmlrpc::{Options, XmlRpcDecoder, decode_value, message};

/// A request with a bit of everything.
const TELLING: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- c --><methodCall><methodName>echo</methodName><params>\
    <param><value><struct><member><name>a&amp;b</name><value><array><data><value><int>-12</int></value><value>x &#x1D11E;</value>\
    <value><double>1.5</double></value></data></array></value></member><member><name>d</name><value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value></member>\
    <member><name>e</name><value><base64>AAEC</base64></value></member></struct></value></param>\
    <param><value><ex:nil xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"/></value></param>\
    <param><value><![CDATA[é<]]></value></param><param><value><boolean>1</boolean></value></param></params></methodCall>";

const RESPONSE: &str = "<?xml version=\"1.0\"?><methodResponse><params><param><value><array><data><value><i8>5</i8></value>\
    <value/></data></array></value></param></params></methodResponse>";

const FAULT: &str = "<?xml version=\"1.0\"?><methodResponse><fault><value><struct><member><name>faultCode</name><value><int>4</int></value></member>\
    <member><name>faultString</name><value><string>Too many.</string></value></member></struct></value></fault></methodResponse>";

/// Reads a request to its end, by our own reader.
fn decode(octets: &[u8]) -> Result<(String, Vec<Value>), farcall_wire::CodecError> {
    let text = message::text(octets, None)?;
    let mut request = message::decode_request(&text, &Limits::default(), Options::default())?;
    Ok((request.name.into_owned(), request.params.any_params()?))
}

fn decode_response(text: &str) -> Result<Result<Value, farcall_wire::Fault>, farcall_wire::CodecError> {
    let operation = Operation::new("any").with_result(TypeRef::from(Type::Any));
    message::decode_response(text, &Dynamic::new(&operation, &[]), &Limits::default(), Options::default())
}

#[test]
fn a_request_cut_off_anywhere_is_refused_with_a_place() {
    let (whole, _) = decode(TELLING.as_bytes()).map(|(name, values)| (values, name)).unwrap();
    assert_eq!(whole.len(), 4);
    let server = server();
    for end in 0..TELLING.len() {
        let cut = &TELLING.as_bytes()[..end];
        let error = decode(cut).expect_err(&String::from_utf8_lossy(cut));
        assert!(error.offset().is_some_and(|at| at <= end), "{end}: {error}");
        let (code, text) = fault(&server, cut);
        assert!([-32700, -32702, -32600].contains(&code), "{end}: {code} {text}");
        assert!(text.contains("byte "), "{end}: {text}");
    }
}

#[test]
fn a_response_cut_off_anywhere_is_refused_with_a_place() {
    for whole in [RESPONSE, FAULT] {
        assert!(decode_response(whole).is_ok());
        for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            let error =
                decode_response(&whole[..end]).err().unwrap_or_else(|| panic!("read: {}", &whole[..end]));
            assert!(error.offset().is_some_and(|at| at <= end), "{end}: {error}");
        }
        decode_response(&format!("{whole}<!-- end -->\n")).unwrap().ok();
        decode_response(&format!("{whole}<x/>")).expect_err("something follows");
        decode_response(&format!("{whole}x")).expect_err("something follows");
    }
}

#[test]
fn every_deletion_doubling_and_change_of_one_byte_is_answered() {
    let server = server();
    let bytes = TELLING.as_bytes();
    let mut wrong = 0;
    for at in 0..bytes.len() {
        let mut deleted = bytes.to_vec();
        deleted.remove(at);
        let mut doubled = bytes.to_vec();
        doubled.insert(at, bytes[at]);
        let mut changed = vec![deleted, doubled];
        for byte in [b'<', b'>', b'&', b'"', 0, 0xFF, b' '] {
            let mut other = bytes.to_vec();
            other[at] = byte;
            changed.push(other);
        }
        for message in changed {
            match decode(&message) {
                Ok(_) => {}
                Err(error) => {
                    wrong += 1;
                    assert!(error.offset().is_some_and(|o| o <= message.len()), "{at}: {error}");
                }
            }
            // whatever it was, the reply can be read
            let _ = read(&answer_octets(&server, &message, None));
        }
    }
    assert!(wrong > bytes.len(), "most changes are errors: {wrong}");
    for whole in [RESPONSE, FAULT] {
        for at in 0..whole.len() {
            let mut deleted = whole.to_owned();
            deleted.remove(at);
            if let Err(error) = decode_response(&deleted) {
                assert!(error.offset().is_some(), "{at}: {error}: {deleted}");
            }
        }
    }
}

#[test]
fn tags_that_do_not_match_are_fault_32700() {
    for body in [
        "<methodCall><methodName>echo</methodName></methodcall>",
        "<methodCall><methodName>echo</methodCall></methodName>",
        "<methodCall><methodName>echo</methodName><params></methodCall>",
        "<methodCall a=1><methodName>echo</methodName></methodCall>",
        "<methodCall a='1' a='2'><methodName>echo</methodName></methodCall>",
        "<methodCall><methodName>echo</methodName></methodCall><methodCall/>",
        "<methodCall><methodName>echo & co</methodName></methodCall>",
        "<methodCall><methodName>echo</methodName><!-- </methodCall>",
        "<1/>",
        "<",
    ] {
        let (code, text) = fault(&server(), body);
        assert_eq!(code, -32700, "{body}: {text}");
        assert!(text.contains("line 1"), "{text}");
    }
}

fn nested(levels: usize) -> String {
    let value =
        format!("{}1{}", "<value><array><data>".repeat(levels), "</data></array></value>".repeat(levels));
    let value = value.replacen("<data>1<", "<data><value>1</value><", 1);
    call("count", &[&value])
}

#[test]
fn deep_nesting_is_bounded_and_named() {
    assert_eq!(ask(&server(), nested(128)).unwrap(), Value::I32(1));
    for levels in [129, 1_000, 100_000] {
        let begun = Instant::now();
        let (code, text) = fault(&server(), nested(levels));
        assert_eq!(code, -32003, "{text}");
        assert!(text.contains("'depth' of 128"), "{text}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }
    for open in ["<value><array>", "<value><struct><member><name>a</name>", "<a>", "<value>"] {
        let body = call("count", &[&open.repeat(100_000)]);
        let (code, _) = fault(&server(), body);
        assert!([-32003, -32600, -32700].contains(&code), "{open}: {code}");
    }
    // a caller that means it can raise the limit
    let text = nested(400);
    let limits = Limits::default().with_depth(400);
    let mut request = message::decode_request(&text, &limits, Options::default()).unwrap();
    assert_eq!(request.params.any_params().unwrap().len(), 1);
}

#[test]
fn what_is_skipped_is_bounded_too() {
    // an unknown member of a struct, and a parameter too many
    let deep =
        format!("{}{}", "<value><array><data>".repeat(100_000), "</data></array></value>".repeat(100_000));
    let error = decode_value::<()>(&deep, Options::default()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "depth", .. }), "{error}");
}

#[test]
fn the_number_of_elements_is_bounded() {
    let body =
        call("count", &[&format!("<value><array><data>{}</data></array></value>", "<value/>".repeat(2_000))]);
    let limits = Limits::default().with_elements(1_000);
    let mut request = message::decode_request(&body, &limits, Options::default()).unwrap();
    let error = request.params.any_params().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "elements", limit: 1_000 }), "{error}");
}

#[test]
fn the_number_of_elements_is_bounded_for_predicted_texts_too() {
    let items = "<value><string>1</string></value>".repeat(2_000);
    let text = format!("<value><array><data>{items}</data></array></value>");
    let limits = Limits::default().with_elements(1_000);
    let mut from = XmlRpcDecoder::fragment(&text, &limits, Options::default());
    let error = Vec::<String>::decode(&mut from).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "elements", .. }), "{error}");
}

#[test]
fn a_document_type_is_refused_outright_and_no_entity_expands() {
    let begun = Instant::now();
    let laughs: String =
        (1..10).map(|i| format!("<!ENTITY l{i} \"{}\">", format!("&l{};", i - 1).repeat(10))).collect();
    for body in [
        format!("<!DOCTYPE x [<!ENTITY l0 \"lol\">{laughs}]>{}", call("echo", &["<value>&l9;</value>"])),
        format!(
            "<?xml version='1.0'?><!DOCTYPE methodCall SYSTEM \"file:///etc/passwd\">{}",
            call("echo", &[])
        ),
        format!(
            "<!DOCTYPE methodCall [<!ENTITY % a SYSTEM \"http://127.0.0.1:1/\"> %a;]>{}",
            call("echo", &[])
        ),
        format!("<!DOCTYPE methodCall>{}", call("echo", &[])),
    ] {
        let (code, text) = fault(&server(), &body);
        assert_eq!(code, -32700, "{text}");
        assert!(text.contains("document type declarations are refused"), "{text}");
    }
    assert_eq!(fault(&server(), call("echo", &["<value>&l9;</value>"])).0, -32700);
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_name_or_an_attribute_of_a_megabyte_is_no_matter() {
    let begun = Instant::now();
    let long = "a".repeat(1 << 20);
    for body in [
        call(&long, &[]),
        call("echo", &[&format!("<{long}/>")]),
        call("echo", &[&format!("<value a='{long}'>x</value>")]),
        call("echo", &[&format!("<value xmlns:{long}='urn:x'>x</value>")]),
        call("echo", &[&format!("<value>&{long};</value>")]),
        call("echo", &[&format!("<value><int>{long}</int></value>")]),
        call("echo", &[&format!("<value><dateTime.iso8601>{long}</dateTime.iso8601></value>")]),
        call("echo", &[&format!("<value><double>{}</double></value>", "9".repeat(1 << 20))]),
    ] {
        let about: String = body.chars().take(150).collect();
        let reply = answer_octets(&server(), body, None);
        // what comes from the message is shortened in the fault
        assert!(reply.len() < 10_000 || read(&reply).is_ok(), "{} octets: {about}", reply.len());
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
