//! Reading the elements of WSDL 1.1 as they stand, before anything refers to anything.

use std::collections::HashMap;

use crate::definitions::{Port, Protocol, Service};
use crate::dom::{Node, Place};
use crate::name::QName;
use crate::schema::content::WSDL;
use crate::schema::parse::{Finding, tidy};

pub(crate) const SOAP_11: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
pub(crate) const SOAP_12: &str = "http://schemas.xmlsoap.org/wsdl/soap12/";
pub(crate) const HTTP: &str = "http://schemas.xmlsoap.org/wsdl/http/";
pub(crate) const MIME: &str = "http://schemas.xmlsoap.org/wsdl/mime/";

/// What the WSDL documents hold.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) name: String,
    pub(super) target_namespace: String,
    pub(super) doc: String,
    pub(super) messages: HashMap<QName, Vec<RawPart>>,
    /// The messages by their local names; none where several have one.
    pub(super) by_local: HashMap<String, Option<QName>>,
    pub(super) port_types: Vec<RawPortType>,
    pub(super) bindings: Vec<RawBinding>,
    pub(super) services: Vec<Service>,
}

#[derive(Clone, Debug)]
pub(super) struct RawPart {
    pub(super) name: String,
    pub(super) element: Option<QName>,
    pub(super) ty: Option<QName>,
    pub(super) place: Place,
}

#[derive(Debug)]
pub(super) struct RawPortType {
    pub(super) name: QName,
    pub(super) doc: String,
    pub(super) operations: Vec<RawOperation>,
}

#[derive(Debug)]
pub(super) struct RawOperation {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) parameter_order: Vec<String>,
    /// The name, and the message's name.
    pub(super) input: Option<(String, QName)>,
    pub(super) output: Option<(String, QName)>,
    pub(super) faults: Vec<(String, QName)>,
    pub(super) place: Place,
}

#[derive(Debug)]
pub(super) struct RawBinding {
    pub(super) name: QName,
    pub(super) port_type: QName,
    pub(super) protocol: Protocol,
    pub(super) transport: String,
    pub(super) style: Option<String>,
    pub(super) doc: String,
    pub(super) operations: Vec<RawBoundOperation>,
    pub(super) place: Place,
}

#[derive(Debug)]
pub(super) struct RawBoundOperation {
    pub(super) name: String,
    pub(super) style: Option<String>,
    pub(super) action: Option<String>,
    pub(super) location: String,
    pub(super) input: Option<RawBody>,
    pub(super) output: Option<RawBody>,
    pub(super) faults: Vec<RawFault>,
    pub(super) place: Place,
}

#[derive(Clone, Debug, Default)]
pub(super) struct RawBody {
    /// The name of the input or output, which tells overloaded operations apart.
    pub(super) name: String,
    /// The parts in the body; none for all.
    pub(super) parts: Option<Vec<String>>,
    pub(super) encoded: bool,
    pub(super) namespace: String,
    pub(super) encoding_style: String,
    pub(super) headers: Vec<RawHeader>,
    pub(super) attachments: Vec<(String, Vec<String>)>,
}

#[derive(Clone, Debug)]
pub(super) struct RawHeader {
    /// None for the message that it is a header of, as drafts had it.
    pub(super) message: Option<QName>,
    pub(super) part: String,
    pub(super) encoded: bool,
    pub(super) namespace: String,
    pub(super) faults: Vec<Self>,
    pub(super) place: Place,
}

#[derive(Clone, Debug)]
pub(super) struct RawFault {
    pub(super) name: String,
    pub(super) encoded: bool,
}

/// How many parts, faults, headers or attachments one message or operation may have; what compares
/// them with each other stays quick.
const MANY: usize = 1000;

/// What a node's `documentation` says.
pub(super) fn documentation(node: Node<'_>) -> String {
    node.child(WSDL, "documentation").map(|d| tidy(&d.all_text())).unwrap_or_default()
}

