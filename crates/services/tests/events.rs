//! The event service: consumers and suppliers of all four kinds, over CORBA and HTTP.

use std::time::Duration;

use farcall::{CallError, Connection, Fault, ObjectAdapter, Ref, Running, Server, Value};
use farcall_services::events::{
    Channel, ChannelOptions, ConnectError, ConsumerAdmin as _, ConsumerAdminClient, Disconnected,
    EventChannel as _, EventChannelClient, ProxyPullConsumer as _, ProxyPullConsumerClient,
    ProxyPullSupplier as _, ProxyPullSupplierClient, ProxyPushConsumer as _, ProxyPushConsumerClient,
    ProxyPushSupplier as _, ProxyPushSupplierClient, PullSupplier, PullSupplierService, PushConsumer,
    PushConsumerService, SupplierAdmin as _, SupplierAdminClient,
};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What a consumer was told.
#[derive(Debug, PartialEq)]
enum Told {
    Event(Value),
    End,
}

struct Ear {
    told: UnboundedSender<Told>,
    delay: Duration,
}

impl PushConsumer for Ear {
    async fn push(&self, data: Value) -> Result<(), CallError<Disconnected>> {
        tokio::time::sleep(self.delay).await;
        self.told.send(Told::Event(data)).map_err(|_| Disconnected {}.into())
    }

    async fn disconnect_push_consumer(&self) -> Result<(), Fault> {
        let _ = self.told.send(Told::End);
        Ok(())
    }
}

/// Gives the numbers that it was given.
struct Well(Mutex<Vec<i32>>);

impl PullSupplier for Well {
    async fn pull(&self) -> Result<Value, CallError<Disconnected>> {
        self.0.lock().await.pop().map(Value::from).ok_or_else(|| Disconnected {}.into())
    }

    async fn try_pull(&self) -> Result<(Value, bool), CallError<Disconnected>> {
        let next = self.0.lock().await.pop();
        Ok((next.map(Value::from).unwrap_or_default(), next.is_some()))
    }

    async fn disconnect_pull_supplier(&self) -> Result<(), Fault> {
        Ok(())
    }
}

/// A channel, a server with it and with objects of those who call it.
struct Scene {
    channel: Channel,
    objects: ObjectAdapter,
    server: Running,
}

impl Scene {
    async fn new(options: ChannelOptions) -> Self {
        let (channel, objects) = (Channel::new("EventChannel", options), ObjectAdapter::new("callers"));
        let server = channel.serve(Server::new()).adapter(&objects);
        let server = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        Self { channel, objects, server }
    }

    async fn client(&self, scheme: &str) -> EventChannelClient {
        let url = format!("{scheme}{}/EventChannel", self.server.address());
        EventChannelClient::connect(&url).await.unwrap()
    }

    async fn consumers(&self, scheme: &str) -> ConsumerAdminClient {
        let admin = self.client(scheme).await.for_consumers().await.unwrap();
        ConsumerAdminClient::new(to(&admin))
    }

    async fn suppliers(&self, scheme: &str) -> SupplierAdminClient {
        let admin = self.client(scheme).await.for_suppliers().await.unwrap();
        SupplierAdminClient::new(to(&admin))
    }

    async fn listen(
        &self,
        scheme: &str,
        delay: Duration,
    ) -> (ProxyPushSupplierClient, UnboundedReceiver<Told>) {
        let proxy = self.consumers(scheme).await.obtain_push_supplier().await.unwrap();
        let proxy = ProxyPushSupplierClient::new(to(&proxy));
        let (told, heard) = unbounded_channel();
        let ear = self.objects.activate(PushConsumerService::new(Ear { told, delay })).unwrap();
        proxy.connect_push_consumer(ear.clone()).await.unwrap();
        let again = proxy.connect_push_consumer(ear).await.unwrap_err();
        assert!(matches!(again, CallError::User(ConnectError::AlreadyConnected(_))), "{again}");
        (proxy, heard)
    }
}

fn to<T: farcall::wire::Remote>(reference: &Ref<T>) -> Connection {
    Connection::to(reference).unwrap()
}

async fn next(heard: &mut UnboundedReceiver<Told>) -> Told {
    tokio::time::timeout(Duration::from_secs(10), heard.recv()).await.expect("nothing comes").unwrap()
}

