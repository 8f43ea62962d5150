//! The state of a client's connection against a peer that is simulated: no
//! sockets, and a clock that the test moves.

use std::time::{Duration, Instant};

use bytes::Bytes;
use farcall_corba::connection::{Calls, Event};
use farcall_corba::giop::{
    self, Framer, Kind, Reply, ReplyStatus, Request, Response, ServiceContexts, Target,
};
use farcall_corba::{ByteOrder, CodeSets, GiopError, Version};
use farcall_wire::{Completion, Decoder, Limits};
use proptest::prelude::*;

const LATER: Duration = Duration::from_secs(30);

fn request(id: u32) -> Vec<u8> {
    let target = Target::Key(Bytes::from_static(b"k"));
    let contexts = ServiceContexts::default();
    let request = Request { id, response: Response::Result, target, operation: "ping", contexts };
    giop::finish(request.encode(Version::V1_2, ByteOrder::Big, CodeSets::DEFAULT).unwrap()).unwrap()
}

fn messages(octets: &[u8]) -> Vec<giop::Message> {
    let mut framer = Framer::new(&Limits::default());
    framer.buffer().extend_from_slice(octets);
    std::iter::from_fn(|| framer.next().unwrap()).collect()
}

fn reply(id: u32) -> giop::Message {
    let reply = Reply { id, status: ReplyStatus::NoException, contexts: ServiceContexts::default() };
    let out = reply.encode(Version::V1_2, ByteOrder::Little, CodeSets::DEFAULT).unwrap();
    messages(&giop::finish(out).unwrap()).remove(0)
}

/// A connection with calls 0, 2, 4…, each with its number as the ticket.
fn calling(count: u32, now: Instant) -> Calls<u32> {
    let mut calls = Calls::new().with_cancel_requests(true);
    calls.set_version(Version::V1_2);
    for _ in 0..count {
        let id = calls.id();
        calls.submit(id, request(id), Some(id), now + LATER).unwrap();
    }
    calls
}

#[test]
fn replies_come_in_any_order() {
    let mut calls = calling(3, Instant::now());
    for id in [4, 0, 2] {
        assert!(matches!(calls.accept(reply(id)).unwrap(), Event::Reply(ticket, _) if ticket == id));
    }
    assert!(matches!(calls.accept(reply(2)).unwrap(), Event::Late));
    assert!(calls.is_answered() && calls.end().is_empty());
}

#[test]
fn a_reply_that_cannot_be_read_is_its_callers_alone() {
    let mut calls = calling(3, Instant::now());
    // of a status that is not known, and of one context more than there is
    for (id, at) in [(0, 16), (2, 20)] {
        let mut octets = reply(id).octets.to_vec();
        octets[at] = 9;
        let odd = messages(&octets).remove(0);
        assert!(Reply::read(&odd).is_err());
        assert!(matches!(calls.accept(odd).unwrap(), Event::Reply(ticket, _) if ticket == id));
    }
    assert!(matches!(calls.accept(reply(4)).unwrap(), Event::Reply(4, _)));
}

#[test]
fn a_deadline_gives_up_one_call_and_says_so() {
    let now = Instant::now();
    let mut calls = calling(2, now);
    calls.submit(100, request(100), Some(100), now + Duration::from_secs(1)).unwrap();
    assert_eq!(calls.deadline(), Some(now + Duration::from_secs(1)));
    let sent = calls.outgoing().len();
    calls.sent(sent);
    assert!(calls.expire(now).is_empty());
    assert_eq!(calls.expire(now + Duration::from_secs(1)), [100]);
    let told = messages(calls.outgoing());
    assert_eq!(told[0].kind, Kind::CancelRequest);
    let mut from = told[0].decoder(giop::HEADER, CodeSets::DEFAULT, &Limits::default());
    assert_eq!(from.u32().unwrap(), 100);
    assert_eq!(calls.deadline(), Some(now + LATER));
    assert!(matches!(calls.accept(reply(100)).unwrap(), Event::Late));
    assert_eq!(calls.waiting(), 2);
}

