//! `GET /<service>/idl`: a service's interface as OMG IDL, for CORBA's compilers.

use std::collections::HashSet;

use bytes::Bytes;
use farcall_corba::repository::{of_interface, of_object};
use farcall_model::{Interface, Type, TypeRef};
use farcall_net::{BoxFuture, Route};
use farcall_wire::Context;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};

/// The interfaces by the names of their services; the text is written anew for each request.
#[derive(Debug, Default)]
pub(crate) struct IdlRoute {
    services: Vec<(String, Interface)>,
    /// Those of objects, which are written with the services that refer to them.
    objects: Vec<&'static Interface>,
}

impl IdlRoute {
    pub(crate) fn new<'a>(
        services: impl Iterator<Item = (&'a str, &'a Interface)>,
        objects: impl Iterator<Item = &'static Interface>,
    ) -> Self {
        let services = services.map(|(name, interface)| (name.to_owned(), interface.clone()));
        Self { services: services.collect(), objects: objects.collect() }
    }

    fn interface(&self, path: &str) -> Option<&Interface> {
        let name = path.strip_suffix("/idl")?.trim_start_matches('/');
        self.services.iter().find(|(service, _)| service == name).map(|(_, interface)| interface)
    }
}

/// An interface, and those of objects that can be come to from it.
pub(crate) fn with_objects<'a>(
    interface: &'a Interface,
    objects: &[&'static Interface],
) -> Vec<&'a Interface> {
    let mut all = vec![interface];
    let mut next = 0;
    while let Some(interface) = all.get(next) {
        next += 1;
        let referred = referred(interface);
        for object in objects {
            let id = of_interface(object);
            let is_new = all.iter().all(|known| of_interface(known) != id);
            if is_new && referred.contains(&*id) {
                all.push(object);
            }
        }
    }
    all
}

/// The repository ids of the interfaces that operations refer to.
fn referred(interface: &Interface) -> HashSet<String> {
    let of_operation = |operation: &'_ farcall_model::Operation| {
        let params = operation.params.iter().map(|param| param.field.ty.clone());
        params.chain([operation.result.clone()]).collect::<Vec<_>>()
    };
    let mut types: Vec<TypeRef> = interface.operations.iter().flat_map(of_operation).collect();
    let (mut ids, mut seen) = (HashSet::new(), HashSet::new());
    while let Some(ty) = types.pop() {
        let ty = ty.resolve();
        if let Type::Object(object) = ty {
            ids.insert(of_object(object).into_owned());
        }
        let is_new = ty.qualified_name().is_none_or(|(scope, name)| seen.insert(format!("{scope}::{name}")));
        if is_new {
            types.extend(ty.children().into_iter().cloned());
        }
    }
    ids
}

impl Route for IdlRoute {
    fn claims(&self, head: &Parts) -> bool {
        head.method == Method::GET && self.interface(head.uri.path()).is_some()
    }

    fn handle<'a>(&'a self, head: &'a Parts, _body: Bytes, _cx: Context) -> BoxFuture<'a, Response<Bytes>> {
        let mut response = Response::new(Bytes::new());
        match self
            .interface(head.uri.path())
            .map(|interface| farcall_idl::emit(with_objects(interface, &self.objects)))
        {
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
