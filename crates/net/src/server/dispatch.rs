//! One HTTP request from head to reply: who answers, what is refused, and
//! what surrounds the call.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::Bytes;
use farcall_wire::{Completion, Context, Fault, FaultKind, Identity, Peer};
use futures_util::FutureExt as _;
use http::header::{self, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use tracing::Instrument as _;

use super::drain::Drain;
use super::gate::{Gate, Memory, Refused};
use super::reply::{compress, page, plain};
use super::{HttpProtocol, Route, ServerLimits};
use crate::auth::{self, Authenticator, Denied};
use crate::body::{self, BodyError};
use crate::metrics::ServerGauges;
use crate::{BoxFuture, Certificate, Prometheus, TIMEOUT_HEADER};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// After a refusal at most that much of the body is read to keep the connection.
const SMALL_REFUSED: usize = 64 << 10;

/// Who sent a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) peer: Peer,
    pub(crate) certificate: Option<Arc<Certificate>>,
}

pub(crate) struct Dispatch {
    pub(crate) protocols: Vec<Arc<dyn HttpProtocol>>,
    pub(crate) routes: Vec<Arc<dyn Route>>,
    pub(crate) authenticator: Option<Arc<dyn Authenticator>>,
    pub(crate) limits: ServerLimits,
    pub(crate) gate: Arc<Gate>,
    pub(crate) memory: Memory,
    pub(crate) drain: Arc<Drain>,
    pub(crate) prometheus: Option<Prometheus>,
    pub(crate) metadata: Vec<HeaderName>,
    pub(crate) compress: Option<usize>,
    pub(crate) gauges: ServerGauges,
}

