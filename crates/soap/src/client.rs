//! [`Client`]: calls a SOAP service whose interface is known, over HTTP, HTTPS
//! and unix sockets.
//!
//! ```no_run
//! use farcall_builtin::{Fortune, FortuneClient};
//! use farcall_soap::{Client, Version};
//! use farcall_wire::Remote;
//!
//! # async fn example() -> Result<(), farcall_wire::Fault> {
//! let url = "soap+http://127.0.0.1:2809/fortune";
//! let client = Client::builder(url, FortuneClient::<Client>::interface()).version(Version::V12).build()?;
//! let cookie = FortuneClient::new(client).get_cookie().await?;
//! # Ok(()) }
//! ```

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use farcall_model::{Interface, Operation, TypeRef, XmlOperation};
use farcall_net::{CallMetrics, HttpClient, SendOptions};
use farcall_wire::{
    Channel, CodecError, Completion, Context, ErrorKind, Fault, FaultKind, Invocation, Limits,
};
use farcall_wsdl::QName;
use farcall_wsdl::emit::soap_action;
use farcall_xml::wire::locate;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use tokio::sync::OnceCell;

use crate::addressing::{self, EndpointReference};
use crate::attachments::{self, Aside, Opened};
use crate::names::Spaces;
use crate::security::NoRandom;
use crate::version::SOAP_ACTION;
use crate::{ClientOptions, Description, Version, encoded, load, message, namespace_of};

/// Calls one SOAP service. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: HttpClient,
    /// How the service is spoken to; empty until its WSDL was read.
    spoken: OnceCell<Spoken>,
    /// Where its WSDL is, if that is to be read.
    wsdl: Option<String>,
    port: Option<String>,
    uri: Uri,
    version: Option<Version>,
    scope: String,
    header: String,
    options: ClientOptions,
    /// The address to send to, if messages say it.
    to: Option<String>,
    context: Option<Context>,
    metrics: CallMetrics,
    /// For messages to people.
    url: String,
}

/// How a service is spoken to.
#[derive(Debug)]
struct Spoken {
    uri: Uri,
    version: Version,
    namespace: String,
    spaces: Spaces,
    /// Operations that stand in messages as a description says.
    messages: HashMap<String, Arc<XmlOperation>>,
    /// What can be called, where a WSDL says it.
    interface: Option<Interface>,
}

impl Spoken {
    fn new(
        interface: &Interface,
        types: &[(QName, TypeRef)],
        namespace: String,
        scope: &str,
        uri: Uri,
        version: Option<Version>,
    ) -> Self {
        let described = interface.operations.iter();
        let messages: HashMap<_, _> =
            described.filter_map(|op| Some((op.name.to_string(), Arc::clone(op.xml.as_ref()?)))).collect();
        let is_12 = !messages.is_empty() && messages.values().all(|xml| xml.soap12);
        let version = version.unwrap_or(if is_12 { Version::V12 } else { Version::V11 });
        let spaces = Spaces::new(&namespace, scope).with_types(interface, types);
        Self { uri, version, namespace, spaces, messages, interface: None }
    }

    /// How an operation stands in messages, where a description says it.
    fn xml(&self, operation: &Operation) -> Option<Arc<XmlOperation>> {
        self.messages.get(&*operation.name).cloned().or_else(|| operation.xml.clone())
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("url", &self.0.url).finish_non_exhaustive()
    }
}

/// What a [`Client`] is made from.
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    url: String,
    http: farcall_net::ClientBuilder,
    version: Option<Version>,
    interface: Option<Interface>,
    /// Types that the description declares.
    types: Vec<(QName, TypeRef)>,
    namespace: Option<String>,
    wsdl: Option<String>,
    /// A description was given: none is to be read.
    is_read: bool,
    port: Option<String>,
    header: String,
    options: ClientOptions,
    to: Option<String>,
    context: Option<Context>,
}

/// A request as it goes out.
struct Outgoing {
    /// Its media type, if it is not that of an envelope alone.
    content_type: Option<String>,
    action: String,
    body: Bytes,
}

