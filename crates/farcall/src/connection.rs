//! [`Connection`]: a way to a server over whatever protocol its URL names, and
//! [`Client`], which calls over it without a type known beforehand.

use std::borrow::Cow;

use farcall_model::{Interface, Operation, Param, Value};
use farcall_net::ClientBuilder;
use farcall_wire::{Channel, Context, Encode, Fault, FaultKind, Invocation, Ref, Remote, to_value};

/// A way to a service, over the protocol that its URL names. Cheap to clone.
///
/// Typed clients go over it: `BankClient::connect(url)` opens one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Connection {
    /// CORBA, over IIOP.
    #[cfg(feature = "corba")]
    Corba(farcall_corba::Client),
    /// SOAP.
    #[cfg(feature = "soap")]
    Soap(farcall_soap::Client),
    /// XML-RPC.
    #[cfg(feature = "xmlrpc")]
    XmlRpc(farcall_xmlrpc::Client),
}

/// How a connection is made beside its URL.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct ConnectionOptions {
    /// HTTP particulars: TLS, authentication, headers, proxy, cookies, what is logged.
    pub http: Option<ClientBuilder>,
    /// The connections that are shared over CORBA, which may serve objects too.
    #[cfg(feature = "corba")]
    pub connections: Option<farcall_corba::Connections>,
    /// User and password over CORBA (CSIv2, GSSUP); those of HTTP are among its particulars.
    #[cfg(feature = "corba")]
    pub credentials: Option<(String, String)>,
    /// Limits and metadata of calls that are made without a context of their own.
    pub context: Context,
    /// Choices of SOAP: MTOM and attachments, WS-Security, WS-Addressing.
    #[cfg(feature = "soap")]
    pub soap: farcall_soap::ClientOptions,
}

impl ConnectionOptions {
    /// Sets HTTP particulars.
    #[must_use]
    pub fn with_http(mut self, http: ClientBuilder) -> Self {
        self.http = Some(http);
        self
    }

    /// Sets the choices of SOAP.
    #[cfg(feature = "soap")]
    #[must_use]
    pub fn with_soap(mut self, options: farcall_soap::ClientOptions) -> Self {
        self.soap = options;
        self
    }

    /// Sets the connections that are shared over CORBA.
    #[cfg(feature = "corba")]
    #[must_use]
    pub fn with_connections(mut self, connections: &farcall_corba::Connections) -> Self {
        self.connections = Some(connections.clone());
        self
    }

    /// Sets user and password over CORBA; without a user, the password is a bearer token.
    #[cfg(feature = "corba")]
    #[must_use]
    pub fn with_credentials(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Some((user.into(), password.into()));
        self
    }

    /// Sets limits and metadata.
    #[must_use]
    pub fn with_context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }
}

impl Connection {
    /// Opens a connection to something that has that interface. No octet is sent before the first call.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if the URL cannot be used, saying why.
    pub async fn open(url: &str, interface: &'static Interface) -> Result<Self, Fault> {
        Self::build(url, Some(interface), ConnectionOptions::default())
    }

    /// Opens a connection with particulars, to whatever interface is there.
    ///
    /// # Errors
    /// As [`Connection::open`]; and for protocols that cannot be spoken without an interface.
    pub fn with(url: &str, options: ConnectionOptions) -> Result<Self, Fault> {
        Self::build(url, None, options)
    }

    /// A connection to the object of a reference, over the first of its addresses that this build
    /// can speak. No octet is sent before the first call.
    ///
    /// # Errors
    /// [`FaultKind::UnknownObject`] for the nil reference; [`FaultKind::InvalidParameters`] if no
    /// address can be used, saying why the first cannot.
    pub fn to<T: Remote>(reference: &Ref<T>) -> Result<Self, Fault> {
        Self::to_with(reference, ConnectionOptions::default())
    }

    /// The same with particulars.
    ///
    /// # Errors
    /// As [`Connection::to`].
    pub fn to_with<T: Remote>(reference: &Ref<T>, options: ConnectionOptions) -> Result<Self, Fault> {
        let addresses = &reference.object().addresses;
        let open = |url, options| Self::build(url, Some(T::interface()), options);
        let usable = addresses.iter().find(|url| open(url, ConnectionOptions::default()).is_ok());
        match usable.or(addresses.first()) {
            Some(url) => open(url, options),
            None => Err(Fault::new(FaultKind::UnknownObject, "the reference is nil")),
        }
    }

