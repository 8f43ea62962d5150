//! Start tags and their attributes, as the reader hands them out: already checked, decoded on
//! demand.

use std::borrow::Cow;
use std::iter::FusedIterator;

use crate::chars::{SPACE, is};
use crate::references::decode_value;

/// A start tag, or an empty-element tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start<'a> {
    pub(crate) qname: &'a str,
    /// Where the local part begins in `qname`: 0, or one after the colon.
    pub(crate) local_at: u32,
    pub(crate) self_closing: bool,
    /// The offset of `<`.
    pub(crate) offset: usize,
    /// What stands between the name and the end of the tag.
    pub(crate) attributes: &'a str,
}

impl<'a> Start<'a> {
    /// The name as written, prefix and all.
    #[inline]
    #[must_use]
    pub fn qname(&self) -> &'a str {
        self.qname
    }

    /// The prefix; empty when there is none.
    #[inline]
    #[must_use]
    pub fn prefix(&self) -> &'a str {
        &self.qname[..(self.local_at as usize).saturating_sub(1)]
    }

    /// The name without its prefix.
    #[inline]
    #[must_use]
    pub fn local(&self) -> &'a str {
        &self.qname[self.local_at as usize..]
    }

    /// Whether the tag was `<name/>`; its [`End`](crate::Event::End) follows all the same.
    #[inline]
    #[must_use]
    pub fn self_closing(&self) -> bool {
        self.self_closing
    }

    /// The offset of the tag's `<` in the text, in bytes.
    #[inline]
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The attributes in the order written, namespace declarations among them.
    ///
    /// The reader has already refused duplicates, `<` in values and bad references, so nothing is
    /// left to go wrong here.
    ///
    /// ```
    /// use farcall_xml::{Event, Limits, Reader};
    ///
    /// let mut reader = Reader::new("<a b='1 &lt; 2' c=''/>", Limits::default());
    /// let Event::Start(a) = reader.next_event()? else { unreachable!() };
    /// let all: Vec<_> = a.attributes().map(|x| (x.qname(), x.value().into_owned())).collect();
    /// assert_eq!(all, [("b", "1 < 2".to_string()), ("c", String::new())]);
    /// # Ok::<(), farcall_xml::Error>(())
    /// ```
    #[must_use]
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes { raw: self.attributes, at: 0, base: self.offset + 1 + self.qname.len() }
    }

    /// The value of the attribute that is written with this name, if there is one.
    ///
    /// For an attribute in a namespace use [`Reader::attribute`](crate::Reader::attribute).
    #[must_use]
    pub fn attribute(&self, qname: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|a| a.qname == qname).map(|a| a.value())
    }
}

/// One attribute of a start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    qname: &'a str,
    raw: &'a str,
    offset: usize,
}

impl<'a> Attribute<'a> {
    /// The name as written, prefix and all.
    #[must_use]
    pub fn qname(&self) -> &'a str {
        self.qname
    }

    /// The prefix; empty when there is none, and then the attribute is in no namespace.
    #[must_use]
    pub fn prefix(&self) -> &'a str {
        self.qname.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The name without its prefix.
    #[must_use]
    pub fn local(&self) -> &'a str {
        self.qname.split_once(':').map_or(self.qname, |(_, local)| local)
    }

    /// The value, references replaced and white space normalised (XML 1.0, section 3.3.3).
    #[must_use]
    pub fn value(&self) -> Cow<'a, str> {
        // the reader has checked the references, so this cannot fail
        decode_value(self.raw, self.offset, usize::MAX).unwrap_or(Cow::Borrowed(self.raw))
    }

    /// The value between its quotes, as written.
    #[must_use]
    pub fn raw(&self) -> &'a str {
        self.raw
    }

    /// The offset of the name in the text, in bytes.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether this declares a namespace: `xmlns` or `xmlns:…`.
    #[must_use]
    pub fn is_declaration(&self) -> bool {
        declared_prefix(self.qname).is_some()
    }
}

/// The prefix that an attribute of this name declares, empty for the default namespace.
pub(crate) fn declared_prefix(qname: &str) -> Option<&str> {
    match qname.strip_prefix("xmlns") {
        Some("") => Some(""),
        Some(rest) => rest.strip_prefix(':'),
        None => None,
    }
}

/// The attributes of a start tag, in order; see [`Start::attributes`].
#[derive(Debug, Clone)]
pub struct Attributes<'a> {
    raw: &'a str,
    at: usize,
    /// The offset of `raw` in the text.
    base: usize,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        let bytes = self.raw.as_bytes();
        let skip_space = |mut at: usize| {
            while bytes.get(at).is_some_and(|&b| is(b, SPACE)) {
                at += 1;
            }
            at
        };
        let name_at = skip_space(self.at);
        let name_end = name_at + bytes[name_at..].iter().position(|&b| b == b'=' || is(b, SPACE))?;
        let quote_at = skip_space(skip_space(name_end) + 1);
        let quote = *bytes.get(quote_at)?;
        let value_at = quote_at + 1;
        let value_end = value_at + memchr::memchr(quote, bytes.get(value_at..)?)?;
        self.at = value_end + 1;
        Some(Attribute {
            qname: self.raw.get(name_at..name_end)?,
            raw: self.raw.get(value_at..value_end)?,
            offset: self.base + name_at,
        })
    }
}

impl FusedIterator for Attributes<'_> {}
