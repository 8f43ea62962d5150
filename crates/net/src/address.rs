//! [`Address`]: a place to listen at or to connect to, TCP or unix.
//!
//! ```
//! use farcall_net::Address;
//!
//! let tcp: Address = "127.0.0.1:8000".parse().unwrap();
//! let unix: Address = "unix:/run/quote.sock".parse().unwrap();
//! assert_eq!(tcp.to_string(), "127.0.0.1:8000");
//! assert_eq!(unix.to_string(), "unix:/run/quote.sock");
//! ```

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// A place to listen at or to connect to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address {
    /// A host name or IP address (IPv6 without brackets) and a port.
    Tcp(String, u16),
    /// The path of a unix socket.
    Unix(PathBuf),
}

impl Address {
    /// A TCP address; `host` is a name or an IP address, with or without brackets.
    #[must_use]
    pub fn tcp(host: &str, port: u16) -> Self {
        Self::Tcp(host.trim_start_matches('[').trim_end_matches(']').to_owned(), port)
    }

    /// A unix socket.
    pub fn unix(path: impl Into<PathBuf>) -> Self {
        Self::Unix(path.into())
    }
}

impl From<SocketAddr> for Address {
    fn from(at: SocketAddr) -> Self {
        Self::Tcp(at.ip().to_string(), at.port())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(host, port) if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp(host, port) => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// A text is no [`Address`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no address: {reason}; write host:port, [ipv6]:port or unix:/path")]
pub struct AddressError {
    text: String,
    reason: &'static str,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let fail = |reason| AddressError { text: text.to_owned(), reason };
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() {
                Err(fail("the path is empty"))
            } else {
                Ok(Self::unix(path.strip_prefix("//").unwrap_or(path)))
            };
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(|| fail("no port"))?;
        let port = port.parse().map_err(|_| fail("the port is not a number up to 65535"))?;
        let bracketed = host.starts_with('[') && host.ends_with(']');
        if host.is_empty() {
            return Err(fail("no host"));
        }
        if host.contains(':') && !bracketed {
            return Err(fail("an IPv6 address needs brackets"));
        }
        Ok(Self::tcp(host, port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_addresses() {
        for (text, expected) in [
            ("localhost:80", Address::tcp("localhost", 80)),
            ("[::1]:0", Address::tcp("::1", 0)),
            ("unix:/tmp/x", Address::unix("/tmp/x")),
            ("unix:///tmp/x", Address::unix("/tmp/x")),
        ] {
            assert_eq!(text.parse::<Address>().unwrap(), expected);
        }
        assert_eq!(Address::tcp("::1", 7).to_string(), "[::1]:7");
        for wrong in ["", "localhost", "localhost:", ":80", "::1:80", "h:70000", "unix:"] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }
}
