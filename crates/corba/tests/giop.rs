//! GIOP messages there and back, in pieces of any size, from fragments, and
//! over octets that mean nothing.

use bytes::Bytes;
use farcall_corba::giop::{
    Framer, Kind, LocateReply, LocateRequest, LocateStatus, Message, Reply, ReplyStatus, Request, Response,
    ServiceContext, ServiceContexts, Target, finish, split_fragments,
};
use farcall_corba::ior::{IiopProfile, Ior};
use farcall_corba::{ByteOrder, CodeSets, GiopError, Version};
use farcall_wire::{Decoder, Encoder, Limits};
use proptest::prelude::*;

const VERSIONS: [Version; 3] = [Version::V1_0, Version::V1_1, Version::V1_2];
const ORDERS: [ByteOrder; 2] = [ByteOrder::Big, ByteOrder::Little];

fn feed(framer: &mut Framer, octets: &[u8], piece: usize) -> Result<Vec<Message>, GiopError> {
    let mut messages = Vec::new();
    for piece in octets.chunks(piece.max(1)) {
        framer.buffer().extend_from_slice(piece);
        while let Some(message) = framer.next()? {
            messages.push(message);
        }
    }
    Ok(messages)
}

fn one(octets: &[u8]) -> Message {
    feed(&mut Framer::new(&Limits::default()), octets, usize::MAX).unwrap().remove(0)
}

fn contexts() -> ServiceContexts {
    let unknown = ServiceContext { id: 0xdead_beef, data: Bytes::from_static(b"\0kept") };
    ServiceContexts(vec![unknown]).with_code_sets(CodeSets::PREFERRED).with_detail("why ж")
}

fn request(id: u32, target: Target, version: Version, order: ByteOrder, body: &[u8]) -> Vec<u8> {
    let request =
        Request { id, response: Response::Result, target, operation: "get_cookie", contexts: contexts() };
    let mut out = request.encode(version, order, CodeSets::PREFERRED).unwrap();
    out.bytes(body).unwrap();
    finish(out).unwrap()
}

fn key() -> Target {
    Target::Key(Bytes::from_static(b"for\0tune"))
}

#[test]
fn requests_and_replies_of_every_version() {
    for version in VERSIONS {
        for order in ORDERS {
            let message = one(&request(7, key(), version, order, b"body"));
            let (read, at) = Request::read(&message).unwrap();
            assert_eq!((read.id, read.operation, &read.target), (7, "get_cookie", &key()));
            assert_eq!((read.response, &read.contexts), (Response::Result, &contexts()));
            let mut from = message.decoder(at, CodeSets::PREFERRED, &Limits::default());
            assert_eq!(from.bytes().unwrap(), "body");

            let reply = Reply { id: 9, status: ReplyStatus::UserException, contexts: contexts() };
            let octets = finish(reply.encode(version, order, CodeSets::PREFERRED).unwrap()).unwrap();
            assert_eq!(Reply::read(&one(&octets)).unwrap().0, reply);

            let locate = LocateRequest { id: 3, target: key() };
            let octets = finish(locate.encode(version, order).unwrap()).unwrap();
            assert_eq!(LocateRequest::read(&one(&octets)).unwrap(), locate);
            let located = LocateReply { id: 3, status: LocateStatus::ObjectHere };
            let octets = finish(located.encode(version, order).unwrap()).unwrap();
            assert_eq!(LocateReply::read(&one(&octets)).unwrap().0, located);
        }
    }
    assert_eq!(contexts().code_sets().unwrap(), Some(CodeSets::PREFERRED));
    assert_eq!(contexts().detail().unwrap(), "why ж");
}

#[test]
fn three_ways_of_addressing() {
    let profile = IiopProfile::new(Version::V1_2, "h", 1, &b"k"[..]);
    let ior = Ior::new("IDL:X:1.0", &[IiopProfile::new(Version::V1_0, "g", 2, &b"other"[..]), profile]);
    let by_profile = Target::Profile(ior.profiles[1].clone());
    let by_reference = Target::Reference(1, ior);
    for target in [by_profile, by_reference] {
        let message = one(&request(1, target.clone(), Version::V1_2, ByteOrder::Little, b""));
        let (read, _) = Request::read(&message).unwrap();
        assert_eq!(read.target, target);
        assert_eq!(read.target.key().unwrap(), "k");
    }
    assert_eq!(Target::Reference(9, Ior::default()).key(), None);
}

