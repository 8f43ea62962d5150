//! Reading the fields of structs and the parameters of operations, in
//! whatever order they come.

use std::borrow::Cow;

use farcall_model::{Field, Param, Type, XmlKind};
use farcall_wire::{CodecError, ErrorKind, Fields, Written};
use farcall_wsdl::mapping::field_name;
use farcall_xml::{Event, Start, is_white_space};

use super::containers::{CONTENT_DEPTH, content_names, is_among};
use super::decode::{At, Frame, SoapDecoder, Struct};
use super::tags::Place;
use crate::names::{ENCODING_11, ENCODING_12};
use farcall_xml::wire::{codec_error, shown};

/// Fields of a struct, or parameters of an operation.
pub(super) trait Members {
    /// Whether rpc may have them in order under names of the caller's invention.
    const POSITIONAL: bool;

    fn count(&self) -> usize;
    fn member(&self, index: usize) -> &Field;
}

impl Members for [Field] {
    const POSITIONAL: bool = false;

    fn count(&self) -> usize {
        self.len()
    }

    fn member(&self, index: usize) -> &Field {
        &self[index]
    }
}

impl Members for [Param] {
    const POSITIONAL: bool = true;

    fn count(&self) -> usize {
        self.len()
    }

    fn member(&self, index: usize) -> &Field {
        &self[index].field
    }
}

impl<'a> SoapDecoder<'a> {
    /// Opens a struct or the parameters, whose start tag was just read; `fixed` are its members, if
    /// they live as long as the program.
    pub(super) fn enter<M: Members + ?Sized>(
        &mut self,
        members: &M,
        fixed: Option<&'static [Field]>,
        start: Option<&Start<'a>>,
        space: usize,
        content: bool,
    ) -> Result<Fields, CodecError> {
        let mut frame = Struct {
            space,
            around: start.map(|start| start.prefix()),
            prefix: None,
            fixed,
            tags: None,
            queue: Vec::new(),
            ended: false,
            empty: start.is_some_and(Start::self_closing),
            content,
            late: Vec::new(),
            mixed: None,
        };
        let plain = !content && !frame.empty;
        if plain && self.reader.namespace(self.hint) == Some(self.spaces.uri(space)) {
            frame.prefix = Some(self.hint);
        }
        if plain && let Some(fields) = fixed {
            let place = self.place_of(&frame);
            frame.tags = self.tags_of(fields, place);
        }
        let elements = frame.tags.is_some_and(|at| self.tags[at].elements);
        if let Some(start) = start.filter(|_| !elements) {
            let all = (0..members.count()).map(|index| (index, members.member(index)));
            let mut others = all
                .clone()
                .filter(|(_, field)| matches!(field.xml.kind, XmlKind::Attribute | XmlKind::Text))
                .peekable();
            if others.peek().is_some() {
                let mixed = all.clone().any(|(_, field)| is_child(field));
                self.queue(&mut frame, start, others, mixed)?;
            }
        }
        self.push(Frame::Struct(frame))?;
        Ok(Fields::default())
    }

    /// What the tags of a struct's fields depend on, where only that struct's own element is open.
    fn place_of(&self, frame: &Struct<'a>) -> Place<'a> {
        let unqualified = self.reader.namespace("").is_none();
        Place { space: frame.space, prefix: frame.prefix, unqualified }
    }

    /// Queues fields that stand in attributes or the text.
    fn queue<'f>(
        &mut self,
        frame: &mut Struct<'a>,
        start: &Start<'a>,
        fields: impl Iterator<Item = (usize, &'f Field)>,
        mixed: bool,
    ) -> Written {
        for (index, field) in fields {
            if field.xml.kind == XmlKind::Text && mixed {
                frame.mixed = Some((index, String::new()));
                continue;
            }
            if field.xml.kind == XmlKind::Text {
                let text = self.reader.text_content().map_err(codec_error)?;
                frame.queue.push((index, text));
                frame.ended = true;
                continue;
            }
            let namespace = field.xml.namespace.as_deref().filter(|uri| !uri.is_empty());
            if let Some(text) = self.reader.attribute(start, namespace, &field_name(field)) {
                frame.queue.push((index, text));
            }
        }
        Ok(())
    }

    fn innermost(&mut self) -> Option<&mut Struct<'a>> {
        match self.frames.last_mut() {
            Some(Frame::Struct(frame)) => Some(frame),
            _ => None,
        }
    }

