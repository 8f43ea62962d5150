//! The matrix: None, `{}`, `[]`, `""`, a reference and a nil reference, each in
//! every position that can hold it, from a client to a server and back, typed
//! and dynamic, over every protocol.
//!
//! A protocol is a row in [`PROTOCOLS`], a type of value a line in [`values!`],
//! a position an operation of `Echo` and a line in `typed` and `dynamic`.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use farcall::wire::{Decode, Encode, Remote};
use farcall::{Fault, Ref, Running, Server, Value, Wire, from_value, service, to_value};

/// A protocol: its name, and the URL of a service at a server.
type Protocol = (&'static str, fn(&Running, &str) -> String);

const PROTOCOLS: &[Protocol] = &[
    ("xmlrpc", |server, service| format!("xmlrpc+http://{}/{service}", server.address())),
    ("soap", |server, service| format!("soap+http://{}/{service}?wsdl", server.address())),
    ("corba 1.2", |server, service| format!("corbaloc:iiop:1.2@{}/{service}", server.address())),
    // UTF-8 is negotiated from 1.1 on
    ("corba 1.1", |server, service| format!("corbaloc:iiop:1.1@{}/{service}", server.address())),
];

/// A field between others, so that one that vanishes is noticed.
#[derive(Clone, Debug, PartialEq, Wire)]
struct Holder<T> {
    before: i32,
    value: T,
    after: String,
}

/// A union that holds it in one of its cases.
#[derive(Clone, Debug, PartialEq, Wire)]
enum Case<T> {
    Nothing,
    Number(i32),
    Held(T),
}

/// `{}`.
#[derive(Clone, Debug, PartialEq, Wire)]
struct Empty {}

/// What references of the matrix refer to.
#[service]
trait Account {
    async fn balance(&self) -> Result<i32, Fault>;
}

/// The same with an identity of its own in CORBA.
#[service(id = "IDL:Matrix/Vault:1.0")]
trait Vault {
    async fn open(&self) -> Result<i32, Fault>;
}

/// What one type of the matrix can do.
macro_rules! values {
    ($($module:ident: $ty:ty = [$($value:expr),+ $(,)?];)*) => {
        $(mod $module {
            use super::*;

            pub(crate) struct Same;

            #[service]
            pub(crate) trait Echo {
                async fn param(&self, value: $ty) -> Result<$ty, Fault>;
                async fn second(&self, first: i32, value: $ty) -> Result<$ty, Fault>;
                async fn field(&self, value: Holder<$ty>) -> Result<Holder<$ty>, Fault>;
                async fn item(&self, value: Vec<$ty>) -> Result<Vec<$ty>, Fault>;
                async fn entry(&self, value: BTreeMap<String, $ty>) -> Result<BTreeMap<String, $ty>, Fault>;
                async fn pair(&self, value: HashMap<i32, $ty>) -> Result<HashMap<i32, $ty>, Fault>;
                async fn case(&self, value: Case<$ty>) -> Result<Case<$ty>, Fault>;
                async fn deep(&self, value: Vec<Holder<Case<$ty>>>) -> Result<Vec<Holder<Case<$ty>>>, Fault>;
            }

            impl Echo for Same {
                async fn param(&self, value: $ty) -> Result<$ty, Fault> {
                    Ok(value)
                }
                async fn second(&self, first: i32, value: $ty) -> Result<$ty, Fault> {
                    assert_eq!(first, 7);
                    Ok(value)
                }
                async fn field(&self, value: Holder<$ty>) -> Result<Holder<$ty>, Fault> {
                    Ok(value)
                }
                async fn item(&self, value: Vec<$ty>) -> Result<Vec<$ty>, Fault> {
                    Ok(value)
                }
                async fn entry(&self, value: BTreeMap<String, $ty>) -> Result<BTreeMap<String, $ty>, Fault> {
                    Ok(value)
                }
                async fn pair(&self, value: HashMap<i32, $ty>) -> Result<HashMap<i32, $ty>, Fault> {
                    Ok(value)
                }
                async fn case(&self, value: Case<$ty>) -> Result<Case<$ty>, Fault> {
                    Ok(value)
                }
                async fn deep(&self, value: Vec<Holder<Case<$ty>>>) -> Result<Vec<Holder<Case<$ty>>>, Fault> {
                    Ok(value)
                }
            }

            fn holder<T>(value: T) -> Holder<T> {
                Holder { before: 1, value, after: "z".into() }
            }

            pub(crate) async fn typed(url: &str) {
                let client = EchoClient::connect(url).await.unwrap();
                for value in [$($value),+] {
                    let value: $ty = value;
                    let list = vec![value.clone(), value.clone()];
                    let map = BTreeMap::from([("a".to_owned(), value.clone()), (String::new(), value.clone())]);
                    let pairs = HashMap::from([(7, value.clone())]);
                    let deep = vec![holder(Case::Held(value.clone())), holder(Case::Nothing)];
                    assert_eq!(client.param(value.clone()).await.unwrap(), value);
                    assert_eq!(client.second(7, value.clone()).await.unwrap(), value);
                    assert_eq!(client.field(holder(value.clone())).await.unwrap(), holder(value.clone()));
                    assert_eq!(client.item(list.clone()).await.unwrap(), list);
                    assert_eq!(client.entry(map.clone()).await.unwrap(), map);
                    assert_eq!(client.pair(pairs.clone()).await.unwrap(), pairs);
                    assert_eq!(client.case(Case::Held(value.clone())).await.unwrap(), Case::Held(value.clone()));
                    assert_eq!(client.deep(deep.clone()).await.unwrap(), deep);
                }
                assert!(client.item(vec![]).await.unwrap().is_empty());
                assert!(client.entry(BTreeMap::new()).await.unwrap().is_empty());
                assert!(client.pair(HashMap::new()).await.unwrap().is_empty());
                assert_eq!(client.case(Case::Nothing).await.unwrap(), Case::Nothing);
                assert_eq!(client.case(Case::Number(-3)).await.unwrap(), Case::Number(-3));
            }

            pub(crate) async fn dynamic(url: &str) {
                let client = farcall::connect(url).unwrap();
                let interface = <EchoClient<farcall::Connection> as Remote>::interface();
                for value in [$($value),+] {
                    let value: $ty = value;
                    let call = Dynamic { client: &client, interface };
                    call.echo("param", value.clone()).await;
                    call.echo("field", holder(value.clone())).await;
                    call.echo("item", vec![value.clone(), value.clone()]).await;
                    call.echo("entry", BTreeMap::from([("a".to_owned(), value.clone())])).await;
                    call.echo("pair", HashMap::from([(7, value.clone())])).await;
                    call.echo("case", Case::Held(value.clone())).await;
                    call.echo("deep", vec![holder(Case::Held(value.clone()))]).await;
                }
            }
        })*

        fn serve() -> Server {
            Server::new()$(.service(stringify!($module), $module::EchoService::new($module::Same)))*
        }

        async fn run(server: &Running, url: fn(&Running, &str) -> String) {
            $(
                $module::typed(&url(server, stringify!($module))).await;
                $module::dynamic(&url(server, stringify!($module))).await;
            )*
        }
    };
}

values! {
    optional_number: Option<i32> = [None, Some(0), Some(5)];
    optional_text: Option<String> = [None, Some(String::new()), Some("x".into())];
    optional_list: Option<Vec<i32>> = [None, Some(vec![]), Some(vec![1])];
    optional_record: Option<Empty> = [None, Some(Empty {})];
    optional_holder: Option<Holder<Option<bool>>> =
        [None, Some(Holder { before: 0, value: None, after: String::new() })];
    optional_union: Option<Case<String>> = [None, Some(Case::Nothing), Some(Case::Held(String::new()))];
    optional_reference: Option<Ref<AccountClient>> = [None, Some(Ref::new("http://127.0.0.1/a"))];
    record: Empty = [Empty {}];
    map: BTreeMap<String, i32> = [BTreeMap::new(), BTreeMap::from([(String::new(), 1)])];
    pairs: BTreeMap<i32, Option<String>> = [BTreeMap::new(), BTreeMap::from([(1, None), (2, Some(String::new()))])];
    list: Vec<i32> = [vec![], vec![0]];
    lists: Vec<Vec<String>> = [vec![], vec![vec![]], vec![vec![String::new()], vec![]]];
    octets: Vec<u8> = [vec![], vec![0, 255]];
    text: String = [String::new(), " ".into(), "\r\n\t ".into(), "<&>\"' é𝄞 ]]>".into(), "0".into()];
    reference: Ref<AccountClient> = [Ref::nil(), Ref::new("http://127.0.0.1/a?b=1&c=2#d")];
    identified: Ref<VaultClient> = [Ref::nil(), Ref::new("http://127.0.0.1/vault")];
    number: i64 = [0, -1, i64::MAX, i64::MIN];
    double: f64 = [0.0, -0.5, 1e300, 5e-324];
    truth: bool = [false, true];
    fixed: [i32; 2] = [[0, 0], [i32::MIN, i32::MAX]];
    tuple: (String, Option<i32>) = [(String::new(), None), ("a".into(), Some(1))];
}

/// Calls without generated code.
struct Dynamic<'a> {
    client: &'a farcall::Client,
    interface: &'static farcall::model::Interface,
}

