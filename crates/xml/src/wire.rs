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

use farcall_model::Value;
use farcall_wire::{CodecError, Encoder, ErrorKind, Fault, Written};

use crate::error::{ErrorKind as XmlKind, ForbiddenCharacter};
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

/// An error of the writer as one of a codec.
#[cold]
#[must_use]
pub fn forbidden(e: ForbiddenCharacter) -> CodecError {
    let what = format!("the character U+{:04X} at byte {} of the text", u32::from(e.character), e.index);
    CodecError::unsupported(what, "XML 1.0 has no such character; send the text as bytes")
}

/// Writes a value that is a single text, number or date by what it is; None, with nothing written, for
/// any other.
pub fn scalar<E: Encoder>(out: &mut E, value: &Value) -> Option<Written> {
    Some(match value {
        Value::Bool(v) => out.bool(*v),
        Value::I8(v) => out.i8(*v),
        Value::U8(v) => out.u8(*v),
        Value::I16(v) => out.i16(*v),
        Value::U16(v) => out.u16(*v),
        Value::I32(v) => out.i32(*v),
        Value::U32(v) => out.u32(*v),
        Value::I64(v) => out.i64(*v),
        Value::U64(v) => out.u64(*v),
        Value::F32(v) => out.f32(*v),
        Value::F64(v) => out.f64(*v),
        Value::Decimal(v) => out.decimal(v),
        Value::Char(v) => out.char(*v),
        Value::String(v) | Value::Enum(v) => out.str(v),
        Value::Bytes(v) => out.octets(v),
        Value::DateTime(v) => out.date_time(*v),
        Value::Date(v) => out.date(*v),
        Value::Time(v) => out.time(*v),
        Value::Duration(v) => out.duration(*v),
        _ => return None,
    })
}

/// Adds line, column and path to an error that has an offset into that text.
#[cold]
#[must_use]
pub fn locate(error: CodecError, text: &str) -> CodecError {
    let Some(offset) = error.offset() else { return error };
    let at = Position::of(text, offset);
    error.at_position(at.line, at.column).at_xpath(shown(&path_at(text, offset)))
}

/// The same for a fault that came from reading the parameters in that text; what a reply cannot hold
/// has no place there.
#[cold]
#[must_use]
pub fn located(fault: Fault, text: &str) -> Fault {
    match fault.into_codec_error() {
        Ok(error) if matches!(error.kind(), ErrorKind::Unsupported { .. }) => Fault::from(error),
        Ok(error) => Fault::from(locate(error, text)),
        Err(fault) => fault,
    }
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
