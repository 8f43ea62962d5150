//! What is sent: the cases, and their values, the same that bench/peers/gsoap/values.hh makes.

use anyhow::Result;
use bytes::Bytes;

use super::ours::Item;
use crate::sample::Named;

/// One kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    String,
    Struct,
    Structs,
    Bytes,
}

/// Structs in a call of [`Case::Structs`].
pub(crate) const STRUCTS: u32 = 1000;

impl Named for Case {
    const ALL: &'static [Self] = &[Self::String, Self::Struct, Self::Structs, Self::Bytes];

    fn title(self) -> &'static str {
        match self {
            Self::String => "a string of 64 octets",
            Self::Struct => "a struct of 12 fields",
            Self::Structs => "an array of 1000 structs",
            Self::Bytes => "base64 of 1 MiB",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Struct => "struct",
            Self::Structs => "structs",
            Self::Bytes => "bytes",
        }
    }
}

pub(crate) fn text() -> String {
    "x".repeat(64)
}

pub(crate) fn items() -> Result<Vec<Item>> {
    (0..STRUCTS).map(Item::numbered).collect()
}

/// `count` octets.
pub(crate) fn octets(count: usize) -> Bytes {
    crate::payload::random(count).into()
}
