//! The numbers of the interoperability list, each from what causes it, and faults in every
//! shape that peers send.

mod common;

use std::sync::Arc;

use common::{answer_octets, ask, call, fault, read, run, server};
use farcall_model::{Record, Value};
use farcall_wire::{Completion, Context, Fault, FaultKind};
use farcall_xmlrpc::fault::{code_of, kind_of};
use farcall_xmlrpc::{Methods, XmlRpcServer};

#[test]
fn not_well_formed_is_32700() {
    for body in [
        "<methodCall>",
        "",
        " ",
        "hello",
        "{\"jsonrpc\": \"2.0\"}",
        "<methodCall><methodName>echo</methodName",
    ] {
        let (code, text) = fault(&server(), body);
        assert_eq!(code, -32700, "{body}: {text}");
        assert!(text.contains("line 1, column "), "{text}");
    }
}

#[test]
fn an_unknown_encoding_is_32701_and_a_wrong_octet_32702() {
    assert_eq!(fault(&server(), "<?xml version='1.0' encoding='x-none'?><methodCall/>").0, -32701);
    assert_eq!(fault(&server(), b"<methodCall><methodName>\xFF</methodName></methodCall>").0, -32702);
}

#[test]
fn well_formed_and_no_call_is_32600() {
    for body in [
        "<methodResponse/>",
        "<methodCall/>",
        "<methodCall></methodCall>",
        "<methodCall><params/></methodCall>",
        "<methodCall><methodName/></methodCall>",
        "<methodCall><methodName> </methodName></methodCall>",
        "<methodCall><methodName>echo</methodName><parameters/></methodCall>",
        "<methodCall><methodName>echo</methodName><params/><params/></methodCall>",
        "<methodCall><methodName>echo</methodName><params><value/></params></methodCall>",
        "<methodCall><methodName>echo</methodName><params><param/></params></methodCall>",
        "<methodCall><methodName>echo</methodName><params><param><int>1</int></param></params></methodCall>",
        "<methodCall><methodName>echo</methodName><params>text</params></methodCall>",
        "<methodCall>text<methodName>echo</methodName></methodCall>",
        "<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'/>",
    ] {
        let (code, text) = fault(&server(), body);
        assert_eq!(code, -32600, "{body}: {text}");
        assert!(text.contains("line 1, column "), "{text}");
    }
}

#[test]
fn an_unknown_method_is_32601_and_says_how_to_find_the_others() {
    let (code, text) = fault(&server(), call("nothing", &[]));
    assert_eq!(code, -32601);
    assert!(text.contains("'nothing'") && text.contains("system.listMethods"), "{text}");
    assert_eq!(fault(&server(), call("Echo", &[])).0, -32601, "names have a case");
    assert_eq!(fault(&server(), call("system.nothing", &[])).0, -32601);
}

#[test]
fn parameters_of_wrong_number_or_type_are_32602() {
    let one = "<value><int>1</int></value>";
    assert_eq!(ask(&server(), call("add", &[one, one])).unwrap(), Value::I32(2));
    for values in [&[][..], &[one], &[one, one, one], &[one, "<value>1</value>"]] {
        let (code, text) = fault(&server(), call("add", values));
        assert_eq!(code, -32602, "{text}");
    }
    for value in [
        "<int>9223372036854775808</int>",
        "<double>INF</double>",
        "<double>NaN</double>",
        "<boolean>maybe</boolean>",
        "<base64>*</base64>",
        "<dateTime.iso8601>never</dateTime.iso8601>",
    ] {
        let (code, text) = fault(&server(), call("echo", &[&format!("<value>{value}</value>")]));
        assert_eq!(code, -32602, "{text}");
        assert!(text.contains("echo: [0]: '") && text.contains("/methodCall/params/param/value"), "{text}");
    }
}

#[test]
fn a_result_that_cannot_be_sent_is_32603_and_says_why() {
    let (code, text) = fault(&server(), call("unsendable", &[]));
    assert_eq!(code, -32603);
    assert!(text.contains("result cannot be sent") && text.contains("infinity"), "{text}");
}

#[test]
fn the_number_of_an_application_is_kept() {
    let (code, text) = fault(&server(), call("fail", &[]));
    assert_eq!(code, 42);
    assert!(text.ends_with("it fails"), "{text}");
    for number in [0, -1, 1, i64::from(i32::MAX), i64::from(i32::MIN), 1 << 40] {
        let methods =
            Methods::new().with("fail", "", move |_, _| async move { Err(Fault::application(number, "x")) });
        let server = XmlRpcServer::new().with_service("", Arc::new(methods));
        assert_eq!(fault(&server, call("fail", &[])).0, number);
    }
}

