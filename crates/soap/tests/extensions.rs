//! WS-Security and WS-Addressing over HTTP: our client and server, messages as others send them, and
//! which faults they get.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use farcall_builtin::{EchoClient, EchoService, Mirror};
use farcall_net::{HttpClient, SendOptions, Users};
use farcall_soap::{
    Client, ClientBuilder, ClientOptions, EndpointReference, Options, Security, SoapServer, UsernameToken,
    Version,
};
use farcall_wire::{Fault, Remote};
use http::{Request, StatusCode};

use farcall_builtin::Echo as _;

/// Serves in the background, to the end of the test's runtime: the URL of the echo service.
async fn served(server: SoapServer) -> String {
    let server = server.with_service("echo", Arc::new(EchoService::new(Mirror)));
    let builder = farcall_net::Server::builder().listen("127.0.0.1:0".parse().unwrap());
    let server = builder.http(server).bind().await.unwrap();
    let base = format!("http://{}/echo", server.addresses()[0]);
    tokio::spawn(server.run(std::future::pending()));
    base
}

fn guarded() -> SoapServer {
    SoapServer::new()
        .with_security(Security::of_passwords(|user| (user == "ann").then(|| "secret".to_owned())))
        .with_authorization(|cx, _| match cx.identity() {
            Some(identity) if identity.name == "ann" => Ok(()),
            _ => Err(Fault::new(farcall_wire::FaultKind::Forbidden, "nobody else may")),
        })
}

fn builder(url: &str, version: Version) -> ClientBuilder {
    Client::builder(url, EchoClient::<Client>::interface()).version(version)
}

async fn post(url: &str, version: Version, header: &str) -> (StatusCode, String) {
    let body = format!(
        "<s:Envelope xmlns:s='{}'><s:Header>{header}</s:Header><s:Body><i32 xmlns='urn:farcall:Echo'><x>5</x></i32>\
         </s:Body></s:Envelope>",
        version.namespace()
    );
    let request = Request::post(url).header("content-type", version.content_type());
    let request = request.body(Bytes::from(body)).unwrap();
    let reply = HttpClient::new().send(request, &SendOptions::default()).await.unwrap();
    (reply.status(), String::from_utf8(reply.body().to_vec()).unwrap())
}

#[tokio::test]
async fn tokens_let_in_over_both_versions() {
    let url = served(guarded()).await;
    for version in [Version::V11, Version::V12] {
        for token in [UsernameToken::digest("ann", "secret"), UsernameToken::text("ann", "secret")] {
            for token in [token.clone(), token.with_timestamp(Duration::from_secs(60))] {
                let client = EchoClient::new(
                    builder(&url, version)
                        .options(ClientOptions::default().with_wsse(token))
                        .build()
                        .unwrap(),
                );
                for number in 0..3 {
                    assert_eq!(client.i32(number).await.unwrap(), number);
                }
            }
        }
        let client = builder(&url, version)
            .options(ClientOptions::default().with_wsse(UsernameToken::digest("ann", "wrong")))
            .build()
            .unwrap();
        let fault = EchoClient::new(client).i32(1).await.unwrap_err();
        assert!(fault.to_string().contains("user or password is wrong"), "{fault}");
        let (status, reply) = post(&url, version, "").await;
        let expected =
            if version == Version::V12 { StatusCode::BAD_REQUEST } else { StatusCode::INTERNAL_SERVER_ERROR };
        assert_eq!(status, expected);
        assert!(reply.contains(">x:InvalidSecurity<"), "{reply}");
    }
}

#[tokio::test]
async fn a_message_that_comes_again_is_refused() {
    let url = served(guarded()).await;
    let header = {
        let client = builder(&url, Version::V11)
            .options(ClientOptions::default().with_wsse(UsernameToken::digest("ann", "secret")))
            .build()
            .unwrap();
        let operation =
            EchoClient::<Client>::interface().operations.iter().find(|o| o.name == "i32").unwrap();
        let request = client.request(&farcall_wire::Dynamic::new(operation, &[5.into()])).unwrap();
        let text = String::from_utf8(request).unwrap();
        let (_, rest) = text.split_once("<s:Header>").unwrap();
        rest.split_once("</s:Header>").unwrap().0.to_owned()
    };
    assert_eq!(post(&url, Version::V11, &header).await.0, StatusCode::OK);
    let (status, reply) = post(&url, Version::V11, &header).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(reply.contains(">x:FailedAuthentication<") && reply.contains("Nonce came before"), "{reply}");
}

#[tokio::test]
async fn a_security_header_is_understood_only_where_it_is_checked() {
    let url = served(SoapServer::new()).await;
    let client = builder(&url, Version::V12)
        .options(ClientOptions::default().with_wsse(UsernameToken::digest("ann", "secret")))
        .build()
        .unwrap();
    let fault = EchoClient::new(client).i32(1).await.unwrap_err();
    assert!(fault.to_string().contains("must be understood"), "{fault}");
}

#[tokio::test]
async fn whom_http_knows_needs_no_token() {
    let server = SoapServer::new()
        .with_security(Security::of_authenticator(Users::new("x").with("ann", "secret")))
        .with_service("echo", Arc::new(EchoService::new(Mirror)));
    let builder = farcall_net::Server::builder().listen("127.0.0.1:0".parse().unwrap());
    let builder = builder.authenticator(Users::new("x").with("ann", "secret"));
    let server = builder.http(server).bind().await.unwrap();
    let url = format!("http://ann:secret@{}/echo", server.addresses()[0]);
    tokio::spawn(server.run(std::future::pending()));
    let (status, reply) = post(&url, Version::V11, "").await;
    assert_eq!(status, StatusCode::OK, "{reply}");
}

