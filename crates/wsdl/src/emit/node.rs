//! A piece of the document before prefixes are known: names in attribute values stay expanded.

use std::collections::BTreeMap;

use farcall_xml::{WriteError, Writer};

/// A namespace and a local name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct QName {
    pub(super) namespace: String,
    pub(super) local: String,
}

impl QName {
    pub(super) fn new(namespace: &str, local: &str) -> Self {
        Self { namespace: namespace.to_owned(), local: local.to_owned() }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum AttributeValue {
    Text(String),
    Name(QName),
}

/// An element whose own prefix is one of the fixed ones.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    name: &'static str,
    attributes: Vec<(&'static str, AttributeValue)>,
    pub(super) children: Vec<Self>,
    text: String,
}

impl Node {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), children: Vec::new(), text: String::new() }
    }

    pub(super) fn with(mut self, attribute: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((attribute, AttributeValue::Text(value.into())));
        self
    }

    pub(super) fn with_name(mut self, attribute: &'static str, value: QName) -> Self {
        self.attributes.push((attribute, AttributeValue::Name(value)));
        self
    }

    pub(super) fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    pub(super) fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    pub(super) fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// The namespaces that names in its attributes and those of its descendants use.
    pub(super) fn namespaces(&self, found: &mut Vec<String>) {
        for (_, value) in &self.attributes {
            if let AttributeValue::Name(name) = value
                && !found.contains(&name.namespace)
            {
                found.push(name.namespace.clone());
            }
        }
        for child in &self.children {
            child.namespaces(found);
        }
    }

    /// Writes it; `prefixes` has every namespace of [`namespaces`](Self::namespaces).
    pub(super) fn write(&self, out: &mut Writer, prefixes: &Prefixes) -> Result<(), WriteError> {
        out.start(self.name)?;
        self.write_inside(out, prefixes)?;
        out.end()
    }

    /// Writes attributes and content into an element that was begun.
    pub(super) fn write_inside(&self, out: &mut Writer, prefixes: &Prefixes) -> Result<(), WriteError> {
        for (attribute, value) in &self.attributes {
            match value {
                AttributeValue::Text(text) => out.attribute(attribute, text)?,
                AttributeValue::Name(name) => out.attribute(attribute, &prefixes.qname(name))?,
            }
        }
        if !self.text.is_empty() {
            out.text(&self.text)?;
        }
        self.children.iter().try_for_each(|child| child.write(out, prefixes))
    }
}

/// Which prefix stands for which namespace.
#[derive(Debug, Default)]
pub(super) struct Prefixes {
    by_namespace: BTreeMap<String, String>,
    numbered: usize,
}

impl Prefixes {
    pub(super) fn fix(&mut self, prefix: &str, namespace: &str) {
        self.by_namespace.entry(namespace.to_owned()).or_insert_with(|| prefix.to_owned());
    }

    /// Gives a namespace a numbered prefix unless it has one.
    pub(super) fn add(&mut self, namespace: &str) {
        if !self.by_namespace.contains_key(namespace) {
            self.numbered += 1;
            self.by_namespace.insert(namespace.to_owned(), format!("ns{}", self.numbered));
        }
    }

    fn qname(&self, name: &QName) -> String {
        match self.by_namespace.get(&name.namespace) {
            Some(prefix) => format!("{prefix}:{}", name.local),
            None => name.local.clone(),
        }
    }

    pub(super) fn declare(&self, out: &mut Writer) -> Result<(), WriteError> {
        let mut all: Vec<_> = self.by_namespace.iter().collect();
        all.sort_by_key(|(_, prefix)| *prefix);
        all.into_iter().try_for_each(|(namespace, prefix)| out.namespace(prefix, namespace))
    }
}
