//! CSIv2: who calls, by user and password (GSSUP; CORBA 3.3 part 2, §10).
//!
//! A client sends [`SasContext::establish`] beside each request, or refers to what it sent before over
//! the same connection; the server answers with [`SasContext::Complete`], or with [`SasContext::Error`]
//! beside NO_PERMISSION. A password travels as it is: speak TLS.
//!
//! ```
//! use farcall_corba::csi::{InitialContextToken, SasContext};
//!
//! let target_name = bytes::Bytes::new();
//! let token = InitialContextToken { username: "ann".into(), password: "secret".into(), target_name };
//! let sent = SasContext::establish(&token)?;
//! let Some(SasContext::Establish { token: Some(got), .. }) = SasContext::decode(&sent) else { panic!() };
//! assert_eq!(got, token);
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

use bytes::Bytes;
use farcall_wire::{CodecError, Decoder as _, Encoder as _, Limits, Written};

use crate::cdr::{ByteOrder, CdrDecoder, CdrEncoder};

/// The mechanism GSSUP, as DER (2.23.130.1.1.1).
const GSSUP: [u8; 8] = [0x06, 0x06, 0x67, 0x81, 0x02, 0x01, 0x01, 0x01];
/// An association option: the client says who it is.
const ESTABLISH_TRUST_IN_CLIENT: u16 = 64;
/// The tag of a transport without security, in the place of one with it.
const TAG_NULL_TAG: u32 = 34;

const ESTABLISH_CONTEXT: i16 = 0;
const COMPLETE_ESTABLISH_CONTEXT: i16 = 1;
const CONTEXT_ERROR: i16 = 4;
const MESSAGE_IN_CONTEXT: i16 = 5;
const ITT_ABSENT: u32 = 0;

/// User and password (§10.9.1).
#[derive(Clone, PartialEq, Eq)]
pub struct InitialContextToken {
    /// The user.
    pub username: String,
    /// The password.
    pub password: String,
    /// Whom they are for, as the target's reference says it; may be empty.
    pub target_name: Bytes,
}

impl std::fmt::Debug for InitialContextToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // secrets stay out of logs
        f.debug_struct("InitialContextToken").field("username", &self.username).finish_non_exhaustive()
    }
}

/// What stands in the service context `SecurityAttributeService` (§10.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SasContext {
    /// A client says who it is.
    Establish {
        /// The client's number for the context; 0 for one that is of one request only.
        client_context_id: u64,
        /// Whether it speaks for somebody else than it is.
        asserts_identity: bool,
        /// User and password, if they are said, and by GSSUP.
        token: Option<InitialContextToken>,
    },
    /// The server believes it.
    Complete {
        /// The client's number for the context.
        client_context_id: u64,
        /// Whether later requests of the connection may refer to it.
        stateful: bool,
    },
    /// The server does not believe it.
    Error {
        /// The client's number for the context.
        client_context_id: u64,
        /// The kind of error (§10.3.5); 1 for credentials that are wrong, 4 for a context that is not known.
        major: i32,
        /// Which of them.
        minor: i32,
    },
    /// A client refers to a context that it established before.
    InContext {
        /// The client's number for the context.
        client_context_id: u64,
        /// Whether this is the last request that does.
        discards: bool,
    },
}

impl SasContext {
    /// The octets by which a client says who it is, for one request.
    ///
    /// # Errors
    /// For texts of 4 GiB and more.
    pub fn establish(token: &InitialContextToken) -> Result<Bytes, CodecError> {
        let mut inner = CdrEncoder::encapsulation(ByteOrder::Big);
        inner.bytes(token.username.as_bytes())?;
        inner.bytes(token.password.as_bytes())?;
        inner.bytes(&token.target_name)?;
        let token = wrapped(&inner.into_bytes());
        encoded(ESTABLISH_CONTEXT, |out| {
            out.u64(0)?;
            // no authorization token, and nobody else's identity
            out.u32(0)?;
            out.u32(ITT_ABSENT)?;
            out.bool(true)?;
            out.bytes(&token)
        })
    }

    /// The octets of a server's answer; empty for what a client says.
    pub(crate) fn answer(&self) -> Bytes {
        let octets = match self {
            Self::Complete { client_context_id, stateful } => encoded(COMPLETE_ESTABLISH_CONTEXT, |out| {
                out.u64(*client_context_id)?;
                out.bool(*stateful)?;
                out.bytes(&[])
            }),
            Self::Error { client_context_id, major, minor } => encoded(CONTEXT_ERROR, |out| {
                out.u64(*client_context_id)?;
                out.i32(*major)?;
                out.i32(*minor)?;
                out.bytes(&[])
            }),
            Self::Establish { .. } | Self::InContext { .. } => Ok(Bytes::new()),
        };
        // a few numbers can always be written
        octets.unwrap_or_default()
    }

