//! The texts of doubles, which XML-RPC writes without exponents and without
//! infinities.

use farcall_wire::{CodecError, text};

/// A decimal fraction; an exponent is read too, infinities and NaN are not numbers here.
pub(super) fn double(text: &str) -> Result<f64, CodecError> {
    if let Some(number) = text::short_decimal(text) {
        return Ok(number);
    }
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
    let mut buffer = text::Double::new();
    let text = buffer.format(number);
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
