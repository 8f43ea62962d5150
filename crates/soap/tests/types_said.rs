//! Values that say their type by `xsi:type`: derived ones where a base is declared, and any that the
//! service knows where anything may stand.

mod canned;

use canned::Peer;
use farcall::{CallError, Exception, Fault, Wire, service};
use farcall_builtin::echo::Structure;
use farcall_builtin::{Echo, EchoClient, EchoService, Mirror};
use farcall_model::{Any, Record, Type, Value};
use farcall_soap::Client;
use farcall_wire::{Describe, Remote};

/// `turn` takes a Base, from which Derived derives and that may come as itself, and anything. Nothing
/// refers to Extra.
const SCHEMAS: &str = "
    <x:schema xmlns:o='urn:o' targetNamespace='urn:o' elementFormDefault='qualified'>
      <x:complexType name='Extra'><x:sequence><x:element name='n' type='x:int'/><x:element name='day' type='x:date'/></x:sequence>
        <x:attribute name='kind' type='o:Kind'/></x:complexType>
      <x:simpleType name='Kind'><x:restriction base='x:string'><x:enumeration value='big'/></x:restriction></x:simpleType>
    </x:schema>
    <x:schema xmlns:o='urn:o' targetNamespace='urn:t' elementFormDefault='qualified'>
      <x:complexType name='Base'><x:sequence><x:element name='id' type='x:int'/></x:sequence></x:complexType>
      <x:complexType name='Derived'><x:complexContent><x:extension base='t:Base'><x:sequence>
        <x:element name='size' type='x:double'/></x:sequence></x:extension></x:complexContent></x:complexType>
      <x:complexType name='Pair'><x:sequence><x:element name='item' type='t:Base' minOccurs='0' maxOccurs='unbounded'/>
        <x:element name='thing' type='x:anyType' nillable='true'/></x:sequence></x:complexType>
      <x:element name='Turn' type='t:Pair'/><x:element name='Turned' type='t:Pair'/>
    </x:schema>";

fn wsdl() -> String {
    canned::wsdl("turn", "Turn", "Turned", SCHEMAS)
}

fn named(name: &str, record: Record) -> Value {
    Value::Struct(Record { name: Some(name.into()), ..record })
}

fn extra() -> Value {
    let day = Value::Date("2026-11-22".parse().unwrap());
    let record = Record::new().with("n", 5).with("day", day).with("kind", Value::Enum("big".into()));
    named("Extra", record)
}

#[tokio::test]
async fn derived_and_unreferenced_types_both_ways() {
    let peer = Peer::new(wsdl()).await;
    let case = |name: &str, record: Record| Value::Union(name.into(), Box::new(named(name, record)));
    let items = vec![
        case("Base", Record::new().with("id", 1)),
        case("Derived", Record::new().with("id", 2).with("size", 0.5)),
    ];
    let pair = |thing: Value| {
        let record = Record::new().with("item", Value::Sequence(items.clone())).with("thing", thing);
        named("Pair", record)
    };
    let item = "<n:item xsi:type=\"n:Base\"><n:id>1</n:id></n:item>\
                <n:item xsi:type=\"n:Derived\"><n:id>2</n:id><n:size>0.5</n:size></n:item>";
    let thing =
        "<n:thing kind=\"big\" xsi:type=\"n1:Extra\"><n1:n>5</n1:n><n1:day>2026-11-22</n1:day></n:thing>";
    let reply =
        "<t:Turned xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:n='urn:t' xmlns:n1='urn:o'>";
    let reply = format!("{reply}{item}{thing}</t:Turned>");
    let (outcome, asked) = peer.call("turn", &[pair(extra())], &reply).await;
    assert_eq!(outcome.unwrap(), pair(extra()));
    assert_eq!(
        asked.replace(" xsi:type=\"n1:Extra\" kind=\"big\"", " kind=\"big\" xsi:type=\"n1:Extra\""),
        format!("<n:Turn>{item}{thing}</n:Turn>")
    );
    // what says nothing is of the base, and what nobody declared is refused by name
    let plain = "<t:Turned xmlns:t='urn:t'><t:item><t:id>1</t:id></t:item><t:thing i:nil='1'/></t:Turned>";
    let (outcome, _) = peer.call("turn", &[pair(Value::Nil)], plain).await;
    let only = Record::new().with("item", vec![items[0].clone()]).with("thing", Value::Nil);
    assert_eq!(outcome.unwrap(), named("Pair", only));
    let strange = plain.replace("<t:item>", "<t:item i:type='t:Strange'>");
    let (outcome, _) = peer.call("turn", &[pair(Value::Nil)], &strange).await;
    let fault = outcome.unwrap_err();
    assert!(fault.message().contains("Strange"), "{fault}");
    // a record that is not what its name says is written as it is
    let odd = named("Extra", Record::new().with("n", "not a number"));
    let (_, asked) = peer.call("turn", &[pair(odd)], plain).await;
    assert!(asked.contains("<n:n xsi:type=\"xsd:string\">not a number</n:n>"), "{asked}");
}

