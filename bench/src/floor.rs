//! The floor: bare hyper, HTTP/1.1, that reads the whole body and sends a prepared response.
//!
//! What it costs is HTTP and the kernel; what a server costs above it is XML-RPC.

use std::convert::Infallible;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

use crate::payload::Case;
use crate::sample::Named as _;
use crate::subjects::listen;

/// The responses, told apart by the length of the call.
struct Prepared(Vec<(usize, Bytes)>);

impl Prepared {
    fn new() -> Self {
        Self(Case::ALL.iter().map(|case| (case.call().len(), Bytes::from(case.response()))).collect())
    }

    fn for_call_of(&self, length: usize) -> Option<Bytes> {
        self.0.iter().find(|(call, _)| *call == length).map(|(_, response)| response.clone())
    }
}

/// Serves until the process ends.
pub(crate) async fn serve() -> Result<()> {
    let listener = listen().await?;
    let prepared: &'static Prepared = Box::leak(Box::new(Prepared::new()));
    loop {
        let (stream, _) = listener.accept().await.context("accepting")?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let echo = service_fn(move |request| answer(request, prepared));
            // a caller that goes away mid-message is the caller's business
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), echo).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    prepared: &'static Prepared,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let announced = request.body().size_hint().exact();
    let body = match request.into_body().collect().await {
        Ok(body) => body.aggregate(),
        Err(error) => return Ok(refused(400, error.to_string())),
    };
    let length = bytes::Buf::remaining(&body);
    if announced != Some(length as u64) {
        return Ok(refused(400, "the body is not as long as was announced".to_owned()));
    }
    let Some(response) = prepared.for_call_of(length) else {
        return Ok(refused(404, format!("no response is prepared for a call of {length} bytes")));
    };
    let mut response = Response::new(Full::new(response));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    Ok(response)
}

fn refused(status: u16, why: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(why)));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    response
}
