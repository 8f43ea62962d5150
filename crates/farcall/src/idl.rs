//! `GET /<service>/idl`: a service's interface as OMG IDL, for CORBA's compilers.

use bytes::Bytes;
use farcall_model::Interface;
use farcall_net::{BoxFuture, Route};
use farcall_wire::Context;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};

/// The interfaces by the names of their services; the text is written anew for each request.
#[derive(Debug, Default)]
pub(crate) struct IdlRoute {
    services: Vec<(String, Interface)>,
}

impl IdlRoute {
    pub(crate) fn new<'a>(services: impl Iterator<Item = (&'a str, &'a Interface)>) -> Self {
        Self { services: services.map(|(name, interface)| (name.to_owned(), interface.clone())).collect() }
    }

    fn interface(&self, path: &str) -> Option<&Interface> {
        let name = path.strip_suffix("/idl")?.trim_start_matches('/');
        self.services.iter().find(|(service, _)| service == name).map(|(_, interface)| interface)
    }
}

impl Route for IdlRoute {
    fn claims(&self, head: &Parts) -> bool {
        head.method == Method::GET && self.interface(head.uri.path()).is_some()
    }

    fn handle<'a>(&'a self, head: &'a Parts, _body: Bytes, _cx: Context) -> BoxFuture<'a, Response<Bytes>> {
        let mut response = Response::new(Bytes::new());
        match self.interface(head.uri.path()).map(|interface| farcall_idl::emit([interface])) {
            Some(Ok(text)) => *response.body_mut() = text.into(),
            Some(Err(error)) => {
                *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
                *response.body_mut() = format!("IDL cannot say this interface: {error}\n").into();
            }
            None => *response.status_mut() = StatusCode::NOT_FOUND,
        }
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        Box::pin(async move { response })
    }
}
