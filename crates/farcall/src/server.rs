//! [`Server`]: services over every protocol, on one port.

use std::sync::Arc;

use farcall_model::Interface;
use farcall_net::{Address, Authenticator, Prometheus, ServerBuilder, ServerError, ServerLimits, ServerTls};
use farcall_wire::{Context, Fault, Service};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::ObjectAdapter;
use crate::page::Page;
use crate::published::Publication;

/// Services over every protocol, on one port.
///
/// ```no_run
/// # use farcall::{Fault, Server, service};
/// # #[service] trait Bank { async fn balance(&self) -> Result<f64, Fault>; }
/// # struct Mine; impl Bank for Mine { async fn balance(&self) -> Result<f64, Fault> { Ok(0.0) } }
/// # async fn example() -> Result<(), farcall::net::ServerError> {
/// Server::new().service("bank", BankService::new(Mine)).run("127.0.0.1:2809".parse().unwrap()).await
/// # }
/// ```
#[must_use]
#[derive(Debug)]
pub struct Server {
    builder: ServerBuilder,
    #[cfg(feature = "corba")]
    corba: farcall_corba::CorbaServer,
    #[cfg(feature = "soap")]
    soap: farcall_soap::SoapServer,
    #[cfg(feature = "xmlrpc")]
    xmlrpc: farcall_xmlrpc::XmlRpcServer,
    page: Page,
    adapters: Vec<ObjectAdapter>,
    publication: Publication,
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl Server {
    /// A server without services, at default limits.
    pub fn new() -> Self {
        Self {
            builder: farcall_net::Server::builder(),
            #[cfg(feature = "corba")]
            corba: farcall_corba::CorbaServer::new(),
            #[cfg(feature = "soap")]
            soap: farcall_soap::SoapServer::new(),
            #[cfg(feature = "xmlrpc")]
            xmlrpc: farcall_xmlrpc::XmlRpcServer::new(),
            page: Page::default(),
            adapters: Vec::new(),
            publication: Publication::default(),
        }
    }

    /// Adds a service under a name: the part before the dot in XML-RPC; its path, which with `?wsdl`
    /// gives its description; its object key in CORBA, as in `corbaloc::host:port/name`.
    /// An empty name serves its operations without a prefix.
    pub fn service<S: Service>(mut self, name: &str, service: S) -> Self {
        let service = Arc::new(service);
        self.page.add(name, service.interface());
        #[cfg(feature = "corba")]
        {
            self.corba = self.corba.with_service(name, Arc::clone(&service));
        }
        #[cfg(feature = "soap")]
        {
            self.soap = self.soap.with_service(name, Arc::clone(&service) as _);
        }
        #[cfg(feature = "xmlrpc")]
        {
            self.xmlrpc = self.xmlrpc.with_service(name, service);
        }
        self
    }

    /// Serves the objects of an adapter, under its name, over every protocol. A service is found before
    /// an object whose key or path it has.
    pub fn adapter(mut self, adapter: &ObjectAdapter) -> Self {
        #[cfg(feature = "corba")]
        {
            self.corba = self.corba.with_adapter(adapter.adapter.clone());
        }
        #[cfg(feature = "soap")]
        {
            self.soap = self.soap.with_adapter(Arc::new(adapter.adapter.clone()));
        }
        #[cfg(feature = "xmlrpc")]
        {
            self.xmlrpc = self.xmlrpc.with_adapter(Arc::new(adapter.adapter.clone()));
        }
        self.adapters.push(adapter.clone());
        self
    }

    /// Has calls over these connections to objects of clients go over the clients' own, where they
    /// offer that (bidirectional GIOP); see [`ObjectAdapter::bidirectional`] for the other side.
    ///
    /// A client may offer any address that nobody else has offered, and is sent what is meant for it:
    /// accept this from clients only that are trusted with it.
    #[cfg(feature = "corba")]
    pub fn bidirectional(mut self, connections: &farcall_corba::Connections) -> Self {
        self.corba = self.corba.with_bidirectional(connections);
        self
    }

    /// Says where callers reach the server, for references to its objects, where that is not where it
    /// listens: behind address translation, in a container, by a name.
    ///
    /// Without it references say the bound addresses; one that stands for all of the machine
    /// (`0.0.0.0`, `::`) is replaced by the address from which packets leave for other machines.
    pub fn published(mut self, host: impl Into<String>, port: u16) -> Self {
        self.publication.address = Some((host.into(), port));
        self
    }

    /// Sets bounds and assumptions of CORBA.
    #[cfg(feature = "corba")]
    pub fn corba_options(mut self, options: farcall_corba::ServerOptions) -> Self {
        self.corba = self.corba.with_options(options);
        self
    }

    /// Sets the choices that a server of SOAP has.
    #[cfg(feature = "soap")]
    pub fn soap_options(mut self, options: farcall_soap::Options) -> Self {
        self.soap = self.soap.with_options(options);
        self
    }

    /// Has the `wsse:Security` header of SOAP requests checked. Callers over other protocols do not
    /// send one: with [`Server::authorize`] those without an identity can be refused.
    #[cfg(feature = "soap")]
    pub fn soap_security(mut self, security: farcall_soap::Security) -> Self {
        self.soap = self.soap.with_security(security);
        self
    }

    /// Sets the choices that XML-RPC leaves.
    #[cfg(feature = "xmlrpc")]
    pub fn xmlrpc_options(mut self, options: farcall_xmlrpc::Options) -> Self {
        self.xmlrpc = self.xmlrpc.with_options(options);
        self
    }

    /// Has every call judged before it runs, each call inside a batch too;
    /// `judge` sees the operation's full name.
    pub fn authorize(
        mut self,
        judge: impl Fn(&Context, &str) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Self {
        let judge = Arc::new(judge);
        #[cfg(feature = "corba")]
        {
            let judge = Arc::clone(&judge);
            self.corba = self.corba.with_authorization(move |cx, name| judge(cx, name));
        }
        #[cfg(feature = "soap")]
        {
            let judge = Arc::clone(&judge);
            self.soap = self.soap.with_authorization(move |cx, name| judge(cx, name));
        }
        #[cfg(feature = "xmlrpc")]
        {
            self.xmlrpc = self.xmlrpc.with_authorization(move |cx, name| judge(cx, name));
        }
        self
    }

    /// Listens there, beside where [`Server::start`] is told to; may be given several times.
    pub fn listen(mut self, address: Address) -> Self {
        self.builder = self.builder.listen(address);
        self
    }

    /// Speaks TLS with whoever begins with it.
    pub fn tls(mut self, tls: ServerTls) -> Self {
        self.publication.tls = Some(tls.requires_certificates());
        self.builder = self.builder.tls(tls);
        self
    }

    /// Sets the limits.
    pub fn limits(mut self, limits: ServerLimits) -> Self {
        self.builder = self.builder.limits(limits);
        self
    }

    /// Has every request judged by who sends it: by the user and password or the token that it says,
    /// in a header of HTTP, or over IIOP by CSIv2 (GSSUP, where a password without a user is a token);
    /// else by the certificate that TLS saw. Passwords travel as they are: serve with TLS.
    pub fn authenticator(mut self, authenticator: impl Authenticator) -> Self {
        let authenticator: Arc<dyn Authenticator> = Arc::new(authenticator);
        #[cfg(feature = "corba")]
        {
            self.corba = self.corba.with_authenticator(Arc::clone(&authenticator));
        }
        self.publication.authenticated = true;
        self.builder = self.builder.authenticator(authenticator);
        self
    }

    /// Serves metrics at `/metrics`.
    pub fn metrics(mut self, prometheus: Prometheus) -> Self {
        self.builder = self.builder.metrics(prometheus);
        self
    }

    /// What it serves, by name.
    pub fn interfaces(&self) -> impl Iterator<Item = (&str, &Interface)> {
        self.page.interfaces()
    }

    /// The interfaces that the objects of its adapters are said to have.
    pub fn object_interfaces(&self) -> impl Iterator<Item = &'static Interface> {
        self.adapters.iter().flat_map(ObjectAdapter::interfaces)
    }

    /// An interface, and those of objects that are come to from it: what a description of it in IDL
    /// has to say.
    #[cfg(feature = "corba")]
    #[must_use]
    pub fn with_objects<'a>(&self, interface: &'a Interface) -> Vec<&'a Interface> {
        crate::idl::with_objects(interface, &self.object_interfaces().collect::<Vec<_>>())
    }

    /// The network's side of it, for what is not offered here: pages, more protocols.
    pub fn into_builder(self) -> ServerBuilder {
        #[cfg(feature = "corba")]
        let idl = crate::idl::IdlRoute::new(self.page.interfaces(), self.object_interfaces());
        #[cfg(feature = "corba")]
        let builder = self.builder.route(idl);
        #[cfg(feature = "corba")]
        let known = Arc::default();
        #[cfg(feature = "corba")]
        let builder = builder.route(crate::ior::IorRoute::new(self.page.interfaces(), &known));
        #[cfg(not(feature = "corba"))]
        let builder = self.builder;
        let (adapters, publication) = (self.adapters, self.publication);
        let publish = move |bound: &[Address]| {
            let place = Arc::new(publication.place(bound));
            adapters.iter().for_each(|adapter| adapter.publish(&place));
            // a server listens once
            #[cfg(feature = "corba")]
            let _ = known.set(place);
        };
        let builder = builder.on_bound(publish).route(self.page);
        #[cfg(feature = "corba")]
        let builder = builder.acceptor(self.corba);
        // before XML-RPC, which takes whatever is posted to a place of its own and is nobody else's
        #[cfg(feature = "soap")]
        let builder = builder.route(self.soap.wsdl()).http(self.soap);
        #[cfg(feature = "xmlrpc")]
        let builder = builder.http(self.xmlrpc);
        builder
    }

    /// All of it as a tower service, for a server of somebody else's.
    #[must_use]
    pub fn into_service(self) -> farcall_net::HttpService {
        self.into_builder().into_service()
    }

    /// Serves until SIGTERM or SIGINT, then finishes what runs.
    ///
    /// # Errors
    /// If an address cannot be listened on.
    pub async fn run(self, address: Address) -> Result<(), ServerError> {
        let server = self.listen(address).into_builder().bind().await?;
        server.run(farcall_net::shutdown_signal()).await;
        Ok(())
    }

    /// Serves in the background until [`Running::stop`].
    ///
    /// # Errors
    /// If an address cannot be listened on.
    pub async fn start(self, address: Address) -> Result<Running, ServerError> {
        let server = self.listen(address).into_builder().bind().await?;
        let addresses = server.addresses().to_vec();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            server
                .run(async {
                    // dropped without a word it stops too
                    let _ = stopped.await;
                })
                .await;
        });
        Ok(Running { addresses, stop, task })
    }
}

/// A server that runs in the background; it stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    addresses: Vec<Address>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// The first bound address, with the port that the system chose.
    #[must_use]
    pub fn address(&self) -> &Address {
        // one that was bound has at least the address that it was started with
        &self.addresses[self.addresses.len() - 1]
    }

    /// All bound addresses.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Takes no new calls, lets those that run come to their end, and closes.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        // its panics, if any, have been told by the runtime
        let _ = self.task.await;
    }
}
