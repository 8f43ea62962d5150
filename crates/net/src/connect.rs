//! Dials: [`connect()`] for a plain stream, [`Connector`] for timeouts and TLS.
//!
//! ```no_run
//! # async fn example() -> Result<(), farcall_wire::Fault> {
//! use farcall_net::{Address, connect};
//!
//! let stream = connect(&Address::tcp("localhost", 2809)).await?;
//! # Ok(()) }
//! ```

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use farcall_wire::{Fault, FaultKind};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use rustls::pki_types::ServerName;
use rustls::{AlertDescription, CertificateError, ClientConfig};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::time::{sleep, timeout};

use crate::{Address, ClientTls, Stream, TlsError};

/// A host's next address is tried that long after the one before (RFC 8305, §5).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);

/// Connects to a TCP or unix address, at the default timeout of 10 s.
///
/// # Errors
/// [`FaultKind::Transport`], saying what failed and what to try.
pub async fn connect(address: &Address) -> Result<Stream, Fault> {
    Connector::new().connect(address).await
}

/// Connects, with a timeout, and inside TLS if asked to.
#[derive(Clone, Debug)]
pub struct Connector {
    timeout: Duration,
    tls: ClientTls,
    alpn: &'static [&'static [u8]],
    /// Built at the first use, for reading the system's certificates takes a while.
    config: Arc<OnceLock<Arc<ClientConfig>>>,
}

impl Default for Connector {
    fn default() -> Self {
        Self::new()
    }
}

impl Connector {
    /// Ten seconds of patience, and the system's authorities.
    #[must_use]
    pub fn new() -> Self {
        Self { timeout: Duration::from_secs(10), tls: ClientTls::new(), alpn: &[], config: Arc::default() }
    }

    /// Sets the time for names, TCP and TLS together.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sets whom TLS trusts and what it shows.
    #[must_use]
    pub fn with_tls(self, tls: ClientTls) -> Self {
        Self { tls, config: Arc::default(), ..self }
    }

    pub(crate) fn for_http(self) -> Self {
        Self { alpn: &[b"http/1.1"], config: Arc::default(), ..self }
    }

    /// Connects without TLS.
    ///
    /// # Errors
    /// [`FaultKind::Transport`], saying what failed and what to try.
    pub async fn connect(&self, address: &Address) -> Result<Stream, Fault> {
        self.within(address, dial(address)).await
    }

    /// Connects and shakes hands, expecting a certificate for that name.
    ///
    /// # Errors
    /// [`FaultKind::Transport`], saying what failed and what to try.
    pub async fn connect_tls(&self, address: &Address, name: &str) -> Result<Stream, Fault> {
        self.within(address, async {
            let stream = dial(address).await?;
            self.handshake(stream, address, name).await
        })
        .await
    }

    /// Shakes hands over a stream that is open, such as a proxy's tunnel.
    ///
    /// # Errors
    /// [`FaultKind::Transport`], saying what failed and what to try.
    pub async fn secure(&self, stream: Stream, address: &Address, name: &str) -> Result<Stream, Fault> {
        self.within(address, self.handshake(stream, address, name)).await
    }

    async fn within<T>(
        &self,
        address: &Address,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        timeout(self.timeout, work).await.unwrap_or_else(|_| {
            let message = format!(
                "no connection within {:?}; is the address right, and does a firewall drop packets?",
                self.timeout
            );
            Err(Fault::new(FaultKind::Transport, message).with_peer(address.to_string()))
        })
    }

    async fn handshake(&self, stream: Stream, at: &Address, name: &str) -> Result<Stream, Fault> {
        let fail = |message: String| Fault::new(FaultKind::Transport, message).with_peer(at.to_string());
        let config = self.config().map_err(|error| fail(error.to_string()).with_source(error))?;
        let name = name.trim_start_matches('[').trim_end_matches(']').to_owned();
        let server = ServerName::try_from(name.clone())
            .map_err(|_| fail(format!("{name:?} is no name that a TLS certificate can be for")))?;
        match tokio_rustls::TlsConnector::from(config).connect(server, stream).await {
            Ok(tls) => Ok(Stream::tls(tls.into())),
            Err(error) => {
                let hint = tls_hint(&error).unwrap_or("");
                Err(fail(format!("TLS handshake failed: {error}{hint}")).with_source(error))
            }
        }
    }

    fn config(&self) -> Result<Arc<ClientConfig>, TlsError> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let config = self.tls.config(self.alpn)?;
        Ok(Arc::clone(self.config.get_or_init(|| config)))
    }
}

