//! One connection of a server: reads all that came, polls each call once in
//! place, and writes all replies that are ready with one write.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll, Waker};
use std::time::{Duration, Instant};

use farcall_net::{CallGate, Connection, Room, Stream};
use farcall_wire::{AuthMethod, Completion, Context, Decoder as _, Fault, FaultKind, Identity, Limits, Peer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::{AbortHandle, JoinSet};

use super::ServerOptions;
use super::object::{Found, Incoming, Objects, Replier};
use crate::cdr::{ByteOrder, CodeSets, Version};
use crate::error::GiopError;
use crate::giop::{self, Framer, Kind, LocateReply, LocateRequest, LocateStatus, Message, Request, Response};
use crate::outgoing::Outgoing;

/// No more is read while so many octets wait to be written.
const HIGH_WATER: usize = 1 << 20;

pub(super) struct Session {
    objects: Objects,
    options: ServerOptions,
    limits: Arc<Limits>,
    peer: Peer,
    /// Whose certificate TLS saw.
    identity: Option<Arc<Identity>>,
    framer: Framer,
    gate: CallGate,
    /// What is being read takes of the memory for messages.
    room: Room,
    out: Outgoing,
    /// What the client chose, or is assumed to have.
    sets: CodeSets,
    version: Version,
    jobs: JoinSet<(u32, Option<Vec<u8>>)>,
    running: HashMap<u32, AbortHandle>,
    phase: Phase,
    /// When octets last came in, and went out.
    read_at: Instant,
    written_at: Instant,
    /// When the message that is being read began.
    began: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// No new calls; those that run may end.
    Draining,
    /// Nothing but to write what is left.
    Ending,
}

impl Session {
    pub(super) fn new(objects: Objects, options: ServerOptions, connection: &Connection) -> Self {
        let limits = Arc::clone(connection.limits());
        let now = Instant::now();
        Self {
            objects,
            peer: connection.peer().clone(),
            identity: connection
                .certificate()
                .map(|certificate| Arc::new(Identity::new(certificate.name(), AuthMethod::Certificate))),
            framer: Framer::new(&limits),
            gate: connection.gate().clone(),
            room: connection.gate().room(),
            out: Outgoing::default(),
            sets: CodeSets { char: options.char_code_set, ..CodeSets::DEFAULT },
            version: Version::V1_0,
            jobs: JoinSet::new(),
            running: HashMap::new(),
            phase: Phase::Open,
            read_at: now,
            written_at: now,
            began: None,
            options,
            limits,
        }
    }

    pub(super) async fn run(mut self, stream: Stream, mut connection: Connection) {
        let (mut reader, mut writer) = tokio::io::split(stream);
        let timer = tokio::time::sleep_until(self.deadline().into());
        tokio::pin!(timer);
        loop {
            if self.phase == Phase::Draining && self.jobs.is_empty() {
                self.out.extend_from_slice(&giop::bare(Kind::CloseConnection, self.version));
                self.phase = Phase::Ending;
            }
            if self.phase == Phase::Ending && self.out.is_empty() {
                break;
            }
            let deadline = self.deadline();
            if deadline + Duration::from_secs(1) < timer.deadline().into_std() {
                timer.as_mut().reset(deadline.into());
            }
            let reads = self.phase == Phase::Open && self.out.len() < HIGH_WATER;
            tokio::select! {
                biased;
                written = writer.write(self.out.front()), if !self.out.is_empty() => match written {
                    Ok(octets) if octets > 0 => {
                        self.out.advance(octets);
                        self.written_at = Instant::now();
                        if self.out.is_empty() {
                            // TLS may hold back the end of a record
                            let flushed = tokio::time::timeout(self.options.message_timeout, writer.flush());
                            if !matches!(flushed.await, Ok(Ok(()))) {
                                return;
                            }
                        }
                    }
                    _ => return,
                },
                Some(done) = self.jobs.join_next(), if !self.jobs.is_empty() => {
                    self.done(done);
                    while let Some(done) = self.jobs.try_join_next() {
                        self.done(done);
                    }
                }
                read = reader.read_buf(self.framer.buffer()), if reads => match read {
                    Ok(octets) if octets > 0 => self.take(),
                    _ => break,
                },
                () = connection.closing(), if self.phase == Phase::Open => self.phase = Phase::Draining,
                () = &mut timer => {
                    if self.is_late() {
                        return;
                    }
                    timer.as_mut().reset(self.deadline().into());
                }
            }
        }
        // the peer may be gone already
        let _ = tokio::time::timeout(Duration::from_secs(1), writer.shutdown()).await;
    }

    /// How long a message of that many octets may take.
    fn patience(&self, octets: usize) -> Duration {
        self.options.message_timeout + Duration::from_secs((octets >> 14) as u64)
    }

    /// When the connection has waited too long for what it waits for now.
    fn deadline(&self) -> Instant {
        let mut deadline = self.read_at.max(self.written_at) + self.options.idle_timeout;
        if let Some(began) = self.began {
            deadline = deadline.min(began + self.patience(self.framer.held()));
        }
        if !self.out.is_empty() {
            deadline = deadline.min(self.written_at.max(self.read_at) + self.patience(0));
        }
        if !self.running.is_empty() {
            // calls have deadlines of their own
            deadline = deadline.max(Instant::now() + Duration::from_secs(1));
        }
        deadline
    }

    /// True if the connection is to be cut; one that is merely idle is closed in order.
    fn is_late(&mut self) -> bool {
        if self.deadline() > Instant::now() {
            return false;
        }
        let peer = &self.peer;
        if self.out.is_empty() && self.began.is_none() && self.phase == Phase::Open {
            tracing::debug!(%peer, "connection is idle (limit idle_timeout)");
            self.phase = Phase::Draining;
            return false;
        }
        tracing::debug!(%peer, "a message took too long to come or go (limit message_timeout)");
        true
    }

    /// Takes all messages that have come.
    fn take(&mut self) {
        self.read_at = Instant::now();
        while self.phase == Phase::Open {
            match self.framer.next() {
                Ok(Some(message)) => {
                    self.began = None;
                    // it is counted as a call's from here on
                    let _ = self.room.resize(self.framer.held());
                    if let Err(error) = self.message(message) {
                        return self.fail(&error);
                    }
                }
                Ok(None) => break,
                Err(error) => return self.fail(&error),
            }
        }
        if let Err(fault) = self.room.resize(self.framer.held()) {
            // what has come of the message goes with the connection; it was not executed
            tracing::debug!(peer = %self.peer, %fault, "a message was given up");
            self.framer = Framer::new(&self.limits);
            let _ = self.room.resize(0);
            self.phase = Phase::Draining;
        }
        if self.framer.is_midway() {
            self.began.get_or_insert(self.read_at);
        }
    }

    /// Says that what came is no GIOP, and closes.
    fn fail(&mut self, error: &GiopError) {
        tracing::debug!(peer = %self.peer, %error, "what came is not GIOP");
        if !matches!(error, GiopError::MessageError(_)) {
            let version = if matches!(error, GiopError::Version(_)) { Version::V1_2 } else { self.version };
            self.out.extend_from_slice(&giop::bare(Kind::MessageError, version));
        }
        self.jobs.abort_all();
        self.phase = Phase::Ending;
    }

    fn message(&mut self, message: Message) -> Result<(), GiopError> {
        self.version = message.version;
        match message.kind {
            Kind::Request => self.request(message),
            Kind::LocateRequest => {
                let request = LocateRequest::read(&message)?;
                let known = request.target.key().is_some_and(|key| self.objects.knows(&key));
                let status = if known { LocateStatus::ObjectHere } else { LocateStatus::UnknownObject };
                let reply = LocateReply { id: request.id, status };
                let out = reply.encode(message.version, ByteOrder::NATIVE)?;
                self.out.extend_from_slice(&giop::finish(out)?);
                Ok(())
            }
            Kind::CancelRequest => {
                let id = message.start().u32()?;
                self.framer.forget(id);
                if let Some(job) = self.running.remove(&id) {
                    job.abort();
                }
                Ok(())
            }
            Kind::CloseConnection => {
                self.jobs.abort_all();
                self.phase = Phase::Ending;
                Ok(())
            }
            Kind::MessageError => Err(GiopError::MessageError(message.version)),
            other => Err(GiopError::Unexpected(other)),
        }
    }

    fn request(&mut self, message: Message) -> Result<(), GiopError> {
        let (request, at) = Request::read(&message)?;
        let response = request.response;
        let object = request.target.key().and_then(|key| self.objects.find(key));
        let sets = request.contexts.code_sets();
        if let Ok(Some(sets)) = sets {
            self.sets = sets;
        }
        let replier = Replier {
            version: message.version,
            id: request.id,
            sets: self.sets,
            fragment_size: self.options.fragment_size,
        };
        let mut room = self.gate.room();
        let has_room = room.resize(message.octets.len());
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
                self.out.extend_from_slice(&replier.refuse(&fault));
            }
            return Ok(());
        }
        let context = Context::incoming("corba", self.peer.clone(), Arc::clone(&self.limits));
        let context = context
            .with_deadline(self.read_at + self.limits.call_deadline)
            .with_identity(self.identity.clone());
        let operation = request.operation.to_owned();
        self.start(Incoming { message, at, operation, context, replier }, object, response, room);
        Ok(())
    }

    /// Runs a call as far as it goes; one that waits goes on as a task of its own.
    fn start(&mut self, incoming: Incoming, object: Option<Found>, response: Response, room: Room) {
        let replier = incoming.replier;
        let deadline = self.read_at + self.limits.call_deadline;
        if response == Response::Taken {
            self.out.extend_from_slice(&replier.taken());
        }
        let awaited = response == Response::Result;
        let mut call: Pin<Box<dyn Future<Output = Vec<u8>> + Send>> = Box::pin(permitted(
            self.gate.clone(),
            deadline,
            replier,
            room,
            incoming.run(self.objects.clone(), object),
        ));
        if let Poll::Ready(reply) = call.as_mut().poll(&mut Task::from_waker(Waker::noop())) {
            if awaited {
                self.out.push(reply);
            }
            return;
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
    }

    fn done(&mut self, done: Result<(u32, Option<Vec<u8>>), tokio::task::JoinError>) {
        match done {
            Ok((id, reply)) => {
                self.running.remove(&id);
                self.out.push(reply.unwrap_or_default());
            }
            Err(error) if error.is_panic() => tracing::error!(%error, "a call panicked"),
            // it was cancelled, and nobody waits for it
            Err(_) => {}
        }
    }
}

/// Runs a call when it is its turn; `room` is what its message takes.
async fn permitted(
    gate: CallGate,
    deadline: Instant,
    replier: Replier,
    room: Room,
    call: impl Future<Output = Vec<u8>>,
) -> Vec<u8> {
    let reply = match gate.enter(deadline).await {
        Ok(_permit) => call.await,
        Err(fault) => replier.refuse(&fault),
    };
    drop(room);
    reply
}
