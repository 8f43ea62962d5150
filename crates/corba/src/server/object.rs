//! The objects of a server, and one call of one of them.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use farcall_model::Interface;
use farcall_net::{Authenticator, CallMetrics, OperationMetrics};
use farcall_wire::{
    Call, CodecError, Completion, Context, Encoder as _, ErrorKind, Fault, FaultKind, Handler, adapter,
};

use futures_util::FutureExt as _;

use super::caller::{Caller, Verdict};
use crate::cdr::{ByteOrder, CdrEncoder, CodeSets, Version};
use crate::context as strings;
use crate::fault::SystemException;
use crate::giop::{self, Message, Parts, Reply, ReplyStatus, ServiceContexts, context_id, split_fragments};
use crate::interceptor::ServerInterceptor;
use crate::ior::Ior;
use crate::repository;
use crate::{Cdr, Forward};

/// Says who may call what.
pub(super) type Judge = dyn Fn(&Context, &str) -> Result<(), Fault> + Send + Sync;

/// The objects by key: those that are there from the beginning, and those of adapters.
#[derive(Clone)]
pub(super) struct Objects {
    by_key: Arc<HashMap<Box<[u8]>, Arc<Object>>>,
    /// Those that are elsewhere.
    moved: Arc<HashMap<Box<[u8]>, Forward>>,
    adapters: Vec<Arc<dyn adapter::Objects<Cdr>>>,
    metrics: Arc<CallMetrics>,
    pub(super) judge: Option<Arc<Judge>>,
    pub(super) interceptors: Vec<Arc<dyn ServerInterceptor>>,
    /// Says who callers are.
    pub(super) authenticator: Option<Arc<dyn Authenticator>>,
}

/// What a key stands for.
#[derive(Clone)]
pub(super) enum Found {
    Service(Arc<Object>),
    Moved(Forward),
    /// An object that an adapter may have, and its key.
    Adapted(Arc<dyn adapter::Objects<Cdr>>, Bytes),
}

/// A service under a key.
pub(super) struct Object {
    key: String,
    pub(super) handler: Arc<dyn Handler<Cdr>>,
    operations: HashMap<Box<str>, (usize, Arc<OperationMetrics>)>,
}

impl Objects {
    pub(super) fn new(metrics: CallMetrics) -> Self {
        Self {
            by_key: Arc::default(),
            moved: Arc::default(),
            adapters: Vec::new(),
            metrics: Arc::new(metrics),
            judge: None,
            interceptors: Vec::new(),
            authenticator: None,
        }
    }

    pub(super) fn add(&mut self, key: &str, handler: Arc<dyn Handler<Cdr>>) {
        let mut operations = HashMap::new();
        for (index, operation) in handler.interface().operations.iter().enumerate() {
            let name = repository::operation(&operation.name);
            let metrics = self.metrics.operation(&format!("{key}.{}", operation.name));
            operations.insert(name.into(), (index, metrics));
        }
        let object = Arc::new(Object { key: key.to_owned(), handler, operations });
        Arc::make_mut(&mut self.by_key).insert(key.as_bytes().into(), object);
    }

    pub(super) fn add_adapter(&mut self, adapter: Arc<dyn adapter::Objects<Cdr>>) {
        self.adapters.retain(|other| other.name() != adapter.name());
        self.adapters.push(adapter);
    }

    pub(super) fn forward(&mut self, key: &str, forward: Forward) {
        Arc::make_mut(&mut self.moved).insert(key.as_bytes().into(), forward);
    }

    pub(super) fn service(&self, key: &[u8]) -> Option<&Arc<Object>> {
        self.by_key.get(key)
    }

    pub(super) fn find(&self, key: Bytes) -> Option<Found> {
        if let Some(forward) = self.moved.get(&*key) {
            return Some(Found::Moved(forward.clone()));
        }
        if let Some(object) = self.by_key.get(&*key) {
            return Some(Found::Service(Arc::clone(object)));
        }
        adapter::find(&self.adapters, &key).map(|adapter| Found::Adapted(Arc::clone(adapter), key))
    }

    /// Whether there is an object of that key; who has not said who he is learns nothing of it.
    pub(super) async fn locate(&self, key: Option<Bytes>) -> Result<(), Fault> {
        if self.authenticator.is_some() {
            return Ok(());
        }
        match key.and_then(|key| self.find(key)) {
            Some(Found::Service(_)) => Ok(()),
            Some(Found::Moved(forward)) => Err(forward.into()),
            Some(Found::Adapted(adapter, key)) => adapter.locate(&key).await,
            None => Err(no_object()),
        }
    }
}

/// One call, on its way to an object; it owns what it needs, so that it can run anywhere.
pub(super) struct Incoming {
    pub(super) message: Message,
    /// Where the body begins.
    pub(super) at: usize,
    pub(super) operation: String,
    pub(super) context: Context,
    pub(super) replier: Replier,
    /// What the caller says of who it is.
    pub(super) caller: Caller,
    pub(super) contexts: ServiceContexts,
}

