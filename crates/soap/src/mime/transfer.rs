//! Transfer encodings of parts (RFC 2045, section 6).

use bytes::Bytes;
use farcall_wire::{CodecError, ErrorKind, text};

/// The octets that a part stands for; as they are, without a copy, where it is not encoded.
pub(super) fn decode(encoding: Option<&str>, body: Bytes) -> Result<Bytes, CodecError> {
    let encoding = encoding.unwrap_or("binary").trim();
    let is = |name: &str| encoding.eq_ignore_ascii_case(name);
    if ["binary", "8bit", "7bit"].into_iter().any(is) {
        Ok(body)
    } else if is("base64") {
        let bad = |e: std::str::Utf8Error| CodecError::range("", "base64").with_source(e);
        let text = std::str::from_utf8(&body).map_err(bad)?;
        text::octets(text, "base64").map(Bytes::from)
    } else if is("quoted-printable") {
        quoted_printable(&body).map(Bytes::from)
    } else {
        let shown: String = encoding.chars().take(60).collect();
        let what = format!(
            "a part of the transfer encoding '{shown}'; send binary, 8bit, 7bit, base64 or quoted-printable"
        );
        Err(CodecError::new(ErrorKind::Encoding(what)))
    }
}

/// Section 6.7. White space at the end of a line was added on the way, and is not content.
fn quoted_printable(body: &[u8]) -> Result<Vec<u8>, CodecError> {
    let mut out = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|b| *b == b'\n') {
        let (content, end) = match line {
            [content @ .., b'\r', b'\n'] => (content, &b"\r\n"[..]),
            [content @ .., b'\n'] => (content, &b"\n"[..]),
            content => (content, &b""[..]),
        };
        let content = content.trim_ascii_end();
        let (content, end) = content.strip_suffix(b"=").map_or((content, end), |content| (content, b""));
        let mut rest = content;
        while let Some(at) = memchr::memchr(b'=', rest) {
            out.extend_from_slice(&rest[..at]);
            let octet = rest.get(at + 1..at + 3).and_then(hex);
            let bad =
                || CodecError::new(ErrorKind::Encoding("'=' without two digits in quoted-printable".into()));
            out.push(octet.ok_or_else(bad)?);
            rest = &rest[at + 3..];
        }
        out.extend_from_slice(rest);
        out.extend_from_slice(end);
    }
    Ok(out)
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    let octet = digit(*digits.first()?)? << 4 | digit(*digits.get(1)?)?;
    u8::try_from(octet).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding() {
        let decoded = |encoding: Option<&str>, body: &'static str| {
            decode(encoding, Bytes::from_static(body.as_bytes())).map(|bytes| bytes.to_vec())
        };
        assert_eq!(decoded(None, "a=3D").unwrap(), b"a=3D");
        assert_eq!(decoded(Some(" Binary"), "\u{1}").unwrap(), b"\x01");
        assert_eq!(decoded(Some("BASE64"), "AA\r\nE=").unwrap(), [0, 1]);
        assert_eq!(
            decoded(Some("quoted-printable"), "a=3D=\r\nb \t\r\n=C3=A4\n=").unwrap(),
            "a=b\r\nä\n".as_bytes()
        );
        for (encoding, body) in
            [("quoted-printable", "a=3"), ("quoted-printable", "=XX"), ("base64", "*"), ("x-uu", "")]
        {
            decoded(Some(encoding), body).unwrap_err();
        }
    }
}
