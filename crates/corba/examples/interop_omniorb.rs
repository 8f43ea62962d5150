//! The services of `interop/corba-omniorb-python/farcall.idl`, called at a
//! foreign server, whose `host:port` is in `PEER_URL`; reports in the Test
//! Anything Protocol.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::Duration;

use bytes::Bytes;
use farcall_corba::Client;
use farcall_macros::{Exception, Wire, service};
use farcall_model::Value;
use farcall_wire::{CallError, Completion, Context, Fault, FaultKind, Ref};

#[path = "../tests/common/facade.rs"]
mod farcall;

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
struct Structure {
    name: String,
    size: i32,
    ratio: f64,
    tags: Vec<String>,
    note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall", rename_all = "lowercase")]
enum Color {
    Red,
    Green,
    Blue,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall", rename_all = "lowercase")]
enum Shape {
    Point,
    Circle(f64),
    Polygon(Vec<Corner>),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
struct Corner {
    x: f64,
    y: f64,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
struct Tree {
    label: String,
    branches: Vec<Self>,
}

#[service(crate = "crate::farcall", name = "Fortune", scope = "farcall", id = "IDL:farcall/Fortune:1.0")]
trait Fortune {
    async fn get_cookie(&self) -> Result<String, Fault>;
}

#[service(crate = "crate::farcall", name = "Strings", scope = "farcall")]
trait Strings {
    async fn upper(&self, s: String) -> Result<String, Fault>;
    async fn join(&self, parts: Vec<String>, separator: String) -> Result<String, Fault>;
    #[op(name = "text.word_count")]
    async fn word_count(&self, s: String) -> Result<i32, Fault>;
}

#[service(crate = "crate::farcall", name = "Echo", scope = "farcall")]
trait Echo {
    async fn nothing(&self) -> Result<(), Fault>;
    async fn bool(&self, x: bool) -> Result<bool, Fault>;
    async fn u8(&self, x: u8) -> Result<u8, Fault>;
    async fn i16(&self, x: i16) -> Result<i16, Fault>;
    async fn u16(&self, x: u16) -> Result<u16, Fault>;
    async fn i32(&self, x: i32) -> Result<i32, Fault>;
    async fn u32(&self, x: u32) -> Result<u32, Fault>;
    async fn i64(&self, x: i64) -> Result<i64, Fault>;
    async fn u64(&self, x: u64) -> Result<u64, Fault>;
    async fn f32(&self, x: f32) -> Result<f32, Fault>;
    async fn f64(&self, x: f64) -> Result<f64, Fault>;
    async fn char(&self, x: char) -> Result<char, Fault>;
    async fn string(&self, x: String) -> Result<String, Fault>;
    async fn bytes(&self, x: Bytes) -> Result<Bytes, Fault>;
    async fn list(&self, x: Vec<String>) -> Result<Vec<String>, Fault>;
    async fn numbers(&self, x: Vec<i32>) -> Result<Vec<i32>, Fault>;
    async fn array(&self, x: [i32; 3]) -> Result<[i32; 3], Fault>;
    async fn map(&self, x: BTreeMap<String, i32>) -> Result<BTreeMap<String, i32>, Fault>;
    async fn optional(&self, x: Option<String>) -> Result<Option<String>, Fault>;
    async fn optionals(&self, x: Vec<Option<String>>) -> Result<Vec<Option<String>>, Fault>;
    async fn pair(&self, x: (String, i32)) -> Result<(String, i32), Fault>;
    async fn color(&self, x: Color) -> Result<Color, Fault>;
    async fn shape(&self, x: Shape) -> Result<Shape, Fault>;
    async fn structures(&self, x: Vec<Structure>) -> Result<Vec<Structure>, Fault>;
    async fn tree(&self, x: Tree) -> Result<Tree, Fault>;
    async fn any(&self, x: Value) -> Result<Value, Fault>;
    async fn reference(&self, x: Ref<FortuneClient>) -> Result<Ref<FortuneClient>, Fault>;
}

/// There is not enough in the account.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall", code = 101, scope = "farcall", message = "not enough")]
struct InsufficientFunds {
    balance: f64,
    requested: f64,
}

/// There is no such account.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall", code = 102, scope = "farcall", message = "no account {account}")]
struct NoSuchAccount {
    account: String,
}

/// What a bank refuses.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall")]
enum Refused {
    Funds(InsufficientFunds),
    Account(NoSuchAccount),
}

#[service(crate = "crate::farcall", name = "Account", scope = "farcall", id = "IDL:farcall/Account:1.0")]
trait Account {
    async fn balance(&self) -> Result<f64, CallError<Refused>>;
    async fn withdraw(&self, amount: f64) -> Result<f64, CallError<Refused>>;
}

#[service(crate = "crate::farcall", name = "Bank", scope = "farcall")]
trait Bank {
    async fn open(
        &self,
        owner: String,
        initial: Option<f64>,
    ) -> Result<Ref<AccountClient>, CallError<Refused>>;
    async fn balance(&self, account: String) -> Result<f64, CallError<Refused>>;
}

/// Checks reported in the Test Anything Protocol.
#[derive(Default)]
struct Tap {
    count: usize,
}

impl Tap {
    fn check(&mut self, name: &str, good: bool, why: impl Debug) {
        self.count += 1;
        println!("{} {} - {name}", if good { "ok" } else { "not ok" }, self.count);
        if !good {
            println!("# {why:?}");
        }
    }

