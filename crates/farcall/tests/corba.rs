//! CORBA through the facade: one port, typed clients, every type of the model.
#![cfg(feature = "corba")]

use std::collections::BTreeMap;

use farcall::{
    CallError, Completion, Connection, ConnectionOptions, Context, Decimal, Exception, Fault, FaultKind,
    ObjectAdapter, Ref, Server, Value, Wire, service,
};

/// A field between others.
#[derive(Clone, Debug, PartialEq, Wire)]
struct Holder<T> {
    before: i32,
    value: T,
    after: String,
}

#[derive(Clone, Debug, PartialEq, Wire)]
struct Empty {}

/// There is none.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(code = 3, message = "no {what}")]
struct Missing {
    what: String,
}

#[service]
trait Account {
    async fn balance(&self) -> Result<i32, Fault>;
}

#[service(name = "All", scope = "test")]
trait All {
    async fn optional(&self, x: Option<String>) -> Result<Option<String>, Fault>;
    async fn holders(&self, x: Vec<Holder<Option<i64>>>) -> Result<Vec<Holder<Option<i64>>>, Fault>;
    async fn empties(&self, x: Vec<Empty>) -> Result<Vec<Empty>, Fault>;
    async fn map(&self, x: BTreeMap<String, Vec<f64>>) -> Result<BTreeMap<String, Vec<f64>>, Fault>;
    async fn reference(&self, x: Ref<AccountClient>) -> Result<Ref<AccountClient>, Fault>;
    async fn decimal(&self, x: Decimal) -> Result<Decimal, Fault>;
    async fn any(&self, x: Value) -> Result<Value, Fault>;
    async fn find(&self, what: String) -> Result<(String, i32), CallError<Missing>>;
}

struct Same;

impl All for Same {
    async fn optional(&self, x: Option<String>) -> Result<Option<String>, Fault> {
        Ok(x)
    }
    async fn holders(&self, x: Vec<Holder<Option<i64>>>) -> Result<Vec<Holder<Option<i64>>>, Fault> {
        Ok(x)
    }
    async fn empties(&self, x: Vec<Empty>) -> Result<Vec<Empty>, Fault> {
        Ok(x)
    }
    async fn map(&self, x: BTreeMap<String, Vec<f64>>) -> Result<BTreeMap<String, Vec<f64>>, Fault> {
        Ok(x)
    }
    async fn reference(&self, x: Ref<AccountClient>) -> Result<Ref<AccountClient>, Fault> {
        Ok(x)
    }
    async fn decimal(&self, x: Decimal) -> Result<Decimal, Fault> {
        Ok(x)
    }
    async fn any(&self, x: Value) -> Result<Value, Fault> {
        Ok(x)
    }
    async fn find(&self, what: String) -> Result<(String, i32), CallError<Missing>> {
        if what.is_empty() { Err(Missing { what }.into()) } else { Ok((what, 1)) }
    }
}

#[test]
fn every_type_on_the_port_of_all_protocols() {
    farcall::block_on(async {
        let server = Server::new().service("all", AllService::new(Same));
        let server = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        for url in [
            format!("corbaloc:iiop:1.2@{}/all", server.address()),
            format!("corbaloc:iiop:1.0@{}/all", server.address()),
            format!("xmlrpc+http://{}/all", server.address()),
        ] {
            let all = AllClient::connect(&url).await.unwrap();
            for value in [None, Some(String::new()), Some("x".to_owned())] {
                assert_eq!(all.optional(value.clone()).await.unwrap(), value);
            }
            let holder = |value| Holder { before: -1, value, after: "z".into() };
            let holders = vec![holder(None), holder(Some(i64::MIN))];
            assert_eq!(all.holders(holders.clone()).await.unwrap(), holders);
            assert_eq!(all.holders(vec![]).await.unwrap(), []);
            assert_eq!(all.empties(vec![Empty {}, Empty {}]).await.unwrap().len(), 2);
            for map in [BTreeMap::new(), BTreeMap::from([(String::new(), vec![0.5]), ("b".into(), vec![])])] {
                assert_eq!(all.map(map.clone()).await.unwrap(), map);
            }
            for reference in [Ref::nil(), Ref::new("http://127.0.0.1/a?b=1#c")] {
                assert_eq!(all.reference(reference.clone()).await.unwrap(), reference, "{url}");
            }
            let number: Decimal = "-1.50".parse().unwrap();
            assert_eq!(all.decimal(number.clone()).await.unwrap(), number);
            for value in
                [Value::Nil, Value::from(7), Value::from("x"), Value::Sequence(vec![Value::from(true)])]
            {
                assert_eq!(all.any(value.clone()).await.unwrap(), value);
            }
            assert_eq!(all.find("it".into()).await.unwrap(), ("it".into(), 1));
            let missing = all.find(String::new()).await.unwrap_err();
            assert_eq!(missing.user().unwrap(), &Missing { what: String::new() });
        }
        server.stop().await;
    });
}

