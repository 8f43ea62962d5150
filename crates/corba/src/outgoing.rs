//! [`Outgoing`]: octets on their way to the socket.

use std::collections::VecDeque;

use bytes::{Buf as _, Bytes, BytesMut};

/// From so many octets on, a message costs less as a piece of its own than as a copy.
const LARGE: usize = 16 << 10;

/// Small messages gather, so that they go with one write; large ones stay where they were encoded.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    /// What goes before `tail`.
    pieces: VecDeque<Bytes>,
    tail: BytesMut,
    len: usize,
}

impl Outgoing {
    pub(crate) fn push(&mut self, message: Vec<u8>) {
        if message.len() < LARGE {
            return self.extend_from_slice(&message);
        }
        if !self.tail.is_empty() {
            self.pieces.push_back(self.tail.split().freeze());
        }
        self.len += message.len();
        self.pieces.push_back(message.into());
    }

    pub(crate) fn extend_from_slice(&mut self, octets: &[u8]) {
        self.tail.extend_from_slice(octets);
        self.len += octets.len();
    }

    /// Adds all of another, which is empty then.
    pub(crate) fn append(&mut self, other: Self) {
        if !other.pieces.is_empty() && !self.tail.is_empty() {
            self.pieces.push_back(self.tail.split().freeze());
        }
        self.len += other.len;
        self.pieces.extend(other.pieces);
        self.tail.extend_from_slice(&other.tail);
    }

    /// What to write next: everything, unless there are large messages.
    pub(crate) fn front(&self) -> &[u8] {
        self.pieces.front().map_or(&self.tail, |piece| piece)
    }

    /// Says that so many octets of [`Outgoing::front`] were written.
    pub(crate) fn advance(&mut self, octets: usize) {
        let octets = octets.min(self.front().len());
        self.len -= octets;
        match self.pieces.front_mut() {
            Some(piece) if piece.len() == octets => drop(self.pieces.pop_front()),
            Some(piece) => piece.advance(octets),
            None => self.tail.advance(octets),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_go_in_the_order_in_which_they_came() {
        let mut out = Outgoing::default();
        let mut all = Vec::new();
        for (index, size) in [10, 20, LARGE, 30, LARGE * 2, LARGE, 0, 5].into_iter().enumerate() {
            let message = vec![index as u8; size];
            all.extend_from_slice(&message);
            if index % 3 == 2 {
                let mut other = Outgoing::default();
                other.push(message);
                out.append(other);
            } else {
                out.push(message);
            }
        }
        assert_eq!(out.len(), all.len());
        let mut written = Vec::new();
        while !out.is_empty() {
            let part = out.front()[..out.front().len().min(7000)].to_vec();
            out.advance(part.len());
            written.extend_from_slice(&part);
        }
        assert!(written == all && out.front().is_empty());
    }
}
