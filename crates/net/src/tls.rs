//! TLS for both sides, from PEM files: [`ServerTls`], [`ClientTls`], and the
//! [`Certificate`] that a peer showed.
//!
//! ```no_run
//! # fn main() -> Result<(), farcall_net::TlsError> {
//! use farcall_net::{ClientTls, ServerTls};
//!
//! let server = ServerTls::from_files("server.pem", "server.key")?.require_client_certificates("ca.pem")?;
//! let client = ClientTls::new().with_root_file("ca.pem")?.with_certificate_files("me.pem", "me.key")?;
//! # Ok(()) }
//! ```

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read as PEM.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// PEM text holds no certificate or key.
    #[error("the PEM text holds no {0}")]
    Missing(&'static str),
    /// Certificate and key do not fit each other or TLS.
    #[error("TLS cannot use this certificate and key: {0}")]
    Unusable(String),
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|error| TlsError::File { path: path.to_owned(), reason: error.to_string() })
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let all = all.map_err(|error| TlsError::Unusable(error.to_string()))?;
    if all.is_empty() { Err(TlsError::Missing("certificate")) } else { Ok(all) }
}

fn key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| match error {
        rustls::pki_types::pem::Error::NoItemsFound => TlsError::Missing("private key"),
        other => TlsError::Unusable(other.to_string()),
    })
}

fn roots(pem: &[u8]) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for certificate in certificates(pem)? {
        store.add(certificate).map_err(|error| TlsError::Unusable(error.to_string()))?;
    }
    Ok(store)
}

