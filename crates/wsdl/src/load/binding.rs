//! Putting it together: bindings with their interfaces, types, and what was found wrong.

use std::collections::{BTreeMap, HashMap, HashSet};

use farcall_model::{ExceptionType, Interface};

use super::LoadOptions;
use super::documents::Documents;
use super::messages::{Raw, RawBinding, RawBoundOperation, RawOperation, RawPortType};
use crate::convert::{Converter, numbered};
use crate::definitions::{Binding, BoundOperation, Definitions, Protocol};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dom::Place;
use crate::name::QName;

/// How many operations of one name are looked at to find the one that a binding means.
const OVERLOADS: usize = 1000;

/// What an operation could not be made of, and where.
pub(super) struct Broken {
    pub(super) message: String,
    pub(super) place: Place,
}

/// Binds operations to messages.
pub(super) struct Binder<'a> {
    pub(super) raw: &'a Raw,
    pub(super) converter: Converter<'a>,
    /// Each fault's exception is made once.
    pub(super) exceptions: HashMap<QName, &'static ExceptionType>,
    pub(super) findings: Vec<(Severity, String, Place)>,
}

/// The definitions that documents hold.
pub(super) fn definitions(mut documents: Documents<'_>, options: &LoadOptions) -> Definitions {
    let raw = std::mem::take(&mut documents.raw);
    let schemas = std::mem::take(&mut documents.schemas);
    let mut binder = Binder {
        raw: &raw,
        converter: Converter::new(&schemas, &raw.target_namespace, options.fields),
        exceptions: HashMap::new(),
        findings: Vec::new(),
    };
    // in the order of their names, so that numbers after names do not depend on chance
    let mut names: Vec<&QName> = schemas.types.keys().collect();
    names.sort();
    let types: BTreeMap<_, _> =
        names.into_iter().map(|n| (n.clone(), binder.converter.named_alone(n))).collect();
    let mut names: Vec<&QName> = schemas.elements.keys().collect();
    names.sort();
    let elements: BTreeMap<_, _> =
        names.into_iter().filter_map(|n| Some((n.clone(), binder.converter.global(n)?))).collect();
    binder.converter.drain();
    let port_types = Index::of(raw.port_types.iter().map(|p| &p.name));
    let bindings: Vec<Binding> = raw.bindings.iter().filter_map(|b| binder.binding(b, &port_types)).collect();
    let bound: HashSet<&QName> = bindings.iter().map(|b: &Binding| &b.port_type).collect();
    let unbound = raw.port_types.iter().filter(|p| !bound.contains(&p.name));
    let unbound = unbound.map(|port_type| binder.unbound(port_type)).collect();
    let mut services = raw.services.clone();
    let index = Index::of(bindings.iter().map(|b| &b.name));
    for port in services.iter_mut().flat_map(|service| &mut service.ports) {
        if let Some(at) = index.meant(&port.binding) {
            port.binding = bindings[at].name.clone();
        }
    }
    let Binder { converter, findings, .. } = binder;
    let unplaced = converter.findings;
    for (severity, message, place) in findings {
        documents.say(severity, message, &place);
    }
    for (severity, message, origin) in unplaced {
        match origin {
            Some(origin) => documents.say(severity, message, &origin.0),
            None if documents.diagnostics.len() < options.diagnostics => {
                let location = documents.locations.first().cloned().unwrap_or_default();
                documents.diagnostics.push(Diagnostic { severity, message, location, line: 1, column: 1 });
            }
            None => {}
        }
    }
    Definitions {
        services,
        bindings,
        unbound,
        types,
        elements,
        diagnostics: documents.diagnostics,
        documents: documents.locations,
        name: raw.name.clone(),
        target_namespace: raw.target_namespace.clone(),
        doc: raw.doc.clone(),
        schemas,
    }
}

