//! [`LocateRequest`] and [`LocateReply`]: where an object is, before it is
//! called (CORBA 3.3 part 2, §9.4.5 and §9.4.6).

use farcall_wire::{CodecError, Decoder as _, Encoder as _};

use super::framer::Message;
use super::header::{Kind, begin};
use super::request::Target;
use crate::cdr::{ByteOrder, CdrEncoder, CodeSets, Version};

/// A question where an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocateRequest {
    /// The number that the answer will have.
    pub id: u32,
    /// Which object.
    pub target: Target,
}

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocateStatus {
    /// It is not known.
    UnknownObject,
    /// Where the question was asked.
    ObjectHere,
    /// Where the reference says that follows, this time.
    ObjectForward,
    /// Where the reference says that follows, from now on.
    ObjectForwardPerm,
    /// It failed, with the system exception that follows.
    SystemException,
    /// It is to be addressed in the way that follows.
    NeedsAddressingMode,
}

impl LocateStatus {
    const ALL: [Self; 6] = [
        Self::UnknownObject,
        Self::ObjectHere,
        Self::ObjectForward,
        Self::ObjectForwardPerm,
        Self::SystemException,
        Self::NeedsAddressingMode,
    ];
}

/// The answer where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocateReply {
    /// The number of the question.
    pub id: u32,
    /// Where it is.
    pub status: LocateStatus,
}

impl LocateRequest {
    /// Reads the message.
    ///
    /// # Errors
    /// If it is malformed.
    pub fn read(message: &Message) -> Result<Self, CodecError> {
        let mut from = message.start();
        Ok(Self { id: from.u32()?, target: Target::read(&mut from, message.version)? })
    }

    /// The message.
    ///
    /// # Errors
    /// If the version cannot express the target.
    pub fn encode(&self, version: Version, order: ByteOrder) -> Result<CdrEncoder, CodecError> {
        let mut out = begin(Kind::LocateRequest, version, order, CodeSets::DEFAULT);
        out.u32(self.id)?;
        self.target.write(&mut out, version)?;
        Ok(out)
    }
}

impl LocateReply {
    /// Reads the header; the place where the body begins comes with it.
    ///
    /// # Errors
    /// If it is malformed.
    pub fn read(message: &Message) -> Result<(Self, usize), CodecError> {
        let mut from = message.start();
        let id = from.u32()?;
        let status = from.u32()? as usize;
        let known = LocateStatus::ALL.get(status).copied();
        let status = known.ok_or_else(|| from.fail(format!("locate status {status} is not known")))?;
        Ok((Self { id, status }, from.position()))
    }

    /// An encoder after the header, for a reference that may follow; the body is not aligned to 8.
    ///
    /// # Errors
    /// None for what GIOP can say.
    pub fn encode(&self, version: Version, order: ByteOrder) -> Result<CdrEncoder, CodecError> {
        let mut out = begin(Kind::LocateReply, version, order, CodeSets::DEFAULT);
        out.u32(self.id)?;
        out.u32(self.status as u32)?;
        Ok(out)
    }
}
