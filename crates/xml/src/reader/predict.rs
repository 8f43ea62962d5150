//! Prediction: a codec that knows what comes next compares bytes at the cursor first.

use std::borrow::Cow;

use memchr::memchr;

use super::content::cdata_end;
use super::{Reader, State};
use crate::attributes::Start;
use crate::references::decode_text;

impl<'a> Reader<'a> {
    /// The bytes from the cursor on.
    ///
    /// After an empty-element tag's start they begin behind the tag although its end is still to
    /// come, so look at [`Start::self_closing`](crate::Start::self_closing) first.
    #[inline]
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.pos..]
    }

    /// Steps over `n` bytes that the caller has recognised as well-formed, balanced content: whole
    /// elements and text, with no markup left open and no namespace prefix that was not looked up.
    ///
    /// Going beyond the end stops at the end. Elements stepped over count for
    /// [`Limits::elements`](crate::Limits::elements) only if [`count`](Self::count) is told; forbidden characters among them are still
    /// found by the next event. Landing inside a character is the caller's mistake: the cursor
    /// moves on to the character's end, and a debug build panics.
    #[inline]
    pub fn advance(&mut self, n: usize) {
        let mut to = self.pos.saturating_add(n).min(self.text.len());
        debug_assert!(self.text.is_char_boundary(to), "advanced into a character");
        while !self.text.is_char_boundary(to) {
            to += 1;
        }
        self.pos = to;
    }

    /// Counts that many elements that are about to be stepped over. False, with nothing counted,
    /// where they would pass a limit: the general [`next_event`](Self::next_event) then says so.
    #[inline]
    #[must_use]
    pub fn count(&mut self, elements: usize) -> bool {
        let fits = self.has_room() && self.limits.elements - self.elements >= elements;
        if fits {
            self.elements += elements;
        }
        fits
    }

    /// Opens an element if its start tag, given whole as `"<name>"`, is exactly what stands at the
    /// cursor. The name has no prefix.
    ///
    /// False, with nothing moved, for anything else, also where a limit is reached: the general
    /// [`next_event`](Self::next_event) then says so.
    ///
    /// ```
    /// use farcall_xml::{Limits, Reader};
    ///
    /// let mut reader = Reader::new("<a><b>1</b></a>", Limits::default());
    /// assert!(reader.eat_start("<a>"));
    /// assert!(!reader.eat_start("<c>"));
    /// assert_eq!(reader.eat_leaf("<b>", "</b>"), Some("1"));
    /// assert!(reader.eat_end("</a>"));
    /// reader.finish()?;
    /// # Ok::<(), farcall_xml::Error>(())
    /// ```
    #[inline(always)]
    #[must_use]
    pub fn eat_start(&mut self, tag: &'static str) -> bool {
        debug_assert!(is_start_tag(tag), "{tag:?} is not a start tag");
        if !self.rest().starts_with(tag.as_bytes()) || !self.has_room() {
            return false;
        }
        match self.state {
            State::Content => {}
            State::Begin | State::Prolog => self.state = State::Content,
            State::EmptyTag | State::Epilog => return false,
        }
        self.push(self.pos + 1, tag.len() - 2);
        self.pos += tag.len();
        true
    }

    /// Closes the innermost element if its end tag, given whole as `"</name>"`, is exactly what
    /// stands at the cursor and the element has that name. Otherwise false, with nothing moved.
    #[inline(always)]
    #[must_use]
    pub fn eat_end(&mut self, tag: &'static str) -> bool {
        debug_assert!(is_end_tag(tag), "{tag:?} is not an end tag");
        if self.state != State::Content || !self.rest().starts_with(tag.as_bytes()) {
            return false;
        }
        let Some(open) = self.stack.last() else {
            return false;
        };
        let name = &tag.as_bytes()[2..tag.len() - 1];
        if !self.text.as_bytes()[open.name_at..].starts_with(name) || open.name_len as usize != name.len() {
            return false;
        }
        self.pos += tag.len();
        self.pop();
        true
    }

    /// The raw content of an element that holds only plain text, given its start tag and end tag
    /// whole, if exactly such an element stands at the cursor; it is consumed. Several tags that
    /// nest, `"<value><string>"` and `"</string></value>"`, are taken in one comparison.
    ///
    /// Plain text is what needs no decoding: no reference, CR, markup or forbidden character.
    /// None, with nothing moved, for anything else, also where a limit is reached.
    #[inline(always)]
    #[must_use]
    pub fn eat_leaf(&mut self, open: &'static str, close: &'static str) -> Option<&'a str> {
        debug_assert!(are_matched(open, close), "{close:?} does not end {open:?}");
        if self.state != State::Content || !self.rest().starts_with(open.as_bytes()) || !self.has_room() {
            return None;
        }
        let start = self.pos + open.len();
        let end = self.plain_text_end(start)?;
        let after = end + close.len();
        if !self.text.as_bytes()[end..].starts_with(close.as_bytes()) || !self.is_clean(after) {
            return None;
        }
        self.elements += 1;
        self.pos = after;
        Some(&self.text[start..end])
    }

    /// The text of an element that holds nothing else, whose start tag the caller has recognised at
    /// the cursor: `tag` bytes from `<` to `>`, without attributes, under a prefix that is bound. The
    /// element is consumed.
    ///
    /// None, with nothing moved, where something else than text and the end tag follows, text that is
    /// ill-formed, or a limit is reached: the general [`next_event`](Self::next_event) then says so.
    ///
    /// ```
    /// use farcall_xml::{Limits, Reader};
    ///
    /// let mut reader = Reader::new("<a><p:b>1 &lt; 2</p:b></a>", Limits::default());
    /// assert!(reader.eat_start("<a>"));
    /// assert_eq!(reader.leaf("<p:b>".len()).as_deref(), Some("1 < 2"));
    /// assert!(reader.close());
    /// reader.finish()?;
    /// # Ok::<(), farcall_xml::Error>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn leaf(&mut self, tag: usize) -> Option<Cow<'a, str>> {
        if self.state != State::Content || !self.has_room() {
            return None;
        }
        let bytes = self.text.as_bytes();
        let start = self.pos + tag;
        let plain_end = self.plain_text_end(start);
        let end = match plain_end {
            Some(end) => end,
            None => start + memchr(b'<', bytes.get(start..)?)?,
        };
        // `</`, the name, `>`
        let after = end + tag + 1;
        let close = bytes.get(end..after)?;
        let name = &bytes[self.pos + 1..start - 1];
        if close[1] != b'/' || close[tag] != b'>' || close[2..tag] != *name || !self.is_clean(after) {
            return None;
        }
        let raw = &self.text[start..end];
        let text = match plain_end {
            Some(_) => Cow::Borrowed(raw),
            None => self.decoded(raw, start)?,
        };
        self.elements += 1;
        self.pos = after;
        Some(text)
    }

    /// Text with references and line ends decoded, if all of it is well-formed.
    #[inline(never)]
    fn decoded(&self, raw: &'a str, offset: usize) -> Option<Cow<'a, str>> {
        if cdata_end(raw.as_bytes()).is_some() {
            return None;
        }
        decode_text(raw, offset, self.limits.name_length).ok()
    }

    /// Opens an element whose start tag the caller has recognised at the cursor, as for
    /// [`leaf`](Self::leaf). None, with nothing moved, where a limit is reached.
    #[inline]
    #[must_use]
    pub fn open(&mut self, tag: usize) -> Option<Start<'a>> {
        let (offset, name_at, end) = (self.pos, self.pos + 1, self.pos + tag);
        if self.state != State::Content || !self.has_room() || !self.is_clean(end) {
            return None;
        }
        let qname = &self.text[name_at..end - 1];
        let local_at = qname.bytes().position(|b| b == b':').map_or(0, |colon| colon as u32 + 1);
        self.push(name_at, qname.len());
        self.pos = end;
        Some(Start { qname, local_at, self_closing: false, offset, attributes: "" })
    }

    /// Closes the innermost element if its end tag stands at the cursor, written without a space in
    /// it. Otherwise false, with nothing moved.
    #[inline]
    #[must_use]
    pub fn close(&mut self) -> bool {
        let Some(&open) = self.stack.last().filter(|_| self.state == State::Content) else { return false };
        let (bytes, len) = (self.text.as_bytes(), open.name_len as usize);
        let end = self.pos + len + 3;
        let Some(tag) = bytes.get(self.pos..end) else { return false };
        let named = tag[2..len + 2] == bytes[open.name_at..open.name_at + len];
        if !tag.starts_with(b"</") || tag[len + 2] != b'>' || !named || !self.is_clean(end) {
            return false;
        }
        self.pos = end;
        self.pop();
        true
    }
}

fn is_start_tag(tag: &str) -> bool {
    let name = tag.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    name.is_some_and(crate::chars::is_ncname)
}

/// True for `<a><b>` and `</b></a>`.
fn are_matched(open: &str, close: &str) -> bool {
    let closed: Vec<&str> = close.split_inclusive('>').collect();
    let mut closed = closed.into_iter().rev();
    let paired = open.split_inclusive('>').all(|tag| {
        is_start_tag(tag) && closed.next().is_some_and(|end| is_end_tag(end) && tag[1..] == end[2..])
    });
    paired && closed.next().is_none()
}

fn is_end_tag(tag: &str) -> bool {
    let name = tag.strip_prefix("</").and_then(|rest| rest.strip_suffix('>'));
    name.is_some_and(crate::chars::is_ncname)
}
