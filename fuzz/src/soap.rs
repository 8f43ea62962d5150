//! SOAP: envelopes with literal and encoded values, MIME messages and the headers of WS-Security, all
//! through the server, whose replies must be envelopes.

use std::cell::RefCell;
use std::sync::Arc;

use bytes::Bytes;
use farcall_model::{Interface, Operation, Param, Type, TypeRef, Value};
use farcall_net::HttpProtocol;
use farcall_soap::mime::{self, Part};
use farcall_soap::{EndpointReference, Security, SoapServer, Version};
use farcall_wire::{Context, DynamicService, Fault, Incoming, Limits};
use farcall_xml::{Event, Reader};
use tokio::runtime::{Builder, Runtime};

pub(crate) const WORDS: &[&str] = &[
    "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>",
    "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'>",
    "</s:Envelope>",
    "<s:Header>",
    "</s:Header>",
    "<s:Body>",
    "</s:Body>",
    "<f:any xmlns:f='urn:farcall:Fuzz'>",
    "</f:any>",
    "<x/>",
    " s:mustUnderstand='1'",
    " s:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'",
    " href='#1'",
    " id='1'",
    " href='cid:1'",
    " xmlns:i='http://www.w3.org/2001/XMLSchema-instance'",
    " i:nil='1'",
    " i:type='x:base64Binary' xmlns:x='http://www.w3.org/2001/XMLSchema'",
    " i:type='e:Array' e:arrayType='x:int[2]' xmlns:e='http://schemas.xmlsoap.org/soap/encoding/'",
    "<p:Include xmlns:p='http://www.w3.org/2004/08/xop/include' href='cid:1'/>",
    "<multiRef id='1'>",
    "<!--",
    "<![CDATA[",
    "]]>",
    "&#13;",
];

pub(crate) const MIME_WORDS: &[&str] = &[
    "--b\r\n",
    "--b--\r\n",
    "\r\n\r\n",
    "Content-ID: <1>\r\n",
    "Content-Type: application/xop+xml\r\n",
    "Content-Type: text/xml; charset=utf-8\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "=\r\n",
    "=3D",
    " \t",
];

pub(crate) const SECURITY_WORDS: &[&str] = &[
    "<w:UsernameToken>",
    "</w:UsernameToken>",
    "<w:Username>a</w:Username>",
    "<w:Password>b</w:Password>",
    " Type='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest'",
    "<w:Nonce>AAAA</w:Nonce>",
    "<u:Created>2026-11-22T00:00:00Z</u:Created>",
    "<u:Expires>9999-12-31T23:59:59Z</u:Expires>",
    "<u:Timestamp>",
    "</u:Timestamp>",
    " u:Id='a'",
    "<a:ReplyTo>",
    "</a:ReplyTo>",
    "<a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address>",
    "<a:ReferenceParameters>",
    "</a:ReferenceParameters>",
    "<a:MessageID>",
];

thread_local! {
    static SERVERS: RefCell<Servers> = RefCell::new(Servers::new());
}

struct Servers {
    runtime: Runtime,
    open: SoapServer,
    secured: SoapServer,
}

impl Servers {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let secured = server().with_security(Security::of_passwords(|user| Some(user.to_owned())));
        Self { runtime, open: server(), secured }
    }
}

/// A service that takes anything, and octets, and gives them back.
fn server() -> SoapServer {
    let operation = |name: &'static str, ty: Type| {
        let ty = TypeRef::from(ty);
        Operation::new(name).with_param(Param::new("x", ty.clone())).with_result(ty)
    };
    let interface = Interface::new("Fuzz")
        .with_operation(operation("any", Type::Any))
        .with_operation(operation("octets", Type::Sequence(Type::Bytes.into())));
    let service = DynamicService::new(interface, |call: Incoming| {
        let value = call.params.into_iter().next().unwrap_or(Value::Nil);
        std::future::ready(Ok::<_, Fault>(value))
    });
    SoapServer::new().with_service("", Arc::new(service))
}

