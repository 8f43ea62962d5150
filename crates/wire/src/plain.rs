//! Values of fixed size: numbers, and structs of them. Where a format aligns each number to its size
//! and writes nothing else (CDR), the place of each is known when the program is compiled, so that a
//! whole struct is read or written with one check that its octets are there.
//!
//! [`Describe::SPAN`](crate::Describe::SPAN) says how many octets a value takes;
//! [`Encode::put`](crate::Encode::put) and [`Decode::get`](crate::Decode::get) write and read them.
//!
//! ```
//! use farcall_wire::Describe;
//!
//! // with three octets of padding where it begins one octet after a multiple of 4
//! let span = <u32 as Describe>::SPAN.unwrap();
//! assert_eq!((span.after(0), span.after(1)), (4, 7));
//! assert!(String::SPAN.is_none());
//! ```

/// How many octets a value takes, the padding before its numbers included, by where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span([usize; 8]);

impl Span {
    /// That of a number of so many octets: 1, 2, 4 or 8.
    #[must_use]
    pub const fn number(width: usize) -> Self {
        let mut span = [0; 8];
        let mut begin = 0;
        while begin < 8 {
            span[begin] = aligned(begin, width) - begin + width;
            begin += 1;
        }
        Self(span)
    }

    /// That of values one after the other, if each has one.
    #[must_use]
    pub const fn chain(spans: &[Option<Self>]) -> Option<Self> {
        let mut chain = [0; 8];
        let mut begin = 0;
        while begin < 8 {
            let (mut index, mut at) = (0, begin);
            while index < spans.len() {
                match spans[index] {
                    Some(span) => at += span.after(at),
                    None => return None,
                }
                index += 1;
            }
            chain[begin] = at - begin;
            begin += 1;
        }
        Some(Self(chain))
    }

    /// To a multiple of how much the first number is aligned, whatever else follows: 8, 4 or 1.
    #[must_use]
    pub const fn lead(&self) -> usize {
        if self.leads(8) {
            8
        } else if self.leads(4) {
            4
        } else {
            1
        }
    }

    const fn leads(&self, width: usize) -> bool {
        let mut begin = 0;
        while begin < 8 {
            let at = aligned(begin, width);
            if self.after(begin) != at - begin + self.after(at) {
                return false;
            }
            begin += 1;
        }
        true
    }

    /// The octets of a value that begins at that place.
    #[must_use]
    pub const fn after(&self, place: usize) -> usize {
        self.0[place % 8]
    }
}

const fn aligned(place: usize, width: usize) -> usize {
    (place + width - 1) & !(width - 1)
}

/// Octets that values are read from, in this machine's order.
#[derive(Debug)]
pub struct Get<'a> {
    octets: &'a [u8],
    /// The place of the first octet, and that of the next to be read, modulo 8 as alignment counts.
    first: usize,
    at: usize,
}

impl<'a> Get<'a> {
    /// The first octet stands at that place.
    #[inline(always)]
    #[must_use]
    pub fn new(octets: &'a [u8], place: usize) -> Self {
        Self { octets, first: place, at: place }
    }

    /// The octets of the next number; `None` if they are not there.
    #[inline(always)]
    pub fn number<const N: usize>(&mut self) -> Option<[u8; N]> {
        let at = aligned(self.at, N);
        let octets = self.octets.get(at - self.first..)?.first_chunk()?;
        self.at = at + N;
        Some(*octets)
    }
}

/// Octets that values are written to, in this machine's order.
#[derive(Debug)]
pub struct Put<'a> {
    octets: &'a mut [u8],
    first: usize,
    at: usize,
}

impl<'a> Put<'a> {
    /// The first octet stands at that place. All are zero, for padding is not written.
    #[inline(always)]
    #[must_use]
    pub fn new(octets: &'a mut [u8], place: usize) -> Self {
        Self { octets, first: place, at: place }
    }

    /// Writes the octets of the next number; `None` if there is no place for them.
    #[inline(always)]
    pub fn number<const N: usize>(&mut self, number: [u8; N]) -> Option<()> {
        let at = aligned(self.at, N);
        *self.octets.get_mut(at - self.first..)?.first_chunk_mut()? = number;
        self.at = at + N;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_add_up_with_their_padding() {
        let [one, two, four, eight] = [1, 2, 4, 8].map(|width| Some(Span::number(width)));
        let span = Span::chain(&[one, eight, two, four]).unwrap();
        assert_eq!([0, 4, 7].map(|place| span.after(place)), [24, 20, 17]);
        let leads = |spans: &[_]| Span::chain(spans).unwrap().lead();
        assert_eq!((leads(&[eight, one]), leads(&[four, eight, one]), leads(&[two, eight])), (8, 4, 1));
        assert_eq!(Span::chain(&[one, None]), None);
        assert_eq!(Span::chain(&[]).unwrap().after(3), 0);
    }

    #[test]
    fn numbers_stand_where_alignment_puts_them() {
        let mut octets = [0; 12];
        let mut put = Put::new(&mut octets, 4);
        put.number([1]).unwrap();
        put.number([2; 2]).unwrap();
        put.number([3; 8]).unwrap();
        assert_eq!(put.number([4]), None);
        assert_eq!(octets, [1, 0, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3]);
        let mut get = Get::new(&octets, 4);
        assert_eq!((get.number(), get.number(), get.number()), (Some([1]), Some([2; 2]), Some([3; 8])));
        assert_eq!(get.number::<1>(), None);
    }
}
