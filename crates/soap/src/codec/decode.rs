//! [`SoapDecoder`]: values of the model straight out of a message.
//!
//! A struct's next field is compared as bytes first, under the prefix that its
//! namespace has there; whatever differs (other prefixes, attributes,
//! comments, CDATA, another order) goes through the general reader.

use std::borrow::Cow;
use std::sync::Arc;

use farcall_model::{ExceptionType, Field, Param, Type, TypeRef, XmlOperation};
use farcall_wire::{CodecError, ErrorKind, Limits, Written};
use farcall_xml::{Event, Reader, Start};

use super::tags::Tags;
use crate::attachments::Received;
use crate::names::{Spaces, XSI};
use farcall_xml::wire::{codec_error, shown};

/// Where the cursor is.
#[derive(Clone, Debug)]
pub(super) enum At<'a> {
    /// Between values.
    Nothing,
    /// Before a start tag without attributes, so many bytes long, that was recognised and not yet read.
    Predicted { tag: usize, direct: bool },
    /// After the start tag of the value's element.
    Element { start: Start<'a>, direct: bool, nil: Nil },
    /// After the start tag of the first element of a value that has no element of its own, and the
    /// names of those that may belong to it.
    Content { start: Start<'a>, names: Vec<String> },
    /// On a value that stands in an attribute, or that is the text of the element itself.
    Text(Cow<'a, str>),
    /// On a field that the message leaves out.
    Absent,
}

/// What `xsi:nil` on an element means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nil {
    /// The element has none.
    No,
    /// That the value is absent.
    Value,
    /// That the value is there, and what is in it absent: an optional of an optional.
    Inner,
}

/// Something that is open.
#[derive(Clone, Debug)]
pub(super) enum Frame<'a> {
    Struct(Struct<'a>),
    /// Repeated elements of one name: as it is written, its namespace, and whether the next may be predicted.
    Repeat {
        name: &'a str,
        space: Option<usize>,
        plain: bool,
    },
    /// An element around its items, whatever their names; the last one's, if it may be predicted.
    Wrapper {
        name: Option<&'a str>,
    },
    /// The elements of a tuple, and how many were asked for.
    Tuple {
        asked: usize,
        len: usize,
    },
    /// What comes back of a call.
    Parts(Parts<'a>),
    /// Items without an element of their own, which begin with elements of these names.
    Content {
        names: Vec<String>,
    },
    /// The texts of a list, the last one first.
    List {
        items: Vec<Cow<'a, str>>,
    },
    /// Whether an entry is open.
    Map {
        entry: bool,
    },
    /// Whether it stands in an element.
    Union {
        element: bool,
    },
}

/// The parts of what comes back of a call.
#[derive(Clone, Debug)]
pub(super) struct Parts<'a> {
    pub(super) parts: Arc<[Field]>,
    /// How many were asked for.
    pub(super) asked: usize,
    /// Whether a part was read before its turn in the message.
    pub(super) taken: Vec<bool>,
    /// Where to go on after such a part.
    pub(super) resume: Option<(Reader<'a>, Event<'a>)>,
}

#[derive(Clone, Debug)]
pub(super) struct Struct<'a> {
    /// The namespace of fields that do not say theirs.
    pub(super) space: usize,
    /// The prefix of the element that it is, if it has one.
    pub(super) around: Option<&'a str>,
    /// What stands for it as a prefix here, with which fields are predicted.
    pub(super) prefix: Option<&'a str>,
    /// Its fields, if they live as long as the program.
    pub(super) fixed: Option<&'static [Field]>,
    /// Which of the decoder's [`Tags`] are those of its fields.
    pub(super) tags: Option<usize>,
    /// Fields that stand in attributes or the text, which come first.
    pub(super) queue: Vec<(usize, Cow<'a, str>)>,
    pub(super) ended: bool,
    /// Whether its element is an empty tag, behind which nothing of it can be.
    pub(super) empty: bool,
    /// Whether it has no element of its own, and ends where another's field begins.
    pub(super) content: bool,
    /// Fields past those that [`Fields`] watches.
    pub(super) late: Vec<usize>,
    /// The field for the text between its elements, and the text so far.
    pub(super) mixed: Option<(usize, String)>,
}

/// Reads values of the model from the elements of a SOAP message.
#[derive(Clone, Debug)]
pub struct SoapDecoder<'a> {
    pub(crate) reader: Reader<'a>,
    pub(super) at: At<'a>,
    /// An event that was read too early.
    pub(super) pending: Option<Event<'a>>,
    pub(super) frames: Vec<Frame<'a>>,
    pub(super) spaces: Spaces,
    /// What comes back of the call, if the next tuple is its parts.
    pub(super) parts: Vec<Field>,
    /// The prefix that was seen last for a namespace that was wanted.
    pub(super) hint: &'a str,
    /// The start tags of types' fields, as far as they were needed.
    pub(super) tags: Vec<Tags<'a>>,
    max_depth: usize,
    /// Elements that were just as expected.
    #[cfg(test)]
    pub(super) predicted: usize,
    pub(super) refuse_unknown: bool,
    /// Whether a value that must be there may be missing, for a reader that can do without.
    pub(super) forgives: bool,
    /// How the operation stands in messages, where a description says it.
    pub(super) xml: Option<Arc<XmlOperation>>,
    /// Whether values are written by the rules of SOAP encoding.
    pub(super) encoded: bool,
    /// Whether elements have an `id` that is not part of their values.
    pub(super) shared: bool,
    /// The parameters under the names that a description gives them.
    pub(super) params: Option<Arc<[Param]>>,
    /// What came beside the message.
    pub(super) received: Option<Arc<Received>>,
}

