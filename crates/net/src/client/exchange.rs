//! One attempt at one request: a connection, the request out, the reply in,
//! and what a failure says about whether the request was sent.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;
use farcall_wire::{Completion, Fault, FaultKind};
use http::{Request, Response, header, response};
use http_body_util::Full;
use hyper::body::Incoming;

use super::Inner;
use super::pool::{Link, Mark};
use super::target::Target;
use crate::body::{self, BodyError};
use crate::connect::tls_hint;

/// A failed attempt, with the request if that never left.
pub(crate) struct Failure {
    pub(crate) fault: Fault,
    pub(crate) unsent: Option<Request<Full<Bytes>>>,
}

impl Inner {
    /// Makes one attempt. `mark` tells, during and after it, whether an octet was sent.
    pub(crate) async fn attempt(
        &self,
        target: &Target,
        request: Request<Full<Bytes>>,
        limit: usize,
        mark: &mut Option<Mark>,
    ) -> Result<(response::Parts, Bytes), Failure> {
        let mut link = match self.pool.take(&target.key).await {
            Some(link) => link,
            None => match self.open(target).await {
                Ok(link) => link,
                Err(fault) => return Err(Failure { fault, unsent: Some(request) }),
            },
        };
        *mark = Some(Arc::clone(&link.mark));
        let sending = link.sender.try_send_request(request);
        let reply = match link.drive(sending).await {
            Ok(reply) => reply,
            Err(mut error) => {
                let unsent = error.take_message();
                let fault = lost(error.error(), target, link.mark.load(Relaxed));
                return Err(Failure { fault, unsent });
            }
        };
        let (head, body) = self.receive(&mut link, reply, limit).await.map_err(|error| {
            let fault = bad_reply(error).with_completion(Completion::Maybe);
            Failure { fault: fault.with_peer(target.address.to_string()), unsent: None }
        })?;
        if !closes(&head) {
            self.pool.put(target.key.clone(), link);
        }
        Ok((head, body))
    }

    async fn receive(
        &self,
        link: &mut Link,
        reply: Response<Incoming>,
        limit: usize,
    ) -> Result<(response::Parts, Bytes), BodyError> {
        let (head, body) = reply.into_parts();
        let raw = link.drive(body::collect(body, limit, None, &mut |_| true)).await?;
        let body = body::decode(raw, &head.headers, limit, &mut |_| true).await?;
        Ok((head, body))
    }

    async fn open(&self, target: &Target) -> Result<Link, Fault> {
        let stream = match &target.via {
            None if target.key.secure => {
                self.connector.connect_tls(&target.address, target.key.authority.host()).await?
            }
            None => self.connector.connect(&target.address).await?,
            Some(proxy) => {
                let stream = self.connector.connect(&proxy.address).await?;
                if target.key.secure {
                    let tunnel = proxy.tunnel(stream, &target.address).await?;
                    let name = target.key.authority.host();
                    self.connector.secure(tunnel, &target.address, name).await?
                } else {
                    stream
                }
            }
        };
        Link::open(stream).await.map_err(|error| lost(&error, target, false))
    }
}

/// True if the peer said that it closes the connection.
fn closes(head: &response::Parts) -> bool {
    head.headers.get(header::CONNECTION).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}

/// What a connection's failure means.
fn lost(error: &hyper::Error, target: &Target, sent: bool) -> Fault {
    let inner = std::error::Error::source(error).and_then(|e| e.downcast_ref::<io::Error>());
    let hint = inner.and_then(tls_hint).unwrap_or("");
    let (kind, message) = if error.is_parse() {
        let tls = if target.key.secure { "" } else { "; perhaps it wants TLS: try https" };
        (FaultKind::Protocol, format!("the peer's answer is not HTTP: {error}{tls}"))
    } else if sent {
        (FaultKind::Transport, format!("the connection was lost after the request was sent: {error}{hint}"))
    } else {
        (FaultKind::Transport, format!("the connection was lost before the request was sent: {error}{hint}"))
    };
    let mut message = message;
    if let Some(inner) = inner {
        message = format!("{message}: {inner}");
    }
    let completion = if sent { Completion::Maybe } else { Completion::No };
    Fault::new(kind, message).with_completion(completion).with_peer(target.address.to_string())
}

fn bad_reply(error: BodyError) -> Fault {
    let kind = match &error {
        BodyError::TooLarge { .. } | BodyError::Memory => FaultKind::Limit,
        BodyError::Slow => FaultKind::Deadline,
        BodyError::Broken(_) => FaultKind::Transport,
        BodyError::Encoding { .. } | BodyError::Unsupported(_) => FaultKind::Protocol,
    };
    Fault::new(kind, format!("the reply: {error}")).with_source(error)
}
