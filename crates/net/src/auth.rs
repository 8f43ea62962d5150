//! Who calls: [`Authenticator`], the credentials that it judges, and
//! ready-made ones for [`Users`], [`Tokens`] and [`Certificates`].
//!
//! ```
//! use farcall_net::{Users, Tokens};
//!
//! let users = Users::new("quotes").with("ann", "secret");
//! let tokens = Tokens::new("quotes").with("f00d-cafe", "billing");
//! ```

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use farcall_wire::{AuthMethod, Identity};
use http::header::AUTHORIZATION;
use http::request::Parts;
use ring::hmac;

use crate::{BoxFuture, Certificate};

/// What a caller shows of itself. An `Authorization` header comes before a
/// TLS client certificate.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Credentials<'a> {
    /// Nothing.
    None,
    /// HTTP basic (RFC 7617).
    Basic {
        /// The user's name.
        user: &'a str,
        /// The password.
        password: &'a str,
    },
    /// HTTP bearer token (RFC 6750).
    Bearer(&'a str),
    /// A TLS client certificate that the configured authority issued.
    Certificate(&'a Certificate),
    /// An `Authorization` header that cannot be read or is of another scheme.
    Unknown,
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Secrets stay out of logs.
        match self {
            Self::None => f.write_str("None"),
            Self::Basic { user, .. } => f.debug_struct("Basic").field("user", user).finish(),
            Self::Bearer(_) => f.write_str("Bearer"),
            Self::Certificate(certificate) => {
                f.debug_tuple("Certificate").field(&certificate.subject()).finish()
            }
            Self::Unknown => f.write_str("Unknown"),
        }
    }
}

/// Why a caller is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    pub(crate) challenge: Option<String>,
    pub(crate) message: String,
}

impl Denied {
    /// Who calls is not known (HTTP 401); `challenge` is the value of
    /// `WWW-Authenticate`, such as `Basic realm="quotes"`.
    pub fn unauthenticated(challenge: impl Into<String>) -> Self {
        Self { challenge: Some(challenge.into()), message: "credentials are missing or wrong".to_owned() }
    }

    /// Who calls is known, and may not (HTTP 403).
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self { challenge: None, message: message.into() }
    }
}

impl Denied {
    /// True if who calls is known, and may not.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.challenge.is_none()
    }

    /// Why, for people.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// Decides who calls; `Ok(None)` lets the call in without an identity.
pub trait Authenticator: Send + Sync + 'static {
    /// Judges the credentials of one request before its body is read.
    ///
    /// # Errors
    /// [`Denied`], which becomes HTTP 401 or 403.
    fn authenticate<'a>(
        &'a self,
        credentials: Credentials<'a>,
        head: &'a Parts,
    ) -> BoxFuture<'a, Result<Option<Identity>, Denied>>;
}

impl<A: Authenticator + ?Sized> Authenticator for Arc<A> {
    fn authenticate<'a>(
        &'a self,
        credentials: Credentials<'a>,
        head: &'a Parts,
    ) -> BoxFuture<'a, Result<Option<Identity>, Denied>> {
        (**self).authenticate(credentials, head)
    }
}

/// Users and passwords known beforehand; compared in constant time, and as
/// slowly for a user that does not exist.
pub struct Users {
    realm: String,
    key: hmac::Key,
    tags: HashMap<String, hmac::Tag>,
    nobody: hmac::Tag,
}

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Users").field("realm", &self.realm).field("users", &self.tags.len()).finish()
    }
}

/// Keys a comparison, so that its time tells nothing about the secret.
fn random_key() -> hmac::Key {
    let random = ring::rand::SystemRandom::new();
    hmac::Key::generate(hmac::HMAC_SHA256, &random).unwrap_or_else(|_| {
        // Only the order of comparisons would leak, and only within this process.
        hmac::Key::new(hmac::HMAC_SHA256, &std::process::id().to_ne_bytes())
    })
}

fn challenge(scheme: &str, realm: &str) -> String {
    let realm: String = realm.chars().filter(|c| !matches!(c, '"' | '\\') && !c.is_control()).collect();
    format!("{scheme} realm=\"{realm}\"")
}

impl Users {
    /// Nobody yet; `realm` is what a browser shows.
    pub fn new(realm: impl Into<String>) -> Self {
        let key = random_key();
        let nobody = hmac::sign(&key, b"");
        Self { realm: realm.into(), key, tags: HashMap::new(), nobody }
    }

    /// Adds a user.
    #[must_use]
    pub fn with(mut self, user: impl Into<String>, password: &str) -> Self {
        self.tags.insert(user.into(), hmac::sign(&self.key, password.as_bytes()));
        self
    }

    fn admits(&self, user: &str, password: &str) -> bool {
        let known = self.tags.get(user);
        let tag = known.unwrap_or(&self.nobody);
        hmac::verify(&self.key, password.as_bytes(), tag.as_ref()).is_ok() && known.is_some()
    }
}

impl Authenticator for Users {
    fn authenticate<'a>(
        &'a self,
        credentials: Credentials<'a>,
        _: &'a Parts,
    ) -> BoxFuture<'a, Result<Option<Identity>, Denied>> {
        let verdict = match credentials {
            Credentials::Basic { user, password } if self.admits(user, password) => {
                Ok(Some(Identity::new(user, AuthMethod::Basic)))
            }
            _ => Err(Denied::unauthenticated(challenge("Basic", &self.realm) + ", charset=\"UTF-8\"")),
        };
        Box::pin(std::future::ready(verdict))
    }
}

