//! One connection an endpoint, shared by all that call there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use farcall_net::{Address, Connector};
use farcall_wire::{Fault, FaultKind, Limits};
use tokio::sync::OnceCell;

use super::link::Link;
use super::target::Endpoint;

/// Connections by address, those inside TLS apart.
#[derive(Clone)]
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    connector: Connector,
    idle: Duration,
    links: Mutex<HashMap<Address, [Slot; 2]>>,
}

/// A connection that the first that calls there opens; others wait for it.
#[derive(Clone, Default)]
struct Slot(Arc<OnceCell<Arc<Link>>>);

impl Pool {
    pub(super) fn new(connector: Connector, idle: Duration) -> Self {
        Self(Arc::new(Shared { connector, idle, links: Mutex::default() }))
    }

    /// The connection to that place, opened if there is none.
    pub(super) async fn link(
        &self,
        endpoint: &Endpoint,
        limits: &Arc<Limits>,
        deadline: Instant,
    ) -> Result<Arc<Link>, Fault> {
        let Slot(cell) = {
            let mut links = self.0.links.lock().unwrap_or_else(PoisonError::into_inner);
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
            Ok(Link::open(stream, limits, self.0.idle))
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
