//! The XML-RPC codec: values to `<value>` elements and back.
//!
//! ```
//! use farcall_xmlrpc::{decode_value, encode_value};
//!
//! let xml = encode_value(&vec![1_i32, 2], Default::default())?;
//! assert_eq!(xml, "<value><array><data><value><int>1</int></value><value><int>2</int></value></data></array></value>");
//! assert_eq!(decode_value::<Vec<i32>>(&xml, Default::default())?, [1, 2]);
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

mod any;
mod decode;
mod encode;
mod scalar;

use farcall_wire::{CodecError, Decode, Encode, Limits};
use farcall_xml::wire::locate;

pub(crate) use decode::Frame as DecodeFrame;
pub use decode::XmlRpcDecoder;
pub(crate) use decode::reader;
pub(crate) use encode::Frame as EncodeFrame;
pub use encode::XmlRpcEncoder;

use crate::Options;

/// One value as a `<value>` element.
///
/// # Errors
/// If XML-RPC cannot express it; the error names the field.
pub fn encode_value<T: Encode + ?Sized>(value: &T, options: Options) -> Result<String, CodecError> {
    let mut out = XmlRpcEncoder::fragment(options);
    value.encode(&mut out)?;
    let bytes = out.into_bytes();
    String::from_utf8(bytes).map_err(|e| CodecError::unsupported("the value", e.to_string()))
}

/// One value from a `<value>` element.
///
/// # Errors
/// If it is not well-formed or not of that type; the error says where.
pub fn decode_value<T: Decode>(text: &str, options: Options) -> Result<T, CodecError> {
    let mut from = XmlRpcDecoder::fragment(text, &Limits::default(), options);
    T::decode(&mut from).and_then(|value| from.finish().map(|()| value)).map_err(|e| locate(e, text))
}
