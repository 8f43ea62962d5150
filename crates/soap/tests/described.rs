//! Services as their WSDL says: every style, called and served, typed and not.

mod canned;

use std::sync::Arc;

use bytes::Bytes;
use canned::{Peer, envelope};
use farcall_model::{Record, Value};
use farcall_net::HttpProtocol;
use farcall_soap::{Description, SoapServer};
use farcall_wire::{Context, Fault};
use farcall_wsdl::{LoadOptions, load_str};
use http::{Request, StatusCode};

const SCHEMA: &str = "<x:schema targetNamespace='urn:t' elementFormDefault='FORM'>
  <x:complexType name='Point'><x:sequence>
    <x:element name='x' type='x:int'/><x:element name='label' type='x:string' minOccurs='0'/>
    <x:element name='note' type='x:string' minOccurs='0' nillable='true'/>
  </x:sequence></x:complexType>
  <x:complexType name='Points'><x:complexContent><x:restriction base='c:Array'>
    <x:attribute ref='c:arrayType' w:arrayType='t:Point[]'/></x:restriction></x:complexContent></x:complexType>
  <x:simpleType name='Color'><x:restriction base='x:string'><x:enumeration value='red'/></x:restriction></x:simpleType>
  <x:simpleType name='Sizes'><x:list itemType='x:int'/></x:simpleType>
  <x:complexType name='Shape' abstract='true'><x:sequence><x:element name='id' type='x:int'/></x:sequence></x:complexType>
  <x:complexType name='Circle'><x:complexContent><x:extension base='t:Shape'><x:sequence>
    <x:element name='r' type='x:double'/></x:sequence></x:extension></x:complexContent></x:complexType>
  <x:complexType name='Square'><x:complexContent><x:extension base='t:Shape'><x:sequence>
    <x:element name='side' type='x:double'/></x:sequence></x:extension></x:complexContent></x:complexType>
  <x:complexType name='Text' mixed='true'><x:sequence><x:element name='b' type='x:string' minOccurs='0' maxOccurs='unbounded'/></x:sequence>
    <x:attribute name='lang' type='x:string'/><x:attribute name='sizes' type='t:Sizes'/></x:complexType>
  <x:element name='find'><x:complexType><x:sequence>
    <x:element name='point' type='t:Point'/><x:element name='many' type='x:int' maxOccurs='unbounded'/>
    <x:element name='nil' type='x:int' nillable='true'/>
    <x:element name='both' type='x:string' minOccurs='0' nillable='true'/><x:element name='last' type='x:int' minOccurs='0'/>
  </x:sequence></x:complexType></x:element>
  <x:element name='findResponse'><x:complexType><x:sequence>
    <x:element name='first' type='x:int'/><x:element name='second' type='x:string'/>
  </x:sequence></x:complexType></x:element>
  <x:element name='Ask'><x:complexType><x:sequence>
    <x:element name='shape' type='t:Shape'/><x:element name='text' type='t:Text'/><x:element name='sizes' type='t:Sizes'/>
    <x:choice maxOccurs='unbounded'><x:element name='a' type='x:int'/><x:element name='b' type='x:string'/></x:choice>
    <x:any minOccurs='0'/></x:sequence><x:attribute name='version' type='x:int'/></x:complexType></x:element>
  <x:element name='Told' type='x:string'/><x:element name='Pointed' type='t:Point'/>
  <x:element name='Problem'><x:complexType><x:sequence><x:element name='why' type='x:string'/></x:sequence></x:complexType></x:element>
  <x:element name='Session' type='x:string'/>
</x:schema>";

/// A WSDL of one service; `messages` and `binding` say the rest.
fn wsdl(form: &str, style: &str, soap: &str, messages: &str, port_type: &str, binding: &str) -> String {
    let schema = SCHEMA.replace("FORM", form);
    format!(
        "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' xmlns:t='urn:t' targetNamespace='urn:t' \
         xmlns:soap='http://schemas.xmlsoap.org/wsdl/{soap}/' xmlns:x='http://www.w3.org/2001/XMLSchema' \
         xmlns:c='http://schemas.xmlsoap.org/soap/encoding/'>
         <w:types>{schema}</w:types>{messages}<w:portType name='P'>{port_type}</w:portType>
         <w:binding name='B' type='t:P'>
         <soap:binding style='{style}' transport='http://schemas.xmlsoap.org/soap/http'/>{binding}</w:binding>
         <w:service name='S'><w:port name='S' binding='t:B'><soap:address location='http://HOST/served'/></w:port></w:service>
         </w:definitions>"
    )
}

