//! The client: typed, and by the IDL alone.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use farcall_corba::fault::SystemException;
use farcall_corba::{Client, ClientOptions, Ior};
use farcall_model::{Any, Interface, LongDouble, ObjectRef, Record, Type, TypeRef, Value};
use farcall_net::{ClientTls, Connector};
use farcall_wire::{
    Channel, Completion, Context, Describe, Dynamic, Fault, FaultKind, Ref, TypeCode, Wide, json, to_value,
};

use crate::kinds::{
    AnyNamed, AnyShape, Bare, Basic, Boxed, ByBoolean, ByChar, ByColor, ByLong, ByLongLong, Color, Echo as _,
    EchoClient, Group, Named, Nested, Node, Person, Refusal, Refused, Shape as _, ShapeClient, ShapeValue,
    Square, Tree,
};

/// Checks reported in the Test Anything Protocol.
#[derive(Default)]
struct Tap {
    count: usize,
    prefix: String,
}

impl Tap {
    fn check(&mut self, name: &str, good: bool, why: impl Debug) {
        self.count += 1;
        println!("{} {} - {} {name}", if good { "ok" } else { "not ok" }, self.count, self.prefix);
        if !good {
            println!("# {:.400}", format!("{why:?}"));
        }
    }

    fn equal<T: PartialEq + Debug>(&mut self, name: &str, got: Result<T, Fault>, wanted: &T) {
        let good = got.as_ref().is_ok_and(|got| got == wanted);
        self.check(name, good, got);
    }
}

macro_rules! echo {
    ($tap:ident, $echo:ident, $($method:ident: $($value:expr),+;)*) => {$($(
        let value = $value;
        let got = $echo.$method(value.clone()).await;
        $tap.equal(&format!("{}({})", stringify!($method), stringify!($value)), got, &value);
    )+)*};
}

fn basic() -> Basic {
    Basic {
        flag: true,
        small: 255,
        letter: 'x',
        s: i16::MIN,
        us: u16::MAX,
        l: i32::MIN,
        ul: u32::MAX,
        ll: i64::MIN,
        ull: u64::MAX,
        f: 0.5,
        d: 0.1,
        text: "text".into(),
    }
}

fn tree(label: &str, branches: Vec<Tree>) -> Tree {
    Tree { label: label.into(), branches }
}

fn node(label: &str, left: Option<&Arc<Node>>, right: Option<&Arc<Node>>) -> Arc<Node> {
    Arc::new(Node { label: label.into(), left: left.cloned(), right: right.cloned() })
}

fn person(name: &str, friend: Option<Person>) -> Person {
    let friend = friend.map(|friend| Arc::new(AnyNamed::Person(friend)));
    Person { name: name.into(), age: 30, friend }
}