/// Octets that omniORB 4.3 sent, recorded on loopback (GIOP 1.0 to 1.2, little-endian) and
/// JacORB 3.9 (1.2, big-endian, with code sets): a call of `ping` on the object `FarBench`.
#[test]
fn recorded_requests() {
    for (line, version, order, id) in [
        (include_str!("../../../golden/corba/ping-omniorb-1.0.hex"), Version::V1_0, ByteOrder::Little, 4),
        (include_str!("../../../golden/corba/ping-omniorb-1.1.hex"), Version::V1_1, ByteOrder::Little, 4),
        (include_str!("../../../golden/corba/ping-omniorb-1.2.hex"), Version::V1_2, ByteOrder::Little, 4),
        (include_str!("../../../golden/corba/ping-jacorb-1.2.hex"), Version::V1_2, ByteOrder::Big, 0),
    ] {
        let line = line.trim();
        let octets: Vec<u8> =
            (0..line.len()).step_by(2).map(|at| u8::from_str_radix(&line[at..at + 2], 16).unwrap()).collect();
        let message = one(&octets);
        assert_eq!((message.version, message.order, message.kind), (version, order, Kind::Request));
        let (read, at) = Request::read(&message).unwrap();
        assert_eq!((read.id, read.operation, read.target.key().unwrap()), (id, "ping", "FarBench".into()));
        assert_eq!(at, octets.len(), "no body, and so no padding before it");
        let sets = read.contexts.code_sets().unwrap();
        assert_eq!(sets.is_some(), order == ByteOrder::Big);
    }
}

#[test]
fn fragments_of_any_size_between_those_of_others() {
    let body = |octet: u8, len: usize| vec![octet; len];
    let first = request(1, key(), Version::V1_2, ByteOrder::Little, &body(1, 1000));
    let second = request(2, key(), Version::V1_2, ByteOrder::Big, &body(2, 333));
    let whole = request(3, key(), Version::V1_2, ByteOrder::Big, &body(3, 10));
    let (a, b) = (split_fragments(first.clone(), 64), split_fragments(second.clone(), 128));
    assert_ne!(a.len(), first.len());
    let parts = |octets: &[u8]| {
        let mut parts = Vec::new();
        let mut rest = octets;
        while !rest.is_empty() {
            let size = farcall_corba::giop::Header::parse(rest).unwrap().size + 12;
            parts.push(rest[..size].to_vec());
            rest = &rest[size..];
        }
        parts
    };
    let (a, mut b) = (parts(&a), parts(&b).into_iter());
    let mut stream = Vec::new();
    for part in a {
        stream.extend(part);
        stream.extend(b.next().unwrap_or_default());
        stream.extend(&whole);
    }
    for piece in [1, 7, 64, 100_000] {
        let mut framer = Framer::new(&Limits::default());
        let messages = feed(&mut framer, &stream, piece).unwrap();
        let fragmented: Vec<Message> =
            messages.into_iter().filter(|message| Request::read(message).unwrap().0.id != 3).collect();
        assert_eq!(fragmented.len(), 2);
        for message in fragmented {
            let expected = if message.order == ByteOrder::Big { &second } else { &first };
            assert_eq!(message.octets[12..], expected[12..]);
        }
        assert!(!framer.is_midway());
    }
}

#[test]
fn what_was_cancelled_midway_is_forgotten() {
    let whole = |id| request(id, key(), Version::V1_2, ByteOrder::Big, &[7; 300]);
    let parts = |id| {
        let octets = split_fragments(whole(id), 128);
        let first = octets.len().min(128);
        (octets[..first].to_vec(), octets[first..].to_vec())
    };
    let mut framer = Framer::new(&Limits::default());
    // far more than may be put together at once
    for id in (0..1000).step_by(2) {
        assert!(feed(&mut framer, &parts(id).0, usize::MAX).unwrap().is_empty());
        assert!(framer.is_midway());
        framer.forget(id);
        assert!(!framer.is_midway(), "nobody waits for the rest");
        assert_eq!(framer.held(), 0);
    }
    // the rest may come all the same, and is nothing
    assert!(feed(&mut framer, &parts(998).1, usize::MAX).unwrap().is_empty());
    assert!(feed(&mut framer, &parts(998).1, usize::MAX).is_err(), "twice");
    // and another of the same id is another
    let mut framer = Framer::new(&Limits::default());
    feed(&mut framer, &parts(4).0, usize::MAX).unwrap();
    framer.forget(4);
    let (first, rest) = parts(4);
    let again = feed(&mut framer, &[first, rest].concat(), usize::MAX).unwrap();
    assert_eq!(again[0].octets[12..], whole(4)[12..]);
}

