//! Faults: the numbers of the interoperability list both ways, and typed
//! exceptions inside a fault's text.
//!
//! The specification gives a fault a number and a text and no more. The
//! members of a typed exception travel as JSON at the end of the text, after
//! the exception's name: `Refused: too poor {"owner":"ann"}`. People and
//! foreign peers read the text, a farcall client the exception.
//!
//! ```
//! use farcall_wire::{Fault, FaultKind};
//! use farcall_xmlrpc::fault::{code_of, kind_of};
//!
//! assert_eq!(code_of(&Fault::new(FaultKind::UnknownOperation, "there is no 'x'")), -32601);
//! assert_eq!(kind_of(-32602), FaultKind::InvalidParameters);
//! ```

use farcall_model::{ExceptionType, Value};
use farcall_wire::{Completion, Encoder, Fault, FaultKind, Invocation, ValueDecoder, Written, json};

use crate::codec::{EncodeFrame, XmlRpcEncoder, decode_value};
use crate::{Detail, Options};

/// The published codes (Specification for Fault Code Interoperability, 2001),
/// and from its range for implementations (-32099 to -32000) one for each
/// other kind.
const CODES: &[(FaultKind, i64)] = &[
    (FaultKind::Malformed, -32700),
    (FaultKind::Encoding, -32702),
    (FaultKind::InvalidRequest, -32600),
    (FaultKind::UnknownOperation, -32601),
    (FaultKind::InvalidParameters, -32602),
    (FaultKind::Internal, -32603),
    (FaultKind::Application, -32500),
    (FaultKind::Transport, -32300),
    (FaultKind::Unauthenticated, -32001),
    (FaultKind::Forbidden, -32002),
    (FaultKind::Limit, -32003),
    (FaultKind::Overloaded, -32004),
    (FaultKind::Deadline, -32005),
    (FaultKind::Cancelled, -32006),
    (FaultKind::UnknownObject, -32007),
    (FaultKind::Unsupported, -32008),
    (FaultKind::Protocol, -32009),
];

/// The number that a fault is sent with: its own, or that of its kind.
#[must_use]
pub fn code_of(fault: &Fault) -> i64 {
    let of_kind = || CODES.iter().find(|(kind, _)| *kind == fault.kind()).map_or(-32603, |(_, code)| *code);
    fault.code().unwrap_or_else(of_kind)
}

/// The kind that a number from a peer stands for.
#[must_use]
pub fn kind_of(code: i64) -> FaultKind {
    match code {
        -32701 => FaultKind::Encoding,
        -32500 => FaultKind::Application,
        -32400 => FaultKind::Internal,
        _ => CODES.iter().find(|(_, c)| *c == code).map_or(FaultKind::Application, |(kind, _)| *kind),
    }
}

/// A fault that a peer sent.
pub(crate) fn from_wire(code: i64, text: String) -> Fault {
    let kind = kind_of(code);
    let ran = match kind {
        FaultKind::Application | FaultKind::Internal => Completion::Yes,
        FaultKind::Deadline | FaultKind::Transport | FaultKind::Cancelled => Completion::Maybe,
        _ => Completion::No,
    };
    Fault::new(kind, text).with_code(code).with_completion(ran).from_remote()
}

/// Writes `<fault>` with its value, or the value alone inside a batch.
pub(crate) fn write(out: &mut XmlRpcEncoder, code: i64, text: &str, detail: Option<Vec<u8>>) -> Written {
    let message = out.frame() == EncodeFrame::Message;
    if message {
        out.raw(b"<fault>");
    }
    out.raw(b"<value><struct>");
    out.member("faultCode", |out| out.i64(code))?;
    out.member("faultString", |out| out.str(&printable(text)))?;
    if let Some(detail) = detail {
        out.member("detail", |out| {
            out.raw(&detail);
            Ok(())
        })?;
    }
    out.raw(b"</struct></value>");
    if message {
        out.raw(b"</fault>");
    }
    Ok(())
}

/// A text of an error may quote anything; what XML forbids is written as an escape.
fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if farcall_xml::is_xml_char(c) { clean.push(c) } else { clean.extend(c.escape_unicode()) }
    }
    clean
}

/// Writes a typed exception, whose members come as a `<value>`.
pub(crate) fn write_exception(
    out: &mut XmlRpcEncoder,
    ty: &ExceptionType,
    text: &str,
    members: Vec<u8>,
) -> Written {
    let mut text = format!("{}: {text}", ty.body.name);
    let detail = match out.options().detail {
        Detail::Member => Some(members),
        Detail::Omit => None,
        Detail::Tail => {
            let members = std::str::from_utf8(&members).unwrap_or_default();
            let value: Value = decode_value(members, Options::default())?;
            text.push(' ');
            text.push_str(&json::write(&value));
            None
        }
    };
    write(out, ty.code.into(), &text, detail)
}

/// How many places of a text are tried as the beginning of its JSON tail.
const TRIES: usize = 32;

/// The exception that a fault stands for, if it is one that the operation declares.
pub(crate) fn exception_of<I: Invocation>(
    invocation: &I,
    code: i64,
    text: &str,
    detail: Option<&Value>,
) -> Option<I::Output> {
    let declared = &invocation.operation().exceptions;
    let ty = declared.iter().find(|ty| {
        let named = text.strip_prefix(ty.body.name.as_ref()).is_some_and(|rest| rest.starts_with(':'));
        i64::from(ty.code) == code && named
    })?;
    let read = |value: &Value| {
        let mut from = ValueDecoder::new(value);
        invocation.read_exception(&ty.body.name, &mut from).ok().flatten()
    };
    match detail {
        Some(value) => read(value),
        None => {
            let tails = text.match_indices(" {").take(TRIES).map(|(at, _)| &text[at + 1..]);
            tails.filter_map(|tail| json::parse(tail).ok()).find_map(|value| read(&value))
        }
    }
}
