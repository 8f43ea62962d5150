//! The values of expressions: literals read, operators applied.

use farcall_model::Decimal;

use crate::spec::DeclId;

/// What an expression is worth, before it is fitted to a type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Integer(i128),
    Float(f64),
    Fixed(Fixed),
    Bool(bool),
    Char { wide: bool, code: u32 },
    Text { wide: bool, text: String },
    Enum(DeclId),
}

impl Value {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a floating point number",
            Self::Fixed(_) => "a fixed point number",
            Self::Bool(_) => "a boolean",
            Self::Char { wide: false, .. } => "a character",
            Self::Char { wide: true, .. } => "a wide character",
            Self::Text { wide: false, .. } => "a string",
            Self::Text { wide: true, .. } => "a wide string",
            Self::Enum(_) => "a name of an enumeration",
        }
    }
}

/// `mantissa` / 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fixed {
    pub(super) mantissa: i128,
    pub(super) scale: u32,
}

/// Digits that a fixed has at most.
const DIGITS: u32 = 31;

impl Fixed {
    /// Without zeros at the end of the fraction, and no more digits than fit.
    fn new(mut mantissa: i128, mut scale: u32) -> Result<Self, String> {
        let most = 10_i128.pow(DIGITS);
        while scale > 0 && (mantissa % 10 == 0 || mantissa.abs() >= most) {
            mantissa /= 10;
            scale -= 1;
        }
        if mantissa.abs() >= most { Err(too_large()) } else { Ok(Self { mantissa, scale }) }
    }

    fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || digits.len() > 38 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Self::new(digits.parse().ok()?, u32::try_from(fraction.len()).ok()?).ok()
    }

    /// Both mantissas at the greater scale.
    fn align(self, other: Self) -> Result<(i128, i128, u32), String> {
        let scale = self.scale.max(other.scale);
        let lift = |f: Self| {
            10_i128
                .checked_pow(scale - f.scale)
                .and_then(|by| f.mantissa.checked_mul(by))
                .ok_or_else(too_large)
        };
        Ok((lift(self)?, lift(other)?, scale))
    }

    fn divide(self, other: Self) -> Result<Self, String> {
        if other.mantissa == 0 {
            return Err("this divides by zero".into());
        }
        let (mut a, b, _) = self.align(other)?;
        let mut scale = 0;
        let mut out = a / b;
        a %= b;
        while a != 0 && scale < DIGITS && out.abs() < 10_i128.pow(DIGITS - 1) {
            let Some(next) = a.checked_mul(10) else { break };
            let digit = next / b;
            out = out * 10 + digit;
            a = next % b;
            scale += 1;
        }
        Self::new(out, scale)
    }

    pub(super) fn decimal(self) -> Option<Decimal> {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}").parse().ok()
    }

    pub(super) fn from_decimal(text: &Decimal) -> Option<Self> {
        let text = text.as_str();
        match text.strip_prefix('-') {
            Some(rest) => Self::parse(rest).map(|f| Self { mantissa: -f.mantissa, ..f }),
            None => Self::parse(text),
        }
    }
}

fn too_large() -> String {
    "this is larger than any type can hold".to_owned()
}

/// A literal of digits.
pub(super) fn literal(text: &str) -> Result<Value, String> {
    let bad = || format!("'{text}' is no number that IDL knows");
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let all = !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit());
        return if all {
            i128::from_str_radix(hex, 16).map(Value::Integer).map_err(|_| too_large())
        } else {
            Err(bad())
        };
    }
    if let Some(fixed) = text.strip_suffix(['d', 'D']) {
        return Fixed::parse(fixed).map(Value::Fixed).ok_or_else(bad);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let octal = text.len() > 1 && text.starts_with('0');
        if octal && text.contains(['8', '9']) {
            return Err(format!("'{text}' starts with 0 and so is octal, but has digits over 7"));
        }
        let radix = if octal { 8 } else { 10 };
        return i128::from_str_radix(text, radix).map(Value::Integer).map_err(|_| too_large());
    }
    let shape = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    let value: f64 = if shape { text.parse().map_err(|_| bad())? } else { return Err(bad()) };
    if value.is_finite() { Ok(Value::Float(value)) } else { Err(too_large()) }
}

/// An operator of one operand; `mask` is all ones of the unsigned type that is wanted, if one is.
pub(super) fn unary(op: &str, value: Value, mask: Option<i128>) -> Result<Value, String> {
    Ok(match (op, value) {
        ("+", value @ (Value::Integer(_) | Value::Float(_) | Value::Fixed(_))) => value,
        ("-", Value::Integer(n)) => Value::Integer(n.checked_neg().ok_or_else(too_large)?),
        ("-", Value::Float(n)) => Value::Float(-n),
        ("-", Value::Fixed(f)) => Value::Fixed(Fixed { mantissa: -f.mantissa, ..f }),
        ("~", Value::Integer(n)) => Value::Integer(match mask {
            Some(mask) if n >= 0 => mask.checked_sub(n).ok_or_else(too_large)?,
            _ => !n,
        }),
        (op, value) => return Err(format!("'{op}' does nothing with {}", value.kind())),
    })
}

