//! [`Request`]: the header of a call (CORBA 3.3 part 2, §9.4.2).

use bytes::Bytes;
use farcall_wire::{CodecError, Decoder as _, Encoder as _, Written};

use super::contexts::ServiceContexts;
use super::framer::Message;
use super::header::{Kind, begin};
use crate::cdr::{ByteOrder, CdrDecoder, CdrEncoder, CodeSets, Version};
use crate::ior::{IiopProfile, Ior, TAG_INTERNET_IOP, TaggedProfile};

/// Which object a message is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// By its key alone.
    Key(Bytes),
    /// By a profile of its reference.
    Profile(TaggedProfile),
    /// By its reference, and which profile of it was chosen.
    Reference(u32, Ior),
}

impl Target {
    /// The object's key; `None` if the profile has none that can be read.
    #[must_use]
    pub fn key(&self) -> Option<Bytes> {
        let of = |profile: &TaggedProfile| {
            let is_iiop = profile.tag == TAG_INTERNET_IOP;
            is_iiop.then(|| IiopProfile::decode(&profile.data).ok().map(|iiop| iiop.object_key)).flatten()
        };
        match self {
            Self::Key(key) => Some(key.clone()),
            Self::Profile(profile) => of(profile),
            Self::Reference(index, ior) => of(ior.profiles.get(*index as usize)?),
        }
    }

    pub(super) fn read(from: &mut CdrDecoder<'_>, version: Version) -> Result<Self, CodecError> {
        if version < Version::V1_2 {
            return from.bytes().map(Self::Key);
        }
        match from.i16()? {
            0 => from.bytes().map(Self::Key),
            1 => Ok(Self::Profile(TaggedProfile { tag: from.u32()?, data: from.bytes()? })),
            2 => Ok(Self::Reference(from.u32()?, Ior::read(from)?)),
            other => Err(from.fail(format!("a target is addressed in a way {other} that is not known"))),
        }
    }

    pub(super) fn write(&self, out: &mut CdrEncoder, version: Version) -> Written {
        match self {
            Self::Key(key) if version < Version::V1_2 => out.bytes(key),
            Self::Key(key) => {
                out.i16(0)?;
                out.bytes(key)
            }
            _ if version < Version::V1_2 => {
                Err(CodecError::unsupported("a target by its reference", "GIOP 1.2 is needed for it"))
            }
            Self::Profile(profile) => {
                out.i16(1)?;
                out.u32(profile.tag)?;
                out.bytes(&profile.data)
            }
            Self::Reference(index, ior) => {
                out.i16(2)?;
                out.u32(*index)?;
                ior.write(out)
            }
        }
    }
}

/// What reply a caller waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// None: a oneway call.
    None,
    /// That the server took it, before it runs.
    Taken,
    /// What came of it.
    Result,
}

impl Response {
    fn of_flags(flags: u8, version: Version) -> Self {
        match flags {
            // a boolean, for which any octet but zero is sent
            0 => Self::None,
            _ if version < Version::V1_2 => Self::Result,
            _ => match flags & 3 {
                0 => Self::None,
                3 => Self::Result,
                _ => Self::Taken,
            },
        }
    }
}

/// The header of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The number that its reply will have.
    pub id: u32,
    /// What reply is waited for.
    pub response: Response,
    /// Which object it is for.
    pub target: Target,
    /// The name of the operation.
    pub operation: &'a str,
    /// What travels beside.
    pub contexts: ServiceContexts,
}

impl<'a> Request<'a> {
    /// Reads the header; the place where the body begins comes with it.
    ///
    /// # Errors
    /// If it is malformed.
    pub fn read(message: &'a Message) -> Result<(Self, usize), CodecError> {
        let mut from = message.start();
        let version = message.version;
        if version >= Version::V1_2 {
            let id = from.u32()?;
            let response = Response::of_flags(from.u8()?, version);
            from.take(3)?;
            let target = Target::read(&mut from, version)?;
            let operation = from.name()?;
            let contexts = ServiceContexts::read(&mut from)?;
            return Ok((Self { id, response, target, operation, contexts }, from.position()));
        }
        let contexts = ServiceContexts::read(&mut from)?;
        let id = from.u32()?;
        let response = Response::of_flags(from.u8()?, version);
        if version == Version::V1_1 {
            from.take(3)?;
        }
        let target = Target::read(&mut from, version)?;
        let operation = from.name()?;
        // the principal, which nobody has used since
        from.bytes()?;
        Ok((Self { id, response, target, operation, contexts }, from.position()))
    }

    /// The number and the reply that is waited for, of a request whose header may be unreadable beyond.
    ///
    /// # Errors
    /// If it does not even say these.
    pub(crate) fn caller(message: &Message) -> Result<(u32, Response), CodecError> {
        let mut from = message.start();
        if message.version < Version::V1_2 {
            ServiceContexts::read(&mut from)?;
        }
        Ok((from.u32()?, Response::of_flags(from.u8()?, message.version)))
    }

    /// An encoder after the header, for the parameters.
    ///
    /// # Errors
    /// If the version cannot express the target.
    pub fn encode(
        &self,
        version: Version,
        order: ByteOrder,
        sets: CodeSets,
    ) -> Result<CdrEncoder, CodecError> {
        let mut out = begin(Kind::Request, version, order, sets);
        let awaited = match self.response {
            Response::None => 0,
            Response::Taken => 1,
            Response::Result => 3,
        };
        if version >= Version::V1_2 {
            out.u32(self.id)?;
            out.u8(awaited)?;
            out.raw(&[0; 3]);
            self.target.write(&mut out, version)?;
            out.name(self.operation)?;
            self.contexts.write(&mut out)?;
        } else {
            self.contexts.write(&mut out)?;
            out.u32(self.id)?;
            out.bool(awaited == 3)?;
            if version == Version::V1_1 {
                out.raw(&[0; 3]);
            }
            self.target.write(&mut out, version)?;
            out.name(self.operation)?;
            out.u32(0)?;
        }
        Ok(out)
    }
}
