//! The kinds of values: which type element stands for which.

use farcall_wire::{CodecError, ErrorKind};
use farcall_xml::Start;

use super::XmlRpcDecoder;
use crate::options::EXTENSIONS;
use farcall_xml::wire::shown;

/// What a value says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A `<value>` without a type element: text.
    Untyped,
    String,
    /// `int` and `i4`.
    Int,
    I1,
    I2,
    I8,
    Boolean,
    Double,
    Float,
    /// Apache's `bigdecimal` and `biginteger`.
    Decimal,
    DateTime,
    Base64,
    Nil,
    Array,
    Struct,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Untyped => "text without a type",
            Self::String => "string",
            Self::Int => "int",
            Self::I1 => "i1",
            Self::I2 => "i2",
            Self::I8 => "i8",
            Self::Boolean => "boolean",
            Self::Double => "double",
            Self::Float => "float",
            Self::Decimal => "bigdecimal",
            Self::DateTime => "dateTime.iso8601",
            Self::Base64 => "base64",
            Self::Nil => "nil",
            Self::Array => "array",
            Self::Struct => "struct",
        }
    }
}

impl<'a> XmlRpcDecoder<'a> {
    /// The kind that a type element says.
    pub(super) fn kind(&self, tag: &Start<'a>) -> Result<Kind, CodecError> {
        let plain = match tag.local() {
            "int" | "i4" => Some(Kind::Int),
            "string" => Some(Kind::String),
            "boolean" => Some(Kind::Boolean),
            "double" => Some(Kind::Double),
            "dateTime.iso8601" => Some(Kind::DateTime),
            "base64" => Some(Kind::Base64),
            "array" => Some(Kind::Array),
            "struct" => Some(Kind::Struct),
            _ => None,
        };
        let extension = match tag.local() {
            "nil" => Some(Kind::Nil),
            "i8" => Some(Kind::I8),
            "i1" => Some(Kind::I1),
            "i2" => Some(Kind::I2),
            "float" => Some(Kind::Float),
            "bigdecimal" | "biginteger" => Some(Kind::Decimal),
            "dateTime" => Some(Kind::DateTime),
            _ => None,
        };
        let (namespace, _) = self.reader.expanded(tag);
        let found = match namespace {
            Some(EXTENSIONS) => extension.or(plain),
            Some(_) if !tag.prefix().is_empty() => None,
            _ => plain.or(extension),
        };
        found.ok_or_else(|| {
            let what = format!("<{}> is not a type of XML-RPC", shown(tag.qname()));
            CodecError::new(ErrorKind::Structure(what)).at(tag.offset())
        })
    }
}
