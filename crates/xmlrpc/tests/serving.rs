//! What one server offers: introspection, several services at one URL and at their own,
//! methods that are closures, and names that nobody registered.

mod common;

use std::sync::Arc;

use common::{ask, call, fault, methods, read, run, server};
use farcall_model::{Operation, Param, Type, TypeRef, Value};
use farcall_wire::{CodecError, Context, Decode, Encode, Fault, Limits, Typed};
use farcall_xmlrpc::{Methods, Options, XmlRpcServer, message};

fn texts(value: Value) -> Vec<String> {
    farcall_wire::from_value(&value).unwrap()
}

fn string(text: &str) -> String {
    format!("<value><string>{text}</string></value>")
}

fn at(server: &XmlRpcServer, path: &str, method: &str) -> Result<Value, Fault> {
    let reply = run(server.answer(path, call(method, &[]).as_bytes(), None, Context::new()));
    read(std::str::from_utf8(&reply).unwrap())
}

fn saying(text: &'static str) -> Methods {
    Methods::new().with("who", "Says who it is.", move |_, _| async move { Ok(Value::from(text)) })
}

#[test]
fn introspection_tells_names_signatures_and_help() {
    let names = texts(ask(&server(), call("system.listMethods", &[])).unwrap());
    assert!(names.is_sorted(), "{names:?}");
    for name in [
        "add",
        "echo",
        "system.listMethods",
        "system.methodHelp",
        "system.methodSignature",
        "system.getCapabilities",
        "system.multicall",
    ] {
        assert!(names.iter().any(|n| n == name), "{name}");
        // all that is listed can be described, and describes itself in the same way
        let help = ask(&server(), call("system.methodHelp", &[&string(name)])).unwrap();
        assert!(!help.as_str().unwrap().is_empty(), "{name}");
    }
    let signature = ask(&server(), call("system.methodSignature", &[&string("add")])).unwrap();
    let shapes: Vec<Vec<String>> = farcall_wire::from_value(&signature).unwrap();
    assert_eq!(shapes, [["int", "int", "int"]]);
    let help = ask(&server(), call("system.methodHelp", &[&string("add")])).unwrap();
    assert_eq!(help.as_str(), Some("Adds two numbers."));
    let abilities = ask(&server(), call("system.getCapabilities", &[])).unwrap();
    for name in ["xmlrpc", "introspection", "faults_interop", "system.multicall", "nil"] {
        let ability = abilities.field(name).unwrap_or_else(|| panic!("{name}"));
        assert!(ability.field("specUrl").and_then(Value::as_str).unwrap().starts_with("http"), "{name}");
        assert!(ability.field("specVersion").and_then(Value::as_i64).is_some(), "{name}");
    }
}

#[test]
fn optional_parameters_give_a_signature_each() {
    let optional = TypeRef::from(Type::Optional(TypeRef::from(Type::Bool)));
    let operation = Operation::new("open")
        .with_param(Param::new("owner", TypeRef::from(Type::String)))
        .with_param(Param::new("vip", optional))
        .with_result(TypeRef::from(Type::Bytes));
    let methods = Methods::new().with_operation(operation, |_, _| async { Ok(Value::Nil) });
    let server = XmlRpcServer::new().with_service("bank", Arc::new(methods));
    let told = ask(&server, call("system.methodSignature", &[&string("bank.open")])).unwrap();
    let mut shapes: Vec<Vec<String>> = farcall_wire::from_value(&told).unwrap();
    shapes.sort();
    assert_eq!(shapes, [vec!["base64", "string"], vec!["base64", "string", "boolean"]]);
}

#[test]
fn introspection_of_what_is_not_there_is_a_fault() {
    for method in ["system.methodHelp", "system.methodSignature"] {
        assert_eq!(fault(&server(), call(method, &[&string("nothing")])).0, -32601);
        assert_eq!(fault(&server(), call(method, &[])).0, -32602);
        assert_eq!(fault(&server(), call(method, &["<value><int>1</int></value>"])).0, -32602);
        assert_eq!(fault(&server(), call(method, &[&string("add"), &string("echo")])).0, -32602);
    }
    assert_eq!(fault(&server(), call("system.listMethods", &[&string("x")])).0, -32602);
}

