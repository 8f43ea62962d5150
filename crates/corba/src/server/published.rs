//! [`Published`]: what the references of one server have in common.

use bytes::Bytes;
use farcall_net::Address;

use crate::cdr::Version;
use crate::csi::SecurityMechanism;
use crate::giop::ListenPoint;
use crate::ior::{AlternateAddress, Component, IiopProfile, Ior, Ssl, UnixSocket};

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
    /// A server at these addresses, the best first; callers on the same host take unix sockets before
    /// others. `None` if there is no address that a reference can say.
    pub fn new(addresses: impl IntoIterator<Item = Address>) -> Option<Self> {
        let (mut places, mut sockets) = (Vec::new(), Vec::new());
        for address in addresses {
            match address {
                Address::Tcp(host, port) => places.push((host, port)),
                Address::Unix(path) => sockets.extend(path.to_str().and_then(UnixSocket::here)),
                _ => {}
            }
        }
        // one of sockets alone says so by the port 0
        let of_socket = sockets.first().map(|socket| (socket.host.clone(), 0));
        let mut places = places.into_iter();
        let (host, port) = places.next().or(of_socket)?;
        let mut components = vec![Component::own_code_sets()];
        components.extend(sockets.into_iter().map(Component::Unix));
        components
            .extend(places.map(|(host, port)| Component::AlternateAddress(AlternateAddress { host, port })));
        Some(Self { host, port, components })
    }

    /// Says that TLS is spoken at the first address, and wanted: a client that can speak it does.
    /// With `certificates`, callers have to show one, so that whoever speaks no TLS is not served.
    #[must_use]
    pub fn with_tls(mut self, certificates: bool) -> Self {
        let tls = Ssl::required(self.port);
        let tls = if certificates { tls.with_client_certificates() } else { tls };
        self.components.push(Component::Ssl(tls));
        if certificates {
            self.port = 0;
            self.components.retain(|component| !matches!(component, Component::AlternateAddress(_)));
        }
        self
    }

    /// Says that callers have to tell who they are, by user and password (CSIv2, GSSUP); `realm` is the
    /// name that they are asked for.
    #[must_use]
    pub fn with_authentication(mut self, realm: &str) -> Self {
        self.components.push(Component::Csi(SecurityMechanism::gssup(realm, true)));
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
