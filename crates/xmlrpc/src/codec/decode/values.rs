//! [`Decoder`] for XML-RPC: values of the model, by the type that is asked for.

use std::borrow::Cow;

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, ObjectRef, ObjectType, StructType, Time, Type, UnionType,
    Value,
};
use farcall_wire::{CodecError, Decoder, ErrorKind, Fields, Items, Written, text};
use farcall_xml::Event;

use super::containers::{DATA, MEMBERS, PAIR_DATA};
use super::{At, Kind, SCALAR, XmlRpcDecoder};
use crate::codec::{any, scalar};
use farcall_xml::wire::shown;

impl<'a> Decoder for XmlRpcDecoder<'a> {
    const POSITIONAL: bool = false;

    fn nothing(&mut self) -> Written {
        self.skip_value()
    }

    fn bool(&mut self) -> Result<bool, CodecError> {
        for (bytes, value) in [
            (&b"<value><boolean>1</boolean></value>"[..], true),
            (&b"<value><boolean>0</boolean></value>"[..], false),
        ] {
            if self.predicts(bytes) && self.reader.count(SCALAR) {
                self.reader.advance(bytes.len());
                return Ok(value);
            }
        }
        self.parsed("boolean", |kind| kind == Kind::Boolean, |_, value| text::boolean(value))
    }

    fn i8(&mut self) -> Result<i8, CodecError> {
        self.integer("i8")
    }

    fn u8(&mut self) -> Result<u8, CodecError> {
        self.integer("u8")
    }

    fn i16(&mut self) -> Result<i16, CodecError> {
        self.integer("i16")
    }

    fn u16(&mut self) -> Result<u16, CodecError> {
        self.integer("u16")
    }

    fn i32(&mut self) -> Result<i32, CodecError> {
        if self.may_predict() {
            let rest = self.reader.rest();
            let found = predicted_int(rest, b"<value><int>", b"</int></value>")
                .or_else(|| predicted_int(rest, b"<value><i4>", b"</i4></value>"));
            if let Some((number, len)) = found.filter(|_| self.reader.count(SCALAR)) {
                self.reader.advance(len);
                return Ok(number);
            }
        }
        self.integer("int")
    }

    fn u32(&mut self) -> Result<u32, CodecError> {
        self.integer("u32")
    }

    fn i64(&mut self) -> Result<i64, CodecError> {
        self.integer("i64")
    }

    fn u64(&mut self) -> Result<u64, CodecError> {
        self.integer("u64")
    }

    fn f32(&mut self) -> Result<f32, CodecError> {
        let offset = self.reader.offset();
        let number = self.f64()?;
        let narrow = number as f32;
        if narrow.is_finite() {
            Ok(narrow)
        } else {
            Err(CodecError::range(&number.to_string(), "f32").at(offset))
        }
    }

    fn f64(&mut self) -> Result<f64, CodecError> {
        if let Some(text) = self.leaf("<value><double>", "</double></value>") {
            let offset = self.reader.offset();
            return scalar::double(text).map_err(|e| e.at(offset));
        }
        // peers of languages without the distinction send an int where a double happens to be whole
        let accept = |kind| {
            matches!(
                kind,
                Kind::Double | Kind::Float | Kind::Int | Kind::I1 | Kind::I2 | Kind::I8 | Kind::Decimal
            )
        };
        self.parsed("double", accept, |_, text| scalar::double(text))
    }

