//! Between the id of an object and the key by which it is called: `name/id`,
//! and for transient objects `name/id~seal`.

use ring::hmac;
use ring::rand::SystemRandom;

/// Octets of a seal; more than anybody can try.
const SEAL: usize = 16;
const HEX: &[u8; 16] = b"0123456789abcdef";

/// Seals the ids of transient objects with a key that this process made up.
pub(super) struct Seal(hmac::Key);

impl Seal {
    /// # Panics
    /// If the system has no random numbers, without which no secret can be kept.
    pub(super) fn new() -> Self {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        Self(key.expect("the system has no random numbers"))
    }

    /// `id~seal`.
    pub(super) fn put(&self, id: &[u8]) -> Vec<u8> {
        let seal = self.of(id);
        let mut sealed = Vec::with_capacity(id.len() + 1 + seal.len());
        sealed.extend_from_slice(id);
        sealed.push(b'~');
        sealed.extend_from_slice(&seal);
        sealed
    }

    /// The id, if its seal is this process's.
    pub(super) fn open<'k>(&self, sealed: &'k [u8]) -> Option<&'k [u8]> {
        let (head, seal) = sealed.split_last_chunk::<{ SEAL * 2 }>()?;
        let id = head.strip_suffix(b"~")?;
        // in a time that does not tell how much of it is right
        let differs = self.of(id).iter().zip(seal).fold(0, |differs, (a, b)| differs | (a ^ b));
        (differs == 0).then_some(id)
    }

    fn of(&self, id: &[u8]) -> [u8; SEAL * 2] {
        let tag = hmac::sign(&self.0, id);
        let mut digits = [0; SEAL * 2];
        for (pair, octet) in digits.chunks_exact_mut(2).zip(tag.as_ref()) {
            pair.copy_from_slice(&[HEX[usize::from(octet >> 4)], HEX[usize::from(octet & 15)]]);
        }
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_seals_open() {
        let seal = Seal::new();
        for id in [&b""[..], b"7", b"a~b/c", &[0, 255, b'~']] {
            let sealed = seal.put(id);
            assert_eq!(seal.open(&sealed), Some(id));
            assert_eq!(Seal::new().open(&sealed), None, "another process's");
            for at in 0..sealed.len() {
                let mut forged = sealed.clone();
                forged[at] ^= 1;
                assert_eq!(seal.open(&forged), None);
            }
            assert_eq!(seal.open(&sealed[1..]), None);
        }
        assert_eq!(seal.open(b""), None);
    }
}
