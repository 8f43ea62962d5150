//! What the writer writes, and what it refuses.

use farcall_xml::{WriteError, Writer};

fn written(write: impl FnOnce(&mut Writer) -> Result<(), WriteError>) -> Result<String, WriteError> {
    let mut out = Writer::new();
    write(&mut out)?;
    out.finish()
}

#[test]
fn pieces_in_their_places() {
    let text = written(|out| {
        out.start("a")?;
        out.namespace("", "urn:d")?;
        out.namespace("p", "urn:<p>")?;
        out.attribute("p:x", "1")?;
        out.attribute("x", "\"2\"\n")?;
        out.comment(" c ")?;
        out.element("p:b", "<&>\r")?;
        out.element("b", "")?;
        out.empty("b")?;
        out.text("t")?;
        out.start("c")?;
        out.attribute("xml:lang", "en")?;
        out.end()?;
        out.end()
    });
    assert_eq!(
        text.unwrap(),
        "<a xmlns=\"urn:d\" xmlns:p=\"urn:&lt;p&gt;\" p:x=\"1\" x=\"&quot;2&quot;&#10;\"><!-- c -->\
         <p:b>&lt;&amp;&gt;&#13;</p:b><b></b><b/>t<c xml:lang=\"en\"/></a>"
    );
}

#[test]
fn indentation_leaves_text_alone() {
    let mut out = Writer::new().indented(2);
    out.declaration().unwrap();
    out.comment("first").unwrap();
    out.start("a").unwrap();
    out.start("b").unwrap();
    out.element("c", " kept\n").unwrap();
    out.empty("d").unwrap();
    out.end().unwrap();
    out.start("mixed").unwrap();
    out.text("x").unwrap();
    out.start("i").unwrap();
    out.empty("j").unwrap();
    out.end().unwrap();
    out.end().unwrap();
    out.end().unwrap();
    assert_eq!(
        out.finish().unwrap(),
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!--first-->\n<a>\n  <b>\n    <c> kept\n</c>\n    <d/>\n  </b>\n  <mixed>x<i><j/></i></mixed>\n</a>\n"
    );
}

#[test]
fn prefixes_follow_scope() {
    let mut out = Writer::new();
    assert_eq!(out.prefix("u"), None);
    out.start("a").unwrap();
    out.namespace("p", "u").unwrap();
    out.namespace("q", "u").unwrap();
    assert_eq!(out.prefix("u"), Some("q"));
    out.start("b").unwrap();
    out.namespace("q", "v").unwrap();
    assert_eq!(out.prefix("u"), Some("p"));
    assert_eq!(out.prefix("v"), Some("q"));
    out.end().unwrap();
    assert_eq!((out.prefix("u"), out.prefix("v")), (Some("q"), None));
    assert_eq!(out.prefix(farcall_xml::XML_NAMESPACE), Some("xml"));
}

#[test]
fn refusals() {
    type Write = fn(&mut Writer) -> Result<(), WriteError>;
    let name = |name: &str| WriteError::Name(name.to_owned());
    let cases: [(Write, WriteError); 21] = [
        (|out| out.start("a b"), name("a b")),
        (|out| out.start("a:b:c"), name("a:b:c")),
        (|out| out.start(":a"), name(":a")),
        (|out| out.start("a:1"), name("a:1")),
        (|out| out.start(""), name("")),
        (|out| out.start("xmlns:a"), name("xmlns:a")),
        (
            |out| {
                out.start("a")?;
                out.attribute("1", "")
            },
            name("1"),
        ),
        (
            |out| {
                out.start("a")?;
                out.namespace("p:q", "u")
            },
            name("p:q"),
        ),
        (
            |out| {
                out.start("a")?;
                out.attribute("x", "")?;
                out.attribute("x", "")
            },
            WriteError::DuplicateAttribute("x".into()),
        ),
        (
            |out| {
                out.start("a")?;
                out.namespace("p", "u")?;
                out.namespace("p", "v")
            },
            WriteError::DuplicateAttribute("xmlns:p".into()),
        ),
        (
            |out| {
                out.start("a")?;
                out.namespace("p", "u")?;
                out.namespace("q", "u")?;
                out.attribute("p:x", "")?;
                out.attribute("q:x", "")?;
                out.end()
            },
            WriteError::DuplicateAttribute("q:x".into()),
        ),
        (
            |out| {
                out.start("p:a")?;
                out.end()
            },
            WriteError::UnboundPrefix("p:a".into()),
        ),
        (
            |out| {
                out.start("p:a")?;
                out.text("")
            },
            WriteError::UnboundPrefix("p:a".into()),
        ),
        (
            |out| {
                out.start("a")?;
                out.attribute("p:x", "")?;
                out.start("b")
            },
            WriteError::UnboundPrefix("p:x".into()),
        ),
        (
            |out| {
                out.start("a")?;
                out.namespace("p", "")
            },
            WriteError::NamespaceDeclaration("a prefix cannot be bound to the empty namespace name"),
        ),
        (|out| out.text("x"), WriteError::Misplaced("text stands inside an element")),
        (|out| out.end(), WriteError::Misplaced("no element is open")),
        (
            |out| {
                out.empty("a")?;
                out.start("b")
            },
            WriteError::Misplaced("a document has one root element"),
        ),
        (
            |out| {
                out.start("a")?;
                out.text("")?;
                out.attribute("x", "")
            },
            WriteError::Misplaced("attributes come right after Writer::start"),
        ),
        (
            |out| {
                out.start("a")?;
                out.attribute("xmlns:p", "u")
            },
            name("xmlns:p"),
        ),
        (
            |out| out.comment("a--b"),
            WriteError::Misplaced("a comment holds no `--` and does not end with `-`"),
        ),
    ];
    for (at, (write, expected)) in cases.into_iter().enumerate() {
        assert_eq!(written(write), Err(expected), "case {at}");
    }
    let forbidden = |write: Write| match written(write) {
        Err(WriteError::Forbidden(f)) => (f.character, f.index),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        forbidden(|out| {
            out.start("a")?;
            out.text("é\0")
        }),
        ('\0', 2)
    );
    assert_eq!(
        forbidden(|out| {
            out.start("a")?;
            out.attribute("x", "\u{FFFF}")
        }),
        ('\u{FFFF}', 0)
    );
    assert_eq!(forbidden(|out| out.comment("\x01")), ('\x01', 0));
    assert!(written(|_| Ok(())).is_err());
    assert!(written(|out| out.start("a")).is_err());
    assert!(
        written(|out| {
            out.start("a")?;
            out.declaration()
        })
        .is_err()
    );
}

#[test]
fn a_refused_piece_leaves_no_trace() {
    let mut out = Writer::new();
    out.start("a").unwrap();
    out.attribute("x", "\0").unwrap_err();
    out.attribute("x", "1").unwrap();
    out.text("ab\0").unwrap_err();
    out.text("c").unwrap();
    out.end().unwrap();
    assert_eq!(out.finish().unwrap(), "<a x=\"1\">c</a>");
}
