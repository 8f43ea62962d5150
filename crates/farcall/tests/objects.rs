//! Objects that are made at run time, over every protocol of the one port.
#![cfg(all(feature = "corba", feature = "soap", feature = "xmlrpc"))]

mod common;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use farcall::adapter::Servant;
use farcall::corba::Connections;
use farcall::wire::{BoxFuture, Remote as _};
use farcall::{
    AdapterOptions, Connection, ConnectionOptions, Context, Fault, FaultKind, Locator, ObjectAdapter, Ref,
    Running, Server, service,
};

use common::{rest, say, socket};

/// Counts.
#[service(name = "Counter", scope = "test", id = "IDL:test/Counter:1.0")]
trait Counter {
    async fn next(&self) -> Result<u32, Fault>;
    /// The id that the call was for.
    async fn id(&self, cx: &Context) -> Result<String, Fault>;
}

/// Makes counters.
#[service(name = "Factory", scope = "test", id = "IDL:test/Factory:1.0")]
trait Factory {
    async fn create(&self) -> Result<Ref<CounterClient>, Fault>;
    async fn destroy(&self, counter: Ref<CounterClient>) -> Result<bool, Fault>;
}

#[derive(Default)]
struct One(AtomicU32);

impl Counter for One {
    async fn next(&self) -> Result<u32, Fault> {
        Ok(self.0.fetch_add(1, Ordering::Relaxed))
    }
    async fn id(&self, cx: &Context) -> Result<String, Fault> {
        Ok(String::from_utf8_lossy(cx.object_id().unwrap_or_default()).into_owned())
    }
}

struct Works(ObjectAdapter);

impl Factory for Works {
    async fn create(&self) -> Result<Ref<CounterClient>, Fault> {
        self.0.activate(CounterService::new(One::default()))
    }
    async fn destroy(&self, counter: Ref<CounterClient>) -> Result<bool, Fault> {
        match self.0.id_of(counter.object()) {
            Some(id) => Ok(self.0.deactivate(id).await),
            None => Err(Fault::new(FaultKind::UnknownObject, "not one of ours")),
        }
    }
}

async fn start(objects: &ObjectAdapter) -> Running {
    let factory = FactoryService::new(Works(objects.clone()));
    let server = Server::new().adapter(objects).service("counters", factory);
    server.start("127.0.0.1:0".parse().unwrap()).await.unwrap()
}

fn urls(server: &Running, path: &str) -> [String; 3] {
    ["corbaloc::", "xmlrpc+http://", "soap+http://"]
        .map(|scheme| format!("{scheme}{}/{path}", server.address()))
}

#[test]
fn references_travel_over_every_protocol() {
    farcall::block_on(async {
        let objects = ObjectAdapter::new("counters");
        let server = start(&objects).await;
        for url in urls(&server, "counters") {
            let factory = FactoryClient::connect(&url).await.unwrap();
            let counter = factory.create().await.unwrap();
            let addresses = &counter.object().addresses;
            match url.split(':').next().unwrap() {
                "corbaloc" => {
                    assert!(addresses[0].starts_with("IOR:") && addresses.len() == 3, "{addresses:?}")
                }
                "xmlrpc+http" => assert!(addresses[0].starts_with("http://"), "{addresses:?}"),
                _ => assert_eq!(addresses.len(), 3),
            }
            // whatever protocol it came over, it can be called over each that it names
            for (calls, address) in (0..).zip(addresses) {
                let one: Ref<CounterClient> = Ref::new(address);
                let client = CounterClient::new(Connection::to(&one).unwrap());
                assert_eq!(client.next().await.unwrap(), calls, "{address}");
                assert_eq!(client.id(&Context::new()).await.unwrap(), objects.len().to_string());
            }
        }
        assert_eq!(objects.len(), 3);
        server.stop().await;
    });
}

