//! Octets beside the XML of a message: XOP and MTOM (W3C Recommendations of 2005), and SOAP with
//! Attachments (W3C Note of 2000) as far as elements refer to parts by `cid:`.
//!
//! Reading, the codec is given the parts and hands out slices of the message; writing, it sets
//! octets of at least a threshold aside and leaves an `xop:Include` in their place.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use farcall_wire::{CodecError, ErrorKind, Limits};

use crate::Version;
use crate::message;
use crate::mime::{self, MediaType, Multipart, Part};
use crate::random::token;

/// The namespace of `Include`.
pub(crate) const XOP: &str = "http://www.w3.org/2004/08/xop/include";
/// The media type of a root part that has `Include`s.
const XOP_XML: &str = "application/xop+xml";

/// The parts that an envelope came with.
#[derive(Debug)]
pub(crate) struct Received {
    parts: HashMap<String, Bytes>,
    /// Whether the envelope may have `Include`s.
    is_xop: bool,
}

impl Received {
    /// True if the sender packs messages by XOP, and so reads such.
    pub(crate) fn is_xop(&self) -> bool {
        self.is_xop
    }

    /// The octets that a URL stands for; the only scheme is `cid:`.
    pub(crate) fn resolve(&self, url: &str) -> Result<Bytes, CodecError> {
        let shown = || url.chars().take(80).collect::<String>();
        let Some(id) = mime::cid(url) else {
            let what = format!("octets are referred to by cid: alone, not by '{}'", shown());
            return Err(CodecError::new(ErrorKind::Structure(what)));
        };
        self.parts.get(&id).cloned().ok_or_else(|| {
            let what = format!("the message has no part of the Content-ID that '{}' refers to", shown());
            CodecError::new(ErrorKind::Structure(what))
        })
    }
}

/// The envelope of a message, and what came with it.
#[derive(Debug)]
pub(crate) struct Opened<'b> {
    /// The octets of the envelope, and their character encoding.
    envelope: Cow<'b, Bytes>,
    charset: Option<Cow<'b, str>>,
    pub(crate) received: Option<Arc<Received>>,
}

impl<'b> Opened<'b> {
    /// The body of a message of that `Content-Type`, taken apart if it has several parts.
    ///
    /// # Errors
    /// As [`mime::read`].
    pub(crate) fn new(content_type: &'b str, body: &'b Bytes, limits: &Limits) -> Result<Self, CodecError> {
        let usual = [Version::V11.content_type(), Version::V12.content_type()];
        if usual.contains(&content_type) {
            let charset = Some(Cow::Borrowed("utf-8"));
            return Ok(Self { envelope: Cow::Borrowed(body), charset, received: None });
        }
        let ty = MediaType::new(content_type);
        if !is_multipart(content_type) {
            let charset = ty.parameter("charset");
            return Ok(Self { envelope: Cow::Borrowed(body), charset, received: None });
        }
        let Multipart { root, parts } = mime::read(content_type, body, limits)?;
        let ty = MediaType::new(&root.content_type);
        let charset = ty.parameter("charset").map(|name| Cow::Owned(name.into_owned()));
        let is_xop = ty.is(XOP_XML);
        let parts = parts.into_iter().filter_map(|part| Some((part.content_id?, part.body))).collect();
        let received = Some(Arc::new(Received { parts, is_xop }));
        Ok(Self { envelope: Cow::Owned(root.body), charset, received })
    }

    /// The envelope's text.
    ///
    /// # Errors
    /// As [`message::text`].
    pub(crate) fn text(&self) -> Result<Cow<'_, str>, CodecError> {
        message::text(&self.envelope, self.charset.as_deref())
    }
}

/// True for the type of a message of several parts.
pub(crate) fn is_multipart(content_type: &str) -> bool {
    MediaType::new(content_type).is("multipart/related")
}

/// The value of a parameter that messages of one part have in their `Content-Type`, and those of
/// several in theirs or in that of the root, which `start-info` repeats (XOP 1.0, section 4.1).
pub(crate) fn parameter<'t>(content_type: &'t str, name: &str) -> Option<Cow<'t, str>> {
    let ty = MediaType::new(content_type);
    ty.parameter(name).or_else(|| {
        let info = ty.parameter("start-info")?;
        MediaType::new(&info).parameter(name).map(|value| Cow::Owned(value.into_owned()))
    })
}

/// Octets that are set aside while an envelope is written, and parts given by the application.
#[derive(Debug)]
pub(crate) struct Aside {
    /// Octets fewer than that stay in the XML.
    threshold: usize,
    /// What tells the identifiers of this message from those of others.
    token: String,
    parts: Vec<Part>,
    is_used: bool,
}

impl Aside {
    /// Nothing but an application's own parts.
    pub(crate) fn new(threshold: usize, parts: &[Part]) -> Self {
        Self { threshold, token: token(), parts: parts.to_vec(), is_used: false }
    }

    /// Whether so many octets are set aside.
    pub(crate) fn takes(&self, len: usize) -> bool {
        len >= self.threshold
    }

    /// Sets octets aside, unless a part has these very ones already: the URL that stands for them.
    pub(crate) fn put(&mut self, octets: Bytes) -> String {
        self.is_used = true;
        let same = |part: &&Part| part.body.as_ptr() == octets.as_ptr() && part.body.len() == octets.len();
        if let Some(id) = self.parts.iter().find(same).and_then(|part| part.content_id.as_ref()) {
            return mime::cid_url(id);
        }
        let id = format!("{}.{}@farcall", self.parts.len() + 1, self.token);
        let url = mime::cid_url(&id);
        self.parts.push(Part::new("application/octet-stream", octets).with_content_id(id));
        url
    }

    /// True if the envelope refers to something that was set aside.
    pub(crate) fn is_used(&self) -> bool {
        self.is_used
    }
}

/// Makes one message of an envelope and what was set aside while it was written (MTOM, section 3.2):
/// its `Content-Type` and its octets.
pub(crate) fn pack_xop(
    version: Version,
    action: Option<&str>,
    envelope: Vec<u8>,
    aside: Aside,
) -> (String, Bytes) {
    let info = version.essence();
    let mut root = format!("{XOP_XML}; charset=UTF-8; type=\"{info}\"");
    let mut tail = String::new();
    if let Some(action) = action.filter(|_| version == Version::V12) {
        let _ = write!(tail, "; action=\"{}\"", action.replace(['"', '\\'], ""));
        root.push_str(&tail);
    }
    let boundary = format!("farcall-{}", aside.token);
    let root = Part::new(root, envelope).with_content_id(format!("0.{}@farcall", aside.token));
    let (content_type, body) = mime::write(&root, &aside.parts, Some(info), &boundary);
    (content_type + &tail, body)
}

/// Makes one message of an envelope and an application's own parts (SOAP with Attachments, section 3).
pub(crate) fn pack_plain(version: Version, envelope: Vec<u8>, parts: &[Part]) -> (String, Bytes) {
    let token = token();
    let root = Part::new(version.content_type(), envelope).with_content_id(format!("0.{token}@farcall"));
    mime::write(&root, parts, None, &format!("farcall-{token}"))
}
