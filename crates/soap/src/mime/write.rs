//! [`write`]: parts as one `multipart/related` body.

use bytes::Bytes;

use super::Part;
use super::media_type::quoted;

/// A body of parts, the root first, and its `Content-Type` (RFC 2387). `start_info` is for whoever
/// reads the root; `boundary` must not be in any part, and is best random.
#[must_use]
pub fn write(root: &Part, parts: &[Part], start_info: Option<&str>, boundary: &str) -> (String, Bytes) {
    let size = |part: &Part| part.body.len() + part.content_type.len() + boundary.len() + 256;
    let all = || std::iter::once(root).chain(parts);
    let mut out = Vec::with_capacity(all().map(size).sum::<usize>());
    for part in all() {
        let head = format!("--{boundary}\r\n");
        out.extend_from_slice(head.as_bytes());
        field(&mut out, "Content-Type", &part.content_type);
        field(&mut out, "Content-Transfer-Encoding", "binary");
        if let Some(id) = &part.content_id {
            field(&mut out, "Content-ID", &format!("<{id}>"));
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&part.body);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let essence = super::MediaType::new(&root.content_type).essence();
    let mut ty = format!("multipart/related; type={}; boundary={}", quoted(essence), quoted(boundary));
    for (name, value) in [
        ("start", root.content_id.as_ref().map(|id| format!("<{id}>"))),
        ("start-info", start_info.map(str::to_owned)),
    ] {
        if let Some(value) = value {
            ty.push_str(&format!("; {name}={}", quoted(&value)));
        }
    }
    (ty, Bytes::from(out))
}

/// A field of a part's header; what would end its line is left out.
fn field(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend(value.bytes().filter(|b| !b.is_ascii_control()));
    out.extend_from_slice(b"\r\n");
}
