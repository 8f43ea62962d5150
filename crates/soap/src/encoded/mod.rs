//! References of rpc/encoded (SOAP 1.1, section 5; SOAP 1.2 part 2, section 3):
//! a message with `href` and `id` as the message without them that means the
//! same, within bounds.
//!
//! Values are read in one pass by codecs that know nothing of references.
//! What is shared is written out at each place; what refers to itself is an
//! error, since no value of the model could hold it.

mod arrays;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use farcall_wire::{CodecError, ErrorKind, Limits};
use farcall_xml::{Event, Reader, Start, escape_attribute};
use memchr::memmem::Finder;

use crate::codec;
use crate::names::{ENCODING_11, ENCODING_12};
use farcall_xml::wire::codec_error;

/// The message with each reference replaced by what it refers to, and each array by all of its items
/// in order; as it is, where it has neither, or does not say that it [is encoded](is_encoded).
///
/// # Errors
/// A reference to nothing or to itself, an id that is there twice, and limits: on the size of
/// the message that results, on the depth of references in references.
pub(crate) fn expand<'t>(
    text: Cow<'t, str>,
    encoded: bool,
    limits: &Limits,
) -> Result<Cow<'t, str>, CodecError> {
    if !encoded {
        return Ok(text);
    }
    arrays::expand(references(text, limits)?, limits)
}

fn references<'t>(text: Cow<'t, str>, limits: &Limits) -> Result<Cow<'t, str>, CodecError> {
    if !(text.contains("href") || text.contains("ref=")) {
        return Ok(text);
    }
    let targets = targets(&text, limits)?;
    if targets.is_empty() {
        return Ok(text);
    }
    let mut copy = Copy { text: &text, targets, active: Vec::new(), out: String::new(), limits };
    copy.content(codec::reader(&text, limits), 0, None)?;
    let Copy { out, .. } = copy;
    Ok(Cow::Owned(out))
}

/// True for a message that says that it is encoded, rather than merely declare the namespace.
pub(crate) fn is_encoded(text: &str) -> bool {
    static STYLE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("encodingStyle"));
    STYLE.find(text.as_bytes()).is_some() && (text.contains(ENCODING_11) || text.contains(ENCODING_12))
}

/// An element that may be referred to.
struct Target<'a> {
    start: Start<'a>,
    /// After its start tag.
    inside: Reader<'a>,
}

/// What an element is referred to by.
fn id_of<'a>(reader: &Reader<'a>, start: &Start<'a>) -> Option<Cow<'a, str>> {
    start.attribute("id").or_else(|| reader.attribute(start, Some(ENCODING_12), "id"))
}

/// What an element refers to.
fn reference_of<'a>(reader: &Reader<'a>, start: &Start<'a>) -> Option<String> {
    start.attributes().next()?;
    let href = start.attribute("href").and_then(|href| href.trim().strip_prefix('#').map(str::to_owned));
    href.or_else(|| reader.attribute(start, Some(ENCODING_12), "ref").map(Cow::into_owned))
}

