//! Our typed clients against a foreign server of our interfaces `echo` and `bank`, for the cases
//! `soap-*` of `cargo xtask interop`. The server is at `PEER_URL`; `SOAP_VERSIONS` has those that it
//! speaks, `1.1 1.2` unless given.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::process::ExitCode;

use bytes::Bytes;
use farcall_builtin::bank::{Refused, Statement};
use farcall_builtin::echo::{Color, Corner, Scalars, Shape, Sparse, Structure, Tree};
use farcall_builtin::{Bank, BankClient, Echo, EchoClient};
use farcall_model::{Decimal, Value};
use farcall_soap::{Client, Version};
use farcall_wire::{CallError, FaultKind, Nillable, Remote};

/// Checks in the Test Anything Protocol.
#[derive(Default)]
struct Tap {
    count: usize,
    failed: usize,
}

impl Tap {
    fn report(&mut self, good: bool, name: &str, why: &dyn Debug) {
        self.count += 1;
        println!("{} {} - {name}", if good { "ok" } else { "not ok" }, self.count);
        if !good {
            self.failed += 1;
            println!("# {why:?}");
        }
    }

    fn equal<T: PartialEq + Debug, E: Debug>(&mut self, name: &str, got: Result<T, E>, wanted: &T) {
        self.report(got.as_ref().is_ok_and(|got| got == wanted), name, &(&got, wanted));
    }
}

fn main() -> ExitCode {
    let Ok(url) = std::env::var("PEER_URL") else {
        eprintln!("PEER_URL says where the server is");
        return ExitCode::FAILURE;
    };
    let versions = std::env::var("SOAP_VERSIONS").unwrap_or_else(|_| "1.1 1.2".into());
    let mut tap = Tap::default();
    farcall::block_on(async {
        for version in [(Version::V11, "1.1"), (Version::V12, "1.2")] {
            let (version, true) = (version.0, versions.contains(version.1)) else { continue };
            let client = |name: &str, interface| {
                Client::builder(&format!("soap+{url}/{name}"), interface).version(version).build()
            };
            let echo = client("echo", EchoClient::<Client>::interface()).map(EchoClient::new);
            let bank = client("bank", BankClient::<Client>::interface()).map(BankClient::new);
            let (Ok(echo), Ok(bank)) = (echo, bank) else { continue };
            echoes(&mut tap, &echo, version).await;
            keeps(&mut tap, &echo).await;
            faults(&mut tap, &bank, version).await;
        }
    });
    println!("1..{}", tap.count);
    if tap.failed == 0 && tap.count > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn echoes(tap: &mut Tap, echo: &EchoClient<Client>, version: Version) {
    macro_rules! echoed {
        ($($method:ident: $value:expr),* $(,)?) => {$({
            let value = $value;
            let name = format!("{version:?} {} {:.40}", stringify!($method), format!("{value:?}"));
            tap.equal(&name, echo.$method(value.clone()).await, &value);
        })*};
    }
    tap.equal(&format!("{version:?} nothing"), echo.nothing().await, &());
    echoed! {
        bool: true, i8: -128_i8, u8: 255_u8, i32: i32::MIN, i64: i64::MAX, u64: u64::MAX, f64: 0.1, f64: -1e300,
        f64: f64::INFINITY, f64: f64::NEG_INFINITY, f32: 1.5_f32,
        decimal: "-12345678901234567890123456789012345.678".parse::<Decimal>().unwrap_or_else(|_| 0_i64.into()),
        char: 'é', string: String::new(), string: "a<b>&\"' \n ]]>".to_owned(), string: "😀漢字".to_owned(),
        bytes: Bytes::from((0..=255).collect::<Vec<u8>>()),
        list: Vec::<String>::new(), list: vec!["one".to_owned()], numbers: vec![1, -2], array: [1, 2, 3],
        optional: None::<String>, optional: Some(String::new()), optional: Some("x".to_owned()),
        optionals: vec![None, Some("x".to_owned()), None],
        map: BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]), map: BTreeMap::<String, i32>::new(),
        pair: ("a".to_owned(), 1), color: Color::Green, shape: Shape::Circle(1.5),
        shape: Shape::Polygon(vec![Corner { x: 1.0, y: -2.0 }]),
        structure: Structure { name: "n".into(), size: 1, ratio: 0.5, tags: vec!["t".into()], note: None },
        tree: Tree { label: "r".into(), branches: vec![Tree { label: "l".into(), branches: vec![] }] },
        any: Value::from("x"),
    }
    for when in ["2026-11-22T14:08:55+05:30", "2026-11-22T14:08:55.25Z", "2026-11-22T14:08:55"] {
        let got = echo.datetime(when.parse().unwrap_or_else(|_| unreachable!("it is a date"))).await;
        tap.equal(&format!("{version:?} datetime {when}"), got.map(|got| got.to_string()), &when.to_owned());
    }
    if let Ok(scalars) = scalars() {
        tap.equal(&format!("{version:?} scalars"), echo.scalars(scalars.clone()).await, &scalars);
    }
    let big = Bytes::from(vec![7; 1 << 20]);
    let got = echo.bytes(big.clone()).await;
    tap.report(got.as_ref().is_ok_and(|got| *got == big), &format!("{version:?} bytes 1 MiB"), &got.err());
    let nan = echo.f64(f64::NAN).await;
    tap.report(nan.as_ref().is_ok_and(|n| n.is_nan()), &format!("{version:?} f64 NaN"), &nan);
}

