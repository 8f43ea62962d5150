//! Rules on bindings and services (Basic Profile 1.1, sections 4.6 and 4.7).

use std::collections::{HashMap, HashSet};

use super::Found;
use super::index::{Index, name, of, reference, soap};
use crate::dom::Node;
use crate::load::messages::SOAP_11;
use crate::name::QName;

/// The transport that the profile allows.
const HTTP: &str = "http://schemas.xmlsoap.org/soap/http";

pub(super) fn check(index: &Index<'_>, found: &mut Found) {
    for binding in index.all("binding") {
        match soap(binding, "binding").next() {
            Some(soap) => self::binding(index, binding, soap, found),
            None => {
                found.must(
                    "R2401",
                    binding,
                    format!("the binding '{}' is not one to SOAP 1.1", name(binding)),
                );
            }
        }
    }
    addresses(index, found);
}

/// `R2711`: one port an address.
fn addresses(index: &Index<'_>, found: &mut Found) {
    let mut seen = HashSet::new();
    for port in index.all("service").flat_map(|service| of(service, "port")) {
        let address = port.children().find(|node| node.name().local == "address");
        let Some(location) = address.and_then(|address| address.attribute("location")) else { continue };
        if !seen.insert(location.trim()) {
            found.should("R2711", port, format!("another port has the address {location} already"));
        }
    }
}

/// One operation of a binding.
struct Bound<'d> {
    operation: Node<'d>,
    /// The operation of the port type.
    abstracted: Option<Node<'d>>,
    is_rpc: bool,
}

fn binding(index: &Index<'_>, binding: Node<'_>, soap_binding: Node<'_>, found: &mut Found) {
    match soap_binding.attribute("transport").map(str::trim) {
        None => found.must("R2701", soap_binding, "soap:binding has no transport"),
        Some(transport) if transport != HTTP => {
            found.must("R2702", soap_binding, format!("the transport is {transport}, which is not HTTP"));
        }
        Some(_) => {}
    }
    let default = soap_binding.attribute("style").map_or("document", str::trim);
    let port_type = reference(binding, "type").and_then(|name| index.port_types.get(&name)).copied();
    let mut styles = HashSet::new();
    let mut signatures = HashMap::new();
    for operation in of(binding, "operation") {
        let own = soap(operation, "operation").next().and_then(|node| node.attribute("style"));
        let style = own.map_or(default, str::trim);
        styles.insert(style);
        if styles.len() == 2 && style != default {
            let what = format!("'{}' is of the style {style}, and the binding of {default}", name(operation));
            found.must("R2705", operation, what);
        }
        let same = |node: &Node<'_>| name(*node) == name(operation);
        let abstracted = port_type.and_then(|port_type| of(port_type, "operation").find(same));
        let bound = Bound { operation, abstracted, is_rpc: style == "rpc" };
        self::operation(index, &bound, found);
        let signature = signature(index, &bound);
        if let Some(other) =
            signature.clone().and_then(|signature| signatures.insert(signature, name(operation)))
        {
            let what = format!(
                "'{}' and '{other}' cannot be told apart on the wire: both are {}",
                name(operation),
                signature.map_or_else(String::new, |signature| signature.to_string())
            );
            found.must("R2710", operation, what);
        }
    }
    if let Some(port_type) = port_type {
        same_operations(binding, port_type, found);
    }
}

/// `R2718`: a binding has the operations of its port type.
fn same_operations(binding: Node<'_>, port_type: Node<'_>, found: &mut Found) {
    let names = |node| of(node, "operation").map(name).collect::<HashSet<_>>();
    let (bound, wanted) = (names(binding), names(port_type));
    let mut missing: Vec<_> = wanted.difference(&bound).copied().collect();
    missing.sort_unstable();
    if !missing.is_empty() {
        found.must("R2718", binding, format!("the binding leaves out {}", missing.join(", ")));
    }
    for operation in of(binding, "operation").filter(|operation| !wanted.contains(name(*operation))) {
        found.must("R2718", operation, format!("the portType has no operation '{}'", name(operation)));
    }
}

/// What is in the body of a request: the element, or the operation's name in its namespace.
fn signature(index: &Index<'_>, bound: &Bound<'_>) -> Option<QName> {
    let input = of(bound.operation, "input").next()?;
    let body = body(input)?;
    if bound.is_rpc {
        return Some(QName::new(body.attribute("namespace").unwrap_or_default(), name(bound.operation)));
    }
    let message = message(index, bound, "input")?;
    let listed = body.attribute("parts").map(|parts| parts.split_ascii_whitespace().collect::<Vec<_>>());
    let mut parts =
        of(message, "part").filter(|part| listed.as_ref().is_none_or(|listed| listed.contains(&name(*part))));
    match parts.next() {
        Some(part) => reference(part, "element"),
        None => Some(QName::default()),
    }
}

