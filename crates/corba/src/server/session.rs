//! One connection of a server: reads all that came, polls each call once in
//! place, and writes all replies that are ready with one write.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use farcall_net::{Connection, Room, Stream};
use farcall_wire::{Limits, Peer};
use tokio::io::{AsyncReadExt as _, AsyncWrite as _, AsyncWriteExt as _};

use super::ServerOptions;
use super::inbound::Inbound;
use super::object::Objects;
use crate::cdr::Version;
use crate::client::{Connections, Link};
use crate::error::GiopError;
use crate::giop::{self, Framer, Kind, ListenPoint, Message};
use crate::outgoing::Outgoing;

/// No more is read while so many octets wait to be written.
const HIGH_WATER: usize = 1 << 20;

pub(super) struct Session {
    options: ServerOptions,
    limits: Arc<Limits>,
    peer: Peer,
    inbound: Inbound,
    framer: Framer,
    /// What is being read takes of the memory for messages.
    room: Room,
    out: Outgoing,
    is_flushed: bool,
    version: Version,
    phase: Phase,
    /// When octets last came in, and went out.
    read_at: Instant,
    written_at: Instant,
    /// When the message that is being read began.
    began: Option<Instant>,
    back: Back,
}

/// The way back to the client's own objects.
struct Back {
    /// Those that may call back over this connection, if any may.
    connections: Option<Connections>,
    /// This connection as one of them, once the client has said where its objects are.
    link: Option<Arc<Link>>,
    is_tls: bool,
}

impl Back {
    /// The client says where its objects are: they may be called over this connection.
    fn offered(&mut self, points: &[ListenPoint], version: Version) {
        let Some(connections) = &self.connections else { return };
        if points.is_empty() || self.link.is_some() {
            return;
        }
        let link = Link::lent(version, connections.is_cancelling());
        connections.offer(points, self.is_tls, &link);
        self.link = Some(link);
    }

    /// The calls that are to go out to the client.
    fn poll_calls(&self, cx: &mut Context<'_>) -> Poll<Outgoing> {
        self.link.as_ref().map_or(Poll::Pending, |link| link.poll_borrowed(cx))
    }
}