impl Raw {
    /// Adds what a document holds.
    pub(super) fn read<'d>(&mut self, root: Node<'d>, found: &mut Vec<Finding<'d>>) {
        let target = root.attribute("targetNamespace").unwrap_or_default();
        for node in root.children().filter(|n| n.name().namespace == WSDL) {
            let name = QName::new(target, node.attribute("name").unwrap_or_default().trim());
            match &*node.name().local {
                "message" => {
                    let parts = node
                        .children()
                        .filter(|n| n.is(WSDL, "part"))
                        .take(MANY)
                        .map(|n| part(n, found))
                        .collect();
                    if !self.messages.contains_key(&name) {
                        let local = self.by_local.entry(name.local.clone());
                        local.and_modify(|known| *known = None).or_insert_with(|| Some(name.clone()));
                        self.messages.insert(name, parts);
                    }
                }
                "portType" => {
                    let operations = node.children().filter(|n| n.is(WSDL, "operation"));
                    let operations = operations.map(|n| operation(n, found)).collect();
                    self.port_types.push(RawPortType { name, doc: documentation(node), operations });
                }
                "binding" => self.bindings.extend(binding(node, name, found)),
                "service" => self.services.push(service(node, name, found)),
                _ => {}
            }
        }
    }
}

/// What an attribute that holds a QName refers to.
fn named<'d>(node: Node<'d>, attribute: &str, found: &mut Vec<Finding<'d>>) -> Option<QName> {
    let value = node.attribute(attribute)?;
    if value.trim().is_empty() {
        found.push((format!("{attribute}=\"\" names nothing"), node));
        return None;
    }
    if let Some(resolved) = node.resolve(value) {
        return Some(resolved);
    }
    // whoever looks the name up tries the local part alone
    found.push((format!("the prefix of {attribute}=\"{value}\" is not declared"), node));
    Some(QName::new("", value.rsplit(':').next().unwrap_or(value).trim()))
}

fn part<'d>(node: Node<'d>, found: &mut Vec<Finding<'d>>) -> RawPart {
    RawPart {
        name: node.attribute("name").unwrap_or_default().trim().to_owned(),
        element: named(node, "element", found),
        ty: named(node, "type", found),
        place: node.place(),
    }
}

fn operation<'d>(node: Node<'d>, found: &mut Vec<Finding<'d>>) -> RawOperation {
    let name = |n: Node<'d>| n.attribute("name").unwrap_or_default().trim().to_owned();
    let mut message = |n: Node<'d>| Some((name(n), named(n, "message", found)?));
    let faults =
        node.children().filter(|n| n.is(WSDL, "fault")).take(MANY).filter_map(&mut message).collect();
    RawOperation {
        name: name(node),
        doc: documentation(node),
        parameter_order: words(node.attribute("parameterOrder")),
        input: node.child(WSDL, "input").and_then(&mut message),
        output: node.child(WSDL, "output").and_then(&mut message),
        faults,
        place: node.place(),
    }
}

fn words(value: Option<&str>) -> Vec<String> {
    value.unwrap_or_default().split_whitespace().take(MANY).map(str::to_owned).collect()
}

fn is_soap(namespace: &str) -> bool {
    matches!(namespace, SOAP_11 | SOAP_12)
}

/// What a protocol adds to an element of WSDL under a name; that of SOAP or HTTP among several.
fn extension<'d>(node: Node<'d>, local: &str) -> Option<Node<'d>> {
    let all = || node.children().filter(|n| n.name().local == local && n.name().namespace != WSDL);
    let known = |n: &Node<'d>| is_soap(&n.name().namespace) || n.name().namespace == HTTP;
    all().find(known).or_else(|| all().next())
}

fn binding<'d>(node: Node<'d>, name: QName, found: &mut Vec<Finding<'d>>) -> Option<RawBinding> {
    let Some(port_type) = named(node, "type", found) else {
        found.push(("a binding names its port type; left out".to_owned(), node));
        return None;
    };
    let extension = extension(node, "binding");
    let verb = extension.and_then(|n| n.attribute("verb")).unwrap_or_default().to_ascii_uppercase();
    let protocol = match extension.map_or("", |n| &n.name().namespace) {
        SOAP_11 => Protocol::Soap11,
        SOAP_12 => Protocol::Soap12,
        HTTP if verb == "POST" => Protocol::HttpPost,
        HTTP => Protocol::HttpGet,
        other => Protocol::Other(other.to_owned()),
    };
    let of = |attribute| extension.and_then(|n| n.attribute(attribute));
    Some(RawBinding {
        name,
        port_type,
        protocol,
        transport: of("transport").unwrap_or_default().to_owned(),
        style: of("style").map(str::to_owned),
        doc: documentation(node),
        operations: node
            .children()
            .filter(|n| n.is(WSDL, "operation"))
            .map(|n| bound_operation(n, found))
            .collect(),
        place: node.place(),
    })
}

