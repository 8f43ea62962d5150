//! [`XmlRpcDecoder`]: values of the model straight out of a message.
//!
//! What the type makes likely is compared as bytes first; whatever differs
//! (white space, comments, CDATA, prefixes) goes through the general reader.

use std::borrow::Cow;

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, ObjectRef, ObjectType, Operation, StructType, Time, Type,
    UnionType, Value,
};
use farcall_wire::{CodecError, Decoder, ErrorKind, Fields, Items, Limits, MessageDecoder, Written};
use farcall_xml::{Event, Reader, Start};

use super::scalar;
use crate::Options;
use crate::error::{shown, xml_error};
use crate::options::EXTENSIONS;

/// What the parameters stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// `<params><param>…`.
    Message,
    /// An array, as in `system.multicall`.
    Batch,
}

/// What a value says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A `<value>` without a type element: text.
    Untyped,
    String,
    /// `int` and `i4`.
    Int,
    I1,
    I2,
    I8,
    Boolean,
    Double,
    Float,
    /// Apache's `bigdecimal` and `biginteger`.
    Decimal,
    DateTime,
    Base64,
    Nil,
    Array,
    Struct,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Untyped => "text without a type",
            Self::String => "string",
            Self::Int => "int",
            Self::I1 => "i1",
            Self::I2 => "i2",
            Self::I8 => "i8",
            Self::Boolean => "boolean",
            Self::Double => "double",
            Self::Float => "float",
            Self::Decimal => "bigdecimal",
            Self::DateTime => "dateTime.iso8601",
            Self::Base64 => "base64",
            Self::Nil => "nil",
            Self::Array => "array",
            Self::Struct => "struct",
        }
    }
}

/// How far into a value the cursor is.
#[derive(Clone, Debug)]
enum At<'a> {
    /// Before `<value>`.
    Before,
    /// After `<value>`.
    Inside,
    /// After the type element's start.
    Typed(Kind),
    /// After `</value>`, holding the text of one without a type.
    Text(Cow<'a, str>),
    /// Where a value may be and none is.
    Nowhere,
}

/// Reads values of the model from XML-RPC.
#[derive(Clone, Debug)]
pub struct XmlRpcDecoder<'a> {
    pub(crate) reader: Reader<'a>,
    at: At<'a>,
    frame: Frame,
    /// Arrays and structs that are open.
    depth: usize,
    max_depth: usize,
    refuse_unknown: bool,
    /// Whether the union being read is the mere name of a case without a value.
    bare_union: bool,
}

/// XML elements of a scalar: the value and its type.
const SCALAR: usize = 2;
/// XML elements that one level of values takes at most, and those around them.
const ELEMENTS_A_LEVEL: usize = 4;
const ELEMENTS_AROUND: usize = 8;

impl<'a> XmlRpcDecoder<'a> {
    /// A decoder for a `<value>` outside of a message.
    #[must_use]
    pub fn fragment(text: &'a str, limits: &Limits, options: Options) -> Self {
        Self::with_reader(reader(text, limits), Frame::Message, limits, options)
    }

    /// Goes on where the reader is.
    pub(crate) fn with_reader(reader: Reader<'a>, frame: Frame, limits: &Limits, options: Options) -> Self {
        Self {
            reader,
            at: At::Before,
            frame,
            depth: 0,
            max_depth: limits.depth,
            refuse_unknown: options.refuse_unknown_members,
            bare_union: false,
        }
    }

    pub(crate) fn framed(self, frame: Frame) -> Self {
        Self { frame, ..self }
    }

    /// Checks that nothing follows.
    ///
    /// # Errors
    /// If something does, or if what does is not well-formed.
    pub fn finish(mut self) -> Written {
        self.reader.finish().map_err(xml_error)
    }

