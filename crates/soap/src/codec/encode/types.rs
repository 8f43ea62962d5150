//! The types that elements say, by `xsi:type` and the attributes of encoded arrays.

use farcall_model::{EnumType, StructType, Type, TypeRef, UnionType};
use farcall_wire::{Encoder, Written};
use farcall_wsdl::mapping;

use super::{Items, Place, SoapEncoder};
use crate::Version;
use crate::names::APACHE;

impl SoapEncoder {
    /// The start tag, with the type if it is to be said: `ty`, a local name of XML Schema, or that of
    /// [`SoapEncoder::say`].
    #[inline]
    pub(super) fn begin_typed(&mut self, ty: &str) {
        self.out.push(b'<');
        if self.typed || self.named.is_some() {
            self.out.extend_from_slice(self.names.name());
            self.type_attribute(ty);
            self.out.push(b'>');
        } else {
            self.out.extend_from_slice(self.names.closed());
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
    pub(in crate::codec) fn say(&mut self, named: Option<String>) {
        self.typed = true;
        self.named = named.or_else(|| self.named.take());
    }

    /// Takes back what [`SoapEncoder::say`] asked for and nothing used.
    pub(in crate::codec) fn unsay(&mut self) {
        (self.typed, self.named) = (self.encoded, None);
    }

    /// The same with the name of the value's type, where types are said.
    pub(super) fn around_typed(
        &mut self,
        scope: &str,
        name: &str,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        if self.typed && self.named.is_none() && self.place != Place::Content {
            self.named = Some(self.type_name(scope, name));
        }
        self.around("", write)
    }

    /// Text of a type that is not one of XML Schema's, which it names.
    pub(super) fn text_of(&mut self, ty: &EnumType, text: &str) -> Written {
        if self.typed && self.named.is_none() && matches!(self.place, Place::Field | Place::Element) {
            self.named = Some(self.type_name(&ty.scope, &ty.name));
        }
        self.str(text)
    }

    /// The name of a type of a scope, as the content of an attribute.
    fn type_name(&mut self, scope: &str, local: &str) -> String {
        let space = self.spaces.of_scope(scope);
        format!("{}:{}", self.spaces.prefix(space), self.spaces.type_name(scope, local))
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
    pub(in crate::codec) fn array_attributes(&mut self, item: &Type, len: usize) -> String {
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

    /// A sequence as an array of SOAP encoding.
    pub(super) fn encoded_array(&mut self, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
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
}
