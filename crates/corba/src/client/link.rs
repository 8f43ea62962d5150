//! One connection of a client: many calls in flight, replies in any order.
//!
//! A caller that finds the connection quiet writes its request itself; while
//! others wait for replies, requests gather and the connection's task writes
//! all that there are with one write. It lets the callers that are ready to
//! run go first, so that their requests go out with that write too.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use farcall_net::{Stream, tls_refusal};
use farcall_wire::{Completion, Fault, FaultKind, Limits};
use tokio::io::{AsyncReadExt as _, AsyncWrite as _, ReadHalf, WriteHalf};
use tokio::sync::{Notify, oneshot};

use super::Reply;
use crate::cdr::Version;
use crate::connection::{Calls, Event};
use crate::error::GiopError;
use crate::giop::{Framer, Kind, Message};
use crate::outgoing::Outgoing;
use crate::server::Inbound;

/// Why a call has no reply.
#[derive(Debug)]
pub(super) enum Lost {
    /// Its deadline passed.
    Late,
    /// The connection ended; whether it ran.
    Connection(Completion),
    /// The peer does not understand, or is not understood.
    Refused(Fault),
}

/// A connection.
pub(crate) struct Link {
    shared: Mutex<Shared>,
    /// Tells whoever a connection is borrowed from that there is something to write.
    lender: Notify,
}

/// Who writes to the socket.
enum Writer {
    Own(WriteHalf<Stream>),
    /// The server's side, whose connection it is.
    Lender,
    /// Nobody, once the connection has ended, so that the socket closes.
    Ended,
}

struct Shared {
    calls: Calls<oneshot::Sender<Reply>>,
    writer: Writer,
    /// The task that reads, and writes what callers do not.
    task: Option<Waker>,
}

/// Gives a call up when its caller goes away.
struct Waiting<'a> {
    link: &'a Link,
    id: u32,
    done: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.done {
            let mut shared = self.link.lock();
            shared.calls.cancel(self.id);
            shared.wake();
            drop(shared);
            self.link.lender.notify_one();
        }
    }
}

impl Shared {
    fn wake(&self) {
        if let Some(task) = &self.task {
            task.wake_by_ref();
        }
    }

    /// Writes what there is, as far as the socket takes it.
    fn flush(&mut self, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let writer = match &mut self.writer {
            Writer::Own(writer) => writer,
            Writer::Lender => return Poll::Pending,
            Writer::Ended => return Poll::Ready(Ok(())),
        };
        while !self.calls.outgoing().is_empty() {
            match Pin::new(&mut *writer).poll_write(cx, self.calls.outgoing()) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(std::io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(octets)) => self.calls.sent(octets),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Pin::new(writer).poll_flush(cx)
    }
}

impl Link {
    /// Begins to speak over a stream; a task of the runtime reads from it.
    pub(super) fn open(
        stream: Stream,
        limits: &Limits,
        idle: Duration,
        cancels: bool,
        inbound: Option<Inbound>,
    ) -> Arc<Self> {
        let (reader, writer) = tokio::io::split(stream);
        let link = Self::new(Calls::new().with_cancel_requests(cancels), Writer::Own(writer));
        let task = Task {
            link: Arc::clone(&link),
            reader,
            framer: Framer::new(limits),
            idle,
            used: Instant::now(),
            gathering: false,
            inbound,
        };
        tokio::spawn(task.run());
        link
    }

    /// A connection that the other side opened, and that a server's session reads and writes.
    pub(crate) fn lent(version: Version, cancels: bool) -> Arc<Self> {
        let mut calls = Calls::accepted().with_cancel_requests(cancels);
        calls.set_version(version);
        Self::new(calls, Writer::Lender)
    }

    fn new(calls: Calls<oneshot::Sender<Reply>>, writer: Writer) -> Arc<Self> {
        let shared = Shared { calls, writer, task: None };
        Arc::new(Self { shared: Mutex::new(shared), lender: Notify::new() })
    }

    /// What is to be written, as soon as there is something; for whom the connection is borrowed from.
    pub(crate) async fn borrowed(&self) -> Vec<u8> {
        loop {
            {
                let mut shared = self.lock();
                if !shared.calls.outgoing().is_empty() {
                    let octets = shared.calls.outgoing().to_vec();
                    shared.calls.sent(octets.len());
                    return octets;
                }
            }
            self.lender.notified().await;
        }
    }

    /// Hands a reply that came to its caller.
    pub(crate) fn deliver(&self, message: Message) -> Result<(), GiopError> {
        if let Event::Reply(ticket, message) = self.lock().calls.accept(message)? {
            let _ = ticket.send(Ok(message));
        }
        Ok(())
    }

    /// True while calls wait for their replies.
    pub(crate) fn is_waiting(&self) -> bool {
        self.lock().calls.waiting() > 0
    }

