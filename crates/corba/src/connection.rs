//! [`Calls`]: the state of a client's connection, without any I/O: octets
//! to send come out, messages that came and the time go in.
//!
//! ```
//! use std::time::{Duration, Instant};
//! use farcall_corba::connection::Calls;
//!
//! let now = Instant::now();
//! let mut calls = Calls::new();
//! let id = calls.id();
//! calls.submit(id, b"GIOP...".to_vec(), Some("ticket"), now + Duration::from_secs(1)).unwrap();
//! assert_eq!(calls.outgoing(), b"GIOP...");
//! assert_eq!(calls.expire(now + Duration::from_secs(2)), ["ticket"]);
//! ```

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use farcall_wire::{Completion, Decoder as _, Encoder as _};
use tokio::io::AsyncWrite;

use crate::cdr::{ByteOrder, CodeSets, Version};
use crate::error::GiopError;
use crate::giop::{self, Kind, Message, Parts};
use crate::outgoing::Outgoing;

/// Calls in flight on one connection. `T` is what a caller waits with.
#[derive(Debug)]
pub struct Calls<T> {
    version: Version,
    next: u32,
    pending: HashMap<u32, Pending<T>, BuildHasherDefault<IdHasher>>,
    out: Outgoing,
    /// Octets that were ever queued, and ever sent.
    queued: u64,
    sent: u64,
    /// No later than the first deadline of all.
    earliest: Option<Instant>,
    /// The peer has answered, and so has seen the code sets.
    answered: bool,
    closed: bool,
    /// The peer is told of calls that are given up.
    cancels: bool,
}

#[derive(Debug)]
struct Pending<T> {
    ticket: T,
    deadline: Instant,
    /// Where its octets begin, of all that were ever queued.
    start: u64,
}