    /// Both at once.
    ///
    /// # Errors
    /// As [`Connection::open`].
    pub fn with_interface(
        url: &str,
        interface: &Interface,
        options: ConnectionOptions,
    ) -> Result<Self, Fault> {
        Self::build(url, Some(interface), options)
    }

    #[cfg_attr(not(feature = "soap"), allow(unused_variables, reason = "only SOAP needs the interface"))]
    fn build(url: &str, interface: Option<&Interface>, options: ConnectionOptions) -> Result<Self, Fault> {
        let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
        let protocol = scheme.split('+').next().unwrap_or_default();
        match protocol {
            #[cfg(feature = "xmlrpc")]
            "xmlrpc" | "http" | "https" | "scgi" => {
                let mut builder = farcall_xmlrpc::Client::builder(url).context(options.context);
                if let Some(http) = options.http {
                    builder = builder.http(http);
                }
                builder.build().map(Self::XmlRpc)
            }
            #[cfg(feature = "soap")]
            "soap" => {
                let builder = match interface {
                    Some(interface) => farcall_soap::Client::builder(url, interface),
                    None => farcall_soap::Client::described(url),
                };
                let mut builder = builder.context(options.context).options(options.soap);
                if let Some(http) = options.http {
                    builder = builder.http(http);
                }
                builder.build().map(Self::Soap)
            }
            #[cfg(feature = "corba")]
            _ if is_reference(scheme) => {
                let mut builder = farcall_corba::Client::builder(url).context(options.context);
                if let Some((user, password)) = options.credentials {
                    let own = farcall_corba::ClientOptions::default();
                    builder = builder.options(own.with_credentials(user, password));
                }
                if let Some(connections) = options.connections {
                    builder = builder.connections(connections);
                }
                builder.build().map(Self::Corba)
            }
            _ => {
                let message = format!(
                    "'{scheme}' is not a protocol of this build; write the URL as xmlrpc+http://host:port/path, \
                     soap+http://host:port/path or corbaloc::host:port/key"
                );
                Err(Fault::new(FaultKind::InvalidParameters, message))
            }
        }
    }

    /// What the server says can be called; for SOAP what the WSDL says, with `?wsdl` in the URL.
    ///
    /// # Errors
    /// Any [`Fault`], also from servers that do not tell.
    pub async fn interface(&self) -> Result<Interface, Fault> {
        match self {
            #[cfg(feature = "xmlrpc")]
            Self::XmlRpc(client) => client.interface().await,
            #[cfg(feature = "soap")]
            Self::Soap(client) => client.interface().await,
            #[cfg(feature = "corba")]
            _ => {
                let message = "this protocol does not tell what can be called; give the interface";
                Err(Fault::new(FaultKind::Unsupported, message))
            }
            #[cfg(not(any(feature = "corba", feature = "soap", feature = "xmlrpc")))]
            _ => self.nothing(),
        }
    }

    /// The operation of that name, where what there is is known without asking for each call; None
    /// where it is not.
    async fn described(&self, name: &str) -> Result<Option<Operation>, Fault> {
        match self {
            #[cfg(feature = "soap")]
            Self::Soap(client) => client.operation(name).await,
            #[cfg(any(feature = "corba", feature = "xmlrpc"))]
            _ => {
                let _ = name;
                Ok(None)
            }
            #[cfg(not(any(feature = "corba", feature = "soap", feature = "xmlrpc")))]
            _ => self.nothing(),
        }
    }

    /// What there is no connection for: this build speaks no protocol.
    #[cfg(not(any(feature = "corba", feature = "soap", feature = "xmlrpc")))]
    const fn nothing(&self) -> ! {
        match *self {}
    }

