//! How protocols come to the objects of an adapter: [`Objects`].

use std::any::Any;
use std::sync::Arc;

use super::{Adapter, Running};
use crate::{BoxFuture, Fault, Handler, Wire};

/// A servant that answers over one wire.
pub trait Serves<W: Wire>: Send + Sync + 'static {
    /// What calls over that wire go to.
    fn handler(&self) -> Arc<dyn Handler<W>>;
}

impl<W: Wire> Serves<W> for Arc<dyn Handler<W>> {
    fn handler(&self) -> Self {
        Self::clone(self)
    }
}

/// Objects that are made at run time, as a protocol's server sees them.
pub trait Objects<W: Wire>: Send + Sync + 'static {
    /// What keys begin with, before a `/`.
    fn name(&self) -> &str;

    /// True if there is an object of that key, or may be once it is called.
    fn knows(&self, key: &[u8]) -> bool;

    /// Says whether there is an object of that key; one that a locator has to find is looked for.
    ///
    /// # Errors
    /// [`crate::FaultKind::UnknownObject`] if there is none; what the locator says.
    fn locate<'a>(&'a self, key: &'a [u8]) -> BoxFuture<'a, Result<(), Fault>>;

    /// Comes to the object of that key, as soon as it takes a call.
    ///
    /// # Errors
    /// [`crate::FaultKind::UnknownObject`] if there is none.
    fn enter<'a>(&'a self, key: &'a [u8]) -> BoxFuture<'a, Result<Entered<W>, Fault>>;
}

/// An object that takes a call; the call is over when this is dropped.
pub struct Entered<W: Wire> {
    handler: Arc<dyn Handler<W>>,
    id: Arc<[u8]>,
    _running: Box<dyn Any + Send + Sync>,
}

impl<W: Wire> std::fmt::Debug for Entered<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entered").field("id", &String::from_utf8_lossy(&self.id)).finish_non_exhaustive()
    }
}

impl<W: Wire> Entered<W> {
    /// What the call goes to.
    #[must_use]
    pub fn handler(&self) -> &Arc<dyn Handler<W>> {
        &self.handler
    }

    /// The object's id within its adapter, for [`crate::Context::with_object_id`].
    #[must_use]
    pub fn id(&self) -> &Arc<[u8]> {
        &self.id
    }
}

impl<W: Wire, H: Serves<W>> Objects<W> for Adapter<H> {
    fn name(&self) -> &str {
        Self::name(self)
    }

    fn knows(&self, key: &[u8]) -> bool {
        Self::knows(self, key)
    }

    fn locate<'a>(&'a self, key: &'a [u8]) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(Self::locate(self, key))
    }

    fn enter<'a>(&'a self, key: &'a [u8]) -> BoxFuture<'a, Result<Entered<W>, Fault>> {
        Box::pin(async move {
            let running: Running<H> = Self::enter(self, key).await?;
            let (handler, id) = (running.servant().handler(), Arc::clone(running.id()));
            Ok(Entered { handler, id, _running: Box::new(running) })
        })
    }
}

/// The adapter that a key is of: of several, the one with the longest name.
#[must_use]
pub fn find<'o, W: Wire>(adapters: &'o [Arc<dyn Objects<W>>], key: &[u8]) -> Option<&'o Arc<dyn Objects<W>>> {
    let is_of = |adapter: &&Arc<dyn Objects<W>>| {
        key.strip_prefix(adapter.name().as_bytes()).is_some_and(|rest| rest.first() == Some(&b'/'))
    };
    adapters.iter().filter(is_of).max_by_key(|adapter| adapter.name().len())
}
