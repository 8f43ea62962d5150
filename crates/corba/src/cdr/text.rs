//! Code sets: how texts are octets on the wire (CORBA 3.3 part 2, §7.10), by
//! the numbers of the OSF registry.

use std::borrow::Cow;

use farcall_wire::{CodecError, ErrorKind};

/// A code set that this crate reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodeSet {
    /// ISO 8859-1, what peers speak that negotiated nothing.
    Latin1,
    /// UTF-8.
    Utf8,
    /// UTF-16, for wide text.
    Utf16,
    /// UCS-2, for wide text: UTF-16 without surrogates.
    Ucs2,
}

impl CodeSet {
    /// Its number in the OSF registry.
    #[must_use]
    pub fn id(self) -> u32 {
        match self {
            Self::Latin1 => 0x0001_0001,
            Self::Utf8 => 0x0501_0001,
            Self::Utf16 => 0x0001_0109,
            Self::Ucs2 => 0x0001_0100,
        }
    }

    /// The code set of that number, if it is one of these.
    #[must_use]
    pub fn of_id(id: u32) -> Option<Self> {
        [Self::Latin1, Self::Utf8, Self::Utf16, Self::Ucs2].into_iter().find(|set| set.id() == id)
    }
}

/// What a connection negotiated for `char` and `string`, and for `wchar` and `wstring`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeSets {
    /// The transmission code set of `char` and `string`.
    pub char: CodeSet,
    /// The transmission code set of `wchar` and `wstring`.
    pub wchar: CodeSet,
}

impl CodeSets {
    /// What this crate prefers: UTF-8 and UTF-16.
    pub const PREFERRED: Self = Self { char: CodeSet::Utf8, wchar: CodeSet::Utf16 };
    /// What holds where nothing was negotiated: ISO 8859-1, and UTF-16 for what is sent all the same.
    pub const DEFAULT: Self = Self { char: CodeSet::Latin1, wchar: CodeSet::Utf16 };
}

/// The octets of a text.
pub(crate) fn octets(text: &str, set: CodeSet) -> Result<Cow<'_, [u8]>, CodecError> {
    if set != CodeSet::Latin1 || text.is_ascii() {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    text.chars().map(|c| latin1(c).ok_or_else(|| unmapped(c))).collect::<Result<Vec<u8>, _>>().map(Cow::Owned)
}

/// The octet of a character in ISO 8859-1.
pub(crate) fn latin1(c: char) -> Option<u8> {
    u8::try_from(u32::from(c)).ok()
}

#[cold]
pub(crate) fn unmapped(c: char) -> CodecError {
    let what = format!("the character {c:?}");
    CodecError::unsupported(what, "the code set of this connection does not have it; negotiate UTF-8")
}

/// The text of octets.
pub(crate) fn text(octets: &[u8], set: CodeSet) -> Result<String, CodecError> {
    if set == CodeSet::Latin1 && !octets.is_ascii() {
        return Ok(octets.iter().copied().map(char::from).collect());
    }
    std::str::from_utf8(octets).map(str::to_owned).map_err(|e| {
        let what = format!("the text is not UTF-8 from its octet {} on", e.valid_up_to());
        CodecError::new(ErrorKind::Encoding(what)).with_source(e)
    })
}

/// The text of UTF-16 units in octets of that order, unless a byte order mark says another.
pub(crate) fn wide(octets: &[u8], little: bool, mark: bool) -> Result<String, CodecError> {
    let (octets, little) = match octets {
        [0xfe, 0xff, rest @ ..] if mark => (rest, false),
        [0xff, 0xfe, rest @ ..] if mark => (rest, true),
        _ => (octets, little),
    };
    let (units, rest) = octets.as_chunks();
    if !rest.is_empty() {
        let what = "wide text has an odd number of octets".to_owned();
        return Err(CodecError::new(ErrorKind::Encoding(what)));
    }
    let unit = |pair: &[u8; 2]| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    char::decode_utf16(units.iter().map(unit)).collect::<Result<String, _>>().map_err(|e| {
        let what = format!("wide text has half of a surrogate pair, {:#06x}", e.unpaired_surrogate());
        CodecError::new(ErrorKind::Encoding(what))
    })
}