const WSA: &str = "http://www.w3.org/2005/08/addressing";
const OLD: &str = "http://schemas.xmlsoap.org/ws/2004/08/addressing";

#[tokio::test]
async fn addresses_are_echoed() {
    let url = served(SoapServer::new()).await;
    for (space, anonymous) in [(WSA, "/anonymous"), (OLD, "/role/anonymous")] {
        let header = format!(
            "<a:Action xmlns:a='{space}' s:mustUnderstand='1'>urn:farcall:Echo#i32</a:Action>\
             <a:MessageID xmlns:a='{space}'>urn:m:&lt;1></a:MessageID>\
             <a:ReplyTo xmlns:a='{space}' xmlns:k='urn:k' s:mustUnderstand='true'><a:Address>{space}{anonymous}</a:Address>\
             <a:ReferenceParameters><k:key k:a='1'>v<k:x/></k:key></a:ReferenceParameters></a:ReplyTo>"
        );
        for version in [Version::V11, Version::V12] {
            let (status, reply) = post(&url, version, &header).await;
            assert_eq!(status, StatusCode::OK, "{reply}");
            let to = format!("<a:To xmlns:a=\"{space}\">{space}{anonymous}</a:To>");
            let about = format!("<a:RelatesTo xmlns:a=\"{space}\">urn:m:&lt;1&gt;</a:RelatesTo>");
            let action =
                format!("<a:Action xmlns:a=\"{space}\">urn:farcall:Echo:Echo:i32Response</a:Action>");
            for expected in [&to, &about, &action] {
                assert!(reply.contains(expected.as_str()), "{expected}: {reply}");
            }
            assert!(reply.contains("farcall-wsa:IsReferenceParameter=\"true\""), "{reply}");
            assert!(reply.contains("k:a='1'>v<k:x/></k:key></s:Header>"), "{reply}");
            // a fault about the body says what it is about as well
            let wrong = header.replace("i32<", "string<");
            let (_, reply) = post(&url, version, &wrong).await;
            assert!(reply.contains("not that of the element"), "{reply}");
        }
        let strict = SoapServer::new().with_options(Options::default().refuse_unknown_elements());
        let strict = served(strict).await;
        let (_, reply) = post(&strict, Version::V11, &header.replace("#i32", "#nothing")).await;
        assert!(reply.contains("not that of"), "{reply}");
    }
}

#[tokio::test]
async fn replies_go_nowhere_else() {
    let url = served(SoapServer::new()).await;
    let header = |name: &str, address: &str| {
        format!("<a:{name} xmlns:a='{WSA}'><a:Address>{address}</a:Address></a:{name}>")
    };
    for name in ["ReplyTo", "FaultTo"] {
        let (status, reply) = post(&url, Version::V12, &header(name, "http://127.0.0.1:1/")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let codes = ["s:Sender", "x:InvalidAddressingHeader", "x:OnlyAnonymousAddressSupported"];
        assert!(codes.iter().all(|code| reply.contains(code)), "{reply}");
        let (_, reply) = post(&url, Version::V11, &header(name, &format!("{WSA}/anonymous")).repeat(2)).await;
        assert!(reply.contains(">x:InvalidCardinality<"), "{reply}");
    }
    let (status, reply) = post(&url, Version::V11, &header("ReplyTo", &format!("{WSA}/none"))).await;
    assert_eq!((status, reply.as_str()), (StatusCode::ACCEPTED, ""));
    let (_, reply) = post(&url, Version::V11, &format!("<a:ReplyTo xmlns:a='{WSA}'/>")).await;
    assert!(reply.contains(">x:InvalidEPR<"), "{reply}");
    let unknown = format!("<a:Unheard xmlns:a='{WSA}' s:mustUnderstand='1'/>");
    let (_, reply) = post(&url, Version::V11, &unknown).await;
    assert!(reply.contains("s:MustUnderstand"), "{reply}");
}

#[tokio::test]
async fn the_client_addresses_endpoints() {
    let options = Options::default().with_understood("urn:k", "key");
    let url = served(SoapServer::new().with_options(options)).await;
    let reference = format!(
        "<e xmlns:a='{WSA}' xmlns:k='urn:k'><a:Address> http://elsewhere/x </a:Address><a:Metadata/>\
         <a:ReferenceParameters><k:key>v</k:key></a:ReferenceParameters></e>"
    );
    let reference = EndpointReference::parse(&reference).unwrap();
    for version in [Version::V11, Version::V12] {
        let client = builder(&url, version).endpoint(&reference).build().unwrap();
        let operation =
            EchoClient::<Client>::interface().operations.iter().find(|o| o.name == "i32").unwrap();
        let request = client.request(&farcall_wire::Dynamic::new(operation, &[5.into()])).unwrap();
        let text = String::from_utf8(request).unwrap();
        for expected in [
            "http://elsewhere/x</a:To>",
            "urn:farcall:Echo#i32</a:Action>",
            "IsReferenceParameter",
            ">v</k:key>",
        ] {
            assert!(text.contains(expected), "{text}");
        }
        let client = EchoClient::new(client);
        assert_eq!(client.i32(5).await.unwrap(), 5);
    }
    assert!(EndpointReference::parse("<e/>").is_err() && EndpointReference::parse("<e").is_err());
}
