//! From an [`Interface`] to WSDL 1.1: document/literal wrapped, as the WS-I Basic Profile wants it.
//!
//! ```
//! use farcall_model::{Interface, Operation, Param, Type};
//! use farcall_wsdl::{EmitOptions, LoadOptions, emit, load_str};
//!
//! let adder = Interface::new("Adder").with_operation(
//!     Operation::new("add")
//!         .with_param(Param::new("terms", Type::Sequence(Type::I32.into()).into()))
//!         .with_result(Type::I64.into()),
//! );
//! let text = emit(&adder, &EmitOptions::new("urn:adder", "adder", "http://127.0.0.1:2809/adder"))?;
//! let read = load_str(&text, "adder.wsdl", &LoadOptions::default())?;
//! assert_eq!(read.bindings[0].interface.operations[0].params[0].field.ty.to_string(), "sequence<i32>");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod content;
mod java;
mod node;
mod schema;

use std::fmt;

use farcall_model::{Interface, Operation};
use farcall_xml::{WriteError, Writer};

use crate::mapping::{self, Namespaces, TypeNames, WSA, XSD};
use node::{Node, Prefixes, QName};
use schema::{Schema, Schemas};

const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
const SOAP_11: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
const SOAP_12: &str = "http://schemas.xmlsoap.org/wsdl/soap12/";
const HTTP_TRANSPORT: &str = "http://schemas.xmlsoap.org/soap/http";

/// Where the described service is, and what it is called.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EmitOptions {
    /// The target namespace: of operations, parameters, and types without one of their own.
    pub namespace: String,
    /// The name of the service.
    pub service: String,
    /// The URL at which it answers.
    pub location: String,
    /// Whether a SOAP 1.2 binding and port stand beside those of SOAP 1.1.
    pub soap12: bool,
}

impl EmitOptions {
    /// Options for a service that speaks SOAP 1.1.
    pub fn new(
        namespace: impl Into<String>,
        service: impl Into<String>,
        location: impl Into<String>,
    ) -> Self {
        Self {
            namespace: namespace.into(),
            service: service.into(),
            location: location.into(),
            soap12: false,
        }
    }

    /// Adds a SOAP 1.2 binding and port, or leaves them out.
    #[must_use]
    pub const fn with_soap12(mut self, soap12: bool) -> Self {
        self.soap12 = soap12;
        self
    }
}

/// Why an interface cannot be described in WSDL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmitError {
    /// Two declarations would have one name.
    Collision {
        /// The name.
        name: String,
        /// What has it.
        one: String,
        /// What wants it too.
        other: String,
    },
    /// A field stands as an attribute or as text, but its type needs elements.
    NotSimple {
        /// The field.
        field: String,
        /// Its type.
        ty: String,
    },
    /// Types without names nest too deeply, or for ever.
    TooDeep {
        /// How many levels are named.
        limit: usize,
    },
    /// A name or text that XML cannot carry.
    Xml(WriteError),
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Collision { name, one, other } => {
                write!(f, "{one} and {other} would both be declared as {name}; rename one of them")
            }
            Self::NotSimple { field, ty } => {
                write!(f, "field {field} stands as an attribute or text, which its type {ty} cannot")
            }
            Self::TooDeep { limit } => {
                write!(f, "types without names nest more than {limit} levels deep; name one in between")
            }
            Self::Xml(_) => f.write_str("the interface cannot be written as XML"),
        }
    }
}

impl std::error::Error for EmitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Xml(source) => Some(source),
            _ => None,
        }
    }
}

impl From<WriteError> for EmitError {
    fn from(source: WriteError) -> Self {
        Self::Xml(source)
    }
}

/// The `SOAPAction` of an operation: the namespace, `#` and the operation's name.
#[must_use]
pub fn soap_action(namespace: &str, operation: &str) -> String {
    [namespace, "#", &*mapping::ncname(operation)].concat()
}

/// Writes an interface as WSDL 1.1 by the rules of [`mapping`].
///
/// # Errors
/// [`EmitError`]: names that collide, types without an end.
pub fn emit(interface: &Interface, options: &EmitOptions) -> Result<String, EmitError> {
    let namespaces = Namespaces::new(&options.namespace, &interface.scope);
    let mut schemas = Schemas::new(namespaces, TypeNames::of(interface));
    schemas.interface(interface)?;
    let mut messages = Vec::new();
    for operation in &interface.operations {
        add_messages(operation, &schemas, options, &mut messages);
    }
    let port_type = port_type(interface, &schemas, options);
    let mut sections = messages;
    sections.push(port_type);
    sections.push(binding(interface, &schemas, options, Version::V11));
    if options.soap12 {
        sections.push(binding(interface, &schemas, options, Version::V12));
    }
    sections.push(service(interface, options));
    write(interface, options, &schemas.finish(), &sections)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    V11,
    V12,
}

impl Version {
    /// The names of its extension elements.
    fn elements(self) -> [&'static str; 5] {
        match self {
            Self::V11 => ["soap:binding", "soap:operation", "soap:body", "soap:fault", "soap:address"],
            Self::V12 => {
                ["soap12:binding", "soap12:operation", "soap12:body", "soap12:fault", "soap12:address"]
            }
        }
    }

    fn named(self, interface: &Interface, what: &str) -> String {
        let name = mapping::ncname(&interface.name);
        match self {
            Self::V11 => format!("{name}{what}"),
            Self::V12 => format!("{name}{what}12"),
        }
    }
}

fn message_name(operation: &Operation, what: &str) -> String {
    format!("{}{what}", mapping::ncname(&operation.name))
}

/// Messages and faults are told apart by what follows the name: no exception is called `Request`.
fn fault_message(name: &QName) -> String {
    format!("{}{}", name.local, mapping::FAULT)
}