impl ClientBuilder {
    /// Sets how HTTP is done: TLS, authentication, headers, proxy, what is logged.
    pub fn http(mut self, http: farcall_net::ClientBuilder) -> Self {
        self.http = http;
        self
    }

    /// Sets the version of SOAP to speak (default: that of the description, else 1.1). Answers of
    /// either are read.
    pub fn version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// Sets the namespace of the service's operations, where it is not
    /// [that of the interface](namespace_of).
    pub fn namespace(mut self, uri: impl Into<String>) -> Self {
        self.namespace = Some(uri.into());
        self
    }

    /// Has it speak as that description says.
    pub fn description(mut self, description: &Description) -> Self {
        self.wsdl = None;
        self.is_read = true;
        self.interface = Some(description.interface().clone());
        self.types = description.types().to_vec();
        self
    }

    /// Has it speak as the WSDL at that URL says, which is read before the first call. What it
    /// imports is read as well, if it has the same origin.
    pub fn wsdl(mut self, url: impl Into<String>) -> Self {
        self.is_read = false;
        self.wsdl = Some(url.into());
        self
    }

    /// Chooses a port of the WSDL by its name.
    pub fn port(mut self, name: impl Into<String>) -> Self {
        self.port = Some(name.into());
        self
    }

    /// Sends these headers with every call: XML, with all declarations that it needs. Those of a
    /// single call are metadata of its context, each under its name as `{namespace}local`.
    pub fn header(mut self, xml: &str) -> Self {
        self.header.push_str(xml);
        self
    }

    /// Sets the choices that there are: version, headers, MTOM, attachments, WS-Security, WS-Addressing.
    pub fn options(mut self, options: ClientOptions) -> Self {
        self.version = options.version.or(self.version);
        self.header.extend(options.headers.iter().map(String::as_str));
        self.options = options;
        self
    }

    /// Sends the headers of WS-Addressing to that endpoint: its address as `To`, and its reference
    /// parameters. Where to connect is still the URL of the client.
    pub fn endpoint(mut self, reference: &EndpointReference) -> Self {
        self.options.addressing = true;
        self.to = Some(reference.address.clone());
        self.header.extend(reference.parameters.iter().map(String::as_str));
        self
    }

    /// Sets metadata that every call takes with it, and limits and a deadline for calls that have
    /// none of their own.
    pub fn context(mut self, context: Context) -> Self {
        self.context = Some(context);
        self
    }

    /// Makes the client. Nothing is connected before the first call.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if the URL cannot be used, saying why.
    pub fn build(self) -> Result<Client, Fault> {
        let bad = |why: String| Fault::new(FaultKind::InvalidParameters, why);
        let url = self.url.strip_prefix("soap+").unwrap_or(&self.url);
        let Some((scheme, _)) = url.split_once("://") else {
            return Err(bad(format!("'{url}' is not a URL, such as soap+http://127.0.0.1:2809/fortune")));
        };
        if !matches!(scheme, "http" | "https" | "http+unix") {
            return Err(bad(format!(
                "SOAP does not go over '{scheme}'; it goes over http, https and http+unix"
            )));
        }
        let mut http = self.http;
        let url = match farcall_net::unix_url(url) {
            Some((socket, url)) => {
                http = http.unix(socket);
                url
            }
            None => url.to_owned(),
        };
        // calls go to the service itself, not to its description
        let (place, wsdl) = match url.split_once('?') {
            Some((place, query)) if is_wsdl(query) => (place.to_owned(), Some(url.clone())),
            _ => (url, None),
        };
        // some descriptions say that URL as the service's own
        let wsdl = self.wsdl.or(wsdl).filter(|_| !self.is_read);
        let uri: Uri = place.parse().map_err(|e| bad(format!("'{place}' is not a URL: {e}")))?;
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let host = host.rsplit('@').next().unwrap_or(host);
        let shown = format!("{scheme}://{host}{}", uri.path());
        let scope = self.interface.as_ref().map(|interface| interface.scope.to_string()).unwrap_or_default();
        let spoken = match (&self.interface, &wsdl) {
            (Some(interface), None) => {
                let namespace = self.namespace.unwrap_or_else(|| namespace_of(interface));
                let mut spoken =
                    Spoken::new(interface, &self.types, namespace, &scope, uri.clone(), self.version);
                spoken.interface = Some(interface.clone()).filter(|_| !spoken.messages.is_empty());
                OnceCell::new_with(Some(spoken))
            }
            (_, Some(_)) => OnceCell::new(),
            (None, None) => {
                let why = "SOAP cannot be spoken without knowing what is there: connect a typed client, give \
                           the interface, or the URL of the WSDL, such as soap+http://host/service?wsdl";
                return Err(bad(why.to_owned()));
            }
        };
        Ok(Client(Arc::new(Inner {
            http: http.build(),
            spoken,
            wsdl,
            port: self.port,
            uri,
            version: self.version,
            scope,
            header: self.header,
            to: self.options.addressing.then(|| self.to.unwrap_or(place)),
            options: self.options,
            context: self.context,
            metrics: CallMetrics::client("soap"),
            url: shown,
        })))
    }
}