#[test]
fn an_object_that_is_gone_is_unknown_to_every_protocol() {
    farcall::block_on(async {
        let objects = ObjectAdapter::new("counters");
        let server = start(&objects).await;
        let factory = FactoryClient::connect(&urls(&server, "counters")[2]).await.unwrap();
        let counter = factory.create().await.unwrap();
        assert!(factory.destroy(counter.clone()).await.unwrap());
        assert!(!factory.destroy(counter.clone()).await.unwrap());
        for address in &counter.object().addresses {
            let one: Ref<CounterClient> = Ref::new(address);
            let fault = CounterClient::new(Connection::to(&one).unwrap()).next().await.unwrap_err();
            assert!(fault.message().contains("no object of that key"), "{address}: {fault}");
        }
        // nor is one whose seal is not this process's
        for path in ["counters/1", "counters/1~0123456789abcdef0123456789abcdef"] {
            for url in urls(&server, path) {
                let fault = CounterClient::connect(&url).await.unwrap().next().await.unwrap_err();
                assert!(fault.message().contains("no object of that key"), "{url}: {fault}");
            }
        }
        server.stop().await;
    });
}

/// Knows all counters whose name begins with `c`.
struct Found(Arc<Mutex<Vec<String>>>);

impl Locator<Servant> for Found {
    fn incarnate<'a>(&'a self, id: &'a [u8]) -> BoxFuture<'a, Result<Option<Servant>, Fault>> {
        let found = id.starts_with(b"c").then(|| Servant::new(CounterService::new(One::default())));
        Box::pin(async move { Ok(found) })
    }

    fn etherealize(&self, id: &[u8], _: &Servant) {
        self.0.lock().unwrap().push(String::from_utf8_lossy(id).into_owned());
    }
}

#[test]
fn objects_are_found_when_they_are_called() {
    farcall::block_on(async {
        let options = AdapterOptions::default().persistent().with_retain(0);
        let objects = ObjectAdapter::with_options("counters", options);
        let gone = Arc::new(Mutex::new(Vec::new()));
        objects.set_locator(Found(Arc::clone(&gone)));
        let server = start(&objects).await;
        for url in urls(&server, "counters/c 1/x") {
            // as it stands in a URL, in each of them
            let url = url.replace(' ', "%20");
            let counter = CounterClient::connect(&url).await.unwrap();
            assert_eq!(counter.next().await.unwrap(), 0, "made anew for every call");
            assert_eq!(counter.id(&Context::new()).await.unwrap(), "c 1/x");
        }
        assert_eq!(gone.lock().unwrap().len(), 6);
        let reference: Ref<CounterClient> = objects.reference_to("c2").unwrap();
        assert_eq!(CounterClient::new(Connection::to(&reference).unwrap()).next().await.unwrap(), 0);
        objects.set_default_servant(CounterService::new(One::default()));
        for (calls, url) in (0..).zip(urls(&server, "counters/whatever")) {
            let counter = CounterClient::connect(&url).await.unwrap();
            assert_eq!(counter.next().await.unwrap(), calls, "one for all");
            assert_eq!(counter.id(&Context::new()).await.unwrap(), "whatever");
        }
        server.stop().await;
    });
}

#[test]
fn an_object_describes_itself() {
    farcall::block_on(async {
        let objects = ObjectAdapter::with_options("counters", AdapterOptions::default().persistent())
            .with_interfaces([CounterClient::<Connection>::interface()]);
        objects.activate_as("1", CounterService::new(One::default())).unwrap();
        let factory = FactoryService::new(Works(objects.clone()));
        let server = Server::new().adapter(&objects).service("factory", factory);
        let server = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let url = format!("http://{}/counters/1", server.address());
        let client = farcall::connect(&url).unwrap();
        let interface = client.interface().await.unwrap();
        assert!(interface.operation("next").is_some(), "{interface:?}");
        assert_eq!(client.call("next", ()).await.unwrap().as_i64(), Some(0));
        for (path, words) in [
            ("/counters/1?wsdl", &["targetNamespace", "next"][..]),
            ("/counters/2?wsdl", &["404"]),
            ("/factory/idl", &["interface _Factory", "interface Counter {", "next()"]),
        ] {
            let get = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            let page = rest(&mut say(socket(&server), get.as_bytes()).await).await;
            assert!(words.iter().all(|word| page.contains(word)), "{path}: {page}");
        }
        let corba =
            farcall::corba::Client::connect(&format!("corbaloc::{}/counters/1", server.address())).unwrap();
        assert!(corba.is_a("IDL:test/Counter:1.0").await.unwrap());
        assert!(!corba.non_existent().await.unwrap());
        let fault = client.call("nothing", ()).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::UnknownOperation);
        server.stop().await;
    });
}

