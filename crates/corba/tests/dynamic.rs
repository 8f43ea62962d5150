//! Calls and a server whose types come from IDL at run time.

use std::sync::Arc;

use farcall_corba::{Client, CorbaServer};
use farcall_idl::{Disk, Options, compile, lower};
use farcall_model::{Any, Interface, ObjectRef, Record, Type, Value};
use farcall_net::{Address, Server};
use farcall_wire::{Channel, Context, Dynamic, DynamicService, Fault, FaultKind, Incoming, Service, json};

const IDL: &str = r#"
module Dyn {
  enum Color { red, green };
  struct Tree;
  typedef sequence<Tree> Trees;
  struct Tree { string label; Trees branches; any extra; };
  union U switch (Color) { case red: long n; case green: Tree t; };
  valuetype Node { public long n; public Node next; };
  valuetype Named : truncatable Node { public string name; };
  valuetype Text string;
  exception Refused { long code; Tree why; };
  interface Other { void ping(); };
  interface Echo {
    any echo_any(in any x);
    U echo_union(in U x);
    Tree echo_tree(in Tree x);
    Node echo_node(in Node x);
    Text echo_text(in Text x);
    Other echo_ref(in Other x);
    CORBA::TypeCode echo_type(in CORBA::TypeCode x);
    long double echo_long_double(in long double x);
    fixed<5,2> echo_fixed(in fixed<5,2> x);
    long both(in Node a, in Node b, inout string s, out Color c) raises (Refused);
  };
};
"#;

fn echo() -> Interface {
    let compiled = compile("dyn.idl", IDL, &Options::default(), &Disk);
    let model = lower(compiled.specification().unwrap()).unwrap();
    model.interface("Dyn::Echo").unwrap().clone()
}

/// Gives back what it gets.
async fn answer(call: Incoming) -> Result<Value, Fault> {
    let mut params = call.params;
    if call.operation != "both" {
        return Ok(params.remove(0));
    }
    if params[2].as_str() == Some("refuse") {
        let why = json::parse(r#"{"label": "why", "branches": [], "extra": 7}"#)?;
        let members = Value::from(Record::new().with("code", 12).with("why", why));
        let interface = echo();
        let code = interface.operation("both").unwrap().exceptions[0].code;
        return Err(Fault::application(code.into(), "refused").with_detail(members));
    }
    let shared = matches!(params[1], Value::Again(0));
    Ok(Value::Sequence(vec![Value::I32(i32::from(shared)), Value::from("back"), Value::Enum("green".into())]))
}

struct Caller {
    client: Client,
    interface: Interface,
}

impl Caller {
    async fn call(&self, operation: &str, params: &[Value]) -> Result<Value, Fault> {
        let operation = self.interface.operation(operation).unwrap();
        self.client.call(&Context::new(), &Dynamic::new(operation, params)).await
    }

    async fn echo(&self, operation: &str, json: &str) {
        let back = self.call(operation, &[json::parse(json).unwrap()]).await.unwrap();
        assert_eq!(json::write(&back), json, "{operation}");
    }
}

async fn serving<F: Future<Output = ()>>(service: impl Service, test: impl FnOnce(Caller) -> F) {
    let corba = CorbaServer::new().with_service("echo", service);
    let server =
        Server::builder().listen("127.0.0.1:0".parse().unwrap()).acceptor(corba).bind().await.unwrap();
    let Address::Tcp(_, port) = server.addresses()[0].clone() else { unreachable!() };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async { stopped.await.unwrap_or(()) }));
    let client = Client::connect(&format!("corbaloc:iiop:1.2@127.0.0.1:{port}/echo")).unwrap();
    test(Caller { client, interface: echo() }).await;
    stop.send(()).unwrap();
    running.await.unwrap();
}

#[tokio::test]
async fn every_construct_by_types_of_run_time() {
    serving(Arc::new(DynamicService::new(echo(), answer)), |echo| async move {
        let tree = r#"{"label":"r","branches":[{"label":"b","branches":[],"extra":[1,2]}],"extra":null}"#;
        echo.echo("echo_tree", tree).await;
        echo.echo("echo_union", r#"{"n":3}"#).await;
        echo.echo("echo_union", &format!(r#"{{"t":{tree}}}"#)).await;
        echo.echo("echo_any", r#"{"a":[1.5],"b":{"c":[true,"x",null]}}"#).await;
        echo.echo("echo_node", r#"{"n":1,"next":{"n":2,"next":null}}"#).await;
        echo.echo("echo_node", r#"{"n":1,"next":{"n":2,"next":{"$again":0}}}"#).await;
        echo.echo("echo_node", "null").await;
        echo.echo("echo_text", r#"{"value":"boxed"}"#).await;
        echo.echo("echo_type", r#""i32""#).await;
        echo.echo("echo_long_double", r#""0.25""#).await;
        echo.echo("echo_fixed", r#""-123.45""#).await;
        echo.echo("echo_ref", "null").await;

        // a derived value where its base is declared, by its name
        let named = Record { name: Some("Named".into()), ..Record::new() };
        let named = named.with("n", 1).with("next", Value::Nil).with("name", "x");
        let back = echo.call("echo_node", &[named.into()]).await.unwrap();
        assert_eq!(back.at("name"), Some(&Value::from("x")));

        // any in any, with a type of its own
        let node = echo.interface.operation("echo_node").unwrap().params[0].field.ty.clone();
        let inner = Any { ty: node, value: json::parse(r#"{"n":1,"next":null}"#).unwrap() };
        let any = Any { ty: Type::Any.into(), value: Value::Any(Box::new(inner)) };
        let back = echo.call("echo_any", &[Value::Any(Box::new(any))]).await.unwrap();
        assert_eq!(back.at("n"), Some(&Value::I32(1)));

        let there = ObjectRef::new("IDL:Dyn/Other:1.0").with_address("corbaloc:iiop:1.2@127.0.0.1:1/x");
        let back = echo.call("echo_ref", &[there.into()]).await.unwrap();
        assert!(matches!(back, Value::Object(back) if back.interface == "IDL:Dyn/Other:1.0"));
    })
    .await;
}

#[tokio::test]
async fn parameters_that_come_back_shared_values_and_exceptions() {
    serving(Arc::new(DynamicService::new(echo(), answer)), |echo| async move {
        let node = json::parse(r#"{"n":1,"next":null}"#).unwrap();
        let back = echo.call("both", &[node.clone(), Value::Again(0), Value::from("s")]).await.unwrap();
        assert_eq!(json::write(&back), r#"[1,"back","green"]"#);
        let fault = echo.call("both", &[node, Value::Nil, Value::from("refuse")]).await.unwrap_err();
        assert_eq!((fault.kind(), fault.message()), (FaultKind::Application, "both: IDL:Dyn/Refused:1.0"));
        assert_eq!(fault.detail().unwrap().at("why.extra"), Some(&Value::I32(7)));
        let fault = echo.call("both", &[Value::Again(7), Value::Nil, Value::from("")]).await.unwrap_err();
        assert!(fault.message().contains("a: value 7, which comes again cannot be sent"), "{fault}");
    })
    .await;
}