/// True for the query of the URL of a WSDL.
fn is_wsdl(query: &str) -> bool {
    query.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("wsdl"))
}

/// The scheme, host and port of a URL.
pub(crate) fn origin(uri: &Uri) -> Option<(&str, String)> {
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let default = if scheme == "https" { 443 } else { 80 };
    let host = authority.host().to_ascii_lowercase();
    Some((scheme, format!("{host}:{}", authority.port_u16().unwrap_or(default))))
}

impl Client {
    /// A client of the service at that URL, `soap+http://host/path` or `soap+https://…`
    /// (`soap+` may be left out), which implements that interface. It speaks SOAP 1.1 unless the
    /// interface says otherwise. With `?wsdl` at the URL's end it speaks as the WSDL there says.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if the URL cannot be used, saying why.
    pub fn connect(url: &str, interface: &Interface) -> Result<Self, Fault> {
        Self::builder(url, interface).build()
    }

    /// Begins a client with more than a URL.
    pub fn builder(url: &str, interface: &Interface) -> ClientBuilder {
        ClientBuilder { interface: Some(interface.clone()), ..Self::described(url) }
    }

    /// Begins a client of which only the URL is known: that of the WSDL, or the service's, and then
    /// with [`ClientBuilder::wsdl`] or [`ClientBuilder::description`].
    pub fn described(url: &str) -> ClientBuilder {
        ClientBuilder {
            url: url.to_owned(),
            http: HttpClient::builder(),
            version: None,
            interface: None,
            types: Vec::new(),
            namespace: None,
            wsdl: None,
            is_read: false,
            port: None,
            header: String::new(),
            options: ClientOptions::default(),
            to: None,
            context: None,
        }
    }

    /// How the service is spoken to; reads its WSDL the first time, if that is to be done.
    async fn spoken(&self, cx: &Context) -> Result<&Spoken, Fault> {
        let inner = &*self.0;
        inner.spoken.get_or_try_init(|| self.read_wsdl(cx)).await
    }

    async fn read_wsdl(&self, cx: &Context) -> Result<Spoken, Fault> {
        let inner = &*self.0;
        let url = inner.wsdl.as_deref().unwrap_or_default();
        let definitions = load::load(&inner.http, url, &inner.options.imports, cx).await?;
        let description = Description::of(&definitions, inner.port.as_deref())?;
        let interface = description.interface();
        // who has the WSDL's word that a service is elsewhere has nobody's word that it may be told secrets
        let place = description.address().parse().ok();
        let uri =
            place.filter(|place| origin(place) == origin(&inner.uri)).unwrap_or_else(|| inner.uri.clone());
        let scope = if inner.scope.is_empty() { &*interface.scope } else { &inner.scope };
        let version = inner.version.or(Some(description.version()));
        let (types, namespace) = (description.types(), namespace_of(interface));
        let mut spoken = Spoken::new(interface, types, namespace, scope, uri, version);
        spoken.interface = Some(interface.clone());
        Ok(spoken)
    }

