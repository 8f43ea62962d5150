//! [`SoapEncoder`]: values of the model straight into a message, by the rules of
//! [`farcall_wsdl::mapping`].
//!
//! The element that a value stands in is begun by the value itself, for only
//! the value knows whether there is one: an absent field writes none, a
//! sequence one for each item.

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, ExceptionType, Field, ObjectRef, ObjectType, Operation,
    Param, StructType, Time, Type, UnionType, Value, XmlKind,
};
use farcall_wire::{CodecError, Encoder, MessageEncoder, Written, text};
use farcall_wsdl::mapping::{self, ENTRY, ITEM, KEY, NIL_ADDRESS, RESPONSE, VALUE, WSA};
use farcall_xml::{ForbiddenCharacter, escape_attribute, escape_text};

use super::scalar;
use crate::attachments::Aside;
use crate::names::{self, Spaces};
use crate::{Version, fault};

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

/// What the items of a sequence stand in.
#[derive(Clone, Copy, Debug)]
enum Items {
    /// An element each, of the field's own name.
    Repeat,
    /// No element of their own each.
    Content,
    /// An `item` each.
    Item,
    /// A tuple's element each, with its number.
    Numbered(usize),
    /// What comes back of a call: the element of its name each, by its place among them.
    Part(usize),
}

/// Writes values of the model as the elements of a SOAP message.
#[derive(Debug)]
pub struct SoapEncoder {
    pub(super) out: Vec<u8>,
    /// The names of elements that are being written, one after the other.
    names: Vec<u8>,
    /// Where in `names` that of the next value begins; it goes to the end.
    name: usize,
    place: Place,
    items: Items,
    /// What comes back of the call, if the next tuple is its parts.
    parts: Vec<Field>,
    pub(super) spaces: Spaces,
    /// The namespace of fields that do not say theirs.
    space: usize,
    /// Before the `>` of the innermost start tag of a struct.
    attributes_at: usize,
    version: Version,
    /// Where the declarations of namespaces go.
    declare_at: usize,
    /// Where a header that is written late goes.
    header_at: usize,
    fault: bool,
    /// Whether values that bring their own type are written as rpc/encoded has them.
    encoded: bool,
    /// Octets that go beside the message, if any do.
    pub(super) aside: Option<Aside>,
}

