//! Writing values of value types.

use std::collections::HashMap;

use farcall_model::{ValueKind, ValueType};
use farcall_wire::{CodecError, Encoder as _, Written};

use super::super::CdrEncoder;
use super::{INDIRECTION, VALUE, flag};
use crate::repository;

/// The values of a message so far.
#[derive(Debug, Default)]
pub(in crate::cdr) struct Values {
    /// Where each began.
    begun: Vec<usize>,
    /// Those that may come again: their numbers, by what holds them.
    shared: HashMap<usize, usize>,
    /// How many chunked ones are open.
    chunked: usize,
    /// The open chunk: where the octets ended before it, and where its length stands.
    chunk: Option<(usize, usize)>,
    /// Where the octets were after the last end of a value.
    ended: usize,
}

impl CdrEncoder {
    /// Writes a value: its tag and ids, its state, and, if it is chunked, its end.
    ///
    /// It is chunked if who reads it may not know its type, or the value around it is.
    pub(in crate::cdr) fn write_value(
        &mut self,
        ty: &ValueType,
        identity: Option<usize>,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        let values = self.values.get_or_insert_default();
        if let Some(address) = identity {
            if let Some(number) = values.shared.get(&address).copied() {
                return self.write_again(number);
            }
            values.shared.insert(address, values.begun.len());
        }
        let is_chunked = values.chunked > 0 || matches!(ty.kind, ValueKind::Truncatable | ValueKind::Custom);
        self.end_chunk()?;
        self.align(4);
        let start = self.position();
        self.values.get_or_insert_default().begun.push(start);
        self.write_header(ty, is_chunked)?;
        if !is_chunked {
            return write(self);
        }
        self.values.get_or_insert_default().chunked += 1;
        self.begin_chunk()?;
        write(self)?;
        self.end_chunk()?;
        self.write_end()
    }

    /// Writes the end of the innermost value. One that follows another takes its place: it ends
    /// both, and omniORB reads it no other way.
    fn write_end(&mut self) -> Written {
        let position = self.position();
        let values = self.values.get_or_insert_default();
        let level = values.chunked;
        values.chunked -= 1;
        if values.ended == position {
            self.truncate(position - 4);
        }
        self.i32(-i32::try_from(level).map_err(|_| CodecError::limit("depth", i32::MAX as usize))?)?;
        self.values.get_or_insert_default().ended = self.position();
        if level > 1 { self.begin_chunk() } else { Ok(()) }
    }

    fn write_header(&mut self, ty: &ValueType, is_chunked: bool) -> Written {
        let id = repository::of_struct(&ty.body);
        let is_list = ty.kind == ValueKind::Truncatable && !ty.bases.is_empty();
        let ids = if is_list { flag::IDS } else { flag::ID };
        self.u32(VALUE | ids | if is_chunked { flag::CHUNKED } else { 0 })?;
        if !is_list {
            return self.name(&id);
        }
        self.count(1 + ty.bases.len())?;
        self.name(&id)?;
        ty.bases.iter().try_for_each(|base| self.name(base))
    }

    /// Writes where the value of that number stands.
    pub(in crate::cdr) fn write_again(&mut self, number: usize) -> Written {
        let begun = self.values.as_ref().and_then(|values| values.begun.get(number).copied());
        let begun = begun.ok_or_else(|| {
            let why = "no value of that number began before it in the same message";
            CodecError::unsupported(format!("value {number}, which comes again"), why)
        })?;
        self.u32(INDIRECTION)?;
        let offset = i32::try_from(self.position() - begun)
            .map_err(|_| CodecError::limit("indirection", i32::MAX as usize))?;
        self.i32(-offset)
    }

    /// Begins a chunk, whose length is not known yet.
    fn begin_chunk(&mut self) -> Written {
        let before = self.position();
        self.u32(0)?;
        let at = self.position() - 4;
        self.values.get_or_insert_default().chunk = Some((before, at));
        Ok(())
    }

    /// Ends the open chunk, if there is one; an empty one never was.
    fn end_chunk(&mut self) -> Written {
        let Some((before, at)) = self.values.as_mut().and_then(|values| values.chunk.take()) else {
            return Ok(());
        };
        let length = self.position() - at - 4;
        if length == 0 {
            self.truncate(before);
            return Ok(());
        }
        let length = u32::try_from(length).ok().filter(|length| *length < VALUE);
        self.patch(at, length.ok_or_else(|| CodecError::limit("chunk length", VALUE as usize))?);
        Ok(())
    }
}
