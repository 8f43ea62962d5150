//! What an adapter keeps under its lock: entries, state, and who is asked for
//! objects that are not active.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, Semaphore};

use super::options::AdapterOptions;
use super::seal::Seal;
use super::{Locator, ManagerState};

pub(super) struct Inner<H> {
    pub(super) name: String,
    pub(super) options: AdapterOptions,
    /// Only transient objects are sealed.
    pub(super) seal: Option<Seal>,
    pub(super) table: Mutex<Table<H>>,
    /// Told when the state changes, an incarnation ends, or an object is gone.
    pub(super) changed: Notify,
}

pub(super) struct Table<H> {
    pub(super) state: ManagerState,
    pub(super) entries: HashMap<Arc<[u8]>, Entry<H>>,
    /// The last id that the adapter gave by itself.
    pub(super) given: u64,
    /// Counts calls, to know who was called last.
    pub(super) clock: u64,
    /// Entries that the locator found.
    pub(super) located: usize,
    pub(super) default_servant: Option<Arc<Lane<H>>>,
    pub(super) locator: Option<Arc<dyn Locator<H>>>,
}

pub(super) enum Entry<H> {
    Active(Arc<Active<H>>),
    /// The locator is being asked.
    Incarnating,
    /// Deactivated, while calls of it run.
    Leaving(Arc<Active<H>>),
}

/// A servant, and who may call it now.
pub(super) struct Lane<H> {
    pub(super) servant: H,
    pub(super) places: Option<Semaphore>,
}

impl<H> Lane<H> {
    pub(super) fn new(servant: H, options: &AdapterOptions) -> Self {
        let places = options.concurrency.places();
        Self { servant, places: places.map(|places| Semaphore::new(places.min(Semaphore::MAX_PERMITS))) }
    }
}

/// An object with a servant of its own.
pub(super) struct Active<H> {
    pub(super) id: Arc<[u8]>,
    pub(super) lane: Arc<Lane<H>>,
    /// Calls that were let in and have not ended.
    pub(super) running: AtomicUsize,
    /// When it was called last, by the table's clock.
    pub(super) called: std::sync::atomic::AtomicU64,
    /// The locator that it came from.
    pub(super) locator: Option<Arc<dyn Locator<H>>>,
    /// Deactivated, and the last call has ended.
    pub(super) gone: AtomicBool,
}

impl<H: 'static> Inner<H> {
    pub(super) fn lock(&self) -> MutexGuard<'_, Table<H>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The end of a call: who was deactivated meanwhile goes now, and who is one too many.
    pub(super) fn leave(&self, object: &Arc<Active<H>>) {
        let gone = {
            let mut table = self.lock();
            if object.running.fetch_sub(1, Ordering::AcqRel) > 1 {
                return;
            }
            let leaving = matches!(table.entries.get(&object.id), Some(Entry::Leaving(left)) if Arc::ptr_eq(left, object));
            if leaving {
                table.remove(object);
                vec![Arc::clone(object)]
            } else if object.locator.is_some() {
                table.evict(self.options.retain)
            } else {
                return;
            }
        };
        self.etherealize(gone);
    }

    /// Says that objects are gone; called without the lock.
    pub(super) fn etherealize(&self, gone: Vec<Arc<Active<H>>>) {
        for object in gone {
            if let Some(locator) = &object.locator {
                locator.etherealize(&object.id, &object.lane.servant);
            }
            object.gone.store(true, Ordering::Release);
        }
        self.changed.notify_waiters();
    }
}

impl<H: 'static> Table<H> {
    pub(super) fn remove(&mut self, object: &Active<H>) {
        self.entries.remove(&object.id);
        self.located -= usize::from(object.locator.is_some());
    }

    /// Takes out objects that the locator can find again, until so many are left or none is idle.
    pub(super) fn evict(&mut self, retain: usize) -> Vec<Arc<Active<H>>> {
        let mut gone = Vec::new();
        if self.located <= retain {
            return gone;
        }
        let idle = self.entries.values().filter_map(|entry| match entry {
            Entry::Active(object)
                if object.locator.is_some() && object.running.load(Ordering::Acquire) == 0 =>
            {
                Some(Arc::clone(object))
            }
            _ => None,
        });
        let mut idle: Vec<_> = idle.collect();
        idle.sort_unstable_by_key(|object| object.called.load(Ordering::Relaxed));
        // some more than needed at once, so that a full table is not searched for every call
        let excess = self.located - retain + retain / 8;
        for object in idle.into_iter().take(excess) {
            self.remove(&object);
            gone.push(object);
        }
        gone
    }
}
