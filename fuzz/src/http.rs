//! The server behind HTTP: whatever body comes, a well-formed response goes.

use std::cell::RefCell;
use std::sync::Arc;

use farcall_model::{Operation, Type, TypeRef, Value};
use farcall_wire::{Context, Dynamic, Fault, Limits};
use farcall_xmlrpc::{Methods, Options, XmlRpcServer, message};
use tokio::runtime::{Builder, Runtime};

thread_local! {
    static SERVER: RefCell<(Runtime, XmlRpcServer)> = RefCell::new((
        Builder::new_current_thread().enable_all().build().expect("a runtime"),
        server(),
    ));
}

fn server() -> XmlRpcServer {
    let methods = Methods::new()
        .with("echo", "Gives back its arguments.", |_, params| async move { Ok(Value::from(params)) })
        .with("fail", "Fails.", |_, params| async move {
            Err(Fault::application(7, params.first().and_then(Value::as_str).unwrap_or_default()))
        })
        .with_catch_all(|_, name, _| async move { Ok(Value::from(name)) });
    XmlRpcServer::new().with_service("", Arc::new(methods))
}

/// Gives the octets to a server as the body of a request.
///
/// # Panics
/// If the answer is not a response that can be read.
pub fn http_body(data: &[u8]) {
    let reply = SERVER.with_borrow(|(runtime, server)| {
        runtime.block_on(server.answer("/RPC2", data, None, Context::new()))
    });
    let reply = String::from_utf8(reply).expect("a reply is UTF-8");
    assert!(reply.len() <= 100_000 + 20 * data.len(), "{} octets for {}", reply.len(), data.len());
    // the reply to what was just allowed may be a level or so deeper
    let limits = Limits::default().with_depth(1_000);
    let operation = Operation::new("any").with_result(TypeRef::from(Type::Any));
    let outcome =
        message::decode_response(&reply, &Dynamic::new(&operation, &[]), &limits, Options::default());
    if let Err(error) = outcome {
        panic!("the reply cannot be read: {error}: {reply}");
    }
}
