//! [`Reply`]: the header of what came of a call (CORBA 3.3 part 2, §9.4.3).

use farcall_wire::{CodecError, Decoder as _, Encoder as _};

use super::contexts::ServiceContexts;
use super::framer::Message;
use super::header::{Kind, begin};
use crate::cdr::{ByteOrder, CdrEncoder, CodeSets, Version};

/// What the body of a reply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyStatus {
    /// The result.
    NoException,
    /// An exception that the operation declares.
    UserException,
    /// One of CORBA's own.
    SystemException,
    /// A reference where to call instead, this time.
    LocationForward,
    /// A reference where to call instead from now on.
    LocationForwardPerm,
    /// In which way the object is to be addressed.
    NeedsAddressingMode,
}

impl ReplyStatus {
    const ALL: [Self; 6] = [
        Self::NoException,
        Self::UserException,
        Self::SystemException,
        Self::LocationForward,
        Self::LocationForwardPerm,
        Self::NeedsAddressingMode,
    ];
}

/// The header of what came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The number of the call.
    pub id: u32,
    /// What the body is.
    pub status: ReplyStatus,
    /// What travels beside.
    pub contexts: ServiceContexts,
}

impl Reply {
    /// Reads the header; the place where the body begins comes with it.
    ///
    /// # Errors
    /// If it is malformed.
    pub fn read(message: &Message) -> Result<(Self, usize), CodecError> {
        let mut from = message.start();
        let new = message.version >= Version::V1_2;
        let mut contexts = if new { ServiceContexts::default() } else { ServiceContexts::read(&mut from)? };
        let id = from.u32()?;
        let status = from.u32()? as usize;
        if new {
            contexts = ServiceContexts::read(&mut from)?;
        }
        let known = ReplyStatus::ALL.get(status).copied();
        let status = known.ok_or_else(|| from.fail(format!("reply status {status} is not known")))?;
        Ok((Self { id, status, contexts }, from.position()))
    }

    /// The number of the call alone, whatever follows.
    ///
    /// # Errors
    /// If it does not even say that.
    pub(crate) fn id(message: &Message) -> Result<u32, CodecError> {
        let mut from = message.start();
        if message.version < Version::V1_2 {
            ServiceContexts::read(&mut from)?;
        }
        from.u32()
    }

    /// An encoder after the header, for the body.
    ///
    /// # Errors
    /// For contexts of 4 GiB and more.
    pub fn encode(
        &self,
        version: Version,
        order: ByteOrder,
        sets: CodeSets,
    ) -> Result<CdrEncoder, CodecError> {
        let mut out = begin(Kind::Reply, version, order, sets);
        if version < Version::V1_2 {
            self.contexts.write(&mut out)?;
        }
        out.u32(self.id)?;
        let at = out.position();
        out.u32(self.status as u32)?;
        if version >= Version::V1_2 {
            self.contexts.write(&mut out)?;
        }
        Ok(out.with_status(at))
    }
}
