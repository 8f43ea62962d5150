//! [`Nillable`]: a value that is there, nil or absent.

use farcall_model::Type;

use crate::{CodecError, Decode, Decoder, Describe, Encode, Encoder, Written};

/// A value, nil, or nothing at all: an element of XML Schema that is both `minOccurs="0"` and
/// `nillable="true"`, which services use to tell "set it to nothing" from "leave it as it is".
///
/// Generated code has it for such elements. On a wire it is what `Option<Option<T>>` is.
///
/// ```
/// use farcall_wire::{Nillable, from_value, to_value};
///
/// let comment: Nillable<String> = "new".to_owned().into();
/// assert_eq!(comment.value().map(String::as_str), Some("new"));
/// assert_eq!(Nillable::<String>::from(None::<String>), Nillable::Absent);
/// let nil = from_value::<Nillable<i32>>(&to_value(&Nillable::<i32>::Nil)?)?;
/// assert!(nil.is_nil() && nil.into_value().is_none());
/// # Ok::<(), farcall_wire::CodecError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nillable<T> {
    /// No element.
    #[default]
    Absent,
    /// An element that says `xsi:nil`.
    Nil,
    /// An element with a value.
    Value(T),
}

impl<T> Nillable<T> {
    /// The value, if there is one; neither nil nor absence is.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Nil => None,
        }
    }

    /// The value itself, if there is one.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Nil => None,
        }
    }

    /// True if it is nil.
    pub const fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// True if it is not there.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The same of what `change` makes of the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Nillable<U> {
        match self {
            Self::Absent => Nillable::Absent,
            Self::Nil => Nillable::Nil,
            Self::Value(value) => Nillable::Value(change(value)),
        }
    }
}

impl<T> From<T> for Nillable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nillable<T> {
    /// None is absent.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl<T> From<Option<Option<T>>> for Nillable<T> {
    fn from(value: Option<Option<T>>) -> Self {
        match value {
            None => Self::Absent,
            Some(None) => Self::Nil,
            Some(Some(value)) => Self::Value(value),
        }
    }
}

impl<T> From<Nillable<T>> for Option<Option<T>> {
    fn from(value: Nillable<T>) -> Self {
        match value {
            Nillable::Absent => None,
            Nillable::Nil => Some(None),
            Nillable::Value(value) => Some(Some(value)),
        }
    }
}

impl<T: Describe> Describe for Nillable<T> {
    const HAS_NIL: bool = true;

    fn describe() -> &'static Type {
        Option::<Option<T>>::describe()
    }
}

impl<T: Encode> Encode for Nillable<T> {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        match self {
            Self::Absent => out.absent(),
            Self::Nil => out.some(|out| None::<T>.encode(out)),
            Self::Value(value) => out.some(|out| out.some(|out| value.encode(out))),
        }
    }
}

impl<T: Decode> Decode for Nillable<T> {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        Ok(Option::<Option<T>>::decode(from)?.into())
    }

    fn missing() -> Option<Self> {
        Some(Self::Absent)
    }
}