fn scalars() -> Result<Scalars, Box<dyn std::error::Error>> {
    Ok(Scalars {
        truth: true,
        tiny: i8::MIN,
        octet: u8::MAX,
        small: i16::MIN,
        usmall: u16::MAX,
        middle: i32::MIN,
        umiddle: u32::MAX,
        large: i64::MIN,
        ularge: i64::MAX.unsigned_abs(),
        single: 1.5,
        double: 0.1,
        exact: "-12345678901234567890123456789012345.678".parse()?,
        text: " a<b>&\"' ]]> 😀 ".into(),
        octets: Bytes::from_static(&[0, 1, 255]),
        moment: "2026-11-22T14:08:55Z".parse()?,
        day: "2026-11-22".parse()?,
        clock: "14:08:55".parse()?,
        span: "P1DT2H3M4.5S".parse()?,
        color: Color::Blue,
    })
}

/// What means something although there is nothing in it.
async fn keeps(tap: &mut Tap, echo: &EchoClient<Client>) {
    let text = |text: &str| text.to_owned();
    let none = Sparse { map: BTreeMap::from([(text("a"), 1)]), ..Sparse::default() };
    let rows = [
        ("None", none.clone()),
        ("\"\"", Sparse { text: Some(text("")), ..none.clone() }),
        ("[]", Sparse { list: Some(vec![]), ..none.clone() }),
        ("[one]", Sparse { texts: vec![text("one")], list: Some(vec![text("")]), ..none.clone() }),
        ("{}", Sparse { map: BTreeMap::new(), dictionary: Some(BTreeMap::new()), ..none.clone() }),
        ("nil", Sparse { nil: Nillable::Nil, ..none.clone() }),
        ("[nil]", Sparse { nils: vec![None, Some(text("")), None], ..none }),
    ];
    for (name, sparse) in rows {
        tap.equal(&format!("keeps {name}"), echo.sparse(sparse.clone()).await, &sparse);
    }
}

async fn faults(tap: &mut Tap, bank: &BankClient<Client>, version: Version) {
    let wanted = |id: &str| Statement { id: id.into(), owner: "ann".into(), balance: 0.5 };
    let named = |name: &str| format!("{version:?} {name}");
    let accounts = bank.accounts(Some("ann".into())).await;
    tap.equal(&named("accounts"), accounts, &vec![wanted("A"), wanted("B")]);
    tap.equal(&named("no accounts"), bank.accounts(Some("nobody".into())).await, &vec![]);
    let refused = bank.withdraw("A".into(), 9.0).await;
    let good =
        matches!(&refused, Err(CallError::User(Refused::Funds(f))) if (f.balance, f.requested) == (1.5, 9.0));
    tap.report(good, &named("a typed fault"), &refused);
    let refused = bank.balance("X".into()).await;
    let good = matches!(&refused, Err(CallError::User(Refused::Account(a))) if a.account == "X");
    tap.report(good, &named("another typed fault"), &refused);
    let refused = bank.close("X".into()).await;
    let good = matches!(&refused, Err(CallError::Fault(f)) if f.kind() == FaultKind::InvalidParameters && f.is_remote());
    tap.report(good, &named("an undeclared fault"), &refused);
}
