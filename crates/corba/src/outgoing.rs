//! [`Outgoing`]: octets on their way to the socket.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::AsyncWrite;

use crate::parts::{LARGE, Parts};

/// Pieces that go with one write.
const SLICES: usize = 16;

/// Small messages gather, so that they go with one write; large ones stay where they were encoded.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    /// What goes before `tail`.
    pieces: VecDeque<Bytes>,
    tail: BytesMut,
    len: usize,
}

impl Outgoing {
    pub(crate) fn push(&mut self, message: Parts) {
        let (octets, pieces) = message.split();
        if pieces.is_empty() && octets.len() >= LARGE {
            return self.piece(octets.into());
        }
        let mut at = 0;
        for (place, piece) in pieces {
            self.extend_from_slice(&octets[at..place]);
            self.piece(piece);
            at = place;
        }
        self.extend_from_slice(&octets[at..]);
    }

    fn piece(&mut self, octets: Bytes) {
        if !self.tail.is_empty() {
            self.pieces.push_back(self.tail.split().freeze());
        }
        self.len += octets.len();
        self.pieces.push_back(octets);
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

    /// What to write next: everything, unless there are large octets.
    pub(crate) fn front(&self) -> &[u8] {
        self.pieces.front().map_or(&self.tail, |piece| piece)
    }

    /// Says that so many octets were written.
    pub(crate) fn advance(&mut self, octets: usize) {
        let mut left = octets.min(self.len);
        self.len -= left;
        while let Some(piece) = self.pieces.front_mut() {
            if left < piece.len() {
                return piece.advance(left);
            }
            left -= piece.len();
            self.pieces.pop_front();
        }
        self.tail.advance(left);
    }

    /// Writes as much as goes with one write.
    pub(crate) fn poll_write(
        &self,
        cx: &mut Context<'_>,
        writer: Pin<&mut impl AsyncWrite>,
    ) -> Poll<io::Result<usize>> {
        let octets = if self.pieces.is_empty() {
            ready!(writer.poll_write(cx, &self.tail))
        } else {
            let mut slices = [IoSlice::new(&[]); SLICES];
            let parts = self.pieces.iter().map(|piece| &**piece).chain([&*self.tail]);
            let count = slices.iter_mut().zip(parts).map(|(slice, part)| *slice = IoSlice::new(part)).count();
            ready!(writer.poll_write_vectored(cx, &slices[..count]))
        };
        match octets {
            Ok(0) => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            octets => Poll::Ready(octets),
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
                other.push(message.into());
                out.append(other);
            } else {
                out.push(message.into());
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
