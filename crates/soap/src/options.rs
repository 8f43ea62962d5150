//! [`Options`]: where a server of SOAP has a choice.
//!
//! ```
//! use farcall_soap::Options;
//!
//! let options = Options::default().with_public_url("https://api.example").refuse_unknown_elements();
//! assert_eq!(options.public_url.as_deref(), Some("https://api.example"));
//! ```

/// The choices that a server of SOAP has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
}

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
}
