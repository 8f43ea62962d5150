//! `fortune`: a saying for whoever asks. The smallest service there is.
//!
//! ```
//! use farcall_builtin::{Fortune, FortuneTeller};
//!
//! let teller = FortuneTeller::default();
//! let (first, second) = farcall::block_on(async {
//!     Ok::<_, farcall::Fault>((teller.get_cookie().await?, teller.get_cookie().await?))
//! })?;
//! assert_ne!(first, second);
//! # Ok::<(), farcall::Fault>(())
//! ```

use std::sync::atomic::{AtomicUsize, Ordering};

use farcall::{Fault, service};

/// Sayings for whoever asks.
#[service(name = "Fortune", scope = "farcall")]
pub trait Fortune {
    /// A saying, another one each time.
    async fn get_cookie(&self) -> Result<String, Fault>;
}

const COOKIES: &[&str] = &[
    "A call that is never answered was still a question.",
    "The shortest distance between two programs is a good definition.",
    "You will meet a stranger who speaks an older protocol. Be kind.",
    "An empty dictionary is not nothing.",
    "He who retries everything pays twice.",
    "Your next deadline is thirty seconds away.",
    "What is far may be called as if it were near.",
    "Trust the length only after you have counted the bytes.",
];

/// Tells its sayings in turn.
#[derive(Debug, Default)]
pub struct FortuneTeller {
    next: AtomicUsize,
}

impl Fortune for FortuneTeller {
    async fn get_cookie(&self) -> Result<String, Fault> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        Ok(COOKIES[turn % COOKIES.len()].to_owned())
    }
}
