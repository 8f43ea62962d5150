//! Character data in content.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr3};

use super::{Event, Reader, State};
use crate::error::{Error, ErrorKind};
use crate::references::decode_text;

impl<'a> Reader<'a> {
    /// All the text of the element whose start was the last event; its end is consumed.
    ///
    /// Character data, CDATA sections and references are joined; comments and processing
    /// instructions are passed over. Borrowed when the text is one run as written.
    ///
    /// # Errors
    /// [`ErrorKind::UnexpectedElement`] for a child element; those of
    /// [`next_event`](Self::next_event).
    ///
    /// ```
    /// use farcall_xml::{Limits, Reader};
    ///
    /// let mut reader = Reader::new("<a>1<!-- one -->&lt;<![CDATA[<2]]></a>", Limits::default());
    /// reader.next_event()?;
    /// assert_eq!(reader.text_content()?, "1<<2");
    /// reader.finish()?;
    /// # Ok::<(), farcall_xml::Error>(())
    /// ```
    pub fn text_content(&mut self) -> Result<Cow<'a, str>, Error> {
        let mut content = Cow::Borrowed("");
        loop {
            match self.next_event()? {
                Event::Text(text) | Event::CData(text) => {
                    if content.is_empty() {
                        content = text;
                    } else {
                        content.to_mut().push_str(&text);
                    }
                }
                Event::End => return Ok(content),
                Event::Start(start) => {
                    let name = start.qname().to_owned();
                    return Err(self.fail(ErrorKind::UnexpectedElement(name), start.offset()));
                }
                Event::Comment(_) | Event::Instruction(_) => {}
                // only when there was no open element to begin with
                Event::Eof => return Err(self.fail(ErrorKind::UnexpectedEof, self.pos)),
            }
        }
    }

    /// Passes over white space at the cursor.
    #[inline]
    pub fn skip_whitespace(&mut self) {
        if self.text.as_bytes().get(self.pos) == Some(&b'<') {
            return;
        }
        // not between an empty-element tag and its end: there is nothing inside it
        if self.state != State::EmptyTag {
            self.pos = self.space_end(self.pos);
        }
    }

    /// The character data at the cursor, up to the next markup.
    #[inline]
    pub(super) fn text_run(&mut self) -> Result<Event<'a>, Error> {
        let start = self.pos;
        let Some(end) = self.plain_text_end(start) else {
            return self.full_text_run();
        };
        self.step(end)?;
        Ok(Event::Text(Cow::Borrowed(&self.text[start..end])))
    }

    /// Where the run of text at `at` ends with a `<`, if nothing in it needs decoding or is wrong.
    #[inline(always)]
    pub(super) fn plain_text_end(&self, start: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = start;
        loop {
            at = match near_text_stop(bytes, at) {
                Some(stop) => stop,
                None => self.far_text_stop(at)?,
            };
            match bytes[at] {
                b'<' => return Some(at),
                b']' if !bytes[at..].starts_with(b"]]>") => at += 1,
                _ => return None,
            }
        }
    }

    /// The next byte that [`near_text_stop`] looks for, in a long run.
    #[inline(never)]
    fn far_text_stop(&self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let stop = at + memchr3(b'<', b'&', b']', &bytes[at..])?;
        Some(memchr(b'\r', &bytes[at..stop]).map_or(stop, |cr| at + cr))
    }

    /// A run of text that needs decoding or is wrong.
    #[inline(never)]
    fn full_text_run(&mut self) -> Result<Event<'a>, Error> {
        let start = self.pos;
        let rest = &self.text.as_bytes()[start..];
        let Some(len) = memchr(b'<', rest) else {
            return Err(self.fail(ErrorKind::UnexpectedEof, self.text.len()));
        };
        if let Some(at) = cdata_end(&rest[..len]) {
            return Err(self.syntax("`]]>` in text; write ]]&gt;", start + at));
        }
        let text = decode_text(&self.text[start..start + len], start, self.limits.name_length)?;
        self.step(start + len)?;
        Ok(Event::Text(text))
    }
}

/// Where text holds `]]>`, which it must not (XML 1.0, section 2.4).
pub(super) fn cdata_end(text: &[u8]) -> Option<usize> {
    memchr_iter(b']', text).find(|&at| text[at..].starts_with(b"]]>"))
}

/// The first of `<`, `&`, `]` and CR among the next 32 bytes; most texts in messages are shorter.
///
/// Eight bytes at a time in a word: where a short text ends is a surprise, so a loop over its bytes
/// would cost a mispredicted branch each time.
#[inline(always)]
fn near_text_stop(bytes: &[u8], at: usize) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // marks the bytes of the word that are this one, exactly up to the first
    let marks = |word: u64, byte: u8| {
        let zero = word ^ (ONES * u64::from(byte));
        zero.wrapping_sub(ONES) & !zero & HIGH
    };
    for step in (at..at + 32).step_by(8) {
        let word = u64::from_le_bytes(*bytes.get(step..)?.first_chunk()?);
        let stops = marks(word, b'<') | marks(word, b'&') | marks(word, b']') | marks(word, b'\r');
        if stops != 0 {
            return Some(step + stops.trailing_zeros() as usize / 8);
        }
    }
    None
}
