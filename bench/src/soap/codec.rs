//! Parse and write of the 1000-struct message in process: farcall, gSOAP, libxml2, expat, quick-xml.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use farcall::soap::{decode_element, encode_element};
use quick_xml::events::Event;
use quick_xml::{Reader, Writer};

use super::cases;
use super::gsoap::Peer;
use super::ours::{ItemsReply, namespace};

/// The best times of one library.
pub(crate) struct Rate {
    pub(crate) who: &'static str,
    /// What its parse gives.
    pub(crate) into: &'static str,
    pub(crate) parse: Duration,
    pub(crate) write: Option<Duration>,
}

/// Everyone in turn for `rounds` rounds of `slice` each; the best pass counts, for what disturbs a
/// loop only ever slows it. The document is the element of the reply, without its envelope.
pub(crate) fn measure(peer: &Peer, rounds: usize, slice: Duration) -> Result<(usize, Vec<Rate>)> {
    let value = ItemsReply { items: cases::items()? };
    let space = namespace();
    let document = encode_element(&space, "itemsResponse", &value)?;
    ensure!(
        decode_element::<ItemsReply>(&space, &document)? == value,
        "what was read is not what was written"
    );
    let path = peer.file("structs.xml");
    std::fs::write(&path, &document)?;
    let rate = |who, into| Rate { who, into, parse: Duration::MAX, write: None };
    let mut rates = [
        rate("farcall", "typed Rust"),
        rate("gSOAP", "typed C++"),
        rate("quick-xml", "events"),
        rate("libxml2", "a tree"),
        rate("expat", "events"),
    ];
    for _ in 0..rounds {
        let write = || drop(std::hint::black_box(encode_element(&space, "itemsResponse", &value)));
        let read = || drop(std::hint::black_box(decode_element::<ItemsReply>(&space, &document)));
        note(&mut rates[0], fastest(slice / 2, read), Some(fastest(slice / 2, write)));
        let (parse, write) = peer.codec(&path, slice)?;
        note(&mut rates[1], parse, Some(write));
        let events = events(&document)?;
        note(
            &mut rates[2],
            fastest(slice / 2, || pull(&document)),
            Some(fastest(slice / 2, || push(&events))),
        );
        let (parse, write) = peer.parse("libxml2", &path, slice)?;
        note(&mut rates[3], parse, Some(write));
        note(&mut rates[4], peer.parse("expat", &path, slice)?.0, None);
    }
    Ok((document.len(), rates.into()))
}

fn note(rate: &mut Rate, parse: Duration, write: Option<Duration>) {
    rate.parse = rate.parse.min(parse);
    rate.write = rate.write.into_iter().chain(write).min();
}

fn fastest(slice: Duration, once: impl Fn()) -> Duration {
    let (start, mut best) = (Instant::now(), Duration::MAX);
    while start.elapsed() < slice {
        let pass = Instant::now();
        once();
        best = best.min(pass.elapsed());
    }
    best
}

/// Every event is read and none looked at.
fn pull(document: &str) {
    let mut reader = Reader::from_str(document);
    while !matches!(std::hint::black_box(reader.read_event()), Ok(Event::Eof) | Err(_)) {}
}

fn events(document: &str) -> Result<Vec<Event<'_>>> {
    let mut reader = Reader::from_str(document);
    let mut all = Vec::new();
    loop {
        match reader.read_event()? {
            Event::Eof => return Ok(all),
            event => all.push(event),
        }
    }
}

fn push(events: &[Event<'_>]) {
    let mut out = Writer::new(Vec::new());
    for event in events {
        if out.write_event(event.borrow()).is_err() {
            return;
        }
    }
    drop(std::hint::black_box(out.into_inner()));
}
