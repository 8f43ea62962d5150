//! [`ServerLimits`]: what all callers together, and one connection, may cost.
//!
//! ```
//! use farcall_net::ServerLimits;
//!
//! let limits = ServerLimits::default().with_connections(64);
//! assert_eq!(limits.connections, 64);
//! ```

use std::sync::Arc;
use std::time::Duration;

use farcall_wire::Limits;

/// Bounds on connections, calls, memory and time of a [`Server`](crate::Server),
/// each with a safe default.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerLimits {
    /// Connections at once; one more is told so and closed (default 1024).
    pub connections: usize,
    /// Calls that run at once, over all connections (default 256).
    pub concurrent_calls: usize,
    /// Calls that may wait for one of those to end; one more is refused at once (default 1024).
    pub queue: usize,
    /// Octets of a request's line and headers (default 64 KiB, at least 8 KiB).
    pub header_size: usize,
    /// Octets of request bodies that the server holds at once, over all calls (default 1 GiB).
    pub body_memory: usize,
    /// Time for a connection's first octets, its TLS handshake and each request's headers (default 10 s).
    pub header_read_timeout: Duration,
    /// Time that a body may take, and one second more for each 16 KiB that came;
    /// also how long a reply may wait for a peer that does not read it (default 30 s).
    pub body_read_timeout: Duration,
    /// Time that a connection stays open between requests (default 75 s).
    pub idle_timeout: Duration,
    /// Time between the signal to stop, when `/readyz` begins to say no, and
    /// the end of listening, for load balancers to notice (default 0).
    pub drain_delay: Duration,
    /// Time that running calls have to end before they are cut off (default 10 s).
    pub drain_timeout: Duration,
    /// Limits of each message and call.
    pub call: Arc<Limits>,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            connections: 1024,
            concurrent_calls: 256,
            queue: 1024,
            header_size: 64 << 10,
            body_memory: 1 << 30,
            header_read_timeout: Duration::from_secs(10),
            body_read_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(75),
            drain_delay: Duration::ZERO,
            drain_timeout: Duration::from_secs(10),
            call: Arc::new(Limits::default()),
        }
    }
}

impl ServerLimits {
    /// Sets [`ServerLimits::connections`].
    #[must_use]
    pub fn with_connections(mut self, count: usize) -> Self {
        self.connections = count;
        self
    }

    /// Sets [`ServerLimits::concurrent_calls`] and [`ServerLimits::queue`].
    #[must_use]
    pub fn with_calls(mut self, at_once: usize, queue: usize) -> Self {
        self.concurrent_calls = at_once;
        self.queue = queue;
        self
    }

    /// Sets [`ServerLimits::header_size`], in octets.
    #[must_use]
    pub fn with_header_size(mut self, octets: usize) -> Self {
        self.header_size = octets;
        self
    }

    /// Sets [`ServerLimits::body_memory`], in octets.
    #[must_use]
    pub fn with_body_memory(mut self, octets: usize) -> Self {
        self.body_memory = octets;
        self
    }

    /// Sets [`ServerLimits::header_read_timeout`].
    #[must_use]
    pub fn with_header_read_timeout(mut self, time: Duration) -> Self {
        self.header_read_timeout = time;
        self
    }

    /// Sets [`ServerLimits::body_read_timeout`].
    #[must_use]
    pub fn with_body_read_timeout(mut self, time: Duration) -> Self {
        self.body_read_timeout = time;
        self
    }

    /// Sets [`ServerLimits::idle_timeout`].
    #[must_use]
    pub fn with_idle_timeout(mut self, time: Duration) -> Self {
        self.idle_timeout = time;
        self
    }

    /// Sets [`ServerLimits::drain_delay`] and [`ServerLimits::drain_timeout`].
    #[must_use]
    pub fn with_drain(mut self, delay: Duration, timeout: Duration) -> Self {
        self.drain_delay = delay;
        self.drain_timeout = timeout;
        self
    }

    /// Sets [`ServerLimits::call`].
    #[must_use]
    pub fn with_call(mut self, limits: Limits) -> Self {
        self.call = Arc::new(limits);
        self
    }
}