    fn char(&mut self) -> Result<char, CodecError> {
        let accept = |kind| matches!(kind, Kind::String | Kind::Untyped);
        self.parsed("character", accept, |_, text| {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Ok(c),
                _ => Err(CodecError::range(text, "single character")),
            }
        })
    }

    fn string(&mut self) -> Result<String, CodecError> {
        if let Some(text) = self.leaf("<value><string>", "</string></value>") {
            return Ok(text.to_owned());
        }
        let accept = |kind| matches!(kind, Kind::String | Kind::Untyped);
        Ok(self.scalar("string", accept)?.1.into_owned())
    }

    fn bytes(&mut self) -> Result<Bytes, CodecError> {
        let offset = self.reader.offset();
        let (_, text) = match self.leaf("<value><base64>", "</base64></value>") {
            Some(text) => (Kind::Base64, Cow::Borrowed(text)),
            None => self.scalar("base64", |kind| kind == Kind::Base64)?,
        };
        text::octets(&text, "base64").map(Bytes::from).map_err(|e| e.at(offset))
    }

    fn decimal(&mut self) -> Result<Decimal, CodecError> {
        self.texted("decimal", |kind| {
            matches!(kind, Kind::Decimal | Kind::Int | Kind::I1 | Kind::I2 | Kind::I8 | Kind::Double)
        })
    }

    fn date_time(&mut self) -> Result<DateTime, CodecError> {
        self.texted("date-time", |kind| kind == Kind::DateTime)
    }

    fn date(&mut self) -> Result<Date, CodecError> {
        let accept = |kind| matches!(kind, Kind::String | Kind::Untyped | Kind::DateTime);
        self.parsed("date", accept, |kind, text| {
            let bad = |_| CodecError::range(text, "date");
            if kind == Kind::DateTime {
                text.parse().map(DateTime::date).map_err(bad)
            } else {
                text.parse().map_err(bad)
            }
        })
    }

    fn time(&mut self) -> Result<Time, CodecError> {
        self.texted("time", |_| false)
    }

    fn duration(&mut self) -> Result<Duration, CodecError> {
        self.texted("duration", |_| false)
    }

    fn enumeration(&mut self, ty: &EnumType) -> Result<usize, CodecError> {
        let accept = |kind| matches!(kind, Kind::String | Kind::Untyped | Kind::Int);
        self.parsed(&ty.name, accept, |kind, text| {
            let found = if kind == Kind::Int {
                let value = text::parsed::<i64>(text, "int")?;
                ty.members.iter().position(|m| m.value == value)
            } else {
                ty.members.iter().position(|m| m.name == text)
            };
            found.ok_or_else(|| {
                let name = text.chars().take(60).collect();
                CodecError::new(ErrorKind::UnknownCase { name, of: ty.name.to_string() })
            })
        })
    }

    fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        // most values are there: look for `nil` only where it may be
        if matches!(self.at, At::Before) && !may_be_nil(self.reader.rest()) {
            return read(self).map(Some);
        }
        if self.peek_kind()? == Kind::Nil {
            self.skip_value()?;
            return Ok(None);
        }
        read(self).map(Some)
    }

    fn begin_sequence(&mut self) -> Result<Items, CodecError> {
        if matches!(self.at, At::Before) && self.reader.eat_start("<value>") {
            self.at = At::Inside;
        }
        if matches!(self.at, At::Inside) && self.reader.eat_start("<array>") {
            return self.begin_array_element();
        }
        let offset = self.reader.offset();
        match self.peek_kind()? {
            Kind::Array => self.begin_array_element(),
            other => Err(CodecError::mismatch("array", other.name()).at(offset)),
        }
    }

    fn next_item(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        if items.len == Some(0) {
            self.end_array(items)?;
            return Ok(false);
        }
        items.index += 1;
        if matches!(self.at, At::Inside) {
            return Ok(true);
        }
        // left where it is, so that the item's own prediction sees it
        if self.reader.rest().starts_with(b"<value>") {
            return Ok(true);
        }
        match self.next()? {
            Event::Start(tag) if tag.local() == "value" => {
                self.at = At::Inside;
                Ok(true)
            }
            Event::End => {
                items.index -= 1;
                self.end_array(items)?;
                Ok(false)
            }
            _ => Err(self.structure("expected <value> in an <array>")),
        }
    }

    fn begin_map(&mut self, _key: &Type) -> Result<Items, CodecError> {
        let offset = self.reader.offset();
        match self.peek_kind()? {
            Kind::Struct => {
                self.enter_struct("struct")?;
                Ok(Items { state: MEMBERS, ..Items::default() })
            }
            Kind::Array => self.begin_sequence(),
            other => Err(CodecError::mismatch("struct", other.name()).at(offset)),
        }
    }

    fn next_key(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        if items.state & MEMBERS != 0 {
            if items.index > 0 {
                self.leave_member()?;
            }
            let Some(name) = self.next_member()? else { return Ok(false) };
            items.index += 1;
            self.at = At::Text(name);
            return Ok(true);
        }
        if items.index > 0 {
            self.end_pair(items)?;
        }
        if !self.next_item(items)? {
            return Ok(false);
        }
        let mut pair = self.begin_sequence()?;
        items.state = (items.state & DATA) | if pair.state & DATA != 0 { PAIR_DATA } else { 0 };
        if self.next_item(&mut pair)? {
            Ok(true)
        } else {
            Err(self.structure("a pair of key and value is empty"))
        }
    }

    fn entry_value(&mut self, items: &mut Items) -> Written {
        if items.state & MEMBERS != 0 {
            return Ok(());
        }
        let mut pair = Items { state: usize::from(items.state & PAIR_DATA != 0), ..Items::default() };
        if self.next_item(&mut pair)? { Ok(()) } else { Err(self.structure("a pair has a key and no value")) }
    }

    fn begin_struct(&mut self, ty: &StructType) -> Result<Fields, CodecError> {
        self.enter_struct(&ty.name)?;
        Ok(Fields::default())
    }

    fn next_field(&mut self, fields: &mut Fields, ty: &StructType) -> Result<Option<usize>, CodecError> {
        // `state` says that a member is open
        if fields.state != 0 {
            self.leave_member()?;
            fields.state = 0;
        }
        loop {
            let offset = self.reader.offset();
            let Some(name) = self.next_member()? else { return Ok(None) };
            let index = match ty.fields.get(fields.next) {
                Some(field) if field.name == name => Some(fields.next),
                _ => ty.position(&name),
            };
            match index {
                Some(index) => {
                    fields.mark(index, &name).map_err(|e| e.at(offset))?;
                    fields.state = 1;
                    return Ok(Some(index));
                }
                None if self.refuse_unknown => {
                    return Err(
                        CodecError::new(ErrorKind::UnknownField(shown(&name).into_owned())).at(offset)
                    );
                }
                None => {
                    self.skip_value()?;
                    self.leave_member()?;
                }
            }
        }
    }

    fn begin_union(&mut self, ty: &UnionType) -> Result<usize, CodecError> {
        let offset = self.reader.offset();
        let bare = matches!(self.peek_kind()?, Kind::String | Kind::Untyped);
        let name = if bare {
            Cow::Owned(self.string()?)
        } else {
            self.enter_struct(&ty.name)?;
            self.next_member()?.ok_or_else(|| {
                let what = format!("a struct with one member, the case of {}", ty.name);
                CodecError::mismatch(what, "an empty struct").at(offset)
            })?
        };
        let index = ty.position(&name).ok_or_else(|| {
            let name = name.chars().take(60).collect();
            CodecError::new(ErrorKind::UnknownCase { name, of: ty.name.to_string() }).at(offset)
        })?;
        if bare {
            // a case without a value may be its name alone
            if !matches!(ty.cases[index].ty.resolve(), Type::Void) {
                let what = format!("a struct with the member '{name}'");
                return Err(CodecError::mismatch(what, "string").at(offset));
            }
            self.at = At::Text(Cow::Borrowed(""));
            self.bare_union = true;
        }
        Ok(index)
    }

    fn end_union(&mut self) -> Written {
        if std::mem::take(&mut self.bare_union) {
            return Ok(());
        }
        self.leave_member()?;
        match self.next_member()? {
            None => Ok(()),
            Some(_) => Err(self.structure("a union has one member")),
        }
    }

    fn object(&mut self, ty: &ObjectType) -> Result<ObjectRef, CodecError> {
        match self.optional(Self::string)? {
            Some(url) if !url.is_empty() => {
                // the text says where, and the type what: by its id where it has one, as references made here
                let interface = ty.repository_id.as_deref().unwrap_or(&ty.interface);
                Ok(ObjectRef::new(interface).with_address(url))
            }
            _ => Ok(ObjectRef::default()),
        }
    }

    fn any(&mut self) -> Result<Value, CodecError> {
        any::decode(self)
    }

    fn offset(&self) -> usize {
        self.reader.offset()
    }
}

/// Digits of an int that is written without any frill, and how many bytes the value takes.
#[inline]
fn predicted_int(rest: &[u8], open: &[u8], close: &[u8]) -> Option<(i32, usize)> {
    let text = rest.strip_prefix(open)?;
    let (negative, mut at) = if text.first() == Some(&b'-') { (true, 1) } else { (false, 0) };
    let start = at;
    let mut number = 0_i64;
    while let Some(digit) = text.get(at).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
        number = number * 10 + i64::from(digit);
        at += 1;
        if at - start > 10 {
            return None;
        }
    }
    if at == start || !text[at..].starts_with(close) {
        return None;
    }
    let number = i32::try_from(if negative { -number } else { number }).ok()?;
    Some((number, open.len() + at + close.len()))
}

/// Types that most values are of; whole names, as a prefix may begin with any letter.
const NOT_NIL: [&[u8]; 6] = [b"string>", b"int>", b"struct>", b"array>", b"boolean>", b"base64>"];

/// False if the value at the cursor cannot be a nil.
#[inline]
fn may_be_nil(rest: &[u8]) -> bool {
    match rest.strip_prefix(b"<value><") {
        Some(inside) => !NOT_NIL.iter().any(|name| inside.starts_with(name)),
        None => true,
    }
}
