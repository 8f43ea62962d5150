//! Reading the WSDL of a service from its URL, and what that imports from the same origin.

use std::cell::RefCell;
use std::collections::HashMap;

use bytes::Bytes;
use farcall_net::{HttpClient, SendOptions};
use farcall_wire::{Context, Fault, FaultKind};
use farcall_wsdl::resolver::{ResolveError, SameOrigin};
use farcall_wsdl::{Definitions, LoadOptions};
use http::{Request, Uri};

use crate::client::origin;

/// How often what is imported may import something more.
const ROUNDS: usize = 32;

/// Loads the WSDL at a URL. Loading itself waits for nothing: it is done again, each time with the
/// documents that were missed the time before.
/// `imports` are origins that may be imported from beside the WSDL's own.
pub(crate) async fn load(
    http: &HttpClient,
    url: &str,
    imports: &[String],
    cx: &Context,
) -> Result<Definitions, Fault> {
    let options = LoadOptions::default();
    // whoever else has a schema is not told what the client tells the service: who calls
    let stranger = HttpClient::new();
    let own: Option<Uri> = url.parse().ok();
    let is_own = |location: &str| {
        let place: Option<Uri> = location.parse().ok();
        own.as_ref().zip(place.as_ref()).is_some_and(|(own, place)| origin(own) == origin(place))
    };
    let mut known: HashMap<String, Result<Bytes, String>> = HashMap::new();
    for _ in 0..ROUNDS {
        let missed = RefCell::new(Vec::new());
        let loaded = {
            let fetch = |location: &str, limit: usize| {
                let unreadable =
                    |reason: String| ResolveError::Unreadable { location: location.to_owned(), reason };
                match known.get(location) {
                    Some(Ok(bytes)) if bytes.len() > limit => {
                        Err(ResolveError::TooLarge { location: location.to_owned(), limit })
                    }
                    Some(Ok(bytes)) => Ok(bytes.to_vec()),
                    Some(Err(reason)) => Err(unreadable(reason.clone())),
                    None => {
                        missed.borrow_mut().push(location.to_owned());
                        Err(unreadable("it is not there yet".to_owned()))
                    }
                }
            };
            let allowed = imports.iter().fold(SameOrigin::of(url, fetch), |all, one| all.and(one));
            farcall_wsdl::load(url, &allowed, &options)
        };
        let missed = missed.into_inner();
        if missed.is_empty() {
            return loaded.map_err(|error| {
                let message = format!("the WSDL cannot be used: {}", error.cause);
                Fault::new(FaultKind::InvalidParameters, message)
            });
        }
        for location in missed {
            let http = if is_own(&location) { http } else { &stranger };
            let fetched = match get(http, &location, options.bytes, cx).await {
                // without the first document there is nothing to go on with
                Err(fault) if location == url => return Err(fault),
                fetched => fetched.map_err(|fault| fault.to_string()),
            };
            known.insert(location, fetched);
        }
    }
    let message = format!("the WSDL at {url} imports more than {ROUNDS} documents one through the other");
    Err(Fault::new(FaultKind::Limit, message))
}

async fn get(http: &HttpClient, url: &str, limit: usize, cx: &Context) -> Result<Bytes, Fault> {
    let request = Request::get(url).body(Bytes::new()).map_err(|error| {
        Fault::new(FaultKind::InvalidParameters, format!("'{url}' is not a URL: {error}"))
    })?;
    let options = SendOptions::from(cx).with_limit(limit).with_idempotent(true);
    let reply = http.send(request, &options).await?;
    let status = reply.status();
    if status.is_success() {
        return Ok(reply.into_body());
    }
    let kind = match status.as_u16() {
        401 => FaultKind::Unauthenticated,
        403 => FaultKind::Forbidden,
        404 | 410 => FaultKind::UnknownObject,
        _ => FaultKind::Transport,
    };
    Err(Fault::new(kind, format!("there is no WSDL at {url}: the server answers {status}")))
}
