//! [`CodecError`]: why a value could not be written or read, and where.
//!
//! ```
//! use farcall_wire::{CodecError, ErrorKind};
//!
//! let error = CodecError::new(ErrorKind::MissingField("owner".into())).at(120).in_item(2).in_field("accounts");
//! assert_eq!(error.to_string(), "accounts[2]: field 'owner' is missing (byte 120)");
//! ```

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use crate::FaultKind;

/// A value could not be written to, or read from, a wire.
///
/// One machine word wide: the way without an error stays cheap.
pub struct CodecError(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    /// Octets from the start of the message.
    offset: Option<usize>,
    /// Line and column, from 1, for texts.
    position: Option<(usize, usize)>,
    /// From the outermost to the innermost, kept in reverse while unwinding.
    path: Vec<Segment>,
    /// The place in the document, for XML.
    xpath: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The message is not well-formed in its format.
    Syntax(String),
    /// The character encoding is unknown or the text invalid in it.
    Encoding(String),
    /// Well-formed, but not what this protocol sends.
    Structure(String),
    /// A value of another type than the one asked for.
    Type {
        /// The type asked for.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A number or text outside of what the type holds.
    Range {
        /// The text of the value, shortened.
        value: String,
        /// The type that it does not fit.
        ty: String,
    },
    /// A field that must be there is not.
    MissingField(String),
    /// A field that the type does not have.
    UnknownField(String),
    /// A field that is there twice.
    DuplicateField(String),
    /// A name that the enumeration or union does not have.
    UnknownCase {
        /// The name or number.
        name: String,
        /// The enumeration or union.
        of: String,
    },
    /// More or fewer items or parameters than there must be.
    Count {
        /// What is counted.
        what: &'static str,
        /// How many there must be.
        expected: String,
        /// How many there are.
        found: usize,
    },
    /// A limit was passed; it is named so that it can be raised.
    Limit {
        /// The limit's name.
        name: &'static str,
        /// Its value.
        limit: usize,
    },
    /// The protocol cannot express the value.
    Unsupported {
        /// The value or type.
        what: String,
        /// Why, and what to do.
        why: String,
    },
}

impl ErrorKind {
    /// The kind of fault that a protocol reports for it.
    #[must_use]
    pub fn fault_kind(&self) -> FaultKind {
        match self {
            Self::Syntax(_) => FaultKind::Malformed,
            Self::Encoding(_) => FaultKind::Encoding,
            Self::Structure(_) => FaultKind::InvalidRequest,
            Self::Limit { .. } => FaultKind::Limit,
            Self::Unsupported { .. } => FaultKind::Unsupported,
            _ => FaultKind::InvalidParameters,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(what) | Self::Encoding(what) | Self::Structure(what) => f.write_str(what),
            Self::Type { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Range { value, ty } => write!(f, "'{value}' is not a valid {ty}"),
            Self::MissingField(name) => write!(f, "field '{name}' is missing"),
            Self::UnknownField(name) => write!(f, "unknown field '{name}'"),
            Self::DuplicateField(name) => write!(f, "field '{name}' is there twice"),
            Self::UnknownCase { name, of } => write!(f, "{of} has no case '{name}'"),
            Self::Count { what, expected, found } => write!(f, "{found} {what}, expected {expected}"),
            Self::Limit { name, limit } => {
                write!(f, "the limit '{name}' of {limit} is passed; raise it if the message is meant")
            }
            Self::Unsupported { what, why } => write!(f, "{what} cannot be sent: {why}"),
        }
    }
}

/// One step of the path to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Field(Cow<'static, str>),
    Index(usize),
}

impl CodecError {
    /// An error without a place yet.
    #[must_use]
    #[cold]
    pub fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            offset: None,
            position: None,
            path: Vec::new(),
            xpath: None,
            source: None,
        }))
    }

    /// A value of another type than the one asked for.
    #[must_use]
    #[cold]
    pub fn mismatch(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::new(ErrorKind::Type { expected: expected.into(), found: found.into() })
    }

    /// A number or text outside of what the type holds; the text is shortened to 60 characters.
    #[must_use]
    #[cold]
    pub fn range(value: &str, ty: impl Into<String>) -> Self {
        let mut shown: String = value.chars().take(60).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self::new(ErrorKind::Range { value: shown, ty: ty.into() })
    }

    /// Something that the protocol cannot express.
    #[must_use]
    #[cold]
    pub fn unsupported(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported { what: what.into(), why: why.into() })
    }

    /// A limit was passed.
    #[must_use]
    #[cold]
    pub fn limit(name: &'static str, limit: usize) -> Self {
        Self::new(ErrorKind::Limit { name, limit })
    }

    /// Sets the offset in octets, unless an inner place is known already.
    #[must_use]
    pub fn at(mut self, offset: usize) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    /// Sets line and column, both from 1.
    #[must_use]
    pub fn at_position(mut self, line: usize, column: usize) -> Self {
        self.0.position = Some((line, column));
        self
    }

    /// Sets the place in an XML document.
    #[must_use]
    pub fn at_xpath(mut self, path: impl Into<String>) -> Self {
        self.0.xpath = Some(path.into());
        self
    }

    /// Says that it happened inside that field.
    #[must_use]
    #[cold]
    pub fn in_field(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.0.path.push(Segment::Field(name.into()));
        self
    }

    /// Says that it happened inside that item, from 0.
    #[must_use]
    #[cold]
    pub fn in_item(mut self, index: usize) -> Self {
        self.0.path.push(Segment::Index(index));
        self
    }

    /// Keeps the error that caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Octets from the start of the message, if known.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }

    /// The path to the value, such as `accounts[2].owner`; empty for the whole.
    #[must_use]
    pub fn path(&self) -> String {
        let mut text = String::new();
        for segment in self.0.path.iter().rev() {
            match segment {
                Segment::Field(name) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(name);
                }
                Segment::Index(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        write!(f, "{}", self.0.kind)?;
        let mut place = Vec::new();
        if let Some((line, column)) = self.0.position {
            place.push(format!("line {line}, column {column}"));
        }
        if let Some(offset) = self.0.offset {
            place.push(format!("byte {offset}"));
        }
        place.extend(self.0.xpath.clone());
        if place.is_empty() { Ok(()) } else { write!(f, " ({})", place.join(", ")) }
    }
}

impl fmt::Debug for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodecError({:?}: {self})", self.0.kind)
    }
}

impl StdError for CodecError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|e| e as _)
    }
}
