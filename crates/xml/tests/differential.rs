//! The reader against quick-xml, an independent one: on well-formed documents they see the same,
//! and what the reader accepts of damaged ones quick-xml sees in the same way.

mod common;

use common::{Piece, broken_document, document, pieces, push_text};
use proptest::prelude::*;
use quick_xml::events::Event;

/// The pieces that quick-xml sees, with line ends and attribute values normalised as XML asks.
fn quick(text: &str) -> Result<Vec<Piece>, Box<dyn std::error::Error>> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut pieces = Vec::new();
    let mut depth = 0;
    loop {
        let event = reader.read_event()?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = String::from_utf8(tag.name().0.to_vec())?;
                let mut attributes = Vec::new();
                for attribute in tag.attributes() {
                    let attribute = attribute?;
                    let key = String::from_utf8(attribute.key.0.to_vec())?;
                    let raw = std::str::from_utf8(&attribute.value)?;
                    let spaced = raw.replace("\r\n", " ").replace(['\r', '\n', '\t'], " ");
                    attributes.push((key, quick_xml::escape::unescape(&spaced)?.into_owned()));
                }
                pieces.push(Piece::Start(name, attributes));
                match event {
                    Event::Empty(_) => pieces.push(Piece::End),
                    _ => depth += 1,
                }
            }
            Event::End(_) => {
                pieces.push(Piece::End);
                depth -= 1;
            }
            // white space around the root element is no part of what the document says
            Event::Text(_) if depth == 0 => {}
            Event::Text(text) => push_text(&mut pieces, &lines(&text.decode()?)),
            Event::CData(text) => push_text(&mut pieces, &lines(&text.decode()?)),
            Event::GeneralRef(reference) => match reference.resolve_char_ref()? {
                Some(c) => push_text(&mut pieces, c.encode_utf8(&mut [0; 4])),
                None => {
                    let name = reference.decode()?;
                    let known = quick_xml::escape::resolve_predefined_entity(&name);
                    push_text(&mut pieces, known.ok_or("unknown entity")?);
                }
            },
            Event::Comment(text) => pieces.push(Piece::Comment(text.decode()?.into_owned())),
            Event::PI(instruction) => {
                let target = std::str::from_utf8(instruction.target())?.to_owned();
                let data = std::str::from_utf8(instruction.content())?;
                let data = data.trim_start_matches(['\t', '\n', '\r', ' ']).to_owned();
                pieces.push(Piece::Instruction(target, data));
            }
            Event::Decl(_) => {}
            Event::DocType(_) => return Err("DOCTYPE".into()),
            Event::Eof => return Ok(pieces),
        }
    }
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn well_formed_documents_read_alike(text in document()) {
        let ours = pieces(&text);
        prop_assert!(ours.is_ok(), "{:?} in {text:?}", ours);
        prop_assert_eq!(ours.unwrap(), quick(&text).unwrap());
    }

    #[test]
    fn what_is_accepted_of_damaged_documents_reads_alike(text in broken_document()) {
        if let Ok(ours) = pieces(&text) {
            prop_assert_eq!(ours, quick(&text).unwrap());
        }
    }
}
