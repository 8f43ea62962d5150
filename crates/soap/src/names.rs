//! Namespaces: which one a service has, and the prefixes that a message writes.

use std::borrow::Cow;
use std::sync::Arc;

use farcall_model::{Field, Interface, Operation, TypeRef, XmlMessage};
use farcall_wsdl::QName;
use farcall_wsdl::mapping::{self, Namespaces};

use crate::types::Types;

/// The namespace of XML Schema's attributes for instances: `xsi:nil`, `xsi:type`.
pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The namespace of the encoding of SOAP 1.1 (section 5).
pub(crate) const ENCODING_11: &str = "http://schemas.xmlsoap.org/soap/encoding/";
/// The namespace of the encoding of SOAP 1.2 (part 2, section 3).
pub(crate) const ENCODING_12: &str = "http://www.w3.org/2003/05/soap-encoding";
/// The namespace of the map that Apache SOAP invented, and PHP and others took over.
pub(crate) const APACHE: &str = "http://xml.apache.org/xml-soap";

/// The namespace of an interface's operations: its scope if that is a URI,
/// otherwise `urn:` with scope and name.
///
/// ```
/// use farcall_model::Interface;
/// use farcall_soap::namespace_of;
///
/// assert_eq!(namespace_of(&Interface::new("Bank").with_scope("shop::money")), "urn:shop:money:Bank");
/// assert_eq!(namespace_of(&Interface::new("Bank").with_scope("http://bank.example/")), "http://bank.example/");
/// ```
#[must_use]
pub fn namespace_of(interface: &Interface) -> String {
    if let Some(uri) = mapping::declared_namespace(interface) {
        return uri.to_owned();
    }
    let scope = interface.scope.replace("::", ":");
    let scope = if scope.is_empty() { "farcall" } else { &scope };
    format!("urn:{scope}:{}", mapping::ncname(&interface.name))
}

/// What comes back of an operation, under the names that a description gives it.
pub(crate) fn parts(operation: &Operation, message: Option<&XmlMessage>) -> Vec<Field> {
    let mut parts = mapping::parts(operation);
    let Some(message) = message else { return parts };
    let returned = usize::from(!operation.returns_nothing());
    for (index, part) in parts.iter_mut().enumerate() {
        let name = if index < returned { "" } else { &*part.name };
        if let Some(xml) = message.part(name) {
            part.xml = xml.clone();
        }
    }
    parts
}

/// The SOAPAction of one of an interface's operations, unless a description says another.
///
/// ```
/// use farcall_model::{Interface, Operation};
/// use farcall_soap::action_of;
///
/// assert_eq!(action_of(&Interface::new("Bank"), &Operation::new("open")), "urn:farcall:Bank#open");
/// ```
#[must_use]
pub fn action_of(interface: &Interface, operation: &Operation) -> String {
    farcall_wsdl::emit::soap_action(&namespace_of(interface), &operation.name)
}

/// A name as XML has it. Most names are letters and digits, and looked at quickly.
#[inline]
pub(crate) fn local(name: &str) -> Cow<'_, str> {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let begins = name.as_bytes().first().is_some_and(|b| !b.is_ascii_digit());
    if begins && name.as_bytes().iter().all(plain) { Cow::Borrowed(name) } else { mapping::ncname(name) }
}

/// The namespaces that a message uses; the first is the service's.
#[derive(Clone, Debug)]
pub(crate) struct Spaces {
    /// Those of the service as a rule, which all of its messages share.
    uris: Arc<Vec<Space>>,
    /// The scope of the interface.
    scope: Arc<str>,
    /// Scopes of types that were looked up, with the position of their namespace.
    scopes: Vec<(String, usize)>,
    /// The types that values may say they are of.
    types: Option<Arc<Types>>,
}

#[derive(Clone, Debug)]
struct Space {
    uri: Arc<str>,
    prefix: Arc<str>,
}

impl Spaces {
    pub(crate) fn new(service: &str, scope: &str) -> Self {
        let first = Space { uri: service.into(), prefix: "n".into() };
        Self { uris: Arc::new(vec![first]), scope: scope.into(), scopes: Vec::new(), types: None }
    }

    /// The same, where values may say that they are of types of that interface, or of others.
    pub(crate) fn with_types(mut self, interface: &Interface, others: &[(QName, TypeRef)]) -> Self {
        self.types = Some(Arc::new(Types::new(interface, others, self.uri(0), &self.scope)));
        self
    }

    /// The types that values may say they are of.
    pub(crate) fn types(&self) -> Option<Arc<Types>> {
        self.types.clone()
    }

    /// What the schema calls the type of that scope and name, or the element of the exception.
    pub(crate) fn type_name<'n>(&'n self, scope: &str, name: &'n str) -> Cow<'n, str> {
        self.types.as_ref().map_or_else(|| local(name), |types| types.local(scope, name))
    }

    /// The position of a namespace, which is added if it is new.
    pub(crate) fn index_of(&mut self, uri: &str) -> usize {
        if let Some(at) = self.uris.iter().position(|space| &*space.uri == uri) {
            return at;
        }
        let prefix = format!("n{}", self.uris.len()).into();
        Arc::make_mut(&mut self.uris).push(Space { uri: uri.into(), prefix });
        self.uris.len() - 1
    }

    /// The position of the namespace of types of that scope.
    pub(crate) fn of_scope(&mut self, scope: &str) -> usize {
        if scope.is_empty() || scope == &*self.scope {
            return 0;
        }
        if let Some((_, at)) = self.scopes.iter().find(|(known, _)| known == scope) {
            return *at;
        }
        let service = Arc::clone(&self.uris[0].uri);
        let uri = Namespaces::new(&service, &self.scope).of(scope).into_owned();
        let at = self.index_of(&uri);
        self.scopes.push((scope.to_owned(), at));
        at
    }

    pub(crate) fn prefix(&self, at: usize) -> &str {
        &self.uris[at].prefix
    }

    pub(crate) fn uri(&self, at: usize) -> &str {
        &self.uris[at].uri
    }

    pub(crate) fn len(&self) -> usize {
        self.uris.len()
    }

    /// Declarations of those from that position on, as attributes.
    pub(crate) fn declarations(&self, from: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        self.declare(from, &mut out);
        out
    }

    /// Writes [`Self::declarations`].
    pub(crate) fn declare(&self, from: usize, out: &mut Vec<u8>) {
        for space in self.uris.get(from..).unwrap_or_default() {
            out.extend_from_slice(b" xmlns:");
            out.extend_from_slice(space.prefix.as_bytes());
            out.extend_from_slice(b"=\"");
            // a namespace with a character that XML has not is refused where the service is made
            let _ = farcall_xml::escape_attribute(out, &space.uri);
            out.push(b'"');
        }
    }
}