#[test]
fn what_is_given_up_is_not_told_unless_asked_for() {
    let now = Instant::now();
    let mut calls = Calls::new();
    calls.set_version(Version::V1_2);
    for id in [0, 2] {
        calls.submit(id, request(id), Some(id), now).unwrap();
    }
    let sent = calls.outgoing().len();
    calls.sent(sent);
    calls.cancel(0);
    assert_eq!(calls.expire(now), [2]);
    assert_eq!(messages(calls.outgoing()).len(), 0);
}

#[test]
fn what_crossed_the_close_was_not_executed() {
    let mut calls = calling(3, Instant::now());
    calls.accept(reply(0)).unwrap();
    let close = messages(&giop::bare(Kind::CloseConnection, Version::V1_2)).remove(0);
    assert!(matches!(calls.accept(close).unwrap(), Event::Closed));
    let mut ended = calls.end();
    ended.sort_by_key(|(ticket, _)| *ticket);
    assert_eq!(ended, [(2, Completion::No), (4, Completion::No)]);
    assert_eq!(calls.submit(9, b"late".to_vec(), Some(9), Instant::now()), Err(Some(9)));
}

#[test]
fn a_loss_tells_what_was_sent_from_what_was_not() {
    let mut calls = calling(3, Instant::now());
    // one octet of the second message went
    calls.sent(request(0).len() + 1);
    let mut ended = calls.end();
    ended.sort_by_key(|(ticket, _)| *ticket);
    assert_eq!(ended, [(0, Completion::Maybe), (2, Completion::Maybe), (4, Completion::No)]);
}

#[test]
fn an_orderly_close_is_said_in_1_2_only() {
    for (version, said) in [(Version::V1_2, 1), (Version::V1_1, 0), (Version::V1_0, 0)] {
        let mut calls = Calls::<()>::new();
        calls.set_version(version);
        calls.close();
        assert_eq!(messages(calls.outgoing()).len(), said);
        assert!(calls.is_closed());
    }
}

#[test]
fn messages_of_the_wrong_side_end_it() {
    let mut calls = calling(1, Instant::now());
    let error = calls.accept(messages(&request(1)).remove(0)).unwrap_err();
    assert!(matches!(error, GiopError::Unexpected(Kind::Request)));
    let error = messages(&giop::bare(Kind::MessageError, Version::V1_0)).remove(0);
    assert!(matches!(calls.accept(error), Err(GiopError::MessageError(Version::V1_0))));
}

proptest! {
    /// Whatever happens, each call ends once and once only.
    #[test]
    fn every_call_ends_once(steps in prop::collection::vec((0_u8..6, 0_u32..20), 0..80)) {
        let start = Instant::now();
        let mut now = start;
        let mut calls = Calls::new();
        calls.set_version(Version::V1_2);
        let mut open = std::collections::BTreeSet::new();
        for (step, number) in steps {
            match step {
                0 | 1 => {
                    let id = calls.id();
                    let deadline = now + Duration::from_secs(number.into());
                    if calls.submit(id, request(id), Some(id), deadline).is_ok() {
                        open.insert(id);
                    }
                }
                2 => {
                    if let Event::Reply(ticket, _) = calls.accept(reply(number * 2)).unwrap() {
                        prop_assert!(open.remove(&ticket));
                    }
                }
                3 => {
                    now += Duration::from_secs(number.into());
                    for ticket in calls.expire(now) {
                        prop_assert!(open.remove(&ticket));
                    }
                }
                4 => {
                    calls.cancel(number * 2);
                    open.remove(&(number * 2));
                }
                _ => {
                    let sent = calls.outgoing().len().min(number as usize * 10);
                    calls.sent(sent);
                }
            }
            prop_assert_eq!(calls.waiting(), open.len());
        }
        let ended = calls.end();
        prop_assert_eq!(ended.len(), open.len());
        prop_assert!(ended.iter().all(|(ticket, _)| open.contains(ticket)));
    }
}
