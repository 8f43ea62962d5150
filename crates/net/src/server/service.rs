//! [`HttpService`]: the HTTP side of a server as a tower service, to be
//! nested in another application's router.
//!
//! ```
//! # fn example(protocol: impl farcall_net::HttpProtocol) {
//! let service = farcall_net::Server::builder().http(protocol).into_service();
//! let router = axum::Router::<()>::new().fallback_service(service);
//! # }
//! ```

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use farcall_wire::Peer;
use http::{Request, Response};

use super::dispatch::{Caller, Dispatch};
use crate::BoxFuture;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The HTTP side of a server as a tower service, to be nested in another
/// application's router. Its requests may carry a [`Peer`] as extension.
#[derive(Clone)]
pub struct HttpService(pub(crate) Arc<Dispatch>);

impl std::fmt::Debug for HttpService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HttpService")
    }
}

impl HttpService {
    /// Answers one request.
    pub async fn answer<B>(&self, request: Request<B>) -> Response<ReplyBody>
    where
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let peer = request.extensions().get().cloned().unwrap_or(Peer::Local);
        let caller = Caller { peer, certificate: None };
        self.0.answer(request, &caller).await.map(ReplyBody)
    }
}

impl<B> tower_service::Service<Request<B>> for HttpService
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<ReplyBody>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<ReplyBody>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.answer(request).await) })
    }
}

/// The body of a reply: one piece of known length.
#[derive(Clone, Debug, Default)]
pub struct ReplyBody(pub(crate) Bytes);

impl http_body::Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(http_body::Frame::data(std::mem::take(&mut self.0)))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.0.len() as u64)
    }
}
