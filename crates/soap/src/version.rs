//! [`Version`]: SOAP 1.1 or 1.2, and what they call the same things.

use http::HeaderName;

/// The header that says the action in SOAP 1.1 (section 6.1.1).
pub(crate) static SOAP_ACTION: HeaderName = HeaderName::from_static("soapaction");

/// A version of SOAP.
///
/// ```
/// use farcall_soap::Version;
///
/// assert_eq!(Version::of_namespace("http://www.w3.org/2003/05/soap-envelope"), Some(Version::V12));
/// assert_eq!(Version::default(), Version::V11);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Version {
    /// SOAP 1.1 (W3C Note of 2000), which every stack speaks.
    #[default]
    V11,
    /// SOAP 1.2 (W3C Recommendation, second edition of 2007).
    V12,
}

impl Version {
    /// The namespace of its envelope.
    #[must_use]
    pub const fn namespace(self) -> &'static str {
        match self {
            Self::V11 => "http://schemas.xmlsoap.org/soap/envelope/",
            Self::V12 => "http://www.w3.org/2003/05/soap-envelope",
        }
    }

    /// The version whose envelope has that namespace.
    #[must_use]
    pub fn of_namespace(uri: &str) -> Option<Self> {
        [Self::V11, Self::V12].into_iter().find(|version| version.namespace() == uri)
    }

    /// The media type of its messages, with their encoding.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::V11 => "text/xml; charset=utf-8",
            Self::V12 => "application/soap+xml; charset=utf-8",
        }
    }

    /// The namespace of its encoding (SOAP 1.1, section 5; SOAP 1.2 part 2, section 3).
    #[must_use]
    pub const fn encoding(self) -> &'static str {
        match self {
            Self::V11 => "http://schemas.xmlsoap.org/soap/encoding/",
            Self::V12 => "http://www.w3.org/2003/05/soap-encoding",
        }
    }

    /// The media type of its envelopes, without parameters.
    pub(crate) const fn essence(self) -> &'static str {
        match self {
            Self::V11 => "text/xml",
            Self::V12 => "application/soap+xml",
        }
    }

    /// The attribute that says for whom a header is meant.
    pub(crate) const fn role_attribute(self) -> &'static str {
        match self {
            Self::V11 => "actor",
            Self::V12 => "role",
        }
    }
}
