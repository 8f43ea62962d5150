//! Where a server is called: what references to its objects say.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};

use farcall_net::Address;
use farcall_wire::adapter::{key_of_path, path_of_key};

/// What is known of a server's address before it listens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Publication {
    /// Host and port that were set apart from where it listens.
    pub(crate) address: Option<(String, u16)>,
    /// TLS is spoken, and true if callers have to show a certificate, so that nothing else is.
    pub(crate) tls: Option<bool>,
    /// Callers have to say who they are.
    pub(crate) authenticated: bool,
}

/// Where a server is called.
#[derive(Debug)]
pub(crate) struct Place {
    #[cfg(feature = "corba")]
    corba: Option<farcall_corba::Published>,
    /// `http://host:port`; `None` if it listens at sockets of this machine only.
    http: Option<String>,
}

impl Publication {
    /// The place of a server that listens at those addresses.
    pub(crate) fn place(&self, bound: &[Address]) -> Place {
        let addresses: Vec<Address> = match &self.address {
            Some((host, port)) => vec![Address::tcp(host, *port)],
            None => bound.iter().map(reachable).collect(),
        };
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let tcp = addresses.iter().find(|address| matches!(address, Address::Tcp(..)));
        Place {
            http: tcp.map(|address| format!("{scheme}://{address}")),
            #[cfg(feature = "corba")]
            corba: farcall_corba::Published::new(addresses).map(|published| {
                let published = match self.tls {
                    Some(certificates) => published.with_tls(certificates),
                    None => published,
                };
                if self.authenticated { published.with_authentication("farcall") } else { published }
            }),
        }
    }
}

impl Place {
    /// That of a process that nobody can connect to, but over IIOP is called back over connections
    /// of its own.
    #[cfg(feature = "corba")]
    pub(crate) fn of_client(published: farcall_corba::Published) -> Self {
        Self { corba: Some(published), http: None }
    }

    /// The reference to the object of that key; `None` if there is no address that one can say.
    #[cfg(feature = "corba")]
    pub(crate) fn reference(&self, type_id: &str, key: &[u8]) -> Option<farcall_corba::Ior> {
        self.corba.as_ref().map(|corba| corba.reference(type_id, key.to_vec()))
    }

    /// The addresses of the object of that key, the best first.
    #[cfg_attr(not(feature = "corba"), allow(unused_variables, reason = "only IORs say the type"))]
    pub(crate) fn addresses(&self, type_id: &str, key: &[u8]) -> Vec<String> {
        let mut addresses = Vec::new();
        #[cfg(feature = "corba")]
        addresses.extend(self.reference(type_id, key).map(|ior| ior.to_string()));
        if let Some(http) = &self.http {
            let url = format!("{http}{}", path_of_key(key));
            #[cfg(feature = "xmlrpc")]
            addresses.push(format!("xmlrpc+{url}"));
            #[cfg(feature = "soap")]
            addresses.push(format!("soap+{url}"));
            let _ = url;
        }
        addresses
    }
}

/// Where a bound address is called: all addresses of the machine are called by the one that leads
/// to other machines, if there is one.
fn reachable(bound: &Address) -> Address {
    let Address::Tcp(host, port) = bound else { return bound.clone() };
    match host.parse() {
        Ok(IpAddr::V4(ip)) if ip.is_unspecified() => {
            Address::tcp(&outward(ip.into()).unwrap_or(Ipv4Addr::LOCALHOST.into()).to_string(), *port)
        }
        Ok(IpAddr::V6(ip)) if ip.is_unspecified() => {
            Address::tcp(&outward(ip.into()).unwrap_or(Ipv6Addr::LOCALHOST.into()).to_string(), *port)
        }
        _ => bound.clone(),
    }
}

/// The address of this machine from which packets leave it; none is sent for asking.
fn outward(unspecified: IpAddr) -> Option<IpAddr> {
    // for documentation only (RFC 5737, RFC 3849), and so beyond every network of this machine
    let far: IpAddr = match unspecified {
        IpAddr::V4(_) => Ipv4Addr::new(192, 0, 2, 1).into(),
        IpAddr::V6(_) => Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
    };
    let socket = UdpSocket::bind((unspecified, 0)).ok()?;
    socket.connect((far, 9)).ok()?;
    socket.local_addr().ok().map(|at| at.ip())
}

/// The keys that a URL may be of, if it is one of an object.
pub(crate) fn keys(url: &str) -> Vec<Vec<u8>> {
    let path = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    if let Some(path) = path {
        return key_of_path(path).into_iter().collect();
    }
    #[cfg(feature = "corba")]
    if let Ok(ior) = url.parse::<farcall_corba::Ior>() {
        return ior.iiop().map(|profile| profile.object_key.to_vec()).collect();
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(publication: &Publication, bound: &str) -> String {
        let place = publication.place(&[bound.parse().unwrap()]);
        place.http.unwrap_or_default()
    }

    #[test]
    fn a_server_is_called_where_it_listens_or_where_it_was_told() {
        let plain = Publication::default();
        assert_eq!(first(&plain, "127.0.0.1:7"), "http://127.0.0.1:7");
        assert_eq!(first(&plain, "[::1]:7"), "http://[::1]:7");
        assert_eq!(first(&plain, "unix:/x"), "");
        for all in ["0.0.0.0:7", "[::]:7"] {
            let url = first(&plain, all);
            assert!(url.ends_with(":7") && !url.contains("0.0.0.0") && !url.contains("[::]"), "{url}");
        }
        let told = Publication {
            address: Some(("orb.example.org".into(), 443)),
            tls: Some(false),
            authenticated: true,
        };
        assert_eq!(first(&told, "0.0.0.0:7"), "https://orb.example.org:443");
    }

    #[test]
    fn keys_come_out_of_every_address() {
        let place = Publication::default().place(&["127.0.0.1:7".parse().unwrap()]);
        let key = b"bank/\xff 1".to_vec();
        for url in place.addresses("IDL:Account:1.0", &key) {
            assert_eq!(keys(&url), std::slice::from_ref(&key), "{url}");
        }
        assert!(keys("nonsense").is_empty());
    }
}
