//! [`Client`]: calls a CORBA object, by `IOR:`, `corbaloc:` or `corbaname:`.
//!
//! ```no_run
//! # async fn example() -> Result<(), farcall_wire::Fault> {
//! use farcall_corba::Client;
//!
//! let fortune = Client::connect("corbaloc::127.0.0.1:2809/fortune")?;
//! assert!(fortune.is_a("IDL:farcall/Fortune:1.0").await?);
//! # Ok(()) }
//! ```

mod link;
mod naming;
mod pool;
mod reply;
mod target;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use farcall_model::{Operation, Param, Type, TypeRef, Value};
use farcall_net::{CallMetrics, Connector};
use farcall_wire::{Channel, Completion, Context, Dynamic, Fault, FaultKind, Invocation};

use crate::cdr::{ByteOrder, CodeSets, Version};
use crate::context as strings;
use crate::csi::{InitialContextToken, SasContext};
use crate::giop::{self, Message, Parts, Request, Response, ServiceContexts, context_id, split_fragments};
use crate::interceptor::ClientInterceptor;
use crate::ior::{Corbaname, Ior};
use crate::repository;

pub(crate) use link::Link;
use link::Lost;
pub use pool::Connections;

use reply::Answer;
use target::{Endpoint, Mode, Target};

/// A reply may lead elsewhere so many times.
const HOPS: usize = 8;

/// Calls one object. Cheap to clone; clones share connections, of which there is one an endpoint.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    pool: Connections,
    options: ClientOptions,
    context: Context,
    metrics: CallMetrics,
    interceptors: Vec<Arc<dyn ClientInterceptor>>,
    url: String,
    /// What a `corbaname:` is to be resolved from.
    name: Option<Corbaname>,
    state: Mutex<State>,
}

/// Where calls go.
#[derive(Clone)]
struct State {
    /// As the reference says; `None` before a name is resolved.
    original: Option<Arc<Target>>,
    /// Where the server said to call instead.
    forwarded: Option<Arc<Target>>,
    mode: Mode,
}

/// What a client assumes and bounds.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientOptions {
    /// The code sets to a server whose reference does not say (a `corbaloc:` never does),
    /// which it is told with the first calls; default UTF-8 and UTF-16.
    pub code_sets: CodeSets,
    /// Requests of GIOP 1.2 beyond so many octets go out in fragments (default none).
    pub fragment_size: Option<usize>,
    /// Time that a connection stays open without a call (default 60 s).
    pub idle_timeout: Duration,
    /// The byte order of what goes out (default this machine's, which is the fastest).
    pub byte_order: ByteOrder,
    /// Has servers of GIOP 1.2 told of calls that nobody waits for any more, with a CancelRequest, so
    /// that they may give them up too (default false). omniORB up to 4.3.4 must not be told: if another
    /// request comes over the connection while the cancelled call runs, it spins at 100 % CPU for good.
    pub cancel_requests: bool,
    /// Tells servers until when a call that has a deadline of its own takes a reply (default true), so
    /// that they need not run what comes too late. The time is absolute: do without where the server's
    /// clock is wrong by more than calls may take. omniORB passes it over, JacORB can be told to
    /// obey (`jacorb.poa.check_reply_end_time`).
    pub forward_deadline: bool,
    /// User and password, which every request says (CSIv2, GSSUP); they travel as they are, so speak TLS.
    pub credentials: Option<(String, String)>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            code_sets: CodeSets::PREFERRED,
            fragment_size: None,
            idle_timeout: Duration::from_secs(60),
            byte_order: ByteOrder::NATIVE,
            cancel_requests: false,
            forward_deadline: true,
            credentials: None,
        }
    }
}

impl ClientOptions {
    /// Sets [`ClientOptions::code_sets`].
    #[must_use]
    pub fn with_code_sets(mut self, sets: CodeSets) -> Self {
        self.code_sets = sets;
        self
    }

    /// Sets [`ClientOptions::fragment_size`], in octets.
    #[must_use]
    pub fn with_fragment_size(mut self, octets: usize) -> Self {
        self.fragment_size = Some(octets);
        self
    }

    /// Sets [`ClientOptions::credentials`]; without a user, the password is a bearer token.
    #[must_use]
    pub fn with_credentials(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Some((user.into(), password.into()));
        self
    }

    /// Sets [`ClientOptions::byte_order`].
    #[must_use]
    pub fn with_byte_order(mut self, order: ByteOrder) -> Self {
        self.byte_order = order;
        self
    }

