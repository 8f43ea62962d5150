//! [`Nonces`]: which tokens were seen, within bounds on time and number.

use std::collections::{HashSet, VecDeque};
use std::time::{Duration, SystemTime};

use ring::digest;

/// So many tokens are remembered at most. Beyond them, new ones are refused until old ones expire:
/// to forget one early would let it in again.
const MOST: usize = 200_000;

/// What a token is remembered by.
type Key = [u8; 32];

/// The nonces of tokens that were let in and could be sent again.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    seen: HashSet<Key>,
    /// When they may be forgotten, in order.
    expiries: VecDeque<(SystemTime, Key)>,
}

/// Why a nonce is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Seen,
    Full,
}

impl Nonces {
    /// Remembers a nonce for that long, if it is new.
    pub(super) fn take(&mut self, nonce: &[u8], now: SystemTime, life: Duration) -> Result<(), Refused> {
        while let Some((expiry, key)) = self.expiries.front()
            && *expiry < now
        {
            self.seen.remove(key);
            self.expiries.pop_front();
        }
        let mut key = Key::default();
        key.copy_from_slice(digest::digest(&digest::SHA256, nonce).as_ref());
        if self.seen.contains(&key) {
            return Err(Refused::Seen);
        }
        if self.seen.len() >= MOST {
            return Err(Refused::Full);
        }
        self.seen.insert(key);
        self.expiries.push_back((now + life, key));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_are_taken_once_while_they_live() {
        let mut nonces = Nonces::default();
        let (now, life) = (SystemTime::UNIX_EPOCH, Duration::from_secs(10));
        assert_eq!(nonces.take(b"a", now, life), Ok(()));
        assert_eq!(nonces.take(b"a", now + life, life), Err(Refused::Seen));
        assert_eq!(nonces.take(b"b", now + life, life), Ok(()));
        assert_eq!(nonces.take(b"a", now + life * 2, life), Ok(()));
        for number in 0..MOST as u64 + 10 {
            let taken = nonces.take(&number.to_ne_bytes(), now + life * 4, life);
            assert_eq!(taken.is_ok(), number < MOST as u64, "{number}");
        }
        assert_eq!(nonces.take(b"c", now + life * 4, life), Err(Refused::Full));
        assert_eq!(nonces.seen.len(), nonces.expiries.len());
    }
}
