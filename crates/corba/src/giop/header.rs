//! The twelve octets before every message, and fragments on the way out.

use crate::cdr::{ByteOrder, CdrEncoder, CodeSets, Version};
use crate::error::GiopError;
use crate::parts::Parts;

/// The octets of a header.
pub const HEADER: usize = 12;

/// The bit of the flags that says that fragments follow.
const MORE: u8 = 2;

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A call.
    Request,
    /// What came of it.
    Reply,
    /// The caller waits no longer.
    CancelRequest,
    /// A question where an object is.
    LocateRequest,
    /// Where it is.
    LocateReply,
    /// An orderly end: what was not answered was not executed.
    CloseConnection,
    /// What came could not be read.
    MessageError,
    /// A further part of a message.
    Fragment,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Request,
        Self::Reply,
        Self::CancelRequest,
        Self::LocateRequest,
        Self::LocateReply,
        Self::CloseConnection,
        Self::MessageError,
        Self::Fragment,
    ];
}

/// What the first twelve octets of a message say (§9.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The version.
    pub version: Version,
    /// The order of the octets of numbers.
    pub order: ByteOrder,
    /// True if fragments follow.
    pub more: bool,
    /// The kind.
    pub kind: Kind,
    /// The octets after the header.
    pub size: usize,
}

impl Header {
    /// Reads a header; there must be at least [`HEADER`] octets for all of it.
    ///
    /// # Errors
    /// [`GiopError`] if it is none.
    pub fn parse(octets: &[u8]) -> Result<Self, GiopError> {
        let (magic, rest) = match octets.split_first_chunk::<4>() {
            Some((b"GIOP", rest)) => (b"GIOP", rest),
            Some((other, _)) => return Err(GiopError::Magic(*other)),
            None => return Err(GiopError::Magic([0; 4])),
        };
        let Some([major, minor, flags, kind, size @ ..]) = rest.first_chunk::<8>() else {
            return Err(GiopError::Magic(*magic));
        };
        let version = Version { major: *major, minor: *minor };
        if version.major != 1 || version > Version::V1_2 {
            return Err(GiopError::Version(version));
        }
        let order = ByteOrder::of_flag(*flags);
        let kind = Kind::ALL.get(usize::from(*kind)).copied().ok_or(GiopError::Kind(*kind, version))?;
        // 1.0 has a boolean in the place of the flags, and no fragments
        let more = version > Version::V1_0 && flags & MORE != 0;
        if version == Version::V1_0 && kind == Kind::Fragment {
            return Err(GiopError::Kind(7, version));
        }
        let size = match order {
            ByteOrder::Little => u32::from_le_bytes(*size),
            ByteOrder::Big => u32::from_be_bytes(*size),
        };
        Ok(Self { version, order, more, kind, size: size as usize })
    }

    /// The octets of the header.
    #[must_use]
    pub fn octets(&self) -> [u8; HEADER] {
        let mut octets = *b"GIOP\x01\0\0\0\0\0\0\0";
        octets[5] = self.version.minor;
        octets[6] = self.order.flag() | if self.more { MORE } else { 0 };
        octets[7] = self.kind as u8;
        let size = self.size as u32;
        octets[8..].copy_from_slice(&match self.order {
            ByteOrder::Little => size.to_le_bytes(),
            ByteOrder::Big => size.to_be_bytes(),
        });
        octets
    }
}

/// An encoder after the header of a message, whose size [`finish`] sets.
#[must_use]
pub fn begin(kind: Kind, version: Version, order: ByteOrder, sets: CodeSets) -> CdrEncoder {
    let header = Header { version, order, more: false, kind, size: 0 };
    let mut buffer = Vec::with_capacity(256);
    buffer.extend_from_slice(&header.octets());
    CdrEncoder::new(buffer, order, version, sets)
}

/// A message that is a header alone: CloseConnection and MessageError.
#[must_use]
pub fn bare(kind: Kind, version: Version) -> [u8; HEADER] {
    Header { version, order: ByteOrder::NATIVE, more: false, kind, size: 0 }.octets()
}

/// The octets of a message, with its size.
///
/// # Errors
/// [`GiopError::Size`] beyond 4 GiB, which GIOP cannot say.
pub fn finish(message: CdrEncoder) -> Result<Vec<u8>, GiopError> {
    finish_parts(message).map(Parts::into_vec)
}

/// The octets of a message, with its size, of which large ones stay where they are.
///
/// # Errors
/// As [`finish`].
pub fn finish_parts(mut message: CdrEncoder) -> Result<Parts, GiopError> {
    let size = message.position() - HEADER;
    let limit = u32::MAX as usize;
    let counted = u32::try_from(size).map_err(|_| GiopError::Size { size, limit })?;
    message.patch(8, counted);
    Ok(message.into_parts())
}

/// A finished request or reply of GIOP 1.2 as a message and fragments of at most that
/// many octets each, headers counted. Others come back whole: peers disagree
/// on the fragments of 1.1, and 1.0 has none.
#[must_use]
pub fn split_fragments(message: Vec<u8>, most: usize) -> Vec<u8> {
    // all but the last end at a multiple of 8 (§9.4.9)
    let most = most.max(64) & !7;
    let (Ok(header), Some(id)) = (Header::parse(&message), message.get(HEADER..HEADER + 4)) else {
        return message;
    };
    if message.len() <= most || header.version < Version::V1_2 {
        return message;
    }
    let (first, mut rest) = message.split_at(most);
    let mut out = Vec::with_capacity(message.len() + message.len() / most * 16 + 16);
    out.extend_from_slice(&Header { more: true, size: most - HEADER, ..header }.octets());
    out.extend_from_slice(&first[HEADER..]);
    while !rest.is_empty() {
        let (part, tail) = rest.split_at(rest.len().min(most - HEADER - 4));
        let size = part.len() + 4;
        let fragment = Header { kind: Kind::Fragment, more: !tail.is_empty(), size, ..header };
        out.extend_from_slice(&fragment.octets());
        out.extend_from_slice(id);
        out.extend_from_slice(part);
        rest = tail;
    }
    out
}
