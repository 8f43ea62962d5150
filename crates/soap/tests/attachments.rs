//! Octets beside the XML: MTOM in both directions, SOAP with Attachments, and what is refused.

use std::sync::Arc;

use bytes::Bytes;
use farcall_builtin::echo::{Anything, AnythingClient, AnythingService};
use farcall_builtin::{Echo, EchoClient, EchoService, Mirror};
use farcall_model::Value;
use farcall_net::{HttpClient, SendOptions};
use farcall_soap::mime::{self, Part};
use farcall_soap::{Client, ClientOptions, SoapServer, Version};
use farcall_wire::{Dynamic, Limits, Remote};
use http::{Request, Response};

/// A server of the echo services; it ends with the test's runtime.
async fn served() -> String {
    let soap = SoapServer::new()
        .with_service("", Arc::new(AnythingService::new(Mirror)))
        .with_service("echo", Arc::new(EchoService::new(Mirror)));
    let builder = farcall_net::Server::builder().listen("127.0.0.1:0".parse().unwrap());
    let server = builder.http(soap).bind().await.unwrap();
    let base = format!("http://{}", server.addresses()[0]);
    tokio::spawn(server.run(std::future::pending()));
    base
}

async fn post(url: &str, content_type: &str, body: impl Into<Bytes>) -> Response<Bytes> {
    let request = Request::post(url).header("content-type", content_type).body(body.into()).unwrap();
    HttpClient::new().send(request, &SendOptions::default()).await.unwrap()
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8_lossy(response.body()).into_owned()
}

/// A message whose body is a call of `echo.bytes` with that inside of its parameter.
fn message(root: &str, attributes: &str, inside: &str) -> (String, Bytes) {
    let xml = format!(
        "<e:Envelope xmlns:e='{}'><e:Body><bytes xmlns='urn:farcall:Echo'><x {attributes}>{inside}</x></bytes>\
         </e:Body></e:Envelope>",
        Version::V11.namespace()
    );
    let part =
        Part::new("application/octet-stream", Bytes::from_static(b"\0\r\n--b\xff")).with_content_id("1@x y");
    mime::write(&Part::new(root, xml).with_content_id("root"), &[part], Some("text/xml"), "boundary")
}

const XOP: &str = "application/xop+xml; charset=utf-8; type=\"text/xml\"";

#[tokio::test]
async fn octets_go_beside_the_xml_in_both_directions() {
    let url = format!("{}/echo", served().await);
    for version in [Version::V11, Version::V12] {
        for size in [0, 99, 100, 300_000] {
            let octets = Bytes::from_iter((0..size).map(|n| n as u8));
            for threshold in [None, Some(100)] {
                let client = Client::builder(&url, EchoClient::<Client>::interface()).version(version);
                let client = match threshold {
                    Some(threshold) => client.options(ClientOptions::default().with_mtom(threshold)),
                    None => client,
                };
                let client = client.build().unwrap();
                let echoed = EchoClient::new(client).bytes(octets.clone()).await.unwrap();
                assert!(echoed == octets, "{version:?} {size} {threshold:?}");
            }
        }
    }
}

#[tokio::test]
async fn replies_are_by_mtom_to_those_who_use_it() {
    let url = format!("{}/echo", served().await);
    let (ty, body) =
        message(XOP, "", "<i:Include xmlns:i='http://www.w3.org/2004/08/xop/include' href='cid:1%40x y'/>");
    let reply = post(&url, &ty, body).await;
    // few octets stay in the XML
    assert_eq!(reply.headers()["content-type"], Version::V11.content_type());
    assert!(text(&reply).contains(">AA0KLS1i/w=="), "{}", text(&reply));
    let many = vec![0xa5; 5000];
    let client = Client::builder(&url, EchoClient::<Client>::interface())
        .options(ClientOptions::default().with_mtom(0))
        .build()
        .unwrap();
    let operation = &EchoClient::<Client>::interface().operations;
    let operation = operation.iter().find(|operation| operation.name == "bytes").unwrap();
    let request = client.request(&Dynamic::new(operation, &[Value::Bytes(many.clone().into())])).unwrap();
    let boundary = String::from_utf8_lossy(&request[2..]).lines().next().unwrap().to_owned();
    let ty = format!("Multipart/Related; type=\"application/xop+xml\"; boundary={boundary}");
    let reply = post(&url, &ty, request).await;
    let ty = reply.headers()["content-type"].to_str().unwrap();
    let message = mime::read(ty, reply.body(), &Limits::default()).unwrap();
    assert!(message.root.content_type.starts_with("application/xop+xml; charset=UTF-8; type=\"text/xml\""));
    assert_eq!(message.parts.iter().map(|part| &part.body[..]).collect::<Vec<_>>(), [&many[..]]);
    let xml = std::str::from_utf8(&message.root.body).unwrap();
    let id = message.parts[0].content_id.as_ref().unwrap();
    assert!(xml.contains(&format!("href=\"cid:{id}\"/>")) && !xml.contains("paWl"), "{xml}");
}