    /// Comes to the next field: its position; `None` leaves the struct.
    #[inline]
    pub(super) fn next_member<M: Members + ?Sized>(
        &mut self,
        fields: &mut Fields,
        members: &M,
    ) -> Result<Option<usize>, CodecError> {
        if let Some(Frame::Struct(frame)) = self.frames.last()
            && frame.queue.is_empty()
            && !frame.ended
            && !frame.empty
            && frame.mixed.is_none()
            && self.pending.is_none()
        {
            self.reader.skip_whitespace();
            let tag = match frame.tags {
                Some(at) => self.tags[at].predicts(fields.next, self.reader.rest()),
                None => self.predicts(frame, fields, members),
            };
            if let Some(tag) = tag {
                let index = fields.next;
                fields.mark(index, &members.member(index).name)?;
                self.at = At::Predicted { tag, direct: true };
                return Ok(Some(index));
            }
            // all were there, and nothing else is
            if !frame.content && fields.count >= members.count() && self.reader.close() {
                self.frames.pop();
                return Ok(None);
            }
        }
        self.other_member(fields, members)
    }

    /// Comes to the next field by the general way.
    #[inline(never)]
    fn other_member<M: Members + ?Sized>(
        &mut self,
        fields: &mut Fields,
        members: &M,
    ) -> Result<Option<usize>, CodecError> {
        if let Some(index) = self.queued_member(fields, members)? {
            return Ok(Some(index));
        }
        let Some(frame) = self.innermost() else { return Ok(None) };
        if !frame.ended {
            if let Some(index) = self.general_member(fields, members)? {
                return Ok(Some(index));
            }
            if let Some(index) = self.queued_member(fields, members)? {
                return Ok(Some(index));
            }
        }
        let absent = self.absent_member(fields, members)?;
        if absent.is_none() {
            self.frames.pop();
        }
        Ok(absent)
    }

    /// A field that stands in an attribute or the text.
    #[inline]
    fn queued_member<M: Members + ?Sized>(
        &mut self,
        fields: &mut Fields,
        members: &M,
    ) -> Result<Option<usize>, CodecError> {
        let Some((index, text)) = self.innermost().and_then(|frame| frame.queue.pop()) else {
            return Ok(None);
        };
        self.at = At::Text(text);
        let name = &members.member(index).name;
        fields.mark(index, name).map_err(|e| e.at(self.reader.offset()))?;
        Ok(Some(index))
    }

