//! Each rule of XML 1.0 and Namespaces in XML 1.0 that the reader keeps: what it accepts and as
//! what, what it refuses, why and where.

use farcall_xml::{Error, ErrorKind, Event, Limits, Reader};

/// The whole document in a short notation: `<name a=v>`, `</>`, text, `[cdata]`, `!comment!`,
/// `?target data?`, separated by bars.
fn events(text: &str) -> Result<String, Error> {
    let mut reader = Reader::new(text, Limits::default());
    let mut all = Vec::new();
    loop {
        all.push(match reader.next_event()? {
            Event::Start(start) => {
                let mut tag = format!("<{}", start.qname());
                for attribute in start.attributes() {
                    tag += &format!(" {}={}", attribute.qname(), attribute.value());
                }
                tag + ">"
            }
            Event::End => "</>".into(),
            Event::Text(text) => text.into_owned(),
            Event::CData(text) => format!("[{text}]"),
            Event::Comment(text) => format!("!{text}!"),
            Event::Instruction(i) => format!("?{} {}?", i.target, i.data),
            Event::Eof => return Ok(all.join("|")),
            other => panic!("{other:?}"),
        });
    }
}

#[test]
fn accepted() {
    for (text, expected) in [
        ("<a/>", "<a>|</>"),
        ("<a></a>", "<a>|</>"),
        ("<a ></a >", "<a>|</>"),
        ("<a\n/>", "<a>|</>"),
        (" \r\n<a/>\t", "<a>|</>"),
        ("\u{FEFF}<a/>", "<a>|</>"),
        ("<?xml version=\"1.0\"?><a/>", "<a>|</>"),
        ("\u{FEFF}<?xml version='1.1' encoding='utf-8' standalone='yes' ?>\n<a/>", "<a>|</>"),
        ("<?xml\tversion = '1.0'\nencoding\n=\n'x.y_z-1'?><a/>", "<a>|</>"),
        ("<!----><a/><!-- - -->", "!!|<a>|</>|! - !"),
        ("<!-->--><a/>", "!>!|<a>|</>"),
        ("<?p?><a><?xml-style  a='1' ??></a><?q ?>", "?p ?|<a>|?xml-style a='1' ??|</>|?q ?"),
        ("<a>x</a>", "<a>|x|</>"),
        ("<a> <b/> </a>", "<a>| |<b>|</>| |</>"),
        ("<a>&lt;&gt;&amp;&apos;&quot;</a>", "<a>|<>&'\"|</>"),
        ("<a>&#65;&#x42;&#x1F600;&#x000000043;&#13;&#9;</a>", "<a>|AB\u{1F600}C\r\t|</>"),
        ("<a>1\r\n2\r3\n\r4\r\r\n5</a>", "<a>|1\n2\n3\n\n4\n\n5|</>"),
        ("<a><![CDATA[<&]]]]>]<![CDATA[\r\n]]></a>", "<a>|[<&]]]|]|[\n]|</>"),
        ("<a><![CDATA[]]></a>", "<a>|[]|</>"),
        ("<a>]]&gt; ]> ]]</a>", "<a>|]]> ]> ]]|</>"),
        ("<a b='\"' c=\"'\"/>", "<a b=\" c='>|</>"),
        ("<a b = '1'\n c\t=\r'2'></a>", "<a b=1 c=2>|</>"),
        ("<a b='x\r\ny\tz\n&#10;&#13;&#9;w>'/>", "<a b=x y z \n\r\tw>>|</>"),
        ("<é中.-1 ü='1'>x</é中.-1>", "<é中.-1 ü=1>|x|</>"),
        ("<a\u{B7}/>", "<a\u{B7}>|</>"),
        ("<p:a xmlns:p='urn:p' p:b='1' b='2'/>", "<p:a xmlns:p=urn:p p:b=1 b=2>|</>"),
        (
            "<a xml:lang='en' xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
            "<a xml:lang=en xmlns:xml=http://www.w3.org/XML/1998/namespace>|</>",
        ),
        ("<a xmlns='urn:a'><b xmlns=''/></a>", "<a xmlns=urn:a>|<b xmlns=>|</>|</>"),
        ("<a xmlns:p='u' xmlns:q='v' p:x='1' q:x='2'/>", "<a xmlns:p=u xmlns:q=v p:x=1 q:x=2>|</>"),
        ("<a>\u{7F}\u{80}\u{FFFD}\u{10FFFF}</a>", "<a>|\u{7F}\u{80}\u{FFFD}\u{10FFFF}|</>"),
    ] {
        assert_eq!(events(text).as_deref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn refused_as_not_well_formed() {
    for (text, what, offset) in [
        ("x<a/>", "text outside the root element", 0),
        ("<a/>x", "text outside the root element", 4),
        ("<a/>&amp;", "text outside the root element", 4),
        ("<a/><b/>", "a second root element", 4),
        ("<a></a></a>", "an end tag without an open element", 7),
        ("</a>", "an end tag without an open element", 0),
        ("<![CDATA[x]]><a/>", "`<!` begins neither a comment nor a CDATA section here", 0),
        ("<a/><![CDATA[x]]>", "`<!` begins neither a comment nor a CDATA section here", 4),
        ("<a><!ELEMENT a></a>", "`<!` begins neither a comment nor a CDATA section here", 3),
        ("<a><![cdata[x]]></a>", "`<!` begins neither a comment nor a CDATA section here", 3),
        ("< a/>", "a name expected", 1),
        ("<>x</>", "a name expected", 1),
        ("<1/>", "a name expected", 1),
        ("<-/>", "a name expected", 1),
        ("<×/>", "a name expected", 1),
        ("<:a/>", "a name expected", 1),
        ("<a:/>", "a name expected", 3),
        ("<a:1/>", "a name expected", 3),
        ("<a></ a>", "a name expected", 5),
        ("<a:b:c/>", "a second colon in a name", 4),
        ("<a×/>", "white space, `>` or `/>` expected in a tag", 2),
        ("<a<b/>", "white space, `>` or `/>` expected in a tag", 2),
        ("<a b='1'c='2'/>", "white space, `>` or `/>` expected in a tag", 8),
        ("<a b='1'/ >", "`>` expected after `/`", 9),
        ("<a/b/>", "`>` expected after `/`", 3),
        ("<a b/>", "`=` and a value expected after an attribute's name", 4),
        ("<a b>x</a>", "`=` and a value expected after an attribute's name", 4),
        ("<a b=1/>", "an attribute's value stands in quotes", 5),
        ("<a b=>x</a>", "an attribute's value stands in quotes", 5),
        ("<a b='<'/>", "`<` in an attribute's value; write &lt;", 6),
        ("<a></a b='1'>", "`>` expected in an end tag", 7),
        ("<a></a/>", "`>` expected in an end tag", 6),
        ("<a>]]></a>", "`]]>` in text; write ]]&gt;", 3),
        ("<a>&amp;x]]]></a>", "`]]>` in text; write ]]&gt;", 10),
        ("<a>&</a>", "`&` begins no reference; write &amp;", 3),
        ("<a>x & y;</a>", "`&` begins no reference; write &amp;", 5),
        ("<a>&;</a>", "`&` begins no reference; write &amp;", 3),
        ("<a>&lt</a>;", "`&` begins no reference; write &amp;", 3),
        ("<a b='&'/>", "`&` begins no reference; write &amp;", 6),
        ("<a b='&lt'/>;", "`&` begins no reference; write &amp;", 6),
        ("<!-- -- --><a/>", "`--` inside a comment", 5),
        ("<!-- ---><a/>", "`--` inside a comment", 5),
        ("<?a:b?><a/>", "a colon in the target of an instruction", 0),
        ("<? a?><a/>", "a name expected", 2),
        ("<?a=?><a/>", "white space expected after the target", 3),
        (" <?xml version='1.0'?><a/>", "an XML declaration stands only at the very beginning", 1),
        ("<a><?xml version='1.0'?></a>", "an XML declaration stands only at the very beginning", 3),
        ("<?XML version='1.0'?><a/>", "an XML declaration stands only at the very beginning", 0),
        ("<?xml?><a/>", "an XML declaration begins with its version", 5),
        ("<?xml encoding='utf-8'?><a/>", "an XML declaration begins with its version", 5),
        ("<?xml version='2.0'?><a/>", "the version of XML is 1.0", 19),
        ("<?xml version='1.'?><a/>", "the version of XML is 1.0", 18),
        ("<?xml version='1.0'encoding='utf-8'?><a/>", "an XML declaration ends with ?>", 19),
        ("<?xml version='1.0' encoding=''?><a/>", "not the name of an encoding", 31),
        ("<?xml version='1.0' encoding='é'?><a/>", "not the name of an encoding", 33),
        ("<?xml version='1.0' standalone='maybe'?><a/>", "standalone is yes or no", 38),
        ("<?xml version='1.0' standalone='no' encoding='x'?><a/>", "an XML declaration ends with ?>", 36),
        ("<?xml version=1.0?><a/>", "a quoted value expected in the XML declaration", 14),
        ("<?xml version '1.0'?><a/>", "`=` expected in the XML declaration", 14),
        ("<?xml version='1.0?><a/>", "a value in the XML declaration has no closing quote", 14),
        ("<xmlns:a/>", "the prefix xmlns only declares namespaces", 1),
    ] {
        let error = events(text).expect_err(text);
        assert_eq!(error.kind(), &ErrorKind::Syntax(what), "{text:?}");
        assert_eq!(error.offset(), offset, "{text:?}");
    }
}

#[test]
fn refused_with_a_kind_of_their_own() {
    let entity = |name: &str| ErrorKind::UnknownEntity(name.into());
    let twice = |name: &str| ErrorKind::DuplicateAttribute(name.into());
    let unbound = |prefix: &str| ErrorKind::UnboundPrefix(prefix.into());
    let reserved = ErrorKind::NamespaceDeclaration;
    for (text, kind, offset) in [
        ("<!DOCTYPE a><a/>", ErrorKind::Doctype, 0),
        ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>", ErrorKind::Doctype, 21),
        ("<a><!DOCTYPE a></a>", ErrorKind::Doctype, 3),
        ("<a><b></a></b>", ErrorKind::MismatchedEnd { expected: "b".into(), found: "a".into() }, 6),
        ("<a></ab>", ErrorKind::MismatchedEnd { expected: "a".into(), found: "ab".into() }, 3),
        ("<ab></a>", ErrorKind::MismatchedEnd { expected: "ab".into(), found: "a".into() }, 4),
        ("<a>&nbsp;</a>", entity("nbsp"), 3),
        ("<a>12&#0;</a>", entity("#0"), 5),
        ("<a>&#x1;</a>", entity("#x1"), 3),
        ("<a>&#xD800;</a>", entity("#xD800"), 3),
        ("<a>&#xFFFE;</a>", entity("#xFFFE"), 3),
        ("<a>&#x110000;</a>", entity("#x110000"), 3),
        ("<a>&#99999999999999999999;</a>", entity("#99999999999999999999"), 3),
        ("<a>&#+65;</a>", entity("#+65"), 3),
        ("<a>&#X41;</a>", entity("#X41"), 3),
        ("<a>&#6F;</a>", entity("#6F"), 3),
        ("<a>&#;</a>", entity("#"), 3),
        ("<a b='&c;'/>", entity("c"), 6),
        ("<a b='1' c='2' b='3'/>", twice("b"), 15),
        ("<a xmlns:p='u' xmlns:p='v'/>", twice("xmlns:p"), 15),
        ("<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>", twice("q:x"), 35),
        ("<p:a/>", unbound("p"), 1),
        ("<a p:b='1'/>", unbound("p"), 3),
        ("<a><b xmlns:p='u'/><p:c/></a>", unbound("p"), 20),
        ("<a xmlns:p=''/>", reserved("a prefix cannot be bound to the empty namespace name"), 3),
        ("<a xmlns:xmlns='u'/>", reserved("the prefix xmlns cannot be declared"), 3),
        ("<a xmlns:xml='u'/>", reserved("the prefix xml cannot be bound to another namespace"), 3),
        (
            "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
            reserved("only the prefix xml can be bound to the XML namespace"),
            3,
        ),
        (
            "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
            reserved("nothing can be bound to the xmlns namespace"),
            3,
        ),
    ] {
        let error = events(text).expect_err(text);
        assert_eq!(error.kind(), &kind, "{text:?}");
        assert_eq!(error.offset(), offset, "{text:?}");
    }
}

#[test]
fn a_document_that_ends_anywhere_is_refused_for_that() {
    let text = "<?xml version='1.0'?><!--c--><?p d?><a b='1&lt;'>x&amp;<![CDATA[y]]><c/></a>";
    assert!(events(text).is_ok());
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
        let error = events(&text[..end]).expect_err(&text[..end]);
        // what is cut in the middle of a reference, `<!`, or the declaration is a syntax error
        let cut = matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::Syntax(_));
        assert!(cut, "{end}: {error}");
        assert!(error.offset() <= end);
    }
    for text in ["", " ", "<a", "<a>", "<a b", "<a b=", "<a b='", "<a>x", "<a></a", "<!-- ", "<?p"] {
        assert_eq!(events(text).expect_err(text).kind(), &ErrorKind::UnexpectedEof, "{text:?}");
    }
}

#[test]
fn forbidden_characters_are_refused_anywhere() {
    let padding = "x".repeat(20_000);
    for c in ['\0', '\x01', '\x0B', '\x1F', '\u{FFFE}', '\u{FFFF}'] {
        for (before, after) in [
            ("<a>", "</a>"),
            ("<a>&amp;", "</a>"),
            ("<a><![CDATA[", "]]></a>"),
            ("<a><!--", "--></a>"),
            ("<!--", "--><a/>"),
            ("<?p ", "?><a/>"),
            ("<a/><!--", "-->"),
            ("<a b='", "'/>"),
            ("<a b='", "'>x</a>"),
            ("<a", "/>"),
            ("<a ", "/>"),
            ("<a><", "></a>"),
            ("", "<a/>"),
            ("<a/>", ""),
            ("<?xml version='", "1.0'?><a/>"),
        ] {
            for padding in ["", padding.as_str()] {
                let padding = if before.ends_with([' ', '<', 'a']) { "" } else { padding };
                let padding = if before.is_empty() || before == "<a/>" { "" } else { padding };
                let text = format!("{before}{padding}{c}{after}");
                let error = events(&text).expect_err(before);
                assert_eq!(error.kind(), &ErrorKind::ForbiddenCharacter(c), "{before:?} {after:?}");
                assert_eq!(error.offset(), before.len() + padding.len(), "{before:?}");
            }
        }
    }
}

#[test]
fn an_error_comes_again() {
    for text in ["<a><b></a>", "<a b='1' b='2'/>", "<a>&x;</a>", "<a>\0</a>", "<a xmlns:p='u' q:b=''/>"] {
        let mut reader = Reader::new(text, Limits::default());
        let first = loop {
            if let Err(error) = reader.next_event() {
                break error;
            }
        };
        let depth = reader.depth();
        assert_eq!(reader.next_event(), Err(first), "{text}");
        assert_eq!(reader.depth(), depth);
        assert_eq!(reader.namespace("p"), None, "{text}");
    }
}

#[test]
fn of_many_duplicates_the_first_is_named() {
    let text = "<a b9='' b8='' b7='' b6='' b5='' b4='' b3='' b2='' b1='' b9='' b1='' b2=''/>";
    let error = events(text).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::DuplicateAttribute("b9".into()));
    assert_eq!(error.offset(), text.rfind("b9").unwrap());
}

