//! What an adapter promises of its objects: the policies of a POA.

/// How long references to objects are good for (CORBA 3.3 part 1, §15.3.8.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lifespan {
    /// As long as this process: each reference carries a seal that only this
    /// process can make, so that nobody can guess one, and none survives a restart.
    #[default]
    Transient,
    /// For ever: the key is the adapter's name and the object's id, and whoever
    /// knows both can call the object.
    Persistent,
}

/// How many calls of one object run at once (CORBA 3.3 part 1, §15.3.8.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Concurrency {
    /// As many as come.
    #[default]
    Parallel,
    /// One after the other, in the order in which they came. An object that calls itself waits for
    /// itself until the call's deadline.
    Serial,
    /// So many, and the others in the order in which they came.
    Bounded(usize),
}

impl Concurrency {
    pub(super) fn places(self) -> Option<usize> {
        match self {
            Self::Parallel => None,
            Self::Serial => Some(1),
            Self::Bounded(places) => Some(places.max(1)),
        }
    }
}

/// What an [`Adapter`](super::Adapter) promises of its objects, and bounds.
///
/// ```
/// use farcall_wire::adapter::{AdapterOptions, Concurrency};
///
/// let options = AdapterOptions::default().persistent().with_concurrency(Concurrency::Serial);
/// assert_eq!(options.objects, 100_000);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AdapterOptions {
    /// How long references are good for (default as long as the process).
    pub lifespan: Lifespan,
    /// How many calls of one object run at once (default as many as come).
    pub concurrency: Concurrency,
    /// Objects that are active at once (default 100,000); one more is refused.
    pub objects: usize,
    /// Of the objects that a [`Locator`](super::Locator) found, so many stay active between
    /// calls, those that were called last (default 1,024); 0 asks it for every call.
    pub retain: usize,
}

impl Default for AdapterOptions {
    fn default() -> Self {
        Self {
            lifespan: Lifespan::default(),
            concurrency: Concurrency::default(),
            objects: 100_000,
            retain: 1024,
        }
    }
}

impl AdapterOptions {
    /// Sets [`Lifespan::Persistent`].
    #[must_use]
    pub fn persistent(mut self) -> Self {
        self.lifespan = Lifespan::Persistent;
        self
    }

    /// Sets [`AdapterOptions::concurrency`].
    #[must_use]
    pub fn with_concurrency(mut self, concurrency: Concurrency) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Sets [`AdapterOptions::objects`].
    #[must_use]
    pub fn with_objects(mut self, at_once: usize) -> Self {
        self.objects = at_once;
        self
    }

    /// Sets [`AdapterOptions::retain`].
    #[must_use]
    pub fn with_retain(mut self, objects: usize) -> Self {
        self.retain = objects;
        self
    }
}