/// `soap:body`, wherever it stands in an input or output: it may be inside of MIME parts.
fn body<'d>(message: Node<'d>) -> Option<Node<'d>> {
    let mut stack = vec![message];
    while let Some(node) = stack.pop() {
        if node.is(SOAP_11, "body") {
            return Some(node);
        }
        stack.extend(node.children());
    }
    None
}

/// The message of an operation's input, output or fault.
fn message<'d>(index: &Index<'d>, bound: &Bound<'_>, direction: &'static str) -> Option<Node<'d>> {
    let abstracted = of(bound.abstracted?, direction).next()?;
    index.messages.get(&reference(abstracted, "message")?).copied()
}

fn operation(index: &Index<'_>, bound: &Bound<'_>, found: &mut Found) {
    for direction in ["input", "output"] {
        for node in of(bound.operation, direction) {
            if let Some(body) = body(node) {
                self::body_rules(index, bound, direction, body, found);
            }
            headers(index, bound, node, found);
        }
    }
    for fault in of(bound.operation, "fault") {
        for soap in soap(fault, "fault") {
            literal(soap, found);
            unspaced(bound, soap, found);
            match soap.attribute("name").map(str::trim) {
                None => found.must("R2721", soap, "soap:fault has no name"),
                Some(own) if own != name(fault) => {
                    let what = format!("soap:fault is of '{own}', in the wsdl:fault '{}'", name(fault));
                    found.must("R2754", soap, what);
                }
                Some(_) => {}
            }
        }
    }
}

/// `R2706`: nothing is encoded.
fn literal(node: Node<'_>, found: &mut Found) {
    if let Some(used) = node.attribute("use").map(str::trim).filter(|used| *used != "literal") {
        found.must(
            "R2706",
            node,
            format!("soap:{} has use=\"{used}\", which is not literal", node.name().local),
        );
    }
}

/// `R2716`, `R2726`: no namespace where elements bring theirs.
fn unspaced(bound: &Bound<'_>, node: Node<'_>, found: &mut Found) {
    if node.attribute("namespace").is_some() {
        let rule = if bound.is_rpc { "R2726" } else { "R2716" };
        found.must(
            rule,
            node,
            format!("soap:{} has a namespace, which its element has already", node.name().local),
        );
    }
}

fn body_rules(
    index: &Index<'_>,
    bound: &Bound<'_>,
    direction: &'static str,
    body: Node<'_>,
    found: &mut Found,
) {
    literal(body, found);
    if bound.is_rpc {
        let space = body.attribute("namespace").map(str::trim).unwrap_or_default();
        // an absolute URI has a scheme
        if !space.contains(':') {
            found.must("R2717", body, "soap:body of the style rpc has no namespace that is an absolute URI");
        }
    } else {
        unspaced(bound, body, found);
    }
    let Some(message) = message(index, bound, direction) else { return };
    let listed = body.attribute("parts").map(|parts| parts.split_ascii_whitespace().collect::<Vec<_>>());
    let parts: Vec<_> = of(message, "part")
        .filter(|part| listed.as_ref().is_none_or(|listed| listed.contains(&name(*part))))
        .collect();
    if !bound.is_rpc && parts.len() > 1 {
        let (rule, what) = match listed {
            Some(_) => ("R2201", "soap:body lists more than one part"),
            None => ("R2210", "the message has more than one part, and soap:body does not say which"),
        };
        found.must(rule, body, what);
    }
    for part in parts {
        let wrong = if bound.is_rpc { "element" } else { "type" };
        if part.attribute(wrong).is_some() {
            let (rule, style) = if bound.is_rpc { ("R2203", "rpc") } else { ("R2204", "document") };
            let what = format!(
                "the part '{}' has {wrong}=, which the body of the style {style} cannot hold",
                name(part)
            );
            found.must(rule, body, what);
        }
    }
}

/// Headers and their faults: `R2205` elements, `R2720` one part each, by name, and `R2749` no list.
fn headers(index: &Index<'_>, bound: &Bound<'_>, within: Node<'_>, found: &mut Found) {
    let mut stack: Vec<_> = within.children().collect();
    while let Some(node) = stack.pop() {
        stack.extend(node.children());
        if !node.is(SOAP_11, "header") && !node.is(SOAP_11, "headerfault") {
            continue;
        }
        literal(node, found);
        unspaced(bound, node, found);
        if node.attribute("parts").is_some() {
            found.must("R2749", node, format!("soap:{} has parts=; it is of one part", node.name().local));
        }
        let part = node.attribute("part").map(str::trim);
        if part.is_none_or(|part| part.is_empty() || part.contains(char::is_whitespace)) {
            found.must("R2720", node, format!("soap:{} does not name one part", node.name().local));
        }
        let message = reference(node, "message").and_then(|name| index.messages.get(&name));
        let part = message.and_then(|message| of(*message, "part").find(|node| Some(name(*node)) == part));
        if part.is_some_and(|part| part.attribute("element").is_none()) {
            found.must("R2205", node, format!("the part of soap:{} has no element", node.name().local));
        }
    }
}
