//! [`HttpClient`]: sends HTTP requests over kept connections and says exactly
//! what a failure means for the call.
//!
//! ```no_run
//! # async fn example() -> Result<(), farcall_wire::Fault> {
//! use bytes::Bytes;
//! use farcall_net::{HttpClient, SendOptions};
//!
//! let client = HttpClient::new();
//! let request = http::Request::post("http://127.0.0.1:8000/RPC2")
//!     .header("content-type", "text/xml")
//!     .body(Bytes::from_static(b"<methodCall/>"))
//!     .unwrap();
//! let reply = client.send(request, &SendOptions::default()).await?;
//! # Ok(()) }
//! ```

#[cfg(feature = "cookies")]
mod cookies;
mod digest;
mod exchange;
mod pool;
mod proxy;
mod retry;
mod target;

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use bytes::Bytes;
use farcall_wire::{Completion, Context, Fault, FaultKind};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::uri::Authority;
use http::{Request, Response, Uri, request, response};
use http_body_util::Full;

use self::digest::Digest;
use self::exchange::Failure;
use self::pool::{Mark, Pool};
use self::proxy::{Proxies, Proxy};
use self::retry::Budget;
use self::target::{Target, host, origin_form};
pub use self::target::{percent_decode, unix_url};
use crate::{Address, ClientTls, Connector, TIMEOUT_HEADER, auth};

/// Before its second attempt a call waits that long.
const BACK_OFF: Duration = Duration::from_millis(20);

/// Sees every request and reply as it is sent and received, such as for `-v`.
pub trait Tap: Send + Sync + 'static {
    /// A request goes out, without what the connection adds to its head.
    fn request(&self, head: &request::Parts, body: &Bytes);

    /// Its reply came in, decoded.
    fn response(&self, head: &response::Parts, body: &Bytes);
}

/// What one request may cost, and whether it may be sent twice.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SendOptions {
    /// When it ends at the latest (default: in 30 s).
    pub deadline: Option<Instant>,
    /// Octets of the reply's body, decoded (default 64 MiB).
    pub limit: usize,
    /// The operation may run twice without harm, so that it is tried again
    /// even when the first attempt may have arrived (default no).
    pub idempotent: bool,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self { deadline: None, limit: 64 << 20, idempotent: false }
    }
}

impl From<&Context> for SendOptions {
    fn from(cx: &Context) -> Self {
        let limits = cx.limits();
        let deadline = cx.deadline().or_else(|| Instant::now().checked_add(limits.call_deadline));
        Self { deadline, limit: limits.message_size, idempotent: false }
    }
}

impl SendOptions {
    /// Sets [`SendOptions::deadline`].
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets [`SendOptions::limit`], in octets.
    #[must_use]
    pub fn with_limit(mut self, octets: usize) -> Self {
        self.limit = octets;
        self
    }

    /// Sets [`SendOptions::idempotent`].
    #[must_use]
    pub fn with_idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }
}

/// What an [`HttpClient`] is made from.
#[must_use]
pub struct ClientBuilder {
    connector: Connector,
    unix: Option<PathBuf>,
    proxies: Option<Proxies>,
    headers: HeaderMap,
    idle: (usize, Duration),
    gzip: bool,
    forward_deadline: bool,
    tap: Option<Arc<dyn Tap>>,
    digest: Option<Digest>,
    #[cfg(feature = "cookies")]
    cookies: Option<cookies::Cookies>,
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Headers may hold secrets.
        f.debug_struct("ClientBuilder").field("unix", &self.unix).finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Sets whom TLS trusts and what it shows.
    pub fn tls(mut self, tls: ClientTls) -> Self {
        self.connector = self.connector.with_tls(tls);
        self
    }

