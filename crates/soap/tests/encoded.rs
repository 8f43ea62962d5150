//! rpc/encoded: requests that PHP, Perl, Axis and Mono sent, and what they leave out.

use std::sync::Arc;

use bytes::Bytes;
use farcall::{Fault, Wire, service};
use farcall_model::{DateTime, Value};
use farcall_net::HttpProtocol;
use farcall_soap::SoapServer;
use farcall_wire::Context;
use http::Request;

/// A link of a chain.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "urn:farcall:enc")]
struct Node {
    /// What it is called.
    label: String,
    /// A whole number.
    num: i32,
    /// A fraction.
    real: f32,
    /// The next one.
    next: Option<Box<Self>>,
}

/// The operations of the recordings; each says what it got.
#[service(scope = "urn:farcall:enc")]
#[allow(non_snake_case)]
trait Enc {
    async fn echoString(&self, v: String) -> Result<String, Fault>;
    async fn echoStringArray(&self, v: Vec<String>) -> Result<String, Fault>;
    async fn echoDouble(&self, v: f64) -> Result<String, Fault>;
    async fn echoDate(&self, v: DateTime) -> Result<String, Fault>;
    async fn echoBase64(&self, v: Bytes) -> Result<String, Fault>;
    async fn echoNode(&self, v: Node) -> Result<String, Fault>;
    async fn echoNodeArray(&self, v: Vec<Node>) -> Result<String, Fault>;
    async fn echoAny(&self, v: Value) -> Result<String, Fault>;
    async fn pair(&self, first: i32, second: String) -> Result<String, Fault>;
}

struct Told;

#[allow(non_snake_case)]
impl Enc for Told {
    async fn echoString(&self, v: String) -> Result<String, Fault> {
        Ok(format!("{v:?}"))
    }
    async fn echoStringArray(&self, v: Vec<String>) -> Result<String, Fault> {
        Ok(format!("{v:?}"))
    }
    async fn echoDouble(&self, v: f64) -> Result<String, Fault> {
        Ok(format!("{v:?}"))
    }
    async fn echoDate(&self, v: DateTime) -> Result<String, Fault> {
        Ok(v.to_string())
    }
    async fn echoBase64(&self, v: Bytes) -> Result<String, Fault> {
        Ok(format!("{:?}", v.to_vec()))
    }
    async fn echoNode(&self, v: Node) -> Result<String, Fault> {
        Ok(shown(&v))
    }
    async fn echoNodeArray(&self, v: Vec<Node>) -> Result<String, Fault> {
        Ok(v.iter().map(shown).collect::<Vec<_>>().join(", "))
    }
    async fn echoAny(&self, v: Value) -> Result<String, Fault> {
        Ok(farcall_wire::json::write(&v))
    }
    async fn pair(&self, first: i32, second: String) -> Result<String, Fault> {
        Ok(format!("{first} {second}"))
    }
}

fn shown(node: &Node) -> String {
    let next = node.next.as_ref().map(|next| format!(" -> {}", shown(next))).unwrap_or_default();
    format!("{} {} {}{next}", node.label, node.num, node.real)
}

/// What the server makes of a request, as it stands in a file.
async fn answer(request: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").or_else(|| request.split_once("\n\n")).unwrap();
    let mut of = Request::post("/enc");
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        of = of.header(name, value.trim());
    }
    post(of.body(()).unwrap(), body).await
}

async fn post(head: Request<()>, body: &str) -> String {
    let server = SoapServer::new().with_service("enc", Arc::new(EncService::new(Told)));
    let body = Bytes::copy_from_slice(body.as_bytes());
    let (head, ()) = head.into_parts();
    assert!(server.claims(&head, &body));
    let reply = server.handle(&head, body, Context::new()).await;
    let text = String::from_utf8(reply.body().to_vec()).unwrap();
    let (from, to) = if reply.status().is_success() {
        // who sends encoded gets encoded back
        ("<return xsi:type=\"xsd:string\">", "</return>")
    } else {
        ("<faultstring>", "</faultstring>")
    };
    let start = text.find(from).unwrap_or_else(|| panic!("{text}")) + from.len();
    let end = text.find(to).unwrap();
    text[start..end].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[tokio::test]
async fn recorded_requests() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/soap");
    let chain = "head <&> 1 1.5 -> tail 2 0.5";
    for (name, expected) in [
        ("php-to-php-01", "\"h&llo\""),
        ("php-to-php-02", "[\"a\", \"\", \"c\"]"),
        ("php-to-php-03", "inf"),
        ("php-to-php-04", "2026-02-28T23:59:59.123+05:30"),
        ("php-to-php-05", "[0, 1, 2]"),
        ("php-to-php-06", chain),
        ("php-to-php-07", "tail 2 0.5, tail 2 0.5"),
        ("php-to-php-08", "{\"k\":1,\"v\":\"two\"}"),
        ("php-to-php-09", "[]"),
        ("php-to-php-10", "NaN"),
        ("php-to-php-11", "{\"k\":1,\"v\":\"two\"}"),
        ("php-to-php-12", "1.5"),
        ("php-to-php-13", "x 1 0.5"),
        ("php-to-php-14", "x 1 0.5, x 1 0.5"),
        ("php-to-php-15", "\"h&llo\""),
        ("php-to-php-16", "[\"a\", \"\", \"c\"]"),
        ("x-to-axis-01", "\"h&llo\""),
        ("x-to-axis-02", "\"h&llo\""),
        ("x-to-axis-03", "\"h&llo\""),
    ] {
        let request = std::fs::read_to_string(directory.join(name).with_extension("req")).unwrap();
        assert_eq!(answer(&request).await, expected, "{name}");
    }
}

