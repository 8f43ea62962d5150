//! What a reference says to a client: the places to call at, in order.

use farcall_net::Address;
use farcall_wire::{Fault, FaultKind};

use crate::cdr::{CodeSets, Version};
use crate::csi::SecurityMechanism;
use crate::giop;
use crate::ior::{Component, IiopProfile, Ior, TAG_INTERNET_IOP};

/// How a request says which object it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Key,
    Profile,
    Reference,
}

/// A reference, taken apart.
#[derive(Debug)]
pub(super) struct Target {
    /// At least one.
    pub(super) endpoints: Vec<Endpoint>,
}

/// One place where the object is.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    pub(super) address: Address,
    /// The name that the certificate is to be for, inside TLS.
    pub(super) tls: Option<String>,
    pub(super) version: Version,
    /// What the reference says of texts.
    pub(super) sets: Option<CodeSets>,
    /// How it wants to be told who calls.
    pub(super) security: Option<SecurityMechanism>,
    key: bytes::Bytes,
    /// The reference, and which of its profiles this is.
    ior: std::sync::Arc<Ior>,
    index: usize,
}

impl Target {
    pub(super) fn new(ior: Ior) -> Result<Self, Fault> {
        let ior = std::sync::Arc::new(ior);
        let mut endpoints = Vec::new();
        for (index, profile) in ior.profiles.iter().enumerate() {
            if profile.tag != TAG_INTERNET_IOP {
                continue;
            }
            let Ok(iiop) = IiopProfile::decode(&profile.data) else { continue };
            let sets = iiop.code_sets();
            let security = iiop.components.iter().find_map(|component| match component.decode() {
                Component::Csi(mechanism) => Some(mechanism),
                _ => None,
            });
            let tls = iiop.tls().filter(|tls| iiop.port == 0 || tls.is_required());
            let places = match tls {
                Some(tls) => vec![(iiop.host.clone(), tls.port)],
                None => iiop.places(),
            };
            let sockets = iiop.components.iter().filter_map(|component| match component.decode() {
                // nearer than any other way, and one that nobody listens in on
                Component::Unix(socket) if socket.is_here() => Some(Address::unix(socket.path)),
                _ => None,
            });
            for address in sockets {
                endpoints.push(Endpoint {
                    address,
                    tls: None,
                    version: iiop.version.min(Version::V1_2),
                    sets,
                    security: security.clone(),
                    key: iiop.object_key.clone(),
                    ior: std::sync::Arc::clone(&ior),
                    index,
                });
            }
            for (host, port) in places {
                endpoints.push(Endpoint {
                    address: Address::tcp(&host, port),
                    tls: tls.is_some().then_some(host),
                    version: iiop.version.min(Version::V1_2),
                    sets,
                    security: security.clone(),
                    key: iiop.object_key.clone(),
                    ior: std::sync::Arc::clone(&ior),
                    index,
                });
            }
        }
        if endpoints.is_empty() {
            let text =
                if ior.is_nil() { "the reference is nil" } else { "the reference has no IIOP address" };
            return Err(Fault::new(FaultKind::UnknownObject, text));
        }
        Ok(Self { endpoints })
    }
}

impl Endpoint {
    /// A place for requests that are only looked at.
    pub(super) fn unknown() -> Self {
        Self {
            address: Address::tcp("", 0),
            tls: None,
            version: Version::V1_2,
            sets: None,
            security: None,
            key: bytes::Bytes::new(),
            ior: std::sync::Arc::default(),
            index: 0,
        }
    }

    pub(super) fn target(&self, mode: Mode) -> giop::Target {
        match (mode, self.ior.profiles.get(self.index)) {
            (Mode::Profile, Some(profile)) => giop::Target::Profile(profile.clone()),
            (Mode::Reference, Some(_)) => giop::Target::Reference(self.index as u32, (*self.ior).clone()),
            _ => giop::Target::Key(self.key.clone()),
        }
    }
}
