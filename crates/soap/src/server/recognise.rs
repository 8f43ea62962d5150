//! What the head of a request and the beginning of its body tell: that it is SOAP, of which version,
//! and the action.

use std::borrow::Cow;
use std::sync::LazyLock;

use farcall_model::XmlOperation;
use farcall_net::content_type;
use farcall_wire::{Fault, FaultKind};
use farcall_xml::wire::shown;
use http::request::Parts;
use memchr::memmem::Finder;

use crate::Version;
use crate::attachments;
use crate::mime::MediaType;
use crate::version::SOAP_ACTION;

/// The action that a request says: `SOAPAction` of 1.1, the parameter of 1.2's media type; empty if
/// it says none.
pub(super) fn action_of(head: &Parts) -> Cow<'_, str> {
    let of_header = head.headers.get(&SOAP_ACTION).and_then(|value| value.to_str().ok()).map(Cow::Borrowed);
    let action = of_header.or_else(|| attachments::parameter(content_type(head), "action"));
    let bare = |text: &str| text.trim().trim_matches('"').to_owned();
    match action.unwrap_or_default() {
        Cow::Borrowed(action) => Cow::Borrowed(action.trim().trim_matches('"')),
        Cow::Owned(action) => Cow::Owned(bare(&action)),
    }
}

/// The action of a request, if it says one, must be that of its element: whoever lets requests
/// through by their action must not be deceived.
pub(super) fn agrees(action: &str, name: &str, xml: Option<&XmlOperation>) -> Result<(), Fault> {
    let tail = action.rsplit(['#', '/', ':']).next().unwrap_or(action);
    let declared = xml.and_then(|xml| xml.action.as_deref());
    if action.is_empty() || tail == name || declared == Some(action) {
        return Ok(());
    }
    let (action, name) = (shown(action), shown(name));
    let message = format!("the action '{action}' is not that of the element '{name}' in the body");
    Err(Fault::new(FaultKind::InvalidRequest, message))
}

/// The version that a request's head tells, before its envelope is read.
pub(super) fn version_of(head: &Parts) -> Version {
    let ty = MediaType::new(content_type(head));
    let of_12 = |ty: &str| MediaType::new(ty).is(Version::V12.essence());
    let names_12 = |name| ty.parameter(name).is_some_and(|ty| of_12(&ty));
    let is_12 = ty.is(Version::V12.essence()) || names_12("type") || names_12("start-info");
    if is_12 { Version::V12 } else { Version::V11 }
}

/// How far the root element is looked for.
const HEAD: usize = 2048;

/// True if a body's root element is called `Envelope`, whatever its encoding.
pub(super) fn is_envelope(body: &[u8]) -> bool {
    let head = &body[..body.len().min(HEAD)];
    // octets of zero are those of UTF-16 and UTF-32
    let plain = match memchr::memchr(0, head) {
        None => Cow::Borrowed(head),
        Some(_) => Cow::Owned(head.iter().copied().filter(|b| *b != 0).collect()),
    };
    let mut rest = &*plain;
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = &rest[at..];
        let end: &[u8] = if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<!") {
            // a DOCTYPE, which is refused: as SOAP, if that is what it is about
            return memchr::memmem::find(rest, b"Envelope").is_some();
        } else {
            break;
        };
        // each of them ends with a bracket
        let mut ends = memchr::memchr_iter(b'>', rest).map(|at| at + 1);
        let Some(after) = ends.find(|&after| rest[..after].ends_with(end)) else { return false };
        rest = &rest[after..];
    }
    let name = rest.split(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/')).next().unwrap_or_default();
    name == b"<Envelope" || name.ends_with(b":Envelope")
}

/// True for XML-RPC, which some send with the header of SOAP 1.1.
pub(super) fn is_call(body: &[u8]) -> bool {
    static ROOT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("<methodCall"));
    ROOT.find(&body[..body.len().min(HEAD)]).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelopes_are_known_by_their_root() {
        let wide: Vec<u8> = "<e:Envelope/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for body in [
            &b"<Envelope>"[..],
            b"<?xml version='1.0'?>\n<!-- <a> --><s:Envelope xmlns:s='x'>",
            b"\xEF\xBB\xBF<E:Envelope\n>",
            b"<!DOCTYPE e [<!ENTITY a 'b'>]><e:Envelope>",
            &wide,
        ] {
            assert!(is_envelope(body), "{}", String::from_utf8_lossy(body));
        }
        for body in [
            &b""[..],
            b"Envelope",
            b"<methodCall><methodName>s:Envelope</methodName>",
            b"<!-- <Envelope> --><methodCall>",
            b"<a:EnvelopeX>",
            b"<!-- <Envelope>",
        ] {
            assert!(!is_envelope(body), "{}", String::from_utf8_lossy(body));
        }
    }
}
