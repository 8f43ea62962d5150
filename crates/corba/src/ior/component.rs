//! Tagged components: what a profile says besides the address (CORBA 3.3 part 2, §7.6.6).

use bytes::Bytes;
use farcall_wire::{CodecError, Decoder as _, Encoder as _, Limits, Written};

use crate::cdr::{ByteOrder, CdrDecoder, CdrEncoder, CodeSet, CodeSets};
use crate::csi::SecurityMechanism;

/// The tags of components.
pub mod tag {
    /// Which ORB made the reference.
    pub const ORB_TYPE: u32 = 0;
    /// The code sets of its texts.
    pub const CODE_SETS: u32 = 1;
    /// One more place where the object is.
    pub const ALTERNATE_IIOP_ADDRESS: u32 = 3;
    /// TLS, as SSLIOP says it.
    pub const SSL_SEC_TRANS: u32 = 20;
    /// How callers say who they are (CSIv2).
    pub const CSI_SEC_MECH_LIST: u32 = 33;
    /// A unix socket, as omniORB says it.
    pub const OMNIORB_UNIX_TRANS: u32 = 0x4154_5402;
    /// URLs of other protocols at which farcall serves the same object.
    pub const FARCALL_ADDRESSES: u32 = 0x4643_0001;
}

/// A component as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaggedComponent {
    /// What it tells.
    pub tag: u32,
    /// An encapsulation for the kinds that are known.
    pub data: Bytes,
}

/// What a component tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Component {
    /// Which ORB made the reference, by a number that the OMG assigned.
    OrbType(u32),
    /// The code sets of texts: those of `char` and those of `wchar`.
    CodeSets(CodeSetInfo, CodeSetInfo),
    /// One more place where the object is.
    AlternateAddress(AlternateAddress),
    /// TLS.
    Ssl(Ssl),
    /// How callers say who they are: user and password.
    Csi(SecurityMechanism),
    /// A unix socket of a host.
    Unix(UnixSocket),
    /// URLs of other protocols for the same object.
    Addresses(Vec<String>),
    /// One that this crate does not know, or cannot read.
    Other(TaggedComponent),
}

/// The code sets of one kind of text, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeSetInfo {
    /// The peer's own.
    pub native: u32,
    /// Those that it converts to and from.
    pub conversions: Vec<u32>,
}

/// One more place where an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlternateAddress {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// A unix socket, for callers on the same host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnixSocket {
    /// The host's own name.
    pub host: String,
    /// The socket's path.
    pub path: String,
}

impl UnixSocket {
    /// One of this host; `None` if the host does not know its name.
    #[must_use]
    pub fn here(path: &str) -> Option<Self> {
        Some(Self { host: host_name()?, path: path.to_owned() })
    }

    /// True if it is of this host.
    #[must_use]
    pub fn is_here(&self) -> bool {
        host_name().is_some_and(|host| host == self.host)
    }
}

/// What this host calls itself.
fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .or_else(|_| std::fs::read_to_string("/etc/hostname"));
    name.ok().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// TLS, as SSLIOP says it: association options as bits, and the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ssl {
    /// What the target can do.
    pub supports: u16,
    /// What it insists on.
    pub requires: u16,
    /// The port for TLS.
    pub port: u16,
}

/// Association options (CORBA 3.3 part 2, §10.2.4.1): integrity and confidentiality.
const PROTECTED: u16 = 0x02 | 0x04;
/// The target shows who it is, and wants to be shown who calls.
const ESTABLISH_TRUST_IN_TARGET: u16 = 0x20;
const ESTABLISH_TRUST_IN_CLIENT: u16 = 0x40;

impl Ssl {
    /// TLS at that port, without which the target is not spoken to.
    #[must_use]
    pub fn required(port: u16) -> Self {
        Self { supports: PROTECTED | ESTABLISH_TRUST_IN_TARGET, requires: PROTECTED, port }
    }

    /// The same, and callers have to show a certificate.
    #[must_use]
    pub fn with_client_certificates(self) -> Self {
        let Self { supports, requires, port } = self;
        let wanted = ESTABLISH_TRUST_IN_CLIENT;
        Self { supports: supports | wanted, requires: requires | wanted, port }
    }

    /// True if callers have to show a certificate.
    #[must_use]
    pub fn requires_certificates(&self) -> bool {
        self.requires & ESTABLISH_TRUST_IN_CLIENT != 0
    }

    /// True if the target insists on it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.requires & PROTECTED != 0
    }
}

impl CodeSetInfo {
    fn has(&self, set: CodeSet) -> bool {
        self.native == set.id() || self.conversions.contains(&set.id())
    }

    fn read(from: &mut CdrDecoder<'_>) -> Result<Self, CodecError> {
        Ok(Self { native: from.u32()?, conversions: from.numbers()? })
    }

    fn write(&self, out: &mut CdrEncoder) -> Written {
        out.u32(self.native)?;
        out.numbers(&self.conversions)
    }
}

impl Component {
    /// What this crate's servers say of their texts: UTF-8 and ISO 8859-1, UTF-16.
    #[must_use]
    pub fn own_code_sets() -> Self {
        let set = |native: CodeSet, other: &[CodeSet]| CodeSetInfo {
            native: native.id(),
            conversions: other.iter().map(|set| set.id()).collect(),
        };
        Self::CodeSets(set(CodeSet::Utf8, &[CodeSet::Latin1]), set(CodeSet::Utf16, &[]))
    }

