//! [`Channel`]: an event channel as a server to embed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use farcall::model::Interface;
use farcall::wire::Service;
use farcall::{AdapterOptions, Fault, FaultKind, ObjectAdapter, Ref, Server, Value};

use super::interface::{
    ConsumerAdmin, ConsumerAdminClient, ConsumerAdminService, EventChannel, EventChannelService,
    ProxyPullConsumerClient, ProxyPullConsumerService, ProxyPullSupplierClient, ProxyPullSupplierService,
    ProxyPushConsumerClient, ProxyPushConsumerService, ProxyPushSupplierClient, ProxyPushSupplierService,
    PullConsumerClient, PullSupplierClient, PushConsumerClient, PushSupplierClient, SupplierAdmin,
    SupplierAdminClient, SupplierAdminService,
};
use super::proxy::{Proxy, Sink};

/// Bounds of a channel.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChannelOptions {
    /// Events that wait for a consumer; beyond, the oldest is lost. 1024 unless set.
    pub queue: usize,
    /// Proxies, and so consumers and suppliers, at once; 1024 unless set.
    pub proxies: usize,
    /// How long a consumer may take for an event, and a supplier to give one; 10 s unless set.
    pub deadline: Duration,
    /// Events in a row that a consumer may fail to take before it is disconnected; 3 unless set.
    pub failures: u32,
}

impl Default for ChannelOptions {
    fn default() -> Self {
        Self { queue: 1024, proxies: 1024, deadline: Duration::from_secs(10), failures: 3 }
    }
}

impl ChannelOptions {
    /// Sets how many events wait for a consumer.
    #[must_use]
    pub fn queue(mut self, most: usize) -> Self {
        self.queue = most;
        self
    }

    /// Sets how many consumers and suppliers there may be.
    #[must_use]
    pub fn proxies(mut self, most: usize) -> Self {
        self.proxies = most;
        self
    }

    /// Sets how long one event may take.
    #[must_use]
    pub fn deadline(mut self, time: Duration) -> Self {
        self.deadline = time;
        self
    }
}

/// An event channel. Cheap to clone.
#[derive(Clone)]
pub struct Channel(pub(super) Arc<Shared>);

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").field("name", &self.0.name).finish_non_exhaustive()
    }
}

/// What the channel and its proxies have in common.
pub(super) struct Shared {
    name: String,
    pub(super) options: ChannelOptions,
    /// The places where consumers and suppliers come.
    admins: ObjectAdapter,
    pub(super) proxies: ObjectAdapter,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    given: u64,
    destroyed: bool,
    /// All proxies, by their ids.
    proxies: HashMap<u64, Arc<Proxy>>,
}

/// The ids of the places where consumers and suppliers come.
const CONSUMERS: &str = "consumers";
const SUPPLIERS: &str = "suppliers";

impl Channel {
    /// A channel under that object key.
    #[must_use]
    pub fn new(name: impl Into<String>, options: ChannelOptions) -> Self {
        let name = name.into();
        let admins = ObjectAdapter::with_options(&*name, AdapterOptions::default().persistent());
        let proxies = ObjectAdapter::new(format!("{name}.proxies"));
        let channel = Self(Arc::new(Shared { name, options, admins, proxies, open: Mutex::default() }));
        for (id, added) in [
            (CONSUMERS, channel.0.admins.activate_as(CONSUMERS, ConsumerAdminService::new(channel.admin()))),
            (SUPPLIERS, channel.0.admins.activate_as(SUPPLIERS, SupplierAdminService::new(channel.admin()))),
        ] {
            debug_assert!(added.is_ok(), "the adapter is new, and {id} is free");
        }
        channel
    }

    fn admin(&self) -> Admin {
        // weak, as the adapter holds it
        Admin(Arc::downgrade(&self.0))
    }

    /// Adds the channel to a server.
    pub fn serve(&self, server: Server) -> Server {
        let interfaces = [
            interface_of::<ConsumerAdminClient>(),
            interface_of::<SupplierAdminClient>(),
            interface_of::<ProxyPushConsumerClient>(),
            interface_of::<ProxyPushSupplierClient>(),
            interface_of::<ProxyPullConsumerClient>(),
            interface_of::<ProxyPullSupplierClient>(),
            interface_of::<PushConsumerClient>(),
            interface_of::<PushSupplierClient>(),
            interface_of::<PullConsumerClient>(),
            interface_of::<PullSupplierClient>(),
        ];
        server
            .adapter(&self.0.admins.clone().with_interfaces(interfaces))
            .adapter(&self.0.proxies)
            .service(&self.0.name, EventChannelService::new(self.clone()))
    }

