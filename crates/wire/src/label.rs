//! [`Label`]: names of types put together at compile time, so that each instance of a generic type
//! has one of its own.

/// What the name of a generic type says of one of its arguments: `PageOfAccount` is `Page<Account>`.
///
/// WSDL, IDL and TypeCodes know types by name, so two instances of a generic type must not share
/// one. Names longer than [`Label::MAX`] octets are cut, and end in a hash of what they were.
///
/// ```
/// use farcall_wire::Describe;
/// assert_eq!(<Vec<Option<i32>>>::LABEL.as_str(), "ArrayOfOptionalInt");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Label {
    text: [u8; Self::MAX],
    length: usize,
}

/// How many octets the hash of a name that is too long takes, with what sets it off.
const HASH: usize = 17;

impl Label {
    /// How long a label may be, in octets.
    pub const MAX: usize = 160;

    /// That name.
    #[must_use]
    pub const fn new(name: &str) -> Self {
        Self { text: [0; Self::MAX], length: 0 }.with(name)
    }

    /// The name with more at its end.
    #[must_use]
    pub const fn with(mut self, more: &str) -> Self {
        let more = more.as_bytes();
        if self.length + more.len() <= Self::MAX {
            self.put(more);
            return self;
        }
        let hash = fnv(fnv(FNV_OFFSET, self.text.split_at(self.length).0), more);
        let room = Self::MAX - HASH;
        let keep = if self.length < room { self.length } else { room };
        let (mut start, mut end) = (keep, 0);
        if self.length < room {
            end = room - self.length;
            while end > 0 && !is_boundary(more, end) {
                end -= 1;
            }
        } else {
            while start > 0 && !is_boundary(&self.text, start) {
                start -= 1;
            }
        }
        self.length = start;
        self.put(more.split_at(end).0);
        self.put(b"_");
        let mut shift = 60;
        loop {
            self.put(&[b"0123456789abcdef"[(hash >> shift) as usize & 15]]);
            if shift == 0 {
                return self;
            }
            shift -= 4;
        }
    }

    /// The name with another label at its end.
    #[must_use]
    pub const fn and(self, more: &Self) -> Self {
        self.with(more.as_str())
    }

    /// The name with a number at its end.
    #[must_use]
    pub const fn number(self, number: i128) -> Self {
        let mut digits = [0; 40];
        let mut at = digits.len();
        let mut rest = number.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        let signed = if number < 0 { self.with("Minus") } else { self };
        match str::from_utf8(digits.split_at(at).1) {
            Ok(text) => signed.with(text),
            Err(_) => signed,
        }
    }

    /// The name.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match str::from_utf8(self.text.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    const fn put(&mut self, octets: &[u8]) {
        let mut at = 0;
        while at < octets.len() {
            self.text[self.length] = octets[at];
            self.length += 1;
            at += 1;
        }
    }
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// The 64-bit hash of Fowler, Noll and Vo, variant 1a: cheap, and the same on every machine.
const fn fnv(mut hash: u64, octets: &[u8]) -> u64 {
    let mut at = 0;
    while at < octets.len() {
        hash = (hash ^ octets[at] as u64).wrapping_mul(0x100_0000_01b3);
        at += 1;
    }
    hash
}

/// Whether UTF-8 may be cut there.
const fn is_boundary(text: &[u8], at: usize) -> bool {
    at >= text.len() || text[at] & 0xc0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_in_order() {
        assert_eq!(Label::new("PageOf").and(&Label::new("Account")).as_str(), "PageOfAccount");
        assert_eq!(Label::new("A").number(0).number(-170).as_str(), "A0Minus170");
    }

    #[test]
    fn what_is_too_long_is_cut_and_still_told_apart() {
        let long = "é".repeat(79);
        let (a, b) = (Label::new(&long).with("abcd"), Label::new(&long).with("abce"));
        assert!(a.as_str().starts_with("ééé") && a.as_str().len() <= Label::MAX);
        assert_ne!(a.as_str(), b.as_str());
        let longer = a.with("x");
        assert!(longer.as_str().len() <= Label::MAX);
        assert_ne!(longer.as_str(), a.as_str());
        assert_ne!(longer.as_str(), b.with("x").as_str());
        for length in 0..200 {
            let label = Label::new(&"ö".repeat(length)).with("end");
            assert!(!label.as_str().is_empty(), "{length}");
        }
    }
}
