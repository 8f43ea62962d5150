//! [`Decimal`]: a decimal number of any precision, kept as its digits.

use std::fmt;
use std::str::FromStr;

/// A decimal number of any precision (XSD `decimal` and `integer`, IDL `fixed`).
///
/// It carries numbers, it does not calculate. Two are equal if they are the
/// same number: `1.50` and `1.5` are; the digits given are kept for output.
#[derive(Clone, Debug)]
pub struct Decimal {
    text: String,
}

/// What was given is not a decimal number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a decimal number: an optional sign, digits, and at most one point")]
pub struct InvalidDecimal(String);

impl Decimal {
    /// The digits as given, with a leading `-` for negative numbers and never a `+`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Sign, whole digits without leading zeros, fraction without trailing ones.
    fn parts(&self) -> (bool, &str, &str) {
        let (negative, digits) = match self.text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, self.text.as_str()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        (negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction)
    }
}

impl FromStr for Decimal {
    type Err = InvalidDecimal;

    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
            let shown: String = text.chars().take(40).collect();
            return Err(InvalidDecimal(shown));
        }
        Ok(Self { text: text.strip_prefix('+').unwrap_or(text).to_owned() })
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Decimal {}

impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self { text: number.to_string() }
    }
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Self {
        Self { text: number.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_by_number_kept_by_digits() {
        let a: Decimal = "+001.50".parse().unwrap();
        assert_eq!(a, "1.5".parse().unwrap());
        assert_eq!(a.as_str(), "001.50");
        assert_eq!("-0.0".parse::<Decimal>().unwrap(), Decimal::from(0_i64));
        assert_ne!("-1".parse::<Decimal>().unwrap(), Decimal::from(1_i64));
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", ".", "-", "+-1", "1e5", "1.2.3", " 1", "INF", "1,5"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }
}
