//! The SOAP codec: values as elements and back, document/literal.
//!
//! ```
//! use farcall_soap::{decode_element, encode_element};
//!
//! let xml = encode_element("urn:a", "list", &vec![1_i32, 2])?;
//! assert!(xml.ends_with("><n:item>1</n:item><n:item>2</n:item></n:list>"));
//! assert_eq!(decode_element::<Vec<i32>>("urn:a", &xml)?, [1, 2]);
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

mod any;
mod containers;
mod decode;
mod encode;
mod read;
mod scalar;

use farcall_wire::{CodecError, Decode, Encode, Limits};

pub use decode::SoapDecoder;
pub(crate) use decode::reader;
pub(crate) use encode::Place;
pub use encode::SoapEncoder;

use crate::names::Spaces;
use crate::{Version, error};

/// One value as an element of that name, in that namespace, with all declarations that it needs.
///
/// # Errors
/// If XML cannot express it; the error names the field.
pub fn encode_element<T: Encode + ?Sized>(
    namespace: &str,
    name: &str,
    value: &T,
) -> Result<String, CodecError> {
    let mut out = SoapEncoder::new(Version::V11, Spaces::new(namespace, ""));
    let declarations = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                        xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"";
    out.element(Some(0), name, Place::Element, |out| value.encode(out))?;
    // the declarations go into the start tag, which the value has written
    let tag = out.out.iter().position(|b| matches!(b, b'>' | b'/' | b' ')).unwrap_or(0);
    out.out.splice(tag..tag, declarations.bytes());
    out.declare_at(tag);
    let bytes = out.into_bytes();
    String::from_utf8(bytes).map_err(|e| CodecError::unsupported("the value", e.to_string()))
}

/// One value from a document whose root element holds it.
///
/// # Errors
/// If it is not well-formed or not of that type; the error says where.
pub fn decode_element<T: Decode>(namespace: &str, text: &str) -> Result<T, CodecError> {
    let limits = Limits::default();
    let mut from = SoapDecoder::new(reader(text, &limits), Spaces::new(namespace, ""), &limits, false);
    let read = |from: &mut SoapDecoder<'_>| {
        from.enter_element()?;
        let value = T::decode(from)?;
        from.finish().map(|()| value)
    };
    read(&mut from).map_err(|e| error::locate(e, text))
}
