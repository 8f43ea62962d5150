//! Connections of a client, in use and idle.
//!
//! A connection is driven by the call that uses it, in the call's own task:
//! no hand-over between tasks, and exact knowledge of whether a request's
//! first octet went out. An idle one is not driven; before it is used again
//! it is asked whether the peer closed it meanwhile.

use std::collections::HashMap;
use std::future::poll_fn;
use std::hash::{Hash, Hasher};
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::uri::Authority;
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::Stream;

/// After that long the peer may have closed without this side having looked.
const LOOK_AFTER: Duration = Duration::from_millis(500);

/// Where a connection leads: TLS or not, and to which host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) secure: bool,
    pub(crate) authority: Authority,
}

impl Hash for Key {
    /// Authorities are equal whatever their case; they are hashed some octets at once, as their own
    /// [`Hash`] does not.
    fn hash<H: Hasher>(&self, state: &mut H) {
        for octets in self.authority.as_str().as_bytes().chunks(32) {
            let mut lower = [0; 32];
            lower[..octets.len()].copy_from_slice(octets);
            lower.make_ascii_lowercase();
            state.write(&lower);
        }
        state.write_u8(self.secure.into());
    }
}

/// True once an octet of the present request was handed to the transport.
pub(crate) type Mark = Arc<AtomicBool>;

/// A stream that notes when it is written to.
pub(crate) struct Marked {
    stream: Stream,
    mark: Mark,
}

impl Marked {
    fn note(&self, written: &Poll<io::Result<usize>>) {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.mark.store(true, Relaxed);
        }
    }
}

impl AsyncRead for Marked {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Marked {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, from);
        self.note(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, from);
        self.note(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// One open connection.
pub(crate) struct Link {
    pub(crate) sender: http1::SendRequest<Full<Bytes>>,
    connection: http1::Connection<TokioIo<Marked>, Full<Bytes>>,
    pub(crate) mark: Mark,
    /// How the connection ended, once it has.
    end: Option<Result<(), hyper::Error>>,
}

impl Link {
    pub(crate) async fn open(stream: Stream) -> Result<Self, hyper::Error> {
        let mark = Mark::default();
        let io = TokioIo::new(Marked { stream, mark: Arc::clone(&mark) });
        let (sender, connection) = http1::Builder::new().handshake(io).await?;
        Ok(Self { sender, connection, mark, end: None })
    }

    /// Runs a future that waits for nothing but this connection, driving both.
    pub(crate) async fn drive<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|cx| {
            // what it waits for happens in a step, after which it is asked in any case: to be woken
            // would have the task run once more for nothing
            let mut unwoken = Context::from_waker(Waker::noop());
            if let Poll::Ready(done) = work.as_mut().poll(&mut unwoken) {
                return Poll::Ready(done);
            }
            self.step(cx);
            work.as_mut().poll(&mut unwoken)
        })
        .await
    }

    fn step(&mut self, cx: &mut Context<'_>) {
        if self.end.is_none()
            && let Poll::Ready(end) = Pin::new(&mut self.connection).poll(cx)
        {
            self.end = Some(end);
        }
    }

    /// True if it can take another request.
    async fn is_usable(&mut self) -> bool {
        poll_fn(|cx| {
            self.step(cx);
            let ready = matches!(self.sender.poll_ready(cx), Poll::Ready(Ok(())));
            Poll::Ready(ready && self.end.is_none())
        })
        .await
    }

    fn has_ended(&self) -> bool {
        self.end.is_some() || self.sender.is_closed()
    }
}

/// Idle connections by where they lead.
pub(crate) struct Pool {
    idle: Mutex<HashMap<Key, Vec<(Link, Instant)>>>,
    keep: usize,
    timeout: Duration,
}

impl Pool {
    pub(crate) fn new(keep: usize, timeout: Duration) -> Self {
        Self { idle: Mutex::default(), keep, timeout }
    }

    /// An idle connection that the peer has not closed.
    pub(crate) async fn take(&self, key: &Key) -> Option<Link> {
        loop {
            let (mut link, since) = self.pop(key)?;
            let idle = since.elapsed();
            if idle > self.timeout {
                continue;
            }
            if idle > LOOK_AFTER {
                // Lets the runtime hear of what the peer did in the meantime.
                tokio::task::yield_now().await;
            }
            if link.is_usable().await {
                link.mark.store(false, Relaxed);
                return Some(link);
            }
        }
    }

    fn pop(&self, key: &Key) -> Option<(Link, Instant)> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // The last one used is the likeliest to be open.
        idle.get_mut(key)?.pop()
    }

    /// Keeps a connection for the next call.
    pub(crate) fn put(&self, key: Key, link: Link) {
        if self.keep == 0 || link.has_ended() {
            return;
        }
        let now = Instant::now();
        let mut closing = Vec::new();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let links = idle.entry(key).or_default();
        // The oldest are in front: drop those that were idle too long, or are too many.
        let old = links.iter().take_while(|(_, since)| now - *since > self.timeout).count();
        let many = (links.len() + 1).saturating_sub(self.keep);
        if old.max(many) > 0 {
            closing.extend(links.drain(..old.max(many)));
        }
        links.push((link, now));
        drop(idle);
        // Sockets close outside the lock.
        drop(closing);
    }
}