    fn next(&mut self) -> Result<Event<'a>, CodecError> {
        self.reader.next_start_or_end().map_err(xml_error)
    }

    #[cold]
    fn structure(&self, what: impl Into<String>) -> CodecError {
        CodecError::new(ErrorKind::Structure(what.into())).at(self.reader.offset())
    }

    /// The end tag of the element that is open.
    fn expect_end(&mut self, what: &str) -> Written {
        match self.next()? {
            Event::End => Ok(()),
            _ => Err(self.structure(format!("expected the end of <{what}>"))),
        }
    }

    /// After the value of a `<fault>`: the ends of it and of the response.
    pub(crate) fn end_fault(&mut self) -> Written {
        self.expect_end("fault")?;
        self.expect_end("methodResponse")?;
        self.reader.finish().map_err(xml_error)
    }

    pub(crate) fn expect_start(&mut self, name: &str) -> Written {
        match self.next()? {
            Event::Start(start) if start.local() == name => Ok(()),
            Event::Start(start) => {
                let found = shown(start.qname());
                Err(self.structure(format!("expected <{name}>, found <{found}>")))
            }
            _ => Err(self.structure(format!("expected <{name}>"))),
        }
    }

    /// Comes as far as the kind of the value; `Text` where that took the value as a whole.
    fn open_value(&mut self) -> Written {
        if matches!(self.at, At::Before) {
            if !self.reader.eat_start("<value>") {
                self.expect_start("value")?;
            }
            self.at = At::Inside;
        }
        if matches!(self.at, At::Inside) {
            self.at = self.type_element()?;
        }
        Ok(())
    }

    /// What stands after `<value>`: a type element, or text up to the end.
    fn type_element(&mut self) -> Result<At<'a>, CodecError> {
        let mut text = Cow::Borrowed("");
        let start = self.reader.offset();
        loop {
            match self.reader.next_event().map_err(xml_error)? {
                Event::Start(tag) if text.trim().is_empty() => return Ok(At::Typed(self.kind(&tag)?)),
                Event::Start(tag) => {
                    let found = shown(tag.qname());
                    return Err(self.structure(format!("<{found}> after text in a <value>")).at(start));
                }
                Event::Text(run) | Event::CData(run) => {
                    if text.is_empty() {
                        text = run;
                    } else {
                        text.to_mut().push_str(&run);
                    }
                }
                Event::End => return Ok(At::Text(text)),
                Event::Eof => return Err(self.structure("the message ends inside a <value>")),
                _ => {}
            }
        }
    }

    fn kind(&self, tag: &Start<'a>) -> Result<Kind, CodecError> {
        let plain = match tag.local() {
            "int" | "i4" => Some(Kind::Int),
            "string" => Some(Kind::String),
            "boolean" => Some(Kind::Boolean),
            "double" => Some(Kind::Double),
            "dateTime.iso8601" => Some(Kind::DateTime),
            "base64" => Some(Kind::Base64),
            "array" => Some(Kind::Array),
            "struct" => Some(Kind::Struct),
            _ => None,
        };
        let extension = match tag.local() {
            "nil" => Some(Kind::Nil),
            "i8" => Some(Kind::I8),
            "i1" => Some(Kind::I1),
            "i2" => Some(Kind::I2),
            "float" => Some(Kind::Float),
            "bigdecimal" | "biginteger" => Some(Kind::Decimal),
            "dateTime" => Some(Kind::DateTime),
            _ => None,
        };
        let (namespace, _) = self.reader.expanded(tag);
        let found = match namespace {
            Some(EXTENSIONS) => extension.or(plain),
            Some(_) if !tag.prefix().is_empty() => None,
            _ => plain.or(extension),
        };
        found.ok_or_else(|| {
            let what = format!("<{}> is not a type of XML-RPC", shown(tag.qname()));
            CodecError::new(ErrorKind::Structure(what)).at(tag.offset())
        })
    }

    /// The kind of the value at the cursor, which stays to be read.
    pub(super) fn peek_kind(&mut self) -> Result<Kind, CodecError> {
        self.open_value()?;
        match &self.at {
            At::Typed(kind) => Ok(*kind),
            At::Nowhere => Ok(Kind::Nil),
            _ => Ok(Kind::Untyped),
        }
    }

    fn close_value(&mut self) -> Written {
        self.at = At::Before;
        if self.reader.eat_end("</value>") { Ok(()) } else { self.expect_end("value") }
    }

    /// The text of a value of one of those kinds, consumed.
    fn scalar(
        &mut self,
        expected: &str,
        accept: impl Fn(Kind) -> bool,
    ) -> Result<(Kind, Cow<'a, str>), CodecError> {
        let offset = self.reader.offset();
        self.open_value()?;
        match std::mem::replace(&mut self.at, At::Before) {
            At::Text(text) if accept(Kind::Untyped) => Ok((Kind::Untyped, text)),
            // to who asked for a text, no value is none
            At::Nowhere if accept(Kind::String) => Ok((Kind::Untyped, Cow::Borrowed(""))),
            At::Nowhere => Err(CodecError::mismatch(expected, "no value").at(offset)),
            At::Typed(kind) if accept(kind) => {
                let text = self.reader.text_content().map_err(xml_error)?;
                self.close_value()?;
                Ok((kind, text))
            }
            At::Typed(kind) => Err(CodecError::mismatch(expected, kind.name()).at(offset)),
            _ => Err(CodecError::mismatch(expected, Kind::Untyped.name()).at(offset)),
        }
    }

    /// A scalar that `read` makes of its text; the place is added to its error.
    fn parsed<T>(
        &mut self,
        expected: &str,
        accept: impl Fn(Kind) -> bool,
        read: impl FnOnce(Kind, &str) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        let offset = self.reader.offset();
        let (kind, text) = self.scalar(expected, accept)?;
        read(kind, &text).map_err(|e| e.at(offset))
    }

    /// A text that stands for something else.
    fn texted<T: std::str::FromStr>(
        &mut self,
        ty: &str,
        also: impl Fn(Kind) -> bool,
    ) -> Result<T, CodecError> {
        let accept = |kind| matches!(kind, Kind::String | Kind::Untyped) || also(kind);
        self.parsed(ty, accept, |_, text| text.trim().parse().map_err(|_| CodecError::range(text, ty)))
    }

    fn integer<N: std::str::FromStr>(&mut self, ty: &str) -> Result<N, CodecError> {
        let accept = |kind| matches!(kind, Kind::Int | Kind::I8 | Kind::I1 | Kind::I2 | Kind::Decimal);
        self.parsed(ty, accept, |kind, text| match kind {
            // what says that it is an int must be one, whatever is asked for
            Kind::Int => scalar::integer::<i32>(text, "int").and_then(|_| scalar::integer(text, ty)),
            Kind::I1 => scalar::integer::<i8>(text, "i1").and_then(|_| scalar::integer(text, ty)),
            Kind::I2 => scalar::integer::<i16>(text, "i2").and_then(|_| scalar::integer(text, ty)),
            _ => scalar::integer(text, ty),
        })
    }

    /// True inside of the root element and before a value: bytes may be stepped over there.
    #[inline]
    fn may_predict(&self) -> bool {
        matches!(self.at, At::Before) && self.reader.depth() > 0
    }

    /// True if the value begins with exactly these bytes and nothing of it was read.
    #[inline]
    fn predicts(&self, bytes: &[u8]) -> bool {
        self.may_predict() && self.reader.rest().starts_with(bytes)
    }

    /// The raw text of a value that is written without any frill.
    #[inline]
    fn leaf(&mut self, open: &'static str, close: &'static str) -> Option<&'a str> {
        if matches!(self.at, At::Before) { self.reader.eat_leaf(open, close) } else { None }
    }

    fn enter(&mut self) -> Written {
        self.depth += 1;
        if self.depth > self.max_depth {
            return Err(CodecError::limit("depth", self.max_depth).at(self.reader.offset()));
        }
        Ok(())
    }

    pub(crate) fn enter_struct(&mut self, expected: &str) -> Written {
        if matches!(self.at, At::Before) && self.reader.eat_start("<value>") {
            self.at = At::Inside;
        }
        if matches!(self.at, At::Inside) && self.reader.eat_start("<struct>") {
            self.at = At::Before;
            return self.enter();
        }
        let offset = self.reader.offset();
        match self.peek_kind()? {
            Kind::Struct => {
                self.at = At::Before;
                self.enter()
            }
            other => Err(CodecError::mismatch(expected, other.name()).at(offset)),
        }
    }

    /// Enters the next member and reads its name; `None` leaves the struct and its value.
    pub(crate) fn next_member(&mut self) -> Result<Option<Cow<'a, str>>, CodecError> {
        if self.reader.eat_start("<member>") {
            return self.member_name().map(Some);
        }
        if !self.reader.eat_end("</struct>") {
            match self.next()? {
                Event::Start(tag) if tag.local() == "member" => return self.member_name().map(Some),
                Event::End => {}
                _ => return Err(self.structure("expected <member> in a <struct>")),
            }
        }
        self.depth -= 1;
        self.close_value()?;
        Ok(None)
    }

    fn member_name(&mut self) -> Result<Cow<'a, str>, CodecError> {
        if let Some(name) = self.reader.eat_leaf("<name>", "</name>") {
            return Ok(Cow::Borrowed(name));
        }
        self.expect_start("name")?;
        self.reader.text_content().map_err(xml_error)
    }

    pub(crate) fn leave_member(&mut self) -> Written {
        if self.reader.eat_end("</member>") { Ok(()) } else { self.expect_end("member") }
    }

    /// Passes over the value at the cursor, whatever it is.
    pub(crate) fn skip_value(&mut self) -> Written {
        self.open_value()?;
        match std::mem::replace(&mut self.at, At::Before) {
            At::Text(_) | At::Nowhere => Ok(()),
            _ => {
                self.reader.skip_element().map_err(xml_error)?;
                self.close_value()
            }
        }
    }
}

