//! CDR, GIOP and references: what is read can be written, and is then read as the same.

mod peer;
mod security;
mod types;

use bytes::Bytes;
use farcall_corba::cdr::{decode_value, encode_value};
use farcall_corba::giop::{Framer, Kind, LocateReply, LocateRequest, Reply, Request};
use farcall_corba::ior::Corbaname;
use farcall_corba::{CodeSets, Ior};
use farcall_model::{ObjectRef, Value};
use farcall_wire::{Decoder as _, Limits};

pub use peer::giop_peer;
pub use security::sas_context;
pub use types::cdr_types;

pub(crate) const WORDS: &[&str] = &[
    "GIOP\x01\x02\x01\0",
    "GIOP\x01\x01\x03\0",
    "GIOP\x01\0\0\x01",
    "GIOP\x01\x02\x01\x07",
    "\0\0\0\0",
    "\x01\0\0\0",
    "\x05\0\0\0echo\0",
    "_is_a\0",
    "IDL:x/Y:1.0\0",
    "\x0b\0\0\0",
    "\x0f\0\0\0",
    "\x10\0\0\0",
    "\x12\0\0\0",
    "\x13\0\0\0",
    "\u{7f}\u{7f}",
    "\x0c\0\0\0",
    "\x1d\0\0\0",
    "\x08\0\0\0IDL:t/V\0",
];

/// Words of references in text.
pub(crate) const URL_WORDS: &[&str] = &[
    "IOR:",
    "corbaloc:",
    "corbaname:",
    "iiop:1.2@",
    "[::1]:",
    ",",
    "/",
    "#",
    "%2f",
    "\\.",
    "00000000",
    "01",
];

/// Octets are an `any`: what is read is written, read and written as the same.
pub fn cdr_value(data: &[u8]) {
    let octets = Bytes::copy_from_slice(data);
    let _ = decode_value::<(Vec<f64>, String)>(&octets);
    let _ = decode_value::<Vec<Option<ObjectRef>>>(&octets);
    let Ok(value) = decode_value::<Value>(&octets) else { return };
    // a character that a peer may send and this side may not, or types beyond a limit
    let Ok(written) = encode_value(&value) else { return };
    let again: Value = decode_value(&written)
        .unwrap_or_else(|error| panic!("what was written cannot be read: {error}: {value:?}"));
    let rewritten = encode_value(&again).unwrap_or_else(|error| panic!("{error}: {again:?}"));
    assert_eq!(rewritten, written, "{value:?}");
}

/// Octets are a stream: it is framed the same in one piece and in many, and every message is read or refused.
pub fn giop_stream(data: &[u8]) {
    let limits = Limits::default().with_message_size(1 << 20);
    let framed = |piece: usize| {
        let mut framer = Framer::new(&limits);
        let mut messages = Vec::new();
        for piece in data.chunks(piece.max(1)) {
            framer.buffer().extend_from_slice(piece);
            loop {
                match framer.next() {
                    Ok(Some(message)) => messages.push(message),
                    Ok(None) => break,
                    // a connection ends at its first error
                    Err(_) => return messages,
                }
            }
        }
        messages
    };
    let whole = framed(data.len());
    let pieces = framed(3);
    assert_eq!(whole.len(), pieces.len());
    for (message, same) in whole.iter().zip(&pieces) {
        assert_eq!(message.octets, same.octets);
        assert_ne!(message.kind, Kind::Fragment);
        if let Ok((request, at)) = Request::read(message) {
            let _ = (request.target.key(), request.contexts.code_sets(), request.contexts.detail());
            let _ = message.decoder(at, CodeSets::PREFERRED, &limits).any();
        }
        if let Ok((reply, at)) = Reply::read(message) {
            let _ = reply.contexts.code_sets();
            let _ = message.decoder(at, CodeSets::DEFAULT, &limits).any();
        }
        let _ = (LocateRequest::read(message), LocateReply::read(message));
    }
}

/// A text is a reference: what is read is written and read as the same.
pub fn ior_text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(ior) = text.parse::<Ior>() {
        assert_eq!(ior.to_string().parse::<Ior>().ok().as_ref(), Some(&ior));
        assert!(!ior.describe().is_empty());
    }
    let _ = text.parse::<Corbaname>();
}