    fn equal<T: PartialEq + Debug>(&mut self, name: &str, got: Result<T, Fault>, wanted: &T) {
        let good = got.as_ref().is_ok_and(|got| got == wanted);
        self.check(name, good, got);
    }
}

macro_rules! echo {
    ($tap:ident, $version:ident, $echo:ident, $($method:ident: $($value:expr),+;)*) => {$($(
        let value = $value;
        let got = $echo.$method(value.clone()).await;
        $tap.equal(&format!("{} echo.{}", $version, stringify!($method)), got, &value);
    )+)*};
}

async fn echoes(tap: &mut Tap, echo: &EchoClient<Client>, version: &str) {
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<String>>();
    let leaf = Tree { label: "leaf".into(), branches: vec![] };
    let structure =
        |note| Structure { name: "n".into(), size: -1, ratio: 0.25, tags: texts(&["a", ""]), note };
    let polygon = Shape::Polygon(vec![Corner { x: 0.5, y: 1.0 }, Corner { x: 2.0, y: 3.0 }]);
    echo! { tap, version, echo,
        bool: true, false;
        u8: 0, 255;
        i16: i16::MIN, i16::MAX;
        u16: u16::MAX;
        i32: i32::MIN, i32::MAX;
        u32: u32::MAX;
        i64: i64::MIN, i64::MAX;
        u64: u64::MAX;
        f32: 0.5, f32::NEG_INFINITY;
        f64: 0.1, 5e-324, f64::MAX;
        char: 'x';
        string: String::new(), "text".to_owned(), "x".repeat(100_000);
        bytes: Bytes::new(), Bytes::from_iter(0..=255), Bytes::from(vec![7; 8 << 20]);
        list: vec![], texts(&["", "b"]);
        numbers: vec![], vec![1, -1], (0..100_000).collect::<Vec<i32>>();
        array: [1, 2, 3];
        map: BTreeMap::new(), BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), -2)]);
        optional: None, Some(String::new()), Some("x".to_owned());
        optionals: vec![], vec![None, Some("x".to_owned())];
        pair: ("a".to_owned(), 7);
        color: Color::Red, Color::Green, Color::Blue;
        shape: Shape::Point, Shape::Circle(2.5), polygon;
        structures: vec![], vec![structure(None), structure(Some("note".into()))];
        tree: leaf.clone(), Tree { label: "root".into(), branches: vec![leaf.clone(), leaf] };
        any: Value::Nil, Value::from(7), Value::from("x"), Value::Sequence(vec![Value::from(1), Value::from("a")]);
        any: farcall_wire::to_value(&vec![1.5, 2.5]).unwrap_or_default();
    }
    if version != "1.0" {
        echo!(tap, version, echo, string: "漢字 😀".to_owned(););
    }
}

