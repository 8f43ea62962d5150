//! A document as a tree, bounded, with every name's namespace known.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use farcall_xml::{ErrorKind, Event, Limits, Position, Reader, decode_document};

use crate::mapping::XSD;
use crate::name::QName;

/// Drafts of XML Schema that are read as the Recommendation.
const DRAFTS: [&str; 3] = [
    "http://www.w3.org/1999/XMLSchema",
    "http://www.w3.org/2000/10/XMLSchema",
    "http://www.w3.org/2000/08/XMLSchema",
];

/// A parsed document.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) location: String,
    text: String,
    elements: Vec<Element>,
    scopes: Vec<Scope>,
    /// Where each line begins, once somebody asks.
    lines: OnceLock<Vec<usize>>,
    /// Prefixes that nothing declares, with what they were taken for.
    pub(crate) undeclared: Vec<(String, &'static str)>,
}

/// How many undeclared prefixes a document may have.
const UNDECLARED: usize = 16;

#[derive(Debug)]
struct Element {
    name: QName,
    attributes: Vec<(QName, String)>,
    children: Vec<u32>,
    /// Its own character data, joined and trimmed.
    content: String,
    scope: u32,
    offset: usize,
}

/// Namespace declarations of one element, and the scope around it.
#[derive(Debug)]
struct Scope {
    outer: u32,
    bindings: Vec<(String, String)>,
}

/// Where something stands.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) document: Arc<Document>,
    pub(crate) offset: usize,
}

impl Place {
    pub(crate) fn position(&self) -> Position {
        self.document.position(self.offset)
    }
}

/// An element of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'d> {
    document: &'d Arc<Document>,
    at: u32,
}

