//! Tables for people: a list of structs as columns, a struct as two columns.

use farcall::Value;
use farcall::wire::json;
use unicode_width::UnicodeWidthStr as _;

use super::printable;

/// A value as a table; a scalar as its plain text.
pub(crate) fn table(value: &Value) -> String {
    match value {
        Value::Sequence(rows) if !rows.is_empty() && rows.iter().all(is_struct) => {
            let mut names: Vec<&str> = Vec::new();
            for (name, _) in rows.iter().flat_map(fields) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let head = names.iter().map(|name| printable(name).to_uppercase()).collect();
            let body = rows
                .iter()
                .map(|row| names.iter().map(|name| row.field(name).map_or_else(String::new, cell)).collect());
            align(std::iter::once(head).chain(body).collect())
        }
        Value::Sequence(items) => items.iter().map(|item| format!("{}\n", cell(item))).collect(),
        Value::Struct(_) => {
            align(fields(value).map(|(name, value)| vec![printable(name), cell(value)]).collect())
        }
        Value::Map(entries) => {
            align(entries.iter().map(|(key, value)| vec![cell(key), cell(value)]).collect())
        }
        scalar => format!("{}\n", cell(scalar)),
    }
}

/// Structs as columns without a head.
pub(crate) fn columns(rows: &[Value]) -> String {
    align(rows.iter().map(|row| fields(row).map(|(_, value)| cell(value)).collect()).collect())
}

fn is_struct(value: &Value) -> bool {
    matches!(value, Value::Struct(_))
}

fn fields(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let fields = match value {
        Value::Struct(record) => record.fields.as_slice(),
        _ => &[],
    };
    fields.iter().map(|(name, value)| (name.as_str(), value))
}

/// A value in one line: texts as they are, what has parts as JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::Nil | Value::Absent => String::new(),
        Value::String(text) | Value::Enum(text) => printable(text),
        other => match json::write(other) {
            // dates, octets and their like are texts in JSON
            quoted if quoted.starts_with('"') => printable(quoted.trim_matches('"')),
            plain => printable(&plain),
        },
    }
}

fn align(rows: Vec<Vec<String>>) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use farcall::wire::json::parse;

    #[test]
    fn tables_are_aligned() {
        let table = |text: &str| super::table(&parse(text).unwrap());
        let rows = table(r#"[{"name":"漢字","pid":1},{"name":"x","state":"RUN\u001b[1m","pid":12}]"#);
        assert_eq!(rows, "NAME  PID  STATE\n漢字  1\nx     12   RUN\\u{1b}[1m\n");
        assert_eq!(
            table(r#"{"a":1,"long":[1,{"b":null}],"n":null}"#),
            "a     1\nlong  [1,{\"b\":null}]\nn\n"
        );
        assert_eq!(table(r#"["a","b\nc",3]"#), "a\nb\\nc\n3\n");
        assert_eq!(table(r#"[{"a":1},2]"#), "{\"a\":1}\n2\n");
        assert_eq!(
            (table("\"text\"").as_str(), table("2.0").as_str(), table("[]").as_str()),
            ("text\n", "2.0\n", "")
        );
        assert_eq!(table(r#"{"$datetime":"2026-11-22T00:00:00Z"}"#), "2026-11-22T00:00:00Z\n");
    }
}
