//! Requests that mean no good: each gets a fault, soon, and nobody else is harmed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use farcall::{Fault, service};
use farcall_builtin::{EchoService, FortuneService, FortuneTeller, Mirror};
use farcall_net::HttpProtocol;
use farcall_soap::{SoapServer, Version};
use farcall_wire::Context;
use http::{Request, StatusCode};
use proptest::prelude::*;

/// Hears without answering.
#[service(scope = "urn:note")]
trait Note {
    /// Takes a note.
    #[op(oneway)]
    async fn note(&self, text: String) -> Result<(), Fault>;
}

struct Deaf;

impl Note for Deaf {
    async fn note(&self, text: String) -> Result<(), Fault> {
        if text.is_empty() { Err(Fault::application(1, "there is nothing to note")) } else { Ok(()) }
    }
}

fn server() -> SoapServer {
    SoapServer::new()
        .with_service("echo", Arc::new(EchoService::new(Mirror)))
        .with_service("fortune", Arc::new(FortuneService::new(FortuneTeller::default())))
        .with_service("note", Arc::new(NoteService::new(Deaf)))
}

/// The status and the text of the answer; whatever the request is, there is one.
fn answer(path: &str, content_type: &str, body: &[u8]) -> (StatusCode, String) {
    let request = Request::post(path).header("content-type", content_type).header("soapaction", "\"\"");
    let (head, ()) = request.body(()).unwrap().into_parts();
    let body = Bytes::copy_from_slice(body);
    let server = server();
    let reply = farcall::block_on(server.handle(&head, body, Context::new()));
    (reply.status(), String::from_utf8(reply.body().to_vec()).unwrap())
}

fn in_envelope(body: &str) -> String {
    let namespace = Version::V11.namespace();
    format!("<e:Envelope xmlns:e='{namespace}'><e:Body>{body}</e:Body></e:Envelope>")
}

#[test]
fn one_way_calls_are_accepted() {
    let call = |text: &str| {
        let body = format!("<note xmlns='urn:note'><text>{text}</text></note>");
        answer("/note", "text/xml", in_envelope(&body).as_bytes())
    };
    assert_eq!(call("x"), (StatusCode::ACCEPTED, String::new()));
    let (status, reply) = call("");
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(reply.contains("there is nothing to note"), "{reply}");
}

#[test]
fn what_is_too_much_is_refused_soon() {
    let attributes: String = (0..100_000).map(|n| format!(" a{n}='x'")).collect();
    let namespaces: String = (0..100_000).map(|n| format!(" xmlns:p{n}='urn:{n}'")).collect();
    let headers = format!("<h:x xmlns:h='urn:h'{attributes}/>");
    let envelope = |header: &str, body: &str| {
        in_envelope(body).replace("<e:Body>", &format!("<e:Header>{header}</e:Header><e:Body>"))
    };
    let open = "<echo:x>".repeat(100_000);
    let lolz = "<!DOCTYPE l [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>";
    for (name, body) in [
        ("entities", format!("{lolz}{}", in_envelope("<a>&b;</a>"))),
        (
            "attributes",
            in_envelope(&format!("<echo:any xmlns:echo='urn:farcall:Echo'><echo:x{attributes}/></echo:any>")),
        ),
        ("namespaces", in_envelope(&format!("<echo:any{namespaces} xmlns:echo='urn:farcall:Echo'/>"))),
        ("attributes of a header", envelope(&headers, "<a/>")),
        ("headers", envelope(&"<h:x xmlns:h='urn:h'/>".repeat(50_000), "<a/>")),
        ("depth", in_envelope(&format!("<echo:any xmlns:echo='urn:farcall:Echo'>{open}"))),
        (
            "half a message",
            in_envelope("<echo:string xmlns:echo='urn:farcall:Echo'><echo:x>a")[..120].to_owned(),
        ),
        (
            "a cycle",
            in_envelope(
                "<echo:tree xmlns:echo='urn:farcall:Echo' e:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'><x href='#a'/></echo:tree><m id='a'><label/><branches href='#a'/></m>",
            ),
        ),
    ] {
        let began = Instant::now();
        let (status, reply) = answer("/", "text/xml", body.as_bytes());
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{name}: {reply}");
        assert!(reply.contains("<faultcode>s:Client</faultcode>"), "{name}: {reply}");
        assert!(began.elapsed() < Duration::from_secs(5), "{name} took {:?}", began.elapsed());
    }
}

#[test]
fn faults_quote_no_more_than_the_beginning_of_a_name() {
    let long = "x".repeat(100_000);
    for body in [
        format!("<{long} xmlns='urn:farcall:Echo'/>"),
        format!("<e:{long} xmlns:e='urn:farcall:Echo'><e:{long}></e:{long}"),
        format!(
            "<e:structure xmlns:e='urn:farcall:Echo'><e:x><e:name><{long}/></e:name></e:x></e:structure>"
        ),
    ] {
        let (status, reply) = answer("/echo", "text/xml", in_envelope(&body).as_bytes());
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(reply.len() < 4_000, "{} bytes: {}", reply.len(), &reply[..600]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_octets_get_a_fault(body in prop::collection::vec(any::<u8>(), 0..200), soap12 in any::<bool>()) {
        let ty = if soap12 { "application/soap+xml" } else { "text/xml" };
        let (status, reply) = answer("/fortune", ty, &body);
        prop_assert!(status.is_client_error() || status.is_server_error());
        prop_assert!(reply.contains("<s:Fault>"));
    }

    #[test]
    fn damaged_requests_get_an_answer(at in 0_usize..2000, byte in any::<u8>(), cut in any::<bool>()) {
        let body = "<e:structure xmlns:e='urn:farcall:Echo' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>\
                    <e:x><e:name>a&lt;</e:name><e:size>1</e:size><e:ratio>0.5</e:ratio><e:tags>t</e:tags>\
                    <e:tags/><e:note i:nil='true'/></e:x></e:structure>";
        let mut request = in_envelope(body).into_bytes();
        let at = at % request.len();
        request[at] = byte;
        if cut {
            request.truncate(at);
        }
        let (status, reply) = answer("/echo", "text/xml", &request);
        prop_assert_eq!(status.is_success(), !reply.contains("<s:Fault>"));
        prop_assert!(reply.ends_with("</s:Envelope>"));
    }

    #[test]
    fn damaged_references_get_an_answer(at in 0_usize..2000, byte in 0x20_u8..0x7f) {
        let body = "<e:tree xmlns:e='urn:farcall:Echo' x:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/' \
                    xmlns:x='http://schemas.xmlsoap.org/soap/envelope/'><x href='#1'/></e:tree>\
                    <m id='1'><label>r</label><branches href='#2'/><branches href='#2'/></m><m id='2'><label href='#3'/></m><m id='3'>l</m>";
        let mut request = in_envelope(body).into_bytes();
        let at = at % request.len();
        request[at] = byte;
        let (_, reply) = answer("/echo", "text/xml", &request);
        prop_assert!(reply.ends_with("</s:Envelope>"));
    }
}
