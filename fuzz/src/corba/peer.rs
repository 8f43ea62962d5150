//! A simulated peer, which sends messages in fragments: between those of others, cut, lost or twice.

use farcall_corba::giop::{Framer, HEADER, Kind, Message, split_fragments};
use farcall_wire::Limits;

/// A message of GIOP 1.2, of that number and so many octets after it.
fn message(id: u32, length: usize) -> Vec<u8> {
    let body: Vec<u8> = (0..length).map(|n| (n as u8).wrapping_mul(31).wrapping_add(id as u8)).collect();
    let size = u32::try_from(body.len() + 4).unwrap_or_default();
    [b"GIOP\x01\x02\x01\x00".as_slice(), &size.to_le_bytes(), &id.to_le_bytes(), &body].concat()
}

/// The messages that a stream is made of.
fn apart(mut stream: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some(size) = stream.get(8..HEADER).and_then(|size| size.try_into().ok()) {
        let end = HEADER + u32::from_le_bytes(size) as usize;
        let Some((part, rest)) = stream.split_at_checked(end) else { break };
        parts.push(part);
        stream = rest;
    }
    parts
}

/// Octets are what the peer does. Whatever comes in order, each message between those of others, comes
/// together; what does not is an error, or never a message that was not sent.
pub fn giop_peer(data: &[u8]) {
    let (first, script) = data.split_at(data.len().min(9));
    let sent: Vec<Vec<u8>> = first
        .chunks(3)
        .enumerate()
        .map(|(id, chunk)| {
            let length = chunk.iter().fold(0, |sum, octet| (sum << 4) ^ usize::from(*octet)) % 4096;
            message(id as u32, length)
        })
        .collect();
    let streams: Vec<Vec<u8>> = sent
        .iter()
        .enumerate()
        .map(|(at, message)| {
            split_fragments(message.clone(), 64 + 8 * usize::from(first.get(at).copied().unwrap_or(0)))
        })
        .collect();
    let mut waiting: Vec<_> = streams.iter().map(|stream| apart(stream).into_iter()).collect();
    let (mut stream, mut in_order) = (Vec::new(), true);
    for step in script {
        let at = usize::from(*step >> 4) % waiting.len().max(1);
        let Some(next) = waiting.get_mut(at).and_then(Iterator::next) else { continue };
        match step & 15 {
            // lost, sent twice, cut in the middle
            13 => in_order = false,
            14 => {
                stream.extend_from_slice(next);
                stream.extend_from_slice(next);
                in_order = false;
            }
            15 => {
                stream.extend_from_slice(&next[..next.len() / 2]);
                in_order = false;
            }
            _ => stream.extend_from_slice(next),
        }
    }
    waiting.into_iter().flatten().for_each(|rest| stream.extend_from_slice(rest));
    match receive(&stream, 1 + script.len() % 97) {
        Ok(messages) if in_order => {
            assert_eq!(messages.len(), sent.len());
            for message in &messages {
                let id = usize::from(message.octets[HEADER]);
                assert_eq!(message.octets[HEADER..], sent[id][HEADER..]);
            }
        }
        Ok(messages) => assert!(messages.iter().all(|message| message.kind == Kind::Request)),
        Err(error) => assert!(!in_order, "{error}"),
    }
}

fn receive(stream: &[u8], piece: usize) -> Result<Vec<Message>, farcall_corba::GiopError> {
    let mut framer = Framer::new(&Limits::default());
    let mut messages = Vec::new();
    for piece in stream.chunks(piece) {
        framer.buffer().extend_from_slice(piece);
        while let Some(message) = framer.next()? {
            messages.push(message);
        }
    }
    Ok(messages)
}
