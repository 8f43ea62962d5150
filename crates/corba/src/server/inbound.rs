//! [`Inbound`]: the calls that come in over one connection, whoever opened it.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll, Waker};
use std::time::Instant;

use farcall_net::{CallGate, Room};
use farcall_wire::{Completion, Context, Decoder as _, Fault, FaultKind, Identity, Limits, Peer};
use tokio::task::{AbortHandle, JoinError, JoinSet};

use super::ServerOptions;
use super::object::{Found, Incoming, Objects, Replier};
use crate::cdr::{ByteOrder, CodeSets};
use crate::error::GiopError;
use crate::giop::{self, Framer, Kind, ListenPoint, LocateReply, LocateRequest, LocateStatus, Message};
use crate::giop::{Request, Response};
use crate::outgoing::Outgoing;

/// What came of a call that waited: its number, and the reply if one is awaited.
pub(crate) type Done = Result<(u32, Option<Vec<u8>>), JoinError>;

/// Calls of one connection, and who may make them.
pub(crate) struct Inbound {
    objects: Objects,
    options: ServerOptions,
    limits: Arc<Limits>,
    peer: Peer,
    /// Whose certificate TLS saw.
    identity: Option<Arc<Identity>>,
    /// Where there is a server that bounds all of its calls.
    gate: Option<CallGate>,
    /// What the client chose, or is assumed to have.
    sets: CodeSets,
    jobs: JoinSet<(u32, Option<Vec<u8>>)>,
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
        let (jobs, running) = (JoinSet::new(), HashMap::new());
        Self { objects, options, limits, peer, identity: None, gate, sets, jobs, running }
    }

    pub(super) fn with_identity(mut self, identity: Option<Arc<Identity>>) -> Self {
        self.identity = identity;
        self
    }

    /// True if no call runs.
    pub(crate) fn is_idle(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Ends all calls that run.
    pub(crate) fn abort(&mut self) {
        self.jobs.abort_all();
    }

    /// The end of one more call, if one has ended.
    pub(crate) fn try_done(&mut self) -> Option<Done> {
        self.jobs.try_join_next()
    }

    /// The end of one call of several that wait.
    pub(crate) async fn next_done(&mut self) -> Option<Done> {
        self.jobs.join_next().await
    }

    /// The same without waiting, and `Pending` if there is none yet.
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
                let request = LocateRequest::read(&message)?;
                let known = request.target.key().is_some_and(|key| self.objects.knows(&key));
                let status = if known { LocateStatus::ObjectHere } else { LocateStatus::UnknownObject };
                let reply = LocateReply { id: request.id, status };
                let reply = reply.encode(message.version, ByteOrder::NATIVE)?;
                out.extend_from_slice(&giop::finish(reply)?);
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
        let (request, at) = Request::read(&message)?;
        let response = request.response;
        let found = request.target.key().and_then(|key| self.objects.find(key));
        let sets = request.contexts.code_sets();
        if let Ok(Some(sets)) = sets {
            self.sets = sets;
        }
        let points = request.contexts.listen_points();
        if !points.is_empty() {
            offered(&points);
        }
        let replier = Replier {
            version: message.version,
            id: request.id,
            sets: self.sets,
            fragment_size: self.options.fragment_size,
        };
        let mut room = self.gate.as_ref().map(CallGate::room);
        let has_room = room.as_mut().map_or(Ok(()), |room| room.resize(message.octets.len()));
        let refused = match sets {
            Err(error) => Some(Fault::new(FaultKind::Encoding, error.to_string())),
            Ok(_) if self.running.len() >= self.options.calls => Some(Fault::new(
                FaultKind::Overloaded,
                format!("{} calls run on this connection (limit calls)", self.options.calls),
            )),
            Ok(_) => has_room.err(),
        };
        if let Some(fault) = refused {
            if response != Response::None {
                out.extend_from_slice(&replier.refuse(&fault));
            }
            return Ok(());
        }
        let deadline = read_at + self.limits.call_deadline;
        let context = Context::incoming("corba", self.peer.clone(), Arc::clone(&self.limits));
        let context = context.with_deadline(deadline).with_identity(self.identity.clone());
        let operation = request.operation.to_owned();
        let incoming = Incoming { message, at, operation, context, replier };
        if let Some(reply) = self.start(incoming, found, response, deadline, room, out) {
            out.push(reply);
        }
        Ok(())
    }

    /// Runs a call as far as it goes; one that waits goes on as a task of its own.
    fn start(
        &mut self,
        incoming: Incoming,
        found: Option<Found>,
        response: Response,
        deadline: Instant,
        room: Option<Room>,
        out: &mut Outgoing,
    ) -> Option<Vec<u8>> {
        let replier = incoming.replier;
        if response == Response::Taken {
            out.extend_from_slice(&replier.taken());
        }
        let awaited = response == Response::Result;
        let call = incoming.run(self.objects.clone(), found);
        let mut call: Pin<Box<dyn Future<Output = Vec<u8>> + Send>> =
            Box::pin(permitted(self.gate.clone(), deadline, replier, room, call));
        if let Poll::Ready(reply) = call.as_mut().poll(&mut Task::from_waker(Waker::noop())) {
            return awaited.then_some(reply);
        }
        let job = self.jobs.spawn(async move {
            let reply = tokio::time::timeout_at(deadline.into(), call).await;
            let reply = reply.unwrap_or_else(|_| {
                let fault = Fault::new(FaultKind::Deadline, "the call took longer than limit call_deadline");
                replier.refuse(&fault.with_completion(Completion::Maybe))
            });
            (replier.id, awaited.then_some(reply))
        });
        self.running.insert(replier.id, job);
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

/// Runs a call when it is its turn; `room` is what its message takes.
async fn permitted(
    gate: Option<CallGate>,
    deadline: Instant,
    replier: Replier,
    room: Option<Room>,
    call: impl Future<Output = Vec<u8>>,
) -> Vec<u8> {
    let permit = match &gate {
        Some(gate) => gate.enter(deadline).await.map(Some),
        None => Ok(None),
    };
    let reply = match permit {
        Ok(_permit) => call.await,
        Err(fault) => replier.refuse(&fault),
    };
    drop(room);
    reply
}
