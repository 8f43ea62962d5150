//! What clients make of replies, those of other stacks and broken ones.

use bytes::Bytes;
use farcall_builtin::bank::Refused;
use farcall_builtin::{Bank, BankClient, Echo, EchoClient, EchoService, Mirror};
use farcall_model::{Record, Value};
use farcall_net::{BoxFuture, HttpProtocol};
use farcall_soap::{Client, SoapServer, Version};
use farcall_wire::{CallError, Completion, Context, Fault, FaultKind, Remote};
use http::request::Parts;
use http::{Response, StatusCode};

/// Answers whatever is asked with the same.
struct Canned {
    status: u16,
    content_type: &'static str,
    body: String,
}

impl HttpProtocol for Canned {
    fn name(&self) -> &'static str {
        "canned"
    }

    fn claims(&self, _: &Parts, _: &Bytes) -> bool {
        true
    }

    fn handle<'a>(&'a self, _: &'a Parts, _: Bytes, _: Context) -> BoxFuture<'a, Response<Bytes>> {
        Box::pin(async move {
            let mut reply = Response::new(Bytes::from(self.body.clone()));
            *reply.status_mut() = StatusCode::from_u16(self.status).unwrap();
            reply.headers_mut().insert("content-type", self.content_type.parse().unwrap());
            reply
        })
    }

    fn refuse(&self, _: &Parts, fault: Fault) -> Response<Bytes> {
        Response::new(fault.to_string().into())
    }
}

/// The URL of a server of that protocol.
async fn serve(protocol: impl HttpProtocol) -> String {
    let builder = farcall_net::Server::builder().listen("127.0.0.1:0".parse().unwrap());
    let server = builder.http(protocol).bind().await.unwrap();
    let url = format!("soap+http://{}/x", server.addresses()[0]);
    tokio::spawn(server.run(std::future::pending()));
    url
}

async fn canned(status: u16, body: &str) -> String {
    serve(Canned { status, content_type: "text/xml; charset=utf-8", body: body.to_owned() }).await
}

fn bank(url: &str) -> BankClient<Client> {
    BankClient::new(Client::connect(url, BankClient::<Client>::interface()).unwrap())
}

fn echo(url: &str) -> EchoClient<Client> {
    EchoClient::new(Client::connect(url, EchoClient::<Client>::interface()).unwrap())
}

fn envelope(version: Version, body: &str) -> String {
    let ns = version.namespace();
    format!(
        "<?xml version='1.0'?>\n<E:Envelope xmlns:E='{ns}'>\n <E:Body>\n{body}\n </E:Body>\n</E:Envelope>"
    )
}

#[tokio::test]
async fn typed_faults_however_they_are_written() {
    let members = "<balance>1</balance><requested>2.5</requested>";
    let qualified = format!(
        "<b:InsufficientFunds xmlns:b='urn:farcall:Bank'>{}</b:InsufficientFunds>",
        members.replace("<", "<b:").replace("<b:/", "</b:")
    );
    let unqualified = format!("<InsufficientFunds>{members}</InsufficientFunds>");
    for detail in [qualified, unqualified] {
        let soap11 = format!(
            "<E:Fault><faultcode>E:Server</faultcode><faultstring>no</faultstring><faultactor>x</faultactor>\
             <detail><other/>{detail}</detail></E:Fault>"
        );
        let soap12 = format!(
            "<E:Fault><E:Code><E:Value>E:Receiver</E:Value><E:Subcode><E:Value>x</E:Value></E:Subcode></E:Code>\
             <E:Reason><E:Text xml:lang='de'>nein</E:Text></E:Reason><E:Detail>{detail}</E:Detail></E:Fault>"
        );
        for reply in [envelope(Version::V11, &soap11), envelope(Version::V12, &soap12)] {
            let error = bank(&canned(500, &reply).await).balance("A".into()).await.unwrap_err();
            let CallError::User(Refused::Funds(funds)) = error else { panic!("{reply}: {error}") };
            assert_eq!((funds.balance, funds.requested), (1.0, 2.5));
        }
    }
}

