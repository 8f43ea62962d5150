//! What a protocol gives to a [`Server`](crate::Server): [`HttpProtocol`] for those over
//! HTTP, [`Acceptor`] for those with a stream of their own, [`Route`] for pages.
//!
//! ```
//! use bytes::Bytes;
//! use farcall_net::{BoxFuture, HttpProtocol};
//! use farcall_wire::{Context, Fault};
//! use http::{Method, Response, request::Parts};
//!
//! struct Echo;
//!
//! impl HttpProtocol for Echo {
//!     fn name(&self) -> &'static str {
//!         "echo"
//!     }
//!     fn claims(&self, head: &Parts, _: &Bytes) -> bool {
//!         head.method == Method::POST
//!     }
//!     fn handle<'a>(&'a self, _: &'a Parts, body: Bytes, _: Context) -> BoxFuture<'a, Response<Bytes>> {
//!         Box::pin(async move { Response::new(body) })
//!     }
//!     fn refuse(&self, _: &Parts, fault: Fault) -> Response<Bytes> {
//!         Response::new(fault.to_string().into())
//!     }
//! }
//! ```

use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use farcall_wire::{Context, Fault, Peer};
use http::Response;
use http::request::Parts;

use super::CallGate;
use super::drain::DrainWatch;
use crate::{BoxFuture, Certificate, Stream};

/// A protocol whose messages are HTTP requests and replies.
pub trait HttpProtocol: Send + Sync + 'static {
    /// Its name in [`Context::protocol`], logs and metrics, such as `xmlrpc`.
    fn name(&self) -> &'static str;

    /// True if this request is its own. `body` is decoded and complete; it is
    /// empty when the request is refused before its body is read.
    fn claims(&self, head: &Parts, body: &Bytes) -> bool;

    /// True if requests of this protocol go to this path; a `GET` there is
    /// answered with "method not allowed" rather than "not found".
    fn serves(&self, path: &str) -> bool {
        let _ = path;
        false
    }

    /// Runs the call and gives the reply. The future is dropped when the
    /// deadline passes or the caller goes away.
    fn handle<'a>(&'a self, head: &'a Parts, body: Bytes, cx: Context) -> BoxFuture<'a, Response<Bytes>>;

    /// The protocol's reply that says this fault.
    fn refuse(&self, head: &Parts, fault: Fault) -> Response<Bytes>;
}

/// A page beside the protocols: a console, documentation, an interface description.
pub trait Route: Send + Sync + 'static {
    /// True if this request is its own. `HEAD` comes as `GET`.
    fn claims(&self, head: &Parts) -> bool;

    /// Gives the page.
    fn handle<'a>(&'a self, head: &'a Parts, body: Bytes, cx: Context) -> BoxFuture<'a, Response<Bytes>>;

    /// True if it may be seen without authentication.
    fn is_public(&self) -> bool {
        false
    }
}

/// What first octets tell about a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is of this protocol.
    Yes,
    /// It is not.
    No,
    /// So far it may be.
    NeedMore,
}

/// A protocol that speaks on the stream itself, such as IIOP.
pub trait Acceptor: Send + Sync + 'static {
    /// Its name in logs and metrics, such as `iiop`.
    fn name(&self) -> &'static str;

    /// Judges the first octets, at least one, of a stream.
    fn claims(&self, first: &[u8]) -> Claim;

    /// Serves one connection to its end. The octets that were looked at come
    /// out of the stream again. When [`Connection::closing`] resolves, it ends
    /// after the calls that run.
    fn serve(&self, stream: Stream, connection: Connection) -> BoxFuture<'static, ()>;

    /// What to tell a peer that is one connection too many, before closing.
    fn busy(&self) -> Bytes {
        Bytes::new()
    }
}

/// What is known of one accepted connection.
#[derive(Debug)]
pub struct Connection {
    pub(crate) peer: Peer,
    pub(crate) certificate: Option<Arc<Certificate>>,
    pub(crate) limits: Arc<farcall_wire::Limits>,
    pub(crate) gate: CallGate,
    pub(crate) drain: DrainWatch,
}

impl Connection {
    /// Where it comes from.
    #[must_use]
    pub fn peer(&self) -> &Peer {
        &self.peer
    }

    /// The TLS certificate that the peer showed.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_deref()
    }

    /// The limits of each message and call.
    #[must_use]
    pub fn limits(&self) -> &Arc<farcall_wire::Limits> {
        &self.limits
    }

    /// Where its calls get leave to run; whoever is refused is told so in the protocol's words.
    #[must_use]
    pub fn gate(&self) -> &CallGate {
        &self.gate
    }

    /// Resolves when the server stops: no new calls, finish what runs, close.
    pub async fn closing(&mut self) {
        self.drain.closing().await;
    }

    /// As [`Connection::closing`], for whoever polls: ready when the server stops.
    pub fn poll_closing(&mut self, task: &mut std::task::Context<'_>) -> Poll<()> {
        self.drain.poll(task)
    }

    /// True when the server stops.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.drain.is_closing()
    }
}
