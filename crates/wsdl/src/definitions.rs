//! [`Definitions`]: a loaded description, with all that SOAP needs beside the interfaces.

use std::collections::BTreeMap;

use farcall_model::{Field, Interface, TypeRef};

use crate::diagnostic::Diagnostic;
use crate::name::QName;
use crate::schema::Schemas;

/// What a WSDL with all that it imports describes.
///
/// Each [`Binding`] has an [`Interface`] of its own, because the binding's style decides what the
/// parameters are.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Definitions {
    /// The name in the first document; may be empty.
    pub name: String,
    /// The target namespace of the first document.
    pub target_namespace: String,
    /// What its documentation says.
    pub doc: String,
    /// The services, in order.
    pub services: Vec<Service>,
    /// The bindings, in order.
    pub bindings: Vec<Binding>,
    /// The interface of each port type that no binding refers to, read as document/literal.
    pub unbound: Vec<Interface>,
    /// The types that have a name, which `xsi:type` may give.
    pub types: BTreeMap<QName, TypeRef>,
    /// The global elements, each as a field with its name and type.
    pub elements: BTreeMap<QName, Field>,
    /// What the schemas declare.
    pub schemas: Schemas,
    /// What is odd or broken in the documents.
    pub diagnostics: Vec<Diagnostic>,
    /// The locations of the documents that were read, the built-in schemas left out.
    pub documents: Vec<String>,
}

impl Definitions {
    /// The binding of that name.
    #[must_use]
    pub fn binding(&self, name: &QName) -> Option<&Binding> {
        self.bindings.iter().find(|b| b.name == *name)
    }

    /// Every port with its service and binding, in order; those of unknown bindings left out.
    pub fn ports(&self) -> impl Iterator<Item = (&Service, &Port, &Binding)> {
        self.services.iter().flat_map(move |service| {
            service.ports.iter().filter_map(move |port| Some((service, port, self.binding(&port.binding)?)))
        })
    }

    /// One interface for each port type: as its binding to SOAP 1.1 has it, or else that to 1.2, or
    /// as document/literal if nothing binds it. Port types that are bound to other protocols only
    /// are left out, and so are interfaces without operations.
    #[must_use]
    pub fn interfaces(&self) -> Vec<&Interface> {
        let mut found: Vec<&Interface> = Vec::new();
        let mut seen: Vec<&QName> = Vec::new();
        for protocol in [Protocol::Soap11, Protocol::Soap12] {
            for binding in self.bindings.iter().filter(|binding| binding.protocol == protocol) {
                if !seen.contains(&&binding.port_type) {
                    seen.push(&binding.port_type);
                    found.push(&binding.interface);
                }
            }
        }
        found.extend(&self.unbound);
        found.retain(|interface| !interface.operations.is_empty());
        found
    }

    /// The types that code is generated for beside those that [`interfaces`](Self::interfaces) use:
    /// those of headers, and all that the documents declare if there is no interface.
    #[must_use]
    pub fn generated_types(&self) -> Vec<&TypeRef> {
        let messages = self.bindings.iter().flat_map(|binding| &binding.operations);
        let messages =
            messages.flat_map(|operation| Some(&operation.input).into_iter().chain(&operation.output));
        let headers = messages.flat_map(|message| &message.headers);
        let headers = headers.flat_map(|header| std::iter::once(header).chain(&header.faults));
        let mut types: Vec<&TypeRef> = headers.map(|header| &header.part.field.ty).collect();
        if self.interfaces().is_empty() {
            let own = |name: &QName| self.schemas.ty(name).is_some_and(|ty| !ty.origin().is_built_in());
            types.extend(self.types.iter().filter(|(name, _)| own(name)).map(|(_, ty)| ty));
        }
        types
    }

    /// Whether nothing was left out.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.errors().next().is_none()
    }

    /// The findings because of which something was left out.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|d| d.severity == crate::Severity::Error)
    }
}

/// A service: ports that belong together (WSDL 1.1, section 2.7).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Service {
    /// Its name.
    pub name: QName,
    /// What its documentation says.
    pub doc: String,
    /// Where it can be called.
    pub ports: Vec<Port>,
}