    /// Reads the octets; `None` if they are none of these.
    #[must_use]
    pub fn decode(octets: &Bytes) -> Option<Self> {
        let mut from = CdrDecoder::encapsulation(octets, &Limits::default()).ok()?;
        Self::read(&mut from).ok().flatten()
    }

    fn read(from: &mut CdrDecoder<'_>) -> Result<Option<Self>, CodecError> {
        let kind = from.i16()?;
        let client_context_id = from.u64()?;
        Ok(Some(match kind {
            ESTABLISH_CONTEXT => {
                for _ in 0..from.count(8)? {
                    from.u32()?;
                    from.bytes()?;
                }
                // absent and anonymous are booleans, all others octets
                let identity = from.u32()?;
                if identity <= 1 {
                    from.bool()?;
                } else {
                    from.bytes()?;
                }
                let token = unwrapped(&from.bytes()?).and_then(|inner| token(&inner).ok());
                Self::Establish { client_context_id, asserts_identity: identity != ITT_ABSENT, token }
            }
            COMPLETE_ESTABLISH_CONTEXT => Self::Complete { client_context_id, stateful: from.bool()? },
            CONTEXT_ERROR => Self::Error { client_context_id, major: from.i32()?, minor: from.i32()? },
            MESSAGE_IN_CONTEXT => Self::InContext { client_context_id, discards: from.bool()? },
            _ => return Ok(None),
        }))
    }
}

fn encoded(kind: i16, write: impl FnOnce(&mut CdrEncoder) -> Written) -> Result<Bytes, CodecError> {
    let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
    out.i16(kind)?;
    write(&mut out)?;
    Ok(out.into_bytes().into())
}

fn token(inner: &Bytes) -> Result<InitialContextToken, CodecError> {
    let mut from = CdrDecoder::encapsulation(inner, &Limits::default())?;
    let mut text = || from.bytes().map(|octets| String::from_utf8_lossy(&octets).into_owned());
    Ok(InitialContextToken { username: text()?, password: text()?, target_name: from.bytes()? })
}

/// A token of GSSUP as GSS-API frames it (RFC 2743, §3.1).
fn wrapped(inner: &[u8]) -> Vec<u8> {
    let length = GSSUP.len() + inner.len();
    let mut out = vec![0x60];
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let octets = length.to_be_bytes();
        let octets = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
        out.push(0x80 | octets.len() as u8);
        out.extend_from_slice(octets);
    }
    out.extend_from_slice(&GSSUP);
    out.extend_from_slice(inner);
    out
}

/// What is in such a frame; `None` for another mechanism.
fn unwrapped(octets: &Bytes) -> Option<Bytes> {
    let rest = octets.strip_prefix(&[0x60])?;
    [der_length(rest), base128_length(rest)].into_iter().flatten().find_map(|(length, rest)| {
        let inner = rest.strip_prefix(&GSSUP)?;
        (rest.len() == length).then(|| octets.slice_ref(inner))
    })
}

/// A length as DER has it, and what follows.
fn der_length(octets: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = octets.split_first()?;
    if *first < 0x80 {
        return Some((usize::from(*first), rest));
    }
    let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f)).filter(|(l, _)| l.len() <= 4)?;
    Some((length.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), rest))
}

/// A length as JacORB writes those beyond 127: seven bits an octet, the highest bit set in all but the last.
fn base128_length(octets: &[u8]) -> Option<(usize, &[u8])> {
    let end = octets.iter().take(5).position(|octet| octet & 0x80 == 0)?;
    let (length, rest) = octets.split_at(end + 1);
    Some((length.iter().fold(0, |length, octet| length << 7 | usize::from(octet & 0x7f)), rest))
}

/// How a target has its callers say who they are: what this crate reads of a CompoundSecMechList (§10.5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityMechanism {
    /// Whether GSSUP must be used, or may.
    pub required: bool,
    /// The target's name, as GSS-API exports it (RFC 2743, §3.2); goes into the token.
    pub target_name: Bytes,
}

impl SecurityMechanism {
    /// GSSUP for the target of that name.
    #[must_use]
    pub fn gssup(realm: &str, required: bool) -> Self {
        let mut name = vec![4, 1, 0, GSSUP.len() as u8];
        name.extend_from_slice(&GSSUP);
        name.extend_from_slice(&(realm.len() as u32).to_be_bytes());
        name.extend_from_slice(realm.as_bytes());
        Self { required, target_name: name.into() }
    }

