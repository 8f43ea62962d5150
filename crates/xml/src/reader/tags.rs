//! Start and end tags: names, attributes and their rules, namespace declarations.

use memchr::memchr3;

use super::names::Name;
use super::{Event, Open, Reader, State};
use crate::attributes::{Start, declared_prefix};
use crate::chars::{SPACE, VALUE_STOP, is};
use crate::error::{Error, ErrorKind};
use crate::references::{check_references, decode_value};

/// Where the name of an attribute stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct AttributeName {
    at: usize,
    len: u32,
    /// The length of the prefix; 0 when there is none.
    prefix_len: u32,
    /// The index of the binding of the prefix, once it was looked up.
    binding: u32,
}

/// With no more attributes than this, comparing each with each is quicker than sorting.
const FEW: usize = 8;

impl<'a> Reader<'a> {
    /// Reads the start tag or empty-element tag at the cursor.
    #[inline]
    pub(super) fn start_tag(&mut self) -> Result<Event<'a>, Error> {
        let start = self.pos;
        let name_at = start + 1;
        let mut end = self.plain_name_end(name_at);
        let mut local_at = 0;
        if end > name_at && self.text.as_bytes().get(end) == Some(&b':') {
            let local_end = self.plain_name_end(end + 1);
            if local_end > end + 1 && self.namespaces.find(&self.text[name_at..end]).is_some() {
                (local_at, end) = ((end + 1 - name_at) as u32, local_end);
            }
        }
        // most tags of a message: a plain name and nothing else
        if self.text.as_bytes().get(end) == Some(&b'>')
            && end > name_at
            && end - name_at <= self.limits.name_length.min(u32::MAX as usize)
            && self.has_room()
            && self.is_clean(end + 1)
        {
            self.push(name_at, end - name_at);
            self.state = State::Content;
            self.pos = end + 1;
            return Ok(Event::Start(Start {
                qname: &self.text[name_at..end],
                local_at,
                self_closing: false,
                offset: start,
                attributes: "",
            }));
        }
        self.full_start_tag()
    }

    /// Whether one more element may begin.
    #[inline(always)]
    pub(super) fn has_room(&self) -> bool {
        self.stack.len() < self.limits.depth && self.elements < self.limits.elements
    }

    /// Opens an element without bindings of its own.
    #[inline(always)]
    pub(super) fn push(&mut self, name_at: usize, name_len: usize) {
        self.elements += 1;
        self.stack.push(Open { name_at, name_len: name_len as u32, bindings: self.namespaces.len() as u32 });
    }

    /// Reads a start tag of any form.
    #[inline(never)]
    fn full_start_tag(&mut self) -> Result<Event<'a>, Error> {
        let start = self.pos;
        let name_at = start + 1;
        let name = self.name(name_at)?;
        if self.stack.len() >= self.limits.depth {
            return Err(self.over("depth", self.limits.depth, start));
        }
        if self.elements >= self.limits.elements {
            return Err(self.over("elements", self.limits.elements, start));
        }
        let outside = self.namespaces.len();
        let checked = self.tag_inside(&name, name_at);
        let (attributes_end, self_closing, end) = match checked {
            Ok(inside) => inside,
            Err(error) => {
                self.namespaces.truncate(outside);
                return Err(error);
            }
        };
        self.elements += 1;
        self.stack.push(Open { name_at, name_len: (name.end - name_at) as u32, bindings: outside as u32 });
        self.state = if self_closing { State::EmptyTag } else { State::Content };
        self.pos = end;
        Ok(Event::Start(Start {
            qname: &self.text[name_at..name.end],
            local_at: (name.local_at - name_at) as u32,
            self_closing,
            offset: start,
            attributes: &self.text[name.end..attributes_end],
        }))
    }

    /// Reads and checks what follows the name: the end of the attributes, whether the tag closes
    /// itself, the end of the tag.
    fn tag_inside(&mut self, name: &Name, name_at: usize) -> Result<(usize, bool, usize), Error> {
        let (attributes_end, self_closing) = self.attribute_list(name.end)?;
        let end = attributes_end + 1 + usize::from(self_closing);
        if !self.is_clean(end) {
            return Err(self.forbidden());
        }
        if !self.names.is_empty() {
            self.check_attribute_names()?;
        }
        if name.local_at > name_at {
            self.bound(&self.text[name_at..name.local_at - 1], name_at)?;
        }
        Ok((attributes_end, self_closing, end))
    }

    /// Reads attributes into `self.names`, up to the `>` or `/>` whose offset it returns, and
    /// declares namespaces as they come.
    fn attribute_list(&mut self, mut at: usize) -> Result<(usize, bool), Error> {
        let bytes = self.text.as_bytes();
        self.names.clear();
        loop {
            let spaced = self.space_end(at);
            match bytes.get(spaced) {
                Some(b'>') => return Ok((spaced, false)),
                Some(b'/') if bytes.get(spaced + 1) == Some(&b'>') => return Ok((spaced, true)),
                Some(b'/') => return Err(self.wanted("`>` expected after `/`", spaced + 1)),
                byte if byte.is_none() || spaced == at => {
                    let what = "white space, `>` or `/>` expected in a tag";
                    return Err(self.wanted(what, spaced));
                }
                _ => {}
            }
            if self.names.len() >= self.limits.attributes {
                return Err(self.over("attributes", self.limits.attributes, spaced));
            }
            let name = self.name(spaced)?;
            let equals = self.space_end(name.end);
            if bytes.get(equals) != Some(&b'=') {
                let what = "`=` and a value expected after an attribute's name";
                return Err(self.wanted(what, equals));
            }
            let quote_at = self.space_end(equals + 1);
            let value_end = self.value_end(quote_at)?;
            self.names.push(AttributeName {
                at: spaced,
                len: (name.end - spaced) as u32,
                prefix_len: (name.local_at - spaced).saturating_sub(1) as u32,
                binding: 0,
            });
            if let Some(prefix) = declared_prefix(&self.text[spaced..name.end]) {
                self.declare(prefix, quote_at + 1, value_end, spaced)?;
            }
            at = value_end + 1;
        }
    }

    /// Checks the quoted value whose opening quote is at `quote_at`; returns the closing one's
    /// offset.
    fn value_end(&self, quote_at: usize) -> Result<usize, Error> {
        let bytes = self.text.as_bytes();
        let Some(&quote @ (b'"' | b'\'')) = bytes.get(quote_at) else {
            return Err(self.wanted("an attribute's value stands in quotes", quote_at));
        };
        let mut at = quote_at + 1;
        let mut references = false;
        loop {
            // a few bytes by table for the short ones, then in strides
            let near = bytes.len().min(at + 8);
            while at < near && !is(bytes[at], VALUE_STOP) {
                at += 1;
            }
            if at == near {
                let Some(far) = memchr3(quote, b'<', b'&', &bytes[at..]) else {
                    return Err(self.fail(ErrorKind::UnexpectedEof, bytes.len()));
                };
                at += far;
            }
            match bytes[at] {
                b if b == quote => break,
                b'<' => return Err(self.syntax("`<` in an attribute's value; write &lt;", at)),
                b'&' => references = true,
                _ => {}
            }
            at += 1;
        }
        if references {
            let value_at = quote_at + 1;
            check_references(&self.text[value_at..at], value_at, self.limits.name_length)?;
        }
        Ok(at)
    }

    /// Brings a namespace declaration into scope.
    fn declare(
        &mut self,
        prefix: &'a str,
        value_at: usize,
        value_end: usize,
        offset: usize,
    ) -> Result<(), Error> {
        if self.namespaces.len() >= self.limits.namespaces.min(u32::MAX as usize) {
            return Err(self.over("namespaces", self.limits.namespaces, offset));
        }
        let raw = &self.text[value_at..value_end];
        let name = decode_value(raw, value_at, self.limits.name_length)?;
        let declared = self.namespaces.declare(prefix, name);
        declared.map_err(|kind| self.fail(kind, offset))
    }

    /// The index of the binding of a prefix.
    fn bound(&self, prefix: &str, offset: usize) -> Result<u32, Error> {
        if prefix == "xmlns" {
            let what = "the prefix xmlns only declares namespaces";
            return Err(self.syntax(what, offset));
        }
        self.namespaces.find(prefix).ok_or_else(|| {
            let shown = prefix.chars().take(64).collect();
            self.fail(ErrorKind::UnboundPrefix(shown), offset)
        })
    }

    /// Refuses attributes that are given twice, by name or by expanded name, and prefixes that
    /// are not bound.
    fn check_attribute_names(&mut self) -> Result<(), Error> {
        let text = self.text;
        let mut names = std::mem::take(&mut self.names);
        let mut twice = first_duplicate(&mut names, |n| &text[n.at..n.at + n.len as usize]);
        let is_prefixed = |n: &AttributeName| {
            n.prefix_len > 0 && declared_prefix(&text[n.at..n.at + n.len as usize]).is_none()
        };
        if twice.is_none() && names.iter().any(is_prefixed) {
            names.retain(is_prefixed);
            for n in &mut names {
                n.binding = self.bound(&text[n.at..n.at + n.prefix_len as usize], n.at)?;
            }
            twice = first_duplicate(&mut names, |n| {
                let local = &text[n.at + n.prefix_len as usize..n.at + n.len as usize];
                (local, self.namespaces.name(n.binding))
            });
        }
        // hand the memory back for the next tag
        self.names = names;
        match twice {
            Some(n) => {
                let name = &text[n.at..n.at + n.len as usize];
                let shown = name.chars().take(64).collect();
                Err(self.fail(ErrorKind::DuplicateAttribute(shown), n.at))
            }
            None => Ok(()),
        }
    }

    /// Reads the end tag at the cursor.
    #[inline]
    pub(super) fn end_tag(&mut self) -> Result<Event<'a>, Error> {
        let name_at = self.pos + 2;
        if let Some(&open) = self.stack.last() {
            let len = open.name_len as usize;
            let bytes = self.text.as_bytes();
            // an end tag as everyone writes it: the same name, then `>`
            if bytes.get(name_at + len) == Some(&b'>')
                && bytes[name_at..name_at + len] == bytes[open.name_at..open.name_at + len]
                && self.is_clean(name_at + len + 1)
            {
                self.pos = name_at + len + 1;
                self.pop();
                return Ok(Event::End);
            }
        }
        self.full_end_tag()
    }

    #[inline(never)]
    fn full_end_tag(&mut self) -> Result<Event<'a>, Error> {
        let name_at = self.pos + 2;
        let name = self.name(name_at)?;
        let found = &self.text[name_at..name.end];
        let expected = self.open_element().unwrap_or_default();
        if found != expected {
            let kind = ErrorKind::MismatchedEnd { expected: expected.to_owned(), found: found.to_owned() };
            return Err(self.fail(kind, self.pos));
        }
        let close = self.space_end(name.end);
        if self.text.as_bytes().get(close) != Some(&b'>') {
            return Err(self.wanted("`>` expected in an end tag", close));
        }
        self.step(close + 1)?;
        self.pop();
        Ok(Event::End)
    }

    /// The first offset from `at` on that holds no white space.
    #[inline]
    pub(super) fn space_end(&self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        while bytes.get(at).is_some_and(|&b| is(b, SPACE)) {
            at += 1;
        }
        at
    }
}

/// The earliest name whose key has occurred before it. Many names are sorted, so that a tag with
/// very many attributes costs no more than sorting them.
fn first_duplicate<K: Ord>(
    names: &mut [AttributeName],
    key: impl Fn(&AttributeName) -> K,
) -> Option<AttributeName> {
    if names.len() <= FEW {
        let again =
            (1..names.len()).find(|&i| names[..i].iter().any(|earlier| key(earlier) == key(&names[i])));
        return again.map(|i| names[i]);
    }
    names.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then(a.at.cmp(&b.at)));
    let pairs = names.windows(2).filter(|pair| key(&pair[0]) == key(&pair[1]));
    pairs.map(|pair| pair[1]).min_by_key(|n| n.at)
}
