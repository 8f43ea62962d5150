//! HTTP digest authentication (RFC 7616) on the client's side: what a server's challenge asks for,
//! and what is sent with requests after it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use digest_auth::{AlgorithmType, AuthContext, Qop, WwwAuthenticateHeader};
use http::{HeaderValue, header, request, response};

/// A user and the challenges that servers made.
pub(super) struct Digest {
    user: String,
    password: String,
    /// The last challenge of each host and port. The counter of uses goes on with each request.
    challenges: Mutex<HashMap<String, Known>>,
}

/// A challenge, and whether an answer to it was good.
struct Known {
    challenge: WwwAuthenticateHeader,
    is_good: bool,
}

/// So many servers' challenges are kept.
const SERVERS: usize = 256;

impl Digest {
    pub(super) fn new(user: &str, password: &str) -> Self {
        Self { user: user.to_owned(), password: password.to_owned(), challenges: Mutex::default() }
    }

    fn challenges(&self) -> std::sync::MutexGuard<'_, HashMap<String, Known>> {
        self.challenges.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What goes with a request to a server that made a challenge before.
    pub(super) fn authorize(&self, head: &mut request::Parts) {
        let Some(authority) = head.uri.authority() else { return };
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut challenges = self.challenges();
        let Some(Known { challenge, .. }) = challenges.get_mut(authority.as_str()) else { return };
        // of the body nothing is said: `auth-int` is not asked for where `auth` is offered
        let body: Option<&[u8]> = None;
        let context = AuthContext::new_with_method(
            &*self.user,
            &*self.password,
            path,
            body,
            digest_auth::HttpMethod(head.method.as_str().into()),
        );
        let answer = challenge.respond(&context).ok().map(|answer| answer.to_header_string());
        if let Some(mut value) = answer.and_then(|answer| HeaderValue::try_from(answer).ok()) {
            value.set_sensitive(true);
            head.headers.insert(header::AUTHORIZATION, value);
        }
    }

    /// Notes that a reply was no refusal.
    pub(super) fn accepted(&self, authority: &str) {
        if let Some(known) = self.challenges().get_mut(authority) {
            known.is_good = true;
        }
    }

    /// Notes the challenge of a reply; true if it can be answered and was not, so that the request
    /// is to be sent again.
    pub(super) fn challenged(&self, authority: &str, reply: &response::Parts) -> bool {
        let offered = reply.headers.get_all(header::WWW_AUTHENTICATE).iter();
        let offered = offered.filter_map(|value| value.to_str().ok()).flat_map(split);
        let usable = offered.filter_map(|text| digest_auth::parse(text).ok()).filter(is_spoken);
        let Some(best) = usable.max_by_key(|challenge| strength(challenge.algorithm.algo)) else {
            return false;
        };
        let mut challenges = self.challenges();
        // another challenge after an answer is a refusal, unless the old one has become stale: the
        // server may say so, and it has if it was good before
        let again = best.stale || challenges.get(authority).is_none_or(|known| known.is_good);
        if challenges.len() >= SERVERS && !challenges.contains_key(authority) {
            challenges.clear();
        }
        challenges.insert(authority.to_owned(), Known { challenge: best, is_good: false });
        again
    }
}

/// Whether it asks for no more than is done here.
fn is_spoken(challenge: &WwwAuthenticateHeader) -> bool {
    challenge.qop.as_ref().is_none_or(|qop| qop.contains(&Qop::AUTH))
}

/// The stronger of several algorithms is to be taken (section 3.7).
fn strength(algorithm: AlgorithmType) -> u8 {
    match algorithm {
        AlgorithmType::MD5 => 0,
        AlgorithmType::SHA2_256 => 1,
        AlgorithmType::SHA2_512_256 => 2,
    }
}

/// The digest challenges of a header, which may hold several of any scheme (RFC 9110, section 11.6.1).
fn split(header: &str) -> Vec<&str> {
    let mut starts = Vec::new();
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in header.bytes().enumerate() {
        let word = at == 0 || matches!(header.as_bytes()[at - 1], b' ' | b',');
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            // a scheme is a word that a space follows; a parameter has its `=`
            _ if !quoted && word && byte.is_ascii_alphabetic() => {
                let rest = &header[at..];
                let end = rest.find([' ', '=', ',']).unwrap_or(rest.len());
                if rest.as_bytes().get(end) == Some(&b' ') {
                    starts.push(at);
                }
            }
            _ => {}
        }
    }
    let ends = starts.iter().skip(1).copied().chain([header.len()]);
    let all = starts.iter().zip(ends).map(|(start, end)| header[*start..end].trim_end_matches([' ', ',']));
    all.filter_map(|one| {
        let is_digest = one.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("digest "));
        is_digest.then(|| &one[7..])
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use http::{Request, Response};

    use super::*;

    fn reply(challenges: &[&str]) -> response::Parts {
        let of = Response::builder().status(401);
        let of = challenges.iter().fold(of, |of, challenge| of.header("www-authenticate", *challenge));
        of.body(()).unwrap().into_parts().0
    }

    fn answer(digest: &Digest) -> Option<String> {
        let (mut head, ()) = Request::post("http://h:1/a?b").body(()).unwrap().into_parts();
        digest.authorize(&mut head);
        head.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn challenges_are_told_apart_and_the_strongest_is_answered() {
        let sha = "realm=\"x, Basic y\", nonce=\"n2\", qop=\"auth-int, auth\", algorithm=SHA-256";
        for offered in [
            vec![format!("Digest realm=\"x\", nonce=\"n1\", qop=\"auth\""), format!("Digest {sha}")],
            vec![format!("Basic realm=\"b\", Digest {sha}, Digest realm=\"x\", nonce=\"n1\"")],
            vec![format!("digest {sha}"), "Digest realm=\"x\"".to_owned(), "Bearer".to_owned()],
        ] {
            let digest = Digest::new("ann", "secret");
            assert_eq!(answer(&digest), None);
            let offered: Vec<&str> = offered.iter().map(String::as_str).collect();
            assert!(digest.challenged("h:1", &reply(&offered)), "{offered:?}");
            let first = answer(&digest).unwrap();
            for part in [
                "username=\"ann\"",
                "nonce=\"n2\"",
                "uri=\"/a?b\"",
                "qop=auth,",
                "nc=00000001",
                "algorithm=SHA-256",
            ] {
                assert!(first.contains(part), "{first}");
            }
            assert!(answer(&digest).unwrap().contains("nc=00000002"));
        }
    }

    #[test]
    fn what_cannot_be_answered_is_not() {
        let digest = Digest::new("ann", "secret");
        for offered in [
            "Basic realm=\"x\"",
            "Digest realm=\"x",
            "Digest nonce=\"n\", realm=\"x\", qop=\"auth-int\"",
            "\"",
            "é",
        ] {
            assert!(!digest.challenged("h:1", &reply(&[offered])), "{offered}");
        }
        let plain = "Digest realm=\"x\", nonce=\"n\"";
        assert!(digest.challenged("h:1", &reply(&[plain])));
        assert!(answer(&digest).is_some());
        // the answer to the first was not good
        assert!(!digest.challenged("h:1", &reply(&[plain])));
        assert!(digest.challenged("h:1", &reply(&[&format!("{plain}, stale=true")])));
        assert!(answer(&digest).is_some());
        digest.accepted("h:1");
        assert!(digest.challenged("h:1", &reply(&[plain])));
        // only the server that asked gets to know
        let (mut head, ()) = Request::post("http://other:1/").body(()).unwrap().into_parts();
        digest.authorize(&mut head);
        assert!(head.headers.is_empty());
    }
}