#[tokio::test]
async fn a_struct_of_the_service_stays_typed_in_any() {
    let server = farcall::Server::new().service("echo", EchoService::new(Mirror));
    let running = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = format!("soap+http://{}/echo", running.address());
    let echo = EchoClient::new(Client::connect(&url, EchoClient::<Client>::interface()).unwrap());
    let structure = Record::new()
        .with("name", "n")
        .with("size", 7)
        .with("ratio", 0.5)
        .with("tags", vec![Value::from("a")])
        .with("note", ());
    let structure = named("Structure", structure);
    let ty = farcall_model::TypeRef::Static(<Structure as Describe>::describe);
    assert!(matches!(ty.resolve(), Type::Struct(_)));
    for value in [structure.clone(), Value::Any(Box::new(Any { ty, value: structure.clone() }))] {
        assert_eq!(echo.any(value).await.unwrap(), structure);
    }
    let list = Value::Sequence(vec![structure.clone(), 1.into(), Value::Map(vec![("k".into(), structure)])]);
    assert_eq!(echo.any(list.clone()).await.unwrap(), list);
    running.stop().await;
}

/// An order, as an operation is called too.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "shop")]
struct Order {
    /// How many.
    count: i32,
}

/// As an operation is called, too.
#[derive(Clone, Debug, PartialEq, Exception)]
#[wire(scope = "shop")]
struct Refuse {
    /// What for.
    why: String,
}

/// Has types and an exception that are called as its operations are.
#[service(scope = "shop")]
trait Shop {
    async fn order(&self, x: Order) -> Result<Order, Fault>;
    async fn refuse(&self, why: String) -> Result<(), CallError<Refuse>>;
    async fn any(&self, x: Value) -> Result<Value, Fault>;
}

struct Counter;

impl Shop for Counter {
    async fn order(&self, x: Order) -> Result<Order, Fault> {
        Ok(x)
    }
    async fn refuse(&self, why: String) -> Result<(), CallError<Refuse>> {
        Err(CallError::User(Refuse { why }))
    }
    async fn any(&self, x: Value) -> Result<Value, Fault> {
        Ok(x)
    }
}

