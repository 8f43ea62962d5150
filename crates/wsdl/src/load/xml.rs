//! How a bound operation stands in messages, in the words of the model: [`XmlOperation`].

use farcall_model::{Field, Operation, Text, XmlKind, XmlMessage, XmlName, XmlOperation};

use crate::definitions::{BoundMessage, BoundOperation, Header, Protocol, Style, Use};
use crate::mapping;

/// How an operation stands in messages of SOAP; none for other protocols.
pub(super) fn operation(
    bound: &BoundOperation,
    operation: &Operation,
    protocol: &Protocol,
) -> Option<XmlOperation> {
    let soap12 = match protocol {
        Protocol::Soap11 => false,
        Protocol::Soap12 => true,
        _ => return None,
    };
    let wrapped = bound.wrapped || bound.style == Style::Rpc;
    let mut xml = XmlOperation::bare();
    xml.action = Some(bound.action.clone().unwrap_or_default().into());
    xml.soap12 = soap12;
    xml.request = message(&bound.input, wrapped);
    let part = |field: &Field| (field.name.clone(), full_name(field));
    xml.request.parts = operation.params.iter().map(|param| part(&param.field)).collect();
    if let Some(output) = &bound.output {
        xml.response = message(output, wrapped);
        xml.response.parts = operation.outs.iter().map(|out| part(&out.field)).collect();
        xml.response.parts.extend(bound.result.iter().map(|result| (Text::default(), full_name(result))));
    }
    for fault in bound.faults.iter().filter(|fault| fault.part.element.is_none()) {
        // without an element it is called as its part, and its exception as its message
        let name = XmlName::element("", fault.part.name.clone());
        xml = xml.with_fault(fault.message.local.clone(), name);
    }
    Some(xml)
}

fn message(bound: &BoundMessage, wrapped: bool) -> XmlMessage {
    let mut message = XmlMessage::default();
    if wrapped && let Some(name) = &bound.wrapper {
        message.wrapper = Some(XmlName::element(name.namespace.clone(), name.local.clone()));
    }
    message.encoded = bound.use_ == Use::Encoded;
    message.headers = bound.headers.iter().map(header).collect();
    message
}

fn header(header: &Header) -> Field {
    let mut field = header.part.field.clone();
    field.xml = full_name(&field);
    if header.part.element.is_none() {
        field.xml.namespace = Some(header.namespace.clone().into());
    }
    field
}

/// The name of a field's element, with nothing left to the context; what has no element of its own
/// has none.
fn full_name(field: &Field) -> XmlName {
    if field.xml.kind == XmlKind::Content {
        return field.xml.clone();
    }
    let local = mapping::field_name(field).into_owned();
    XmlName { local: Some(local.into()), ..field.xml.clone() }
}
