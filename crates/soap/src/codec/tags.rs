//! The start tags that a type's fields have under a prefix, made once a message and compared as bytes.

use farcall_model::{Field, XmlKind};

use super::decode::SoapDecoder;

/// The start tags of the fields of one type.
#[derive(Clone, Debug)]
pub(super) struct Tags<'a> {
    fields: &'static [Field],
    place: Place<'a>,
    /// One after the other; nothing for a field that is not predicted.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Whether all fields are elements.
    pub(super) elements: bool,
}

/// What the tags of a struct's fields depend on besides the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// The namespace of fields that do not say theirs.
    pub(super) space: usize,
    /// What stands for it as a prefix, if that is known.
    pub(super) prefix: Option<&'a str>,
    /// Whether a name without a prefix is in no namespace.
    pub(super) unqualified: bool,
}

/// So many types' tags are kept; more of them in a message are read without.
const KEPT: usize = 64;

impl<'a> Place<'a> {
    /// The prefix of that field's element, if it can be told; `uri` is the namespace of `space`.
    #[inline]
    pub(super) fn prefix_of(&self, field: &Field, uri: &str) -> Option<&'a str> {
        match field.xml.namespace.as_deref() {
            _ if field.xml.kind != XmlKind::Element => None,
            None => self.prefix,
            Some("") => self.unqualified.then_some(""),
            Some(own) if own == uri => self.prefix,
            Some(_) => None,
        }
    }
}

impl Tags<'_> {
    /// The tag of the field at that position.
    #[inline(always)]
    pub(super) fn tag(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end).filter(|tag| !tag.is_empty())
    }
}

impl<'a> SoapDecoder<'a> {
    /// The position of the tags of those fields at that place, which are made if they are new.
    #[inline]
    pub(super) fn tags_of(&mut self, fields: &'static [Field], place: Place<'a>) -> Option<usize> {
        let is_it = |tags: &Tags<'_>| std::ptr::eq(tags.fields, fields) && tags.place == place;
        self.tags.iter().position(is_it).or_else(|| self.make_tags(fields, place))
    }

    #[cold]
    fn make_tags(&mut self, fields: &'static [Field], place: Place<'a>) -> Option<usize> {
        if self.tags.len() >= KEPT {
            return None;
        }
        let elements =
            fields.iter().all(|field| !matches!(field.xml.kind, XmlKind::Attribute | XmlKind::Text));
        let mut tags = Tags { fields, place, text: Vec::new(), ends: Vec::new(), elements };
        for field in fields {
            if let Some(prefix) = place.prefix_of(field, self.spaces.uri(place.space)) {
                tags.text.push(b'<');
                if !prefix.is_empty() {
                    tags.text.extend_from_slice(prefix.as_bytes());
                    tags.text.push(b':');
                }
                // a name that must be escaped differs in a message, and is found by the general way
                tags.text.extend_from_slice(field.xml.local.as_ref().unwrap_or(&field.name).as_bytes());
                tags.text.push(b'>');
            }
            tags.ends.push(tags.text.len());
        }
        self.tags.push(tags);
        Some(self.tags.len() - 1)
    }
}