#[test]
fn a_reference_says_what_it_refers_to() {
    let objects = ObjectAdapter::new("counters");
    let early = objects.activate::<CounterClient>(CounterService::new(One::default())).unwrap_err();
    assert!(early.message().contains("before a server"), "{early}");
    farcall::block_on(async {
        let server = Server::new().adapter(&objects).published("orb.example.org", 8080);
        let server = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let wrong = objects.activate::<FactoryClient>(CounterService::new(One::default())).unwrap_err();
        assert_eq!(wrong.kind(), FaultKind::InvalidParameters);
        let counter = objects.activate::<CounterClient>(CounterService::new(One::default())).unwrap();
        assert!(counter.object().addresses[1].starts_with("xmlrpc+http://orb.example.org:8080/counters/"));
        let ior: farcall::corba::Ior = counter.object().addresses[0].parse().unwrap();
        let profile = ior.iiop().next().unwrap();
        assert_eq!((ior.type_id.as_str(), profile.port), ("IDL:test/Counter:1.0", 8080));
        server.stop().await;
    });
}

/// Counts with somebody else's counter.
#[service(name = "Borrower", scope = "test")]
trait Borrower {
    async fn count(&self, counter: Ref<CounterClient>) -> Result<u32, Fault>;
}

struct Calls(Connections);

impl Borrower for Calls {
    async fn count(&self, counter: Ref<CounterClient>) -> Result<u32, Fault> {
        let options = ConnectionOptions::default().with_connections(&self.0);
        CounterClient::new(Connection::to_with(&counter, options)?).next().await
    }
}

#[test]
fn objects_of_clients_are_called_back() {
    farcall::block_on(async {
        let back = Connections::new();
        let server =
            Server::new().bidirectional(&back).service("borrower", BorrowerService::new(Calls(back)));
        let server = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        // one that listens is called at its own address, over the first protocol of the reference
        let objects = ObjectAdapter::new("counters");
        let own = Server::new().adapter(&objects).start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let counter = objects.activate::<CounterClient>(CounterService::new(One::default())).unwrap();
        for (calls, url) in (0..).zip(urls(&server, "borrower")) {
            let borrower = BorrowerClient::connect(&url).await.unwrap();
            assert_eq!(borrower.count(counter.clone()).await.unwrap(), calls, "{url}");
        }
        own.stop().await;
        // one that does not, over its connection
        let objects = ObjectAdapter::new("counters");
        let connections = objects.bidirectional();
        let counter = objects.activate::<CounterClient>(CounterService::new(One::default())).unwrap();
        let options = ConnectionOptions::default().with_connections(&connections);
        let connection = Connection::with(&urls(&server, "borrower")[0], options).unwrap();
        let borrower = BorrowerClient::new(connection);
        for calls in 0..3 {
            assert_eq!(borrower.count(counter.clone()).await.unwrap(), calls);
        }
        server.stop().await;
    });
}

#[test]
fn what_is_held_runs_later_and_what_is_discarded_never_did() {
    farcall::block_on(async {
        let objects = ObjectAdapter::new("counters");
        let server = start(&objects).await;
        let counter = objects.activate::<CounterClient>(CounterService::new(One::default())).unwrap();
        for address in &counter.object().addresses {
            let one: Ref<CounterClient> = Ref::new(address);
            let client = CounterClient::new(Connection::to(&one).unwrap());
            objects.discard_requests();
            let fault = client.next().await.unwrap_err();
            assert_eq!(fault.completion(), farcall::Completion::No, "{address}: {fault}");
            objects.hold_requests();
            let held = tokio::spawn(async move { client.next().await });
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            assert!(!held.is_finished());
            objects.resume_requests();
            held.await.unwrap().unwrap();
        }
        server.stop().await;
    });
}
