//! Messages: `<methodCall>` and `<methodResponse>` around what the codec writes
//! and reads (XML-RPC specification of 1999, 2003 revision).
//!
//! ```
//! use farcall_model::Value;
//! use farcall_xmlrpc::message::{Request, decode_request};
//! use farcall_wire::{Limits, MessageDecoder};
//!
//! let xml = b"<methodCall><methodName>add</methodName><params><param><value>1</value></param></params></methodCall>";
//! let text = farcall_xmlrpc::message::text(xml, None)?;
//! let Request { name, mut params } = decode_request(&text, &Limits::default(), Default::default())?;
//! assert_eq!((name.as_ref(), params.any_params()?), ("add", vec![Value::from("1")]));
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

use std::borrow::Cow;

use farcall_model::Value;
use farcall_wire::{CodecError, Decoder, Encoder, ErrorKind, Fault, Invocation, Limits, Written};
use farcall_xml::{Event, decode_document};

use crate::codec::{DecodeFrame, EncodeFrame, XmlRpcDecoder, XmlRpcEncoder};
use crate::options::EXTENSIONS;
use crate::{Options, codec, fault};
use farcall_xml::wire::codec_error;

const CALL: &[u8] = b"<?xml version=\"1.0\" encoding=\"utf-8\"?><methodCall";
const RESPONSE: &[u8] = b"<?xml version=\"1.0\" encoding=\"utf-8\"?><methodResponse";

/// The text of a message, whatever its encoding: that of a byte order mark, of
/// the `charset` of its `Content-Type`, of its XML declaration, or UTF-8.
///
/// # Errors
/// [`ErrorKind::Encoding`] for an unknown encoding and for octets that are not in it.
pub fn text<'b>(bytes: &'b [u8], charset: Option<&str>) -> Result<Cow<'b, str>, CodecError> {
    decode_document(bytes, charset).map_err(codec_error)
}

/// A call that was read as far as its parameters.
#[derive(Debug)]
pub struct Request<'a> {
    /// The name of the method, dotted or not.
    pub name: Cow<'a, str>,
    /// Stands before the parameters.
    pub params: XmlRpcDecoder<'a>,
}

/// Reads a call as far as its parameters.
///
/// # Errors
/// If it is not well-formed so far, or not a call.
pub fn decode_request<'a>(
    text: &'a str,
    limits: &Limits,
    options: Options,
) -> Result<Request<'a>, CodecError> {
    let reader = codec_reader(text, limits);
    let mut params = XmlRpcDecoder::with_reader(reader, DecodeFrame::Message, limits, options);
    params.expect_start("methodCall")?;
    let offset = params.offset();
    let name = match params.reader.eat_leaf("<methodName>", "</methodName>") {
        Some(name) => Cow::Borrowed(name),
        None => {
            params.expect_start("methodName")?;
            params.reader.text_content().map_err(codec_error)?
        }
    };
    let name = match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.trim()),
        Cow::Owned(name) => Cow::Owned(name.trim().to_owned()),
    };
    if name.is_empty() {
        let what = "the <methodName> is empty".to_owned();
        return Err(CodecError::new(ErrorKind::Structure(what)).at(offset));
    }
    Ok(Request { name, params })
}

fn codec_reader<'a>(text: &'a str, limits: &Limits) -> farcall_xml::Reader<'a> {
    codec::reader(text, limits)
}

/// Writes a call; `write` writes the parameters.
///
/// # Errors
/// If XML-RPC cannot express one; the error names it.
pub fn encode_request(
    name: &str,
    options: Options,
    write: impl FnOnce(&mut XmlRpcEncoder) -> Written,
) -> Result<Vec<u8>, CodecError> {
    let mut out = XmlRpcEncoder::with_buffer(CALL.to_vec(), EncodeFrame::Message, options);
    end_root(&mut out);
    out.raw(b"<methodName>");
    out.text(name)?;
    out.raw(b"</methodName>");
    write(&mut out)?;
    out.raw(b"</methodCall>");
    Ok(out.into_bytes())
}

