//! Writing documents piece by piece: envelopes, service descriptions, pages.

use std::fmt;

use crate::chars::{is_name, is_ncname};
use crate::error::ForbiddenCharacter;
use crate::escape::{escape_attribute, escape_text};
use crate::namespaces::{XML_NAMESPACE, check_declaration};

/// Writes one well-formed document into memory.
///
/// Element and attribute names, nesting, duplicate attributes, and namespace prefixes are checked,
/// text is escaped, so that whatever [`finish`](Self::finish) returns the
/// [`Reader`](crate::Reader) accepts. Codecs of messages write bytes of their own with
/// [`escape_text`]; this is for documents whose shape is not known beforehand.
///
/// ```
/// use farcall_xml::Writer;
///
/// let mut out = Writer::new();
/// out.declaration()?;
/// out.start("s:Envelope")?;
/// out.namespace("s", "http://schemas.xmlsoap.org/soap/envelope/")?;
/// out.start("s:Body")?;
/// out.attribute("id", "a<b")?;
/// out.text("1 & 2")?;
/// out.end()?;
/// out.empty("s:Fault")?;
/// out.end()?;
/// assert_eq!(
///     out.finish()?,
///     "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
///      <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">\
///      <s:Body id=\"a&lt;b\">1 &amp; 2</s:Body><s:Fault/></s:Envelope>"
/// );
/// # Ok::<(), farcall_xml::WriteError>(())
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    /// Spaces a level, when indenting.
    indent: Option<usize>,
    stack: Vec<Open>,
    bindings: Vec<(String, String)>,
    /// The names of the attributes of the start tag being written.
    attributes: Vec<String>,
    /// Whether a start tag is being written, still without its `>`.
    in_tag: bool,
    /// Whether the root element was begun.
    rooted: bool,
}

#[derive(Debug)]
struct Open {
    /// Where its name stands in `out`.
    name_at: usize,
    name_len: usize,
    /// Bindings in scope outside it.
    bindings: usize,
    has_elements: bool,
    /// Whether it or an element around it holds text, so that white space would change it.
    verbatim: bool,
}

/// Why a [`Writer`] refused a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteError {
    /// A character that XML cannot carry.
    Forbidden(ForbiddenCharacter),
    /// Not a name that XML allows here.
    Name(String),
    /// An attribute or namespace of this name was written on this tag already.
    DuplicateAttribute(String),
    /// No [`namespace`](Writer::namespace) in scope binds the prefix of this name.
    UnboundPrefix(String),
    /// A namespace declaration that is not allowed; the text says why.
    NamespaceDeclaration(&'static str),
    /// A piece that cannot stand here; the text says why.
    Misplaced(&'static str),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden(character) => character.fmt(f),
            Self::Name(name) => write!(f, "{name:?} is not a name that XML allows here"),
            Self::DuplicateAttribute(name) => write!(f, "attribute {name} is written twice"),
            Self::UnboundPrefix(name) => {
                write!(f, "the prefix of {name} is bound to no namespace")
            }
            Self::NamespaceDeclaration(why) => write!(f, "namespace declaration refused: {why}"),
            Self::Misplaced(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Forbidden(character) => Some(character),
            _ => None,
        }
    }
}

impl From<ForbiddenCharacter> for WriteError {
    fn from(character: ForbiddenCharacter) -> Self {
        Self::Forbidden(character)
    }
}

impl Writer {
    /// A writer of a document without indentation.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts each element on a line of its own, `spaces` deeper than its parent; once an element
    /// holds text, nothing is added to it.
    #[must_use]
    pub fn indented(mut self, spaces: usize) -> Self {
        self.indent = Some(spaces);
        self
    }

    /// Writes the XML declaration, naming UTF-8.
    ///
    /// # Errors
    /// [`WriteError::Misplaced`] unless it comes first.
    pub fn declaration(&mut self) -> Result<(), WriteError> {
        if !self.out.is_empty() {
            return Err(WriteError::Misplaced("the XML declaration comes first"));
        }
        self.out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        Ok(())
    }

    /// Begins an element.
    ///
    /// # Errors
    /// A bad name; a second root. The prefix is checked when the tag is complete, so that the
    /// element may declare it itself.
    pub fn start(&mut self, qname: &str) -> Result<(), WriteError> {
        check_qname(qname)?;
        self.close_tag()?;
        if self.stack.is_empty() && std::mem::replace(&mut self.rooted, true) {
            return Err(WriteError::Misplaced("a document has one root element"));
        }
        self.new_line(self.stack.len());
        let mut verbatim = false;
        if let Some(parent) = self.stack.last_mut() {
            parent.has_elements = true;
            verbatim = parent.verbatim;
        }
        self.out.push(b'<');
        self.stack.push(Open {
            name_at: self.out.len(),
            name_len: qname.len(),
            bindings: self.bindings.len(),
            has_elements: false,
            verbatim,
        });
        self.out.extend_from_slice(qname.as_bytes());
        self.in_tag = true;
        Ok(())
    }

