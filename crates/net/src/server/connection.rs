//! One accepted connection from its first octets to its end.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use farcall_wire::Peer;
use http::{Response, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::activity::{Activity, Expired, Watchdog, Watched};
use super::dispatch::{Caller, Dispatch};
use super::drain::DrainWatch;
use super::sniff::{Spoken, sniff};
use super::{Acceptor, CallGate, Connection, ReplyBody};
use crate::{Certificate, Stream};

/// What all connections of a server share.
pub(crate) struct Shared {
    pub(crate) dispatch: Arc<Dispatch>,
    pub(crate) acceptors: Vec<Arc<dyn Acceptor>>,
    pub(crate) tls: Option<TlsAcceptor>,
    /// Callers have to show a certificate, which those without TLS cannot.
    pub(crate) tls_only: bool,
}

/// Serves a connection to its end.
pub(crate) async fn serve(shared: Arc<Shared>, stream: Stream, peer: Peer) {
    let _open = shared.dispatch.gauges.connection();
    let patience = shared.dispatch.limits.header_read_timeout;
    let mut drain = shared.dispatch.drain.watch();
    let recognised = tokio::select! {
        recognised = timeout(patience, recognise(&shared, stream)) => recognised,
        () = drain.closing() => return,
    };
    let (spoken, stream) = match recognised {
        Ok(Ok(recognised)) => recognised,
        Ok(Err(error)) => return tracing::debug!(%peer, %error, "connection lost at its beginning"),
        Err(_) => {
            shared.dispatch.gauges.refused("silent");
            return tracing::debug!(%peer, "connection said nothing in time (limit header_read_timeout)");
        }
    };
    let certificate = Certificate::new(stream.peer_certificates()).map(Arc::new);
    match spoken {
        Spoken::Nothing | Spoken::Tls => {}
        Spoken::Other(acceptor) => {
            let limits = Arc::clone(&shared.dispatch.limits.call);
            let gate =
                CallGate { gate: Arc::clone(&shared.dispatch.gate), memory: shared.dispatch.memory.clone() };
            acceptor.serve(stream, Connection { peer, certificate, limits, gate, drain }).await;
        }
        Spoken::Http1 => http1(&shared.dispatch, stream, Caller { peer, certificate }, drain).await,
        Spoken::Http2 => http2(&shared.dispatch, stream, Caller { peer, certificate }, drain).await,
    }
}

/// What a caller over plain HTTP gets where certificates are required.
const TLS_ONLY: &[u8] = b"HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-type: text/plain\r\n\
    content-length: 66\r\n\r\ncallers have to show a certificate: use https with a certificate.\n";

async fn recognise(shared: &Shared, stream: Stream) -> std::io::Result<(Spoken, Stream)> {
    let (spoken, mut stream) = sniff(stream, &shared.acceptors, shared.tls.is_some()).await?;
    let (Spoken::Tls, Some(tls)) = (&spoken, &shared.tls) else {
        if shared.tls_only && !matches!(spoken, Spoken::Nothing) {
            shared.dispatch.gauges.refused("plain");
            if matches!(spoken, Spoken::Http1) {
                stream.write_all(TLS_ONLY).await?;
            }
            stream.shutdown().await?;
            return Ok((Spoken::Nothing, stream));
        }
        return Ok((spoken, stream));
    };
    let stream = Stream::tls(tls.accept(stream).await?.into());
    if stream.alpn() == Some(b"h2") {
        return Ok((Spoken::Http2, stream));
    }
    sniff(stream, &shared.acceptors, false).await
}

/// Marks a call in the connection's activity for as long as it runs.
struct Running<'a>(&'a Activity, bool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.end(self.1);
    }
}

async fn answer(
    dispatch: &Dispatch,
    request: http::Request<Incoming>,
    caller: &Caller,
    activity: &Activity,
) -> Result<Response<ReplyBody>, Infallible> {
    activity.begin();
    let mut running = Running(activity, false);
    let reply = dispatch.answer(request, caller).await;
    running.1 = reply.headers().get(header::CONNECTION).is_some_and(|value| value == "close");
    Ok(reply.map(ReplyBody))
}

