//! [`Fault`]: one taxonomy of what goes wrong in a call, mapped by every
//! protocol to its own codes, and [`CallError`], which sets the exceptions
//! that an operation declares apart from it.
//!
//! ```
//! use farcall_wire::{Completion, Fault, FaultKind};
//!
//! let fault = Fault::new(FaultKind::Deadline, "no reply within 30 s").with_completion(Completion::Maybe);
//! assert!(!fault.may_retry());
//! ```

use std::error::Error as StdError;
use std::fmt;

use farcall_model::Value;

use crate::CodecError;

/// What kind of failure a [`Fault`] is. Each protocol maps it both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// The message is not well-formed (XML-RPC -32700, SOAP `Client`, CORBA `MARSHAL`).
    Malformed,
    /// Its character encoding is unknown (XML-RPC -32701) or text is not valid in it (-32702).
    Encoding,
    /// Well-formed, but not a request of this protocol (XML-RPC -32600).
    InvalidRequest,
    /// No such operation (XML-RPC -32601, CORBA `BAD_OPERATION`).
    UnknownOperation,
    /// No such object or service (CORBA `OBJECT_NOT_EXIST`).
    UnknownObject,
    /// The parameters do not fit the operation (XML-RPC -32602, CORBA `BAD_PARAM`).
    InvalidParameters,
    /// A value cannot be expressed in the protocol in use (CORBA `DATA_CONVERSION`).
    Unsupported,
    /// Who calls is not known (HTTP 401, CORBA `NO_PERMISSION`).
    Unauthenticated,
    /// Who calls is known, and may not (HTTP 403, CORBA `NO_PERMISSION`).
    Forbidden,
    /// A limit on size, depth or count was passed (CORBA `IMP_LIMIT`).
    Limit,
    /// Too many calls at once; later it may work (HTTP 503, CORBA `TRANSIENT`).
    Overloaded,
    /// No answer in time (CORBA `TIMEOUT`).
    Deadline,
    /// The caller gave up.
    Cancelled,
    /// The peer cannot be reached, or its connection was lost (CORBA `COMM_FAILURE`, XML-RPC -32300).
    Transport,
    /// The peer answered with something that is not of this protocol.
    Protocol,
    /// The implementation failed (XML-RPC -32500, CORBA `UNKNOWN`).
    Internal,
    /// A failure that the application reports by number and text, without a declared type.
    Application,
}

impl FaultKind {
    /// A name for logs and metric labels, in snake case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Encoding => "encoding",
            Self::InvalidRequest => "invalid_request",
            Self::UnknownOperation => "unknown_operation",
            Self::UnknownObject => "unknown_object",
            Self::InvalidParameters => "invalid_parameters",
            Self::Unsupported => "unsupported",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::Limit => "limit",
            Self::Overloaded => "overloaded",
            Self::Deadline => "deadline",
            Self::Cancelled => "cancelled",
            Self::Transport => "transport",
            Self::Protocol => "protocol",
            Self::Internal => "internal",
            Self::Application => "application",
        }
    }
}

/// Whether the operation ran, as CORBA's completion status says it (CORBA 3.3 part 1, §7.11.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Completion {
    /// It ran to its end before the failure.
    Yes,
    /// It did not start.
    No,
    /// It may have run: never retried unless the operation is idempotent.
    Maybe,
}

/// A failure of a call that no declared exception describes.
///
/// One machine word wide, so that the way without failure stays cheap.
pub struct Fault(Box<Inner>);

