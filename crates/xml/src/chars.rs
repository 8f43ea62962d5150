//! Which characters XML allows where (XML 1.0, productions 2, 3, 4, 4a), as tables and tests.

/// May begin a name without a colon (ASCII only).
pub(crate) const NAME_START: u8 = 1;
/// May stand in a name without a colon (ASCII only).
pub(crate) const NAME: u8 = 2;
/// TAB, LF, CR, space.
pub(crate) const SPACE: u8 = 4;
/// Ends a run of a quoted value that needs a look: either quote, `<`, `&`.
pub(crate) const VALUE_STOP: u8 = 8;

/// The classes of each byte, or-ed.
pub(crate) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        let b = byte as u8;
        if b.is_ascii_alphabetic() || b == b'_' {
            table[byte] |= NAME_START | NAME;
        }
        if b.is_ascii_digit() || b == b'-' || b == b'.' {
            table[byte] |= NAME;
        }
        if matches!(b, b'\t' | b'\n' | b'\r' | b' ') {
            table[byte] |= SPACE;
        }
        if matches!(b, b'"' | b'\'' | b'<' | b'&') {
            table[byte] |= VALUE_STOP;
        }
        byte += 1;
    }
    table
}

/// Whether the byte has one of the classes.
#[inline(always)]
pub(crate) fn is(byte: u8, class: u8) -> bool {
    CLASS[byte as usize] & class != 0
}

/// Whether XML 1.0 allows the character in a document (production 2, `Char`).
#[must_use]
pub fn is_xml_char(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}

/// Whether the text is nothing but XML's white space (production 3): TAB, LF, CR, space.
#[must_use]
pub fn is_white_space(text: &str) -> bool {
    text.bytes().all(|b| is(b, SPACE))
}

/// Whether the text is a `Name` (production 5); colons are allowed.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == ':' || is_name_start(c)) && chars.all(|c| c == ':' || is_name_char(c))
}

/// Whether the text is an `NCName` (Namespaces in XML, production 4): a name without a colon.
#[must_use]
pub fn is_ncname(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

/// `NameStartChar` without the colon.
pub(crate) fn is_name_start(c: char) -> bool {
    if c.is_ascii() {
        return is(c as u8, NAME_START);
    }
    matches!(c,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// `NameChar` without the colon.
pub(crate) fn is_name_char(c: char) -> bool {
    if c.is_ascii() {
        return is(c as u8, NAME);
    }
    is_name_start(c) || matches!(c, '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// The offset of the first forbidden character that begins in `bytes[from..to]`; the bytes are
/// UTF-8. Written so that the compiler makes vector instructions of the common case.
pub(crate) fn forbidden_in(bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    const BLOCK: usize = 64;
    let mut at = from;
    while at < to {
        let end = to.min(at + BLOCK);
        let block = &bytes[at..end];
        // messages are written without line ends as a rule: the quickest look is the first
        let odd = block.iter().fold(0u8, |seen, &b| seen | u8::from(b < 0x20) | u8::from(b == 0xEF));
        let is_suspicious = || {
            let seen = block.iter().fold(0u8, |seen, &b| {
                let line = matches!(b, b'\t' | b'\n' | b'\r');
                seen | u8::from(b < 0x20) & u8::from(!line) | u8::from(b == 0xEF)
            });
            seen != 0
        };
        if odd != 0 && is_suspicious() {
            let found = (at..end).find(|&i| is_forbidden_at(bytes, i));
            if found.is_some() {
                return found;
            }
        }
        at = end;
    }
    None
}

/// Whether a forbidden character begins at `bytes[i]`.
pub(crate) fn is_forbidden_at(bytes: &[u8], i: usize) -> bool {
    match bytes[i] {
        b'\t' | b'\n' | b'\r' => false,
        0..=0x1F => true,
        // U+FFFE and U+FFFF
        0xEF => matches!(bytes.get(i + 1..i + 3), Some([0xBF, 0xBE | 0xBF])),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_are_found_wherever_they_stand() {
        for c in (0..=0x1Fu8).map(char::from).chain(['\u{FFFE}', '\u{FFFF}', '\u{FFFD}', 'é']) {
            for before in [0, 1, 61, 62, 63, 64, 65, 200] {
                let text = format!("{}{c}{}", "\u{FEFF}".repeat(before), "x".repeat(70));
                let expected = (!is_xml_char(c)).then_some(before * 3);
                assert_eq!(forbidden_in(text.as_bytes(), 0, text.len()), expected, "{c:?} {before}");
            }
        }
    }

    #[test]
    fn names() {
        for good in ["a", "_", "a-b.c1", "é", "中", "a\u{B7}", "𐀀"] {
            assert!(is_ncname(good) && is_name(good), "{good}");
        }
        for bad in ["", "1", "-a", ".a", "a b", "\u{B7}", "a/", "×", "\u{37E}"] {
            assert!(!is_ncname(bad) && !is_name(bad), "{bad}");
        }
        assert!(is_name("a:b") && is_name(":") && !is_ncname("a:b"));
    }
}
