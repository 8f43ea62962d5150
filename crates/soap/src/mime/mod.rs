//! MIME as SOAP uses it: `multipart/related` (RFC 2387) both ways, of which MTOM and SOAP with
//! Attachments are made.
//!
//! ```
//! use bytes::Bytes;
//! use farcall_soap::mime::{self, Part};
//! use farcall_wire::Limits;
//!
//! let root = Part::new("text/xml", "<a href='cid:1@x'/>").with_content_id("root@x");
//! let picture = Part::new("image/png", Bytes::from_static(b"\x89PNG\r\n")).with_content_id("1@x");
//! let (content_type, body) = mime::write(&root, &[picture.clone()], None, "x0x");
//! let message = mime::read(&content_type, &body, &Limits::default())?;
//! assert_eq!((message.root, message.parts), (root, vec![picture]));
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

mod media_type;
mod read;
mod transfer;
mod write;

use bytes::Bytes;

pub use media_type::MediaType;
pub use read::read;
pub use write::write;

/// A part of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// Its `Content-Type` with parameters; empty for none.
    pub content_type: String,
    /// Its `Content-ID`, without angle brackets.
    pub content_id: Option<String>,
    /// Its octets, decoded.
    pub body: Bytes,
}

impl Part {
    /// A part of that type, without a `Content-ID`.
    #[must_use]
    pub fn new(content_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self { content_type: content_type.into(), content_id: None, body: body.into() }
    }

    /// Sets its `Content-ID`, without angle brackets.
    #[must_use]
    pub fn with_content_id(mut self, id: impl Into<String>) -> Self {
        self.content_id = Some(id.into());
        self
    }
}

/// A message of several parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Multipart {
    /// The part where reading begins.
    pub root: Part,
    /// The others in order.
    pub parts: Vec<Part>,
}

/// The `Content-ID` that a URL names (RFC 2392), percent-decoded; `None` for one that is not `cid:`.
///
/// ```
/// assert_eq!(farcall_soap::mime::cid("cid:1%40x").as_deref(), Some("1@x"));
/// assert_eq!(farcall_soap::mime::cid("http://x/"), None);
/// ```
#[must_use]
pub fn cid(url: &str) -> Option<String> {
    let url = url.trim();
    let (scheme, id) = url.split_once(':')?;
    scheme.eq_ignore_ascii_case("cid").then(|| farcall_net::percent_decode(id))
}

/// The URL of a `Content-ID`.
///
/// ```
/// assert_eq!(farcall_soap::mime::cid_url("1 <2>@x"), "cid:1%20%3C2%3E@x");
/// ```
#[must_use]
pub fn cid_url(id: &str) -> String {
    let mut url = "cid:".to_owned();
    for octet in id.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~@".contains(&octet) {
            url.push(char::from(octet));
        } else {
            url.push_str(&format!("%{octet:02X}"));
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use farcall_wire::{CodecError, ErrorKind, Limits};

    use super::*;

    fn parts(ty: &str, body: &str) -> Result<Multipart, CodecError> {
        read(ty, &Bytes::copy_from_slice(body.as_bytes()), &Limits::default().with_batch(3))
    }

    const RELATED: &str = "multipart/related; boundary=b";

    #[test]
    fn what_real_peers_write() {
        for body in [
            "--b\r\nContent-ID: <1>\r\n\r\n1\r\n--b\r\n\r\n2--b--\r\n--b--",
            "preamble --b\r\n--b \t\r\nContent-Id:<1>\r\n\r\n1\r\n--b\r\n\r\n2--b--\r\n--b--\r\nepilogue\r\n--b\r\n",
            "--b\nCONTENT-ID:\n <1>\n\n1\n--b\n\n2--b--\n--b--",
        ] {
            let message = parts(RELATED, body).unwrap();
            assert_eq!(message.root, Part::new("", "1").with_content_id("1"), "{body}");
            assert_eq!(message.parts, [Part::new("", "2--b--")], "{body}");
        }
        let body = "--b\r\n\r\n--bc\r\n-- b\r\n--b";
        let message = parts(RELATED, &format!("{body}\r\nA: b\r\n\r\n--b--")).unwrap();
        assert_eq!(message.root.body, "--bc\r\n-- b");
        assert_eq!(message.parts, [Part::default()]);
        let message = parts(
            "multipart/related; boundary=\"b\"; start=\"<2>\"",
            "--b\r\nContent-ID: <1>\r\n\r\n1\r\n--b\r\nContent-ID: 2\r\nContent-Transfer-Encoding: base64\r\n\r\nMg==\r\n--b--",
        );
        assert_eq!(message.unwrap().root.body, "2");
    }

    #[test]
    fn parts_are_slices_of_the_body() {
        let body = Bytes::from_static(b"--b\r\n\r\n<a/>\r\n--b--");
        let message = read(RELATED, &body, &Limits::default()).unwrap();
        assert_eq!(message.root.body.as_ptr(), body[7..].as_ptr());
    }

    #[test]
    fn what_is_refused() {
        let long = format!("--b\r\n{}\r\n\r\n--b--", "a: b\r\n".repeat(5000));
        for (ty, body, expected) in [
            ("text/xml", "", "not multipart/related"),
            ("multipart/related", "--\r\n----", "no boundary"),
            (RELATED, "", "breaks off"),
            (RELATED, "--b--", "no part"),
            (RELATED, "--b\r\n\r\n<a/>\r\n--b\r\n", "breaks off"),
            (RELATED, "--b\r\n\r\n<a/>\r\n--b-", "breaks off"),
            (RELATED, "--b\r\nno colon\r\n\r\n--b--", "without ':'"),
            (RELATED, "--b\r\n folded: a\r\n\r\n--b--", "white space"),
            (RELATED, "--b\r\nContent-Transfer-Encoding: x\r\n\r\n\r\n--b--", "transfer encoding 'x'"),
            (RELATED, "--b\r\nContent-ID: 1\r\n\r\n\r\n--b\r\nContent-ID: <1>\r\n\r\n\r\n--b--", "already"),
            ("multipart/related; boundary=b; start=1", "--b\r\n\r\n\r\n--b--", "'start'"),
            (RELATED, &long, "16384"),
        ] {
            let error = parts(ty, body).unwrap_err().to_string();
            assert!(error.contains(expected), "{body}: {error}");
        }
        let many = format!("{}--b--", "--b\r\n\r\n\r\n".repeat(4));
        let error = parts(RELATED, &many).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Limit { name: "batch", limit: 3 }), "{error}");
    }
}
