//! Replies that are not quite what their WSDL says, as real peers send them: read all the same, and
//! refused by a strict client.

mod canned;

use canned::Peer;
use farcall_model::{Record, Value};
use farcall_soap::ClientOptions;

/// `get` gives a `Found`, which derives from a type of another namespace.
const SCHEMAS: &str = "
    <x:schema targetNamespace='urn:base' elementFormDefault='qualified'>
      <x:complexType name='Base'><x:sequence><x:element name='id' type='x:int'/></x:sequence></x:complexType>
    </x:schema>
    <x:schema xmlns:b='urn:base' targetNamespace='urn:t' elementFormDefault='qualified'>
      <x:import namespace='urn:base'/>
      <x:complexType name='Found'><x:complexContent><x:extension base='b:Base'><x:sequence>
        <x:element name='name' type='x:string'/><x:element name='tag' type='x:string' minOccurs='0' maxOccurs='unbounded'/>
      </x:sequence></x:extension></x:complexContent></x:complexType>
      <x:element name='Get' type='x:string'/><x:element name='Got'><x:complexType><x:sequence>
        <x:element name='found' type='t:Found' maxOccurs='unbounded'/></x:sequence></x:complexType></x:element>
    </x:schema>";

fn wsdl() -> String {
    canned::wsdl("get", "Get", "Got", SCHEMAS)
}

#[tokio::test]
async fn what_peers_get_wrong_is_read_unless_strictness_is_asked_for() {
    let found = |record: Record| Value::Struct(Record { name: Some("Found".into()), ..record });
    let plain = || found(Record::new().with("id", 1).with("name", "n").with("tag", Value::Sequence(vec![])));
    let rows = [
        ("<b:id>1</b:id><t:name>n</t:name>", plain(), None),
        ("<t:id>1</t:id><t:name>n</t:name>", plain(), Some("unknown field 't:id'")),
        ("<id>1</id><name>n</name>", plain(), None),
        // somebody else's extension is not the field of its name
        (
            "<b:id>1</b:id><t:name>n</t:name><name xmlns='urn:other'>m</name>",
            plain(),
            Some("unknown field 'name'"),
        ),
        (
            "<b:id>1</b:id>",
            found(Record::new().with("id", 1).with("tag", Value::Sequence(vec![]))),
            Some("field 'name' is missing"),
        ),
        (
            "<b:id i:nil='true'/><t:name>n</t:name>",
            found(Record::new().with("id", ()).with("name", "n").with("tag", Value::Sequence(vec![]))),
            Some("found nil"),
        ),
    ];
    let peer = Peer::new(wsdl()).await;
    let strict = Peer::with(wsdl(), ClientOptions::default().strict()).await;
    for (inside, wanted, refusal) in rows {
        let reply = format!("<t:Got xmlns:b='urn:base'><t:found>{inside}</t:found></t:Got>");
        let (outcome, _) = peer.call("get", &["x".into()], &reply).await;
        let outcome = outcome.unwrap();
        assert_eq!(outcome.field("found").unwrap().as_sequence().unwrap(), [wanted], "{inside}");
        let (outcome, _) = strict.call("get", &["x".into()], &reply).await;
        match (outcome, refusal) {
            (Ok(_), None) => {}
            (Err(fault), Some(refusal)) if fault.message().contains(refusal) => {}
            (outcome, refusal) => panic!("{inside}: {outcome:?} instead of {refusal:?}"),
        }
    }
    // nil among items, and text between headers
    let (outcome, _) = peer.call("get", &["x".into()], "<t:Got><t:found i:nil='true'/></t:Got>").await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.field("found").unwrap().as_sequence().unwrap(), [Value::Nil]);
}

/// A request goes compressed if that is asked for and worth it, and a server of ours reads it.
#[tokio::test]
async fn requests_are_compressed_if_asked_for() {
    use farcall_builtin::{Echo, EchoClient, EchoService, Mirror};
    use farcall_soap::Client;
    use farcall_wire::Remote;

    let server = farcall::Server::new().service("echo", EchoService::new(Mirror));
    let running = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = format!("soap+http://{}/echo", running.address());
    let builder = Client::builder(&url, EchoClient::<Client>::interface());
    let client = builder.options(ClientOptions::default().with_gzip(1000)).build().unwrap();
    let echo = EchoClient::new(client);
    for text in ["short".to_owned(), "long ".repeat(10_000)] {
        assert_eq!(echo.string(text.clone()).await.unwrap(), text);
    }
    running.stop().await;
    // and by what goes over the wire
    let peer = Peer::with(wsdl(), ClientOptions::default().with_gzip(1000)).await;
    let reply = "<t:Got xmlns:b='urn:base'><t:found><b:id>1</b:id><t:name>n</t:name></t:found></t:Got>";
    let (outcome, asked) = peer.call("get", &["x".repeat(5000).into()], reply).await;
    outcome.unwrap();
    assert!(peer.last_coding().as_deref() == Some("gzip") && asked.contains("xxx"), "{asked}");
    peer.call("get", &["x".into()], reply).await.0.unwrap();
    assert_eq!(peer.last_coding(), None);
}

/// A schema of another origin is refused by name, and read when that origin is allowed.
#[tokio::test]
async fn imports_from_elsewhere_are_refused_unless_allowed() {
    let at = SCHEMAS.find("<x:schema targetNamespace='urn:base'").unwrap();
    let end = at + SCHEMAS[at..].find("</x:schema>").unwrap() + "</x:schema>".len();
    let schema =
        SCHEMAS[at..end].replace("<x:schema ", "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' ");
    let elsewhere = Peer::new(schema).await;
    let import = format!("<x:import namespace='urn:base' schemaLocation='{}'/>", elsewhere.place());
    let wsdl = wsdl().replace(&SCHEMAS[at..end], "").replace("<x:import namespace='urn:base'/>", &import);
    let reply = "<t:Got xmlns:b='urn:base'><t:found><b:id>1</b:id><t:name>n</t:name></t:found></t:Got>";
    let refused = Peer::new(wsdl.clone()).await;
    let (outcome, _) = refused.call("get", &["x".into()], reply).await;
    let found = outcome.unwrap();
    let first = &found.field("found").unwrap().as_sequence().unwrap()[0];
    assert_eq!(first.field("id"), None, "the base is not known: {first:?}");
    let allowed = Peer::with(wsdl, ClientOptions::default().with_imports_from(elsewhere.place())).await;
    let (outcome, _) = allowed.call("get", &["x".into()], reply).await;
    let found = outcome.unwrap();
    assert_eq!(found.field("found").unwrap().as_sequence().unwrap()[0].field("id"), Some(&1.into()));
}