fn bound_operation<'d>(node: Node<'d>, found: &mut Vec<Finding<'d>>) -> RawBoundOperation {
    let extension = extension(node, "operation");
    let of = |attribute| extension.and_then(|n| n.attribute(attribute));
    let mut faults = Vec::new();
    for fault in node.children().filter(|n| n.is(WSDL, "fault")).take(MANY) {
        let soap = fault.children().find(|n| is_soap(&n.name().namespace));
        let name = fault.attribute("name").or(soap.and_then(|n| n.attribute("name")));
        let encoded = soap.is_some_and(is_encoded);
        faults.push(RawFault { name: name.unwrap_or_default().trim().to_owned(), encoded });
    }
    RawBoundOperation {
        name: node.attribute("name").unwrap_or_default().trim().to_owned(),
        style: of("style").map(str::to_owned),
        action: of("soapAction").map(str::to_owned),
        location: of("location").unwrap_or_default().to_owned(),
        input: node.child(WSDL, "input").map(|n| body(n, found)),
        output: node.child(WSDL, "output").map(|n| body(n, found)),
        faults,
        place: node.place(),
    }
}

fn is_encoded(node: Node<'_>) -> bool {
    node.attribute("use").map(str::trim) == Some("encoded")
}

fn body<'d>(node: Node<'d>, found: &mut Vec<Finding<'d>>) -> RawBody {
    let mut out =
        RawBody { name: node.attribute("name").unwrap_or_default().trim().to_owned(), ..RawBody::default() };
    // a multipart message has the SOAP body in one of its parts
    let mut extensions: Vec<Node<'d>> = node.children().collect();
    for multipart in node.children().filter(|n| n.is(MIME, "multipartRelated")) {
        extensions.extend(multipart.children().filter(|n| n.is(MIME, "part")).flat_map(Node::children));
    }
    for extension in extensions.into_iter().take(MANY) {
        let name = extension.name();
        if is_soap(&name.namespace) && name.local == "body" {
            out.parts = extension.attribute("parts").map(|parts| words(Some(parts)));
            out.encoded = is_encoded(extension);
            out.namespace = extension.attribute("namespace").unwrap_or_default().trim().to_owned();
            out.encoding_style = extension.attribute("encodingStyle").unwrap_or_default().to_owned();
        } else if is_soap(&name.namespace) && name.local == "header" {
            out.headers.extend(header(extension, found));
        } else if name.is(MIME, "content")
            && let Some(part) = extension.attribute("part")
        {
            attachment(&mut out.attachments, part, extension.attribute("type"));
        }
    }
    out
}

/// Alternatives of one part are listed one by one.
fn attachment(attachments: &mut Vec<(String, Vec<String>)>, part: &str, ty: Option<&str>) {
    let ty = ty.unwrap_or("*/*").to_owned();
    match attachments.iter_mut().find(|(name, _)| name == part) {
        Some((_, types)) => types.push(ty),
        None => attachments.push((part.to_owned(), vec![ty])),
    }
}

fn header<'d>(node: Node<'d>, found: &mut Vec<Finding<'d>>) -> Option<RawHeader> {
    let message = named(node, "message", found);
    let Some(part) = node.attribute("part") else {
        found.push(("a header names a part; left out".to_owned(), node));
        return None;
    };
    let faults = node.children().filter(|n| is_soap(&n.name().namespace) && n.name().local == "headerfault");
    let faults: Vec<_> = faults.collect();
    Some(RawHeader {
        message,
        part: part.trim().to_owned(),
        encoded: is_encoded(node),
        namespace: node.attribute("namespace").unwrap_or_default().to_owned(),
        faults: faults.into_iter().filter_map(|n| header(n, found)).collect(),
        place: node.place(),
    })
}

fn service<'d>(node: Node<'d>, name: QName, found: &mut Vec<Finding<'d>>) -> Service {
    let mut ports = Vec::new();
    for port in node.children().filter(|n| n.is(WSDL, "port")) {
        let Some(binding) = named(port, "binding", found) else { continue };
        let address = extension(port, "address");
        ports.push(Port {
            name: port.attribute("name").unwrap_or_default().trim().to_owned(),
            binding,
            location: address.and_then(|n| n.attribute("location")).unwrap_or_default().trim().to_owned(),
            doc: documentation(port),
        });
    }
    Service { name, doc: documentation(node), ports }
}