#[tokio::test]
async fn faults_of_others_keep_what_they_say() {
    let fault = "<E:Fault><faultcode>E:Client.Auth</faultcode><faultstring>who are you</faultstring>\
                 <detail><why><code>7</code></why></detail></E:Fault>";
    let fault = echo(&canned(500, &envelope(Version::V11, fault)).await).nothing().await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::InvalidParameters, Completion::No));
    assert!(fault.is_remote() && fault.message() == "nothing: who are you", "{fault:?}");
    assert_eq!(fault.detail(), Some(&Value::from(Record::new().with("code", "7"))));
    let fault = "<E:Fault><faultcode>E:Server</faultcode><faultstring/></E:Fault>";
    let fault = echo(&canned(500, &envelope(Version::V11, fault)).await).nothing().await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Internal, Completion::Maybe));
    // as gSOAP has its plugins' faults: a code of another namespace, and text for a detail
    let fault = "<E:Fault><faultcode xmlns:w='urn:w'>w:FailedAuthentication</faultcode><faultstring>no</faultstring>\
                 <detail> Username authentication <![CDATA[required]]> </detail></E:Fault>";
    let fault = echo(&canned(500, &envelope(Version::V11, fault)).await).nothing().await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Unauthenticated, Completion::No));
    assert_eq!(fault.detail(), Some(&Value::from("Username authentication required")));
    assert_eq!(fault.code_names(), ["{urn:w}FailedAuthentication"]);
}

#[tokio::test]
async fn codes_of_faults_and_who_they_arose_at_are_kept() {
    let fault_of = async |version, fault: &str| {
        echo(&canned(500, &envelope(version, fault)).await).nothing().await.unwrap_err()
    };
    let fault = "<E:Fault><faultcode>E:Client.Auth.Expired</faultcode><faultstring>no</faultstring>\
                 <faultactor> urn:gate </faultactor></E:Fault>";
    let fault = fault_of(Version::V11, fault).await;
    assert_eq!(
        (fault.code_names(), fault.actor()),
        (&["Client.Auth.Expired".to_owned()][..], Some("urn:gate"))
    );
    // a prefix that the code's element declares, and codes in codes
    let inner = "<E:Subcode><E:Value xmlns:a='urn:a'>a:Stale</E:Value></E:Subcode>";
    let fault = format!(
        "<E:Fault xmlns:w='urn:w'><E:Code><E:Value>E:Sender</E:Value><E:Subcode><E:Value> w:Expired </E:Value>{inner}\
         </E:Subcode></E:Code><E:Reason><E:Text xml:lang='en'>no</E:Text></E:Reason><E:Node>urn:node</E:Node>\
         <E:Role>urn:role</E:Role></E:Fault>"
    );
    let fault = fault_of(Version::V12, &fault).await;
    assert_eq!(fault.code_names(), ["Sender", "{urn:w}Expired", "{urn:a}Stale"]);
    assert_eq!((fault.kind(), fault.actor()), (FaultKind::InvalidParameters, Some("urn:role")));
    // a prefix that nobody declares, and more codes than anybody needs
    let many = "<E:Subcode><E:Value>w:X</E:Value>".repeat(50) + &"</E:Subcode>".repeat(50);
    let fault = format!("<E:Fault><E:Code><E:Value>Sender</E:Value>{many}</E:Code></E:Fault>");
    let fault = fault_of(Version::V12, &fault).await;
    assert_eq!(
        (&fault.code_names()[..2], fault.code_names().len()),
        (&["Sender".to_owned(), "X".to_owned()][..], 8)
    );
    // ours say the rules for calls
    let server = farcall::Server::new().service("echo", EchoService::new(Mirror));
    let running = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = format!("soap+http://{}/echo", running.address());
    let nothing = farcall_model::Interface::new("Echo").with_scope("farcall");
    let client = Client::builder(&url, &nothing).version(Version::V12).build().unwrap();
    let fault =
        farcall::Client::new(farcall::Connection::Soap(client)).call_values("none", &[]).await.unwrap_err();
    assert_eq!(fault.code_names(), ["Sender", "{http://www.w3.org/2003/05/soap-rpc}ProcedureNotPresent"]);
    running.stop().await;
}

