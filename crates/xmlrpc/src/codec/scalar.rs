//! The texts inside scalar elements: numbers, dates and base64, strict in what
//! is written and as liberal in what is read as real peers need.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use farcall_wire::CodecError;

/// Padded on writing, and either way on reading.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// An integer with white space around it and any sign before it.
pub(super) fn integer<N: std::str::FromStr>(text: &str, ty: &str) -> Result<N, CodecError> {
    text.trim().parse().map_err(|_| CodecError::range(text, ty))
}

/// `1` and `0`; `true` and `false`, which some peers send.
pub(super) fn boolean(text: &str) -> Result<bool, CodecError> {
    match text.trim() {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(CodecError::range(text, "boolean (1 or 0)")),
    }
}

/// A decimal fraction; an exponent is read too, infinities and NaN are not numbers here.
pub(super) fn double(text: &str) -> Result<f64, CodecError> {
    let text = text.trim();
    if !text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E')) {
        return Err(CodecError::range(text, "double (XML-RPC has no NaN or infinity)"));
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(CodecError::range(text, "double")),
    }
}

/// Appends the shortest decimal fraction that reads back as the same number, without an exponent.
pub(super) fn write_double(out: &mut Vec<u8>, number: f64) -> Result<(), CodecError> {
    if !number.is_finite() {
        let why = "XML-RPC has no NaN or infinity; send None or a text instead";
        return Err(CodecError::unsupported(format!("the double {number}"), why));
    }
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(number);
    if text.bytes().any(|b| b == b'e') {
        let plain = number.to_string();
        out.extend_from_slice(plain.as_bytes());
        if !plain.contains('.') {
            out.extend_from_slice(b".0");
        }
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    Ok(())
}

/// The same for the shortest text of a narrow float, so that 0.1 stays 0.1.
pub(super) fn write_float(out: &mut Vec<u8>, number: f32) -> Result<(), CodecError> {
    match number.to_string().parse::<f64>() {
        Ok(wide) => write_double(out, wide),
        Err(_) => write_double(out, f64::from(number)),
    }
}

/// Octets from base64 with or without line breaks and padding.
pub(super) fn octets(text: &str) -> Result<Vec<u8>, CodecError> {
    let bad = |e: base64::DecodeError| CodecError::range(text, "base64").with_source(e);
    match BASE64.decode(text) {
        Ok(octets) => Ok(octets),
        Err(base64::DecodeError::InvalidByte(_, b' ' | b'\t' | b'\n' | b'\r')) => {
            let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
            BASE64.decode(packed).map_err(bad)
        }
        Err(e) => Err(bad(e)),
    }
}

/// Appends base64 in one line.
pub(super) fn write_octets(out: &mut Vec<u8>, octets: &[u8]) {
    let len = octets.len().div_ceil(3) * 4;
    let start = out.len();
    out.resize(start + len, 0);
    let written = BASE64.encode_slice(octets, &mut out[start..]).unwrap_or(0);
    out.truncate(start + written);
}
