//! [`SoapServer`]: services behind SOAP, as a protocol of a [`farcall_net::Server`].
//!
//! ```
//! use std::sync::Arc;
//! use farcall_builtin::{FortuneService, FortuneTeller};
//! use farcall_soap::SoapServer;
//!
//! let service = Arc::new(FortuneService::new(FortuneTeller::default()));
//! let server = SoapServer::new().with_service("fortune", service);
//! // the WSDL is at /fortune?wsdl
//! let builder = farcall_net::Server::builder().route(server.wsdl()).http(server);
//! # drop(builder);
//! ```

mod recognise;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use farcall_net::{Authorization, BoxFuture, HttpProtocol, content_type, service_of_path};
use farcall_wire::adapter::{Objects, key_of_path};
use farcall_wire::{Call, Context, Fault, FaultKind, Handler};
use farcall_wsdl::mapping::ncname;
use farcall_xml::wire::{locate, located, shown};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};

use crate::addressing::{self, Addressing};
use crate::attachments::{self, Aside, Opened, Received, is_multipart};
use crate::codec::SoapDecoder;
use crate::message::{self, Header, Refused, Request};
use crate::refusal::Refusal;
use crate::security::Security;
use crate::version::SOAP_ACTION;
use crate::wsdl::WsdlPages;
use crate::{Description, Options, Registry, Soap, Version, encoded, fault, namespace_of};

use recognise::{action_of, agrees, is_call, is_envelope, version_of};

/// Services behind SOAP 1.1 and 1.2.
///
/// All of them answer at `/` and `/RPC2`, told apart by their namespaces, and
/// each at `/<service>`. Headers that the [options](Options::understood) name are
/// in a call's metadata, as XML under `{namespace}local`.
pub struct SoapServer {
    registry: Arc<Registry>,
    options: Options,
    authorization: Authorization,
    security: Option<Arc<Security>>,
}

impl Default for SoapServer {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for SoapServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SoapServer")
            .field("registry", &self.registry)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// A reply, and the HTTP status that it goes with.
struct Answer {
    status: StatusCode,
    version: Version,
    body: Bytes,
    /// Its media type, if that is not the one of an envelope alone.
    content_type: Option<String>,
}

/// What a request came with beside its operation.
struct Asked<'a> {
    /// The whole envelope.
    text: &'a str,
    /// Whether it says that values are written by the rules of SOAP encoding.
    encoded: bool,
    received: Option<Arc<Received>>,
    addressing: Option<&'a Addressing>,
}

impl Answer {
    /// What an extension refuses is the sender's fault.
    fn refusal(refusal: &Refusal, version: Version) -> Self {
        let status = match version {
            Version::V11 => StatusCode::INTERNAL_SERVER_ERROR,
            Version::V12 => StatusCode::BAD_REQUEST,
        };
        Self::new(status, version, refusal.encode(version, ""))
    }

    fn new(status: StatusCode, version: Version, body: Vec<u8>) -> Self {
        Self { status, version, body: body.into(), content_type: None }
    }
}

impl SoapServer {
    /// A server that has no service yet, at default options.
    #[must_use]
    pub fn new() -> Self {
        Self {
            registry: Arc::default(),
            options: Options::default(),
            authorization: Authorization::default(),
            security: None,
        }
    }

    /// Adds a service. What [`SoapServer::wsdl`] gave before does not show it.
    #[must_use]
    pub fn with_service(mut self, name: &str, service: Arc<dyn Handler<Soap>>) -> Self {
        Arc::make_mut(&mut self.registry).add(name, service);
        self
    }

    /// Adds a service that speaks as a WSDL says: its style, its names, its actions. Operations that
    /// the WSDL does not have are spoken as by [`SoapServer::with_service`].
    #[must_use]
    pub fn with_described(
        mut self,
        name: &str,
        service: Arc<dyn Handler<Soap>>,
        description: Description,
    ) -> Self {
        Arc::make_mut(&mut self.registry).add_described(name, service, description);
        self
    }

    /// Adds objects that are made at run time, each at its own URL, `/<adapter>/<id>`.
    #[must_use]
    pub fn with_adapter(mut self, adapter: Arc<dyn Objects<Soap>>) -> Self {
        Arc::make_mut(&mut self.registry).add_adapter(adapter);
        self
    }