async fn plain(tap: &mut Tap, echo: &EchoClient<Client>) {
    let nested = Nested { inner: basic(), hue: Color::Green, data: Bytes::from_static(b"\0\x01") };
    echo! { tap, echo,
        echo_boolean: true, false;
        echo_octet: 0, 255;
        echo_char: 'x', '~';
        echo_short: i16::MIN, i16::MAX;
        echo_ushort: u16::MAX;
        echo_long: i32::MIN, i32::MAX;
        echo_ulong: u32::MAX;
        echo_longlong: i64::MIN;
        echo_ulonglong: u64::MAX;
        echo_float: 0.5, f32::NEG_INFINITY;
        echo_double: 0.1, 5e-324;
        echo_string: String::new(), "x".repeat(100_000);
        echo_tenchars: "0123456789".to_owned();
        echo_octets: Bytes::new(), Bytes::from_iter(0..=255), Bytes::from(vec![7; 8 << 20]);
        echo_doubles: vec![], vec![0.5, -1.25], (0..50_000).map(f64::from).collect::<Vec<_>>();
        echo_uptofive: vec![], vec![1, 2, 3, 4, 5];
        echo_jagged: vec![], vec![vec![], vec![1], vec![1, 2]];
        echo_matrix: [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        echo_names: ["a".to_owned(), String::new()];
        echo_color: Color::Red, Color::Blue;
        echo_basic: basic();
        echo_nesteds: vec![], vec![nested.clone(); 100];
        echo_tree: tree("leaf", vec![]), tree("r", vec![tree("a", vec![]), tree("b", vec![tree("c", vec![])])]);
        echo_bylong: ByLong::Number(7), ByLong::Text("t".into()), ByLong::Hue(Color::Red);
        echo_byboolean: ByBoolean::Yes("y".into()), ByBoolean::No(-3);
        echo_bychar: ByChar::Number(5), ByChar::Whole(Box::new(basic())), ByChar::Nothing;
        echo_bycolor: ByColor::Data(Bytes::from_static(b"\x07")), ByColor::Text("g".into());
        echo_bylonglong: ByLongLong::Real(1.5), ByLongLong::Grown(tree("t", vec![]));
    }
    // a fixed number comes with all its digits
    tap.equal("echo_price", echo.echo_price(decimal("-123.45").into()).await, &decimal("-123.45").into());
    tap.equal("echo_even", echo.echo_even(decimal("1234").into()).await, &decimal("1234").into());
}

/// An any of that value and its type.
fn any<T: Describe + farcall_wire::Encode>(value: &T) -> Value {
    let inside = to_value(value).unwrap_or_default();
    Value::Any(Box::new(Any { ty: TypeRef::Static(T::describe), value: inside }))
}

async fn anys(tap: &mut Tap, echo: &EchoClient<Client>) {
    let bounded = Any { ty: Type::Bounded(Type::String.into(), 10).into(), value: Value::from("short") };
    echo! { tap, echo,
        echo_any: Value::Nil, Value::from(7), Value::from("x"), Value::TypeCode(Type::I16.into());
        echo_any: any(&basic()), any(&tree("r", vec![tree("a", vec![])])), any(&ByLong::Text("t".into()));
        echo_any: any(&Color::Blue), any(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        echo_any: Value::Any(Box::new(bounded.clone()));
        echo_anys: vec![], vec![Value::from(1), Value::from("a"), Value::Nil];
        echo_typecode: TypeCode::from(Type::I32), TypeCode::from(Type::Any), TypeCode::from(Type::Void);
        echo_typecode: TypeCode::from(Type::Bounded(Type::Sequence(Type::I32.into()).into(), 5));
        echo_typecode: TypeCode(TypeRef::Static(Nested::describe)), TypeCode(TypeRef::Static(ByColor::describe));
    }
}

async fn rest(tap: &mut Tap, client: &Client, url: &str) {
    let echo = EchoClient::new(client.clone());
    let nil = echo.echo_object(ObjectRef::default()).await;
    tap.check("nil", nil.as_ref().is_ok_and(ObjectRef::is_nil), nil);
    let there = echo.echo_base(Ref::new(url)).await;
    let address = there.as_ref().ok().and_then(|there| there.object().addresses.first().cloned());
    let again = match address.map(|url| url.parse::<Ior>()) {
        Some(Ok(ior)) => match client.at(ior) {
            Ok(client) => EchoClient::new(client).twice(4).await,
            Err(fault) => Err(fault),
        },
        _ => Ok(0),
    };
    tap.equal("a reference that came back", again, &8);
    let name = echo.name().await;
    tap.check("an attribute", name.as_ref().is_ok_and(|name| !name.is_empty()), name);
    tap.equal("an attribute set", echo.set_count(5).await, &());
    tap.equal("and read", echo.count().await, &5);
    tap.equal("a oneway", echo.bump(2).await, &());
    let mut count = 0;
    for _ in 0..100 {
        count = echo.count().await.unwrap_or_default();
        if count == 7 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tap.check("that ran", count == 7, count);
    let outs = (42, "in!".to_owned(), Color::Blue, Bytes::from_static(b"in"));
    tap.equal("in, inout and out", echo.mixed(21, "in".into()).await, &outs);
    tap.equal("nothing but outs", echo.nothing_but_outs().await, &(1, 2.5));
    let refused = echo.refuse(3).await;
    let wanted = Refusal::Refused(Refused { code: 3, why: "because".into(), hue: Color::Green });
    tap.check("an exception", refused.as_ref().is_err_and(|e| e.user() == Some(&wanted)), refused);
    let bare = echo.refuse(0).await;
    tap.check("a bare one", bare.as_ref().is_err_and(|e| e.user() == Some(&Refusal::Bare(Bare))), bare);
    let system = echo.forbid().await;
    let is_it = |f: &Fault| {
        let exception = std::error::Error::source(f).and_then(|e| e.downcast_ref::<SystemException>());
        exception == Some(&SystemException::new("NO_PERMISSION", 7, Completion::No))
    };
    tap.check("a system exception, its minor code and completion", system.as_ref().is_err_and(is_it), system);
}

async fn values(tap: &mut Tap, echo: &EchoClient<Client>) {
    let shared = node("s", None, None);
    echo! { tap, echo,
        echo_node: None, Some(node("leaf", None, None)), Some(node("r", Some(&shared), Some(&node("b", None, None))));
        echo_named: None, Some(Arc::new(AnyNamed::Named(Named { name: "n".into() })));
        echo_named: Some(Arc::new(AnyNamed::Person(person("ann", Some(person("bob", None))))));
        echo_boxed: None, Some(Boxed { value: vec!["a".into(), String::new()] });
        echo_any: any(&Some(node("r", Some(&shared), Some(&shared)))), any(&person("ann", None));
        echo_typecode: TypeCode(TypeRef::Static(Person::describe));
    }
    let back = echo.echo_node(Some(node("r", Some(&shared), Some(&shared)))).await;
    let one = |back: &Option<Arc<Node>>| {
        back.as_ref().is_some_and(|r| Arc::ptr_eq(r.left.as_ref().unwrap(), r.right.as_ref().unwrap()))
    };
    tap.check("what is shared comes back shared", back.as_ref().is_ok_and(one), back);
    tap.equal("the same value twice", echo.same(Some(Arc::clone(&shared)), Some(shared)).await, &true);
    let equal = (node("s", None, None), node("s", None, None));
    tap.equal("two equal values", echo.same(Some(equal.0), Some(equal.1)).await, &false);
}

/// What is an object or a value.
async fn shapes(tap: &mut Tap, client: &Client, url: &str) {
    let echo = EchoClient::new(client.clone());
    let value = |value| AnyShape::Value(Some(Arc::new(value)));
    let square = || value(ShapeValue::Square(Square { side: 2.0 }));
    let nil = || AnyShape::Object(Ref::nil());
    let group = value(ShapeValue::Group(Group { parts: vec![square(), AnyShape::Value(None), square()] }));
    echo! { tap, echo,
        echo_shape: square(), group.clone(), AnyShape::Value(None);
        echo_shapes: vec![], vec![square(), group.clone(), AnyShape::Value(None)];
        echo_typecode: TypeCode(TypeRef::Static(AnyShape::describe)), TypeCode(TypeRef::Static(Group::describe));
    }
    let back = echo.echo_shape(nil()).await;
    let is_nil = |back: &AnyShape| match back {
        AnyShape::Value(value) => value.is_none(),
        AnyShape::Object(object) => object.is_nil(),
    };
    tap.check("echo_shape(nil)", back.as_ref().is_ok_and(is_nil), &back);
    let there = || AnyShape::Object(Ref::new(url));
    let back = echo.echo_shapes(vec![there(), square(), there()]).await;
    let objects = |back: &Vec<AnyShape>| match back.as_slice() {
        [AnyShape::Object(a), AnyShape::Value(Some(_)), AnyShape::Object(_)] => {
            a.object().addresses.first().cloned()
        }
        _ => None,
    };
    let area = match back.as_ref().ok().and_then(objects).map(|url| url.parse::<Ior>()) {
        Some(Ok(ior)) => match client.at(ior) {
            Ok(client) => ShapeClient::new(client).area().await,
            Err(fault) => Err(fault),
        },
        _ => Ok(f64::NAN),
    };
    tap.equal("an object among values, called", area, &0.25);
}

/// What is wide, or wants 128 bits.
async fn wide(tap: &mut Tap, echo: &EchoClient<Client>, version: &str) {
    if std::env::var_os("LONG_DOUBLE").is_some() {
        let number = |text: &str| text.parse::<LongDouble>().unwrap();
        echo!(tap, echo, echo_longdouble: number("0.5"), number("-1E300"););
    }
    if version == "1.0" {
        return;
    }
    echo!(tap, echo, echo_string: "漢字 😀".to_owned(););
    if version == "1.1" {
        // omniORB has no wide text below 1.2
        return;
    }
    echo! { tap, echo,
        echo_wstring: Wide(String::new()), Wide("x".to_owned()), Wide("漢字 😀".to_owned());
        echo_widenames: vec![], vec![Wide("a".to_owned()), Wide("ж".to_owned())];
        echo_wchar: Wide('ж');
    }
}

/// Everything once more, of types that come from IDL now.
async fn dynamic(tap: &mut Tap, client: &Client, interface: &Interface) {
    for (name, text) in [
        (
            "echo_basic",
            r#"{"flag":true,"small":7,"letter":"x","s":-1,"us":1,"l":-1,"ul":1,"ll":-1,"ull":1,"f":0.5,"d":0.1,"text":"t"}"#,
        ),
        ("echo_tree", r#"{"label":"r","branches":[{"label":"a","branches":[]}]}"#),
        ("echo_bylong", r#"{"text":"t"}"#),
        ("echo_bycolor", r#"{"data":"Bw=="}"#),
        ("echo_jagged", "[[],[1,2]]"),
        ("echo_matrix", "[[1.0,2.0,3.0],[4.0,5.0,6.0]]"),
        ("echo_any", r#"{"a":[1.5],"b":[true,"x",null]}"#),
        ("echo_any", r#"{"a":{"b":1}}"#),
        ("echo_typecode", r#""i32""#),
        ("echo_price", r#""-123.45""#),
        ("echo_node", r#"{"label":"ring","left":null,"right":{"$again":0}}"#),
        ("echo_node", r#"{"label":"r","left":{"label":"s","left":null,"right":null},"right":{"$again":1}}"#),
        ("echo_boxed", r#"{"value":["a",""]}"#),
        ("echo_named", r#"{"name":"n"}"#),
        ("echo_shape", r#"{"value":{"side":2.0}}"#),
        ("echo_shape", r#"{"value":{"parts":[{"value":{"side":2.0}},{"value":null}]}}"#),
        ("twice", "4"),
    ] {
        let Some(operation) = interface.operation(name) else { continue };
        let value = json::parse(text).unwrap_or_default();
        let back = client.call(&Context::new(), &Dynamic::new(operation, &[value])).await;
        let wanted = if name == "twice" { "8" } else { text };
        tap.equal(&format!("by IDL {name}({text})"), back.map(|back| json::write(&back)), &wanted.to_owned());
    }
    let Some(operation) = interface.operation("echo_named") else { return };
    let ring = Record { name: Some("Person".into()), ..Record::new() };
    let ring = Value::from(ring.with("name", "ann").with("age", 30).with("friend", Value::Again(0)));
    let back = client.call(&Context::new(), &Dynamic::new(operation, std::slice::from_ref(&ring))).await;
    tap.equal("by IDL a Person that is her own friend", back, &ring);
}

/// Calls the object, at a place that `how` says: by a version of GIOP, `IOR` or `forwarded`.
async fn run_all(peer: &str, work: &str, how: &str) -> Result<usize, Fault> {
    let mut tap = Tap { prefix: how.to_owned(), ..Tap::default() };
    let (version, url) = match how {
        "forwarded" => ("1.2", format!("corbaloc:iiop:1.2@{peer}/forward")),
        "IOR" => ("1.2", std::fs::read_to_string(format!("{work}/echo.ior")).unwrap_or_default()),
        version => (version, format!("corbaloc:iiop:{version}@{peer}/echo")),
    };
    let fragments = if how == "IOR" { 4096 } else { 1 << 30 };
    let options = ClientOptions::default().with_fragment_size(fragments).with_byte_order(crate::order());
    let mut builder = Client::builder(url.trim()).options(options);
    if let Ok(files) = std::env::var("TLS") {
        builder = builder.connector(Connector::new().with_tls(tls(&files)));
    }
    let client = builder.build()?;
    let echo = EchoClient::new(client.clone());
    if how == "forwarded" {
        let octets = Bytes::from(vec![7; 8 << 20]);
        tap.equal("twice", echo.twice(4).await, &8);
        tap.equal("echo_basic", echo.echo_basic(basic()).await, &basic());
        tap.equal("8 MiB", echo.echo_octets(octets.clone()).await, &octets);
        return Ok(tap.count);
    }
    plain(&mut tap, &echo).await;
    anys(&mut tap, &echo).await;
    rest(&mut tap, &client, url.trim()).await;
    if version == "1.2" {
        values(&mut tap, &echo).await;
        shapes(&mut tap, &client, url.trim()).await;
        dynamic(&mut tap, &client, &crate::loaded()).await;
    }
    // omniORB's C++ stubs are made without the clause
    if std::env::var_os("NO_CONTEXT").is_none() {
        let cx = Context::new().with_metadata("user.name", "ann").with_metadata("other", "no");
        let words = echo.with_words(&cx.with_metadata("lang", "de"), "x".into()).await;
        tap.equal("context", words, &"x;lang=de;user.name=ann".to_owned());
        tap.equal("empty context", echo.with_words(&Context::new(), "x".into()).await, &"x;".to_owned());
    }
    let hurried = echo.clone().with_context(Context::new().with_timeout(Duration::from_millis(200)));
    let late = hurried.slow(2000).await;
    tap.check("a deadline", late.as_ref().is_err_and(|f| f.kind() == FaultKind::Deadline), late);
    wide(&mut tap, &echo, version).await;
    Ok(tap.count)
}

/// Who is trusted and what is shown, of the PEM files in that directory.
fn tls(files: &str) -> ClientTls {
    let tls = ClientTls::new().without_system_roots().with_root_file(format!("{files}/ca.pem"));
    let tls = tls.expect("the authority can be read");
    let tls = tls.with_certificate_files(format!("{files}/ours.crt"), format!("{files}/ours.key"));
    tls.expect("the own certificate can be read")
}

/// Calls the peer.
pub(crate) async fn run() {
    let peer = std::env::var("PEER_URL").unwrap_or_else(|_| "127.0.0.1:15781".to_owned());
    let work = std::env::var("WORK").unwrap_or_default();
    let how = std::env::var("GIOP").unwrap_or_else(|_| "1.2".to_owned());
    match run_all(&peer, &work, &how).await {
        Ok(count) => println!("1..{count}"),
        Err(fault) => {
            println!("Bail out! {fault}");
            std::process::exit(1);
        }
    }
}

fn decimal(text: &str) -> farcall_model::Decimal {
    text.parse().unwrap_or_else(|_| 0_i64.into())
}