#[test]
fn bounds_on_messages_and_fragments() {
    let limits = Limits::default().with_message_size(1000);
    let big = request(1, key(), Version::V1_2, ByteOrder::Little, &[0; 2000]);
    let error = feed(&mut Framer::new(&limits), &big, usize::MAX).unwrap_err();
    assert!(matches!(error, GiopError::Size { limit: 1000, .. }), "{error}");
    let error = feed(&mut Framer::new(&limits), &split_fragments(big, 256), usize::MAX).unwrap_err();
    assert!(matches!(error, GiopError::Size { limit: 1000, .. }), "{error}");

    let mut many = Vec::new();
    for id in 0..65 {
        let begun = split_fragments(request(id, key(), Version::V1_2, ByteOrder::Little, &[0; 100]), 64);
        many.extend(&begun[..64]);
    }
    let error = feed(&mut Framer::new(&Limits::default()), &many, usize::MAX).unwrap_err();
    assert!(matches!(error, GiopError::Fragmented(64)), "{error}");
    let fragment = b"GIOP\x01\x02\x01\x07\x04\0\0\0\x09\0\0\0";
    let error = feed(&mut Framer::new(&Limits::default()), fragment, usize::MAX).unwrap_err();
    assert!(matches!(error, GiopError::Fragment), "{error}");
}

#[test]
fn what_is_no_giop() {
    for octets in [
        &b"HTTP"[..],
        b"G\0",
        b"GIOP\x02\0\0\0\0\0\0\0",
        b"GIOP\x01\x09\0\0\0\0\0\0",
        b"GIOP\x01\x02\0\x09\0\0\0\0",
    ] {
        assert!(feed(&mut Framer::new(&Limits::default()), octets, usize::MAX).is_err(), "{octets:?}");
    }
}

/// As omniORB writes them: each part aligned as if its own header stood before it, a number never
/// in two parts, texts and octets anywhere.
#[test]
fn alignment_counts_anew_in_fragments_of_1_1() {
    let part = |kind: u8, more: u8, body: &[u8]| {
        let size = u32::try_from(body.len()).unwrap().to_le_bytes();
        [b"GIOP\x01\x01".as_slice(), &[1 | more << 1, kind], &size, body].concat()
    };
    let number = |n: f64| n.to_le_bytes();
    // a reply without contexts: id, status; then a text and three doubles, all in three parts
    let first = [[0_u32, 7, 0, 6].map(u32::to_le_bytes).concat(), b"he".to_vec()].concat();
    let second = [b"llo\0".to_vec(), 3_u32.to_le_bytes().to_vec(), vec![9; 4], number(1.5).to_vec()].concat();
    let third = [vec![9; 4], number(2.5).to_vec(), number(-3.5).to_vec()].concat();
    let octets = [part(1, 1, &first), part(7, 1, &second), part(7, 0, &third)].concat();
    for piece in [1, 7, usize::MAX] {
        let messages = feed(&mut Framer::new(&Limits::default()), &octets, piece).unwrap();
        let (reply, body) = Reply::read(&messages[0]).unwrap();
        assert_eq!(reply.id, 7);
        let mut from = messages[0].decoder(body, CodeSets::DEFAULT, &Limits::default());
        assert_eq!(from.string().unwrap(), "hello");
        assert_eq!(from.numbers::<f64>().unwrap(), [1.5, 2.5, -3.5]);
        from.end().unwrap();
    }
}

proptest! {
    #[test]
    fn any_octets_are_framed_or_refused(octets: Vec<u8>, kind in 0_u8..8, minor in 0_u8..3, flags: u8) {
        let mut stream = vec![b'G', b'I', b'O', b'P', 1, minor, flags, kind];
        let size = octets.len() as u32;
        stream.extend(if flags & 1 == 1 { size.to_le_bytes() } else { size.to_be_bytes() });
        stream.extend(&octets);
        stream.extend(octets);
        if let Ok(messages) = feed(&mut Framer::new(&Limits::default()), &stream, 5) {
            for message in messages {
                let _ = Request::read(&message).map(|(request, _)| request.target.key());
                let _ = Reply::read(&message).map(|(reply, _)| (reply.contexts.code_sets(), reply.contexts.detail()));
                let _ = LocateRequest::read(&message);
                let _ = LocateReply::read(&message);
            }
        }
    }

    #[test]
    fn fragments_come_together(body: Vec<u8>, most in 0_usize..400, piece in 1_usize..50) {
        let whole = request(5, key(), Version::V1_2, ByteOrder::Little, &body);
        let messages = feed(&mut Framer::new(&Limits::default()), &split_fragments(whole.clone(), most), piece);
        let messages = messages.unwrap();
        prop_assert_eq!(messages.len(), 1);
        prop_assert_eq!(&messages[0].octets[12..], &whole[12..]);
    }

    #[test]
    fn references_from_any_octets(octets: Vec<u8>, text: String) {
        let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        if let Ok(ior) = format!("IOR:{hex}").parse::<Ior>() {
            let _ = ior.describe();
            prop_assert_eq!(ior.to_string().parse::<Ior>().unwrap(), ior);
        }
        let _ = text.parse::<Ior>();
        let _ = format!("corbaloc:{text}").parse::<Ior>();
        let _ = format!("corbaname::{text}").parse::<farcall_corba::ior::Corbaname>();
    }
}
