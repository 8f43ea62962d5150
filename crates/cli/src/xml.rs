//! XML for people to read: an element a line.

use farcall::wire::Limits;
use farcall_xml::{Event, Reader};

/// The document with its elements on lines of their own, indented by their depth; None for what is
/// no XML. Text stays as it is, beside its tags.
pub(crate) fn indented(text: &str) -> Option<String> {
    let limits = farcall_xml::Limits::default().elements(Limits::default().elements);
    let mut reader = Reader::new(text, limits);
    // the reader passes over the declaration
    let declaration = text.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    let mut out = declaration.map_or_else(String::new, |(rest, _)| format!("<?xml{rest}?>"));
    let mut from = 0;
    // whether nothing but white space was between the last tag and here
    let mut apart = true;
    loop {
        let before = reader.offset();
        let event = reader.next_event().ok()?;
        let piece = text.get(before..reader.offset())?;
        match event {
            Event::Start(start) => {
                if apart && !out.is_empty() {
                    out.push('\n');
                    out.push_str(&"  ".repeat(reader.depth().saturating_sub(1)));
                }
                out.push_str(text.get(start.offset()..reader.offset())?);
                (from, apart) = (out.len(), true);
            }
            Event::End => {
                // one that closes what its start tag opened stays on the line
                if apart && from != out.len() {
                    out.push('\n');
                    out.push_str(&"  ".repeat(reader.depth()));
                }
                out.push_str(piece.trim_start());
                (from, apart) = (0, true);
            }
            Event::Eof => break,
            _ if piece.trim().is_empty() => {}
            Event::Text(_) | Event::CData(_) => {
                out.push_str(piece);
                apart = false;
            }
            _ => {
                out.push_str(piece.trim());
            }
        }
    }
    out.push('\n');
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_stand_on_lines_of_their_own() {
        let xml = "<?xml version='1.0'?><a x='1'><b>text</b> <c/><d><e></e></d><f>m<g/>n</f></a>";
        let expected = "<?xml version='1.0'?>\n<a x='1'>\n  <b>text</b>\n  <c/>\n  <d>\n    <e></e>\n  </d>\n  \
                        <f>m<g/>n</f>\n</a>\n";
        assert_eq!(indented(xml).unwrap(), expected);
        assert_eq!(indented("{}"), None);
        assert_eq!(indented("<a>"), None);
    }
}
