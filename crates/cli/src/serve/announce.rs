//! What `serve` prints: for each service its URLs and how to call it.

use std::path::Path;

use farcall::Connection;
use farcall::model::Interface;
use farcall::net::Address;
use farcall::wire::{Dynamic, json};

use super::sample::Sample;
use crate::output::columns;
use crate::params::Arguments;
use crate::secrets::PASSWORD;
use crate::snippet::{python, shell};

/// Where and how the services are to be had.
pub(crate) struct Announcement<'a> {
    pub(crate) addresses: &'a [Address],
    /// The certificate that callers have to trust, with TLS.
    pub(crate) cacert: Option<&'a Path>,
    /// Callers may do without TLS.
    pub(crate) plain: bool,
    /// A user that may call, where not everybody may.
    pub(crate) user: Option<&'a str>,
}

impl Announcement<'_> {
    /// All of it.
    pub(crate) fn text(&self, services: &[(String, Interface)]) -> String {
        let mut text = format!("farcall {} serves\n", env!("CARGO_PKG_VERSION"));
        for base in self.bases() {
            text.push_str(&format!("  {base}/\n"));
        }
        text.push_str("with pages / (documentation), /metrics, /livez, /readyz; all services at /RPC2 too\n");
        for (name, interface) in services {
            text.push_str(&self.service(name, interface));
        }
        text
    }

    /// The beginnings of URLs.
    fn bases(&self) -> Vec<String> {
        let mut bases = Vec::new();
        for address in self.addresses {
            match address {
                Address::Unix(path) => {
                    bases.push(format!("http+unix://{}", percent(&path.display().to_string())));
                }
                tcp => {
                    let tcp = reachable(tcp);
                    if self.cacert.is_some() {
                        bases.push(format!("https://{tcp}"));
                    }
                    if self.cacert.is_none() || self.plain {
                        bases.push(format!("http://{tcp}"));
                    }
                }
            }
        }
        bases
    }

    fn service(&self, name: &str, interface: &Interface) -> String {
        let path = if name.is_empty() { "RPC2" } else { name };
        let urls: Vec<String> = self.bases().iter().map(|base| format!("{base}/{path}")).collect();
        let title = if name.is_empty() { "(without a prefix)" } else { name };
        let doc = interface.doc.lines().next().unwrap_or_default();
        let mut text = format!("\n{}", columns(&[vec![title, doc]].map(row)));
        for url in &urls {
            text.push_str(&format!("  xmlrpc+{url}\n"));
            if !name.is_empty() {
                text.push_str(&format!("  soap+{url}  (described at ?wsdl)\n"));
            }
        }
        if !name.is_empty() {
            let sign_in = self.user.map_or("", |_| "  (signing in by CSIv2, GSSUP)");
            self.references(name).for_each(|reference| text.push_str(&format!("  {reference}{sign_in}\n")));
        }
        let Some((sample, url)) = Sample::of(interface).zip(urls.first()) else { return text };
        if let Some(line) = self.python(url, &sample) {
            text.push_str(&format!("  python   {line}\n"));
        }
        if let Some(line) = self.curl(url, &sample) {
            text.push_str(&format!("  curl     {line}\n"));
        }
        text.push_str(&format!("  farcall  {}\n", self.farcall(url, &sample)));
        text
    }

    /// The service as an object of CORBA, where there is TCP; clients sign in by CSIv2.
    fn references(&self, name: &str) -> impl Iterator<Item = String> {
        let tls = self.cacert.is_some().then_some("corbaloc:ssliop:1.2@");
        let plain = (tls.is_none() || self.plain).then_some("corbaloc::");
        let tcp = self.addresses.iter().filter(|address| matches!(address, Address::Tcp(..)));
        tcp.flat_map(move |address| {
            let schemes = tls.into_iter().chain(plain);
            schemes.map(move |scheme| format!("{scheme}{}/{name}", reachable(address)))
        })
    }

    /// None over unix sockets, to which Python's `xmlrpc.client` has no way.
    fn python(&self, url: &str, sample: &Sample<'_>) -> Option<String> {
        let (scheme, rest) = url.split_once("://").filter(|(scheme, _)| *scheme != "http+unix")?;
        let (mut imports, mut options) = ("xmlrpc.client as x".to_owned(), String::new());
        if scheme == "https" {
            imports.push_str(", ssl");
            let file = json::write(&self.cacert?.display().to_string().into());
            options = format!(", context=ssl.create_default_context(cafile={file})");
        }
        let url = match self.user {
            Some(user) => {
                imports.push_str(", os, urllib.parse as u");
                let password = format!("u.quote(os.environ[\"{PASSWORD}\"], \"\")");
                format!("\"{scheme}://{}:\" + {password} + \"@{rest}\"", percent(user))
            }
            None => format!("\"{url}\""),
        };
        let proxy = format!("x.ServerProxy({url}{options})");
        let call = python::call(&proxy, &sample.operation.name, &sample.params);
        Some(format!("python3 -c {}", shell(&format!("import {imports}; print({call})"))))
    }

    /// None if the sample cannot be written, which a call would tell.
    fn curl(&self, url: &str, sample: &Sample<'_>) -> Option<String> {
        let connection =
            Connection::with("xmlrpc+http://localhost", farcall::ConnectionOptions::default()).ok()?;
        let body = connection.request(&Dynamic::new(sample.operation, &sample.params)).ok()?;
        let body = String::from_utf8(body).ok()?;
        let place = match farcall::net::unix_url(url) {
            Some((path, url)) => format!("--unix-socket {} {url}", shell(&path.display().to_string())),
            None => url.to_owned(),
        };
        let trust = if url.starts_with("https") { self.trust() } else { String::new() };
        Some(format!(
            "curl -s{trust}{} {place} -H Content-Type:text/xml -d {}",
            self.sign_in(),
            shell(body.trim_end())
        ))
    }

    fn farcall(&self, url: &str, sample: &Sample<'_>) -> String {
        let words = sample.params.iter().map(|param| {
            let text = param.as_str().filter(|text| is_word(text));
            let json = || json::write(param);
            format!(" {}", shell(&text.map_or_else(json, str::to_owned)))
        });
        let words: String = words.collect();
        let trust = if url.starts_with("https") { self.trust() } else { String::new() };
        format!("farcall call {url} {}{words}{trust}{}", sample.operation.name, self.sign_in())
    }

    fn trust(&self) -> String {
        self.cacert
            .map(|file| format!(" --cacert {}", shell(&file.display().to_string())))
            .unwrap_or_default()
    }

    fn sign_in(&self) -> String {
        self.user.map(|user| format!(" -u {}", shell(user))).unwrap_or_default()
    }
}

/// An address to connect to: one cannot connect to all addresses.
fn reachable(tcp: &Address) -> String {
    tcp.to_string().replacen("0.0.0.0:", "127.0.0.1:", 1).replacen("[::]:", "[::1]:", 1)
}

fn row(cells: Vec<&str>) -> farcall::Value {
    let fields = cells.into_iter().enumerate().map(|(index, cell)| (index.to_string(), cell.into()));
    farcall::Value::Struct(fields.collect())
}

/// A part of a URL: all but what needs no escape anywhere (RFC 3986, §2.3) is percent-encoded.
fn percent(text: &str) -> String {
    let octet = |octet: u8| match octet {
        b'-' | b'.' | b'_' | b'~' => char::from(octet).to_string(),
        octet if octet.is_ascii_alphanumeric() => char::from(octet).to_string(),
        octet => format!("%{octet:02X}"),
    };
    text.bytes().map(octet).collect()
}

/// Whether `call` reads the text as that text.
fn is_word(text: &str) -> bool {
    let read = Arguments::from_words(&[text.to_owned()]).and_then(|arguments| arguments.params(None));
    read.is_ok_and(|params| params.first().and_then(farcall::Value::as_str) == Some(text))
}