    /// Sets the choices that there are.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Has every call judged before it runs; `judge` sees the operation's full, dotted name.
    #[must_use]
    pub fn with_authorization(
        mut self,
        judge: impl Fn(&Context, &str) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Self {
        self.authorization = Authorization::new(judge);
        self
    }

    /// Has the `wsse:Security` header of requests checked, which they must have unless HTTP has told
    /// who calls.
    #[must_use]
    pub fn with_security(mut self, security: Security) -> Self {
        self.security = Some(Arc::new(security));
        self
    }

    /// What it serves.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The WSDL of each service, at `GET /<service>?wsdl`; with a second binding for SOAP 1.2 at
    /// `?wsdl12`.
    #[must_use]
    pub fn wsdl(&self) -> WsdlPages {
        WsdlPages::new(Arc::clone(&self.registry), self.options.public_url.clone())
    }

    async fn answer(&self, head: &Parts, body: &Bytes, cx: Context) -> Answer {
        let opened = match Opened::new(content_type(head), body, cx.limits()) {
            Ok(opened) => opened,
            Err(error) => return failed(&Fault::from(error), version_of(head)),
        };
        let text = match opened.text() {
            Ok(text) => text,
            Err(error) => return failed(&Fault::from(error), version_of(head)),
        };
        let encoded = encoded::is_encoded(&text);
        let text = match encoded::expand(Cow::Borrowed(&*text), encoded, cx.limits()) {
            Ok(text) => text,
            Err(error) => return failed(&Fault::from(locate(error, &text)), version_of(head)),
        };
        let request = match message::decode_request(&text, cx.limits()) {
            Ok(request) => request,
            Err(Refused { version, mismatch, error }) => {
                let error = locate(error, &text);
                if !mismatch {
                    return failed(&Fault::from(error), version);
                }
                return refused(&error.to_string(), version, "VersionMismatch", &message::upgrade());
            }
        };
        let version = request.version;
        if let Some(header) = request.headers.iter().find(|header| !self.understands(header)) {
            let what = format!("the header {} must be understood, and is not", shown(&header.qualified()));
            let said = if version == Version::V12 { message::not_understood(header) } else { String::new() };
            return refused(&what, version, "MustUnderstand", &said);
        }
        if let Some(uri) = request.unknown_encoding() {
            let what = format!("values in the encoding {} are not read here", shown(uri));
            let code = if version == Version::V12 { "DataEncodingUnknown" } else { "Client" };
            return refused(&what, version, code, "");
        }
        let cx = match self.secured(head, &request.headers, cx).await {
            Ok(cx) => cx,
            Err(refusal) => return Answer::refusal(&refusal, version),
        };
        let addressing = match Addressing::read(&request.headers) {
            Ok(addressing) => addressing,
            Err(refusal) => return Answer::refusal(&refusal, version),
        };
        let declared = |action: &str| self.registry.declares(action, request.name);
        if let Some(addressing) = addressing.as_ref().filter(|a| !a.action.as_deref().is_some_and(declared))
            && let Err(refusal) = addressing.agrees(request.name)
        {
            return Answer::refusal(&refusal, version);
        }
        let received = opened.received.clone();
        let asked = Asked { text: &text, encoded, received, addressing: addressing.as_ref() };
        let cx = cx.with_room_beside();
        match self.run(head, request, cx.clone(), asked).await {
            Ok(answer) => answer,
            Err(fault) => {
                let header = addressing.as_ref().map(|addressing| addressing.reply(None)).unwrap_or_default();
                failed_with(&fault, version, &(header + &headers_beside(&cx)))
            }
        }
    }

    /// The context of a request whose security was checked: with who calls, if it says so.
    async fn secured(&self, head: &Parts, headers: &[Header<'_>], cx: Context) -> Result<Context, Refusal> {
        let Some(security) = &self.security else { return Ok(cx) };
        let is_known = cx.identity().is_some();
        let identity = security.check(head, headers, is_known, SystemTime::now()).await?;
        Ok(match identity {
            Some(identity) => cx.with_identity(Some(Arc::new(identity))),
            None => cx,
        })
    }

    /// True if a header of that name is one that services deal with.
    fn knows(&self, header: &Header<'_>) -> bool {
        let named = |(uri, name): &(String, String)| {
            header.namespace.as_deref() == Some(uri) && header.name == name.as_str()
        };
        self.options.understood.iter().any(named)
    }

    fn understands(&self, header: &Header<'_>) -> bool {
        let is_checked = self.security.is_some() && Security::is_header(header);
        !header.must_understand
            || !header.is_for_receiver()
            || is_checked
            || addressing::is_header(header)
            || self.knows(header)
    }

    async fn run(
        &self,
        head: &Parts,
        request: Request<'_>,
        cx: Context,
        asked: Asked<'_>,
    ) -> Result<Answer, Fault> {
        let Asked { text, encoded, received, addressing } = asked;
        let path = head.uri.path();
        let (name, version) = (request.name, request.version);
        let namespace = request.namespace.as_deref();
        let action = action_of(head);
        let named =
            addressing.and_then(|addressing| addressing.action.as_deref()).filter(|_| action.is_empty());
        let entered;
        let (target, cx) = if let Some(scope) = self.scope(path) {
            (self.registry.resolve(scope, namespace, name, named.unwrap_or(&action)), cx)
        } else if let Some(key) = key_of_path(path)
            && let Some(adapter) = self.registry.adapter(&key)
        {
            entered = adapter.enter(&key).await?;
            let cx = cx.with_object_id(Arc::clone(entered.id()));
            (self.registry.of_object(adapter.name(), &**entered.handler(), namespace, name), cx)
        } else {
            let message = format!("there is no service at {}; all of them are at /", shown(path));
            return Err(Fault::new(FaultKind::UnknownObject, message));
        };
        let target = target.ok_or_else(|| {
            if name.is_empty() {
                let message =
                    "the <Body> is empty, which is no operation's here: it holds the operation's element";
                return Fault::new(FaultKind::InvalidRequest, message);
            }
            let (name, namespace) = (shown(name), shown(namespace.unwrap_or("no namespace")));
            let message =
                format!("there is no operation '{name}' of {namespace} here; the WSDL names them all");
            Fault::new(FaultKind::UnknownOperation, message)
        })?;
        agrees(&action, name, target.xml.as_deref())?;
        let operation = target.operation.and_then(|index| target.handler.interface().operations.get(index));
        let oneway = operation.is_some_and(|operation| operation.oneway);
        let known = request.headers.iter().filter(|header| header.is_for_receiver() && self.knows(header));
        let cx = known.fold(cx, |cx, header| cx.with_metadata(header.qualified(), header.xml.clone()));
        let timer = target.metrics.start();
        let beside = cx.clone();
        let permitted = self.authorization.check(&cx, &target.full).and_then(|()| cx.check());
        let done = match permitted {
            Ok(()) => {
                let mut out = message::begin_reply(version, target.spaces.clone(), text.len());
                out.set_encoded(target.xml.as_ref().map_or(encoded, |xml| xml.response.encoded));
                out.set_xml(target.xml.clone());
                let by_mtom = received.as_ref().is_some_and(|received| received.is_xop());
                let by_mtom = by_mtom || self.options.mtom_always;
                out.set_aside(by_mtom.then(|| Aside::new(self.options.mtom_threshold, &[])));
                let limits = Arc::clone(cx.limits());
                let refuse_unknown = self.options.refuse_unknown_elements;
                let params: SoapDecoder<'_> =
                    request.into_decoder(target.spaces, &limits, refuse_unknown, target.xml);
                let mut params = params.with_received(received);
                params.set_shared(encoded);
                // the operation's own name may hold what an element's cannot
                let own = operation.map_or(name, |operation| &operation.name);
                target.handler.handle(Call::new(target.operation, own, cx, params, out)).await
            }
            Err(fault) => Err(fault),
        };
        timer.finish(done.as_ref().err().map(Fault::kind));
        let mut out = done.map_err(|fault| located(fault, text).within(&shown(&target.full)))?;
        let status = match (out.is_fault(), oneway || addressing.is_some_and(Addressing::wants_no_reply)) {
            (true, _) => StatusCode::INTERNAL_SERVER_ERROR,
            (false, true) => return Ok(Answer::new(StatusCode::ACCEPTED, version, Vec::new())),
            (false, false) => StatusCode::OK,
        };
        let mut header = headers_beside(&beside);
        if let Some(addressing) = addressing {
            let action = (!out.is_fault()).then(|| {
                let interface = target.handler.interface();
                addressing::reply_action(&namespace_of(interface), &ncname(&interface.name), name)
            });
            header.insert_str(0, &addressing.reply(action.as_deref()));
        }
        if !header.is_empty() {
            out.insert_header(&header);
        }
        let aside = out.take_aside().filter(Aside::is_used);
        let envelope = message::finish(out);
        let Some(aside) = aside else { return Ok(Answer::new(status, version, envelope)) };
        let (content_type, body) = attachments::pack_xop(version, None, envelope, aside);
        Ok(Answer { status, version, body, content_type: Some(content_type) })
    }

    /// The service that a path is the URL of; `""` for all.
    fn scope<'p>(&self, path: &'p str) -> Option<&'p str> {
        service_of_path(path, |name| self.registry.has_service(name))
    }
}