/// Bearer tokens known beforehand, each with the name of whom it stands for.
pub struct Tokens {
    realm: String,
    key: hmac::Key,
    names: HashMap<Vec<u8>, String>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("realm", &self.realm).field("tokens", &self.names.len()).finish()
    }
}

impl Tokens {
    /// None yet.
    pub fn new(realm: impl Into<String>) -> Self {
        Self { realm: realm.into(), key: random_key(), names: HashMap::new() }
    }

    /// Adds a token.
    #[must_use]
    pub fn with(mut self, token: &str, name: impl Into<String>) -> Self {
        let tag = hmac::sign(&self.key, token.as_bytes()).as_ref().to_vec();
        self.names.insert(tag, name.into());
        self
    }
}

impl Authenticator for Tokens {
    fn authenticate<'a>(
        &'a self,
        credentials: Credentials<'a>,
        _: &'a Parts,
    ) -> BoxFuture<'a, Result<Option<Identity>, Denied>> {
        // Looked up by keyed hash, so that timing tells nothing about the tokens.
        let name = match credentials {
            Credentials::Bearer(token) => self.names.get(hmac::sign(&self.key, token.as_bytes()).as_ref()),
            _ => None,
        };
        let verdict = match name {
            Some(name) => Ok(Some(Identity::new(name, AuthMethod::Bearer))),
            None => Err(Denied::unauthenticated(challenge("Bearer", &self.realm))),
        };
        Box::pin(std::future::ready(verdict))
    }
}

/// Takes the subject of the TLS client certificate as identity; callers
/// without one stay anonymous unless TLS requires it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Certificates;

impl Authenticator for Certificates {
    fn authenticate<'a>(
        &'a self,
        credentials: Credentials<'a>,
        _: &'a Parts,
    ) -> BoxFuture<'a, Result<Option<Identity>, Denied>> {
        let identity = match credentials {
            Credentials::Certificate(certificate) => {
                Some(Identity::new(certificate.name(), AuthMethod::Certificate))
            }
            _ => None,
        };
        Box::pin(std::future::ready(Ok(identity)))
    }
}

/// Reads the credentials of a request and has them judged.
pub(crate) async fn judge(
    authenticator: &dyn Authenticator,
    head: &Parts,
    certificate: Option<&Certificate>,
) -> Result<Option<Identity>, Denied> {
    let Some(header) = head.headers.get(AUTHORIZATION) else {
        let credentials = certificate.map_or(Credentials::None, Credentials::Certificate);
        return authenticator.authenticate(credentials, head).await;
    };
    let (scheme, rest) = header.to_str().ok().and_then(|h| h.split_once(' ')).unwrap_or_default();
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        authenticator.authenticate(Credentials::Bearer(rest), head).await
    } else if scheme.eq_ignore_ascii_case("basic")
        && let Some(text) = decode_basic(rest)
        && let Some((user, password)) = text.split_once(':')
    {
        authenticator.authenticate(Credentials::Basic { user, password }, head).await
    } else {
        authenticator.authenticate(Credentials::Unknown, head).await
    }
}

fn decode_basic(text: &str) -> Option<String> {
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let octets = GeneralPurpose::new(&alphabet::STANDARD, lenient).decode(text).ok()?;
    // Old clients send Latin-1; what is not UTF-8 is read as that.
    Some(String::from_utf8(octets).unwrap_or_else(|e| e.as_bytes().iter().map(|&b| char::from(b)).collect()))
}

/// The value of an `Authorization` or `Proxy-Authorization` header for HTTP basic.
pub(crate) fn basic(user: &str, password: &str) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    format!("Basic {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(authorization: Option<&str>) -> Parts {
        let mut request = http::Request::new(());
        if let Some(value) = authorization {
            request.headers_mut().insert(AUTHORIZATION, value.parse().unwrap());
        }
        request.into_parts().0
    }

    #[tokio::test]
    async fn users_and_tokens_admit_only_their_own() {
        let users = Users::new("r\"x").with("ann", "s:cret");
        let good = head(Some(&basic("ann", "s:cret")));
        let identity = judge(&users, &good, None).await.unwrap().unwrap();
        assert_eq!((identity.name.as_str(), identity.method), ("ann", AuthMethod::Basic));
        for wrong in [
            None,
            Some(basic("ann", "S:cret")),
            Some(basic("ann", "")),
            Some(basic("bob", "")),
            Some("Basic %%%".to_owned()),
            Some("Bearer s:cret".to_owned()),
        ] {
            let denied = judge(&users, &head(wrong.as_deref()), None).await.unwrap_err();
            assert_eq!(denied.challenge.unwrap(), "Basic realm=\"rx\", charset=\"UTF-8\"");
        }
        let tokens = Tokens::new("r").with("tok", "billing");
        let identity = judge(&tokens, &head(Some("bearer tok")), None).await.unwrap().unwrap();
        assert_eq!((identity.name.as_str(), identity.method), ("billing", AuthMethod::Bearer));
        assert!(judge(&tokens, &head(Some("Bearer to")), None).await.is_err());
    }
}
