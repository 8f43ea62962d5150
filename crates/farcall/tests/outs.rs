//! Parameters that come back, beside a result and without one, over every protocol.

use farcall::model::{Interface, Operation, Param, Type};
use farcall::{Fault, Server, Value, Wire, service};

/// Something with parts of its own, tuples among them.
#[derive(Clone, Debug, PartialEq, Wire)]
struct Place {
    name: String,
    at: (i32, i32),
}

#[service(name = "Atlas", id = "IDL:Atlas:1.0")]
trait Atlas {
    /// One that comes back, and nothing else.
    #[op(out(place))]
    async fn find(&self, name: String) -> Result<Place, Fault>;

    /// Two that come back, one of which may be absent and one empty.
    #[op(out(first, "rest"))]
    async fn list(&self, count: u32) -> Result<(Option<Place>, Vec<String>), Fault>;

    /// A result, one that goes both ways, and one that comes back.
    #[op(out(count, odd))]
    async fn step(&self, by: i32, count: i64) -> Result<(bool, i64, (i32, i32)), Fault>;
}

struct World;

impl Atlas for World {
    async fn find(&self, name: String) -> Result<Place, Fault> {
        Ok(Place { name, at: (1, -1) })
    }

    async fn list(&self, count: u32) -> Result<(Option<Place>, Vec<String>), Fault> {
        let names: Vec<_> = (1..count).map(|n| n.to_string()).collect();
        Ok(((count > 0).then(|| Place { name: "0".into(), at: (0, 0) }), names))
    }

    async fn step(&self, by: i32, count: i64) -> Result<(bool, i64, (i32, i32)), Fault> {
        Ok((by > 0, count + i64::from(by), (by, -by)))
    }
}

async fn check<A: Atlas>(atlas: &A) {
    assert_eq!(atlas.find("sea".into()).await.unwrap(), Place { name: "sea".into(), at: (1, -1) });
    let zero = Place { name: "0".into(), at: (0, 0) };
    assert_eq!(atlas.list(0).await.unwrap(), (None, vec![]));
    assert_eq!(atlas.list(1).await.unwrap(), (Some(zero.clone()), vec![]));
    assert_eq!(atlas.list(3).await.unwrap(), (Some(zero), vec!["1".into(), "2".into()]));
    assert_eq!(atlas.step(2, 40).await.unwrap(), (true, 42, (2, -2)));
}

#[tokio::test]
async fn come_back_over_every_protocol() {
    let server = Server::new().service("atlas", AtlasService::new(World));
    let server = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let at = server.address();
    for url in [
        format!("xmlrpc+http://{at}/atlas"),
        format!("soap+http://{at}/atlas"),
        format!("corbaloc::{at}/atlas"),
    ] {
        check(&AtlasClient::connect(&url).await.unwrap()).await;
        let interface = <AtlasClient as farcall::wire::Remote>::interface();
        let options = farcall::ConnectionOptions::default();
        let connection = farcall::Connection::with_interface(&url, interface, options).unwrap();
        let client = farcall::Client::new(connection);
        let step = interface.operation("step").unwrap();
        let parts = client.call_operation(step, &[Value::I32(2), Value::I64(40)]).await.unwrap();
        let odd = Value::Sequence(vec![Value::I32(2), Value::I32(-2)]);
        assert_eq!(parts, Value::Sequence(vec![Value::Bool(true), Value::I64(42), odd]), "{url}");
    }
    server.stop().await;
}

#[test]
fn stand_in_the_interface() {
    let interface: &Interface = <AtlasClient as farcall::wire::Remote>::interface();
    let shown = |operation: &Operation| {
        let one = |p: &&Param| format!("{:?} {}: {}", p.direction, p.field.name, p.field.ty);
        let all: Vec<_> = operation.signature().iter().map(one).collect();
        format!("{}({}) -> {}", operation.name, all.join(", "), operation.result)
    };
    let all: Vec<_> = interface.operations.iter().map(shown).collect();
    assert_eq!(
        all,
        [
            "find(In name: string, Out place: Place) -> void",
            "list(In count: u32, Out first: optional<Place>, Out rest: sequence<string>) -> void",
            "step(In by: i32, InOut count: i64, Out odd: (i32, i32)) -> bool",
        ]
    );
    assert!(matches!(interface.operations[0].outcome().resolve(), Type::Struct(_)));
}
