//! Odd octets by hand, and what a server answers to each: as long as the framing holds, the connection does.

mod common;

use bytes::Bytes;
use farcall_corba::giop::{
    self, Framer, Kind, LocateReply, LocateRequest, LocateStatus, Message, Reply, ReplyStatus, Request,
    Response, ServiceContexts, Target,
};
use farcall_corba::{ByteOrder, CdrDecoder, CodeSets, CorbaServer, Forward, ServerOptions, Version};
use farcall_macros::service;
use farcall_wire::{Decoder as _, Fault, Limits};
use tokio::net::TcpStream;

use common::{exchange, facade as farcall, request, serve_at};

#[service(crate = "crate::farcall", name = "Door", scope = "test")]
trait Door {
    async fn enter(&self) -> Result<i32, Fault>;
    async fn wait(&self) -> Result<(), Fault>;
}

struct Open;

impl Door for Open {
    async fn enter(&self) -> Result<i32, Fault> {
        Ok(7)
    }

    async fn wait(&self) -> Result<(), Fault> {
        std::future::pending().await
    }
}

struct Peer {
    stream: TcpStream,
    framer: Framer,
}

impl Peer {
    async fn new() -> Self {
        Self::with(ServerOptions::default()).await
    }

    async fn with(options: ServerOptions) -> Self {
        let elsewhere = Forward::to("corbaloc::127.0.0.1:1/door".parse().unwrap());
        let corba = CorbaServer::new()
            .with_service("door", DoorService::new(Open))
            .with_forward("moved", elsewhere)
            .with_options(options);
        let stream = TcpStream::connect(("127.0.0.1", serve_at(corba).await)).await.unwrap();
        Self { stream, framer: Framer::new(&Limits::default()) }
    }

    async fn send(&mut self, octets: &[u8]) -> Message {
        exchange(&mut self.stream, &mut self.framer, octets).await
    }

    /// The connection is as good as before.
    async fn is_well(&mut self) {
        let message = self.send(&request("door", 100, "enter", &[])).await;
        let (reply, at) = Reply::read(&message).unwrap();
        assert_eq!((reply.id, reply.status), (100, ReplyStatus::NoException));
        let mut from = body(&message, at);
        assert_eq!(from.i32().unwrap(), 7);
    }
}

/// A decoder at the body after the header, aligned as GIOP 1.2 has it.
fn body(message: &Message, at: usize) -> CdrDecoder<'_> {
    let at = if message.version < Version::V1_2 { at } else { at.next_multiple_of(8) };
    message.decoder(at, CodeSets::DEFAULT, &Limits::default())
}

fn exception(message: &Message) -> (u32, String, u32) {
    let (reply, at) = Reply::read(message).unwrap();
    assert_eq!(reply.status, ReplyStatus::SystemException);
    let mut from = body(message, at);
    let id = from.string().unwrap();
    let _minor = from.u32().unwrap();
    (reply.id, id, from.u32().unwrap())
}

fn sized(mut octets: Vec<u8>) -> Vec<u8> {
    let size = (octets.len() - 12) as u32;
    octets[8..12].copy_from_slice(&size.to_be_bytes());
    octets
}

#[tokio::test]
async fn a_request_whose_header_is_cut_is_answered() {
    let mut peer = Peer::new().await;
    let marshal = "IDL:omg.org/CORBA/MARSHAL:1.0".to_owned();
    let whole = request("door", 6, "enter", &[]);
    for end in [21, 24, 30, 40] {
        let answer = peer.send(&sized(whole[..end].to_vec())).await;
        assert_eq!(exception(&answer), (6, marshal.clone(), 1), "{end}");
    }
    // a way of addressing that is not known
    let mut odd = whole.clone();
    odd[21] = 9;
    assert_eq!(exception(&peer.send(&odd).await), (6, marshal.clone(), 1));
    for version in [Version::V1_0, Version::V1_1] {
        let target = Target::Key(Bytes::from_static(b"door"));
        let contexts = ServiceContexts::default();
        let old = Request { id: 8, response: Response::Result, target, operation: "enter", contexts };
        let old = giop::finish(old.encode(version, ByteOrder::Big, CodeSets::DEFAULT).unwrap()).unwrap();
        let answer = peer.send(&sized(old[..old.len() - 6].to_vec())).await;
        assert_eq!(exception(&answer), (8, marshal.clone(), 1), "{version}");
    }
    // nobody waits for an answer to this one
    let mut oneway = sized(whole[..30].to_vec());
    oneway[16] = 0;
    peer.stream.set_nodelay(true).unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut peer.stream, &oneway).await.unwrap();
    peer.is_well().await;
    // one that does not say which it is
    assert_eq!(peer.send(&sized(whole[..14].to_vec())).await.kind, Kind::MessageError);
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_about_nothing() {
    let mut peer = Peer::new().await;
    let target = Target::Key(Bytes::from_static(b"door"));
    let whole = LocateRequest { id: 5, target }.encode(Version::V1_2, ByteOrder::Big).unwrap();
    let mut octets = giop::finish(whole).unwrap();
    octets[17] = 9;
    let answer = LocateReply::read(&peer.send(&octets).await).unwrap().0;
    assert_eq!(answer, LocateReply { id: 5, status: LocateStatus::UnknownObject });
    peer.is_well().await;
}

#[tokio::test]
async fn who_waits_until_a_call_is_taken_is_told_if_it_is_not() {
    let mut peer = Peer::new().await;
    let mut send = async |key, id| {
        let mut octets = request(key, id, "enter", &[]);
        octets[16] = 1;
        peer.send(&octets).await
    };
    assert_eq!(Reply::read(&send("door", 2).await).unwrap().0.status, ReplyStatus::NoException);
    let gone = exception(&send("nobody", 4).await);
    assert_eq!(gone, (4, "IDL:omg.org/CORBA/OBJECT_NOT_EXIST:1.0".to_owned(), 1));
    assert_eq!(Reply::read(&send("moved", 6).await).unwrap().0.status, ReplyStatus::LocationForward);
}

#[tokio::test]
async fn requests_that_are_cancelled_midway_leave_nothing() {
    let mut peer = Peer::new().await;
    let mut octets = Vec::new();
    for id in (0..400_u32).step_by(2) {
        octets.extend_from_slice(&giop::split_fragments(request("door", id, "enter", &[0; 100]), 64)[..64]);
        octets.extend_from_slice(b"GIOP\x01\x02\0\x02\0\0\0\x04");
        octets.extend_from_slice(&id.to_be_bytes());
    }
    octets.extend(giop::split_fragments(request("door", 4, "enter", &[0; 100]), 64));
    assert_eq!(Reply::read(&peer.send(&octets).await).unwrap().0.id, 4);
    peer.is_well().await;
}

#[tokio::test]
async fn calls_of_one_id_are_as_many_as_they_are() {
    let mut peer = Peer::with(ServerOptions::default().with_calls(3)).await;
    let wait = request("door", 2, "wait", &[]);
    let refused = exception(&peer.send(&wait.repeat(4)).await);
    assert_eq!(refused, (2, "IDL:omg.org/CORBA/TRANSIENT:1.0".to_owned(), 1));
}