    /// What can be called, as the description says that the client was given or found at the URL.
    ///
    /// # Errors
    /// Those of reading it; [`FaultKind::Unsupported`] if there is none.
    pub async fn interface(&self) -> Result<Interface, Fault> {
        let cx = self.0.context.clone().unwrap_or_default();
        self.spoken(&cx).await?.interface.clone().ok_or_else(|| {
            let message = "SOAP does not tell what can be called; connect to the WSDL, such as \
                           soap+http://host/service?wsdl, or give the interface";
            Fault::new(FaultKind::Unsupported, message)
        })
    }

    /// The operation of that name, if a description says what there is; None if none says anything.
    ///
    /// # Errors
    /// Those of reading the description; [`FaultKind::UnknownOperation`] if it does not have it.
    pub async fn operation(&self, name: &str) -> Result<Option<Operation>, Fault> {
        let cx = self.0.context.clone().unwrap_or_default();
        let Some(interface) = &self.spoken(&cx).await?.interface else { return Ok(None) };
        interface.operation(name).cloned().map(Some).ok_or_else(|| {
            let names: Vec<&str> = interface.operations.iter().map(|operation| &*operation.name).collect();
            let message = format!("there is no operation '{name}'; there are {}", names.join(", "));
            Fault::new(FaultKind::UnknownOperation, message)
        })
    }

    /// The URL, without user and password.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// The octets of the request that a call would send.
    ///
    /// # Errors
    /// If SOAP cannot express a parameter; the fault names it. If the WSDL was not read yet, which
    /// [`Client::interface`] does.
    pub fn request<I: Invocation>(&self, invocation: &I) -> Result<Vec<u8>, Fault> {
        let unread = || {
            let message = "the WSDL that says how to call was not read yet: ask for the interface first";
            Fault::new(FaultKind::InvalidParameters, message)
        };
        let spoken = self.0.spoken.get().ok_or_else(unread)?;
        self.encode(spoken, &self.context(&Context::new()), invocation).map(|outgoing| outgoing.body.into())
    }