async fn dial(address: &Address) -> Result<Stream, Fault> {
    let fail = |what: &str, error: io::Error| {
        let hint = match error.kind() {
            io::ErrorKind::ConnectionRefused => "; nothing listens there",
            io::ErrorKind::NotFound => "; there is no such socket",
            io::ErrorKind::PermissionDenied => "; this user may not use it",
            _ => "",
        };
        Fault::new(FaultKind::Transport, format!("{what}: {error}{hint}"))
            .with_peer(address.to_string())
            .with_source(error)
    };
    match address {
        Address::Unix(path) => {
            UnixStream::connect(path).await.map(Stream::from).map_err(|error| fail("cannot connect", error))
        }
        Address::Tcp(host, port) => {
            let found: Vec<_> = lookup_host((host.as_str(), *port))
                .await
                .map_err(|error| fail("the host's address cannot be found", error))?
                .collect();
            let tcp = race(alternate(found)).await.map_err(|error| fail("cannot connect", error))?;
            tcp.set_nodelay(true).map_err(|error| fail("cannot connect", error))?;
            Ok(tcp.into())
        }
    }
}

/// Alternates the families, keeping the resolver's order within each (RFC 8305, §4).
fn alternate(found: Vec<SocketAddr>) -> VecDeque<SocketAddr> {
    let first_v6 = found.first().is_some_and(SocketAddr::is_ipv6);
    let (a, b): (Vec<_>, Vec<_>) = found.into_iter().partition(|at| at.is_ipv6() == first_v6);
    let (mut a, mut b) = (a.into_iter(), b.into_iter());
    let mut all = VecDeque::new();
    loop {
        let pair = (a.next(), b.next());
        all.extend(pair.0);
        all.extend(pair.1);
        if pair == (None, None) {
            return all;
        }
    }
}

/// The first connection of those addresses; a slow one is not waited for alone.
async fn race(mut addresses: VecDeque<SocketAddr>) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    let Some(first) = addresses.pop_front() else { return Err(last) };
    if addresses.is_empty() {
        return TcpStream::connect(first).await;
    }
    let mut attempts = FuturesUnordered::from_iter([TcpStream::connect(first)]);
    loop {
        tokio::select! {
            Some(done) = attempts.next() => match done {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            },
            () = sleep(NEXT_ADDRESS), if !addresses.is_empty() => {}
        }
        match addresses.pop_front() {
            Some(next) => attempts.push(TcpStream::connect(next)),
            None if attempts.is_empty() => return Err(last),
            None => {}
        }
    }
}

/// Why TLS ended a stream that was open, and what to try; `None` if it is not TLS that failed.
///
/// In TLS 1.3 a server judges a client's certificate after the client believes the handshake done.
#[must_use]
pub fn tls_refusal(error: &io::Error) -> Option<String> {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())?;
    Some(format!("TLS failed: {tls}{}", tls_hint(error).unwrap_or("")))
}

/// What to try after a TLS failure; begins with `; `.
pub(crate) fn tls_hint(error: &io::Error) -> Option<&'static str> {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let Some(tls) = tls else {
        return (error.kind() == io::ErrorKind::UnexpectedEof)
            .then_some("; the peer closed: perhaps it does not speak TLS here");
    };
    Some(match tls {
        rustls::Error::InvalidCertificate(reason) => match reason {
            CertificateError::UnknownIssuer => {
                "; the server's certificate is not signed by an authority that is trusted here: \
                 add its root certificate"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "; the certificate is for another name: use that name, or a certificate for this one"
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "; the server's certificate has expired, or this machine's clock is wrong"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "; the server's certificate is not valid yet, or this machine's clock is wrong"
            }
            _ => "; the server has to show a certificate that is valid and of this name",
        },
        rustls::Error::InvalidMessage(_) => "; the peer does not speak TLS here: try without it",
        rustls::Error::AlertReceived(alert) => match alert {
            AlertDescription::CertificateRequired
            | AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::AccessDenied => {
                "; the server wants a client certificate from an authority that it trusts"
            }
            _ => "; the server refused: its log may say why",
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternates_families() {
        let [a, b, c, d]: [SocketAddr; 4] =
            ["[::1]:1", "[::2]:1", "[::3]:1", "127.0.0.1:1"].map(|text| text.parse().unwrap());
        assert_eq!(alternate(vec![a, b, c, d]), [a, d, b, c]);
        assert!(alternate(Vec::new()).is_empty());
    }

    #[tokio::test]
    async fn takes_the_address_that_answers() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let good = listener.local_addr().unwrap();
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bad = closed.local_addr().unwrap();
        drop(closed);
        let stream = race(VecDeque::from([bad, good])).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), good);
        assert!(race(VecDeque::from([bad, bad])).await.is_err());
    }
}
