//! Services over SOAP: typed clients of ours, requests as others send them, and what is refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use farcall_builtin::echo::{AnythingService, Color, Corner, Shape, Structure, Tree};
use farcall_builtin::{
    Bank, BankClient, BankService, Echo, EchoClient, EchoService, Fortune, FortuneClient, FortuneService,
    FortuneTeller, Mirror, Strings, StringsClient, StringsService, Text, Vault,
};
use farcall_model::{Decimal, Value};
use farcall_net::{HttpClient, SendOptions};
use farcall_soap::{Client, Options, SoapServer, Version, decode_element};
use farcall_wire::{CallError, Completion, Context, Fault, FaultKind, Ref, Remote, Typed};
use http::{Request, Response, StatusCode};

/// A server of the built-in services over SOAP and XML-RPC alike.
struct Served {
    base: String,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn served() -> Served {
    let anything = Arc::new(AnythingService::new(Mirror));
    let bank = Arc::new(BankService::new(Vault::default()));
    let echo = Arc::new(EchoService::new(Mirror));
    let fortune = Arc::new(FortuneService::new(FortuneTeller::default()));
    let strings = Arc::new(StringsService::new(Text));
    let soap = SoapServer::new()
        .with_options(Options::default().with_understood("urn:h", "known"))
        .with_service("", anything)
        .with_service("bank", bank)
        .with_service("echo", echo)
        .with_service("fortune", Arc::clone(&fortune) as _)
        .with_service("strings", strings);
    let xmlrpc = farcall_xmlrpc::XmlRpcServer::new().with_service("fortune", fortune);
    let builder = farcall_net::Server::builder().listen("127.0.0.1:0".parse().unwrap());
    let server = builder.route(soap.wsdl()).http(soap).http(xmlrpc).bind().await.unwrap();
    let base = format!("http://{}", server.addresses()[0]);
    Served { base, task: tokio::spawn(server.run(std::future::pending())) }
}

impl Served {
    fn client<R: Remote>(&self, path: &str, version: Version) -> Client {
        let url = format!("soap+{}/{path}", self.base);
        Client::builder(&url, R::interface()).version(version).build().unwrap()
    }

