//! [`Proxy`]: what stands in a channel for one consumer or supplier.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use farcall::{CallError, Connection, Context, Fault, FaultKind, Ref, Value};
use tokio::task::AbortHandle;

use super::channel::{ChannelOptions, Shared};
use super::interface::{
    AlreadyConnected, ConnectError, Disconnected, ProxyPullConsumer, ProxyPullSupplier, ProxyPushConsumer,
    ProxyPushSupplier, PullConsumer as _, PullConsumerClient, PullSupplier as _, PullSupplierClient,
    PushConsumer as _, PushConsumerClient, PushSupplier as _, PushSupplierClient,
};
use super::queue::Queue;

/// What a proxy does with events of the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sink {
    /// They wait there for the consumer.
    Queue,
    /// They are of no interest to a supplier.
    None,
}

/// Stands for one consumer or supplier.
pub(super) struct Proxy {
    pub(super) id: u64,
    sink: Sink,
    channel: Weak<Shared>,
    queue: Queue,
    options: ChannelOptions,
    other: Mutex<Other>,
}

/// Who is connected.
#[derive(Default)]
enum Other {
    /// Nobody yet.
    #[default]
    Nobody,
    /// A supplier that pushes; nil if it is not to be told of the end.
    PushSupplier(Ref<PushSupplierClient>),
    PullConsumer(Ref<PullConsumerClient>),
    /// A consumer that is pushed to by that task.
    PushConsumer(Ref<PushConsumerClient>, AbortHandle),
    /// A supplier that is asked by that task.
    PullSupplier(Ref<PullSupplierClient>, AbortHandle),
    /// Nobody any more.
    Gone,
}

impl Proxy {
    pub(super) fn new(id: u64, sink: Sink, channel: Weak<Shared>, options: &ChannelOptions) -> Self {
        let (queue, options) = (Queue::new(options.queue), options.clone());
        Self { id, sink, channel, queue, options, other: Mutex::default() }
    }

    /// Gives it an event of the channel: how many it has lost, if it lost one now.
    pub(super) fn offer(&self, event: &Arc<Value>) -> Option<u64> {
        match self.sink {
            Sink::Queue => self.queue.push(Arc::clone(event)),
            Sink::None => None,
        }
    }

    /// The context of a call of somebody else.
    fn context(&self) -> Context {
        Context::new().with_timeout(self.options.deadline)
    }

    /// Connects somebody, if nobody is.
    fn connect(&self, other: impl FnOnce() -> Other) -> Result<(), AlreadyConnected> {
        let mut slot = self.other.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(*slot, Other::Nobody) {
            return Err(AlreadyConnected {});
        }
        *slot = other();
        Ok(())
    }

    /// Ends it: who was connected, to be told or not.
    fn close(&self) -> Other {
        self.queue.close();
        std::mem::replace(&mut *self.other.lock().unwrap_or_else(PoisonError::into_inner), Other::Gone)
    }

    /// Ends it at the wish of who is connected.
    fn disconnect(&self) {
        if let Other::PushConsumer(_, task) | Other::PullSupplier(_, task) = self.close() {
            task.abort();
        }
        if let Some(channel) = self.channel.upgrade() {
            channel.forget(self.id);
        }
    }

    /// Ends it at the wish of the channel, and tells who is connected. That they cannot be told
    /// changes nothing.
    pub(super) async fn end(&self) {
        let told = match self.close() {
            Other::PushSupplier(other) => match client(&other, PushSupplierClient::new, self) {
                Ok(client) => client.disconnect_push_supplier().await,
                Err(fault) => Err(fault),
            },
            Other::PullConsumer(other) => match client(&other, PullConsumerClient::new, self) {
                Ok(client) => client.disconnect_pull_consumer().await,
                Err(fault) => Err(fault),
            },
            Other::PushConsumer(other, task) => {
                task.abort();
                match client(&other, PushConsumerClient::new, self) {
                    Ok(client) => client.disconnect_push_consumer().await,
                    Err(fault) => Err(fault),
                }
            }
            Other::PullSupplier(other, task) => {
                task.abort();
                match client(&other, PullSupplierClient::new, self) {
                    Ok(client) => client.disconnect_pull_supplier().await,
                    Err(fault) => Err(fault),
                }
            }
            Other::Nobody | Other::Gone => Ok(()),
        };
        if let Err(fault) = told {
            tracing::debug!(%fault, "somebody was not told that the channel ends");
        }
    }

    /// Pushes events to a consumer, until it wants no more.
    async fn push_to(self: Arc<Self>, consumer: PushConsumerClient<Connection>) {
        let mut failed = 0;
        while let Ok(event) = self.queue.next().await {
            let done = consumer.clone().with_context(self.context()).push((*event).clone()).await;
            failed = match done {
                Ok(()) => 0,
                Err(CallError::User(_)) => break,
                Err(CallError::Fault(fault)) if fault.kind() == FaultKind::UnknownObject => break,
                Err(CallError::Fault(fault)) => {
                    tracing::warn!(%fault, "an event did not reach a consumer");
                    failed + 1
                }
            };
            if failed >= self.options.failures {
                tracing::warn!("a consumer is disconnected after {failed} failures (limit failures)");
                break;
            }
        }
        self.disconnect();
    }

