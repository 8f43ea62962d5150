//! [`Adapter`]: objects that are made at run time, called by a key, whatever
//! the protocol: what CORBA calls a portable object adapter (CORBA 3.3 part 1, §15).
//!
//! `H` is a servant: what calls of an object go to. The adapter knows which
//! servant is behind which id, and when a call may go to it.
//!
//! ```
//! use farcall_wire::adapter::Adapter;
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! # runtime.block_on(async {
//! let accounts = Adapter::<&str>::new("bank");
//! let id = accounts.activate_object("Ann's account")?;
//! let key = accounts.key(&id);
//! assert!(key.starts_with(b"bank/"));
//! let running = accounts.enter(&key).await?;
//! assert_eq!(*running.servant(), "Ann's account");
//! drop(running);
//! assert!(accounts.deactivate_object(&id).await);
//! assert!(accounts.enter(&key).await.is_err());
//! # Ok::<(), farcall_wire::Fault>(())
//! # }).unwrap();
//! ```

mod objects;
mod options;
mod path;
mod running;
mod seal;
mod table;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use tokio::sync::Notify;

use crate::{BoxFuture, Fault, FaultKind};

pub use objects::{Entered, Objects, Serves, find};
pub use options::{AdapterOptions, Concurrency, Lifespan};
pub use path::{key_of_path, path_of_key};
pub use running::Running;

use seal::Seal;
use table::{Active, Entry, Inner, Lane, Table};

/// Whether the objects of an adapter take calls (CORBA 3.3 part 1, §15.3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ManagerState {
    /// They do.
    #[default]
    Active,
    /// Calls wait until this changes, or their deadline passes.
    Holding,
    /// Calls are refused, and may be made again later ([`FaultKind::Overloaded`], CORBA `TRANSIENT`).
    Discarding,
    /// The adapter has ended: there are no objects.
    Inactive,
}

/// Finds objects when they are called, and is told when they are let go:
/// a servant activator and a servant locator in one (CORBA 3.3 part 1, §15.3.5 and §15.3.6);
/// [`AdapterOptions::retain`] says how many stay active between calls.
pub trait Locator<H>: Send + Sync + 'static {
    /// The servant of that object; `Ok(None)` if there is no such object. It is asked once, however
    /// many calls of the object come meanwhile; also when a client asks where the object is.
    ///
    /// # Errors
    /// What these calls are told.
    fn incarnate<'a>(&'a self, id: &'a [u8]) -> BoxFuture<'a, Result<Option<H>, Fault>>;

    /// Says that the object is active no more, and no call of it runs. It must not block.
    fn etherealize(&self, id: &[u8], servant: &H) {
        let _ = (id, servant);
    }
}

impl<H: 'static, L: Locator<H>> Locator<H> for Arc<L> {
    fn incarnate<'a>(&'a self, id: &'a [u8]) -> BoxFuture<'a, Result<Option<H>, Fault>> {
        (**self).incarnate(id)
    }

    fn etherealize(&self, id: &[u8], servant: &H) {
        (**self).etherealize(id, servant);
    }
}

/// Objects of one kind of lifespan and concurrency, under one name. Cheap to clone.
pub struct Adapter<H> {
    inner: Arc<Inner<H>>,
}

impl<H> Clone for Adapter<H> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<H: 'static> std::fmt::Debug for Adapter<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.inner.lock().state;
        let mut f = f.debug_struct("Adapter");
        f.field("name", &self.inner.name).field("options", &self.inner.options).field("state", &state);
        f.finish_non_exhaustive()
    }
}

