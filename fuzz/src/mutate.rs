//! Mutations of inputs: changed, lost and doubled bytes, words of the format,
//! pieces of other inputs; all from one seed.
//!
//! ```
//! use farcall_fuzz::{Mutator, Random};
//!
//! let corpus = [b"<value>1</value>".to_vec()];
//! let mut one = Mutator::new(Random::new(7), &["<nil/>"]);
//! let mut other = Mutator::new(Random::new(7), &["<nil/>"]);
//! assert_eq!(one.next(&corpus), other.next(&corpus), "one seed, one sequence");
//! ```

/// Pseudo-random numbers (SplitMix64): small, and the same on every machine.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of that seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below that bound; 0 if it is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.number() % (bound.max(1) as u64)).unwrap_or(0)
    }
}

/// Inputs do not grow beyond so many octets.
const LONGEST: usize = 16 << 10;

/// Makes new inputs of known ones.
#[derive(Clone, Debug)]
pub struct Mutator {
    random: Random,
    words: &'static [&'static str],
}

impl Mutator {
    /// A mutator of that seed with those words to insert.
    #[must_use]
    pub fn new(random: Random, words: &'static [&'static str]) -> Self {
        Self { random, words }
    }

    /// One input of the corpus, changed in one to eight ways; empty corpora give words alone.
    pub fn next(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.pick(corpus).to_vec();
        for _ in 0..=self.random.below(8) {
            self.change(&mut input, corpus);
        }
        input.truncate(LONGEST);
        input
    }

    fn pick<'c>(&mut self, corpus: &'c [Vec<u8>]) -> &'c [u8] {
        corpus.get(self.random.below(corpus.len())).map_or(&[], Vec::as_slice)
    }

    fn change(&mut self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let at = self.random.below(input.len() + 1);
        let end = (at + 1 + self.random.below(32)).min(input.len());
        match self.random.below(9) {
            0 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << self.random.below(8);
                }
            }
            1 => {
                let byte = self.random.number() as u8;
                input.insert(at, byte);
            }
            2 => drop(input.drain(at.min(end)..end)),
            3 => {
                let piece = input[at.min(end)..end].to_vec();
                self.insert(input, &piece);
            }
            4 => input.truncate(at),
            5 => {
                let other = self.pick(corpus).to_vec();
                let from = self.random.below(other.len());
                let to = (from + 1 + self.random.below(200)).min(other.len());
                self.insert(input, &other[from.min(to)..to]);
            }
            6 => {
                // tags are what formats consist of: one of them, doubled many times
                let piece = input[at.min(end)..end].to_vec();
                for _ in 0..self.random.below(150) {
                    let here = at.min(input.len());
                    input.splice(here..here, piece.iter().copied());
                }
            }
            _ => {
                let word = self.words.get(self.random.below(self.words.len())).copied().unwrap_or_default();
                self.insert(input, word.as_bytes());
            }
        }
    }

    fn insert(&mut self, input: &mut Vec<u8>, piece: &[u8]) {
        let at = self.random.below(input.len() + 1);
        input.splice(at..at, piece.iter().copied());
    }
}
