//! How many second attempts a client makes, that a peer in trouble is not
//! buried under them.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

const SHARE: f64 = 0.2;
const PER_SECOND: f64 = 10.0;
const MOST: f64 = 100.0;

/// Second attempts allowed: one in five calls, and ten a second.
pub(crate) struct Budget {
    calls: AtomicU64,
    state: Mutex<State>,
}

struct State {
    tokens: f64,
    calls: u64,
    at: Instant,
}

impl Budget {
    pub(crate) fn new() -> Self {
        let state = State { tokens: PER_SECOND, calls: 0, at: Instant::now() };
        Self { calls: AtomicU64::new(0), state: Mutex::new(state) }
    }

    /// A first attempt is made.
    pub(crate) fn call(&self) {
        self.calls.fetch_add(1, Relaxed);
    }

    /// True if a second attempt may be made.
    pub(crate) fn retry(&self) -> bool {
        self.retry_at(Instant::now())
    }

    fn retry_at(&self, now: Instant) -> bool {
        let calls = self.calls.load(Relaxed);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let earned = now.saturating_duration_since(state.at).as_secs_f64() * PER_SECOND
            + calls.saturating_sub(state.calls) as f64 * SHARE;
        *state = State { tokens: (state.tokens + earned).min(MOST), calls, at: now };
        let allowed = state.tokens >= 1.0;
        if allowed {
            state.tokens -= 1.0;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn allows_a_fifth_of_calls_and_ten_a_second() {
        let budget = Budget::new();
        let now = Instant::now();
        let retries = |at| (0..1000).filter(|_| budget.retry_at(at)).count();
        assert_eq!(retries(now), 10);
        assert_eq!(retries(now), 0);
        (0..50).for_each(|_| budget.call());
        assert_eq!(retries(now), 10);
        assert_eq!(retries(now + Duration::from_secs(2)), 20);
        assert_eq!(retries(now + Duration::from_secs(3600)), 100);
    }
}
