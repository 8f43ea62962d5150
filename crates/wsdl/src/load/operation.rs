//! One operation: its messages as the binding has them, and its signature.

use std::sync::Arc;

use farcall_model::{ExceptionType, Field, Operation, StructType, Type, XmlKind};

use super::binding::{Binder, Broken};
use super::messages::{RawBinding, RawBody, RawBoundOperation, RawHeader, RawOperation, RawPart};
use super::signature::{Signature, signature};
use super::xml;
use crate::definitions::{BoundFault, BoundMessage, BoundOperation, Header, Part, Protocol, Style, Use};
use crate::diagnostic::Severity;
use crate::dom::Place;
use crate::mapping::{self, CaseName, own_type};
use crate::name::QName;
use crate::schema;

impl<'a> Binder<'a> {
    pub(super) fn operation(
        &mut self,
        binding: &RawBinding,
        bound: &RawBoundOperation,
        declared: &RawOperation,
        name: String,
    ) -> Result<(Operation, BoundOperation), Broken> {
        let rpc = bound.style.as_ref().or(binding.style.as_ref()).is_some_and(|s| s.trim() == "rpc");
        let style = if rpc { Style::Rpc } else { Style::Document };
        let mut input = match &declared.input {
            Some((_, message)) => self.message(message, bound.input.as_ref(), &bound.place)?,
            None => {
                let message =
                    format!("operation {} has no input; read as one without parameters", declared.name);
                self.findings.push((Severity::Warning, message, declared.place.clone()));
                nothing(bound.input.as_ref())
            }
        };
        let mut output = match &declared.output {
            Some((_, message)) => Some(self.message(message, bound.output.as_ref(), &bound.place)?),
            None => None,
        };
        self.converter.drain();
        let soap = matches!(binding.protocol, Protocol::Soap11 | Protocol::Soap12);
        let literal = input.use_ == Use::Literal && output.as_ref().is_none_or(|o| o.use_ == Use::Literal);
        let wrapped = if soap && !rpc && literal {
            self.wrapped(&declared.name, &input, output.as_ref())
        } else {
            None
        };
        let (inputs, outputs) = match &wrapped {
            Some((inputs, outputs)) => (inputs.clone(), outputs.clone()),
            None => (parameters(&input), output.as_ref().map(parameters).unwrap_or_default()),
        };
        if rpc {
            input.wrapper = Some(QName::new(&*input.namespace, &*declared.name));
            if let Some(output) = &mut output {
                output.wrapper = Some(QName::new(&*output.namespace, format!("{}Response", declared.name)));
            }
        } else if wrapped.is_some() {
            input.wrapper = sole_element(&input);
            if let Some(output) = &mut output {
                output.wrapper = sole_element(output);
            }
        }
        let Signature { params, outs, result } = signature(inputs, outputs, &declared.parameter_order);
        let faults = self.faults(bound, declared);
        let mut operation = Operation::new(name.clone()).with_doc(declared.doc.clone());
        (operation.params, operation.outs) = (params, outs);
        operation.result = result.as_ref().map_or_else(|| Type::Void.into(), |field| field.ty.clone());
        operation.oneway = output.is_none();
        operation.idempotent = binding.protocol == Protocol::HttpGet;
        operation.exceptions = faults.iter().filter_map(|fault| self.exception(fault)).collect();
        let bound = BoundOperation {
            name,
            element_name: declared.name.clone(),
            style,
            wrapped: wrapped.is_some(),
            action: bound.action.clone(),
            location: bound.location.clone(),
            parameter_order: declared.parameter_order.clone(),
            input,
            output,
            result,
            faults,
        };
        operation.xml = xml::operation(&bound, &operation, &binding.protocol).map(Arc::new);
        Ok((operation, bound))
    }

    fn message(
        &mut self,
        name: &QName,
        body: Option<&RawBody>,
        place: &Place,
    ) -> Result<BoundMessage, Broken> {
        let Some((name, declared)) = self.declared_message(name, place) else {
            return Err(Broken { message: format!("there is no message {name}"), place: place.clone() });
        };
        let default = RawBody::default();
        let body = body.unwrap_or(&default);
        let parts: Vec<Part> = declared.iter().map(|part| self.part(part)).collect::<Result<_, _>>()?;
        let headers: Vec<Header> = body.headers.iter().filter_map(|h| self.header(h, name)).collect();
        let in_header = |part: &Part| headers.iter().any(|h| h.message == *name && h.part.name == part.name);
        let attached = |part: &Part| body.attachments.iter().any(|(name, _)| *name == part.name);
        let in_body = |part: &&Part| match &body.parts {
            Some(listed) => listed.contains(&part.name),
            None => !in_header(part) && !attached(part),
        };
        let in_body: Vec<Part> = parts.iter().filter(in_body).cloned().collect();
        Ok(BoundMessage {
            message: name.clone(),
            body: in_body,
            parts,
            use_: if body.encoded { Use::Encoded } else { Use::Literal },
            namespace: body.namespace.clone(),
            encoding_style: body.encoding_style.clone(),
            wrapper: None,
            headers,
            attachments: body.attachments.clone(),
        })
    }

