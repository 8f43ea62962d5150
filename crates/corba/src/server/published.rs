//! [`Published`]: what the references of one server have in common.

use bytes::Bytes;
use farcall_net::Address;

use crate::cdr::Version;
use crate::giop::ListenPoint;
use crate::ior::{AlternateAddress, Component, IiopProfile, Ior, Ssl};

/// Where a server is called, and how: what it writes into references to its objects.
///
/// ```
/// use farcall_corba::Published;
/// use farcall_net::Address;
///
/// let published = Published::new([Address::tcp("orb.example.org", 2809)]).unwrap();
/// let ior = published.reference("IDL:Account:1.0", "bank/7");
/// assert_eq!(ior.iiop().next().unwrap().host, "orb.example.org");
/// ```
#[derive(Clone, Debug)]
pub struct Published {
    host: String,
    port: u16,
    /// In the order in which they are written.
    components: Vec<Component>,
}

impl Published {
    /// A server at these addresses, the best first; `None` if there is none of TCP among them.
    pub fn new(addresses: impl IntoIterator<Item = Address>) -> Option<Self> {
        let mut places = addresses.into_iter().filter_map(|address| match address {
            Address::Tcp(host, port) => Some((host, port)),
            _ => None,
        });
        let (host, port) = places.next()?;
        let mut components = vec![Component::own_code_sets()];
        components
            .extend(places.map(|(host, port)| Component::AlternateAddress(AlternateAddress { host, port })));
        Some(Self { host, port, components })
    }

    /// Says that TLS is spoken at the first address, and wanted: a client that can speak it does.
    /// With `only`, whoever cannot is not served.
    #[must_use]
    pub fn with_tls(mut self, only: bool) -> Self {
        self.components.push(Component::Ssl(Ssl::required(self.port)));
        if only {
            self.port = 0;
            self.components.retain(|component| !matches!(component, Component::AlternateAddress(_)));
        }
        self
    }

    /// The addresses, as a client says them to a server that may call back.
    pub(crate) fn listen_points(&self) -> Vec<ListenPoint> {
        let others = self.components.iter().filter_map(|component| match component {
            Component::AlternateAddress(at) => Some(ListenPoint { host: at.host.clone(), port: at.port }),
            _ => None,
        });
        let port = self.components.iter().find_map(|component| match component {
            Component::Ssl(ssl) if self.port == 0 => Some(ssl.port),
            _ => None,
        });
        let own = ListenPoint { host: self.host.clone(), port: port.unwrap_or(self.port) };
        [own].into_iter().chain(others).collect()
    }

    /// A reference to the object of that key.
    #[must_use]
    pub fn reference(&self, type_id: impl Into<String>, key: impl Into<Bytes>) -> Ior {
        let profile = IiopProfile::new(Version::V1_2, self.host.as_str(), self.port, key);
        Ior::new(type_id, &[self.components.iter().fold(profile, |profile, one| profile.with(one))])
    }
}