/// Who has to say who he is over HTTP does not get around it over IIOP.
#[test]
fn an_authenticator_leaves_no_way_around_it() {
    farcall::block_on(async {
        let nobody = farcall::net::Tokens::new("test");
        let server = Server::new().service("all", AllService::new(Same)).authenticator(nobody);
        let server = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let all = AllClient::connect(&format!("corbaloc::{}/all", server.address())).await.unwrap();
        let refused = all.optional(None).await.unwrap_err();
        assert_eq!((refused.kind(), refused.completion()), (FaultKind::Forbidden, Completion::No));
        server.stop().await;
    });
}

/// Says who calls.
#[service]
trait Who {
    async fn am_i(&self, cx: &Context) -> Result<String, Fault>;
}

struct Mirror;

impl Who for Mirror {
    async fn am_i(&self, cx: &Context) -> Result<String, Fault> {
        Ok(cx.identity().map_or("nobody", |identity| &identity.name).to_owned())
    }
}

#[test]
fn users_and_tokens_are_judged_as_over_http() {
    farcall::block_on(async {
        let objects = ObjectAdapter::new("objects");
        let users = farcall::net::Users::new("r").with("ann", "s\u{e9}cret");
        let tokens = farcall::net::Tokens::new("r").with("t0ken", "billing");
        let judges = [
            (
                Server::new().authenticator(users),
                ("ann", "s\u{e9}cret"),
                [("ann", "wrong"), ("bob", "s\u{e9}cret"), ("", "s\u{e9}cret")],
            ),
            (
                Server::new().authenticator(tokens),
                ("", "t0ken"),
                [("", "token"), ("billing", "t0ken"), ("", "")],
            ),
        ];
        for (server, (user, password), wrong) in judges {
            let server = server.adapter(&objects).service("who", WhoService::new(Mirror));
            let server = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
            let url = format!("corbaloc::{}/who", server.address());
            let client = |user: &str, password: &str| {
                let options = ConnectionOptions::default().with_credentials(user, password);
                WhoClient::new(Connection::with(&url, options).unwrap())
            };
            let name = client(user, password).am_i(&Context::new()).await.unwrap();
            assert_eq!(name, if user.is_empty() { "billing" } else { "ann" });
            for (user, password) in wrong {
                let refused = client(user, password).am_i(&Context::new()).await.unwrap_err();
                assert_eq!(refused.kind(), FaultKind::Unauthenticated, "{refused}");
                assert_eq!(refused.completion(), Completion::No);
            }
            // what every object answers is not said to everybody either, nor what objects there are
            let nobody = farcall::corba::Client::connect(&url).unwrap();
            assert!(nobody.is_a("IDL:Who:1.0").await.is_err() && nobody.non_existent().await.is_err());
            // references say that callers must say who they are
            let reference: farcall::Ref<WhoClient> = objects.reference_to("1").unwrap();
            let ior: farcall::corba::Ior = reference.object().addresses[0].parse().unwrap();
            let security = ior.components().find_map(|component| match component.decode() {
                farcall::corba::ior::Component::Csi(security) => Some(security),
                _ => None,
            });
            assert!(security.unwrap().required);
            server.stop().await;
        }
    });
}

#[test]
fn a_call_without_types_says_what_is_missing() {
    farcall::block_on(async {
        let client = farcall::connect("corbaloc::127.0.0.1:1/all").unwrap();
        let server = Server::new().service("all", AllService::new(Same));
        let server = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        assert!(client.interface().await.is_err());
        let client = farcall::connect(&format!("corbaloc::{}/all", server.address())).unwrap();
        let fault = client.call("optional", (1,)).await.unwrap_err();
        assert!(fault.message().contains("IDL"), "{fault}");
        server.stop().await;
    });
}
