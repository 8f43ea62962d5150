//! What a client shows of itself: [`UsernameToken`], and the digest of its password.

use std::time::{Duration, SystemTime};

use farcall_model::DateTime;
use farcall_wire::text;
use ring::digest;
use ring::rand::{SecureRandom as _, SystemRandom};

use super::{BASE64, DIGEST, TEXT, WSSE, WSU};

/// A user and password for the `wsse:Security` header of requests (UsernameToken Profile 1.1).
///
/// ```
/// use std::time::Duration;
/// use farcall_soap::UsernameToken;
///
/// let token = UsernameToken::digest("ann", "secret").with_timestamp(Duration::from_secs(60));
/// assert_eq!(format!("{token:?}"), "UsernameToken { user: \"ann\", .. }");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct UsernameToken {
    user: String,
    password: String,
    is_digest: bool,
    life: Option<Duration>,
}

impl std::fmt::Debug for UsernameToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UsernameToken").field("user", &self.user).finish_non_exhaustive()
    }
}

impl UsernameToken {
    /// Sends a digest of the password with a nonce and the time, good for one request each.
    pub fn digest(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self { user: user.into(), password: password.into(), is_digest: true, life: None }
    }

    /// Sends the password itself: for TLS, and for servers that know no more than a hash of it.
    pub fn text(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self { is_digest: false, ..Self::digest(user, password) }
    }

    /// Sends a `wsu:Timestamp` as well, by which a request expires after so long.
    #[must_use]
    pub fn with_timestamp(mut self, life: Duration) -> Self {
        self.life = Some(life);
        self
    }

    /// The header, for an envelope whose namespace has the prefix `s`.
    pub(crate) fn header(&self, now: SystemTime) -> Result<String, NoRandom> {
        let mut nonce = [0; 16];
        SystemRandom::new().fill(&mut nonce).map_err(|_| NoRandom)?;
        Ok(self.header_with(now, &nonce))
    }

    fn header_with(&self, now: SystemTime, nonce: &[u8]) -> String {
        let created = seconds(now);
        let timestamp = self.life.map(|life| {
            let expires = seconds(now + life);
            format!(
                "<u:Timestamp u:Id=\"TS\"><u:Created>{created}</u:Created><u:Expires>{expires}</u:Expires></u:Timestamp>"
            )
        });
        let (ty, password) = if self.is_digest {
            (DIGEST, base64(&digest(nonce, &created, &self.password)))
        } else {
            (TEXT, escaped(&self.password))
        };
        format!(
            "<w:Security s:mustUnderstand=\"1\" xmlns:w=\"{WSSE}\" xmlns:u=\"{WSU}\">{}<w:UsernameToken u:Id=\"UT\">\
             <w:Username>{}</w:Username><w:Password Type=\"{ty}\">{password}</w:Password>\
             <w:Nonce EncodingType=\"{BASE64}\">{}</w:Nonce><u:Created>{created}</u:Created></w:UsernameToken></w:Security>",
            timestamp.unwrap_or_default(),
            escaped(&self.user),
            base64(nonce),
        )
    }
}

/// The system gives no random numbers, without which a nonce is none.
#[derive(Debug)]
pub(crate) struct NoRandom;

/// `Base64(SHA-1(nonce + created + password))`, before base64 (section 3.1).
pub(super) fn digest(nonce: &[u8], created: &str, password: &str) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    for piece in [nonce, created.as_bytes(), password.as_bytes()] {
        context.update(piece);
    }
    context.finish().as_ref().to_vec()
}

/// A moment in UTC, in whole seconds, as all stacks read it.
fn seconds(at: SystemTime) -> String {
    let seconds = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    DateTime::from_system_time(at).to_string()
}

fn base64(octets: &[u8]) -> String {
    let mut out = Vec::new();
    text::write_octets(&mut out, octets);
    String::from_utf8_lossy(&out).into_owned()
}

/// Text for an element; what XML has not becomes what nobody's password is.
fn escaped(text: &str) -> String {
    let clean: String =
        text.chars().map(|c| if farcall_xml::is_xml_char(c) { c } else { '\u{FFFD}' }).collect();
    let mut out = Vec::new();
    // all its characters are XML's
    let _ = farcall_xml::escape_text(&mut out, &clean);
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_profile() {
        // computed by `printf '...' | openssl sha1 -binary | base64`
        let nonce = text::octets("LKqI6G/AikKCQrN0zqZFlg==", "nonce").unwrap();
        let digest = digest(&nonce, "2010-09-16T07:50:45Z", "userpassword");
        assert_eq!(base64(&digest), "tuOSpGlFlIXsozq4HFNeeGeFLEI=");
    }

    #[test]
    fn headers_are_read_as_they_were_meant() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let token = UsernameToken::text("a<b", "p&w ").with_timestamp(Duration::from_secs(5));
        let header = token.header_with(now, b"nonce");
        let said = super::super::header::read(&header.replace("s:mustUnderstand", "must")).unwrap();
        let of = said.token.unwrap();
        assert_eq!((of.user.as_str(), of.nonce.as_deref()), ("a<b", Some(&b"nonce"[..])));
        assert!(matches!(of.password, super::super::header::Password::Text(text) if text == "p&w "));
        assert_eq!(of.created.unwrap(), ("2023-11-14T22:13:20Z".to_owned(), now));
        let timestamp = said.timestamp.unwrap();
        assert_eq!((timestamp.created, timestamp.expires), (Some(now), Some(now + Duration::from_secs(5))));
    }
}
