//! [`SoapEncoder`]: values of the model straight into a message, by the rules of
//! [`farcall_wsdl::mapping`].
//!
//! The element that a value stands in is begun by the value itself, for only
//! the value knows whether there is one: an absent field writes none, a
//! sequence one for each item.

mod body;
mod items;
mod names;
mod types;
mod write;

use std::io::Write as _;
use std::sync::Arc;

use farcall_model::{ExceptionType, Field, Type, TypeRef, XmlKind, XmlName, XmlOperation};
use farcall_wire::{CodecError, Written};
use farcall_xml::wire::forbidden;
use farcall_xml::{escape_attribute, escape_text};

use self::items::Items;
use self::names::Names;
use crate::Version;
use crate::attachments::Aside;
use crate::names::Spaces;

/// What the next value stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A field: an absent value writes nothing, a sequence an element for each item.
    Field,
    /// An element that is there whatever its value is.
    Element,
    /// An attribute of the element that is open.
    Attribute,
    /// The text of the element that is open.
    Text,
    /// No element of its own: those of the value's parts stand here.
    Content,
}

/// Writes values of the model as the elements of a SOAP message.
#[derive(Debug)]
pub struct SoapEncoder {
    pub(super) out: Vec<u8>,
    names: Names,
    place: Place,
    items: Items,
    /// What comes back of the call, if the next tuple is its parts.
    parts: Vec<Field>,
    pub(super) spaces: Spaces,
    /// The namespace of fields that do not say theirs.
    space: Option<usize>,
    /// Before the `>` of the innermost start tag of a struct.
    attributes_at: usize,
    version: Version,
    /// Where the declarations of namespaces go.
    declare_at: usize,
    /// How many of them stand there.
    declared: usize,
    /// Where a header that is written late goes.
    header_at: usize,
    fault: bool,
    /// Whether values are written by the rules of SOAP encoding, with their types.
    encoded: bool,
    /// Whether the next element says its type.
    typed: bool,
    /// The name of the type that the next element says, instead of that of its value.
    named: Option<String>,
    /// The type of the next value, where arrays must say that of their items.
    ty: Option<TypeRef>,
    /// How the operation stands in messages, where a description says it.
    xml: Option<Arc<XmlOperation>>,
    /// Octets that go beside the message, if any do.
    pub(super) aside: Option<Aside>,
}

impl SoapEncoder {
    /// An encoder of elements of these namespaces.
    pub(crate) fn new(version: Version, spaces: Spaces) -> Self {
        Self::with_room(version, spaces, 512)
    }

