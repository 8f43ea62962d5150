//! [`Framer`]: octets into whole messages.

use std::collections::{HashMap, VecDeque};

use bytes::{Bytes, BytesMut};
use farcall_wire::Limits;

use super::header::{HEADER, Header, Kind};
use crate::cdr::{ByteOrder, CdrDecoder, CodeSets, Version};
use crate::error::GiopError;

/// So many messages may be put together at once.
const FRAGMENTED: usize = 64;
/// Room for what comes next while nothing is known of it.
const ROOM: usize = 16 << 10;
/// Room that an announced size is given before its octets come: addresses rather than memory, which
/// the system gives to what is written.
const TRUST: usize = 2 << 20;

/// A whole message.
#[derive(Clone, Debug)]
pub struct Message {
    /// The version.
    pub version: Version,
    /// The order of the octets of numbers.
    pub order: ByteOrder,
    /// The kind; never a fragment.
    pub kind: Kind,
    /// All of it, the header too, for alignment counts from there.
    pub octets: Bytes,
    /// Where fragments of GIOP 1.1 were put together: beyond each, alignment counts as if the
    /// fragment's own header stood before it.
    pub seams: Vec<usize>,
}

impl Message {
    /// A decoder at that place.
    #[must_use]
    pub fn decoder(&self, at: usize, sets: CodeSets, limits: &Limits) -> CdrDecoder<'_> {
        CdrDecoder::new(&self.octets, at, self.order, self.version, sets, limits).with_seams(&self.seams)
    }

    /// A decoder after the header, for what stands before the body.
    pub(crate) fn start(&self) -> CdrDecoder<'_> {
        self.decoder(HEADER, CodeSets::DEFAULT, &Limits::default())
    }
}

/// Puts messages together: from parts of the stream, and from fragments,
/// which may come between those of others (§9.4.9).
#[derive(Debug)]
pub struct Framer {
    buffer: BytesMut,
    limit: usize,
    /// Messages whose fragments are awaited, by request id.
    begun: HashMap<u32, (Header, BytesMut)>,
    /// Those that were cancelled midway, the oldest first: fragments of them may come yet, or not.
    cancelled: VecDeque<u32>,
    /// That of GIOP 1.1, whose fragments say no id.
    unnamed: Option<(Header, BytesMut)>,
    /// Where the fragments of that one began.
    seams: Vec<usize>,
}