#[test]
fn limits_are_named() {
    let over = |text: &str, limits: Limits| {
        let mut reader = Reader::new(text, limits);
        loop {
            match reader.next_event() {
                Ok(Event::Eof) => return None,
                Ok(_) => {}
                Err(error) => match error.kind() {
                    ErrorKind::Limit { name, limit } => return Some((*name, *limit)),
                    other => panic!("{other:?}"),
                },
            }
        }
    };
    let limits = Limits::default();
    for (text, exact, small, refused) in [
        ("<a><b><c/></b><b/></a>", limits.depth(3), limits.depth(2), ("depth", 2)),
        ("<a><b/><b></b></a>", limits.elements(3), limits.elements(2), ("elements", 2)),
        ("<a b='' c=''/>", limits.attributes(2), limits.attributes(1), ("attributes", 1)),
        (
            "<a xmlns:p='u'><b xmlns='v'/><b xmlns='w'/></a>",
            limits.namespaces(2),
            limits.namespaces(1),
            ("namespaces", 1),
        ),
        ("<abc></abc>", limits.name_length(3), limits.name_length(2), ("name_length", 2)),
        ("<a abc=''/>", limits.name_length(3), limits.name_length(2), ("name_length", 2)),
        ("<?abc?><a/>", limits.name_length(3), limits.name_length(2), ("name_length", 2)),
        ("<a>&amp;</a>", limits.name_length(3), limits.name_length(2), ("name_length", 2)),
    ] {
        assert_eq!(over(text, exact), None, "{text}");
        assert_eq!(over(text, small), Some(refused), "{text}");
    }
    let deep = "<a>".repeat(100_000);
    assert_eq!(over(&deep, limits), Some(("depth", 128)));
}

#[test]
fn very_many_attributes_are_still_checked_and_quickly() {
    let limits = Limits::default().attributes(usize::MAX);
    let mut tag = String::from("<a xmlns:p='u' xmlns:q='u'");
    for i in 0..100_000 {
        tag += &format!(" p:x{i}='{i}'");
    }
    let good = format!("{tag}/>");
    let mut reader = Reader::new(&good, limits);
    let Ok(Event::Start(start)) = reader.next_event() else { panic!() };
    assert_eq!(start.attributes().count(), 100_002);
    for again in ["p:x7", "q:x7"] {
        let bad = format!("{tag} {again}=''/>");
        let error = Reader::new(&bad, limits).next_event().unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::DuplicateAttribute(again.into()));
        assert_eq!(error.offset(), bad.rfind(again).unwrap());
    }
}
