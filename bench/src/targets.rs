//! What the project set out to reach, and whether it did.

use crate::codec::Work;
use crate::matrix::{CALLERS, MEMORY_CALLERS, Results};
use crate::payload::Case;
use crate::report::{self, Target};
use crate::sample::Named as _;

/// The name of our own subject and codec.
const OURS: &str = "farcall";

/// A target on server CPU per call: ours at most `most` times that of `than`.
struct Cpu {
    case: Case,
    than: &'static str,
    most: f64,
}

const CPU: [Cpu; 6] = [
    Cpu { case: Case::Int, than: "hyper", most: 1.5 },
    Cpu { case: Case::Int, than: "dxr", most: 0.75 },
    Cpu { case: Case::Struct, than: "dxr", most: 0.35 },
    Cpu { case: Case::Structs, than: "dxr", most: 0.20 },
    Cpu { case: Case::Structs, than: "python", most: 0.10 },
    Cpu { case: Case::Bytes, than: "dxr", most: 0.5 },
];

/// The targets as a Markdown table. A target at several numbers of callers is reached only if it is
/// at each.
pub(crate) fn table(results: &Results) -> String {
    let lines = CPU.iter().map(|target| cpu(results, target)).chain([
        decode(results),
        encode(results),
        memory(results),
    ]);
    report::targets(lines)
}

fn cpu(results: &Results, target: &Cpu) -> Target {
    let ratios: Option<Vec<f64>> =
        CALLERS.iter().map(|callers| results.cpu_ratio(OURS, target.than, target.case, *callers)).collect();
    let shown = |ratios: &Vec<f64>| {
        let each = CALLERS.iter().zip(ratios).map(|(callers, ratio)| format!("{ratio:.2} at {callers}"));
        each.collect::<Vec<_>>().join(", ")
    };
    Target {
        what: format!("server CPU, {}, over {}", target.case.title(), target.than),
        limit: format!("≤ {:.2}", target.most),
        measured: ratios.as_ref().map(shown).unwrap_or_default(),
        reached: ratios.map(|ratios| ratios.iter().all(|ratio| *ratio <= target.most)),
    }
}

fn decode(results: &Results) -> Target {
    let what = "decode MB/s, 1000 structs, over a bare quick-xml pull".to_owned();
    Target::at_least(what, 0.8, speed(results, Work::Decode, "quick-xml", Work::Pull))
}

fn encode(results: &Results) -> Target {
    let what = "encode MB/s, 1000 structs, over dxr".to_owned();
    Target::at_least(what, 5.0, speed(results, Work::Encode, "dxr", Work::Encode))
}

fn speed(results: &Results, work: Work, than: &str, their_work: Work) -> Option<f64> {
    let ours = results.rate(OURS, work, Case::Structs)?;
    let theirs = results.rate(than, their_work, Case::Structs)?;
    Some(ours.megabytes_per_second / theirs.megabytes_per_second)
}

fn memory(results: &Results) -> Target {
    let used = results
        .memory
        .iter()
        .find(|memory| memory.subject == OURS)
        .map(|memory| memory.messages_per_caller());
    Target {
        what: format!(
            "peak memory over idle, per caller at {MEMORY_CALLERS} callers, in messages of 1.27 MB"
        ),
        limit: "≤ 8".to_owned(),
        measured: used.map(|used| format!("{used:.1}")).unwrap_or_default(),
        reached: used.map(|used| used <= 8.0),
    }
}
