//! WS-Security (OASIS Web Services Security 1.1): [`UsernameToken`] and Timestamp, sent by clients
//! and checked by [`Security`]. Signatures and encryption are TLS's work here.
//!
//! ```
//! use farcall_soap::{Security, SoapServer};
//!
//! let password = |user: &str| (user == "ann").then(|| "secret".to_owned());
//! let server = SoapServer::new().with_security(Security::of_passwords(password));
//! ```

mod header;
mod replay;
mod token;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use farcall_net::{Authenticator, Credentials};
use farcall_wire::{AuthMethod, Identity};
use http::request::Parts;
use ring::hmac;
use ring::rand::SystemRandom;

use header::{Password, Said, Timestamp, Token};
use replay::{Nonces, Refused};

use crate::message::Header;
use crate::refusal::Refusal;
pub(crate) use token::NoRandom;
pub use token::UsernameToken;

/// The namespace of `Security` and its tokens.
pub(crate) const WSSE: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
/// The namespace of times and identifiers.
const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const TEXT: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText";
const DIGEST: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest";
const BASE64: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";

/// Gives the password of a user, if there is such a user.
type Passwords = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Checks the `wsse:Security` header of requests: who calls, and that the request is new.
///
/// A request must have one with a UsernameToken, unless HTTP has told already who calls. Each nonce
/// is taken once; a token with `Created` is good for [a time](Security::with_window) from then.
pub struct Security {
    authenticator: Option<Box<dyn Authenticator>>,
    passwords: Option<Box<Passwords>>,
    window: Duration,
    skew: Duration,
    timestamp: bool,
    nonces: Mutex<Nonces>,
    key: hmac::Key,
}

impl std::fmt::Debug for Security {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Security")
            .field("window", &self.window)
            .field("skew", &self.skew)
            .finish_non_exhaustive()
    }
}

impl Security {
    /// Lets in whom `passwords` knows: it gives a user's password, as a digest can be checked against
    /// nothing less.
    pub fn of_passwords(passwords: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { passwords: Some(Box::new(passwords)), ..Self::empty() }
    }

    /// Lets in whom an authenticator knows by user and password, which therefore come as text. No
    /// digest is taken.
    pub fn of_authenticator(authenticator: impl Authenticator) -> Self {
        Self { authenticator: Some(Box::new(authenticator)), ..Self::empty() }
    }

    fn empty() -> Self {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        // only the order of comparisons would leak, and only within this process
        let key =
            key.unwrap_or_else(|_| hmac::Key::new(hmac::HMAC_SHA256, &std::process::id().to_ne_bytes()));
        Self {
            authenticator: None,
            passwords: None,
            window: Duration::from_secs(300),
            skew: Duration::from_secs(60),
            timestamp: false,
            nonces: Mutex::default(),
            key,
        }
    }

    /// Sets for how long after its `Created` a token or message without `Expires` is good (default
    /// 5 minutes).
    #[must_use]
    pub fn with_window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Sets by how much clocks may differ (default 1 minute).
    #[must_use]
    pub fn with_skew(mut self, skew: Duration) -> Self {
        self.skew = skew;
        self
    }

    /// Refuses requests without a `wsu:Timestamp`.
    #[must_use]
    pub fn require_timestamp(mut self) -> Self {
        self.timestamp = true;
        self
    }

    /// True for the header that it checks.
    pub(crate) fn is_header(header: &Header<'_>) -> bool {
        header.namespace.as_deref() == Some(WSSE) && header.name == "Security"
    }