    /// The connection has ended.
    pub(crate) fn lost(&self) {
        self.end(Lost::Connection);
    }

    fn end(&self, why: impl Fn(Completion) -> Lost) {
        let waiting = {
            let mut shared = self.lock();
            shared.writer = Writer::Ended;
            shared.calls.end()
        };
        for (ticket, ran) in waiting {
            // whoever gave up does not mind
            let _ = ticket.send(Err(why(ran)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().calls.is_closed()
    }

    /// A number for a call, and whether the peer is still to be told the code sets.
    pub(super) fn begin(&self, version: Version) -> (u32, bool) {
        let mut shared = self.lock();
        shared.calls.set_version(version);
        (shared.calls.id(), !shared.calls.is_answered())
    }

    /// Sends a request without a reply; false if the connection is closed.
    pub(super) fn send(&self, id: u32, octets: Vec<u8>, deadline: Instant) -> bool {
        self.submit(id, octets, None, deadline).is_ok()
    }

    /// Sends a request, and waits for its reply.
    pub(super) async fn call(&self, id: u32, octets: Vec<u8>, deadline: Instant) -> Reply {
        let (ticket, reply) = oneshot::channel();
        if self.submit(id, octets, Some(ticket), deadline).is_err() {
            return Err(Lost::Connection(Completion::No));
        }
        let mut waiting = Waiting { link: self, id, done: false };
        let is_lent = matches!(self.lock().writer, Writer::Lender);
        let reply = if is_lent {
            // the server's side does not watch over calls that go out
            match tokio::time::timeout_at(deadline.into(), reply).await {
                Ok(reply) => reply,
                Err(_) => return Err(Lost::Late),
            }
        } else {
            reply.await
        };
        waiting.done = true;
        // a ticket is dropped unanswered only if the task was, with its runtime
        reply.unwrap_or(Err(Lost::Connection(Completion::Maybe)))
    }

    fn submit(
        &self,
        id: u32,
        octets: Vec<u8>,
        ticket: Option<oneshot::Sender<Reply>>,
        deadline: Instant,
    ) -> Result<(), ()> {
        let mut shared = self.lock();
        let before = shared.calls.deadline();
        let idle = shared.calls.queued() == 0;
        shared.calls.submit(id, octets, ticket, deadline).map_err(drop)?;
        let quiet = shared.calls.waiting() <= 1 && idle;
        let written = quiet && shared.flush(&mut Context::from_waker(Waker::noop())).is_ready();
        // the task sleeps until the first deadline that it knows of
        let sooner = shared.calls.deadline() != before;
        if !written || sooner {
            shared.wake();
            drop(shared);
            self.lender.notify_one();
        }
        Ok(())
    }
}

/// What reads from the connection, and ends it.
struct Task {
    link: Arc<Link>,
    reader: ReadHalf<Stream>,
    framer: Framer,
    idle: Duration,
    /// When octets last came.
    used: Instant,
    /// There is something to write, and those who are ready to run go first.
    gathering: bool,
    /// The peer's calls, where it may make any.
    inbound: Option<Inbound>,
}

/// Why a connection ends.
enum End {
    /// The peer closed it.
    Closed,
    /// Nobody used it.
    Idle,
    Io(std::io::Error),
    Giop(GiopError),
}

impl Drop for Task {
    /// Also when the runtime ends before the connection does.
    fn drop(&mut self) {
        self.end(Lost::Connection);
    }
}

impl Task {
    async fn run(mut self) {
        let timer = tokio::time::sleep(self.idle);
        tokio::pin!(timer);
        let end = poll_fn(|cx| {
            loop {
                if let Poll::Ready(end) = self.poll(cx) {
                    return Poll::Ready(end);
                }
                let due = self.due();
                if timer.deadline().into_std() != due {
                    timer.as_mut().reset(due.into());
                }
                if timer.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
                if let Some(end) = self.expire() {
                    return Poll::Ready(end);
                }
            }
        })
        .await;
        match end {
            End::Closed => self.end(Lost::Connection),
            End::Idle => self.bye().await,
            End::Io(error) => {
                tracing::debug!(%error, "a connection was lost");
                let Some(text) = tls_refusal(&error) else { return self.end(Lost::Connection) };
                // a server that refuses the client's certificate read nothing that was sent
                let unread = !self.link.lock().calls.is_answered();
                self.end(|ran| {
                    let ran = if unread { Completion::No } else { ran };
                    Lost::Refused(Fault::new(FaultKind::Transport, text.clone()).with_completion(ran))
                });
            }
            End::Giop(error) => {
                tracing::debug!(%error, "a connection cannot go on");
                let text = error.to_string();
                self.end(|ran| {
                    // a peer that says MessageError did not execute what it could not read
                    Lost::Refused(Fault::new(FaultKind::Protocol, text.clone()).with_completion(ran))
                });
            }
        }
    }

    fn end(&self, why: impl Fn(Completion) -> Lost) {
        self.link.end(why);
    }

    /// Closes in order, which clients may do in GIOP 1.2 only.
    async fn bye(&mut self) {
        self.link.lock().calls.close();
        let told = poll_fn(|cx| {
            let mut shared = self.link.lock();
            if shared.flush(cx)?.is_pending() {
                return Poll::Pending;
            }
            match &mut shared.writer {
                Writer::Own(writer) => Pin::new(writer).poll_shutdown(cx),
                Writer::Lender | Writer::Ended => Poll::Ready(Ok(())),
            }
        });
        // a courtesy; the peer sees the end of the stream in any case
        let _ = tokio::time::timeout(Duration::from_secs(1), told).await;
        self.end(Lost::Connection);
    }

    /// When to look at the clock again.
    fn due(&self) -> Instant {
        let idle = self.used + self.idle;
        let shared = self.link.lock();
        match shared.calls.deadline() {
            // a call that goes out without waking this task ends no sooner than that
            Some(deadline) if shared.calls.waiting() == 0 => deadline.min(idle),
            Some(deadline) => deadline,
            None => idle,
        }
    }

    /// Gives up the calls whose time is over, and the connection if nobody used it.
    fn expire(&mut self) -> Option<End> {
        let now = Instant::now();
        let mut shared = self.link.lock();
        let late = shared.calls.expire(now);
        if !late.is_empty() {
            drop(shared);
            for ticket in late {
                let _ = ticket.send(Err(Lost::Late));
            }
            return None;
        }
        if shared.calls.waiting() == 0 && now >= self.used + self.idle {
            if self.inbound.is_none() {
                return Some(End::Idle);
            }
            // the peer may call whenever it likes
            self.used = now;
        }
        None
    }

    /// Writes what there is, then reads what has come, until neither can go on.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        {
            let mut shared = self.link.lock();
            if !shared.task.as_ref().is_some_and(|task| task.will_wake(cx.waker())) {
                shared.task = Some(cx.waker().clone());
            }
            // woken by a caller, this task stands before the others that its last replies woke
            self.gathering =
                !self.gathering && shared.calls.waiting() > 1 && !shared.calls.outgoing().is_empty();
            if self.gathering {
                cx.waker().wake_by_ref();
            } else if let Poll::Ready(Err(error)) = shared.flush(cx) {
                return Poll::Ready(End::Io(error));
            }
        }
        if let Poll::Ready(end) = self.answer(cx) {
            return Poll::Ready(end);
        }
        loop {
            let read = std::pin::pin!(self.reader.read_buf(self.framer.buffer()));
            let octets = match read.poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(error)) => return Poll::Ready(End::Io(error)),
                Poll::Ready(Ok(octets)) => octets,
            };
            if octets == 0 {
                return Poll::Ready(End::Io(std::io::ErrorKind::UnexpectedEof.into()));
            }
            self.used = Instant::now();
            if let Some(end) = self.take() {
                return Poll::Ready(end);
            }
            if let Poll::Ready(end) = self.answer(cx) {
                return Poll::Ready(end);
            }
        }
    }

