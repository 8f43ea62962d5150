//! Reading what has parts: sequences, tuples, maps and unions.

use std::borrow::Cow;
use std::sync::Arc;

use farcall_model::{Field, Type, TypeRef, UnionType, XmlKind};
use farcall_wire::{CodecError, ErrorKind, Items, Written};
use farcall_wsdl::mapping::{self, CaseName, ENTRY, ITEM, KEY, VALUE};
use farcall_xml::wire::{codec_error, shown};
use farcall_xml::{Event, Start};

use super::decode::{At, Frame, Parts, SoapDecoder};
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
            At::Text(_) => {
                let text = self.text("list")?;
                let items = match text {
                    Cow::Borrowed(text) => text.split_ascii_whitespace().rev().map(Cow::Borrowed).collect(),
                    Cow::Owned(text) => {
                        text.split_ascii_whitespace().rev().map(|item| Cow::Owned(item.to_owned())).collect()
                    }
                };
                self.push(Frame::List { items })?;
            }
            At::Predicted { tag, direct: true } if !self.encoded => {
                let offset = self.reader.offset();
                let name = self.reader.text().get(offset + 1..offset + tag - 1).unwrap_or_default();
                let space = match self.frames.last() {
                    Some(Frame::Struct(frame)) => Some(frame.space),
                    _ => None,
                };
                self.push(Frame::Repeat { name, space, plain: true })?;
            }
            At::Element { start, direct: true, .. } if !self.encoded && !self.is_encoded_array(start) => {
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
        let found = match self.frames.last_mut() {
            Some(Frame::List { items }) => match items.pop() {
                Some(item) => {
                    self.at = At::Text(item);
                    true
                }
                None => false,
            },
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
            Some(Frame::Parts(_)) => self.part()?,
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
            && is_among(names, start.local())
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
            let parts: Arc<[Field]> = std::mem::take(&mut self.parts).into();
            let taken = vec![false; parts.len()];
            self.push(Frame::Parts(Parts { parts, asked: 0, taken, resume: None }))?;
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

    /// The next part of what comes back, which may be absent, and may stand after others. Elements
    /// of other names stand for it too, since peers name results as they like.
    fn part(&mut self) -> Result<bool, CodecError> {
        let Some(Frame::Parts(frame)) = self.frames.last_mut() else { return Ok(false) };
        if let Some((reader, event)) = frame.resume.take() {
            (self.reader, self.pending) = (reader, Some(event));
        }
        let (parts, index, taken) = (Arc::clone(&frame.parts), frame.asked, frame.taken.clone());
        let Some(part) = parts.get(index) else { return Ok(false) };
        frame.asked += 1;
        let others = |start: &Start<'_>, taken_too: bool| {
            let mut others =
                parts.iter().enumerate().filter(|(at, _)| *at != index && taken[*at] == taken_too);
            !is_named(part, start) && others.any(|(_, other)| is_named(other, start))
        };
        let event = loop {
            match self.next()? {
                Event::Start(start) if others(&start, true) => {
                    self.reader.skip_element().map_err(codec_error)?
                }
                event => break event,
            }
        };
        match event {
            Event::Start(start) if !others(&start, false) => {
                self.at = self.at_element(start, true, Some(&part.ty));
            }
            event => {
                self.at = At::Absent;
                if let Event::Start(_) = event {
                    self.look_ahead(&event, part, index)?;
                } else {
                    self.pending = Some(event);
                }
            }
        }
        Ok(true)
    }

    /// The start tag of the only part: the one that was just read, unless only a later one has its
    /// name.
    pub(super) fn sole_part(&mut self, first: Start<'a>, part: &Field) -> Result<Start<'a>, CodecError> {
        if is_named(part, &first) {
            return Ok(first);
        }
        let here = self.reader.clone();
        loop {
            self.reader.skip_element().map_err(codec_error)?;
            match self.reader.next_start_or_end().map_err(codec_error)? {
                Event::Start(start) if is_named(part, &start) => return Ok(start),
                Event::Start(_) => {}
                _ => {
                    self.reader = here;
                    return Ok(first);
                }
            }
        }
    }

    /// Comes to a part that stands after the one whose start tag was just read, if it does.
    fn look_ahead(&mut self, event: &Event<'a>, part: &Field, index: usize) -> Written {
        let here = (self.reader.clone(), event.clone());
        loop {
            self.reader.skip_element().map_err(codec_error)?;
            match self.reader.next_start_or_end().map_err(codec_error)? {
                Event::Start(start) if is_named(part, &start) => {
                    self.at = self.at_element(start, true, Some(&part.ty));
                    if let Some(Frame::Parts(frame)) = self.frames.last_mut() {
                        frame.taken[index] = true;
                        frame.resume = Some(here);
                    }
                    return Ok(());
                }
                Event::Start(_) => {}
                _ => {
                    (self.reader, self.pending) = (here.0, Some(here.1));
                    return Ok(());
                }
            }
        }
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
                let what = format!("expected <{ENTRY}> in a map, found <{}>", shown(start.qname()));
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
        if let Some(CaseName::Type(..)) = mapping::case_name(ty, 0) {
            return self.enter_derived(ty);
        }
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
        let Some(case) = self.case_of(ty, &start) else {
            let (name, of) = (shown(start.local()).into_owned(), ty.name.to_string());
            return Err(CodecError::new(ErrorKind::UnknownCase { name, of }).at(start.offset()));
        };
        self.push(Frame::Union { element })?;
        self.at = match mapping::case_name(ty, case) {
            Some(CaseName::Content) => {
                let mut names = Vec::new();
                content_names(&ty.cases[case].ty, CONTENT_DEPTH, &mut names);
                At::Content { start, names }
            }
            _ => self.at_element(start, false, None),
        };
        Ok(case)
    }

    /// The case that an element begins: best of its namespace as well, else by its local name, else
    /// one without an element of its own.
    fn case_of(&self, ty: &UnionType, start: &Start<'a>) -> Option<usize> {
        let (namespace, local) = self.reader.expanded(start);
        let element = |position: &usize, exact: bool| match mapping::case_name(ty, *position) {
            Some(CaseName::Element(uri, name)) => {
                let named = name == local || ty.cases[*position].name == local;
                named && (!exact || uri.is_none_or(|uri| uri == namespace.unwrap_or_default()))
            }
            _ => false,
        };
        let content = |position: &usize| match mapping::case_name(ty, *position) {
            Some(CaseName::Content) => {
                let mut names = Vec::new();
                content_names(&ty.cases[*position].ty, CONTENT_DEPTH, &mut names);
                is_among(&names, local)
            }
            _ => false,
        };
        let all = 0..ty.cases.len();
        let exact = all.clone().find(|position| element(position, true));
        exact
            .or_else(|| all.clone().find(|position| element(position, false)))
            .or_else(|| all.clone().find(content))
    }

    /// Enters a union of derived types, told by `xsi:type`; without one it is the type itself.
    fn enter_derived(&mut self, ty: &UnionType) -> Result<usize, CodecError> {
        let offset = self.value_offset();
        let (start, direct) = self.open(&ty.name)?;
        let said = self.reader.attribute(&start, Some(XSI), "type");
        let said = said.as_deref().and_then(|name| self.reader.resolve(name));
        let (namespace, local) = said.unwrap_or((Some(&ty.scope), &ty.name));
        let named = |position: usize, exact: bool| match mapping::case_name(ty, position) {
            Some(CaseName::Type(uri, name)) => {
                name == local && (!exact || uri == namespace.unwrap_or_default())
            }
            _ => false,
        };
        let all = 0..ty.cases.len();
        // what does not say its type is of the one that was declared
        let own = said.is_none().then(|| ty.cases.iter().position(|case| case.labels.is_empty())).flatten();
        let found = own
            .or_else(|| all.clone().find(|at| named(*at, true)))
            .or_else(|| all.clone().find(|at| named(*at, false)));
        let Some(case) = found else {
            let (name, of) = (shown(local).into_owned(), ty.name.to_string());
            return Err(CodecError::new(ErrorKind::UnknownCase { name, of }).at(offset));
        };
        self.push(Frame::Union { element: false })?;
        self.at = self.at_element(start, direct, None);
        Ok(case)
    }

    pub(super) fn leave_union(&mut self) -> Written {
        match self.frames.pop() {
            Some(Frame::Union { element: false }) => Ok(()),
            _ => self.expect_end("a union, which has one case"),
        }
    }
}

/// So deep are types looked into for the elements that may begin them.
pub(super) const CONTENT_DEPTH: usize = 8;

/// What stands among the names of elements for any of them.
const ANY: &str = "*";

/// True if an element of that name may be meant.
pub(super) fn is_among(names: &[String], local: &str) -> bool {
    names.iter().any(|name| name == local || name == ANY)
}

/// The names of the elements that a value without an element of its own may consist of.
pub(super) fn content_names(ty: &TypeRef, depth: usize, names: &mut Vec<String>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match ty.resolve() {
        Type::Optional(inner) | Type::Sequence(inner) | Type::Array(inner, _) => {
            content_names(inner, depth, names);
        }
        Type::Union(ty) => {
            for (position, case) in ty.cases.iter().enumerate() {
                match mapping::case_name(ty, position) {
                    Some(CaseName::Element(_, name)) => names.push(name.into_owned()),
                    Some(CaseName::Content) => content_names(&case.ty, depth, names),
                    Some(CaseName::Type(..)) | None => {}
                }
            }
        }
        Type::Struct(ty) => {
            for field in ty.fields.iter() {
                if field.xml.kind == XmlKind::Content {
                    content_names(&field.ty, depth, names);
                } else {
                    names.push(mapping::field_name(field).into_owned());
                }
            }
        }
        Type::Any => names.push(ANY.to_owned()),
        _ => {}
    }
}

/// True if the element has the name of that field.
fn is_named(field: &Field, start: &Start<'_>) -> bool {
    field.xml.local.as_ref().unwrap_or(&field.name) == start.local()
}
