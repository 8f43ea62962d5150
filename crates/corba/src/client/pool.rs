//! [`Connections`]: one connection an endpoint, shared by all that call there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use farcall_net::{Address, Connector};
use farcall_wire::{Fault, FaultKind, Limits};
use tokio::sync::OnceCell;

use super::link::Link;
use super::target::Endpoint;
use crate::giop::ListenPoint;
use crate::server::{CorbaServer, Published};

/// Connections that clients share, by address; those inside TLS apart. Cheap to clone.
///
/// Over one that serves objects calls go both ways (bidirectional GIOP, CORBA 3.3 part 2, §9.8):
///
/// ```
/// use farcall_corba::{Client, Connections, CorbaServer, Published};
/// use farcall_net::Address;
///
/// // nobody can connect to this process, and nobody needs to
/// let own = Published::new([Address::tcp("client-7.invalid", 1)]).unwrap();
/// let connections = Connections::new().serving(&CorbaServer::new(), &own);
/// let hub = Client::builder("corbaloc::127.0.0.1:2809/hub").connections(connections).build()?;
/// // and now it may be given references that `own` makes
/// # Ok::<(), farcall_wire::Fault>(())
/// ```
#[derive(Clone)]
pub struct Connections(Arc<Shared>);

struct Shared {
    connector: Connector,
    idle: Duration,
    cancels: bool,
    serving: Option<Serving>,
    /// To each place, without TLS and with it.
    links: Mutex<HashMap<Address, [Slot; 2]>>,
}

/// What is called over connections that this side opens.
#[derive(Clone)]
struct Serving {
    server: CorbaServer,
    listen: Vec<ListenPoint>,
}

/// A connection that the first that calls there opens; others wait for it.
#[derive(Clone, Default)]
struct Slot(Arc<OnceCell<Arc<Link>>>);

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections").field("open", &self.lock().len()).finish_non_exhaustive()
    }
}

impl Default for Connections {
    fn default() -> Self {
        Self::new()
    }
}

impl Connections {
    /// None yet; they are made by a default [`Connector`].
    #[must_use]
    pub fn new() -> Self {
        Self::with(Connector::new(), Duration::from_secs(60))
    }

    /// None yet; `idle` is the time that one stays open without a call.
    #[must_use]
    pub fn with(connector: Connector, idle: Duration) -> Self {
        Self(Arc::new(Shared { connector, idle, cancels: false, serving: None, links: Mutex::default() }))
    }

    /// Other connections of the same kind, over each of which servers are told of calls that nobody
    /// waits for any more (see [`ClientOptions::cancel_requests`](crate::ClientOptions::cancel_requests)).
    #[must_use]
    pub fn cancelling(self, told: bool) -> Self {
        let Shared { connector, idle, serving, .. } = &*self.0;
        let (connector, idle, serving) = (connector.clone(), *idle, serving.clone());
        Self(Arc::new(Shared { connector, idle, cancels: told, serving, links: Mutex::default() }))
    }

    pub(crate) fn is_cancelling(&self) -> bool {
        self.0.cancels
    }

    /// Other connections of the same kind, over each of which the server's objects may be called by
    /// whoever is connected to, at the addresses that are published. They stay open while nobody
    /// calls, until the other side closes them.
    #[must_use]
    pub fn serving(self, server: &CorbaServer, published: &Published) -> Self {
        let (connector, idle, cancels) = (self.0.connector.clone(), self.0.idle, self.0.cancels);
        let serving = Some(Serving { server: server.clone(), listen: published.listen_points() });
        Self(Arc::new(Shared { connector, idle, cancels, serving, links: Mutex::default() }))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Address, [Slot; 2]>> {
        self.0.links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where this side's objects are, for peers that may call them over these connections.
    pub(super) fn listen_points(&self) -> &[ListenPoint] {
        self.0.serving.as_ref().map_or(&[], |serving| &serving.listen)
    }

    /// Has calls to these places go over a connection that a client opened; not to places to which
    /// there is a connection.
    pub(crate) fn offer(&self, points: &[ListenPoint], is_tls: bool, link: &Arc<Link>) {
        let mut links = self.lock();
        // a reference that wants TLS gets it
        let kinds: &[bool] = if is_tls { &[false, true] } else { &[false] };
        for (point, tls) in points.iter().flat_map(|point| kinds.iter().map(move |tls| (point, *tls))) {
            let slots = links.entry(Address::tcp(&point.host, point.port)).or_default();
            let slot = &mut slots[usize::from(tls)];
            if slot.0.get().is_none_or(|link| link.is_closed()) {
                *slot = Slot(Arc::new(OnceCell::new_with(Some(Arc::clone(link)))));
            }
        }
    }

    /// Forgets a connection that was offered.
    pub(crate) fn withdraw(&self, link: &Arc<Link>) {
        self.lock().retain(|_, slots| {
            for slot in slots.iter_mut() {
                if slot.0.get().is_some_and(|other| Arc::ptr_eq(other, link)) {
                    *slot = Slot::default();
                }
            }
            // one that is being opened is held by who opens it
            slots.iter().any(|slot| slot.0.get().is_some() || Arc::strong_count(&slot.0) > 1)
        });
    }

    /// The connection to that place, opened if there is none.
    pub(super) async fn link(
        &self,
        endpoint: &Endpoint,
        limits: &Arc<Limits>,
        deadline: Instant,
    ) -> Result<Arc<Link>, Fault> {
        let Slot(cell) = {
            let mut links = self.lock();
            let slots = match links.get_mut(&endpoint.address) {
                Some(slots) => slots,
                None => links.entry(endpoint.address.clone()).or_default(),
            };
            let slot = &mut slots[usize::from(endpoint.tls.is_some())];
            if slot.0.get().is_some_and(|link| link.is_closed()) {
                *slot = Slot::default();
            }
            slot.clone()
        };
        if let Some(link) = cell.get() {
            return Ok(Arc::clone(link));
        }
        let open = cell.get_or_try_init(|| async {
            let stream = match &endpoint.tls {
                Some(name) => self.0.connector.connect_tls(&endpoint.address, name).await?,
                None => self.0.connector.connect(&endpoint.address).await?,
            };
            let inbound =
                self.0.serving.as_ref().map(|serving| serving.server.inbound(limits, stream.peer()));
            Ok(Link::open(stream, limits, self.0.idle, self.0.cancels, inbound))
        });
        match tokio::time::timeout_at(deadline.into(), open).await {
            Ok(link) => link.map(Arc::clone),
            Err(_) => {
                let text = format!("no connection to {} within the call's deadline", endpoint.address);
                Err(Fault::new(FaultKind::Deadline, text))
            }
        }
    }
}