    /// Sets the time to connect (default 10 s).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connector = self.connector.with_timeout(timeout);
        self
    }

    /// Sends all requests to this unix socket, whatever host their URL names.
    pub fn unix(mut self, path: impl Into<PathBuf>) -> Self {
        self.unix = Some(path.into());
        self
    }

    /// Goes through this HTTP proxy (`http://[user:password@]host:port`), but
    /// not to the hosts in `except` (as in `NO_PROXY`).
    pub fn proxy(mut self, url: &str, except: &str) -> Self {
        self.proxies = Some(Proxies::all(url, except));
        self
    }

    /// Goes through the proxies that `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`
    /// and `NO_PROXY` name.
    pub fn proxy_from_env(mut self) -> Self {
        self.proxies = Some(Proxies::from_env());
        self
    }

    /// Adds a header to requests that do not have it.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sends this user and password (HTTP basic, RFC 7617).
    pub fn basic_auth(self, user: &str, password: &str) -> Self {
        self.secret(&auth::basic(user, password))
    }

    /// Answers a server's challenge with this user and password (RFC 7616: MD5, SHA-256 and
    /// SHA-512-256, `qop=auth`). The request that was challenged is sent again.
    pub fn digest_auth(mut self, user: &str, password: &str) -> Self {
        self.digest = Some(Digest::new(user, password));
        self
    }

    /// Sends this token (RFC 6750). One that no header can hold is left out,
    /// and the server says that it is missing.
    pub fn bearer_auth(self, token: &str) -> Self {
        self.secret(&format!("Bearer {token}"))
    }

    fn secret(mut self, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.headers.insert(header::AUTHORIZATION, value);
            }
            Err(_) => tracing::warn!("the credentials hold characters that no header can carry"),
        }
        self
    }

    /// Asks for compressed replies (default no: over a fast network it costs time).
    pub fn gzip(mut self, ask: bool) -> Self {
        self.gzip = ask;
        self
    }

    /// Tells servers how long is left until the deadline (default yes).
    pub fn forward_deadline(mut self, forward: bool) -> Self {
        self.forward_deadline = forward;
        self
    }

    /// Keeps so many idle connections to each host (default 64), each for so long (default 60 s).
    pub fn idle(mut self, connections: usize, timeout: Duration) -> Self {
        self.idle = (connections, timeout);
        self
    }

    /// Shows every request and reply to `tap`.
    pub fn tap(mut self, tap: impl Tap) -> Self {
        self.tap = Some(Arc::new(tap));
        self
    }

    /// Keeps cookies from reply to request.
    #[cfg(feature = "cookies")]
    pub fn cookies(mut self) -> Self {
        self.cookies = Some(cookies::Cookies::new());
        self
    }

    /// The client.
    #[must_use]
    pub fn build(mut self) -> HttpClient {
        if self.gzip {
            let value = HeaderValue::from_static("gzip");
            self.headers.entry(header::ACCEPT_ENCODING).or_insert(value);
        }
        HttpClient(Arc::new(Inner {
            connector: self.connector.for_http(),
            pool: Pool::new(self.idle.0, self.idle.1),
            unix: self.unix.map(Address::Unix),
            proxies: self.proxies,
            headers: self.headers,
            forward_deadline: self.forward_deadline,
            tap: self.tap,
            digest: self.digest,
            budget: Budget::new(),
            #[cfg(feature = "cookies")]
            cookies: self.cookies,
        }))
    }
}

/// Sends HTTP requests; cloning is cheap and shares the kept connections.
///
/// A request whose future is dropped is given up, and its connection closed.
#[derive(Clone)]
pub struct HttpClient(Arc<Inner>);

struct Inner {
    connector: Connector,
    pool: Pool,
    unix: Option<Address>,
    proxies: Option<Proxies>,
    headers: HeaderMap,
    forward_deadline: bool,
    tap: Option<Arc<dyn Tap>>,
    digest: Option<Digest>,
    budget: Budget,
    #[cfg(feature = "cookies")]
    cookies: Option<cookies::Cookies>,
}

impl std::fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HttpClient")
    }
}

impl Default for HttpClient {
    fn default() -> Self {
        Self::new()
    }
}

