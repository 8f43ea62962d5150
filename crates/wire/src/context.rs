//! [`Context`]: what surrounds one call besides its arguments (deadline,
//! identity, peer, limits, metadata).
//!
//! ```
//! use std::time::Duration;
//! use farcall_wire::Context;
//!
//! let cx = Context::new().with_timeout(Duration::from_secs(5));
//! assert!(cx.remaining().unwrap() <= Duration::from_secs(5));
//! ```

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::{Fault, FaultKind, Limits};

/// Who calls, as the authentication hook established it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// The name: a user, a token's subject, or a certificate's subject.
    pub name: String,
    /// How it was established.
    pub method: AuthMethod,
}

impl Identity {
    /// An identity of that name.
    pub fn new(name: impl Into<String>, method: AuthMethod) -> Self {
        Self { name: name.into(), method }
    }
}

/// How an [`Identity`] was established.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthMethod {
    /// HTTP basic (RFC 7617).
    Basic,
    /// HTTP bearer token (RFC 6750).
    Bearer,
    /// TLS client certificate.
    Certificate,
    /// Something that the application checks itself.
    Other,
}

/// Where the other side of a connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Peer {
    /// In this process.
    Local,
    /// Over TCP.
    Tcp(SocketAddr),
    /// Over a unix socket, whose peers have no address.
    Unix,
}

impl std::fmt::Display for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Local => f.write_str("local"),
            Self::Tcp(address) => address.fmt(f),
            Self::Unix => f.write_str("unix"),
        }
    }
}

/// What surrounds one call.
///
/// A service method that takes `&Context` as its first parameter sees the
/// caller's on the server, and gives its own on the client; it is never an
/// argument on the wire. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Context {
    deadline: Option<Instant>,
    limits: Arc<Limits>,
    peer: Peer,
    protocol: &'static str,
    identity: Option<Arc<Identity>>,
    object_id: Option<Arc<[u8]>>,
    metadata: Option<Arc<Vec<(String, String)>>>,
    /// What goes with the answer, where the protocol has a place for it.
    beside: Option<Arc<Beside>>,
}

/// Names and values that go with an answer.
#[derive(Debug, Default)]
struct Beside(Mutex<Vec<(String, String)>>);

impl Default for Context {
    fn default() -> Self {
        Self::new()
    }
}

impl Context {
    /// No deadline of its own, default limits, a local peer.
    #[must_use]
    pub fn new() -> Self {
        Self {
            deadline: None,
            limits: Arc::new(Limits::default()),
            peer: Peer::Local,
            protocol: "local",
            identity: None,
            object_id: None,
            metadata: None,
            beside: None,
        }
    }

    /// The context of a call that arrived over a connection.
    #[must_use]
    pub fn incoming(protocol: &'static str, peer: Peer, limits: Arc<Limits>) -> Self {
        Self {
            deadline: None,
            limits,
            peer,
            protocol,
            identity: None,
            object_id: None,
            metadata: None,
            beside: None,
        }
    }

    /// Ends the call that long from now.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        let deadline = Instant::now().checked_add(timeout);
        Self { deadline, ..self }
    }

    /// Ends the call at that moment.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets the limits that decoding obeys.
    #[must_use]
    pub fn with_limits(mut self, limits: Arc<Limits>) -> Self {
        self.limits = limits;
        self
    }

    /// Sets who calls.
    #[must_use]
    pub fn with_identity(mut self, identity: Option<Arc<Identity>>) -> Self {
        self.identity = identity;
        self
    }

    /// Says which object of an [adapter](crate::adapter) the call is for.
    #[must_use]
    pub fn with_object_id(mut self, id: Arc<[u8]>) -> Self {
        self.object_id = Some(id);
        self
    }

    /// Names the protocol, such as `xmlrpc`.
    #[must_use]
    pub fn with_protocol(mut self, protocol: &'static str) -> Self {
        self.protocol = protocol;
        self
    }

    /// Has what [`Context::answer_with`] is given kept for the answer; called by protocols.
    #[must_use]
    pub fn with_room_beside(mut self) -> Self {
        self.beside = Some(Arc::default());
        self
    }

    /// Sends a value beside the answer, or the fault, of this call: over SOAP a header, its name
    /// `{namespace}local` and its value an element with all declarations that it needs. Protocols
    /// without a place for it pass it over.
    pub fn answer_with(&self, name: impl Into<String>, value: impl Into<String>) {
        if let Some(beside) = &self.beside {
            beside.0.lock().unwrap_or_else(PoisonError::into_inner).push((name.into(), value.into()));
        }
    }

    /// What [`Context::answer_with`] was given so far, which is then gone; called by protocols.
    #[must_use]
    pub fn take_beside(&self) -> Vec<(String, String)> {
        let Some(beside) = &self.beside else { return Vec::new() };
        std::mem::take(&mut *beside.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds one entry of metadata: an HTTP header, a SOAP header or a service context, by protocol.
    #[must_use]
    pub fn with_metadata(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let entries = self.metadata.get_or_insert_default();
        Arc::make_mut(entries).push((name.into(), value.into()));
        self
    }

    /// When the call ends at the latest.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// How long is left; zero if the deadline has passed, `None` without one.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|at| at.saturating_duration_since(Instant::now()))
    }

    /// The limits in force.
    #[must_use]
    pub fn limits(&self) -> &Arc<Limits> {
        &self.limits
    }

    /// Where the call came from.
    #[must_use]
    pub fn peer(&self) -> &Peer {
        &self.peer
    }

    /// The protocol that carried it.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        self.protocol
    }

    /// Who calls, if that is known.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_deref()
    }

    /// The id of the object that is called, if it is one of an [adapter](crate::adapter): what a
    /// servant of many objects knows them by.
    #[must_use]
    pub fn object_id(&self) -> Option<&[u8]> {
        self.object_id.as_deref()
    }

    /// Metadata entries in order.
    pub fn metadata(&self) -> impl Iterator<Item = (&str, &str)> {
        self.metadata.iter().flat_map(|m| m.iter()).map(|(n, v)| (n.as_str(), v.as_str()))
    }

    /// Fails if the deadline has passed.
    ///
    /// # Errors
    /// [`FaultKind::Deadline`].
    pub fn check(&self) -> Result<(), Fault> {
        match self.remaining() {
            Some(Duration::ZERO) => {
                Err(Fault::new(FaultKind::Deadline, "the call's deadline had passed before it ran"))
            }
            _ => Ok(()),
        }
    }
}
