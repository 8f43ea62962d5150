//! The floor: bare hyper. As a server it sends a request's body back; as callers it sends a prepared
//! request to whatever server, and looks at the octets of the reply alone.

use std::convert::Infallible;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use farcall::soap::encode_element;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::cases::{self, Case};
use super::ours::{Item, namespace};
use crate::caller::{Call, measure};
use crate::sample::Arguments;
use crate::subjects::listen;

/// Serves until the process ends.
pub(crate) async fn serve() -> Result<()> {
    let listener = listen().await?;
    loop {
        let (stream, _) = listener.accept().await.context("accepting")?;
        stream.set_nodelay(true)?;
        // a caller that goes away is the caller's business
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(echo)));
    }
}

async fn echo(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let mut response = Response::new(Full::new(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    Ok(response)
}

/// The envelope of a call, as any client would write it.
pub(crate) fn envelope(case: Case) -> Result<String> {
    let space = namespace();
    let (operation, value) = match case {
        Case::String => ("text", encode_element(&space, "value", &cases::text())?),
        Case::Struct => ("item", encode_element(&space, "value", &Item::numbered(1)?)?),
        Case::Structs => {
            let items = cases::items()?.into_iter().map(|item| Ok(encode_element(&space, "value", &item)?));
            ("items", items.collect::<Result<String>>()?)
        }
        Case::Bytes => ("octets", encode_element(&space, "value", &cases::octets(1 << 20))?),
    };
    // each element declares its namespaces; once is enough
    let declarations = value.strip_prefix("<n:value").and_then(|rest| rest.split_once('>'));
    let (declarations, _) = declarations.context("the element is not called n:value")?;
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope \
         xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"{declarations}><s:Body><n:{operation}>{}</n:{operation}>\
         </s:Body></s:Envelope>",
        value.replace(declarations, "")
    ))
}

/// Calls from a connection a caller, and prints what was measured.
pub(crate) async fn call(arguments: Arguments<Case>) -> Result<()> {
    let uri: Uri = arguments.target.parse()?;
    let authority = uri.authority().context("the target is no URL")?.as_str();
    let body = Bytes::from(envelope(arguments.case)?);
    let mut connections = Vec::new();
    for _ in 0..arguments.callers {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        connections.push(sender);
    }
    let caller = |_| {
        let sender = connections.pop().context("no connection is left")?;
        Ok(Caller { sender, uri: uri.clone(), body: body.clone(), first: None })
    };
    measure(&arguments, caller).await?.print()
}

struct Caller {
    sender: SendRequest<Full<Bytes>>,
    uri: Uri,
    body: Bytes,
    first: Option<Bytes>,
}

impl Call for Caller {
    async fn once(&mut self) -> Result<()> {
        let request = Request::post(self.uri.path())
            .header(HOST, HeaderValue::from_static("127.0.0.1"))
            .header(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"))
            .header("soapaction", HeaderValue::from_static("\"\""))
            .body(Full::new(self.body.clone()))?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status.is_success(), "{status}: {:.400}", String::from_utf8_lossy(&body));
        ensure!(self.first.as_ref().is_none_or(|first| *first == body), "a reply differs from the first one");
        self.first.get_or_insert(body);
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let first = self.first.as_ref().context("no call was made")?;
        // all values of a case are in every reply to it, whatever else the server writes
        ensure!(first.len() * 4 > self.body.len() * 3, "the reply is not the echo of the call");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Named as _;

    #[test]
    fn an_envelope_declares_its_namespaces_once() {
        for &case in Case::ALL {
            let envelope = envelope(case).unwrap();
            assert_eq!(envelope.matches(&namespace()).count(), 1);
            farcall::soap::message::decode_request(&envelope, &farcall::Limits::default()).unwrap();
        }
    }
}
