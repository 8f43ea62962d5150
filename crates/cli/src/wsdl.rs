//! WSDL: loaded from files and servers, as the interfaces that can be called.

use std::path::Path;

use bytes::Bytes;
use farcall::Context;
use farcall::model::{Interface, TypeRef};
use farcall::net::SendOptions;
use farcall::soap::Description;
use farcall_wsdl::lint::Report;
use farcall_wsdl::resolver::{Files, ResolveError, Resolver, SameOrigin};
use farcall_wsdl::{Binding, Definitions, Diagnostic, LoadError, LoadOptions, Protocol};
use http::Request;

use crate::access::Access;
use crate::args::{ClientArgs, SoapVersion};
use crate::connect;
use crate::exit::{Exit, Failure};
use crate::output::warn;
use crate::target::Target;

/// What a WSDL says.
pub(crate) struct Described {
    /// The interface of each binding; its operations say how they stand in messages.
    pub(crate) interfaces: Vec<Interface>,
    /// The address of each port, by the name of its interface.
    pub(crate) places: Vec<(String, String)>,
    /// The types that code is generated for.
    pub(crate) types: Vec<TypeRef>,
}

/// The interfaces of the SOAP bindings that a file or a server's WSDL has.
///
/// Servers get to see who calls (`access`) where they are the target's own.
pub(crate) fn interfaces(
    place: &str,
    target: Option<&Target>,
    args: &ClientArgs,
    access: &Access,
) -> Result<Described, Failure> {
    let definitions = load(place, target, args, access).map_err(|error| unloaded(&error))?;
    definitions.diagnostics.iter().for_each(|found| warn(&found.to_string()));
    let mut interfaces: Vec<Interface> = Vec::new();
    let wanted = |binding: &&Binding| match args.soap {
        Some(SoapVersion::V12) => binding.protocol == Protocol::Soap12,
        Some(SoapVersion::V11) => binding.protocol == Protocol::Soap11,
        None => matches!(binding.protocol, Protocol::Soap11 | Protocol::Soap12),
    };
    // what has no binding of that version is spoken to as by the other
    let any = definitions.bindings.iter().any(|binding| wanted(&binding));
    let of_soap = |binding: &&Binding| {
        matches!(binding.protocol, Protocol::Soap11 | Protocol::Soap12) && (!any || wanted(binding))
    };
    for binding in definitions.bindings.iter().filter(of_soap) {
        // one for each version of SOAP is the same thing twice
        let known = |other: &Interface| other.name == binding.interface.name;
        if binding.interface.operations.is_empty() || interfaces.iter().any(known) {
            continue;
        }
        interfaces.push(Description::of_binding(binding).interface().clone());
    }
    let places = definitions.ports().filter(|(_, _, binding)| of_soap(binding));
    let places = places.map(|(_, port, binding)| (binding.interface.name.to_string(), port.location.clone()));
    let types = definitions.generated_types().into_iter().cloned().collect();
    Ok(Described { interfaces, places: places.collect(), types })
}

/// Where the description at a file or URL leaves the Basic Profile.
pub(crate) fn lint(place: &str, args: &ClientArgs, access: &Access) -> Result<Report, Failure> {
    let options = LoadOptions::default();
    let check = |resolver: &dyn Resolver| farcall_wsdl::lint::check(place, resolver, &options);
    resolved(place, None, args, access, check).map_err(|error| unloaded(&error))
}

fn unloaded(error: &LoadError) -> Failure {
    Failure::new(Exit::Schema, error.cause.message.clone())
        .at(position(&error.cause))
        .then_try("a WSDL 1.1 file or its URL, such as http://127.0.0.1:2809/fortune?wsdl")
}

fn position(diagnostic: &Diagnostic) -> String {
    format!("{}:{}:{}", diagnostic.location, diagnostic.line, diagnostic.column)
}

fn load(
    place: &str,
    target: Option<&Target>,
    args: &ClientArgs,
    access: &Access,
) -> Result<Definitions, LoadError> {
    let options = LoadOptions::default().with_strict(args.strict);
    resolved(place, target, args, access, |resolver| farcall_wsdl::load(place, resolver, &options))
}

/// Has `read` read a file or URL with a resolver that finds what it imports.
fn resolved<T>(
    place: &str,
    target: Option<&Target>,
    args: &ClientArgs,
    access: &Access,
    read: impl FnOnce(&dyn Resolver) -> T,
) -> T {
    let own = target.filter(|target| origin(&target.http()) == origin(place));
    let fetch = |location: &str, limit: usize| {
        // who may import from another host does not sign in there
        let own = own.filter(|_| origin(location) == origin(place));
        // loading is not asynchronous, and a thread that runs calls cannot wait for one
        let fetched = std::thread::scope(|scope| {
            scope.spawn(|| farcall::block_on(get(location, limit, own, args, access))).join()
        });
        let unreadable = |reason| ResolveError::Unreadable { location: location.to_owned(), reason };
        fetched.map_err(|_| unreadable("reading it panicked".to_owned()))?.map_err(unreadable)
    };
    if is_url(place) {
        return read(&args.imports_from.iter().fold(SameOrigin::of(place, fetch), |all, url| all.and(url)));
    }
    let files = Files::beside(Path::new(place));
    match args.imports_from.split_first() {
        None => read(&files),
        Some((first, more)) => {
            let web = more.iter().fold(SameOrigin::of(first, fetch), |all, url| all.and(url));
            read(&FilesAnd { files, web })
        }
    }
}

fn is_url(place: &str) -> bool {
    place.starts_with("http://") || place.starts_with("https://")
}

/// Files, and what was allowed beside them.
struct FilesAnd<W> {
    files: Files,
    web: W,
}

impl<W: Resolver> Resolver for FilesAnd<W> {
    fn open(&self, location: &str, limit: usize) -> Result<Vec<u8>, ResolveError> {
        if is_url(location) { self.web.open(location, limit) } else { self.files.open(location, limit) }
    }
}

/// Scheme, host and port.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    url[start..].find(['/', '?', '#']).map_or(url, |at| &url[..start + at])
}

async fn get(
    url: &str,
    limit: usize,
    own: Option<&Target>,
    args: &ClientArgs,
    access: &Access,
) -> Result<Vec<u8>, String> {
    let mut http = connect::http(url, args).map_err(|failure| failure.to_string())?;
    if let Some(target) = own {
        http = access.apply(http);
        if let Some(path) = &target.unix {
            http = http.unix(path);
        }
    }
    let request = Request::get(url).body(Bytes::new()).map_err(|error| error.to_string())?;
    let mut context = Context::new();
    if let Some(time) = args.deadline {
        context = context.with_timeout(time);
    }
    let options = SendOptions::from(&context).with_limit(limit).with_idempotent(true);
    let reply = http.build().send(request, &options).await.map_err(|fault| fault.to_string())?;
    match reply.status() {
        status if status.is_success() => Ok(reply.into_body().to_vec()),
        status => Err(format!("the server answers {status}")),
    }
}
