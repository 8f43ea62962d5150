//! Escaping text for content and for attribute values, straight into a message's buffer.

use crate::chars::is_forbidden_at;
use crate::error::ForbiddenCharacter;

/// Must be escaped in content, or may be forbidden.
const TEXT: u8 = 1;
/// Must be escaped in an attribute's value, or may be forbidden.
const VALUE: u8 = 2;

static SPECIAL: [u8; 256] = special();

const fn special() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = TEXT | VALUE;
        byte += 1;
    }
    table[b'\t' as usize] = VALUE;
    table[b'\n' as usize] = VALUE;
    table[b'"' as usize] = VALUE;
    table[b'\'' as usize] = VALUE;
    table[b'&' as usize] = TEXT | VALUE;
    table[b'<' as usize] = TEXT | VALUE;
    table[b'>' as usize] = TEXT | VALUE;
    // the first byte of U+FFFE and U+FFFF, among others
    table[0xEF] = TEXT | VALUE;
    table
}

/// Appends text as element content: `&`, `<`, `>` as references, and CR, which a reader would take
/// for a line end.
///
/// # Errors
/// [`ForbiddenCharacter`] for what XML 1.0 cannot carry: the C0 controls except TAB, LF and CR, and
/// U+FFFE and U+FFFF. `out` is then as it was.
///
/// ```
/// let mut out = Vec::new();
/// farcall_xml::escape_text(&mut out, "a < b && c\r")?;
/// assert_eq!(out, b"a &lt; b &amp;&amp; c&#13;");
/// assert_eq!(farcall_xml::escape_text(&mut out, "ab\0").unwrap_err().index, 2);
/// # Ok::<(), farcall_xml::ForbiddenCharacter>(())
/// ```
pub fn escape_text(out: &mut Vec<u8>, text: &str) -> Result<(), ForbiddenCharacter> {
    escape(out, text, TEXT)
}

/// Appends text as the inside of a quoted attribute value: as in content, and both quotes, TAB and
/// LF as references too, so that a reader gives back exactly this text.
///
/// # Errors
/// As [`escape_text`].
///
/// ```
/// let mut out = Vec::new();
/// farcall_xml::escape_attribute(&mut out, "\"it's\"\n")?;
/// assert_eq!(out, b"&quot;it&apos;s&quot;&#10;");
/// # Ok::<(), farcall_xml::ForbiddenCharacter>(())
/// ```
pub fn escape_attribute(out: &mut Vec<u8>, text: &str) -> Result<(), ForbiddenCharacter> {
    escape(out, text, VALUE)
}

#[inline]
fn escape(out: &mut Vec<u8>, text: &str, class: u8) -> Result<(), ForbiddenCharacter> {
    let bytes = text.as_bytes();
    let first = next_special(bytes, 0, class);
    if first == bytes.len() {
        out.extend_from_slice(bytes);
        return Ok(());
    }
    escape_from(out, text, first, class)
}

#[inline(never)]
fn escape_from(out: &mut Vec<u8>, text: &str, mut at: usize, class: u8) -> Result<(), ForbiddenCharacter> {
    let bytes = text.as_bytes();
    let before = out.len();
    out.reserve(bytes.len() + 16);
    let mut copied = 0;
    while at < bytes.len() {
        let reference: &[u8] = match bytes[at] {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'"' => b"&quot;",
            b'\'' => b"&apos;",
            b'\t' => b"&#9;",
            b'\n' => b"&#10;",
            b'\r' => b"&#13;",
            _ if is_forbidden_at(bytes, at) => {
                out.truncate(before);
                let character = text[at..].chars().next().unwrap_or_default();
                return Err(ForbiddenCharacter { character, index: at });
            }
            // one of the other characters that begin with EF
            _ => {
                at = next_special(bytes, at + 1, class);
                continue;
            }
        };
        out.extend_from_slice(&bytes[copied..at]);
        out.extend_from_slice(reference);
        copied = at + 1;
        at = next_special(bytes, copied, class);
    }
    out.extend_from_slice(&bytes[copied..]);
    Ok(())
}

/// The first byte from `at` on that is of the class, or the length.
#[inline]
fn next_special(bytes: &[u8], mut at: usize, class: u8) -> usize {
    const BLOCK: usize = 32;
    // whole blocks without a candidate go by in vector instructions
    while let Some(block) = bytes.get(at..at + BLOCK) {
        let candidate = block.iter().fold(0u8, |seen, &b| {
            seen | u8::from(b < 0x20)
                | u8::from(b == b'&')
                | u8::from(b == b'<')
                | u8::from(b == b'>')
                | u8::from(b == b'"')
                | u8::from(b == b'\'')
                | u8::from(b == 0xEF)
        });
        if candidate != 0
            && let Some(i) = block.iter().position(|&b| SPECIAL[b as usize] & class != 0)
        {
            return at + i;
        }
        at += BLOCK;
    }
    while at < bytes.len() && SPECIAL[bytes[at] as usize] & class == 0 {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chars::is_xml_char;

    #[test]
    fn every_small_character_at_every_place() {
        for code in (0..0x100).chain(0xFFF0..=0xFFFF) {
            let Some(c) = char::from_u32(code) else {
                continue;
            };
            for before in [0, 1, 30, 31, 32, 33, 64] {
                let text = format!("{}{c}{}", "a".repeat(before), "é".repeat(40));
                for class in [TEXT, VALUE] {
                    let mut out = b"kept".to_vec();
                    let result = escape(&mut out, &text, class);
                    if !is_xml_char(c) {
                        assert_eq!(result, Err(ForbiddenCharacter { character: c, index: before }));
                        assert_eq!(out, b"kept");
                        continue;
                    }
                    assert_eq!(result, Ok(()));
                    let written = match (c, class) {
                        ('&', _) => "&amp;".to_owned(),
                        ('<', _) => "&lt;".to_owned(),
                        ('>', _) => "&gt;".to_owned(),
                        ('"', VALUE) => "&quot;".to_owned(),
                        ('\'', VALUE) => "&apos;".to_owned(),
                        ('\r', _) => "&#13;".to_owned(),
                        ('\n', VALUE) => "&#10;".to_owned(),
                        ('\t', VALUE) => "&#9;".to_owned(),
                        _ => c.to_string(),
                    };
                    let expected = format!("kept{}{written}{}", "a".repeat(before), "é".repeat(40));
                    assert_eq!(String::from_utf8(out).unwrap(), expected);
                }
            }
        }
    }
}