impl Document {
    /// Parses a document; the error is a message and the offset it is about.
    pub(crate) fn parse(
        bytes: &[u8],
        location: &str,
        limits: Limits,
    ) -> Result<Arc<Self>, (String, Position)> {
        let whole = Position { line: 1, column: 1 };
        let text = decode_document(bytes, None).map_err(|e| (e.kind().to_string(), whole))?;
        // white space before the declaration is a common slip
        let text = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
        let mut undeclared: Vec<(String, &'static str)> = Vec::new();
        loop {
            let mut document = Self {
                location: location.to_owned(),
                text: String::new(),
                elements: Vec::new(),
                scopes: Vec::new(),
                lines: OnceLock::new(),
                undeclared: Vec::new(),
            };
            let (longer, at, by) = declared(text, &undeclared);
            // offsets are those of the text as it came
            let original = |offset: usize| if offset >= at + by { offset - by } else { offset.min(at) };
            let error = match document.build(&longer, limits) {
                Ok(()) => {
                    document.adopt();
                    document.elements.iter_mut().for_each(|e| e.offset = original(e.offset));
                    document.undeclared = undeclared;
                    text.clone_into(&mut document.text);
                    return Ok(Arc::new(document));
                }
                Err(error) => error,
            };
            match error.kind() {
                ErrorKind::UnboundPrefix(prefix)
                    if undeclared.len() < UNDECLARED && !undeclared.iter().any(|(p, _)| p == prefix) =>
                {
                    undeclared.push((prefix.clone(), usual(prefix)));
                }
                kind => return Err((kind.to_string(), Position::of(text, original(error.offset())))),
            }
        }
    }

    fn build(&mut self, text: &str, limits: Limits) -> Result<(), farcall_xml::Error> {
        let mut reader = Reader::new(text, limits);
        let mut open: Vec<u32> = Vec::new();
        self.scopes.push(Scope { outer: 0, bindings: Vec::new() });
        loop {
            match reader.next_event()? {
                Event::Start(start) => {
                    let at = self.elements.len() as u32;
                    let around = open.last().map_or(0, |&parent| self.elements[parent as usize].scope);
                    let scope = self.scope(around, &start);
                    let (namespace, local) = reader.expanded(&start);
                    let attributes = start
                        .attributes()
                        .filter(|a| !a.is_declaration())
                        .map(|a| {
                            let (namespace, local) = reader.expanded_attribute(&a);
                            (QName::new(namespace.unwrap_or(""), local), a.value().into_owned())
                        })
                        .collect();
                    self.elements.push(Element {
                        name: QName::new(current(namespace.unwrap_or("")), local),
                        attributes,
                        children: Vec::new(),
                        content: String::new(),
                        scope,
                        offset: start.offset(),
                    });
                    if let Some(&parent) = open.last() {
                        self.elements[parent as usize].children.push(at);
                    }
                    open.push(at);
                }
                Event::Text(text) | Event::CData(text) => {
                    if let Some(&at) = open.last() {
                        self.elements[at as usize].content.push_str(text.trim_matches(['\t', '\r']));
                    }
                }
                Event::End => {
                    if let Some(at) = open.pop() {
                        let element = &mut self.elements[at as usize];
                        let trimmed = element.content.trim();
                        element.content = trimmed.to_owned();
                    }
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// Takes a schema whose own elements are in no namespace, while what they hold is in that of
    /// XML Schema, as all in the latter.
    fn adopt(&mut self) {
        let lost = |e: &Element| e.name.namespace.is_empty();
        let Some(root) = self.elements.first().filter(|root| lost(root) && root.name.local == "schema")
        else {
            return;
        };
        let children = root.children.clone();
        if children.iter().any(|&at| self.elements[at as usize].name.namespace == XSD) {
            for at in children.into_iter().chain([0]).map(|at| at as usize) {
                if lost(&self.elements[at]) {
                    XSD.clone_into(&mut self.elements[at].name.namespace);
                }
            }
        }
    }

    /// The scope of an element inside another scope: that one unless the element declares anything.
    fn scope(&mut self, outer: u32, start: &farcall_xml::Start<'_>) -> u32 {
        let declared = start.attributes().filter(farcall_xml::Attribute::is_declaration);
        let bindings: Vec<_> = declared
            .map(|a| {
                let prefix = if a.prefix().is_empty() { "" } else { a.local() };
                (prefix.to_owned(), current(&a.value()).to_owned())
            })
            .collect();
        if bindings.is_empty() {
            return outer;
        }
        self.scopes.push(Scope { outer, bindings });
        self.scopes.len() as u32 - 1
    }

    /// Its text, as it was decoded.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// How many elements it has.
    pub(crate) fn size(&self) -> usize {
        self.elements.len()
    }

    /// The line and column of an offset, without reading all the text before it each time.
    fn position(&self, offset: usize) -> Position {
        let starts = self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
        });
        let line = starts.partition_point(|&start| start <= offset).max(1);
        let before = self.text.as_bytes().get(starts[line - 1]..offset).unwrap_or_default();
        let column = 1 + before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        Position { line, column }
    }

    /// Every namespace that it names: by declaring a prefix, or as the value of an attribute
    /// `namespace`, as imports do.
    pub(crate) fn namespaces(&self) -> impl Iterator<Item = &str> {
        let declared = self.scopes.iter().flat_map(|s| s.bindings.iter().map(|(_, ns)| &**ns));
        let imported = self.elements.iter().filter(|e| e.name.is(XSD, "import"));
        let imported = imported.flat_map(|e| &e.attributes).filter(|(n, _)| n.is("", "namespace"));
        declared.chain(imported.map(|(_, value)| value.trim()))
    }

    pub(crate) fn root(self: &Arc<Self>) -> Node<'_> {
        Node { document: self, at: 0 }
    }
}

/// A draft's namespace as that of the Recommendation.
fn current(namespace: &str) -> &str {
    if DRAFTS.contains(&namespace) { XSD } else { namespace }
}

impl<'d> Node<'d> {
    fn element(self) -> &'d Element {
        &self.document.elements[self.at as usize]
    }

    pub(crate) fn name(self) -> &'d QName {
        &self.element().name
    }

    pub(crate) fn is(self, namespace: &str, local: &str) -> bool {
        self.element().name.is(namespace, local)
    }

    pub(crate) fn is_xsd(self, local: &str) -> bool {
        self.is(XSD, local)
    }

