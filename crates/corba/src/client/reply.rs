//! What a reply means to the caller.

use bytes::Bytes;
use farcall_model::Type;
use farcall_wire::{
    CodecError, Completion, Decoder as _, ErrorKind, Fault, FaultKind, Invocation, Limits, ValueEncoder,
    transcode,
};

use super::target::Mode;
use crate::cdr::{ByteOrder, CdrDecoder, CodeSets, Version};
use crate::csi::SasContext;
use crate::fault::SystemException;
use crate::giop::{Message, Reply, ReplyStatus, ServiceContexts};
use crate::ior::Ior;
use crate::repository;

/// What came of an attempt.
pub(super) enum Answer<T> {
    /// The call is over.
    Done(T),
    /// The object is elsewhere; true if for good.
    Forward(Ior, bool),
    /// The object is to be addressed in that way.
    Address(Mode),
}

/// Reads a reply; `seen` is shown its service contexts.
pub(super) fn read<I: Invocation>(
    invocation: &I,
    message: &Message,
    sets: CodeSets,
    limits: &Limits,
    seen: impl FnOnce(&ServiceContexts),
) -> Result<Answer<I::Output>, Fault> {
    let (reply, at) = Reply::read(message).map_err(|e| unreadable(e, Completion::Maybe))?;
    seen(&reply.contexts);
    let mut from = message.decoder(at, sets, limits);
    match reply.status {
        ReplyStatus::NoException => {
            let output = invocation.read(&mut from);
            output.map(Answer::Done).map_err(|e| unreadable(e, Completion::Yes))
        }
        ReplyStatus::UserException => exception(invocation, &mut from).map(Answer::Done),
        ReplyStatus::SystemException => {
            from.body();
            let exception = SystemException::read(&mut from).map_err(|e| unreadable(e, Completion::Maybe))?;
            let fault = exception.into_fault(reply.contexts.detail());
            match reply.contexts.sas() {
                Some(SasContext::Error { .. }) => Err(unauthenticated(fault)),
                _ => Err(fault),
            }
        }
        ReplyStatus::LocationForward | ReplyStatus::LocationForwardPerm => {
            from.body();
            let ior = Ior::read(&mut from).map_err(|e| unreadable(e, Completion::No))?;
            Ok(Answer::Forward(ior, reply.status == ReplyStatus::LocationForwardPerm))
        }
        ReplyStatus::NeedsAddressingMode => {
            from.body();
            match from.i16().map_err(|e| unreadable(e, Completion::No))? {
                0 => Ok(Answer::Address(Mode::Key)),
                1 => Ok(Answer::Address(Mode::Profile)),
                2 => Ok(Answer::Address(Mode::Reference)),
                other => {
                    let text = format!("the server asks for addressing mode {other}, which is not known");
                    Err(Fault::new(FaultKind::Protocol, text))
                }
            }
        }
    }
}

/// An exception that the operation declares, or the fault for one that it does not.
fn exception<I: Invocation>(invocation: &I, from: &mut CdrDecoder<'_>) -> Result<I::Output, Fault> {
    from.body();
    let unreadable = |e| unreadable(e, Completion::Yes);
    let id = from.name().map_err(unreadable)?.to_owned();
    let declared = &invocation.operation().exceptions;
    let Some(ty) = declared.iter().find(|ty| repository::of_struct(&ty.body) == id) else {
        let text = format!("the user exception {id}, which the operation does not declare");
        let fault = Fault::new(FaultKind::Application, text);
        return Err(fault.with_completion(Completion::Yes).from_remote());
    };
    let members = from.clone();
    if let Some(output) = invocation.read_exception(&ty.body.name, from).map_err(unreadable)? {
        return Ok(output);
    }
    // a caller without types gets its members as a value
    let mut detail = ValueEncoder::new();
    let body = Type::Struct(ty.body.clone());
    transcode(&body, &mut { members }, &mut detail).map_err(unreadable)?;
    let fault = Fault::application(ty.code.into(), id).with_detail(detail.finish());
    Err(fault.from_remote())
}

/// What a oneway call gives: nothing was read.
pub(super) fn nothing<I: Invocation>(invocation: &I) -> Result<I::Output, Fault> {
    let none = Bytes::new();
    let mut from =
        CdrDecoder::new(&none, 0, ByteOrder::NATIVE, Version::V1_2, CodeSets::DEFAULT, &Limits::default());
    invocation.read(&mut from).map_err(Fault::from)
}

/// The server did not believe who calls.
#[cold]
fn unauthenticated(fault: Fault) -> Fault {
    Fault::new(FaultKind::Unauthenticated, fault.message())
        .with_completion(fault.completion())
        .from_remote()
        .with_source(fault)
}

/// What came back is not a reply of the declared types.
#[cold]
fn unreadable(error: CodecError, ran: Completion) -> Fault {
    let limit = matches!(error.kind(), ErrorKind::Limit { .. });
    let kind = if limit { FaultKind::Limit } else { FaultKind::Protocol };
    Fault::new(kind, format!("the reply cannot be read: {error}")).with_completion(ran).with_source(error)
}