impl HttpClient {
    /// A client that trusts the system's authorities and uses no proxy.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Begins a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            connector: Connector::new(),
            unix: None,
            proxies: None,
            headers: HeaderMap::new(),
            idle: (64, Duration::from_secs(60)),
            gzip: false,
            forward_deadline: true,
            tap: None,
            digest: None,
            #[cfg(feature = "cookies")]
            cookies: None,
        }
    }

    /// Sends a request with an absolute URL, `http` or `https`, and gives the
    /// whole reply, whatever its status. Redirects are not followed.
    ///
    /// A failed attempt is made again once if it never reached the peer, or
    /// if the operation is idempotent, as long as the retry budget lasts.
    ///
    /// # Errors
    /// [`FaultKind::Transport`], [`FaultKind::Deadline`], [`FaultKind::Limit`]
    /// or [`FaultKind::Protocol`]. [`Completion::No`] means that not one octet
    /// of the request was sent.
    pub async fn send(
        &self,
        request: Request<Bytes>,
        options: &SendOptions,
    ) -> Result<Response<Bytes>, Fault> {
        let deadline = options.deadline.unwrap_or_else(|| Instant::now() + Duration::from_secs(30));
        let url = request.uri().clone();
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let message = "the call's deadline had passed before it was sent";
            return Err(Fault::new(FaultKind::Deadline, message).with_peer(url.to_string()));
        }
        let again = self.0.digest.is_some().then(|| request.clone());
        let (head, body) = self.exchange(request, options, deadline, left).await?;
        self.0.received(&url, &head, &body);
        let Some(again) = again.filter(|_| self.0.is_to_answer(&url, &head)) else {
            return Ok(Response::from_parts(head, body));
        };
        // a request that was refused did not run, whatever it is
        let left = deadline.saturating_duration_since(Instant::now());
        let (head, body) = self.exchange(again, options, deadline, left).await?;
        self.0.received(&url, &head, &body);
        self.0.is_to_answer(&url, &head);
        Ok(Response::from_parts(head, body))
    }

    async fn exchange(
        &self,
        request: Request<Bytes>,
        options: &SendOptions,
        deadline: Instant,
        left: Duration,
    ) -> Result<(response::Parts, Bytes), Fault> {
        let (target, request) = self.0.prepare(request, left)?;
        let mut sent = Sent::default();
        let done = {
            // pinned here, for it is too large to be moved about
            let work = pin!(self.0.attempts(&target, request, options, &mut sent));
            tokio::time::timeout_at(deadline.into(), work).await
        };
        done.unwrap_or_else(|_| {
            let completion = if sent.any() { Completion::Maybe } else { Completion::No };
            Err(Fault::new(FaultKind::Deadline, "no reply before the call's deadline")
                .with_completion(completion)
                .with_peer(target.address.to_string()))
        })
    }
}

/// Whether anything of a call was sent, over all attempts.
#[derive(Default)]
struct Sent {
    before: bool,
    mark: Option<Mark>,
}

impl Sent {
    fn any(&self) -> bool {
        self.before || self.mark.as_ref().is_some_and(|mark| mark.load(Relaxed))
    }
}

impl Inner {
    fn prepare(
        &self,
        request: Request<Bytes>,
        left: Duration,
    ) -> Result<(Target, Request<Full<Bytes>>), Fault> {
        let (mut head, body) = request.into_parts();
        let mut target = Target::of(&head.uri)?;
        if let Some(unix) = &self.unix {
            target.address = unix.clone();
        } else if let Some(proxies) = &self.proxies {
            target.via = proxies.of(&head.uri)?;
        }
        for (name, value) in &self.headers {
            if !head.headers.contains_key(name) {
                head.headers.insert(name.clone(), value.clone());
            }
        }
        if let Some((user, password)) = &target.user
            && let Ok(value) = HeaderValue::try_from(auth::basic(user, password))
        {
            head.headers.entry(header::AUTHORIZATION).or_insert(value);
        }
        if let Some(digest) = &self.digest {
            digest.authorize(&mut head);
        }
        #[cfg(feature = "cookies")]
        if let Some(cookies) = &self.cookies {
            cookies.add(&head.uri, &mut head.headers);
        }
        if self.forward_deadline {
            let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            head.headers.insert(TIMEOUT_HEADER.clone(), left.into());
        }
        if let Some(tap) = &self.tap {
            tap.request(&head, &body);
        }
        self.address(&mut head, &target)?;
        Ok((target, Request::from_parts(head, Full::new(body))))
    }

