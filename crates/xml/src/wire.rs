//! Errors of XML as errors of a codec, and where they are: for the protocols that are written in
//! XML (feature `wire`).
//!
//! ```
//! use farcall_xml::wire::{codec_error, locate};
//! use farcall_xml::{Limits, Reader};
//!
//! let text = "<a>\n<b></a>";
//! let mut reader = Reader::new(text, Limits::default());
//! let error = std::iter::repeat_with(|| reader.next_event()).find_map(Result::err).unwrap();
//! let error = locate(codec_error(error), text);
//! assert!(error.to_string().contains("line 2"), "{error}");
//! ```

use std::borrow::Cow;

use farcall_wire::{CodecError, ErrorKind};

use crate::error::ErrorKind as XmlKind;
use crate::position::{Position, path_at};

/// An error of the reader as one of a codec, with its offset.
#[cold]
#[must_use]
pub fn codec_error(error: crate::Error) -> CodecError {
    let offset = error.offset();
    let kind = match error.kind() {
        XmlKind::Limit { name, limit } => ErrorKind::Limit { name, limit: *limit },
        XmlKind::UnknownEncoding(_) | XmlKind::Malformed { .. } | XmlKind::ForbiddenCharacter(_) => {
            ErrorKind::Encoding(error.kind().to_string())
        }
        XmlKind::UnexpectedText | XmlKind::UnexpectedElement(_) => {
            ErrorKind::Structure(error.kind().to_string())
        }
        other => ErrorKind::Syntax(other.to_string()),
    };
    CodecError::new(kind).at(offset).with_source(error)
}

/// Adds line, column and path to an error that has an offset into that text.
#[cold]
#[must_use]
pub fn locate(error: CodecError, text: &str) -> CodecError {
    let Some(offset) = error.offset() else { return error };
    let at = Position::of(text, offset);
    error.at_position(at.line, at.column).at_xpath(shown(&path_at(text, offset)))
}

/// How many characters of a name out of a message an error quotes.
const SHOWN: usize = 200;

/// The beginning of a name out of a message, so that a fault is never as large as what it is about.
#[must_use]
pub fn shown(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &name[..end])),
        None => Cow::Borrowed(name),
    }
}
