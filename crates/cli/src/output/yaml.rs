//! YAML 1.1 and 1.2 alike: block style, texts quoted wherever one of them
//! might read something else.

use farcall::Value;
use farcall::wire::json;

use super::inert;

/// A value as a YAML document.
pub(crate) fn yaml(value: &Value) -> String {
    let mut text = String::new();
    node(&mut text, value, 0, false);
    text
}

/// Writes a value after a `-`, a `key:` or at the start; ends with a line break.
/// `inside` says that something stands on the line already, at that depth.
fn node(out: &mut String, value: &Value, depth: usize, inside: bool) {
    match value {
        Value::Sequence(items) if !items.is_empty() => {
            if inside {
                out.push('\n');
            }
            for item in items {
                indent(out, depth);
                out.push('-');
                node(out, item, depth + 1, true);
            }
        }
        Value::Struct(record) if !record.fields.is_empty() => {
            members(out, record.fields.iter().map(|(name, value)| (text(name), value)), depth, inside);
        }
        Value::Map(entries) if !entries.is_empty() => {
            members(out, entries.iter().map(|(key, value)| (scalar(key), value)), depth, inside);
        }
        Value::Union(case, value) => members(out, std::iter::once((text(case), &**value)), depth, inside),
        Value::Any(any) => node(out, &any.value, depth, inside),
        other => {
            if inside {
                out.push(' ');
            }
            out.push_str(&scalar(other));
            out.push('\n');
        }
    }
}

fn members<'v>(
    out: &mut String,
    members: impl Iterator<Item = (String, &'v Value)>,
    depth: usize,
    inside: bool,
) {
    if inside {
        out.push('\n');
    }
    for (name, value) in members {
        indent(out, depth);
        out.push_str(&name);
        out.push(':');
        node(out, value, depth + 1, true);
    }
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}

fn scalar(value: &Value) -> String {
    match value {
        Value::F64(n) => float(*n),
        Value::F32(n) => float(n.to_string().parse().unwrap_or(f64::NAN)),
        Value::String(string) | Value::Enum(string) => text(string),
        Value::Bytes(_) => format!("!!binary {}", json::write(value)),
        // JSON is YAML in flow style
        other => json::write(other),
    }
}

/// YAML 1.1 reads a number with an exponent only with a fraction and a sign.
fn float(n: f64) -> String {
    if n.is_nan() {
        return ".nan".to_owned();
    }
    if n.is_infinite() {
        return if n > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let text = format!("{n:?}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let fraction = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    format!("{digits}{fraction}e{sign}{exponent}")
}

/// A text, plain where it can be nothing else.
fn text(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-' | ' ');
    if starts
        && text.chars().all(plain)
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_lowercase().as_str())
    {
        return text.to_owned();
    }
    inert(&json::write(&Value::from(text)))
}

#[cfg(test)]
mod tests {
    use farcall::wire::json::parse;

    use super::*;

    #[test]
    fn values_become_blocks() {
        let value =
            parse(r#"{"a":[1,{"b":"yes","c":[]},[2]],"e f":{},"1":null,"t":{"$bytes":"AA=="}}"#).unwrap();
        let expected = "a:\n  - 1\n  -\n    b: \"yes\"\n    c: []\n  -\n    - 2\n\
                        e f: {}\n\"1\": null\nt: !!binary \"AA==\"\n";
        assert_eq!(yaml(&value), expected);
        assert_eq!(yaml(&Value::from("x")), "x\n");
    }

    #[test]
    fn scalars_read_back_as_what_they_are() {
        for (value, expected) in [
            (Value::F64(2.0), "2.0"),
            (Value::F64(1e300), "1.0e+300"),
            (Value::F64(1.5e-9), "1.5e-9"),
            (Value::F64(f64::NEG_INFINITY), "-.inf"),
            (Value::from("no"), "\"no\""),
            (Value::from("12"), "\"12\""),
            (Value::from("a: b"), "\"a: b\""),
            (Value::from("a\u{85}b\n"), "\"a\\u0085b\\n\""),
            (Value::from(""), "\"\""),
            (Value::from("plain text.txt"), "plain text.txt"),
            (Value::Bool(true), "true"),
        ] {
            assert_eq!(scalar(&value), expected);
        }
    }
}
