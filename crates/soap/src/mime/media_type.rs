//! [`MediaType`]: the value of a `Content-Type` field with its parameters (RFC 9110, section 8.3;
//! RFC 2045, section 5.1).

use std::borrow::Cow;

/// A media type, read where it stands.
///
/// ```
/// use farcall_soap::mime::MediaType;
///
/// let ty = MediaType::new("Multipart/Related; boundary=\"a;b\"; start-info=\"text/xml\"");
/// assert!(ty.is("multipart/related"));
/// assert_eq!(ty.parameter("boundary").as_deref(), Some("a;b"));
/// assert_eq!(ty.parameter("type"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaType<'t>(&'t str);

impl<'t> MediaType<'t> {
    /// The type in the value of a `Content-Type` field.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Self(text)
    }

    /// Type and subtype, without parameters.
    #[must_use]
    pub fn essence(&self) -> &'t str {
        self.0.split(';').next().unwrap_or_default().trim()
    }

    /// True if type and subtype are these, in any case.
    #[must_use]
    pub fn is(&self, essence: &str) -> bool {
        self.essence().eq_ignore_ascii_case(essence)
    }

    /// The value of the first parameter of that name, without its quotes.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Cow<'t, str>> {
        let mut rest = self.0.split_once(';')?.1;
        loop {
            let (found, value) = rest.split_once('=')?;
            // a parameter without a value is passed over
            let found = found.rsplit(';').next().unwrap_or(found).trim();
            let (value, more) = value_of(value.trim_start());
            if found.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = more;
        }
    }
}

/// A token or quoted string at the beginning of a text, and what follows it.
fn value_of(text: &str) -> (Cow<'_, str>, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, rest) = text.split_once(';').unwrap_or((text, ""));
        return (Cow::Borrowed(value.trim()), rest);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (Cow::Owned(value), &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    (Cow::Owned(value), "")
}

/// A text as a quoted string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_with_quotes_escapes_and_none() {
        let ty = MediaType::new(
            "multipart/related;boundary=x ; flag; start-info=\"application/soap+xml; action=\\\"a=b\\\"\";Type= t",
        );
        assert_eq!(ty.essence(), "multipart/related");
        let parameter = |name| ty.parameter(name).map(Cow::into_owned);
        assert_eq!(parameter("BOUNDARY").as_deref(), Some("x"));
        assert_eq!(parameter("start-info").as_deref(), Some("application/soap+xml; action=\"a=b\""));
        assert_eq!(parameter("type").as_deref(), Some("t"));
        assert_eq!(parameter("action"), None);
        assert_eq!(MediaType::new("a/b; c=\"open").parameter("c").as_deref(), Some("open"));
        assert_eq!(MediaType::new("").parameter("c"), None);
        assert_eq!(quoted("a\"b\\"), "\"a\\\"b\\\\\"");
    }
}
