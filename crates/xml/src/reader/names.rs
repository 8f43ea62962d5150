//! Scanning names in markup (XML 1.0, production 5; Namespaces in XML 1.0, production 7).

use super::Reader;
use crate::chars::{NAME, NAME_START, is, is_name_char, is_name_start};
use crate::error::Error;

/// Where a scanned name ends, and where its part after the colon begins.
pub(super) struct Name {
    pub(super) end: usize,
    /// The offset after the colon, or of the name when it has none.
    pub(super) local_at: usize,
}

impl Reader<'_> {
    /// The end of the run of ASCII name characters, colons excepted, that begins at `at`; `at`
    /// itself when no name can begin there.
    #[inline(always)]
    pub(super) fn plain_name_end(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = at;
        if bytes.get(at).is_some_and(|&b| is(b, NAME_START)) {
            end += 1;
            while bytes.get(end).is_some_and(|&b| is(b, NAME)) {
                end += 1;
            }
        }
        end
    }

    /// Reads a qualified name at `at`: at most one colon, with something on both of its sides.
    pub(super) fn name(&self, at: usize) -> Result<Name, Error> {
        let first = self.name_part(at)?;
        let (end, local_at) = if self.text.as_bytes().get(first) == Some(&b':') {
            (self.name_part(first + 1)?, first + 1)
        } else {
            (first, at)
        };
        if self.text.as_bytes().get(end) == Some(&b':') {
            return Err(self.syntax("a second colon in a name", end));
        }
        if end - at > self.limits.name_length.min(u32::MAX as usize) {
            return Err(self.over("name_length", self.limits.name_length, at));
        }
        Ok(Name { end, local_at })
    }

    /// The end of the name without colons at `at`.
    fn name_part(&self, at: usize) -> Result<usize, Error> {
        let mut end = self.plain_name_end(at);
        let bytes = self.text.as_bytes();
        if bytes.get(end).is_some_and(|b| !b.is_ascii()) {
            for c in self.text[end..].chars() {
                if !(is_name_char(c) && (end > at || is_name_start(c))) {
                    break;
                }
                end += c.len_utf8();
            }
        }
        if end > at {
            return Ok(end);
        }
        Err(self.wanted("a name expected", at))
    }
}
