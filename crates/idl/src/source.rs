//! Where text came from: [`Sources`], the files of one run, and [`Span`], a piece of one of them.

use std::ops::Range;

/// A piece of a source file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Which file of [`Sources`].
    pub file: u32,
    /// The offset of its first octet.
    pub start: u32,
    /// The offset after its last octet.
    pub end: u32,
}

impl Span {
    /// From the start of this one to the end of another; this one if they are of different files.
    #[must_use]
    pub fn to(self, end: Self) -> Self {
        if end.file == self.file && end.end >= self.start { Self { end: end.end, ..self } } else { self }
    }
}

/// A file that was read, and the text in it.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name, as it was given or as an include found it.
    pub name: String,
    /// Its text; what is not UTF-8 was read as Latin-1.
    pub text: String,
    /// The `#include` that brought it, if one did.
    pub included_at: Option<Span>,
}

/// The files of one run, in the order in which they were opened.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    pub(crate) fn add(&mut self, name: String, text: String, included_at: Option<Span>) -> u32 {
        self.files.push(Source { name, text, included_at });
        u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX)
    }

    /// The files, in the order in which they were opened.
    #[must_use]
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// The file of a span.
    #[must_use]
    pub fn file(&self, span: Span) -> Option<&Source> {
        self.files.get(span.file as usize)
    }

    /// The line and column of a span's start, both from 1; columns count characters.
    #[must_use]
    pub fn position(&self, span: Span) -> (usize, usize) {
        let Some(file) = self.file(span) else { return (1, 1) };
        let line = self.line(span);
        let before = file.text.get(line.start..span.start as usize).unwrap_or("");
        let number = file.text.as_bytes()[..line.start].iter().filter(|b| **b == b'\n').count() + 1;
        (number, before.chars().count() + 1)
    }

    /// The octets of the line on which a span starts, without its end of line.
    pub(crate) fn line(&self, span: Span) -> Range<usize> {
        let Some(file) = self.file(span) else { return 0..0 };
        let text = file.text.as_bytes();
        let at = (span.start as usize).min(text.len());
        let start = text[..at].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let end = text[at..].iter().position(|b| *b == b'\n').map_or(text.len(), |i| at + i);
        start..end
    }
}

/// Text of octets: UTF-8, or else Latin-1, in which comments of old files are often written.
pub(crate) fn decode(octets: Vec<u8>) -> String {
    match String::from_utf8(octets) {
        Ok(text) => text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text),
        Err(error) => error.as_bytes().iter().map(|b| char::from(*b)).collect(),
    }
}
