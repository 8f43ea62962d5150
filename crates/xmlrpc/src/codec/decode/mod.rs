//! [`XmlRpcDecoder`]: values of the model straight out of a message.
//!
//! What the type makes likely is compared as bytes first; whatever differs
//! (white space, comments, CDATA, prefixes) goes through the general reader.

mod containers;
mod kind;
mod params;
mod values;

use std::borrow::Cow;

use farcall_wire::{CodecError, ErrorKind, Limits, Written, text};
use farcall_xml::{Event, Reader};

pub(crate) use kind::Kind;

use crate::Options;
use farcall_xml::wire::{codec_error, shown};

/// What the parameters stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// `<params><param>…`.
    Message,
    /// An array, as in `system.multicall`.
    Batch,
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
        self.reader.finish().map_err(codec_error)
    }

    fn next(&mut self) -> Result<Event<'a>, CodecError> {
        self.reader.next_start_or_end().map_err(codec_error)
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
        self.reader.finish().map_err(codec_error)
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
            match self.reader.next_event().map_err(codec_error)? {
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
                let text = self.reader.text_content().map_err(codec_error)?;
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

    /// A whole number, which an error calls `ty`.
    pub(crate) fn integer<N: std::str::FromStr>(&mut self, ty: &str) -> Result<N, CodecError> {
        let accept = |kind| matches!(kind, Kind::Int | Kind::I8 | Kind::I1 | Kind::I2 | Kind::Decimal);
        self.parsed(ty, accept, |kind, text| match kind {
            Kind::I1 => text::parsed::<i8>(text, "i1").and_then(|_| text::parsed(text, ty)),
            Kind::I2 => text::parsed::<i16>(text, "i2").and_then(|_| text::parsed(text, ty)),
            // an `int` too: node's xmlrpc and Go's kolo call every integer so, however wide
            _ => text::parsed(text, ty),
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
}

/// A reader with bounds that fit the limits on values.
pub(crate) fn reader<'a>(text: &'a str, limits: &Limits) -> Reader<'a> {
    let depth = limits.depth.saturating_mul(ELEMENTS_A_LEVEL).saturating_add(ELEMENTS_AROUND);
    Reader::new(text, farcall_xml::Limits::default().depth(depth).elements(limits.elements))
}