    /// The same with room for so many octets, after which its memory grows.
    pub(crate) fn with_room(version: Version, spaces: Spaces, octets: usize) -> Self {
        Self {
            out: Vec::with_capacity(octets),
            names: Names::default(),
            place: Place::Element,
            items: Items::Item,
            parts: Vec::new(),
            spaces,
            space: Some(0),
            attributes_at: 0,
            version,
            declare_at: 0,
            declared: 0,
            header_at: 0,
            fault: false,
            encoded: false,
            typed: false,
            named: None,
            ty: None,
            xml: None,
            aside: None,
        }
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// Has values written by the rules of SOAP encoding.
    pub(crate) fn set_encoded(&mut self, encoded: bool) {
        (self.encoded, self.typed) = (encoded, encoded);
    }

    /// Says how the operation stands in messages.
    pub(crate) fn set_xml(&mut self, xml: Option<Arc<XmlOperation>>) {
        self.xml = xml;
    }

    pub(crate) fn xml(&self) -> Option<Arc<XmlOperation>> {
        self.xml.clone()
    }

    pub(super) fn is_encoded(&self) -> bool {
        self.encoded
    }

    /// Has octets set aside; `None` has all of them in the message.
    pub(crate) fn set_aside(&mut self, aside: Option<Aside>) {
        self.aside = aside;
    }

    /// What was set aside.
    pub(crate) fn take_aside(&mut self) -> Option<Aside> {
        self.aside.take()
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// True if what was written is a fault.
    pub(crate) fn is_fault(&self) -> bool {
        self.fault
    }

    pub(crate) fn set_fault(&mut self) {
        self.fault = true;
    }

    pub(crate) fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Declares the namespaces that are known, inside of a start tag; others go to the same place
    /// when all is written.
    pub(crate) fn declare(&mut self) {
        self.spaces.declare(0, &mut self.out);
        (self.declare_at, self.declared) = (self.out.len(), self.spaces.len());
    }

    /// The octets of an element alone, with the namespaces declared in its start tag, and `others`.
    pub(super) fn into_element(mut self, others: &str) -> Vec<u8> {
        let tag = self.out.iter().position(|b| matches!(b, b'>' | b'/' | b' ')).unwrap_or(0);
        let declarations = self.spaces.declarations(0);
        self.out.splice(tag..tag, declarations.into_iter().chain(others.bytes()));
        self.out
    }

    /// Takes back what was written from that offset on.
    pub(crate) fn truncate(&mut self, offset: usize) {
        self.out.truncate(offset);
    }

    /// Where a header is to be put that is known only after the body.
    pub(crate) fn header_at(&mut self, offset: usize) {
        self.header_at = offset;
    }

    /// Puts a header before what was written since [`Self::header_at`].
    pub(crate) fn insert_header(&mut self, xml: &str) {
        let header = format!("<s:Header>{xml}</s:Header>");
        self.out.splice(self.header_at..self.header_at, header.into_bytes());
    }

    pub(crate) fn offset(&self) -> usize {
        self.out.len()
    }

    /// The octets written, with the namespaces declared.
    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        if self.spaces.len() > self.declared {
            let at = self.declare_at;
            self.out.splice(at..at, self.spaces.declarations(self.declared));
        }
        self.out
    }

    /// Text, escaped.
    pub(crate) fn text(&mut self, text: &str) -> Written {
        escape_text(&mut self.out, text).map_err(forbidden)
    }

    /// Has `write` write a value as an element of that name.
    pub(crate) fn element(
        &mut self,
        space: Option<usize>,
        local: &str,
        place: Place,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        let outer = std::mem::replace(&mut self.place, place);
        let name = self.names.push(space.map(|space| self.spaces.prefix(space)), local);
        let written = write(self);
        self.names.pop(name);
        self.place = outer;
        written
    }

    /// The same for a field or parameter, under a name in XML that may be another than its own.
    pub(super) fn member(
        &mut self,
        field: &Field,
        xml: &XmlName,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        let local = xml.local.as_ref().unwrap_or(&field.name);
        if self.encoded {
            self.ty = Some(field.ty.clone());
        }
        match xml.kind {
            XmlKind::Element | XmlKind::Nillable => {
                let space = self.space_of_name(xml);
                let nillable = xml.kind == XmlKind::Nillable;
                let place = if nillable { Place::Element } else { Place::Field };
                self.element(space, local, place, write)
            }
            XmlKind::Content => {
                let before = self.out.len();
                self.element(None, "", Place::Content, |out| {
                    write(out)?;
                    // nil is nothing there, and something has to be
                    let lacks = matches!(field.ty.exact(), Type::Any) && out.out.len() == before;
                    if lacks { out.must_be_element() } else { Ok(()) }
                })
            }
            XmlKind::Attribute => {
                let space = xml.namespace.as_ref().and_then(|_| self.space_of_name(xml));
                self.element(space, local, Place::Attribute, write)
            }
            XmlKind::Text => self.text_here(write),
        }
    }

    /// The namespace of an element of that name.
    fn space_of_name(&mut self, xml: &XmlName) -> Option<usize> {
        match xml.namespace.as_deref() {
            None => self.space,
            Some("") => None,
            Some(uri) => Some(self.spaces.index_of(uri)),
        }
    }

    /// `<name` and what follows it.
    pub(super) fn begin(&mut self, rest: &str) {
        self.out.push(b'<');
        self.out.extend_from_slice(self.names.name());
        self.raw(rest);
    }

    /// Has `write` write text where the cursor is, inside of the element that is open.
    pub(super) fn text_here(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let outer = std::mem::replace(&mut self.place, Place::Text);
        let written = write(self);
        self.place = outer;
        written
    }

    /// What `write` writes, not as part of the message.
    pub(super) fn aside(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Result<Vec<u8>, CodecError> {
        let outside = std::mem::take(&mut self.out);
        let written = write(self);
        let aside = std::mem::replace(&mut self.out, outside);
        written.map(|()| aside)
    }

    /// `</name>`.
    #[inline]
    pub(super) fn end(&mut self) {
        self.out.extend_from_slice(self.names.end_tag());
    }

    /// A text that needs no escaping, of a type of XML Schema.
    #[inline]
    fn plain(&mut self, ty: &str, text: &str) -> Written {
        match self.place {
            Place::Attribute => return self.attribute(text),
            Place::Text => self.raw(text),
            Place::Field | Place::Element => {
                self.begin_typed(ty);
                self.raw(text);
                self.end();
            }
            Place::Content => return self.must_be_element(),
        }
        Ok(())
    }

    /// A value as an attribute, in the start tag that ends at `attributes_at`.
    fn attribute(&mut self, text: &str) -> Written {
        let mut written = Vec::with_capacity(text.len() + 16);
        written.push(b' ');
        written.extend_from_slice(self.names.name());
        written.extend_from_slice(b"=\"");
        escape_attribute(&mut written, text).map_err(forbidden)?;
        written.push(b'"');
        let at = self.attributes_at;
        self.attributes_at += written.len();
        self.out.splice(at..at, written);
        Ok(())
    }

    #[inline]
    fn integer(&mut self, ty: &str, number: impl itoa::Integer) -> Written {
        self.plain(ty, itoa::Buffer::new().format(number))
    }

    fn formatted(&mut self, ty: &str, value: impl std::fmt::Display) -> Written {
        match self.place {
            Place::Field | Place::Element => {
                self.begin_typed(ty);
                self.append(value);
                self.end();
                Ok(())
            }
            Place::Text => {
                self.append(value);
                Ok(())
            }
            Place::Attribute | Place::Content => self.plain(ty, &value.to_string()),
        }
    }

    /// A text that needs no escaping.
    fn append(&mut self, value: impl std::fmt::Display) {
        // memory takes whatever is written to it
        let _ = write!(self.out, "{value}");
    }

    /// An element around what `write` writes; `attributes` begin with a space.
    pub(super) fn around(&mut self, attributes: &str, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if self.place == Place::Content {
            return write(self);
        }
        self.must_be_element()?;
        self.begin("");
        if let Some(name) = self.named.take() {
            self.raw(" xsi:type=\"");
            self.raw(&name);
            self.raw("\"");
        }
        self.typed = self.encoded;
        self.raw(attributes);
        self.out.push(b'>');
        write(self)?;
        self.end();
        Ok(())
    }

    /// Whether the next value has no element of its own.
    pub(super) fn is_content(&self) -> bool {
        self.place == Place::Content
    }

    /// Fails where only text may stand.
    pub(super) fn must_be_element(&self) -> Written {
        match self.place {
            Place::Field | Place::Element => Ok(()),
            Place::Attribute | Place::Text => {
                let why = "an attribute, and the text of an element, hold a single value";
                Err(CodecError::unsupported("a value of several parts", why))
            }
            Place::Content => {
                let why =
                    "a field without an element of its own holds a choice, a struct, or several of them";
                Err(CodecError::unsupported("a value that is no element", why))
            }
        }
    }

    pub(super) fn nil(&mut self) -> Written {
        self.must_be_element()?;
        (self.typed, self.named) = (self.encoded, None);
        self.begin(" xsi:nil=\"true\"/>");
        Ok(())
    }

    /// The position of a namespace among those of the message.
    pub(crate) fn space_of(&mut self, uri: &str) -> usize {
        self.spaces.index_of(uri)
    }

    /// The same for types of a scope.
    pub(crate) fn space_of_scope(&mut self, scope: &str) -> usize {
        self.spaces.of_scope(scope)
    }

    /// What the element of an exception is called, where no description says it.
    pub(crate) fn exception_name(&self, ty: &ExceptionType) -> String {
        self.spaces.type_name(&ty.body.scope, &ty.body.name).into_owned()
    }
}
