//! A small server, and ways to ask it.
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::sync::Arc;

use farcall_model::{Operation, Param, Type, TypeRef, Value};
use farcall_wire::{Context, Dynamic, Fault, Limits};
use farcall_xmlrpc::{Methods, Options, XmlRpcServer, message};

/// Methods that echo, count, fail and panic.
pub fn methods() -> Methods {
    let add = Operation::new("add")
        .with_doc("Adds two numbers.")
        .with_param(Param::new("a", TypeRef::from(Type::I32)))
        .with_param(Param::new("b", TypeRef::from(Type::I32)))
        .with_result(TypeRef::from(Type::I32));
    Methods::new()
        .with("echo", "Gives back its arguments.", |_cx, params| async move { Ok(Value::from(params)) })
        .with("count", "How many arguments it got.", |_cx, params| async move {
            Ok(Value::from(params.len() as i32))
        })
        .with("fail", "Fails.", |_cx, _params| async move { Err(Fault::application(42, "it fails")) })
        .with("unsendable", "Gives what XML-RPC cannot say.", |_cx, _params| async move {
            Ok(Value::from(f64::INFINITY))
        })
        .with_operation(add, |_cx, params| async move {
            match (params.first().and_then(Value::as_i64), params.get(1).and_then(Value::as_i64)) {
                (Some(a), Some(b)) if params.len() == 2 => Ok(Value::from(a + b)),
                _ => Err(Fault::new(farcall_wire::FaultKind::InvalidParameters, "add wants two ints")),
            }
        })
}

/// Those methods without a prefix.
pub fn server() -> XmlRpcServer {
    XmlRpcServer::new().with_service("", Arc::new(methods()))
}

pub fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A call with those parameters, given as `<value>` elements.
pub fn call(method: &str, values: &[&str]) -> String {
    let params: String = values.iter().map(|value| format!("<param>{value}</param>")).collect();
    format!("<methodCall><methodName>{method}</methodName><params>{params}</params></methodCall>")
}

/// The octets of the answer, checked to be a response.
pub fn answer_octets(server: &XmlRpcServer, body: impl AsRef<[u8]>, charset: Option<&str>) -> String {
    let reply = run(server.answer("/RPC2", body.as_ref(), charset, Context::new()));
    String::from_utf8(reply).expect("a reply is UTF-8")
}

/// The answer, read by our own reader.
pub fn read(reply: &str) -> Result<Value, Fault> {
    let operation = Operation::new("any").with_result(TypeRef::from(Type::Any));
    let call = Dynamic::new(&operation, &[]);
    message::decode_response(reply, &call, &Limits::default(), Options::default())
        .unwrap_or_else(|error| panic!("{error}: {reply}"))
}

pub fn ask(server: &XmlRpcServer, body: impl AsRef<[u8]>) -> Result<Value, Fault> {
    read(&answer_octets(server, body, None))
}

/// The fault that the answer is.
pub fn fault(server: &XmlRpcServer, body: impl AsRef<[u8]>) -> (i64, String) {
    let fault = ask(server, body).expect_err("it should be a fault");
    (fault.code().expect("a fault has a code"), fault.message().to_owned())
}