    /// Asks a supplier for events, until it has no more.
    async fn pull_from(self: Arc<Self>, supplier: PullSupplierClient<Connection>) {
        let mut failed = 0;
        loop {
            match supplier.clone().with_context(self.context()).pull().await {
                Ok(event) => {
                    failed = 0;
                    match self.channel.upgrade() {
                        Some(channel) => channel.publish(event),
                        None => break,
                    }
                }
                Err(CallError::User(_)) => break,
                // it had none in that time
                Err(CallError::Fault(fault)) if fault.kind() == FaultKind::Deadline => {}
                Err(CallError::Fault(fault)) => {
                    failed += 1;
                    tracing::warn!(%fault, "a supplier did not give an event");
                    if failed >= self.options.failures || fault.kind() == FaultKind::UnknownObject {
                        break;
                    }
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                }
            }
        }
        self.disconnect();
    }
}

/// A client of who is connected; a nil reference is one that is not to be told.
fn client<T: farcall::wire::Remote + WithContext>(
    other: &Ref<T>,
    new: impl FnOnce(Connection) -> T,
    proxy: &Proxy,
) -> Result<T, Fault> {
    Connection::to(other).map(|connection| new(connection).within(proxy.context()))
}

/// Clients whose calls have a deadline.
trait WithContext: Sized {
    fn within(self, context: Context) -> Self;
}

macro_rules! with_context {
    ($($client:ident),*) => {$(
        impl WithContext for $client<Connection> {
            fn within(self, context: Context) -> Self {
                self.with_context(context)
            }
        }
    )*};
}

with_context!(PushSupplierClient, PullConsumerClient, PushConsumerClient, PullSupplierClient);

/// A consumer or supplier that is to be called cannot be nil.
fn connection<T: farcall::wire::Remote>(other: &Ref<T>, name: &str) -> Result<Connection, Fault> {
    if other.is_nil() {
        return Err(Fault::new(
            FaultKind::InvalidParameters,
            format!("{name}: a nil reference cannot be called"),
        ));
    }
    Connection::to(other)
}

impl ProxyPushConsumer for Arc<Proxy> {
    async fn push(&self, data: Value) -> Result<(), CallError<Disconnected>> {
        let channel = self.channel.upgrade().ok_or(Disconnected {})?;
        if matches!(*self.other.lock().unwrap_or_else(PoisonError::into_inner), Other::Gone) {
            return Err(Disconnected {}.into());
        }
        channel.publish(data);
        Ok(())
    }

    async fn disconnect_push_consumer(&self) -> Result<(), Fault> {
        self.disconnect();
        Ok(())
    }

    async fn connect_push_supplier(
        &self,
        push_supplier: Ref<PushSupplierClient>,
    ) -> Result<(), CallError<AlreadyConnected>> {
        Ok(self.connect(|| Other::PushSupplier(push_supplier))?)
    }
}

impl ProxyPullSupplier for Arc<Proxy> {
    async fn pull(&self) -> Result<Value, CallError<Disconnected>> {
        let event = self.queue.next().await.map_err(|_| Disconnected {})?;
        Ok((*event).clone())
    }

    async fn try_pull(&self) -> Result<(Value, bool), CallError<Disconnected>> {
        let event = self.queue.try_next().map_err(|_| Disconnected {})?;
        Ok((event.as_deref().cloned().unwrap_or_default(), event.is_some()))
    }

    async fn disconnect_pull_supplier(&self) -> Result<(), Fault> {
        self.disconnect();
        Ok(())
    }

    async fn connect_pull_consumer(
        &self,
        pull_consumer: Ref<PullConsumerClient>,
    ) -> Result<(), CallError<AlreadyConnected>> {
        Ok(self.connect(|| Other::PullConsumer(pull_consumer))?)
    }
}

impl ProxyPullConsumer for Arc<Proxy> {
    async fn disconnect_pull_consumer(&self) -> Result<(), Fault> {
        self.disconnect();
        Ok(())
    }

    async fn connect_pull_supplier(
        &self,
        pull_supplier: Ref<PullSupplierClient>,
    ) -> Result<(), CallError<ConnectError>> {
        let client = PullSupplierClient::new(connection(&pull_supplier, "pull_supplier")?);
        let connected = self.connect(|| {
            let task = tokio::spawn(Self::clone(self).pull_from(client));
            Other::PullSupplier(pull_supplier, task.abort_handle())
        });
        connected.map_err(|e| CallError::User(e.into()))
    }
}

impl ProxyPushSupplier for Arc<Proxy> {
    async fn disconnect_push_supplier(&self) -> Result<(), Fault> {
        self.disconnect();
        Ok(())
    }

    async fn connect_push_consumer(
        &self,
        push_consumer: Ref<PushConsumerClient>,
    ) -> Result<(), CallError<ConnectError>> {
        let client = PushConsumerClient::new(connection(&push_consumer, "push_consumer")?);
        let connected = self.connect(|| {
            let task = tokio::spawn(Self::clone(self).push_to(client));
            Other::PushConsumer(push_consumer, task.abort_handle())
        });
        connected.map_err(|e| CallError::User(e.into()))
    }
}
