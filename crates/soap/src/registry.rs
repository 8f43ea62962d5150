//! [`Registry`]: which services answer to which elements.
//!
//! ```
//! use farcall_soap::Registry;
//!
//! assert!(!Registry::default().has_service("bank"));
//! ```

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use farcall_model::XmlOperation;
use farcall_net::{CallMetrics, OperationMetrics};
use farcall_wire::{Handler, Objects, adapter};
use farcall_wsdl::mapping::ncname;

use crate::names::Spaces;
use crate::{Description, Soap, namespace_of};

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
    /// The WSDL that it follows, if it is not one made from the interface.
    pub(crate) description: Option<Description>,
    spaces: Spaces,
    /// Operations by the local name of their first element; by `""` those whose body is empty.
    operations: HashMap<String, Vec<Operation>>,
    /// Of names that the interface does not have.
    others: Arc<OperationMetrics>,
}

struct Operation {
    index: usize,
    /// Its name with that of the service, dotted.
    full: Arc<str>,
    /// The namespace of its first element.
    namespace: String,
    xml: Option<Arc<XmlOperation>>,
    metrics: Arc<OperationMetrics>,
}

impl Operation {
    /// Whether it is the one that an action names.
    fn acts(&self, action: &str) -> bool {
        self.xml.as_ref().is_some_and(|xml| xml.action.as_deref() == Some(action))
    }
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
    pub(crate) full: Arc<str>,
    pub(crate) handler: &'a dyn Handler<Soap>,
    /// `None` if the service takes names that its interface does not have.
    pub(crate) operation: Option<usize>,
    pub(crate) spaces: Spaces,
    /// How it stands in messages, where a description says it.
    pub(crate) xml: Option<Arc<XmlOperation>>,
    pub(crate) metrics: Arc<OperationMetrics>,
}

impl Registry {
    /// Adds a service; one of the same name is replaced.
    pub fn add(&mut self, name: &str, handler: Arc<dyn Handler<Soap>>) {
        self.insert(name, handler, None);
    }

    /// Adds a service that speaks as a description says, as far as that has its operations.
    pub fn add_described(&mut self, name: &str, handler: Arc<dyn Handler<Soap>>, description: Description) {
        self.insert(name, handler, Some(description));
    }

    fn insert(&mut self, name: &str, handler: Arc<dyn Handler<Soap>>, description: Option<Description>) {
        let interface = handler.interface();
        let described = description.as_ref().map(Description::interface);
        let namespace = namespace_of(described.unwrap_or(interface));
        let mut operations: HashMap<String, Vec<Operation>> = HashMap::new();
        for (index, operation) in interface.operations.iter().enumerate() {
            let full: Arc<str> = dotted(name, &operation.name).into();
            let metrics = self.metrics.operation(&full);
            let said = described.and_then(|interface| interface.operation(&operation.name)?.xml.clone());
            let xml = said.or_else(|| operation.xml.clone());
            let (uri, local) = first_element(operation, xml.as_deref(), &namespace);
            operations.entry(local).or_default().push(Operation {
                index,
                full,
                namespace: uri,
                xml,
                metrics,
            });
        }
        let others = description.as_ref().map_or(&[][..], Description::types);
        let spaces =
            Spaces::new(&namespace, &interface.scope).with_types(described.unwrap_or(interface), others);
        let others = self.metrics.operation(&dotted(name, "*"));
        let service = Service { handler, namespace, description, spaces, operations, others };
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
        let operation = interface.operations.iter().position(|operation| {
            let (_, element) = first_element(operation, operation.xml.as_deref(), &own);
            element == local
        });
        let known = operation.is_some() || handler.catches_all();
        if !known || namespace.is_some_and(|uri| uri != own) {
            return None;
        }
        let full: Arc<str> = dotted(adapter, local).into();
        let metrics = self.metrics.operation(operation.map_or(&*dotted(adapter, "*"), |_| &*full));
        let spaces = Spaces::new(&own, &interface.scope).with_types(interface, &[]);
        let xml = operation.and_then(|index| interface.operations[index].xml.clone());
        Some(Target { full, handler, operation, spaces, xml, metrics })
    }

    /// True if an operation that begins with an element of that name has that action.
    pub(crate) fn declares(&self, action: &str, local: &str) -> bool {
        let named = self.services.values().filter_map(|service| service.operations.get(local));
        named.flatten().any(|operation| operation.acts(action))
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
    /// without a namespace is of the one service that has its name; where several operations have
    /// one element, the action tells which is meant.
    pub(crate) fn resolve(
        &self,
        scope: &str,
        namespace: Option<&str>,
        local: &str,
        action: &str,
    ) -> Option<Target<'_>> {
        let reachable =
            || self.services.iter().filter(|(name, _)| scope.is_empty() || scope == name.as_str());
        let mut found: Vec<(&String, &Service, &Operation)> = Vec::new();
        for (name, service) in reachable() {
            let named = service.operations.get(local).map_or(&[][..], Vec::as_slice);
            let fits = named.iter().filter(|op| namespace.is_none_or(|uri| uri == op.namespace));
            found.extend(fits.map(|op| (name, &**service, op)));
        }
        if found.len() > 1 && found.iter().any(|(.., op)| op.acts(action)) {
            found.retain(|(.., op)| op.acts(action));
        }
        let unsaid = namespace.is_none();
        let is_other = |(other, ..): &(&String, &Service, &Operation)| *other != found[0].0;
        if unsaid && found.iter().any(is_other) {
            return None;
        }
        if let Some((_, service, operation)) = found.first() {
            return Some(Target {
                full: Arc::clone(&operation.full),
                handler: &*service.handler,
                operation: Some(operation.index),
                spaces: service.spaces.clone(),
                xml: operation.xml.clone(),
                metrics: Arc::clone(&operation.metrics),
            });
        }
        let mut catching = reachable().filter(|(_, service)| {
            service.handler.catches_all() && namespace.is_none_or(|uri| uri == service.namespace)
        });
        let (name, service) = catching.next()?;
        if local.is_empty() || (unsaid && catching.next().is_some()) {
            return None;
        }
        Some(Target {
            full: dotted(name, local).into(),
            handler: &*service.handler,
            operation: None,
            spaces: service.spaces.clone(),
            xml: None,
            metrics: Arc::clone(&service.others),
        })
    }
}

/// The namespace and the local name of the first element in the body of a request.
fn first_element(
    operation: &farcall_model::Operation,
    xml: Option<&XmlOperation>,
    service: &str,
) -> (String, String) {
    let Some(xml) = xml else { return (service.to_owned(), ncname(&operation.name).into_owned()) };
    let name = match &xml.request.wrapper {
        Some(wrapper) => Some(wrapper),
        None => {
            let param = operation.params.first().map(|param| &param.field);
            param.map(|field| xml.request.part(&field.name).unwrap_or(&field.xml))
        }
    };
    let Some(name) = name else { return (service.to_owned(), String::new()) };
    let uri = name.namespace.as_deref().unwrap_or(service).to_owned();
    let local = name.local.as_deref().unwrap_or(match &xml.request.wrapper {
        Some(_) => &operation.name,
        None => operation.params.first().map_or("", |param| &param.field.name),
    });
    (uri, ncname(local).into_owned())
}

fn dotted(service: &str, operation: &str) -> String {
    if service.is_empty() { operation.to_owned() } else { format!("{service}.{operation}") }
}
