//! Arrays of SOAP encoding that are more than their items in order (SOAP 1.1, section 5.4.2): of
//! several dimensions, partly sent (`offset`), sparse (`position`). They become arrays of arrays
//! with all of their items, those that were not sent being nil.

use std::borrow::Cow;

use farcall_wire::{CodecError, ErrorKind, Limits};
use farcall_xml::{Event, Reader, Start};

use crate::codec;
use crate::names::{ENCODING_11, ENCODING_12, XSI};
use farcall_xml::wire::codec_error;

/// The message with such arrays written out; as it is, where it has none.
pub(super) fn expand<'t>(text: Cow<'t, str>, limits: &Limits) -> Result<Cow<'t, str>, CodecError> {
    if !has_any(&text) {
        return Ok(text);
    }
    let mut arrays = Arrays { text: &text, out: String::new(), from: 0, left: limits.elements, limits };
    let mut reader = codec::reader(&text, limits);
    arrays.content(&mut reader)?;
    arrays.copy_to(text.len())?;
    let Arrays { out, .. } = arrays;
    Ok(Cow::Owned(out))
}

/// Whether there may be one; sooner yes than no.
fn has_any(text: &str) -> bool {
    let after = |name: &'static str| text.match_indices(name).map(move |(at, _)| &text[at + name.len()..]);
    let value = |rest: &'_ str| rest.split(['"', '\'']).nth(1).unwrap_or_default().to_owned();
    after("position").any(|rest| rest.trim_start().starts_with('='))
        || after("offset").any(|rest| rest.trim_start().starts_with('='))
        || after("arrayType").any(|rest| value(rest).contains(','))
        || after("arraySize").any(|rest| value(rest).trim().contains(char::is_whitespace))
}

struct Arrays<'a, 'l> {
    text: &'a str,
    out: String,
    /// What is before this in the text was copied.
    from: usize,
    /// So many items may be made yet.
    left: usize,
    limits: &'l Limits,
}

/// What an array says of itself.
struct Shape {
    /// The sizes of its dimensions; None for one that is not said.
    sizes: Vec<Option<usize>>,
    /// How many items at its beginning are not there.
    offset: usize,
}