/// Gives octets to a server as the body of a request, and checks what comes.
fn answered(is_secured: bool, content_type: &str, body: Bytes) {
    let request = http::Request::post("/").header("content-type", content_type);
    let (head, ()) = request.body(()).expect("a type that a header can hold").into_parts();
    let size = body.len();
    let limits = Limits::default().with_message_size(8 << 20).with_elements(100_000);
    let cx = Context::new().with_limits(limits.into());
    let reply = SERVERS.with_borrow(|servers| {
        let server = if is_secured { &servers.secured } else { &servers.open };
        servers.runtime.block_on(server.handle(&head, body, cx))
    });
    let ty = reply.headers().get("content-type").map(|ty| ty.to_str().expect("a type is text").to_owned());
    let Some(ty) = ty else { return assert!(reply.body().is_empty(), "a body without a type") };
    let envelope = if ty.starts_with("multipart/") {
        mime::read(&ty, reply.body(), &Limits::default()).expect("a reply of parts").root.body
    } else {
        reply.body().clone()
    };
    // references of rpc/encoded are written out, within the limit on the size of messages
    assert!(envelope.len() <= (64 << 20) + 100 * size, "{} octets for {size}", envelope.len());
    let text = std::str::from_utf8(&envelope).expect("a reply is UTF-8");
    let mut reader = Reader::new(text, farcall_xml::Limits::default().depth(2_000));
    match reader.next_start_or_end() {
        Ok(Event::Start(start)) if start.local() == "Envelope" => {}
        other => panic!("the reply is no envelope: {other:?}: {text}"),
    }
    if let Err(error) = reader.skip_element().and_then(|()| reader.finish()) {
        panic!("the reply is not well-formed: {error}: {text}");
    }
}

/// Gives the octets to a server as an envelope.
///
/// # Panics
/// If the reply is not one.
pub fn soap_envelope(data: &[u8]) {
    answered(false, Version::V11.content_type(), Bytes::copy_from_slice(data));
}

/// Reads the octets as a message of several parts, which can be written and is then read as the same;
/// and gives them to a server.
///
/// # Panics
/// If it is not.
pub fn soap_mime(data: &[u8]) {
    let ty = "multipart/related; type=\"application/xop+xml\"; boundary=b";
    let body = Bytes::copy_from_slice(data);
    match mime::read(ty, &body, &Limits::default()) {
        Err(error) => assert!(error.offset().is_some_and(|at| at <= data.len()), "{error}"),
        Ok(message) => {
            let printable = |part: &&Part| {
                let id = part.content_id.as_deref().unwrap_or_default();
                let plain = |text: &str| !text.contains(|c: char| c.is_control() || c == '\u{FFFD}');
                // brackets around an identifier are the writer's
                plain(id) && plain(&part.content_type) && !id.contains(['<', '>']) && id.trim() == id
            };
            let boundary = "never-in-any-part-7c0f6a";
            let has =
                |part: &Part| part.body.windows(boundary.len()).any(|octets| octets == boundary.as_bytes());
            if std::iter::once(&message.root).chain(&message.parts).all(|part| printable(&part) && !has(part))
            {
                let (ty, written) = mime::write(&message.root, &message.parts, None, boundary);
                let again = mime::read(&ty, &written, &Limits::default());
                assert_eq!(again.expect("what was written can be read"), message);
            }
        }
    }
    answered(false, ty, body);
}

/// Gives the octets to a server as what is in the header of a request, of WS-Security and
/// WS-Addressing; and reads them as an endpoint reference.
///
/// # Panics
/// If the reply is not an envelope.
pub fn soap_header(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let spaces = "xmlns:u='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd' \
                  xmlns:a='http://www.w3.org/2005/08/addressing'";
    let security = format!(
        "<w:Security xmlns:w='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'>{text}</w:Security>"
    );
    for header in [security.as_str(), text] {
        let envelope = format!(
            "<s:Envelope xmlns:s='{}' {spaces}><s:Header>{header}</s:Header><s:Body><f:any xmlns:f='urn:farcall:Fuzz'><f:x>5</f:x>\
             </f:any></s:Body></s:Envelope>",
            Version::V12.namespace()
        );
        answered(header == security, Version::V12.content_type(), envelope.into());
    }
    let _ = EndpointReference::parse(&format!("<e {spaces}>{text}</e>"));
}
