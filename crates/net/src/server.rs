//! [`Server`]: listens, tells protocols apart, bounds what callers may cost,
//! and ends without cutting off calls.
//!
//! ```no_run
//! # async fn example(protocol: impl farcall_net::HttpProtocol) -> Result<(), farcall_net::ServerError> {
//! use farcall_net::{Server, shutdown_signal};
//!
//! let server = Server::builder().listen("127.0.0.1:8000".parse().unwrap()).http(protocol).bind().await?;
//! println!("listening at {}", server.addresses()[0]);
//! server.run(shutdown_signal()).await;
//! # Ok(()) }
//! ```

mod activity;
mod calls;
mod connection;
mod dispatch;
mod drain;
mod gate;
mod limits;
mod listen;
mod protocol;
mod reply;
mod service;
mod sniff;

use std::sync::Arc;
use std::time::Duration;

use http::header::HeaderName;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

pub use self::calls::{Authorization, content_type, service_of_path};
pub use self::gate::{CallGate, CallPermit, Room};
pub use self::limits::ServerLimits;
pub use self::listen::ServerError;
pub use self::protocol::{Acceptor, Claim, Connection, HttpProtocol, Route};
pub use self::service::{HttpService, ReplyBody};

use self::connection::{Shared, serve, turn_away};
use self::dispatch::Dispatch;
use self::gate::{Gate, Memory};
use self::listen::Listener;
use crate::metrics::ServerGauges;
use crate::{Address, Authenticator, Prometheus, ServerTls};

/// So many peers are told at once that they are too many; others are only closed.
const TURNED_AWAY: usize = 256;

/// What a [`Server`] is made from.
#[must_use]
pub struct ServerBuilder {
    addresses: Vec<Address>,
    tls: Option<ServerTls>,
    acceptors: Vec<Arc<dyn Acceptor>>,
    protocols: Vec<Arc<dyn HttpProtocol>>,
    routes: Vec<Arc<dyn Route>>,
    authenticator: Option<Arc<dyn Authenticator>>,
    limits: ServerLimits,
    prometheus: Option<Prometheus>,
    metadata: Vec<HeaderName>,
    compress: Option<usize>,
    on_bound: Vec<OnBound>,
}

/// What wants to know the bound addresses.
type OnBound = Box<dyn FnOnce(&[Address]) + Send>;

impl std::fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerBuilder").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

impl ServerBuilder {
    /// Listens there; port 0 lets the system choose. May be given several times.
    pub fn listen(mut self, address: Address) -> Self {
        self.addresses.push(address);
        self
    }

