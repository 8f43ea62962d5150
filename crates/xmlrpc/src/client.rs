//! [`Client`]: calls XML-RPC servers, typed through `#[service]` clients and
//! dynamic through [`Client::call_values`], over HTTP, HTTPS, unix sockets and SCGI.
//!
//! ```no_run
//! # async fn example() -> Result<(), farcall_wire::Fault> {
//! use farcall_xmlrpc::Client;
//!
//! let client = Client::connect("xmlrpc+http://127.0.0.1:9001/RPC2")?;
//! let state = client.call_values("supervisor.getState", &[]).await?;
//! # Ok(()) }
//! ```

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use farcall_model::{Interface, Operation, Record, Type, TypeRef, Value};
use farcall_net::{Address, CallMetrics, Connector, HttpClient, SendOptions, percent_decode};
use farcall_wire::{Channel, Completion, Context, Dynamic, Fault, FaultKind, Invocation};
use farcall_xml::wire::locate;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode, Uri};

use crate::{Options, introspection, message, multicall, scgi};

/// Calls one XML-RPC server. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Transport,
    /// Before every operation's name, with its dot.
    prefix: String,
    options: Options,
    context: Context,
    metrics: CallMetrics,
    /// For messages to people, without user and password.
    url: String,
}

enum Transport {
    Http { client: HttpClient, uri: Uri },
    Scgi { connector: Connector, address: Address, uri: String },
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
    connector: Connector,
    options: Options,
    context: Context,
}

impl ClientBuilder {
    /// Sets how HTTP is done: TLS, authentication, headers, proxy, cookies, what is logged.
    pub fn http(mut self, http: farcall_net::ClientBuilder) -> Self {
        self.http = http;
        self
    }

    /// Sets the choices that XML-RPC leaves.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Sets limits and metadata for calls that are made without a context of their own.
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Makes the client. Nothing is connected before the first call.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if the URL cannot be used, saying why.
    pub fn build(self) -> Result<Client, Fault> {
        let parsed = Target::parse(&self.url)?;
        let transport = match parsed.place {
            Place::Scgi { address, uri } => Transport::Scgi { connector: self.connector, address, uri },
            Place::Http { uri, socket } => {
                let mut http = self.http;
                if let Some((user, password)) = parsed.user {
                    http = http.basic_auth(&user, &password);
                }
                if let Some(socket) = socket {
                    http = http.unix(socket);
                }
                Transport::Http { client: http.build(), uri }
            }
        };
        Ok(Client(Arc::new(Inner {
            transport,
            prefix: parsed.prefix,
            options: self.options,
            context: self.context,
            metrics: CallMetrics::client("xmlrpc"),
            url: parsed.shown,
        })))
    }
}

impl Client {
    /// A client of the server at that URL: `xmlrpc+http://host/RPC2`, `xmlrpc+https://…`,
    /// `xmlrpc+http+unix://%2Frun%2Fx.sock/RPC2`, `xmlrpc+scgi://host:port`,
    /// `xmlrpc+scgi+unix:///run/x.sock`; `xmlrpc+` may be left out. A fragment, `#bank`, goes
    /// before the name of every operation: `bank.open`. User and password may stand in the URL.
    ///
    /// Nothing is connected before the first call.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if the URL cannot be used, saying why.
    pub fn connect(url: &str) -> Result<Self, Fault> {
        Self::builder(url).build()
    }

