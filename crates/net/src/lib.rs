//! farcall's network: it listens, dials and pools, speaks HTTP and TLS, and
//! bounds what callers may cost. It knows no protocol; those plug in as
//! [`HttpProtocol`] or [`Acceptor`] on the server, and use [`HttpClient`] or
//! [`connect()`] on the client.
//!
//! ```no_run
//! # async fn example(protocol: impl farcall_net::HttpProtocol) -> Result<(), farcall_net::ServerError> {
//! let address = "127.0.0.1:8000".parse().unwrap();
//! let server = farcall_net::Server::builder().listen(address).http(protocol).bind().await?;
//! server.run(farcall_net::shutdown_signal()).await;
//! # Ok(()) }
//! ```
#![forbid(unsafe_code)]

pub mod address;
pub mod auth;
mod body;
pub mod client;
pub mod connect;
pub mod metrics;
pub mod server;
pub mod stream;
pub mod tls;

pub use farcall_wire::BoxFuture;

pub use self::address::{Address, AddressError};
pub use self::auth::{Authenticator, Certificates, Credentials, Denied, Tokens, Users};
pub use self::client::{ClientBuilder, HttpClient, SendOptions, Tap, percent_decode, unix_url};
pub use self::connect::{Connector, connect, tls_refusal};
pub use self::metrics::{CallMetrics, CallTimer, MetricsError, OperationMetrics, Prometheus};
pub use self::server::{
    Acceptor, Authorization, CallGate, CallPermit, Claim, Connection, HttpProtocol, HttpService, ReplyBody,
    Room, Route, Server, ServerBuilder, ServerError, ServerLimits, content_type, service_of_path,
    shutdown_signal,
};
pub use self::stream::Stream;
pub use self::tls::{Certificate, ClientTls, ServerTls, TlsError};

/// The header that says how many milliseconds the caller still waits.
///
/// A server shortens the call's deadline to it; a client sends what is left.
pub static TIMEOUT_HEADER: http::HeaderName = http::HeaderName::from_static("farcall-timeout");
