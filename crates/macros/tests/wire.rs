//! derive(Wire): structs.
#![allow(dead_code)]
mod support;
use farcall_macros::{Exception, Wire, service};
use farcall_wire::*;
use support::farcall;

/// An account.
///
/// Second line.
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(crate = "crate::farcall", rename_all = "camelCase", scope = "Bank")]
struct Account {
    /// Who.
    owner_name: String,
    balance: f64,
    note: Option<String>,
    children: Vec<Account>,
}
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Nothing;
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Id(String);
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Pair<A, B>(A, B);
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Page<T, const N: usize> {
    items: Vec<T>,
    fixed: [T; N],
}
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
enum Color {
    Red,
    Green = 7,
    Blue,
}
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
enum Tree<T> {
    Empty,
    Leaf(T),
    #[wire(default)]
    Node(Box<(Tree<T>, Tree<T>)>),
}

#[derive(Debug, Exception)]
#[exception(crate = "crate::farcall", code = 3, message = "balance {balance} is less than {requested}")]
struct Refused {
    balance: f64,
    requested: f64,
    why: String,
}
#[derive(Debug, Exception)]
#[exception(crate = "crate::farcall")]
struct Closed;
#[derive(Debug, Exception)]
#[exception(crate = "crate::farcall")]
enum BankError {
    Refused(Refused),
    Closed(Closed),
}

/// The bank.
#[service(crate = "crate::farcall")]
pub(crate) trait Bank {
    /// Opens.
    async fn open(
        &self,
        /** Who. */
        owner: String,
        initial: Option<f64>,
    ) -> Result<Account, CallError<Refused>>;
    async fn ping(&self, cx: &Context) -> Result<(), Fault>;
    #[op(oneway)]
    async fn log(&self, line: String) -> Result<(), Fault> {
        let _ = line;
        self.ping(&Context::new()).await
    }
    async fn close(&self) -> Result<(), CallError<BankError>>;
}
struct Mine;
impl Bank for Mine {
    async fn open(&self, owner: String, initial: Option<f64>) -> Result<Account, CallError<Refused>> {
        Ok(Account { owner_name: owner, balance: initial.unwrap_or(0.0), note: None, children: vec![] })
    }
    async fn ping(&self, _cx: &Context) -> Result<(), Fault> {
        Ok(())
    }
    async fn close(&self) -> Result<(), CallError<BankError>> {
        Err(BankError::from(Closed))?
    }
}

#[test]
fn smoke() {
    fn round<T: Encode + Decode + PartialEq + std::fmt::Debug>(v: T) {
        assert_eq!(from_value::<T>(&to_value(&v).unwrap()).unwrap(), v);
    }
    let a = Account { owner_name: "a".into(), balance: 1.0, note: None, children: vec![] };
    round(Account { children: vec![a.clone()], ..a.clone() });
    round(Nothing);
    round(Id("x".into()));
    round(Pair(1_i32, a.clone()));
    round(Page { items: vec![a.clone()], fixed: [a; 1] });
    round(Color::Green);
    round(Tree::Node(Box::new((Tree::Empty, Tree::Leaf(3_i32)))));
    let _ = BankService::new(Mine);
    println!("{:?}", Account::describe());
}
