//! The start tags that a type's fields have under a prefix, compared as bytes: made once a message, for
//! types that are in it more than once.

use farcall_model::{Field, XmlKind};

use super::decode::SoapDecoder;

/// The start tags of the fields of one type.
#[derive(Clone, Debug)]
pub(super) struct Tags<'a> {
    fields: &'static [Field],
    place: Place<'a>,
    /// One after the other; nothing for a field that is not predicted.
    text: Vec<u8>,
    /// Where each begins and ends; empty until the type is met again.
    places: Vec<(usize, usize)>,
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
    /// The length of the tag of the field at that position, if it is what a message goes on with.
    #[inline(always)]
    pub(super) fn predicts(&self, index: usize, rest: &[u8]) -> Option<usize> {
        let &(start, end) = self.places.get(index)?;
        let tag = &self.text[start..end];
        (end > start && rest.starts_with(tag)).then_some(end - start)
    }
}

impl<'a> SoapDecoder<'a> {
    /// The position of the tags of those fields at that place, if they are met there again.
    #[inline]
    pub(super) fn tags_of(&mut self, fields: &'static [Field], place: Place<'a>) -> Option<usize> {
        let is_it = |tags: &Tags<'_>| std::ptr::eq(tags.fields, fields) && tags.place == place;
        match self.tags.iter().position(is_it) {
            Some(at) if !self.tags[at].places.is_empty() => Some(at),
            met => self.meet(fields, place, met),
        }
    }

    /// Notes fields that are met for the first time; makes the tags of those that are met again.
    #[cold]
    fn meet(&mut self, fields: &'static [Field], place: Place<'a>, met: Option<usize>) -> Option<usize> {
        let Some(at) = met else {
            if self.tags.len() < KEPT {
                let elements =
                    !fields.iter().any(|f| matches!(f.xml.kind, XmlKind::Attribute | XmlKind::Text));
                self.tags.push(Tags { fields, place, text: Vec::new(), places: Vec::new(), elements });
            }
            return None;
        };
        let tags = &mut self.tags[at];
        for field in fields {
            let start = tags.text.len();
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
            tags.places.push((start, tags.text.len()));
        }
        Some(at)
    }
}
