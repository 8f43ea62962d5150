//! Binds the addresses of a server and accepts connections at them.

use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use farcall_wire::Peer;
use tokio::net::{TcpListener, UnixListener, lookup_host};

use crate::{Address, Stream};

/// A server cannot listen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address is taken, not of this machine, or not permitted.
    #[error("cannot listen at {address}: {source}")]
    Bind {
        /// The address.
        address: Address,
        /// What the system says.
        source: io::Error,
    },
    /// The certificate or key cannot be used.
    #[error(transparent)]
    Tls(#[from] crate::TlsError),
    /// No address was given.
    #[error("the server has no address to listen at; give it one with `listen`")]
    NoAddress,
}

/// One bound socket.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, SocketFile),
}

impl Listener {
    /// Binds an address; a name with several addresses binds each.
    pub(crate) async fn bind(address: &Address) -> Result<Vec<Self>, ServerError> {
        let fail = |source| ServerError::Bind { address: address.clone(), source };
        match address {
            Address::Unix(path) => Ok(vec![bind_unix(path).await.map_err(fail)?]),
            Address::Tcp(host, port) => {
                let found: Vec<_> = lookup_host((host.as_str(), *port)).await.map_err(fail)?.collect();
                let mut bound = Vec::new();
                let mut chosen = *port;
                for mut at in found {
                    // With port 0, a name's second address gets the first one's port.
                    at.set_port(chosen);
                    let listener = TcpListener::bind(at).await.map_err(fail)?;
                    chosen = listener.local_addr().map_err(fail)?.port();
                    bound.push(Self::Tcp(listener));
                }
                Ok(bound)
            }
        }
    }

    /// The address that was bound, with its actual port.
    pub(crate) fn address(&self) -> io::Result<Address> {
        match self {
            Self::Tcp(listener) => Ok(listener.local_addr()?.into()),
            Self::Unix(_, file) => Ok(Address::unix(&file.path)),
        }
    }

    /// The next connection. Errors that concern one connection, or that pass,
    /// do not end this; it is cancel safe.
    pub(crate) async fn accept(&self) -> (Stream, Peer) {
        loop {
            let accepted = match self {
                Self::Tcp(listener) => listener.accept().await.map(|(tcp, from)| {
                    if let Err(error) = tcp.set_nodelay(true) {
                        tracing::debug!(%error, "TCP_NODELAY is not to be had");
                    }
                    (Stream::from(tcp), Peer::Tcp(from))
                }),
                Self::Unix(listener, _) => {
                    listener.accept().await.map(|(unix, _)| (Stream::from(unix), Peer::Unix))
                }
            };
            match accepted {
                Ok(accepted) => return accepted,
                Err(error) if concerns_one(&error) => {
                    tracing::debug!(%error, "a connection was lost before it was accepted");
                }
                Err(error) => {
                    // Out of descriptors or memory: those that end give some back.
                    tracing::warn!(%error, "cannot accept connections; trying again");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

fn concerns_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

async fn bind_unix(path: &Path) -> io::Result<Listener> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => {
            if tokio::net::UnixStream::connect(path).await.is_ok() {
                return Err(io::Error::new(
                    io::ErrorKind::AddrInUse,
                    "another process listens at this socket",
                ));
            }
            tracing::info!(path = %path.display(), "removing the socket of a server that is gone");
            std::fs::remove_file(path)?;
        }
        Ok(_) => {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                "there is a file that is no socket; it is left as it is",
            ));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let listener = UnixListener::bind(path)?;
    let inode = std::fs::symlink_metadata(path)?.ino();
    Ok(Listener::Unix(listener, SocketFile { path: path.to_owned(), inode }))
}

/// A unix socket's file, removed at the end if it is still the same.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    inode: u64,
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let ours = std::fs::symlink_metadata(&self.path).is_ok_and(|now| now.ino() == self.inode);
        if ours && let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "the socket cannot be removed");
        }
    }
}