/// A reader with bounds that fit the limits on values.
pub(crate) fn reader<'a>(text: &'a str, limits: &Limits) -> Reader<'a> {
    let depth = limits.depth.saturating_mul(ELEMENTS_A_LEVEL).saturating_add(ELEMENTS_AROUND);
    Reader::new(text, farcall_xml::Limits::default().depth(depth).elements(limits.elements))
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

/// In [`Items::state`]: the array has a `<data>`.
const DATA: usize = 1;
/// The map is a struct, not an array of pairs.
const MEMBERS: usize = 2;
/// The array inside of which a pair stands has a `<data>`.
const PAIR_DATA: usize = 4;

impl XmlRpcDecoder<'_> {
    /// Enters an array whose value is open as far as its kind.
    fn begin_array_element(&mut self) -> Result<Items, CodecError> {
        self.at = At::Before;
        self.enter()?;
        if self.reader.eat_start("<data>") {
            return Ok(Items { state: DATA, ..Items::default() });
        }
        match self.next()? {
            Event::Start(tag) if tag.local() == "data" => Ok(Items { state: DATA, ..Items::default() }),
            Event::Start(tag) if tag.local() == "value" => {
                self.at = At::Inside;
                Ok(Items::default())
            }
            // the array is over already: noted by an impossible count
            Event::End => Ok(Items { len: Some(0), ..Items::default() }),
            _ => Err(self.structure("expected <data> in an <array>")),
        }
    }

    /// Leaves an array after its last item, or after its end tag where it was empty.
    fn end_array(&mut self, items: &Items) -> Written {
        if items.state & DATA != 0 && !self.reader.eat_end("</array>") {
            self.expect_end("array")?;
        }
        self.depth -= 1;
        self.close_value()
    }
}

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
        self.parsed("boolean", |kind| kind == Kind::Boolean, |_, text| scalar::boolean(text))
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
        scalar::octets(&text).map(Bytes::from).map_err(|e| e.at(offset))
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
                let value = scalar::integer::<i64>(text, "int")?;
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
        super::any::decode(self)
    }

    fn offset(&self) -> usize {
        self.reader.offset()
    }
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