    /// Checks a request: who calls, if its header says so. `is_known` says that HTTP did.
    pub(crate) async fn check(
        &self,
        head: &Parts,
        headers: &[Header<'_>],
        is_known: bool,
        now: SystemTime,
    ) -> Result<Option<Identity>, Refusal> {
        let invalid = |text: &str| Refusal::new(WSSE, "InvalidSecurity", text);
        let mut ours = headers.iter().filter(|header| Self::is_header(header) && header.is_for_receiver());
        let said = match ours.next() {
            Some(header) => header::read(&header.xml)?,
            None => Said::default(),
        };
        if ours.next().is_some() {
            return Err(invalid("the message has two Security headers for the same receiver"));
        }
        match &said.timestamp {
            Some(timestamp) => self.fresh(timestamp, now)?,
            None if self.timestamp => return Err(invalid("the message has no Timestamp")),
            None => {}
        }
        match said.token {
            Some(token) => self.admit(head, token, now).await,
            None if is_known => Ok(None),
            None => Err(invalid("the message has no Security header with a UsernameToken")),
        }
    }

    fn fresh(&self, timestamp: &Timestamp, now: SystemTime) -> Result<(), Refusal> {
        let Timestamp { created, expires } = timestamp;
        if created.zip(*expires).is_some_and(|(created, expires)| expires < created) {
            return Err(Refusal::new(WSSE, "InvalidSecurity", "the message expires before it was created"));
        }
        let of_created = created.map(|created| after(created, self.window));
        let early = created.is_some_and(|created| created > after(now, self.skew));
        let late = expires.or(of_created).is_some_and(|end| after(end, self.skew) < now);
        if early || late {
            return Err(expired());
        }
        Ok(())
    }

    async fn admit(&self, head: &Parts, token: Token, now: SystemTime) -> Result<Option<Identity>, Refusal> {
        if let Some((_, created)) = token.created {
            self.fresh(&Timestamp { created: Some(created), expires: None }, now)?;
        }
        let Token { user, password, nonce, created } = token;
        let identity = match password {
            Password::Digest(given) => {
                let (Some(nonce), Some((created, _))) = (&nonce, &created) else {
                    let text = "a PasswordDigest comes with a Nonce and the time of its creation";
                    return Err(Refusal::new(WSSE, "InvalidSecurityToken", text));
                };
                let Some(passwords) = &self.passwords else {
                    let text = "no PasswordDigest can be checked here; send a PasswordText";
                    return Err(Refusal::new(WSSE, "UnsupportedAlgorithm", text));
                };
                let known = passwords(&user);
                let wanted = token::digest(nonce, created, known.as_deref().unwrap_or_default());
                self.equal(&given, &wanted, known.is_some()).then(|| identity(&user))
            }
            Password::Text(given) => match (&self.passwords, &self.authenticator) {
                (Some(passwords), _) => {
                    let known = passwords(&user);
                    let wanted = known.as_deref().unwrap_or_default();
                    self.equal(given.as_bytes(), wanted.as_bytes(), known.is_some()).then(|| identity(&user))
                }
                (None, Some(authenticator)) => {
                    let credentials = Credentials::Basic { user: &user, password: &given };
                    authenticator.authenticate(credentials, head).await.ok().flatten()
                }
                (None, None) => None,
            },
        };
        let failed = || Refusal::new(WSSE, "FailedAuthentication", "the user or password is wrong");
        let identity = identity.ok_or_else(failed)?;
        // only then, so that nobody fills the memory who has no password
        if let Some(nonce) = nonce {
            self.take(&nonce, now)?;
        }
        Ok(Some(identity))
    }

    /// Whether what was given is what is wanted, in a time that tells nothing.
    fn equal(&self, given: &[u8], wanted: &[u8], is_known: bool) -> bool {
        let tag = hmac::sign(&self.key, wanted);
        hmac::verify(&self.key, given, tag.as_ref()).is_ok() && is_known
    }

    fn take(&self, nonce: &[u8], now: SystemTime) -> Result<(), Refusal> {
        // a token is good from as early as clocks may differ to the end of its window, and as much later
        let life = self.window.saturating_add(self.skew.saturating_mul(2));
        let taken = self.nonces.lock().unwrap_or_else(PoisonError::into_inner).take(nonce, now, life);
        taken.map_err(|refused| match refused {
            Refused::Seen => {
                Refusal::new(WSSE, "FailedAuthentication", "a message with this Nonce came before")
            }
            Refused::Full => {
                let text = "too many messages came lately to tell whether this one did; try again later";
                Refusal::new(WSSE, "SecurityTokenUnavailable", text)
            }
        })
    }
}

fn identity(user: &str) -> Identity {
    Identity::new(user, AuthMethod::Other)
}

fn expired() -> Refusal {
    let text = "the message is too old, or from the future; are the clocks right?";
    Refusal::new(WSU, "MessageExpired", text)
}

/// A moment so much later, or the last that there is.
fn after(at: SystemTime, time: Duration) -> SystemTime {
    at.checked_add(time).unwrap_or(at)
}

#[cfg(test)]
mod tests;
