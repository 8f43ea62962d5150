//! [`ObjectAdapter`]: objects that are made at run time, called over every
//! protocol of the one port.
//!
//! ```
//! use farcall::{CallError, Fault, ObjectAdapter, Ref, Server, service};
//!
//! #[service]
//! trait Counter {
//!     async fn next(&self) -> Result<u32, Fault>;
//! }
//!
//! #[service]
//! trait Counters {
//!     async fn create(&self) -> Result<Ref<CounterClient>, Fault>;
//! }
//!
//! struct One(std::sync::atomic::AtomicU32);
//!
//! impl Counter for One {
//!     async fn next(&self) -> Result<u32, Fault> {
//!         Ok(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
//!     }
//! }
//!
//! struct Factory(ObjectAdapter);
//!
//! impl Counters for Factory {
//!     async fn create(&self) -> Result<Ref<CounterClient>, Fault> {
//!         self.0.activate(CounterService::new(One(0.into())))
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! farcall::block_on(async {
//!     let objects = ObjectAdapter::new("counters");
//!     let service = CountersService::new(Factory(objects.clone()));
//!     let server = Server::new().adapter(&objects).service("counters", service);
//!     let server = server.start("127.0.0.1:0".parse()?).await?;
//!     let factory = CountersClient::connect(&format!("http://{}/counters", server.address())).await?;
//!     let counter = CounterClient::new(farcall::Connection::to(&factory.create().await?)?);
//!     assert_eq!((counter.next().await?, counter.next().await?), (0, 1));
//!     Ok(())
//! })
//! # }
//! ```

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use farcall_model::{Interface, ObjectRef};
use farcall_wire::adapter::{Adapter, AdapterOptions, Locator, ManagerState, Serves};
use farcall_wire::{BoxFuture, Fault, FaultKind, Handler, Ref, Remote, Service};

use crate::published::Place;

/// What calls of an object go to, over every protocol.
#[derive(Clone)]
pub struct Servant {
    service: Arc<dyn Described>,
    #[cfg(feature = "corba")]
    corba: Arc<dyn Handler<farcall_corba::Cdr>>,
    #[cfg(feature = "soap")]
    soap: Arc<dyn Handler<farcall_soap::Soap>>,
    #[cfg(feature = "xmlrpc")]
    xmlrpc: Arc<dyn Handler<farcall_xmlrpc::XmlRpc>>,
}

/// The part of a [`Service`] that no protocol is needed for.
trait Described: Send + Sync {
    fn interface(&self) -> &Interface;
}

impl<S: Service> Described for S {
    fn interface(&self) -> &Interface {
        Service::interface(self)
    }
}

impl std::fmt::Debug for Servant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Servant").field(&self.interface().name).finish()
    }
}

impl Servant {
    /// A servant that is this service.
    pub fn new<S: Service>(service: S) -> Self {
        let service = Arc::new(service);
        Self {
            #[cfg(feature = "corba")]
            corba: Arc::<S>::clone(&service),
            #[cfg(feature = "soap")]
            soap: Arc::<S>::clone(&service),
            #[cfg(feature = "xmlrpc")]
            xmlrpc: Arc::<S>::clone(&service),
            service,
        }
    }

    /// What can be called.
    #[must_use]
    pub fn interface(&self) -> &Interface {
        self.service.interface()
    }
}

#[cfg(feature = "corba")]
impl Serves<farcall_corba::Cdr> for Servant {
    fn handler(&self) -> Arc<dyn Handler<farcall_corba::Cdr>> {
        Arc::clone(&self.corba)
    }
}

#[cfg(feature = "soap")]
impl Serves<farcall_soap::Soap> for Servant {
    fn handler(&self) -> Arc<dyn Handler<farcall_soap::Soap>> {
        Arc::clone(&self.soap)
    }
}

#[cfg(feature = "xmlrpc")]
impl Serves<farcall_xmlrpc::XmlRpc> for Servant {
    fn handler(&self) -> Arc<dyn Handler<farcall_xmlrpc::XmlRpc>> {
        Arc::clone(&self.xmlrpc)
    }
}

