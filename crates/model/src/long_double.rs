//! [`LongDouble`]: IEEE 754 binary128, which stable Rust has no type for.

use std::fmt;
use std::str::FromStr;

use rustc_apfloat::ieee::{Double, Quad};
use rustc_apfloat::{Float as _, FloatConvert as _, Round};

/// A number in IEEE 754 binary128 (IDL `long double`), by its bits.
///
/// Farcall carries such numbers, and does not calculate with them.
///
/// ```
/// use farcall_model::LongDouble;
///
/// let tenth: LongDouble = "0.1".parse()?;
/// assert_ne!(tenth, LongDouble::from(0.1_f64)); // it is closer
/// assert_eq!(tenth.to_f64(), 0.1);
/// assert_eq!(LongDouble::from(2.5).to_string(), "2.5");
/// # Ok::<(), farcall_model::InvalidLongDouble>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct LongDouble(u128);

/// A text is no floating point number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a floating point number such as -1.5, 2E-30, NaN or INF")]
pub struct InvalidLongDouble;

/// Longer texts are not read: no number needs them.
const LONGEST: usize = 1 << 10;

impl LongDouble {
    /// From its bits: sign, 15 of exponent, 112 of fraction.
    #[must_use]
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// Its bits.
    #[must_use]
    pub const fn to_bits(self) -> u128 {
        self.0
    }

    /// The nearest number of 64 bits; infinite where it is too large.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        let near: Double = Quad::from_bits(self.0).convert(&mut false).value;
        // of 64 bits in any case
        f64::from_bits(near.to_bits() as u64)
    }
}

impl From<f64> for LongDouble {
    fn from(number: f64) -> Self {
        let same: Quad = Double::from_bits(number.to_bits().into()).convert(&mut false).value;
        Self(same.to_bits())
    }
}

impl fmt::Display for LongDouble {
    /// In so many digits that the text is read as the same number; `NaN`, `INF` and `-INF`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = Quad::from_bits(self.0);
        match (number.is_nan(), number.is_infinite(), number.is_negative()) {
            (true, _, _) => f.write_str("NaN"),
            (_, true, false) => f.write_str("INF"),
            (_, true, true) => f.write_str("-INF"),
            _ => write!(f, "{number}"),
        }
    }
}

impl fmt::Debug for LongDouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for LongDouble {
    type Err = InvalidLongDouble;

    fn from_str(text: &str) -> Result<Self, InvalidLongDouble> {
        let special = match text {
            "NaN" => Some(Quad::NAN),
            "INF" | "+INF" => Some(Quad::INFINITY),
            "-INF" => Some(-Quad::INFINITY),
            _ => None,
        };
        if let Some(number) = special {
            return Ok(Self(number.to_bits()));
        }
        if text.len() > LONGEST || !is_number(text) {
            return Err(InvalidLongDouble);
        }
        let read = Quad::from_str_r(text, Round::NearestTiesToEven).map_err(|_| InvalidLongDouble)?;
        Ok(Self(read.value.to_bits()))
    }
}

/// Digits, with a point among them, and a short exponent.
fn is_number(text: &str) -> bool {
    let unsigned = |text: &str| text.strip_prefix(['+', '-']).unwrap_or(text).to_owned();
    let digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (mantissa, exponent) = (unsigned(mantissa), unsigned(exponent));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    !(whole.is_empty() && fraction.is_empty())
        && digits(whole)
        && digits(fraction)
        && (1..=6).contains(&exponent.len())
        && digits(&exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_bits_and_doubles() {
        for (text, bits, double) in [
            ("0", 0, 0.0),
            ("1", 0x3fff << 112, 1.0),
            ("-2.5", 0xc000_4000_u128 << 96, -2.5),
            ("INF", 0x7fff << 112, f64::INFINITY),
            ("-INF", 0xffff << 112, f64::NEG_INFINITY),
        ] {
            let number: LongDouble = text.parse().unwrap();
            assert_eq!(number.to_bits(), bits, "{text}");
            assert_eq!(number.to_f64(), double);
            assert_eq!(LongDouble::from(double), number);
            assert_eq!(number.to_string(), text);
        }
        assert_eq!("-0".parse::<LongDouble>().unwrap().to_f64().to_bits(), (-0.0_f64).to_bits());
        assert!("NaN".parse::<LongDouble>().unwrap().to_f64().is_nan());
    }

    #[test]
    fn texts_of_any_bits_are_read_as_the_same() {
        // a sequence that comes through all exponents, the smallest numbers among them
        let mut bits = 1_u128;
        for _ in 0..40 {
            let number = LongDouble::from_bits(bits);
            if !number.to_string().ends_with("NaN") {
                assert_eq!(number.to_string().parse(), Ok(number), "{number}");
            }
            bits = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).wrapping_add(bits >> 3);
        }
    }

    #[test]
    fn texts_of_no_number_are_refused() {
        for text in ["", ".", "-", "e5", "1e", "1e1234567", "0x10", "1.2.3", " 1", "--1", &"1".repeat(2000)] {
            assert_eq!(text.parse::<LongDouble>(), Err(InvalidLongDouble), "{text}");
        }
        assert_eq!("1e99999".parse::<LongDouble>().unwrap().to_f64(), f64::INFINITY);
    }
}
