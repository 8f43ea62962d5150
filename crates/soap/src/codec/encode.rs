//! [`SoapEncoder`]: values of the model straight into a message, by the rules of
//! [`farcall_wsdl::mapping`].
//!
//! The element that a value stands in is begun by the value itself, for only
//! the value knows whether there is one: an absent field writes none, a
//! sequence one for each item.

use std::sync::Arc;

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, ExceptionType, Field, ObjectRef, ObjectType, Operation,
    Param, StructType, Time, Type, TypeRef, UnionType, Value, XmlKind, XmlMessage, XmlName, XmlOperation,
};
use farcall_wire::{CodecError, Encoder, MessageEncoder, Written, text};
use farcall_wsdl::mapping::{self, CaseName, ENTRY, ITEM, KEY, NIL_ADDRESS, RESPONSE, VALUE, WSA};
use farcall_xml::{ForbiddenCharacter, escape_attribute, escape_text};

use super::scalar;
use crate::attachments::Aside;
use crate::names::{self, APACHE, Spaces};
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
    /// Texts with a space between them, from there on.
    Listed(usize),
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
    space: Option<usize>,
    /// Before the `>` of the innermost start tag of a struct.
    attributes_at: usize,
    version: Version,
    /// Where the declarations of namespaces go.
    declare_at: usize,
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
        Self {
            out: Vec::with_capacity(512),
            names: Vec::with_capacity(64),
            name: 0,
            place: Place::Element,
            items: Items::Item,
            parts: Vec::new(),
            spaces,
            space: Some(0),
            attributes_at: 0,
            version,
            declare_at: 0,
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

    /// Where declarations of namespaces are to be put: inside of a start tag.
    pub(crate) fn declare_at(&mut self, offset: usize) {
        self.declare_at = offset;
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

    /// The same for a field or parameter, under a name in XML that may be another than its own.
    pub(super) fn member(
        &mut self,
        field: &Field,
        xml: &XmlName,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        let local = xml.local.as_ref().unwrap_or(&field.name);
        let declared = match xml.namespace.as_deref() {
            None | Some("") => None,
            Some(uri) => Some(self.spaces.index_of(uri)),
        };
        if self.encoded {
            self.ty = Some(field.ty.clone());
        }
        match xml.kind {
            XmlKind::Element | XmlKind::Nillable => {
                let context = if xml.namespace.is_none() { self.space } else { None };
                let nillable = xml.kind == XmlKind::Nillable;
                let place = if nillable { Place::Element } else { Place::Field };
                self.element(declared.or(context), local, place, write)
            }
            XmlKind::Content => self.element(None, "", Place::Content, write),
            XmlKind::Attribute => self.element(declared, local, Place::Attribute, write),
            XmlKind::Text => self.text_here(write),
        }
    }

    /// `<name` and what follows it.
    pub(super) fn begin(&mut self, rest: &str) {
        self.out.push(b'<');
        self.out.extend_from_slice(&self.names[self.name..]);
        self.raw(rest);
    }

    /// `<name`, and the type if it is to be said: `ty`, which a local name of XML Schema, or that of
    /// [`SoapEncoder::say`].
    #[inline]
    fn begin_typed(&mut self, ty: &str) {
        self.out.push(b'<');
        self.out.extend_from_slice(&self.names[self.name..]);
        if self.typed || self.named.is_some() {
            self.type_attribute(ty);
        }
    }

    #[cold]
    fn type_attribute(&mut self, ty: &str) {
        self.raw(" xsi:type=\"");
        match self.named.take() {
            Some(name) => self.raw(&name),
            None => {
                self.raw("xsd:");
                self.raw(ty);
            }
        }
        self.raw("\"");
        self.typed = self.encoded;
    }

    /// Has the next element say its type: by that name, or that of its value's.
    pub(super) fn say(&mut self, named: Option<String>) {
        self.typed = true;
        self.named = named.or_else(|| self.named.take());
    }

    /// Takes back what [`SoapEncoder::say`] asked for and nothing used.
    pub(super) fn unsay(&mut self) {
        (self.typed, self.named) = (self.encoded, None);
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

    /// The name of a type of a scope, as the content of an attribute.
    fn type_name(&mut self, scope: &str, local: &str) -> String {
        let space = self.spaces.of_scope(scope);
        format!("{}:{}", self.spaces.prefix(space), names::local(local))
    }

    /// The name of the types of an array's items (SOAP 1.1, section 5.4.2).
    fn item_name(&mut self, ty: &Type) -> String {
        match ty {
            Type::Optional(inner) => self.item_name(inner.resolve()),
            Type::Sequence(inner) | Type::Array(inner, _) => format!("{}[]", self.item_name(inner.resolve())),
            Type::Struct(StructType { scope, name, .. })
            | Type::Enum(EnumType { scope, name, .. })
            | Type::Union(UnionType { scope, name, .. }) => self.type_name(scope, name),
            Type::Map(..) => {
                let space = self.spaces.index_of(APACHE);
                format!("{}:Map", self.spaces.prefix(space))
            }
            other => format!("xsd:{}", mapping::builtin(other).unwrap_or("anyType")),
        }
    }

    /// The attributes of an array with so many items (SOAP 1.1, section 5.4.2; SOAP 1.2 part 2,
    /// section 3.1.5).
    pub(super) fn array_attributes(&mut self, item: &Type, len: usize) -> String {
        let space = self.spaces.index_of(self.version.encoding());
        let item = self.item_name(item);
        let prefix = self.spaces.prefix(space);
        match self.version {
            Version::V11 => format!(" xsi:type=\"{prefix}:Array\" {prefix}:arrayType=\"{item}[{len}]\""),
            // an array of arrays says so of each of them
            Version::V12 => {
                let item = if item.ends_with("[]") { format!("{prefix}:Array") } else { item };
                format!(
                    " xsi:type=\"{prefix}:Array\" {prefix}:itemType=\"{item}\" {prefix}:arraySize=\"{len}\""
                )
            }
        }
    }

    /// The type of the items of the sequence that is written next.
    fn items_of(&self) -> TypeRef {
        let mut ty = self.ty.clone();
        while let Some(Type::Optional(inner)) = ty.as_ref().map(TypeRef::resolve) {
            ty = Some(inner.clone());
        }
        match ty.as_ref().map(TypeRef::resolve) {
            Some(Type::Sequence(item) | Type::Array(item, _)) => item.clone(),
            _ => TypeRef::Static(|| &Type::Any),
        }
    }

    /// `</name>`.
    pub(super) fn end(&mut self) {
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(&self.names[self.name..]);
        self.out.push(b'>');
    }

    /// A text that needs no escaping, of a type of XML Schema.
    #[inline]
    fn plain(&mut self, ty: &str, text: &str) -> Written {
        match self.place {
            Place::Attribute => return self.attribute(text),
            Place::Text => self.raw(text),
            Place::Field | Place::Element => {
                self.begin_typed(ty);
                self.out.push(b'>');
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

    #[inline]
    fn integer(&mut self, ty: &str, number: impl itoa::Integer) -> Written {
        self.plain(ty, itoa::Buffer::new().format(number))
    }

    fn formatted(&mut self, ty: &str, value: impl std::fmt::Display) -> Written {
        self.plain(ty, &value.to_string())
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

    /// The same with the name of the value's type, where types are said.
    fn around_typed(&mut self, scope: &str, name: &str, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if self.typed && self.named.is_none() && self.place != Place::Content {
            self.named = Some(self.type_name(scope, name));
        }
        self.around("", write)
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

    /// Text of a type that is not one of XML Schema's, which it names.
    fn text_of(&mut self, ty: &EnumType, text: &str) -> Written {
        if self.typed && self.named.is_none() && matches!(self.place, Place::Field | Place::Element) {
            self.named = Some(self.type_name(&ty.scope, &ty.name));
        }
        self.str(text)
    }
}

#[cold]
fn forbidden(e: ForbiddenCharacter) -> CodecError {
    let what = format!("the character U+{:04X} at byte {} of the text", u32::from(e.character), e.index);
    CodecError::unsupported(what, "XML 1.0 has no such character; send the text as bytes")
}

macro_rules! integers {
    ($($ty:ident => $name:literal),*) => {$(
        #[inline]
        fn $ty(&mut self, value: $ty) -> Written {
            self.integer($name, value)
        }
    )*};
}

impl Encoder for SoapEncoder {
    integers! {
        i8 => "byte", u8 => "unsignedByte", i16 => "short", u16 => "unsignedShort", i32 => "int",
        u32 => "unsignedInt", i64 => "long", u64 => "unsignedLong"
    }

    fn nothing(&mut self) -> Written {
        self.must_be_element()?;
        (self.typed, self.named) = (self.encoded, None);
        self.begin("/>");
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Written {
        self.plain("boolean", if value { "true" } else { "false" })
    }

    fn f32(&mut self, value: f32) -> Written {
        match scalar::not_finite(value.into()) {
            Some(text) => self.plain("float", text),
            None => self.plain("float", ryu::Buffer::new().format_finite(value)),
        }
    }

    fn f64(&mut self, value: f64) -> Written {
        match scalar::not_finite(value) {
            Some(text) => self.plain("double", text),
            None => self.plain("double", ryu::Buffer::new().format_finite(value)),
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
                self.begin_typed("string");
                self.out.push(b'>');
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
            self.begin_typed("base64Binary");
            self.out.push(b'>');
        }
        text::write_octets(&mut self.out, value);
        if element {
            self.end();
        }
        Ok(())
    }

    fn decimal(&mut self, value: &Decimal) -> Written {
        self.plain("decimal", value.as_str())
    }

    fn date_time(&mut self, value: DateTime) -> Written {
        self.formatted("dateTime", value)
    }

    fn date(&mut self, value: Date) -> Written {
        self.formatted("date", value)
    }

    fn time(&mut self, value: Time) -> Written {
        self.formatted("time", value)
    }

    fn duration(&mut self, value: Duration) -> Written {
        self.formatted("duration", value)
    }

    fn enumeration(&mut self, ty: &EnumType, member: usize) -> Written {
        self.text_of(ty, &ty.members[member].name)
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

    fn sequence(&mut self, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let outer = self.items;
        let written = match self.place {
            Place::Content => {
                self.items = Items::Content;
                write(self)
            }
            Place::Text => {
                self.items = Items::Listed(self.out.len());
                write(self)
            }
            Place::Attribute => self.list_attribute(write),
            _ if self.encoded => self.encoded_array(len, write),
            Place::Field => {
                self.items = Items::Repeat;
                write(self)
            }
            Place::Element => {
                self.items = Items::Item;
                self.around("", write)
            }
        };
        self.items = outer;
        written
    }

    #[inline]
    fn item(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if self.encoded {
            let ty = self.ty.clone();
            let written = self.one_item(write);
            self.ty = ty;
            return written;
        }
        self.one_item(write)
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
        if self.encoded && self.named.is_none() {
            let space = self.spaces.index_of(APACHE);
            self.named = Some(format!("{}:Map", self.spaces.prefix(space)));
        }
        let ty = self.ty.clone();
        self.around("", |out| {
            out.ty = ty;
            write(out)
        })
    }

    fn entry(
        &mut self,
        key: impl FnOnce(&mut Self) -> Written,
        value: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        let (space, ty) = (self.part_space(), self.ty.clone());
        let types = match ty.as_ref().map(TypeRef::resolve) {
            Some(Type::Map(key, value)) => (Some(key.clone()), Some(value.clone())),
            _ => (None, None),
        };
        let (entry, place) = if self.encoded { (ITEM, Place::Element) } else { (ENTRY, Place::Field) };
        let written = self.element(space, entry, Place::Element, |out| {
            (out.typed, out.named) = (false, None);
            out.around("", |out| {
                out.ty = types.0;
                out.element(space, KEY, place, key)?;
                out.ty = types.1;
                out.element(space, VALUE, place, value)
            })
        });
        self.ty = ty;
        written
    }

    #[inline]
    fn structure(&mut self, ty: &StructType, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let space = if self.encoded { None } else { Some(self.spaces.of_scope(&ty.scope)) };
        let outer = (std::mem::replace(&mut self.space, space), self.attributes_at);
        let written = self.around_typed(&ty.scope, &ty.name, |out| {
            out.attributes_at = out.out.len() - 1;
            write(out)
        });
        (self.space, self.attributes_at) = outer;
        written
    }

    #[inline]
    fn field(&mut self, field: &Field, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.member(field, &field.xml, write)
    }

    fn union(&mut self, ty: &UnionType, case: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if self.encoded {
            self.ty = ty.cases.get(case).map(|case| case.ty.clone());
        }
        match mapping::case_name(ty, case) {
            Some(CaseName::Type(uri, local)) => {
                let space = self.spaces.index_of(uri);
                self.named = Some(format!("{}:{local}", self.spaces.prefix(space)));
                write(self)
            }
            Some(CaseName::Content) => {
                self.around_typed(&ty.scope, &ty.name, |out| out.element(None, "", Place::Content, write))
            }
            Some(CaseName::Element(uri, local)) => {
                let space = match uri {
                    None if self.encoded => None,
                    None => Some(self.spaces.of_scope(&ty.scope)),
                    Some("") => None,
                    Some(uri) => Some(self.spaces.index_of(uri)),
                };
                self.around_typed(&ty.scope, &ty.name, |out| {
                    out.element(space, &local, Place::Element, write)
                })
            }
            None => {
                Err(CodecError::unsupported(format!("case {case} of {}", ty.name), "it has no such case"))
            }
        }
    }

    fn object(&mut self, _ty: &ObjectType, value: &ObjectRef) -> Written {
        let space = self.spaces.index_of(WSA);
        let address = |out: &mut Self, url: &str| {
            out.typed = false;
            out.element(Some(space), "Address", Place::Element, |out| out.str(url))
        };
        if self.typed {
            self.named = Some(format!("{}:EndpointReferenceType", self.spaces.prefix(space)));
        }
        self.around("", |out| {
            out.typed = false;
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
        let xml = self.xml.clone();
        self.body(xml.as_ref().map(|xml| &xml.request), &operation.name, write)
    }

    fn param(&mut self, param: &Param, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let xml = self.xml.clone();
        let named = xml.as_ref().and_then(|xml| xml.request.part(&param.field.name));
        self.part(&param.field, named.unwrap_or(&param.field.xml), write)
    }

    fn result(&mut self, operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let xml = self.xml.clone();
        let message = xml.as_ref().map(|xml| &xml.response);
        let name = format!("{}{RESPONSE}", operation.name);
        self.body(message, &name, |out| {
            let parts = names::parts(operation, message);
            match parts.as_slice() {
                [] => Ok(()),
                [only] => out.part(only, &only.xml, write),
                _ => {
                    out.parts = parts;
                    write(out)
                }
            }
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
    /// The body of a message: an element around the parts, unless a description says that there is none.
    fn body(
        &mut self,
        message: Option<&XmlMessage>,
        name: &str,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        self.space = if self.encoded { None } else { Some(0) };
        (self.typed, self.named) = (false, None);
        let style = if self.encoded {
            format!(" s:encodingStyle=\"{}\"", self.version.encoding())
        } else {
            String::new()
        };
        let (space, name) = match message {
            None => (Some(0), name),
            Some(XmlMessage { wrapper: None, .. }) => return write(self),
            Some(XmlMessage { wrapper: Some(wrapper), .. }) => {
                let space = match wrapper.namespace.as_deref() {
                    None => Some(0),
                    Some("") => None,
                    Some(uri) => Some(self.spaces.index_of(uri)),
                };
                (space, wrapper.local.as_deref().unwrap_or(name))
            }
        };
        self.element(space, name, Place::Element, |out| out.around(&style, write))
    }

    /// A part of a message. What is encoded has all of its parts.
    fn part(&mut self, field: &Field, xml: &XmlName, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.typed = self.encoded;
        if self.encoded {
            let xml = XmlName { kind: XmlKind::Nillable, ..xml.clone() };
            return self.member(field, &xml, write);
        }
        self.member(field, xml, write)
    }

    /// The namespace of the parts of values that have no type with a name.
    pub(super) fn part_space(&self) -> Option<usize> {
        (!self.encoded).then_some(0)
    }

    #[inline]
    fn one_item(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        match self.items {
            Items::Repeat => {
                self.place = Place::Element;
                write(self)
            }
            Items::Content => {
                self.place = Place::Content;
                write(self)
            }
            Items::Item => self.element(self.part_space(), ITEM, Place::Element, write),
            Items::Numbered(number) => {
                self.items = Items::Numbered(number + 1);
                self.element(self.part_space(), &format!("{ITEM}{number}"), Place::Field, write)
            }
            Items::Part(index) => {
                // taken out for the time, so that tuples inside are not taken for parts
                let parts = std::mem::take(&mut self.parts);
                let written = match parts.get(index) {
                    Some(part) => self.part(part, &part.xml, write),
                    None => {
                        Err(CodecError::unsupported("more than was declared", "describe what comes back"))
                    }
                };
                self.parts = parts;
                self.items = Items::Part(index + 1);
                written
            }
            Items::Listed(start) => {
                if self.out.len() > start {
                    self.out.push(b' ');
                }
                self.place = Place::Text;
                write(self)
            }
        }
    }

    /// A sequence as an array of SOAP encoding.
    fn encoded_array(&mut self, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let item = self.items_of();
        let attributes = self.array_attributes(item.resolve(), len);
        let outer = self.ty.clone();
        self.items = Items::Item;
        self.named = None;
        let written = self.around(&attributes, |out| {
            out.ty = Some(item);
            write(out)
        });
        self.ty = outer;
        written
    }

    /// A sequence as a list in an attribute (XML Schema part 2, section 2.5.1.2).
    fn list_attribute(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.items = Items::Listed(0);
        let list = self.aside(|out| out.text_here(write))?;
        let at = self.attributes_at;
        let mut attribute = vec![b' '];
        attribute.extend_from_slice(&self.names[self.name..]);
        attribute.extend_from_slice(b"=\"");
        // its items are escaped as text, which lacks no more than the quotes
        list.iter().for_each(|b| match b {
            b'"' => attribute.extend_from_slice(b"&quot;"),
            b => attribute.push(*b),
        });
        attribute.push(b'"');
        self.attributes_at += attribute.len();
        self.out.splice(at..at, attribute);
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
}
