//! What tests over loopback have in common: servers at ports of their own, and messages by hand.
#![allow(dead_code, reason = "each test uses some of it")]

pub(crate) mod facade;

use bytes::Bytes;
use farcall_corba::giop::Target;
use farcall_corba::giop::{self, Framer, Message, Reply, ReplyStatus, Request, Response, ServiceContexts};
use farcall_corba::{ByteOrder, CdrEncoder, CodeSets, CorbaServer, Version};
use farcall_net::{Address, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Serves until the test ends: the address.
pub(crate) async fn serve(corba: CorbaServer) -> Address {
    serve_with(Server::builder(), corba).await
}

/// The same, with more than defaults.
pub(crate) async fn serve_with(builder: farcall_net::ServerBuilder, corba: CorbaServer) -> Address {
    let server = builder.listen("127.0.0.1:0".parse().unwrap()).acceptor(corba).bind().await.unwrap();
    let address = server.addresses()[0].clone();
    tokio::spawn(server.run(std::future::pending()));
    address
}

/// The port of such a server.
pub(crate) async fn serve_at(corba: CorbaServer) -> u16 {
    port(&serve(corba).await)
}

pub(crate) fn port(address: &Address) -> u16 {
    let Address::Tcp(_, port) = address else { panic!("{address}") };
    *port
}

/// A request of GIOP 1.2 in big-endian, which octets follow as its body.
pub(crate) fn request(key: &'static str, id: u32, operation: &str, body: &[u8]) -> Vec<u8> {
    request_with(key, id, operation, ServiceContexts::default(), body)
}

/// The same, with service contexts.
pub(crate) fn request_with(
    key: &'static str,
    id: u32,
    operation: &str,
    contexts: ServiceContexts,
    body: &[u8],
) -> Vec<u8> {
    let target = Target::Key(Bytes::from_static(key.as_bytes()));
    let request = Request { id, response: Response::Result, target, operation, contexts };
    let out = request.encode(Version::V1_2, ByteOrder::Big, CodeSets::DEFAULT).unwrap();
    let mut octets = giop::finish(out).unwrap();
    octets.resize(octets.len().next_multiple_of(8), 0);
    octets.extend_from_slice(body);
    let size = (octets.len() - 12) as u32;
    octets[8..12].copy_from_slice(&size.to_be_bytes());
    octets
}

/// The reply to a request.
pub(crate) fn reply(message: &Message, status: ReplyStatus, write: impl FnOnce(&mut CdrEncoder)) -> Vec<u8> {
    let id = Request::read(message).unwrap().0.id;
    let reply = Reply { id, status, contexts: ServiceContexts::default() };
    let mut out = reply.encode(message.version, ByteOrder::Big, CodeSets::PREFERRED).unwrap();
    write(&mut out);
    giop::finish(out).unwrap()
}

/// Sends octets, and reads the next message.
pub(crate) async fn exchange(stream: &mut TcpStream, framer: &mut Framer, octets: &[u8]) -> Message {
    stream.write_all(octets).await.unwrap();
    loop {
        if let Some(message) = framer.next().unwrap() {
            return message;
        }
        let read = stream.read_buf(framer.buffer()).await.unwrap();
        assert_ne!(read, 0, "the other side closed without a message");
    }
}