impl SoapEncoder {
    /// An encoder of elements of these namespaces.
    pub(crate) fn new(version: Version, spaces: Spaces) -> Self {
        Self {
            out: Vec::with_capacity(512),
            names: Vec::with_capacity(64),
            name: 0,
            place: Place::Element,
            items: Items::Item,
            parts: Vec::new(),
            spaces,
            space: 0,
            attributes_at: 0,
            version,
            declare_at: 0,
            header_at: 0,
            fault: false,
            encoded: false,
            aside: None,
        }
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// Has values that bring their own type written as rpc/encoded has them.
    pub(crate) fn set_encoded(&mut self, encoded: bool) {
        self.encoded = encoded;
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

    /// Where declarations of namespaces are to be put: inside of a start tag.
    pub(crate) fn declare_at(&mut self, offset: usize) {
        self.declare_at = offset;
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
        let at = self.declare_at;
        self.out.splice(at..at, self.spaces.declarations());
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
        let outer = (self.name, self.place);
        let start = self.names.len();
        if let Some(space) = space {
            self.names.extend_from_slice(self.spaces.prefix(space).as_bytes());
            self.names.push(b':');
        }
        self.names.extend_from_slice(names::local(local).as_bytes());
        (self.name, self.place) = (start, place);
        let written = write(self);
        self.names.truncate(start);
        (self.name, self.place) = outer;
        written
    }

    /// The same for a field or parameter, whose name may be one of its own.
    fn member(&mut self, field: &Field, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let local = field.xml.local.as_ref().unwrap_or(&field.name);
        let declared = match field.xml.namespace.as_deref() {
            None | Some("") => None,
            Some(uri) => Some(self.spaces.index_of(uri)),
        };
        match field.xml.kind {
            XmlKind::Element | XmlKind::Nillable => {
                let context = field.xml.namespace.is_none().then_some(self.space);
                let nillable = field.xml.kind == XmlKind::Nillable;
                let place = if nillable { Place::Element } else { Place::Field };
                self.element(declared.or(context), local, place, write)
            }
            XmlKind::Content => self.element(None, "", Place::Content, write),
            XmlKind::Attribute => self.element(declared, local, Place::Attribute, write),
            XmlKind::Text => {
                let outer = std::mem::replace(&mut self.place, Place::Text);
                let written = write(self);
                self.place = outer;
                written
            }
        }
    }

    /// `<name` and what follows it.
    pub(super) fn begin(&mut self, rest: &str) {
        self.out.push(b'<');
        self.out.extend_from_slice(&self.names[self.name..]);
        self.raw(rest);
    }

    /// `</name>`.
    pub(super) fn end(&mut self) {
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(&self.names[self.name..]);
        self.out.push(b'>');
    }

    /// A text that needs no escaping.
    #[inline]
    fn plain(&mut self, text: &str) -> Written {
        match self.place {
            Place::Attribute => return self.attribute(text),
            Place::Text => self.raw(text),
            Place::Field | Place::Element => {
                self.begin(">");
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
        written.extend_from_slice(&self.names[self.name..]);
        written.extend_from_slice(b"=\"");
        escape_attribute(&mut written, text).map_err(forbidden)?;
        written.push(b'"');
        let at = self.attributes_at;
        self.attributes_at += written.len();
        self.out.splice(at..at, written);
        Ok(())
    }

    fn integer(&mut self, number: impl itoa::Integer) -> Written {
        self.plain(itoa::Buffer::new().format(number))
    }

    fn formatted(&mut self, value: impl std::fmt::Display) -> Written {
        self.plain(&value.to_string())
    }

    /// An element around what `write` writes; `attributes` begin with a space.
    pub(super) fn around(&mut self, attributes: &str, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if self.place == Place::Content {
            return write(self);
        }
        self.must_be_element()?;
        self.begin(attributes);
        self.out.push(b'>');
        write(self)?;
        self.end();
        Ok(())
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
        self.begin(" xsi:nil=\"true\"/>");
        Ok(())
    }
}

#[cold]
fn forbidden(e: ForbiddenCharacter) -> CodecError {
    let what = format!("the character U+{:04X} at byte {} of the text", u32::from(e.character), e.index);
    CodecError::unsupported(what, "XML 1.0 has no such character; send the text as bytes")
}

macro_rules! integers {
    ($($ty:ident),*) => {$(
        #[inline]
        fn $ty(&mut self, value: $ty) -> Written {
            self.integer(value)
        }
    )*};
}

impl Encoder for SoapEncoder {
    integers!(i8, u8, i16, u16, i32, u32, i64, u64);

    fn nothing(&mut self) -> Written {
        self.must_be_element()?;
        self.begin("/>");
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Written {
        self.plain(if value { "true" } else { "false" })
    }

    fn f32(&mut self, value: f32) -> Written {
        match scalar::not_finite(value.into()) {
            Some(text) => self.plain(text),
            None => self.plain(ryu::Buffer::new().format_finite(value)),
        }
    }

    fn f64(&mut self, value: f64) -> Written {
        match scalar::not_finite(value) {
            Some(text) => self.plain(text),
            None => self.plain(ryu::Buffer::new().format_finite(value)),
        }
    }

    fn char(&mut self, value: char) -> Written {
        self.str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn str(&mut self, value: &str) -> Written {
        match self.place {
            Place::Attribute => self.attribute(value),
            Place::Text => self.text(value),
            Place::Field | Place::Element => {
                self.begin(">");
                self.text(value)?;
                self.end();
                Ok(())
            }
            Place::Content => self.must_be_element(),
        }
    }

    fn octets(&mut self, value: &Bytes) -> Written {
        if self.sets_aside(value.len()) { self.include(value.clone()) } else { self.bytes(value) }
    }

    fn bytes(&mut self, value: &[u8]) -> Written {
        if self.sets_aside(value.len()) {
            return self.include(Bytes::copy_from_slice(value));
        }
        if self.place == Place::Attribute {
            let mut text = Vec::new();
            text::write_octets(&mut text, value);
            return self.attribute(&String::from_utf8_lossy(&text));
        }
        let element = self.place != Place::Text;
        if element {
            self.must_be_element()?;
            self.begin(">");
        }
        text::write_octets(&mut self.out, value);
        if element {
            self.end();
        }
        Ok(())
    }

    fn decimal(&mut self, value: &Decimal) -> Written {
        self.plain(value.as_str())
    }

    fn date_time(&mut self, value: DateTime) -> Written {
        self.formatted(value)
    }

    fn date(&mut self, value: Date) -> Written {
        self.formatted(value)
    }

    fn time(&mut self, value: Time) -> Written {
        self.formatted(value)
    }

    fn duration(&mut self, value: Duration) -> Written {
        self.formatted(value)
    }

    fn enumeration(&mut self, ty: &EnumType, member: usize) -> Written {
        self.str(&ty.members[member].name)
    }

    fn none(&mut self) -> Written {
        if self.place == Place::Element { self.nil() } else { Ok(()) }
    }

    fn some(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        // what is inside is there: another optional in it would be nil, a sequence has an element of its own
        if self.place == Place::Field {
            self.place = Place::Element;
        }
        write(self)
    }

    fn sequence(&mut self, _len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let outer = self.items;
        let written = match self.place {
            Place::Field => {
                self.items = Items::Repeat;
                write(self)
            }
            Place::Content => {
                self.items = Items::Content;
                write(self)
            }
            _ => {
                self.items = Items::Item;
                self.around("", write)
            }
        };
        self.items = outer;
        written
    }

    #[inline]
    fn item(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        match self.items {
            Items::Repeat => {
                self.place = Place::Element;
                write(self)
            }
            Items::Content => {
                self.place = Place::Content;
                write(self)
            }
            Items::Item => self.element(Some(0), ITEM, Place::Element, write),
            Items::Numbered(number) => {
                self.items = Items::Numbered(number + 1);
                self.element(Some(0), &format!("{ITEM}{number}"), Place::Field, write)
            }
            Items::Part(index) => {
                // taken out for the time, so that tuples inside are not taken for parts
                let mut parts = std::mem::take(&mut self.parts);
                let written = match parts.get_mut(index) {
                    Some(part) => self.member(part, write),
                    None => {
                        Err(CodecError::unsupported("more than was declared", "describe what comes back"))
                    }
                };
                self.parts = parts;
                self.items = Items::Part(index + 1);
                written
            }
        }
    }

    fn tuple(&mut self, _len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if !self.parts.is_empty() {
            self.items = Items::Part(0);
            let written = write(self);
            self.items = Items::Item;
            self.parts.clear();
            return written;
        }
        let outer = std::mem::replace(&mut self.items, Items::Numbered(1));
        let written = self.around("", write);
        self.items = outer;
        written
    }

    fn map(&mut self, _key: &Type, _len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.around("", write)
    }

    fn entry(
        &mut self,
        key: impl FnOnce(&mut Self) -> Written,
        value: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        self.element(Some(0), ENTRY, Place::Element, |out| {
            out.around("", |out| {
                out.element(Some(0), KEY, Place::Field, key)?;
                out.element(Some(0), VALUE, Place::Field, value)
            })
        })
    }

    #[inline]
    fn structure(&mut self, ty: &StructType, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let space = self.spaces.of_scope(&ty.scope);
        let outer = (std::mem::replace(&mut self.space, space), self.attributes_at);
        let written = self.around("", |out| {
            out.attributes_at = out.out.len() - 1;
            write(out)
        });
        (self.space, self.attributes_at) = outer;
        written
    }

    #[inline]
    fn field(&mut self, field: &Field, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.member(field, write)
    }

    fn union(&mut self, ty: &UnionType, case: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let space = self.spaces.of_scope(&ty.scope);
        self.around("", |out| out.element(Some(space), &ty.cases[case].name, Place::Element, write))
    }

    fn object(&mut self, _ty: &ObjectType, value: &ObjectRef) -> Written {
        let space = self.spaces.index_of(WSA);
        let address = |out: &mut Self, url: &str| {
            out.element(Some(space), "Address", Place::Element, |out| out.str(url))
        };
        self.around("", |out| {
            let Some(url) = farcall_wire::http_address(value, "soap") else {
                return address(out, NIL_ADDRESS);
            };
            address(out, url)?;
            // what a reader of that alone would know, and no more
            if let [only] = &*value.addresses
                && *only == super::read::of_soap(url)
            {
                return Ok(());
            }
            out.element(Some(space), "Metadata", Place::Element, |out| {
                out.around("", |out| value.addresses.iter().try_for_each(|url| address(out, url)))
            })
        })
    }

    fn any(&mut self, value: &Value) -> Written {
        super::any::encode(self, value)
    }
}

impl MessageEncoder for SoapEncoder {
    fn params(&mut self, operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.space = 0;
        self.element(Some(0), &operation.name, Place::Element, |out| out.around("", write))
    }

    fn param(&mut self, param: &Param, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.member(&param.field, write)
    }

    fn result(&mut self, operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.space = 0;
        let name = format!("{}{RESPONSE}", operation.name);
        self.element(Some(0), &name, Place::Element, |out| {
            out.around("", |out| match &operation.outs[..] {
                [] if operation.returns_nothing() => Ok(()),
                [] => out.element(Some(0), mapping::result_name(operation), Place::Field, write),
                [only] if operation.returns_nothing() => out.member(&only.field, write),
                _ => {
                    out.parts = mapping::parts(operation);
                    write(out)
                }
            })
        })
    }

    fn exception(
        &mut self,
        ty: &ExceptionType,
        text: &str,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        fault::write_exception(self, ty, text, write)
    }
}

impl SoapEncoder {
    /// The position of a namespace among those of the message.
    pub(crate) fn space_of(&mut self, uri: &str) -> usize {
        self.spaces.index_of(uri)
    }

    /// The same for types of a scope.
    pub(crate) fn space_of_scope(&mut self, scope: &str) -> usize {
        self.spaces.of_scope(scope)
    }
}