    /// Declares a namespace on the element just begun; with an empty prefix, the default one.
    ///
    /// # Errors
    /// A bad or reserved prefix; the same one twice; no start tag to put it in.
    pub fn namespace(&mut self, prefix: &str, name: &str) -> Result<(), WriteError> {
        if !prefix.is_empty() && !is_ncname(prefix) {
            return Err(WriteError::Name(prefix.to_owned()));
        }
        check_declaration(prefix, name).map_err(WriteError::NamespaceDeclaration)?;
        let qname = match prefix {
            "" => "xmlns".to_owned(),
            _ => format!("xmlns:{prefix}"),
        };
        self.write_attribute(qname, name)?;
        self.bindings.push((prefix.to_owned(), name.to_owned()));
        Ok(())
    }

    /// Writes an attribute of the element just begun.
    ///
    /// # Errors
    /// A bad name; the same one twice; a forbidden character; no start tag to put it in.
    pub fn attribute(&mut self, qname: &str, value: &str) -> Result<(), WriteError> {
        check_qname(qname)?;
        if qname == "xmlns" || qname.starts_with("xmlns:") {
            return Err(WriteError::Misplaced("namespaces are declared with Writer::namespace"));
        }
        self.write_attribute(qname.to_owned(), value)
    }

    /// Writes text into the open element.
    ///
    /// # Errors
    /// A forbidden character; no open element.
    pub fn text(&mut self, text: &str) -> Result<(), WriteError> {
        self.close_tag()?;
        let Some(open) = self.stack.last_mut() else {
            return Err(WriteError::Misplaced("text stands inside an element"));
        };
        open.verbatim |= !text.is_empty();
        Ok(escape_text(&mut self.out, text)?)
    }

    /// Ends the innermost open element; as an empty-element tag when nothing was put into it.
    ///
    /// # Errors
    /// No open element; an unbound prefix in its start tag.
    pub fn end(&mut self) -> Result<(), WriteError> {
        let in_tag = self.in_tag;
        if in_tag {
            self.check_tag()?;
        }
        let Some(open) = self.stack.pop() else {
            return Err(WriteError::Misplaced("no element is open"));
        };
        if in_tag {
            self.in_tag = false;
            self.out.extend_from_slice(b"/>");
        } else {
            if open.has_elements && !open.verbatim {
                self.break_line(self.stack.len());
            }
            self.out.extend_from_slice(b"</");
            self.out.extend_from_within(open.name_at..open.name_at + open.name_len);
            self.out.push(b'>');
        }
        self.bindings.truncate(open.bindings);
        Ok(())
    }

    /// Writes an element without content.
    ///
    /// # Errors
    /// Those of [`start`](Self::start) and [`end`](Self::end).
    pub fn empty(&mut self, qname: &str) -> Result<(), WriteError> {
        self.start(qname)?;
        self.end()
    }

    /// Writes an element that holds only text.
    ///
    /// # Errors
    /// Those of [`start`](Self::start), [`text`](Self::text) and [`end`](Self::end).
    pub fn element(&mut self, qname: &str, text: &str) -> Result<(), WriteError> {
        self.start(qname)?;
        self.text(text)?;
        self.end()
    }

    /// Writes a comment.
    ///
    /// # Errors
    /// [`WriteError::Misplaced`] when it holds `--` or ends with `-`; a forbidden character.
    pub fn comment(&mut self, text: &str) -> Result<(), WriteError> {
        if text.contains("--") || text.ends_with('-') {
            return Err(WriteError::Misplaced("a comment holds no `--` and does not end with `-`"));
        }
        let forbidden = text.char_indices().find(|&(_, c)| !crate::chars::is_xml_char(c));
        if let Some((index, character)) = forbidden {
            return Err(ForbiddenCharacter { character, index }.into());
        }
        self.close_tag()?;
        self.new_line(self.stack.len());
        if let Some(parent) = self.stack.last_mut() {
            parent.has_elements = true;
        }
        for piece in [b"<!--", text.as_bytes(), b"-->"] {
            self.out.extend_from_slice(piece);
        }
        Ok(())
    }

