//! The server: by a trait, and by the IDL alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use farcall_corba::fault::SystemException;
use farcall_corba::{CorbaServer, Forward, Published, ServerOptions};
use farcall_model::{Interface, LongDouble, ObjectRef, Record, Value};
use farcall_net::Server;
use farcall_wire::{
    CallError, Completion, Context, DynamicService, Fault, FaultKind, Fixed, Incoming, Ref, TypeCode, Wide,
};

use crate::kinds::{
    AnyNamed, AnyShape, Bare, Basic, Boxed, ByBoolean, ByChar, ByColor, ByLong, ByLongLong, Color, Echo,
    EchoClient, EchoService, Named, Nested, Node, Refusal, Refused, Tree,
};

/// Serves at that port until it is ended.
pub(crate) async fn run(port: &str) {
    let interface = crate::loaded();
    let known = Arc::new(interface.clone());
    let count = Arc::new(AtomicI32::new(0));
    let dynamic =
        DynamicService::new(interface, move |call| answer(call, Arc::clone(&known), Arc::clone(&count)));
    let here = format!("127.0.0.1:{port}").parse().expect("a port");
    let published = Published::new([here]).expect("an address of TCP");
    let elsewhere = |key: &'static str| Forward::to(published.reference("IDL:kinds/Echo:1.0", key));
    let corba = CorbaServer::new()
        .with_options(ServerOptions::default().with_byte_order(crate::order()))
        .with_forward("moved", elsewhere("moved-for-good"))
        .with_forward("moved-for-good", elsewhere("echo").permanently())
        .with_service("echo", EchoService::new(Typed::default()))
        .with_service("dynamic", dynamic);
    let address = format!("127.0.0.1:{port}").parse().expect("a port");
    let server = Server::builder().listen(address).acceptor(corba).bind().await.expect("the port is free");
    server.run(std::future::pending()).await;
}

/// NO_PERMISSION before the operation ran.
fn forbidden() -> Fault {
    let exception = SystemException::new("NO_PERMISSION", 7, Completion::No);
    Fault::new(FaultKind::Forbidden, "never").with_source(exception)
}

/// A text, and the strings of the caller's context.
fn with_words(cx: &Context, text: &str) -> String {
    let mut words: Vec<String> = cx.metadata().map(|(name, value)| format!("{name}={value}")).collect();
    words.sort();
    format!("{text};{}", words.join(";"))
}

/// Answers by the names of the operations.
async fn answer(call: Incoming, interface: Arc<Interface>, count: Arc<AtomicI32>) -> Result<Value, Fault> {
    let Incoming { operation, mut params, context, .. } = call;
    let integer = |value: &Value| i32::try_from(value.as_i64().unwrap_or_default()).unwrap_or_default();
    let first = params.first().map(integer).unwrap_or_default();
    Ok(match operation.as_str() {
        "_get_name" => Value::from("farcall, by IDL alone"),
        "with_words" => with_words(&context, params[0].as_str().unwrap_or_default()).into(),
        "area" => Value::from(0.25),
        "twice" => Value::from(2 * first),
        "_get_count" => Value::from(count.load(Ordering::SeqCst)),
        "_set_count" => {
            count.store(first, Ordering::SeqCst);
            Value::Nil
        }
        "bump" => {
            count.fetch_add(first, Ordering::SeqCst);
            Value::Nil
        }
        "same" => Value::from(params[1] == Value::Again(0)),
        "measured" => {
            let name = params[0].at("name").and_then(Value::as_str).unwrap_or_default();
            Value::from(i32::try_from(name.len()).unwrap_or_default())
        }
        "mixed" => {
            let text = params[1].as_str().unwrap_or_default();
            let octets = Bytes::copy_from_slice(text.as_bytes());
            let (text, hue) = (Value::from(format!("{text}!")), Value::Enum("blue".into()));
            Value::Sequence(vec![Value::from(2 * first), text, hue, Value::Bytes(octets)])
        }
        "nothing_but_outs" => Value::Sequence(vec![Value::from(1), Value::from(2.5)]),
        "refuse" => return Err(refused(&interface, first)),
        "forbid" => return Err(forbidden()),
        "slow" => {
            tokio::time::sleep(Duration::from_millis(first.unsigned_abs().into())).await;
            Value::Nil
        }
        _ => params.swap_remove(0),
    })
}

