//! [`Parts`]: the octets of a message, of which large ones stay where they are.

use std::fmt;

use bytes::Bytes;

/// From so many octets on, octets cost less as a piece of their own than as a copy.
pub(crate) const LARGE: usize = 16 << 10;

/// The octets of a message on its way out. Large octets that are shared already
/// ([`Encoder::octets`](farcall_wire::Encoder::octets)) are not copied into it: they go to the socket
/// from where they are.
///
/// ```
/// use farcall_corba::giop::Parts;
///
/// let parts = Parts::from(b"GIOP...".to_vec());
/// assert_eq!((parts.len(), parts.into_vec()), (7, b"GIOP...".to_vec()));
/// ```
#[derive(Default)]
pub struct Parts {
    octets: Vec<u8>,
    apart: Apart,
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl From<Vec<u8>> for Parts {
    fn from(octets: Vec<u8>) -> Self {
        Self { octets, apart: Apart::default() }
    }
}

impl Parts {
    pub(crate) fn new(octets: Vec<u8>, apart: Apart) -> Self {
        Self { octets, apart }
    }

    /// How many octets there are in all.
    #[must_use]
    pub fn len(&self) -> usize {
        self.octets.len() + self.apart.len
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All octets, one after the other, which copies those that are not.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        let Self { mut octets, apart } = self;
        if apart.len == 0 {
            return octets;
        }
        let Some((first, _)) = apart.pieces.first() else { return octets };
        let (mut at, tail) = (*first, octets.split_off(*first));
        octets.reserve(tail.len() + apart.len);
        let first = at;
        for (place, piece) in &apart.pieces {
            octets.extend_from_slice(&tail[at - first..place - first]);
            octets.extend_from_slice(piece);
            at = *place;
        }
        octets.extend_from_slice(&tail[at - first..]);
        octets
    }

    /// The octets that were written, and what goes before which of them.
    pub(crate) fn split(self) -> (Vec<u8>, Vec<(usize, Bytes)>) {
        (self.octets, self.apart.pieces)
    }
}

/// Large octets among those that an encoder writes. Positions count them, places do not.
#[derive(Debug, Default)]
pub(crate) struct Apart {
    /// Before which of the written octets they go.
    pieces: Vec<(usize, Bytes)>,
    len: usize,
}

impl Apart {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn push(&mut self, place: usize, octets: Bytes) {
        self.len += octets.len();
        self.pieces.push((place, octets));
    }

    /// Where the written octet at that position stands.
    pub(crate) fn place(&self, position: usize) -> usize {
        let mut before = 0;
        for (place, octets) in &self.pieces {
            if position < place + before {
                break;
            }
            before += octets.len();
        }
        position - before
    }

    /// Takes back what begins at that position or after it.
    pub(crate) fn truncate(&mut self, position: usize) {
        while let Some((place, octets)) = self.pieces.last()
            && place + (self.len - octets.len()) >= position
        {
            self.len -= octets.len();
            self.pieces.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_octets_go_where_they_were_written() {
        let mut apart = Apart::default();
        apart.push(2, Bytes::from_static(b"LARGE"));
        apart.push(2, Bytes::from_static(b"TOO"));
        apart.push(4, Bytes::from_static(b"LAST"));
        assert_eq!([0, 1, 10, 11, 16].map(|position| apart.place(position)), [0, 1, 2, 3, 4]);
        let parts = Parts::new(b"abcde".to_vec(), apart);
        assert_eq!(parts.len(), 17);
        assert_eq!(parts.into_vec(), b"abLARGETOOcdLASTe");
    }

    #[test]
    fn what_is_taken_back_is_gone() {
        let mut apart = Apart::default();
        apart.push(2, Bytes::from_static(b"LARGE"));
        apart.push(4, Bytes::from_static(b"LAST"));
        apart.truncate(10);
        assert_eq!((apart.len(), apart.place(8)), (9, 3));
        apart.truncate(9);
        assert_eq!(apart.len(), 5);
        apart.truncate(2);
        assert_eq!(apart.len(), 0);
    }
}