impl Dispatch {
    pub(crate) async fn answer<B>(&self, request: Request<B>, caller: &Caller) -> Response<Bytes>
    where
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let _active = self.gauges.active();
        let (mut head, body) = request.into_parts();
        let is_head = head.method == Method::HEAD;
        if is_head {
            head.method = Method::GET;
        }
        if head.method == Method::GET
            && let Some(reply) = self.health(&head)
        {
            return reply;
        }
        let reply = match self.admit(&head, caller).await {
            Ok(identity) => self.serve(&head, body, caller, identity).await,
            Err(denied) => self.deny(&head, body, denied).await,
        };
        self.gauges.sent(reply.body().len());
        match self.compress {
            Some(least) => compress(reply, &head, least),
            None => reply,
        }
    }

    /// Pages that need no authentication and no permit.
    fn health(&self, head: &Parts) -> Option<Response<Bytes>> {
        match head.uri.path() {
            "/livez" => Some(plain(StatusCode::OK, "alive\n")),
            "/readyz" if self.drain.is_ready() => Some(plain(StatusCode::OK, "ready\n")),
            "/readyz" => Some(plain(StatusCode::SERVICE_UNAVAILABLE, "draining\n")),
            _ => None,
        }
    }

    async fn admit(&self, head: &Parts, caller: &Caller) -> Result<Option<Arc<Identity>>, Denied> {
        let Some(authenticator) = &self.authenticator else { return Ok(None) };
        if self.route(head).is_some_and(|route| route.is_public()) {
            return Ok(None);
        }
        let judging = auth::judge(authenticator.as_ref(), head, caller.certificate.as_deref());
        let deadline = Instant::now() + self.limits.header_read_timeout;
        let identity = bounded(deadline, judging)
            .await
            .unwrap_or_else(|| Err(Denied::forbidden("who calls could not be found out in time")))?;
        Ok(identity.map(Arc::new))
    }

    fn route(&self, head: &Parts) -> Option<&dyn Route> {
        self.routes.iter().map(AsRef::as_ref).find(|route| route.claims(head))
    }

    async fn serve<B>(
        &self,
        head: &Parts,
        body: B,
        caller: &Caller,
        identity: Option<Arc<Identity>>,
    ) -> Response<Bytes>
    where
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let mut share = self.memory.empty();
        let body = match self.read(head, body, &mut share).await {
            Ok(body) => body,
            Err(error) => return self.bad_body(head, &error),
        };
        if let Some(route) = self.route(head) {
            let cx = self.context("http", caller, identity, head);
            let page = bounded(end_of(&cx), caught(|| route.handle(head, body, cx))).await.flatten();
            return page.unwrap_or_else(|| {
                plain(StatusCode::INTERNAL_SERVER_ERROR, "the page failed; the log may say why\n")
            });
        }
        let Some(protocol) = self.protocols.iter().find(|p| p.claims(head, &body)) else {
            return self.nobody(head);
        };
        let cx = self.context(protocol.name(), caller, identity, head);
        self.call(protocol.as_ref(), head, body, cx).await
    }

    async fn read<B>(&self, head: &Parts, body: B, share: &mut super::gate::Share) -> Result<Bytes, BodyError>
    where
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let limit = self.limits.call.message_size;
        let patience = Some(self.limits.body_read_timeout);
        let mut budget = |octets| share.grow(octets);
        let raw = body::collect(body, limit, patience, &mut budget).await?;
        self.gauges.received(raw.len());
        if head.headers.contains_key(header::CONTENT_ENCODING) {
            body::decode(raw, &head.headers, limit, &mut budget).await
        } else {
            Ok(raw)
        }
    }

    fn context(
        &self,
        protocol: &'static str,
        caller: &Caller,
        identity: Option<Arc<Identity>>,
        head: &Parts,
    ) -> Context {
        let limits = &self.limits.call;
        let mut allowed = limits.call_deadline;
        if let Some(asked) = head.headers.get(&TIMEOUT_HEADER)
            && let Some(millis) = asked.to_str().ok().and_then(|text| text.parse().ok())
        {
            allowed = allowed.min(Duration::from_millis(millis));
        }
        let mut cx = Context::incoming(protocol, caller.peer.clone(), Arc::clone(limits))
            .with_identity(identity)
            .with_timeout(allowed);
        for name in &self.metadata {
            for value in head.headers.get_all(name) {
                cx = cx.with_metadata(name.as_str(), String::from_utf8_lossy(value.as_bytes()));
            }
        }
        cx
    }

    async fn call(
        &self,
        protocol: &dyn HttpProtocol,
        head: &Parts,
        body: Bytes,
        cx: Context,
    ) -> Response<Bytes> {
        let deadline = end_of(&cx);
        if cx.check().is_err() {
            let message = "the call's deadline had passed when it arrived";
            return late(protocol, head, message, Completion::No);
        }
        let _permit = match self.gate.enter(deadline).await {
            Ok(permit) => permit,
            Err(refused) => return self.overloaded(protocol, head, refused),
        };
        let span = tracing::debug_span!("call", protocol = protocol.name(), peer = %cx.peer());
        let running = caught(|| protocol.handle(head, body, cx)).instrument(span);
        let Some(done) = bounded(deadline, running).await else {
            let message = "the call did not end before its deadline (limit call_deadline)";
            return late(protocol, head, message, Completion::Maybe);
        };
        done.unwrap_or_else(|| {
            let fault = Fault::new(FaultKind::Internal, "the implementation failed unexpectedly")
                .with_completion(Completion::Maybe);
            protocol.refuse(head, fault)
        })
    }

    fn overloaded(&self, protocol: &dyn HttpProtocol, head: &Parts, refused: Refused) -> Response<Bytes> {
        self.gauges.refused("overloaded");
        let mut reply = protocol.refuse(head, refused.fault());
        reply.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        reply
    }

    fn bad_body(&self, head: &Parts, error: &BodyError) -> Response<Bytes> {
        let (status, kind, reason) = match error {
            BodyError::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, FaultKind::Limit, "too_large"),
            BodyError::Memory => (StatusCode::SERVICE_UNAVAILABLE, FaultKind::Overloaded, "memory"),
            BodyError::Slow => (StatusCode::REQUEST_TIMEOUT, FaultKind::Deadline, "slow"),
            BodyError::Broken(_) => (StatusCode::BAD_REQUEST, FaultKind::Malformed, "broken"),
            BodyError::Encoding { .. } => (StatusCode::BAD_REQUEST, FaultKind::Malformed, "encoding"),
            BodyError::Unsupported(_) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, FaultKind::Unsupported, "encoding")
            }
        };
        self.gauges.refused(reason);
        let mut reply = self.refuse(head, status, Fault::new(kind, error.to_string()));
        let headers = reply.headers_mut();
        match error {
            BodyError::Unsupported(_) => {
                headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate"));
            }
            BodyError::Encoding { .. } => {}
            // What is left of the body is not worth reading.
            _ => close(&mut reply),
        }
        reply
    }

    async fn deny<B>(&self, head: &Parts, body: B, denied: Denied) -> Response<Bytes>
    where
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        self.gauges.refused("denied");
        let (status, kind) = match denied.challenge {
            Some(_) => (StatusCode::UNAUTHORIZED, FaultKind::Unauthenticated),
            None => (StatusCode::FORBIDDEN, FaultKind::Forbidden),
        };
        let patience = Some(self.limits.header_read_timeout);
        let unread = body::collect(body, SMALL_REFUSED, patience, &mut |_| true).await.is_err();
        let mut reply = self.refuse(head, status, Fault::new(kind, denied.message));
        if let Some(challenge) = denied.challenge.and_then(|text| HeaderValue::try_from(text).ok()) {
            reply.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if unread {
            close(&mut reply);
        }
        reply
    }

    /// A refusal in the words of the protocol that the head alone points to,
    /// with a status that HTTP's own machinery understands.
    fn refuse(&self, head: &Parts, status: StatusCode, fault: Fault) -> Response<Bytes> {
        let nothing = Bytes::new();
        match self.protocols.iter().find(|p| p.claims(head, &nothing)) {
            Some(protocol) => {
                let mut reply = protocol.refuse(head, fault);
                *reply.status_mut() = status;
                reply
            }
            None => plain(status, format!("{fault}\n")),
        }
    }

    fn nobody(&self, head: &Parts) -> Response<Bytes> {
        let path = head.uri.path();
        if head.method == Method::GET
            && path == "/metrics"
            && let Some(prometheus) = &self.prometheus
        {
            return page(StatusCode::OK, "text/plain; version=0.0.4", prometheus.render());
        }
        let allow = if self.protocols.iter().any(|p| p.serves(path)) && head.method != Method::POST {
            "POST"
        } else if matches!(head.method, Method::GET | Method::POST) {
            self.gauges.refused("not_found");
            let names: Vec<_> = self.protocols.iter().map(|p| p.name()).collect();
            let text = format!("nothing answers this request here; protocols: {}\n", names.join(", "));
            return plain(StatusCode::NOT_FOUND, text);
        } else {
            "GET, HEAD, POST"
        };
        self.gauges.refused("method");
        let text = format!("the method is not allowed here; use {allow}\n");
        let mut reply = plain(StatusCode::METHOD_NOT_ALLOWED, text);
        reply.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
        reply
    }
}

