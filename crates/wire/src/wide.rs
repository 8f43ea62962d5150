//! [`Wide`]: characters and text that a wire with two kinds of them carries as
//! the wide one.

use farcall_model::Type;

use crate::{CodecError, Decode, Decoder, Describe, Encode, Encoder, Written};

/// A `char` or `String` that is IDL's `wchar` or `wstring`. On wires that have one kind of
/// text only it is that.
///
/// ```
/// use farcall_model::Type;
/// use farcall_wire::{Describe, Wide, from_value, to_value};
///
/// let name = Wide("漢字".to_owned());
/// assert_eq!(*Wide::<String>::describe(), Type::WideString);
/// assert_eq!(from_value::<Wide<String>>(&to_value(&name)?)?, name);
/// # Ok::<(), farcall_wire::CodecError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wide<T>(pub T);

impl<T> From<T> for Wide<T> {
    fn from(text: T) -> Self {
        Self(text)
    }
}

impl Describe for Wide<char> {
    const LABEL: crate::Label = crate::Label::new("WideChar");

    fn describe() -> &'static Type {
        &Type::WideChar
    }
}

impl Encode for Wide<char> {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.wide_char(self.0)
    }
}

impl Decode for Wide<char> {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        from.wide_char().map(Self)
    }
}

impl Describe for Wide<String> {
    const LABEL: crate::Label = crate::Label::new("WideString");

    fn describe() -> &'static Type {
        &Type::WideString
    }
}

impl Encode for Wide<String> {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.wide_str(&self.0)
    }
}

impl Decode for Wide<String> {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        from.wide_string().map(Self)
    }
}
