//! [`Bounded`]: texts and sequences of so many items at most.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use farcall_model::{Type, TypeRef};

use crate::{CodecError, Decode, Decoder, Describe, Encode, Encoder, ErrorKind, Wide, Written};

/// What has a number of items, or of characters.
pub trait Length {
    /// How many there are.
    fn length(&self) -> usize;
}

macro_rules! lengths {
    ($([$($item:ident),*] $ty:ty, $it:ident => $length:expr;)*) => {$(
        impl<$($item),*> Length for $ty {
            fn length(&self) -> usize {
                let $it = self;
                $length
            }
        }
    )*};
}

lengths! {
    [] String, it => it.chars().count();
    [] Wide<String>, it => it.0.chars().count();
    [] Bytes, it => it.len();
    [T] Vec<T>, it => it.len();
    [K, V] BTreeMap<K, V>, it => it.len();
}

/// Text or a sequence of `MOST` items at most (IDL `string<10>`, `sequence<long, 5>`).
///
/// Whether a value fits is found where it is written, and where it is read.
///
/// ```
/// use farcall_wire::{Bounded, from_value, to_value};
///
/// let few: Bounded<Vec<i32>, 2> = vec![1, 2].into();
/// assert_eq!(from_value::<Bounded<Vec<i32>, 2>>(&to_value(&few)?)?, few);
/// let many: Bounded<Vec<i32>, 2> = vec![1, 2, 3].into();
/// assert!(to_value(&many).is_err());
/// assert_eq!(many.iter().sum::<i32>(), 6);
/// # Ok::<(), farcall_wire::CodecError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bounded<T, const MOST: usize>(pub T);

impl<T, const MOST: usize> From<T> for Bounded<T, MOST> {
    fn from(items: T) -> Self {
        Self(items)
    }
}

impl<const MOST: usize> From<&str> for Bounded<String, MOST> {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl<T, const MOST: usize> Deref for Bounded<T, MOST> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T, const MOST: usize> DerefMut for Bounded<T, MOST> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Describe, const MOST: usize> Describe for Bounded<T, MOST> {
    const LABEL: crate::Label = T::LABEL.with("UpTo").number(MOST as i128);

    fn describe() -> &'static Type {
        const { &Type::Bounded(TypeRef::Static(T::describe), MOST) }
    }
}

impl<T: Encode + Length, const MOST: usize> Encode for Bounded<T, MOST> {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        within(self.0.length(), MOST)?;
        self.0.encode(out)
    }
}

impl<T: Decode + Length, const MOST: usize> Decode for Bounded<T, MOST> {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        let start = from.offset();
        let items = T::decode(from)?;
        within(items.length(), MOST).map_err(|e| e.at(start))?;
        Ok(Self(items))
    }
}

/// Checks a number of items or characters against the most that there may be.
///
/// # Errors
/// [`ErrorKind::Count`] beyond it.
pub fn within(found: usize, most: usize) -> Written {
    if found <= most { Ok(()) } else { Err(beyond(found, most)) }
}

#[cold]
fn beyond(found: usize, most: usize) -> CodecError {
    let expected = format!("{most} at most");
    CodecError::new(ErrorKind::Count { what: "items", expected, found })
}
