//! The crate dxr's client against the contract of farcall's services. Usage: dxr-client URL

use std::collections::BTreeMap;
use std::process::ExitCode;

use dxr::{DateTime, Value};
use dxr_client::{Client, ClientBuilder, Error};

struct Checks {
    client: Client,
    count: usize,
    failed: usize,
}

impl Checks {
    /// The method must return exactly `wanted`.
    async fn equal(&mut self, name: &str, method: &str, params: &[Value], wanted: Value) {
        let got: Result<Value, Error> = self.client.call(method, params).await;
        let good = matches!(&got, Ok(got) if *got == wanted);
        self.report(good, name, &format!("got    {got:?}\n# wanted {wanted:?}"));
    }

    /// The method must return its argument.
    async fn echo(&mut self, name: &str, value: Value) {
        let params = [value.clone()];
        self.equal(&format!("echo {name}"), "echo", &params, value)
            .await;
    }

    /// The method must end in a fault with this code.
    async fn fault(&mut self, name: &str, method: &str, params: &[Value], code: i32) {
        let got: Result<Value, Error> = self.client.call(method, params).await;
        let good = matches!(&got, Err(Error::Fault { fault }) if fault.code() == code);
        self.report(good, name, &format!("got {got:?}"));
    }

    fn report(&mut self, good: bool, name: &str, why: &str) {
        self.count += 1;
        println!(
            "{} {} - {name}",
            if good { "ok" } else { "not ok" },
            self.count
        );
        if !good {
            self.failed += 1;
            println!("# {why}");
        }
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn record<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Struct(members.map(|(name, value)| (name.to_owned(), value)).into())
}

fn date() -> Value {
    let date: Result<DateTime, _> = "19980717T14:08:55".parse();
    date.map_or(Value::Nil, Value::DateTime)
}

async fn echoes(checks: &mut Checks) {
    let octets: Vec<u8> = (0..=255).collect();
    let values = [
        ("nil", Value::Nil),
        ("true", Value::Boolean(true)),
        ("greatest i4", Value::Integer(i32::MAX)),
        ("least i4", Value::Integer(i32::MIN)),
        ("greatest i8", Value::Long(i64::MAX)),
        ("least i8", Value::Long(i64::MIN)),
        ("0.1", Value::Double(0.1)),
        ("1e300", Value::Double(1e300)),
        ("whole double", Value::Double(2.0)),
        ("empty text", text("")),
        ("white space only", text(" \t\n ")),
        ("white space around", text("  a  ")),
        ("carriage return", text("a\r\nb")),
        ("entity text", text("<a href=\"x\">&amp; 'q' ]]> &#65;</a>")),
        ("Chinese text", text("漢字")),
        ("astral text", text("😀𝄞")),
        ("empty array", Value::Array(vec![])),
        ("array of one", Value::Array(vec![Value::Integer(1)])),
        ("array in array", Value::Array(vec![Value::Array(vec![])])),
        (
            "mixed array",
            Value::Array(vec![Value::Integer(1), text("a"), Value::Nil, date()]),
        ),
        ("empty struct", Value::Struct(BTreeMap::new())),
        (
            "struct",
            record([("a", Value::Integer(1)), ("b", text("two"))]),
        ),
        (
            "odd member name",
            record([("a b <&> é", Value::Integer(1))]),
        ),
        ("empty binary", Value::Base64(vec![])),
        ("all octets", Value::Base64(octets)),
        ("date", date()),
    ];
    for (name, value) in values {
        checks.echo(name, value).await;
    }
    let got: Result<f64, Error> = checks.client.call("echo", &[Value::Double(-0.0)][..]).await;
    let good = matches!(got, Ok(got) if got == 0.0 && got.is_sign_negative());
    checks.report(good, "echo minus zero", &format!("got {got:?}"));
}

async fn services(checks: &mut Checks) {
    let a = [text("a 漢😀")];
    checks
        .equal("strings.reverse", "strings.reverse", &a, text("😀漢 a"))
        .await;
    let params = [
        Value::Array(vec![text("a"), text(""), text("b")]),
        text(", "),
    ];
    checks
        .equal("strings.join", "strings.join", &params, text("a, , b"))
        .await;
    let params = [text("a b  c")];
    checks
        .equal(
            "word_count",
            "strings.text.word_count",
            &params,
            Value::Integer(3),
        )
        .await;
    checks
        .equal("echo.nothing", "echo.nothing", &[], Value::Nil)
        .await;
    for (name, value) in [
        ("echo.bool", Value::Boolean(true)),
        ("echo.i32", Value::Integer(i32::MIN)),
        ("echo.i64", Value::Long(i64::MIN)),
        ("echo.f64", Value::Double(0.1)),
        ("echo.string", text("")),
        ("echo.bytes", Value::Base64(vec![0, 255])),
        ("echo.datetime", date()),
        ("echo.list", Value::Array(vec![text("one")])),
        ("echo.map", record([("a", Value::Integer(1))])),
        ("echo.optional", Value::Nil),
    ] {
        checks.equal(name, name, &[value.clone()], value).await;
    }
}

async fn validator(checks: &mut Checks) {
    let int = Value::Integer;
    let day = |n| record([("moe", int(n)), ("larry", int(n)), ("curly", int(n))]);
    let params = [Value::Array(vec![day(4), day(4), day(4)])];
    checks
        .equal(
            "arrayOfStructsTest",
            "validator1.arrayOfStructsTest",
            &params,
            int(12),
        )
        .await;
    let counts = record([
        ("ctLeftAngleBrackets", int(2)),
        ("ctRightAngleBrackets", int(1)),
        ("ctAmpersands", int(3)),
        ("ctApostrophes", int(1)),
        ("ctQuotes", int(4)),
    ]);
    let params = [text("<<>&&&'\"\"\"\" end")];
    checks
        .equal(
            "countTheEntities",
            "validator1.countTheEntities",
            &params,
            counts,
        )
        .await;
    checks
        .equal(
            "easyStructTest",
            "validator1.easyStructTest",
            &[day(2)],
            int(6),
        )
        .await;
    let odd = record([
        ("b", Value::Array(vec![int(1)])),
        ("é", Value::Boolean(true)),
    ]);
    checks
        .equal(
            "echoStructTest",
            "validator1.echoStructTest",
            &[odd.clone()],
            odd,
        )
        .await;
    let double = Value::Double(3.25);
    let octets = Value::Base64(vec![0, 254]);
    let many = [
        int(-7),
        Value::Boolean(true),
        text("tëxt"),
        double,
        date(),
        octets,
    ];
    let wanted = Value::Array(many.to_vec());
    checks
        .equal("manyTypesTest", "validator1.manyTypesTest", &many, wanted)
        .await;
    let items = (0..150).map(|n| text(&format!("item {n}"))).collect();
    let params = [Value::Array(items)];
    let ends = text("item 0item 149");
    checks
        .equal(
            "moderateSizeArrayCheck",
            "validator1.moderateSizeArrayCheck",
            &params,
            ends,
        )
        .await;
    let days = (1..=30).map(|n| (format!("{n:02}"), day(n)));
    let month = Value::Struct(days.collect());
    let year = record([("03", month.clone()), ("04", month)]);
    let params = [record([("2000", year)])];
    checks
        .equal(
            "nestedStructTest",
            "validator1.nestedStructTest",
            &params,
            int(3),
        )
        .await;
    let times = record([
        ("times10", int(-70)),
        ("times100", int(-700)),
        ("times1000", int(-7000)),
    ]);
    let method = "validator1.simpleStructReturnTest";
    checks
        .equal("simpleStructReturnTest", method, &[int(-7)], times)
        .await;
}

async fn faults(checks: &mut Checks) {
    checks
        .fault("unknown method", "no.such.method", &[], -32601)
        .await;
    checks
        .fault("too few parameters", "strings.reverse", &[], -32602)
        .await;
    checks
        .fault(
            "wrong type",
            "strings.reverse",
            &[Value::Integer(5)],
            -32602,
        )
        .await;
    let calls = vec![
        ("strings.upper".to_owned(), "a"),
        ("no.such".to_owned(), ""),
        ("strings.upper".to_owned(), "b"),
    ];
    let got = checks.client.multicall(calls).await;
    let good = matches!(&got, Ok(got) if matches!(&got[..], [Ok(a), Err(fault), Ok(b)]
        if *a == text("A") && fault.code() == -32601 && *b == text("B")));
    checks.report(good, "multicall", &format!("got {got:?}"));
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("usage: dxr-client URL")?;
    let client = ClientBuilder::new(url.parse()?).build();
    let mut checks = Checks {
        client,
        count: 0,
        failed: 0,
    };
    echoes(&mut checks).await;
    services(&mut checks).await;
    validator(&mut checks).await;
    faults(&mut checks).await;
    println!("1..{}", checks.count);
    Ok(ExitCode::from(u8::from(checks.failed > 0)))
}
