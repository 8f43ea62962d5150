//! What is wrong with a document, and where.

use std::fmt;

use crate::position::Position;

/// Why a document was refused, and the byte at which it was.
///
/// Small: a pointer to its insides. Offsets count bytes of the text given to the reader, or of the
/// bytes given to [`decode_document`](crate::decode_document).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    offset: usize,
}

/// The reasons for an [`Error`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The grammar of XML wants something else here; the text says what.
    Syntax(&'static str),
    /// An end tag that does not close the innermost open element.
    MismatchedEnd {
        /// The element that is open.
        expected: String,
        /// The name in the end tag.
        found: String,
    },
    /// The text ends inside an element or a piece of markup.
    UnexpectedEof,
    /// A document type declaration: refused, because messages need none and it opens the door to
    /// entity expansion and external fetches.
    Doctype,
    /// A reference to an entity that is not one of XML's five, or to a character that XML forbids.
    UnknownEntity(String),
    /// An attribute is given twice, by its name or by its namespace and local name.
    DuplicateAttribute(String),
    /// A prefix that no namespace declaration in scope binds.
    UnboundPrefix(String),
    /// A namespace declaration that Namespaces in XML 1.0 forbids; the text says why.
    NamespaceDeclaration(&'static str),
    /// A character that XML 1.0 allows nowhere in a document.
    ForbiddenCharacter(char),
    /// Text where only elements may stand.
    UnexpectedText,
    /// An element where only text may stand.
    UnexpectedElement(String),
    /// More than a limit of [`Limits`](crate::Limits) allows.
    Limit {
        /// The field of `Limits`.
        name: &'static str,
        /// Its value.
        limit: usize,
    },
    /// The document says that it is in an encoding that is not known here.
    UnknownEncoding(String),
    /// Bytes that are no character in the document's encoding.
    Malformed {
        /// The encoding that was read.
        encoding: &'static str,
    },
}

impl Error {
    #[cold]
    pub(crate) fn new(kind: ErrorKind, offset: usize) -> Self {
        Self(Box::new(Inner { kind, offset }))
    }

    #[cold]
    pub(crate) fn syntax(what: &'static str, offset: usize) -> Self {
        Self::new(ErrorKind::Syntax(what), offset)
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The byte, counted from 0, at which it is wrong.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// The line and column of the error in the text that was read.
    #[must_use]
    pub fn position(&self, text: &str) -> Position {
        Position::of(text, self.0.offset)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.0.kind, self.0.offset)
    }
}

impl std::error::Error for Error {}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(what) => write!(f, "not well-formed XML: {what}"),
            Self::MismatchedEnd { expected, found } => {
                write!(f, "end tag </{found}> does not match the open element <{expected}>")
            }
            Self::UnexpectedEof => f.write_str("the document ends too early"),
            Self::Doctype => {
                f.write_str("document type declarations are refused; send the message without one")
            }
            Self::UnknownEntity(name) => write!(
                f,
                "&{name}; is no reference that a message may hold: only &lt; &gt; &amp; &apos; &quot; and legal character numbers are"
            ),
            Self::DuplicateAttribute(name) => write!(f, "attribute {name} is given twice"),
            Self::UnboundPrefix(prefix) => {
                write!(f, "no namespace declaration in scope binds the prefix {prefix}")
            }
            Self::NamespaceDeclaration(why) => write!(f, "namespace declaration refused: {why}"),
            Self::ForbiddenCharacter(c) => {
                write!(f, "character U+{:04X} is not allowed in XML", *c as u32)
            }
            Self::UnexpectedText => f.write_str("text where only elements may stand"),
            Self::UnexpectedElement(name) => {
                write!(f, "element <{name}> where only text may stand")
            }
            Self::Limit { name, limit } => {
                write!(f, "more than the limit on {name} allows, which is {limit}")
            }
            Self::UnknownEncoding(name) => {
                write!(f, "the encoding {name:?} is not known; UTF-8 is the safe choice")
            }
            Self::Malformed { encoding } => write!(f, "these bytes are not {encoding}"),
        }
    }
}

/// A character that XML 1.0 cannot carry, not even as a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForbiddenCharacter {
    /// The character.
    pub character: char,
    /// Its byte index in the text that was to be written.
    pub index: usize,
}

impl fmt::Display for ForbiddenCharacter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "character U+{:04X} at byte {} of the text cannot be sent in XML",
            self.character as u32, self.index
        )
    }
}

impl std::error::Error for ForbiddenCharacter {}
