//! The objects of a server, and one call of one of them.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use farcall_net::{CallMetrics, OperationMetrics};
use farcall_wire::{
    Call, CodecError, Completion, Context, Encoder as _, ErrorKind, Fault, FaultKind, Handler,
};

use futures_util::FutureExt as _;

use crate::Cdr;
use crate::cdr::{ByteOrder, CdrEncoder, CodeSets, Version};
use crate::fault::SystemException;
use crate::giop::{self, Message, Reply, ReplyStatus, ServiceContexts, split_fragments};
use crate::ior::Ior;
use crate::repository;

/// Says who may call what.
pub(super) type Judge = dyn Fn(&Context, &str) -> Result<(), Fault> + Send + Sync;

/// The objects by key.
#[derive(Clone)]
pub(super) struct Objects {
    by_key: Arc<HashMap<Box<[u8]>, Arc<Object>>>,
    metrics: Arc<CallMetrics>,
    pub(super) judge: Option<Arc<Judge>>,
}

/// A service under a key.
pub(super) struct Object {
    key: String,
    pub(super) handler: Arc<dyn Handler<Cdr>>,
    operations: HashMap<Box<str>, (usize, Arc<OperationMetrics>)>,
}

impl Objects {
    pub(super) fn new(metrics: CallMetrics) -> Self {
        Self { by_key: Arc::default(), metrics: Arc::new(metrics), judge: None }
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

    pub(super) fn find(&self, key: &[u8]) -> Option<&Arc<Object>> {
        self.by_key.get(key)
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
}

impl Incoming {
    /// Runs it: the octets of the reply.
    pub(super) async fn run(self, objects: Objects, object: Option<Arc<Object>>) -> Vec<u8> {
        let reply = match object {
            Some(object) => {
                let call = AssertUnwindSafe(self.call(&objects, &object)).catch_unwind().await;
                call.unwrap_or_else(|_| {
                    let fault = Fault::new(FaultKind::Internal, "the implementation panicked");
                    Err(fault.with_completion(Completion::Maybe))
                })
            }
            None if is_existence(&self.operation) => self.replier.answer(|out| out.bool(true)),
            None => Err(Fault::new(FaultKind::UnknownObject, "there is no object of that key")),
        };
        reply.and_then(|out| self.replier.finish(out)).unwrap_or_else(|fault| {
            let (peer, operation) = (self.context.peer(), &self.operation);
            tracing::debug!(%peer, operation, %fault, "a call failed");
            self.replier.refuse(&fault)
        })
    }

    async fn call(&self, objects: &Objects, object: &Object) -> Result<CdrEncoder, Fault> {
        let Some((index, metrics)) = object.operations.get(&*self.operation) else {
            return self.implicit(object);
        };
        let name = &*object.handler.interface().operations[*index].name;
        let timer = metrics.start();
        let reply = async {
            if let Some(judge) = &objects.judge {
                judge(&self.context, &format!("{}.{name}", object.key))?;
            }
            let from = self.message.decoder(self.at, self.replier.sets, self.context.limits());
            let call = Call::new(Some(*index), name, self.context.clone(), from, self.replier.reply()?);
            object.handler.handle(call).await
        }
        .await;
        timer.finish(reply.as_ref().err().map(Fault::kind));
        reply
    }

    /// The operations that every object has (CORBA 3.3 part 1, §8.3).
    fn implicit(&self, object: &Object) -> Result<CdrEncoder, Fault> {
        let interface = object.handler.interface();
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
                Err(Fault::new(FaultKind::Unsupported, why))
            }
            name => {
                let text = format!("{} has no operation '{name}'", repository::of_interface(interface));
                Err(Fault::new(FaultKind::UnknownOperation, text))
            }
        }
    }
}

/// How a call is answered.
#[derive(Clone, Copy)]
pub(super) struct Replier {
    pub(super) version: Version,
    pub(super) id: u32,
    pub(super) sets: CodeSets,
    pub(super) fragment_size: Option<usize>,
}

impl Replier {
    /// An encoder for the reply's body.
    fn reply(&self) -> Result<CdrEncoder, Fault> {
        self.header(ReplyStatus::NoException, ServiceContexts::default()).map_err(Fault::from)
    }

    fn header(&self, status: ReplyStatus, contexts: ServiceContexts) -> Result<CdrEncoder, CodecError> {
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
    pub(super) fn taken(&self) -> Vec<u8> {
        self.reply().and_then(|out| self.finish(out)).unwrap_or_default()
    }

    fn finish(&self, out: CdrEncoder) -> Result<Vec<u8>, Fault> {
        let octets = giop::finish(out).map_err(|e| {
            Fault::new(FaultKind::Limit, e.to_string()).with_completion(Completion::Yes).with_source(e)
        })?;
        Ok(match self.fragment_size {
            Some(most) => split_fragments(octets, most),
            None => octets,
        })
    }

    /// The reply that says a fault: a system exception, and its text beside it.
    pub(super) fn refuse(&self, fault: &Fault) -> Vec<u8> {
        let exception = of_fault(fault);
        let write = |contexts| {
            let mut out = self.header(ReplyStatus::SystemException, contexts)?;
            out.body(|out| exception.write(out))?;
            Ok::<_, CodecError>(giop::finish(out).unwrap_or_default())
        };
        // nothing in it can fail to be written but a text of 4 GiB
        write(ServiceContexts::default().with_detail(fault.message())).unwrap_or_default()
    }
}

const OBJECT: &str = "IDL:omg.org/CORBA/Object:1.0";

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
