//! Character data as an application sees it: references replaced, line ends and white space
//! normalised (XML 1.0, sections 2.11, 3.3.3, 4.1, 4.6).

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3};

use crate::chars::is_xml_char;
use crate::error::{Error, ErrorKind};

/// The text behind raw content; `base` is the offset of `raw` in the document.
pub(crate) fn decode_text(raw: &str, base: usize, name_length: usize) -> Result<Cow<'_, str>, Error> {
    let Some(mut stop) = memchr2(b'&', b'\r', raw.as_bytes()) else {
        return Ok(Cow::Borrowed(raw));
    };
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    loop {
        out.push_str(&raw[at..stop]);
        at = if raw.as_bytes()[stop] == b'&' {
            let (c, next) = reference(raw, stop, base, name_length)?;
            out.push(c);
            next
        } else {
            out.push('\n');
            after_cr(raw, stop)
        };
        match memchr2(b'&', b'\r', &raw.as_bytes()[at..]) {
            Some(more) => stop = at + more,
            None => break,
        }
    }
    out.push_str(&raw[at..]);
    Ok(Cow::Owned(out))
}

/// The value behind the raw inside of an attribute's quotes.
pub(crate) fn decode_value(raw: &str, base: usize, name_length: usize) -> Result<Cow<'_, str>, Error> {
    let special = |b: &u8| matches!(b, b'&' | b'\t' | b'\n' | b'\r');
    // most values have none: looked at without a branch a byte
    if !raw.bytes().fold(false, |seen, b| seen | (b == b'&') | (b < b' ')) {
        return Ok(Cow::Borrowed(raw));
    }
    let Some(mut stop) = raw.as_bytes().iter().position(special) else {
        return Ok(Cow::Borrowed(raw));
    };
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    loop {
        out.push_str(&raw[at..stop]);
        at = match raw.as_bytes()[stop] {
            b'&' => {
                let (c, next) = reference(raw, stop, base, name_length)?;
                out.push(c);
                next
            }
            b'\r' => {
                out.push(' ');
                after_cr(raw, stop)
            }
            _ => {
                out.push(' ');
                stop + 1
            }
        };
        match raw.as_bytes()[at..].iter().position(special) {
            Some(more) => stop = at + more,
            None => break,
        }
    }
    out.push_str(&raw[at..]);
    Ok(Cow::Owned(out))
}

/// Text without references, such as a CDATA section, with its line ends normalised.
pub(crate) fn normalise_lines(raw: &str) -> Cow<'_, str> {
    if memchr(b'\r', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(more) = memchr(b'\r', &raw.as_bytes()[at..]) {
        out.push_str(&raw[at..at + more]);
        out.push('\n');
        at = after_cr(raw, at + more);
    }
    out.push_str(&raw[at..]);
    Cow::Owned(out)
}

/// Refuses a raw attribute value that holds a bad reference.
pub(crate) fn check_references(raw: &str, base: usize, name_length: usize) -> Result<(), Error> {
    let mut at = 0;
    while let Some(more) = memchr(b'&', &raw.as_bytes()[at..]) {
        at = reference(raw, at + more, base, name_length)?.1;
    }
    Ok(())
}

/// Where to go on after the CR at `cr`: a LF right after it is the same line end.
fn after_cr(raw: &str, cr: usize) -> usize {
    let lf = raw.as_bytes().get(cr + 1) == Some(&b'\n');
    cr + 1 + usize::from(lf)
}

/// Reads the reference whose `&` is at `at`: its character, and where it ends.
fn reference(raw: &str, at: usize, base: usize, name_length: usize) -> Result<(char, usize), Error> {
    // the name of an entity ends at the first byte that cannot belong to it
    let rest = &raw.as_bytes()[at + 1..];
    let Some(len) = memchr3(b';', b'&', b'<', rest).filter(|&i| rest[i] == b';') else {
        return Err(Error::syntax("`&` begins no reference; write &amp;", base + at));
    };
    if len > name_length {
        let kind = ErrorKind::Limit { name: "name_length", limit: name_length };
        return Err(Error::new(kind, base + at));
    }
    let name = &raw[at + 1..at + 1 + len];
    let character = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => numeric(name),
    };
    match character {
        Some(c) => Ok((c, at + len + 2)),
        None => surrogates(name, raw, at + len + 2).ok_or_else(|| unknown(name, base + at)),
    }
}

/// One character written as two references to the halves of a surrogate pair, and where the second
/// ends: no XML, but what Apache's XML-RPC writes for everything beyond the basic plane.
#[cold]
fn surrogates(high: &str, raw: &str, at: usize) -> Option<(char, usize)> {
    let rest = raw[at..].strip_prefix('&')?;
    let low_name = &rest[..memchr(b';', &rest.as_bytes()[..rest.len().min(SURROGATE)])?];
    let units = [high, low_name].map(|name| code(name).and_then(|code| u16::try_from(code).ok()));
    let [Some(high), Some(low)] = units else { return None };
    let character = char::decode_utf16([high, low]).next()?.ok()?;
    (character.len_utf16() == 2 && is_xml_char(character)).then_some((character, at + 1 + low_name.len() + 1))
}

#[cold]
fn unknown(name: &str, offset: usize) -> Error {
    let digits = name.strip_prefix('#');
    if digits.is_some() || crate::chars::is_name(name) {
        // what is named in an error is cut where it stops being useful to a reader
        Error::new(ErrorKind::UnknownEntity(name.chars().take(64).collect()), offset)
    } else {
        Error::syntax("`&` begins no reference; write &amp;", offset)
    }
}

/// So long is a reference to half a pair at most, `#x0000DC00;`, within reason.
const SURROGATE: usize = 12;

/// The character of `#60` or `#x3C`, when XML allows it.
fn numeric(name: &str) -> Option<char> {
    char::from_u32(code(name)?).filter(|&c| is_xml_char(c))
}

/// The number in `#60` or `#x3C`.
fn code(name: &str) -> Option<u32> {
    let number = name.strip_prefix('#')?;
    let (digits, radix) = match number.strip_prefix('x') {
        Some(hexadecimal) => (hexadecimal, 16),
        None => (number, 10),
    };
    // from_str_radix would take a sign
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}
