//! Where a request goes: which connection serves its URL, and how the URL is
//! written in it.

use std::path::PathBuf;

use farcall_wire::{Fault, FaultKind};
use http::Uri;
use http::uri::{Authority, PathAndQuery};

use super::pool::Key;
use super::proxy::Proxy;
use crate::Address;

/// What a URL says.
pub(crate) struct Target {
    pub(crate) key: Key,
    pub(crate) address: Address,
    /// User and password in the URL.
    pub(crate) user: Option<(String, String)>,
    /// The proxy that it goes through.
    pub(crate) via: Option<Proxy>,
}

impl Target {
    /// Reads a URL of scheme `http` or `https`.
    pub(crate) fn of(url: &Uri) -> Result<Self, Fault> {
        let fail =
            |message: &str| Err(Fault::new(FaultKind::InvalidRequest, message).with_peer(url.to_string()));
        let Some(authority) = url.authority() else {
            return fail("the URL has no host; write http://host:port/path");
        };
        let user = authority.as_str().rsplit_once('@').map(|(user, _)| user);
        let (secure, port) = match url.scheme_str() {
            Some("http") => (false, 80),
            Some("https") => (true, 443),
            _ => return fail("the URL's scheme is neither http nor https"),
        };
        let address = Address::tcp(authority.host(), authority.port_u16().unwrap_or(port));
        let user = user.map(|user| {
            let (name, password) = user.split_once(':').unwrap_or((user, ""));
            (percent_decode(name), percent_decode(password))
        });
        Ok(Self { key: Key { secure, authority: authority.clone() }, address, user, via: None })
    }
}

/// The `Host` header of an authority: without user and password.
pub(crate) fn host(authority: &Authority) -> &str {
    authority.as_str().rsplit_once('@').map_or(authority.as_str(), |(_, host)| host)
}

/// The path and query alone, as servers expect it (RFC 9112, §3.2.1).
pub(crate) fn origin_form(url: &Uri) -> Uri {
    let path = url.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    Uri::from(path)
}

/// Splits a URL that names a unix socket, its path percent-encoded as host, into
/// that path and the URL to request there; `None` if it is another kind of URL.
///
/// ```
/// let (path, url) = farcall_net::unix_url("http+unix://%2Frun%2Fquote.sock/RPC2").unwrap();
/// assert_eq!(path.to_str(), Some("/run/quote.sock"));
/// assert_eq!(url, "http://localhost/RPC2");
/// assert!(farcall_net::unix_url("http://localhost/RPC2").is_none());
/// ```
#[must_use]
pub fn unix_url(url: &str) -> Option<(PathBuf, String)> {
    let rest = url.strip_prefix("http+unix://")?;
    let (path, request) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    (!path.is_empty()).then(|| (percent_decode(path).into(), format!("http://localhost{request}")))
}

/// A text with its `%XX` read as octets (RFC 3986, §2.1); one that is then not UTF-8 stays as it is.
#[must_use]
pub fn percent_decode(text: &str) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = |at: usize| tail.get(at).and_then(|&b| char::from(b).to_digit(16));
        rest = match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                octets.push((high * 16 + low) as u8);
                &tail[2..]
            }
            _ => {
                octets.push(first);
                tail
            }
        };
    }
    String::from_utf8(octets).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_urls() {
        let of = |url: &str| Target::of(&url.parse().unwrap());
        let plain = of("http://h/x?y").unwrap();
        assert_eq!((plain.key.secure, plain.address), (false, Address::tcp("h", 80)));
        let full = of("https://u:p%40w@[::1]:8443/x").unwrap();
        assert_eq!((full.key.secure, full.address), (true, Address::tcp("::1", 8443)));
        assert_eq!(full.user.unwrap(), ("u".to_owned(), "p@w".to_owned()));
        assert_eq!(host(&full.key.authority), "[::1]:8443");
        let unix = unix_url("http+unix://%2Frun%2Fa%20b.sock").unwrap();
        assert_eq!(unix, ("/run/a b.sock".into(), "http://localhost".to_owned()));
        assert_eq!(origin_form(&"http://h/x?y".parse().unwrap()), "/x?y");
        assert_eq!(origin_form(&"http://h".parse().unwrap()), "/");
        assert!(of("ftp://h/").is_err() && of("/x").is_err());
    }
}
