//! Arrays, structs, and maps in either form: coming in, going on, leaving.

use std::borrow::Cow;

use farcall_wire::{CodecError, Decoder as _, Items, Written};
use farcall_xml::Event;

use super::{At, Kind, XmlRpcDecoder};
use farcall_xml::wire::codec_error;

/// In [`Items::state`]: the array has a `<data>`.
pub(super) const DATA: usize = 1;
/// The map is a struct, not an array of pairs.
pub(super) const MEMBERS: usize = 2;
/// The array inside of which a pair stands has a `<data>`.
pub(super) const PAIR_DATA: usize = 4;

impl<'a> XmlRpcDecoder<'a> {
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
        self.reader.text_content().map_err(codec_error)
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
                self.reader.skip_element().map_err(codec_error)?;
                self.close_value()
            }
        }
    }
}

impl XmlRpcDecoder<'_> {
    /// Enters an array whose value is open as far as its kind.
    pub(super) fn begin_array_element(&mut self) -> Result<Items, CodecError> {
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
    pub(super) fn end_array(&mut self, items: &Items) -> Written {
        if items.state & DATA != 0 && !self.reader.eat_end("</array>") {
            self.expect_end("array")?;
        }
        self.depth -= 1;
        self.close_value()
    }
}

impl XmlRpcDecoder<'_> {
    /// Leaves a pair after its value.
    pub(super) fn end_pair(&mut self, items: &Items) -> Written {
        let mut pair = Items { state: usize::from(items.state & PAIR_DATA != 0), ..Items::default() };
        if self.next_item(&mut pair)? {
            Err(self.structure("a pair has more than a key and a value"))
        } else {
            Ok(())
        }
    }
}
