//! What the reader offers besides events: namespaces, text, skipping, places, prediction, bytes.

use farcall_xml::{Error, ErrorKind, Event, Limits, Position, Reader, Start, decode_document};

fn reader(text: &str) -> Reader<'_> {
    Reader::new(text, Limits::default())
}

fn start<'a>(reader: &mut Reader<'a>) -> Start<'a> {
    match reader.next_start_or_end() {
        Ok(Event::Start(start)) => start,
        other => panic!("{other:?}"),
    }
}

#[test]
fn namespaces_follow_scope() {
    let mut r = reader(
        "<a xmlns='urn:d' xmlns:p='urn:p' p:x='1' x='2'><p:b xmlns:p='urn:&lt;q' xmlns=''><c/></p:b><p:d/></a>",
    );
    let a = start(&mut r);
    assert_eq!(r.expanded(&a), (Some("urn:d"), "a"));
    assert_eq!((a.prefix(), a.local()), ("", "a"));
    assert_eq!(r.attribute(&a, Some("urn:p"), "x").as_deref(), Some("1"));
    assert_eq!(r.attribute(&a, None, "x").as_deref(), Some("2"));
    assert_eq!(r.attribute(&a, Some("urn:d"), "x"), None);
    assert_eq!(a.attribute("p:x").as_deref(), Some("1"));
    let own: Vec<_> = a.attributes().filter(|x| !x.is_declaration()).map(|x| x.raw()).collect();
    assert_eq!(own, ["1", "2"]);
    let b = start(&mut r);
    assert_eq!(r.expanded(&b), (Some("urn:<q"), "b"));
    assert_eq!((b.prefix(), b.local(), b.qname()), ("p", "b", "p:b"));
    assert_eq!(r.namespace("p"), Some("urn:<q"));
    assert_eq!(r.namespace(""), None);
    assert_eq!(r.namespaces().collect::<Vec<_>>(), [("p", "urn:<q")]);
    let c = start(&mut r);
    assert!(c.self_closing());
    assert_eq!(r.expanded(&c), (None, "c"));
    assert_eq!(r.next_event(), Ok(Event::End));
    assert_eq!(r.next_event(), Ok(Event::End));
    let d = start(&mut r);
    assert_eq!(r.expanded(&d), (Some("urn:p"), "d"));
    assert_eq!(r.namespace("xml"), Some(farcall_xml::XML_NAMESPACE));
    assert_eq!(r.namespace("nobody"), None);
    for (qname, meaning) in [
        ("p:t", Some((Some("urn:p"), "t"))),
        (" t\n", Some((Some("urn:d"), "t"))),
        ("q:t", None),
        ("p:", None),
        ("p:a:b", None),
        ("", None),
    ] {
        assert_eq!(r.resolve(qname), meaning, "{qname:?}");
    }
}

#[test]
fn declarations_of_an_empty_element_last_until_its_end() {
    let mut r = reader("<a><b xmlns:p='u' p:c='1'/></a>");
    start(&mut r);
    let b = start(&mut r);
    assert_eq!(r.attribute(&b, Some("u"), "c").as_deref(), Some("1"));
    assert_eq!(r.depth(), 2);
    assert_eq!(r.next_event(), Ok(Event::End));
    assert_eq!((r.namespace("p"), r.depth()), (None, 1));
}

#[test]
fn text_content_joins_and_borrows() {
    let text =
        "<r><a>one</a><a/><a></a><a>1<![CDATA[<2>]]>&amp;<!--x-->3<?p?>\r\n</a><a><![CDATA[c]]></a></r>";
    let mut r = reader(text);
    start(&mut r);
    for (expected, borrowed) in [("one", true), ("", true), ("", true), ("1<2>&3\n", false), ("c", true)] {
        start(&mut r);
        let content = r.text_content().unwrap();
        assert_eq!(content, expected);
        assert_eq!(matches!(content, std::borrow::Cow::Borrowed(_)), borrowed, "{expected}");
        assert_eq!(r.depth(), 1);
    }
    assert_eq!(r.next_start_or_end(), Ok(Event::End));
    r.finish().unwrap();

    let mut r = reader("<a>x<b/></a>");
    start(&mut r);
    let error = r.text_content().unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::UnexpectedElement("b".into()));
    assert_eq!(error.offset(), 4);
}

