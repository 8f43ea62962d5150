//! Finds out from its first octets what a connection speaks.

use std::io;
use std::sync::Arc;

use bytes::BytesMut;
use tokio::io::AsyncReadExt as _;

use super::{Acceptor, Claim};
use crate::Stream;

/// Nothing has to be longer to be recognised.
const ENOUGH: usize = 64;
/// Most first requests fit, so that they are read with one call and copied once.
const FIRST_READ: usize = 4096;

const HTTP2: &[u8] = b"PRI * HTTP/2.0";

/// What a connection speaks.
pub(crate) enum Spoken {
    Tls,
    Http1,
    Http2,
    Other(Arc<dyn Acceptor>),
    /// The peer closed, having said nothing.
    Nothing,
}

/// Reads until it is clear what the stream speaks; the octets come out of it again.
pub(crate) async fn sniff(
    mut stream: Stream,
    acceptors: &[Arc<dyn Acceptor>],
    tls: bool,
) -> io::Result<(Spoken, Stream)> {
    let mut first = BytesMut::with_capacity(FIRST_READ);
    loop {
        let ended = stream.read_buf(&mut first).await? == 0;
        if first.is_empty() {
            return Ok((Spoken::Nothing, stream));
        }
        let ended = ended || first.len() >= ENOUGH;
        if let Some(spoken) = judge(&first, acceptors, tls, ended) {
            return Ok((spoken, stream.with_read_ahead(first.freeze())));
        }
    }
}

fn judge(first: &[u8], acceptors: &[Arc<dyn Acceptor>], tls: bool, ended: bool) -> Option<Spoken> {
    let mut undecided = false;
    if tls {
        match first {
            [0x16, 0x03, ..] => return Some(Spoken::Tls),
            [0x16] => undecided = true,
            _ => {}
        }
    }
    for acceptor in acceptors {
        match acceptor.claims(first) {
            Claim::Yes => return Some(Spoken::Other(Arc::clone(acceptor))),
            Claim::NeedMore => undecided = true,
            Claim::No => {}
        }
    }
    if first.starts_with(HTTP2) {
        return Some(Spoken::Http2);
    }
    undecided |= HTTP2.starts_with(first);
    // What nobody else claims is HTTP/1, whose parser has the words to refuse it.
    (!undecided || ended).then_some(Spoken::Http1)
}