fn message(name: String, part: &'static str, element: QName) -> Node {
    let part = Node::new("wsdl:part").with("name", part).with_name("element", element);
    Node::new("wsdl:message").with("name", name).child(part)
}

fn add_messages(
    operation: &Operation,
    schemas: &Schemas<'_>,
    options: &EmitOptions,
    messages: &mut Vec<Node>,
) {
    let element = |suffix: &str| QName::new(&options.namespace, &message_name(operation, suffix));
    messages.push(message(message_name(operation, "Request"), "parameters", element("")));
    if operation.oneway {
        return;
    }
    let reply = element(mapping::RESPONSE);
    messages.push(message(message_name(operation, mapping::RESPONSE), "parameters", reply));
    for exception in &operation.exceptions {
        let name = schemas.exception_name(exception);
        let fault = message(fault_message(&name), "fault", name);
        if !messages.contains(&fault) {
            messages.push(fault);
        }
    }
}

fn port_type(interface: &Interface, schemas: &Schemas<'_>, options: &EmitOptions) -> Node {
    let mut node = Node::new("wsdl:portType").with("name", mapping::ncname(&interface.name));
    for operation in &interface.operations {
        let message = |name: &str| QName::new(&options.namespace, name);
        let mut op = Node::new("wsdl:operation")
            .with("name", mapping::ncname(&operation.name))
            .children(documentation(&operation.doc))
            .children(java::method(operation));
        let input = message(&message_name(operation, "Request"));
        op.children.push(Node::new("wsdl:input").with_name("message", input));
        if !operation.oneway {
            let output = message(&message_name(operation, mapping::RESPONSE));
            op.children.push(Node::new("wsdl:output").with_name("message", output));
            for exception in &operation.exceptions {
                let name = schemas.exception_name(exception);
                let fault = Node::new("wsdl:fault").with("name", &*name.local);
                op.children.push(fault.with_name("message", message(&fault_message(&name))));
            }
        }
        node.children.push(op);
    }
    node
}

fn binding(interface: &Interface, schemas: &Schemas<'_>, options: &EmitOptions, version: Version) -> Node {
    let [binding, operation_name, body, fault, _] = version.elements();
    let port_type = QName::new(&options.namespace, &mapping::ncname(&interface.name));
    let mut node = Node::new("wsdl:binding")
        .with("name", version.named(interface, "Binding"))
        .with_name("type", port_type)
        .child(Node::new(binding).with("style", "document").with("transport", HTTP_TRANSPORT));
    for operation in &interface.operations {
        let literal = || Node::new(body).with("use", "literal");
        let action = soap_action(&options.namespace, &operation.name);
        let mut op = Node::new("wsdl:operation")
            .with("name", mapping::ncname(&operation.name))
            .child(Node::new(operation_name).with("soapAction", action).with("style", "document"))
            .child(Node::new("wsdl:input").child(literal()));
        if !operation.oneway {
            op.children.push(Node::new("wsdl:output").child(literal()));
            for exception in &operation.exceptions {
                let name = schemas.exception_name(exception).local;
                let extension = Node::new(fault).with("name", &*name).with("use", "literal");
                op.children.push(Node::new("wsdl:fault").with("name", name).child(extension));
            }
        }
        node.children.push(op);
    }
    node
}

fn service(interface: &Interface, options: &EmitOptions) -> Node {
    let port = |version: Version| {
        let [.., address] = version.elements();
        Node::new("wsdl:port")
            .with("name", version.named(interface, "Port"))
            .with_name("binding", QName::new(&options.namespace, &version.named(interface, "Binding")))
            .child(Node::new(address).with("location", &*options.location))
    };
    Node::new("wsdl:service")
        .with("name", mapping::ncname(&options.service))
        .children(documentation(&interface.doc))
        .child(port(Version::V11))
        .children(options.soap12.then(|| port(Version::V12)))
}

fn documentation(doc: &str) -> Option<Node> {
    let doc = doc.trim();
    (!doc.is_empty()).then(|| Node::new("wsdl:documentation").text(doc))
}

fn write(
    interface: &Interface,
    options: &EmitOptions,
    schemas: &[Schema],
    sections: &[Node],
) -> Result<String, EmitError> {
    let mut prefixes = Prefixes::default();
    prefixes.fix("wsdl", WSDL);
    prefixes.fix("soap", SOAP_11);
    if options.soap12 {
        prefixes.fix("soap12", SOAP_12);
    }
    prefixes.fix("xsd", XSD);
    if interface.operations.iter().any(|operation| java::method(operation).is_some()) {
        prefixes.fix("jaxws", java::JAXWS);
    }
    prefixes.fix("tns", &options.namespace);
    let mut used = Vec::new();
    schemas.iter().flat_map(|s| &s.nodes).chain(sections).for_each(|node| node.namespaces(&mut used));
    for namespace in &used {
        if namespace == WSA {
            prefixes.fix("wsa", WSA);
        }
        prefixes.add(namespace);
    }
    let mut out = Writer::new().indented(2);
    out.declaration()?;
    out.start("wsdl:definitions")?;
    prefixes.declare(&mut out)?;
    out.attribute("name", &mapping::ncname(&interface.name))?;
    out.attribute("targetNamespace", &options.namespace)?;
    out.start("wsdl:types")?;
    for schema in schemas {
        out.start("xsd:schema")?;
        out.attribute("targetNamespace", &schema.namespace)?;
        out.attribute("elementFormDefault", "qualified")?;
        schema.nodes.iter().try_for_each(|node| node.write(&mut out, &prefixes))?;
        out.end()?;
    }
    out.end()?;
    sections.iter().try_for_each(|node| node.write(&mut out, &prefixes))?;
    out.end()?;
    Ok(out.finish()?)
}