/// Request ids are counted here, and the peer adds none: they need no hash that is hard to guess.
#[derive(Clone, Copy, Debug, Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, octets: &[u8]) {
        octets.iter().for_each(|octet| self.write_u32((*octet).into()));
    }

    fn write_u32(&mut self, id: u32) {
        // the golden ratio's fraction spreads what differs by little over the high bits, which the map uses too
        self.0 = (self.0 ^ u64::from(id)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What a message from the peer means.
#[derive(Debug)]
pub enum Event<T> {
    /// A reply to that call.
    Reply(T, Message),
    /// A reply that nobody waits for any more.
    Late,
    /// The peer closes: the calls that it did not answer were not executed.
    Closed,
}

impl<T> Default for Calls<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Calls<T> {
    /// A connection that was just opened.
    #[must_use]
    pub fn new() -> Self {
        Self {
            version: Version::V1_0,
            next: 0,
            pending: HashMap::default(),
            out: Outgoing::default(),
            queued: 0,
            sent: 0,
            earliest: None,
            answered: false,
            closed: false,
            cancels: false,
        }
    }

    /// A connection that the other side opened, over which it takes calls too: its numbers are odd (§9.8).
    #[must_use]
    pub fn accepted() -> Self {
        Self { next: 1, ..Self::new() }
    }

    /// Has the peer told of calls that are given up before their replies came (CancelRequest, §9.4.4).
    /// In GIOP 1.2 alone: peers of old versions take one message at a time, and omniORB closes the
    /// connection. omniORB 4.2 and 4.3 take it, but spin at 100 % CPU for good once another request
    /// comes while the cancelled call still runs: it is not said unless it is asked for.
    #[must_use]
    pub fn with_cancel_requests(mut self, told: bool) -> Self {
        self.cancels = told;
        self
    }

    /// A number for a call. Clients use even ones, for odd ones are the
    /// other side's where calls go both ways.
    pub fn id(&mut self) -> u32 {
        let id = self.next;
        self.next = self.next.wrapping_add(2);
        id
    }

    /// Says in which version messages without a request are to be written.
    pub fn set_version(&mut self, version: Version) {
        self.version = version;
    }

    /// Queues a message; one without a ticket has no reply.
    ///
    /// # Errors
    /// The ticket, if the connection is closed: the message was not sent.
    pub fn submit(
        &mut self,
        id: u32,
        message: impl Into<Parts>,
        ticket: Option<T>,
        deadline: Instant,
    ) -> Result<(), Option<T>> {
        if self.closed {
            return Err(ticket);
        }
        let start = self.queued;
        self.queue(message.into());
        if let Some(ticket) = ticket {
            self.pending.insert(id, Pending { ticket, deadline, start });
            self.earliest = Some(self.earliest.map_or(deadline, |earliest| earliest.min(deadline)));
        }
        Ok(())
    }

    fn queue(&mut self, message: Parts) {
        self.queued += message.len() as u64;
        self.out.push(message);
    }

    /// Queues octets that are of no call: replies to the other side's.
    pub(crate) fn append(&mut self, octets: Outgoing) {
        self.queued += octets.len() as u64;
        self.out.append(octets);
    }

    /// Gives a call up: nobody waits for it.
    pub fn cancel(&mut self, id: u32) {
        if self.pending.remove(&id).is_some() && !self.closed {
            self.tell_cancelled(id);
        }
    }

    fn tell_cancelled(&mut self, id: u32) {
        if !self.cancels || self.version < Version::V1_2 {
            return;
        }
        let mut out = giop::begin(Kind::CancelRequest, self.version, ByteOrder::NATIVE, CodeSets::DEFAULT);
        if out.u32(id).is_ok()
            && let Ok(message) = giop::finish_parts(out)
        {
            self.queue(message);
        }
    }

    /// Takes a message from the peer.
    ///
    /// # Errors
    /// [`GiopError`], after which the connection is of no more use.
    pub fn accept(&mut self, message: Message) -> Result<Event<T>, GiopError> {
        match message.kind {
            Kind::Reply | Kind::LocateReply => {
                self.answered = true;
                // whatever else is wrong with it is its caller's alone
                let id = match message.kind {
                    Kind::Reply => giop::Reply::id(&message)?,
                    _ => message.start().u32()?,
                };
                let waiting = self.pending.remove(&id);
                Ok(waiting.map_or(Event::Late, |pending| Event::Reply(pending.ticket, message)))
            }
            Kind::CloseConnection => {
                self.closed = true;
                Ok(Event::Closed)
            }
            Kind::MessageError => Err(GiopError::MessageError(message.version)),
            // calls in the other direction were not agreed on, and a request by mistake has no reply
            other => Err(GiopError::Unexpected(other)),
        }
    }

    /// The tickets of calls whose time is over.
    pub fn expire(&mut self, now: Instant) -> Vec<T> {
        if self.earliest.is_none_or(|earliest| earliest > now) {
            return Vec::new();
        }
        let late = self.pending.iter().filter(|(_, call)| call.deadline <= now).map(|(id, _)| *id);
        let late: Vec<u32> = late.collect();
        let mut tickets = Vec::with_capacity(late.len());
        for id in late {
            let Some(call) = self.pending.remove(&id) else { continue };
            tickets.push(call.ticket);
            self.tell_cancelled(id);
        }
        self.earliest = self.pending.values().map(|call| call.deadline).min();
        tickets
    }

    /// When [`Calls::expire`] is to be asked next.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.earliest
    }

    /// Ends the connection: each call that waits, and whether it may have been executed.
    /// After the peer's CloseConnection none was; after a loss, those whose octets had not begun to go.
    pub fn end(&mut self) -> Vec<(T, Completion)> {
        let orderly = std::mem::replace(&mut self.closed, true);
        let sent = self.sent;
        self.earliest = None;
        let ran = |call: &Pending<T>| {
            if orderly || call.start >= sent { Completion::No } else { Completion::Maybe }
        };
        self.pending.drain().map(|(_, call)| (ran(&call), call.ticket)).map(|(ran, t)| (t, ran)).collect()
    }

    /// Closes in order: no more calls are taken, and the peer is told so where
    /// its version lets clients say it.
    pub fn close(&mut self) {
        if !std::mem::replace(&mut self.closed, true) && self.version >= Version::V1_2 {
            self.queue(giop::bare(Kind::CloseConnection, self.version).to_vec().into());
        }
    }

    /// True if no call can be submitted any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Calls that wait for a reply.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// True once the peer has answered anything.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.answered
    }

    /// The octets to be sent next: all that there are, up to a message that is large.
    #[must_use]
    pub fn outgoing(&self) -> &[u8] {
        self.out.front()
    }

    /// Writes what there is to be sent, as far as the writer takes it.
    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        mut writer: Pin<&mut impl AsyncWrite>,
    ) -> Poll<io::Result<()>> {
        while !self.out.is_empty() {
            let octets = ready!(self.out.poll_write(cx, writer.as_mut()))?;
            self.sent(octets);
        }
        Poll::Ready(Ok(()))
    }

    /// What there is to be sent, for whoever sends it.
    pub(crate) fn take_outgoing(&mut self) -> Outgoing {
        self.sent += self.out.len() as u64;
        std::mem::take(&mut self.out)
    }

    /// How many octets there are to be sent.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.out.len()
    }

    /// Says that so many of [`Calls::outgoing`] were sent.
    pub fn sent(&mut self, octets: usize) {
        self.sent += octets as u64;
        self.out.advance(octets);
    }
}