fn message(name: &str, parts: &str) -> String {
    format!("<w:message name='{name}'>{parts}</w:message>")
}

fn operation(name: &str, output: bool) -> String {
    let out = if output { format!("<w:output message='t:{name}Out'/>") } else { String::new() };
    format!("<w:operation name='{name}'><w:input message='t:{name}In'/>{out}</w:operation>")
}

fn bound(name: &str, action: &str, body: &str, output: bool) -> String {
    let out = if output { format!("<w:output>{body}</w:output>") } else { String::new() };
    format!(
        "<w:operation name='{name}'><soap:operation soapAction='{action}'/><w:input>{body}</w:input>{out}</w:operation>"
    )
}

fn point(x: i32, label: Option<&str>) -> Value {
    Value::Struct(Record::new().with("x", x).with("label", label))
}

fn encoded() -> String {
    let body = "<soap:body use='encoded' namespace='urn:rpc' encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'/>";
    let messages = [
        message("addIn", "<w:part name='points' type='t:Points'/><w:part name='color' type='t:Color'/><w:part name='any' type='x:anyType'/>"),
        message("addOut", "<w:part name='return' type='t:Points'/>"),
        message("noteIn", "<w:part name='text' type='x:string'/>"),
    ]
    .concat();
    let port_type = operation("add", true) + &operation("note", false);
    let binding = bound("add", "urn:add#add", body, true) + &bound("note", "", body, false);
    wsdl("unqualified", "rpc", "soap", &messages, &port_type, &binding)
}

#[tokio::test]
async fn rpc_encoded() {
    let peer = Peer::new(encoded()).await;
    let params = [
        Value::Sequence(vec![point(1, Some("a")), point(2, None)]),
        "red".into(),
        Value::Map(vec![("k".into(), Value::Sequence(vec![1.into(), "b".into()]))]),
    ];
    let reply = "<t:addResponse e:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'><r href='#1'/></t:addResponse>\
                 <multiRef id='1' i:type='c:Array' c:arrayType='t:Point[2]'><p href='#2'/><p href='#2'/></multiRef>\
                 <multiRef id='2' i:type='t:Point'><x i:type='x:int'>7</x><label i:nil='true'/></multiRef>";
    let (outcome, asked) = peer.call("add", &params, reply).await;
    let named = |x| {
        let Value::Struct(record) = point(x, None) else { unreachable!() };
        Value::Struct(Record { name: Some("Point".into()), ..record })
    };
    assert_eq!(outcome.unwrap(), Value::Sequence(vec![named(7), named(7)]));
    assert_eq!(
        asked,
        "<n1:add s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">\
         <points xsi:type=\"n2:Array\" n2:arrayType=\"n:Point[2]\">\
         <item xsi:type=\"n:Point\"><x xsi:type=\"xsd:int\">1</x><label xsi:type=\"xsd:string\">a</label></item>\
         <item xsi:type=\"n:Point\"><x xsi:type=\"xsd:int\">2</x></item></points>\
         <color xsi:type=\"n:Color\">red</color>\
         <any xmlns:m=\"http://xml.apache.org/xml-soap\" xsi:type=\"m:Map\"><item><key xsi:type=\"xsd:string\">k</key>\
         <value xsi:type=\"n2:Array\" n2:arrayType=\"xsd:anyType[2]\"><item xsi:type=\"xsd:int\">1</item>\
         <item xsi:type=\"xsd:string\">b</item></value></item></any></n1:add>"
    );
    // one-way, answered with 202 and nothing
    let (outcome, asked) = peer.call("note", &["x".into()], "").await;
    assert_eq!(outcome.unwrap(), Value::Nil);
    assert!(asked.contains("<text xsi:type=\"xsd:string\">x</text>"), "{asked}");
    let unknown = peer.client.call("nothing", ()).await.unwrap_err();
    assert!(unknown.message().contains("there are add, note"), "{unknown}");
}