async fn encoded(body: &str) -> String {
    let envelope = format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:c='http://schemas.xmlsoap.org/soap/encoding/' \
         xmlns:i='http://www.w3.org/2001/XMLSchema-instance' xmlns:x='http://www.w3.org/2001/XMLSchema' \
         xmlns:m='http://xml.apache.org/xml-soap' xmlns:t='urn:farcall:enc' \
         e:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'><e:Body>{body}</e:Body></e:Envelope>"
    );
    post(Request::post("/enc").body(()).unwrap(), &envelope).await
}

#[tokio::test]
async fn references_as_axis_writes_them() {
    // even a number stands apart
    let body = "<t:echoDouble><v href='#id0'/></t:echoDouble>\
                <multiRef id='id0' c:root='0' i:type='x:double'>1.5</multiRef>";
    assert_eq!(encoded(body).await, "1.5");
    let body = "<t:echoNode><v href='#id0'/></t:echoNode>\
                <multiRef id='id0' c:root='0' i:type='t:Node'><label i:type='x:string'>a</label><num href='#id1'/>\
                <real href='#id2'/><next href='#id3'/></multiRef>\
                <multiRef id='id1' i:type='x:int'>1</multiRef><multiRef id='id2' i:type='x:float'>0.5</multiRef>\
                <multiRef id='id3' i:nil='true'/>";
    assert_eq!(encoded(body).await, "a 1 0.5");
    let body = "<t:echoNode><v href='#n'/></t:echoNode><multiRef id='n'><label/><num>1</num><real>1</real>\
                <next href='#n'/></multiRef>";
    assert!(encoded(body).await.contains("no value can hold a cycle"));
    assert!(
        encoded("<t:echoString><v href='#n'/></t:echoString><m id='other'/>")
            .await
            .contains("no element has the id 'n'")
    );
}

#[tokio::test]
async fn arrays_maps_and_parameters_without_names() {
    let body = "<t:echoStringArray><v c:arrayType='x:string[2]'><x>a</x><y i:type='x:string'>b</y></v></t:echoStringArray>";
    assert_eq!(encoded(body).await, "[\"a\", \"b\"]");
    let body =
        "<t:echoStringArray><v c:arrayType='x:string[9]'><x c:position='[7]'>a</x></v></t:echoStringArray>";
    assert!(encoded(body).await.contains("expected string, found nil"));
    let body = "<t:echoStringArray><v c:arrayType='x:string[2]'><x c:position='[1]'>b</x><x c:position='[0]'>a</x></v></t:echoStringArray>";
    assert_eq!(encoded(body).await, "[\"a\", \"b\"]");
    let body = "<t:echoAny><v i:type='c:Array' c:arrayType='x:string[4]' c:offset='[1]'><x>a</x><x>b</x></v></t:echoAny>";
    assert_eq!(encoded(body).await, "[null,\"a\",\"b\",null]");
    let body = "<t:echoAny><v i:type='c:Array' c:arrayType='x:int[2,2]'><c:int i:type='x:int'>1</c:int>\
                <c:int i:type='x:int'>2</c:int><c:int i:type='x:int'>3</c:int><c:int i:type='x:int'>4</c:int></v></t:echoAny>";
    assert_eq!(encoded(body).await, "[[1,2],[3,4]]");
    let body = "<t:echoAny><v i:type='m:Map'/></t:echoAny>";
    assert_eq!(encoded(body).await, "{}");
    let body = "<t:echoAny><v i:type='c:Array' c:arrayType='x:int[0]'/></t:echoAny>";
    assert_eq!(encoded(body).await, "[]");
    for (one, two) in [
        ("param0", "param1"),
        ("c-gensym3", "c-gensym5"),
        ("c:int", "c:string"),
        ("t:arg0", "t:arg1"),
        ("first", "second"),
    ] {
        let body =
            format!("<t:pair><{one} i:type='x:int'>1</{one}><{two} i:type='x:string'>b</{two}></t:pair>");
        assert_eq!(encoded(&body).await, "1 b");
    }
    let none = encoded("<t:pair><other>1</other><second>b</second></t:pair>").await;
    assert!(none.contains("first: 1 parameters, expected 2"), "{none}");
}
