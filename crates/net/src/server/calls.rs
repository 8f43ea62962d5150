//! What servers of protocols have in common that are called over HTTP: who may call, and what paths
//! and heads say.

use std::sync::Arc;

use farcall_wire::{Context, Fault};
use http::header::CONTENT_TYPE;
use http::request::Parts;

type Judge = dyn Fn(&Context, &str) -> Result<(), Fault> + Send + Sync;

/// Says whether a call may run; without a judge every call may.
///
/// ```
/// use farcall_net::Authorization;
/// use farcall_wire::{Context, Fault, FaultKind};
///
/// let judge = Authorization::new(|_, name| match name {
///     "bank.balance" => Ok(()),
///     _ => Err(Fault::new(FaultKind::Forbidden, "only balances may be read")),
/// });
/// assert!(judge.check(&Context::new(), "bank.close").is_err());
/// assert!(Authorization::default().check(&Context::new(), "bank.close").is_ok());
/// ```
#[derive(Clone, Default)]
pub struct Authorization(Option<Arc<Judge>>);

impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Authorization").field(&self.0.is_some()).finish()
    }
}

impl Authorization {
    /// Has `judge` see every call, by the operation's full, dotted name.
    #[must_use]
    pub fn new(judge: impl Fn(&Context, &str) -> Result<(), Fault> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(judge)))
    }

    /// Whether the operation of that name may be called.
    ///
    /// # Errors
    /// The judge's.
    pub fn check(&self, cx: &Context, name: &str) -> Result<(), Fault> {
        self.0.as_ref().map_or(Ok(()), |judge| judge(cx, name))
    }
}

/// The service that a path is the URL of, if `is_there` says so of its name; `""` for `/` and `/RPC2`,
/// the URLs of all services.
///
/// ```
/// use farcall_net::service_of_path;
///
/// assert_eq!(service_of_path("/RPC2", |_| false), Some(""));
/// assert_eq!(service_of_path("/bank", |name| name == "bank"), Some("bank"));
/// assert_eq!(service_of_path("/shop", |name| name == "bank"), None);
/// ```
pub fn service_of_path(path: &str, is_there: impl FnOnce(&str) -> bool) -> Option<&str> {
    let name = path.trim_matches('/');
    let all = name.is_empty() || name.eq_ignore_ascii_case("RPC2");
    if all { Some("") } else { Some(name).filter(|name| is_there(name)) }
}

/// The `Content-Type` that a head says; empty for none, or one that is no text.
#[must_use]
pub fn content_type(head: &Parts) -> &str {
    head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("")
}
