//! HTTP proxies: which one a URL goes through, and tunnels through it.

use farcall_wire::{Fault, FaultKind};
use http::Uri;
use http::header::HeaderValue;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{Address, Stream};

const ANSWER: usize = 16 << 10;

/// The proxies of a client.
#[derive(Debug)]
pub(crate) struct Proxies(Matcher);

/// One proxy that a request goes through.
pub(crate) struct Proxy {
    pub(crate) address: Address,
    pub(crate) authorization: Option<HeaderValue>,
}

impl Proxies {
    pub(crate) fn from_env() -> Self {
        Self(Matcher::from_env())
    }

    pub(crate) fn all(url: &str, except: &str) -> Self {
        Self(Matcher::builder().all(url.to_owned()).no(except.to_owned()).build())
    }

    pub(crate) fn of(&self, url: &Uri) -> Result<Option<Proxy>, Fault> {
        self.0.intercept(url).map(|found| Proxy::new(&found)).transpose()
    }
}

impl Proxy {
    fn new(found: &Intercept) -> Result<Self, Fault> {
        let url = found.uri();
        if url.scheme_str().is_some_and(|scheme| scheme != "http") {
            let message = "only HTTP proxies are supported, with a URL such as http://proxy:3128";
            return Err(Fault::new(FaultKind::Unsupported, message).with_peer(url.to_string()));
        }
        let host = url.host().unwrap_or_default();
        let address = Address::tcp(host, url.port_u16().unwrap_or(80));
        Ok(Self { address, authorization: found.basic_auth().cloned() })
    }

    /// Has the proxy open a tunnel (RFC 9110, §9.3.6).
    pub(crate) async fn tunnel(&self, mut stream: Stream, to: &Address) -> Result<Stream, Fault> {
        let fail =
            |message: String| Fault::new(FaultKind::Transport, message).with_peer(self.address.to_string());
        let broken = |error| fail(format!("the proxy's connection was lost: {error}"));
        let mut request = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n").into_bytes();
        if let Some(value) = &self.authorization {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(value.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        stream.write_all(&request).await.map_err(broken)?;
        let mut answer = Vec::with_capacity(256);
        while !answer.ends_with(b"\r\n\r\n") {
            // Octet by octet, for what follows the head belongs to the tunnel.
            match stream.read_u8().await {
                Ok(octet) if answer.len() < ANSWER => answer.push(octet),
                Ok(_) => return Err(fail(format!("the proxy's answer is longer than {ANSWER} octets"))),
                Err(error) => return Err(broken(error)),
            }
        }
        let line = String::from_utf8_lossy(answer.split(|&b| b == b'\r').next().unwrap_or_default());
        match line.split(' ').nth(1) {
            Some(status) if line.starts_with("HTTP/1.") && status.starts_with('2') => Ok(stream),
            Some("407") => Err(fail(format!(
                "the proxy wants a user and password: {line}; write http://user:password@proxy"
            ))),
            _ => Err(fail(format!("the proxy opens no tunnel to {to}: {line}"))),
        }
    }
}
