//! The strings of a caller's context: what an operation's `context` clause has travel after its
//! parameters (CORBA 3.3 part 2, §9.3.5.4; part 1, §7.11). They are the metadata of a [`Context`].

use farcall_model::{Operation, Text};
use farcall_wire::{CodecError, Context, Decoder as _, Encoder as _, ValueEncoder, Written, transcode};

use crate::cdr::{CdrDecoder, CdrEncoder};

/// Writes those that the operation asks for; `bare` if nothing stands before them.
pub(crate) fn write(out: &mut CdrEncoder, operation: &Operation, cx: &Context, bare: bool) -> Written {
    if operation.context.is_empty() {
        return Ok(());
    }
    let asked: Vec<(&str, &str)> =
        cx.metadata().filter(|(name, _)| operation.context.iter().any(|of| fits(of, name))).collect();
    let strings = |out: &mut CdrEncoder| {
        out.count(asked.len() * 2)?;
        asked.iter().try_for_each(|(name, value)| {
            out.str(name)?;
            out.str(value)
        })
    };
    if bare { out.body(strings) } else { strings(out) }
}

/// True for the name itself, and for names that begin as one that ends with a star.
fn fits(asked: &Text, name: &str) -> bool {
    asked.strip_suffix('*').map_or_else(|| asked == name, |start| name.starts_with(start))
}

/// Adds those that came after the parameters; peers that do not know of the clause send none.
pub(crate) fn read(
    mut from: CdrDecoder<'_>,
    operation: &Operation,
    mut cx: Context,
) -> Result<Context, CodecError> {
    if operation.context.is_empty() {
        return Ok(cx);
    }
    from.body();
    for param in &operation.params {
        let read = transcode(param.field.ty.exact(), &mut from, &mut ValueEncoder::new());
        read.map_err(|e| e.in_field(param.field.name.to_string()))?;
    }
    if from.remaining() == 0 {
        return Ok(cx);
    }
    let strings = from.count(5)?;
    for _ in 0..strings / 2 {
        let (name, value) = (from.string()?, from.string()?);
        cx = cx.with_metadata(name, value);
    }
    Ok(cx)
}
