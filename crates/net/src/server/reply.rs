//! Replies that net itself writes, and their compression.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{self, HeaderValue};
use http::request::Parts;
use http::{Response, StatusCode};

/// A page of that type.
pub(crate) fn page(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let mut reply = Response::new(body.into());
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    reply
}

/// A reply in plain text.
pub(crate) fn plain(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    page(status, "text/plain; charset=utf-8", body)
}

/// Compresses a reply of at least that many octets if the caller takes gzip.
pub(crate) fn compress(mut reply: Response<Bytes>, head: &Parts, least: usize) -> Response<Bytes> {
    if reply.body().len() < least
        || reply.headers().contains_key(header::CONTENT_ENCODING)
        || !takes_gzip(head)
    {
        return reply;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(reply.body().len() / 4), Compression::fast());
    let compressed = encoder.write_all(reply.body()).and_then(|()| encoder.finish());
    // Writing to memory does not fail; if it did, the reply goes as it is.
    if let Ok(compressed) = compressed {
        *reply.body_mut() = compressed.into();
        let headers = reply.headers_mut();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.remove(header::CONTENT_LENGTH);
    }
    reply
}

/// True if `Accept-Encoding` names gzip without a weight of zero (RFC 9110, §12.5.3).
fn takes_gzip(head: &Parts) -> bool {
    head.headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, ""));
            let refused = weight
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0));
            name.trim().eq_ignore_ascii_case("gzip") && !refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(accept: &str) -> Parts {
        http::Request::builder().header("accept-encoding", accept).body(()).unwrap().into_parts().0
    }

    #[test]
    fn compresses_only_what_is_large_and_wanted() {
        let large = || plain(StatusCode::OK, vec![b'a'; 5000]);
        let small = compress(large(), &head("deflate, GZIP;q=0.5"), 1024);
        assert_eq!(small.headers()["content-encoding"], "gzip");
        assert!(small.body().len() < 200);
        assert_eq!(compress(large(), &head("gzip;q=0"), 1024).body().len(), 5000);
        assert_eq!(compress(large(), &head("br"), 1024).body().len(), 5000);
        assert_eq!(compress(large(), &head("gzip"), 6000).body().len(), 5000);
    }
}