fn targets<'a>(text: &'a str, limits: &Limits) -> Result<HashMap<String, Target<'a>>, CodecError> {
    let mut reader = codec::reader(text, limits);
    let mut found = HashMap::new();
    let mut scopes = 0_usize;
    loop {
        match reader.next_event().map_err(codec_error)? {
            Event::Start(start) if start.attributes().next().is_some() => {
                let Some(id) = id_of(&reader, &start) else { continue };
                // each keeps a reader of its own, with the elements and namespaces that are open there
                scopes = scopes.saturating_add(reader.depth() + reader.bindings());
                if found.len() >= TARGETS || scopes > SCOPES {
                    let what = format!(
                        "more than {TARGETS} elements have an id, or fewer that stand deep or among many namespaces"
                    );
                    return Err(CodecError::new(ErrorKind::Structure(what)).at(start.offset()));
                }
                let target = Target { start, inside: reader.clone() };
                if found.insert(id.into_owned(), target).is_some() {
                    let what = "an id that another element has already".to_owned();
                    return Err(CodecError::new(ErrorKind::Structure(what)).at(start.offset()));
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// So many elements of a message may have an id.
const TARGETS: usize = 100_000;

/// So many elements and namespaces may be open at all of them together.
const SCOPES: usize = 1_500_000;

struct Copy<'a, 'l> {
    text: &'a str,
    targets: HashMap<String, Target<'a>>,
    /// References that are being written out.
    active: Vec<String>,
    out: String,
    limits: &'l Limits,
}

impl<'a> Copy<'a, '_> {
    /// Copies from an offset on: all there is, or up to the end tag of the element at that depth.
    /// Gives the offset at which it ended.
    fn content(
        &mut self,
        mut reader: Reader<'a>,
        from: usize,
        depth: Option<usize>,
    ) -> Result<(), CodecError> {
        let mut from = from;
        loop {
            let before = reader.offset();
            match reader.next_event().map_err(codec_error)? {
                Event::Start(start) => {
                    let Some(id) = reference_of(&reader, &start) else { continue };
                    self.raw(from, start.offset())?;
                    self.reference(&reader, &start, id)?;
                    reader.skip_element().map_err(codec_error)?;
                    from = reader.offset();
                }
                Event::End if depth.is_some_and(|depth| reader.depth() < depth) => {
                    return self.raw(from, before.max(from));
                }
                Event::Eof => return self.raw(from, self.text.len()),
                _ => {}
            }
        }
    }

    fn raw(&mut self, from: usize, to: usize) -> Result<(), CodecError> {
        let piece = self.text.get(from..to).unwrap_or_default();
        if self.out.len() + piece.len() > self.limits.message_size {
            return Err(CodecError::limit("message_size", self.limits.message_size).at(from));
        }
        self.out.push_str(piece);
        Ok(())
    }

    /// Writes the element that refers with the content and the attributes of what it refers to.
    fn reference(&mut self, reader: &Reader<'a>, start: &Start<'a>, id: String) -> Result<(), CodecError> {
        let wrong = |what: String| CodecError::new(ErrorKind::Structure(what)).at(start.offset());
        let shown: String = id.chars().take(60).collect();
        if self.active.contains(&id) {
            let what = format!(
                "the reference to '{shown}' is inside of what it refers to: no value can hold a cycle"
            );
            return Err(wrong(what));
        }
        if self.active.len() >= self.limits.depth {
            return Err(CodecError::limit("depth", self.limits.depth).at(start.offset()));
        }
        let Some(target) = self.targets.get(&id) else {
            return Err(wrong(format!("no element has the id '{shown}' that is referred to")));
        };
        let (inside, of) = (target.inside.clone(), target.start);
        let name = self.begin(reader, start, &inside, &of);
        if !of.self_closing() {
            let (from, depth) = (inside.offset(), inside.depth());
            self.active.push(id);
            self.content(inside, from, Some(depth))?;
            self.active.pop();
        }
        self.out.push_str("</");
        self.out.push_str(&name);
        self.out.push('>');
        Ok(())
    }

    /// The start tag: the namespaces that are declared where the content comes from, declared here,
    /// and a prefix for its own name that none of them takes away.
    fn begin(
        &mut self,
        reader: &Reader<'a>,
        start: &Start<'a>,
        inside: &Reader<'a>,
        of: &Start<'a>,
    ) -> String {
        let own = reader.namespace(start.prefix());
        let same = own == inside.namespace(start.prefix());
        let name = match own {
            Some(_) if !same => format!("{OWN}:{}", start.local()),
            _ => start.qname().to_owned(),
        };
        let mut tag = format!("<{name}").into_bytes();
        let mut attribute = |name: &str, value: &str| {
            tag.extend_from_slice(format!(" {name}=\"").as_bytes());
            // what was read from XML can be written to it
            let _ = escape_attribute(&mut tag, value);
            tag.push(b'"');
        };
        if let Some(uri) = own.filter(|_| !same) {
            attribute(&format!("xmlns:{OWN}"), uri);
        }
        for (prefix, uri) in inside.namespaces() {
            match prefix {
                // a name without a namespace keeps none, and so does then what is in it
                "" if own.is_none() => {}
                "" => attribute("xmlns", uri),
                prefix => attribute(&format!("xmlns:{prefix}"), uri),
            }
        }
        if own.is_none() && inside.namespace("").is_some() {
            attribute("xmlns", "");
        }
        for given in of.attributes().filter(|given| !given.is_declaration()) {
            let is_id =
                given.qname() == "id" || inside.expanded_attribute(&given) == (Some(ENCODING_12), "id");
            if !is_id {
                attribute(given.qname(), &given.value());
            }
        }
        tag.push(b'>');
        self.out.push_str(&String::from_utf8_lossy(&tag));
        name
    }
}

/// The prefix of a name whose own prefix means something else where the content comes from.
const OWN: &str = "farcall-own";

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(body: &str) -> Result<String, CodecError> {
        let text = format!("<b encodingStyle='' xmlns:e='{ENCODING_11}' xmlns:f='{ENCODING_12}'>{body}</b>");
        let encoded = is_encoded(&text);
        let out =
            expand(Cow::Owned(text), encoded, &Limits::default().with_message_size(100_000))?.into_owned();
        let start = out.find('>').unwrap() + 1;
        let declared = format!(" xmlns:e=\"{ENCODING_11}\" xmlns:f=\"{ENCODING_12}\"");
        Ok(out[start..out.len() - 4]
            .replace(&declared, "")
            .replace(&format!(" xmlns:f=\"{ENCODING_12}\" xmlns:e=\"{ENCODING_11}\""), ""))
    }

    #[test]
    fn what_is_referred_to_is_written_out() {
        assert_eq!(
            expanded("<a href='#1'/><a href='#1'></a><m id='1' t='x'>5</m>").unwrap(),
            "<a t=\"x\">5</a><a t=\"x\">5</a><m id='1' t='x'>5</m>"
        );
        assert_eq!(
            expanded("<a id='1'><x href='#2'/></a><c href='#1'/><m id='2'/>").unwrap(),
            "<a id='1'><x></x></a><c><x></x></c><m id='2'/>"
        );
        assert_eq!(expanded("<a f:ref='1'/><m f:id='1'>5</m>").unwrap(), "<a>5</a><m f:id='1'>5</m>");
        // prefixes mean what they meant where the content stood
        let text =
            expanded("<p:a xmlns:p='urn:1' href='#1'/><m xmlns:p='urn:2' xmlns='urn:3' id='1'><p:x/></m>")
                .unwrap();
        let expected = "<farcall-own:a xmlns:farcall-own=\"urn:1\"";
        assert!(
            text.starts_with(expected)
                && text.contains("xmlns:p=\"urn:2\"")
                && text.contains("xmlns=\"urn:3\""),
            "{text}"
        );
        farcall_xml::Reader::new(&format!("<b>{text}</b>"), farcall_xml::Limits::default())
            .finish()
            .unwrap_err();
    }

    #[test]
    fn cycles_bombs_and_loose_ends_are_refused() {
        for (body, expected) in [
            ("<m id='1'><x href='#1'/></m>", "the reference to '1' is inside of what it refers to"),
            ("<a href='#1'/><m id='1'><x href='#2'/></m><m id='2'><x href='#1'/></m>", "cycle"),
            ("<a href='#9'/><m id='1'/>", "no element has the id '9'"),
            ("<a href='#1'/><m id='1'/><m id='1'/>", "another element has already"),
        ] {
            let error = expanded(body).unwrap_err().to_string();
            assert!(error.contains(expected), "{body}: {error}");
        }
        // each doubles the one before
        let mut bomb = "<a href='#0'/>".to_owned();
        for level in 0..40 {
            let next = level + 1;
            bomb.push_str(&format!("<m id='{level}'><x href='#{next}'/><x href='#{next}'/></m>"));
        }
        bomb.push_str("<m id='40'>lol</m>");
        let error = expanded(&bomb).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Limit { name: "message_size", .. }), "{error}");
    }
}