async fn http1(dispatch: &Arc<Dispatch>, stream: Stream, caller: Caller, mut drain: DrainWatch) {
    let activity = Arc::new(Activity::default());
    let watched = Watched::new(stream, Arc::clone(&activity));
    let service = service_fn(|request| answer(dispatch, request, &caller, &activity));
    let mut connection = hyper::server::conn::http1::Builder::new()
        .max_buf_size(dispatch.limits.header_size.max(8192))
        .serve_connection(TokioIo::new(watched), service);
    let mut watchdog = Watchdog::new(&dispatch.limits);
    let mut draining = false;
    let end = poll_fn(|cx| {
        if !draining && drain.poll(cx).is_ready() {
            draining = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        if let Poll::Ready(done) = Pin::new(&mut connection).poll(cx) {
            return Poll::Ready(Ok(done));
        }
        watchdog.poll(&activity, cx).map(Err)
    })
    .await;
    match end {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(peer = %caller.peer, %error, "connection ended"),
        Err(expired) => {
            tracing::debug!(peer = %caller.peer, ?expired, "connection took too long");
            if expired == Expired::Head {
                dispatch.gauges.refused("slow");
                too_slow(connection.into_parts().io.into_inner().into_stream()).await;
            }
        }
    }
}

/// Tells a peer whose request head never ended why its connection does.
async fn too_slow(mut stream: Stream) {
    const REPLY: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let told = timeout(Duration::from_secs(1), async {
        stream.write_all(REPLY).await?;
        stream.shutdown().await
    });
    // The peer may be gone, and it is not waited for.
    let _ = told.await;
}

async fn http2(dispatch: &Arc<Dispatch>, stream: Stream, caller: Caller, mut drain: DrainWatch) {
    let activity = Arc::new(Activity::multiplexed());
    let watched = Watched::new(stream, Arc::clone(&activity));
    let shared = Arc::new((Arc::clone(dispatch), caller, Arc::clone(&activity)));
    // Streams run as tasks of their own, so what they need goes with them.
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { answer(&shared.0, request, &shared.1, &shared.2).await }
    });
    let header_size = u32::try_from(dispatch.limits.header_size).unwrap_or(u32::MAX);
    let mut connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_header_list_size(header_size)
        .max_concurrent_streams(128)
        .serve_connection(TokioIo::new(watched), service);
    let mut watchdog = Watchdog::new(&dispatch.limits);
    let mut draining = false;
    let end = poll_fn(|cx| {
        loop {
            if !draining && drain.poll(cx).is_ready() {
                draining = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
            if let Poll::Ready(done) = Pin::new(&mut connection).poll(cx) {
                return Poll::Ready(done.map_err(|error| error.to_string()));
            }
            match watchdog.poll(&activity, cx) {
                Poll::Pending => return Poll::Pending,
                // The peer is told that no more will be answered before it is left.
                Poll::Ready(Expired::Idle) if !draining => {
                    draining = true;
                    Pin::new(&mut connection).graceful_shutdown();
                }
                Poll::Ready(expired) => return Poll::Ready(Err(format!("{expired:?}"))),
            }
        }
    })
    .await;
    if let Err(error) = end {
        tracing::debug!(error, "HTTP/2 connection ended");
    }
}

/// Tells a peer that it is one connection too many, and closes.
pub(crate) async fn turn_away(shared: Arc<Shared>, mut stream: Stream) {
    const HTTP: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\
        content-type: text/plain\r\ncontent-length: 55\r\n\r\n\
        too many connections (limit connections); retry later.\n";
    // A fatal alert, internal_error (RFC 8446, §6).
    const TLS: &[u8] = &[0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 80];
    let told = timeout(Duration::from_millis(500), async {
        let (spoken, back) = sniff(stream, &shared.acceptors, shared.tls.is_some()).await?;
        stream = back;
        match spoken {
            Spoken::Nothing => return Ok(()),
            Spoken::Tls => stream.write_all(TLS).await?,
            Spoken::Http1 | Spoken::Http2 => stream.write_all(HTTP).await?,
            Spoken::Other(acceptor) => stream.write_all(&acceptor.busy()).await?,
        }
        stream.shutdown().await?;
        // What the peer still sends is read, lest a reset overtake the reply.
        let mut scratch = [0; 4096];
        while stream.read(&mut scratch).await? > 0 {}
        Ok::<_, std::io::Error>(())
    });
    if let Ok(Err(error)) = told.await {
        tracing::debug!(%error, "a connection too many was lost");
    }
}