#[tokio::test]
async fn values_that_bring_their_type_go_beside_the_xml_too() {
    let base = served().await;
    let client = Client::builder(&base, AnythingClient::<Client>::interface())
        .options(ClientOptions::default().with_mtom(10))
        .build()
        .unwrap();
    let value = Value::from(vec![
        Value::Bytes(Bytes::from_static(b"0123456789abcdef")),
        Value::Bytes(Bytes::from_static(b"few")),
        Value::from(1),
    ]);
    let echoed = AnythingClient::new(client).echo(value.clone()).await.unwrap();
    assert_eq!(echoed, value);
}

#[tokio::test]
async fn soap_with_attachments() {
    let url = format!("{}/echo", served().await);
    for (attributes, inside) in
        [("href='cid:1@x%20y'", ""), ("href=\"CID:1%40x%20y\"", "\n"), ("", " cid:1@x y\n")]
    {
        let (ty, body) = message("text/xml", attributes, inside);
        let reply = text(&post(&url, &ty, body).await);
        assert!(reply.contains(">AA0KLS1i/w=="), "{reply}");
    }
    let part = Part::new("text/plain", "0123").with_content_id("mine");
    let client = Client::builder(&url, EchoClient::<Client>::interface())
        .options(ClientOptions::default().with_attachment(part))
        .build()
        .unwrap();
    assert_eq!(EchoClient::new(client).string("cid:mine".into()).await.unwrap(), "cid:mine");
}

#[tokio::test]
async fn what_refers_to_nothing_or_elsewhere_is_refused() {
    let url = format!("{}/echo", served().await);
    let include = |href: &str| format!("<i:Include xmlns:i='http://www.w3.org/2004/08/xop/include'{href}/>");
    for (root, attributes, inside, expected) in [
        (XOP, "", include(" href='cid:2'"), "no part of the Content-ID"),
        (XOP, "", include(" href='http://127.0.0.1/'"), "by cid: alone"),
        (XOP, "", include(" href='file:///etc/passwd'"), "by cid: alone"),
        (XOP, "", include(""), "without href"),
        (XOP, "", format!("AAAA{}", include(" href='cid:1@x y'")), "stands alone"),
        (XOP, "", include(" href='cid:1@x y'").repeat(2), "holds octets"),
        (XOP, "", "<Include href='cid:1@x y'/>".into(), "holds octets"),
        ("text/xml", "", include(" href='cid:1@x y'"), "holds octets"),
        ("text/xml", "href='cid:2'", String::new(), "no part of the Content-ID"),
    ] {
        let (ty, body) = message(root, attributes, &inside);
        let reply = post(&url, &ty, body).await;
        let reply = text(&reply);
        assert!(reply.contains(expected) && reply.contains("s:Client"), "{inside}: {reply}");
    }
    // in a message of one part there is nothing to refer to
    let (_, body) = message(XOP, "", &include(" href='cid:1@x y'"));
    let start = body.windows(2).position(|two| two == b"<e").unwrap();
    let end = body.windows(12).position(|end| end == b"</e:Envelope").unwrap() + 13;
    let reply = text(&post(&url, "text/xml", body.slice(start..end)).await);
    assert!(reply.contains("s:Client") && reply.contains("Include"), "{reply}");
    // halves and bombs of parts
    let (ty, body) = message(XOP, "", "");
    let reply = text(&post(&url, &ty, body.slice(..body.len() - 20)).await);
    assert!(reply.contains("breaks off") && reply.contains("s:Client"), "{reply}");
    let bomb = format!("{}--boundary--", "--boundary\r\n\r\n\r\n".repeat(2000));
    let reply = text(&post(&url, &ty, bomb).await);
    assert!(reply.contains("batch") && reply.contains("s:Client"), "{reply}");
}
