//! Pushes events through somebody else's channel, at `PEER_URL`, and listens to it: one check a line.

use std::time::Duration;

use farcall::{CallError, Connection, Fault, FaultKind, ObjectAdapter, Ref, Server, Value};
use farcall_services::events::{
    ConsumerAdmin as _, ConsumerAdminClient, Disconnected, EventChannel as _, EventChannelClient,
    ProxyPullSupplier as _, ProxyPullSupplierClient, ProxyPushConsumer as _, ProxyPushConsumerClient,
    ProxyPushSupplier as _, ProxyPushSupplierClient, PushConsumer, PushConsumerService, SupplierAdmin as _,
    SupplierAdminClient,
};
use tokio::sync::mpsc::UnboundedSender;

struct Ear(UnboundedSender<Value>);

impl PushConsumer for Ear {
    async fn push(&self, data: Value) -> Result<(), CallError<Disconnected>> {
        self.0.send(data).map_err(|_| Disconnected {}.into())
    }

    async fn disconnect_push_consumer(&self) -> Result<(), Fault> {
        Ok(())
    }
}

fn main() {
    let url = std::env::var("PEER_URL").expect("PEER_URL says where the channel is");
    farcall::block_on(run(&url)).expect("the channel does what channels do");
    println!("1..4");
}

async fn run(url: &str) -> Result<(), Box<dyn std::error::Error>> {
    let objects = ObjectAdapter::new("consumers");
    let server = Server::new().adapter(&objects).start("127.0.0.1:0".parse()?).await?;
    let channel = EventChannelClient::connect(url).await?;
    let mut admin = channel.for_consumers().await;
    // the channel is bound a moment after the naming service listens
    for _ in 0..200 {
        if !matches!(&admin, Err(fault) if fault.kind() == FaultKind::UnknownObject) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        admin = channel.for_consumers().await;
    }
    let consumers = ConsumerAdminClient::new(Connection::to(&admin?)?);
    let suppliers = SupplierAdminClient::new(Connection::to(&channel.for_suppliers().await?)?);

    let pushed = ProxyPushSupplierClient::new(Connection::to(&consumers.obtain_push_supplier().await?)?);
    let (heard, mut events) = tokio::sync::mpsc::unbounded_channel();
    pushed.connect_push_consumer(objects.activate(PushConsumerService::new(Ear(heard)))?).await?;
    let pulled = ProxyPullSupplierClient::new(Connection::to(&consumers.obtain_pull_supplier().await?)?);
    pulled.connect_pull_consumer(Ref::nil()).await?;

    let supplier = ProxyPushConsumerClient::new(Connection::to(&suppliers.obtain_push_consumer().await?)?);
    supplier.connect_push_supplier(Ref::nil()).await?;
    let sent: Vec<Value> = (0..20).map(Value::from).chain([Value::from("text"), Value::from(1.5)]).collect();
    for event in &sent {
        supplier.push(event.clone()).await?;
    }
    println!("ok 1 - events are pushed");
    let mut received = Vec::new();
    while received.len() < sent.len() {
        received.push(tokio::time::timeout(Duration::from_secs(20), events.recv()).await?.ok_or("the end")?);
    }
    println!("{} 2 - events come back in order", if received == sent { "ok" } else { "not ok" });
    let first = pulled.pull().await?;
    println!("{} 3 - events are pulled", if first == sent[0] { "ok" } else { "not ok" });
    pushed.disconnect_push_supplier().await?;
    supplier.disconnect_push_consumer().await?;
    println!("ok 4 - the channel lets go");
    server.stop().await;
    Ok(())
}
