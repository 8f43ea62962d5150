//! [`CorbaServer`]: services as CORBA objects, on a connection that begins with `GIOP`.
//!
//! A service's name is its object key: `corbaloc::host:port/fortune`.
//!
//! ```
//! use farcall_corba::CorbaServer;
//! use farcall_net::{Acceptor, Claim};
//!
//! let server = CorbaServer::new();
//! assert_eq!(server.claims(b"GIOP\x01\x02"), Claim::Yes);
//! assert_eq!(server.claims(b"GI"), Claim::NeedMore);
//! ```

mod caller;
mod inbound;
mod object;
mod published;
mod session;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use farcall_net::{Acceptor, Address, Authenticator, BoxFuture, CallMetrics, Claim, Connection, Stream};
use farcall_wire::{Context, Fault, Handler, Limits, Objects, Peer};

use crate::cdr::{ByteOrder, CodeSet, Version};
use crate::client::Connections;
use crate::giop::{Kind, bare};
use crate::interceptor::ServerInterceptor;
use crate::ior::Ior;
use crate::{Cdr, Forward, repository};

pub use published::Published;

pub(crate) use inbound::Inbound;
use object::Objects as Table;
use session::Session;

/// Serves objects over IIOP. Cheap to clone once it is built.
#[derive(Clone)]
#[must_use]
pub struct CorbaServer {
    objects: Table,
    options: ServerOptions,
    bidirectional: Option<Connections>,
}

/// What a server bounds and assumes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerOptions {
    /// The code set of `char` and `string` of clients that negotiate none (default ISO 8859-1).
    pub char_code_set: CodeSet,
    /// Calls that run at once on one connection; one more is refused with TRANSIENT (default 1024).
    pub calls: usize,
    /// Time that a connection stays open without a call (default 10 min).
    pub idle_timeout: Duration,
    /// Time for a message to come or go, and one second more for each 16 KiB (default 30 s).
    pub message_timeout: Duration,
    /// The byte order of what goes out (default this machine's, which is the fastest).
    pub byte_order: ByteOrder,
    /// Ends calls when their callers say that they wait no longer, and runs none that comes later than
    /// that (default true). Callers say it as a time of their own clock, of which one that passed ten
    /// minutes ago or more is not believed; do without where clocks differ by less, but too much.
    pub obey_deadlines: bool,
    /// Replies of GIOP 1.2 beyond so many octets go out in fragments (default none).
    pub fragment_size: Option<usize>,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            char_code_set: CodeSet::Latin1,
            calls: 1024,
            idle_timeout: Duration::from_secs(600),
            message_timeout: Duration::from_secs(30),
            byte_order: ByteOrder::NATIVE,
            obey_deadlines: true,
            fragment_size: None,
        }
    }
}

impl ServerOptions {
    /// Sets [`ServerOptions::char_code_set`].
    #[must_use]
    pub fn with_char_code_set(mut self, set: CodeSet) -> Self {
        self.char_code_set = set;
        self
    }

    /// Sets [`ServerOptions::calls`].
    #[must_use]
    pub fn with_calls(mut self, at_once: usize) -> Self {
        self.calls = at_once;
        self
    }

    /// Sets [`ServerOptions::idle_timeout`].
    #[must_use]
    pub fn with_idle_timeout(mut self, time: Duration) -> Self {
        self.idle_timeout = time;
        self
    }

    /// Sets [`ServerOptions::message_timeout`].
    #[must_use]
    pub fn with_message_timeout(mut self, time: Duration) -> Self {
        self.message_timeout = time;
        self
    }

    /// Sets [`ServerOptions::byte_order`].
    #[must_use]
    pub fn with_byte_order(mut self, order: ByteOrder) -> Self {
        self.byte_order = order;
        self
    }

    /// Sets [`ServerOptions::obey_deadlines`] to false.
    #[must_use]
    pub fn without_obeying_deadlines(mut self) -> Self {
        self.obey_deadlines = false;
        self
    }

    /// Sets [`ServerOptions::fragment_size`], in octets.
    #[must_use]
    pub fn with_fragment_size(mut self, octets: usize) -> Self {
        self.fragment_size = Some(octets);
        self
    }
}