    fn part(&mut self, raw: &RawPart) -> Result<Part, Broken> {
        let broken = |message: String| Broken { message, place: raw.place.clone() };
        let origin = schema::Origin(raw.place.clone());
        if let Some(element) = &raw.element {
            if let Some(mut field) = self.converter.global(element) {
                rename(&mut field, &raw.name, Some(&element.local));
                return Ok(Part { name: raw.name.clone(), element: Some(element.clone()), ty: None, field });
            }
            // some write element where they mean type
            if self.converter.is_exact_type(element) {
                let message =
                    format!("there is no element {element}; the part is read as of the type of that name");
                self.findings.push((Severity::Warning, message, raw.place.clone()));
                return Ok(self.typed_part(raw, element, &origin));
            }
            if let Some((meant, mut field)) = self.converter.global_meant(element) {
                let message = format!("there is no element {element}; the part is read as {meant}");
                self.findings.push((Severity::Warning, message, raw.place.clone()));
                rename(&mut field, &raw.name, Some(&meant.local));
                return Ok(Part { name: raw.name.clone(), element: Some(meant), ty: None, field });
            }
            return Err(broken(format!("there is no element {element}")));
        }
        let Some(ty) = &raw.ty else {
            return Err(broken(format!("part {} has neither an element nor a type", raw.name)));
        };
        if !self.converter.is_exact_type(ty)
            && let Some(mut field) = self.converter.global(ty)
        {
            let message = format!("there is no type {ty}; the part is read as the element of that name");
            self.findings.push((Severity::Warning, message, raw.place.clone()));
            rename(&mut field, &raw.name, Some(&ty.local));
            return Ok(Part { name: raw.name.clone(), element: Some(ty.clone()), ty: None, field });
        }
        Ok(self.typed_part(raw, ty, &origin))
    }

    fn typed_part(&mut self, raw: &RawPart, ty: &QName, origin: &schema::Origin) -> Part {
        let mut field = Field::new(raw.name.clone().into(), self.converter.named(ty, Some(origin)));
        field.xml.namespace = Some("".into());
        Part { name: raw.name.clone(), element: None, ty: Some(ty.clone()), field }
    }

    /// The message that a name means: where none has it, the only one of that local name.
    fn declared_message(&mut self, name: &QName, place: &Place) -> Option<(&'a QName, &'a [RawPart])> {
        let raw = self.raw;
        if let Some((name, parts)) = raw.messages.get_key_value(name) {
            return Some((name, parts));
        }
        let meant = raw.by_local.get(&name.local)?.as_ref()?;
        let parts = raw.messages.get(meant)?;
        let message = format!("there is no message {name}; read as {meant}");
        self.findings.push((Severity::Warning, message, place.clone()));
        Some((meant, parts))
    }

    fn header(&mut self, raw: &RawHeader, of: &QName) -> Option<Header> {
        let wanted = raw.message.as_ref().unwrap_or(of);
        let declared = self.declared_message(wanted, &raw.place);
        let is_declared = declared.is_some();
        let part = declared.and_then(|(name, parts)| {
            let part = match parts {
                // what else could be meant
                [only] => Some(only),
                parts => parts.iter().find(|p| p.name == raw.part),
            };
            Some((name, self.part(part?)))
        });
        let (message, part) = match part {
            Some((message, Ok(part))) => (message, part),
            Some((_, Err(Broken { message, place }))) => {
                self.findings.push((Severity::Error, format!("a header is left out: {message}"), place));
                return None;
            }
            None => {
                let what = if is_declared { format!("part {} in", raw.part) } else { String::new() };
                let what = format!("{what} message {wanted}");
                let message = format!("there is no {}; the header is left out", what.trim_start());
                self.findings.push((Severity::Error, message, raw.place.clone()));
                return None;
            }
        };
        Some(Header {
            part,
            message: message.clone(),
            use_: if raw.encoded { Use::Encoded } else { Use::Literal },
            namespace: raw.namespace.clone(),
            faults: raw.faults.iter().filter_map(|fault| self.header(fault, of)).collect(),
        })
    }

    /// The parameters and results inside the elements of input and output, if the operation is
    /// wrapped: one part each, an element with nothing but elements in it, that of the input named
    /// as the operation.
    fn wrapped(
        &self,
        operation: &str,
        input: &BoundMessage,
        output: Option<&BoundMessage>,
    ) -> Option<(Vec<Field>, Vec<Field>)> {
        let element = sole_element(input)?;
        if element.local != operation {
            return None;
        }
        let inputs = self.inside(input)?;
        let outputs = match output {
            Some(output) if !output.body.is_empty() => self.inside(output)?,
            _ => Vec::new(),
        };
        Some((inputs, outputs))
    }

