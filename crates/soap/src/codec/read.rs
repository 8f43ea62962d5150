//! [`Decoder`] and [`MessageDecoder`] of [`SoapDecoder`]: one method a type.

use std::sync::Arc;

use bytes::Bytes;
use std::borrow::Cow;

use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, Field, ObjectRef, ObjectType, Operation, Param, StructType,
    Time, Type, UnionType, Value, XmlMessage,
};
use farcall_wire::{CodecError, Decoder, ErrorKind, Fields, Items, MessageDecoder, Written, text};
use farcall_wsdl::mapping::NIL_ADDRESS;
use farcall_xml::Event;

use super::decode::{At, Nil, SoapDecoder};
use super::{octets, scalar};
use crate::names::{self, XSI};
use farcall_xml::wire::codec_error;

macro_rules! integers {
    ($($ty:ident => $name:literal),* $(,)?) => {$(
        #[inline]
        fn $ty(&mut self) -> Result<$ty, CodecError> {
            self.parsed($name, |text| text::parsed(text, $name))
        }
    )*};
}

macro_rules! parsed {
    ($($method:ident: $ty:ty => $name:literal),* $(,)?) => {$(
        fn $method(&mut self) -> Result<$ty, CodecError> {
            self.parsed($name, |text| text::parsed(text, $name))
        }
    )*};
}

impl Decoder for SoapDecoder<'_> {
    const POSITIONAL: bool = false;

    integers! {
        i8 => "byte", u8 => "unsignedByte", i16 => "short", u16 => "unsignedShort", i32 => "int",
        u32 => "unsignedInt", i64 => "long", u64 => "unsignedLong",
    }

    parsed! {
        decimal: Decimal => "decimal", date_time: DateTime => "dateTime", date: Date => "date",
        time: Time => "time", duration: Duration => "duration",
    }

    fn nothing(&mut self) -> Written {
        self.skip()
    }

    fn bool(&mut self) -> Result<bool, CodecError> {
        self.parsed("boolean", text::boolean)
    }

    fn f32(&mut self) -> Result<f32, CodecError> {
        self.parsed("float", scalar::float)
    }

    fn f64(&mut self) -> Result<f64, CodecError> {
        self.parsed("double", scalar::double)
    }

    fn char(&mut self) -> Result<char, CodecError> {
        self.parsed("character", |text| {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Ok(c),
                _ => Err(CodecError::range(text, "single character")),
            }
        })
    }

    fn string(&mut self) -> Result<String, CodecError> {
        self.text("string").map(std::borrow::Cow::into_owned)
    }

    fn bytes(&mut self) -> Result<Bytes, CodecError> {
        let is_hex = match &self.at {
            At::Element { start, .. } => self
                .reader
                .attribute(start, Some(XSI), "type")
                .is_some_and(|name| name.trim().rsplit(':').next() == Some("hexBinary")),
            _ => false,
        };
        if self.received.is_some() {
            return self.octets_or_part(is_hex);
        }
        self.parsed("base64Binary", |text| octets::from_text(text, is_hex)).map(Bytes::from)
    }

    fn enumeration(&mut self, ty: &EnumType) -> Result<usize, CodecError> {
        self.parsed(&ty.name, |text| {
            let member = |text: &str| ty.members.iter().position(|member| member.name == text);
            member(text).or_else(|| member(text.trim())).ok_or_else(|| {
                let name = text.chars().take(60).collect();
                CodecError::new(ErrorKind::UnknownCase { name, of: ty.name.to_string() })
            })
        })
    }

    fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        match &mut self.at {
            At::Absent => {
                self.at = At::Nothing;
                return Ok(None);
            }
            At::Element { nil: Nil::Value, .. } => {
                self.skip()?;
                return Ok(None);
            }
            At::Element { nil, direct, .. } => {
                if *nil == Nil::Inner {
                    *nil = Nil::Value;
                }
                *direct = false;
            }
            At::Predicted { direct, .. } => *direct = false,
            At::Text(_) | At::Content { .. } | At::Nothing => {}
        }
        read(self).map(Some)
    }

    fn begin_sequence(&mut self) -> Result<Items, CodecError> {
        self.enter_sequence()
    }

    fn begin_tuple(&mut self, len: usize) -> Result<Items, CodecError> {
        self.enter_tuple(len)
    }

    #[inline]
    fn next_item(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        self.enter_item(items)
    }

    fn begin_map(&mut self, _key: &Type) -> Result<Items, CodecError> {
        self.enter_map()
    }

    fn next_key(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        self.enter_key(items)
    }

    fn entry_value(&mut self, _items: &mut Items) -> Written {
        self.enter_value()
    }

    fn begin_struct(&mut self, ty: &StructType) -> Result<Fields, CodecError> {
        let space = self.spaces.of_scope(&ty.scope);
        let fixed = match ty.fields {
            Cow::Borrowed(fields) => Some(fields),
            Cow::Owned(_) => None,
        };
        if let At::Content { start, .. } = self.at {
            self.at = At::Nothing;
            self.pending = Some(Event::Start(start));
            return self.enter(&*ty.fields, fixed, None, space, true);
        }
        let (start, _) = self.open(&ty.name)?;
        self.enter(&*ty.fields, fixed, Some(&start), space, false)
    }

    #[inline]
    fn next_field(&mut self, fields: &mut Fields, ty: &StructType) -> Result<Option<usize>, CodecError> {
        self.next_member(fields, &*ty.fields)
    }

    fn begin_union(&mut self, ty: &UnionType) -> Result<usize, CodecError> {
        self.enter_union(ty)
    }

    fn end_union(&mut self) -> Written {
        self.leave_union()
    }

    /// An endpoint reference of any version of WS-Addressing, or a URL.
    fn object(&mut self, ty: &ObjectType) -> Result<ObjectRef, CodecError> {
        if let At::Element { nil: Nil::Value, .. } = self.at {
            self.skip()?;
            return Ok(ObjectRef::default());
        }
        if let At::Text(_) = self.at {
            let url = self.text("URL")?;
            return Ok(reference(ty, vec![of_soap(url.trim()).into_owned()]));
        }
        self.open("object reference")?;
        let mut addresses = Vec::new();
        // all of them, where farcall wrote it
        let mut all = Vec::new();
        let mut inside = 0_usize;
        let mut bare = String::new();
        loop {
            match self.reader.next_event().map_err(codec_error)? {
                Event::Start(start) if start.local() == "Address" => {
                    let url = self.reader.text_content().map_err(codec_error)?;
                    if inside == 0 {
                        addresses.push(of_soap(url.trim()).into_owned());
                    } else {
                        all.push(url.trim().to_owned());
                    }
                }
                Event::Start(start) if start.local() == "Metadata" => inside += 1,
                Event::Start(_) => self.reader.skip_element().map_err(codec_error)?,
                Event::Text(text) | Event::CData(text) if inside == 0 => bare.push_str(&text),
                Event::End if inside == 0 => break,
                Event::End => inside -= 1,
                Event::Eof => return Err(self.structure("the message ends inside a reference")),
                _ => {}
            }
        }
        if addresses.is_empty() && !bare.trim().is_empty() {
            addresses.push(of_soap(bare.trim()).into_owned());
        }
        Ok(reference(ty, if all.is_empty() { addresses } else { all }))
    }

    fn any(&mut self) -> Result<Value, CodecError> {
        super::any::decode(self)
    }

    fn lacks(&mut self, ty: &Type) -> Result<bool, CodecError> {
        let may_be_empty = || matches!(ty, Type::Sequence(_) | Type::Array(..) | Type::Void);
        let lacks = match self.at {
            _ if !self.forgives => false,
            // that of a repeated field is its first item
            At::Element { nil: Nil::Value, direct, .. } => !(direct && may_be_empty()),
            At::Absent => !may_be_empty(),
            _ => false,
        };
        if lacks {
            self.skip()?;
        }
        Ok(lacks)
    }

    fn may_lack(&self, _field: &Field) -> bool {
        self.forgives
    }

    fn offset(&self) -> usize {
        self.reader.offset()
    }
}