fn close(reply: &mut Response<Bytes>) {
    reply.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
}

fn late(protocol: &dyn HttpProtocol, head: &Parts, message: &str, completion: Completion) -> Response<Bytes> {
    let fault = Fault::new(FaultKind::Deadline, message).with_completion(completion);
    protocol.refuse(head, fault)
}

/// When a call ends; a time past the clock's end is as good as none.
fn end_of(cx: &Context) -> Instant {
    cx.deadline().unwrap_or_else(|| Instant::now() + Duration::from_secs(365 * 24 * 3600))
}

/// Runs until the deadline. Most work ends at the first poll and never sees a timer.
async fn bounded<T>(deadline: Instant, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    match poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx))).await {
        Poll::Ready(done) => Some(done),
        Poll::Pending => tokio::time::timeout_at(deadline.into(), work).await.ok(),
    }
}

/// Runs to the end, or to a panic, which is logged and becomes `None`.
async fn caught<'a>(start: impl FnOnce() -> BoxFuture<'a, Response<Bytes>>) -> Option<Response<Bytes>> {
    // A panic may come before the first await as well.
    match AssertUnwindSafe(async { start().await }).catch_unwind().await {
        Ok(reply) => Some(reply),
        Err(panic) => {
            let message = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            tracing::error!(message, "a call panicked");
            None
        }
    }
}
