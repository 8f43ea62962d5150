//! WS-Addressing 1.0 (SOAP Binding, W3C Recommendation of 2006), and the submission of 2004 that came
//! before it: the headers of requests and replies, and references to endpoints.
//!
//! Replies go back over the connection: a request that wants its reply elsewhere is refused.
//!
//! ```
//! use farcall_soap::EndpointReference;
//!
//! let xml = "<a:EndpointReference xmlns:a='http://www.w3.org/2005/08/addressing'><a:Address>http://h/x</a:Address>\
//!            <a:ReferenceParameters><k:key xmlns:k='urn:k'>5</k:key></a:ReferenceParameters></a:EndpointReference>";
//! let reference = EndpointReference::parse(xml)?;
//! assert_eq!(reference.address, "http://h/x");
//! assert!(reference.parameters[0].starts_with("<k:key "));
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

use farcall_wire::{CodecError, ErrorKind};
use farcall_wsdl::mapping::WSA;
use farcall_xml::{Event, Reader, Start};

use crate::message::{self, Header};
use crate::random::uuid;
use crate::refusal::Refusal;
use farcall_xml::wire::codec_error;

/// The namespace of the submission of 2004.
const OLD: &str = "http://schemas.xmlsoap.org/ws/2004/08/addressing";

/// Headers of WS-Addressing; others of its namespaces are not understood.
const NAMES: &[&str] = &["Action", "FaultTo", "From", "MessageID", "RelatesTo", "ReplyTo", "To"];

/// A reference to an endpoint (WS-Addressing 1.0 Core, section 2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointReference {
    /// Where it is.
    pub address: String,
    /// What every message to it has as a header: elements with all declarations that they need.
    pub parameters: Vec<String>,
}

impl EndpointReference {
    /// Reads a reference of either version, whatever its element is called.
    ///
    /// # Errors
    /// If it is not well-formed or has no address.
    pub fn parse(xml: &str) -> Result<Self, CodecError> {
        let mut reader = Reader::new(xml, farcall_xml::Limits::default());
        let mut reference = Self::default();
        let mut inside = false;
        reader.next_start_or_end().map_err(codec_error)?;
        loop {
            match reader.next_start_or_end().map_err(codec_error)? {
                Event::Start(start) if inside => {
                    reference.parameters.push(parameter(&mut reader, &start)?);
                }
                Event::Start(start) => match reader.expanded(&start) {
                    (Some(WSA | OLD), "Address") => {
                        let text = reader.text_content().map_err(codec_error)?;
                        reference.address = text.trim().to_owned();
                    }
                    (Some(WSA | OLD), "ReferenceParameters" | "ReferenceProperties") => inside = true,
                    _ => reader.skip_element().map_err(codec_error)?,
                },
                Event::End if inside => inside = false,
                _ => break,
            }
        }
        if reference.address.is_empty() {
            let what = "an endpoint reference without an Address".to_owned();
            return Err(CodecError::new(ErrorKind::Structure(what)));
        }
        Ok(reference)
    }

    fn is_anonymous(&self) -> bool {
        self.address == anonymous(WSA) || self.address == anonymous(OLD)
    }

    fn is_none(&self) -> bool {
        self.address == farcall_wsdl::mapping::NIL_ADDRESS
    }
}

/// A reference parameter as the header that it becomes, which says so of itself (SOAP Binding,
/// section 4).
fn parameter<'a>(reader: &mut Reader<'a>, start: &Start<'a>) -> Result<String, CodecError> {
    let is_marked = reader.attribute(start, Some(WSA), "IsReferenceParameter").is_some();
    let mut xml = message::element(reader, start)?;
    if !is_marked {
        let mark = format!(" xmlns:farcall-wsa=\"{WSA}\" farcall-wsa:IsReferenceParameter=\"true\"");
        xml.insert_str(1 + start.qname().len(), &mark);
    }
    Ok(xml)
}

fn anonymous(space: &str) -> &'static str {
    if space == OLD {
        "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
    } else {
        "http://www.w3.org/2005/08/addressing/anonymous"
    }
}

/// What the headers of a request say.
#[derive(Debug)]
pub(crate) struct Addressing {
    space: &'static str,
    /// What is asked for, which must agree with the body.
    pub(crate) action: Option<String>,
    message_id: Option<String>,
    reply_to: Option<EndpointReference>,
    fault_to: Option<EndpointReference>,
}

/// True for a header that is dealt with here.
pub(crate) fn is_header(header: &Header<'_>) -> bool {
    matches!(header.namespace.as_deref(), Some(WSA | OLD)) && NAMES.contains(&header.name)
}