/// An address in an endpoint reference is one of SOAP, whatever else speaks HTTP there.
pub(super) fn of_soap(url: &str) -> Cow<'_, str> {
    if url != NIL_ADDRESS && (url.starts_with("http://") || url.starts_with("https://")) {
        Cow::Owned(format!("soap+{url}"))
    } else {
        Cow::Borrowed(url)
    }
}

fn reference(ty: &ObjectType, mut addresses: Vec<String>) -> ObjectRef {
    addresses.retain(|url| url != NIL_ADDRESS && !url.is_empty());
    if addresses.is_empty() {
        return ObjectRef::default();
    }
    let interface = ty.repository_id.as_ref().unwrap_or(&ty.interface);
    ObjectRef { interface: interface.to_string(), addresses }
}

/// Parameters under the names that a description gives them; None if it gives none.
fn named(params: &[Param], message: &XmlMessage) -> Option<Arc<[Param]>> {
    if message.parts.is_empty() {
        return None;
    }
    let named = params.iter().map(|param| {
        let mut param = param.clone();
        if let Some(xml) = message.part(&param.field.name) {
            param.field.xml = xml.clone();
        }
        param
    });
    Some(named.collect())
}

impl MessageDecoder for SoapDecoder<'_> {
    fn begin_params(&mut self, operation: &Operation) -> Result<Fields, CodecError> {
        self.params = self.xml.as_ref().and_then(|xml| named(&operation.params, &xml.request));
        self.enter(&*operation.params, None, None, 0, false)
    }

    fn next_param(
        &mut self,
        fields: &mut Fields,
        operation: &Operation,
    ) -> Result<Option<usize>, CodecError> {
        let next = match self.params.clone() {
            Some(params) => self.next_member(fields, &*params),
            None => self.next_member(fields, &*operation.params),
        }?;
        if next.is_none() {
            self.read_rest()?;
        }
        Ok(next)
    }

    fn any_params(&mut self) -> Result<Vec<Value>, CodecError> {
        let mut values = Vec::new();
        while let Event::Start(start) = self.next()? {
            self.at = self.at_element(start, true, None);
            values.push(self.any().map_err(|e| e.in_item(values.len()))?);
        }
        self.read_rest()?;
        Ok(values)
    }

    /// What comes back alone is the element of its name, or the first one if none is, for peers name
    /// it as they like; several are told apart by their names.
    fn result<T>(
        &mut self,
        operation: &Operation,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        let mut open = true;
        let xml = self.xml.clone();
        let mut parts = names::parts(operation, xml.as_ref().map(|xml| &xml.response));
        match parts.len() {
            0 => self.at = At::Absent,
            1 => {
                if let Event::Start(start) = self.next()? {
                    let part = parts.remove(0);
                    let start = self.sole_part(start, &part)?;
                    self.at = self.at_element(start, true, Some(&part.ty));
                } else {
                    open = false;
                    self.at = At::Absent;
                }
            }
            _ => self.parts = parts,
        }
        let value = read(self)?;
        while open {
            match self.next()? {
                Event::Start(_) => self.reader.skip_element().map_err(codec_error)?,
                _ => open = false,
            }
        }
        Ok(value)
    }
}