    pub(crate) fn children(self) -> impl Iterator<Item = Node<'d>> {
        self.element().children.iter().map(move |&at| Node { document: self.document, at })
    }

    pub(crate) fn child(self, namespace: &str, local: &str) -> Option<Self> {
        self.children().find(|c| c.is(namespace, local))
    }

    /// An attribute without a namespace.
    pub(crate) fn attribute(self, local: &str) -> Option<&'d str> {
        self.attribute_of("", local)
    }

    pub(crate) fn attribute_of(self, namespace: &str, local: &str) -> Option<&'d str> {
        self.element().attributes.iter().find(|(n, _)| n.is(namespace, local)).map(|(_, v)| &**v)
    }

    /// Its attributes, but declarations of namespaces.
    pub(crate) fn attributes(self) -> impl Iterator<Item = (&'d QName, &'d str)> {
        self.element().attributes.iter().map(|(name, value)| (name, &**value))
    }

    /// The text directly inside it, trimmed.
    pub(crate) fn content(self) -> &'d str {
        &self.element().content
    }

    /// All the text inside it, with that of its descendants; for documentation with markup.
    pub(crate) fn all_text(self) -> String {
        let mut text = String::new();
        let mut stack = vec![self];
        while let Some(node) = stack.pop() {
            if !node.content().is_empty() {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(node.content());
            }
            let from = stack.len();
            stack.extend(node.children());
            stack[from..].reverse();
        }
        text
    }

    /// What a QName in one of its values means; None if its prefix is not declared.
    pub(crate) fn resolve(self, qname: &str) -> Option<QName> {
        let qname = qname.trim();
        let (prefix, local) = qname.split_once(':').unwrap_or(("", qname));
        if prefix == "xml" {
            return Some(QName::new(farcall_xml::XML_NAMESPACE, local));
        }
        let mut scope = self.element().scope;
        loop {
            let here = &self.document.scopes[scope as usize];
            if let Some((_, namespace)) = here.bindings.iter().find(|(p, _)| p == prefix) {
                return Some(QName::new(&**namespace, local));
            }
            if scope == 0 {
                return prefix.is_empty().then(|| QName::new("", local));
            }
            scope = here.outer;
        }
    }

    pub(crate) fn place(self) -> Place {
        Place { document: Arc::clone(self.document), offset: self.element().offset }
    }
}

/// What prefixes mostly stand for, for documents that forget to say so; others stand for a
/// namespace in which nothing is.
fn usual(prefix: &str) -> &'static str {
    match prefix {
        "xsd" | "xs" | "s" => XSD,
        "wsdl" => crate::schema::content::WSDL,
        "soap" => "http://schemas.xmlsoap.org/wsdl/soap/",
        "soap12" => "http://schemas.xmlsoap.org/wsdl/soap12/",
        "http" => "http://schemas.xmlsoap.org/wsdl/http/",
        "mime" => "http://schemas.xmlsoap.org/wsdl/mime/",
        "xmime" => "http://www.w3.org/2005/05/xmlmime",
        "xsi" => crate::mapping::XSI,
        _ => "urn:undeclared",
    }
}

/// The text with prefixes declared in its root tag, and the offset at which it grew and by how much.
fn declared<'t>(text: &'t str, prefixes: &[(String, &'static str)]) -> (Cow<'t, str>, usize, usize) {
    let Some(at) = root_name_end(text).filter(|_| !prefixes.is_empty()) else {
        return (Cow::Borrowed(text), 0, 0);
    };
    let mut longer = String::with_capacity(text.len() + 64 * prefixes.len());
    longer.push_str(&text[..at]);
    for (prefix, namespace) in prefixes {
        longer.push_str(&format!(" xmlns:{prefix}=\"{namespace}\""));
    }
    let by = longer.len() - at;
    longer.push_str(&text[at..]);
    (Cow::Owned(longer), at, by)
}

/// Where the name in the root tag ends. The tag may use a prefix that it does not declare, so it is
/// found by what comes before it.
fn root_name_end(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        at += rest.find('<')?;
        let rest = &text[at..];
        if rest.starts_with("<!--") {
            at += rest.find("-->")? + 3;
        } else if rest.starts_with("<?") {
            at += rest.find("?>")? + 2;
        } else {
            return Some(at + rest.find([' ', '\t', '\r', '\n', '>', '/'])?);
        }
    }
}