fn event(value: impl Into<Value>) -> Told {
    Told::Event(value.into())
}

#[tokio::test]
async fn events_pass_from_suppliers_to_consumers() {
    let scene = Scene::new(ChannelOptions::default()).await;
    for scheme in ["corbaloc::", "xmlrpc+http://", "soap+http://"] {
        let (proxy, mut heard) = scene.listen(scheme, Duration::ZERO).await;
        let pulled = scene.consumers(scheme).await.obtain_pull_supplier().await.unwrap();
        let pulled = ProxyPullSupplierClient::new(to(&pulled));
        assert!(!pulled.try_pull().await.unwrap().1);

        let supplier = scene.suppliers(scheme).await.obtain_push_consumer().await.unwrap();
        let supplier = ProxyPushConsumerClient::new(to(&supplier));
        supplier.connect_push_supplier(Ref::nil()).await.unwrap();
        for n in 0..50 {
            supplier.push(Value::from(n)).await.unwrap();
        }
        supplier.push(Value::from("text")).await.unwrap();
        for n in 0..50 {
            assert_eq!(next(&mut heard).await, event(n), "{scheme}");
            assert_eq!(pulled.pull().await.unwrap(), Value::from(n), "{scheme}");
        }
        assert_eq!(next(&mut heard).await, event("text"));
        assert_eq!(pulled.try_pull().await.unwrap(), (Value::from("text"), true));

        proxy.disconnect_push_supplier().await.unwrap();
        supplier.push(Value::from(51)).await.unwrap();
        assert_eq!(pulled.pull().await.unwrap(), Value::from(51));
        assert!(heard.try_recv().is_err(), "it wants no more");
        supplier.disconnect_push_consumer().await.unwrap();
        assert!(supplier.push(Value::from(52)).await.is_err());
        pulled.disconnect_pull_supplier().await.unwrap();
    }
    scene.server.stop().await;
}

#[tokio::test]
async fn a_slow_consumer_delays_nobody() {
    let scene = Scene::new(ChannelOptions::default().queue(10)).await;
    let (_slow_proxy, mut slow) = scene.listen("corbaloc::", Duration::from_millis(100)).await;
    let (_proxy, mut fast) = scene.listen("corbaloc::", Duration::ZERO).await;
    for n in 0..40 {
        scene.channel.publish(Value::from(n));
        assert_eq!(next(&mut fast).await, event(n));
    }
    // the first was on its way; of the others the last ten were kept
    let first = next(&mut slow).await;
    assert_eq!(first, event(0));
    let mut last = next(&mut slow).await;
    while last != event(39) {
        let Told::Event(Value::I32(n)) = next(&mut slow).await else { panic!("the end") };
        assert!(n >= 30 || n <= 2, "{n}");
        last = event(n);
    }
    scene.server.stop().await;
}

#[tokio::test]
async fn the_end_is_told() {
    let scene = Scene::new(ChannelOptions::default().proxies(3)).await;
    let (_proxy, mut heard) = scene.listen("corbaloc::", Duration::ZERO).await;
    // a supplier that is asked, until it has no more
    let asked = scene.suppliers("corbaloc::").await.obtain_pull_consumer().await.unwrap();
    let asked = ProxyPullConsumerClient::new(to(&asked));
    let well = scene.objects.activate(PullSupplierService::new(Well(Mutex::new(vec![3, 2, 1])))).unwrap();
    asked.connect_pull_supplier(well).await.unwrap();
    for n in 1..=3 {
        assert_eq!(next(&mut heard).await, event(n));
    }
    assert!(asked.connect_pull_supplier(Ref::nil()).await.is_err());
    let admin = scene.consumers("corbaloc::").await;
    admin.obtain_pull_supplier().await.unwrap();
    let mut more = 0;
    while admin.obtain_pull_supplier().await.is_ok() {
        more += 1;
        assert!(more < 3, "three proxies and no more");
    }
    scene.client("corbaloc::").await.destroy().await.unwrap();
    assert_eq!(next(&mut heard).await, Told::End);
    assert!(admin.obtain_push_supplier().await.unwrap_err().message().contains("destroyed"));
    scene.server.stop().await;
}