impl XmlRpcDecoder<'_> {
    /// Leaves a pair after its value.
    fn end_pair(&mut self, items: &Items) -> Written {
        let mut pair = Items { state: usize::from(items.state & PAIR_DATA != 0), ..Items::default() };
        if self.next_item(&mut pair)? {
            Err(self.structure("a pair has more than a key and a value"))
        } else {
            Ok(())
        }
    }
}

impl<'a> MessageDecoder for XmlRpcDecoder<'a> {
    fn begin_params(&mut self, _operation: &Operation) -> Result<Fields, CodecError> {
        self.enter_params()
    }

    fn next_param(
        &mut self,
        fields: &mut Fields,
        operation: &Operation,
    ) -> Result<Option<usize>, CodecError> {
        if !self.another_param(fields)? {
            return Ok(None);
        }
        let index = fields.count;
        fields.count += 1;
        if index >= operation.params.len() {
            // counted to the end, so that the error says how many there were
            self.skip_value()?;
            while self.another_param(fields)? {
                self.skip_value()?;
                fields.count += 1;
            }
            let expected = operation.params.len().to_string();
            let what = "parameters";
            return Err(CodecError::new(ErrorKind::Count { what, expected, found: fields.count }));
        }
        Ok(Some(index))
    }

    fn any_params(&mut self) -> Result<Vec<Value>, CodecError> {
        let mut fields = self.enter_params()?;
        let mut values = Vec::new();
        while self.another_param(&mut fields)? {
            values.push(self.any().map_err(|e| e.in_item(values.len()))?);
        }
        Ok(values)
    }