fn unusable(error: impl std::fmt::Display) -> TlsError {
    TlsError::Unusable(error.to_string())
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// TLS of a server: its certificate, and what it asks of its callers.
#[derive(Clone, Debug)]
pub struct ServerTls {
    chain: Vec<CertificateDer<'static>>,
    key: Arc<PrivateKeyDer<'static>>,
    clients: Option<(RootCertStore, bool)>,
}

impl ServerTls {
    /// From a certificate chain, own certificate first, and its private key, both PEM.
    ///
    /// # Errors
    /// [`TlsError`] if either is missing or unreadable.
    pub fn from_pem(chain: &[u8], private_key: &[u8]) -> Result<Self, TlsError> {
        Ok(Self { chain: certificates(chain)?, key: Arc::new(key(private_key)?), clients: None })
    }

    /// From PEM files.
    ///
    /// # Errors
    /// [`TlsError`] naming the file.
    pub fn from_files(chain: impl AsRef<Path>, private_key: impl AsRef<Path>) -> Result<Self, TlsError> {
        let (chain, private_key) = (chain.as_ref(), private_key.as_ref());
        Ok(Self {
            chain: naming(chain, certificates(&read(chain)?))?,
            key: Arc::new(naming(private_key, key(&read(private_key)?))?),
            clients: None,
        })
    }

    /// Refuses callers without a certificate that one of the authorities in this PEM file issued,
    /// those without TLS among them.
    ///
    /// # Errors
    /// [`TlsError`] naming the file.
    pub fn require_client_certificates(self, ca: impl AsRef<Path>) -> Result<Self, TlsError> {
        let ca = ca.as_ref();
        let store = naming(ca, roots(&read(ca)?))?;
        Ok(Self { clients: Some((store, true)), ..self })
    }

    /// True if callers without a certificate are refused, and so those without TLS.
    #[must_use]
    pub fn requires_certificates(&self) -> bool {
        matches!(self.clients, Some((_, true)))
    }

    /// Asks callers for a certificate, and lets them in without.
    ///
    /// # Errors
    /// [`TlsError`] naming the file.
    pub fn allow_client_certificates(self, ca: impl AsRef<Path>) -> Result<Self, TlsError> {
        let ca = ca.as_ref();
        let store = naming(ca, roots(&read(ca)?))?;
        Ok(Self { clients: Some((store, false)), ..self })
    }

    pub(crate) fn config(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(unusable)?;
        let builder = match &self.clients {
            None => builder.with_no_client_auth(),
            Some((roots, required)) => {
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots.clone()), provider());
                let verifier = if *required { verifier } else { verifier.allow_unauthenticated() };
                builder.with_client_cert_verifier(verifier.build().map_err(unusable)?)
            }
        };
        let mut config =
            builder.with_single_cert(self.chain.clone(), self.key.clone_key()).map_err(unusable)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn naming<T>(path: &Path, result: Result<T, TlsError>) -> Result<T, TlsError> {
    result.map_err(|error| TlsError::File { path: path.to_owned(), reason: error.to_string() })
}

/// TLS of a client: whom it trusts, and what it shows of itself.
///
/// The system's authorities are trusted unless [`ClientTls::without_system_roots`].
#[derive(Clone, Debug)]
pub struct ClientTls {
    system: bool,
    roots: RootCertStore,
    own: Option<(Vec<CertificateDer<'static>>, Arc<PrivateKeyDer<'static>>)>,
    verify: bool,
}

impl Default for ClientTls {
    fn default() -> Self {
        Self::new()
    }
}

impl ClientTls {
    /// Trusts the system's authorities.
    #[must_use]
    pub fn new() -> Self {
        Self { system: true, roots: RootCertStore::empty(), own: None, verify: true }
    }

    /// Trusts only the authorities that are added.
    #[must_use]
    pub fn without_system_roots(self) -> Self {
        Self { system: false, ..self }
    }

    /// Trusts the authorities in this PEM text as well.
    ///
    /// # Errors
    /// [`TlsError`] if there is no certificate in it.
    pub fn with_roots(mut self, pem: &[u8]) -> Result<Self, TlsError> {
        self.roots.roots.extend(roots(pem)?.roots);
        Ok(self)
    }

    /// Trusts the authorities in this PEM file as well.
    ///
    /// # Errors
    /// [`TlsError`] naming the file.
    pub fn with_root_file(self, path: impl AsRef<Path>) -> Result<Self, TlsError> {
        let path = path.as_ref();
        naming(path, self.with_roots(&read(path)?))
    }

    /// Shows this certificate, a PEM chain with its private key, to servers that ask.
    ///
    /// # Errors
    /// [`TlsError`] if either is missing or unreadable.
    pub fn with_certificate(mut self, chain: &[u8], private_key: &[u8]) -> Result<Self, TlsError> {
        self.own = Some((certificates(chain)?, Arc::new(key(private_key)?)));
        Ok(self)
    }

    /// Shows the certificate from these PEM files to servers that ask.
    ///
    /// # Errors
    /// [`TlsError`] naming the file.
    pub fn with_certificate_files(
        mut self,
        chain: impl AsRef<Path>,
        private_key: impl AsRef<Path>,
    ) -> Result<Self, TlsError> {
        let (chain, private_key) = (chain.as_ref(), private_key.as_ref());
        let chain = naming(chain, certificates(&read(chain)?))?;
        self.own = Some((chain, Arc::new(naming(private_key, key(&read(private_key)?))?)));
        Ok(self)
    }

    /// Trusts any server, whoever it is: for tests against a peer on this machine only.
    #[must_use]
    pub fn dangerously_without_verification(self) -> Self {
        Self { verify: false, ..self }
    }

    pub(crate) fn config(&self, alpn: &[&[u8]]) -> Result<Arc<ClientConfig>, TlsError> {
        let mut roots = self.roots.clone();
        if self.system && self.verify {
            let system = rustls_native_certs::load_native_certs();
            let (_, ignored) = roots.add_parsable_certificates(system.certs);
            if ignored > 0 {
                tracing::debug!(ignored, "some of the system's certificates are unusable");
            }
        }
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(unusable)?;
        let builder = if !self.verify {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Anyone(provider())))
        } else if roots.is_empty() {
            // A verifier without roots cannot be built; say no at the handshake instead.
            builder.with_root_certificates(roots)
        } else {
            let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider());
            builder.with_webpki_verifier(verifier.build().map_err(unusable)?)
        };
        let mut config = match &self.own {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => {
                builder.with_client_auth_cert(chain.clone(), key.clone_key()).map_err(unusable)?
            }
        };
        config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
        Ok(Arc::new(config))
    }
}

/// Accepts every certificate, and still checks that the peer holds its key.
#[derive(Debug)]
struct Anyone(Arc<rustls::crypto::CryptoProvider>);

impl rustls::client::danger::ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &rustls::pki_types::ServerName<'_>,
        _: &[u8],
        _: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// The certificate that a peer showed, checked against the configured authorities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    chain: Vec<Bytes>,
    subject: String,
    common_name: Option<String>,
}

impl Certificate {
    /// From a chain of DER certificates, own first; `None` if there is none or it cannot be read.
    pub(crate) fn new(chain: Vec<Bytes>) -> Option<Self> {
        let (_, own) = x509_parser::parse_x509_certificate(chain.first()?).ok()?;
        let subject = own.subject().to_string();
        let common_name =
            own.subject().iter_common_name().next().and_then(|cn| cn.as_str().ok()).map(str::to_owned);
        Some(Self { chain, subject, common_name })
    }

    /// The subject as text, such as `C=DE, O=Example, CN=ann`.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The subject's common name, or all of the subject without one.
    #[must_use]
    pub fn name(&self) -> &str {
        self.common_name.as_deref().unwrap_or(&self.subject)
    }

    /// The chain as DER, own certificate first.
    #[must_use]
    pub fn chain(&self) -> &[Bytes] {
        &self.chain
    }
}