    /// A call's own context with what every call takes with it.
    fn context<'c>(&self, cx: &'c Context) -> Cow<'c, Context> {
        let Some(general) = &self.0.context else { return Cow::Borrowed(cx) };
        let mut merged = cx.clone();
        for (name, value) in general.metadata().filter(|(name, _)| cx.metadata().all(|(own, _)| own != *name))
        {
            merged = merged.with_metadata(name, value);
        }
        if **cx.limits() == Limits::default() {
            merged = merged.with_limits(Arc::clone(general.limits()));
        }
        if let (None, Some(deadline)) = (cx.deadline(), general.deadline()) {
            merged = merged.with_deadline(deadline);
        }
        Cow::Owned(merged)
    }

    fn encode<I: Invocation>(
        &self,
        spoken: &Spoken,
        cx: &Context,
        invocation: &I,
    ) -> Result<Outgoing, Fault> {
        let mut header = Cow::Borrowed(self.0.header.as_str());
        for (_, xml) in cx.metadata().filter(|(name, _)| is_soap_header(name)) {
            header.to_mut().push_str(xml);
        }
        let operation = invocation.operation();
        let (version, options) = (spoken.version, &self.0.options);
        let xml = spoken.xml(operation);
        let said = xml.as_ref().and_then(|xml| xml.action.as_deref().map(str::to_owned));
        let action = said.unwrap_or_else(|| soap_action(&spoken.namespace, &operation.name));
        if let Some(to) = &self.0.to {
            header.to_mut().push_str(&addressing::request(&action, to));
        }
        if let Some(token) = &options.wsse {
            let random = |_: NoRandom| Fault::new(FaultKind::Internal, "the system gives no random numbers");
            header.to_mut().push_str(&token.header(SystemTime::now()).map_err(random)?);
        }
        let aside = options.mtom.map(|threshold| Aside::new(threshold, &options.attachments));
        let spaces = spoken.spaces.clone();
        let (envelope, aside) =
            message::encode_request(version, spaces, &header, aside, xml, |out| invocation.write(out))
                .map_err(|error| Fault::from(error).within(&operation.name))?;
        let parts = &options.attachments;
        let (content_type, body) = match aside.filter(|aside| parts.is_empty() || aside.is_used()) {
            Some(aside) => attachments::pack_xop(version, Some(&action), envelope, aside),
            None if !parts.is_empty() => attachments::pack_plain(version, envelope, parts),
            None => return Ok(Outgoing { content_type: None, action, body: envelope.into() }),
        };
        Ok(Outgoing { content_type: Some(content_type), action, body })
    }

    /// Makes one call, and gives the headers of the reply beside its outcome: each element under its
    /// name as `{namespace}local`, for [`decode_element`](crate::decode_element).
    ///
    /// # Errors
    /// Those of [`Channel::call`].
    pub async fn call_with_headers<I: Invocation>(
        &self,
        cx: &Context,
        invocation: &I,
    ) -> Result<(I::Output, Vec<(String, String)>), Fault> {
        let cx = self.context(cx);
        let spoken = self.spoken(&cx).await?;
        let body = self.encode(spoken, &cx, invocation)?;
        let name = &invocation.operation().name;
        let metrics = self.0.metrics.operation(name);
        let timer = metrics.start();
        let done = self.exchange(spoken, &cx, body, invocation).await;
        timer.finish(done.as_ref().err().map(Fault::kind));
        done.map_err(|fault| fault.within(name).with_peer(&*self.0.url))
    }

    async fn exchange<I: Invocation>(
        &self,
        spoken: &Spoken,
        cx: &Context,
        outgoing: Outgoing,
        invocation: &I,
    ) -> Result<(I::Output, Vec<(String, String)>), Fault> {
        let response = self.post(spoken, cx, outgoing, invocation.operation().idempotent).await?;
        let reply = self.read(spoken, cx, &response, invocation)?;
        reply.outcome.map(|outcome| (outcome, reply.headers))
    }

    /// Sends an envelope as it is, with that action, and gives the reply as it comes, whatever its
    /// status.
    ///
    /// # Errors
    /// That it could not be sent, or that nothing came back.
    pub async fn send(&self, cx: &Context, action: &str, envelope: Bytes) -> Result<Response<Bytes>, Fault> {
        let cx = self.context(cx);
        let spoken = self.spoken(&cx).await?;
        let outgoing = Outgoing { content_type: None, action: action.to_owned(), body: envelope };
        let sent = self.post(spoken, &cx, outgoing, false).await;
        sent.map_err(|fault| fault.with_peer(&*self.0.url))
    }

    async fn post(
        &self,
        spoken: &Spoken,
        cx: &Context,
        outgoing: Outgoing,
        idempotent: bool,
    ) -> Result<Response<Bytes>, Fault> {
        let malformed =
            |e: String| Fault::new(FaultKind::InvalidParameters, format!("a header is malformed: {e}"));
        let value = |text: String| HeaderValue::try_from(text).map_err(|e| malformed(e.to_string()));
        let mut headers = HeaderMap::with_capacity(USUAL_HEADERS);
        for (name, text) in cx.metadata().filter(|(name, _)| !is_soap_header(name)) {
            let name = HeaderName::try_from(name).map_err(|e| malformed(e.to_string()))?;
            headers.append(name, value(text.to_owned())?);
        }
        let (action, said) = (&outgoing.action, outgoing.content_type);
        let (ty, accepted) = match spoken.version {
            Version::V11 => {
                headers.append(&SOAP_ACTION, value(["\"", action, "\""].concat())?);
                (said.map(value).transpose()?, "text/xml, multipart/related")
            }
            Version::V12 => {
                let parameter =
                    || if action.is_empty() { String::new() } else { format!("; action=\"{action}\"") };
                let ty = said.unwrap_or_else(|| Version::V12.content_type().to_owned() + &parameter());
                (Some(value(ty)?), "application/soap+xml, multipart/related")
            }
        };
        let ty = ty.unwrap_or_else(|| HeaderValue::from_static(Version::V11.content_type()));
        headers.append(CONTENT_TYPE, ty);
        headers.append(ACCEPT, HeaderValue::from_static(accepted));
        let body = match self.0.options.gzip {
            Some(threshold) if outgoing.body.len() >= threshold => {
                headers.append(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                compressed(&outgoing.body)?
            }
            _ => outgoing.body,
        };
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = spoken.uri.clone();
        *request.headers_mut() = headers;
        self.0.http.send(request, &SendOptions::from(cx).with_idempotent(idempotent)).await
    }

    /// A fault comes with an error's status, so what the body says counts before the status.
    fn read<I: Invocation>(
        &self,
        spoken: &Spoken,
        cx: &Context,
        response: &Response<Bytes>,
        invocation: &I,
    ) -> Result<message::Response<I::Output>, Fault> {
        let status = response.status();
        let ty = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let body = response.body();
        let xml = spoken.xml(invocation.operation());
        let decode = |text: &str, received| {
            let (spaces, strict) = (spoken.spaces.clone(), self.0.options.strict);
            message::decode_response(text, invocation, spaces, received, cx.limits(), xml, strict)
                .map_err(|e| locate(e, text))
        };
        if status.is_success() && body.is_empty() {
            return decode(NOTHING, None).map_err(unreadable);
        }
        let opened = Opened::new(ty, body, cx.limits());
        let decoded = opened.and_then(|opened| {
            let text = opened.text()?;
            let encoded = encoded::is_encoded(&text);
            let text = encoded::expand(text, encoded, cx.limits())?;
            decode(&text, opened.received.clone())
        });
        match decoded {
            Ok(reply) => Ok(reply),
            Err(error) if status.is_success() => Err(unreadable(error)),
            Err(_) => Err(status_fault(status)),
        }
    }
}

