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

impl Case {
    pub(crate) const ALL: [Self; 4] = [Self::String, Self::Struct, Self::Structs, Self::Bytes];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::String => "a string of 64 octets",
            Self::Struct => "a struct of 12 fields",
            Self::Structs => "an array of 1000 structs",
            Self::Bytes => "base64 of 1 MiB",
        }
    }
}

impl Named for Case {
    fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Struct => "struct",
            Self::Structs => "structs",
            Self::Bytes => "bytes",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|case| case.name() == name)
    }
}

pub(crate) fn text() -> String {
    "x".repeat(64)
}

pub(crate) fn items() -> Result<Vec<Item>> {
    (0..STRUCTS).map(Item::numbered).collect()
}

/// `count` octets that look random (xorshift), so that nothing can profit from repetition.
pub(crate) fn octets(count: usize) -> Bytes {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    std::iter::repeat_with(next).take(count).collect()
}
