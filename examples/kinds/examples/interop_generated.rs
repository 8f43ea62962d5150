//! Calls the server of `interop/corba-omniorb-{types,server}` at `PEER_URL` with code that was generated
//! from the IDL that the server was compiled from; one check a line.

use std::fmt::Debug;
use std::sync::Arc;

use farcall::{CallError, Connection, Fault, FaultKind, ObjectRef, Ref, Value};
use farcall_example_kinds::kinds::kinds as k;
use farcall_example_kinds::kinds::kinds::Echo as _;

/// Counts and prints checks.
#[derive(Default)]
struct Checks(u32);

impl Checks {
    fn is<T: PartialEq + Debug, E: Debug>(&mut self, name: &str, got: Result<T, E>, wanted: T) {
        self.0 += 1;
        match got {
            Ok(got) if got == wanted => println!("ok {} - {name}", self.0),
            got => println!("not ok {} - {name}\n# {got:?}\n# wanted {wanted:?}", self.0),
        }
    }

    fn that(&mut self, name: &str, good: bool, why: impl Debug) {
        self.is(name, if good { Ok(()) } else { Err(why) }, ());
    }
}

fn main() {
    let peer = std::env::var("PEER_URL").expect("PEER_URL says where the server is");
    let url = format!("corbaloc:iiop:1.2@{peer}/echo");
    let mut checks = Checks::default();
    farcall::block_on(run(&url, &mut checks)).expect("the server is there");
    println!("1..{}", checks.0);
}

fn basic() -> k::Basic {
    k::Basic {
        flag: true,
        small: 255,
        letter: 'x',
        s: -32768,
        us: 65535,
        l: i32::MIN,
        ul: u32::MAX,
        ll: i64::MIN,
        ull: u64::MAX,
        f: 1.5,
        d: -0.1,
        text: "text".into(),
    }
}

fn tree() -> k::Tree {
    let leaf = |label: &str| k::Tree { label: label.into(), branches: vec![] };
    let branch = k::Tree { label: "b".into(), branches: vec![leaf("c"), leaf("")] };
    k::Tree { label: "a".into(), branches: vec![branch, leaf("d")] }
}

async fn run(url: &str, checks: &mut Checks) -> Result<(), Fault> {
    let echo: k::EchoClient = k::EchoClient::connect(url).await?;
    numbers(&echo, checks).await;
    constructed(&echo, checks).await;
    references(&echo, checks).await?;
    values(&echo, checks).await;
    shapes(&echo, checks).await;
    outcomes(&echo, checks).await;
    Ok(())
}

async fn numbers(echo: &k::EchoClient<Connection>, checks: &mut Checks) {
    checks.is("boolean", echo.echo_boolean(true).await, true);
    checks.is("octet", echo.echo_octet(200).await, 200);
    checks.is("char", echo.echo_char('x').await, 'x');
    checks.is("short", echo.echo_short(-2).await, -2);
    checks.is("unsigned short", echo.echo_ushort(65535).await, 65535);
    checks.is("long", echo.echo_long(k::ANSWER).await, 42);
    checks.is("unsigned long", echo.echo_ulong(u32::MAX).await, u32::MAX);
    checks.is("long long", echo.echo_longlong(i64::MIN).await, i64::MIN);
    checks.is("unsigned long long", echo.echo_ulonglong(u64::MAX).await, u64::MAX);
    checks.is("float", echo.echo_float(f32::MIN_POSITIVE).await, f32::MIN_POSITIVE);
    checks.is("double", echo.echo_double(f64::INFINITY).await, f64::INFINITY);
    checks.is("string", echo.echo_string(k::GREETING.into()).await, "hello".to_owned());
    checks.is("empty string", echo.echo_string(String::new()).await, String::new());
    checks.is("bounded string", echo.echo_tenchars("ten chars!".into()).await, "ten chars!".into());
}

async fn constructed(echo: &k::EchoClient<Connection>, checks: &mut Checks) {
    checks.is("octets", echo.echo_octets(vec![0, 1, 255]).await, vec![0, 1, 255]);
    checks.is("doubles", echo.echo_doubles(vec![0.5, -0.5]).await, vec![0.5, -0.5]);
    checks.is("no doubles", echo.echo_doubles(vec![]).await, vec![]);
    let jagged = vec![vec![1].into(), vec![].into(), vec![1, 2, 3, 4, 5].into()];
    checks.is("sequences of sequences", echo.echo_jagged(jagged.clone()).await, jagged);
    let matrix = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    checks.is("arrays of arrays", echo.echo_matrix(matrix).await, matrix);
    let names = ["a".to_owned(), String::new()];
    checks.is("arrays of strings", echo.echo_names(names.clone()).await, names);
    checks.is("enum", echo.echo_color(k::Color::Blue).await, k::Color::Blue);
    checks.is("struct", echo.echo_basic(basic()).await, basic());
    let nested = vec![k::Nested { inner: basic(), hue: k::Color::Green, data: vec![7; 9] }; 3];
    checks.is("sequence of nested structs", echo.echo_nesteds(nested.clone()).await, nested);
    checks.is("recursive struct", echo.echo_tree(tree()).await, tree());
    for union in [k::ByLong::Number(-1), k::ByLong::Text("t".into()), k::ByLong::Hue(k::Color::Red)] {
        checks.is("union by long", echo.echo_bylong(union.clone()).await, union);
    }
    for union in [k::ByBoolean::Yes("y".into()), k::ByBoolean::No(0)] {
        checks.is("union by boolean", echo.echo_byboolean(union.clone()).await, union);
    }
    for union in [k::ByChar::Number(9), k::ByChar::Whole(basic())] {
        checks.is("union by char", echo.echo_bychar(union.clone()).await, union);
    }
    for union in [k::ByColor::Data(vec![1]), k::ByColor::Text(String::new())] {
        checks.is("union by enum", echo.echo_bycolor(union.clone()).await, union);
    }
    for union in [k::ByLongLong::Real(2.5), k::ByLongLong::Grown(tree())] {
        checks.is("union by unsigned long long", echo.echo_bylonglong(union.clone()).await, union);
    }
    for value in [Value::from(7), Value::from("text"), Value::from(true)] {
        checks.is("any", echo.echo_any(value.clone()).await, value);
    }
    let anys = vec![Value::from(1.5), Value::from("a")];
    checks.is("sequence of any", echo.echo_anys(anys.clone()).await, anys);
}