#[tokio::test]
async fn a_blank_line_comes_before_the_declaration() {
    let reply =
        envelope(Version::V11, "<listResponse xmlns='urn:farcall:Echo'><return>a</return></listResponse>");
    let got = echo(&canned(200, &format!("\r\n{reply}")).await).list(vec![]).await.unwrap();
    assert_eq!(got, ["a"]);
}

#[tokio::test]
async fn results_under_other_names() {
    let reply = "<x:listResult xmlns:x='urn:farcall:Echo' xmlns:e='urn:else'><x:out>a</x:out><x:out/><e:more>b</e:more></x:listResult>";
    let got = echo(&canned(200, &envelope(Version::V11, reply)).await).list(vec![]).await.unwrap();
    assert_eq!(got, ["a", ""]);
    let empty = canned(200, &envelope(Version::V11, "")).await;
    echo(&empty).nothing().await.unwrap();
    assert_eq!(echo(&empty).optional(None).await.unwrap(), None);
    let fault = echo(&empty).string(String::new()).await.unwrap_err();
    assert_eq!((fault.kind(), fault.completion()), (FaultKind::Protocol, Completion::Maybe), "{fault}");
}

#[tokio::test]
async fn replies_that_are_none() {
    let whole = envelope(
        Version::V11,
        "<stringResponse xmlns='urn:farcall:Echo'><return>x</return></stringResponse>",
    );
    for (status, body, kind, completion) in [
        (200, "<html>hello</html>", FaultKind::Protocol, Completion::Maybe),
        (200, "", FaultKind::Protocol, Completion::Maybe),
        (200, &whole[..whole.len() / 2], FaultKind::Protocol, Completion::Maybe),
        (200, "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", FaultKind::Protocol, Completion::Maybe),
        (404, "not here", FaultKind::UnknownObject, Completion::No),
        (401, "", FaultKind::Unauthenticated, Completion::No),
        (415, "", FaultKind::Unsupported, Completion::No),
        (502, "<html/>", FaultKind::Internal, Completion::Maybe),
        (503, "busy", FaultKind::Overloaded, Completion::No),
    ] {
        let fault = echo(&canned(status, body).await).string("x".into()).await.unwrap_err();
        assert_eq!((fault.kind(), fault.completion()), (kind, completion), "{status} {body}: {fault}");
    }
    let nobody = echo("soap+http://127.0.0.1:1/x").string("x".into()).await.unwrap_err();
    assert_eq!((nobody.kind(), nobody.completion()), (FaultKind::Transport, Completion::No), "{nobody}");
    for bad in ["x", "soap+ftp://h/", "soap+http://h h/"] {
        let fault = Client::connect(bad, BankClient::<Client>::interface()).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::InvalidParameters);
    }
}

/// Refuses everything, with a number and a value.
#[farcall::service(scope = "urn:no")]
trait No {
    /// Never.
    async fn no(&self, detail: Value) -> Result<(), Fault>;
}

struct Never;

impl No for Never {
    async fn no(&self, detail: Value) -> Result<(), Fault> {
        Err(Fault::application(42, "never").with_detail(detail))
    }
}

#[tokio::test]
async fn faults_of_ours_come_whole() {
    let server = SoapServer::new().with_service("x", std::sync::Arc::new(NoService::new(Never)));
    let url = serve(server).await;
    let no = NoClient::new(Client::connect(&url, NoClient::<Client>::interface()).unwrap());
    let detail = Value::from(vec![Value::from(1_i32), Value::from("x")]);
    let fault = no.no(detail.clone()).await.unwrap_err();
    assert_eq!(
        (fault.kind(), fault.code(), fault.detail()),
        (FaultKind::Application, Some(42), Some(&detail))
    );
    assert_eq!(fault.completion(), Completion::Yes);
}