/// XML elements that one level of values takes at most, and those around them.
const ELEMENTS_A_LEVEL: usize = 2;
const ELEMENTS_AROUND: usize = 8;

/// A reader with bounds that fit the limits on values.
pub(crate) fn reader<'a>(text: &'a str, limits: &Limits) -> Reader<'a> {
    let depth = limits.depth.saturating_mul(ELEMENTS_A_LEVEL).saturating_add(ELEMENTS_AROUND);
    Reader::new(text, farcall_xml::Limits::default().depth(depth).elements(limits.elements))
}

impl<'a> SoapDecoder<'a> {
    /// Goes on where the reader is.
    pub(crate) fn new(reader: Reader<'a>, spaces: Spaces, limits: &Limits, refuse_unknown: bool) -> Self {
        Self {
            reader,
            at: At::Nothing,
            pending: None,
            frames: Vec::new(),
            spaces,
            parts: Vec::new(),
            hint: "",
            tags: Vec::new(),
            max_depth: limits.depth,
            #[cfg(test)]
            predicted: 0,
            refuse_unknown,
            forgives: false,
            xml: None,
            encoded: false,
            shared: false,
            params: None,
            received: None,
        }
    }

    /// Says how the operation stands in messages, and whether in this one by SOAP encoding.
    pub(crate) fn set_xml(&mut self, xml: Option<Arc<XmlOperation>>, encoded: bool) {
        (self.xml, self.encoded) = (xml, encoded);
        self.shared |= encoded;
    }

    /// Says that values may be missing that must be there, as peers have it that check nothing.
    pub(crate) fn set_forgiving(&mut self, forgives: bool) {
        self.forgives = forgives;
    }

    /// Says that an `id` is not part of a value, since it is there to be referred to.
    pub(crate) fn set_shared(&mut self, shared: bool) {
        self.shared = shared;
    }

    pub(crate) fn xml(&self) -> Option<Arc<XmlOperation>> {
        self.xml.clone()
    }