fn refused(interface: &Interface, code: i32) -> Fault {
    let name = if code == 0 { "Bare" } else { "Refused" };
    let declared = interface.operation("refuse").into_iter().flat_map(|operation| &operation.exceptions);
    let number = declared.filter(|ty| ty.body.name == name).map(|ty| ty.code).next().unwrap_or_default();
    let mut members = Record::new();
    if code != 0 {
        members = members.with("code", code).with("why", "because").with("hue", Value::Enum("green".into()));
    }
    Fault::application(number.into(), name).with_detail(members.into())
}

#[derive(Default)]
struct Typed {
    count: AtomicI32,
}

macro_rules! same {
    ($($name:ident: $ty:ty;)*) => {$(
        async fn $name(&self, x: $ty) -> Result<$ty, Fault> {
            Ok(x)
        }
    )*};
}

impl Echo for Typed {
    same! {
        echo_boolean: bool;
        echo_octet: u8;
        echo_char: char;
        echo_short: i16;
        echo_ushort: u16;
        echo_long: i32;
        echo_ulong: u32;
        echo_longlong: i64;
        echo_ulonglong: u64;
        echo_float: f32;
        echo_double: f64;
        echo_longdouble: LongDouble;
        echo_string: String;
        echo_wchar: Wide<char>;
        echo_wstring: Wide<String>;
        echo_widenames: Vec<Wide<String>>;
        echo_tenchars: String;
        echo_price: Fixed<5, 2>;
        echo_even: Fixed<4, 0>;
        echo_octets: Bytes;
        echo_doubles: Vec<f64>;
        echo_uptofive: Vec<i32>;
        echo_jagged: Vec<Vec<i32>>;
        echo_matrix: [[f64; 3]; 2];
        echo_names: [String; 2];
        echo_color: Color;
        echo_basic: Basic;
        echo_nesteds: Vec<Nested>;
        echo_tree: Tree;
        echo_bylong: ByLong;
        echo_byboolean: ByBoolean;
        echo_bychar: ByChar;
        echo_bycolor: ByColor;
        echo_bylonglong: ByLongLong;
        echo_any: Value;
        echo_anys: Vec<Value>;
        echo_typecode: TypeCode;
        echo_object: ObjectRef;
        echo_base: Ref<EchoClient>;
        echo_node: Option<Arc<Node>>;
        echo_named: Option<Arc<AnyNamed>>;
        echo_boxed: Option<Boxed>;
        echo_shape: AnyShape;
        echo_shapes: Vec<AnyShape>;
    }

    async fn with_words(&self, cx: &Context, x: String) -> Result<String, Fault> {
        Ok(with_words(cx, &x))
    }

    async fn name(&self) -> Result<String, Fault> {
        Ok("farcall".into())
    }

    async fn area(&self) -> Result<f64, Fault> {
        Ok(0.25)
    }

    async fn twice(&self, x: i32) -> Result<i32, Fault> {
        Ok(2 * x)
    }

    async fn count(&self) -> Result<i32, Fault> {
        Ok(self.count.load(Ordering::SeqCst))
    }

    async fn set_count(&self, count: i32) -> Result<(), Fault> {
        self.count.store(count, Ordering::SeqCst);
        Ok(())
    }

    async fn bump(&self, by: i32) -> Result<(), Fault> {
        self.count.fetch_add(by, Ordering::SeqCst);
        Ok(())
    }

    async fn same(&self, a: Option<Arc<Node>>, b: Option<Arc<Node>>) -> Result<bool, Fault> {
        Ok(a.zip(b).is_some_and(|(a, b)| Arc::ptr_eq(&a, &b)))
    }

    async fn measured(&self, x: Named) -> Result<i32, Fault> {
        Ok(i32::try_from(x.name.len()).unwrap_or_default())
    }

    async fn mixed(&self, a: i32, text: String) -> Result<(i32, String, Color, Bytes), Fault> {
        let octets = Bytes::copy_from_slice(text.as_bytes());
        Ok((2 * a, text + "!", Color::Blue, octets))
    }

    async fn nothing_but_outs(&self) -> Result<(i32, f64), Fault> {
        Ok((1, 2.5))
    }

    async fn refuse(&self, code: i32) -> Result<(), CallError<Refusal>> {
        let why = "because".to_owned();
        Err(CallError::User(match code {
            0 => Refusal::Bare(Bare),
            code => Refusal::Refused(Refused { code, why, hue: Color::Green }),
        }))
    }

    async fn forbid(&self) -> Result<(), Fault> {
        Err(forbidden())
    }

    async fn slow(&self, ms: u32) -> Result<(), Fault> {
        tokio::time::sleep(Duration::from_millis(ms.into())).await;
        Ok(())
    }
}