    /// Sets [`ClientOptions::forward_deadline`].
    #[must_use]
    pub fn with_forward_deadline(mut self, forward: bool) -> Self {
        self.forward_deadline = forward;
        self
    }

    /// Sets [`ClientOptions::cancel_requests`] to true.
    #[must_use]
    pub fn with_cancel_requests(mut self) -> Self {
        self.cancel_requests = true;
        self
    }

    /// Sets [`ClientOptions::idle_timeout`].
    #[must_use]
    pub fn with_idle_timeout(mut self, time: Duration) -> Self {
        self.idle_timeout = time;
        self
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("url", &self.0.url).finish_non_exhaustive()
    }
}

/// What a [`Client`] is made from.
#[must_use]
pub struct ClientBuilder {
    url: String,
    connector: Connector,
    connections: Option<Connections>,
    options: ClientOptions,
    context: Context,
    interceptors: Vec<Arc<dyn ClientInterceptor>>,
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder").field("url", &self.url).finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Adds an interceptor, which sees requests after those that were added before.
    pub fn interceptor(mut self, interceptor: impl ClientInterceptor) -> Self {
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Shares these connections with others, rather than have its own by [`ClientBuilder::connector`].
    pub fn connections(mut self, connections: Connections) -> Self {
        self.connections = Some(connections);
        self
    }

    /// Sets how connections are made: timeouts, and whom TLS trusts.
    pub fn connector(mut self, connector: Connector) -> Self {
        self.connector = connector;
        self
    }

    /// Sets assumptions and bounds.
    pub fn options(mut self, options: ClientOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets limits for calls that are made without a context of their own.
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Makes the client. Nothing is connected before the first call.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if the URL is no reference, saying why.
    pub fn build(self) -> Result<Client, Fault> {
        let invalid =
            |e: crate::ior::IorError| Fault::new(FaultKind::InvalidParameters, e.to_string()).with_source(e);
        let is_name = self.url.get(..10).is_some_and(|p| p.eq_ignore_ascii_case("corbaname:"));
        let (name, original) = if is_name {
            let name: Corbaname = self.url.parse().map_err(invalid)?;
            (Some(name), None)
        } else {
            let ior: Ior = self.url.parse().map_err(invalid)?;
            (None, Some(Arc::new(Target::new(ior)?)))
        };
        let pool = self.connections.unwrap_or_else(|| {
            let pool = Connections::with(self.connector, self.options.idle_timeout);
            pool.cancelling(self.options.cancel_requests)
        });
        let state = Mutex::new(State { original, forwarded: None, mode: Mode::Key });
        let Self { url, options, context, interceptors, .. } = self;
        let metrics = CallMetrics::client("corba");
        Ok(Client(Arc::new(Inner { pool, options, context, metrics, interceptors, url, name, state })))
    }
}

impl Client {
    /// A client of the object that an `IOR:`, a `corbaloc:` or a `corbaname:` refers to.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if the URL is no reference, saying why.
    pub fn connect(url: &str) -> Result<Self, Fault> {
        Self::builder(url).build()
    }

    /// Begins a client with more than a URL.
    pub fn builder(url: &str) -> ClientBuilder {
        ClientBuilder {
            url: url.to_owned(),
            connector: Connector::new(),
            connections: None,
            options: ClientOptions::default(),
            context: Context::new(),
            interceptors: Vec::new(),
        }
    }

    /// A client of another object, over the same connections.
    ///
    /// # Errors
    /// [`FaultKind::UnknownObject`] for the nil reference and one that has no IIOP profile.
    pub fn at(&self, ior: Ior) -> Result<Self, Fault> {
        let inner = &self.0;
        let url = ior.to_string();
        let target = Some(Arc::new(Target::new(ior)?));
        let state = Mutex::new(State { original: target, forwarded: None, mode: Mode::Key });
        Ok(Self(Arc::new(Inner {
            pool: inner.pool.clone(),
            options: inner.options.clone(),
            context: inner.context.clone(),
            metrics: CallMetrics::client("corba"),
            interceptors: inner.interceptors.clone(),
            url,
            name: None,
            state,
        })))
    }

    /// The URL that it was made from.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// Asks the object whether it implements the interface of that repository id.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn is_a(&self, id: &str) -> Result<bool, Fault> {
        let param = Param::new("id", TypeRef::Static(|| &Type::String));
        let operation = Operation::new("_is_a").with_param(param).idempotent();
        let operation = operation.with_result(TypeRef::Static(|| &Type::Bool));
        let value = self.call(&self.0.context, &Dynamic::new(&operation, &[Value::from(id)])).await?;
        Ok(value == Value::Bool(true))
    }

    /// Asks whether the object is gone; a server that cannot be reached is an error.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn non_existent(&self) -> Result<bool, Fault> {
        let operation = Operation::new("_non_existent").with_result(TypeRef::Static(|| &Type::Bool));
        match self.call(&self.0.context, &Dynamic::new(&operation.idempotent(), &[])).await {
            Ok(value) => Ok(value == Value::Bool(true)),
            Err(fault) if fault.is_remote() && fault.kind() == FaultKind::UnknownObject => Ok(true),
            Err(fault) => Err(fault),
        }
    }

