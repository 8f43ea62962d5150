//! TLS at the shared port, certificates of both sides, and what failures say.

mod common;

use common::{Echo, Running, builder, loopback, post, text};
use farcall_net::{Address, Certificates, ClientTls, Connector, HttpClient, SendOptions, Server, ServerTls};
use farcall_wire::{Completion, Fault, FaultKind};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// An authority, and PEM of what it issues.
struct Authority {
    root: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "test root");
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap().pem();
        Self { root, issuer: Issuer::new(params, key) }
    }

    fn issue(&self, common_name: &str, names: &[&str]) -> (String, String) {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, common_name);
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    fn trusted(&self) -> ClientTls {
        ClientTls::new().without_system_roots().with_roots(self.root.as_bytes()).unwrap()
    }

    fn server(&self) -> ServerTls {
        let (chain, key) = self.issue("server", &["localhost", "127.0.0.1"]);
        ServerTls::from_pem(chain.as_bytes(), key.as_bytes()).unwrap()
    }
}

fn client(tls: ClientTls) -> HttpClient {
    HttpClient::builder().tls(tls).build()
}

fn url(server: &Running, scheme: &str) -> String {
    let port = server.socket().port();
    format!("{scheme}://localhost:{port}/echo")
}

async fn fails(client: &HttpClient, url: &str) -> Fault {
    client.send(post(url, "who"), &SendOptions::default()).await.unwrap_err()
}

#[tokio::test]
async fn tls_and_plain_at_one_port_and_failures_that_say_what_to_do() {
    let authority = Authority::new();
    let server = Running::start(builder().http(Echo::default()).tls(authority.server())).await;
    let trusting = client(authority.trusted());
    assert_eq!(text(&trusting, &url(&server, "https"), "hi").await, "hi");
    assert_eq!(text(&trusting, &url(&server, "http"), "hi").await, "hi");
    let large = "x".repeat(300_000);
    assert_eq!(text(&trusting, &url(&server, "https"), large.clone()).await, large);

    let stranger = client(ClientTls::new().without_system_roots());
    let fault = fails(&stranger, &url(&server, "https")).await;
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Transport, Completion::No));
    assert!(fault.message().contains("add its root certificate"), "{fault}");
    let careless = client(ClientTls::new().dangerously_without_verification());
    assert_eq!(text(&careless, &url(&server, "https"), "hi").await, "hi");

    let (chain, key) = authority.issue("other", &["other.example"]);
    let other = ServerTls::from_pem(chain.as_bytes(), key.as_bytes()).unwrap();
    let misnamed = Running::start(builder().http(Echo::default()).tls(other)).await;
    let fault = fails(&trusting, &url(&misnamed, "https")).await;
    assert!(fault.message().contains("another name"), "{fault}");

    let plain = Running::start(builder().http(Echo::default())).await;
    let fault = fails(&trusting, &url(&plain, "https")).await;
    assert!(fault.message().contains("does not speak TLS"), "{fault}");
    for server in [server, misnamed, plain] {
        server.stop().await;
    }
}

#[tokio::test]
async fn client_certificates_name_the_caller() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, &authority.root).unwrap();
    let (chain, key) = authority.issue("ann", &[]);
    let showing = client(authority.trusted().with_certificate(chain.as_bytes(), key.as_bytes()).unwrap());
    let plain = client(authority.trusted());
    let serve = |tls| builder().http(Echo::default()).authenticator(Certificates).tls(tls);

    let optional = authority.server().allow_client_certificates(&ca).unwrap();
    let server = Running::start(serve(optional)).await;
    assert_eq!(text(&showing, &url(&server, "https"), "who").await, "ann");
    assert_eq!(text(&plain, &url(&server, "https"), "who").await, "nobody");
    server.stop().await;

    let required = authority.server().require_client_certificates(&ca).unwrap();
    let server = Running::start(serve(required)).await;
    assert_eq!(text(&showing, &url(&server, "https"), "who").await, "ann");
    let fault = fails(&plain, &url(&server, "https")).await;
    assert_eq!(fault.kind(), FaultKind::Transport);
    assert!(fault.message().contains("wants a client certificate"), "{fault}");
    let without_tls = HttpClient::new();
    let request = http::Request::post(url(&server, "http")).body(bytes::Bytes::new()).unwrap();
    let reply = without_tls.send(request, &SendOptions::default()).await.unwrap();
    assert_eq!(reply.status(), 403, "certificates cannot be passed by without TLS");
    let (chain, key) = Authority::new().issue("mallory", &[]);
    let forged = authority.trusted().with_certificate(chain.as_bytes(), key.as_bytes()).unwrap();
    assert_eq!(fails(&client(forged), &url(&server, "https")).await.kind(), FaultKind::Transport);
    server.stop().await;
}

#[tokio::test]
async fn raw_streams_inside_tls() {
    let authority = Authority::new();
    let server = Running::start(builder().http(Echo::default()).tls(authority.server())).await;
    let connector = Connector::new().with_tls(authority.trusted());
    let at = Address::tcp("127.0.0.1", server.socket().port());
    let mut stream = connector.connect_tls(&at, "localhost").await.unwrap();
    assert!(stream.is_tls() && !stream.peer_certificates().is_empty());
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 200 ") && reply.ends_with("alive\n"), "{reply}");
    drop(stream);
    server.stop().await;
}

#[tokio::test]
async fn bad_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (chain, key) = Authority::new().issue("x", &[]);
    let [good, other, empty] = ["good.pem", "other.key", "empty.pem"].map(|n| folder.path().join(n));
    std::fs::write(&good, chain).unwrap();
    std::fs::write(&other, Authority::new().issue("y", &[]).1).unwrap();
    std::fs::write(&empty, "nothing here").unwrap();
    let said = |result: Result<ServerTls, _>| -> String {
        let error: farcall_net::TlsError = result.unwrap_err();
        error.to_string()
    };
    assert!(said(ServerTls::from_files(&empty, &other)).contains("empty.pem"));
    assert!(said(ServerTls::from_files(&good, &empty)).contains("no private key"));
    assert!(said(ServerTls::from_files("/none", &other)).contains("/none"));
    // A key of another certificate is found when the server binds.
    let mismatched = ServerTls::from_files(&good, &other).unwrap();
    let bound = Server::builder().listen(loopback()).tls(mismatched).bind().await;
    assert!(bound.unwrap_err().to_string().contains("cannot use"));
    drop(key);
}