impl Dynamic<'_> {
    /// Sends a value, fitted to the declared type and as it is, and checks what comes back.
    async fn echo<T: Encode + Decode + PartialEq + Debug>(&self, operation: &str, value: T) {
        let operation = self.interface.operations.iter().find(|o| o.name == operation).unwrap();
        let sent = [to_value(&value).unwrap()];
        let back = self.client.call_operation(operation, &sent).await.unwrap();
        assert_eq!(from_value::<T>(&back).unwrap(), value, "{} with types: {back:?}", operation.name);
        if !matches!(self.client.connection(), farcall::Connection::XmlRpc(_)) {
            // messages of CORBA do not say what is in them, and a WSDL has shapes of its own
            return;
        }
        let back: Value = self.client.call_values(&operation.name, &sent).await.unwrap();
        let read = to_value(&from_value::<T>(&back).unwrap()).unwrap();
        assert_eq!(anywhere(read), anywhere(sent[0].clone()), "{} without types: {back:?}", operation.name);
    }
}

/// Without types a reply says where an object is and not what it is.
fn anywhere(value: Value) -> Value {
    match value {
        Value::Object(mut object) => {
            object.interface.clear();
            Value::Object(object)
        }
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(anywhere).collect()),
        Value::Map(entries) => {
            Value::Map(entries.into_iter().map(|(k, v)| (anywhere(k), anywhere(v))).collect())
        }
        Value::Struct(mut record) => {
            record.fields.iter_mut().for_each(|(_, field)| *field = anywhere(std::mem::take(field)));
            Value::Struct(record)
        }
        Value::Union(case, inside) => Value::Union(case, Box::new(anywhere(*inside))),
        other => other,
    }
}

#[test]
fn every_value_in_every_position_over_every_protocol() {
    farcall::block_on(async {
        let server = serve().start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        for (name, url) in PROTOCOLS {
            println!("{name}");
            run(&server, *url).await;
        }
        server.stop().await;
    });
}