impl Incoming {
    /// Runs it: the octets of the reply.
    pub(super) async fn run(&mut self, objects: &Objects, found: Option<Found>) -> Parts {
        if let Some(authenticator) = &objects.authenticator {
            match self.caller.judge(&**authenticator).await {
                Ok(identity) => {
                    self.context = self.context.clone().with_identity(identity.map(Arc::new));
                }
                Err(fault) => return self.replier.with_sas(self.caller.refused()).refuse(&fault),
            }
        }
        self.replier.sas = self.caller.believed();
        for interceptor in &objects.interceptors {
            let mut added = std::mem::take(&mut self.replier.contexts);
            let cx = self.context.clone();
            match interceptor.receive_request(&self.operation, &self.contexts, cx, &mut added) {
                Ok(context) => self.context = context,
                Err(fault) => return self.replier.refuse(&fault),
            }
            self.replier.contexts = added;
        }
        let call = AssertUnwindSafe(self.call(objects, found)).catch_unwind().await;
        let reply = call.unwrap_or_else(|_| {
            let fault = Fault::new(FaultKind::Internal, "the implementation panicked");
            Err(fault.with_completion(Completion::Maybe))
        });
        reply.and_then(|out| self.replier.finish(out)).unwrap_or_else(|fault| {
            let (peer, operation) = (self.context.peer(), &self.operation);
            tracing::debug!(%peer, operation, %fault, "a call failed");
            self.replier.refuse(&fault)
        })
    }

    async fn call(&self, objects: &Objects, found: Option<Found>) -> Result<CdrEncoder, Fault> {
        match found {
            Some(Found::Service(object)) => {
                let operation = object.operations.get(&*self.operation);
                let operation = operation.map(|(index, metrics)| (*index, &**metrics));
                self.dispatch(objects, &object.key, &*object.handler, operation, self.context.clone()).await
            }
            Some(Found::Adapted(adapter, key)) => match adapter.enter(&key).await {
                Ok(entered) => {
                    let (handler, name) = (&**entered.handler(), adapter.name());
                    let operations = &handler.interface().operations;
                    let index =
                        operations.iter().position(|op| repository::operation(&op.name) == *self.operation);
                    let metrics = index.map(|index| {
                        objects.metrics.operation(&format!("{name}.{}", operations[index].name))
                    });
                    let operation = index.zip(metrics.as_deref());
                    let context = self.context.clone().with_object_id(Arc::clone(entered.id()));
                    self.dispatch(objects, name, handler, operation, context).await
                }
                Err(fault) => self.nobody(fault),
            },
            Some(Found::Moved(forward)) => Err(forward.into()),
            None => self.nobody(no_object()),
        }
    }

    /// What an object answers that cannot be called, or is not there.
    fn nobody(&self, fault: Fault) -> Result<CdrEncoder, Fault> {
        if is_existence(&self.operation) && is_gone(&fault) {
            return self.replier.answer(|out| out.bool(true));
        }
        Err(fault)
    }

    /// Calls a handler, whose operations are called `name.operation` elsewhere.
    async fn dispatch(
        &self,
        objects: &Objects,
        name: &str,
        handler: &dyn Handler<Cdr>,
        operation: Option<(usize, &OperationMetrics)>,
        context: Context,
    ) -> Result<CdrEncoder, Fault> {
        let Some((index, metrics)) = operation else {
            return self.implicit(handler.interface());
        };
        let local = &*handler.interface().operations[index].name;
        let timer = metrics.start();
        let reply = async {
            if let Some(judge) = &objects.judge {
                judge(&context, &format!("{name}.{local}"))?;
            }
            let from = self.message.decoder(self.at, self.replier.sets, context.limits());
            let context = strings::read(from.clone(), &handler.interface().operations[index], context)?;
            handler.handle(Call::new(Some(index), local, context, from, self.replier.reply()?)).await
        }
        .await;
        timer.finish(reply.as_ref().err().map(Fault::kind));
        reply
    }

    /// The operations that every object has (CORBA 3.3 part 1, §8.3).
    fn implicit(&self, interface: &Interface) -> Result<CdrEncoder, Fault> {
        match &*self.operation {
            "_is_a" => {
                let mut from = self.message.decoder(self.at, self.replier.sets, self.context.limits());
                from.body();
                let asked = from.name()?;
                let is = asked == repository::of_interface(interface)
                    || asked == OBJECT
                    || interface.bases.iter().any(|base| base == asked);
                self.replier.answer(|out| out.bool(is))
            }
            name if is_existence(name) => self.replier.answer(|out| out.bool(false)),
            "_repository_id" => self.replier.answer(|out| out.name(&repository::of_interface(interface))),
            "_component" => self.replier.answer(|out| Ior::default().write(out)),
            "_interface" => {
                let why = "this server has no interface repository; fetch the IDL instead";
                let exception = SystemException::new("INTF_REPOS", 0x4f4d_0001, Completion::No);
                Err(Fault::new(FaultKind::Unsupported, why).with_source(exception))
            }
            name => {
                let text = format!("{} has no operation '{name}'", repository::of_interface(interface));
                Err(Fault::new(FaultKind::UnknownOperation, text))
            }
        }
    }
}

