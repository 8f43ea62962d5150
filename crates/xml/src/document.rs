//! From the bytes of a message to text: which encoding they are in, and decoding it strictly.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, X_USER_DEFINED};

use crate::chars::{SPACE, is};
use crate::declaration;
use crate::error::{Error, ErrorKind};

/// How far an XML declaration is looked for.
const DECLARATION_MAX: usize = 1024;

/// The text of a document, as the reader takes it, without its byte order mark.
///
/// Nothing may stand before an XML declaration (XML 1.0, section 2.8), but real servers' scripts send
/// a blank line first: white space there is left out too, and offsets count from the declaration.
/// Anything else there, a comment for one, is for the reader to refuse.
///
/// The encoding is what the byte order mark says, else `charset` (the parameter of the message's
/// `Content-Type`), else the XML declaration, else UTF-8 (XML 1.0, section 4.3.3 and appendix F;
/// RFC 7303, section 3). UTF-8 is borrowed. Besides it ISO-8859-1, US-ASCII, UTF-16 and the
/// encodings of the WHATWG standard are known.
///
/// # Errors
/// [`ErrorKind::UnknownEncoding`] and [`ErrorKind::Malformed`]; nothing is replaced or guessed. The
/// offset is that of the bad byte in `bytes`.
///
/// ```
/// use farcall_xml::decode_document;
///
/// let latin1 = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>";
/// assert!(decode_document(latin1, None)?.ends_with("<a>é</a>"));
/// assert_eq!(decode_document(b"<a>\xE9</a>", None).unwrap_err().offset(), 3);
/// assert_eq!(decode_document(b"\r\n<?xml version='1.0'?><a/>", None)?, "<?xml version='1.0'?><a/>");
/// # Ok::<(), farcall_xml::Error>(())
/// ```
pub fn decode_document<'b>(bytes: &'b [u8], charset: Option<&str>) -> Result<Cow<'b, str>, Error> {
    Ok(match decode_whole(bytes, charset)? {
        Cow::Borrowed(text) => Cow::Borrowed(&text[blank(text.as_bytes())..]),
        Cow::Owned(mut text) => {
            text.drain(..blank(text.as_bytes()));
            Cow::Owned(text)
        }
    })
}

/// How many bytes of white space stand before the XML declaration.
fn blank(bytes: &[u8]) -> usize {
    let space = bytes.iter().take_while(|&&b| is(b, SPACE)).count();
    if declaration::begins(&bytes[space..]) { space } else { 0 }
}

fn decode_whole<'b>(bytes: &'b [u8], charset: Option<&str>) -> Result<Cow<'b, str>, Error> {
    // UTF-32 LE begins with the mark of UTF-16 LE
    if bytes.starts_with(&[0, 0, 0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE, 0, 0]) {
        return Err(unknown("UTF-32"));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode(&bytes[mark..], mark, encoding);
    }
    let charset = charset.map(|name| name.trim_matches([' ', '\t', '"', '\'']));
    if let Some(name) = charset.filter(|name| !name.is_empty()) {
        return decode_named(bytes, name);
    }
    match bytes {
        [b'<', 0, ..] => return decode(bytes, 0, UTF_16LE),
        [0, b'<', ..] => return decode(bytes, 0, UTF_16BE),
        _ => {}
    }
    match declared(bytes) {
        // read byte by byte, the declaration cannot be in what it claims
        Some(name) if is_utf16(name) => Err(Error::new(ErrorKind::Malformed { encoding: "UTF-16" }, 0)),
        Some(name) => decode_named(bytes, name),
        None => decode(bytes, 0, UTF_8),
    }
}

/// The encoding that an XML declaration in ASCII names.
fn declared(bytes: &[u8]) -> Option<&str> {
    let bytes = &bytes[blank(bytes)..];
    if !declaration::begins(bytes) {
        return None;
    }
    let head = &bytes[..bytes.len().min(DECLARATION_MAX)];
    let end = memchr::memchr_iter(b'>', head).map(|at| at + 1).find(|&end| head[..end].ends_with(b"?>"))?;
    let text = std::str::from_utf8(&head[..end]).ok()?;
    // what is wrong with a declaration is for the reader to say
    declaration::parse(text).ok()?.encoding
}

fn is_utf16(name: &str) -> bool {
    name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("utf-16"))
}

fn decode_named<'b>(bytes: &'b [u8], name: &str) -> Result<Cow<'b, str>, Error> {
    if name.eq_ignore_ascii_case("utf-8") {
        return decode(bytes, 0, UTF_8);
    }
    let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    // to WHATWG these two are windows-1252; a message that names them means them
    if is(&["iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "l1"]) {
        return Ok(encoding_rs::mem::decode_latin1(bytes));
    }
    if is(&["us-ascii", "ascii"]) {
        return match bytes.iter().position(|b| !b.is_ascii()) {
            Some(at) => Err(Error::new(ErrorKind::Malformed { encoding: "US-ASCII" }, at)),
            None => decode(bytes, 0, UTF_8),
        };
    }
    // without a mark UTF-16 is big-endian (RFC 2781, section 4.3), unless it visibly is not
    if name.eq_ignore_ascii_case("utf-16") && !bytes.starts_with(b"<\0") {
        return decode(bytes, 0, UTF_16BE);
    }
    match Encoding::for_label_no_replacement(name.as_bytes()) {
        Some(encoding) if encoding != REPLACEMENT && encoding != X_USER_DEFINED => decode(bytes, 0, encoding),
        _ => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> Error {
    // the name comes from the message: keep no more of it than helps
    Error::new(ErrorKind::UnknownEncoding(name.chars().take(64).collect()), 0)
}

/// Decodes strictly; `base` is the offset of `bytes` in the document.
fn decode<'b>(bytes: &'b [u8], base: usize, encoding: &'static Encoding) -> Result<Cow<'b, str>, Error> {
    let malformed = |at| Error::new(ErrorKind::Malformed { encoding: encoding.name() }, base + at);
    if encoding == UTF_8 {
        let text = std::str::from_utf8(bytes).map_err(|e| malformed(e.valid_up_to()))?;
        return Ok(Cow::Borrowed(text));
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = String::new();
    let mut read = 0;
    loop {
        let rest = &bytes[read..];
        let room = decoder.max_utf8_buffer_length_without_replacement(rest.len());
        out.reserve(room.unwrap_or(rest.len()));
        let (result, taken) = decoder.decode_to_string_without_replacement(rest, &mut out, true);
        read += taken;
        match result {
            DecoderResult::InputEmpty => return Ok(Cow::Owned(out)),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(bad, after) => {
                return Err(malformed(read.saturating_sub(usize::from(bad) + usize::from(after))));
            }
        }
    }
}
