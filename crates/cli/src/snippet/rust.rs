//! A call as a Rust program.

use farcall::Value;
use farcall::wire::json;

use super::{TOKEN, variable};
use crate::access::SignIn;
use crate::args::ClientArgs;
use crate::connect::Session;
use crate::secrets::PASSWORD;

/// The program.
pub(crate) fn program(session: &Session, args: &ClientArgs, operation: &str, params: &[Value]) -> String {
    let http = http(session, args);
    let url = match &session.target.prefix {
        _ if !session.target.is_http() => session.target.url.clone(),
        prefix if prefix.is_empty() => format!("xmlrpc+{}", session.target.http()),
        prefix => format!("xmlrpc+{}#{}", session.target.http(), prefix.trim_end_matches('.')),
    };
    let mut lines = vec!["// in Cargo.toml: farcall = \"0.1\"".to_owned()];
    lines.push("fn main() -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    if http.is_empty() {
        lines.push(format!("    let client = farcall::connect({url:?})?;"));
    } else {
        if http.iter().any(|step| step.contains("tls(tls)")) {
            lines.push(tls(args));
        }
        lines.push("    let http = farcall::net::HttpClient::builder()".to_owned());
        lines.push(format!("        {};", http.join("\n        ")));
        lines.push("    let options = farcall::ConnectionOptions::default().with_http(http);".to_owned());
        lines.push(format!("    let connection = farcall::Connection::with({url:?}, options)?;"));
        lines.push("    let client = farcall::Client::new(connection);".to_owned());
    }
    if let Some(time) = args.deadline {
        let time = format!("std::time::Duration::from_millis({})", time.as_millis());
        lines.push(format!(
            "    let client = client.with_context(farcall::Context::new().with_timeout({time}));"
        ));
    }
    let params: Vec<String> = params.iter().map(expression).collect();
    lines.push(format!("    let params = [{}];", params.join(", ")));
    lines.push(format!("    let result = farcall::block_on(client.call_values({operation:?}, &params))?;"));
    lines.push("    println!(\"{}\", farcall::wire::json::write(&result));".to_owned());
    lines.push("    Ok(())\n}\n".to_owned());
    lines.join("\n")
}

/// Steps of the client's builder, for what the URL does not say.
fn http(session: &Session, args: &ClientArgs) -> Vec<String> {
    let mut steps = Vec::new();
    if let Some(path) = &session.target.unix {
        steps.push(format!(".unix({:?})", path.display().to_string()));
    }
    if args.cacert.is_some() || args.cert.is_some() {
        steps.push(".tls(tls)".to_owned());
    }
    match &session.access.sign_in {
        SignIn::Nobody => {}
        SignIn::User { name, .. } => {
            steps.push(format!(".basic_auth({name:?}, &std::env::var({PASSWORD:?})?)"));
        }
        SignIn::Bearer { .. } => steps.push(format!(".bearer_auth(&std::env::var({TOKEN:?})?)")),
    }
    for (name, value) in &session.access.headers {
        let name_text = name.as_str();
        let value = if value.is_sensitive() {
            format!("std::env::var({:?})?.parse()?", variable(name))
        } else {
            format!("{:?}.parse()?", String::from_utf8_lossy(value.as_bytes()))
        };
        steps.push(format!(".header({name_text:?}.parse()?, {value})"));
    }
    steps
}

fn tls(args: &ClientArgs) -> String {
    let path = |file: &std::path::Path| format!("{:?}", file.display().to_string());
    let mut text = "    let tls = farcall::net::ClientTls::new()".to_owned();
    if let Some(file) = &args.cacert {
        text.push_str(&format!(".without_system_roots().with_root_file({})?", path(file)));
    }
    if let (Some(cert), Some(key)) = (&args.cert, &args.key) {
        text.push_str(&format!(".with_certificate_files({}, {})?", path(cert), path(key)));
    }
    text.push(';');
    text
}

/// A value as an expression.
fn expression(value: &Value) -> String {
    match value {
        Value::Nil => "farcall::Value::Nil".to_owned(),
        Value::Absent => "farcall::Value::Absent".to_owned(),
        Value::Bool(b) => format!("farcall::Value::from({b})"),
        Value::I32(n) => format!("farcall::Value::from({n}_i32)"),
        Value::I64(n) => format!("farcall::Value::from({n}_i64)"),
        Value::U64(n) => format!("farcall::Value::from({n}_u64)"),
        Value::F64(n) if n.is_finite() => format!("farcall::Value::from({n:?}_f64)"),
        Value::String(text) => format!("farcall::Value::from({text:?})"),
        Value::Bytes(octets) => format!("farcall::Value::Bytes(vec!{:?}.into())", octets.to_vec()),
        Value::DateTime(at) => format!("farcall::Value::DateTime({:?}.parse()?)", at.to_string()),
        Value::Decimal(number) => format!("farcall::Value::Decimal({:?}.parse()?)", number.to_string()),
        Value::Sequence(items) => {
            let items: Vec<String> = items.iter().map(expression).collect();
            // the empty one has no items to tell its type from
            let typed = if items.is_empty() { "Sequence" } else { "from" };
            format!("farcall::Value::{typed}(vec![{}])", items.join(", "))
        }
        Value::Struct(record) => {
            let with =
                record.fields.iter().map(|(name, value)| format!(".with({name:?}, {})", expression(value)));
            format!("farcall::Value::from(farcall::Record::new(){})", with.collect::<String>())
        }
        other => format!("farcall::wire::json::parse({:?})?", json::write(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_expressions() {
        let value = json::parse(r#"[null,2.0,{"a":"x\"","b":[]}]"#).unwrap();
        let expected = "farcall::Value::from(vec![farcall::Value::Nil, farcall::Value::from(2.0_f64), \
             farcall::Value::from(farcall::Record::new().with(\"a\", farcall::Value::from(\"x\\\"\"))\
             .with(\"b\", farcall::Value::Sequence(vec![])))])";
        assert_eq!(expression(&value), expected);
    }
}
