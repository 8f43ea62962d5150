//! [`Lent`]: large octets of a value that a message has from where they are.

use std::borrow::Cow;

use bytes::Bytes;

use crate::Number;

/// Large sequences of parameters, or of a result, that nobody needs any more once they are written: a
/// format that can sends them from where they are, rather than copy them. They are kept here, for a
/// call may have to be written again.
///
/// ```
/// use farcall_wire::{Encode, Lent, ValueEncoder};
///
/// let (mut numbers, mut lent) = (vec![1.5, 2.5], Lent::default());
/// let mut out = ValueEncoder::new();
/// numbers.encode_lent(&mut lent, &mut out)?;
/// assert!(lent.octets().is_none(), "values are copied");
/// # Ok::<(), farcall_wire::CodecError>(())
/// ```
#[derive(Debug, Default)]
pub struct Lent {
    /// Which parameter is being written.
    param: usize,
    octets: Vec<(usize, Bytes)>,
}

impl Lent {
    /// The same, where the parameter of that number is being written.
    pub(crate) fn of(&mut self, param: usize) -> &mut Self {
        self.param = param;
        self
    }

    /// What was lent of this parameter before.
    #[must_use]
    pub fn octets(&self) -> Option<&Bytes> {
        self.octets.iter().find(|(param, _)| *param == self.param).map(|(_, octets)| octets)
    }

    /// What was lent of this parameter, or is now.
    pub fn lend(&mut self, octets: impl FnOnce() -> Bytes) -> Bytes {
        if let Some(octets) = self.octets() {
            return octets.clone();
        }
        let octets = octets();
        self.octets.push((self.param, octets.clone()));
        octets
    }

    /// Numbers of this parameter: `items`, unless they were lent before.
    #[must_use]
    pub fn numbers<'a, N: Number>(&self, items: &'a [N]) -> Cow<'a, [N]> {
        match self.octets() {
            Some(octets) => Cow::Owned(N::collect(octets, cfg!(target_endian = "little"))),
            None => Cow::Borrowed(items),
        }
    }
}
