//! The typed path builds no `Value`: a million ints are decoded within the
//! memory that a `Vec<i32>` takes, where values would take ten times as much.
//!
//! One test alone in its process, as it measures the process.

use farcall::xmlrpc::{Options, XmlRpcServer, message};
use farcall::{Context, Fault, Limits, Value, service};
use std::fs;
use std::sync::Arc;

#[service]
trait Sum {
    async fn sum(&self, items: Vec<i32>) -> Result<i64, Fault>;
    async fn count(&self, items: Value) -> Result<i64, Fault>;
}

struct Plain;

impl Sum for Plain {
    async fn sum(&self, items: Vec<i32>) -> Result<i64, Fault> {
        Ok(items.into_iter().map(i64::from).sum())
    }

    async fn count(&self, items: Value) -> Result<i64, Fault> {
        Ok(items.as_sequence().map_or(-1, |items| items.len() as i64))
    }
}

/// The most memory that this process ever held, in KiB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}

const ITEMS: usize = 1_000_000;

fn body(method: &str, items: &str) -> String {
    let start = format!("<methodCall><methodName>{method}</methodName><params><param>");
    [&start, items, "</param></params></methodCall>"].concat()
}

fn answer(server: &XmlRpcServer, body: &str) -> String {
    let reply = farcall::block_on(server.answer("/", body.as_bytes(), None, Context::new()));
    String::from_utf8(reply).unwrap()
}

#[test]
fn the_typed_path_builds_no_value() {
    let server = XmlRpcServer::new().with_service("", Arc::new(SumService::new(Plain)));
    let items =
        ["<value><array><data>", &"<value><int>1</int></value>".repeat(ITEMS), "</data></array></value>"]
            .concat();
    // all texts are there before anything is measured
    let (sum, count) = (body("sum", &items), body("count", &items));
    let response = ["<methodResponse><params><param>", &items, "</param></params></methodResponse>"].concat();
    let warm = answer(&server, &body("sum", "<value><array/></value>"));
    assert!(warm.contains("<int>0</int>"), "{warm}");

    let before = peak();
    let reply = answer(&server, &sum);
    assert!(reply.contains("<int>1000000</int>"), "{reply}");
    let request = peak() - before;

    let before = peak();
    let operation = farcall::model::Operation::new("list");
    let invocation = farcall::wire::Typed::<(), Result<Vec<i32>, Fault>>::new(&operation, ());
    let list = message::decode_response(&response, &invocation, &Limits::default(), Options::default());
    assert_eq!(list.unwrap().unwrap().unwrap().len(), ITEMS);
    let result = peak() - before;

    let before = peak();
    let reply = answer(&server, &count);
    assert!(reply.contains("<int>1000000</int>"), "{reply}");
    let dynamic = peak() - before;

    // a Vec that doubles holds at most three times its last contents, of 4 octets each
    let allowed = 3 * 4 * ITEMS / 1024 + 4_096;
    assert!(request <= allowed, "the request took {request} KiB, not {allowed}");
    assert!(result <= allowed, "the response took {result} KiB, not {allowed}");
    assert!(dynamic > 2 * allowed, "values took {dynamic} KiB: this test no longer sees them");
}
