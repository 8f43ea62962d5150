//! Keeps the cookies that servers set and sends them back (RFC 6265).

use std::sync::{Mutex, PoisonError};

use cookie_store::CookieStore;
use http::header::{self, HeaderValue};
use http::{HeaderMap, Uri};
use url::Url;

/// The cookies of a client.
pub(crate) struct Cookies(Mutex<CookieStore>);

impl Cookies {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    pub(crate) fn add(&self, url: &Uri, headers: &mut HeaderMap) {
        let Ok(url) = Url::parse(&url.to_string()) else { return };
        let store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<_> =
            store.get_request_values(&url).map(|(name, value)| format!("{name}={value}")).collect();
        if !pairs.is_empty()
            && let Ok(value) = HeaderValue::try_from(pairs.join("; "))
        {
            headers.insert(header::COOKIE, value);
        }
    }

    pub(crate) fn keep(&self, url: &Uri, headers: &HeaderMap) {
        if !headers.contains_key(header::SET_COOKIE) {
            return;
        }
        let Ok(url) = Url::parse(&url.to_string()) else { return };
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for text in headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok()) {
            if let Err(error) = store.parse(text, &url) {
                tracing::debug!(%error, "a cookie is not kept");
            }
        }
    }
}
