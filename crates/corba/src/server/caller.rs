//! Who calls: what a request says of it, by CSIv2 or a certificate, and what is said of that.

use std::sync::Arc;

use bytes::Bytes;
use farcall_net::{Authenticator, Certificate, Credentials};
use farcall_wire::{Fault, FaultKind, Identity};

use crate::csi::SasContext;

/// What a request says of who sends it.
pub(super) struct Caller {
    pub(super) sas: Option<SasContext>,
    pub(super) certificate: Option<Arc<Certificate>>,
}

/// The answer to a context that a client establishes, by the client's number of it.
#[derive(Clone, Copy)]
pub(super) enum Verdict {
    Complete(u64),
    /// With the kind of error and which of them (CORBA 3.3 part 2, §10.3.5).
    Error(u64, i32, i32),
}

impl Verdict {
    pub(super) fn answer(self) -> Bytes {
        match self {
            Self::Complete(client_context_id) => SasContext::Complete { client_context_id }.answer(),
            Self::Error(client_context_id, major, minor) => {
                SasContext::Error { client_context_id, major, minor }.answer()
            }
        }
    }
}

impl Caller {
    /// Who it is; an empty user's password is a bearer token.
    pub(super) async fn judge(&self, authenticator: &dyn Authenticator) -> Result<Option<Identity>, Fault> {
        let credentials = match &self.sas {
            Some(SasContext::Establish { asserts_identity: false, token: Some(token), .. }) => {
                let (user, password) = (&*token.username, &*token.password);
                if user.is_empty() {
                    Credentials::Bearer(password)
                } else {
                    Credentials::Basic { user, password }
                }
            }
            // whoever says something else does not mean the certificate
            Some(_) => Credentials::Unknown,
            None => self.certificate.as_deref().map_or(Credentials::None, Credentials::Certificate),
        };
        let head = http::Request::new(()).into_parts().0;
        authenticator.authenticate(credentials, &head).await.map_err(|denied| {
            let kind = if denied.is_forbidden() { FaultKind::Forbidden } else { FaultKind::Unauthenticated };
            Fault::new(kind, denied.message())
        })
    }

    /// The verdict on a context that is believed, if one is established.
    pub(super) fn believed(&self) -> Option<Verdict> {
        match &self.sas {
            Some(SasContext::Establish { client_context_id, .. }) => {
                Some(Verdict::Complete(*client_context_id))
            }
            _ => None,
        }
    }

    /// The verdict on one that is not.
    pub(super) fn refused(&self) -> Option<Verdict> {
        match &self.sas {
            Some(SasContext::Establish { client_context_id, .. }) => {
                Some(Verdict::Error(*client_context_id, 1, 1))
            }
            // no context outlives its request here
            Some(SasContext::InContext { client_context_id }) => {
                Some(Verdict::Error(*client_context_id, 4, 1))
            }
            _ => None,
        }
    }
}
