//! [`Options`]: where a server of SOAP has a choice; [`ClientOptions`]: where a client has.
//!
//! ```
//! use farcall_soap::Options;
//!
//! let options = Options::default().with_public_url("https://api.example").refuse_unknown_elements();
//! assert_eq!(options.public_url.as_deref(), Some("https://api.example"));
//! ```

use crate::Version;
use crate::mime::Part;
use crate::security::UsernameToken;

/// The choices that a server of SOAP has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// What comes before a service's path in its WSDL, such as `https://api.example`; without it
    /// the `Host` of the request that asks for the WSDL.
    pub public_url: Option<String>,
    /// True to refuse elements that a type does not have; false to pass over them.
    pub refuse_unknown_elements: bool,
    /// Headers that services deal with, by namespace and local name. They find them in their
    /// context's metadata; others marked `mustUnderstand` have the message refused.
    pub understood: Vec<(String, String)>,
    /// Octets of at least that number go beside the XML of a reply (MTOM; default 1024).
    pub mtom_threshold: usize,
    /// True to send replies by MTOM to those too whose requests were not (default false).
    pub mtom_always: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            public_url: None,
            refuse_unknown_elements: false,
            understood: Vec::new(),
            mtom_threshold: MTOM_THRESHOLD,
            mtom_always: false,
        }
    }
}

/// Fewer octets than that take less as base64 than the header of a part does.
const MTOM_THRESHOLD: usize = 1024;

impl Options {
    /// Sets [`Options::public_url`].
    #[must_use]
    pub fn with_public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Sets [`Options::refuse_unknown_elements`].
    #[must_use]
    pub fn refuse_unknown_elements(mut self) -> Self {
        self.refuse_unknown_elements = true;
        self
    }

    /// Adds to [`Options::understood`].
    #[must_use]
    pub fn with_understood(mut self, namespace: impl Into<String>, name: impl Into<String>) -> Self {
        self.understood.push((namespace.into(), name.into()));
        self
    }

    /// Sets [`Options::mtom_threshold`], in octets.
    #[must_use]
    pub fn with_mtom_threshold(mut self, octets: usize) -> Self {
        self.mtom_threshold = octets;
        self
    }

    /// Sets [`Options::mtom_always`].
    #[must_use]
    pub fn mtom_always(mut self) -> Self {
        self.mtom_always = true;
        self
    }
}

/// The choices that a client of SOAP has beside its URL and version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientOptions {
    /// Octets of at least that number go beside the XML of a request (MTOM). Without it all are in the
    /// XML as base64. Replies by MTOM are read in any case.
    pub mtom: Option<usize>,
    /// Parts that go with every request (SOAP with Attachments), for elements that refer to them by
    /// `cid:` and their content id. By MTOM, octets that are those of a part refer to it too.
    pub attachments: Vec<Part>,
    /// User and password for a `wsse:Security` header.
    pub wsse: Option<UsernameToken>,
    /// True to send the headers of WS-Addressing 1.0.
    pub addressing: bool,
    /// The version of SOAP to speak; without it that of the description, else 1.1.
    pub version: Option<Version>,
    /// Headers that go with every request: XML, each with all declarations that it needs.
    pub headers: Vec<String>,
    /// True to refuse replies with elements that a type does not have or has in another namespace,
    /// and without values that it must have. False (default) to pass over the former, as most peers
    /// do, to take an element in the namespace of the one around it for the only one of its name, and
    /// to leave the latter out where a [`Value`](farcall_model::Value) holds the reply.
    pub strict: bool,
    /// Requests whose bodies have at least that many octets go compressed by gzip, which not every
    /// server reads. Without it none does. Replies are read compressed or not in any case.
    pub gzip: Option<usize>,
    /// Origins (scheme, host and port, such as `https://schemas.example`) beside the WSDL's own from
    /// which it may import.
    pub imports: Vec<String>,
}

impl ClientOptions {
    /// Sets [`ClientOptions::mtom`], in octets.
    #[must_use]
    pub fn with_mtom(mut self, threshold: usize) -> Self {
        self.mtom = Some(threshold);
        self
    }

    /// Adds to [`ClientOptions::attachments`].
    #[must_use]
    pub fn with_attachment(mut self, part: Part) -> Self {
        self.attachments.push(part);
        self
    }

    /// Sets [`ClientOptions::wsse`].
    #[must_use]
    pub fn with_wsse(mut self, token: UsernameToken) -> Self {
        self.wsse = Some(token);
        self
    }

    /// Sets [`ClientOptions::version`].
    #[must_use]
    pub fn with_version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// Adds to [`ClientOptions::headers`].
    #[must_use]
    pub fn with_header(mut self, xml: impl Into<String>) -> Self {
        self.headers.push(xml.into());
        self
    }

    /// Sets [`ClientOptions::gzip`], in octets.
    #[must_use]
    pub fn with_gzip(mut self, threshold: usize) -> Self {
        self.gzip = Some(threshold);
        self
    }

    /// Adds to [`ClientOptions::imports`].
    #[must_use]
    pub fn with_imports_from(mut self, origin: impl Into<String>) -> Self {
        self.imports.push(origin.into());
        self
    }

    /// Sets [`ClientOptions::strict`].
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Sets [`ClientOptions::addressing`].
    #[must_use]
    pub fn with_addressing(mut self) -> Self {
        self.addressing = true;
        self
    }
}