    /// The transmission code sets for a peer that has those (§7.10.2.6):
    /// UTF-8 where it can, else ISO 8859-1 where it can, else UTF-8 as the fallback.
    #[must_use]
    pub fn negotiate(&self) -> Option<CodeSets> {
        let Self::CodeSets(char, wchar) = self else { return None };
        let narrow = [CodeSet::Utf8, CodeSet::Latin1].into_iter().find(|set| char.has(*set));
        let wide = [CodeSet::Utf16, CodeSet::Ucs2].into_iter().find(|set| wchar.has(*set));
        Some(CodeSets { char: narrow.unwrap_or(CodeSet::Utf8), wchar: wide.unwrap_or(CodeSet::Utf16) })
    }

    fn read(tag: u32, from: &mut CdrDecoder<'_>) -> Result<Option<Self>, CodecError> {
        Ok(Some(match tag {
            tag::ORB_TYPE => Self::OrbType(from.u32()?),
            tag::CODE_SETS => Self::CodeSets(CodeSetInfo::read(from)?, CodeSetInfo::read(from)?),
            tag::ALTERNATE_IIOP_ADDRESS => {
                Self::AlternateAddress(AlternateAddress { host: from.name()?.to_owned(), port: from.u16()? })
            }
            tag::SSL_SEC_TRANS => {
                Self::Ssl(Ssl { supports: from.u16()?, requires: from.u16()?, port: from.u16()? })
            }
            tag::OMNIORB_UNIX_TRANS => {
                Self::Unix(UnixSocket { host: from.name()?.to_owned(), path: from.name()?.to_owned() })
            }
            tag::CSI_SEC_MECH_LIST => match SecurityMechanism::read(from)? {
                Some(mechanism) => Self::Csi(mechanism),
                None => return Ok(None),
            },
            tag::FARCALL_ADDRESSES => {
                let count = from.count(5)?;
                let urls = (0..count).map(|_| from.name().map(str::to_owned));
                Self::Addresses(urls.collect::<Result<_, _>>()?)
            }
            _ => return Ok(None),
        }))
    }

    fn write(&self, out: &mut CdrEncoder) -> Written {
        match self {
            Self::OrbType(orb) => out.u32(*orb),
            Self::CodeSets(char, wchar) => {
                char.write(out)?;
                wchar.write(out)
            }
            Self::AlternateAddress(at) => {
                out.name(&at.host)?;
                out.u16(at.port)
            }
            Self::Ssl(ssl) => {
                out.u16(ssl.supports)?;
                out.u16(ssl.requires)?;
                out.u16(ssl.port)
            }
            Self::Csi(mechanism) => mechanism.write(out),
            Self::Unix(socket) => {
                out.name(&socket.host)?;
                out.name(&socket.path)
            }
            Self::Addresses(urls) => {
                out.count(urls.len())?;
                urls.iter().try_for_each(|url| out.name(url))
            }
            Self::Other(_) => Ok(()),
        }
    }

    fn tag(&self) -> u32 {
        match self {
            Self::OrbType(_) => tag::ORB_TYPE,
            Self::CodeSets(..) => tag::CODE_SETS,
            Self::AlternateAddress(_) => tag::ALTERNATE_IIOP_ADDRESS,
            Self::Ssl(_) => tag::SSL_SEC_TRANS,
            Self::Unix(_) => tag::OMNIORB_UNIX_TRANS,
            Self::Csi(_) => tag::CSI_SEC_MECH_LIST,
            Self::Addresses(_) => tag::FARCALL_ADDRESSES,
            Self::Other(other) => other.tag,
        }
    }

    /// The component as it travels.
    ///
    /// # Errors
    /// If a text has the character U+0000.
    pub fn encode(&self) -> Result<TaggedComponent, CodecError> {
        if let Self::Other(other) = self {
            return Ok(other.clone());
        }
        let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
        self.write(&mut out)?;
        Ok(TaggedComponent { tag: self.tag(), data: out.into_bytes().into() })
    }
}

impl TaggedComponent {
    /// What it tells; [`Component::Other`] for what cannot be read.
    #[must_use]
    pub fn decode(&self) -> Component {
        let read = || {
            let mut from = CdrDecoder::encapsulation(&self.data, &Limits::default()).ok()?;
            Component::read(self.tag, &mut from).ok().flatten()
        };
        read().unwrap_or_else(|| Component::Other(self.clone()))
    }
}

/// Reads components where they stand one after the other.
pub(super) fn read_all(from: &mut CdrDecoder<'_>) -> Result<Vec<TaggedComponent>, CodecError> {
    let count = from.count(8)?;
    let mut components = Vec::new();
    for _ in 0..count {
        components.push(TaggedComponent { tag: from.u32()?, data: from.bytes()? });
    }
    Ok(components)
}

/// Writes components one after the other.
pub(super) fn write_all(out: &mut CdrEncoder, components: &[TaggedComponent]) -> Written {
    out.count(components.len())?;
    components.iter().try_for_each(|component| {
        out.u32(component.tag)?;
        out.bytes(&component.data)
    })
}

/// Those of a profile that has nothing else.
pub(super) fn decode_all(data: &Bytes) -> Result<Vec<TaggedComponent>, CodecError> {
    read_all(&mut CdrDecoder::encapsulation(data, &Limits::default())?)
}
