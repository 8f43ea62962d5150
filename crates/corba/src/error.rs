//! [`GiopError`]: what makes the octets of a connection no GIOP.
//!
//! ```
//! use farcall_corba::{GiopError, giop::Header};
//!
//! let error = Header::parse(b"HTTP/1.1 200").unwrap_err();
//! assert!(matches!(error, GiopError::Magic(_)));
//! ```

use farcall_wire::CodecError;

use crate::Version;

/// The octets of a connection are not GIOP, or pass a limit: it is told so and closed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GiopError {
    /// A message does not begin with `GIOP`.
    #[error("a message begins with {0:02x?}, not with 'GIOP'; does the peer speak another protocol?")]
    Magic([u8; 4]),
    /// A version that is not known.
    #[error("GIOP {0} is not known; 1.0 to 1.2 are")]
    Version(Version),
    /// A kind of message that is not known.
    #[error("message type {0} is not known in GIOP {1}")]
    Kind(u8, Version),
    /// A message, or all that are being put together, is too large.
    #[error("a message of {size} octets passes the limit 'message_size' of {limit}; raise it if it is meant")]
    Size {
        /// What the header says, or what has come so far.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// Too many fragmented messages at once.
    #[error("more than {0} messages are being put together from fragments at once")]
    Fragmented(usize),
    /// A fragment of a message that was not begun.
    #[error("a fragment belongs to no message that was begun")]
    Fragment,
    /// A second message was begun with an id whose first has not ended.
    #[error("request {0} was begun twice")]
    Interleaved(u32),
    /// The header of a message cannot be read.
    #[error("the header of a message cannot be read: {0}")]
    Header(#[from] CodecError),
    /// The peer said that it could not read what was sent.
    #[error(
        "the peer answered MessageError: it speaks another version of GIOP (it says {0}), or was sent too large a message"
    )]
    MessageError(Version),
    /// A kind of message that this side does not expect.
    #[error("{0:?} is not expected of this side of a connection")]
    Unexpected(crate::giop::Kind),
}