/// A fault, and the status that its version of SOAP wants (SOAP 1.1, section 6.2; SOAP 1.2 part 2,
/// table 20).
fn failed(fault: &Fault, version: Version) -> Answer {
    failed_with(fault, version, "")
}

/// The same with XML for its header.
fn failed_with(fault: &Fault, version: Version, header: &str) -> Answer {
    let of_sender = fault::code_of(fault, version) == "Sender";
    let status = if of_sender { StatusCode::BAD_REQUEST } else { StatusCode::INTERNAL_SERVER_ERROR };
    Answer::new(status, version, message::encode_fault(fault, version, header))
}

/// The same for one of SOAP's own codes, with a header that says what would be understood.
fn refused(text: &str, version: Version, code: &str, header: &str) -> Answer {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Answer::new(status, version, message::encode_refusal(text, version, code, header))
}

/// The headers that a service gave for its answer; what is no element is left out, and said.
fn headers_beside(cx: &Context) -> String {
    let mut all = String::new();
    for (name, xml) in cx.take_beside() {
        match message::well_formed(&xml) {
            Ok(()) => all.push_str(&xml),
            Err(error) => {
                tracing::error!(%name, %error, "a header of an answer is not well-formed, and not sent")
            }
        }
    }
    all
}

fn response(answer: Answer) -> Response<Bytes> {
    let is_empty = answer.body.is_empty();
    let mut response = Response::new(answer.body);
    *response.status_mut() = answer.status;
    if !is_empty {
        let said = answer.content_type.and_then(|ty| HeaderValue::try_from(ty).ok());
        let ty = said.unwrap_or_else(|| HeaderValue::from_static(answer.version.content_type()));
        response.headers_mut().insert(CONTENT_TYPE, ty);
    }
    response
}

impl HttpProtocol for SoapServer {
    fn name(&self) -> &'static str {
        "soap"
    }

    /// Messages by their root element, and what says in its head that it is SOAP, so that it gets
    /// a fault of SOAP whatever it is.
    fn claims(&self, head: &Parts, body: &Bytes) -> bool {
        if head.method != Method::POST {
            return false;
        }
        let said = || version_of(head) == Version::V12 || head.headers.contains_key(&SOAP_ACTION);
        is_envelope(body) || is_multipart(content_type(head)) || (!is_call(body) && said())
    }

    fn serves(&self, path: &str) -> bool {
        let is_object = || key_of_path(path).is_some_and(|key| self.registry.adapter(&key).is_some());
        self.scope(path).is_some() || is_object()
    }

    fn handle<'a>(&'a self, head: &'a Parts, body: Bytes, cx: Context) -> BoxFuture<'a, Response<Bytes>> {
        Box::pin(async move { response(self.answer(head, &body, cx).await) })
    }

    fn refuse(&self, head: &Parts, fault: Fault) -> Response<Bytes> {
        response(failed(&fault, version_of(head)))
    }
}