    /// Speaks TLS with whoever begins with it, and plain with whoever does not, unless
    /// certificates are required ([`ServerTls::require_client_certificates`]): then with TLS only.
    pub fn tls(mut self, tls: ServerTls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Adds a protocol over HTTP; they are asked in the order in which they were added.
    pub fn http(mut self, protocol: impl HttpProtocol) -> Self {
        self.protocols.push(Arc::new(protocol));
        self
    }

    /// Adds a protocol with a stream of its own; asked in order, before HTTP.
    pub fn acceptor(mut self, acceptor: impl Acceptor) -> Self {
        self.acceptors.push(Arc::new(acceptor));
        self
    }

    /// Adds a page.
    pub fn route(mut self, route: impl Route) -> Self {
        self.routes.push(Arc::new(route));
        self
    }

    /// Has every request judged, but for public pages, `/livez` and `/readyz`.
    pub fn authenticator(mut self, authenticator: impl Authenticator) -> Self {
        self.authenticator = Some(Arc::new(authenticator));
        self
    }

    /// Sets the limits.
    pub fn limits(mut self, limits: ServerLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Serves these metrics at `/metrics`.
    pub fn metrics(mut self, prometheus: Prometheus) -> Self {
        self.prometheus = Some(prometheus);
        self
    }

    /// Gives calls this header in [`Context::metadata`](farcall_wire::Context::metadata),
    /// beside `traceparent` and `tracestate`.
    pub fn metadata(mut self, header: HeaderName) -> Self {
        self.metadata.push(header);
        self
    }

    /// Compresses replies of at least that many octets for callers that take
    /// gzip; off unless set, for it costs more time than a fast network.
    pub fn compress(mut self, least: usize) -> Self {
        self.compress = Some(least);
        self
    }

    /// Has `tell` called with the bound addresses, before anybody is served.
    pub fn on_bound(mut self, tell: impl FnOnce(&[Address]) + Send + 'static) -> Self {
        self.on_bound.push(Box::new(tell));
        self
    }

    fn dispatch(self) -> Arc<Dispatch> {
        Arc::new(Dispatch {
            gate: Arc::new(Gate::new(self.limits.concurrent_calls, self.limits.queue)),
            memory: Memory::new(self.limits.body_memory),
            protocols: self.protocols,
            routes: self.routes,
            authenticator: self.authenticator,
            limits: self.limits,
            drain: Arc::default(),
            prometheus: self.prometheus,
            metadata: self.metadata,
            compress: self.compress,
            gauges: ServerGauges::new(),
        })
    }

    /// The HTTP side alone, as a tower service for another server.
    /// Addresses, TLS and connection limits do not apply to it.
    #[must_use]
    pub fn into_service(self) -> HttpService {
        HttpService(self.dispatch())
    }

    /// Binds the addresses; nobody is served until [`Server::run`].
    ///
    /// # Errors
    /// [`ServerError`] if an address or the TLS configuration cannot be used.
    pub async fn bind(mut self) -> Result<Server, ServerError> {
        if self.addresses.is_empty() {
            return Err(ServerError::NoAddress);
        }
        let tls_only = self.tls.as_ref().is_some_and(ServerTls::requires_certificates);
        let tls = match self.tls.take() {
            Some(tls) => Some(TlsAcceptor::from(tls.config()?)),
            None => None,
        };
        let mut listeners = Vec::new();
        let mut addresses = Vec::new();
        for address in &self.addresses {
            for listener in Listener::bind(address).await? {
                let bound = listener
                    .address()
                    .map_err(|source| ServerError::Bind { address: address.clone(), source })?;
                addresses.push(bound);
                listeners.push(listener);
            }
        }
        for tell in std::mem::take(&mut self.on_bound) {
            tell(&addresses);
        }
        let acceptors = std::mem::take(&mut self.acceptors);
        let shared = Arc::new(Shared { dispatch: self.dispatch(), acceptors, tls, tls_only });
        Ok(Server { listeners, addresses, shared })
    }
}

/// A server that listens.
pub struct Server {
    listeners: Vec<Listener>,
    addresses: Vec<Address>,
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

impl Server {
    /// A server without protocols, at default limits.
    pub fn builder() -> ServerBuilder {
        let names = ["traceparent", "tracestate"];
        ServerBuilder {
            addresses: Vec::new(),
            tls: None,
            acceptors: Vec::new(),
            protocols: Vec::new(),
            routes: Vec::new(),
            authenticator: None,
            limits: ServerLimits::default(),
            prometheus: None,
            metadata: names.map(HeaderName::from_static).into(),
            compress: None,
            on_bound: Vec::new(),
        }
    }

    /// The bound addresses, with the ports that the system chose.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Serves until `shutdown` resolves, then drains: says not ready, stops
    /// listening, lets calls that run end within their time, closes.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let drain = Arc::clone(&self.shared.dispatch.drain);
        let limits = self.shared.dispatch.limits.clone();
        let mut accepting = JoinSet::new();
        let connections = Connections::new(limits.connections);
        for listener in self.listeners {
            let (shared, connections) = (Arc::clone(&self.shared), connections.clone());
            accepting.spawn(accept(listener, shared, connections));
        }
        let prometheus = self.shared.dispatch.prometheus.clone();
        accepting.spawn(async move {
            while let Some(prometheus) = &prometheus {
                tokio::time::sleep(Duration::from_secs(5)).await;
                prometheus.fold();
            }
        });
        shutdown.await;
        tracing::info!("stopping: no new calls, those that run may end");
        drain.set_unready();
        tokio::time::sleep(limits.drain_delay).await;
        accepting.shutdown().await;
        drain.close();
        if tokio::time::timeout(limits.drain_timeout, connections.ended()).await.is_err() {
            tracing::warn!("calls were cut off that ran longer than limit drain_timeout");
            connections.abort();
        }
    }
}

/// The tasks of open connections.
#[derive(Clone)]
struct Connections {
    free: Arc<Semaphore>,
    limit: usize,
    away: Arc<Semaphore>,
    tasks: Arc<std::sync::Mutex<JoinSet<()>>>,
}

impl Connections {
    fn new(limit: usize) -> Self {
        let limit = limit.clamp(1, u32::MAX as usize >> 4);
        Self {
            free: Arc::new(Semaphore::new(limit)),
            limit,
            away: Arc::new(Semaphore::new(TURNED_AWAY)),
            tasks: Arc::default(),
        }
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.lock();
        while let Some(ended) = tasks.try_join_next() {
            if let Err(error) = ended
                && error.is_panic()
            {
                tracing::error!(%error, "a connection panicked");
            }
        }
        tasks.spawn(task);
    }

    async fn ended(&self) {
        // All permits are free when every connection has ended.
        let all = u32::try_from(self.limit).unwrap_or(u32::MAX);
        let _ = self.free.acquire_many(all).await;
    }

    fn abort(&self) {
        self.lock().abort_all();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

async fn accept(listener: Listener, shared: Arc<Shared>, connections: Connections) {
    loop {
        let (stream, peer) = listener.accept().await;
        if let Ok(permit) = Arc::clone(&connections.free).try_acquire_owned() {
            let shared = Arc::clone(&shared);
            connections.spawn(async move {
                let _permit = permit;
                serve(shared, stream, peer).await;
            });
        } else {
            shared.dispatch.gauges.refused("connections");
            tracing::warn!(%peer, "a connection too many (limit connections)");
            if let Ok(permit) = Arc::clone(&connections.away).try_acquire_owned() {
                let shared = Arc::clone(&shared);
                connections.spawn(async move {
                    let _permit = permit;
                    turn_away(shared, stream).await;
                });
            }
        }
    }
}

/// Resolves at SIGTERM or SIGINT, the usual ways to tell a server to stop.
pub async fn shutdown_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = |kind| async move {
        match signal(kind) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "signals cannot be caught; the server stops only when killed");
                std::future::pending().await
            }
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::interrupt()) => {}
    }
}
