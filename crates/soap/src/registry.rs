//! [`Registry`]: which services answer to which elements.
//!
//! ```
//! use farcall_soap::Registry;
//!
//! assert!(!Registry::default().has_service("bank"));
//! ```

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use farcall_net::{CallMetrics, OperationMetrics};
use farcall_wire::{Handler, Objects, adapter};
use farcall_wsdl::mapping::ncname;

use crate::names::Spaces;
use crate::{Soap, namespace_of};

/// Services by name, and their operations by the local name of their element.
#[derive(Clone)]
pub struct Registry {
    services: BTreeMap<String, Arc<Service>>,
    adapters: Vec<Arc<dyn Objects<Soap>>>,
    metrics: Arc<CallMetrics>,
}

pub(crate) struct Service {
    pub(crate) handler: Arc<dyn Handler<Soap>>,
    pub(crate) namespace: String,
    spaces: Spaces,
    operations: HashMap<String, Operation>,
    /// Of names that the interface does not have.
    others: Arc<OperationMetrics>,
}

struct Operation {
    index: usize,
    metrics: Arc<OperationMetrics>,
}

impl Default for Registry {
    fn default() -> Self {
        let metrics = Arc::new(CallMetrics::server("soap"));
        Self { services: BTreeMap::new(), adapters: Vec::new(), metrics }
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("services", &self.services.keys()).finish_non_exhaustive()
    }
}

/// An operation that was found.
pub(crate) struct Target<'a> {
    /// Its name with that of the service, dotted.
    pub(crate) full: String,
    pub(crate) handler: &'a dyn Handler<Soap>,
    /// `None` if the service takes names that its interface does not have.
    pub(crate) operation: Option<usize>,
    pub(crate) spaces: Spaces,
    pub(crate) metrics: Arc<OperationMetrics>,
}

impl Registry {
    /// Adds a service; one of the same name is replaced.
    pub fn add(&mut self, name: &str, handler: Arc<dyn Handler<Soap>>) {
        let interface = handler.interface();
        let namespace = namespace_of(interface);
        let mut operations = HashMap::new();
        for (index, operation) in interface.operations.iter().enumerate() {
            let metrics = self.metrics.operation(&dotted(name, &operation.name));
            operations.insert(ncname(&operation.name).into_owned(), Operation { index, metrics });
        }
        let spaces = Spaces::new(&namespace, &interface.scope);
        let others = self.metrics.operation(&dotted(name, "*"));
        let service = Service { handler, namespace, spaces, operations, others };
        self.services.insert(name.to_owned(), Arc::new(service));
    }

    /// Adds objects that are made at run time, each at its own URL; an adapter of the same name is replaced.
    pub fn add_adapter(&mut self, adapter: Arc<dyn Objects<Soap>>) {
        self.adapters.retain(|other| other.name() != adapter.name());
        self.adapters.push(adapter);
    }

    /// The adapter that the object of that key is of, if there is one.
    pub(crate) fn adapter(&self, key: &[u8]) -> Option<&Arc<dyn Objects<Soap>>> {
        adapter::find(&self.adapters, key)
    }

    /// What answers to an element at the URL of an object, whose adapter has that name.
    pub(crate) fn of_object<'a>(
        &self,
        adapter: &str,
        handler: &'a dyn Handler<Soap>,
        namespace: Option<&str>,
        local: &str,
    ) -> Option<Target<'a>> {
        let interface = handler.interface();
        let own = namespace_of(interface);
        let operation = interface.operations.iter().position(|operation| ncname(&operation.name) == local);
        let known = operation.is_some() || handler.catches_all();
        if !known || namespace.is_some_and(|uri| uri != own) {
            return None;
        }
        let full = dotted(adapter, local);
        let metrics = self.metrics.operation(operation.map_or(&*dotted(adapter, "*"), |_| &*full));
        let spaces = Spaces::new(&own, &interface.scope);
        Some(Target { full, handler, operation, spaces, metrics })
    }

    /// The services by name.
    pub fn services(&self) -> impl Iterator<Item = (&str, &dyn Handler<Soap>)> {
        self.services.iter().map(|(name, service)| (name.as_str(), &*service.handler))
    }

    /// True if a service of that name is there.
    #[must_use]
    pub fn has_service(&self, name: &str) -> bool {
        self.services.contains_key(name)
    }

    pub(crate) fn service(&self, name: &str) -> Option<&Service> {
        self.services.get(name).map(AsRef::as_ref)
    }

    /// What answers to an element at the URL of a service (`""` for the URL of all). An element
    /// without a namespace is of the one service that has its name.
    pub(crate) fn resolve(&self, scope: &str, namespace: Option<&str>, local: &str) -> Option<Target<'_>> {
        let mut candidates = self.services.iter().filter(|(name, service)| {
            let reachable = scope.is_empty() || scope == name.as_str();
            reachable && namespace.is_none_or(|uri| uri == service.namespace)
        });
        let unsaid = namespace.is_none();
        let has = |service: &Service| service.operations.contains_key(local) || service.handler.catches_all();
        let (name, service) = candidates.find(|(_, service)| has(service))?;
        if unsaid && candidates.any(|(_, service)| has(service)) {
            return None;
        }
        let operation = service.operations.get(local);
        let metrics = operation.map_or(&service.others, |operation| &operation.metrics);
        Some(Target {
            full: dotted(name, local),
            handler: &*service.handler,
            operation: operation.map(|operation| operation.index),
            spaces: service.spaces.clone(),
            metrics: Arc::clone(metrics),
        })
    }
}

fn dotted(service: &str, operation: &str) -> String {
    if service.is_empty() { operation.to_owned() } else { format!("{service}.{operation}") }
}
