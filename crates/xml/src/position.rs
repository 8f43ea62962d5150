//! Saying where in a document something is, for people: line and column, and a path of elements.

use std::collections::HashMap;
use std::fmt;

use crate::limits::Limits;
use crate::reader::{Event, Reader};

/// A place in a text: line and column, both from 1; columns count characters.
///
/// A line ends with LF, CR, or CR LF.
///
/// ```
/// let place = farcall_xml::Position::of("<a>\n  é<b/></a>", 8);
/// assert_eq!((place.line, place.column), (2, 4));
/// assert_eq!(place.to_string(), "2:4");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl Position {
    /// The place of a byte offset; one beyond the text is the text's end.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let mut line = 1;
        let mut line_start = 0;
        for (at, &byte) in before.iter().enumerate() {
            // the LF of a CR LF has counted with its CR, but moves the line's start
            match byte {
                b'\n' if at > 0 && before[at - 1] == b'\r' => line_start = at + 1,
                b'\n' | b'\r' => {
                    line += 1;
                    line_start = at + 1;
                }
                _ => {}
            }
        }
        let is_first_byte = |b: &&u8| (**b & 0xC0) != 0x80;
        let column = 1 + before[line_start..].iter().filter(is_first_byte).count();
        Self { line, column }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The path of the innermost element that holds the byte at `offset`, as XPath writes it.
///
/// An element goes from the `<` of its start tag to the `>` of its end tag. A step has an index,
/// from 1 among siblings of one name, unless it is the first of them. Where no element is open the
/// path is `/`. The text is read again up to the offset, so this is for reporting errors; where it
/// is not well-formed the path ends with what was open there.
///
/// ```
/// let text = "<methodCall><params><param/><param><value>x</value></param></params></methodCall>";
/// let offset = text.find('x').unwrap();
/// assert_eq!(farcall_xml::path_at(text, offset), "/methodCall/params/param[2]/value");
/// ```
#[must_use]
pub fn path_at(text: &str, offset: usize) -> String {
    let mut reader = Reader::new(text, Limits::none());
    let mut steps: Vec<(&str, usize)> = Vec::new();
    // how often each name has occurred among the children of each open element
    let mut siblings: Vec<HashMap<&str, usize>> = vec![HashMap::new()];
    loop {
        let event = reader.next_event();
        match event {
            Ok(Event::Start(start)) if start.offset() <= offset => {
                let index = siblings.last_mut().map_or(1, |names| {
                    let seen = names.entry(start.qname()).or_insert(0);
                    *seen += 1;
                    *seen
                });
                steps.push((start.qname(), index));
                siblings.push(HashMap::new());
            }
            Ok(Event::End) if reader.offset() <= offset => {
                steps.pop();
                siblings.pop();
            }
            Ok(Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::Instruction(_))
                if reader.offset() <= offset => {}
            _ => break,
        }
    }
    let mut path = String::new();
    for (name, index) in steps {
        path.push('/');
        path.push_str(name);
        if index > 1 {
            path.push_str(&format!("[{index}]"));
        }
    }
    if path.is_empty() {
        path.push('/');
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_lf_cr_or_both() {
        for (offset, expected) in
            [(0, (1, 1)), (1, (1, 2)), (2, (2, 1)), (3, (3, 1)), (5, (4, 1)), (6, (4, 2)), (99, (4, 2))]
        {
            let place = Position::of("a\n\n\r\nb", offset);
            if offset != 4 {
                assert_eq!((place.line, place.column), expected, "{offset}");
            }
        }
        assert_eq!(Position::of("a\rb", 2), Position { line: 2, column: 1 });
        assert_eq!(Position::of("é", 1), Position { line: 1, column: 2 });
    }

    #[test]
    fn paths() {
        let text = "<a> <b/><b><c>x</c></b><d/> </a>";
        for (needle, expected) in [
            ("<a", "/a"),
            (" <b", "/a"),
            ("<b/", "/a/b"),
            ("<b>", "/a/b[2]"),
            ("x", "/a/b[2]/c"),
            ("/c>", "/a/b[2]/c"),
            ("</b>", "/a/b[2]"),
            ("<d/", "/a/d"),
            (" </a", "/a"),
        ] {
            assert_eq!(path_at(text, text.find(needle).unwrap()), expected, "{needle}");
        }
        assert_eq!(path_at(text, text.len()), "/");
        assert_eq!(path_at(text, usize::MAX), "/");
        assert_eq!(path_at("<a><b></c>", 8), "/a/b");
        assert_eq!(path_at("<a><b", 4), "/a");
        assert_eq!(path_at("", 4), "/");
    }
}
