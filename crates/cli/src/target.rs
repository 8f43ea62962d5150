//! [`Target`]: TARGET as it stands on the command line, as a URL.

use std::path::PathBuf;

use farcall::model::Interface;
use farcall::net::unix_url;

use crate::exit::Failure;

/// What is spoken there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    XmlRpc,
    Soap,
    Corba,
}

/// A server to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) protocol: Protocol,
    /// What [`farcall::Connection`] takes.
    pub(crate) url: String,
    /// The unix socket to be used instead of the URL's host.
    pub(crate) unix: Option<PathBuf>,
    /// The URL with `?wsdl` that was given for one of SOAP, where the server describes itself.
    pub(crate) wsdl: Option<String>,
    /// What the user wrote, without a password.
    pub(crate) shown: String,
    /// What goes before the names of operations, with its dot: the URL's fragment.
    pub(crate) prefix: String,
    /// A password stands in the URL, where others on this machine can see it.
    pub(crate) has_password: bool,
}

impl Target {
    /// Reads a URL, an object reference, `host:port[/path]`, `unix:PATH`, or `@FILE` with one in it.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if let Some(path) = text.strip_prefix('@') {
            let inside = crate::secrets::file(path)?;
            let inside = inside.trim();
            if inside.starts_with('@') {
                return Err(Failure::usage("the file with a server in it names another file").at(path));
            }
            // a password in a file is seen by nobody else
            return Ok(Self { shown: text.to_owned(), has_password: false, ..Self::parse(inside)? });
        }
        if is_reference(text) {
            return Ok(Self {
                protocol: Protocol::Corba,
                url: text.to_owned(),
                unix: None,
                wsdl: None,
                shown: text.to_owned(),
                prefix: String::new(),
                has_password: false,
            });
        }
        if is_wsdl_file(text) {
            return Ok(Self {
                protocol: Protocol::Soap,
                url: String::new(),
                unix: None,
                wsdl: Some(text.to_owned()),
                shown: text.to_owned(),
                prefix: String::new(),
                has_password: false,
            });
        }
        let (place, fragment) = text.split_once('#').unwrap_or((text, ""));
        let (protocol, prefix, plain) = match place.strip_prefix("soap+") {
            Some(plain) => (Protocol::Soap, "soap+", plain),
            None => (Protocol::XmlRpc, "xmlrpc+", place.strip_prefix("xmlrpc+").unwrap_or(place)),
        };
        let hash = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
        let (url, unix) = if let Some((path, url)) = unix_url(plain) {
            (format!("{prefix}{url}{hash}"), Some(path))
        } else if let Some(path) = plain.strip_prefix("unix:").filter(|path| !path.is_empty()) {
            let path = path.strip_prefix("//").unwrap_or(path);
            (format!("{prefix}http://localhost{hash}"), Some(PathBuf::from(path)))
        } else if place.contains("://") {
            (text.to_owned(), None)
        } else if has_port(place) {
            (format!("xmlrpc+http://{text}"), None)
        } else {
            return Err(Failure::usage(format!("'{text}' is no server"))
                .at("TARGET")
                .then_try("a URL such as xmlrpc+http://127.0.0.1:2809/RPC2, host:port, unix:/path or corbaloc::host:port/key"));
        };
        let (shown, has_password) = without_password(text);
        let prefix = if fragment.is_empty() { String::new() } else { format!("{fragment}.") };
        let mut target = Self { protocol, url, unix, wsdl: None, shown, prefix, has_password };
        target.split_wsdl();
        Ok(target)
    }

    /// True for a description that says itself where the service is.
    pub(crate) fn is_description(&self) -> bool {
        self.url.is_empty()
    }

    /// The place at which a description says that an interface is.
    pub(crate) fn at_place(
        self,
        interface: &Interface,
        places: &[(String, String)],
    ) -> Result<Self, Failure> {
        let place = places.iter().find(|(name, _)| *name == interface.name).map(|(_, url)| url.trim());
        match place.filter(|url| url.starts_with("http://") || url.starts_with("https://")) {
            Some(url) => {
                // some say the URL of the description as the service's own
                let (wsdl, mut target) = (self.wsdl.clone(), Self { url: format!("soap+{url}"), ..self });
                target.split_wsdl();
                Ok(Self { wsdl, ..target })
            }
            // it can be looked at all the same
            None => Ok(Self { url: "soap+http://localhost/".to_owned(), ..self }),
        }
    }

    /// Calls go to the place itself, not to its description.
    fn split_wsdl(&mut self) {
        let described = self.http();
        let query = described.split_once('?').map_or("", |(_, query)| query);
        if self.protocol == Protocol::Soap
            && query.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("wsdl"))
        {
            self.url = self.url.split('?').next().unwrap_or_default().to_owned();
            self.wsdl = Some(described);
        }
    }

    /// The URL in plain HTTP terms, without user, fragment and protocol; the path is never empty.
    pub(crate) fn http(&self) -> String {
        let url = self.url.split('#').next().unwrap_or_default();
        let (url, empty) = match url.strip_prefix("soap+") {
            Some(url) => (url, "/"),
            None => (url.strip_prefix("xmlrpc+").unwrap_or(url), "/RPC2"),
        };
        let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
        let (authority, path) = match rest.find(['/', '?']) {
            Some(at) => rest.split_at(at),
            None => (rest, empty),
        };
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        format!("{scheme}://{host}{path}")
    }

    /// True for what goes over HTTP.
    pub(crate) fn is_http(&self) -> bool {
        self.http().starts_with("http")
    }

    /// The name of an operation as the server knows it.
    pub(crate) fn full_name(&self, operation: &str) -> String {
        format!("{}{operation}", self.prefix)
    }
}