#[tokio::test]
async fn rpc_literal_with_soap_12() {
    let messages = message("addIn", "<w:part name='point' type='t:Point'/><w:part name='n' type='x:int'/>")
        + &message("addOut", "<w:part name='n' type='x:int'/><w:part name='other' type='t:Point'/>");
    let body = "<soap:body use='literal' namespace='urn:rpc'/>";
    let wsdl = wsdl(
        "qualified",
        "rpc",
        "soap12",
        &messages,
        &operation("add", true),
        &bound("add", "urn:act", body, true),
    );
    let peer = Peer::new(wsdl).await;
    // parts in another order than declared
    let reply = "<r:addResponse xmlns:r='urn:rpc'><other><t:x>2</t:x></other><n>3</n></r:addResponse>";
    let record = Record::new().with("n", 5).with("point", point(1, None));
    let (outcome, asked) = peer.call("add", &[Value::Struct(record)], reply).await;
    assert_eq!(asked, "<n1:add><point><n:x>1</n:x></point><n>5</n></n1:add>");
    let outcome = outcome.unwrap();
    let parts = outcome.as_sequence().unwrap();
    assert_eq!(parts[0], 3.into());
    assert!(matches!(&parts[1], Value::Struct(point) if point.field("x") == Some(&2.into())));
}

#[tokio::test]
async fn document_literal_wrapped() {
    let messages = message("findIn", "<w:part name='parameters' element='t:find'/>")
        + &message("findOut", "<w:part name='parameters' element='t:findResponse'/>");
    let body = "<soap:body use='literal'/>";
    let wsdl = wsdl(
        "unqualified",
        "document",
        "soap",
        &messages,
        &operation("find", true),
        &bound("find", "http://t/Find", body, true),
    );
    let peer = Peer::new(wsdl).await;
    let params = [point(1, Some("<")), Value::Sequence(vec![1.into(), 2.into()]), Value::Nil];
    let reply = "<t:findResponse><second>b</second><first>1</first></t:findResponse>";
    let (outcome, asked) = peer.call("find", &params, reply).await;
    assert_eq!(outcome.unwrap(), Value::Sequence(vec![1.into(), "b".into()]));
    assert_eq!(
        asked,
        "<n:find><point><x>1</x><label>&lt;</label></point><many>1</many><many>2</many><nil xsi:nil=\"true\"/></n:find>"
    );
}

/// An element that may be absent and may be nil is one, the other, empty or there, as a parameter
/// and as a field, both ways.
#[tokio::test]
async fn nil_is_not_absent() {
    let messages = message("findIn", "<w:part name='parameters' element='t:find'/>")
        + &message("findOut", "<w:part name='point' element='t:Pointed'/>");
    let body = "<soap:body use='literal'/>";
    let ports = (operation("find", true), bound("find", "", body, true));
    let peer = Peer::new(wsdl("qualified", "document", "soap", &messages, &ports.0, &ports.1)).await;
    let rows = [
        (Value::Absent, None, "", ""),
        (Value::Nil, Some(Value::Nil), "<n:both xsi:nil=\"true\"/>", "<t:note i:nil='true'/>"),
        ("".into(), Some("".into()), "<n:both></n:both>", "<t:note/>"),
        ("x".into(), Some("x".into()), "<n:both>x</n:both>", "<t:note>x</t:note>"),
    ];
    for (both, note, wanted, reply) in rows {
        let mut record = Record::new().with("x", 1);
        record.fields.extend(note.clone().map(|note| ("note".to_owned(), note)));
        let params =
            [Value::Struct(record), Value::Sequence(vec![1.into()]), 2.into(), both.clone(), 3.into()];
        let (outcome, asked) =
            peer.call("find", &params, &format!("<t:Pointed><t:x>1</t:x>{reply}</t:Pointed>")).await;
        let inside = wanted.replace("both", "note");
        assert_eq!(
            asked,
            format!(
                "<n:find><n:point><n:x>1</n:x>{inside}</n:point><n:many>1</n:many><n:nil>2</n:nil>{wanted}\
                 <n:last>3</n:last></n:find>"
            )
        );
        let outcome = outcome.unwrap();
        assert_eq!(outcome.as_sequence().unwrap()[2], both);
        // what was not given in the middle is absent
        let named = Record::new().with("point", point(1, None)).with("many", vec![Value::from(1)]);
        let named = Value::Struct(named.with("nil", 2).with("last", 3));
        let (_, asked) = peer.call("find", &[named], "<t:Pointed><t:x>1</t:x></t:Pointed>").await;
        assert!(asked.ends_with("<n:nil>2</n:nil><n:last>3</n:last></n:find>"), "{asked}");
    }
}

