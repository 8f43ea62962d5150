//! [`Naming`]: the service as a server to embed.

use std::path::Path;
use std::sync::Arc;

use farcall::adapter::Servant;
use farcall::wire::BoxFuture;
use farcall::{AdapterOptions, Fault, FaultKind, Locator, ObjectAdapter, ObjectRef, Ref, Server};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::context::{NamingContext, Shared};
use super::interface::{BindingIteratorClient, NamingContextExtClient, NamingContextExtService};
use super::iterator::Iterators;
use super::store::{ROOT, Store, StoreError};

/// The object key at which clients look for a naming service.
pub const KEY: &str = "NameService";

/// Bounds of a server.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NamingOptions {
    /// Names that may be bound, and contexts that there may be; 1,000,000 unless set.
    pub names: u64,
}

impl Default for NamingOptions {
    fn default() -> Self {
        Self { names: 1_000_000 }
    }
}

impl NamingOptions {
    /// Sets how many names may be bound.
    #[must_use]
    pub fn names(mut self, most: u64) -> Self {
        self.names = most;
        self
    }
}

/// A naming service.
pub struct Naming {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Naming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Naming").finish_non_exhaustive()
    }
}

impl Naming {
    /// A service that keeps its names in that file, which is made if it is not there. One process
    /// at a time can use it. What was bound when a call was answered is there however the process ends.
    ///
    /// # Errors
    /// If the file cannot be made, is in use, or is something else.
    pub fn open(file: impl AsRef<Path>, options: &NamingOptions) -> Result<Self, StoreError> {
        Store::open(file.as_ref(), options.names).map(Self::with)
    }

    /// A service that forgets its names with the process.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn in_memory() -> Result<Self, StoreError> {
        Store::in_memory(NamingOptions::default().names).map(Self::with)
    }

    fn with(store: Store) -> Self {
        let store = Arc::new(store);
        let contexts = Contexts::new();
        let iterators = Iterators::new("NameService.iterators");
        let shared = Arc::new(Shared { store, contexts, iterators });
        // weak, as the adapter is among what is shared
        let find = Find(Arc::downgrade(&shared));
        shared.contexts.0.set_locator(find);
        Self { shared }
    }

    /// The root context.
    #[must_use]
    pub fn root(&self) -> NamingContext {
        NamingContext::new(Arc::clone(&self.shared), ROOT)
    }

    /// Adds the service to a server, under [`KEY`].
    pub fn serve(&self, server: Server) -> Server {
        server
            .adapter(&self.shared.contexts.0)
            .adapter(&self.shared.iterators.adapter)
            .service(KEY, NamingContextExtService::new(self.root()))
    }
}

/// The contexts of a server as objects.
pub(super) struct Contexts(ObjectAdapter);

impl Contexts {
    fn new() -> Self {
        // none is kept between calls: what a context is stands in the store
        let options = AdapterOptions::default().persistent().with_retain(0);
        let interfaces = [
            <NamingContextExtClient as farcall::wire::Remote>::interface(),
            <BindingIteratorClient as farcall::wire::Remote>::interface(),
        ];
        Self(ObjectAdapter::with_options(KEY, options).with_interfaces(interfaces))
    }

    /// The id of a context of this server.
    pub(super) fn id_of(&self, object: &ObjectRef) -> Option<String> {
        String::from_utf8(self.0.id_of(object)?).ok()
    }

    /// The object as it is to be found now: a context of this server may have moved with it.
    pub(super) fn current(&self, object: ObjectRef) -> Result<ObjectRef, Fault> {
        match self.id_of(&object) {
            Some(id) => self.0.reference_to::<NamingContextExtClient>(id).map(|found| found.object().clone()),
            None => Ok(object),
        }
    }

    /// An id that nobody can guess, so that it is that of no other server's context, and its reference.
    pub(super) fn invent(&self) -> Result<(String, Ref<NamingContextExtClient>), Fault> {
        let mut octets = [0; 16];
        let random = SystemRandom::new().fill(&mut octets);
        random.map_err(|_| Fault::new(FaultKind::Internal, "the system has no random numbers"))?;
        let id: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        let reference = self.0.reference_to(&id)?;
        Ok((id, reference))
    }
}

/// Finds contexts in the store.
struct Find(std::sync::Weak<Shared>);

impl Locator<Servant> for Find {
    fn incarnate<'a>(&'a self, id: &'a [u8]) -> BoxFuture<'a, Result<Option<Servant>, Fault>> {
        let found = || {
            let (Some(shared), Ok(id)) = (self.0.upgrade(), std::str::from_utf8(id)) else { return Ok(None) };
            let exists = id != ROOT && shared.store.exists(id)?;
            Ok(exists.then(|| Servant::new(NamingContextExtService::new(NamingContext::new(shared, id)))))
        };
        let found = found();
        Box::pin(async move { found })
    }
}
