//! Encode and decode in process, without any network, beside a bare quick-xml pull.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::payload::Case;
use crate::sample::Named as _;
use crate::{dxr_peer, ours};

/// What is done to the response document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Every event is read and none looked at: the floor of a decode.
    Pull,
    Decode,
    Encode,
}

impl Work {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Decode => "decode",
            Self::Encode => "encode",
        }
    }
}

/// One thing to time: a codec's way with one document.
pub(crate) struct Codec {
    pub(crate) who: &'static str,
    pub(crate) work: Work,
    pub(crate) case: Case,
    once: Box<dyn FnMut() -> Result<()>>,
}

impl Codec {
    pub(crate) fn new(
        who: &'static str,
        work: Work,
        case: Case,
        once: impl FnMut() -> Result<()> + 'static,
    ) -> Self {
        Self { who, work, case, once: Box::new(once) }
    }
}

/// The best round of one codec. Rates count the bytes of *our* prepared document for everyone, so
/// that a codec gains nothing by writing more.
pub(crate) struct Rate {
    pub(crate) who: &'static str,
    pub(crate) work: Work,
    pub(crate) case: Case,
    pub(crate) time: Duration,
    pub(crate) megabytes_per_second: f64,
}

/// Times every codec, interleaved, for `rounds` rounds of `slice` each; the best round counts, for
/// what disturbs a loop that touches no other process only ever slows it.
pub(crate) fn measure(rounds: usize, slice: Duration) -> Result<Vec<Rate>> {
    let mut codecs = vec![pull(Case::Structs)];
    codecs.extend(ours::codecs()?);
    codecs.extend(dxr_peer::codecs()?);
    let mut best = vec![Duration::MAX; codecs.len()];
    for _ in 0..rounds {
        for (codec, best) in codecs.iter_mut().zip(&mut best) {
            let time = time_one(codec, slice).with_context(|| {
                format!("{} of {} by {}", codec.work.name(), codec.case.title(), codec.who)
            })?;
            *best = time.min(*best);
        }
    }
    let rate = |(codec, time): (&Codec, Duration)| Rate {
        who: codec.who,
        work: codec.work,
        case: codec.case,
        time,
        megabytes_per_second: codec.case.response().len() as f64 / 1e6 / time.as_secs_f64(),
    };
    Ok(codecs.iter().zip(best).map(rate).collect())
}

/// The fastest single pass within `slice`.
fn time_one(codec: &mut Codec, slice: Duration) -> Result<Duration> {
    let start = Instant::now();
    let mut best = Duration::MAX;
    while start.elapsed() < slice {
        let pass = Instant::now();
        (codec.once)()?;
        best = best.min(pass.elapsed());
    }
    Ok(best)
}

fn pull(case: Case) -> Codec {
    let document = case.response();
    Codec::new("quick-xml", Work::Pull, case, move || {
        let mut reader = Reader::from_str(&document);
        let mut events = 0_u32;
        while !matches!(std::hint::black_box(reader.read_event()?), Event::Eof) {
            events += 1;
        }
        std::hint::black_box(events);
        Ok(())
    })
}

/// The rates as a table for a terminal or a Markdown page.
pub(crate) fn table(rates: &[Rate]) -> String {
    let mut out = String::from("| response | work | by | µs | MB/s |\n|---|---|---|---:|---:|\n");
    for case in [Case::Structs, Case::Bytes] {
        for work in [Work::Pull, Work::Decode, Work::Encode] {
            for rate in rates.iter().filter(|rate| rate.case == case && rate.work == work) {
                out.push_str(&format!(
                    "| {} | {} | {} | {:.0} | {:.0} |\n",
                    case.title(),
                    work.name(),
                    rate.who,
                    rate.time.as_secs_f64() * 1e6,
                    rate.megabytes_per_second
                ));
            }
        }
    }
    out
}
