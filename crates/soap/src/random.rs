//! What nobody can guess or have in a message by chance.

use std::fmt::Write as _;

use ring::rand::{SecureRandom as _, SystemRandom};

/// 128 random bits as 32 hexadecimal digits.
pub(crate) fn token() -> String {
    let mut octets = [0; 16];
    if SystemRandom::new().fill(&mut octets).is_err() {
        // without the system's random numbers, what this process and moment alone have
        use std::hash::{BuildHasher as _, RandomState};
        let state = RandomState::new();
        octets[..8].copy_from_slice(&state.hash_one(std::process::id()).to_ne_bytes());
        octets[8..].copy_from_slice(&state.hash_one(std::time::Instant::now()).to_ne_bytes());
    }
    octets.iter().fold(String::with_capacity(32), |mut text, octet| {
        // writing to a string does not fail
        let _ = write!(text, "{octet:02x}");
        text
    })
}

/// A random `urn:uuid:…` (RFC 9562, section 5.4).
pub(crate) fn uuid() -> String {
    let digits = token();
    let (a, b, c, d, e) = (&digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..]);
    format!("urn:uuid:{a}-{b}-4{c}-a{d}-{e}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_are_the_same() {
        assert_ne!(super::token(), super::token());
        let uuid = super::uuid();
        assert_eq!((uuid.len(), &uuid[23..24], &uuid[28..29]), (45, "4", "a"), "{uuid}");
    }
}
