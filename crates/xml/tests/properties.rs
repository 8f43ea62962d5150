//! What holds for every input: the reader comes to an end without panicking, prediction sees what
//! the general reader sees, and what the writer writes is read back as it was.

mod common;

use common::{Piece, broken_document, document, pieces, push_event};
use farcall_xml::{
    Error, Event, Limits, Reader, Writer, decode_document, escape_attribute, escape_text, is_xml_char,
    path_at,
};
use proptest::prelude::*;

/// Reads a document, at each step first guessing what comes next as the dice say.
fn guessing(text: &str, dice: &[u8]) -> Result<Vec<Piece>, Error> {
    const TAGS: [(&str, &str); 4] =
        [("<a>", "</a>"), ("<b>", "</b>"), ("<value>", "</value>"), ("<_>", "</_>")];
    let mut reader = Reader::new(text, Limits::default());
    let mut pieces = Vec::new();
    let mut dice = dice.iter().cycle();
    loop {
        let throw = *dice.next().unwrap_or(&0) as usize;
        let (open, close) = TAGS[throw / 4 % TAGS.len()];
        let name = open[1..open.len() - 1].to_owned();
        match throw % 4 {
            0 if reader.eat_start(open) => {
                pieces.push(Piece::Start(name, Vec::new()));
                continue;
            }
            1 if reader.eat_end(close) => {
                pieces.push(Piece::End);
                continue;
            }
            2 => {
                if let Some(content) = reader.eat_leaf(open, close) {
                    pieces.push(Piece::Start(name, Vec::new()));
                    common::push_text(&mut pieces, content);
                    pieces.push(Piece::End);
                    continue;
                }
            }
            _ => {}
        }
        match reader.next_event()? {
            Event::Eof => return Ok(pieces),
            event => push_event(&mut pieces, event),
        }
    }
}

/// A tree to be written and read back.
#[derive(Debug, Clone)]
enum Node {
    Text(String),
    Element(String, Vec<(String, String)>, Vec<Self>),
}

fn xml_text() -> impl Strategy<Value = String> {
    let character = any::<char>().prop_filter("XML cannot carry it", |&c| is_xml_char(c));
    let special = prop::sample::select(vec!['<', '>', '&', ']', '"', '\'', '\r', '\n', '\t', ' ']);
    let one = prop_oneof![character, special];
    prop::collection::vec(one, 0..40).prop_map(|chars| chars.into_iter().collect())
}

fn tree() -> impl Strategy<Value = Node> {
    let name = "[a-zé_][a-z0-9.é-]{0,6}";
    let attributes = prop::collection::btree_map(name, xml_text(), 0..4)
        .prop_map(|map| {
            let own = map.into_iter().filter(|(name, _)| !name.starts_with("xmlns"));
            own.collect::<Vec<_>>()
        })
        .boxed();
    let leaf = (name, attributes.clone()).prop_map(|(n, a)| Node::Element(n, a, Vec::new()));
    leaf.prop_recursive(4, 30, 5, move |inner| {
        let child = prop_oneof![inner, xml_text().prop_map(Node::Text)];
        (name, attributes.clone(), prop::collection::vec(child, 0..5))
            .prop_map(|(n, a, children)| Node::Element(n, a, children))
    })
}