fn bare() -> String {
    let messages =
        message("askIn", "<w:part name='body' element='t:Ask'/><w:part name='head' element='t:Session'/>")
            + &message("askOut", "<w:part name='body' element='t:Told'/>")
            + &message("turnIn", "<w:part name='body' element='t:Told'/>")
            + &message("turnOut", "<w:part name='body' element='t:Ask'/>")
            + &message("problem", "<w:part name='fault' element='t:Problem'/>");
    let port_type = operation("ask", true)
        .replace("</w:operation>", "<w:fault name='f' message='t:problem'/></w:operation>");
    let input =
        "<soap:header message='t:askIn' part='head' use='literal'/><soap:body use='literal' parts='body'/>";
    let binding = format!(
        "<w:operation name='ask'><soap:operation soapAction='http://t/ask'/><w:input>{input}</w:input>\
         <w:output><soap:body use='literal'/></w:output><w:fault name='f'><soap:fault name='f' use='literal'/></w:fault></w:operation>"
    );
    let port_type = port_type + &operation("turn", true);
    let binding = binding + &bound("turn", "", "<soap:body use='literal'/>", true);
    wsdl("qualified", "document", "soap", &messages, &port_type, &binding)
}

fn question() -> Value {
    let circle = Record::new().with("id", 1).with("r", 0.5);
    let text = Record::new()
        .with("text", "some text")
        .with("b", vec![Value::from("bold")])
        .with("lang", "en")
        .with("sizes", vec![Value::from(1), Value::from(2)]);
    let choice = |name: &str, value: Value| Value::Union(name.into(), Box::new(value));
    let foreign = Record::new().with("@a", "\"").with("#text", "t").with("c", "d");
    Value::Struct(
        Record::new()
            .with("shape", Value::Union("Circle".into(), Box::new(Value::Struct(circle))))
            .with("text", Value::Struct(text))
            .with("sizes", Value::Struct(Record::new().with("value", vec![Value::from(3), Value::from(4)])))
            .with("choice", vec![choice("b", "x".into()), choice("a", 1.into()), choice("b", "y".into())])
            .with("any", Value::Struct(Record::new().with("{urn:z}Foreign", Value::Struct(foreign))))
            .with("version", 2),
    )
}

#[tokio::test]
async fn document_literal_bare_with_all_that_schemas_have() {
    let peer = Peer::new(bare()).await;
    let (outcome, asked) = peer.call("ask", &[question()], "<t:Told>yes</t:Told>").await;
    assert_eq!(outcome.unwrap(), "yes".into());
    assert_eq!(
        asked,
        "<n:Ask version=\"2\"><n:shape xsi:type=\"n:Circle\"><n:id>1</n:id><n:r>0.5</n:r></n:shape>\
         <n:text lang=\"en\" sizes=\"1 2\">some text<n:b>bold</n:b></n:text><n:sizes>3 4</n:sizes>\
         <n:b>x</n:b><n:a>1</n:a><n:b>y</n:b>\
         <n1:Foreign a=\"&quot;\">t<n1:c xsi:type=\"xsd:string\">d</n1:c></n1:Foreign></n:Ask>"
    );
    // the same comes back as it went, prefixes and white space apart
    let declared = "<n:Ask xmlns:n='urn:t' xmlns:n1='urn:z' xmlns:xsd='http://www.w3.org/2001/XMLSchema' \
                    xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    let reply = asked.replace("<n:Ask", declared).replace("><n:", ">\n  <n:");
    let (outcome, _) = peer.call("turn", &["x".into()], &reply).await;
    let (_, again) = peer.call("ask", &[outcome.unwrap()], "<t:Told>yes</t:Told>").await;
    assert_eq!(again, asked);
    // a declared fault's detail comes with the types that it was declared with
    let fault = "<e:Fault><faultcode>e:Server</faultcode><faultstring>no</faultstring>\
                 <detail><Problem><why>because</why></Problem></detail></e:Fault>";
    let (outcome, _) = peer.call("ask", &[question()], fault).await;
    let fault = outcome.unwrap_err();
    assert_eq!((fault.kind(), fault.message()), (farcall_wire::FaultKind::Application, "ask: no"));
    let Some(Value::Struct(detail)) = fault.detail() else { panic!("{fault:?}") };
    assert_eq!((detail.name.as_deref(), detail.field("why")), (Some("Problem"), Some(&"because".into())));
}

