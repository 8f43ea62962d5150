//! [`XmlOperation`]: how an operation stands in messages of XML, where a
//! description (WSDL 1.1, section 3) says it.

use crate::types::{Field, Text, XmlKind, XmlName};

/// How an operation stands in messages of XML.
///
/// Without one an operation is document/literal wrapped, in the namespace of its interface.
///
/// ```
/// use farcall_model::{Operation, XmlOperation};
///
/// let add = XmlOperation::rpc("urn:sum", "add").encoded().with_action("urn:sum#add");
/// assert!(add.request.encoded && add.response.wrapper.is_some());
/// let add = Operation::new("add").with_xml(add);
/// assert_eq!(add.xml.unwrap().action.as_deref(), Some("urn:sum#add"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct XmlOperation {
    /// The `SOAPAction`; None where none is said.
    pub action: Option<Text>,
    /// True for a binding to SOAP 1.2.
    pub soap12: bool,
    /// What is sent.
    pub request: XmlMessage,
    /// What comes back.
    pub response: XmlMessage,
    /// The elements of exceptions in a fault's detail, by the names of the exceptions, where they
    /// are not those.
    pub faults: Vec<(Text, XmlName)>,
}

/// What stands in the body of a message, and beside it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct XmlMessage {
    /// The element around the parts; None if they stand in the body themselves.
    pub wrapper: Option<XmlName>,
    /// True if values are written by the rules of SOAP encoding (SOAP 1.1, section 5).
    pub encoded: bool,
    /// The names of parts, by those of parameters, `""` for the result, where they are not what
    /// the parameters themselves say.
    pub parts: Vec<(Text, XmlName)>,
    /// The headers.
    pub headers: Vec<Field>,
}

impl XmlMessage {
    /// The name of the part that a parameter is, if it is another than its own.
    #[must_use]
    pub fn part(&self, param: &str) -> Option<&XmlName> {
        self.parts.iter().find(|(name, _)| name == param).map(|(_, xml)| xml)
    }

    /// The header of that local name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&Field> {
        self.headers.iter().find(|field| field.xml.local.as_ref().unwrap_or(&field.name) == name)
    }
}

impl XmlName {
    /// The name of an element.
    pub fn element(namespace: impl Into<Text>, local: impl Into<Text>) -> Self {
        Self { namespace: Some(namespace.into()), local: Some(local.into()), kind: XmlKind::Element }
    }
}

impl XmlOperation {
    /// Document style, the parts themselves in the body.
    #[must_use]
    pub fn bare() -> Self {
        Self::default()
    }

    /// Document style, the parts in an element each for request and response.
    #[must_use]
    pub fn wrapped(request: XmlName, response: XmlName) -> Self {
        let mut it = Self::default();
        (it.request.wrapper, it.response.wrapper) = (Some(request), Some(response));
        it
    }

    /// Rpc style: the parts in elements named as the operation, in that namespace.
    pub fn rpc(namespace: impl Into<Text>, operation: impl Into<Text>) -> Self {
        let (namespace, operation) = (namespace.into(), operation.into());
        let response = XmlName::element(namespace.clone(), format!("{operation}Response"));
        Self::wrapped(XmlName::element(namespace, operation), response)
    }

    /// Has values written by the rules of SOAP encoding, both ways.
    #[must_use]
    pub fn encoded(mut self) -> Self {
        (self.request.encoded, self.response.encoded) = (true, true);
        self
    }

    /// Sets the `SOAPAction`.
    #[must_use]
    pub fn with_action(mut self, action: impl Into<Text>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Says that it is of SOAP 1.2.
    #[must_use]
    pub fn soap12(mut self) -> Self {
        self.soap12 = true;
        self
    }

    /// Names the part of the request that a parameter is.
    #[must_use]
    pub fn with_request_part(mut self, param: impl Into<Text>, xml: XmlName) -> Self {
        self.request.parts.push((param.into(), xml));
        self
    }

    /// Names the part of the response that a parameter is, or under `""` the result.
    #[must_use]
    pub fn with_response_part(mut self, param: impl Into<Text>, xml: XmlName) -> Self {
        self.response.parts.push((param.into(), xml));
        self
    }

    /// Names the element that an exception is in a fault's detail.
    #[must_use]
    pub fn with_fault(mut self, exception: impl Into<Text>, xml: XmlName) -> Self {
        self.faults.push((exception.into(), xml));
        self
    }
}