impl Framer {
    /// One at the start of a connection, with the limit on the size of messages.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let limit = limits.message_size;
        let (begun, cancelled) = (HashMap::new(), VecDeque::new());
        Self { buffer: BytesMut::new(), limit, begun, cancelled, unnamed: None, seams: Vec::new() }
    }

    /// Where octets that come are appended, with room for more.
    pub fn buffer(&mut self) -> &mut BytesMut {
        let have = self.buffer.len();
        let missing = match Header::parse(&self.buffer) {
            // and the next header: a socket that fills all the room is asked once more in vain
            Ok(header) if have >= HEADER => (2 * HEADER + header.size.min(self.limit)).saturating_sub(have),
            _ => 0,
        };
        // what is announced costs memory only as it comes
        self.buffer.reserve(missing.min(TRUST.max(have)).max(ROOM));
        &mut self.buffer
    }

    /// True if a message has begun and not ended.
    #[must_use]
    pub fn is_midway(&self) -> bool {
        !self.buffer.is_empty() || !self.begun.is_empty() || self.unnamed.is_some()
    }

    /// Octets that are held of messages that have begun.
    #[must_use]
    pub fn held(&self) -> usize {
        self.buffer.len() + self.fragmented()
    }

    fn fragmented(&self) -> usize {
        self.begun.values().chain(&self.unnamed).map(|(_, octets)| octets.len()).sum()
    }

    /// The next whole message; `None` until more octets come.
    ///
    /// # Errors
    /// [`GiopError`]: the connection cannot go on.
    #[allow(clippy::should_implement_trait, reason = "it fails, and goes on after `None`")]
    pub fn next(&mut self) -> Result<Option<Message>, GiopError> {
        loop {
            if self.buffer.len() < HEADER {
                let known = self.buffer.len().min(4);
                if self.buffer[..known] != b"GIOP"[..known] {
                    let mut magic = [0; 4];
                    magic[..known].copy_from_slice(&self.buffer[..known]);
                    return Err(GiopError::Magic(magic));
                }
                return Ok(None);
            }
            let header = Header::parse(&self.buffer)?;
            self.check(header.size)?;
            if self.buffer.len() < HEADER + header.size {
                return Ok(None);
            }
            let octets = self.buffer.split_to(HEADER + header.size);
            let whole = match header.kind {
                Kind::Fragment => self.fragment(header, octets)?,
                _ if header.more => self.begin(header, octets)?,
                _ => Some((header, octets)),
            };
            if let Some((header, octets)) = whole {
                let Header { version, order, kind, .. } = header;
                let fragmented = version < Version::V1_2 && self.unnamed.is_none();
                let seams = if fragmented { std::mem::take(&mut self.seams) } else { Vec::new() };
                return Ok(Some(Message { version, order, kind, octets: octets.freeze(), seams }));
            }
        }
    }

    fn check(&self, size: usize) -> Result<(), GiopError> {
        if size > self.limit { Err(GiopError::Size { size, limit: self.limit }) } else { Ok(()) }
    }

    /// The request id at the beginning of a message of GIOP 1.2.
    fn id(header: &Header, octets: &[u8]) -> Result<u32, GiopError> {
        let id = octets[HEADER..].first_chunk::<4>().ok_or(GiopError::Fragment)?;
        Ok(header.order.u32(*id))
    }

    fn begin(&mut self, header: Header, octets: BytesMut) -> Result<Option<(Header, BytesMut)>, GiopError> {
        if matches!(header.kind, Kind::CancelRequest | Kind::CloseConnection | Kind::MessageError) {
            // these have no fragments, whatever a flag says
            return Ok(Some((header, octets)));
        }
        if header.version < Version::V1_2 {
            if self.unnamed.is_some() {
                return Err(GiopError::Fragmented(1));
            }
            self.unnamed = Some((header, octets));
            return Ok(None);
        }
        let id = Self::id(&header, &octets)?;
        self.cancelled.retain(|other| *other != id);
        if self.begun.len() >= FRAGMENTED {
            return Err(GiopError::Fragmented(FRAGMENTED));
        }
        if self.begun.insert(id, (header, octets)).is_some() {
            return Err(GiopError::Interleaved(id));
        }
        Ok(None)
    }

    fn fragment(
        &mut self,
        header: Header,
        octets: BytesMut,
    ) -> Result<Option<(Header, BytesMut)>, GiopError> {
        self.check(self.fragmented() + header.size)?;
        if header.version < Version::V1_2 {
            let (_, whole) = self.unnamed.as_mut().ok_or(GiopError::Fragment)?;
            if header.size > 0 {
                self.seams.push(whole.len());
            }
            whole.extend_from_slice(&octets[HEADER..]);
            return Ok(if header.more { None } else { self.unnamed.take() });
        }
        let id = Self::id(&header, &octets)?;
        let Some((_, whole)) = self.begun.get_mut(&id) else {
            let at = self.cancelled.iter().position(|other| *other == id).ok_or(GiopError::Fragment)?;
            if !header.more {
                self.cancelled.remove(at);
            }
            return Ok(None);
        };
        whole.extend_from_slice(&octets[HEADER + 4..]);
        Ok(if header.more { None } else { self.begun.remove(&id) })
    }

    /// Forgets a message that is being put together, since its request was cancelled. Its sender may go on
    /// with it, or begin another of the same id.
    pub fn forget(&mut self, id: u32) {
        if self.begun.remove(&id).is_some() {
            if self.cancelled.len() == FRAGMENTED {
                self.cancelled.pop_front();
            }
            self.cancelled.push_back(id);
        }
    }
}
