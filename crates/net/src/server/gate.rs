//! How many calls run at once, how many wait, and how much memory their
//! bodies take, over the whole server: [`CallGate`].

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use farcall_wire::{Fault, FaultKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// Lets so many calls in, has so many wait, and refuses the rest at once.
#[derive(Debug)]
pub(crate) struct Gate {
    running: Arc<Semaphore>,
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
        Self { running: Arc::new(Semaphore::new(at_once)), waiting: AtomicUsize::new(0), queue }
    }

    pub(crate) async fn enter(&self, deadline: Instant) -> Result<SemaphorePermit<'_>, Refused> {
        match self.running.try_acquire() {
            Ok(permit) => Ok(permit),
            Err(_) => self.wait(deadline, self.running.acquire()).await,
        }
    }

    async fn wait<P, E>(
        &self,
        deadline: Instant,
        permit: impl Future<Output = Result<P, E>>,
    ) -> Result<P, Refused> {
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _seat = Seat(&self.waiting);
        if waiting >= self.queue {
            return Err(Refused::Full);
        }
        match tokio::time::timeout_at(deadline.into(), permit).await {
            Ok(Ok(permit)) => Ok(permit),
            // The semaphore is never closed, so only time ends the wait.
            Ok(Err(_)) | Err(_) => Err(Refused::Late),
        }
    }
}

impl Refused {
    /// As the caller is told.
    pub(crate) fn fault(self) -> Fault {
        let message = match self {
            Self::Full => "too many calls at once (limits concurrent_calls and queue); try again later",
            Self::Late => "the call's deadline passed while it waited for others to end",
        };
        Fault::new(FaultKind::Overloaded, message)
    }
}

/// Where calls of an [`Acceptor`](super::Acceptor) get leave to run, under the
/// same limits `concurrent_calls`, `queue` and `body_memory` as those over HTTP.
#[derive(Clone, Debug)]
pub struct CallGate {
    pub(crate) gate: Arc<Gate>,
    pub(crate) memory: Memory,
}

impl CallGate {
    /// Leave to run one call, at once or when others have ended.
    ///
    /// # Errors
    /// [`FaultKind::Overloaded`] if the queue is full or the deadline passes in it.
    pub async fn enter(&self, deadline: Instant) -> Result<CallPermit, Fault> {
        let running = &self.gate.running;
        match Arc::clone(running).try_acquire_owned() {
            Ok(permit) => Ok(CallPermit(permit)),
            Err(_) => {
                let permit = Arc::clone(running).acquire_owned();
                self.gate.wait(deadline, permit).await.map(CallPermit).map_err(Refused::fault)
            }
        }
    }
}

impl CallGate {
    /// Room for messages, none of it taken yet.
    #[must_use]
    pub fn room(&self) -> Room {
        Room(self.memory.empty())
    }
}

/// What messages take of the memory that the limit `body_memory` gives all of them; given back on drop.
#[derive(Debug)]
pub struct Room(Share);

impl Room {
    /// Takes as much more or gives as much back as makes it that many octets.
    ///
    /// # Errors
    /// [`FaultKind::Overloaded`] if there is no more, though it was taken: drop it soon.
    pub fn resize(&mut self, octets: usize) -> Result<(), Fault> {
        if self.0.resize(octets) {
            return Ok(());
        }
        let message = "requests take too much memory at once (limit body_memory); try again later";
        Err(Fault::new(FaultKind::Overloaded, message))
    }
}

/// Leave to run one call, until it is dropped.
#[derive(Debug)]
pub struct CallPermit(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

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

    /// Makes it that many octets; false if there are not so many.
    fn resize(&mut self, octets: usize) -> bool {
        if octets > self.octets {
            return self.grow(octets - self.octets);
        }
        self.memory.used.fetch_sub(self.octets - octets, Ordering::Relaxed);
        self.octets = octets;
        true
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
        let gate = Arc::new(Gate::new(1, 1));
        let soon = Instant::now() + Duration::from_millis(20);
        let running = gate.enter(soon).await.unwrap();
        let (queued, refused) = tokio::join!(gate.enter(soon), gate.enter(soon));
        assert_eq!(queued.unwrap_err(), Refused::Late);
        assert_eq!(refused.unwrap_err(), Refused::Full);
        let others = CallGate { gate: Arc::clone(&gate), memory: Memory::new(100) };
        assert_eq!(others.enter(soon).await.unwrap_err().kind(), FaultKind::Overloaded);
        drop(running);
        let running = others.enter(soon).await.unwrap();
        assert!(gate.enter(soon).await.is_err());
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
        let gate = CallGate { gate: Arc::new(Gate::new(1, 1)), memory: memory.clone() };
        let (mut one, mut two) = (gate.room(), gate.room());
        one.resize(90).unwrap();
        assert_eq!(two.resize(20).unwrap_err().kind(), FaultKind::Overloaded);
        one.resize(10).unwrap();
        two.resize(20).unwrap();
        drop((one, two));
        assert!(memory.empty().grow(100));
    }
}