    pub(crate) fn write(&self, out: &mut CdrEncoder) -> Written {
        let required = if self.required { ESTABLISH_TRUST_IN_CLIENT } else { 0 };
        out.bool(false)?;
        out.u32(1)?;
        out.u16(required)?;
        out.u32(TAG_NULL_TAG)?;
        out.bytes(&[])?;
        out.u16(ESTABLISH_TRUST_IN_CLIENT)?;
        out.u16(required)?;
        out.bytes(&GSSUP)?;
        out.bytes(&self.target_name)?;
        // nobody speaks for others: no options, privilege authorities, naming mechanisms, identities
        out.u16(0)?;
        out.u16(0)?;
        out.u32(0)?;
        out.u32(0)?;
        out.u32(0)
    }

    /// The first mechanism that takes GSSUP; `None` if none does.
    pub(crate) fn read(from: &mut CdrDecoder<'_>) -> Result<Option<Self>, CodecError> {
        from.bool()?;
        for _ in 0..from.count(8)? {
            from.u16()?;
            from.u32()?;
            from.bytes()?;
            let (supports, requires) = (from.u16()?, from.u16()?);
            let (mechanism, target_name) = (from.bytes()?, from.bytes()?);
            if supports & ESTABLISH_TRUST_IN_CLIENT != 0 && *mechanism == GSSUP {
                return Ok(Some(Self { required: requires & ESTABLISH_TRUST_IN_CLIENT != 0, target_name }));
            }
            from.u16()?;
            from.u16()?;
            for _ in 0..from.count(8)? {
                from.u32()?;
                from.bytes()?;
            }
            for _ in 0..from.count(4)? {
                from.bytes()?;
            }
            from.u32()?;
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_any_length_and_none_that_are_cut() {
        for length in [0, 1, 90, 200, 70_000] {
            let token = InitialContextToken {
                username: "é".repeat(length),
                password: "p".into(),
                target_name: SecurityMechanism::gssup("realm", true).target_name,
            };
            let sent = SasContext::establish(&token).unwrap();
            let expected =
                SasContext::Establish { client_context_id: 0, asserts_identity: false, token: Some(token) };
            assert_eq!(SasContext::decode(&sent), Some(expected));
            for end in (0..sent.len()).step_by(1 + length / 10) {
                let cut = SasContext::decode(&sent.slice(..end));
                assert!(!matches!(cut, Some(SasContext::Establish { token: Some(_), .. })), "{end}");
            }
        }
    }

    /// What `org.jacorb.security.sas.GssUpContext.encode` of JacORB 3.9 gives for users of so many `u`:
    /// what stands before them, and how many zeros after.
    #[test]
    fn lengths_as_jacorb_writes_them() {
        let frames: [(usize, &[u8], usize); 3] = [
            (3, b"\x60\x20\x06\x06\x67\x81\x02\x01\x01\x01\0\0\0\0\0\0\0\x03", 1),
            (100, b"\x60\x81\x00\x06\x06\x67\x81\x02\x01\x01\x01\0\0\0\0\0\0\0\x64", 0),
            (250, b"\x60\x82\x18\x06\x06\x67\x81\x02\x01\x01\x01\0\0\0\0\0\0\0\xfa", 2),
        ];
        for (length, begin, padding) in frames {
            let username = "u".repeat(length);
            let octets =
                [begin, username.as_bytes(), &[0; 2][..padding], b"\0\0\0\x02pw\0\0\0\0\0\0"].concat();
            let read = unwrapped(&octets.into()).and_then(|inner| token(&inner).ok());
            let expected = InitialContextToken { username, password: "pw".into(), target_name: Bytes::new() };
            assert_eq!(read, Some(expected), "{length}");
        }
    }

    #[test]
    fn answers_come_back() {
        for answer in [
            SasContext::Complete { client_context_id: 7, stateful: true },
            SasContext::Error { client_context_id: 1 << 40, major: 1, minor: 1 },
        ] {
            assert_eq!(SasContext::decode(&answer.answer()), Some(answer));
        }
    }

    #[test]
    fn a_name_as_gss_api_exports_it() {
        let octets = b"\x04\x01\x00\x08\x06\x06\x67\x81\x02\x01\x01\x01\0\0\0\x04bank";
        assert_eq!(SecurityMechanism::gssup("bank", false).target_name, &octets[..]);
    }
}
