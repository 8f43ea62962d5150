//! Who calls, by CSIv2: contexts that a client establishes once, and refers to later.

mod common;

use bytes::Bytes;
use farcall_corba::CorbaServer;
use farcall_corba::csi::{InitialContextToken, SasContext};
use farcall_corba::giop::{Framer, Message, Reply, ReplyStatus, ServiceContexts, context_id};
use farcall_macros::service;
use farcall_net::Users;
use farcall_wire::{Context, Fault, Limits};
use tokio::net::TcpStream;

use common::{exchange, facade as farcall, request_with, serve_at};

#[service(crate = "crate::farcall", name = "Door", scope = "test")]
trait Door {
    async fn enter(&self, cx: &Context) -> Result<String, Fault>;
}

struct Open;

impl Door for Open {
    async fn enter(&self, cx: &Context) -> Result<String, Fault> {
        Ok(cx.identity().map(|who| who.name.to_string()).unwrap_or_default())
    }
}

/// What a client says that it is, as the number of a context of its own.
fn establish(id: u64, password: &str) -> Bytes {
    let (username, password) = ("ann".to_owned(), password.to_owned());
    let token = InitialContextToken { username, password, target_name: Bytes::new() };
    let mut octets = SasContext::establish(&token).unwrap().to_vec();
    octets[8..16].copy_from_slice(&id.to_be_bytes());
    octets.into()
}

/// A reference to a context (MessageInContext), as JacORB writes it.
fn in_context(id: u64, discards: bool) -> Bytes {
    let mut octets = vec![0, 0, 0, 5, 0, 0, 0, 0];
    octets.extend_from_slice(&id.to_be_bytes());
    octets.push(discards.into());
    octets.into()
}

struct Caller {
    stream: TcpStream,
    framer: Framer,
    id: u32,
}

impl Caller {
    async fn new(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        Self { stream, framer: Framer::new(&Limits::default()), id: 0 }
    }

    fn request(&mut self, said: Bytes) -> Vec<u8> {
        self.id += 2;
        let contexts = ServiceContexts::default().with(context_id::SECURITY_ATTRIBUTE_SERVICE, said);
        request_with("door", self.id, "enter", contexts, &[])
    }

    async fn call(&mut self, said: Bytes) -> (ReplyStatus, Option<SasContext>) {
        let octets = self.request(said);
        answer(&exchange(&mut self.stream, &mut self.framer, &octets).await)
    }
}

fn answer(message: &Message) -> (ReplyStatus, Option<SasContext>) {
    let (reply, _) = Reply::read(message).unwrap();
    (reply.status, reply.contexts.sas())
}

async fn door() -> u16 {
    let users = Users::new("test").with("ann", "secret");
    serve_at(CorbaServer::new().with_service("door", DoorService::new(Open)).with_authenticator(users)).await
}

const GOOD: ReplyStatus = ReplyStatus::NoException;
const BAD: ReplyStatus = ReplyStatus::SystemException;

#[tokio::test]
async fn a_context_is_established_once_and_referred_to() {
    let port = door().await;
    let mut caller = Caller::new(port).await;
    let complete = SasContext::Complete { client_context_id: 7, stateful: true };
    assert_eq!(caller.call(establish(7, "secret")).await, (GOOD, Some(complete)));
    assert_eq!(caller.call(in_context(7, false)).await, (GOOD, None));
    assert_eq!(caller.call(in_context(7, true)).await, (GOOD, None));
    let unknown = SasContext::Error { client_context_id: 7, major: 4, minor: 1 };
    assert_eq!(caller.call(in_context(7, false)).await, (BAD, Some(unknown.clone())));
    // of one request only
    let complete = SasContext::Complete { client_context_id: 0, stateful: false };
    assert_eq!(caller.call(establish(0, "secret")).await, (GOOD, Some(complete)));
    let nothing = SasContext::Error { client_context_id: 0, major: 4, minor: 1 };
    assert_eq!(caller.call(in_context(0, false)).await, (BAD, Some(nothing)));
    // another connection has contexts of its own
    let complete = SasContext::Complete { client_context_id: 7, stateful: true };
    assert_eq!(caller.call(establish(7, "secret")).await, (GOOD, Some(complete)));
    assert_eq!(Caller::new(port).await.call(in_context(7, false)).await, (BAD, Some(unknown)));
}

#[tokio::test]
async fn a_context_that_is_refused_is_not_remembered() {
    let mut caller = Caller::new(door().await).await;
    let refused = SasContext::Error { client_context_id: 7, major: 1, minor: 1 };
    assert_eq!(caller.call(establish(7, "wrong")).await, (BAD, Some(refused)));
    let unknown = SasContext::Error { client_context_id: 7, major: 4, minor: 1 };
    assert_eq!(caller.call(in_context(7, false)).await, (BAD, Some(unknown)));
}

#[tokio::test]
async fn calls_refer_to_a_context_before_its_answer_has_come() {
    let mut caller = Caller::new(door().await).await;
    let mut octets = caller.request(establish(1, "secret"));
    for _ in 0..20 {
        octets.extend(caller.request(in_context(1, false)));
    }
    assert_eq!(answer(&exchange(&mut caller.stream, &mut caller.framer, &octets).await).0, GOOD);
    for _ in 0..20 {
        assert_eq!(answer(&exchange(&mut caller.stream, &mut caller.framer, &[]).await).0, GOOD);
    }
}

#[tokio::test]
async fn who_overtakes_the_one_that_establishes_a_context_waits_for_it() {
    let mut caller = Caller::new(door().await).await;
    let mut octets = caller.request(in_context(1, false));
    octets.extend(caller.request(establish(1, "secret")));
    assert_eq!(answer(&exchange(&mut caller.stream, &mut caller.framer, &octets).await).0, GOOD);
    assert_eq!(answer(&exchange(&mut caller.stream, &mut caller.framer, &[]).await).0, GOOD);
}

#[tokio::test]
async fn contexts_beyond_the_bound_are_of_one_request() {
    let mut caller = Caller::new(door().await).await;
    for id in 1..=20 {
        let complete = SasContext::Complete { client_context_id: id, stateful: id <= 16 };
        assert_eq!(caller.call(establish(id, "secret")).await, (GOOD, Some(complete)));
    }
    // one whose place is free again
    assert_eq!(caller.call(in_context(3, true)).await, (GOOD, None));
    let complete = SasContext::Complete { client_context_id: 20, stateful: true };
    assert_eq!(caller.call(establish(20, "secret")).await, (GOOD, Some(complete)));
}