impl<'a> Arrays<'a, '_> {
    fn copy_to(&mut self, to: usize) -> Result<(), CodecError> {
        let piece = self.text.get(self.from..to).unwrap_or_default();
        self.push(piece)?;
        self.from = to;
        Ok(())
    }

    fn push(&mut self, piece: &str) -> Result<(), CodecError> {
        if self.out.len() + piece.len() > self.limits.message_size {
            return Err(CodecError::limit("message_size", self.limits.message_size).at(self.from));
        }
        self.out.push_str(piece);
        Ok(())
    }

    /// Goes through the content of an element, or of the document, to its end.
    fn content(&mut self, reader: &mut Reader<'a>) -> Result<(), CodecError> {
        let depth = reader.depth();
        loop {
            match reader.next_event().map_err(codec_error)? {
                Event::Start(start) => {
                    if let Some(shape) = shape(reader, &start)? {
                        self.array(reader, &start, &shape)?;
                    }
                }
                Event::End if reader.depth() < depth => return Ok(()),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// Writes an array whose start tag was just read, up to its end tag.
    fn array(&mut self, reader: &mut Reader<'a>, start: &Start<'a>, shape: &Shape) -> Result<(), CodecError> {
        if start.self_closing() {
            return Ok(());
        }
        self.copy_to(reader.offset())?;
        let mut items: Vec<(usize, String)> = Vec::new();
        let mut next = shape.offset;
        let mut sparse = shape.offset > 0;
        let end = loop {
            let before = reader.offset();
            match reader.next_event().map_err(codec_error)? {
                Event::Start(item) => {
                    if let Some(position) = position(reader, &item, shape)? {
                        (next, sparse) = (position, true);
                    }
                    let xml = self.item(reader, &item)?;
                    items.push((next, xml));
                    next = next.saturating_add(1);
                }
                Event::End | Event::Eof => break before,
                _ => {}
            }
        };
        self.from = end;
        items.sort_by_key(|(at, _)| *at);
        if items.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            let what = "two items of an array have one position".to_owned();
            return Err(CodecError::new(ErrorKind::Structure(what)).at(start.offset()));
        }
        let sent = items.last().map_or(0, |(at, _)| at.saturating_add(1));
        let said =
            shape.sizes.iter().try_fold(1_usize, |all, size| size.map(|size| all.saturating_mul(size)));
        // some say a wrong number of items; it counts where items are left out
        let pads = sparse || shape.sizes.len() > 1;
        let len = said.filter(|_| pads).map_or(sent, |said| said.max(sent));
        if len > self.left {
            return Err(CodecError::limit("elements", self.limits.elements).at(start.offset()));
        }
        self.left -= len;
        let mut items = items.into_iter().peekable();
        let mut all = (0..len).map(|at| items.next_if(|(found, _)| *found == at).map(|(_, xml)| xml));
        self.nested(&mut all, len, &shape.sizes)
    }

    /// The element of an item, from its start tag, which was just read, to its end tag.
    fn item(&mut self, reader: &mut Reader<'a>, item: &Start<'a>) -> Result<String, CodecError> {
        let outer = std::mem::take(&mut self.out);
        self.from = item.offset();
        if !item.self_closing() {
            match shape(reader, item)? {
                Some(shape) => self.array(reader, item, &shape)?,
                None => self.content(reader)?,
            }
        } else {
            reader.skip_element().map_err(codec_error)?;
        }
        self.copy_to(reader.offset())?;
        Ok(std::mem::replace(&mut self.out, outer))
    }

    /// Writes so many items as arrays of arrays of those sizes.
    fn nested(
        &mut self,
        items: &mut impl Iterator<Item = Option<String>>,
        len: usize,
        sizes: &[Option<usize>],
    ) -> Result<(), CodecError> {
        let inner: Option<usize> = sizes
            .get(1..)
            .and_then(|inner| inner.iter().try_fold(1_usize, |all, size| Some(all.saturating_mul((*size)?))));
        let (Some(inner), true) = (inner.filter(|inner| *inner > 0), sizes.len() > 1) else {
            for item in items.take(len) {
                match item {
                    Some(xml) => self.push(&xml)?,
                    None => self.push(&format!("<item xmlns:f=\"{XSI}\" f:nil=\"true\"/>"))?,
                }
            }
            return Ok(());
        };
        for _ in 0..len.div_ceil(inner) {
            self.push(&format!("<item xmlns:e=\"{ENCODING_11}\" xmlns:f=\"{XSI}\" f:type=\"e:Array\">"))?;
            self.nested(items, inner, &sizes[1..])?;
            self.push("</item>")?;
        }
        Ok(())
    }
}

/// What an element says of itself as an array; None if it is none.
fn shape(reader: &Reader<'_>, start: &Start<'_>) -> Result<Option<Shape>, CodecError> {
    if start.attributes().next().is_none() {
        return Ok(None);
    }
    let of = |namespace, name| reader.attribute(start, Some(namespace), name);
    let sizes: Vec<Option<usize>> = if let Some(ty) = of(ENCODING_11, "arrayType") {
        let brackets = ty.rsplit_once('[').map_or("", |(_, sizes)| sizes.trim_end().trim_end_matches(']'));
        brackets.split(',').map(|size| size.trim().parse().ok()).collect()
    } else if let Some(sizes) = of(ENCODING_12, "arraySize") {
        sizes.split_whitespace().map(|size| size.parse().ok()).collect()
    } else {
        return Ok(None);
    };
    let mut shape = Shape { sizes, offset: 0 };
    if let Some(offset) = of(ENCODING_11, "offset") {
        shape.offset = index(&offset, &shape.sizes, start)?;
    }
    Ok(Some(shape))
}

/// The place of an item that says it.
fn position(reader: &Reader<'_>, item: &Start<'_>, shape: &Shape) -> Result<Option<usize>, CodecError> {
    if item.attributes().next().is_none() {
        return Ok(None);
    }
    let said = reader.attribute(item, Some(ENCODING_11), "position");
    said.map(|said| index(&said, &shape.sizes, item)).transpose()
}

/// The place that `[1,2]` is, the last index counting fastest.
fn index(said: &str, sizes: &[Option<usize>], at: &Start<'_>) -> Result<usize, CodecError> {
    let bad = || {
        let shown: String = said.chars().take(60).collect();
        let what = format!("'{shown}' is no place in an array of {} dimensions", sizes.len().max(1));
        CodecError::new(ErrorKind::Structure(what)).at(at.offset())
    };
    let inside = said.trim().strip_prefix('[').and_then(|said| said.strip_suffix(']')).ok_or_else(bad)?;
    let indexes: Vec<usize> =
        inside.split(',').map(|index| index.trim().parse().map_err(|_| bad())).collect::<Result<_, _>>()?;
    if indexes.len() != sizes.len().max(1) {
        return Err(bad());
    }
    let mut place = 0_usize;
    for (dimension, index) in indexes.into_iter().enumerate() {
        let size = sizes.get(dimension).copied().flatten();
        if dimension > 0 {
            place = place.checked_mul(size.ok_or_else(bad)?).ok_or_else(bad)?;
        }
        if dimension > 0 && size.is_some_and(|size| index >= size) {
            return Err(bad());
        }
        place = place.checked_add(index).ok_or_else(bad)?;
    }
    Ok(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(attributes: &str, items: &str) -> Result<String, CodecError> {
        let text = format!("<a xmlns:e='{ENCODING_11}' {attributes}>{items}</a>");
        let out = expand(Cow::Owned(text), &Limits::default())?.into_owned();
        let start = out.find('>').unwrap() + 1;
        let row = format!("<item xmlns:e=\"{ENCODING_11}\" xmlns:f=\"{XSI}\" f:type=\"e:Array\">");
        let nil = format!("<item xmlns:f=\"{XSI}\" f:nil=\"true\"/>");
        Ok(out[start..out.len() - 4]
            .replace(&row, "<row>")
            .replace(&nil, "<nil/>")
            .replace("</item>", "</row>"))
    }

    #[test]
    fn all_items_stand_in_their_places() {
        for (attributes, items, expected) in [
            ("e:arrayType='x:int[4]' e:offset='[1]'", "<i>1</i><i>2</i>", "<nil/><i>1</i><i>2</i><nil/>"),
            (
                "e:arrayType='x:int[]'",
                "<i e:position='[2]'>c</i><i e:position='[0]'/>",
                "<i e:position='[0]'/><nil/><i e:position='[2]'>c</i>",
            ),
            (
                "e:arrayType='x:int[2,2]'",
                "<i>1</i><i>2</i><i>3</i><i>4</i>",
                "<row><i>1</i><i>2</i></row><row><i>3</i><i>4</i></row>",
            ),
            (
                "e:arrayType='x:int[2,2]'",
                "<i e:position='[1,1]'>4</i>",
                "<row><nil/><nil/></row><row><nil/><i e:position='[1,1]'>4</i></row>",
            ),
            ("e:arrayType='x:int[1,1,2]'", "<i>1</i><i>2</i>", "<row><row><i>1</i><i>2</i></row></row>"),
            (
                "e:arrayType='x:int[][1]'",
                "<r e:arrayType='x:int[3]' e:offset='[2]'><i/></r>",
                "<r e:arrayType='x:int[3]' e:offset='[2]'><nil/><nil/><i/></r>",
            ),
            // a number of items that is wrong, as some stacks say it
            ("e:arrayType='x:int[9]' a=',' e:x='e:position='", "<i/>", "<i/>"),
        ] {
            assert_eq!(expanded(attributes, items).unwrap(), expected, "{attributes}");
        }
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        for (attributes, items, expected) in [
            ("e:arrayType='x:int[]'", "<i e:position='[4000000000]'/>", "limit 'elements'"),
            ("e:arrayType='x:int[99999999,99999999]'", "<i/>", "limit 'elements'"),
            (
                "e:arrayType='x:int[18446744073709551615]' e:offset='[18446744073709551615]'",
                "<i/>",
                "limit 'elements'",
            ),
            ("e:arrayType='x:int[]'", "<i e:position='[1]'/><i e:position='[1]'/>", "one position"),
            ("e:arrayType='x:int[2,2]'", "<i e:position='[1]'/>", "no place"),
            ("e:arrayType='x:int[2,2]'", "<i e:position='[0,2]'/>", "no place"),
            ("e:arrayType='x:int[,]'", "<i e:position='[1,1]'/>", "no place"),
            ("e:arrayType='x:int[2]'", "<i e:position='x'/>", "no place"),
        ] {
            let error = expanded(attributes, items).unwrap_err().to_string();
            assert!(error.contains(expected), "{attributes} {items}: {error}");
        }
    }
}