/// Objects that are made at run time, and references to them. Cheap to clone.
///
/// An object answers at the key `name/id` over CORBA and at the path `/name/id` over XML-RPC and
/// SOAP; [transient](farcall_wire::adapter::Lifespan) ones, which is the default, have a seal
/// after their id that nobody can guess. A [`Ref`] that an operation returns is
/// written by each protocol in its own form: an IOR, a URL, an endpoint reference.
#[derive(Clone, Debug)]
pub struct ObjectAdapter {
    pub(crate) adapter: Adapter<Servant>,
    /// Where the server is that serves them.
    place: Arc<RwLock<Option<Arc<Place>>>>,
    interfaces: Arc<OnceLock<Vec<&'static Interface>>>,
}

impl ObjectAdapter {
    /// An adapter without objects, at default options. `name` is what their keys begin with.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self::with_options(name, AdapterOptions::default())
    }

    /// An adapter without objects: how long references are good for, how many calls of an object run
    /// at once, how many objects there may be.
    ///
    /// # Panics
    /// If objects are to be transient and the system has no random numbers.
    #[must_use]
    pub fn with_options(name: impl Into<String>, options: AdapterOptions) -> Self {
        Self {
            adapter: Adapter::with_options(name, options),
            place: Arc::default(),
            interfaces: Arc::default(),
        }
    }

    /// What keys begin with.
    #[must_use]
    pub fn name(&self) -> &str {
        self.adapter.name()
    }

    /// Activates an object under an id that the adapter chooses: a reference to it.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if the service is not a `T`; [`FaultKind::Limit`] if there are
    /// too many objects; [`FaultKind::InvalidRequest`] before the server listens.
    pub fn activate<T: Remote>(&self, service: impl Service) -> Result<Ref<T>, Fault> {
        let servant = Servant::new(service);
        let place = self.place()?;
        let type_id = fitting::<T>(servant.interface())?;
        let id = self.adapter.activate_object(servant)?;
        Ok(self.reference(&place, &id, type_id))
    }

    /// Activates an object under that id, text or octets; see [`ObjectAdapter::reference_to`].
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if one of that id is active, or is being deactivated;
    /// [`FaultKind::Limit`] if there are too many objects.
    pub fn activate_as(&self, id: impl AsRef<[u8]>, service: impl Service) -> Result<(), Fault> {
        self.adapter.activate_object_with_id(id, Servant::new(service))
    }

    /// A reference to the object of that id, whether it is active or not.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if it is active and not a `T`;
    /// [`FaultKind::InvalidRequest`] before the server listens.
    pub fn reference_to<T: Remote>(&self, id: impl AsRef<[u8]>) -> Result<Ref<T>, Fault> {
        let id = id.as_ref();
        let type_id = match self.adapter.servant(id) {
            Some(servant) => fitting::<T>(servant.interface())?,
            None => id_of(T::interface()),
        };
        Ok(self.reference(&*self.place()?, id, type_id))
    }

    /// The id of the object that a reference is to; `None` if it is not one of these.
    #[must_use]
    pub fn id_of(&self, reference: &ObjectRef) -> Option<Vec<u8>> {
        let keys = reference.addresses.iter().flat_map(|url| crate::published::keys(url));
        keys.into_iter().find_map(|key| self.adapter.id(&key).map(<[u8]>::to_vec))
    }

    /// Deactivates an object at once: calls that come find no object. The future waits until the
    /// calls have ended that run, and need not be awaited, which a call of the object itself must not
    /// do. True if the object was active.
    pub fn deactivate(&self, id: impl AsRef<[u8]>) -> BoxFuture<'static, bool> {
        Box::pin(self.adapter.deactivate_object(id.as_ref()))
    }

    /// Deactivates all objects, and takes no call any more; waits until the calls have ended that run.
    pub async fn destroy(&self) {
        self.adapter.destroy().await;
    }

    /// Has calls wait, within their deadlines, until [`ObjectAdapter::resume_requests`].
    pub fn hold_requests(&self) {
        self.adapter.hold_requests();
    }

    /// Has calls refused, to be made again later, until [`ObjectAdapter::resume_requests`].
    pub fn discard_requests(&self) {
        self.adapter.discard_requests();
    }

    /// Has calls go to objects again.
    pub fn resume_requests(&self) {
        self.adapter.resume_requests();
    }

    /// Whether objects take calls.
    #[must_use]
    pub fn state(&self) -> ManagerState {
        self.adapter.state()
    }

    /// Sets what calls of objects go to that are not active; which object a call is for is in its
    /// [`Context::object_id`](crate::Context::object_id).
    pub fn set_default_servant(&self, service: impl Service) {
        self.adapter.set_default_servant(Servant::new(service));
    }

    /// Sets who is asked for objects that are not active, before the default servant is taken.
    pub fn set_locator(&self, locator: impl Locator<Servant>) {
        self.adapter.set_locator(locator);
    }

    /// Connections over which the objects are called by those that are connected to (bidirectional
    /// GIOP): the way to be called back for a process that does not listen, or behind a firewall. References
    /// to the objects say an address from here on that is made up, and only peers called over these
    /// connections have a way to it.
    ///
    /// # Panics
    /// If the system has no random numbers, of which the address is made.
    #[cfg(feature = "corba")]
    #[must_use]
    pub fn bidirectional(&self) -> farcall_corba::Connections {
        use farcall_net::Address;

        // of a domain that is nobody's (RFC 6761, §6.4), and as hard to guess as the key of an object
        let random = Adapter::<()>::new("").key(b"");
        let host = format!("{}.invalid", String::from_utf8_lossy(&random[random.len() - 32..]));
        let server = farcall_corba::CorbaServer::new().with_adapter(self.adapter.clone());
        let connections = farcall_corba::Connections::new();
        match farcall_corba::Published::new([Address::tcp(&host, 1)]) {
            Some(published) => {
                let connections = connections.serving(&server, &published);
                self.publish(&Arc::new(Place::of_client(published)));
                connections
            }
            None => connections,
        }
    }

    /// Objects that are active.
    #[must_use]
    pub fn len(&self) -> usize {
        self.adapter.len()
    }

    /// True if no object is active.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.adapter.is_empty()
    }

    /// Says which interfaces the objects have, so that the descriptions of services that refer to
    /// them have them too; only the first call counts.
    #[must_use]
    pub fn with_interfaces(self, interfaces: impl IntoIterator<Item = &'static Interface>) -> Self {
        self.interfaces.get_or_init(|| interfaces.into_iter().collect());
        self
    }

    /// The interfaces that its objects are said to have.
    pub fn interfaces(&self) -> impl Iterator<Item = &'static Interface> {
        self.interfaces.get().into_iter().flatten().copied()
    }

    /// Says where the server is.
    pub(crate) fn publish(&self, place: &Arc<Place>) {
        *self.place.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(place));
    }

    fn place(&self) -> Result<Arc<Place>, Fault> {
        let place = self.place.read().unwrap_or_else(PoisonError::into_inner).clone();
        place.ok_or_else(|| {
            let text = format!(
                "the objects of {} have no address before a server with this adapter listens",
                self.name()
            );
            Fault::new(FaultKind::InvalidRequest, text)
        })
    }

    fn reference<T>(&self, place: &Place, id: &[u8], type_id: String) -> Ref<T> {
        let addresses = place.addresses(&type_id, &self.adapter.key(id));
        Ref::from(ObjectRef { interface: type_id, addresses })
    }
}

/// The repository id of an interface, or its name where no protocol has ids.
fn id_of(interface: &Interface) -> String {
    #[cfg(feature = "corba")]
    return farcall_corba::repository::of_interface(interface).into_owned();
    #[cfg(not(feature = "corba"))]
    interface.repository_id.as_deref().unwrap_or(&interface.name).to_owned()
}

/// The id of an interface that is a `T`, or derived from one.
fn fitting<T: Remote>(interface: &Interface) -> Result<String, Fault> {
    let (own, wanted) = (id_of(interface), id_of(T::interface()));
    if own == wanted || interface.bases.iter().any(|base| *base == *wanted) {
        return Ok(own);
    }
    let text = format!("the object is a {own}, and a reference to a {wanted} is asked for");
    Err(Fault::new(FaultKind::InvalidParameters, text))
}
