//! [`Index`]: what the documents of a description define, by name.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::dom::{Document, Node};
use crate::load::messages::SOAP_11;
use crate::name::QName;
use crate::schema::content::WSDL;

/// What is defined where.
pub(super) struct Index<'d> {
    /// Documents of WSDL, and whether each was the first.
    pub(super) wsdls: Vec<Node<'d>>,
    /// Schemas inside of WSDL and in documents of their own.
    pub(super) schemas: Vec<Node<'d>>,
    pub(super) documents: &'d [Arc<Document>],
    pub(super) messages: HashMap<QName, Node<'d>>,
    pub(super) port_types: HashMap<QName, Node<'d>>,
    pub(super) bindings: HashMap<QName, Node<'d>>,
    /// Global elements and types of schemas.
    elements: HashSet<QName>,
    types: HashSet<QName>,
    /// Namespaces of schemas that were read.
    spaces: HashSet<&'d str>,
}

impl<'d> Index<'d> {
    pub(super) fn new(documents: &'d [Arc<Document>]) -> Self {
        let mut index = Self {
            wsdls: Vec::new(),
            schemas: Vec::new(),
            documents,
            messages: HashMap::new(),
            port_types: HashMap::new(),
            bindings: HashMap::new(),
            elements: HashSet::new(),
            types: HashSet::new(),
            spaces: HashSet::new(),
        };
        for document in documents {
            let root = document.root();
            if root.is(WSDL, "definitions") {
                index.wsdl(root);
            } else {
                index.schema(root);
            }
        }
        index
    }

    fn wsdl(&mut self, root: Node<'d>) {
        self.wsdls.push(root);
        let target = root.attribute("targetNamespace").unwrap_or_default();
        for node in root.children().filter(|node| node.name().namespace == WSDL) {
            let name = QName::new(target, node.attribute("name").unwrap_or_default().trim());
            match &*node.name().local {
                "message" => {
                    self.messages.entry(name).or_insert(node);
                }
                "portType" => {
                    self.port_types.entry(name).or_insert(node);
                }
                "binding" => {
                    self.bindings.entry(name).or_insert(node);
                }
                "types" => {
                    node.children().filter(|node| node.is_xsd("schema")).for_each(|node| self.schema(node))
                }
                _ => {}
            }
        }
    }

    fn schema(&mut self, schema: Node<'d>) {
        self.schemas.push(schema);
        let target = schema.attribute("targetNamespace").unwrap_or_default();
        self.spaces.insert(target);
        let in_redefine = schema.children().filter(|node| node.is_xsd("redefine")).flat_map(Node::children);
        for node in schema.children().chain(in_redefine) {
            let Some(name) = node.attribute("name") else { continue };
            let name = QName::new(target, name.trim());
            if node.is_xsd("element") {
                self.elements.insert(name);
            } else if node.is_xsd("complexType") || node.is_xsd("simpleType") {
                self.types.insert(name);
            }
        }
    }

    /// Whether a global element is known not to exist: its schema was read, and it is not there. An
    /// included schema without a namespace has elements of any.
    pub(super) fn lacks_element(&self, name: &QName) -> bool {
        self.spaces.contains(name.namespace.as_str())
            && !self.elements.contains(name)
            && !self.elements.contains(&QName::new("", &*name.local))
    }

    /// The same for a type.
    pub(super) fn lacks_type(&self, name: &QName) -> bool {
        self.spaces.contains(name.namespace.as_str())
            && !self.types.contains(name)
            && !self.types.contains(&QName::new("", &*name.local))
    }

    /// Elements of WSDL of that name at the top of all documents.
    pub(super) fn all(&self, local: &'static str) -> impl Iterator<Item = Node<'d>> {
        self.wsdls.iter().flat_map(move |root| root.children().filter(move |node| node.is(WSDL, local)))
    }
}

/// Children of an element of WSDL.
pub(super) fn of<'d>(node: Node<'d>, local: &'static str) -> impl Iterator<Item = Node<'d>> {
    node.children().filter(move |child| child.is(WSDL, local))
}

/// Children of an element that are of the binding to SOAP 1.1.
pub(super) fn soap<'d>(node: Node<'d>, local: &'static str) -> impl Iterator<Item = Node<'d>> {
    node.children().filter(move |child| child.is(SOAP_11, local))
}

/// What an attribute with a QName refers to.
pub(super) fn reference(node: Node<'_>, attribute: &str) -> Option<QName> {
    node.resolve(node.attribute(attribute)?)
}

pub(super) fn name(node: Node<'_>) -> &str {
    node.attribute("name").unwrap_or_default().trim()
}
