//! Errors of XML as errors of the codec, and where they are.

use farcall_wire::{CodecError, ErrorKind};
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
    error.at_position(at.line, at.column).at_xpath(path_at(text, offset))
}
