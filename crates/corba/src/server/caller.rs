//! Who calls: what a request says of it, by CSIv2 or a certificate, and what is said of that.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use farcall_net::{Authenticator, Certificate, Credentials};
use farcall_wire::{Fault, FaultKind, Identity};
use tokio::sync::Notify;

use crate::csi::{InitialContextToken, SasContext};

/// So many contexts of one connection are remembered, of tokens of no more octets than that.
const CONTEXTS: usize = 16;
const TOKEN: usize = 4096;
/// A request waits so long for the context that it refers to.
const PATIENCE: Duration = Duration::from_millis(500);

/// The contexts that a client has established over one connection, by its own numbers for them: later
/// requests may refer to one, and are judged by its token as if they said it themselves.
#[derive(Clone, Default)]
pub(super) struct Contexts(Arc<Shared>);

#[derive(Default)]
struct Shared {
    known: Mutex<Vec<(u64, InitialContextToken)>>,
    /// Told when there is one more.
    grown: Notify,
}

/// What a request says of who sends it.
pub(super) struct Caller {
    said: Said,
    certificate: Option<Arc<Certificate>>,
    contexts: Contexts,
}

/// What it says by CSIv2.
enum Said {
    Nothing,
    /// User and password; with the client's number for the context, and whether that is remembered.
    Token {
        id: u64,
        token: InitialContextToken,
        stateful: bool,
    },
    /// A context that was established before.
    Again(InitialContextToken, u64),
    /// A context that is not remembered.
    Unknown(u64),
    /// Something else than user and password; with the number of the context that it establishes.
    Other(Option<u64>),
}

/// The answer to a context that a client establishes, by the client's number of it.
#[derive(Clone, Copy)]
pub(super) enum Verdict {
    /// And whether it is remembered.
    Complete(u64, bool),
    /// With the kind of error and which of them (CORBA 3.3 part 2, §10.3.5).
    Error(u64, i32, i32),
}

impl Verdict {
    pub(super) fn answer(self) -> Bytes {
        match self {
            Self::Complete(client_context_id, stateful) => {
                SasContext::Complete { client_context_id, stateful }.answer()
            }
            Self::Error(client_context_id, major, minor) => {
                SasContext::Error { client_context_id, major, minor }.answer()
            }
        }
    }
}

impl Contexts {
    /// Remembers a token by the client's number; false for one that is of one request only, or too large.
    fn remember(&self, id: u64, token: &InitialContextToken) -> bool {
        let size = token.username.len() + token.password.len() + token.target_name.len();
        if id == 0 || size > TOKEN {
            return false;
        }
        let mut contexts = self.lock();
        contexts.retain(|(other, _)| *other != id);
        if contexts.len() == CONTEXTS {
            return false;
        }
        contexts.push((id, token.clone()));
        drop(contexts);
        self.0.grown.notify_waiters();
        true
    }

    fn find(&self, id: u64) -> Option<InitialContextToken> {
        self.lock().iter().find(|(other, _)| *other == id).map(|(_, token)| token.clone())
    }

    /// The token of a context that is not known yet: of callers that share a connection one may overtake
    /// the one that establishes it (JacORB).
    async fn awaited(&self, id: u64) -> Option<InitialContextToken> {
        if id == 0 {
            return None;
        }
        let known = async {
            loop {
                let mut grown = pin!(self.0.grown.notified());
                grown.as_mut().enable();
                if let Some(token) = self.find(id) {
                    return token;
                }
                grown.await;
            }
        };
        tokio::time::timeout(PATIENCE, known).await.ok()
    }

    fn forget(&self, id: u64) {
        self.lock().retain(|(other, _)| *other != id);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(u64, InitialContextToken)>> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what a request says. It is remembered before it is judged, for clients refer to it without
    /// waiting for the answer (JacORB), and each that does is judged as well.
    fn said(&self, sas: Option<SasContext>) -> Said {
        match sas {
            Some(SasContext::Establish {
                client_context_id: id,
                asserts_identity: false,
                token: Some(token),
            }) => {
                let stateful = self.remember(id, &token);
                Said::Token { id, token, stateful }
            }
            Some(SasContext::InContext { client_context_id: id, discards }) => {
                let token = self.find(id);
                if discards {
                    self.forget(id);
                }
                token.map_or(Said::Unknown(id), |token| Said::Again(token, id))
            }
            Some(SasContext::Establish { client_context_id: id, .. }) => Said::Other(Some(id)),
            // a server's own words
            Some(_) => Said::Other(None),
            None => Said::Nothing,
        }
    }
}

impl Caller {
    pub(super) fn new(
        sas: Option<SasContext>,
        certificate: Option<Arc<Certificate>>,
        contexts: &Contexts,
    ) -> Self {
        Self { said: contexts.said(sas), certificate, contexts: contexts.clone() }
    }

    /// Who it is; an empty user's password is a bearer token.
    pub(super) async fn judge(&self, authenticator: &dyn Authenticator) -> Result<Option<Identity>, Fault> {
        let awaited = match &self.said {
            Said::Unknown(id) => self.contexts.awaited(*id).await,
            _ => None,
        };
        let credentials = match &self.said {
            Said::Token { token, .. } | Said::Again(token, _) => credentials(token),
            // whoever says something else does not mean the certificate
            Said::Unknown(_) | Said::Other(_) => awaited.as_ref().map_or(Credentials::Unknown, credentials),
            Said::Nothing => self.certificate.as_deref().map_or(Credentials::None, Credentials::Certificate),
        };
        let head = http::Request::new(()).into_parts().0;
        authenticator.authenticate(credentials, &head).await.map_err(|denied| {
            let kind = if denied.is_forbidden() { FaultKind::Forbidden } else { FaultKind::Unauthenticated };
            Fault::new(kind, denied.message())
        })
    }

    /// The verdict on a context that is believed, if one is established.
    pub(super) fn believed(&self) -> Option<Verdict> {
        match self.said {
            Said::Token { id, stateful, .. } => Some(Verdict::Complete(id, stateful)),
            Said::Other(Some(id)) => Some(Verdict::Complete(id, false)),
            Said::Nothing | Said::Other(None) | Said::Again(..) | Said::Unknown(_) => None,
        }
    }

    /// The verdict on one that is not.
    pub(super) fn refused(&self) -> Option<Verdict> {
        match self.said {
            Said::Token { id, .. } | Said::Again(_, id) | Said::Other(Some(id)) => {
                self.contexts.forget(id);
                Some(Verdict::Error(id, 1, 1))
            }
            Said::Unknown(id) => Some(Verdict::Error(id, 4, 1)),
            Said::Nothing | Said::Other(None) => None,
        }
    }
}

fn credentials(token: &InitialContextToken) -> Credentials<'_> {
    let (user, password) = (&*token.username, &*token.password);
    if user.is_empty() { Credentials::Bearer(password) } else { Credentials::Basic { user, password } }
}
