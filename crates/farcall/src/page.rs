//! The documentation page at `GET /`: services, operations, types and their
//! documentation, as HTML without scripts.

use bytes::Bytes;
use farcall_model::{Interface, Operation, Type};
use farcall_net::{BoxFuture, Route};
use farcall_wire::Context;
use farcall_xml::{WriteError, Writer};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};

/// The page, written anew for each request: it is asked for rarely.
#[derive(Debug, Default)]
pub(crate) struct Page {
    services: Vec<(String, Interface)>,
}

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}\
code{font:14px ui-monospace,monospace}h2{border-top:1px solid #ccc;padding-top:.7em}\
dt{margin-top:.8em}dd{margin-left:1.5em;white-space:pre-line}nav a{margin-right:1em}.t{color:#06c}";

impl Page {
    pub(crate) fn add(&mut self, name: &str, interface: &Interface) {
        self.services.retain(|(n, _)| n != name);
        self.services.push((name.to_owned(), interface.clone()));
    }

    pub(crate) fn interfaces(&self) -> impl Iterator<Item = (&str, &Interface)> {
        self.services.iter().map(|(name, interface)| (name.as_str(), interface))
    }

    /// The page of all services, or of one.
    fn html(&self, only: Option<&str>) -> Result<String, WriteError> {
        let mut out = Writer::new();
        out.start("html")?;
        out.attribute("lang", "en")?;
        out.start("head")?;
        out.start("meta")?;
        out.attribute("charset", "utf-8")?;
        out.end()?;
        out.element("title", only.unwrap_or("farcall"))?;
        out.element("style", STYLE)?;
        out.end()?;
        out.start("body")?;
        out.element("h1", only.unwrap_or("Services"))?;
        out.start("nav")?;
        for (name, _) in &self.services {
            link(&mut out, &format!("/{name}"), if name.is_empty() { "(no prefix)" } else { name })?;
        }
        out.end()?;
        for (name, interface) in self.services.iter().filter(|(name, _)| only.is_none_or(|only| only == name))
        {
            service(&mut out, name, interface)?;
        }
        out.end()?;
        out.end()?;
        Ok(format!("<!doctype html>\n{}", out.finish()?))
    }

    fn only<'p>(&self, path: &'p str) -> Option<Option<&'p str>> {
        let name = path.trim_matches('/');
        if name.is_empty() {
            return Some(None);
        }
        self.services.iter().any(|(n, _)| n == name).then_some(Some(name))
    }
}

fn link(out: &mut Writer, to: &str, text: &str) -> Result<(), WriteError> {
    out.start("a")?;
    out.attribute("href", to)?;
    out.text(text)?;
    out.end()
}

fn service(out: &mut Writer, name: &str, interface: &Interface) -> Result<(), WriteError> {
    out.start("h2")?;
    out.attribute("id", name)?;
    out.text(if name.is_empty() { "without a prefix" } else { name })?;
    out.end()?;
    if !interface.doc.is_empty() {
        out.element("p", &interface.doc)?;
    }
    out.start("dl")?;
    for operation in &interface.operations {
        self::operation(out, name, operation)?;
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
    ty(out, &operation.result.to_string())?;
    out.end()?;
    out.end()?;
    let mut doc = operation.doc.to_string();
    for exception in &operation.exceptions {
        doc.push_str(&format!("\nFails with {} (fault {}).", exception.body.name, exception.code));
    }
    out.element("dd", &doc)
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
        let only = self.only(head.uri.path()).flatten();
        let mut response = match self.html(only) {
            Ok(html) => Response::new(Bytes::from(html)),
            Err(error) => {
                let mut response = Response::new(Bytes::from(format!("the page cannot be written: {error}")));
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                response
            }
        };
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, html);
        Box::pin(async move { response })
    }
}
