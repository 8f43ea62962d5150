//! [`XmlRpcServer`]: services behind XML-RPC, as a protocol of a
//! [`farcall_net::Server`].
//!
//! ```
//! use std::sync::Arc;
//! use farcall_model::Value;
//! use farcall_wire::Fault;
//! use farcall_xmlrpc::{Methods, XmlRpcServer};
//!
//! let methods = Methods::new().with("add", "Adds two ints.", |_cx, params| async move {
//!     match (params.first().and_then(Value::as_i64), params.get(1).and_then(Value::as_i64)) {
//!         (Some(a), Some(b)) => Ok(Value::from(a + b)),
//!         _ => Err(Fault::application(1, "add wants two ints")),
//!     }
//! });
//! let server = XmlRpcServer::new().with_service("math", Arc::new(methods));
//! let builder = farcall_net::Server::builder().http(server);
//! # drop(builder);
//! ```

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use farcall_net::{Authorization, BoxFuture, HttpProtocol, content_type, service_of_path};
use farcall_wire::adapter::{Entered, Objects, key_of_path};
use farcall_wire::{Call, CodecError, Context, Fault, FaultKind, Handler};
use farcall_xml::wire::{locate, located, shown};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Response};
use memchr::memmem::Finder;

use crate::codec::{XmlRpcDecoder, XmlRpcEncoder};
use crate::introspection::System;
use crate::registry::Target;
use crate::{Options, Registry, XmlRpc, error, message, multicall};

/// Services behind XML-RPC.
///
/// All of them answer at `/` and `/RPC2` under dotted names, and each at
/// `/<service>` under its own; objects of adapters each at `/<adapter>/<id>`.
pub struct XmlRpcServer {
    registry: Registry,
    options: Options,
    authorization: Authorization,
}

impl Default for XmlRpcServer {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for XmlRpcServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XmlRpcServer")
            .field("registry", &self.registry)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl XmlRpcServer {
    /// A server that has no service yet, at default options.
    #[must_use]
    pub fn new() -> Self {
        Self {
            registry: Registry::default(),
            options: Options::default(),
            authorization: Authorization::default(),
        }
    }

    /// Adds a service; with an empty name its operations are called without a prefix.
    #[must_use]
    pub fn with_service(mut self, name: &str, service: Arc<dyn Handler<XmlRpc>>) -> Self {
        self.registry.add(name, service);
        self
    }

    /// Adds objects that are made at run time, each at its own URL.
    #[must_use]
    pub fn with_adapter(mut self, adapter: Arc<dyn Objects<XmlRpc>>) -> Self {
        self.registry.add_adapter(adapter);
        self
    }

    /// Sets the choices that XML-RPC leaves.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Has every call judged before it runs, those inside a batch one by one;
    /// `judge` sees the method's full, dotted name.
    #[must_use]
    pub fn with_authorization(
        mut self,
        judge: impl Fn(&Context, &str) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Self {
        self.authorization = Authorization::new(judge);
        self
    }

    /// What it serves.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Answers one message: the octets of a `<methodCall>`, from the URL path
    /// `path`, give those of a `<methodResponse>`, which may be a fault.
    pub async fn answer(&self, path: &str, body: &[u8], charset: Option<&str>, cx: Context) -> Vec<u8> {
        match self.run_message(path, body, charset, cx).await {
            Ok(reply) => reply,
            Err(fault) => message::encode_fault(&fault, self.options),
        }
    }

    async fn run_message(
        &self,
        path: &str,
        body: &[u8],
        charset: Option<&str>,
        cx: Context,
    ) -> Result<Vec<u8>, Fault> {
        let text = message::text(body, charset).map_err(error::encoding_fault)?;
        let options = self.options.answering(&text);
        let request = message::decode_request(&text, cx.limits(), options)
            .map_err(|e| Fault::from(locate(e, &text)))?;
        let scope = self.enter(path).await?;
        let scope = &scope;
        let place = |e: CodecError| Fault::from(locate(e, &text)).within(&shown(&request.name));
        match System::of(&request.name) {
            Some(System::Multicall) => {
                let calls = multicall::decode(request.params, &cx).map_err(place)?;
                self.batch(scope, calls, options, cx, &text).await
            }
            _ => {
                let out = message::begin_response(Vec::with_capacity(reply_capacity(body)), options);
                let out = self.run(scope, &request.name, request.params, out, cx, Some(&text)).await?;
                Ok(message::finish_response(out))
            }
        }
    }

    /// The service that a path is the URL of; `""` for all.
    fn scope<'p>(&self, path: &'p str) -> Option<&'p str> {
        service_of_path(path, |name| self.registry.has_service(name))
    }