/// An encoder at the beginning of a response; [`finish_response`] ends it.
pub(crate) fn begin_response(buffer: Vec<u8>, options: Options) -> XmlRpcEncoder {
    let mut out = XmlRpcEncoder::with_buffer(buffer, EncodeFrame::Message, options);
    out.raw(RESPONSE);
    end_root(&mut out);
    out
}

/// The end of the root's tag, which binds the prefix of Apache's extensions where they are written:
/// Apache's parser fails where an element further down does.
fn end_root(out: &mut XmlRpcEncoder) {
    if out.options().writes_extensions() {
        out.raw(b" xmlns:ex=\"");
        out.raw(EXTENSIONS.as_bytes());
        out.raw(b"\"");
    }
    out.raw(b">");
}

/// The octets of a response whose result or exception was written.
pub(crate) fn finish_response(mut out: XmlRpcEncoder) -> Vec<u8> {
    out.raw(b"</methodResponse>");
    out.into_bytes()
}

/// The octets of a response that is a fault.
#[must_use]
pub fn encode_fault(fault: &Fault, options: Options) -> Vec<u8> {
    let write = |detail| {
        let mut out = begin_response(Vec::with_capacity(512), options);
        fault::write(&mut out, fault::code_of(fault), fault.message(), detail).map(|()| finish_response(out))
    };
    let detail = fault.detail().filter(|_| options.detail == crate::Detail::Member).and_then(|value| {
        let mut out = XmlRpcEncoder::inside(options);
        out.any(value).is_ok().then(|| out.into_bytes())
    });
    // numbers and printable text are always written; only a code past 32 bits may be refused
    write(detail).unwrap_or_else(|_| {
        let mut out = begin_response(Vec::new(), options);
        let _ = fault::write(&mut out, -32603, "the fault itself cannot be expressed", None);
        finish_response(out)
    })
}

/// Reads a response to that call.
///
/// # Errors
/// Inside: the fault that it is. Outside: that it is not a response, or not one of the declared type.
pub fn decode_response<I: Invocation>(
    text: &str,
    invocation: &I,
    limits: &Limits,
    options: Options,
) -> Result<Result<I::Output, Fault>, CodecError> {
    let reader = codec_reader(text, limits);
    let mut from = XmlRpcDecoder::with_reader(reader, DecodeFrame::Message, limits, options);
    from.expect_start("methodResponse")?;
    // a look ahead on a copy: what stands there is `<params>`, `<fault>` or nothing
    let mut ahead = from.reader.clone();
    let is_fault = matches!(ahead.next_start_or_end(), Ok(Event::Start(tag)) if tag.local() == "fault");
    if !is_fault {
        return invocation.read(&mut from).map(Ok);
    }
    from.expect_start("fault")?;
    let value = from.any()?;
    from.end_fault()?;
    let (code, text, detail) = fault_parts(&value).map_err(|e| e.at(from.offset()))?;
    Ok(match fault::exception_of(invocation, code, &text, detail) {
        Some(exception) => Ok(exception),
        None => Err(with_detail(fault::from_wire(code, text), detail)),
    })
}

/// A fault inside a batch, or `None` if the value is not one.
pub(crate) fn fault_of(value: &Value) -> Option<Fault> {
    let (code, text, detail) = fault_parts(value).ok()?;
    Some(with_detail(fault::from_wire(code, text), detail))
}

fn with_detail(fault: Fault, detail: Option<&Value>) -> Fault {
    match detail {
        Some(detail) => fault.with_detail(detail.clone()),
        None => fault,
    }
}

/// Number, text and detail, leniently: some peers send the number as text, or leave one out.
fn fault_parts(value: &Value) -> Result<(i64, String, Option<&Value>), CodecError> {
    let code = value.field("faultCode").and_then(|v| v.as_i64().or_else(|| v.as_str()?.trim().parse().ok()));
    let text =
        value.field("faultString").map(|v| v.as_str().map_or_else(|| v.kind().to_owned(), str::to_owned));
    if code.is_none() && text.is_none() {
        let what = "a fault has neither faultCode nor faultString".to_owned();
        return Err(CodecError::new(ErrorKind::Structure(what)));
    }
    Ok((code.unwrap_or(-32500), text.unwrap_or_default(), value.field("detail")))
}