    /// Says which prefix elements probably have.
    pub(crate) fn expect_prefix(&mut self, prefix: &'a str) {
        self.hint = prefix;
    }

    /// Stands before the element whose start tag was just read, or before the end that was.
    pub(crate) fn step_back(&mut self, event: Event<'a>) {
        self.pending = Some(event);
    }

    /// Sets what came beside the message.
    pub(crate) fn with_received(mut self, received: Option<Arc<Received>>) -> Self {
        self.received = received;
        self
    }

    /// Stands on the value whose element's start tag was just read.
    pub(crate) fn enter_start(&mut self, start: Start<'a>) {
        self.at = self.at_element(start, false, None);
    }

    /// Gives up the value at the cursor, whose element was read to its end.
    pub(crate) fn leave(&mut self) {
        self.at = At::Nothing;
    }

    /// The namespace of types of that scope.
    pub(crate) fn namespace_of_scope(&mut self, scope: &str) -> String {
        let space = self.spaces.of_scope(scope);
        self.spaces.uri(space).to_owned()
    }

    /// What the element of an exception is called, where no description says it.
    pub(crate) fn exception_name<'n>(&'n self, ty: &'n ExceptionType) -> Cow<'n, str> {
        self.spaces.type_name(&ty.body.scope, &ty.body.name)
    }

    /// Reads what follows the parameters: nothing may run on the word of a message that is not whole.
    pub(super) fn read_rest(&mut self) -> Written {
        while self.reader.next_event().map_err(codec_error)? != Event::Eof {}
        Ok(())
    }

    /// Checks that nothing follows but ends.
    pub(crate) fn finish(&mut self) -> Written {
        match self.pending.take() {
            None | Some(Event::Eof | Event::End) => self.reader.finish().map_err(codec_error),
            Some(_) => Err(self.structure("something follows the value")),
        }
    }