#[test]
fn every_kind_has_a_number_of_its_own_and_comes_back() {
    use FaultKind as K;
    let kinds = [
        K::Malformed,
        K::Encoding,
        K::InvalidRequest,
        K::UnknownOperation,
        K::UnknownObject,
        K::InvalidParameters,
        K::Unsupported,
        K::Unauthenticated,
        K::Forbidden,
        K::Limit,
        K::Overloaded,
        K::Deadline,
        K::Cancelled,
        K::Transport,
        K::Protocol,
        K::Internal,
        K::Application,
    ];
    let mut codes: Vec<i64> = kinds
        .iter()
        .map(|kind| {
            let code = code_of(&Fault::new(*kind, ""));
            assert_eq!(kind_of(code), *kind);
            assert!((-32768..=-32000).contains(&code), "{kind:?}: {code}");
            code
        })
        .collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), kinds.len());
}

fn response(inner: &str) -> String {
    format!("<methodResponse><fault><value><struct>{inner}</struct></value></fault></methodResponse>")
}

#[test]
fn faults_of_sloppy_peers_are_read() {
    let code = "<member><name>faultCode</name><value><int>4</int></value></member>";
    let text = "<member><name>faultString</name><value>Too many.</value></member>";
    let more = "<member><name>trace</name><value><array/></value></member>";
    for inner in [format!("{code}{text}"), format!("{text}{code}"), format!("{more}{text}{code}")] {
        let fault = read(&response(&inner)).unwrap_err();
        assert_eq!((fault.code(), fault.message()), (Some(4), "Too many."), "{inner}");
        assert!(fault.is_remote());
        assert_eq!((fault.kind(), fault.completion()), (FaultKind::Application, Completion::Yes));
    }
    let texted = "<member><name>faultCode</name><value><string> -32601 </string></value></member>";
    let fault = read(&response(&format!("{texted}{text}"))).unwrap_err();
    assert_eq!((fault.code(), fault.kind()), (Some(-32601), FaultKind::UnknownOperation));
    assert_eq!(fault.completion(), Completion::No);
    assert_eq!(read(&response(text)).unwrap_err().message(), "Too many.");
    assert_eq!(read(&response(code)).unwrap_err().code(), Some(4));
    let broken = std::panic::catch_unwind(|| read(&response(more)));
    assert!(broken.is_err(), "a fault without code and text is no fault");
}

#[test]
fn detail_goes_along_where_the_options_say_so() {
    let detail = Value::Struct(Record::new().with("why", "poor"));
    let methods = Methods::new().with("fail", "", move |_, _| {
        let detail = detail.clone();
        async move { Err(Fault::application(3, "no").with_detail(detail)) }
    });
    let methods = Arc::new(methods);
    let plain = XmlRpcServer::new().with_service("", methods.clone());
    assert!(!answer_octets(&plain, call("fail", &[]), None).contains("poor"));
    let options = farcall_xmlrpc::Options { detail: farcall_xmlrpc::Detail::Member, ..Default::default() };
    let telling = XmlRpcServer::new().with_service("", methods).with_options(options);
    let fault = ask(&telling, call("fail", &[])).unwrap_err();
    assert_eq!(fault.detail().and_then(|d| d.field("why")), Some(&Value::from("poor")));
}

#[test]
fn a_fault_holds_nothing_but_int_and_string() {
    let reply = answer_octets(&server(), call("fail", &[]), None);
    let start = "<?xml version=\"1.0\" encoding=\"utf-8\"?><methodResponse><fault><value><struct>\
                 <member><name>faultCode</name><value><int>42</int></value></member>\
                 <member><name>faultString</name><value><string>";
    assert!(reply.starts_with(start), "{reply}");
    assert!(
        reply.ends_with("</string></value></member></struct></value></fault></methodResponse>"),
        "{reply}"
    );
}

#[test]
fn a_path_that_is_no_service_is_a_fault_that_says_so() {
    for path in ["/nothing", "/RPC2/x", "/echo", "/..", "/%00"] {
        let reply = run(server().answer(path, call("echo", &[]).as_bytes(), None, Context::new()));
        let fault = read(std::str::from_utf8(&reply).unwrap()).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::UnknownObject, "{path}: {fault}");
        assert!(fault.message().contains("/RPC2"), "{fault}");
    }
    for path in ["/", "", "/RPC2", "/RPC2/", "/rpc2"] {
        let reply = run(server().answer(path, call("count", &[]).as_bytes(), None, Context::new()));
        assert_eq!(read(std::str::from_utf8(&reply).unwrap()).unwrap(), Value::I32(0), "{path}");
    }
}