    /// Comes to what a path is the URL of.
    async fn enter<'p>(&'p self, path: &'p str) -> Result<Scope<'p>, Fault> {
        if let Some(service) = self.scope(path) {
            return Ok(Scope::Service(service));
        }
        let key = key_of_path(path).unwrap_or_default();
        if let Some(adapter) = self.registry.adapter(&key) {
            return Ok(Scope::Object(adapter.name(), adapter.enter(&key).await?));
        }
        let path = shown(path);
        let message = format!("there is no service at {path}; all of them are at /RPC2");
        Err(Fault::new(FaultKind::UnknownObject, message))
    }

    /// Runs one call; `out` is given back with its reply. In `text` the lines of errors are counted.
    async fn run<'a>(
        &'a self,
        scope: &'a Scope<'a>,
        name: &'a str,
        params: XmlRpcDecoder<'a>,
        out: XmlRpcEncoder,
        cx: Context,
        text: Option<&str>,
    ) -> Result<XmlRpcEncoder, Fault> {
        if let Some(system) = System::of(name) {
            return self.run_system(system, scope, name, params, out, &cx, text);
        }
        let target = scope.resolve(&self.registry, name).ok_or_else(|| {
            let name = shown(name);
            let message = format!("there is no method '{name}'; system.listMethods names them all");
            Fault::new(FaultKind::UnknownOperation, message)
        })?;
        let cx = scope.context(cx);
        let timer = target.metrics.start();
        let permitted = self.authorization.check(&cx, &target.full).and_then(|()| cx.check());
        let done = match permitted {
            Ok(()) => target.handler.handle(Call::new(target.operation, target.local, cx, params, out)).await,
            Err(fault) => Err(fault),
        };
        timer.finish(done.as_ref().err().map(Fault::kind));
        done.map_err(|fault| {
            let fault = match text {
                Some(text) => located(fault, text),
                None => fault,
            };
            fault.within(&shown(&target.full))
        })
    }

    #[allow(clippy::too_many_arguments, reason = "what a call consists of")]
    fn run_system(
        &self,
        system: System,
        scope: &Scope<'_>,
        name: &str,
        mut params: XmlRpcDecoder<'_>,
        mut out: XmlRpcEncoder,
        cx: &Context,
        text: Option<&str>,
    ) -> Result<XmlRpcEncoder, Fault> {
        use farcall_wire::{Encoder as _, MessageDecoder as _, MessageEncoder as _};

        if system == System::Multicall {
            return Err(multicall::recursive());
        }
        let metrics = self.registry.metrics().operation(name);
        let timer = metrics.start();
        let answer = self.authorization.check(cx, name).and_then(|()| {
            let params = params.any_params().map_err(|e| placed(e, text))?;
            match scope {
                Scope::Service(service) => system.answer(&self.registry, service, &params),
                Scope::Object(adapter, object) => {
                    let alone = self.registry.alone(adapter, Arc::clone(object.handler()));
                    system.answer(&alone, adapter, &params)
                }
            }
        });
        timer.finish(answer.as_ref().err().map(Fault::kind));
        let answer = answer.map_err(|fault| fault.within(name))?;
        out.result(&farcall_model::Operation::new(""), |out| out.any(&answer))?;
        Ok(out)
    }

    async fn batch(
        &self,
        scope: &Scope<'_>,
        calls: Vec<Result<multicall::Inner<'_>, CodecError>>,
        options: Options,
        cx: Context,
        text: &str,
    ) -> Result<Vec<u8>, Fault> {
        self.authorization.check(&cx, "system.multicall")?;
        let mut out = message::begin_response(Vec::with_capacity(1024), options);
        out.raw(b"<params><param><value><array><data>");
        let mut faults = 0;
        for call in calls {
            let text = Some(text).filter(|_| faults < PLACED);
            let reply = match (cx.check(), call) {
                (Ok(()), Ok(call)) => {
                    let encoder = multicall::encoder(options);
                    self.run(scope, &call.name, call.params, encoder, cx.clone(), text).await
                }
                (Ok(()), Err(e)) => Err(Fault::from(placed(e, text))),
                (Err(late), _) => Err(late),
            };
            faults += usize::from(reply.is_err());
            match reply {
                Ok(reply) => out.raw(&reply.into_bytes()),
                Err(fault) => out.raw(&multicall::encode_fault(&fault, options)),
            }
        }
        out.raw(b"</data></array></value></param></params>");
        Ok(message::finish_response(out))
    }
}