    /// Writes the URL into the head as the next hop expects it.
    fn address(&self, head: &mut request::Parts, target: &Target) -> Result<(), Fault> {
        if !head.headers.contains_key(header::HOST) {
            let name = HeaderValue::from_str(host(&target.key.authority)).map_err(|error| {
                Fault::new(FaultKind::InvalidRequest, "the URL's host fits in no header").with_source(error)
            })?;
            head.headers.insert(header::HOST, name);
        }
        head.version = http::Version::HTTP_11;
        match &target.via {
            // A proxy needs the whole URL (RFC 9112, §3.2.2), without user and password.
            Some(Proxy { authorization, .. }) if !target.key.secure => {
                if let Some(value) = authorization {
                    head.headers.insert(header::PROXY_AUTHORIZATION, value.clone());
                }
                if target.user.is_some()
                    && let Ok(authority) = host(&target.key.authority).parse::<Authority>()
                {
                    let mut parts = std::mem::take(&mut head.uri).into_parts();
                    parts.authority = Some(authority);
                    head.uri = Uri::from_parts(parts).map_err(|error| {
                        Fault::new(FaultKind::InvalidRequest, "the URL is not valid").with_source(error)
                    })?;
                }
            }
            _ => head.uri = origin_form(&head.uri),
        }
        Ok(())
    }

    async fn attempts(
        &self,
        target: &Target,
        request: Request<Full<Bytes>>,
        options: &SendOptions,
        sent: &mut Sent,
    ) -> Result<(response::Parts, Bytes), Fault> {
        self.budget.call();
        let copy = options.idempotent.then(|| request.clone());
        let first = self.attempt(target, request, options.limit, &mut sent.mark).await;
        let Failure { fault, unsent } = match first {
            Ok(reply) => return Ok(reply),
            Err(failure) => failure,
        };
        let safe = options.idempotent || fault.completion() == Completion::No;
        let Some(again) = unsent.or(copy).filter(|_| safe && fault.kind() == FaultKind::Transport) else {
            return Err(fault);
        };
        if !self.budget.retry() {
            return Err(fault);
        }
        tracing::debug!(%fault, "second attempt");
        sent.before = sent.any();
        sent.mark = None;
        tokio::time::sleep(BACK_OFF).await;
        let second = self.attempt(target, again, options.limit, &mut sent.mark).await;
        second.map_err(|failure| match failure.fault {
            // What the first attempt may have done, the second cannot undo.
            fault if sent.before => fault.with_completion(Completion::Maybe),
            fault => fault,
        })
    }

    /// Whether a reply is a challenge that an answer will do for.
    fn is_to_answer(&self, url: &Uri, head: &response::Parts) -> bool {
        let (Some(digest), Some(authority)) = (&self.digest, url.authority()) else { return false };
        if head.status != http::StatusCode::UNAUTHORIZED {
            digest.accepted(authority.as_str());
            return false;
        }
        digest.challenged(authority.as_str(), head)
    }

    fn received(&self, url: &Uri, head: &response::Parts, body: &Bytes) {
        #[cfg(feature = "cookies")]
        if let Some(cookies) = &self.cookies {
            cookies.keep(url, &head.headers);
        }
        #[cfg(not(feature = "cookies"))]
        let _ = url;
        if let Some(tap) = &self.tap {
            tap.response(head, body);
        }
    }
}