/// A binding at an address (section 2.6).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Port {
    /// Its name.
    pub name: String,
    /// The name of its binding.
    pub binding: QName,
    /// The URL at which it answers; empty if none is given.
    pub location: String,
    /// What its documentation says.
    pub doc: String,
}

/// What a binding is for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// SOAP 1.1.
    Soap11,
    /// SOAP 1.2.
    Soap12,
    /// Parameters in the URL.
    HttpGet,
    /// Parameters in a form.
    HttpPost,
    /// Something else: the namespace of its extension element, or nothing.
    Other(String),
}

/// A port type on a protocol (section 2.5).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Binding {
    /// Its name.
    pub name: QName,
    /// The name of its port type.
    pub port_type: QName,
    /// The protocol.
    pub protocol: Protocol,
    /// The URI of the transport, for SOAP.
    pub transport: String,
    /// What can be called; the operations are in the order of [`operations`](Self::operations).
    pub interface: Interface,
    /// How each operation stands in messages.
    pub operations: Vec<BoundOperation>,
    /// What its documentation says.
    pub doc: String,
}

impl Binding {
    /// How the operation of that name stands in messages.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&BoundOperation> {
        self.operations.iter().find(|op| op.name == name)
    }
}

/// What the SOAP body of an operation looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// The parts stand in the body as they are.
    Document,
    /// The body holds one element, named as the operation, with an element for each part.
    Rpc,
}

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// As the schema says.
    Literal,
    /// By the rules of SOAP encoding.
    Encoded,
}

/// An operation of a [`Binding`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BoundOperation {
    /// Its name in the interface; differs from [`element_name`](Self::element_name) when operations
    /// of one name are told apart.
    pub name: String,
    /// Its name in WSDL, which the element of an rpc body has.
    pub element_name: String,
    /// Document or rpc.
    pub style: Style,
    /// For document style: whether the parameters are the children of the one element in the body,
    /// rather than the parts.
    pub wrapped: bool,
    /// The `SOAPAction`; None where none is given, which is not the same as an empty one.
    pub action: Option<String>,
    /// The path below the port's address, for HTTP.
    pub location: String,
    /// The names of the parts in the order of a signature, where given.
    pub parameter_order: Vec<String>,
    /// What is sent.
    pub input: BoundMessage,
    /// What comes back; None for one-way operations.
    pub output: Option<BoundMessage>,
    /// How the result stands in the reply, if there is one: a field of the wrapper, or a part.
    pub result: Option<Field>,
    /// The declared faults.
    pub faults: Vec<BoundFault>,
}

/// A message of an operation, as its binding has it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BoundMessage {
    /// The name of the message.
    pub message: QName,
    /// All parts of the message, in order.
    pub parts: Vec<Part>,
    /// The parts that stand in the body, in order; the others are headers or attachments.
    pub body: Vec<Part>,
    /// How the body's values are written.
    pub use_: Use,
    /// The namespace of an rpc body's element.
    pub namespace: String,
    /// The encoding styles of encoded values.
    pub encoding_style: String,
    /// The wrapper's name when the operation is wrapped, else the rpc element's; None when bare.
    pub wrapper: Option<QName>,
    /// The headers.
    pub headers: Vec<Header>,
    /// The parts that travel as attachments, each with its content types.
    pub attachments: Vec<(String, Vec<String>)>,
}

/// A part of a message (section 2.3).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Part {
    /// Its name.
    pub name: String,
    /// The element that it is, if it is one.
    pub element: Option<QName>,
    /// The type that it has, if it is not an element.
    pub ty: Option<QName>,
    /// The part as a field: named as the part, its XML name that of the element or part.
    pub field: Field,
}

/// A header block of a message (section 3.7).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Header {
    /// The part of a message that it is.
    pub part: Part,
    /// The name of that message.
    pub message: QName,
    /// How its values are written.
    pub use_: Use,
    /// The namespace of an encoded header without an element.
    pub namespace: String,
    /// What may come back as a header when it is not understood.
    pub faults: Vec<Self>,
}

/// A declared fault of an operation (section 3.6).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BoundFault {
    /// Its name among the faults of the operation.
    pub name: String,
    /// The name of its message.
    pub message: QName,
    /// The element in the fault's detail, or the part for rpc.
    pub part: Part,
    /// How its values are written.
    pub use_: Use,
}