async fn references(echo: &k::EchoClient<Connection>, checks: &mut Checks) -> Result<(), Fault> {
    checks.is("nil Object", echo.echo_object(ObjectRef::default()).await, ObjectRef::default());
    let nil: Ref<k::BaseClient> = Ref::nil();
    checks.is("nil reference", echo.echo_base(nil.clone()).await, nil);
    let there = Ref::new("corbaloc:iiop:1.2@127.0.0.1:1/there");
    let back = echo.echo_base(there).await?;
    checks.that("reference", !back.is_nil() && back.object().addresses[0].starts_with("IOR:"), &back);
    Ok(())
}

async fn values(echo: &k::EchoClient<Connection>, checks: &mut Checks) {
    let leaf = Arc::new(k::Node { label: "leaf".into(), left: None, right: None });
    let shared = k::Node { label: "top".into(), left: Some(Arc::clone(&leaf)), right: Some(leaf) };
    let shared = Some(Arc::new(shared));
    let back = echo.echo_node(shared.clone()).await;
    let is_shared = match &back {
        Ok(Some(top)) => matches!((&top.left, &top.right), (Some(a), Some(b)) if Arc::ptr_eq(a, b)),
        _ => false,
    };
    checks.is("value type", back, shared.clone());
    checks.that("a shared value stays shared", is_shared, "two values came back");
    checks.is("null value", echo.echo_node(None).await, None);
    checks.is("two that are the same", echo.same(shared.clone(), shared.clone()).await, true);
    let friend = Arc::new(k::AnyNamed::Named(k::Named { name: "friend".into() }));
    let person = k::Person { name: "person".into(), age: 7, friend: Some(friend) };
    let person = Some(Arc::new(k::AnyNamed::Person(person)));
    checks.is("derived value", echo.echo_named(person.clone()).await, person.clone());
    checks.is("derived value as its base", echo.measured(person).await, 6);
}

async fn shapes(echo: &k::EchoClient<Connection>, checks: &mut Checks) {
    let value = |value| k::AnyShape::Value(Some(Arc::new(value)));
    let square = value(k::ShapeValue::Square(k::Square { side: 2.0 }));
    checks.is("abstract interface, a value", echo.echo_shape(square.clone()).await, square.clone());
    let none = k::AnyShape::Value(None);
    checks.is("abstract interface, nil", echo.echo_shape(none.clone()).await, none);
    let there = k::AnyShape::Object(Ref::new("corbaloc:iiop:1.2@127.0.0.1:1/there"));
    let back = echo.echo_shapes(vec![there, square.clone()]).await;
    let both = matches!(
        back.as_deref(),
        Ok([k::AnyShape::Object(object), value]) if !object.is_nil() && *value == square
    );
    checks.that("an object and a value", both, back);
}

async fn outcomes(echo: &k::EchoClient<Connection>, checks: &mut Checks) {
    checks.is("inherited operation", echo.twice(21).await, 42);
    checks.that("inherited attribute", echo.name().await.is_ok_and(|name| !name.is_empty()), "no name");
    checks.is("attribute set", echo.set_count(5).await, ());
    checks.is("oneway", echo.bump(2).await, ());
    checks.is("attribute read", echo.count().await, 7);
    checks.is("outs alone", echo.nothing_but_outs().await, (1, 2.5));
    let mixed = (2, "text!".to_owned(), k::Color::Blue, b"text".to_vec());
    checks.is("result, inout and outs", echo.mixed(1, "text".into()).await, mixed);
    let refused = echo.refuse(1).await;
    let wanted = k::Refused { code: 1, why: "because".into(), hue: k::Color::Green };
    let is_refused =
        matches!(&refused, Err(CallError::User(k::RefuseError::Refused(found))) if *found == wanted);
    checks.that("user exception", is_refused, &refused);
    let bare = echo.refuse(0).await;
    let is_bare = matches!(&bare, Err(CallError::User(k::RefuseError::Bare(_))));
    checks.that("user exception without members", is_bare, &bare);
    let forbidden = echo.forbid().await;
    let is_forbidden = matches!(&forbidden, Err(fault) if fault.kind() == FaultKind::Forbidden);
    checks.that("system exception", is_forbidden, &forbidden);
}
