//! Errors of XML as errors of the codec, and where they are.

use std::borrow::Cow;

use farcall_wire::{CodecError, ErrorKind, Fault};
use farcall_xml::{ErrorKind as XmlKind, Position, path_at};

/// An error of the reader, with its offset.
#[cold]
pub(crate) fn xml_error(error: farcall_xml::Error) -> CodecError {
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
pub(crate) fn locate(error: CodecError, text: &str) -> CodecError {
    let Some(offset) = error.offset() else { return error };
    let at = Position::of(text, offset);
    error.at_position(at.line, at.column).at_xpath(shown(&path_at(text, offset)))
}

/// How many characters of a name out of a message an error quotes.
const SHOWN: usize = 200;

/// The beginning of a name out of a message, so that a fault is never as large as what it is about.
pub(crate) fn shown(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &name[..end])),
        None => Cow::Borrowed(name),
    }
}

/// The fault for a text that could not be decoded: the interoperability list sets an unknown
/// encoding (-32701) apart from octets that are not in a known one (-32702).
#[cold]
pub(crate) fn encoding_fault(error: CodecError) -> Fault {
    use std::error::Error as _;

    let xml = error.source().and_then(|source| source.downcast_ref::<farcall_xml::Error>());
    let unknown = xml.is_some_and(|e| matches!(e.kind(), XmlKind::UnknownEncoding(_)));
    let fault = Fault::from(error);
    if unknown { fault.with_code(-32701) } else { fault }
}