#[tokio::test]
async fn types_and_exceptions_are_called_as_in_the_wsdl() {
    let server = farcall::Server::new().service("shop", ShopService::new(Counter));
    let running = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = running.address();
    let http = farcall_net::HttpClient::new();
    let ask = |head: http::request::Builder, body: String| {
        let request = head.header("content-type", "text/xml").body(body.into()).unwrap();
        let http = &http;
        async move {
            let reply = http.send(request, &farcall_net::SendOptions::default()).await.unwrap();
            String::from_utf8(reply.body().to_vec()).unwrap()
        }
    };
    let wsdl = ask(http::Request::get(format!("http://{address}/shop?wsdl")), String::new()).await;
    for declared in ["complexType name=\"OrderType\"", "element name=\"RefuseType\" type=\"tns:RefuseType\""]
    {
        assert!(wsdl.contains(declared), "{declared}: {wsdl}");
    }
    let post = |body: &str| {
        let body = format!(
            "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:s='urn:shop:Shop' \
             xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><e:Body>{body}</e:Body></e:Envelope>"
        );
        ask(http::Request::post(format!("http://{address}/shop")), body)
    };
    // by the name in the schema, or by its own
    for name in ["OrderType", "Order"] {
        let any = format!("<s:any><s:x i:type='s:{name}'><s:count>3</s:count></s:x></s:any>");
        let reply = post(&any).await;
        assert!(reply.contains("<n:return xsi:type=\"n:OrderType\"><n:count>3</n:count>"), "{reply}");
    }
    let reply = post("<s:refuse><s:why>no</s:why></s:refuse>").await;
    assert!(reply.contains("<n:RefuseType><n:why>no</n:why></n:RefuseType>"), "{reply}");
    // both clients: of the trait, and of the WSDL
    let url = format!("soap+http://{address}/shop");
    let typed = ShopClient::new(Client::connect(&url, ShopClient::<Client>::interface()).unwrap());
    let refused = typed.refuse("no".to_owned()).await.unwrap_err();
    assert!(matches!(&refused, CallError::User(Refuse { why }) if why == "no"));
    let loaded = farcall::connect(&format!("{url}?wsdl")).unwrap();
    let order = named("OrderType", Record::new().with("count", 3));
    assert_eq!(loaded.call_values("any", std::slice::from_ref(&order)).await.unwrap(), order);
    let fault = loaded.call_values("refuse", &["no".into()]).await.unwrap_err();
    assert_eq!(fault.detail(), Some(&named("RefuseType", Record::new().with("why", "no"))));
    running.stop().await;
}

#[tokio::test]
async fn exceptions_are_known_by_either_name() {
    for name in ["RefuseType", "Refuse"] {
        let reply = format!(
            "<s:Fault xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><faultcode>s:Server</faultcode>\
             <faultstring>no</faultstring><detail><x:{name} xmlns:x='urn:shop:Shop'><x:why>no</x:why></x:{name}>\
             </detail></s:Fault>"
        );
        let peer = Peer::new(wsdl()).await;
        peer.answer(&reply);
        let url = format!("soap+{}", peer.place().trim_end_matches("?wsdl"));
        let typed = ShopClient::new(Client::connect(&url, ShopClient::<Client>::interface()).unwrap());
        let refused = typed.refuse("no".to_owned()).await.unwrap_err();
        assert!(matches!(&refused, CallError::User(Refuse { why }) if why == "no"), "{name}: {refused}");
    }
}

#[tokio::test]
async fn lists_and_maps_where_anything_may_stand_are_of_types_that_the_schema_has() {
    let server = farcall::Server::new().service("shop", ShopService::new(Counter));
    let running = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = format!("soap+http://{}/shop", running.address());
    let typed = ShopClient::new(Client::connect(&url, ShopClient::<Client>::interface()).unwrap());
    let loaded = farcall::connect(&format!("{url}?wsdl")).unwrap();
    let map = Value::Map(vec![("a".into(), 1.into()), ("b".into(), Value::Sequence(vec![]))]);
    for value in [
        Value::Sequence(vec![]),
        Value::Sequence(vec!["a".into(), Value::Nil, Value::Sequence(vec![1.5.into()])]),
        Value::Map(vec![]),
        map,
    ] {
        assert_eq!(typed.any(value.clone()).await.unwrap(), value);
        assert_eq!(loaded.call_values("any", std::slice::from_ref(&value)).await.unwrap(), value);
    }
    running.stop().await;
    let invocation = |value: &Value| {
        let peer = Peer::new(wsdl());
        let pair = Record::new().with("item", Value::Sequence(vec![])).with("thing", value.clone());
        async move { peer.await.call("turn", &[named("Pair", pair)], "<t:Turned><t:thing/></t:Turned>").await.1 }
    };
    // a schema of others has no such types
    let sent = invocation(&Value::Sequence(vec![1.into()])).await;
    assert!(sent.contains("<n:thing><n:item xsi:type=\"xsd:int\">1</n:item></n:thing>"), "{sent}");
    let sent = invocation(&Value::Map(vec![("a".into(), 1.into())])).await;
    assert!(sent.contains("<n:thing><n:entry><n:key"), "{sent}");
}
