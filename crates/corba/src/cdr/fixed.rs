//! IDL's `fixed` as packed decimal digits, two an octet, the sign in the last
//! half (CORBA 3.3 part 2, §9.3.2.8).

use farcall_model::Decimal;
use farcall_wire::{CodecError, ErrorKind};

/// The half octets that say the sign.
const PLUS: u8 = 0xc;
const MINUS: u8 = 0xd;

/// How many octets a number of so many digits takes.
pub(super) fn len(digits: u16) -> usize {
    usize::from(digits) / 2 + 1
}

/// The octets of a number.
pub(super) fn octets(value: &Decimal, digits: u16, scale: u16) -> Result<Vec<u8>, CodecError> {
    let outside = || CodecError::range(value.as_str(), format!("fixed<{digits}, {scale}>"));
    let (negative, text) = match value.as_str().strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, value.as_str()),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let (digits, scale) = (usize::from(digits), usize::from(scale));
    if scale > digits || whole.len() > digits - scale || fraction.len() > scale {
        return Err(outside());
    }
    let mut halves = Vec::with_capacity(digits + 2);
    // a half before, for an even number of digits and the sign to fill octets
    halves.resize((digits + 1) % 2 + digits - scale - whole.len(), 0);
    halves.extend(whole.bytes().chain(fraction.bytes()).map(|digit| digit - b'0'));
    halves.resize(halves.len() + scale - fraction.len(), 0);
    halves.push(if negative && halves.iter().any(|half| *half != 0) { MINUS } else { PLUS });
    Ok(halves.chunks(2).map(|pair| pair.iter().fold(0, |octet, half| octet << 4 | half)).collect())
}

/// The number of octets.
pub(super) fn decimal(octets: &[u8], digits: u16, scale: u16) -> Result<Decimal, CodecError> {
    let wrong = |what: &str| CodecError::new(ErrorKind::Syntax(format!("a fixed number {what}")));
    let halves: Vec<u8> = octets.iter().flat_map(|octet| [octet >> 4, octet & 15]).collect();
    let Some((sign, halves)) = halves.split_last() else { return Err(wrong("has no octets")) };
    // the half that fills up an even number of digits comes first
    let start = halves.len() - usize::from(digits).min(halves.len());
    let halves = &halves[start..];
    let point = halves.len() - usize::from(scale).min(halves.len());
    let mut text = String::with_capacity(halves.len() + 2);
    match *sign {
        MINUS => text.push('-'),
        PLUS => {}
        _ => return Err(wrong("has no sign")),
    }
    if point == 0 {
        text.push('0');
    }
    for (index, half) in halves.iter().enumerate() {
        if index == point {
            text.push('.');
        }
        text.push(char::from_digit(u32::from(*half), 10).ok_or_else(|| wrong("has a digit beyond 9"))?);
    }
    text.parse().map_err(|_| wrong("has no digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_as_the_specification_packs_them() {
        for (text, digits, scale, packed) in [
            ("123.45", 5, 2, &[0x12, 0x34, 0x5c][..]),
            ("-12.3", 4, 1, &[0x00, 0x12, 0x3d]),
            ("0", 1, 0, &[0x0c]),
            ("-0.0", 3, 1, &[0x00, 0x0c]),
            (".5", 2, 2, &[0x05, 0x0c]),
        ] {
            let number: Decimal = text.parse().unwrap();
            let octets = octets(&number, digits, scale).unwrap();
            assert_eq!(octets, packed, "{text}");
            assert_eq!(octets.len(), len(digits));
            assert_eq!(decimal(&octets, digits, scale).unwrap(), number);
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        for (text, digits, scale) in [("123", 2, 0), ("1.25", 3, 1), ("10", 3, 2), ("1", 1, 2)] {
            assert!(octets(&text.parse().unwrap(), digits, scale).is_err(), "{text}");
        }
        for packed in [&[][..], &[0x12], &[0xac], &[0x1a, 0x2c]] {
            assert!(decimal(packed, 3, 0).is_err(), "{packed:?}");
        }
    }
}
