//! [`Limits`]: what one message, one call and one peer may cost.
//!
//! ```
//! use farcall_wire::Limits;
//!
//! let limits = Limits::default().with_message_size(1 << 20);
//! assert_eq!(limits.message_size, 1 << 20);
//! ```

use std::time::Duration;

/// Bounds on size, depth, count and time, each with a safe default.
///
/// An error that comes from one of them names the field, so that whoever
/// reads it knows which one to raise.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of one message after decompression (default 64 MiB).
    pub message_size: usize,
    /// Levels of nesting of values in one message (default 128). Each level takes stack while a
    /// message is read: beyond about 400, read on a thread with more than the usual 2 MiB.
    pub depth: usize,
    /// Elements (array items, struct members, XML elements) in one message (default 4,000,000).
    pub elements: usize,
    /// Calls inside one batch such as `system.multicall` (default 1,000).
    pub batch: usize,
    /// Time that a call may take unless its caller says otherwise (default 30 s).
    pub call_deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_size: 64 << 20,
            depth: 128,
            elements: 4_000_000,
            batch: 1_000,
            call_deadline: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// Sets [`Limits::message_size`], in octets.
    #[must_use]
    pub fn with_message_size(mut self, octets: usize) -> Self {
        self.message_size = octets;
        self
    }

    /// Sets [`Limits::depth`], in levels.
    #[must_use]
    pub fn with_depth(mut self, levels: usize) -> Self {
        self.depth = levels;
        self
    }

    /// Sets [`Limits::elements`].
    #[must_use]
    pub fn with_elements(mut self, count: usize) -> Self {
        self.elements = count;
        self
    }

    /// Sets [`Limits::batch`].
    #[must_use]
    pub fn with_batch(mut self, calls: usize) -> Self {
        self.batch = calls;
        self
    }

    /// Sets [`Limits::call_deadline`].
    #[must_use]
    pub fn with_call_deadline(mut self, time: Duration) -> Self {
        self.call_deadline = time;
        self
    }
}
