//! The XML declaration (XML 1.0, production 23).

use crate::chars::{SPACE, is};

/// What an XML declaration says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Declaration<'a> {
    pub(crate) encoding: Option<&'a str>,
    /// The bytes that it takes, from `<?xml` to `?>`.
    pub(crate) len: usize,
}

/// Whether an XML declaration begins here: `<?xml-stylesheet` is something else.
pub(crate) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"<?xml") && bytes.get(5).is_none_or(|&b| is(b, SPACE) || b == b'?')
}

/// Reads the declaration at the beginning of the text, or says what is wrong with it and where.
pub(crate) fn parse(text: &str) -> Result<Declaration<'_>, (&'static str, usize)> {
    let mut at = "<?xml".len();
    let Some(version) = pseudo_attribute(text, &mut at, "version")? else {
        return Err(("an XML declaration begins with its version", at));
    };
    let minor = version.strip_prefix("1.").unwrap_or_default();
    if minor.is_empty() || !minor.bytes().all(|b| b.is_ascii_digit()) {
        return Err(("the version of XML is 1.0", at));
    }
    let encoding = pseudo_attribute(text, &mut at, "encoding")?;
    if encoding.is_some_and(|name| !is_encoding_name(name)) {
        return Err(("not the name of an encoding", at));
    }
    let standalone = pseudo_attribute(text, &mut at, "standalone")?;
    if standalone.is_some_and(|answer| answer != "yes" && answer != "no") {
        return Err(("standalone is yes or no", at));
    }
    skip_space(text, &mut at);
    if !text[at..].starts_with("?>") {
        return Err(("an XML declaration ends with ?>", at));
    }
    Ok(Declaration { encoding, len: at + 2 })
}

/// Reads ` name="value"` when it comes next.
fn pseudo_attribute<'a>(
    text: &'a str,
    at: &mut usize,
    name: &str,
) -> Result<Option<&'a str>, (&'static str, usize)> {
    let mut cursor = *at;
    skip_space(text, &mut cursor);
    if cursor == *at || !text[cursor..].starts_with(name) {
        return Ok(None);
    }
    cursor += name.len();
    skip_space(text, &mut cursor);
    if !text[cursor..].starts_with('=') {
        return Err(("`=` expected in the XML declaration", cursor));
    }
    cursor += 1;
    skip_space(text, &mut cursor);
    let Some(&quote @ (b'"' | b'\'')) = text.as_bytes().get(cursor) else {
        return Err(("a quoted value expected in the XML declaration", cursor));
    };
    let value_at = cursor + 1;
    let Some(len) = memchr::memchr2(quote, b'>', &text.as_bytes()[value_at..])
        .filter(|len| text.as_bytes()[value_at + len] == quote)
    else {
        return Err(("a value in the XML declaration has no closing quote", cursor));
    };
    *at = value_at + len + 1;
    Ok(Some(&text[value_at..value_at + len]))
}

fn skip_space(text: &str, at: &mut usize) {
    while text.as_bytes().get(*at).is_some_and(|&b| is(b, SPACE)) {
        *at += 1;
    }
}

fn is_encoding_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}