    fn result<T>(
        &mut self,
        _operation: &Operation,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        let mut fields = self.enter_params()?;
        if !self.another_param(&mut fields)? {
            // some peers answer a call without a result with no value at all
            self.at = At::Nowhere;
            return read(self);
        }
        let value = read(self)?;
        if self.another_param(&mut fields)? {
            return Err(self.structure("a response has one value"));
        }
        Ok(value)
    }
}

/// In [`Fields::state`]: there are no parameters at all.
const NO_PARAMS: usize = 1;
/// A parameter is open.
const IN_PARAM: usize = 2;
/// The array that holds them has a `<data>`.
const PARAM_DATA: usize = 4;
/// The array that holds them is empty and over.
const PARAMS_OVER: usize = 8;

impl XmlRpcDecoder<'_> {
    fn enter_params(&mut self) -> Result<Fields, CodecError> {
        if self.frame == Frame::Batch {
            let items = self.begin_sequence()?;
            let over = if items.len == Some(0) { PARAMS_OVER } else { 0 };
            let state = over | if items.state & DATA != 0 { PARAM_DATA } else { 0 };
            return Ok(Fields { state, ..Fields::default() });
        }
        if self.reader.eat_start("<params>") {
            return Ok(Fields::default());
        }
        match self.next()? {
            Event::Start(tag) if tag.local() == "params" => Ok(Fields::default()),
            // `</methodCall>`: the specification lets a call without parameters leave them out
            Event::End => {
                self.reader.finish().map_err(xml_error)?;
                Ok(Fields { state: NO_PARAMS, ..Fields::default() })
            }
            _ => Err(self.structure("expected <params>")),
        }
    }

    /// Leaves the parameter before, and comes to the value of the next one.
    fn another_param(&mut self, fields: &mut Fields) -> Result<bool, CodecError> {
        if self.frame == Frame::Batch {
            let mut items = Items {
                len: (fields.state & PARAMS_OVER != 0).then_some(0),
                state: usize::from(fields.state & PARAM_DATA != 0),
                ..Items::default()
            };
            return self.next_item(&mut items);
        }
        if fields.state & NO_PARAMS != 0 {
            return Ok(false);
        }
        if fields.state & IN_PARAM != 0 && !self.reader.eat_end("</param>") {
            self.expect_end("param")?;
        }
        fields.state = 0;
        if self.reader.eat_end("</params>") {
            return self.end_message(fields);
        }
        if self.reader.eat_start("<param>") {
            fields.state = IN_PARAM;
            return Ok(true);
        }
        match self.next()? {
            Event::Start(tag) if tag.local() == "param" => {
                fields.state = IN_PARAM;
                Ok(true)
            }
            // `</params>`; behind it only the end of the message may stand
            Event::End => self.end_message(fields),
            _ => Err(self.structure("expected <param>")),
        }
    }

    /// Leaves the message after `</params>`.
    fn end_message(&mut self, fields: &mut Fields) -> Result<bool, CodecError> {
        fields.state = NO_PARAMS;
        if !self.reader.eat_end("</methodCall>") && !self.reader.eat_end("</methodResponse>") {
            self.expect_end("methodCall or methodResponse")?;
        }
        self.reader.finish().map_err(xml_error)?;
        Ok(false)
    }
}