    /// The octets of the request that a call would send, for looking at.
    ///
    /// # Errors
    /// If the protocol cannot express a parameter.
    pub fn request<I: Invocation>(&self, invocation: &I) -> Result<Vec<u8>, Fault> {
        match self {
            #[cfg(feature = "xmlrpc")]
            Self::XmlRpc(client) => client.request(invocation),
            #[cfg(feature = "soap")]
            Self::Soap(client) => client.request(invocation),
            #[cfg(feature = "corba")]
            Self::Corba(client) => client.request(invocation),
            #[cfg(not(any(feature = "corba", feature = "soap", feature = "xmlrpc")))]
            _ => self.nothing(),
        }
    }
}

impl Channel for Connection {
    async fn call<I: Invocation>(&self, cx: &Context, invocation: &I) -> Result<I::Output, Fault> {
        match self {
            #[cfg(feature = "xmlrpc")]
            Self::XmlRpc(client) => client.call(cx, invocation).await,
            #[cfg(feature = "soap")]
            Self::Soap(client) => client.call(cx, invocation).await,
            #[cfg(feature = "corba")]
            Self::Corba(client) => client.call(cx, invocation).await,
            #[cfg(not(any(feature = "corba", feature = "soap", feature = "xmlrpc")))]
            _ => self.nothing(),
        }
    }
}

/// True for the schemes of object references, in any case, as the specification has them.
#[cfg(feature = "corba")]
fn is_reference(scheme: &str) -> bool {
    ["IOR", "corbaloc", "corbaname"].iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

/// A client of the service at that URL, without a type known beforehand.
///
/// ```no_run
/// # async fn example() -> Result<(), farcall::Fault> {
/// let supervisor = farcall::connect("xmlrpc+http://127.0.0.1:9001/RPC2")?;
/// let state = supervisor.call("supervisor.getState", ()).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// [`FaultKind::InvalidParameters`] if the URL cannot be used, saying why.
pub fn connect(url: &str) -> Result<Client, Fault> {
    Connection::with(url, ConnectionOptions::default()).map(Client::new)
}

/// Calls by name, with values.
#[derive(Clone, Debug)]
pub struct Client {
    connection: Connection,
    context: Context,
}

impl Client {
    /// A client over that connection.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self { connection, context: Context::new() }
    }

    /// Sets deadline, limits and metadata of the calls that follow.
    #[must_use]
    pub fn with_context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// What it calls over.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Calls an operation. `params` is a tuple of anything that can travel, or `()`; where the
    /// operation is described, as by a WSDL, also a struct with a field for each parameter.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn call<P: Encode>(&self, operation: &str, params: P) -> Result<Value, Fault> {
        let params = match to_value(&params)? {
            Value::Nil => Vec::new(),
            Value::Sequence(params) => params,
            one => vec![one],
        };
        self.call_values(operation, &params).await
    }

    /// Calls an operation with values.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn call_values(&self, operation: &str, params: &[Value]) -> Result<Value, Fault> {
        if let Some(described) = self.connection.described(operation).await? {
            return self.call_operation(&described, &by_name(&described, params)).await;
        }
        let any = farcall_model::TypeRef::Static(|| &farcall_model::Type::Any);
        self.call_operation(&Operation::new(operation.to_owned()).with_result(any), params).await
    }

    /// Calls an operation whose types are known at run time; the values are fitted to them.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn call_operation(&self, operation: &Operation, params: &[Value]) -> Result<Value, Fault> {
        self.connection.call(&self.context, &farcall_wire::Dynamic::new(operation, params)).await
    }

    /// What the server says can be called.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn interface(&self) -> Result<Interface, Fault> {
        self.connection.interface().await
    }
}

/// Parameters in order, out of a record of all of them; as they are, if they are no such record.
fn by_name<'v>(operation: &Operation, params: &'v [Value]) -> Cow<'v, [Value]> {
    let [Value::Struct(record)] = params else { return Cow::Borrowed(params) };
    let is_param =
        |(name, _): &(String, Value)| operation.params.iter().any(|param| param.field.name == *name);
    if !record.fields.iter().all(is_param) || (record.fields.is_empty() && !operation.params.is_empty()) {
        return Cow::Borrowed(params);
    }
    let value = |param: &Param| record.field(&param.field.name).cloned().unwrap_or(Value::Absent);
    operation.params.iter().map(value).collect()
}