/// Answers to the WSDL of [`bare`].
#[farcall::service(scope = "urn:other")]
trait Asked {
    /// Says what it was asked.
    #[op(name = "ask")]
    async fn ask(&self, body: Value) -> Result<String, Fault>;
}

struct Echo;

impl Asked for Echo {
    async fn ask(&self, body: Value) -> Result<String, Fault> {
        Ok(farcall_wire::json::write(&body))
    }
}

async fn ask(server: &SoapServer, action: &str, body: &str) -> (StatusCode, String) {
    let request = Request::post("/ask").header("content-type", "text/xml").header("soapaction", action);
    let (head, ()) = request.body(()).unwrap().into_parts();
    let reply = server.handle(&head, envelope(body).into(), Context::new()).await;
    (reply.status(), String::from_utf8(reply.body().to_vec()).unwrap())
}

#[tokio::test]
async fn a_server_speaks_as_the_wsdl_says() {
    let text = bare();
    let definitions = load_str(&text, "a.wsdl", &LoadOptions::default()).unwrap();
    let description = Description::of(&definitions, None).unwrap().with_wsdl(&text);
    let server = SoapServer::new().with_described("ask", Arc::new(AskedService::new(Echo)), description);
    let body = "<t:Ask><x/></t:Ask>";
    for action in ["", "\"\"", "\"http://t/ask\""] {
        let (status, reply) = ask(&server, action, body).await;
        assert_eq!(status, StatusCode::OK, "{reply}");
        assert!(
            reply.contains("<n:Told>{\"{urn:t}x\":\"\"}</n:Told>")
                || reply.contains("<n:Told>{\"x\":\"\"}</n:Told>"),
            "{reply}"
        );
    }
    let (status, reply) = ask(&server, "\"http://t/other\"", body).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(reply.contains("the action 'http://t/other' is not that of the element 'Ask'"), "{reply}");
    let (_, reply) = ask(&server, "", "<t:ask><x/></t:ask>").await;
    assert!(reply.contains("there is no operation 'ask'"), "{reply}");
    // the WSDL itself, at our address
    let request = Request::get("/ask?wsdl").header("host", "h:1").body(()).unwrap();
    let page =
        farcall_net::Route::handle(&server.wsdl(), &request.into_parts().0, Bytes::new(), Context::new())
            .await;
    let page = String::from_utf8(page.body().to_vec()).unwrap();
    assert_eq!(page, text.replace("http://HOST/served", "http://h:1/ask"));
}

#[tokio::test]
async fn nil_is_nothing_where_any_element_may_stand() {
    let Value::Struct(mut record) = question() else { unreachable!() };
    record.fields.retain(|(name, _)| name != "any");
    let question = [Value::Struct(record.with("any", Value::Nil))];
    let peer = Peer::new(bare()).await;
    let (_, asked) = peer.call("ask", &question, "<t:Told>yes</t:Told>").await;
    assert!(asked.ends_with("<n:b>y</n:b></n:Ask>"), "{asked}");
    // but not where one has to
    let peer = Peer::new(bare().replace("<x:any minOccurs='0'/>", "<x:any/>")).await;
    let refused = peer.client.call("ask", &question[..]).await.unwrap_err();
    assert!(refused.message().contains("any: a value that is no element"), "{refused}");
}

#[tokio::test]
async fn an_address_that_is_that_of_the_description() {
    let text = encoded().replace("http://HOST/served", "http://127.0.0.1:9/served?wsdl");
    let definitions = load_str(&text, "s.wsdl", &LoadOptions::default()).unwrap();
    let description = Description::of(&definitions, None).unwrap();
    let client = farcall_soap::Client::described("http://127.0.0.1:9/served?WSDL")
        .description(&description)
        .build()
        .unwrap();
    // what was given need not be read, and calls do not go to it
    let interface = client.interface().await.unwrap();
    assert_eq!(interface.operations.len(), 2);
    assert_eq!(client.url(), "http://127.0.0.1:9/served");
}