fn write(out: &mut Writer, expected: &mut Vec<Piece>, node: &Node) {
    match node {
        Node::Text(text) => {
            out.text(text).unwrap();
            common::push_text(expected, text);
        }
        Node::Element(name, attributes, children) => {
            out.start(name).unwrap();
            for (name, value) in attributes {
                out.attribute(name, value).unwrap();
            }
            expected.push(Piece::Start(name.clone(), attributes.clone()));
            for child in children {
                write(out, expected, child);
            }
            out.end().unwrap();
            expected.push(Piece::End);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn any_string_comes_to_an_end(text in any::<String>(), offset in any::<usize>()) {
        let _ = pieces(&text);
        let _ = path_at(&text, offset % (text.len() + 1));
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        charset in prop::sample::select(vec!["", "utf-8", "utf-16", "utf-16le", "gb18030", "iso-2022-jp", "big5"]),
    ) {
        match decode_document(&bytes, Some(charset)) {
            Ok(text) => drop(pieces(&text)),
            Err(error) => prop_assert!(error.offset() <= bytes.len()),
        }
    }

    #[test]
    fn damaged_documents_come_to_an_end(text in broken_document(), dice in prop::collection::vec(any::<u8>(), 1..50)) {
        let general = pieces(&text);
        if let Err(error) = &general {
            prop_assert!(error.offset() <= text.len());
            let _ = (error.position(&text), path_at(&text, error.offset()));
        }
        prop_assert_eq!(guessing(&text, &dice), general);
    }

    #[test]
    fn prediction_sees_what_the_general_reader_sees(text in document(), dice in prop::collection::vec(any::<u8>(), 1..200)) {
        prop_assert_eq!(guessing(&text, &dice), pieces(&text));
    }

    #[test]
    fn skipping_ends_where_reading_ends(text in document()) {
        let mut reader = Reader::new(&text, Limits::default());
        while !matches!(reader.next_event().unwrap(), Event::Start(_)) {}
        reader.skip_element().unwrap();
        reader.finish().unwrap();
        prop_assert_eq!(reader.offset(), text.len());
    }

    #[test]
    fn paths_follow_the_open_elements(text in document()) {
        let mut reader = Reader::new(&text, Limits::default());
        while reader.next_event().unwrap() != Event::Eof {
            let path = reader.path();
            prop_assert_eq!(path.split('/').filter(|step| !step.is_empty()).count(), reader.depth());
            let last = path.rsplit('/').next().and_then(|step| step.split('[').next());
            prop_assert_eq!(last.unwrap_or(""), reader.open_element().unwrap_or(""));
        }
    }

    #[test]
    fn what_is_written_is_read_back(root in tree(), indent in prop::option::of(0..4usize)) {
        let mut out = match indent {
            Some(spaces) => Writer::new().indented(spaces),
            None => Writer::new(),
        };
        let mut expected = Vec::new();
        out.declaration().unwrap();
        write(&mut out, &mut expected, &root);
        let text = out.finish().unwrap();
        let read = pieces(&text);
        prop_assert!(read.is_ok(), "{:?} in {text}", read);
        // indentation adds white space, never takes anything away
        if indent.is_none() {
            prop_assert_eq!(read.unwrap(), expected);
        }
    }

    #[test]
    fn escaped_text_is_read_back(text in xml_text()) {
        let mut out = b"<a b=\"".to_vec();
        escape_attribute(&mut out, &text).unwrap();
        out.extend_from_slice(b"\" c='");
        escape_attribute(&mut out, &text).unwrap();
        out.extend_from_slice(b"'>");
        escape_text(&mut out, &text).unwrap();
        out.extend_from_slice(b"</a>");
        let document = String::from_utf8(out).unwrap();
        let mut reader = Reader::new(&document, Limits::default());
        let Ok(Event::Start(start)) = reader.next_event() else { panic!("{document}") };
        let values: Vec<_> = start.attributes().map(|a| a.value().into_owned()).collect();
        prop_assert_eq!(&values, &[text.clone(), text.clone()]);
        prop_assert_eq!(reader.text_content().unwrap(), text);
        reader.finish().unwrap();
    }

    #[test]
    fn escaping_refuses_exactly_what_xml_forbids(text in any::<String>()) {
        let bad = text.char_indices().find(|&(_, c)| !is_xml_char(c));
        for escape in [escape_text, escape_attribute] {
            let result = escape(&mut Vec::new(), &text);
            prop_assert_eq!(result.err().map(|e| (e.index, e.character)), bad);
        }
    }
}
