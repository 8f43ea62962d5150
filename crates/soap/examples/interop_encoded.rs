//! Our client against a server of rpc/encoded, as `golden/soap/enc.wsdl` describes it, for
//! `cargo xtask interop`; the server is at `PEER_URL`, below it at `PEER_PATH`.

#[path = "../../builtin/examples/support/tap.rs"]
mod tap;

use std::path::Path;

use farcall_model::{Record, Value};
use farcall_soap::{Client, Description};
use farcall_wire::{Channel, Context, Dynamic, json};
use farcall_wsdl::LoadOptions;
use tap::Tap;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::var("PEER_PATH").unwrap_or_default();
    let url = format!("soap+{}{path}", std::env::var("PEER_URL")?);
    let wsdl = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/soap/enc.wsdl");
    let definitions = farcall_wsdl::load_file(&wsdl, &LoadOptions::default())?;
    let description = Description::of(&definitions, None)?;
    let client = Client::described(&url).description(&description).build()?;
    let mut tap = Tap::default();
    farcall::block_on(async {
        for (operation, value) in values() {
            let got = echo(&client, &description, operation, &value).await;
            let name = format!("{operation} {}", json::write(&value));
            tap.equal(&name, got, Ok(json::write(&settled(value))));
        }
        let unknown = echo(&client, &description, "echoString", &Value::from("fail")).await;
        tap.equal("a fault", unknown.is_err_and(|fault| fault.contains("as asked")), true);
    });
    tap.finish()
}

/// What the server gives back, as JSON, in which types do not count.
async fn echo(
    client: &Client,
    description: &Description,
    operation: &str,
    value: &Value,
) -> Result<String, String> {
    let operation = description.interface().operation(operation).ok_or("the WSDL does not have it")?;
    let params = [value.clone()];
    let got = client.call(&Context::new(), &Dynamic::new(operation, &params)).await;
    got.map(|got| json::write(&settled(got))).map_err(|fault| fault.to_string())
}

/// The value with the members that are nil left out, since some send those that are not there so, and
/// what has a key or a name in the order of those, since Perl's hashes have none.
fn settled(value: Value) -> Value {
    match value {
        Value::Struct(record) => {
            let fields = record.fields.into_iter().filter(|(_, value)| *value != Value::Nil);
            let mut fields: Vec<_> = fields.map(|(name, value)| (name, settled(value))).collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Struct(fields.into_iter().collect())
        }
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(settled).collect()),
        Value::Map(entries) => {
            let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, settled(value))).collect();
            entries.sort_by_key(|(key, _)| json::write(key));
            Value::Map(entries)
        }
        other => other,
    }
}

fn node(label: &str, next: Option<Value>) -> Value {
    let mut record = Record::new().with("label", label).with("num", 7).with("real", 1.5_f32);
    if let Some(next) = next {
        record = record.with("next", next);
    }
    Value::Struct(record)
}

fn values() -> Vec<(&'static str, Value)> {
    let text = |text: &str| Value::from(text);
    let list = |items: &[&str]| Value::Sequence(items.iter().map(|item| Value::from(*item)).collect());
    let map = |entries: Vec<(&str, Value)>| {
        Value::Map(entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
    };
    let when = "2026-02-28T23:59:59Z".parse().map_or(Value::Nil, Value::DateTime);
    vec![
        ("echoString", text("a<b>&\"'")),
        ("echoString", text("")),
        ("echoString", text("é漢字")),
        ("echoStringArray", list(&[])),
        ("echoStringArray", list(&["one"])),
        ("echoStringArray", list(&["a", "", "c"])),
        ("echoDouble", Value::F64(0.5)),
        ("echoDouble", Value::F64(-1.5e300)),
        ("echoDate", when),
        ("echoBase64", Value::Bytes(vec![0, 1, 255].into())),
        ("echoNode", node("tail", None)),
        ("echoNode", node("head", Some(node("<tail>", None)))),
        ("echoNodeArray", Value::Sequence(vec![])),
        // the same twice, which some send as references to one
        ("echoNodeArray", Value::Sequence(vec![node("x", None), node("x", None)])),
        ("echoAny", Value::I32(5)),
        ("echoAny", text("any")),
        ("echoAny", Value::Sequence(vec![Value::I32(1), text("two")])),
        ("echoAny", map(vec![("k", Value::I32(1))])),
        ("echoAny", map(vec![("k", map(vec![("inner", text("v"))])), ("l", list(&["x"]))])),
        ("echoAny", map(vec![])),
    ]
}
