//! Typed calls to the Python server of `interop/xmlrpc-python`, whose address is in `PEER_URL`:
//! the validation suite, values that Python has types of its own for, a deadline.
//!
//! Started by `cargo xtask interop`; it prints TAP and fails if a check does.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use farcall::{Context, FaultKind, Value};
use farcall_builtin::validator1::{Entities, Stooges, Times};
use farcall_builtin::{Validator1, Validator1Client};

#[path = "support/tap.rs"]
mod tap;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("PEER_URL")?;
    farcall::block_on(async {
        let mut tap = tap::Tap::default();
        suite(&url, &mut tap).await?;
        values(&url, &mut tap).await?;
        deadline(&url, &mut tap).await?;
        tap.finish()
    })
}

async fn suite(url: &str, tap: &mut tap::Tap) -> Result<(), farcall::Fault> {
    let suite = Validator1Client::connect(&format!("{url}#validator1")).await?;
    let stooges = Stooges { moe: 1, larry: 2, curly: 4 };
    tap.equal("arrayOfStructsTest", suite.array_of_structs_test(vec![stooges.clone(); 3]).await?, 12);
    let counted = Entities {
        ct_left_angle_brackets: 2,
        ct_right_angle_brackets: 1,
        ct_ampersands: 1,
        ct_apostrophes: 1,
        ct_quotes: 2,
    };
    tap.equal("countTheEntities", suite.count_the_entities("<<>&'\"\"".into()).await?, counted);
    tap.equal("easyStructTest", suite.easy_struct_test(stooges.clone()).await?, 7);
    let structure = farcall::wire::json::parse(r#"{"list": [1, {}, ""], "deep": {"x": true}}"#)?;
    tap.equal("echoStructTest", suite.echo_struct_test(structure.clone()).await?, structure);
    let date = "20261122T13:04:05".parse().map_err(|_| farcall::Fault::application(1, "date"))?;
    let many = (7, true, "é𝄞".to_owned(), -0.1, date, bytes::Bytes::from_static(&[0, 255]));
    let (number, boolean, text, double, date, octets) = many.clone();
    tap.equal(
        "manyTypesTest",
        suite.many_types_test(number, boolean, text, double, date, octets).await?,
        many,
    );
    let texts = (0..200).map(|n| n.to_string()).collect();
    tap.equal("moderateSizeArrayCheck", suite.moderate_size_array_check(texts).await?, "0199".to_owned());
    let day = BTreeMap::from([("01".to_owned(), stooges)]);
    let calendar = BTreeMap::from([("2000".to_owned(), BTreeMap::from([("04".to_owned(), day)]))]);
    tap.equal("nestedStructTest", suite.nested_struct_test(calendar).await?, 7);
    let times = Times { times10: 30, times100: 300, times1000: 3000 };
    tap.equal("simpleStructReturnTest", suite.simple_struct_return_test(3).await?, times);
    Ok(())
}

async fn values(url: &str, tap: &mut tap::Tap) -> Result<(), farcall::Fault> {
    let python = farcall::connect(url)?;
    let octets = Value::Bytes(bytes::Bytes::from_static(b"\0\x01\xff"));
    tap.equal("octets", python.call("echo", (octets.clone(),)).await?, octets);
    let list =
        Value::Sequence(vec![Value::Nil, Value::from(""), Value::from(2_147_483_647), Value::from(1e300)]);
    tap.equal("a list of many types", python.call("echo", (list.clone(),)).await?, list);
    let fault = python.call("no.such.method", ()).await.err();
    tap.equal("an unknown method is the server's fault", fault.map(|f| f.is_remote()), Some(true));
    let calls: [(&str, &[Value]); 2] = [("echo", &[Value::I32(1)]), ("no.such", &[])];
    let farcall::Connection::XmlRpc(client) = python.connection() else {
        return Err(farcall::Fault::application(1, "not XML-RPC"));
    };
    let replies = client.multicall(&calls).await?;
    tap.equal("a batch", (replies[0].as_ref().ok(), replies[1].is_err()), (Some(&Value::I32(1)), true));
    Ok(())
}

async fn deadline(url: &str, tap: &mut tap::Tap) -> Result<(), farcall::Fault> {
    let hasty = Context::new().with_timeout(Duration::from_millis(300));
    let python = farcall::connect(url)?.with_context(hasty);
    let begun = Instant::now();
    let fault = python.call("slow", (5,)).await.err();
    tap.equal("a deadline ends the call", fault.map(|f| f.kind()), Some(FaultKind::Deadline));
    tap.equal("in time", begun.elapsed() < Duration::from_secs(2), true);
    Ok(())
}