#[test]
fn only_white_space_between_tags() {
    let mut r = reader("<a> <!--c--> &#32;<![CDATA[ ]]><?p?><b/> \n x </a>");
    start(&mut r);
    start(&mut r);
    assert_eq!(r.next_start_or_end(), Ok(Event::End));
    let error = r.next_start_or_end().unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::UnexpectedText);
    assert_eq!(r.position(error.offset()), Position { line: 2, column: 2 });
}

#[test]
fn skipping_is_not_recursive_and_checks() {
    let deep = format!("<r>{}{}<after/></r>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let mut r = Reader::new(&deep, Limits::default().depth(usize::MAX));
    start(&mut r);
    start(&mut r);
    r.skip_element().unwrap();
    let before = r.offset();
    assert_eq!(start(&mut r).local(), "after");
    r.skip_element().unwrap();
    assert_eq!(&r.text()[before..r.offset()], "<after/>");
    assert_eq!(r.next_start_or_end(), Ok(Event::End));
    r.finish().unwrap();

    let mut r = reader("<r><a><b></c></a></r>");
    start(&mut r);
    start(&mut r);
    assert!(matches!(r.skip_element().unwrap_err().kind(), ErrorKind::MismatchedEnd { .. }));
}

#[test]
fn finish_wants_a_complete_document() {
    let mut r = reader("<a/> <!--x--> <?y?>\n");
    assert!(r.finish().is_err());
    start(&mut r);
    assert!(r.finish().is_err());
    r.next_event().unwrap();
    r.finish().unwrap();
    r.finish().unwrap();
    assert_eq!(r.next_event(), Ok(Event::Eof));
    let mut r = reader("<a/>x");
    r.next_event().unwrap();
    r.next_event().unwrap();
    assert_eq!(r.finish().unwrap_err().offset(), 4);
}

#[test]
fn paths_of_open_elements() {
    let mut r = reader("<a><b/><b><c x='1'/><p:d/></b></a>");
    assert_eq!(r.path(), "/");
    start(&mut r);
    start(&mut r);
    assert_eq!(r.path(), "/a/b");
    r.next_event().unwrap();
    start(&mut r);
    start(&mut r);
    assert_eq!(r.path(), "/a/b[2]/c");
    assert_eq!(r.open_element(), Some("c"));
    r.next_event().unwrap();
    let error = r.next_event().unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), r.path().as_str()),
        ("no namespace declaration in scope binds the prefix p (at byte 21)", "/a/b[2]")
    );
}

#[test]
fn prediction_shares_the_stack() {
    let mut r = reader("<?xml version='1.0'?>\n<a> <b>x</b><c>y]</c><c>&lt;</c><d/></a>");
    assert!(!r.eat_start("<a>"));
    start(&mut r);
    r.skip_whitespace();
    assert!(!r.eat_start("<c>") && r.eat_start("<b>"));
    assert!(!r.eat_end("</b>"));
    assert_eq!(r.rest().first(), Some(&b'x'));
    r.advance(1);
    assert!(!r.eat_end("</a>") && r.eat_end("</b>"));
    assert_eq!(r.eat_leaf("<d>", "</d>"), None);
    assert_eq!(r.eat_leaf("<c>", "</c>"), Some("y]"));
    assert_eq!(r.eat_leaf("<c>", "</c>"), None);
    assert_eq!(start(&mut r).local(), "c");
    assert_eq!(r.text_content().unwrap(), "<");
    assert!(start(&mut r).self_closing());
    assert!(!r.eat_end("</a>") && !r.eat_start("<a>"));
    assert_eq!(r.next_event(), Ok(Event::End));
    assert!(r.eat_end("</a>"));
    assert!(!r.eat_start("<a>") && !r.eat_end("</a>"));
    r.finish().unwrap();
}