/// How a call is answered.
#[derive(Clone)]
pub(super) struct Replier {
    pub(super) version: Version,
    pub(super) id: u32,
    pub(super) sets: CodeSets,
    pub(super) fragment_size: Option<usize>,
    /// What is said of who calls.
    pub(super) sas: Option<Verdict>,
    /// What interceptors added.
    pub(super) contexts: ServiceContexts,
}

impl Replier {
    fn with_sas(&self, sas: Option<Verdict>) -> Self {
        Self { sas, ..self.clone() }
    }

    /// An encoder for the reply's body.
    fn reply(&self) -> Result<CdrEncoder, Fault> {
        self.header(ReplyStatus::NoException, ServiceContexts::default()).map_err(Fault::from)
    }

    fn header(&self, status: ReplyStatus, contexts: ServiceContexts) -> Result<CdrEncoder, CodecError> {
        let mut contexts = contexts;
        contexts.0.extend(self.contexts.0.iter().cloned());
        let contexts = match self.sas {
            Some(verdict) => contexts.with(context_id::SECURITY_ATTRIBUTE_SERVICE, verdict.answer()),
            None => contexts,
        };
        let reply = Reply { id: self.id, status, contexts };
        reply.encode(self.version, ByteOrder::NATIVE, self.sets)
    }

    fn answer(
        &self,
        write: impl FnOnce(&mut CdrEncoder) -> farcall_wire::Written,
    ) -> Result<CdrEncoder, Fault> {
        let mut out = self.reply()?;
        out.body(write)?;
        Ok(out)
    }

    /// The reply to a caller that waits for no more than that the call was taken.
    pub(super) fn taken(&self) -> Parts {
        self.reply().and_then(|out| self.finish(out)).unwrap_or_default()
    }

    fn finish(&self, out: CdrEncoder) -> Result<Parts, Fault> {
        let octets = giop::finish_parts(out).map_err(|e| {
            Fault::new(FaultKind::Limit, e.to_string()).with_completion(Completion::Yes).with_source(e)
        })?;
        Ok(match self.fragment_size {
            Some(most) => split_fragments(octets.into_vec(), most).into(),
            None => octets,
        })
    }

    /// The reply that has the call made elsewhere; GIOP 1.0 and 1.1 cannot say that it is for good.
    fn forward(&self, forward: &Forward) -> Result<Parts, CodecError> {
        let status = if forward.is_permanent && self.version >= Version::V1_2 {
            ReplyStatus::LocationForwardPerm
        } else {
            ReplyStatus::LocationForward
        };
        let mut out = self.header(status, ServiceContexts::default())?;
        out.body(|out| forward.ior.write(out))?;
        Ok(giop::finish_parts(out).unwrap_or_default())
    }

    /// The reply that says a fault: a system exception, and its text beside it; or that the call is to
    /// be made elsewhere.
    pub(super) fn refuse(&self, fault: &Fault) -> Parts {
        if let Some(forward) = Forward::of(fault) {
            return self.forward(forward).unwrap_or_default();
        }
        let exception = of_fault(fault);
        let write = |contexts| {
            let mut out = self.header(ReplyStatus::SystemException, contexts)?;
            out.body(|out| exception.write(out))?;
            Ok::<_, CodecError>(giop::finish_parts(out).unwrap_or_default())
        };
        // nothing in it can fail to be written but a text of 4 GiB
        write(ServiceContexts::default().with_detail(fault.message())).unwrap_or_default()
    }
}

const OBJECT: &str = "IDL:omg.org/CORBA/Object:1.0";

/// There is no such object, here or anywhere.
pub(super) fn is_gone(fault: &Fault) -> bool {
    fault.kind() == FaultKind::UnknownObject && Forward::of(fault).is_none()
}

#[cold]
pub(super) fn no_object() -> Fault {
    Fault::new(FaultKind::UnknownObject, "there is no object of that key")
}

/// `_non_existent`, which GIOP 1.0 peers call `_not_existent`.
fn is_existence(operation: &str) -> bool {
    matches!(operation, "_non_existent" | "_not_existent")
}

/// What could not be read is MARSHAL, whatever was wrong with it; characters
/// that a code set does not have are DATA_CONVERSION.
fn of_fault(fault: &Fault) -> SystemException {
    let source = std::error::Error::source(fault).and_then(|e| e.downcast_ref::<CodecError>());
    match source.map(CodecError::kind) {
        Some(ErrorKind::Unsupported { .. } | ErrorKind::Encoding(_)) => {
            SystemException::new("DATA_CONVERSION", 0x4f4d_0001, fault.completion())
        }
        Some(_) if fault.completion() == Completion::No => SystemException::new("MARSHAL", 0, Completion::No),
        _ => SystemException::of(fault),
    }
}
