//! The signal to stop, as connections see it: one flag to look at, and a
//! wake-up for those that wait.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// Not ready, then closing.
#[derive(Debug, Default)]
pub(crate) struct Drain {
    unready: AtomicBool,
    closing: AtomicBool,
    next: AtomicU64,
    wakers: Mutex<HashMap<u64, Waker>>,
}

impl Drain {
    pub(crate) fn is_ready(&self) -> bool {
        !self.unready.load(Ordering::Acquire)
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    pub(crate) fn set_unready(&self) {
        self.unready.store(true, Ordering::Release);
    }

    pub(crate) fn close(&self) {
        self.set_unready();
        self.closing.store(true, Ordering::Release);
        let wakers = std::mem::take(&mut *self.lock());
        wakers.into_values().for_each(Waker::wake);
    }

    pub(crate) fn watch(self: &Arc<Self>) -> DrainWatch {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        DrainWatch { drain: Arc::clone(self), id, waker: None }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Waker>> {
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection's view of a [`Drain`]. Asking costs a load, for the waker
/// is left behind once and not at each poll.
#[derive(Debug)]
pub(crate) struct DrainWatch {
    drain: Arc<Drain>,
    id: u64,
    waker: Option<Waker>,
}

impl DrainWatch {
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.drain.is_closing() {
            return Poll::Ready(());
        }
        if !self.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            self.waker = Some(cx.waker().clone());
            self.drain.lock().insert(self.id, cx.waker().clone());
            // The signal may have come before the waker was in place.
            if self.drain.is_closing() {
                return Poll::Ready(());
            }
        }
        Poll::Pending
    }

    pub(crate) async fn closing(&mut self) {
        poll_fn(|cx| self.poll(cx)).await;
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.drain.is_closing()
    }
}

impl Drop for DrainWatch {
    fn drop(&mut self) {
        if self.waker.is_some() {
            self.drain.lock().remove(&self.id);
        }
    }
}