impl Addressing {
    /// Reads the headers of a request; `None` if it has none of them.
    pub(crate) fn read(headers: &[Header<'_>]) -> Result<Option<Self>, Refusal> {
        let ours = || headers.iter().filter(|header| is_header(header) && header.is_for_receiver());
        let Some(first) = ours().next() else { return Ok(None) };
        let space = if first.namespace.as_deref() == Some(OLD) { OLD } else { WSA };
        let mut read = Self { space, action: None, message_id: None, reply_to: None, fault_to: None };
        for header in ours().filter(|header| header.namespace.as_deref() == Some(space)) {
            let twice = match header.name {
                "Action" => read.action.replace(text(header, space)?).is_some(),
                "MessageID" => read.message_id.replace(text(header, space)?).is_some(),
                "ReplyTo" => read.reply_to.replace(reference(header, space)?).is_some(),
                "FaultTo" => read.fault_to.replace(reference(header, space)?).is_some(),
                _ => false,
            };
            if twice {
                let what = format!("the message has two headers {}", header.name);
                return Err(invalid(space, "InvalidCardinality", what));
            }
        }
        for to in [&read.reply_to, &read.fault_to].into_iter().flatten() {
            if !to.is_anonymous() && !to.is_none() {
                let what = "replies go back over the connection: ReplyTo and FaultTo must be anonymous";
                return Err(invalid(space, "OnlyAnonymousAddressSupported", what));
            }
        }
        Ok(Some(read))
    }

    /// Checks that the action is that of the operation: its name is what ends it.
    pub(crate) fn agrees(&self, name: &str) -> Result<(), Refusal> {
        let Some(action) = &self.action else { return Ok(()) };
        let tail = action.rsplit(['#', '/', ':']).next().unwrap_or(action);
        if tail == name || tail.strip_suffix("Request") == Some(name) {
            return Ok(());
        }
        let what = "the Action is not that of the element in the body";
        Err(invalid(self.space, "ActionMismatch", what))
    }

    /// True if nobody waits for a reply.
    pub(crate) fn wants_no_reply(&self) -> bool {
        self.reply_to.as_ref().is_some_and(EndpointReference::is_none)
    }

    /// The headers of a reply of that action; of a fault, if it has none.
    pub(crate) fn reply(&self, action: Option<&str>) -> String {
        let space = self.space;
        let of_fault = || match space {
            OLD => format!("{OLD}/fault"),
            _ => format!("{WSA}/soap/fault"),
        };
        let action = action.map_or_else(of_fault, str::to_owned);
        let mut header = head(space, &action, anonymous(space));
        if let Some(id) = &self.message_id {
            header.push_str(&element(space, "RelatesTo", id));
        }
        let to = self.fault_to.as_ref().filter(|_| action == of_fault()).or(self.reply_to.as_ref());
        for parameter in to.iter().flat_map(|to| &to.parameters) {
            header.push_str(parameter);
        }
        header
    }
}

/// The action of a reply to an operation, unless its WSDL says another (WS-Addressing Metadata,
/// section 4.4.4).
pub(crate) fn reply_action(namespace: &str, port_type: &str, operation: &str) -> String {
    let slash = if namespace.starts_with("urn:") { ':' } else { '/' };
    let namespace = namespace.trim_end_matches(slash);
    format!("{namespace}{slash}{port_type}{slash}{operation}Response")
}

/// The headers of a request to an endpoint.
pub(crate) fn request(action: &str, to: &str) -> String {
    let reply_to =
        format!("<a:ReplyTo xmlns:a=\"{WSA}\"><a:Address>{}</a:Address></a:ReplyTo>", anonymous(WSA));
    head(WSA, action, to) + &reply_to
}

fn head(space: &str, action: &str, to: &str) -> String {
    element(space, "Action", action) + &element(space, "MessageID", &uuid()) + &element(space, "To", to)
}

fn element(space: &str, name: &str, text: &str) -> String {
    let mut escaped = Vec::new();
    // what was read from XML can be written to it, and a URL has nothing else
    let _ = farcall_xml::escape_text(&mut escaped, text);
    let text = String::from_utf8_lossy(&escaped);
    format!("<a:{name} xmlns:a=\"{space}\">{text}</a:{name}>")
}

#[cold]
fn invalid(space: &'static str, code: &'static str, text: impl Into<String>) -> Refusal {
    if space == OLD {
        return Refusal::new(space, "InvalidMessageInformationHeader", text);
    }
    Refusal::new(space, code, text).within("InvalidAddressingHeader")
}

fn unreadable(space: &'static str, error: &CodecError) -> Refusal {
    invalid(space, "InvalidEPR", format!("a header of the message cannot be read: {error}"))
}

fn text(header: &Header<'_>, space: &'static str) -> Result<String, Refusal> {
    let mut reader = Reader::new(&header.xml, farcall_xml::Limits::default());
    let read = reader.next_start_or_end().and_then(|_| reader.text_content());
    let text = read.map_err(|error| unreadable(space, &codec_error(error)))?;
    Ok(text.trim().to_owned())
}

fn reference(header: &Header<'_>, space: &'static str) -> Result<EndpointReference, Refusal> {
    EndpointReference::parse(&header.xml).map_err(|error| unreadable(space, &error))
}