/// Whether it is an object reference of CORBA: schemes are in any case.
fn is_reference(text: &str) -> bool {
    let scheme = text.split(':').next().unwrap_or_default();
    text.contains(':') && ["IOR", "corbaloc", "corbaname"].iter().any(|s| s.eq_ignore_ascii_case(scheme))
}

/// Whether it is a file that says what a service is.
fn is_wsdl_file(text: &str) -> bool {
    let path = std::path::Path::new(text);
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("wsdl")) && !text.contains("://")
}

/// `host:port`, perhaps with a user and a path around it.
fn has_port(text: &str) -> bool {
    let authority = text.split(['/', '?']).next().unwrap_or_default();
    authority.parse::<farcall::net::Address>().is_ok()
}

/// The text with what stands between `:` and `@` of its authority masked.
fn without_password(text: &str) -> (String, bool) {
    let start = text.find("://").map_or(0, |at| at + 3);
    let end = text[start..].find(['/', '?', '#']).map_or(text.len(), |at| start + at);
    let user = text[start..end].rfind('@').map(|at| &text[start..start + at]);
    match user.and_then(|user| user.split_once(':')) {
        Some((name, password)) if !password.is_empty() => {
            let rest = &text[start + name.len() + 1 + password.len()..];
            (format!("{}{name}:***{rest}", &text[..start]), true)
        }
        _ => (text.to_owned(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_become_urls() {
        for (text, url, unix, http) in [
            ("127.0.0.1:2809", "xmlrpc+http://127.0.0.1:2809", None, "http://127.0.0.1:2809/RPC2"),
            ("h:1/x", "xmlrpc+http://h:1/x", None, "http://h:1/x"),
            ("http://h/x#bank", "http://h/x#bank", None, "http://h/x"),
            ("https://h", "https://h", None, "https://h/RPC2"),
            ("unix:/run/x", "xmlrpc+http://localhost", Some("/run/x"), "http://localhost/RPC2"),
            (
                "http+unix://%2Frun%2Fx/y#z",
                "xmlrpc+http://localhost/y#z",
                Some("/run/x"),
                "http://localhost/y",
            ),
            ("soap+http://h:1", "soap+http://h:1", None, "http://h:1/"),
            ("soap+http+unix://%2Fx/y", "soap+http://localhost/y", Some("/x"), "http://localhost/y"),
            ("xmlrpc+scgi://h:1", "xmlrpc+scgi://h:1", None, "scgi://h:1/RPC2"),
        ] {
            let target = Target::parse(text).unwrap();
            assert_eq!((target.url.as_str(), target.http().as_str()), (url, http), "{text}");
            assert_eq!(target.unix, unix.map(PathBuf::from), "{text}");
        }
        for wrong in ["", "localhost", "supervisor.getState", "unix:"] {
            assert!(Target::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn references_stay_as_they_are() {
        for text in ["corbaloc:iiop:1.2@h:1/a%20b", "CORBANAME::h#a/b.c", "IOR:00"] {
            let target = Target::parse(text).unwrap();
            assert_eq!((target.protocol, target.url.as_str()), (Protocol::Corba, text));
            assert_eq!((target.shown.as_str(), target.prefix.as_str()), (text, ""));
            assert!(!target.has_password && !target.is_http());
        }
        let target = Target::parse("soap+https://h/x?WSDL").unwrap();
        assert_eq!((target.protocol, target.url.as_str()), (Protocol::Soap, "soap+https://h/x"));
        assert_eq!(target.wsdl.as_deref(), Some("https://h/x?WSDL"));
        let target = Target::parse("soap+https://h/x?y").unwrap();
        assert_eq!((target.url.as_str(), target.wsdl), ("soap+https://h/x?y", None));
    }

    #[test]
    fn passwords_are_not_shown() {
        let target = Target::parse("http://ann:s3:cr@t@h:1/x#p").unwrap();
        assert_eq!((target.shown.as_str(), target.has_password), ("http://ann:***@h:1/x#p", true));
        assert_eq!((target.http().as_str(), target.prefix.as_str()), ("http://h:1/x", "p."));
        assert!(!Target::parse("http://ann@h:1/").unwrap().has_password);
    }
}
