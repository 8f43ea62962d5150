//! Watches one HTTP connection without a clock on the path of a call: the
//! stream and the calls set flags, and a timer that ticks a few times in a
//! timeout turns flags that do not change into elapsed time.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::ServerLimits;
use crate::Stream;

/// After closing its own side, a connection whose peer still sends is read
/// for that long, so that the reset does not overtake the reply.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_OCTETS: usize = 4 << 20;

/// What goes on at a connection; flags only.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    in_flight: AtomicU32,
    /// Changes whenever a call begins or octets are written.
    generation: AtomicU32,
    /// Octets came that no call has taken up yet.
    head: AtomicBool,
    /// The peer does not read what we write.
    stalled: AtomicBool,
    /// A reply was sent before the request was read to its end.
    unread: AtomicBool,
    lingering: AtomicBool,
    /// Octets may come between calls and mean nothing, as HTTP/2's pings do.
    multiplexed: bool,
}

impl Activity {
    pub(crate) fn multiplexed() -> Self {
        Self { multiplexed: true, ..Self::default() }
    }

    pub(crate) fn begin(&self) {
        self.in_flight.fetch_add(1, Relaxed);
        self.generation.fetch_add(1, Relaxed);
        self.head.store(false, Relaxed);
    }

    pub(crate) fn end(&self, unread: bool) {
        self.generation.fetch_add(1, Relaxed);
        self.in_flight.fetch_sub(1, Relaxed);
        if unread {
            self.unread.store(true, Relaxed);
        }
    }
}

/// A stream that notes in an [`Activity`] what passes.
#[derive(Debug)]
pub(crate) struct Watched {
    stream: Stream,
    activity: Arc<Activity>,
    /// Octets left to read after the end of our side.
    linger: Option<usize>,
}

impl Watched {
    pub(crate) fn new(stream: Stream, activity: Arc<Activity>) -> Self {
        Self { stream, activity, linger: None }
    }

    pub(crate) fn into_stream(self) -> Stream {
        self.stream
    }

    fn note<T>(&self, written: &Poll<io::Result<T>>) {
        if written.is_pending() {
            self.activity.stalled.store(true, Relaxed);
        } else {
            self.activity.stalled.store(false, Relaxed);
            self.activity.generation.fetch_add(1, Relaxed);
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, into);
        let activity = &self.activity;
        if into.filled().len() > before && activity.in_flight.load(Relaxed) == 0 && !activity.multiplexed {
            activity.head.store(true, Relaxed);
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, from);
        self.note(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, from);
        self.note(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        if flushed.is_pending() {
            self.activity.stalled.store(true, Relaxed);
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            let unread = self.activity.unread.load(Relaxed) || self.activity.head.load(Relaxed);
            if !unread {
                return Poll::Ready(Ok(()));
            }
            self.activity.lingering.store(true, Relaxed);
            self.linger = Some(LINGER_OCTETS);
        }
        let mut scratch = [0; 4096];
        while let Some(left) = self.linger.filter(|&left| left > 0) {
            let mut into = ReadBuf::new(&mut scratch);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut into))?;
            if into.filled().is_empty() {
                break;
            }
            self.linger = Some(left.saturating_sub(into.filled().len()));
        }
        Poll::Ready(Ok(()))
    }
}

/// Why a connection has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expired {
    /// Nothing was asked for too long.
    Idle,
    /// A request's head did not come to its end in time.
    Head,
    /// The peer does not read, or does not close.
    Stalled,
}

/// Turns an [`Activity`] into time.
#[derive(Debug)]
pub(crate) struct Watchdog {
    sleep: Pin<Box<Sleep>>,
    tick: Duration,
    head: Duration,
    idle: Duration,
    stall: Duration,
    generation: u32,
    changed: Instant,
    head_since: Option<Instant>,
    lingering_since: Option<Instant>,
}

impl Watchdog {
    pub(crate) fn new(limits: &ServerLimits) -> Self {
        let now = Instant::now();
        let head = limits.header_read_timeout;
        let (idle, stall) = (limits.idle_timeout, limits.body_read_timeout);
        let tick = (head.min(idle).min(stall) / 4)
            .clamp(Duration::from_millis(5), Duration::from_secs(5))
            .min(LINGER);
        Self {
            sleep: Box::pin(sleep_until(now + tick)),
            tick,
            head,
            idle,
            stall,
            generation: 0,
            changed: now,
            head_since: None,
            lingering_since: None,
        }
    }

    pub(crate) fn poll(&mut self, activity: &Activity, cx: &mut Context<'_>) -> Poll<Expired> {
        loop {
            ready!(self.sleep.as_mut().poll(cx));
            let now = Instant::now();
            // Armed again in either case, so that who goes on gets another tick.
            self.sleep.as_mut().reset(now + self.tick);
            if let Some(expired) = self.look(activity, now) {
                return Poll::Ready(expired);
            }
        }
    }

    fn look(&mut self, activity: &Activity, now: Instant) -> Option<Expired> {
        if activity.lingering.load(Relaxed) {
            let since = *self.lingering_since.get_or_insert(now);
            return (now - since >= LINGER).then_some(Expired::Stalled);
        }
        let generation = activity.generation.load(Relaxed);
        if generation != self.generation {
            self.generation = generation;
            self.changed = now;
            self.head_since = None;
            return None;
        }
        let unchanged = now - self.changed;
        if activity.stalled.load(Relaxed) {
            return (unchanged >= self.stall).then_some(Expired::Stalled);
        }
        if activity.in_flight.load(Relaxed) > 0 {
            self.changed = now;
            return None;
        }
        if activity.head.load(Relaxed) {
            let since = *self.head_since.get_or_insert(now);
            return (now - since >= self.head).then_some(Expired::Head);
        }
        (unchanged >= self.idle).then_some(Expired::Idle)
    }
}
