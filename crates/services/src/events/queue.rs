//! [`Queue`]: the events that wait for one consumer, of bounded number.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use farcall::Value;
use tokio::sync::Notify;

/// Events in order; the oldest goes where there is no place for another.
pub(super) struct Queue {
    inner: Mutex<Inner>,
    changed: Notify,
    most: usize,
}

#[derive(Default)]
struct Inner {
    events: VecDeque<Arc<Value>>,
    lost: u64,
    closed: bool,
}

impl Queue {
    pub(super) fn new(most: usize) -> Self {
        Self { inner: Mutex::default(), changed: Notify::new(), most: most.max(1) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an event: how many were lost so far, if one was now.
    pub(super) fn push(&self, event: Arc<Value>) -> Option<u64> {
        let mut inner = self.lock();
        if inner.closed {
            return None;
        }
        let full = inner.events.len() >= self.most;
        if full {
            inner.events.pop_front();
            inner.lost += 1;
        }
        inner.events.push_back(event);
        let lost = full.then_some(inner.lost);
        drop(inner);
        self.changed.notify_one();
        lost
    }

    /// The next event, if there is one; an error once the queue is closed.
    pub(super) fn try_next(&self) -> Result<Option<Arc<Value>>, Closed> {
        let mut inner = self.lock();
        if inner.closed {
            return Err(Closed);
        }
        Ok(inner.events.pop_front())
    }

    /// Waits for the next event; an error once the queue is closed.
    pub(super) async fn next(&self) -> Result<Arc<Value>, Closed> {
        loop {
            // before the look, so that what comes between both is noticed
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self.try_next()? {
                Some(event) => return Ok(event),
                None => changed.await,
            }
        }
    }

    /// Ends it: whoever waits is told.
    pub(super) fn close(&self) {
        let mut inner = self.lock();
        inner.closed = true;
        inner.events.clear();
        drop(inner);
        self.changed.notify_waiters();
        // and whoever comes too late for that
        self.changed.notify_one();
    }
}

/// A queue was closed.
#[derive(Debug)]
pub(super) struct Closed;

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: i32) -> Arc<Value> {
        Arc::new(Value::from(number))
    }

    #[tokio::test]
    async fn the_oldest_goes_first() {
        let queue = Queue::new(2);
        assert_eq!(queue.push(event(1)), None);
        assert_eq!(queue.push(event(2)), None);
        assert_eq!(queue.push(event(3)), Some(1));
        assert_eq!(*queue.next().await.unwrap(), Value::from(2));
        assert_eq!(*queue.next().await.unwrap(), Value::from(3));
        assert!(queue.try_next().unwrap().is_none());
    }

    #[tokio::test]
    async fn who_waits_is_told_of_the_end() {
        let queue = Arc::new(Queue::new(2));
        let other = Arc::clone(&queue);
        let waiting = tokio::spawn(async move { other.next().await.is_err() });
        tokio::task::yield_now().await;
        queue.close();
        assert!(waiting.await.unwrap());
        assert!(queue.next().await.is_err());
    }
}
