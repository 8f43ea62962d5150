//! Reading what has parts: sequences, tuples, maps and unions.

use std::sync::Arc;

use farcall_model::{Field, UnionType};
use farcall_wire::{CodecError, ErrorKind, Items, Written};
use farcall_wsdl::mapping::{ENTRY, ITEM, KEY, VALUE, ncname};
use farcall_xml::{Event, Start};

use super::decode::{At, Frame, SoapDecoder};
use crate::names::{ENCODING_11, ENCODING_12, XSI};

/// In [`Items::state`]: there are none, and no frame.
const EMPTY: usize = 1;

impl<'a> SoapDecoder<'a> {
    /// Enters a sequence: repeated elements where a field stands, an element around its items elsewhere.
    pub(super) fn enter_sequence(&mut self) -> Result<Items, CodecError> {
        match &self.at {
            At::Absent => {
                self.at = At::Nothing;
                return Ok(Items { len: Some(0), state: EMPTY, ..Items::default() });
            }
            At::Content { names, .. } => {
                let names = names.clone();
                self.push(Frame::Content { names })?;
            }
            At::Predicted { tag, direct: true } => {
                let offset = self.reader.offset();
                let name = self.reader.text().get(offset + 1..offset + tag - 1).unwrap_or_default();
                let space = match self.frames.last() {
                    Some(Frame::Struct(frame)) => Some(frame.space),
                    _ => None,
                };
                self.push(Frame::Repeat { name, space, plain: true })?;
            }
            At::Element { start, direct: true, .. } if !self.is_encoded_array(start) => {
                let start = *start;
                let namespace = self.reader.namespace(start.prefix()).map(str::to_owned);
                let space = namespace.map(|uri| self.spaces.index_of(&uri));
                let plain = start.attributes().next().is_none();
                self.push(Frame::Repeat { name: start.qname(), space, plain })?;
            }
            _ => {
                self.open("sequence")?;
                self.push(Frame::Wrapper { name: None })?;
            }
        }
        Ok(Items::default())
    }

    /// Comes to the next item; false leaves the sequence.
    pub(super) fn enter_item(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        if items.state & EMPTY != 0 {
            return Ok(false);
        }
        let found = match self.frames.last() {
            Some(Frame::Repeat { name, space, plain }) => {
                let (name, space, plain) = (*name, *space, *plain);
                if items.index == 0 { self.first_item() } else { self.repeated(name, space, plain)? }
            }
            Some(Frame::Wrapper { name }) => {
                let name = *name;
                self.wrapped(name)?
            }
            Some(Frame::Content { .. }) => items.index == 0 || self.next_content()?,
            Some(Frame::Tuple { asked, len }) => {
                let (asked, len) = (*asked, *len);
                self.numbered(asked, len)?
            }
            Some(Frame::Parts { parts, asked }) => {
                let (parts, index) = (Arc::clone(parts), *asked);
                self.part(&parts, index)?
            }
            _ => false,
        };
        if found {
            items.index += 1;
        } else {
            self.frames.pop();
        }
        Ok(found)
    }

    /// The element at the cursor is the first item itself.
    fn first_item(&mut self) -> bool {
        match &mut self.at {
            At::Predicted { direct, .. } | At::Element { direct, .. } => *direct = false,
            _ => {}
        }
        true
    }

    fn repeated(&mut self, name: &'a str, space: Option<usize>, plain: bool) -> Result<bool, CodecError> {
        if plain && self.predicts_item(name) {
            return Ok(true);
        }
        let event = self.next()?;
        if let Event::Start(start) = &event {
            let (namespace, local) = self.reader.expanded(start);
            let wanted = name.rsplit(':').next().unwrap_or(name);
            if local == wanted && namespace == space.map(|space| self.spaces.uri(space)) {
                self.at = self.at_element(*start, false, None);
                return Ok(true);
            }
        }
        self.pending = Some(event);
        Ok(false)
    }

    /// True if the start tag of an item of that name, without attributes, is at the cursor.
    fn predicts_item(&mut self, name: &str) -> bool {
        if self.pending.is_some() {
            return false;
        }
        self.reader.skip_whitespace();
        let rest = self.reader.rest();
        let tag = rest.strip_prefix(b"<").and_then(|rest| rest.strip_prefix(name.as_bytes()));
        if tag.is_some_and(|after| after.starts_with(b">")) {
            self.at = At::Predicted { tag: name.len() + 2, direct: false };
            return true;
        }
        false
    }

    /// Comes to an item without an element of its own, which one of its elements begins.
    fn next_content(&mut self) -> Result<bool, CodecError> {
        let event = self.next()?;
        if let (Event::Start(start), Some(Frame::Content { names })) = (&event, self.frames.last())
            && names.iter().any(|name| name == start.local())
        {
            self.at = At::Content { start: *start, names: names.clone() };
            return Ok(true);
        }
        self.pending = Some(event);
        Ok(false)
    }

