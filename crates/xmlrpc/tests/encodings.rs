//! Traps of character encodings: declared, marked, in the headers, wrong.

mod common;

use common::{answer_octets, read, server};
use farcall_model::Value;
use farcall_wire::Fault;

/// `echo` of one text in a message with that declaration.
fn message(declaration: &str, text: &str) -> String {
    format!(
        "{declaration}<methodCall><methodName>echo</methodName><params><param><value>{text}</value></param></params></methodCall>"
    )
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
}

fn echoed(octets: &[u8], charset: Option<&str>) -> Result<String, Fault> {
    let reply = answer_octets(&server(), octets, charset);
    assert!(reply.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"), "{reply}");
    match read(&reply)? {
        Value::Sequence(items) => Ok(items[0].as_str().unwrap().to_owned()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn utf_8_with_and_without_declaration_and_mark() {
    for declaration in [
        "",
        "<?xml version='1.0'?>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "\u{FEFF}",
        // as scripts send it that are not at the very beginning of their file
        "\r\n\n \t<?xml version='1.0'?>",
        "\u{FEFF}\n<?xml version='1.0'?>",
    ] {
        assert_eq!(echoed(message(declaration, "é𝄞").as_bytes(), None).unwrap(), "é𝄞", "{declaration}");
    }
}

#[test]
fn declared_encodings_are_obeyed() {
    for name in ["ISO-8859-1", "iso-8859-1", "latin1"] {
        let text = message(&format!("<?xml version='1.0' encoding='{name}'?>"), "Grüße\u{80}");
        assert_eq!(echoed(&latin1(&text), None).unwrap(), "Grüße\u{80}", "{name}");
    }
    let mut windows = message("<?xml version='1.0' encoding='windows-1252'?>", "EURO").into_bytes();
    let at = windows.windows(4).position(|w| w == b"EURO").unwrap();
    windows.splice(at..at + 4, [0x80]);
    assert_eq!(echoed(&windows, None).unwrap(), "€");
    let mut japanese = message("<?xml version='1.0' encoding='Shift_JIS'?>", "TEXT").into_bytes();
    let at = japanese.windows(4).position(|w| w == b"TEXT").unwrap();
    japanese.splice(at..at + 4, [0x93, 0xFA]);
    assert_eq!(echoed(&japanese, None).unwrap(), "日");
    let ascii = message("<?xml version='1.0' encoding='US-ASCII'?>", "plain");
    assert_eq!(echoed(ascii.as_bytes(), None).unwrap(), "plain");
}

#[test]
fn a_blank_line_before_the_declaration_hides_no_encoding() {
    let text = latin1(&message("\r\n<?xml version='1.0' encoding='ISO-8859-1'?>", "é"));
    assert_eq!(echoed(&text, None).unwrap(), "é");
    // a comment there is no slip of a script's
    assert_eq!(code(message("<!-- --><?xml version='1.0'?>", "x").as_bytes(), None).0, -32700);
}

#[test]
fn utf_16_is_known_by_its_mark_and_without_one() {
    for little in [true, false] {
        for declaration in ["", "<?xml version='1.0' encoding='UTF-16'?>"] {
            let marked = utf16(&message(&format!("\u{FEFF}{declaration}"), "é𝄞"), little);
            assert_eq!(echoed(&marked, None).unwrap(), "é𝄞");
            assert_eq!(echoed(&marked, Some("utf-16")).unwrap(), "é𝄞");
            assert_eq!(echoed(&utf16(&message(declaration, "é𝄞"), little), None).unwrap(), "é𝄞");
        }
        let named = if little { "utf-16le" } else { "utf-16be" };
        assert_eq!(echoed(&utf16(&message("", "é"), little), Some(named)).unwrap(), "é");
    }
}

#[test]
fn the_charset_of_the_header_wins_over_the_declaration() {
    let text = message("<?xml version='1.0' encoding='UTF-8'?>", "é");
    assert_eq!(echoed(&latin1(&text), Some("ISO-8859-1")).unwrap(), "é");
    assert_eq!(echoed(text.as_bytes(), Some("utf-8")).unwrap(), "é");
    assert_eq!(echoed(text.as_bytes(), Some("")).unwrap(), "é");
    assert_eq!(echoed(text.as_bytes(), Some("\"UTF-8\"")).unwrap(), "é");
}

fn code(octets: &[u8], charset: Option<&str>) -> (i64, String) {
    let fault = echoed(octets, charset).unwrap_err();
    (fault.code().unwrap(), fault.message().to_owned())
}

#[test]
fn an_unknown_encoding_is_fault_32701_that_names_it() {
    let (number, text) = code(message("<?xml version='1.0' encoding='klingon'?>", "x").as_bytes(), None);
    assert_eq!(number, -32701, "{text}");
    assert!(text.contains("klingon"), "{text}");
    assert_eq!(code(message("", "x").as_bytes(), Some("x-nothing")).0, -32701);
    assert_eq!(code(b"\0\0\xFE\xFF\0\0\0<", None).0, -32701, "UTF-32");
    // encodings that browsers map to nothing, for a reason
    assert_eq!(code(message("", "x").as_bytes(), Some("iso-2022-kr")).0, -32701);
}

#[test]
fn octets_that_are_not_in_the_encoding_are_fault_32702_that_says_where() {
    let mut broken = message("", "x").into_bytes();
    let at = broken.iter().position(|b| *b == b'x').unwrap();
    broken[at] = 0xFF;
    let (number, text) = code(&broken, None);
    assert_eq!(number, -32702, "{text}");
    assert!(text.contains(&format!("byte {at}")), "{text}");
    assert_eq!(code(&latin1(&message("", "é")), None).0, -32702);
    assert_eq!(code(message("", "é").as_bytes(), Some("us-ascii")).0, -32702);
    // half of a surrogate pair; an odd octet at the end
    let mut lone = utf16(&message("\u{FEFF}", "x"), true);
    let at = lone.windows(2).position(|w| w == [b'x', 0]).unwrap();
    lone.splice(at..at + 2, [0x00, 0xD8]);
    assert_eq!(code(&lone, None).0, -32702);
    let mut odd = utf16(&message("\u{FEFF}", "x"), false);
    odd.pop();
    assert_eq!(code(&odd, None).0, -32702);
    // declared as UTF-16, and visibly not
    assert_eq!(code(message("<?xml version='1.0' encoding='UTF-16'?>", "x").as_bytes(), None).0, -32702);
}

#[test]
fn forbidden_characters_are_refused() {
    for raw in ["\0", "\u{1}", "\u{B}", "\u{FFFE}", "\u{FFFF}"] {
        let (number, _) = code(message("", raw).as_bytes(), None);
        assert!([-32700, -32702].contains(&number), "{raw:?}: {number}");
    }
}
