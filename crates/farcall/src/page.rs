//! The documentation pages, as HTML without scripts: at `GET /` all services with their operations
//! and types, at `GET /<service>` one with example messages in every protocol.

#[cfg(any(feature = "soap", feature = "xmlrpc"))]
mod examples;
#[cfg(any(feature = "soap", feature = "xmlrpc"))]
mod indent;
#[cfg(any(feature = "soap", feature = "xmlrpc"))]
mod sample;

use bytes::Bytes;
use farcall_model::{Interface, Operation, Type};
use farcall_net::{BoxFuture, Route};
use farcall_wire::Context;
use farcall_xml::{WriteError, Writer};
use http::header::{CONTENT_TYPE, HOST, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};

/// The page, written anew for each request: it is asked for rarely.
#[derive(Debug, Default)]
pub(crate) struct Page {
    services: Vec<(String, Interface)>,
}

/// A request and the response to it, in one protocol.
struct Example {
    protocol: &'static str,
    /// How the request begins: its line and fields.
    head: String,
    request: String,
    /// Empty where there is none.
    response: String,
}

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}\
code{font:14px ui-monospace,monospace}h2{border-top:1px solid #ccc;padding-top:.7em}\
dt{margin-top:.8em}dd{margin-left:1.5em;white-space:pre-line}nav a{margin-right:1em}.t{color:#06c}\
pre{background:#f6f6f6;padding:.6em;overflow:auto;font:13px/1.4 ui-monospace,monospace}details{margin-left:1.5em}";

impl Page {
    pub(crate) fn add(&mut self, name: &str, interface: &Interface) {
        self.services.retain(|(n, _)| n != name);
        self.services.push((name.to_owned(), interface.clone()));
    }

    pub(crate) fn interfaces(&self) -> impl Iterator<Item = (&str, &Interface)> {
        self.services.iter().map(|(name, interface)| (name.as_str(), interface))
    }

    /// The page of all services.
    fn all(&self) -> Result<String, WriteError> {
        let mut out = self.begin("Services")?;
        for (name, interface) in &self.services {
            service(&mut out, name, interface, &[])?;
        }
        finish(out)
    }

    /// The page of one service.
    async fn one(&self, name: &str, interface: &Interface, host: &str) -> Result<String, WriteError> {
        let messages = messages(name, interface).await;
        let mut out = self.begin(if name.is_empty() { "without a prefix" } else { name })?;
        places(&mut out, name, host)?;
        service(&mut out, name, interface, &messages)?;
        idl(&mut out, interface)?;
        finish(out)
    }

    /// A page as far as its navigation.
    fn begin(&self, title: &str) -> Result<Writer, WriteError> {
        let mut out = Writer::new();
        out.start("html")?;
        out.attribute("lang", "en")?;
        out.start("head")?;
        out.start("meta")?;
        out.attribute("charset", "utf-8")?;
        out.end()?;
        out.element("title", title)?;
        out.element("style", STYLE)?;
        out.end()?;
        out.start("body")?;
        out.element("h1", title)?;
        out.start("nav")?;
        link(&mut out, "/", "all")?;
        for (name, _) in self.services.iter().filter(|(name, _)| !name.is_empty()) {
            link(&mut out, &format!("/{name}"), name)?;
        }
        out.end()?;
        Ok(out)
    }

    fn only<'p>(&self, path: &'p str) -> Option<Option<&'p str>> {
        let name = path.trim_matches('/');
        if name.is_empty() {
            return Some(None);
        }
        self.services.iter().any(|(n, _)| n == name).then_some(Some(name))
    }
}

fn finish(mut out: Writer) -> Result<String, WriteError> {
    out.end()?;
    out.end()?;
    Ok(format!("<!doctype html>\n{}", out.finish()?))
}

/// The messages of each operation, in the order of the operations.
#[cfg(any(feature = "soap", feature = "xmlrpc"))]
async fn messages(name: &str, interface: &Interface) -> Vec<Vec<Example>> {
    let service = examples::Examples::of(name, interface);
    let mut messages = Vec::with_capacity(interface.operations.len());
    for operation in &interface.operations {
        messages.push(service.messages(operation).await);
    }
    messages
}

#[cfg(not(any(feature = "soap", feature = "xmlrpc")))]
async fn messages(_: &str, _: &Interface) -> Vec<Vec<Example>> {
    Vec::new()
}

/// Where a service is, in every protocol.
fn places(out: &mut Writer, name: &str, host: &str) -> Result<(), WriteError> {
    let mut places: Vec<(&str, String)> = Vec::new();
    if cfg!(feature = "soap") {
        places.push(("SOAP", format!("http://{host}/{name}")));
        places.push(("WSDL", format!("http://{host}/{name}?wsdl")));
    }
    if cfg!(feature = "xmlrpc") {
        places.push(("XML-RPC", format!("http://{host}/RPC2")));
    }
    if cfg!(feature = "corba") {
        places.push(("CORBA", format!("corbaloc::{host}/{name}")));
        places.push(("IDL", format!("http://{host}/{name}/idl")));
    }
    out.start("ul")?;
    for (what, place) in places {
        out.start("li")?;
        out.text(what)?;
        out.text(": ")?;
        out.element("code", &place)?;
        out.end()?;
    }
    out.end()
}

/// The interface as CORBA has it; nothing where IDL cannot say it.
#[cfg(feature = "corba")]
fn idl(out: &mut Writer, interface: &Interface) -> Result<(), WriteError> {
    let Ok(text) = farcall_idl::emit([interface]) else { return Ok(()) };
    out.element("h3", "IDL")?;
    out.element("pre", &text)
}

#[cfg(not(feature = "corba"))]
fn idl(_: &mut Writer, _: &Interface) -> Result<(), WriteError> {
    Ok(())
}

fn link(out: &mut Writer, to: &str, text: &str) -> Result<(), WriteError> {
    out.start("a")?;
    out.attribute("href", to)?;
    out.text(text)?;
    out.end()
}

/// A service's operations, each with its messages if there are any, and its types.
fn service(
    out: &mut Writer,
    name: &str,
    interface: &Interface,
    messages: &[Vec<Example>],
) -> Result<(), WriteError> {
    out.start("h2")?;
    out.attribute("id", name)?;
    out.text(if name.is_empty() { "without a prefix" } else { name })?;
    out.end()?;
    if !interface.doc.is_empty() {
        out.element("p", &interface.doc)?;
    }
    out.start("dl")?;
    for (index, operation) in interface.operations.iter().enumerate() {
        self::operation(out, name, operation)?;
        for example in messages.get(index).into_iter().flatten() {
            self::example(out, example)?;
        }
    }
    out.end()?;
    let types = interface.named_types();
    if types.is_empty() {
        return Ok(());
    }
    out.element("h3", "Types")?;
    out.start("dl")?;
    for ty in types {
        out.start("dt")?;
        out.element("code", &definition(ty))?;
        out.end()?;
        out.element("dd", ty.doc())?;
    }
    out.end()
}

fn operation(out: &mut Writer, service: &str, operation: &Operation) -> Result<(), WriteError> {
    let dot = if service.is_empty() { "" } else { "." };
    out.start("dt")?;
    out.start("code")?;
    out.text(&format!("{service}{dot}{}(", operation.name))?;
    for (index, param) in operation.params.iter().enumerate() {
        out.text(&format!("{}{}: ", if index > 0 { ", " } else { "" }, param.field.name))?;
        ty(out, &param.field.ty.to_string())?;
    }
    out.text(") → ")?;
    ty(out, &operation.outcome().to_string())?;
    out.end()?;
    out.end()?;
    let mut doc = operation.doc.to_string();
    for exception in &operation.exceptions {
        doc.push_str(&format!("\nFails with {} (fault {}).", exception.body.name, exception.code));
    }
    out.element("dd", &doc)
}

fn example(out: &mut Writer, example: &Example) -> Result<(), WriteError> {
    out.start("dd")?;
    out.start("details")?;
    out.element("summary", example.protocol)?;
    out.element("pre", &format!("{}\n\n{}", example.head, example.request))?;
    if !example.response.is_empty() {
        out.element("pre", &example.response)?;
    }
    out.end()?;
    out.end()
}

fn ty(out: &mut Writer, name: &str) -> Result<(), WriteError> {
    out.start("span")?;
    out.attribute("class", "t")?;
    out.text(name)?;
    out.end()
}

/// A named type in a line.
fn definition(ty: &Type) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match ty {
        Type::Struct(ty) => {
            let fields = ty.fields.iter().map(|f| format!("{}: {}", f.name, f.ty)).collect();
            format!("struct {} {{ {} }}", ty.name, list(fields))
        }
        Type::Enum(ty) => {
            let members = ty.members.iter().map(|m| m.name.to_string()).collect();
            format!("enum {} {{ {} }}", ty.name, list(members))
        }
        Type::Union(ty) => {
            let cases = ty.cases.iter().map(|c| format!("{}: {}", c.name, c.ty)).collect();
            format!("union {} {{ {} }}", ty.name, list(cases))
        }
        other => other.to_string(),
    }
}

impl Route for Page {
    fn claims(&self, head: &Parts) -> bool {
        head.method == Method::GET && head.uri.query().is_none() && self.only(head.uri.path()).is_some()
    }

    fn handle<'a>(&'a self, head: &'a Parts, _body: Bytes, _cx: Context) -> BoxFuture<'a, Response<Bytes>> {
        Box::pin(async move {
            let only = self.only(head.uri.path()).flatten();
            let only = only.and_then(|only| self.services.iter().find(|(name, _)| name == only));
            let host = head.headers.get(HOST).and_then(|host| host.to_str().ok());
            let written = match only {
                Some((name, interface)) => self.one(name, interface, host.unwrap_or("localhost")).await,
                None => self.all(),
            };
            let mut response = match written {
                Ok(html) => Response::new(Bytes::from(html)),
                Err(error) => {
                    let text = format!("the page cannot be written: {error}");
                    let mut response = Response::new(Bytes::from(text));
                    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                    response
                }
            };
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, html);
            response
        })
    }
}