/// An operator of two operands.
pub(super) fn binary(op: &str, left: Value, right: Value) -> Result<Value, String> {
    match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => integers(op, a, b).map(Value::Integer),
        (Value::Float(a), Value::Float(b)) => floats(op, a, b),
        #[allow(clippy::cast_precision_loss)]
        (Value::Float(a), Value::Integer(b)) => floats(op, a, b as f64),
        #[allow(clippy::cast_precision_loss)]
        (Value::Integer(a), Value::Float(b)) => floats(op, a as f64, b),
        (Value::Fixed(a), Value::Fixed(b)) => fixeds(op, a, b).map(Value::Fixed),
        (Value::Fixed(a), Value::Integer(b)) => fixeds(op, a, Fixed::new(b, 0)?).map(Value::Fixed),
        (Value::Integer(a), Value::Fixed(b)) => fixeds(op, Fixed::new(a, 0)?, b).map(Value::Fixed),
        (a, b) => Err(format!("'{op}' does nothing with {} and {}", a.kind(), b.kind())),
    }
}

fn integers(op: &str, a: i128, b: i128) -> Result<i128, String> {
    let by = || {
        let by = u32::try_from(b).ok().filter(|n| *n < 64);
        by.ok_or_else(|| format!("this shifts by {b}; it can be by 0 to 63"))
    };
    let value = match op {
        "|" => Some(a | b),
        "^" => Some(a ^ b),
        "&" => Some(a & b),
        "<<" => a.checked_mul(1 << by()?),
        ">>" => Some(a >> by()?),
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" | "%" if b == 0 => return Err("this divides by zero".into()),
        "/" => a.checked_div(b),
        _ => a.checked_rem(b),
    };
    value.ok_or_else(too_large)
}

fn floats(op: &str, a: f64, b: f64) -> Result<Value, String> {
    let value = match op {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" if b == 0.0 => return Err("this divides by zero".into()),
        "/" => a / b,
        _ => return Err(format!("'{op}' is for integers only")),
    };
    if value.is_finite() { Ok(Value::Float(value)) } else { Err(too_large()) }
}

fn fixeds(op: &str, a: Fixed, b: Fixed) -> Result<Fixed, String> {
    match op {
        "+" | "-" => {
            let (x, y, scale) = a.align(b)?;
            let sum = if op == "+" { x.checked_add(y) } else { x.checked_sub(y) };
            Fixed::new(sum.ok_or_else(too_large)?, scale)
        }
        "*" => Fixed::new(a.mantissa.checked_mul(b.mantissa).ok_or_else(too_large)?, a.scale + b.scale),
        "/" => a.divide(b),
        _ => Err(format!("'{op}' is for integers only")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Fixed {
        Fixed::parse(text).unwrap()
    }

    fn shown(value: Result<Fixed, String>) -> String {
        value.unwrap().decimal().unwrap().as_str().to_owned()
    }

    #[test]
    fn fixed_point() {
        assert_eq!(shown(fixeds("+", fixed("1.25"), fixed("2.5"))), "3.75");
        assert_eq!(shown(fixeds("-", fixed("0.1"), fixed("0.35"))), "-0.25");
        assert_eq!(shown(fixeds("*", fixed("3.14"), fixed("2"))), "6.28");
        assert_eq!(shown(fixeds("/", fixed("1"), fixed("8"))), "0.125");
        assert!(shown(fixeds("/", fixed("1"), fixed("3"))).starts_with("0.33333333333333333333"));
        assert!(fixeds("/", fixed("1"), fixed("0")).is_err());
        let large = fixed(&"9".repeat(31));
        assert!(fixeds("*", large, large).is_err());
    }

    #[test]
    fn literals() {
        assert_eq!(literal("017").unwrap(), Value::Integer(15));
        assert_eq!(literal("0xFf").unwrap(), Value::Integer(255));
        assert_eq!(literal("1e3").unwrap(), Value::Float(1000.0));
        assert_eq!(literal("1.50d").unwrap(), Value::Fixed(Fixed { mantissa: 15, scale: 1 }));
        for text in ["08", "0x", "1x", "1.2.3", "1e999", "1_000", &"9".repeat(50)] {
            assert!(literal(text).is_err(), "{text}");
        }
    }
}
