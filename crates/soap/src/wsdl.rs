//! [`WsdlPages`]: the WSDL of each service and object, at its URL with `?wsdl`.

use std::sync::Arc;

use bytes::Bytes;
use farcall_model::Interface;
use farcall_net::{BoxFuture, Route};
use farcall_wire::Context;
use farcall_wire::adapter::key_of_path;
use farcall_wsdl::{EmitOptions, emit};
use http::header::{CONTENT_TYPE, HOST, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};

use crate::{Registry, namespace_of};

/// The WSDL of each service: `GET /<service>?wsdl`, and with a binding for SOAP 1.2 as well
/// `GET /<service>?wsdl12`. Made by [`crate::SoapServer::wsdl`].
#[derive(Debug)]
pub struct WsdlPages {
    registry: Arc<Registry>,
    public_url: Option<String>,
}

impl WsdlPages {
    pub(crate) fn new(registry: Arc<Registry>, public_url: Option<String>) -> Self {
        Self { registry, public_url }
    }

    /// Whether the SOAP 1.2 binding is wanted, if the WSDL is.
    fn wanted(head: &Parts) -> Option<bool> {
        let query = head.uri.query()?;
        let name = query.split(['&', '=']).next().unwrap_or(query);
        if name.eq_ignore_ascii_case("wsdl") {
            Some(false)
        } else {
            name.eq_ignore_ascii_case("wsdl12").then_some(true)
        }
    }

    async fn answer(&self, head: &Parts) -> Response<Bytes> {
        let path = head.uri.path();
        let name = path.trim_matches('/');
        if let Some(service) = self.registry.service(name) {
            if let Some(description) = &service.description {
                return match description.wsdl_at(&format!("{}/{name}", self.base(head))) {
                    Some(wsdl) => xml(wsdl),
                    None => plain(
                        StatusCode::NOT_FOUND,
                        "the WSDL of this service is not served here\n".to_owned(),
                    ),
                };
            }
            return self.page(head, name, &service.namespace, service.handler.interface());
        }
        let key = key_of_path(path).unwrap_or_default();
        if let Some(adapter) = self.registry.adapter(&key)
            && let Ok(object) = adapter.enter(&key).await
        {
            let interface = object.handler().interface();
            return self.page(head, name, &namespace_of(interface), interface);
        }
        let names: Vec<_> = self.registry.services().map(|(name, _)| format!("/{name}?wsdl")).collect();
        let text = format!("there is no service here; there are {}\n", names.join(", "));
        plain(StatusCode::NOT_FOUND, text)
    }

    /// What comes before the path of a service.
    fn base(&self, head: &Parts) -> String {
        let host = head.headers.get(HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
        match (&self.public_url, host) {
            (Some(url), _) => url.trim_end_matches('/').to_owned(),
            (None, host) => format!("http://{}", host.unwrap_or("localhost")),
        }
    }

    fn page(&self, head: &Parts, name: &str, namespace: &str, interface: &Interface) -> Response<Bytes> {
        let base = self.base(head);
        let options = EmitOptions::new(namespace, &*interface.name, format!("{base}/{name}"))
            .with_soap12(Self::wanted(head) == Some(true));
        match emit(interface, &options) {
            Ok(wsdl) => xml(wsdl),
            Err(error) => {
                let text = format!("the service cannot be described in WSDL: {error}\n");
                plain(StatusCode::INTERNAL_SERVER_ERROR, text)
            }
        }
    }
}

/// A host, with its port or without, and nothing else.
fn is_host(text: &str) -> bool {
    let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']' | b'_');
    !text.is_empty() && text.len() <= 300 && text.bytes().all(good)
}

fn xml(text: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(text));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
    response
}

fn plain(status: StatusCode, text: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

impl Route for WsdlPages {
    fn claims(&self, head: &Parts) -> bool {
        head.method == Method::GET && Self::wanted(head).is_some()
    }

    fn handle<'a>(&'a self, head: &'a Parts, _body: Bytes, _cx: Context) -> BoxFuture<'a, Response<Bytes>> {
        Box::pin(self.answer(head))
    }
}