#[test]
fn prediction_leaves_what_is_wrong_to_the_general_reader() {
    // an end tag that is there but closes something else
    let mut r = reader("<a><b></a>");
    assert!(r.eat_start("<a>") && r.eat_start("<b>") && !r.eat_end("</a>"));
    assert!(matches!(r.next_event().unwrap_err().kind(), ErrorKind::MismatchedEnd { .. }));

    let mut r = reader("<bb></b></bb>");
    assert!(r.eat_start("<bb>") && !r.eat_end("</b>"));

    let mut r = Reader::new("<a><b>1</b></a>", Limits::default().depth(1));
    assert!(r.eat_start("<a>") && !r.eat_start("<b>"));
    assert_eq!(r.eat_leaf("<b>", "</b>"), None);
    assert_eq!(r.next_event().unwrap_err().kind(), &ErrorKind::Limit { name: "depth", limit: 1 });

    let mut r = Reader::new("<a><b>1</b><b>1</b></a>", Limits::default().elements(2));
    assert!(r.eat_start("<a>"));
    assert_eq!(r.eat_leaf("<b>", "</b>"), Some("1"));
    assert_eq!(r.eat_leaf("<b>", "</b>"), None);
    assert!(!r.eat_start("<b>"));
    assert_eq!(r.next_event().unwrap_err().kind(), &ErrorKind::Limit { name: "elements", limit: 2 });

    for content in ["\0", "\r", "]]>", "&amp;", "<c/>", "\u{FFFF}", "<!--x-->"] {
        let text = format!("<a><b>{content}</b></a>");
        let mut r = reader(&text);
        assert!(r.eat_start("<a>"));
        let before = r.offset();
        assert_eq!(r.eat_leaf("<b>", "</b>"), None, "{content:?}");
        assert_eq!(r.offset(), before);
    }
    for unfinished in ["<a><b>x", "<a><b>x</b", "<a><b>x</bb>", "<a><bb>x</b>", "<a><b"] {
        let mut r = reader(unfinished);
        assert!(r.eat_start("<a>"));
        assert_eq!(r.eat_leaf("<b>", "</b>"), None, "{unfinished}");
    }
}

#[test]
fn advancing_stops_at_the_end_and_does_not_hide_forbidden_characters() {
    let mut r = reader("<a>\x01</a>");
    assert!(r.eat_start("<a>"));
    r.advance(1);
    assert_eq!(r.next_event().unwrap_err().kind(), &ErrorKind::ForbiddenCharacter('\x01'));
    // whatever comes next
    for next in ["<b>", "<b/>", "</a>", "text<", "&lt;<", "<!---->", "<?p?>", "<![CDATA[]]>"] {
        let text = format!("<a>\u{FFFF}{next}");
        let mut r = reader(&text);
        assert!(r.eat_start("<a>"));
        r.advance(3);
        let error = r.next_event().unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::ForbiddenCharacter('\u{FFFF}'), "{next}");
        assert_eq!(error.offset(), 3);
    }
    r.advance(usize::MAX);
    assert!(r.rest().is_empty());
    assert!(r.next_event().is_err());
}