#[test]
fn several_services_answer_at_one_url_and_each_at_its_own() {
    let server = XmlRpcServer::new()
        .with_service("a", Arc::new(saying("a")))
        .with_service("b", Arc::new(saying("b")))
        .with_service("a.deep", Arc::new(saying("a.deep")));
    for name in ["a", "b", "a.deep"] {
        let who = Value::from(name);
        assert_eq!(at(&server, "/RPC2", &format!("{name}.who")).unwrap(), who);
        assert_eq!(at(&server, "/", &format!("{name}.who")).unwrap(), who);
        assert_eq!(at(&server, &format!("/{name}"), "who").unwrap(), who);
        assert_eq!(at(&server, &format!("/{name}/"), &format!("{name}.who")).unwrap(), who);
    }
    assert_eq!(at(&server, "/RPC2", "who").unwrap_err().code(), Some(-32601));
    assert_eq!(at(&server, "/a", "b.who").unwrap_err().code(), Some(-32601), "b is not at a's place");
    assert_eq!(at(&server, "/b", "a.deep.who").unwrap_err().code(), Some(-32601));
    let all = texts(at(&server, "/RPC2", "system.listMethods").unwrap());
    assert!(["a.who", "b.who", "a.deep.who"].iter().all(|n| all.iter().any(|m| m == n)), "{all:?}");
    let own = texts(at(&server, "/b", "system.listMethods").unwrap());
    assert_eq!(own.iter().filter(|n| !n.starts_with("system.")).collect::<Vec<_>>(), ["who"]);
}

#[test]
fn a_service_without_a_name_has_no_prefix() {
    let server = XmlRpcServer::new()
        .with_service("", Arc::new(saying("plain")))
        .with_service("x", Arc::new(saying("x")));
    assert_eq!(at(&server, "/RPC2", "who").unwrap(), Value::from("plain"));
    assert_eq!(at(&server, "/RPC2", "x.who").unwrap(), Value::from("x"));
    assert_eq!(at(&server, "/x", "who").unwrap(), Value::from("x"));
}

#[test]
fn a_service_that_is_added_again_is_replaced() {
    let old = Methods::new().with("gone", "", |_, _| async { Ok(Value::Nil) });
    let server =
        XmlRpcServer::new().with_service("s", Arc::new(old)).with_service("s", Arc::new(saying("new")));
    assert_eq!(at(&server, "/", "s.who").unwrap(), Value::from("new"));
    assert_eq!(at(&server, "/", "s.gone").unwrap_err().code(), Some(-32601));
}

fn catching(text: &'static str) -> Methods {
    saying(text).with_catch_all(move |_, name, params| async move {
        Ok(Value::from(format!("{text}:{name}:{}", params.len())))
    })
}

#[test]
fn a_catch_all_answers_other_names_and_no_known_one() {
    let server = XmlRpcServer::new()
        .with_service("", Arc::new(catching("all")))
        .with_service("some", Arc::new(catching("some")))
        .with_service("none", Arc::new(saying("none")));
    assert_eq!(at(&server, "/", "who").unwrap(), Value::from("all"));
    assert_eq!(at(&server, "/", "whoever").unwrap(), Value::from("all:whoever:0"));
    assert_eq!(at(&server, "/", "some.who").unwrap(), Value::from("some"));
    assert_eq!(at(&server, "/", "some.deep.name").unwrap(), Value::from("some:deep.name:0"));
    assert_eq!(at(&server, "/some", "other").unwrap(), Value::from("some:other:0"));
    assert_eq!(at(&server, "/", "none.who").unwrap(), Value::from("none"));
    assert_eq!(at(&server, "/", "none.other").unwrap(), Value::from("all:none.other:0"));
    assert_eq!(at(&server, "/", "").unwrap_err().code(), Some(-32600));
    // names of the system stay the system's
    assert!(at(&server, "/", "system.listMethods").unwrap().as_sequence().is_some());
    let signature = ask(&server, call("system.methodSignature", &[&string("whatever")])).unwrap();
    assert_eq!(signature, Value::from("undef"));
}

