//! Scalars as text, where text protocols agree: strict in what is written,
//! and as liberal in what is read as real peers need.
//!
//! ```
//! use farcall_wire::text;
//!
//! assert!(text::boolean(" true ")?);
//! assert_eq!(text::octets("AAE", "base64")?, [0, 1]);
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::CodecError;

/// Padded on writing, and either way on reading.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Anything that its text alone makes, with white space around it; `ty` is for the error.
///
/// # Errors
/// [`crate::ErrorKind::Range`] if it is not the text of one.
pub fn parsed<T: std::str::FromStr>(text: &str, ty: &str) -> Result<T, CodecError> {
    text.trim().parse().map_err(|_| CodecError::range(text, ty))
}

/// `1` and `0`, `true` and `false`, as XML-RPC and XML Schema have them.
///
/// # Errors
/// [`crate::ErrorKind::Range`] for anything else.
pub fn boolean(text: &str) -> Result<bool, CodecError> {
    match text.trim() {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(CodecError::range(text, "boolean (1 or 0, true or false)")),
    }
}

/// Octets from base64 (RFC 4648, §4) with or without line breaks and padding; `ty` is for the error.
///
/// # Errors
/// [`crate::ErrorKind::Range`] if it is not base64.
pub fn octets(text: &str, ty: &str) -> Result<Vec<u8>, CodecError> {
    let bad = |e: base64::DecodeError| CodecError::range(text, ty).with_source(e);
    match BASE64.decode(text) {
        Ok(octets) => Ok(octets),
        Err(base64::DecodeError::InvalidByte(_, b' ' | b'\t' | b'\n' | b'\r')) => {
            let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
            BASE64.decode(packed).map_err(bad)
        }
        Err(e) => Err(bad(e)),
    }
}

/// Appends base64 in one line, padded.
pub fn write_octets(out: &mut Vec<u8>, octets: &[u8]) {
    let len = octets.len().div_ceil(3) * 4;
    let start = out.len();
    out.resize(start + len, 0);
    let written = BASE64.encode_slice(octets, &mut out[start..]).unwrap_or(0);
    out.truncate(start + written);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_with_breaks_and_without_padding() {
        assert_eq!(octets("AA\r\n E=", "base64").unwrap(), [0, 1]);
        assert_eq!(octets("AAE", "base64").unwrap(), [0, 1]);
        assert!(octets("A*E=", "base64").is_err());
        let mut out = b"x".to_vec();
        write_octets(&mut out, &[0, 1]);
        assert_eq!(out, b"xAAE=");
    }
}
