//! Reads and decodes HTTP bodies within bounds on size, memory and time.

use std::io::{self, Read};
use std::pin::{Pin, pin};
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use http_body::Body;
use tokio::time::{Instant, Sleep, sleep_until};

/// A sender that stays under this many octets a second is too slow.
const SLOWEST: u64 = 16 << 10;
/// Bodies up to this size are not counted against the memory of all.
const SMALL: usize = 64 << 10;
/// Decoding gives way to other tasks after so many octets.
const TURN: usize = 1 << 20;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why there is no body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is larger than {limit} octets (limit message_size)")]
    TooLarge { limit: usize },
    #[error("the bodies of all calls take more than the server's memory for them (limit body_memory)")]
    Memory,
    #[error("the body came too slowly (limit body_read_timeout)")]
    Slow,
    #[error("the body broke off: {0}")]
    Broken(BoxError),
    #[error("the body is not valid {encoding}: {source}")]
    Encoding { encoding: &'static str, source: io::Error },
    #[error("the content encoding {0:?} is not supported; send gzip, deflate or none")]
    Unsupported(String),
}

/// Reads all of a body. A body that arrives in one piece is not copied.
///
/// `budget` is told of octets held, and says no when all bodies together are too many.
pub(crate) async fn collect<B>(
    body: B,
    limit: usize,
    patience: Option<Duration>,
    budget: &mut (impl FnMut(usize) -> bool + Send),
) -> Result<Bytes, BodyError>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    let expected = body.size_hint().lower();
    if expected > limit as u64 {
        return Err(BodyError::TooLarge { limit });
    }
    let mut body = pin!(body);
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let mut pace = patience.map(Pace::new);
    let Some(first) = next(body.as_mut(), &mut pace, 0).await? else { return Ok(Bytes::new()) };
    if first.len() > limit {
        return Err(BodyError::TooLarge { limit });
    }
    if body.is_end_stream() {
        return Ok(first);
    }
    let declared = usize::try_from(expected).unwrap_or(limit);
    let mut all = Rope { data: BytesMut::new(), declared, limit };
    let mut piece = first;
    // Never trust a declared length with more than one small buffer.
    let first_size = declared.min(SMALL).max(piece.len());
    all.data.reserve(first_size);
    loop {
        all.push(&piece, budget)?;
        match next(body.as_mut(), &mut pace, all.data.len()).await? {
            Some(more) => piece = more,
            None => return Ok(all.data.freeze()),
        }
        if body.is_end_stream() {
            all.push(&piece, budget)?;
            return Ok(all.data.freeze());
        }
    }
}

struct Rope {
    data: BytesMut,
    /// How many octets there will be, if that is true; zero if it is not said.
    declared: usize,
    limit: usize,
}

impl Rope {
    fn push(
        &mut self,
        piece: &[u8],
        budget: &mut (impl FnMut(usize) -> bool + Send),
    ) -> Result<(), BodyError> {
        if piece.len() > self.limit - self.data.len() {
            return Err(BodyError::TooLarge { limit: self.limit });
        }
        let after = self.data.len() + piece.len();
        if after > SMALL && !budget(after - self.data.len().max(SMALL)) {
            return Err(BodyError::Memory);
        }
        let has_room = self.data.capacity() - self.data.len() >= piece.len();
        // a declared length is believed once an eighth of it came: to double the room again and again
        // copies a large body, and holds it twice
        if !has_room && self.declared > after && after >= self.declared / 8 {
            self.data.reserve(self.declared - self.data.len());
        }
        self.data.extend_from_slice(piece);
        Ok(())
    }
}

/// Arms a timer only when a body makes one wait.
struct Pace {
    patience: Duration,
    timer: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Pace {
    fn new(patience: Duration) -> Self {
        Self { patience, timer: None }
    }
}

async fn next<B>(
    mut body: Pin<&mut B>,
    pace: &mut Option<Pace>,
    received: usize,
) -> Result<Option<Bytes>, BodyError>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    std::future::poll_fn(|cx| {
        use std::task::Poll::{Pending, Ready};
        loop {
            match body.as_mut().poll_frame(cx) {
                Ready(None) => return Ready(Ok(None)),
                Ready(Some(Err(error))) => return Ready(Err(BodyError::Broken(error.into()))),
                Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(mut data) => return Ready(Ok(Some(data.copy_to_bytes(data.remaining())))),
                    Err(_trailers) => {}
                },
                Pending => break,
            }
        }
        let Some(Pace { patience, timer }) = pace else { return Pending };
        let (begun, sleep) = timer.get_or_insert_with(|| {
            let now = Instant::now();
            (now, Box::pin(sleep_until(now + *patience)))
        });
        while sleep.as_mut().poll(cx).is_ready() {
            let allowed = *patience + Duration::from_secs(received as u64 / SLOWEST);
            if begun.elapsed() >= allowed {
                return Ready(Err(BodyError::Slow));
            }
            sleep.as_mut().reset(*begun + allowed);
        }
        Pending
    })
    .await
}

/// Undoes the content encoding, within the limit.
pub(crate) async fn decode(
    body: Bytes,
    headers: &HeaderMap,
    limit: usize,
    budget: &mut (impl FnMut(usize) -> bool + Send),
) -> Result<Bytes, BodyError> {
    let Some(encoding) = headers.get(CONTENT_ENCODING) else { return Ok(body) };
    let name = encoding.as_bytes().trim_ascii();
    if name.is_empty() || name.eq_ignore_ascii_case(b"identity") {
        Ok(body)
    } else if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") {
        inflate(MultiGzDecoder::new(&*body), "gzip", limit, budget).await
    } else if name.eq_ignore_ascii_case(b"deflate") {
        // By RFC 9110 it is zlib, yet some send deflate bare.
        if matches!(*body, [first, second, ..]
            if first & 0x0f == 8 && u16::from_be_bytes([first, second]) % 31 == 0)
        {
            inflate(ZlibDecoder::new(&*body), "deflate", limit, budget).await
        } else {
            inflate(DeflateDecoder::new(&*body), "deflate", limit, budget).await
        }
    } else {
        Err(BodyError::Unsupported(String::from_utf8_lossy(name).into_owned()))
    }
}

async fn inflate(
    mut decoder: impl Read + Send,
    encoding: &'static str,
    limit: usize,
    budget: &mut (impl FnMut(usize) -> bool + Send),
) -> Result<Bytes, BodyError> {
    let mut all = Rope { data: BytesMut::new(), declared: 0, limit };
    let mut piece = vec![0; 32 << 10];
    let mut turn = 0;
    loop {
        match decoder.read(&mut piece) {
            Ok(0) => return Ok(all.data.freeze()),
            Ok(length) => {
                all.push(&piece[..length], budget)?;
                turn += length;
            }
            Err(source) if source.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(BodyError::Encoding { encoding, source }),
        }
        if turn >= TURN {
            turn = 0;
            tokio::task::yield_now().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_length_is_believed_once_an_eighth_came() {
        // no power of two, which doubling would come to as well
        let declared = 5 << 20;
        let mut all = Rope { data: BytesMut::new(), declared, limit: 8 << 20 };
        let piece = vec![7; 64 << 10];
        let mut capacities = Vec::new();
        for _ in 0..declared / piece.len() {
            all.push(&piece, &mut |_| true).unwrap();
            capacities.push(all.data.capacity());
        }
        assert!(capacities[6] < declared / 4, "{capacities:?}");
        assert_eq!(capacities.last(), Some(&declared), "{capacities:?}");
        // and more than that is no error: limits are for that
        assert!(all.push(&piece, &mut |_| true).is_ok());
    }
}
