//! Reading values of value types.

use std::collections::HashMap;
use std::sync::Arc;

use farcall_model::{Type, ValueKind, ValueType};
use farcall_wire::{CodecError, Decoder as _, Found, Kept, Written};

use super::super::CdrDecoder;
use super::{INDIRECTION, NULL, VALUE, VALUE_LAST, flag};
use crate::repository;

/// A value says so many types at most that it may be read as.
const IDS: usize = 128;

/// The values of a message so far.
#[derive(Clone, Debug, Default)]
pub(in crate::cdr) struct Values {
    /// The number of each, by where it began; none for one that was passed over.
    begun: HashMap<usize, Option<usize>>,
    /// Those that were kept, by number.
    kept: Vec<Option<Kept>>,
    /// Repository ids, by where they began.
    ids: HashMap<usize, Arc<str>>,
    /// Lists of them, by where they began.
    lists: HashMap<usize, Arc<[Arc<str>]>>,
    /// How many chunked values are open.
    chunked: usize,
    /// Where the octets end beyond all chunks, while there is one.
    outer: usize,
    /// An end that was read: of the value at that level and all inside.
    ended: Option<usize>,
}

impl Values {
    /// True inside of a chunked value.
    pub(in crate::cdr) fn is_chunked(&self) -> bool {
        self.chunked > 0
    }

    /// Where the octets end, beyond the open chunk.
    pub(in crate::cdr) fn outer(&self) -> usize {
        self.outer
    }
}

/// The tag of a value, and what came with it.
struct Header {
    start: usize,
    /// The most derived first; none for the declared type.
    ids: Arc<[Arc<str>]>,
    is_chunked: bool,
}

