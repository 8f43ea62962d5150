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
    trimmed(text).parse().map_err(|_| CodecError::range(text, ty))
}

/// Text without the white space around it, of which most texts in messages have none.
#[inline]
fn trimmed(text: &str) -> &str {
    let octets = text.as_bytes();
    let graphic = |octet: Option<&u8>| octet.is_some_and(u8::is_ascii_graphic);
    if graphic(octets.first()) && graphic(octets.last()) { text } else { text.trim() }
}

/// The number that a short decimal fraction without an exponent is, such as most are; `None` for all
/// other texts, which are for [`str::parse`].
///
/// ```
/// use farcall_wire::text::short_decimal;
///
/// assert_eq!(short_decimal("-12.375"), Some(-12.375));
/// assert_eq!(short_decimal("1e3"), None);
/// ```
#[must_use]
pub fn short_decimal(text: &str) -> Option<f64> {
    // up to 15 digits and the power of ten that divides them are exact, so that the quotient is rounded
    // once, and right
    const POWERS: [f64; 16] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (negative, octets) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        all => (false, all),
    };
    let (mut number, mut digits, mut point) = (0_u64, 0, None);
    for &octet in octets {
        match octet {
            b'0'..=b'9' if digits < 15 => {
                number = number * 10 + u64::from(octet - b'0');
                digits += 1;
            }
            b'.' if point.is_none() => point = Some(digits),
            _ => return None,
        }
    }
    if digits == 0 {
        return None;
    }
    let number = number as f64 / POWERS[digits - point.unwrap_or(digits)];
    Some(if negative { -number } else { number })
}

/// `1` and `0`, `true` and `false`, as XML-RPC and XML Schema have them.
///
/// # Errors
/// [`crate::ErrorKind::Range`] for anything else.
pub fn boolean(text: &str) -> Result<bool, CodecError> {
    match trimmed(text) {
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

/// A finite double as the shortest decimal that reads back as the same, always with a point or an
/// exponent.
///
/// ```
/// use farcall_wire::text::Double;
///
/// assert_eq!(Double::new().format(12.5), "12.5");
/// assert_eq!(Double::new().format(-1e300), "-1e300");
/// ```
pub struct Double {
    few: [u8; FEW],
    shortest: ryu::Buffer,
}

/// Octets of a number with three digits behind the point, whose thousandths are below [`THOUSANDTHS`].
const FEW: usize = 17;
/// So many decimal digits identify a double, so that no shorter text does.
const THOUSANDTHS: f64 = 9e14;

impl std::fmt::Debug for Double {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Double").finish_non_exhaustive()
    }
}

impl Default for Double {
    fn default() -> Self {
        Self::new()
    }
}

impl Double {
    /// Room for a text.
    #[must_use]
    pub fn new() -> Self {
        Self { few: [0; FEW], shortest: ryu::Buffer::new() }
    }

    /// The text of a number; that of one that is not finite is no number.
    #[inline]
    pub fn format(&mut self, number: f64) -> &str {
        match thousandths(number) {
            Some(count) => self.of_thousandths(count, number < 0.0),
            None => self.shortest.format_finite(number),
        }
    }

    /// A number that has no more than three digits behind the point, as most that people write.
    fn of_thousandths(&mut self, count: u64, negative: bool) -> &str {
        let (mut whole, mut fraction, mut digits) = (count / 1000, count % 1000, 3);
        while digits > 1 && fraction.is_multiple_of(10) {
            (fraction, digits) = (fraction / 10, digits - 1);
        }
        let mut at = FEW;
        let mut put = |octet: u8| {
            at -= 1;
            self.few[at] = octet;
        };
        for _ in 0..digits {
            put(b'0' + (fraction % 10) as u8);
            fraction /= 10;
        }
        put(b'.');
        loop {
            put(b'0' + (whole % 10) as u8);
            whole /= 10;
            if whole == 0 {
                break;
            }
        }
        if negative {
            put(b'-');
        }
        std::str::from_utf8(&self.few[at..]).unwrap_or_default()
    }
}

/// How many thousandths a number is the nearest double to.
#[inline]
fn thousandths(number: f64) -> Option<u64> {
    let size = number.abs();
    let scaled = size * 1000.0;
    if !(1.0..THOUSANDTHS).contains(&scaled) {
        return None;
    }
    let count = (scaled + 0.5) as u64;
    // a division rounds to the nearest, and so does who reads the text
    (count as f64 / 1000.0 == size).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_decimals_are_what_the_general_way_makes_of_them() {
        let texts =
            ["0", "-0", "1.", ".5", "-.5", "0.1", "123456789012345", "0.12345678901234", "1.005", "00.50"];
        for text in texts {
            let general: f64 = text.parse().unwrap();
            assert_eq!(short_decimal(text).map(f64::to_bits), Some(general.to_bits()), "{text}");
        }
        let mut state = 7_u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (number, places) = ((state >> 16) % 1_000_000_000_000_000, (state >> 8) as usize % 15);
            let digits = format!("{number:0>16}");
            let text = format!("{}.{}", &digits[..16 - places], &digits[16 - places..]);
            let text = text.trim_start_matches('0');
            let general: f64 = text.parse().unwrap_or_default();
            let short = short_decimal(text).unwrap_or(general);
            assert_eq!(short.to_bits(), general.to_bits(), "{text}");
        }
        for text in ["", "-", ".", "-.", "+1", "1e3", "1.2.3", " 1", "NaN", "1234567890123456", "1,5"] {
            assert_eq!(short_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn doubles_as_short_as_can_be() {
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let random = std::iter::repeat_with(|| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        });
        let edges = [0, 1, 999, 1000, 1001, 123_450, 899_999_999_999_999, 900_000_000_000_001];
        for count in edges.into_iter().chain(random.take(20_000)) {
            let size = count >> (count % 64);
            let near = size as f64 / 1000.0;
            let numbers = [near, -near, near.next_up(), near.next_down(), f64::from_bits(count), size as f64];
            for number in numbers.into_iter().filter(|number| number.is_finite()) {
                let text = ryu::Buffer::new().format_finite(number).to_owned();
                assert_eq!(Double::new().format(number), text);
            }
        }
    }

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
