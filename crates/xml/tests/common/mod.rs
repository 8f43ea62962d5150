//! Documents for property tests: well-formed ones in every form of writing them, and broken ones.

#![allow(dead_code)] // each test file uses its own part

use farcall_xml::{Error, Event, Limits, Reader};
use proptest::prelude::*;
use proptest::sample::select;

/// A document reduced to what every reader must agree on: adjacent character data is one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Start(String, Vec<(String, String)>),
    End,
    Text(String),
    Comment(String),
    Instruction(String, String),
}

/// Appends text to a text that came right before.
pub(crate) fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

/// Appends an event.
pub(crate) fn push_event(pieces: &mut Vec<Piece>, event: Event<'_>) {
    match event {
        Event::Start(start) => {
            let attributes = start.attributes().map(|a| (a.qname().to_owned(), a.value().into_owned()));
            pieces.push(Piece::Start(start.qname().to_owned(), attributes.collect()));
        }
        Event::End => pieces.push(Piece::End),
        Event::Text(text) | Event::CData(text) => push_text(pieces, &text),
        Event::Comment(text) => pieces.push(Piece::Comment(text.to_owned())),
        Event::Instruction(i) => {
            pieces.push(Piece::Instruction(i.target.to_owned(), i.data.to_owned()));
        }
        Event::Eof => {}
        other => panic!("{other:?}"),
    }
}

/// The pieces that the general reader sees.
pub(crate) fn pieces(text: &str) -> Result<Vec<Piece>, Error> {
    let mut reader = Reader::new(text, Limits::default());
    let mut pieces = Vec::new();
    // no event is shorter than a byte, but for the ends of empty-element tags
    for _ in 0..=2 * text.len() + 2 {
        match reader.next_event()? {
            Event::Eof => return Ok(pieces),
            event => push_event(&mut pieces, event),
        }
    }
    panic!("the reader does not come to an end");
}

fn name() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "b", "value", "long-name.1", "é中", "p:a", "p:b", "q:a", "_"])
}

/// Raw text without markup, which any writer might produce.
fn raw_text() -> impl Strategy<Value = String> {
    let run = prop_oneof![
        4 => select(vec!["x", " ", "\n", "1.5", "]", "]]", "é", "中\u{10FFFF}", "\t", ">", "\"", "'"])
            .prop_map(str::to_owned),
        2 => select(vec!["&lt;", "&amp;", "&gt;", "&quot;", "&apos;", "&#65;", "&#x1F600;", "&#13;", "&#10;"])
            .prop_map(str::to_owned),
        1 => select(vec!["\r\n", "\r", "\n\r"]).prop_map(str::to_owned),
        1 => "[a-z ]{30,80}",
    ];
    prop::collection::vec(run, 0..6)
        .prop_map(|runs| runs.concat())
        .prop_map(|text| text.replace("]>", "]&gt;"))
}

fn attributes() -> impl Strategy<Value = String> {
    let names = select(vec!["x", "y", "z", "p:x", "q:x", "xml:lang", "é"]);
    let form = select(vec![" {}=\"{}\"", "\n {} = '{}'", "\t{}\r\n=\"{}\" "]);
    let value = raw_text().prop_map(|v| v.replace(['"', '\''], "-"));
    prop::collection::vec((names, form, value), 0..4).prop_map(|list| {
        let mut seen = std::collections::HashSet::new();
        list.into_iter()
            .filter(|(name, _, _)| seen.insert(*name))
            .map(|(name, form, value)| form.replacen("{}", name, 1).replacen("{}", &value, 1))
            .collect()
    })
}

fn element() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (name(), attributes(), raw_text()).prop_map(|(n, a, t)| format!("<{n}{a}>{t}</{n}>")),
        (name(), attributes()).prop_map(|(n, a)| format!("<{n}{a}/>")),
        name().prop_map(|n| format!("<{n}></{n} >")),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        let part = prop_oneof![
            4 => inner,
            // after a comment, so that two texts side by side do not make up a `]]>`
            2 => raw_text().prop_map(|text| format!("<!--t-->{text}")),
            1 => misc(),
            1 => raw_text().prop_map(|t| format!("<![CDATA[{t}<&]]>")),
        ];
        (name(), attributes(), prop::collection::vec(part, 0..5)).prop_map(|(n, a, parts)| {
            let content = parts.concat();
            format!("<{n}{a}>{content}</{n}>")
        })
    })
}

fn misc() -> impl Strategy<Value = String> {
    select(vec!["<!-- c - d -->", "<!---->", "<?p?>", "<?p  d ?é?>", "<?xml-x a='1'?>"])
        .prop_map(str::to_owned)
}

/// Well-formed documents.
pub(crate) fn document() -> impl Strategy<Value = String> {
    let head = select(vec!["", "<?xml version='1.0'?>", "<?xml version=\"1.0\" encoding='utf-8' ?>\n"]);
    (head, prop::option::of(misc()), element(), prop::option::of(misc())).prop_map(
        |(head, before, element, after)| {
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            format!("{head}{before}<r xmlns:p='urn:p' xmlns:q='urn:q'>{element}</r>\n{after}")
        },
    )
}

/// Well-formed documents with a few pieces put in, taken out or changed.
pub(crate) fn broken_document() -> impl Strategy<Value = String> {
    let junk = select(vec![
        "<",
        ">",
        "&",
        "'",
        "\"",
        "/",
        "=",
        ":",
        " ",
        "]]>",
        "<!--",
        "-->",
        "--",
        "<![CDATA[",
        "<?",
        "?>",
        "<a>",
        "</a>",
        "<a/>",
        "&lt;",
        "&#0;",
        "&x;",
        "\0",
        "\u{FFFF}",
        "é",
        "x='1'",
        " x='2'",
        "xmlns:p='u'",
        "xmlns=''",
        "<!DOCTYPE a>",
        "<?xml version='1.0'?>",
        "\r",
        ";",
        "-",
        "1",
    ]);
    let edit = (any::<prop::sample::Index>(), 0..6usize, prop::option::of(junk));
    (document(), prop::collection::vec(edit, 1..4)).prop_map(|(mut text, edits)| {
        for (at, gone, put) in edits {
            let boundaries: Vec<usize> = (0..=text.len()).filter(|&i| text.is_char_boundary(i)).collect();
            let from = at.index(boundaries.len());
            let to = (from + gone).min(boundaries.len() - 1);
            text.replace_range(boundaries[from]..boundaries[to], put.unwrap_or_default());
        }
        text
    })
}
