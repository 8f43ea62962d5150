//! [`Wire`]: sees what goes over the wire, for `-v` and `-o raw`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use farcall::net::Tap;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, PROXY_AUTHORIZATION, SET_COOKIE};
use http::{request, response};

use crate::output::printable_lines;
use crate::secrets::Secrets;
use crate::xml;

/// So many characters of a body are shown.
const SHOWN: usize = 64 << 10;

/// Shows requests and replies on standard error, and keeps the last reply's body.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    show: bool,
    secrets: Secrets,
    reply: Arc<Mutex<Option<Bytes>>>,
}

impl Wire {
    pub(crate) fn new(show: bool, secrets: Secrets) -> Self {
        Self { show, secrets, reply: Arc::default() }
    }

    /// The body of the last reply.
    pub(crate) fn reply(&self) -> Option<Bytes> {
        self.reply.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tell(&self, arrow: char, first: &str, headers: &HeaderMap, body: &[u8]) {
        let mut text = format!("{arrow} {first}\n");
        for (name, value) in headers {
            let value = masked(name, &String::from_utf8_lossy(value.as_bytes()));
            // writing to a String does not fail
            let _ = writeln!(text, "{arrow} {name}: {}", self.secrets.mask(&value));
        }
        let _ = writeln!(text, "{arrow}");
        // masked before it is cut, so that no part of a secret is left at the end
        let body = String::from_utf8_lossy(body);
        let body = if is_envelope(&body) { xml::indented(&body).map_or(body, Cow::Owned) } else { body };
        let body = self.secrets.mask(&body);
        let shown: String = body.chars().take(SHOWN).collect();
        text.push_str(shown.trim_end_matches('\n'));
        text.push('\n');
        if shown.len() < body.len() {
            let _ = writeln!(text, "… {} octets more", body.len() - shown.len());
        }
        // there is nowhere to complain to
        let _ = std::io::stderr().write_all(printable_lines(&text).as_bytes());
    }
}

/// Whether it is a message of SOAP, which is shown indented.
fn is_envelope(body: &str) -> bool {
    body.trim_start().starts_with('<')
        && body.get(..body.len().min(2048)).is_none_or(|head| head.contains("Envelope"))
}

/// The value of a header, without what signs in.
pub(crate) fn masked(name: &HeaderName, value: &str) -> String {
    if [COOKIE, SET_COOKIE].contains(name) {
        return "***".to_owned();
    }
    if ![AUTHORIZATION, PROXY_AUTHORIZATION].contains(name) {
        return value.to_owned();
    }
    match value.split_once(' ') {
        Some((scheme, _)) => format!("{scheme} ***"),
        None => "***".to_owned(),
    }
}

impl Tap for Wire {
    fn request(&self, head: &request::Parts, body: &Bytes) {
        if self.show {
            self.tell('>', &format!("{} {}", head.method, head.uri), &head.headers, body);
        }
    }

    fn response(&self, head: &response::Parts, body: &Bytes) {
        if self.show {
            self.tell('<', &head.status.to_string(), &head.headers, body);
        }
        *self.reply.lock().unwrap_or_else(PoisonError::into_inner) = Some(body.clone());
    }
}