impl Binder<'_> {
    fn binding(&mut self, raw: &RawBinding, port_types: &Index<'_>) -> Option<Binding> {
        let all = &self.raw.port_types;
        let Some(port_type) = port_types.meant(&raw.port_type).map(|at| &all[at]) else {
            let message = format!("there is no port type {}; the binding is left out", raw.port_type);
            self.findings.push((Severity::Error, message, raw.place.clone()));
            return None;
        };
        let mut interface = interface(port_type);
        let mut operations: Vec<BoundOperation> = Vec::new();
        let mut by_name = ByName::new();
        for operation in &port_type.operations {
            by_name.entry(&operation.name).or_default().push(operation);
        }
        let mut given = HashMap::new();
        for bound in &raw.operations {
            let Some(declared) = declared(&by_name, bound) else {
                let message =
                    format!("port type {} has no operation {}; left out", port_type.name, bound.name);
                self.findings.push((Severity::Error, message, bound.place.clone()));
                continue;
            };
            let name = unique(&bound.name, bound.input.as_ref().map(|i| i.name.as_str()), &mut given);
            match self.operation(raw, bound, declared, name) {
                Ok((operation, bound)) => {
                    interface.operations.push(operation);
                    operations.push(bound);
                }
                Err(Broken { message, place }) => {
                    let message = format!("operation {} is left out: {message}", bound.name);
                    self.findings.push((Severity::Error, message, place));
                }
            }
        }
        Some(Binding {
            name: raw.name.clone(),
            port_type: port_type.name.clone(),
            protocol: raw.protocol.clone(),
            transport: raw.transport.clone(),
            interface,
            operations,
            doc: raw.doc.clone(),
        })
    }

    /// A port type without a binding, read as if it had one of document/literal.
    fn unbound(&mut self, port_type: &RawPortType) -> Interface {
        let mut found = interface(port_type);
        let mut given = HashMap::new();
        for declared in &port_type.operations {
            let bound = RawBoundOperation {
                name: declared.name.clone(),
                style: None,
                action: None,
                location: String::new(),
                input: None,
                output: None,
                faults: Vec::new(),
                place: declared.place.clone(),
            };
            let binding = RawBinding {
                name: port_type.name.clone(),
                port_type: port_type.name.clone(),
                protocol: Protocol::Soap11,
                transport: String::new(),
                style: None,
                doc: String::new(),
                operations: Vec::new(),
                place: declared.place.clone(),
            };
            let name = unique(&declared.name, declared.input.as_ref().map(|(n, _)| n.as_str()), &mut given);
            match self.operation(&binding, &bound, declared, name) {
                Ok((operation, _)) => found.operations.push(operation),
                Err(Broken { message, place }) => {
                    let message = format!("operation {} is left out: {message}", declared.name);
                    self.findings.push((Severity::Error, message, place));
                }
            }
        }
        found
    }
}

/// Things by their names.
struct Index<'t> {
    exact: HashMap<&'t QName, usize>,
    /// By local name; none where several have it.
    local: HashMap<&'t str, Option<usize>>,
}

impl<'t> Index<'t> {
    fn of(names: impl Iterator<Item = &'t QName>) -> Self {
        let mut index = Self { exact: HashMap::new(), local: HashMap::new() };
        for (at, name) in names.enumerate() {
            index.exact.entry(name).or_insert(at);
            index.local.entry(&name.local).and_modify(|known| *known = None).or_insert(Some(at));
        }
        index
    }

    /// What a name refers to: what has it, else the only thing with that local name, for documents
    /// that forget a prefix.
    fn meant(&self, name: &QName) -> Option<usize> {
        self.exact.get(name).copied().or_else(|| self.local.get(name.local.as_str()).copied().flatten())
    }
}

fn interface(port_type: &RawPortType) -> Interface {
    Interface::new(port_type.name.local.clone())
        .with_scope(port_type.name.namespace.clone())
        .with_doc(port_type.doc.clone())
}

/// The operations of a port type by their names.
type ByName<'p> = HashMap<&'p str, Vec<&'p RawOperation>>;

/// The operation of the port type that a binding means: by name, and where several have it, by the
/// names of input and output (WSDL 1.1, section 2.5).
fn declared<'p>(port_type: &ByName<'p>, bound: &RawBoundOperation) -> Option<&'p RawOperation> {
    let named = port_type.get(bound.name.as_str())?;
    let same = |declared: &Option<(String, QName)>, bound: Option<&str>| match (declared, bound) {
        (Some((declared, _)), Some(bound)) => bound.is_empty() || declared == bound,
        (_, None | Some("")) => true,
        (None, _) => false,
    };
    let input = bound.input.as_ref().map(|b| b.name.as_str());
    let output = bound.output.as_ref().map(|b| b.name.as_str());
    let exact = named.iter().take(OVERLOADS).find(|op| same(&op.input, input) && same(&op.output, output));
    exact.or(named.first()).copied()
}

/// A name for an operation that no other has: its own, that of its input, or a numbered one.
fn unique(name: &str, input: Option<&str>, given: &mut HashMap<String, u32>) -> String {
    let input = input.filter(|input| !input.is_empty() && !given.contains_key(*input));
    match input.filter(|_| given.contains_key(name)) {
        Some(input) => numbered(input, given),
        None => numbered(name, given),
    }
}