async fn bank(tap: &mut Tap, bank: &BankClient<Client>, version: &str) {
    let account = bank.open("ann".into(), Some(10.0)).await;
    let url =
        account.ok().and_then(|account| account.object().addresses.first().cloned()).unwrap_or_default();
    let Ok(client) = Client::connect(&url) else {
        return tap.check(&format!("{version} bank.open"), false, url);
    };
    let account = AccountClient::new(client);
    let balance = account.balance().await;
    tap.check(&format!("{version} account.balance"), matches!(balance, Ok(10.0)), balance);
    let refused = account.withdraw(11.0).await;
    let funds = Refused::Funds(InsufficientFunds { balance: 10.0, requested: 11.0 });
    let good = refused.as_ref().is_err_and(|e| e.user() == Some(&funds));
    tap.check(&format!("{version} user exception"), good, refused);
    let nobody = bank.balance("nobody".into()).await;
    let missing = Refused::Account(NoSuchAccount { account: "nobody".into() });
    let good = nobody.as_ref().is_err_and(|e| e.user() == Some(&missing));
    tap.check(&format!("{version} another"), good, nobody);
    let system = account.withdraw(0.0).await;
    let good = system.as_ref().is_err_and(|e| {
        e.fault().is_some_and(|f| f.kind() == FaultKind::Forbidden && f.completion() == Completion::No)
    });
    tap.check(&format!("{version} NO_PERMISSION"), good, system);
}

async fn run(peer: &str) -> Result<(), Fault> {
    let mut tap = Tap::default();
    for version in ["1.2", "1.1", "1.0"] {
        let at = |key: &str| Client::connect(&format!("corbaloc:iiop:{version}@{peer}/{key}"));
        let fortune = FortuneClient::new(at("fortune")?);
        let cookie = fortune.get_cookie().await;
        tap.check(
            &format!("{version} fortune.get_cookie"),
            cookie.as_ref().is_ok_and(|c| !c.is_empty()),
            cookie,
        );
        let is = at("fortune")?.is_a("IDL:farcall/Fortune:1.0").await;
        tap.equal(&format!("{version} _is_a"), is, &true);
        tap.equal(&format!("{version} _non_existent"), at("nobody")?.non_existent().await, &true);
        let strings = StringsClient::new(at("strings")?);
        tap.equal(&format!("{version} upper"), strings.upper("jorg".into()).await, &"JORG".to_owned());
        let parts = vec!["a".to_owned(), String::new()];
        tap.equal(&format!("{version} join"), strings.join(parts, "-".into()).await, &"a-".to_owned());
        tap.equal(&format!("{version} word_count"), strings.word_count("to be".into()).await, &2);
        let echo = EchoClient::new(at("echo")?);
        tap.equal(&format!("{version} echo.nothing"), echo.nothing().await, &());
        echoes(&mut tap, &echo, version).await;
        let nil = echo.reference(Ref::nil()).await;
        tap.check(&format!("{version} nil reference"), nil.as_ref().is_ok_and(Ref::is_nil), nil);
        let there = echo.reference(Ref::new(format!("corbaloc:iiop:{version}@{peer}/fortune"))).await?;
        let url = there.object().addresses.first().cloned().unwrap_or_default();
        let cookie = FortuneClient::new(Client::connect(&url)?).get_cookie().await;
        tap.check(&format!("{version} a reference that came back"), cookie.is_ok(), cookie);
        bank(&mut tap, &BankClient::new(at("bank")?), version).await;
        let wrong = StringsClient::new(at("fortune")?).upper("x".into()).await;
        let good = wrong.as_ref().is_err_and(|f| f.kind() == FaultKind::UnknownOperation);
        tap.check(&format!("{version} BAD_OPERATION"), good, wrong);
    }
    let many = EchoClient::new(Client::connect(&format!("corbaloc::{peer}/echo"))?);
    let many = std::sync::Arc::new(many.with_context(Context::new().with_timeout(Duration::from_secs(20))));
    let calls = (0..200).map(|n| {
        let many = std::sync::Arc::clone(&many);
        tokio::spawn(async move { many.i32(n).await.is_ok_and(|back| back == n) })
    });
    let mut good = true;
    for call in calls.collect::<Vec<_>>() {
        good &= call.await.unwrap_or(false);
    }
    tap.check("200 calls at once over one connection", good, "");
    println!("1..{}", tap.count);
    Ok(())
}

#[tokio::main]
async fn main() {
    let peer = std::env::var("PEER_URL").unwrap_or_else(|_| "127.0.0.1:15202".to_owned());
    if let Err(fault) = run(&peer).await {
        println!("Bail out! {fault}");
        std::process::exit(1);
    }
}
