//! CDR, the encoding of values in GIOP messages and encapsulations (CORBA 3.3 part 2, §9.3).
//!
//! Values stand one after the other in the order of their types, each
//! primitive at a multiple of its size counted from the start of the message.
//!
//! ```
//! use farcall_corba::cdr::{decode_value, encode_value};
//!
//! let octets = encode_value(&(1_u8, 2_u32))?;
//! assert_eq!(decode_value::<(u8, u32)>(&octets)?, (1, 2));
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```
//!
//! What CDR has no type of its own for stands as follows: an option is
//! `union switch(boolean)`, a map a sequence of pair structs, a tuple its items
//! alone, decimals and dates are strings in the model's spelling. The value of a value type is
//! written in chunks where whoever reads it may know a base of its type only.

mod decode;
mod encode;
mod fixed;
mod text;
mod valuetype;

use bytes::Bytes;
use farcall_wire::{CodecError, Decode, Describe, Encode, Limits};

pub use decode::CdrDecoder;
pub use encode::CdrEncoder;
pub use text::{CodeSet, CodeSets};

/// The order of the octets of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// The most significant octet first.
    Big,
    /// The least significant octet first.
    Little,
}

impl ByteOrder {
    /// That of this machine.
    pub const NATIVE: Self = if cfg!(target_endian = "little") { Self::Little } else { Self::Big };

    /// From the lowest bit of a flags octet, or the first octet of an encapsulation.
    #[must_use]
    pub fn of_flag(flag: u8) -> Self {
        if flag & 1 == 1 { Self::Little } else { Self::Big }
    }

    /// A number of that order.
    #[inline]
    pub(crate) fn u32(self, octets: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(octets),
            Self::Big => u32::from_be_bytes(octets),
        }
    }

    /// The lowest bit of a flags octet.
    #[must_use]
    pub fn flag(self) -> u8 {
        u8::from(self == Self::Little)
    }
}

/// A version of GIOP or IIOP; its ordering is that of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The major number; 1 is the only one there is.
    pub major: u8,
    /// The minor number.
    pub minor: u8,
}

impl Version {
    /// 1.0
    pub const V1_0: Self = Self { major: 1, minor: 0 };
    /// 1.1
    pub const V1_1: Self = Self { major: 1, minor: 1 };
    /// 1.2
    pub const V1_2: Self = Self { major: 1, minor: 2 };
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The octets of a value of fixed size that begins at that place; none of others.
const fn span_at<T: Describe>(place: usize) -> usize {
    match T::SPAN {
        Some(span) => span.after(place),
        None => 0,
    }
}

/// To what a value of fixed size is aligned, if that is 8 or 4.
const fn lead_of<T: Describe>() -> usize {
    match T::SPAN {
        Some(span) => span.lead(),
        None => 1,
    }
}

/// A value as an encapsulation: an octet for the byte order, then the value (§9.3.3).
///
/// # Errors
/// If CDR cannot express it.
pub fn encode_value<T: Encode + ?Sized>(value: &T) -> Result<Bytes, CodecError> {
    let mut out = CdrEncoder::encapsulation(ByteOrder::NATIVE);
    value.encode(&mut out)?;
    Ok(out.into_bytes().into())
}

/// A value out of an encapsulation, of which nothing may be left.
///
/// # Errors
/// If it is not one of that type.
pub fn decode_value<T: Decode>(octets: &Bytes) -> Result<T, CodecError> {
    let mut from = CdrDecoder::encapsulation(octets, &Limits::default())?;
    let value = T::decode(&mut from)?;
    from.end()?;
    Ok(value)
}