impl<H: Send + Sync + 'static> Adapter<H> {
    /// An adapter without objects, at default options. `name` is what keys begin with.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self::with_options(name, AdapterOptions::default())
    }

    /// An adapter without objects.
    ///
    /// # Panics
    /// If objects are to be transient and the system has no random numbers, by which they are sealed.
    #[must_use]
    pub fn with_options(name: impl Into<String>, options: AdapterOptions) -> Self {
        let seal = (options.lifespan == Lifespan::Transient).then(Seal::new);
        let table = Table {
            state: ManagerState::Active,
            entries: Default::default(),
            given: 0,
            clock: 0,
            located: 0,
            default_servant: None,
            locator: None,
        };
        let (name, changed) = (name.into(), Notify::new());
        Self { inner: Arc::new(Inner { name, options, seal, table: table.into(), changed }) }
    }

    /// What keys begin with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// Activates an object under an id that the adapter chooses.
    ///
    /// # Errors
    /// [`FaultKind::Limit`] if there are too many.
    pub fn activate_object(&self, servant: H) -> Result<Arc<[u8]>, Fault> {
        let mut table = self.inner.lock();
        let id = loop {
            table.given += 1;
            let id: Arc<[u8]> = table.given.to_string().into_bytes().into();
            if !table.entries.contains_key(&id) {
                break id;
            }
        };
        self.insert(&mut table, Arc::clone(&id), servant)?;
        Ok(id)
    }

    /// Activates an object under that id.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if one of that id is active, or is being deactivated;
    /// [`FaultKind::Limit`] if there are too many.
    pub fn activate_object_with_id(&self, id: impl AsRef<[u8]>, servant: H) -> Result<(), Fault> {
        let id = id.as_ref();
        let mut table = self.inner.lock();
        if table.entries.contains_key(id) {
            let shown = String::from_utf8_lossy(id);
            let text = format!("an object {shown:?} is active in {}, or is being deactivated", self.name());
            return Err(Fault::new(FaultKind::InvalidParameters, text));
        }
        self.insert(&mut table, id.into(), servant)
    }

    fn insert(&self, table: &mut Table<H>, id: Arc<[u8]>, servant: H) -> Result<(), Fault> {
        let inner = &self.inner;
        if table.state == ManagerState::Inactive {
            return Err(inner.ended());
        }
        if table.entries.len() >= inner.options.objects {
            let text = format!(
                "{} objects are active in {} (limit objects of AdapterOptions); deactivate some, or raise it",
                inner.options.objects, inner.name
            );
            return Err(Fault::new(FaultKind::Limit, text));
        }
        let active = inner.active(Arc::clone(&id), servant, None);
        table.entries.insert(id, Entry::Active(Arc::new(active)));
        Ok(())
    }

    /// Deactivates an object at once: calls that come are refused, or go to the default servant or
    /// the locator if there is one. The future waits until the calls have ended that run, and need
    /// not be awaited, which a call of the object itself must not do. True if the object was active.
    pub fn deactivate_object(&self, id: &[u8]) -> impl Future<Output = bool> + Send + use<H> {
        let mut gone = Vec::new();
        let object = {
            let mut table = self.inner.lock();
            let object = match table.entries.get(id) {
                Some(Entry::Active(object)) => Some(Arc::clone(object)),
                _ => None,
            };
            if let Some(object) = &object {
                if object.running.load(Ordering::Acquire) == 0 {
                    table.remove(object);
                    gone.push(Arc::clone(object));
                } else {
                    table.entries.insert(Arc::clone(&object.id), Entry::Leaving(Arc::clone(object)));
                }
            }
            object
        };
        self.inner.etherealize(gone);
        let inner = Arc::clone(&self.inner);
        async move {
            let Some(object) = object else { return false };
            inner.until(|| object.gone.load(Ordering::Acquire)).await;
            true
        }
    }

    /// Deactivates all objects, and takes no call any more; waits until the calls have ended that run.
    pub fn destroy(&self) -> impl Future<Output = ()> + Send + use<H> {
        let ids: Vec<Arc<[u8]>> = {
            let mut table = self.inner.lock();
            table.state = ManagerState::Inactive;
            table.default_servant = None;
            table.entries.keys().cloned().collect()
        };
        let ends: Vec<_> = ids.iter().map(|id| self.deactivate_object(id)).collect();
        self.inner.changed.notify_waiters();
        async move {
            for end in ends {
                end.await;
            }
        }
    }

    /// Has calls go to objects again (`POAManager::activate`).
    pub fn resume_requests(&self) {
        self.set_state(ManagerState::Active);
    }

    /// Has calls wait until [`Adapter::resume_requests`].
    pub fn hold_requests(&self) {
        self.set_state(ManagerState::Holding);
    }

    /// Has calls refused until [`Adapter::resume_requests`].
    pub fn discard_requests(&self) {
        self.set_state(ManagerState::Discarding);
    }

    fn set_state(&self, state: ManagerState) {
        {
            let mut table = self.inner.lock();
            if table.state == ManagerState::Inactive {
                return;
            }
            table.state = state;
        }
        self.inner.changed.notify_waiters();
    }

    /// Whether objects take calls.
    #[must_use]
    pub fn state(&self) -> ManagerState {
        self.inner.lock().state
    }

    /// Sets the servant of all objects that have none of their own; which object a call is for is in
    /// its [`crate::Context::object_id`].
    pub fn set_default_servant(&self, servant: H) {
        let lane = Lane::new(servant, &self.inner.options);
        self.inner.lock().default_servant = Some(Arc::new(lane));
    }

    /// Sets who is asked for objects that are not active, before the default servant is taken.
    pub fn set_locator(&self, locator: impl Locator<H>) {
        self.inner.lock().locator = Some(Arc::new(locator));
    }

    /// Objects that are active.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.lock().entries.len()
    }

    /// True if no object is active.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The servant of an active object.
    #[must_use]
    pub fn servant(&self, id: &[u8]) -> Option<H>
    where
        H: Clone,
    {
        match self.inner.lock().entries.get(id) {
            Some(Entry::Active(object)) => Some(object.lane.servant.clone()),
            _ => None,
        }
    }

    /// The key by which the object of that id is called, whether it is active or not.
    #[must_use]
    pub fn key(&self, id: &[u8]) -> Vec<u8> {
        let mut key = Vec::with_capacity(self.inner.name.len() + 1 + id.len());
        key.extend_from_slice(self.inner.name.as_bytes());
        key.push(b'/');
        match &self.inner.seal {
            Some(seal) => key.extend_from_slice(&seal.put(id)),
            None => key.extend_from_slice(id),
        }
        key
    }

    /// The id of the object that a key is of; `None` if this adapter did not make the key.
    #[must_use]
    pub fn id<'k>(&self, key: &'k [u8]) -> Option<&'k [u8]> {
        let rest = key.strip_prefix(self.inner.name.as_bytes())?.strip_prefix(b"/")?;
        match &self.inner.seal {
            Some(seal) => seal.open(rest),
            None => Some(rest),
        }
    }

    /// True if there is an object of that key, or may be once it is called.
    #[must_use]
    pub fn knows(&self, key: &[u8]) -> bool {
        let Some(id) = self.id(key) else { return false };
        let table = self.inner.lock();
        match table.entries.get(id) {
            Some(Entry::Active(_) | Entry::Incarnating) => true,
            _ => table.locator.is_some() || table.default_servant.is_some(),
        }
    }
}

impl<H: 'static> Inner<H> {
    fn active(&self, id: Arc<[u8]>, servant: H, locator: Option<Arc<dyn Locator<H>>>) -> Active<H> {
        Active {
            id,
            lane: Arc::new(Lane::new(servant, &self.options)),
            running: AtomicUsize::new(0),
            called: AtomicU64::new(0),
            locator,
            gone: AtomicBool::new(false),
        }
    }

    /// Waits until something has come true that `changed` tells of.
    async fn until(&self, is: impl Fn() -> bool) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // what changes from here on is not missed
            changed.as_mut().enable();
            if is() {
                return;
            }
            changed.await;
        }
    }

    fn ended(&self) -> Fault {
        Fault::new(FaultKind::UnknownObject, format!("the adapter {} has ended", self.name))
    }
}