#[test]
fn documents_in_many_encodings() {
    let declared = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?><a>é€</a>");
    let utf16 =
        |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(order).collect() };
    let (le, be) = (u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes as fn(u16) -> [u8; 2]);
    let any = declared("UTF-16");
    let marked = format!("\u{FEFF}{any}");
    for (bytes, charset, expected) in [
        (b"<a>\xC3\xA9</a>".to_vec(), None, "<a>é</a>"),
        (b"\xEF\xBB\xBF<a/>".to_vec(), Some("iso-8859-1"), "<a/>"),
        (b"<a>\xE9\x80</a>".to_vec(), Some("ISO-8859-1"), "<a>é\u{80}</a>"),
        (b"<a>\xE9\x80</a>".to_vec(), Some("\"windows-1252\""), "<a>é€</a>"),
        (b"<a>\x82\xA0</a>".to_vec(), Some("Shift_JIS"), "<a>あ</a>"),
        (b"<a>x</a>".to_vec(), Some("US-ASCII"), "<a>x</a>"),
        (b"<a>\xC3\xA9</a>".to_vec(), Some(""), "<a>é</a>"),
        (utf16(&any, le), None, any.as_str()),
        (utf16(&any, be), None, any.as_str()),
        (utf16(&marked, le), None, any.as_str()),
        (utf16(&marked, be), Some("utf-8"), any.as_str()),
        (utf16(&any, be), Some("UTF-16"), any.as_str()),
        (utf16(&any, le), Some("utf-16"), any.as_str()),
        (utf16(&any, le), Some("utf-16le"), any.as_str()),
    ] {
        assert_eq!(decode_document(&bytes, charset).as_deref(), Ok(expected), "{charset:?}");
    }
    let latin = declared("iso-8859-15").replace('é', "\u{1}").replace('€', "\u{2}");
    let latin: Vec<u8> = latin
        .bytes()
        .map(|b| match b {
            1 => 0xE9,
            2 => 0xA4,
            other => other,
        })
        .collect();
    assert_eq!(decode_document(&latin, None).as_deref(), Ok(declared("iso-8859-15").as_str()));
    // what the message says outside goes before what it says inside
    assert_eq!(
        decode_document(declared("iso-8859-1").as_bytes(), Some("utf-8")).as_deref(),
        Ok(declared("iso-8859-1").as_str())
    );
}

#[test]
fn bytes_that_are_not_what_they_claim() {
    let malformed = |encoding| ErrorKind::Malformed { encoding };
    let unknown = |name: &str| ErrorKind::UnknownEncoding(name.into());
    let cases: [(&[u8], Option<&str>, ErrorKind, usize); 14] = [
        (b"<a>\xE9</a>", None, malformed("UTF-8"), 3),
        (b"\xEF\xBB\xBF<a>\xE9</a>", None, malformed("UTF-8"), 6),
        (b"<a>\xED\xA0\x80</a>", None, malformed("UTF-8"), 3),
        (b"<a>\xC0\xBC</a>", None, malformed("UTF-8"), 3),
        (b"<a>\xE9</a>", Some("ascii"), malformed("US-ASCII"), 3),
        (b"<a>\x82</a>", Some("shift_jis"), malformed("Shift_JIS"), 3),
        (b"<a>\x82\xA0\xFF</a>", Some("shift_jis"), malformed("Shift_JIS"), 5),
        (b"<a>\x81\x30\x81x</a>", Some("gb18030"), malformed("gb18030"), 3),
        (b"\xFF\xFE<\0\x00\xD8>\0", None, malformed("UTF-16LE"), 4),
        (b"\xFF\xFE<\0>", None, malformed("UTF-16LE"), 4),
        (b"<?xml version='1.0' encoding='utf-16'?><a/>", None, malformed("UTF-16"), 0),
        (b"<?xml version='1.0' encoding='klingon'?><a/>", None, unknown("klingon"), 0),
        (b"<a/>", Some("utf-7"), unknown("utf-7"), 0),
        (b"\0\0\xFE\xFF\0\0\0<", None, unknown("UTF-32"), 0),
    ];
    for (bytes, charset, kind, offset) in cases {
        let error = decode_document(bytes, charset).unwrap_err();
        assert_eq!(error.kind(), &kind, "{bytes:?}");
        assert_eq!(error.offset(), offset, "{bytes:?}");
    }
}

#[test]
fn errors_are_small_and_say_where() {
    assert_eq!(std::mem::size_of::<Error>(), std::mem::size_of::<usize>());
    let text = "<a>\n <b></c></a>";
    let mut r = reader(text);
    start(&mut r);
    start(&mut r);
    let error = r.next_event().unwrap_err();
    assert_eq!(error.position(text).to_string(), "2:5");
    assert_eq!(error.to_string(), "end tag </c> does not match the open element <b> (at byte 8)");
}