/// What a path is the URL of.
enum Scope<'p> {
    /// A service; `""` for all of them.
    Service(&'p str),
    /// An object, and the name of its adapter.
    Object(&'p str, Entered<XmlRpc>),
}

impl Scope<'_> {
    fn resolve<'a>(&'a self, registry: &'a Registry, name: &'a str) -> Option<Target<'a>> {
        match self {
            Self::Service(service) => registry.resolve(service, name),
            Self::Object(adapter, object) => registry.of_object(adapter, &**object.handler(), name),
        }
    }

    fn context(&self, cx: Context) -> Context {
        match self {
            Self::Service(_) => cx,
            Self::Object(_, object) => cx.with_object_id(Arc::clone(object.id())),
        }
    }
}

/// Room for a reply as long as its request, within reason, so that it is rarely moved while it grows.
fn reply_capacity(request: &[u8]) -> usize {
    request.len().clamp(256, 64 << 10) + 256
}

/// So many faults of a batch have line, column and path, for which the message is read again
/// from its start; those after them have the offset alone.
const PLACED: usize = 8;

/// Adds line and column, where there is a text to count them in.
#[cold]
fn placed(error: CodecError, text: Option<&str>) -> CodecError {
    match text {
        Some(text) => locate(error, text),
        None => error,
    }
}

/// The response to an XML-RPC request: always 200, as the specification wants it.
fn response(body: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
    response
}

/// The `charset` parameter of the `Content-Type`.
fn charset(head: &Parts) -> Option<&str> {
    let parameters = content_type(head).split(';').skip(1);
    parameters.filter_map(|p| p.split_once('=')).find_map(|(name, value)| {
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

/// How far the root element is looked for.
const HEAD: usize = 1024;

/// True if a body looks like a call: its beginning has the root element's start, whatever the
/// encoding; in those of two octets a character every other one is 0.
fn is_call(body: &[u8]) -> bool {
    static ROOT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("<methodCall"));
    let head = &body[..body.len().min(HEAD)];
    if !head[..head.len().min(4)].contains(&0) {
        return ROOT.find(head).is_some();
    }
    let plain: Vec<u8> = head.iter().copied().filter(|b| *b != 0).collect();
    ROOT.find(&plain).is_some()
}

impl HttpProtocol for XmlRpcServer {
    fn name(&self) -> &'static str {
        "xmlrpc"
    }

    /// Calls by their root element; and what is posted to a place of ours and is
    /// nobody else's, so that it gets a fault rather than silence.
    fn claims(&self, head: &Parts, body: &Bytes) -> bool {
        if head.method != Method::POST {
            return false;
        }
        is_call(body) || (self.serves(head.uri.path()) && !is_of_another(head, body))
    }

    fn serves(&self, path: &str) -> bool {
        let is_object = || key_of_path(path).is_some_and(|key| self.registry.adapter(&key).is_some());
        self.scope(path).is_some() || is_object()
    }

    fn handle<'a>(&'a self, head: &'a Parts, body: Bytes, cx: Context) -> BoxFuture<'a, Response<Bytes>> {
        Box::pin(async move { response(self.answer(head.uri.path(), &body, charset(head), cx).await) })
    }

    fn refuse(&self, _head: &Parts, fault: Fault) -> Response<Bytes> {
        response(message::encode_fault(&fault, self.options))
    }
}

/// True for what SOAP and JSON-RPC send.
fn is_of_another(head: &Parts, body: &[u8]) -> bool {
    let ty = content_type(head);
    let json =
        ty.starts_with("application/json") || matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    let soap = ty.starts_with("application/soap+xml") || head.headers.contains_key("soapaction");
    json || soap
}
