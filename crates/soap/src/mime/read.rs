//! [`read`]: a `multipart/related` body as its parts, each a slice of the body.

use bytes::Bytes;
use farcall_wire::{CodecError, ErrorKind, Limits};
use memchr::{memchr, memmem};

use super::{MediaType, Multipart, Part, transfer};

/// Octets that the header of one part may take.
const HEADER: usize = 16 << 10;
/// What RFC 2046, section 5.1.1, allows a boundary at most.
const BOUNDARY: usize = 70;

/// Takes a body of that `Content-Type` apart (RFC 2387; RFC 2046, section 5.1). Parts in `binary`,
/// `8bit` and `7bit` are slices of the body.
///
/// # Errors
/// If it is not `multipart/related`, breaks off, has no root part or one `Content-ID` twice; and
/// limits: on the number of parts (`batch`), and on the size of their headers. The error says at
/// which octet of the body.
pub fn read(content_type: &str, body: &Bytes, limits: &Limits) -> Result<Multipart, CodecError> {
    let ty = MediaType::new(content_type);
    if !ty.is("multipart/related") {
        return Err(structure("the message is not multipart/related", 0));
    }
    let boundary = ty.parameter("boundary").filter(|b| !b.is_empty() && b.len() <= BOUNDARY);
    let boundary = boundary.ok_or_else(|| {
        structure("the Content-Type of the message has no boundary of 1 to 70 characters", 0)
    })?;
    let mut parts = split(body, boundary.as_bytes(), limits)?;
    let start = ty.parameter("start").map(|id| bare(&id).to_owned()).filter(|id| !id.is_empty());
    let root = match &start {
        None => Some(0).filter(|_| !parts.is_empty()),
        Some(id) => parts.iter().position(|part| part.content_id.as_deref() == Some(id)),
    };
    let root =
        root.ok_or_else(|| structure("the message has no part that its parameter 'start' names", 0))?;
    let root = parts.remove(root);
    Ok(Multipart { root, parts })
}

#[cold]
fn structure(what: impl Into<String>, offset: usize) -> CodecError {
    CodecError::new(ErrorKind::Structure(what.into())).at(offset)
}

/// A `Content-ID` without its angle brackets.
pub(super) fn bare(id: &str) -> &str {
    let id = id.trim();
    id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id)
}

/// A line with the boundary: where it and the line break before it begin, and where it ends.
struct Delimiter {
    start: usize,
    end: usize,
    is_last: bool,
}

fn split(body: &Bytes, boundary: &[u8], limits: &Limits) -> Result<Vec<Part>, CodecError> {
    let dashed = [b"--", boundary].concat();
    let finder = memmem::Finder::new(&dashed);
    let next = |from: usize| {
        let delimiter = delimiter(body, &finder, from);
        delimiter.ok_or_else(|| structure("the message breaks off: its last boundary is missing", body.len()))
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut ids = std::collections::HashSet::new();
    let mut before = next(0)?;
    while !before.is_last {
        if parts.len() >= limits.batch {
            return Err(CodecError::limit("batch", limits.batch).at(before.start));
        }
        let after = next(before.end)?;
        let part = part(body, before.end, after.start).map_err(|e| e.at(before.end))?;
        if let Some(id) = &part.content_id
            && !ids.insert(id.clone())
        {
            return Err(structure("a Content-ID that another part has already", before.end));
        }
        parts.push(part);
        before = after;
    }
    Ok(parts)
}

/// The next line that is the boundary, and has at most white space behind it.
fn delimiter(body: &[u8], finder: &memmem::Finder<'_>, from: usize) -> Option<Delimiter> {
    let mut from = from;
    loop {
        let at = from + finder.find(&body[from..])?;
        let mut end = at + finder.needle().len();
        from = end;
        // at the start of the body or of a line; a delimiter's own line break may be the one before
        let line_start = at == 0 || body[at - 1] == b'\n';
        let is_last = body[end..].starts_with(b"--");
        end += if is_last { 2 } else { 0 };
        end += body[end..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let break_len = match &body[end..] {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            [] if is_last => 0,
            _ => continue,
        };
        if line_start {
            return Some(Delimiter { start: at, end: end + break_len, is_last });
        }
    }
}

/// The part between two delimiters; the line break before the second belongs to it.
fn part(body: &Bytes, from: usize, to: usize) -> Result<Part, CodecError> {
    let content_end = match &body[from..to] {
        [.., b'\r', b'\n'] => to - 2,
        [.., b'\n'] => to - 1,
        _ => to,
    };
    let (fields, content) = header(&body[from..to])?;
    let mut part = Part::default();
    let mut encoding = None;
    for (name, value) in fields {
        if name.eq_ignore_ascii_case("content-id") {
            part.content_id = Some(bare(&value).to_owned()).filter(|id| !id.is_empty());
        } else if name.eq_ignore_ascii_case("content-type") {
            part.content_type = value;
        } else if name.eq_ignore_ascii_case("content-transfer-encoding") {
            encoding = Some(value);
        }
    }
    let content = (from + content).min(content_end);
    part.body = transfer::decode(encoding.as_deref(), body.slice(content..content_end))?;
    Ok(part)
}

/// The fields of a part's header, unfolded, and where its content begins.
fn header(part: &[u8]) -> Result<(Vec<(String, String)>, usize), CodecError> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    loop {
        if at > HEADER {
            let what = format!("the header of a part takes more than {HEADER} octets");
            return Err(CodecError::new(ErrorKind::Structure(what)));
        }
        let window = &part[at..part.len().min(at + HEADER + 1)];
        let Some(len) = memchr(b'\n', window) else {
            // without an empty line there is nothing but a header
            return if window.len() > HEADER {
                at += HEADER + 1;
                continue;
            } else {
                Ok((fields, part.len()))
            };
        };
        let line = String::from_utf8_lossy(&window[..len]);
        let line = line.trim_end_matches('\r');
        at += len + 1;
        if line.is_empty() {
            return Ok((fields, at));
        }
        if line.starts_with([' ', '\t']) {
            let Some((_, value)) = fields.last_mut() else {
                return Err(malformed("begins with white space"));
            };
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| malformed("has a line without ':'"))?;
        fields.push((name.trim().to_owned(), value.trim().to_owned()));
    }
}

#[cold]
fn malformed(what: &str) -> CodecError {
    CodecError::new(ErrorKind::Syntax(format!("the header of a part {what}")))
}
