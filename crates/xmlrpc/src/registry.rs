//! [`Registry`]: which services answer to which method names.
//!
//! ```
//! use farcall_xmlrpc::Registry;
//!
//! let registry = Registry::default();
//! assert!(registry.resolve("", "nobody.home").is_none());
//! ```

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use farcall_model::Operation;
use farcall_net::{CallMetrics, OperationMetrics};
use farcall_wire::{Handler, Objects, adapter};

use crate::XmlRpc;

/// Services by name, and their methods by dotted name.
pub struct Registry {
    services: BTreeMap<String, Arc<dyn Handler<XmlRpc>>>,
    methods: HashMap<Box<str>, Method>,
    adapters: Vec<Arc<dyn Objects<XmlRpc>>>,
    metrics: Arc<CallMetrics>,
}

struct Method {
    service: Box<str>,
    operation: usize,
    metrics: Arc<OperationMetrics>,
}

impl Default for Registry {
    fn default() -> Self {
        let metrics = Arc::new(CallMetrics::server("xmlrpc"));
        Self { services: BTreeMap::new(), methods: HashMap::new(), adapters: Vec::new(), metrics }
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("services", &self.services.keys()).finish_non_exhaustive()
    }
}

/// A method that was found.
pub struct Target<'a> {
    /// Its full, dotted name.
    pub(crate) full: std::borrow::Cow<'a, str>,
    /// Its name within the service.
    pub(crate) local: &'a str,
    pub(crate) handler: &'a dyn Handler<XmlRpc>,
    /// `None` if the service takes names that its interface does not have.
    pub(crate) operation: Option<usize>,
    pub(crate) metrics: Arc<OperationMetrics>,
}

impl std::fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target").field("full", &self.full).finish_non_exhaustive()
    }
}

/// A service's name before an operation's; a service without a name adds nothing.
fn dotted(service: &str, operation: &str) -> String {
    if service.is_empty() { operation.to_owned() } else { format!("{service}.{operation}") }
}

impl Registry {
    /// Adds a service. Its operations are called `name.operation`, or
    /// `operation` alone if the name is empty. One of the same name is replaced.
    pub fn add(&mut self, name: &str, handler: Arc<dyn Handler<XmlRpc>>) {
        self.methods.retain(|_, method| &*method.service != name);
        for (index, operation) in handler.interface().operations.iter().enumerate() {
            let full = dotted(name, &operation.name);
            let metrics = self.metrics.operation(&full);
            self.methods.insert(full.into(), Method { service: name.into(), operation: index, metrics });
        }
        self.services.insert(name.to_owned(), handler);
    }

    /// Adds objects that are made at run time, each at its own URL; an adapter of the same name is replaced.
    pub fn add_adapter(&mut self, adapter: Arc<dyn Objects<XmlRpc>>) {
        self.adapters.retain(|other| other.name() != adapter.name());
        self.adapters.push(adapter);
    }

    /// The adapter that the object of that key is of, if there is one.
    pub(crate) fn adapter(&self, key: &[u8]) -> Option<&Arc<dyn Objects<XmlRpc>>> {
        adapter::find(&self.adapters, key)
    }

    /// What answers to a name at the URL of an object, whose adapter has that name.
    pub(crate) fn of_object<'a>(
        &self,
        adapter: &str,
        handler: &'a dyn Handler<XmlRpc>,
        name: &'a str,
    ) -> Option<Target<'a>> {
        let operation = handler.interface().operations.iter().position(|operation| operation.name == name);
        if operation.is_none() && !handler.catches_all() {
            return None;
        }
        let metrics = self.metrics.operation(&dotted(adapter, operation.map_or("*", |_| name)));
        Some(Target { full: dotted(adapter, name).into(), local: name, handler, operation, metrics })
    }

    /// A registry of one service, which counts its calls here.
    pub(crate) fn alone(&self, name: &str, handler: Arc<dyn Handler<XmlRpc>>) -> Self {
        let mut alone = Self { metrics: Arc::clone(&self.metrics), ..Self::default() };
        alone.add(name, handler);
        alone
    }

    /// The services by name.
    pub fn services(&self) -> impl Iterator<Item = (&str, &dyn Handler<XmlRpc>)> {
        self.services.iter().map(|(name, handler)| (name.as_str(), &**handler))
    }

    /// True if a service of that name is there.
    #[must_use]
    pub fn has_service(&self, name: &str) -> bool {
        self.services.contains_key(name)
    }

    /// What answers to a name at the URL of a service (`""` for the URL of all).
    ///
    /// At a service's own URL its name may be left out.
    #[must_use]
    pub fn resolve<'a>(&'a self, scope: &str, name: &'a str) -> Option<Target<'a>> {
        if scope.is_empty() {
            return self.exact(name.into(), name).or_else(|| self.catch_all("", name));
        }
        let full = dotted(scope, name);
        let of_scope =
            |target: &Target<'_>| target.full.strip_prefix(scope).is_some_and(|r| r.starts_with('.'));
        self.exact(full.into(), name)
            .or_else(|| self.exact(name.into(), name).filter(of_scope))
            .or_else(|| self.catch_all(scope, name))
    }

    fn exact<'a>(&'a self, full: std::borrow::Cow<'a, str>, name: &'a str) -> Option<Target<'a>> {
        let method = self.methods.get(&*full)?;
        let handler = &**self.services.get(&*method.service)?;
        // the tail of `name` that is the operation's own
        let own = handler.interface().operations[method.operation].name.len();
        let local = name.get(name.len().saturating_sub(own)..).unwrap_or(name);
        let metrics = Arc::clone(&method.metrics);
        Some(Target { full, local, handler, operation: Some(method.operation), metrics })
    }

    /// The service that takes whatever name: the one that the URL or the name's beginning says.
    fn catch_all<'a>(&'a self, scope: &str, name: &'a str) -> Option<Target<'a>> {
        let of_name = name.match_indices('.').map(|(at, _)| (&name[..at], &name[at + 1..]));
        let mut candidates: Vec<(&str, &str)> = of_name.collect();
        candidates.reverse();
        candidates.push((scope, name));
        candidates.push(("", name));
        candidates.into_iter().find_map(|(service, local)| {
            let handler = &**self.services.get(service).filter(|handler| handler.catches_all())?;
            let metrics = self.metrics.operation(&dotted(service, "*"));
            Some(Target { full: dotted(service, local).into(), local, handler, operation: None, metrics })
        })
    }

    /// Full names and operations of all methods at the URL of a service, sorted by name.
    #[must_use]
    pub fn methods(&self, scope: &str) -> Vec<(String, &Operation)> {
        let mut found: Vec<(String, &Operation)> = Vec::new();
        for (service, handler) in &self.services {
            for operation in &handler.interface().operations {
                if scope.is_empty() {
                    found.push((dotted(service, &operation.name), operation));
                } else if service == scope {
                    found.push((operation.name.to_string(), operation));
                }
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }

    pub(crate) fn metrics(&self) -> &CallMetrics {
        &self.metrics
    }
}
