//! `GET /<service>/ior`: the reference to a service, for programs that read one from a file.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use farcall_corba::repository::of_interface;
use farcall_model::Interface;
use farcall_net::{BoxFuture, Route};
use farcall_wire::Context;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};

use crate::published::Place;

/// The services by their names, and where they are once the server listens.
#[derive(Debug)]
pub(crate) struct IorRoute {
    /// Names and repository ids.
    services: Vec<(String, String)>,
    place: Arc<OnceLock<Arc<Place>>>,
}

impl IorRoute {
    pub(crate) fn new<'a>(
        services: impl Iterator<Item = (&'a str, &'a Interface)>,
        place: &Arc<OnceLock<Arc<Place>>>,
    ) -> Self {
        let services =
            services.map(|(name, interface)| (name.to_owned(), of_interface(interface).into_owned()));
        Self { services: services.collect(), place: Arc::clone(place) }
    }

    fn service(&self, path: &str) -> Option<&(String, String)> {
        let name = path.strip_suffix("/ior")?.trim_start_matches('/');
        self.services.iter().find(|(service, _)| service == name)
    }
}

impl Route for IorRoute {
    fn claims(&self, head: &Parts) -> bool {
        head.method == Method::GET && self.service(head.uri.path()).is_some()
    }

    fn handle<'a>(&'a self, head: &'a Parts, _body: Bytes, _cx: Context) -> BoxFuture<'a, Response<Bytes>> {
        let place = self.place.get();
        let reference = self
            .service(head.uri.path())
            .zip(place)
            .and_then(|((name, id), place)| place.reference(id, name.as_bytes()));
        let mut response = Response::new(Bytes::new());
        match reference {
            Some(ior) => *response.body_mut() = format!("{ior}\n").into(),
            None => {
                *response.status_mut() = StatusCode::NOT_FOUND;
                *response.body_mut() = "this server has no address that a reference can say\n".into();
            }
        }
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        Box::pin(async move { response })
    }
}