    /// Gives an event to all consumers.
    pub fn publish(&self, event: Value) {
        self.0.publish(event);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn publish(&self, event: Value) {
        let event = Arc::new(event);
        let open: Vec<Arc<Proxy>> = self.lock().proxies.values().cloned().collect();
        for proxy in open {
            if let Some(lost) = proxy.offer(&event) {
                tracing::warn!(channel = self.name, lost, "a consumer is too slow (limit queue)");
            }
        }
    }

    /// Makes a proxy, and the object that `service` makes of it.
    fn add<T: farcall::wire::Remote, S: Service>(
        self: &Arc<Self>,
        sink: Sink,
        service: impl FnOnce(Arc<Proxy>) -> S,
    ) -> Result<Ref<T>, Fault> {
        let proxy = {
            let mut open = self.lock();
            if open.destroyed {
                return Err(Fault::new(FaultKind::UnknownObject, "the channel was destroyed"));
            }
            if open.proxies.len() >= self.options.proxies {
                let text = format!("the channel has {} proxies and no more", self.options.proxies);
                return Err(Fault::new(FaultKind::Limit, text));
            }
            open.given += 1;
            let proxy = Arc::new(Proxy::new(open.given, sink, Arc::downgrade(self), &self.options));
            let id = open.given;
            open.proxies.insert(id, Arc::clone(&proxy));
            proxy
        };
        let id = proxy.id.to_string();
        let added = self.proxies.activate_as(&id, service(Arc::clone(&proxy)));
        added.and_then(|()| self.proxies.reference_to(&id)).inspect_err(|_| self.forget(proxy.id))
    }

    /// Forgets a proxy: calls of it find no object any more.
    pub(super) fn forget(&self, id: u64) {
        self.lock().proxies.remove(&id);
        // not waited for, as the call that ends it is one that runs
        drop(self.proxies.deactivate(id.to_string()));
    }
}

impl EventChannel for Channel {
    async fn for_consumers(&self) -> Result<Ref<ConsumerAdminClient>, Fault> {
        self.0.admins.reference_to(CONSUMERS)
    }

    async fn for_suppliers(&self) -> Result<Ref<SupplierAdminClient>, Fault> {
        self.0.admins.reference_to(SUPPLIERS)
    }

    async fn destroy(&self) -> Result<(), Fault> {
        let open: Vec<Arc<Proxy>> = {
            let mut open = self.0.lock();
            open.destroyed = true;
            open.proxies.drain().map(|(_, proxy)| proxy).collect()
        };
        for proxy in open {
            drop(self.0.proxies.deactivate(proxy.id.to_string()));
            proxy.end().await;
        }
        Ok(())
    }
}

fn interface_of<T: farcall::wire::Remote>() -> &'static Interface {
    T::interface()
}

/// Where consumers and suppliers come.
struct Admin(std::sync::Weak<Shared>);

impl Admin {
    fn shared(&self) -> Result<Arc<Shared>, Fault> {
        self.0.upgrade().ok_or_else(|| Fault::new(FaultKind::UnknownObject, "the channel is gone"))
    }
}

impl ConsumerAdmin for Admin {
    async fn obtain_push_supplier(&self) -> Result<Ref<ProxyPushSupplierClient>, Fault> {
        self.shared()?.add(Sink::Queue, ProxyPushSupplierService::new)
    }

    async fn obtain_pull_supplier(&self) -> Result<Ref<ProxyPullSupplierClient>, Fault> {
        self.shared()?.add(Sink::Queue, ProxyPullSupplierService::new)
    }
}

impl SupplierAdmin for Admin {
    async fn obtain_push_consumer(&self) -> Result<Ref<ProxyPushConsumerClient>, Fault> {
        self.shared()?.add(Sink::None, ProxyPushConsumerService::new)
    }

    async fn obtain_pull_consumer(&self) -> Result<Ref<ProxyPullConsumerClient>, Fault> {
        self.shared()?.add(Sink::None, ProxyPullConsumerService::new)
    }
}