    /// Begins a client with more than a URL.
    pub fn builder(url: &str) -> ClientBuilder {
        ClientBuilder {
            url: url.to_owned(),
            http: HttpClient::builder(),
            connector: Connector::new(),
            options: Options::default(),
            context: Context::new(),
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
    /// If XML-RPC cannot express a parameter; the fault names it.
    pub fn request<I: Invocation>(&self, invocation: &I) -> Result<Vec<u8>, Fault> {
        let name = format!("{}{}", self.0.prefix, invocation.operation().name);
        message::encode_request(&name, self.0.options, |out| invocation.write(out))
            .map_err(|error| Fault::from(error).within(&name))
    }

    /// Calls a method by name with values that bring their own types.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn call_values(&self, method: &str, params: &[Value]) -> Result<Value, Fault> {
        let operation = Operation::new(method.to_owned()).with_result(any());
        self.call(&self.0.context, &Dynamic::new(&operation, params)).await
    }

    /// Runs several calls in one message (`system.multicall`); each has its own result or fault.
    ///
    /// # Errors
    /// A fault of the batch as a whole, such as that the server has no `system.multicall`.
    pub async fn multicall(&self, calls: &[(&str, &[Value])]) -> Result<Vec<Result<Value, Fault>>, Fault> {
        let batch = calls.iter().map(|(method, params)| {
            Record::new()
                .with("methodName", format!("{}{method}", self.0.prefix))
                .with("params", params.to_vec())
                .into()
        });
        let batch = Value::Sequence(batch.collect());
        let operation = Operation::new("system.multicall").with_result(any());
        let params = [batch];
        let call = Dynamic::new(&operation, &params);
        let body = message::encode_request("system.multicall", self.0.options, |out| call.write(out))?;
        let replies = self.exchange(&self.0.context, body, &call, "system.multicall").await?;
        multicall::replies(replies, calls.len())
    }

    /// The names of all methods (`system.listMethods`).
    ///
    /// # Errors
    /// Any [`Fault`]; [`FaultKind::UnknownOperation`] from a server without introspection.
    pub async fn list_methods(&self) -> Result<Vec<String>, Fault> {
        let value = self.system("system.listMethods", &[]).await?;
        farcall_wire::from_value(&value).map_err(Fault::from)
    }

    /// What the server says of one method (`system.methodSignature`, `system.methodHelp`).
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn describe(&self, method: &str) -> Result<Operation, Fault> {
        let name = [Value::from(method)];
        let signature = self.system("system.methodSignature", &name).await.or_else(optional)?;
        let help = self.system("system.methodHelp", &name).await.or_else(optional)?;
        Ok(introspection::operation(method.to_owned(), &signature, help.as_str()))
    }

    /// What the server says of all its methods, in one batch where it can.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn interface(&self) -> Result<Interface, Fault> {
        let names = self.list_methods().await?;
        let mut operations = Vec::with_capacity(names.len());
        for names in names.chunks(INTROSPECTED_AT_ONCE) {
            let params: Vec<[Value; 1]> = names.iter().map(|name| [Value::from(name.as_str())]).collect();
            let calls: Vec<(&str, &[Value])> = params
                .iter()
                .flat_map(|p| [("system.methodSignature", &p[..]), ("system.methodHelp", &p[..])])
                .collect();
            match self.unprefixed().multicall(&calls).await {
                Ok(replies) => {
                    for (name, reply) in names.iter().zip(replies.chunks(2)) {
                        let told = |index: usize| reply.get(index).and_then(|r| r.as_ref().ok());
                        let signature = told(0).cloned().unwrap_or_default();
                        let help = told(1).and_then(Value::as_str);
                        operations.push(introspection::operation(name.clone(), &signature, help));
                    }
                }
                Err(fault) if fault.is_remote() => {
                    for name in names {
                        operations.push(self.describe(name).await?);
                    }
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(introspection::interface(&self.0.url, operations))
    }

    /// The same without a prefix, for methods of the system.
    fn unprefixed(&self) -> UnprefixedClient<'_> {
        UnprefixedClient(self)
    }

    async fn system(&self, method: &str, params: &[Value]) -> Result<Value, Fault> {
        let operation = Operation::new(method.to_owned()).with_result(any()).idempotent();
        let call = Dynamic::new(&operation, params);
        let body = message::encode_request(method, self.0.options, |out| call.write(out))?;
        self.exchange(&self.0.context, body, &call, method).await
    }

    /// Sends a request and reads its reply.
    async fn exchange<I: Invocation>(
        &self,
        cx: &Context,
        body: Vec<u8>,
        invocation: &I,
        method: &str,
    ) -> Result<I::Output, Fault> {
        let metrics = self.0.metrics.operation(method);
        let timer = metrics.start();
        let sent = self.send(cx, body.into(), invocation.operation().idempotent).await;
        let done = sent.and_then(|response| self.read(cx, response, invocation));
        timer.finish(done.as_ref().err().map(Fault::kind));
        done.map_err(|fault| {
            // a server's own words stay as they are
            let fault =
                if fault.is_remote() && fault.code().is_some() { fault } else { fault.within(method) };
            fault.with_peer(&*self.0.url)
        })
    }

    async fn send(&self, cx: &Context, body: Bytes, idempotent: bool) -> Result<Response<Bytes>, Fault> {
        let options = SendOptions::from(cx).with_idempotent(idempotent);
        match &self.0.transport {
            Transport::Http { client, uri } => {
                let mut request = Request::post(uri.clone());
                for (name, value) in cx.metadata() {
                    request = request.header(name, value);
                }
                let request = request
                    .header(CONTENT_TYPE, HeaderValue::from_static("text/xml"))
                    .header(ACCEPT, HeaderValue::from_static("text/xml"))
                    .body(body)
                    .map_err(|e| {
                        Fault::new(FaultKind::InvalidParameters, format!("a header is malformed: {e}"))
                    })?;
                client.send(request, &options).await
            }
            Transport::Scgi { connector, address, uri } => {
                let deadline = options.deadline.unwrap_or_else(std::time::Instant::now);
                scgi::send(connector, address, uri, &body, deadline, options.limit).await
            }
        }
    }

    fn read<I: Invocation>(
        &self,
        cx: &Context,
        response: Response<Bytes>,
        invocation: &I,
    ) -> Result<I::Output, Fault> {
        let (head, body) = response.into_parts();
        let ty = head.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let charset = ty.split(';').skip(1).filter_map(|p| p.split_once('=')).find_map(|(name, value)| {
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
        });
        let decoded = message::text(&body, charset).and_then(|text| {
            message::decode_response(&text, invocation, cx.limits(), self.0.options)
                .map_err(|e| locate(e, &text))
        });
        match decoded {
            Ok(outcome) => outcome,
            // some servers send a fault with another status, so the status counts last
            Err(_) if head.status != StatusCode::OK => Err(status_fault(head.status, &head.headers)),
            Err(error) => Err(unreadable(error)),
        }
    }
}

/// Methods whose signature and help are asked for in one batch.
const INTROSPECTED_AT_ONCE: usize = 250;

/// A client whose prefix does not apply.
struct UnprefixedClient<'a>(&'a Client);

impl UnprefixedClient<'_> {
    async fn multicall(&self, calls: &[(&str, &[Value])]) -> Result<Vec<Result<Value, Fault>>, Fault> {
        let batch = calls.iter().map(|(method, params)| {
            Record::new().with("methodName", *method).with("params", params.to_vec()).into()
        });
        let value = self.0.system("system.multicall", &[Value::Sequence(batch.collect())]).await?;
        multicall::replies(value, calls.len())
    }
}

