//! `system.multicall`: several calls in one message, run one after the other.
//! A call that fails gives a fault in its place and does not stop the others;
//! a batch inside a batch is refused.

use farcall_model::Value;
use farcall_wire::{
    CodecError, Completion, Context, Decoder, ErrorKind, Fault, FaultKind, MessageDecoder as _,
};

use crate::codec::{DecodeFrame, EncodeFrame, XmlRpcDecoder, XmlRpcEncoder};
use crate::{Options, fault, message};

/// One call of a batch: its name, and a decoder that stands before its parameters.
pub(crate) struct Inner<'a> {
    pub(crate) name: String,
    pub(crate) params: XmlRpcDecoder<'a>,
}

/// The calls of a batch; a malformed one is an error in its place.
///
/// # Errors
/// If the batch itself is malformed, or longer than its limit.
pub(crate) fn decode<'a>(
    mut from: XmlRpcDecoder<'a>,
    cx: &Context,
) -> Result<Vec<Result<Inner<'a>, CodecError>>, CodecError> {
    let limit = cx.limits().batch;
    let operation = farcall_model::Operation::new("system.multicall").with_param(farcall_model::Param::new(
        "calls",
        farcall_model::TypeRef::from(farcall_model::Type::Any),
    ));
    let mut fields = from.begin_params(&operation)?;
    if from.next_param(&mut fields, &operation)?.is_none() {
        let what = "parameters";
        return Err(CodecError::new(ErrorKind::Count { what, expected: "1".into(), found: 0 }));
    }
    let mut items = from.begin_sequence()?;
    let mut calls = Vec::new();
    while from.next_item(&mut items)? {
        if calls.len() >= limit {
            return Err(CodecError::limit("batch", limit).at(from.offset()));
        }
        let call = from.clone();
        // first passed over as a whole, so that one that makes no sense costs no more than itself
        from.skip_value()?;
        calls.push(inner(call).map_err(|e| e.in_item(items.index - 1)));
    }
    from.next_param(&mut fields, &operation)?;
    Ok(calls)
}

/// Name and parameters, in either order.
fn inner(mut from: XmlRpcDecoder<'_>) -> Result<Inner<'_>, CodecError> {
    let (mut name, mut params) = (None, None);
    let offset = from.offset();
    from.enter_struct("struct of methodName and params")?;
    while let Some(member) = from.next_member()? {
        let twice = match &*member {
            "methodName" => name.is_some(),
            "params" => params.is_some(),
            _ => false,
        };
        if twice {
            return Err(CodecError::new(ErrorKind::DuplicateField(member.into_owned())).at(from.offset()));
        }
        match &*member {
            "methodName" => name = Some(from.string()?),
            "params" => {
                params = Some(from.clone().in_batch());
                from.skip_value()?;
            }
            _ => from.skip_value()?,
        }
        from.leave_member()?;
    }
    let missing = |what: &str| CodecError::new(ErrorKind::MissingField(what.to_owned())).at(offset);
    Ok(Inner {
        name: name.ok_or_else(|| missing("methodName"))?,
        params: params.ok_or_else(|| missing("params"))?,
    })
}

/// The fault for a batch inside a batch.
pub(crate) fn recursive() -> Fault {
    Fault::new(FaultKind::InvalidRequest, "system.multicall inside system.multicall is refused")
}

/// The encoder for one call's reply.
pub(crate) fn encoder(options: Options) -> XmlRpcEncoder {
    XmlRpcEncoder::with_buffer(Vec::new(), EncodeFrame::Batch, options)
}

/// A fault in the place of a reply.
pub(crate) fn encode_fault(fault: &Fault, options: Options) -> Vec<u8> {
    let mut out = encoder(options);
    match fault::write(&mut out, fault::code_of(fault), fault.message(), None) {
        Ok(()) => out.into_bytes(),
        // a code past 32 bits where the options refuse it
        Err(error) => encode_fault(
            &Fault::from(error).with_code(-32603),
            Options { wide: crate::Wide::Write, ..options },
        ),
    }
}

/// The replies of a batch, from their one value: an array of one each, or a fault.
///
/// # Errors
/// If it is not that, or has not as many as were asked for.
pub(crate) fn replies(value: Value, asked: usize) -> Result<Vec<Result<Value, Fault>>, Fault> {
    let protocol = |text: String| Fault::new(FaultKind::Protocol, text).with_completion(Completion::Maybe);
    let Value::Sequence(replies) = value else {
        return Err(protocol(format!("system.multicall gave a {} where an array belongs", value.kind())));
    };
    if replies.len() != asked {
        let text = format!("system.multicall gave {} replies to {asked} calls", replies.len());
        return Err(protocol(text));
    }
    Ok(replies
        .into_iter()
        .map(|reply| match reply {
            Value::Sequence(mut one) if one.len() == 1 => Ok(one.swap_remove(0)),
            other => Err(message::fault_of(&other).unwrap_or_else(|| {
                protocol(format!(
                    "a reply of system.multicall is a {}, neither array of one nor fault",
                    other.kind()
                ))
            })),
        })
        .collect())
}

impl XmlRpcDecoder<'_> {
    /// Reads the array at the cursor as parameters.
    fn in_batch(self) -> Self {
        self.framed(DecodeFrame::Batch)
    }
}
