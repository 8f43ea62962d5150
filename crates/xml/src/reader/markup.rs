//! Markup that is no tag: comments, CDATA sections, processing instructions, and DOCTYPE, which is
//! refused (XML 1.0, sections 2.5 to 2.8).

use memchr::memmem;

use super::{Event, Instruction, Reader, State};
use crate::chars::{SPACE, is};
use crate::error::{Error, ErrorKind};
use crate::references::normalise_lines;

impl<'a> Reader<'a> {
    /// What begins with `<!`: a comment, a CDATA section, or a refused DOCTYPE.
    pub(super) fn declaration_like(&mut self) -> Result<Event<'a>, Error> {
        let start = self.pos;
        let rest = &self.text.as_bytes()[start..];
        if rest.starts_with(b"<!--") {
            let inside = start + 4;
            let Some(len) = memmem::find(&self.text.as_bytes()[inside..], b"--") else {
                return Err(self.fail(ErrorKind::UnexpectedEof, self.text.len()));
            };
            let end = inside + len;
            match self.text.as_bytes().get(end + 2) {
                Some(b'>') => {}
                Some(_) => return Err(self.syntax("`--` inside a comment", end)),
                None => return Err(self.fail(ErrorKind::UnexpectedEof, end + 2)),
            }
            self.step(end + 3)?;
            return Ok(Event::Comment(&self.text[inside..end]));
        }
        if rest.starts_with(b"<![CDATA[") && self.state == State::Content {
            let inside = start + 9;
            let Some(len) = memmem::find(&self.text.as_bytes()[inside..], b"]]>") else {
                return Err(self.fail(ErrorKind::UnexpectedEof, self.text.len()));
            };
            let end = inside + len;
            self.step(end + 3)?;
            return Ok(Event::CData(normalise_lines(&self.text[inside..end])));
        }
        if rest.starts_with(b"<!DOCTYPE") {
            return Err(self.fail(ErrorKind::Doctype, start));
        }
        Err(self.syntax("`<!` begins neither a comment nor a CDATA section here", start))
    }

    /// The processing instruction at the cursor.
    pub(super) fn instruction(&mut self) -> Result<Event<'a>, Error> {
        let start = self.pos;
        let name = self.name(start + 2)?;
        let target = &self.text[start + 2..name.end];
        if target.contains(':') {
            return Err(self.syntax("a colon in the target of an instruction", start));
        }
        if target.eq_ignore_ascii_case("xml") {
            let what = "an XML declaration stands only at the very beginning";
            return Err(self.syntax(what, start));
        }
        let Some(len) = memmem::find(&self.text.as_bytes()[name.end..], b"?>") else {
            return Err(self.fail(ErrorKind::UnexpectedEof, self.text.len()));
        };
        let end = name.end + len;
        let data = &self.text[name.end..end];
        if !data.is_empty() && !is(data.as_bytes()[0], SPACE) {
            return Err(self.wanted("white space expected after the target", name.end));
        }
        self.step(end + 2)?;
        let data = data.trim_start_matches(['\t', '\n', '\r', ' ']);
        Ok(Event::Instruction(Instruction { target, data }))
    }
}