    async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Response<Bytes> {
        let mut request = Request::post(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        HttpClient::new().send(request, &SendOptions::default()).await.unwrap()
    }

    async fn get(&self, path: &str) -> Response<Bytes> {
        let request = Request::get(format!("{}{path}", self.base)).body(Bytes::new()).unwrap();
        HttpClient::new().send(request, &SendOptions::default()).await.unwrap()
    }
}

fn envelope(version: Version, header: &str, body: &str) -> String {
    let ns = version.namespace();
    format!("<e:Envelope xmlns:e='{ns}'><e:Header>{header}</e:Header><e:Body>{body}</e:Body></e:Envelope>")
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

const COOKIE: &str = "<get_cookie xmlns='urn:farcall:Fortune'/>";

#[tokio::test]
async fn every_type_of_the_model_there_and_back() {
    let served = served().await;
    for version in [Version::V11, Version::V12] {
        let echo = EchoClient::new(served.client::<EchoClient<Client>>("echo", version));
        echo.nothing().await.unwrap();
        assert!(echo.bool(true).await.unwrap());
        assert_eq!(echo.i8(-8).await.unwrap(), -8);
        assert_eq!(echo.u64(u64::MAX).await.unwrap(), u64::MAX);
        assert!(echo.f64(f64::NAN).await.unwrap().is_nan());
        assert_eq!(echo.f32(f32::NEG_INFINITY).await.unwrap(), f32::NEG_INFINITY);
        let digits: Decimal = "12345678901234567890123456789012345.678".parse().unwrap();
        assert_eq!(echo.decimal(digits.clone()).await.unwrap().as_str(), digits.as_str());
        assert_eq!(echo.char('😀').await.unwrap(), '😀');
        for text in ["", " ", "a<b>&\"'\r\n\t]]>", "é😀"] {
            assert_eq!(echo.string(text.to_owned()).await.unwrap(), text);
        }
        let octets = Bytes::from((0..=255).collect::<Vec<u8>>());
        assert_eq!(echo.bytes(octets.clone()).await.unwrap(), octets);
        for when in ["2026-11-22T14:08:55+05:30", "2026-11-22T14:08:55Z", "2026-11-22T14:08:55.25"] {
            assert_eq!(echo.datetime(when.parse().unwrap()).await.unwrap().to_string(), when);
        }
        assert_eq!(echo.list(Vec::new()).await.unwrap(), Vec::<String>::new());
        assert_eq!(echo.list(vec!["one".into()]).await.unwrap(), ["one"]);
        assert_eq!(echo.array([1, 2, 3]).await.unwrap(), [1, 2, 3]);
        assert_eq!(echo.map(BTreeMap::new()).await.unwrap(), BTreeMap::new());
        let map = BTreeMap::from([("a".to_owned(), 1), (String::new(), 2)]);
        assert_eq!(echo.map(map.clone()).await.unwrap(), map);
        for text in [None, Some(String::new()), Some("x".to_owned())] {
            assert_eq!(echo.optional(text.clone()).await.unwrap(), text);
        }
        let optionals = vec![None, Some(String::new()), Some("x".to_owned()), None];
        assert_eq!(echo.optionals(optionals.clone()).await.unwrap(), optionals);
        assert_eq!(echo.pair(("a".into(), 1)).await.unwrap(), ("a".into(), 1));
        assert_eq!(echo.color(Color::Blue).await.unwrap(), Color::Blue);
        for shape in [Shape::Point, Shape::Polygon(vec![Corner { x: 1.0, y: 2.0 }]), Shape::Polygon(vec![])] {
            assert_eq!(echo.shape(shape.clone()).await.unwrap(), shape);
        }
        let structure =
            Structure { name: "n".into(), size: 1, ratio: 0.1, tags: vec![], note: Some("x".into()) };
        assert_eq!(echo.structure(structure.clone()).await.unwrap(), structure);
        let structures =
            vec![structure.clone(), Structure { tags: vec!["t".into()], note: None, ..structure }];
        assert_eq!(echo.structures(structures.clone()).await.unwrap(), structures);
        let tree = Tree { label: "r".into(), branches: vec![Tree { label: "l".into(), branches: vec![] }] };
        assert_eq!(echo.tree(tree.clone()).await.unwrap(), tree);
        for value in [Value::Nil, Value::from(1_i32), Value::from(vec![Value::from("x"), Value::Map(vec![])])]
        {
            assert_eq!(echo.any(value.clone()).await.unwrap(), value);
        }
        for reference in [Ref::nil(), Ref::new("http://127.0.0.1:1/fortune")] {
            assert_eq!(echo.reference(reference.clone()).await.unwrap(), reference);
        }
    }
}

#[tokio::test]
async fn typed_exceptions_and_faults() {
    let served = served().await;
    for version in [Version::V11, Version::V12] {
        let bank = BankClient::new(served.client::<BankClient<Client>>("bank", version));
        let refused = bank.open("ann".into(), Some(-9.0)).await.unwrap_err();
        let CallError::User(farcall_builtin::bank::Refused::Funds(funds)) = refused else {
            panic!("{refused}");
        };
        assert_eq!((funds.balance, funds.requested), (0.0, 9.0));
        let refused = bank.balance("nobody's".into()).await.unwrap_err();
        assert!(
            matches!(&refused, CallError::User(farcall_builtin::bank::Refused::Account(a)) if a.account == "nobody's")
        );
        assert_eq!(bank.accounts(Some("ann".into())).await.unwrap(), []);
        // a name that the server does not have
        let strings = StringsClient::new(served.client::<StringsClient<Client>>("bank", version));
        let fault = strings.upper("a".into()).await.unwrap_err();
        assert_eq!(
            (fault.kind(), fault.completion()),
            (FaultKind::UnknownOperation, Completion::No),
            "{fault}"
        );
        let strings = StringsClient::new(served.client::<StringsClient<Client>>("", version));
        assert_eq!(strings.word_count("a b".into()).await.unwrap(), 2);
        let fortune = FortuneClient::new(served.client::<FortuneClient<Client>>("RPC2", version));
        assert!(!fortune.get_cookie().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn answers_in_kind_with_the_status_of_the_version() {
    let served = served().await;
    let soap11 = served
        .post(
            "/fortune",
            &[("content-type", "text/xml"), ("soapaction", "\"\"")],
            &envelope(Version::V11, "", COOKIE),
        )
        .await;
    assert_eq!(soap11.status(), StatusCode::OK);
    assert_eq!(soap11.headers()["content-type"], "text/xml; charset=utf-8");
    assert!(text(&soap11).contains("<n:get_cookieResponse><n:return>"), "{}", text(&soap11));
    let soap12 = served
        .post(
            "/fortune",
            &[("content-type", "application/soap+xml; charset=utf-8")],
            &envelope(Version::V12, "", COOKIE),
        )
        .await;
    assert_eq!(soap12.headers()["content-type"], "application/soap+xml; charset=utf-8");
    // the callers' mistakes
    let wrong = "<upper xmlns='urn:farcall:Strings'><t>x</t></upper>";
    let soap11 = served.post("/strings", &[], &envelope(Version::V11, "", wrong)).await;
    assert_eq!(soap11.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(text(&soap11).contains("<faultcode>s:Client</faultcode>"), "{}", text(&soap11));
    let soap12 = served.post("/strings", &[], &envelope(Version::V12, "", wrong)).await;
    assert_eq!(soap12.status(), StatusCode::BAD_REQUEST);
    assert!(text(&soap12).contains("<s:Value>s:Sender</s:Value>"), "{}", text(&soap12));
    let wrong =
        "<echo:array xmlns:echo='urn:farcall:Echo'>\n<echo:x>1</echo:x><echo:x>two</echo:x></echo:array>";
    let reply = text(&served.post("/", &[], &envelope(Version::V11, "", wrong)).await);
    assert!(reply.contains("x[1]: 'two' is not a valid int") || reply.contains("x: [1]: 'two'"), "{reply}");
    assert!(reply.contains("line 2") && reply.contains("/e:Envelope/e:Body/echo:array/echo:x[2]"), "{reply}");
}

#[tokio::test]
async fn dispatch_is_by_the_body_and_the_action_must_agree() {
    let served = served().await;
    let body = envelope(Version::V11, "", COOKIE);
    for action in ["\"\"", "\"urn:farcall:Fortune#get_cookie\"", "get_cookie", "urn:x/get_cookie"] {
        let reply = served.post("/fortune", &[("soapaction", action)], &body).await;
        assert_eq!(reply.status(), StatusCode::OK, "{action}: {}", text(&reply));
    }
    let reply = served.post("/fortune", &[("soapaction", "\"urn:farcall:Bank#close\"")], &body).await;
    assert_eq!(reply.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(text(&reply).contains("is not that of the element"), "{}", text(&reply));
    let ty = "application/soap+xml; action=\"urn:farcall:Bank#close\"";
    let reply = served.post("/fortune", &[("content-type", ty)], &envelope(Version::V12, "", COOKIE)).await;
    assert_eq!(reply.status(), StatusCode::BAD_REQUEST);
    // another service's element is not answered at this one's URL
    let reply = served.post("/bank", &[], &body).await;
    assert_eq!(reply.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let elsewhere = served.post("/nowhere", &[], &body).await;
    assert!(text(&elsewhere).contains("there is no service at /nowhere"), "{}", text(&elsewhere));
}

#[tokio::test]
async fn headers_doctypes_and_strange_envelopes() {
    let served = served().await;
    let call = async |header: &str| {
        let reply = served.post("/fortune", &[], &envelope(Version::V11, header, COOKIE)).await;
        (reply.status(), text(&reply))
    };
    assert_eq!(call("<h:any xmlns:h='urn:h'><x/></h:any>").await.0, StatusCode::OK);
    assert_eq!(call("<h:known xmlns:h='urn:h' e:mustUnderstand='1'/>").await.0, StatusCode::OK);
    assert_eq!(
        call("<h:far xmlns:h='urn:h' e:mustUnderstand='1' e:actor='urn:somebody'/>").await.0,
        StatusCode::OK
    );
    let (status, reply) = call("<h:other xmlns:h='urn:h' e:mustUnderstand='1'/>").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(reply.contains("<faultcode>s:MustUnderstand</faultcode>"), "{reply}");
    let body = envelope(Version::V11, "", COOKIE);
    for (body, expected) in [
        (body.replace("http://schemas.xmlsoap.org/soap/envelope/", "urn:else"), "s:VersionMismatch"),
        (format!("<!DOCTYPE a>{body}"), "document type declarations are refused"),
        (body.replace(COOKIE, ""), "the &lt;Body&gt; is empty"),
        (body.replace("</e:Header>", ""), "s:Client"),
        (body[..body.len() / 2].to_owned(), "s:Client"),
    ] {
        let reply = served.post("/fortune", &[("soapaction", "")], &body).await;
        assert!(reply.status().is_server_error() || reply.status().is_client_error());
        assert!(text(&reply).contains(expected), "{body}: {}", text(&reply));
    }
    // what 1.2 adds to say what would be understood
    let body = envelope(Version::V12, "<h:other xmlns:h='urn:h' e:mustUnderstand='true'/>", COOKIE);
    let reply = text(&served.post("/fortune", &[], &body).await);
    assert!(
        reply.contains("xmlns:h=\"urn:h\" qname=\"h:other\"/>") && reply.contains("s:MustUnderstand"),
        "{reply}"
    );
    let body = envelope(Version::V11, "", COOKIE);
    let unknown = body.replace("http://schemas.xmlsoap.org/soap/envelope/", "urn:else");
    let reply = text(&served.post("/fortune", &[], &unknown).await);
    assert!(reply.contains("qname=\"v0:Envelope\"/>"), "{reply}");
    // UTF-16, said by nothing but its first octets
    let wide: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let request = Request::post(format!("{}/fortune", served.base)).body(Bytes::from(wide)).unwrap();
    let reply = HttpClient::new().send(request, &SendOptions::default()).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK, "{}", text(&reply));
}

/// Gives back what it was told in a header.
#[farcall::service(scope = "urn:seen")]
trait Seen {
    /// The header, as XML.
    async fn header(&self, cx: &Context) -> Result<String, Fault>;

    /// Answers with a header, or refuses the one that it got with one.
    async fn answer(&self, cx: &Context, refuse: bool) -> Result<i32, Fault>;
}

struct Eyes;

impl Seen for Eyes {
    async fn header(&self, cx: &Context) -> Result<String, Fault> {
        Ok(cx.metadata().map(|(name, xml)| format!("{name} {xml}")).collect())
    }

    async fn answer(&self, cx: &Context, refuse: bool) -> Result<i32, Fault> {
        cx.answer_with("{urn:h}spent", "<h:spent xmlns:h='urn:h'>5</h:spent>");
        cx.answer_with("{urn:h}odd", "<h:spent xmlns:h='urn:h'>");
        if refuse { Err(Fault::new(FaultKind::Forbidden, "the token is spent")) } else { Ok(1) }
    }
}

#[tokio::test]
async fn headers_go_there_as_metadata() {
    let options = Options::default().with_understood("urn:h", "token");
    let soap = SoapServer::new().with_options(options).with_service("seen", Arc::new(SeenService::new(Eyes)));
    let builder = farcall_net::Server::builder().listen("127.0.0.1:0".parse().unwrap());
    let server = builder.http(soap).bind().await.unwrap();
    let url = format!("soap+http://{}/seen", server.addresses()[0]);
    let task = tokio::spawn(server.run(std::future::pending()));
    let client = SeenClient::new(Client::connect(&url, SeenClient::<Client>::interface()).unwrap());
    let header = "<h:token xmlns:h='urn:h'><s:x/></h:token><h:other xmlns:h='urn:h'/>";
    let seen = client.header(&Context::new().with_metadata("{urn:h}token", header)).await.unwrap();
    assert!(seen.starts_with("{urn:h}token <h:token ") && seen.ends_with("<s:x/></h:token>"), "{seen}");
    assert!(seen.contains(" xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""), "{seen}");
    // and what goes with the answer; what is not well-formed does not
    for version in [Version::V11, Version::V12] {
        let interface = SeenClient::<Client>::interface();
        let client = Client::builder(&url, interface).version(version).build().unwrap();
        let operation = interface.operation("answer").unwrap();
        let call = Typed::<_, Result<i32, Fault>>::new(operation, (false,));
        let (one, headers) = client.call_with_headers(&Context::new(), &call).await.unwrap();
        let [(name, xml)] = &headers[..] else { panic!("{headers:?}") };
        assert_eq!((one.unwrap(), name.as_str()), (1, "{urn:h}spent"));
        assert_eq!(decode_element::<i32>("urn:h", xml).unwrap(), 5);
        let call = Typed::<_, Result<i32, Fault>>::new(operation, (true,));
        let fault = client.call_with_headers(&Context::new(), &call).await.unwrap_err();
        assert_eq!(
            (fault.kind(), fault.message()),
            (FaultKind::Forbidden, "answer: seen.answer: the token is spent")
        );
        let spent = fault.detail().and_then(|detail| detail.field("{urn:h}spent"));
        assert_eq!(spent, Some(&"5".into()), "{fault:?}");
    }
    task.abort();
}

#[tokio::test]
async fn one_url_for_both_protocols_and_the_wsdl() {
    let served = served().await;
    let call = "<?xml version='1.0'?><methodCall><methodName>get_cookie</methodName></methodCall>";
    let reply = served.post("/fortune", &[("content-type", "text/xml")], call).await;
    assert!(text(&reply).contains("<methodResponse><params>"), "{}", text(&reply));
    let reply =
        served.post("/fortune", &[("content-type", "text/xml")], &envelope(Version::V11, "", COOKIE)).await;
    assert!(text(&reply).contains("get_cookieResponse"));
    let wsdl = served.get("/fortune?wsdl").await;
    assert_eq!(wsdl.headers()["content-type"], "text/xml; charset=utf-8");
    let wsdl = text(&wsdl);
    assert!(wsdl.contains(&format!("location=\"{}/fortune\"", served.base)), "{wsdl}");
    assert!(wsdl.contains("targetNamespace=\"urn:farcall:Fortune\"") && !wsdl.contains("soap12"), "{wsdl}");
    assert!(text(&served.get("/bank?WSDL").await).contains("InsufficientFunds"));
    assert!(text(&served.get("/bank?wsdl12").await).contains("soap12:address"));
    assert_eq!(served.get("/nowhere?wsdl").await.status(), StatusCode::NOT_FOUND);
}