    /// The elements inside the one element of a message.
    fn inside(&self, message: &BoundMessage) -> Option<Vec<Field>> {
        sole_element(message)?;
        let ty = &message.body.first()?.field.ty;
        let ty = match ty.resolve() {
            Type::Optional(inner) => inner,
            _ => ty,
        };
        let Type::Struct(body) = own_type(ty).resolve() else { return None };
        let elements = body.fields.iter().all(|f| matches!(f.xml.kind, XmlKind::Element | XmlKind::Nillable));
        elements.then(|| body.fields.to_vec())
    }

    fn faults(&mut self, bound: &RawBoundOperation, declared: &RawOperation) -> Vec<BoundFault> {
        let mut faults = Vec::new();
        for (name, message) in &declared.faults {
            let Some((message, parts)) = self.declared_message(message, &declared.place) else {
                let text = format!("there is no message {message}; fault {name} is left out");
                self.findings.push((Severity::Error, text, declared.place.clone()));
                continue;
            };
            // a fault has one part; one without says nothing beyond its code
            let Some(part) = parts.first() else { continue };
            let encoded = bound.faults.iter().any(|f| f.name == *name && f.encoded);
            match self.part(part) {
                Ok(part) => faults.push(BoundFault {
                    name: name.clone(),
                    message: message.clone(),
                    part,
                    use_: if encoded { Use::Encoded } else { Use::Literal },
                }),
                Err(Broken { message, place }) => {
                    let text = format!("fault {name} is left out: {message}");
                    self.findings.push((Severity::Error, text, place));
                }
            }
        }
        self.converter.drain();
        faults
    }

    /// The exception that a fault is: named as its element, or as its message for rpc.
    fn exception(&mut self, fault: &BoundFault) -> Option<&'static ExceptionType> {
        let name = fault.part.element.as_ref().unwrap_or(&fault.message);
        if let Some(known) = self.exceptions.get(name) {
            return Some(known);
        }
        let ty = match fault.part.field.ty.resolve() {
            Type::Optional(inner) => inner.clone(),
            _ => fault.part.field.ty.clone(),
        };
        let fields = match own_type(&ty).resolve() {
            Type::Struct(body) => body.fields.clone(),
            Type::Union(body) if !matches!(mapping::case_name(body, 0), Some(CaseName::Type(..))) => {
                let mut choice = Field::new("choice".into(), ty);
                choice.xml.kind = XmlKind::Content;
                vec![choice].into()
            }
            _ => {
                let mut value = Field::new("value".into(), ty);
                value.xml.kind = XmlKind::Text;
                vec![value].into()
            }
        };
        let mut body = StructType::new(name.local.clone(), Vec::new());
        body.scope = name.namespace.clone().into();
        body.doc = fault.part.field.doc.clone();
        body.fields = fields;
        // protocols with fault codes need a number: by order, above those of farcall's own
        let code = 1000 + i32::try_from(self.exceptions.len()).ok()?;
        // an interface refers to its exceptions for ever, as derived ones do
        let exception: &'static ExceptionType = Box::leak(Box::new(ExceptionType { body, code }));
        self.exceptions.insert(name.clone(), exception);
        Some(exception)
    }
}

/// A message without parts.
fn nothing(body: Option<&RawBody>) -> BoundMessage {
    let body = body.cloned().unwrap_or_default();
    BoundMessage {
        message: QName::default(),
        parts: Vec::new(),
        body: Vec::new(),
        use_: if body.encoded { Use::Encoded } else { Use::Literal },
        namespace: body.namespace,
        encoding_style: body.encoding_style,
        wrapper: None,
        headers: Vec::new(),
        attachments: Vec::new(),
    }
}

/// Calls a field by another name, keeping that of its element.
fn rename(field: &mut Field, name: &str, element: Option<&str>) {
    field.xml.local = element.map(|e| e.to_owned().into());
    field.name = name.to_owned().into();
}

/// The element that is the whole body, if one is.
fn sole_element(message: &BoundMessage) -> Option<QName> {
    match message.body.as_slice() {
        [only] => only.element.clone(),
        _ => None,
    }
}

/// What a message that is not wrapped asks for: its parts in the body, and those attached.
fn parameters(message: &BoundMessage) -> Vec<Field> {
    let attached = |part: &&Part| message.attachments.iter().any(|(name, _)| *name == part.name);
    let others = message
        .parts
        .iter()
        .filter(attached)
        .filter(|part| !message.body.iter().any(|other| other.name == part.name));
    message.body.iter().chain(others).map(|part| part.field.clone()).collect()
}