    /// A prefix that is bound to this namespace here, innermost first; empty for the default
    /// namespace.
    ///
    /// ```
    /// let mut out = farcall_xml::Writer::new();
    /// out.start("a")?;
    /// out.namespace("", "urn:d")?;
    /// out.namespace("p", "urn:p")?;
    /// assert_eq!(out.prefix("urn:p"), Some("p"));
    /// assert_eq!(out.prefix("urn:d"), Some(""));
    /// assert_eq!(out.prefix("urn:q"), None);
    /// # Ok::<(), farcall_xml::WriteError>(())
    /// ```
    #[must_use]
    pub fn prefix(&self, namespace: &str) -> Option<&str> {
        if namespace == XML_NAMESPACE {
            return Some("xml");
        }
        let mut candidates = self.bindings.iter().rev().filter(|(_, name)| name == namespace);
        // a prefix that was bound anew further in means something else here
        candidates.find(|(prefix, _)| self.bound(prefix) == Some(namespace)).map(|(p, _)| &**p)
    }

    /// The document, complete.
    ///
    /// # Errors
    /// [`WriteError::Misplaced`] when an element is still open or there is none.
    pub fn finish(mut self) -> Result<String, WriteError> {
        if !self.stack.is_empty() || !self.rooted {
            return Err(WriteError::Misplaced("the root element is not complete"));
        }
        if self.indent.is_some() {
            self.out.push(b'\n');
        }
        // only whole strings and ASCII were put in
        String::from_utf8(self.out).map_err(|_| WriteError::Misplaced("not UTF-8"))
    }

    fn bound(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML_NAMESPACE);
        }
        self.bindings.iter().rev().find(|(p, _)| p == prefix).map(|(_, name)| &**name)
    }

    fn write_attribute(&mut self, qname: String, value: &str) -> Result<(), WriteError> {
        if !self.in_tag {
            return Err(WriteError::Misplaced("attributes come right after Writer::start"));
        }
        if self.attributes.contains(&qname) {
            return Err(WriteError::DuplicateAttribute(qname));
        }
        let before = self.out.len();
        for piece in [b" ", qname.as_bytes(), b"=\""] {
            self.out.extend_from_slice(piece);
        }
        if let Err(forbidden) = escape_attribute(&mut self.out, value) {
            self.out.truncate(before);
            return Err(forbidden.into());
        }
        self.out.push(b'"');
        self.attributes.push(qname);
        Ok(())
    }

    /// Completes the start tag being written, if there is one.
    fn close_tag(&mut self) -> Result<(), WriteError> {
        if self.in_tag {
            self.check_tag()?;
            self.in_tag = false;
            self.out.push(b'>');
        }
        Ok(())
    }

    /// Checks the prefixes of the start tag being written, and attributes of one expanded name.
    fn check_tag(&mut self) -> Result<(), WriteError> {
        if let Some(open) = self.stack.last() {
            let name = &self.out[open.name_at..open.name_at + open.name_len];
            let name = std::str::from_utf8(name).unwrap_or_default();
            if name.split_once(':').is_some_and(|(prefix, _)| self.bound(prefix).is_none()) {
                return Err(WriteError::UnboundPrefix(name.to_owned()));
            }
        }
        let mut expanded = Vec::new();
        for qname in &self.attributes {
            let Some((prefix, local)) = qname.split_once(':') else {
                continue;
            };
            if prefix == "xmlns" {
                continue;
            }
            let Some(namespace) = self.bound(prefix) else {
                return Err(WriteError::UnboundPrefix(qname.clone()));
            };
            if expanded.contains(&(namespace, local)) {
                return Err(WriteError::DuplicateAttribute(qname.clone()));
            }
            expanded.push((namespace, local));
        }
        self.attributes.clear();
        Ok(())
    }

    /// Begins a new line for a child of the open element, unless that holds text.
    fn new_line(&mut self, level: usize) {
        if self.stack.last().is_none_or(|open| !open.verbatim) {
            self.break_line(level);
        }
    }

    fn break_line(&mut self, level: usize) {
        if let Some(spaces) = self.indent {
            if self.out.last().is_some_and(|&b| b != b'\n') {
                self.out.push(b'\n');
            }
            self.out.resize(self.out.len() + spaces * level, b' ');
        }
    }
}

/// Refuses what is no qualified name.
fn check_qname(qname: &str) -> Result<(), WriteError> {
    let colons = qname.bytes().filter(|&b| b == b':').count();
    let good = is_name(qname) && colons <= 1 && qname.split(':').all(is_ncname);
    if good && qname.split(':').next() != Some("xmlns") || qname == "xmlns" {
        Ok(())
    } else {
        Err(WriteError::Name(qname.to_owned()))
    }
}
