//! [`Inbound`]: the calls that come in over one connection, whoever opened it.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll, Waker};
use std::time::Instant;

use farcall_net::{CallGate, Certificate, Room};
use farcall_wire::{
    AuthMethod, CodecError, Completion, Context, Decoder as _, Fault, FaultKind, Identity, Limits, Peer,
};
use tokio::task::{AbortHandle, JoinError, JoinSet};

use super::ServerOptions;
use super::caller::{Caller, Contexts};
use super::object::{Found, Incoming, Objects, Replier, is_gone, no_object};
use crate::Forward;
use crate::cdr::{ByteOrder, CodeSets, Version};
use crate::error::GiopError;
use crate::giop::{self, Framer, Kind, ListenPoint, LocateReply, LocateRequest, LocateStatus, Message};
use crate::giop::{Parts, Request, Response, ServiceContexts};
use crate::outgoing::Outgoing;

/// What came of a call that waited: its number, and the reply if one is awaited.
pub(crate) type Done = Result<(u32, Option<Parts>), JoinError>;

/// Calls of one connection, and who may make them.
pub(crate) struct Inbound {
    objects: Arc<Objects>,
    options: ServerOptions,
    limits: Arc<Limits>,
    peer: Peer,
    /// What TLS saw.
    certificate: Option<Arc<Certificate>>,
    identity: Option<Arc<Identity>>,
    /// Where there is a server that bounds all of its calls.
    gate: Option<CallGate>,
    /// What the client chose, or is assumed to have.
    sets: CodeSets,
    /// Who the client said that it is.
    contexts: Contexts,
    jobs: JoinSet<(u32, Option<Parts>)>,
    running: HashMap<u32, AbortHandle>,
}

impl Inbound {
    pub(super) fn new(
        objects: Objects,
        options: ServerOptions,
        limits: Arc<Limits>,
        peer: Peer,
        gate: Option<CallGate>,
    ) -> Self {
        let sets = CodeSets { char: options.char_code_set, ..CodeSets::DEFAULT };
        let objects = Arc::new(objects);
        let (jobs, running, contexts) = (JoinSet::new(), HashMap::new(), Contexts::default());
        let (certificate, identity) = (None, None);
        Self { objects, options, limits, peer, certificate, identity, gate, sets, contexts, jobs, running }
    }

    pub(super) fn with_certificate(mut self, certificate: Option<&Certificate>) -> Self {
        let identity = |certificate: &Certificate| Identity::new(certificate.name(), AuthMethod::Certificate);
        self.identity = certificate.map(identity).map(Arc::new);
        self.certificate = certificate.cloned().map(Arc::new);
        self
    }

    /// True if no call runs.
    pub(crate) fn is_idle(&self) -> bool {
        self.jobs.is_empty()
    }

    /// True if no more calls may run; they are counted, for a client may give many the same id.
    fn is_full(&self) -> bool {
        self.jobs.len() >= self.options.calls
    }

    /// Ends all calls that run.
    pub(crate) fn abort(&mut self) {
        self.jobs.abort_all();
    }

    /// The end of one of the calls that wait; `Pending` if none has ended.
    pub(crate) fn poll_done(&mut self, cx: &mut Task<'_>) -> Poll<Option<Done>> {
        self.jobs.poll_join_next(cx)
    }

    /// Takes a message that a caller sends; replies that are ready go to `out`. `offered` is told where
    /// the caller's own objects are, for calls back over this connection, before the call runs.
    pub(crate) fn take(
        &mut self,
        message: Message,
        framer: &mut Framer,
        read_at: Instant,
        out: &mut Outgoing,
        offered: impl FnOnce(&[ListenPoint]),
    ) -> Result<(), GiopError> {
        match message.kind {
            Kind::Request => return self.request(message, read_at, out, offered),
            Kind::LocateRequest => {
                let LocateRequest { id, target } = match LocateRequest::read(&message) {
                    Ok(request) => request,
                    Err(error) => {
                        // framing survived: what cannot be addressed is not known
                        let id = message.start().u32().map_err(|_| error)?;
                        out.push(located(id, message.version, &Err(no_object())));
                        return Ok(());
                    }
                };
                let (objects, version) = (Arc::clone(&self.objects), message.version);
                let deadline = read_at + self.limits.call_deadline;
                let answer = async move { located(id, version, &objects.locate(target.key()).await) };
                // whoever asks may as well call
                let late = move || located(id, version, &Ok(()));
                if self.is_full() {
                    out.push(late());
                    return Ok(());
                }
                if let Some(reply) = self.launch(id, true, deadline, Box::pin(answer), late) {
                    out.push(reply);
                }
            }
            Kind::CancelRequest => {
                let id = message.start().u32()?;
                framer.forget(id);
                if let Some(job) = self.running.remove(&id) {
                    job.abort();
                }
            }
            other => return Err(GiopError::Unexpected(other)),
        }
        Ok(())
    }

