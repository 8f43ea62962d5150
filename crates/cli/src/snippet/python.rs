//! A call as a Python program, with nothing but its standard library.

use farcall::Value;
use farcall::wire::json;

use super::{TOKEN, unreachable_by, variable};
use crate::access::SignIn;
use crate::args::ClientArgs;
use crate::connect::Session;
use crate::exit::Failure;
use crate::secrets::PASSWORD;

/// The program.
pub(crate) fn program(
    session: &Session,
    args: &ClientArgs,
    operation: &str,
    params: &[Value],
) -> Result<String, Failure> {
    if !session.target.is_http() || session.target.unix.is_some() {
        return Err(unreachable_by("Python's xmlrpc.client", session));
    }
    let url = session.target.http();
    let secure = url.starts_with("https");
    let headers = headers(session);
    let mut imports = vec!["import xmlrpc.client"];
    let mut url = text(&url);
    if let SignIn::User { name, .. } = &session.access.sign_in
        && let Some((scheme, rest)) = url.split_once("://")
    {
        imports.extend(["import os", "import urllib.parse"]);
        let quoted = |what: &str| format!("urllib.parse.quote({what}, safe=\"\")");
        let (name, password) = (quoted(&text(name)), quoted(&format!("os.environ[\"{PASSWORD}\"]")));
        url = format!("{scheme}://\" + {name} + \":\" + {password} + \"@{rest}");
    }
    if headers.contains("os.environ") {
        imports.push("import os");
    }
    if secure {
        imports.push("import ssl");
    }
    imports.sort_unstable();
    imports.dedup();
    let mut lines = imports.into_iter().map(str::to_owned).collect::<Vec<_>>();
    lines.push(String::new());
    if params.iter().any(is_wide) {
        lines.push("# Python writes no <i8> by itself".to_owned());
        let i8 = "lambda self, n, write: write(f\"<value><i8>{n}</i8></value>\")";
        lines.push(format!("xmlrpc.client.Marshaller.dispatch[int] = {i8}"));
    }
    let mut options = format!("{url}, allow_none=True, use_builtin_types=True{headers}");
    if secure {
        let path = |file: &std::path::Path| text(&file.display().to_string());
        let ca = args.cacert.as_deref().map(|file| format!("cafile={}", path(file)));
        lines.push(format!("context = ssl.create_default_context({})", ca.unwrap_or_default()));
        if let (Some(cert), Some(key)) = (&args.cert, &args.key) {
            lines.push(format!("context.load_cert_chain({}, {})", path(cert), path(key)));
        }
        options.push_str(", context=context");
    }
    lines.push(format!("server = xmlrpc.client.ServerProxy({options})"));
    lines.push(format!("print({})", call("server", operation, params)));
    Ok(format!("{}\n", lines.join("\n")))
}

fn headers(session: &Session) -> String {
    let mut headers = Vec::new();
    if let SignIn::Bearer { .. } = session.access.sign_in {
        headers.push(format!("(\"Authorization\", \"Bearer \" + os.environ[\"{TOKEN}\"])"));
    }
    for (name, value) in &session.access.headers {
        let value = if value.is_sensitive() {
            format!("os.environ[\"{}\"]", variable(name))
        } else {
            text(&String::from_utf8_lossy(value.as_bytes()))
        };
        headers.push(format!("({}, {value})", text(name.as_str())));
    }
    if headers.is_empty() { String::new() } else { format!(", headers=[{}]", headers.join(", ")) }
}

/// The call of a method of `proxy`.
pub(crate) fn call(proxy: &str, operation: &str, params: &[Value]) -> String {
    let params: Vec<String> = params.iter().map(expression).collect();
    let plain = operation.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !KEYWORDS.contains(&part)
    });
    let method =
        if plain { format!("{proxy}.{operation}") } else { format!("getattr({proxy}, {})", text(operation)) };
    format!("{method}({})", params.join(", "))
}

/// Words that cannot follow a dot.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// A text as a literal; JSON's escapes are Python's.
fn text(text: &str) -> String {
    json::write(&Value::from(text))
}

/// A value as an expression.
fn expression(value: &Value) -> String {
    match value {
        Value::Nil | Value::Absent => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::F64(n) if !n.is_finite() => format!("float(\"{n}\")"),
        Value::Bytes(octets) => {
            let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
            format!("bytes.fromhex(\"{hex}\")")
        }
        Value::DateTime(at) => format!("xmlrpc.client.DateTime(\"{}\")", at.to_basic()),
        Value::Sequence(items) => {
            format!("[{}]", items.iter().map(expression).collect::<Vec<_>>().join(", "))
        }
        Value::Struct(record) => {
            let members =
                record.fields.iter().map(|(name, value)| format!("{}: {}", text(name), expression(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        // numbers and texts are the same in JSON
        other => json::write(other),
    }
}

/// Whether there is a number in it that needs more than 32 bits.
fn is_wide(value: &Value) -> bool {
    match value {
        Value::Sequence(items) => items.iter().any(is_wide),
        Value::Struct(record) => record.fields.iter().any(|(_, value)| is_wide(value)),
        Value::U64(_) => true,
        other => other.as_i64().is_some_and(|n| i32::try_from(n).is_err()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_expressions() {
        let value = json::parse(
            r#"[null,true,2.0,-5,"a\"\n",{"k":{"$bytes":"AP8="}},{"$datetime":"2026-11-22T01:02:03Z"}]"#,
        );
        assert_eq!(
            expression(&value.unwrap()),
            r#"[None, True, 2.0, -5, "a\"\n", {"k": bytes.fromhex("00ff")}, xmlrpc.client.DateTime("20261122T01:02:03Z")]"#
        );
        assert_eq!(call("s", "a.b", &[Value::Nil]), "s.a.b(None)");
        assert_eq!(call("s", "a.import", &[]), "getattr(s, \"a.import\")()");
        assert!(is_wide(&Value::from(vec![Value::I64(1 << 40)])) && !is_wide(&Value::I32(7)));
    }
}