    /// The next start or end tag.
    pub(crate) fn next(&mut self) -> Result<Event<'a>, CodecError> {
        match self.pending.take() {
            Some(event) => Ok(event),
            None => self.reader.next_start_or_end().map_err(codec_error),
        }
    }

    /// The next element among text, which is added to `text`; `None` at the end of the element around.
    pub(crate) fn next_in_mixed(&mut self, text: &mut String) -> Result<Option<Start<'a>>, CodecError> {
        loop {
            let event = match self.pending.take() {
                Some(event) => event,
                None => self.reader.next_event().map_err(codec_error)?,
            };
            match event {
                Event::Start(start) => return Ok(Some(start)),
                Event::Text(run) | Event::CData(run) => text.push_str(&run),
                Event::End | Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    #[cold]
    pub(super) fn structure(&self, what: impl Into<String>) -> CodecError {
        CodecError::new(ErrorKind::Structure(what.into())).at(self.reader.offset())
    }

    /// Comes to the start tag of the element that holds the next value, wherever it is.
    pub(crate) fn enter_element(&mut self) -> Written {
        match self.next()? {
            Event::Start(start) => {
                self.at = self.at_element(start, false, None);
                Ok(())
            }
            _ => Err(self.structure("expected an element")),
        }
    }

    /// A value's element whose start tag was just read.
    pub(super) fn at_element(&self, start: Start<'a>, direct: bool, ty: Option<&TypeRef>) -> At<'a> {
        let nil = self.nil(&start, ty);
        At::Element { start, direct, nil }
    }

    fn nil(&self, start: &Start<'a>, ty: Option<&TypeRef>) -> Nil {
        if start.attributes().next().is_none() {
            return Nil::No;
        }
        let text = self.reader.attribute(start, Some(XSI), "nil");
        if !text.is_some_and(|text| matches!(text.trim(), "true" | "1")) {
            return Nil::No;
        }
        match ty.map(TypeRef::resolve) {
            Some(Type::Optional(inner)) if matches!(inner.resolve(), Type::Optional(_) | Type::Any) => {
                Nil::Inner
            }
            _ => Nil::Value,
        }
    }

    /// Reads the start tag of the value's element, if it was only recognised, and gives it up.
    pub(super) fn open(&mut self, expected: &str) -> Result<(Start<'a>, bool), CodecError> {
        match std::mem::replace(&mut self.at, At::Nothing) {
            At::Element { start, direct, nil: Nil::No } => Ok((start, direct)),
            At::Element { start, .. } => Err(CodecError::mismatch(expected, "nil").at(start.offset())),
            At::Predicted { tag, direct } => match self.reader.open(tag) {
                Some(start) => {
                    self.note_predicted();
                    Ok((start, direct))
                }
                None => self.open(expected).map(|(start, _)| (start, direct)),
            },
            At::Nothing => match self.next()? {
                Event::Start(start) => Ok((start, true)),
                _ => Err(self.structure(format!("expected an element that holds a {expected}"))),
            },
            At::Text(_) => Err(CodecError::mismatch(expected, "text").at(self.reader.offset())),
            At::Content { start, .. } => {
                let found = format!("<{}> instead of one element", shown(start.qname()));
                Err(CodecError::mismatch(expected, found).at(start.offset()))
            }
            At::Absent => Err(CodecError::mismatch(expected, "nothing").at(self.reader.offset())),
        }
    }

    #[inline]
    fn note_predicted(&mut self) {
        #[cfg(test)]
        {
            self.predicted += 1;
        }
    }

    /// The text of a value that is nothing else, consumed.
    #[inline]
    pub(super) fn text(&mut self, expected: &str) -> Result<Cow<'a, str>, CodecError> {
        if let At::Predicted { tag, .. } = self.at
            && let Some(text) = self.reader.leaf(tag)
        {
            self.at = At::Nothing;
            self.note_predicted();
            return Ok(text);
        }
        self.general_text(expected)
    }

    #[inline(never)]
    fn general_text(&mut self, expected: &str) -> Result<Cow<'a, str>, CodecError> {
        if let At::Text(_) = self.at
            && let At::Text(text) = std::mem::replace(&mut self.at, At::Nothing)
        {
            return Ok(text);
        }
        self.open(expected)?;
        self.reader.text_content().map_err(codec_error)
    }

    /// A value that `read` makes of its text; the place is added to its error.
    #[inline]
    pub(super) fn parsed<T>(
        &mut self,
        expected: &str,
        read: impl FnOnce(&str) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        let offset = self.value_offset();
        let text = self.text(expected)?;
        read(&text).map_err(|e| e.at(offset))
    }

    /// Where the value at the cursor begins.
    pub(super) fn value_offset(&self) -> usize {
        match &self.at {
            At::Element { start, .. } | At::Content { start, .. } => start.offset(),
            _ => self.reader.offset(),
        }
    }

    pub(super) fn push(&mut self, frame: Frame<'a>) -> Written {
        self.frames.push(frame);
        if self.frames.len() > self.max_depth {
            return Err(CodecError::limit("depth", self.max_depth).at(self.reader.offset()));
        }
        Ok(())
    }

    /// Reads an element's end, which is all that may be left of it.
    pub(super) fn expect_end(&mut self, what: &str) -> Written {
        match self.next()? {
            Event::End => Ok(()),
            _ => Err(self.structure(format!("expected the end of {what}"))),
        }
    }

    /// Passes over the value at the cursor, whatever it is.
    pub(super) fn skip(&mut self) -> Written {
        match std::mem::replace(&mut self.at, At::Nothing) {
            At::Predicted { .. } | At::Nothing => match self.next()? {
                Event::Start(_) => self.reader.skip_element().map_err(codec_error),
                _ => Err(self.structure("expected an element")),
            },
            At::Element { .. } | At::Content { .. } => self.reader.skip_element().map_err(codec_error),
            At::Text(_) | At::Absent => Ok(()),
        }
    }
}
