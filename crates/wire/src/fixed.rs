//! [`Fixed`]: decimal numbers of a given number of digits.

use farcall_model::{Decimal, Type};

use crate::{CodecError, Decode, Decoder, Describe, Encode, Encoder, Written};

/// A decimal number of `DIGITS` digits, `SCALE` of them after the point (IDL `fixed`).
///
/// Whether a number fits is found where it is written to a wire that has such numbers.
///
/// ```
/// use farcall_model::Type;
/// use farcall_wire::{Describe, Fixed, from_value, to_value};
///
/// let price: Fixed<5, 2> = "123.45".parse::<farcall_model::Decimal>()?.into();
/// assert_eq!(*Fixed::<5, 2>::describe(), Type::Fixed { digits: 5, scale: 2 });
/// assert_eq!(from_value::<Fixed<5, 2>>(&to_value(&price)?)?, price);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fixed<const DIGITS: u16, const SCALE: u16>(pub Decimal);

impl<const DIGITS: u16, const SCALE: u16> From<Decimal> for Fixed<DIGITS, SCALE> {
    fn from(number: Decimal) -> Self {
        Self(number)
    }
}

impl<const DIGITS: u16, const SCALE: u16> Describe for Fixed<DIGITS, SCALE> {
    const LABEL: crate::Label =
        crate::Label::new("Fixed").number(DIGITS as i128).with("Dot").number(SCALE as i128);

    fn describe() -> &'static Type {
        const { &Type::Fixed { digits: DIGITS, scale: SCALE } }
    }
}

impl<const DIGITS: u16, const SCALE: u16> Encode for Fixed<DIGITS, SCALE> {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.fixed(&self.0, DIGITS, SCALE)
    }
}

impl<const DIGITS: u16, const SCALE: u16> Decode for Fixed<DIGITS, SCALE> {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        from.fixed(DIGITS, SCALE).map(Self)
    }
}
