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
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use farcall_model::Interface;
use farcall_net::{CallMetrics, HttpClient, SendOptions};
use farcall_wire::{Channel, CodecError, Completion, Context, ErrorKind, Fault, FaultKind, Invocation};
use farcall_wsdl::emit::soap_action;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Request, Response, StatusCode, Uri};

use crate::addressing::{self, EndpointReference};
use crate::attachments::{self, Aside, Opened};
use crate::names::Spaces;
use crate::security::NoRandom;
use crate::{ClientOptions, Version, encoded, error, message, namespace_of};

/// Calls one SOAP service. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: HttpClient,
    uri: Uri,
    version: Version,
    namespace: String,
    spaces: Spaces,
    header: String,
    options: ClientOptions,
    /// The address to send to, if messages say it.
    to: Option<String>,
    metrics: CallMetrics,
    /// For messages to people.
    url: String,
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
    version: Version,
    namespace: String,
    scope: String,
    header: String,
    options: ClientOptions,
    to: Option<String>,
}

/// A request as it goes out.
struct Outgoing {
    content_type: Option<String>,
    body: Bytes,
}

impl ClientBuilder {
    /// Sets how HTTP is done: TLS, authentication, headers, proxy, what is logged.
    pub fn http(mut self, http: farcall_net::ClientBuilder) -> Self {
        self.http = http;
        self
    }

    /// Sets the version of SOAP to speak (default 1.1). Answers of either are read.
    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Sets the namespace of the service's operations, where it is not
    /// [that of the interface](namespace_of).
    pub fn namespace(mut self, uri: impl Into<String>) -> Self {
        self.namespace = uri.into();
        self
    }

    /// Sends these headers with every call: XML, with all declarations that it needs. Those of a
    /// single call are metadata of its context, each under its name as `{namespace}local`.
    pub fn header(mut self, xml: &str) -> Self {
        self.header.push_str(xml);
        self
    }

    /// Sets the choices that there are: MTOM, attachments, WS-Security, WS-Addressing.
    pub fn options(mut self, options: ClientOptions) -> Self {
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
        let uri: Uri = url.parse().map_err(|e| bad(format!("'{url}' is not a URL: {e}")))?;
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let host = host.rsplit('@').next().unwrap_or(host);
        let url = format!("{scheme}://{host}{}", uri.path());
        Ok(Client(Arc::new(Inner {
            http: http.build(),
            version: self.version,
            spaces: Spaces::new(&self.namespace, &self.scope),
            namespace: self.namespace,
            header: self.header,
            to: self.options.addressing.then(|| self.to.unwrap_or_else(|| url.clone())),
            options: self.options,
            metrics: CallMetrics::client("soap"),
            uri,
            url,
        })))
    }
}

impl Client {
    /// A client of the service at that URL, `soap+http://host/path` or `soap+https://…`
    /// (`soap+` may be left out), which implements that interface. It speaks SOAP 1.1.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if the URL cannot be used, saying why.
    pub fn connect(url: &str, interface: &Interface) -> Result<Self, Fault> {
        Self::builder(url, interface).build()
    }

    /// Begins a client with more than a URL.
    pub fn builder(url: &str, interface: &Interface) -> ClientBuilder {
        ClientBuilder {
            url: url.to_owned(),
            http: HttpClient::builder(),
            version: Version::default(),
            namespace: namespace_of(interface),
            scope: interface.scope.to_string(),
            header: String::new(),
            options: ClientOptions::default(),
            to: None,
        }
    }

    /// The URL, without user and password.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// The octets of the request that a call would send.
    ///
    /// # Errors
    /// If SOAP cannot express a parameter; the fault names it.
    pub fn request<I: Invocation>(&self, invocation: &I) -> Result<Vec<u8>, Fault> {
        self.encode(&Context::new(), invocation).map(|outgoing| outgoing.body.into())
    }

