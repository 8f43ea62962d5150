//! When a call ends, as service contexts say it: policies of CORBA's Messaging (CORBA 3.3 part 1,
//! §17.2.4; part 2, §9.7.1), whose times are absolute (`TimeBase::UtcT`).
//!
//! The client says until when it takes a reply, the server reads that and until when the request
//! may be delivered. Both clocks must agree, and so much is assumed: that they do to a second or
//! two, as clocks that are set over the network do. One that is far behind makes the server think
//! that there is more time than there is, which its own limit bounds; one that is far ahead would
//! have it refuse everything, which [`CREDIBLE`] bounds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use farcall_wire::{CodecError, Decoder as _, Encoder as _, Limits, Written};

use super::contexts::{ServiceContext, ServiceContexts, context_id};
use crate::cdr::{ByteOrder, CdrDecoder, CdrEncoder};

/// The type of the policy that says until when the request may be delivered.
const REQUEST_END_TIME: u32 = 28;
/// The type of the policy that says until when a reply is taken.
const REPLY_END_TIME: u32 = 30;

/// Policies that one context may have.
const POLICIES: usize = 32;

/// From the epoch of `TimeBase`, 15 October 1582, to that of Unix.
const EPOCHS: Duration = Duration::from_secs(12_219_292_800);

/// A time that passed longer ago than this is that of a wrong clock: no call is under way so long.
const CREDIBLE: Duration = Duration::from_secs(600);

impl ServiceContexts {
    /// Adds until when the caller takes a reply.
    #[must_use]
    pub fn with_end(mut self, end: SystemTime) -> Self {
        let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
        if write(&mut out, end).is_ok() {
            let data = out.into_bytes().into();
            self.0.push(ServiceContext { id: context_id::INVOCATION_POLICIES, data });
        }
        self
    }

    /// Until when the request may be delivered or a reply is taken, whichever is sooner, if it is said.
    #[must_use]
    pub fn end(&self) -> Option<SystemTime> {
        // nothing depends on what cannot be read: the call ends by the limits of whoever runs it
        read(self.find(context_id::INVOCATION_POLICIES)?).ok().flatten()
    }

    /// How long is left until [`ServiceContexts::end`]: zero if that has passed, nothing if it is not
    /// said, or passed ten minutes ago and more, which only a wrong clock says.
    #[must_use]
    pub fn left(&self, now: SystemTime) -> Option<Duration> {
        match self.end()?.duration_since(now) {
            Ok(left) => Some(left),
            Err(passed) => (passed.duration() < CREDIBLE).then_some(Duration::ZERO),
        }
    }
}

fn write(out: &mut CdrEncoder, end: SystemTime) -> Written {
    out.u32(1)?;
    out.u32(REPLY_END_TIME)?;
    out.encapsulate(|out| {
        let since = end.duration_since(UNIX_EPOCH).unwrap_or_default() + EPOCHS;
        out.u64(u64::try_from(since.as_nanos() / 100).unwrap_or(u64::MAX))?;
        // exactly, and Greenwich time
        out.u32(0)?;
        out.u16(0)?;
        out.i16(0)
    })
}

fn read(data: &Bytes) -> Result<Option<SystemTime>, CodecError> {
    let mut from = CdrDecoder::encapsulation(data, &Limits::default())?;
    let count = from.count(8)?.min(POLICIES);
    let mut end: Option<SystemTime> = None;
    for _ in 0..count {
        let policy = from.u32()?;
        if matches!(policy, REQUEST_END_TIME | REPLY_END_TIME) {
            let at = from.encapsulated(time)?;
            end = Some(end.map_or(at, |end| end.min(at)));
        } else {
            from.bytes()?;
        }
    }
    Ok(end)
}

/// A `UtcT`, at the latest that it may mean.
fn time(from: &mut CdrDecoder<'_>) -> Result<SystemTime, CodecError> {
    let ticks = from.u64()?;
    let (low, high) = (from.u32()?, from.u16()?);
    // the displacement of the zone says nothing of the moment
    from.i16()?;
    let inaccuracy = u64::from(low) | u64::from(high) << 32;
    let ticks = ticks.saturating_add(inaccuracy);
    let since = Duration::new(ticks / 10_000_000, u32::try_from(ticks % 10_000_000 * 100).unwrap_or(0));
    let at = since.checked_sub(EPOCHS).and_then(|since| UNIX_EPOCH.checked_add(since));
    at.ok_or_else(|| CodecError::range(&ticks.to_string(), "time of this epoch").at(from.offset()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(octets: &[u8]) -> Option<SystemTime> {
        ServiceContexts::default().with(context_id::INVOCATION_POLICIES, octets.to_vec()).end()
    }

    #[test]
    fn an_end_comes_back() {
        let at = UNIX_EPOCH + Duration::new(1_795_000_000, 123_456_700);
        assert_eq!(ServiceContexts::default().with_end(at).end(), Some(at));
        assert_eq!(ServiceContexts::default().end(), None);
    }

    #[test]
    fn what_is_left_is_believed_within_reason() {
        let at = UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let left = |now: SystemTime| ServiceContexts::default().with_end(at).left(now);
        assert_eq!(left(at - Duration::from_secs(5)), Some(Duration::from_secs(5)));
        assert_eq!(left(at + Duration::from_secs(5)), Some(Duration::ZERO));
        assert_eq!(left(at + Duration::from_secs(599)), Some(Duration::ZERO));
        assert_eq!(left(at + Duration::from_secs(601)), None);
    }

    #[test]
    fn the_sooner_end_counts_and_other_policies_are_passed_over() {
        let mut out = CdrEncoder::encapsulation(ByteOrder::Little);
        out.u32(4).unwrap();
        for (policy, seconds) in [(27, 1), (30, 50), (28, 40), (99, 2)] {
            out.u32(policy).unwrap();
            out.encapsulate(|out| {
                out.u64((EPOCHS.as_secs() + seconds) * 10_000_000)?;
                out.u32(5)?;
                out.u16(0)?;
                out.i16(60)
            })
            .unwrap();
        }
        assert_eq!(end(&out.into_bytes()), Some(UNIX_EPOCH + Duration::new(40, 500)));
    }

    #[test]
    fn nonsense_says_nothing() {
        assert_eq!(end(&[]), None);
        assert_eq!(end(&[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]), None);
        let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
        write(&mut out, UNIX_EPOCH).unwrap();
        let octets = out.into_bytes();
        (0..octets.len()).for_each(|cut| assert_eq!(end(&octets[..cut]), None));
        let zero: Vec<u8> = octets[..24].iter().copied().chain([0; 16]).collect();
        assert_eq!(end(&zero), None, "a time before 1970");
    }
}