    fn wrapped(&mut self, name: Option<&'a str>) -> Result<bool, CodecError> {
        if name.is_some_and(|name| self.predicts_item(name)) {
            return Ok(true);
        }
        match self.next()? {
            Event::Start(start) => {
                let plain = start.attributes().next().is_none();
                if !plain && self.reader.attribute(&start, Some(ENCODING_11), "position").is_some() {
                    let why = "items of an array by their position are not read; send all of them in order";
                    return Err(CodecError::new(ErrorKind::Structure(why.to_owned())).at(start.offset()));
                }
                if let Some(Frame::Wrapper { name }) = self.frames.last_mut() {
                    *name = plain.then_some(start.qname());
                }
                self.at = self.at_element(start, false, None);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Enters a tuple.
    pub(super) fn enter_tuple(&mut self, len: usize) -> Result<Items, CodecError> {
        if !self.parts.is_empty() {
            let parts = std::mem::take(&mut self.parts).into();
            self.push(Frame::Parts { parts, asked: 0 })?;
            return Ok(Items { len: None, ..Items::default() });
        }
        self.open("tuple")?;
        self.push(Frame::Tuple { asked: 0, len })?;
        Ok(Items { len: None, ..Items::default() })
    }

    /// The next element of a tuple, which may be absent.
    fn numbered(&mut self, asked: usize, len: usize) -> Result<bool, CodecError> {
        if let Some(Frame::Tuple { asked, .. }) = self.frames.last_mut() {
            *asked += 1;
        }
        let event = self.next()?;
        if asked >= len {
            // the end; another element is one too many, which the caller says
            return Ok(event != Event::End);
        }
        match event {
            Event::Start(start) if start.local().strip_prefix(ITEM) == Some(&(asked + 1).to_string()) => {
                self.at = self.at_element(start, true, None);
            }
            event => {
                self.pending = Some(event);
                self.at = At::Absent;
            }
        }
        Ok(true)
    }

    /// The next part of what comes back, which may be absent. Elements of other names stand for it
    /// too, since peers name results as they like, unless they are one of the parts that follow.
    fn part(&mut self, parts: &[Field], index: usize) -> Result<bool, CodecError> {
        let Some(part) = parts.get(index) else { return Ok(false) };
        if let Some(Frame::Parts { asked, .. }) = self.frames.last_mut() {
            *asked += 1;
        }
        match self.next()? {
            Event::Start(start) if !parts[index + 1..].iter().any(|later| is_named(later, &start)) => {
                self.at = self.at_element(start, true, Some(&part.ty));
            }
            event => {
                self.pending = Some(event);
                self.at = At::Absent;
            }
        }
        Ok(true)
    }

    /// True for an array of rpc/encoded, which is one element around its items wherever it stands.
    fn is_encoded_array(&self, start: &Start<'a>) -> bool {
        if start.attributes().next().is_none() {
            return false;
        }
        let has = |namespace, local| self.reader.attribute(start, Some(namespace), local).is_some();
        let typed = self.reader.attribute(start, Some(XSI), "type").is_some_and(|name| {
            matches!(self.reader.resolve(&name), Some((Some(ENCODING_11 | ENCODING_12), "Array")))
        });
        typed
            || has(ENCODING_11, "arrayType")
            || has(ENCODING_12, "itemType")
            || has(ENCODING_12, "arraySize")
    }

    pub(super) fn enter_map(&mut self) -> Result<Items, CodecError> {
        self.open("map")?;
        self.push(Frame::Map { entry: false })?;
        Ok(Items::default())
    }

    /// Comes to the key of the next entry; false leaves the map. An entry is called `item` in
    /// Apache's map.
    pub(super) fn enter_key(&mut self, items: &mut Items) -> Result<bool, CodecError> {
        if let Some(Frame::Map { entry: true }) = self.frames.last() {
            self.expect_end("an entry of a map")?;
        }
        match self.next()? {
            Event::Start(start) if matches!(start.local(), ENTRY | ITEM) => {}
            Event::Start(start) => {
                let what = format!("expected <{ENTRY}> in a map, found <{}>", start.qname());
                return Err(CodecError::new(ErrorKind::Structure(what)).at(start.offset()));
            }
            _ => {
                self.frames.pop();
                return Ok(false);
            }
        }
        if let Some(Frame::Map { entry }) = self.frames.last_mut() {
            *entry = true;
        }
        match self.next()? {
            Event::Start(start) if start.local() == KEY => self.at = self.at_element(start, true, None),
            _ => return Err(self.structure(format!("an <{ENTRY}> of a map begins with a <{KEY}>"))),
        }
        items.index += 1;
        Ok(true)
    }

    /// Comes to the value of the entry whose key was read.
    pub(super) fn enter_value(&mut self) -> Written {
        match self.next()? {
            Event::Start(start) if start.local() == VALUE => self.at = self.at_element(start, true, None),
            // no element is how an absent or empty value is written
            Event::End => {
                self.pending = Some(Event::End);
                self.at = At::Absent;
            }
            _ => return Err(self.structure(format!("the <{KEY}> of a map is followed by a <{VALUE}>"))),
        }
        Ok(())
    }

    pub(super) fn enter_union(&mut self, ty: &UnionType) -> Result<usize, CodecError> {
        let offset = self.value_offset();
        let (start, element) = if let At::Content { start, .. } = self.at {
            (start, false)
        } else {
            self.open(&ty.name)?;
            let Event::Start(start) = self.next()? else {
                let what = format!("no case of {} is there", ty.name);
                return Err(CodecError::new(ErrorKind::Structure(what)).at(offset));
            };
            (start, true)
        };
        let named = |name: &str| name == start.local() || ncname(name) == start.local();
        let Some(case) = ty.cases.iter().position(|case| named(&case.name)) else {
            let (name, of) = (start.local().to_owned(), ty.name.to_string());
            return Err(CodecError::new(ErrorKind::UnknownCase { name, of }).at(start.offset()));
        };
        self.push(Frame::Union { element })?;
        self.at = self.at_element(start, false, None);
        Ok(case)
    }

    pub(super) fn leave_union(&mut self) -> Written {
        match self.frames.pop() {
            Some(Frame::Union { element: false }) => Ok(()),
            _ => self.expect_end("a union, which has one case"),
        }
    }
}

/// True if the element has the name of that field.
fn is_named(field: &Field, start: &Start<'_>) -> bool {
    field.xml.local.as_ref().unwrap_or(&field.name) == start.local()
}