    /// The next start or end tag, and the text before it where there may be some.
    fn next_of_mixed(&mut self) -> Result<Event<'a>, CodecError> {
        if !matches!(self.frames.last(), Some(Frame::Struct(Struct { mixed: Some(_), .. }))) {
            return self.next();
        }
        if let Some(event) = self.pending.take() {
            return Ok(event);
        }
        loop {
            match self.reader.next_event().map_err(codec_error)? {
                Event::Text(run) | Event::CData(run) => {
                    if let Some((_, text)) = self.innermost().and_then(|frame| frame.mixed.as_mut()) {
                        text.push_str(&run);
                    }
                }
                event @ (Event::Start(_) | Event::End | Event::Eof) => return Ok(event),
                _ => {}
            }
        }
    }

    /// The length of the start tag at the cursor, if it is just that of the field expected next.
    fn predicts<M: Members + ?Sized>(
        &self,
        frame: &Struct<'a>,
        fields: &Fields,
        members: &M,
    ) -> Option<usize> {
        if fields.next >= members.count() {
            return None;
        }
        let field = members.member(fields.next);
        let prefix = match (&field.xml.namespace, field.xml.kind) {
            (None, XmlKind::Element) => frame.prefix,
            _ => self.place_of(frame).prefix_of(field, self.spaces.uri(frame.space)),
        }?;
        let rest = self.reader.rest();
        let mut name = rest.strip_prefix(b"<")?;
        if !prefix.is_empty() {
            name = name.strip_prefix(prefix.as_bytes())?.strip_prefix(b":")?;
        }
        // a name that must be escaped differs here, and is found by the general way
        let local = field.xml.local.as_ref().unwrap_or(&field.name);
        let after = name.strip_prefix(local.as_bytes())?.strip_prefix(b">")?;
        Some(rest.len() - after.len())
    }

    /// The next field that the message has, by its name; `None` at the end of the struct.
    fn general_member<M: Members + ?Sized>(
        &mut self,
        fields: &mut Fields,
        members: &M,
    ) -> Result<Option<usize>, CodecError> {
        loop {
            let event = self.next_of_mixed()?;
            let found = match &event {
                Event::Start(start) => self.position(start, fields, members).map(|index| (*start, index)),
                _ => None,
            };
            let content = matches!(self.frames.last(), Some(Frame::Struct(frame)) if frame.content);
            let again = |index: usize| fields.seen & 1_u128.checked_shl(index as u32).unwrap_or(0) != 0;
            if event == Event::End || (content && found.is_none_or(|(_, index)| again(index))) {
                if let Some(frame) = self.innermost() {
                    frame.ended = true;
                    let text = frame.mixed.take().filter(|(_, text)| !is_white_space(text));
                    frame.queue.extend(text.map(|(index, text)| (index, Cow::Owned(text))));
                }
                if content {
                    self.pending = Some(event);
                }
                return Ok(None);
            }
            let Event::Start(start) = event else {
                return Err(self.structure("the message ends inside a value"));
            };
            let Some((_, index)) = found else {
                if self.refuse_unknown {
                    let name = shown(start.qname()).into_owned();
                    return Err(CodecError::new(ErrorKind::UnknownField(name)).at(start.offset()));
                }
                self.reader.skip_element().map_err(codec_error)?;
                continue;
            };
            let field = members.member(index);
            if field.xml.kind == XmlKind::Content {
                let mut names = Vec::new();
                content_names(&field.ty, CONTENT_DEPTH, &mut names);
                self.at = At::Content { start, names };
            } else {
                self.at = self.at_element(start, field.xml.kind == XmlKind::Element, Some(&field.ty));
                self.learn(&start);
            }
            if index >= WATCHED
                && let Some(frame) = self.innermost()
            {
                frame.late.push(index);
            }
            return fields.mark(index, &field.name).map(|()| Some(index)).map_err(|e| e.at(start.offset()));
        }
    }

    /// Notes the prefix of a field's tag for those that follow.
    fn learn(&mut self, start: &Start<'a>) {
        let prefix = start.prefix();
        self.hint = prefix;
        let Some(Frame::Struct(frame)) = self.frames.last() else { return };
        // one that this tag itself declares is not good for the next
        let declared = start.attributes().any(|attribute| attribute.is_declaration());
        let good = !declared && self.reader.namespace(prefix) == Some(self.spaces.uri(frame.space));
        if !good || (frame.prefix == Some(prefix) && frame.tags.is_some()) {
            return;
        }
        let place = Place { prefix: Some(prefix), ..self.place_of(frame) };
        let tags = frame.fixed.and_then(|fields| self.tags_of(fields, place));
        if let Some(frame) = self.innermost() {
            (frame.prefix, frame.tags) = (Some(prefix), tags);
        }
    }

    /// The field of that element's name: best of its namespace as well, else unqualified, as
    /// rpc and some stacks' details have it.
    fn position<M: Members + ?Sized>(
        &self,
        start: &Start<'a>,
        fields: &Fields,
        members: &M,
    ) -> Option<usize> {
        let Some(Frame::Struct(frame)) = self.frames.last() else { return None };
        let (namespace, local) = self.reader.expanded(start);
        let named = |index: &usize| {
            let field = members.member(*index);
            is_child(field) && field.xml.kind != XmlKind::Content && is_named(field, local)
        };
        let qualified = |index: &usize| {
            let wanted = match members.member(*index).xml.namespace.as_deref() {
                None => Some(self.spaces.uri(frame.space)),
                Some(uri) => Some(uri).filter(|uri| !uri.is_empty()),
            };
            namespace == wanted
        };
        let expected = (fields.next < members.count()).then_some(fields.next);
        let all = || expected.into_iter().chain(0..members.count()).filter(named);
        // some qualify what their schema does not, and the other way round
        let bare = |index: &usize| {
            namespace.is_none() || members.member(*index).xml.namespace.as_deref() == Some("")
        };
        all()
            .find(qualified)
            .or_else(|| all().find(bare))
            .or_else(|| all().next().filter(|_| self.encoded))
            .or_else(|| {
                (0..members.count()).find(|index| {
                    let field = members.member(*index);
                    let mut names = Vec::new();
                    let content = field.xml.kind == XmlKind::Content;
                    content && {
                        content_names(&field.ty, CONTENT_DEPTH, &mut names);
                        is_among(&names, local)
                    }
                })
            })
            .or(expected.filter(|_| M::POSITIONAL && is_invented(namespace, local)))
            .or_else(|| self.inherited(start, fields, (0..members.count()).filter(named)))
    }

    /// The only field of that name for an element in the namespace of the element around it, as
    /// writers have it that know no others: those of a base type are in that of its schema. Not for
    /// one that was there already.
    fn inherited(
        &self,
        start: &Start<'a>,
        fields: &Fields,
        mut named: impl Iterator<Item = usize>,
    ) -> Option<usize> {
        let Some(Frame::Struct(Struct { around: Some(around), .. })) = self.frames.last() else {
            return None;
        };
        let declares = || start.attributes().any(|attribute| attribute.is_declaration());
        if self.refuse_unknown
            || declares()
            || self.reader.namespace(around) != self.reader.namespace(start.prefix())
        {
            return None;
        }
        let index = named.next()?;
        let is_new = fields.seen & 1_u128.checked_shl(index as u32).unwrap_or(0) == 0;
        (named.next().is_none() && is_new).then_some(index)
    }

    /// The next field that is a sequence and was not there: an empty one.
    fn absent_member<M: Members + ?Sized>(
        &mut self,
        fields: &mut Fields,
        members: &M,
    ) -> Result<Option<usize>, CodecError> {
        if fields.count >= members.count() {
            return Ok(None);
        }
        while fields.state < members.count() {
            let index = fields.state;
            fields.state += 1;
            let seen = match self.frames.last() {
                Some(Frame::Struct(frame)) if index >= WATCHED => frame.late.contains(&index),
                _ => fields.seen & (1 << index) != 0,
            };
            let field = members.member(index);
            let repeated = || matches!(field.ty.resolve(), Type::Sequence(_) | Type::Array(..));
            let element = matches!(field.xml.kind, XmlKind::Element | XmlKind::Content);
            if !seen && !field.default && element && repeated() {
                fields.mark(index, &field.name)?;
                self.at = At::Absent;
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
}

/// So many fields of a type are watched by [`Fields`].
const WATCHED: usize = 128;

/// True for a field that is one or more elements.
fn is_child(field: &Field) -> bool {
    matches!(field.xml.kind, XmlKind::Element | XmlKind::Nillable | XmlKind::Content)
}

/// The names that callers without a description give to parameters: PHP's `param0`, Perl's
/// `c-gensym3`, Axis's `arg0` (in the operation's namespace), or the name of an encoded type.
fn is_invented(namespace: Option<&str>, local: &str) -> bool {
    if matches!(namespace, Some(ENCODING_11 | ENCODING_12)) {
        return true;
    }
    let numbered = ["param", "arg", "c-gensym"].iter().find_map(|start| local.strip_prefix(start));
    numbered.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

fn is_named(field: &Field, local: &str) -> bool {
    let raw = field.xml.local.as_ref().unwrap_or(&field.name);
    // only names with an escape in them differ from what XML has
    raw == local || (local.contains('_') && field_name(field) == local)
}