#[test]
fn a_catch_all_is_judged_by_full_name() {
    let server =
        XmlRpcServer::new().with_service("some", Arc::new(catching("some"))).with_authorization(|_, name| {
            assert!(name.starts_with("some."), "{name}");
            Err(Fault::new(farcall_wire::FaultKind::Forbidden, name))
        });
    for (path, name) in [("/", "some.x"), ("/some", "x"), ("/some", "some.x")] {
        let fault = at(&server, path, name).unwrap_err();
        assert_eq!(fault.code(), Some(-32002));
        assert!(fault.message().contains("some.") && fault.message().ends_with('x'), "{fault}");
    }
}

#[test]
fn closures_take_any_parameters() {
    let server = XmlRpcServer::new().with_service("", Arc::new(methods()));
    for count in [0, 1, 100] {
        let values = vec!["<value><nil/></value>"; count];
        assert_eq!(ask(&server, call("count", &values)).unwrap(), Value::I32(count as i32));
    }
    let bare = "<methodCall><methodName> count\n</methodName></methodCall>";
    assert_eq!(ask(&server, bare).unwrap(), Value::I32(0), "no <params>, and spaces around the name");
    let commented = "<methodCall><!-- a --><methodName>co<!-- b -->unt</methodName><params/></methodCall>";
    assert_eq!(ask(&server, commented).unwrap(), Value::I32(0));
}

fn result<T: Encode + Decode + Send>(reply: &str) -> Result<T, CodecError> {
    let operation = Operation::new("any").with_result(TypeRef::Static(T::describe));
    let call = Typed::<(), Result<T, Fault>>::new(&operation, ());
    let outcome = message::decode_response(reply, &call, &Limits::default(), Options::default())?;
    Ok(outcome.unwrap().unwrap())
}

#[test]
fn a_response_without_a_value_is_none() {
    for reply in [
        "<methodResponse/>",
        "<methodResponse><params/></methodResponse>",
        "<methodResponse><params></params></methodResponse>",
    ] {
        assert_eq!(read(reply).unwrap(), Value::Nil);
        result::<()>(reply).unwrap();
        assert_eq!(result::<Option<i32>>(reply).unwrap(), None);
        assert_eq!(result::<Option<String>>(reply).unwrap(), None);
        assert_eq!(result::<String>(reply).unwrap(), "");
        let error = result::<i32>(reply).unwrap_err();
        assert!(error.to_string().contains("found no value"), "{error}");
        result::<Vec<i32>>(reply).unwrap_err();
        result::<bool>(reply).unwrap_err();
    }
}

#[test]
fn apaches_client_is_answered_in_its_dialect() {
    let wide = "<value><array><data><value><ex:i8>5000000000</ex:i8></value><value><ex:nil/></value></data></array></value>";
    let plain = call("echo", &[wide]);
    let apache = plain.replace(
        "<methodCall>",
        "<methodCall xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\">",
    );
    assert_ne!(apache, plain);
    let answer = |text: &str| {
        String::from_utf8(run(server().answer("/RPC2", text.as_bytes(), None, Context::new()))).unwrap()
    };
    let reply = answer(&apache);
    assert!(reply.contains("<ex:i8>5000000000</ex:i8>") && reply.contains("<ex:nil/>"), "{reply}");
    // its parser fails on a prefix that is bound further down
    let bound = "<methodResponse xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"><params>";
    assert!(reply.contains(bound) && reply.matches("xmlns:ex").count() == 1, "{reply}");
    assert!(!reply.contains("<i8>") && !reply.contains("<nil/>"), "{reply}");
    let batch = apache.replace("<methodName>echo", "<methodName>system.multicall").replace(
        wide,
        &format!(
            "<value><array><data><value><struct><member><name>methodName</name><value>echo</value></member>\
             <member><name>params</name><value><array><data>{wide}</data></array></value></member>\
             </struct></value></data></array></value>"
        ),
    );
    let reply = answer(&batch);
    assert!(reply.contains("<ex:i8>5000000000</ex:i8>") && reply.contains("<ex:nil/>"), "{reply}");
    assert_eq!(reply.matches("xmlns:ex").count(), 1, "{reply}");
    // who does not say so gets what most stacks read
    let reply = answer(&call("echo", &["<value><i8>5000000000</i8></value>", "<value><nil/></value>"]));
    assert!(reply.contains("<i8>5000000000</i8>") && reply.contains("<nil/>"), "{reply}");
}
