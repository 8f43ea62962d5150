//! The XML reader: any octets are decoded, read event by event and skipped,
//! and every error has a place inside of the document.

use farcall_xml::{Error, Event, Limits, Reader, decode_document, path_at};

pub(crate) const WORDS: &[&str] = &[
    "<a>",
    "</a>",
    "<a/>",
    "<a b='c'>",
    "<p:a xmlns:p='u'>",
    "</p:a>",
    " xmlns='u'",
    " xmlns:p=''",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?pi",
    "?>",
    "<?xml version='1.0' encoding='",
    "<!DOCTYPE",
    "<!ENTITY",
    "&amp;",
    "&#x1D11E;",
    "&#0;",
    "&#xD800;",
    "&x;",
    "\r\n",
    "\u{FEFF}",
    "\u{FFFE}",
    "UTF-16",
    "ISO-8859-1",
    "\u{85}",
];

/// Reads a document three ways, which must agree on whether it is well-formed.
///
/// # Panics
/// If the reader breaks a promise.
pub fn xml_reader(data: &[u8]) {
    let text = match decode_document(data, None) {
        Ok(text) => text,
        Err(error) => return assert!(error.offset() <= data.len(), "{error}"),
    };
    let limits = Limits::default();
    let read = events(&text, limits);
    if let Err(error) = &read {
        placed(error, &text);
    }
    let skipped = skip(&text, limits);
    assert_eq!(read.is_ok(), skipped.is_ok(), "read {read:?}, skipped {skipped:?}");
}

fn placed(error: &Error, text: &str) {
    assert!(error.offset() <= text.len(), "{error}");
    let at = error.position(text);
    assert!(at.line >= 1 && at.column >= 1);
    assert!(path_at(text, error.offset()).starts_with('/'));
}

/// Every event, with all that can be asked of it; the number of elements.
fn events(text: &str, limits: Limits) -> Result<usize, Error> {
    let mut reader = Reader::new(text, limits);
    let (mut depth, mut elements, mut last) = (0_usize, 0, 0);
    loop {
        let event = reader.next_event()?;
        assert!(reader.offset() >= last && reader.offset() <= text.len(), "the cursor goes forth");
        last = reader.offset();
        match event {
            Event::Start(tag) => {
                depth += 1;
                elements += 1;
                let (_, local) = reader.expanded(&tag);
                assert!(!local.is_empty());
                for attribute in tag.attributes() {
                    let _ = (reader.expanded_attribute(&attribute), attribute.value());
                }
            }
            Event::End => depth = depth.checked_sub(1).expect("an end has a start"),
            Event::Text(run) | Event::CData(run) => {
                assert!(run.chars().all(farcall_xml::is_xml_char), "a forbidden character came through");
            }
            Event::Eof => {
                assert_eq!(depth, 0, "the end came inside of an element");
                return Ok(elements);
            }
            _ => {}
        }
        assert_eq!(reader.depth(), depth);
    }
}

fn skip(text: &str, limits: Limits) -> Result<(), Error> {
    let mut reader = Reader::new(text, limits);
    loop {
        match reader.next_event()? {
            Event::Start(_) => reader.skip_element()?,
            Event::Eof => return reader.finish(),
            _ => {}
        }
    }
}
