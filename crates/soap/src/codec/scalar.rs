//! The texts of simple values (XML Schema part 2, §3): strict in what is
//! written, and as liberal in what is read as real peers need.

use farcall_wire::{CodecError, text};

/// A number with or without an exponent, `NaN`, `INF`, `-INF`; also as other
/// stacks spell those (`NAN`, `Infinity`).
pub(super) fn double(text: &str) -> Result<f64, CodecError> {
    if let Some(number) = text::short_decimal(text) {
        return Ok(number);
    }
    let number: f64 = text::parsed(text, "double")?;
    let finite = text.bytes().any(|b| b.is_ascii_digit());
    if finite && number.is_infinite() { Err(CodecError::range(text, "double")) } else { Ok(number) }
}

/// As [`double`], in 32 bits.
pub(super) fn float(text: &str) -> Result<f32, CodecError> {
    let number: f32 = text::parsed(text, "float")?;
    let finite = text.bytes().any(|b| b.is_ascii_digit());
    if finite && number.is_infinite() { Err(CodecError::range(text, "float")) } else { Ok(number) }
}

/// How XML Schema writes a number that is none; `None` for one that is.
pub(super) fn not_finite(number: f64) -> Option<&'static str> {
    if number.is_finite() {
        None
    } else if number.is_nan() {
        Some("NaN")
    } else if number > 0.0 {
        Some("INF")
    } else {
        Some("-INF")
    }
}

/// Octets from pairs of hexadecimal digits.
pub(super) fn hex(text: &str) -> Result<Vec<u8>, CodecError> {
    let bad = || CodecError::range(text, "hexBinary");
    let digits = text.trim().as_bytes();
    if !digits.len().is_multiple_of(2) {
        return Err(bad());
    }
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    let pair = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(pair[1])?);
    digits.chunks_exact(2).map(pair).collect::<Option<_>>().ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_none() {
        for text in ["INF", "+INF", "inf", "Infinity"] {
            assert_eq!(double(text).unwrap(), f64::INFINITY, "{text}");
        }
        assert_eq!(double(" -INF ").unwrap(), f64::NEG_INFINITY);
        for text in ["NaN", "NAN", "nan"] {
            assert!(double(text).unwrap().is_nan() && float(text).unwrap().is_nan());
        }
        for text in ["", "1e999", "0x10", "1,5", "--1"] {
            assert!(double(text).is_err() && float(text).is_err(), "{text}");
        }
    }

    #[test]
    fn octets() {
        assert_eq!(hex("00fFA0").unwrap(), [0, 255, 160]);
        assert!(hex("0").is_err() && hex("0g").is_err());
    }
}
