//! [`Stream`]: one type for TCP, unix and TLS byte streams, which can give
//! back bytes that were read to find out what the peer speaks.
//!
//! ```
//! # async fn example() -> std::io::Result<()> {
//! use farcall_net::Stream;
//! use tokio::io::AsyncWriteExt;
//!
//! let tcp = tokio::net::TcpStream::connect("127.0.0.1:2809").await?;
//! let mut stream = Stream::from(tcp);
//! stream.write_all(b"hello").await?;
//! # Ok(()) }
//! ```

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use farcall_wire::Peer;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsStream;

/// A connected byte stream: TCP or unix socket, plain or inside TLS.
#[derive(Debug)]
pub struct Stream {
    io: Io,
    /// Read ahead to recognise the protocol; comes out of the next reads first.
    ahead: Bytes,
    /// Who sees what goes over it.
    tap: Option<Box<dyn StreamTap>>,
}

/// Sees the octets that go over one stream; inside of TLS those that are protected.
pub trait StreamTap: std::fmt::Debug + Send + Sync {
    /// This side sent these.
    fn sent(&mut self, octets: &[u8]);

    /// The other side sent these.
    fn received(&mut self, octets: &[u8]);
}

#[derive(Debug)]
enum Io {
    Tcp(TcpStream),
    Unix(UnixStream),
    Tls(Box<TlsStream<Stream>>),
}

impl From<TcpStream> for Stream {
    fn from(tcp: TcpStream) -> Self {
        Self { io: Io::Tcp(tcp), ahead: Bytes::new(), tap: None }
    }
}

impl From<UnixStream> for Stream {
    fn from(unix: UnixStream) -> Self {
        Self { io: Io::Unix(unix), ahead: Bytes::new(), tap: None }
    }
}

impl Stream {
    pub(crate) fn tls(tls: TlsStream<Self>) -> Self {
        Self { io: Io::Tls(Box::new(tls)), ahead: Bytes::new(), tap: None }
    }

    /// Has what goes over it from here on be seen.
    #[must_use]
    pub fn with_tap(self, tap: Box<dyn StreamTap>) -> Self {
        Self { tap: Some(tap), ..self }
    }

    /// Puts bytes back, so that the next reads return them again.
    #[must_use]
    pub fn with_read_ahead(mut self, bytes: Bytes) -> Self {
        self.ahead =
            if self.ahead.is_empty() { bytes } else { [bytes.as_ref(), self.ahead.as_ref()].concat().into() };
        self
    }

    /// Where the other side is.
    #[must_use]
    pub fn peer(&self) -> Peer {
        match &self.io {
            // one that is connected no more has no address; it will not be read from either
            Io::Tcp(tcp) => tcp.peer_addr().map_or(Peer::Unix, Peer::Tcp),
            Io::Unix(_) => Peer::Unix,
            Io::Tls(tls) => tls.get_ref().0.peer(),
        }
    }

    /// True inside TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        matches!(self.io, Io::Tls(_))
    }

    /// The application protocol that TLS negotiated, such as `h2`.
    #[must_use]
    pub fn alpn(&self) -> Option<&[u8]> {
        match &self.io {
            Io::Tls(tls) => tls.get_ref().1.alpn_protocol(),
            Io::Tcp(_) | Io::Unix(_) => None,
        }
    }

    /// The certificates that the peer showed in TLS, its own first, as DER.
    #[must_use]
    pub fn peer_certificates(&self) -> Vec<Bytes> {
        match &self.io {
            Io::Tls(tls) => tls
                .get_ref()
                .1
                .peer_certificates()
                .unwrap_or_default()
                .iter()
                .map(|der| Bytes::copy_from_slice(der))
                .collect(),
            Io::Tcp(_) | Io::Unix(_) => Vec::new(),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.ahead.is_empty() {
            let length = self.ahead.len().min(into.remaining());
            into.put_slice(&self.ahead[..length]);
            self.ahead.advance(length);
            return Poll::Ready(Ok(()));
        }
        let before = into.filled().len();
        let read = match &mut self.io {
            Io::Tcp(io) => Pin::new(io).poll_read(cx, into),
            Io::Unix(io) => Pin::new(io).poll_read(cx, into),
            Io::Tls(io) => Pin::new(io.as_mut()).poll_read(cx, into),
        };
        if let (Some(tap), Poll::Ready(Ok(()))) = (&mut self.tap, &read) {
            tap.received(&into.filled()[before..]);
        }
        read
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let written = match &mut self.io {
            Io::Tcp(io) => Pin::new(io).poll_write(cx, from),
            Io::Unix(io) => Pin::new(io).poll_write(cx, from),
            Io::Tls(io) => Pin::new(io.as_mut()).poll_write(cx, from),
        };
        if let (Some(tap), Poll::Ready(Ok(octets))) = (&mut self.tap, &written) {
            tap.sent(&from[..*octets]);
        }
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = match &mut self.io {
            Io::Tcp(io) => Pin::new(io).poll_write_vectored(cx, from),
            Io::Unix(io) => Pin::new(io).poll_write_vectored(cx, from),
            Io::Tls(io) => Pin::new(io.as_mut()).poll_write_vectored(cx, from),
        };
        if let (Some(tap), Poll::Ready(Ok(octets))) = (&mut self.tap, &written) {
            let mut left = *octets;
            for part in from {
                let taken = left.min(part.len());
                tap.sent(&part[..taken]);
                left -= taken;
            }
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        match &self.io {
            Io::Tcp(io) => io.is_write_vectored(),
            Io::Unix(io) => io.is_write_vectored(),
            Io::Tls(io) => io.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.io {
            // The kernel's sockets have nothing to flush.
            Io::Tcp(_) | Io::Unix(_) => Poll::Ready(Ok(())),
            Io::Tls(io) => Pin::new(io.as_mut()).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.io {
            Io::Tcp(io) => Pin::new(io).poll_shutdown(cx),
            Io::Unix(io) => Pin::new(io).poll_shutdown(cx),
            Io::Tls(io) => Pin::new(io.as_mut()).poll_shutdown(cx),
        }
    }
}