impl std::fmt::Debug for CorbaServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CorbaServer").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Default for CorbaServer {
    fn default() -> Self {
        Self::new()
    }
}

impl CorbaServer {
    /// A server without objects.
    pub fn new() -> Self {
        Self {
            objects: Table::new(CallMetrics::server("corba")),
            options: ServerOptions::default(),
            bidirectional: None,
        }
    }

    /// Adds a service under an object key; one of the same key is replaced.
    pub fn with_service(mut self, key: &str, handler: impl Handler<Cdr>) -> Self {
        self.objects.add(key, Arc::new(handler));
        self
    }

    /// Adds objects that are made at run time, under the adapter's name; an adapter of the same name is
    /// replaced. A service is found before an object whose key it has.
    pub fn with_adapter(mut self, adapter: impl Objects<Cdr>) -> Self {
        self.objects.add_adapter(Arc::new(adapter));
        self
    }

    /// Has calls of that object key made elsewhere, and whoever asks told where; a service of the same
    /// key is not called any more.
    pub fn with_forward(mut self, key: &str, forward: Forward) -> Self {
        self.objects.forward(key, forward);
        self
    }

    /// Sets bounds and assumptions.
    pub fn with_options(mut self, options: ServerOptions) -> Self {
        self.options = options;
        self
    }

    /// Adds an interceptor, which sees requests after those that were added before.
    pub fn with_interceptor(mut self, interceptor: impl ServerInterceptor) -> Self {
        self.objects.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Has every request judged by who sends it: by the user and password that it says by CSIv2 (a
    /// password without a user is a bearer token), else by the certificate that TLS saw. Whoever is
    /// refused gets NO_PERMISSION.
    pub fn with_authenticator(mut self, authenticator: impl Authenticator) -> Self {
        self.objects.authenticator = Some(Arc::new(authenticator));
        self
    }

    /// Has calls over these connections to objects of clients go over the clients' own, where they
    /// offer that (bidirectional GIOP, CORBA 3.3 part 2, §9.8): clients behind a firewall are called back.
    ///
    /// A client may offer any address that nobody else has offered and to which no connection is open,
    /// and is sent what is meant for it: accept this from clients only that are trusted with it.
    pub fn with_bidirectional(mut self, connections: &Connections) -> Self {
        self.bidirectional = Some(connections.clone());
        self
    }

    /// Calls that come in over a connection that was opened by this side.
    pub(crate) fn inbound(&self, limits: &Arc<Limits>, peer: Peer) -> Inbound {
        Inbound::new(self.objects.clone(), self.options.clone(), Arc::clone(limits), peer, None)
    }

    /// Has every call judged before it runs; `judge` sees `key.operation`.
    pub fn with_authorization(
        mut self,
        judge: impl Fn(&Context, &str) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Self {
        self.objects.judge = Some(Arc::new(judge));
        self
    }

    /// A reference to the object of that key at an address where this server listens;
    /// `None` if there is no such object, or the address is not one of TCP.
    #[must_use]
    pub fn reference(&self, key: &str, address: &Address) -> Option<Ior> {
        let object = self.objects.service(key.as_bytes())?;
        let id = repository::of_interface(object.handler.interface());
        Published::new([address.clone()])?.reference(id, key.to_owned()).into()
    }
}

impl Acceptor for CorbaServer {
    fn name(&self) -> &'static str {
        "iiop"
    }

    fn claims(&self, first: &[u8]) -> Claim {
        match first {
            [b'G', b'I', b'O', b'P', ..] => Claim::Yes,
            _ if b"GIOP".starts_with(first) => Claim::NeedMore,
            _ => Claim::No,
        }
    }

    fn serve(&self, stream: Stream, connection: Connection) -> BoxFuture<'static, ()> {
        let session =
            Session::new(self.objects.clone(), self.options.clone(), &connection, self.bidirectional.clone());
        Box::pin(session.run(stream, connection))
    }

    fn busy(&self) -> Bytes {
        // what came was not executed, and may be sent again elsewhere
        Bytes::copy_from_slice(&bare(Kind::CloseConnection, Version::V1_0))
    }
}