fn any() -> TypeRef {
    TypeRef::Static(|| &Type::Any)
}

/// A server may have `listMethods` and no more.
fn optional(fault: Fault) -> Result<Value, Fault> {
    if fault.is_remote() { Ok(Value::Nil) } else { Err(fault) }
}

/// The call ran, but what came back is not a reply to it.
fn unreadable(error: farcall_wire::CodecError) -> Fault {
    let limit = matches!(error.kind(), farcall_wire::ErrorKind::Limit { .. });
    let kind = if limit { FaultKind::Limit } else { FaultKind::Protocol };
    Fault::new(kind, format!("the reply cannot be read: {error}"))
        .with_completion(Completion::Maybe)
        .with_source(error)
}

/// A reply that is no XML-RPC, by its HTTP status.
fn status_fault(status: StatusCode, headers: &http::HeaderMap) -> Fault {
    let (kind, completion, hint) = match status.as_u16() {
        401 => (FaultKind::Unauthenticated, Completion::No, "give a user and password, or a token"),
        403 => (FaultKind::Forbidden, Completion::No, "this user may not call it"),
        404 | 410 => (FaultKind::UnknownObject, Completion::No, "is the path right? most servers have /RPC2"),
        405 | 501 => (FaultKind::UnknownObject, Completion::No, "no XML-RPC is served at this path"),
        408 | 504 => (FaultKind::Deadline, Completion::Maybe, "the server took too long"),
        413 => (FaultKind::Limit, Completion::No, "the request is larger than the server allows"),
        429 | 503 => (FaultKind::Overloaded, Completion::No, "the server takes no calls just now"),
        301..=308 => (FaultKind::Protocol, Completion::No, "the server sends elsewhere; use that URL"),
        500..=599 => (FaultKind::Internal, Completion::Maybe, "see the server's log"),
        _ => (FaultKind::Protocol, Completion::Maybe, "this is no XML-RPC server"),
    };
    let place = headers.get(http::header::LOCATION).and_then(|v| v.to_str().ok());
    let place = place.map(|url| format!(" ({url})")).unwrap_or_default();
    Fault::new(kind, format!("HTTP status {status}{place}: {hint}")).with_completion(completion).from_remote()
}

