//! What is sent: the cases, and their values, the same that bench/peers/omniorb/values.hh makes.

use bytes::Bytes;

use super::ours::{Item, Record};
use crate::sample::Named;

/// One kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Ping,
    Long,
    String,
    /// That many KiB.
    Octets(usize),
    /// That many KiB.
    Doubles(usize),
    Items,
    Records,
}

/// Structs in a call of [`Case::Items`] and [`Case::Records`].
pub(crate) const STRUCTS: usize = 1000;
/// Octets of the text of [`Case::String`].
pub(crate) const TEXT: usize = 1024;

impl Case {
    /// Those that are also marshalled and unmarshalled in process.
    pub(crate) const CODEC: [Self; 4] = [Self::Octets(1024), Self::Doubles(1024), Self::Items, Self::Records];

    /// Octets of the value in CDR, which go each way.
    pub(crate) fn octets(self) -> usize {
        match self {
            Self::Ping => 0,
            Self::Long => 4,
            Self::String => 4 + TEXT + 1,
            Self::Octets(kib) | Self::Doubles(kib) => kib << 10,
            Self::Items => STRUCTS * size_of::<Item>(),
            // as encoded, which a test compares
            Self::Records => 190_136,
        }
    }
}

impl Named for Case {
    const ALL: &'static [Self] = &[
        Self::Ping,
        Self::Long,
        Self::String,
        Self::Octets(64),
        Self::Octets(1024),
        Self::Doubles(64),
        Self::Doubles(1024),
        Self::Items,
        Self::Records,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Ping => "ping",
            Self::Long => "echo_long",
            Self::String => "a string of 1 KiB",
            Self::Octets(64) => "octets, 64 KiB",
            Self::Octets(_) => "octets, 1 MiB",
            Self::Doubles(64) => "doubles, 64 KiB",
            Self::Doubles(_) => "doubles, 1 MiB",
            Self::Items => "1000 structs of 10 numbers",
            Self::Records => "1000 structs of 7 numbers and 3 strings",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ping => "ping",
            Self::Long => "long",
            Self::String => "string",
            Self::Octets(64) => "octets-64k",
            Self::Octets(_) => "octets-1m",
            Self::Doubles(64) => "doubles-64k",
            Self::Doubles(_) => "doubles-1m",
            Self::Items => "items",
            Self::Records => "records",
        }
    }
}

/// `count` octets.
pub(crate) fn octets(count: usize) -> Bytes {
    crate::payload::random(count).into()
}

pub(crate) fn doubles(count: usize) -> Vec<f64> {
    (0..count).map(|i| i as f64 * 0.5 - 1000.0).collect()
}

pub(crate) fn text() -> String {
    "x".repeat(TEXT)
}

pub(crate) fn items() -> Vec<Item> {
    (0..STRUCTS as u32).map(Item::numbered).collect()
}

pub(crate) fn records() -> Vec<Record> {
    (0..STRUCTS as u32).map(Record::numbered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use farcall::corba::cdr::encode_value;

    #[test]
    fn sizes_are_those_of_the_encoding() {
        // an encapsulation begins with an octet for the order, and the count of a sequence
        assert_eq!(encode_value(&items()).unwrap().len() - 8, Case::Items.octets());
        assert_eq!(encode_value(&records()).unwrap().len() - 8, Case::Records.octets());
    }
}
