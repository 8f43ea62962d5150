//! References to objects: IOR, `corbaloc:` and `corbaname:` (CORBA 3.3 part 2,
//! §7.6; Naming Service 1.3, §2.5.3).
//!
//! An [`Ior`] keeps its profiles, and these their components, as they came,
//! so that a reference passed on is the one received; [`IiopProfile`] and
//! [`Component`] are views of what this crate knows.
//!
//! ```
//! use farcall_corba::Ior;
//!
//! let ior: Ior = "corbaloc:iiop:1.2@127.0.0.1:2809/fortune".parse()?;
//! let profile = ior.iiop().next().unwrap();
//! assert_eq!((profile.port, &profile.object_key[..]), (2809, &b"fortune"[..]));
//! assert_eq!(ior.to_string().parse::<Ior>()?, ior);
//! # Ok::<(), farcall_corba::ior::IorError>(())
//! ```

mod component;
mod print;
mod profile;
mod reference;
mod url;

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;
use farcall_wire::{CodecError, Decoder as _, Encoder as _, Limits, Written};

use crate::cdr::{ByteOrder, CdrDecoder, CdrEncoder};

pub use component::{AlternateAddress, CodeSetInfo, Component, Ssl, TaggedComponent, UnixSocket, tag};
pub use profile::IiopProfile;
pub use url::{Corbaname, NameComponent, escape_key, parse_name, unescape_key};

pub(crate) use reference::{of_object, read as read_reference, write as write_reference};

/// The tag of IIOP profiles.
pub const TAG_INTERNET_IOP: u32 = 0;
/// The tag of profiles that are components without an address.
pub const TAG_MULTIPLE_COMPONENTS: u32 = 1;

/// A text is no reference.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IorError {
    /// It has none of the forms.
    #[error("{0:?} is no reference to an object; write IOR:…, corbaloc:… or corbaname:…")]
    Form(String),
    /// The digits after `IOR:` are not pairs of hexadecimal ones.
    #[error("character {0} of the IOR is not one of a pair of hexadecimal digits")]
    Hex(usize),
    /// The octets are not those of a reference.
    #[error("the IOR's octets are no reference: {0}")]
    Octets(#[from] CodecError),
    /// A `corbaloc:` or `corbaname:` is malformed.
    #[error("{text:?}: {reason}; write corbaloc:iiop:1.2@host:port/key")]
    Url {
        /// The text, shortened.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// One way to an object, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaggedProfile {
    /// What kind of way.
    pub tag: u32,
    /// An encapsulation for the kinds that are known.
    pub data: Bytes,
}

/// A reference to an object: the id of its most derived known interface, and ways to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ior {
    /// The repository id; empty if it is not known.
    pub type_id: String,
    /// The ways, best first; none in the nil reference.
    pub profiles: Vec<TaggedProfile>,
}

impl Ior {
    /// A reference with IIOP profiles.
    #[must_use]
    pub fn new(type_id: impl Into<String>, profiles: &[IiopProfile]) -> Self {
        let tagged = |profile: &IiopProfile| TaggedProfile { tag: TAG_INTERNET_IOP, data: profile.encode() };
        Self { type_id: type_id.into(), profiles: profiles.iter().map(tagged).collect() }
    }

    /// True for the reference to no object.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.profiles.is_empty()
    }

    /// The IIOP profiles that can be read, in order.
    pub fn iiop(&self) -> impl Iterator<Item = IiopProfile> {
        let iiop = self.profiles.iter().filter(|profile| profile.tag == TAG_INTERNET_IOP);
        iiop.filter_map(|profile| IiopProfile::decode(&profile.data).ok())
    }

    /// All components, those of IIOP profiles and those that stand alone.
    pub fn components(&self) -> impl Iterator<Item = TaggedComponent> {
        self.profiles.iter().flat_map(|profile| match profile.tag {
            TAG_INTERNET_IOP => {
                IiopProfile::decode(&profile.data).map(|profile| profile.components).unwrap_or_default()
            }
            TAG_MULTIPLE_COMPONENTS => component::decode_all(&profile.data).unwrap_or_default(),
            _ => Vec::new(),
        })
    }

    /// The reference as `IOR:` and its octets in that order.
    #[must_use]
    pub fn stringify(&self, order: ByteOrder) -> String {
        let mut out = CdrEncoder::encapsulation(order);
        // lengths beyond 32 bits do not fit into memory that an IOR was read from
        let octets = self.write(&mut out).map(|()| out.into_bytes()).unwrap_or_default();
        let mut text = String::with_capacity(4 + octets.len() * 2);
        text.push_str("IOR:");
        for octet in octets {
            text.push(char::from(HEX[usize::from(octet >> 4)]));
            text.push(char::from(HEX[usize::from(octet & 15)]));
        }
        text
    }

    pub(crate) fn write(&self, out: &mut CdrEncoder) -> Written {
        out.name(&self.type_id)?;
        out.count(self.profiles.len())?;
        for profile in &self.profiles {
            out.u32(profile.tag)?;
            out.bytes(&profile.data)?;
        }
        Ok(())
    }

    pub(crate) fn read(from: &mut CdrDecoder<'_>) -> Result<Self, CodecError> {
        let type_id = from.name()?.to_owned();
        let count = from.count(8)?;
        let mut profiles = Vec::new();
        for _ in 0..count {
            profiles.push(TaggedProfile { tag: from.u32()?, data: from.bytes()? });
        }
        Ok(Self { type_id, profiles })
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

impl fmt::Display for Ior {
    /// The stringified form in big-endian order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stringify(ByteOrder::Big))
    }
}

impl FromStr for Ior {
    type Err = IorError;

    /// Reads `IOR:…` and `corbaloc:…`. A `corbaname:` needs a naming service: see [`Corbaname`].
    fn from_str(text: &str) -> Result<Self, IorError> {
        let text = text.trim();
        match text.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("IOR:") => {
                let octets = unhex(&text[4..])?.into();
                Ok(Self::read(&mut CdrDecoder::encapsulation(&octets, &Limits::default())?)?)
            }
            _ => url::corbaloc(text),
        }
    }
}

fn unhex(digits: &str) -> Result<Vec<u8>, IorError> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let pair = |(index, pair): (usize, &[u8])| match pair {
        [high, low] => match (value(*high), value(*low)) {
            (Some(high), Some(low)) => Ok((high << 4 | low) as u8),
            _ => Err(IorError::Hex(index * 2)),
        },
        _ => Err(IorError::Hex(index * 2)),
    };
    digits.as_bytes().chunks(2).enumerate().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by omniORB's genior 4.2.5, with components.
    const OMNI: &str = include_str!("../../../../golden/corba/genior-omniorb-4.2.5.ior");

    #[test]
    fn reads_what_omniorb_wrote_and_keeps_it() {
        let ior: Ior = OMNI.parse().unwrap();
        assert_eq!(ior.type_id, "IDL:farcall/Fortune:1.0");
        let profile = ior.iiop().next().unwrap();
        assert_eq!((profile.host.as_str(), profile.port), ("127.0.0.1", 15101));
        assert_eq!(ior.stringify(ByteOrder::Little).parse::<Ior>().unwrap(), ior);
        assert_eq!(ior.stringify(ByteOrder::Big).to_uppercase().parse::<Ior>().unwrap(), ior);
    }

    #[test]
    fn refuses_what_is_none() {
        for text in ["", "IOR:", "IOR:0", "IOR:zz", "IOR:00ff", "http://x", "IOR:00000000ffffffff", "IÖR:00"]
        {
            assert!(text.parse::<Ior>().is_err(), "{text}");
        }
    }
}