/// The octets as gzip has them.
fn compressed(octets: &[u8]) -> Result<Bytes, Fault> {
    let mut gzip = GzEncoder::new(Vec::with_capacity(octets.len() / 4), Compression::fast());
    let done = gzip.write_all(octets).and_then(|()| gzip.finish());
    done.map(Bytes::from).map_err(|e| Fault::new(FaultKind::Internal, format!("gzip: {e}")))
}

/// True for metadata that is a header of SOAP, rather than of HTTP.
fn is_soap_header(name: &str) -> bool {
    name.starts_with('{')
}

/// Room for the headers that most requests have, with those that the connection adds.
const USUAL_HEADERS: usize = 6;

/// What stands for an empty reply: to a one-way call, and from stacks that send nothing for nothing.
const NOTHING: &str =
    "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body/></e:Envelope>";

/// The call ran, but what came back is not a reply to it.
fn unreadable(error: CodecError) -> Fault {
    let limit = matches!(error.kind(), ErrorKind::Limit { .. });
    let kind = if limit { FaultKind::Limit } else { FaultKind::Protocol };
    Fault::new(kind, format!("the reply cannot be read: {error}"))
        .with_completion(Completion::Maybe)
        .with_source(error)
}

/// A reply that is no SOAP, by its HTTP status.
fn status_fault(status: StatusCode) -> Fault {
    let (kind, completion, hint) = match status.as_u16() {
        401 => (FaultKind::Unauthenticated, Completion::No, "give a user and password, or a token"),
        403 => (FaultKind::Forbidden, Completion::No, "this user may not call it"),
        404 | 410 => (FaultKind::UnknownObject, Completion::No, "is the path right? the WSDL says it"),
        405 | 501 => (FaultKind::UnknownObject, Completion::No, "no SOAP is served at this path"),
        408 | 504 => (FaultKind::Deadline, Completion::Maybe, "the server took too long"),
        413 => (FaultKind::Limit, Completion::No, "the request is larger than the server allows"),
        415 => (FaultKind::Unsupported, Completion::No, "the server may speak the other version of SOAP"),
        429 | 503 => (FaultKind::Overloaded, Completion::No, "the server takes no calls just now"),
        301..=308 => (FaultKind::Protocol, Completion::No, "the server sends elsewhere; use that URL"),
        500..=599 => (FaultKind::Internal, Completion::Maybe, "see the server's log"),
        _ => (FaultKind::Protocol, Completion::Maybe, "this is no SOAP server"),
    };
    Fault::new(kind, format!("HTTP status {status}: {hint}")).with_completion(completion).from_remote()
}

impl Channel for Client {
    async fn call<I: Invocation>(&self, cx: &Context, invocation: &I) -> Result<I::Output, Fault> {
        self.call_with_headers(cx, invocation).await.map(|(outcome, _)| outcome)
    }
}
