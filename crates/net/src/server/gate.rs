//! How many calls run at once, how many wait, and how much memory their
//! bodies take, over the whole server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::sync::{Semaphore, SemaphorePermit};

/// Lets so many calls in, has so many wait, and refuses the rest at once.
#[derive(Debug)]
pub(crate) struct Gate {
    running: Semaphore,
    waiting: AtomicUsize,
    queue: usize,
}

/// Why a call did not get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The queue is full.
    Full,
    /// The call's deadline passed in the queue.
    Late,
}

impl Gate {
    pub(crate) fn new(at_once: usize, queue: usize) -> Self {
        let at_once = at_once.clamp(1, Semaphore::MAX_PERMITS);
        Self { running: Semaphore::new(at_once), waiting: AtomicUsize::new(0), queue }
    }

    pub(crate) async fn enter(&self, deadline: Instant) -> Result<SemaphorePermit<'_>, Refused> {
        match self.running.try_acquire() {
            Ok(permit) => Ok(permit),
            Err(_) => self.wait(deadline).await,
        }
    }

    async fn wait(&self, deadline: Instant) -> Result<SemaphorePermit<'_>, Refused> {
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _seat = Seat(&self.waiting);
        if waiting >= self.queue {
            return Err(Refused::Full);
        }
        match tokio::time::timeout_at(deadline.into(), self.running.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            // The semaphore is never closed, so only time ends the wait.
            Ok(Err(_)) | Err(_) => Err(Refused::Late),
        }
    }
}

/// A place in the queue, given back when the wait ends or is given up.
struct Seat<'a>(&'a AtomicUsize);

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Octets that bodies may take together.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    used: Arc<AtomicUsize>,
    limit: usize,
}

impl Memory {
    pub(crate) fn new(limit: usize) -> Self {
        Self { used: Arc::default(), limit }
    }

    pub(crate) fn empty(&self) -> Share {
        Share { memory: self.clone(), octets: 0 }
    }
}

/// What one body took of a [`Memory`]; given back on drop.
#[derive(Debug)]
pub(crate) struct Share {
    memory: Memory,
    octets: usize,
}

impl Share {
    /// Takes more; false if there is none left.
    pub(crate) fn grow(&mut self, octets: usize) -> bool {
        let before = self.memory.used.fetch_add(octets, Ordering::Relaxed);
        self.octets += octets;
        before.saturating_add(octets) <= self.memory.limit
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.memory.used.fetch_sub(self.octets, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn runs_some_queues_some_and_refuses_the_rest() {
        let gate = Gate::new(1, 1);
        let soon = Instant::now() + Duration::from_millis(20);
        let running = gate.enter(soon).await.unwrap();
        let (queued, refused) = tokio::join!(gate.enter(soon), gate.enter(soon));
        assert_eq!(queued.unwrap_err(), Refused::Late);
        assert_eq!(refused.unwrap_err(), Refused::Full);
        drop(running);
        assert!(gate.enter(soon).await.is_ok());
    }

    #[test]
    fn memory_is_given_back() {
        let memory = Memory::new(100);
        let mut first = memory.empty();
        assert!(first.grow(80));
        assert!(!memory.empty().grow(30));
        drop(first);
        assert!(memory.empty().grow(100));
    }
}