impl Drop for Back {
    fn drop(&mut self) {
        if let (Some(link), Some(connections)) = (&self.link, &self.connections) {
            connections.withdraw(link);
            link.lost();
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// No new calls; those that run may end.
    Draining,
    /// Nothing but to write what is left.
    Ending,
}

/// How a connection ends.
enum End {
    /// Everything that is to be said was said, or the peer is gone.
    Over,
    /// It is of no more use.
    Cut,
}

impl Session {
    pub(super) fn new(
        objects: Objects,
        options: ServerOptions,
        connection: &Connection,
        bidirectional: Option<Connections>,
    ) -> Self {
        let limits = Arc::clone(connection.limits());
        let (peer, gate) = (connection.peer().clone(), connection.gate());
        let inbound =
            Inbound::new(objects, options.clone(), Arc::clone(&limits), peer.clone(), Some(gate.clone()));
        let now = Instant::now();
        Self {
            peer,
            inbound: inbound.with_certificate(connection.certificate()),
            framer: Framer::new(&limits),
            room: gate.room(),
            out: Outgoing::default(),
            is_flushed: true,
            version: Version::V1_0,
            phase: Phase::Open,
            read_at: now,
            written_at: now,
            began: None,
            options,
            limits,
            back: Back { connections: bidirectional, link: None, is_tls: false },
        }
    }

    pub(super) async fn run(mut self, mut stream: Stream, mut connection: Connection) {
        self.back.is_tls = stream.is_tls();
        let mut timer = pin!(tokio::time::sleep_until(self.deadline().into()));
        let end = poll_fn(|cx| {
            loop {
                if let Poll::Ready(end) = self.poll(cx, &mut stream, &mut connection) {
                    return Poll::Ready(end);
                }
                let deadline = self.deadline();
                if deadline + Duration::from_secs(1) < timer.deadline().into_std() {
                    timer.as_mut().reset(deadline.into());
                }
                ready!(timer.as_mut().poll(cx));
                if self.is_late() {
                    return Poll::Ready(End::Cut);
                }
                timer.as_mut().reset(self.deadline().into());
            }
        })
        .await;
        if matches!(end, End::Over) {
            // the peer may be gone already
            let _ = tokio::time::timeout(Duration::from_secs(1), stream.shutdown()).await;
        }
    }

    /// Writes what there is, then reads what has come, until neither can go on.
    fn poll(&mut self, cx: &mut Context<'_>, stream: &mut Stream, connection: &mut Connection) -> Poll<End> {
        loop {
            while !self.inbound.is_idle()
                && let Poll::Ready(Some(done)) = self.inbound.poll_done(cx)
            {
                self.inbound.done(done, &mut self.out);
            }
            if self.phase == Phase::Draining && self.inbound.is_idle() {
                self.out.extend_from_slice(&giop::bare(Kind::CloseConnection, self.version));
                self.phase = Phase::Ending;
            }
            if let Poll::Ready(Err(_)) = self.write(cx, stream) {
                return Poll::Ready(End::Cut);
            }
            if self.phase == Phase::Ending && self.is_written() {
                return Poll::Ready(End::Over);
            }
            if self.out.is_empty()
                && let Poll::Ready(calls) = self.back.poll_calls(cx)
            {
                self.out.append(calls);
                continue;
            }
            if self.phase == Phase::Open && connection.poll_closing(cx).is_ready() {
                self.phase = Phase::Draining;
                continue;
            }
            if self.phase != Phase::Open || self.out.len() >= HIGH_WATER {
                return Poll::Pending;
            }
            let read = pin!(stream.read_buf(self.framer.buffer()));
            match ready!(read.poll(cx)) {
                Ok(octets) if octets > 0 => self.take(),
                _ => return Poll::Ready(End::Over),
            }
        }
    }

    /// Writes what there is, as far as the socket takes it.
    fn write(&mut self, cx: &mut Context<'_>, stream: &mut Stream) -> Poll<io::Result<()>> {
        while !self.out.is_empty() {
            let octets = ready!(self.out.poll_write(cx, Pin::new(&mut *stream)))?;
            self.out.advance(octets);
            self.written_at = Instant::now();
            self.is_flushed = false;
        }
        if !self.is_flushed {
            // TLS may hold back the end of a record
            ready!(Pin::new(stream).poll_flush(cx))?;
            self.is_flushed = true;
        }
        Poll::Ready(Ok(()))
    }

    fn is_written(&self) -> bool {
        self.out.is_empty() && self.is_flushed
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
        if !self.is_written() {
            deadline = deadline.min(self.written_at.max(self.read_at) + self.patience(0));
        }
        if !self.inbound.is_idle() || self.back.link.as_ref().is_some_and(|link| link.is_waiting()) {
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
        if self.is_written() && self.began.is_none() && self.phase == Phase::Open {
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
            let version = match error {
                GiopError::Version(_) => Version::V1_2,
                GiopError::Kind(_, version) => *version,
                _ => self.version,
            };
            self.out.extend_from_slice(&giop::bare(Kind::MessageError, version));
        }
        self.inbound.abort();
        self.phase = Phase::Ending;
    }

    fn message(&mut self, message: Message) -> Result<(), GiopError> {
        self.version = message.version;
        match message.kind {
            Kind::Reply | Kind::LocateReply if self.back.link.is_some() => match &self.back.link {
                Some(link) => link.deliver(message),
                None => Ok(()),
            },
            Kind::CloseConnection => {
                self.inbound.abort();
                self.phase = Phase::Ending;
                Ok(())
            }
            Kind::MessageError => Err(GiopError::MessageError(message.version)),
            _ => {
                let offered = |points: &[ListenPoint]| self.back.offered(points, self.version);
                self.inbound.take(message, &mut self.framer, self.read_at, &mut self.out, offered)
            }
        }
    }
}
