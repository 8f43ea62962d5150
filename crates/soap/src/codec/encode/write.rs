//! [`Encoder`] of [`SoapEncoder`]: one method a type.

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, Field, ObjectRef, ObjectType, StructType, Time, Type,
    TypeRef, UnionType, Value,
};
use farcall_wire::{CodecError, Encoder, Written, text};
use farcall_wsdl::mapping::{self, CaseName, ENTRY, ITEM, KEY, NIL_ADDRESS, VALUE, WSA};

use super::items::Items;
use super::{Place, SoapEncoder};
use crate::codec::{any, read, scalar};
use crate::names::APACHE;

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
            None => self.plain("double", text::Double::new().format(value)),
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
        let inside = self.enter(ty);
        let written = self.around_typed(&ty.scope, &ty.name, |out| {
            out.attributes_at = out.out.len() - 1;
            write(out)
        });
        self.names.leave(inside);
        (self.space, self.attributes_at) = outer;
        written
    }

    #[inline]
    fn field(&mut self, field: &Field, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let Some((name, place)) = self.names.field(field) else {
            return self.member(field, &field.xml, write);
        };
        let outer = (self.names.set(name), std::mem::replace(&mut self.place, place));
        let written = write(self);
        self.names.set(outer.0);
        self.place = outer.1;
        written
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
                && *only == read::of_soap(url)
            {
                return Ok(());
            }
            out.element(Some(space), "Metadata", Place::Element, |out| {
                out.around("", |out| value.addresses.iter().try_for_each(|url| address(out, url)))
            })
        })
    }

    fn any(&mut self, value: &Value) -> Written {
        any::encode(self, value)
    }
}
