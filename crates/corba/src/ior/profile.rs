//! [`IiopProfile`]: host, port and object key (CORBA 3.3 part 2, §9.7.2).

use bytes::Bytes;
use farcall_wire::{CodecError, Decoder as _, Encoder as _, Limits, Written};

use super::component::{self, AlternateAddress, Component, Ssl, TaggedComponent};
use crate::cdr::{ByteOrder, CdrDecoder, CdrEncoder, CodeSets, Version};

/// A way to an object over IIOP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IiopProfile {
    /// The highest version of GIOP that the server speaks.
    pub version: Version,
    /// The host: a name or an address.
    pub host: String,
    /// The port; 0 where only TLS is spoken.
    pub port: u16,
    /// What the server knows the object by.
    pub object_key: Bytes,
    /// What else it says; none in IIOP 1.0.
    pub components: Vec<TaggedComponent>,
}

impl IiopProfile {
    /// A way without components.
    pub fn new(version: Version, host: impl Into<String>, port: u16, object_key: impl Into<Bytes>) -> Self {
        Self { version, host: host.into(), port, object_key: object_key.into(), components: Vec::new() }
    }

    /// Adds a component; one whose text CDR cannot express is left out.
    #[must_use]
    pub fn with(mut self, component: &Component) -> Self {
        self.components.extend(component.encode());
        self
    }

    /// The code sets for texts to that server; `None` if it does not say.
    #[must_use]
    pub fn code_sets(&self) -> Option<CodeSets> {
        self.components.iter().find_map(|component| component.decode().negotiate())
    }

    /// The places where the object is, this profile's own first.
    #[must_use]
    pub fn places(&self) -> Vec<(String, u16)> {
        let own = (self.port != 0).then(|| (self.host.clone(), self.port));
        let others = self.components.iter().filter_map(|component| match component.decode() {
            Component::AlternateAddress(AlternateAddress { host, port }) => Some((host, port)),
            _ => None,
        });
        own.into_iter().chain(others).collect()
    }

    /// How TLS is spoken with the object, if it is.
    #[must_use]
    pub fn tls(&self) -> Option<Ssl> {
        self.components.iter().find_map(|component| match component.decode() {
            Component::Ssl(ssl) if ssl.port != 0 => Some(ssl),
            _ => None,
        })
    }

    /// Reads the data of a profile.
    ///
    /// # Errors
    /// If it is not one of IIOP 1.x.
    pub fn decode(data: &Bytes) -> Result<Self, CodecError> {
        let mut from = CdrDecoder::encapsulation(data, &Limits::default())?;
        let version = Version { major: from.u8()?, minor: from.u8()? };
        if version.major != 1 {
            return Err(from.fail(format!("a profile of IIOP {version}, where only 1.x is known")));
        }
        let host = from.name()?.to_owned();
        let port = from.u16()?;
        let object_key = from.bytes()?;
        // some ORBs leave the count out where there are none
        let has_components = version > Version::V1_0 && from.remaining() > 0;
        let components = if has_components { component::read_all(&mut from)? } else { Vec::new() };
        Ok(Self { version, host, port, object_key, components })
    }

    /// The data of the profile.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
        // it fails for a host with U+0000 or a key of 4 GiB only, which is no way to anything
        match self.write(&mut out) {
            Ok(()) => out.into_bytes().into(),
            Err(_) => Bytes::new(),
        }
    }

    fn write(&self, out: &mut CdrEncoder) -> Written {
        out.u8(self.version.major)?;
        out.u8(self.version.minor)?;
        out.name(&self.host)?;
        out.u16(self.port)?;
        out.bytes(&self.object_key)?;
        if self.version > Version::V1_0 {
            component::write_all(out, &self.components)?;
        }
        Ok(())
    }
}