    /// The octets of the request that a call would send, in GIOP 1.2.
    ///
    /// # Errors
    /// If CORBA cannot express a parameter; the fault names it.
    pub fn request<I: Invocation>(&self, invocation: &I) -> Result<Vec<u8>, Fault> {
        let endpoint = match &self.lock().original {
            Some(target) => target.endpoints[0].clone(),
            None => Endpoint::unknown(),
        };
        self.encode(&self.0.context, invocation, &endpoint, Mode::Key, 0, true).map(Parts::into_vec)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where to call: elsewhere if the server said so, and what a name stands for.
    async fn target(&self, cx: &Context) -> Result<(Arc<Target>, Mode), Fault> {
        let State { original, forwarded, mode } = self.lock().clone();
        if let Some(target) = forwarded.or(original) {
            return Ok((target, mode));
        }
        let Some(name) = &self.0.name else {
            return Err(Fault::new(FaultKind::UnknownObject, "the reference is nil"));
        };
        let ior = naming::resolve(self, cx, name).await?;
        let target = Arc::new(Target::new(ior)?);
        self.lock().original = Some(Arc::clone(&target));
        Ok((target, mode))
    }

    /// Forgets where the server said to call instead; false if it did not.
    fn unforward(&self) -> bool {
        self.lock().forwarded.take().is_some()
    }

    fn encode<I: Invocation>(
        &self,
        cx: &Context,
        invocation: &I,
        endpoint: &Endpoint,
        mode: Mode,
        id: u32,
        first: bool,
    ) -> Result<Parts, Fault> {
        let operation = invocation.operation();
        let (version, sets) = (endpoint.version, self.code_sets(endpoint));
        let mut contexts = ServiceContexts::default();
        if first && version > Version::V1_0 {
            contexts = contexts.with_code_sets(sets);
        }
        if let Some((username, password)) = &self.0.options.credentials {
            let target_name = endpoint.security.clone().map(|security| security.target_name);
            let (username, password) = (username.clone(), password.clone());
            let token =
                InitialContextToken { username, password, target_name: target_name.unwrap_or_default() };
            contexts = contexts.with(context_id::SECURITY_ATTRIBUTE_SERVICE, SasContext::establish(&token)?);
        }
        if self.0.options.forward_deadline
            && let Some(end) = cx.remaining().and_then(|left| SystemTime::now().checked_add(left))
        {
            contexts = contexts.with_end(end);
        }
        for interceptor in &self.0.interceptors {
            interceptor.send_request(operation, &mut contexts)?;
        }
        let listen = self.0.pool.listen_points();
        if first && version >= Version::V1_2 && !listen.is_empty() {
            contexts = contexts.with_listen_points(listen);
        }
        let request = Request {
            id,
            response: if operation.oneway { Response::None } else { Response::Result },
            target: endpoint.target(mode),
            operation: &repository::operation(&operation.name),
            contexts,
        };
        let mut out = request.encode(version, self.0.options.byte_order, sets)?;
        let before = out.position();
        invocation.write(&mut out)?;
        let bare = out.position() == before;
        strings::write(&mut out, operation, cx, bare)?;
        let octets = giop::finish_parts(out)
            .map_err(|e| Fault::new(FaultKind::Limit, e.to_string()).with_source(e))?;
        Ok(match self.0.options.fragment_size {
            Some(most) => split_fragments(octets.into_vec(), most).into(),
            None => octets,
        })
    }

    fn code_sets(&self, endpoint: &Endpoint) -> CodeSets {
        if endpoint.version == Version::V1_0 {
            return CodeSets::DEFAULT;
        }
        endpoint.sets.unwrap_or(self.0.options.code_sets)
    }

    /// One attempt at each place of a target in turn, until one takes the call.
    async fn attempt<I: Invocation>(
        &self,
        cx: &Context,
        invocation: &I,
        target: &Target,
        mode: Mode,
        deadline: Instant,
    ) -> Result<Answer<I::Output>, Fault> {
        let mut failed = None;
        for endpoint in &target.endpoints {
            match self.place(cx, invocation, endpoint, mode, deadline).await {
                // nothing was executed, so that the next place may be tried
                Err(fault)
                    if fault.kind() == FaultKind::Transport && fault.completion() == Completion::No =>
                {
                    failed = Some(fault);
                }
                done => return done,
            }
        }
        Err(failed.unwrap_or_else(|| Fault::new(FaultKind::UnknownObject, "the reference has no address")))
    }

    async fn place<I: Invocation>(
        &self,
        cx: &Context,
        invocation: &I,
        endpoint: &Endpoint,
        mode: Mode,
        deadline: Instant,
    ) -> Result<Answer<I::Output>, Fault> {
        // a connection that the peer closes as the call goes out did not execute it
        let mut left = 2;
        loop {
            let link = self.0.pool.link(endpoint, cx.limits(), deadline).await?;
            let (id, first) = link.begin(endpoint.version);
            let octets = self.encode(cx, invocation, endpoint, mode, id, first)?;
            let sets = self.code_sets(endpoint);
            if invocation.operation().oneway {
                if link.send(id, octets, deadline) {
                    return reply::nothing(invocation).map(Answer::Done);
                }
            } else {
                match link.call(id, octets, deadline).await {
                    Ok(message) => {
                        let seen = |contexts: &ServiceContexts| {
                            let interceptors = self.0.interceptors.iter();
                            interceptors.for_each(|i| i.receive_reply(invocation.operation(), contexts));
                        };
                        return reply::read(invocation, &message, sets, cx.limits(), seen);
                    }
                    Err(Lost::Late) => return Err(late(deadline)),
                    Err(Lost::Refused(fault)) => return Err(fault),
                    Err(Lost::Connection(Completion::No)) => {}
                    Err(Lost::Connection(_)) if invocation.operation().idempotent && left > 0 => {}
                    Err(Lost::Connection(ran)) => {
                        let text = "the connection was lost before the reply came";
                        return Err(Fault::new(FaultKind::Transport, text).with_completion(ran));
                    }
                }
            }
            if left == 0 {
                return Err(Fault::new(FaultKind::Transport, "the server closes connections at once"));
            }
            left -= 1;
        }
    }

    async fn run<I: Invocation>(&self, cx: &Context, invocation: &I) -> Result<I::Output, Fault> {
        cx.check()?;
        let deadline = cx.deadline().unwrap_or_else(|| Instant::now() + cx.limits().call_deadline);
        let (mut target, mut mode) = self.target(cx).await?;
        for _ in 0..HOPS {
            let answer = match self.attempt(cx, invocation, &target, mode, deadline).await {
                Ok(answer) => answer,
                // what stood at the place that the server named may have moved back
                Err(fault) if fault.completion() == Completion::No && gone(&fault) && self.unforward() => {
                    target = self.target(cx).await?.0;
                    continue;
                }
                Err(fault) => return Err(fault),
            };
            match answer {
                Answer::Done(output) => return Ok(output),
                Answer::Forward(ior, permanent) => {
                    target = Arc::new(Target::new(ior)?);
                    let mut state = self.lock();
                    if permanent {
                        state.original = Some(Arc::clone(&target));
                        state.forwarded = None;
                    } else {
                        state.forwarded = Some(Arc::clone(&target));
                    }
                }
                Answer::Address(wanted) => {
                    mode = wanted;
                    self.lock().mode = wanted;
                }
            }
        }
        let text = format!("the object was not found after {HOPS} hops from one server to the next");
        Err(Fault::new(FaultKind::Transport, text))
    }
}

/// True if an object or its server is not where it was.
fn gone(fault: &Fault) -> bool {
    matches!(fault.kind(), FaultKind::Transport | FaultKind::UnknownObject)
}

#[cold]
fn late(deadline: Instant) -> Fault {
    let over = deadline.elapsed();
    Fault::new(FaultKind::Deadline, format!("no reply within the call's deadline ({over:?} ago)"))
        .with_completion(Completion::Maybe)
}

impl Channel for Client {
    async fn call<I: Invocation>(&self, cx: &Context, invocation: &I) -> Result<I::Output, Fault> {
        let name = &*invocation.operation().name;
        let metrics = self.0.metrics.operation(name);
        let timer = metrics.start();
        let done = self.run(cx, invocation).await;
        timer.finish(done.as_ref().err().map(Fault::kind));
        done.map_err(|fault| fault.within(name).with_peer(&*self.0.url))
    }
}

/// A reply on its way to the caller that waits for it.
type Reply = Result<Message, Lost>;