    /// Sends the replies to the peer's calls that have ended.
    fn answer(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        let Some(inbound) = &mut self.inbound else { return Poll::Pending };
        let mut out = Outgoing::default();
        while let Poll::Ready(Some(done)) = inbound.poll_done(cx) {
            inbound.done(done, &mut out);
        }
        let mut shared = self.link.lock();
        shared.calls.append(out);
        match shared.flush(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(End::Io(error)),
            _ => Poll::Pending,
        }
    }

    /// Hands the replies that have come to their callers, and takes the peer's calls.
    fn take(&mut self) -> Option<End> {
        loop {
            let message = match self.framer.next() {
                Ok(None) => return None,
                Ok(Some(message)) => message,
                Err(error) => return Some(End::Giop(error)),
            };
            let event = match (&mut self.inbound, message.kind) {
                (Some(inbound), Kind::Request | Kind::LocateRequest | Kind::CancelRequest) => {
                    let mut out = Outgoing::default();
                    // where its own objects are is known here
                    let taken = inbound.take(message, &mut self.framer, self.used, &mut out, |_| ());
                    self.link.lock().calls.append(out);
                    taken.map(|()| Event::Late)
                }
                _ => self.link.lock().calls.accept(message),
            };
            match event {
                Ok(Event::Reply(ticket, message)) => {
                    let _ = ticket.send(Ok(message));
                }
                Ok(Event::Late) => {}
                Ok(Event::Closed) => return Some(End::Closed),
                Err(error) => return Some(End::Giop(error)),
            }
        }
    }
}
