//! The Event Service (OMG Event Service 1.2): events pass from suppliers to
//! consumers through a channel, and neither knows the other.
//!
//! [`Channel`] is a server to embed, which any ORB finds at
//! `corbaloc::host:port/EventChannel`. Every consumer has a queue of its own, of bounded length, so
//! that a slow one delays nobody.
//!
//! ```
//! use farcall::{CallError, Connection, Fault, ObjectAdapter, Server, Value};
//! use farcall_services::events::{
//!     Channel, ChannelOptions, ConsumerAdmin as _, ConsumerAdminClient, Disconnected, EventChannel as _,
//!     EventChannelClient, ProxyPushSupplier as _, ProxyPushSupplierClient, PushConsumer,
//!     PushConsumerService,
//! };
//!
//! struct Heard(tokio::sync::mpsc::UnboundedSender<Value>);
//!
//! impl PushConsumer for Heard {
//!     async fn push(&self, data: Value) -> Result<(), CallError<Disconnected>> {
//!         let _ = self.0.send(data);
//!         Ok(())
//!     }
//!
//!     async fn disconnect_push_consumer(&self) -> Result<(), Fault> {
//!         Ok(())
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! farcall::block_on(async {
//!     let channel = Channel::new("EventChannel", ChannelOptions::default());
//!     let consumers = ObjectAdapter::new("consumers");
//!     let server = channel.serve(Server::new()).adapter(&consumers);
//!     let server = server.start("127.0.0.1:0".parse()?).await?;
//!
//!     let url = format!("corbaloc::{}/EventChannel", server.address());
//!     let admin = EventChannelClient::connect(&url).await?.for_consumers().await?;
//!     let admin = ConsumerAdminClient::new(Connection::to(&admin)?);
//!     let proxy = ProxyPushSupplierClient::new(Connection::to(&admin.obtain_push_supplier().await?)?);
//!     let (heard, mut events) = tokio::sync::mpsc::unbounded_channel();
//!     proxy.connect_push_consumer(consumers.activate(PushConsumerService::new(Heard(heard)))?).await?;
//!
//!     channel.publish(Value::from(7));
//!     assert_eq!(events.recv().await, Some(Value::from(7)));
//!     Ok(())
//! })
//! # }
//! ```

mod channel;
mod interface;
mod proxy;
mod queue;

pub use channel::{Channel, ChannelOptions};
pub use interface::{
    AlreadyConnected, ConnectError, ConsumerAdmin, ConsumerAdminClient, ConsumerAdminService, Disconnected,
    EventChannel, EventChannelClient, EventChannelService, ProxyPullConsumer, ProxyPullConsumerClient,
    ProxyPullConsumerService, ProxyPullSupplier, ProxyPullSupplierClient, ProxyPullSupplierService,
    ProxyPushConsumer, ProxyPushConsumerClient, ProxyPushConsumerService, ProxyPushSupplier,
    ProxyPushSupplierClient, ProxyPushSupplierService, PullConsumer, PullConsumerClient, PullConsumerService,
    PullSupplier, PullSupplierClient, PullSupplierService, PushConsumer, PushConsumerClient,
    PushConsumerService, PushSupplier, PushSupplierClient, PushSupplierService, SupplierAdmin,
    SupplierAdminClient, SupplierAdminService, TypeError,
};