impl CdrDecoder<'_> {
    /// Puts chunks aside for what is not divided into them, and brings them back.
    pub(in crate::cdr) fn set_chunked(&mut self, level: usize) -> usize {
        self.values.as_mut().map_or(0, |values| std::mem::replace(&mut values.chunked, level))
    }

    fn state(&mut self) -> &mut Values {
        self.values.get_or_insert_default()
    }

    /// Reads a value, or that there is none.
    pub(in crate::cdr) fn read_value<T>(
        &mut self,
        ty: &ValueType,
        read: impl FnOnce(&mut Self, Found) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        let tag = self.value_tag()?;
        let start = self.at - 4;
        match tag {
            NULL => return Ok(None),
            INDIRECTION => {
                let number =
                    self.indirected(|values, target| values.begun.get(&target).copied().flatten())?;
                return read(self, Found::Again(number)).map(Some);
            }
            VALUE..=VALUE_LAST => {}
            other => return Err(self.fail(format!("{other:#010x} is no tag of a value"))),
        }
        self.spend()?;
        let header = self.value_header(start, tag)?;
        let derived = self.known(ty, &header)?;
        let values = self.state();
        let number = values.kept.len();
        values.begun.insert(header.start, Some(number));
        values.kept.push(None);
        self.enter()?;
        if header.is_chunked {
            self.begin_chunks();
        }
        let value = read(self, Found::New { number, derived })?;
        if header.is_chunked {
            self.end_chunks()?;
        }
        self.leave();
        Ok(Some(value))
    }

    /// Holds a value that may come again.
    pub(in crate::cdr) fn keep_value(&mut self, number: usize, value: Kept) {
        if let Some(slot) = self.state().kept.get_mut(number) {
            *slot = Some(value);
        }
    }

    /// A value that was held.
    pub(in crate::cdr) fn kept_value(&self, number: usize) -> Option<Kept> {
        self.values.as_ref()?.kept.get(number)?.clone()
    }

    /// Reads a tag. That of a value stands between chunks, others inside of one.
    fn value_tag(&mut self) -> Result<u32, CodecError> {
        self.align(4);
        if !self.values.as_ref().is_some_and(|values| values.is_chunked()) || self.at < self.end {
            return self.u32();
        }
        if self.state().ended.is_some() {
            return Err(self.fail("a value ends before all of its fields have come"));
        }
        match self.between_chunks()? {
            tag @ VALUE..=VALUE_LAST => Ok(tag),
            length => {
                self.chunk_of(length)?;
                self.u32()
            }
        }
    }

    /// Reads what comes with a tag.
    fn value_header(&mut self, start: usize, tag: u32) -> Result<Header, CodecError> {
        let is_chunked = tag & flag::CHUNKED != 0;
        if !is_chunked && self.values.as_ref().is_some_and(|values| values.chunked > 0) {
            return Err(self.fail("a value inside of a chunked one is not chunked"));
        }
        let outer = self.outer();
        let end = std::mem::replace(&mut self.end, outer);
        if tag & flag::CODEBASE != 0 {
            // code that is elsewhere is never fetched
            self.repository_id()?;
        }
        let ids = match tag & flag::IDS {
            flag::IDS => self.repository_ids()?,
            flag::ID => Arc::new([self.repository_id()?]),
            _ => Arc::new([]),
        };
        self.end = end;
        Ok(Header { start, ids, is_chunked })
    }

    fn repository_id(&mut self) -> Result<Arc<str>, CodecError> {
        self.align(4);
        let start = self.at;
        if self.u32()? == INDIRECTION {
            return self.indirected(|values, target| values.ids.get(&target).cloned());
        }
        self.at = start;
        let id: Arc<str> = self.name()?.into();
        self.state().ids.insert(start, Arc::clone(&id));
        Ok(id)
    }

    fn repository_ids(&mut self) -> Result<Arc<[Arc<str>]>, CodecError> {
        self.align(4);
        let start = self.at;
        if self.u32()? == INDIRECTION {
            return self.indirected(|values, target| values.lists.get(&target).cloned());
        }
        self.at = start;
        let count = self.count(4)?;
        if count > IDS {
            return Err(CodecError::limit("repository ids of a value", IDS).at(start));
        }
        let ids: Arc<[_]> = (0..count).map(|_| self.repository_id()).collect::<Result<_, _>>()?;
        self.state().lists.insert(start, Arc::clone(&ids));
        Ok(ids)
    }

    /// Reads the offset of an indirection, and finds what began there.
    fn indirected<T>(&mut self, find: impl Fn(&Values, usize) -> Option<T>) -> Result<T, CodecError> {
        self.spend()?;
        let at = self.at;
        let offset = self.i32()? as isize;
        let target = usize::try_from(at as isize + offset).ok().filter(|target| *target < at);
        let found = target.and_then(|target| find(self.state(), target));
        found.ok_or_else(|| self.fail("an indirection leads to nothing that began there"))
    }

    /// The most derived type that is known: none for the declared one, else its place among
    /// those that derive from it.
    fn known(&self, ty: &ValueType, header: &Header) -> Result<Option<usize>, CodecError> {
        let place = |id: &str| {
            ty.derived.iter().position(|derived| match derived.resolve() {
                Type::Value(derived) => repository::of_struct(&derived.body) == id,
                _ => false,
            })
        };
        let unknown = |id: Option<&Arc<str>>| {
            let what = match id {
                Some(id) => format!("a value of {id} where {} is declared", ty.body.name),
                None => format!("a value of the abstract {}", ty.body.name),
            };
            let why = "no such type is known here; add it to the types of that place";
            CodecError::unsupported(what, why).at(header.start)
        };
        let own = (ty.kind != ValueKind::Abstract).then(|| repository::of_struct(&ty.body));
        if header.ids.is_empty() {
            return match own {
                Some(_) => Ok(None),
                // a Rust enum of the declared type and of others that derive from it
                None => place(&repository::of_struct(&ty.body)).map(Some).ok_or_else(|| unknown(None)),
            };
        }
        for id in header.ids.iter() {
            if own.as_deref() == Some(&**id) {
                return Ok(None);
            }
            if let Some(index) = place(id) {
                return Ok(Some(index));
            }
        }
        Err(unknown(header.ids.first()))
    }

    fn begin_chunks(&mut self) {
        let (at, outer) = (self.at, self.outer());
        let values = self.state();
        values.outer = outer;
        values.chunked += 1;
        // the first chunk begins where octets are asked for
        self.end = at;
    }

    /// Passes over what is left of a chunked value, down to its end.
    fn end_chunks(&mut self) -> Written {
        let level = self.state().chunked;
        while !self.has_ended(level)? {
            // the rest of a type that is not known here
            self.at = self.end;
            match self.between_chunks()? {
                tag @ VALUE..=VALUE_LAST => {
                    let header = self.value_header(self.at - 4, tag)?;
                    self.state().begun.insert(header.start, None);
                    self.enter()?;
                    self.begin_chunks();
                    self.end_chunks()?;
                    self.leave();
                }
                length if length as i32 > 0 => self.chunk_of(length)?,
                end => {
                    let ended =
                        usize::try_from(-i64::from(end as i32)).ok().filter(|end| (1..=level).contains(end));
                    let ended = ended.ok_or_else(|| self.fail(format!("{} ends no value", end as i32)))?;
                    self.state().ended = Some(ended);
                }
            }
        }
        let at = self.at;
        let values = self.state();
        values.chunked -= 1;
        self.end = if values.chunked == 0 { values.outer } else { at };
        Ok(())
    }

    /// True if the end was read of the value at that level.
    fn has_ended(&mut self, level: usize) -> Result<bool, CodecError> {
        let values = self.state();
        match values.ended {
            Some(ended) if ended == level => {
                values.ended = None;
                Ok(true)
            }
            ended => Ok(ended.is_some()),
        }
    }

    /// Reads the number that stands between chunks.
    fn between_chunks(&mut self) -> Result<u32, CodecError> {
        self.end = self.outer();
        self.u32()
    }

    fn chunk_of(&mut self, length: u32) -> Written {
        let left = self.outer() - self.at;
        match usize::try_from(length) {
            Ok(length) if (1..=left).contains(&length) && length < VALUE as usize => {
                self.end = self.at + length;
                Ok(())
            }
            _ => Err(self.fail(format!("a chunk of {} octets, with {left} left", length as i32))),
        }
    }

    /// Goes on to the next chunk, if the value is in chunks and the last one was read to its end.
    pub(in crate::cdr) fn next_chunk(&mut self) -> Result<bool, CodecError> {
        let is_over = |values: &Values| values.chunked > 0 && values.ended.is_none();
        if self.at < self.end || !self.values.as_deref().is_some_and(is_over) {
            return Ok(false);
        }
        let length = self.between_chunks()?;
        self.chunk_of(length)?;
        Ok(true)
    }
}