    fn request(
        &mut self,
        message: Message,
        read_at: Instant,
        out: &mut Outgoing,
        offered: impl FnOnce(&[ListenPoint]),
    ) -> Result<(), GiopError> {
        let (request, at) = match Request::read(&message) {
            Ok(read) => read,
            Err(error) => return self.unreadable(&message, error, out),
        };
        let found = request.target.key().and_then(|key| self.objects.find(key));
        let response = match (request.response, &found) {
            // not taken: whoever waits for no more is told so, or where to call instead
            (Response::Taken, None | Some(Found::Moved(_))) => Response::Result,
            (response, _) => response,
        };
        let sets = request.contexts.code_sets();
        if let Ok(Some(sets)) = sets {
            self.sets = sets;
        }
        let points = request.contexts.listen_points();
        if !points.is_empty() {
            offered(&points);
        }
        let replier = self.replier(message.version, request.id);
        let caller = Caller::new(request.contexts.sas(), self.certificate.clone(), &self.contexts);
        let mut room = self.gate.as_ref().map(CallGate::room);
        let has_room = room.as_mut().map_or(Ok(()), |room| room.resize(message.octets.len()));
        let refused = match sets {
            Err(error) => Some(Fault::new(FaultKind::Encoding, error.to_string())),
            Ok(_) if self.is_full() => Some(Fault::new(
                FaultKind::Overloaded,
                format!("{} calls run on this connection (limit calls)", self.options.calls),
            )),
            Ok(_) => has_room.err(),
        };
        if let Some(fault) = refused {
            if response != Response::None {
                out.push(replier.refuse(&fault));
            }
            return Ok(());
        }
        let deadline = read_at + self.limits.call_deadline;
        let context = Context::incoming("corba", self.peer.clone(), Arc::clone(&self.limits));
        let context = context.with_deadline(deadline).with_identity(self.identity.clone());
        let operation = request.operation.to_owned();
        let contexts = request.contexts;
        let incoming = Incoming { message, at, operation, context, replier, caller, contexts };
        if let Some(reply) = self.start(incoming, found, response, deadline, room, out) {
            out.push(reply);
        }
        Ok(())
    }

    fn replier(&self, version: Version, id: u32) -> Replier {
        let (sets, fragment_size) = (self.sets, self.options.fragment_size);
        Replier { version, id, sets, fragment_size, sas: None, contexts: ServiceContexts::default() }
    }

    /// Answers a request whose header cannot be read to its end, as long as it says which it is.
    fn unreadable(&self, message: &Message, error: CodecError, out: &mut Outgoing) -> Result<(), GiopError> {
        let Ok((id, response)) = Request::caller(message) else { return Err(error.into()) };
        if response != Response::None {
            out.push(self.replier(message.version, id).refuse(&Fault::from(error)));
        }
        Ok(())
    }

    /// Runs a call as far as it goes; one that waits goes on as a task of its own.
    fn start(
        &mut self,
        mut incoming: Incoming,
        found: Option<Found>,
        response: Response,
        deadline: Instant,
        room: Option<Room>,
        out: &mut Outgoing,
    ) -> Option<Parts> {
        let replier = incoming.replier.clone();
        if response == Response::Taken {
            out.push(replier.taken());
        }
        let (id, awaited) = (replier.id, response == Response::Result);
        let (objects, gate) = (Arc::clone(&self.objects), self.gate.clone());
        // one block over what it owns, for a future that is handed to another is there twice
        let call = Box::pin(async move {
            let permit = match &gate {
                Some(gate) => gate.enter(deadline).await.map(Some),
                None => Ok(None),
            };
            let reply = match permit {
                Ok(_permit) => incoming.run(&objects, found).await,
                Err(fault) => incoming.replier.refuse(&fault),
            };
            // what its message takes
            drop(room);
            reply
        });
        let late = move || {
            let fault = Fault::new(FaultKind::Deadline, "the call took longer than limit call_deadline");
            replier.refuse(&fault.with_completion(Completion::Maybe))
        };
        self.launch(id, awaited, deadline, call, late)
    }

    /// The reply, if it is ready at once; else a task makes it.
    fn launch(
        &mut self,
        id: u32,
        awaited: bool,
        deadline: Instant,
        mut reply: Pin<Box<dyn Future<Output = Parts> + Send>>,
        late: impl FnOnce() -> Parts + Send + 'static,
    ) -> Option<Parts> {
        if let Poll::Ready(reply) = reply.as_mut().poll(&mut Task::from_waker(Waker::noop())) {
            return awaited.then_some(reply);
        }
        let job = self.jobs.spawn(async move {
            let reply = tokio::time::timeout_at(deadline.into(), reply).await;
            (id, awaited.then_some(reply.unwrap_or_else(|_| late())))
        });
        self.running.insert(id, job);
        None
    }

    /// Notes the end of a call: its reply goes to `out`.
    pub(crate) fn done(&mut self, done: Done, out: &mut Outgoing) {
        match done {
            Ok((id, reply)) => {
                self.running.remove(&id);
                out.push(reply.unwrap_or_default());
            }
            Err(error) if error.is_panic() => tracing::error!(%error, "a call panicked"),
            // it was cancelled, and nobody waits for it
            Err(_) => {}
        }
    }
}

/// The answer where an object is; what keeps it from being called it says itself.
fn located(id: u32, version: Version, found: &Result<(), Fault>) -> Parts {
    let forward = found.as_ref().err().and_then(Forward::of);
    let status = match (found, forward) {
        (_, Some(forward)) if forward.is_permanent && version >= Version::V1_2 => {
            LocateStatus::ObjectForwardPerm
        }
        (_, Some(_)) => LocateStatus::ObjectForward,
        (Err(fault), None) if is_gone(fault) => LocateStatus::UnknownObject,
        _ => LocateStatus::ObjectHere,
    };
    let reply = LocateReply { id, status }.encode(version, ByteOrder::NATIVE).and_then(|mut out| {
        forward.map_or(Ok(()), |forward| forward.ior.write(&mut out))?;
        Ok(out)
    });
    // nothing in it can fail to be written but a reference of 4 GiB
    reply.ok().and_then(|out| giop::finish_parts(out).ok()).unwrap_or_default()
}
