//! The way of a call to its object: [`Adapter::enter`], and [`Running`], which
//! is the call to the adapter.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::table::{Active, Entry, Inner, Lane};
use super::{Adapter, Locator, ManagerState};
use crate::{Fault, FaultKind};

/// A call that was let in to an object; it has ended when this is dropped.
pub struct Running<H: 'static> {
    lane: Arc<Lane<H>>,
    id: Arc<[u8]>,
    /// Whether a place in the lane was taken.
    placed: bool,
    /// `None` for a default servant, whose calls nobody waits for.
    _counted: Option<Counted<H>>,
}

/// A call among those that run of an object.
struct Counted<H: 'static> {
    object: Arc<Active<H>>,
    adapter: Arc<Inner<H>>,
}

impl<H: 'static> Drop for Counted<H> {
    fn drop(&mut self) {
        self.adapter.leave(&self.object);
    }
}

impl<H: 'static> std::fmt::Debug for Running<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("id", &String::from_utf8_lossy(&self.id)).finish_non_exhaustive()
    }
}

impl<H: 'static> Running<H> {
    /// What the call goes to.
    #[must_use]
    pub fn servant(&self) -> &H {
        &self.lane.servant
    }

    /// The object's id.
    #[must_use]
    pub fn id(&self) -> &Arc<[u8]> {
        &self.id
    }

    /// Waits for a place in the lane.
    async fn placed(mut self) -> Self {
        if let Some(places) = &self.lane.places {
            // nobody closes it
            if let Ok(place) = places.acquire().await {
                place.forget();
            }
            self.placed = true;
        }
        self
    }
}

impl<H: 'static> Drop for Running<H> {
    fn drop(&mut self) {
        if let (true, Some(places)) = (self.placed, &self.lane.places) {
            places.add_permits(1);
        }
    }
}

/// What there is to do before a call can run.
enum Step<H: 'static> {
    Run(Running<H>),
    Wait,
    Incarnate(Arc<dyn Locator<H>>, Incarnation<H>),
}

/// An object whose locator is being asked; what is dropped before it answers is asked again.
struct Incarnation<H: 'static> {
    adapter: Arc<Inner<H>>,
    id: Arc<[u8]>,
    done: bool,
}

impl<H: 'static> Drop for Incarnation<H> {
    fn drop(&mut self) {
        if !self.done {
            self.adapter.lock().entries.remove(&self.id);
            self.adapter.changed.notify_waiters();
        }
    }
}

impl<H: Send + Sync + 'static> Adapter<H> {
    /// Comes to the object of that key: waits while requests are held, while the locator looks for
    /// it, and for a place among its calls. The call has ended when what this gives is dropped.
    ///
    /// # Errors
    /// [`FaultKind::UnknownObject`] if there is no such object; [`FaultKind::Overloaded`] while
    /// requests are discarded; what the locator says.
    pub async fn enter(&self, key: &[u8]) -> Result<Running<H>, Fault> {
        Ok(self.find(key).await?.placed().await)
    }

    /// Says whether there is an object of that key: as [`Adapter::enter`], but without a place among
    /// its calls.
    ///
    /// # Errors
    /// As [`Adapter::enter`].
    pub async fn locate(&self, key: &[u8]) -> Result<(), Fault> {
        self.find(key).await.map(drop)
    }

    async fn find(&self, key: &[u8]) -> Result<Running<H>, Fault> {
        let id = self.id(key).ok_or_else(unknown)?;
        let inner = &self.inner;
        loop {
            let changed = inner.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self.step(id)? {
                Step::Run(running) => return Ok(running),
                Step::Wait => changed.await,
                Step::Incarnate(locator, pending) => {
                    if let Some(running) = self.incarnate(&locator, pending).await? {
                        return Ok(running);
                    }
                }
            }
        }
    }

    fn step(&self, id: &[u8]) -> Result<Step<H>, Fault> {
        let inner = &self.inner;
        let mut table = inner.lock();
        match table.state {
            ManagerState::Active => {}
            ManagerState::Holding => return Ok(Step::Wait),
            ManagerState::Discarding => {
                let text = format!("the adapter {} discards requests; try again later", inner.name);
                return Err(Fault::new(FaultKind::Overloaded, text));
            }
            ManagerState::Inactive => return Err(inner.ended()),
        }
        table.clock += 1;
        let clock = table.clock;
        match table.entries.get(id) {
            Some(Entry::Active(object)) => return Ok(Step::Run(inner.run(object, clock))),
            Some(Entry::Incarnating) => return Ok(Step::Wait),
            // its successor comes when it is gone
            Some(Entry::Leaving(_)) if table.locator.is_some() => return Ok(Step::Wait),
            Some(Entry::Leaving(_)) | None => {}
        }
        if let Some(locator) = table.locator.clone() {
            if table.entries.len() >= inner.options.objects {
                let text =
                    format!("{} has too many active objects (limit objects of AdapterOptions)", inner.name);
                return Err(Fault::new(FaultKind::Overloaded, text));
            }
            let id: Arc<[u8]> = id.into();
            table.entries.insert(Arc::clone(&id), Entry::Incarnating);
            let pending = Incarnation { adapter: Arc::clone(inner), id, done: false };
            return Ok(Step::Incarnate(locator, pending));
        }
        match &table.default_servant {
            Some(lane) => Ok(Step::Run(Running {
                lane: Arc::clone(lane),
                id: id.into(),
                placed: false,
                _counted: None,
            })),
            None => Err(unknown()),
        }
    }

    /// Asks the locator; `None` if what it found is not to be called after all.
    async fn incarnate(
        &self,
        locator: &Arc<dyn Locator<H>>,
        mut pending: Incarnation<H>,
    ) -> Result<Option<Running<H>>, Fault> {
        let inner = &self.inner;
        let found = locator.incarnate(&pending.id).await?;
        let mut table = inner.lock();
        let Some(servant) = found else {
            let lane = table.default_servant.clone();
            drop(table);
            let lane = lane.ok_or_else(unknown)?;
            return Ok(Some(Running { lane, id: Arc::clone(&pending.id), placed: false, _counted: None }));
        };
        if table.state == ManagerState::Inactive {
            drop(table);
            locator.etherealize(&pending.id, &servant);
            return Ok(None);
        }
        pending.done = true;
        let object = Arc::new(inner.active(Arc::clone(&pending.id), servant, Some(Arc::clone(locator))));
        table.located += 1;
        let clock = table.clock;
        let running = inner.run(&object, clock);
        table.entries.insert(Arc::clone(&pending.id), Entry::Active(object));
        let gone = table.evict(inner.options.retain);
        drop(table);
        inner.etherealize(gone);
        Ok(Some(running))
    }
}

impl<H: 'static> Inner<H> {
    /// Counts a call of an object, under the lock.
    fn run(self: &Arc<Self>, object: &Arc<Active<H>>, clock: u64) -> Running<H> {
        object.running.fetch_add(1, Ordering::AcqRel);
        object.called.store(clock, Ordering::Relaxed);
        let counted = Counted { object: Arc::clone(object), adapter: Arc::clone(self) };
        let (lane, id) = (Arc::clone(&object.lane), Arc::clone(&object.id));
        Running { lane, id, placed: false, _counted: Some(counted) }
    }
}

fn unknown() -> Fault {
    Fault::new(FaultKind::UnknownObject, "there is no object of that key, or no longer")
}