    fn encode<I: Invocation>(&self, cx: &Context, invocation: &I) -> Result<Outgoing, Fault> {
        let mut header = Cow::Borrowed(self.0.header.as_str());
        for (_, xml) in cx.metadata().filter(|(name, _)| is_soap_header(name)) {
            header.to_mut().push_str(xml);
        }
        let spaces = self.0.spaces.clone();
        let operation = invocation.operation();
        let action = soap_action(&self.0.namespace, &operation.name);
        if let Some(to) = &self.0.to {
            header.to_mut().push_str(&addressing::request(&action, to));
        }
        if let Some(token) = &self.0.options.wsse {
            let random = |_: NoRandom| Fault::new(FaultKind::Internal, "the system gives no random numbers");
            header.to_mut().push_str(&token.header(SystemTime::now()).map_err(random)?);
        }
        let aside = self.0.options.mtom.map(|threshold| Aside::new(threshold, &self.0.options.attachments));
        let (envelope, aside) =
            message::encode_request(self.0.version, spaces, &header, aside, |out| invocation.write(out))
                .map_err(|error| Fault::from(error).within(&operation.name))?;
        let parts = &self.0.options.attachments;
        let (content_type, body) = match aside.filter(|aside| parts.is_empty() || aside.is_used()) {
            Some(aside) => attachments::pack_xop(self.0.version, Some(&action), envelope, aside),
            None if !parts.is_empty() => attachments::pack_plain(self.0.version, envelope, parts),
            None => return Ok(Outgoing { content_type: None, body: envelope.into() }),
        };
        Ok(Outgoing { content_type: Some(content_type), body })
    }

    async fn exchange<I: Invocation>(
        &self,
        cx: &Context,
        outgoing: Outgoing,
        invocation: &I,
    ) -> Result<I::Output, Fault> {
        let operation = invocation.operation();
        let action = soap_action(&self.0.namespace, &operation.name);
        let mut request = Request::post(self.0.uri.clone());
        for (name, value) in cx.metadata().filter(|(name, _)| !is_soap_header(name)) {
            request = request.header(name, value);
        }
        let request = match self.0.version {
            Version::V11 => request
                .header(CONTENT_TYPE, outgoing.content_type.as_deref().unwrap_or(Version::V11.content_type()))
                .header("soapaction", format!("\"{action}\""))
                .header(ACCEPT, "text/xml, multipart/related"),
            Version::V12 => {
                let plain = || format!("{}; action=\"{action}\"", Version::V12.content_type());
                let ty = outgoing.content_type.unwrap_or_else(plain);
                request.header(CONTENT_TYPE, ty).header(ACCEPT, "application/soap+xml, multipart/related")
            }
        };
        let request = request
            .body(outgoing.body)
            .map_err(|e| Fault::new(FaultKind::InvalidParameters, format!("a header is malformed: {e}")))?;
        let options = SendOptions::from(cx).with_idempotent(operation.idempotent);
        let response = self.0.http.send(request, &options).await?;
        self.read(cx, &response, invocation)
    }

    /// A fault comes with an error's status, so what the body says counts before the status.
    fn read<I: Invocation>(
        &self,
        cx: &Context,
        response: &Response<Bytes>,
        invocation: &I,
    ) -> Result<I::Output, Fault> {
        let status = response.status();
        let ty = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let body = response.body();
        let decode = |text: &str, received| {
            message::decode_response(text, invocation, self.0.spaces.clone(), received, cx.limits())
                .map_err(|e| error::locate(e, text))
        };
        if invocation.operation().oneway && status.is_success() && body.is_empty() {
            return decode(NOTHING, None).map_err(unreadable)?;
        }
        let decoded = Opened::new(ty, body, cx.limits()).and_then(|opened| {
            let text = encoded::expand(opened.text()?, cx.limits())?;
            decode(&text, opened.received.clone())
        });
        match decoded {
            Ok(outcome) => outcome,
            Err(error) if status.is_success() => Err(unreadable(error)),
            Err(_) => Err(status_fault(status)),
        }
    }
}

/// True for metadata that is a header of SOAP, rather than of HTTP.
fn is_soap_header(name: &str) -> bool {
    name.starts_with('{')
}

/// What stands for the reply to a one-way call.
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
        let outgoing = self.encode(cx, invocation)?;
        let name = &invocation.operation().name;
        let metrics = self.0.metrics.operation(name);
        let timer = metrics.start();
        let done = self.exchange(cx, outgoing, invocation).await;
        timer.finish(done.as_ref().err().map(Fault::kind));
        done.map_err(|fault| fault.within(name).with_peer(&*self.0.url))
    }
}