impl Channel for Client {
    async fn call<I: Invocation>(&self, cx: &Context, invocation: &I) -> Result<I::Output, Fault> {
        let body = self.request(invocation)?;
        let name = &invocation.operation().name;
        if self.0.prefix.is_empty() {
            self.exchange(cx, body, invocation, name).await
        } else {
            self.exchange(cx, body, invocation, &format!("{}{name}", self.0.prefix)).await
        }
    }
}

/// A URL taken apart.
#[derive(Debug)]
struct Target {
    place: Place,
    user: Option<(String, String)>,
    prefix: String,
    shown: String,
}

#[derive(Debug)]
enum Place {
    Http { uri: Uri, socket: Option<PathBuf> },
    Scgi { address: Address, uri: String },
}

impl Target {
    fn parse(url: &str) -> Result<Self, Fault> {
        let bad = |why: String| Fault::new(FaultKind::InvalidParameters, why);
        let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
        let rest = rest.strip_prefix("xmlrpc+").unwrap_or(rest);
        let prefix = if fragment.is_empty() { String::new() } else { format!("{fragment}.") };
        let Some((scheme, after)) = rest.split_once("://") else {
            let hint = "such as xmlrpc+http://127.0.0.1:2809/RPC2";
            return Err(bad(format!("'{rest}' is not a URL, {hint}")));
        };
        let (authority, path) = match after.find(['/', '?']) {
            Some(at) => after.split_at(at),
            None => (after, ""),
        };
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(credentials(user)), host),
            None => (None, authority),
        };
        let shown = format!("{scheme}://{host}{path}");
        let place = match scheme {
            "http" | "https" | "http+unix" => {
                let path = if path.is_empty() { "/RPC2" } else { path };
                let uri = format!("{scheme}://{host}{path}");
                let (socket, uri) =
                    farcall_net::unix_url(&uri).map_or((None, uri), |(path, url)| (Some(path), url));
                let uri = uri.parse().map_err(|e| bad(format!("'{uri}' is not a URL: {e}")))?;
                Place::Http { uri, socket }
            }
            "scgi" => {
                let address = host.parse().map_err(|e| bad(format!("'{host}' is not host:port: {e}")))?;
                Place::Scgi { address, uri: if path.is_empty() { "/".to_owned() } else { path.to_owned() } }
            }
            "scgi+unix" => Place::Scgi { address: Address::unix(path), uri: "/".to_owned() },
            other => {
                let known = "http, https, http+unix, scgi and scgi+unix";
                return Err(bad(format!("XML-RPC does not go over '{other}'; it goes over {known}")));
            }
        };
        Ok(Self { place, user, prefix, shown })
    }
}

/// `user:password`, percent-decoded.
fn credentials(text: &str) -> (String, String) {
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    (percent_decode(user), percent_decode(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let target = Target::parse("xmlrpc+http://ann:a%40b@host:9001#supervisor").unwrap();
        assert!(matches!(target.place, Place::Http { uri, socket: None } if uri == "http://host:9001/RPC2"));
        assert_eq!(target.user, Some(("ann".into(), "a@b".into())));
        assert_eq!((target.prefix.as_str(), target.shown.as_str()), ("supervisor.", "http://host:9001"));
        let target = Target::parse("xmlrpc+scgi+unix:///run/rpc.sock").unwrap();
        assert!(
            matches!(target.place, Place::Scgi { address: Address::Unix(path), .. } if path.ends_with("rpc.sock"))
        );
        let target = Target::parse("xmlrpc+http+unix://%2Frun%2Fs.sock").unwrap();
        assert!(
            matches!(target.place, Place::Http { uri, socket: Some(_) } if uri == "http://localhost/RPC2")
        );
        for bad in ["", "host", "xmlrpc+ftp://host/", "http://ho st/", "xmlrpc+scgi://host"] {
            let fault = Target::parse(bad).unwrap_err();
            assert_eq!(fault.kind(), FaultKind::InvalidParameters, "{bad}: {fault}");
        }
    }
}
