//! `CosEventComm` and `CosEventChannelAdmin` (Event Service 1.2, §2.1 and §2.3), as Rust.

use farcall::{CallError, Exception, Fault, Ref, Value, service};

/// The event channel, or the other side, has disconnected.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
#[exception(
    code = 1,
    scope = "CosEventComm",
    id = "IDL:omg.org/CosEventComm/Disconnected:1.0",
    message = "nobody is connected here any more"
)]
pub struct Disconnected {}

/// A proxy is connected to somebody already.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
#[exception(
    code = 2,
    scope = "CosEventChannelAdmin",
    id = "IDL:omg.org/CosEventChannelAdmin/AlreadyConnected:1.0",
    message = "somebody is connected here already"
)]
pub struct AlreadyConnected {}

/// A typed channel does not pass on events of that type.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
#[exception(
    code = 3,
    scope = "CosEventChannelAdmin",
    id = "IDL:omg.org/CosEventChannelAdmin/TypeError:1.0",
    message = "this channel does not pass on events of that type"
)]
pub struct TypeError {}

/// Why a consumer or a pulled supplier cannot be connected.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
pub enum ConnectError {
    /// Somebody is connected already.
    AlreadyConnected(AlreadyConnected),
    /// It is of another type.
    TypeError(TypeError),
}

/// Takes events as they come.
#[service(scope = "CosEventComm", id = "IDL:omg.org/CosEventComm/PushConsumer:1.0")]
pub trait PushConsumer {
    /// Takes an event.
    async fn push(&self, data: Value) -> Result<(), CallError<Disconnected>>;

    /// Says that no more events come.
    async fn disconnect_push_consumer(&self) -> Result<(), Fault>;
}

/// Gives events as they come.
#[service(scope = "CosEventComm", id = "IDL:omg.org/CosEventComm/PushSupplier:1.0")]
pub trait PushSupplier {
    /// Says that no more events are taken.
    async fn disconnect_push_supplier(&self) -> Result<(), Fault>;
}

/// Gives events when it is asked.
#[service(scope = "CosEventComm", id = "IDL:omg.org/CosEventComm/PullSupplier:1.0")]
pub trait PullSupplier {
    /// Waits for the next event.
    async fn pull(&self) -> Result<Value, CallError<Disconnected>>;

    /// The next event, and whether there is one.
    #[op(out(has_event))]
    async fn try_pull(&self) -> Result<(Value, bool), CallError<Disconnected>>;

    /// Says that no more events are asked for.
    async fn disconnect_pull_supplier(&self) -> Result<(), Fault>;
}

/// Asks for events.
#[service(scope = "CosEventComm", id = "IDL:omg.org/CosEventComm/PullConsumer:1.0")]
pub trait PullConsumer {
    /// Says that there are no more events to ask for.
    async fn disconnect_pull_consumer(&self) -> Result<(), Fault>;
}

/// Where a supplier pushes events into a channel.
#[service(
    scope = "CosEventChannelAdmin",
    id = "IDL:omg.org/CosEventChannelAdmin/ProxyPushConsumer:1.0",
    bases("IDL:omg.org/CosEventComm/PushConsumer:1.0")
)]
pub trait ProxyPushConsumer {
    /// Takes an event.
    async fn push(&self, data: Value) -> Result<(), CallError<Disconnected>>;

    /// Says that no more events come.
    async fn disconnect_push_consumer(&self) -> Result<(), Fault>;

    /// Connects a supplier, who is told when the channel ends unless it is nil.
    async fn connect_push_supplier(
        &self,
        push_supplier: Ref<PushSupplierClient>,
    ) -> Result<(), CallError<AlreadyConnected>>;
}

/// Where a consumer asks a channel for events.
#[service(
    scope = "CosEventChannelAdmin",
    id = "IDL:omg.org/CosEventChannelAdmin/ProxyPullSupplier:1.0",
    bases("IDL:omg.org/CosEventComm/PullSupplier:1.0")
)]
pub trait ProxyPullSupplier {
    /// Waits for the next event.
    async fn pull(&self) -> Result<Value, CallError<Disconnected>>;

    /// The next event, and whether there is one.
    #[op(out(has_event))]
    async fn try_pull(&self) -> Result<(Value, bool), CallError<Disconnected>>;

    /// Says that no more events are asked for.
    async fn disconnect_pull_supplier(&self) -> Result<(), Fault>;

    /// Connects a consumer, who is told when the channel ends unless it is nil.
    async fn connect_pull_consumer(
        &self,
        pull_consumer: Ref<PullConsumerClient>,
    ) -> Result<(), CallError<AlreadyConnected>>;
}

/// Through which a channel asks a supplier for events.
#[service(
    scope = "CosEventChannelAdmin",
    id = "IDL:omg.org/CosEventChannelAdmin/ProxyPullConsumer:1.0",
    bases("IDL:omg.org/CosEventComm/PullConsumer:1.0")
)]
pub trait ProxyPullConsumer {
    /// Says that there are no more events to ask for.
    async fn disconnect_pull_consumer(&self) -> Result<(), Fault>;

    /// Connects the supplier that is to be asked.
    async fn connect_pull_supplier(
        &self,
        pull_supplier: Ref<PullSupplierClient>,
    ) -> Result<(), CallError<ConnectError>>;
}

/// Through which a channel pushes events to a consumer.
#[service(
    scope = "CosEventChannelAdmin",
    id = "IDL:omg.org/CosEventChannelAdmin/ProxyPushSupplier:1.0",
    bases("IDL:omg.org/CosEventComm/PushSupplier:1.0")
)]
pub trait ProxyPushSupplier {
    /// Says that no more events are taken.
    async fn disconnect_push_supplier(&self) -> Result<(), Fault>;

    /// Connects the consumer that events are to be pushed to.
    async fn connect_push_consumer(
        &self,
        push_consumer: Ref<PushConsumerClient>,
    ) -> Result<(), CallError<ConnectError>>;
}

/// Where consumers come to a channel.
#[service(scope = "CosEventChannelAdmin", id = "IDL:omg.org/CosEventChannelAdmin/ConsumerAdmin:1.0")]
pub trait ConsumerAdmin {
    /// A proxy that pushes events.
    async fn obtain_push_supplier(&self) -> Result<Ref<ProxyPushSupplierClient>, Fault>;

    /// A proxy that is asked for events.
    async fn obtain_pull_supplier(&self) -> Result<Ref<ProxyPullSupplierClient>, Fault>;
}

/// Where suppliers come to a channel.
#[service(scope = "CosEventChannelAdmin", id = "IDL:omg.org/CosEventChannelAdmin/SupplierAdmin:1.0")]
pub trait SupplierAdmin {
    /// A proxy that takes events.
    async fn obtain_push_consumer(&self) -> Result<Ref<ProxyPushConsumerClient>, Fault>;

    /// A proxy that asks for events.
    async fn obtain_pull_consumer(&self) -> Result<Ref<ProxyPullConsumerClient>, Fault>;
}

/// Passes events on.
#[service(scope = "CosEventChannelAdmin", id = "IDL:omg.org/CosEventChannelAdmin/EventChannel:1.0")]
pub trait EventChannel {
    /// Where consumers come.
    #[op(idempotent)]
    async fn for_consumers(&self) -> Result<Ref<ConsumerAdminClient>, Fault>;

    /// Where suppliers come.
    #[op(idempotent)]
    async fn for_suppliers(&self) -> Result<Ref<SupplierAdminClient>, Fault>;

    /// Ends the channel: everybody is disconnected.
    async fn destroy(&self) -> Result<(), Fault>;
}