struct Inner {
    kind: FaultKind,
    completion: Completion,
    message: String,
    code: Option<i64>,
    code_names: Vec<String>,
    actor: Option<String>,
    detail: Option<Value>,
    peer: Option<String>,
    remote: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Fault {
    /// A fault that arose here, before the operation ran ([`Completion::No`]).
    #[must_use]
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            completion: Completion::No,
            message: message.into(),
            code: None,
            code_names: Vec::new(),
            actor: None,
            detail: None,
            peer: None,
            remote: false,
            source: None,
        }))
    }

    /// A failure that the application reports by number and text.
    #[must_use]
    pub fn application(code: i64, message: impl Into<String>) -> Self {
        Self::new(FaultKind::Application, message).with_code(code).with_completion(Completion::Yes)
    }

    /// Sets whether the operation ran.
    #[must_use]
    pub fn with_completion(mut self, completion: Completion) -> Self {
        self.0.completion = completion;
        self
    }

    /// Sets the protocol's own number, such as an XML-RPC `faultCode`.
    #[must_use]
    pub fn with_code(mut self, code: i64) -> Self {
        self.0.code = Some(code);
        self
    }

    /// Sets the protocol's own names for it, as [`Fault::code_names`] has them.
    #[must_use]
    pub fn with_code_names(mut self, names: Vec<String>) -> Self {
        self.0.code_names = names;
        self
    }

    /// Says who on the way of the message it arose at, as [`Fault::actor`] has it.
    #[must_use]
    pub fn with_actor(mut self, actor: impl Into<String>) -> Self {
        self.0.actor = Some(actor.into());
        self
    }

    /// Adds a value that tells more.
    #[must_use]
    pub fn with_detail(mut self, detail: Value) -> Self {
        self.0.detail = Some(detail);
        self
    }

    /// Says which peer, as an address or URL.
    #[must_use]
    pub fn with_peer(mut self, peer: impl Into<String>) -> Self {
        self.0.peer = Some(peer.into());
        self
    }

    /// Marks it as sent by the peer rather than found here.
    #[must_use]
    pub fn from_remote(mut self) -> Self {
        self.0.remote = true;
        self
    }

    /// Keeps the error that caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Puts the operation's name, or another place, before the message.
    #[must_use]
    pub fn within(mut self, place: &str) -> Self {
        self.0.message = format!("{place}: {}", self.0.message);
        self
    }

    /// The codec's error that it was made from, if it was, so that a place can be added to it.
    ///
    /// # Errors
    /// The fault itself, if it was not.
    pub fn into_codec_error(mut self) -> Result<CodecError, Self> {
        let Some(source) = self.0.source.take() else { return Err(self) };
        match source.downcast::<CodecError>() {
            Ok(error) if self.0.completion == Completion::No => Ok(*error),
            Ok(error) => Err(self.with_source(error)),
            Err(source) => Err(self.with_source(source)),
        }
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> FaultKind {
        self.0.kind
    }

    /// Whether the operation ran.
    #[must_use]
    pub fn completion(&self) -> Completion {
        self.0.completion
    }

    /// What happened, where, and what to do.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The protocol's own number, if one was given.
    #[must_use]
    pub fn code(&self) -> Option<i64> {
        self.0.code
    }

    /// The protocol's own names for it, the general one first, for protocols that have names instead
    /// of numbers: SOAP 1.2's code and its subcodes (part 1, section 5.4.1), or 1.1's code, which may be
    /// dotted (section 4.4.1). What is not of SOAP's own namespace is `{namespace}name`.
    #[must_use]
    pub fn code_names(&self) -> &[String] {
        &self.0.code_names
    }

    /// Who on the way of the message it arose at, by URI: SOAP 1.1's `faultactor`, 1.2's `Role`.
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        self.0.actor.as_deref()
    }

    /// A value that tells more.
    #[must_use]
    pub fn detail(&self) -> Option<&Value> {
        self.0.detail.as_ref()
    }

    /// The peer that it concerns.
    #[must_use]
    pub fn peer(&self) -> Option<&str> {
        self.0.peer.as_deref()
    }

    /// True if the peer sent it, false if it was found on this side.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        self.0.remote
    }

    /// True if a second attempt cannot run the operation twice and may help.
    #[must_use]
    pub fn may_retry(&self) -> bool {
        self.0.completion == Completion::No
            && matches!(self.0.kind, FaultKind::Transport | FaultKind::Overloaded)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(code) = self.0.code {
            write!(f, " (fault {code})")?;
        }
        if let Some(peer) = &self.0.peer {
            write!(f, " [{peer}]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("kind", &self.0.kind)
            .field("completion", &self.0.completion)
            .field("code", &self.0.code)
            .field("code_names", &self.0.code_names)
            .field("actor", &self.0.actor)
            .field("message", &self.0.message)
            .field("detail", &self.0.detail)
            .field("peer", &self.0.peer)
            .field("remote", &self.0.remote)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Fault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|e| e as _)
    }
}

impl From<CodecError> for Fault {
    fn from(error: CodecError) -> Self {
        Self::new(error.kind().fault_kind(), error.to_string()).with_source(error)
    }
}

/// Why a call did not return its result: an exception that the operation
/// declares, or a [`Fault`].
#[derive(Debug)]
pub enum CallError<X> {
    /// A declared exception, as its own type.
    User(X),
    /// Anything else.
    Fault(Fault),
}

impl<X> CallError<X> {
    /// The declared exception, if it is one.
    pub fn user(&self) -> Option<&X> {
        match self {
            Self::User(exception) => Some(exception),
            Self::Fault(_) => None,
        }
    }

    /// The fault, if it is one.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::User(_) => None,
            Self::Fault(fault) => Some(fault),
        }
    }
}

impl<X: fmt::Display> fmt::Display for CallError<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(exception) => exception.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl<X: StdError + 'static> StdError for CallError<X> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::User(exception) => exception.source(),
            Self::Fault(fault) => fault.source(),
        }
    }
}

impl<X: crate::Exception> From<X> for CallError<X> {
    fn from(exception: X) -> Self {
        Self::User(exception)
    }
}

impl<X: crate::Exception> From<Fault> for CallError<X> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
