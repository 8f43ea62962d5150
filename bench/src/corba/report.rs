//! The results of CORBA as tables, targets first.

use super::cases::Case;
use super::matrix::Results;
use crate::plot::shown;
use crate::report::{Target, targets};
use crate::sample::{Named as _, Sample};

/// All tables, for the terminal and for the page.
pub(crate) fn tables(results: &Results) -> String {
    let mut out = format!("## Targets\n\n{}", targets(goals(results)));
    for case in &results.cases {
        let size = case.octets();
        out.push_str(&format!("\n## Calls: {} ({size} octets each way)\n\n", case.title()));
        out.push_str(&results.calls.table(*case, size));
    }
    out.push_str(&format!("\n## Marshal and unmarshal in process\n\n{}", rates(results)));
    out
}

/// What the project set out to reach: ours over omniORB's best setting.
fn goals(results: &Results) -> Vec<Target> {
    let cpu: fn(&Sample) -> f64 = Sample::cpu_us;
    let p50: fn(&Sample) -> f64 = Sample::p50_us;
    let rate: fn(&Sample) -> f64 = Sample::calls_per_second;
    let mut out = Vec::new();
    let has = |case: &Case| results.cases.contains(case);
    for case in [Case::Ping, Case::Long].into_iter().filter(has) {
        let title = case.title();
        let ratio = |callers, figure, best| results.ratio(case, callers, figure, best);
        let of_cpu = ratio(1, cpu, f64::min);
        out.push(Target::at_most(format!("{title}, 1 caller, CPU of client and server"), 1.0, of_cpu));
        out.push(Target::at_most(format!("{title}, 1 caller, p50"), 1.1, ratio(1, p50, f64::min)));
        out.push(Target::at_least(format!("{title}, 8 callers, calls/s"), 1.25, ratio(8, rate, f64::max)));
        out.push(Target::at_least(format!("{title}, 64 callers, calls/s"), 4.0, ratio(64, rate, f64::max)));
    }
    for case in [Case::Octets(1024), Case::Doubles(1024)].into_iter().filter(has) {
        let what = format!("{}, 1 caller, MB/s", case.title());
        out.push(Target::at_least(what, 1.0, results.ratio(case, 1, rate, f64::max)));
    }
    for case in [Case::Items, Case::Records].into_iter().filter(has) {
        let pair = results.rate(true, case).zip(results.rate(false, case));
        let of = |ratio: fn((&super::matrix::Rate, &super::matrix::Rate)) -> f64| pair.map(ratio);
        let title = case.title();
        let marshal = of(|(ours, theirs)| ours.marshal.as_secs_f64() / theirs.marshal.as_secs_f64());
        let unmarshal = of(|(ours, theirs)| ours.unmarshal.as_secs_f64() / theirs.unmarshal.as_secs_f64());
        out.push(Target::at_most(format!("{title}, marshal in process"), 1.0, marshal));
        out.push(Target::at_most(format!("{title}, unmarshal in process"), 1.0, unmarshal));
        let echo = results.ratio(case, 1, p50, f64::min);
        out.push(Target::at_most(format!("{title}, 1 caller, p50 of the echo"), 1.0, echo));
    }
    out
}

fn rates(results: &Results) -> String {
    let mut out = String::from(
        "| value | by | marshal µs | MB/s | unmarshal µs | MB/s |\n|---|---|---:|---:|---:|---:|\n",
    );
    for rate in &results.rates {
        let speed = |time: std::time::Duration| shown(rate.case.octets() as f64 / 1e6 / time.as_secs_f64());
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            rate.case.title(),
            if rate.ours { "farcall" } else { "omniORB" },
            shown(rate.marshal.as_secs_f64() * 1e6),
            speed(rate.marshal),
            shown(rate.unmarshal.as_secs_f64() * 1e6),
            speed(rate.unmarshal),
        ));
    }
    out
}

/// The part of `RESULTS.md`.
pub(crate) fn page(circumstances: &str, tables: &str) -> String {
    format!("# Measured: CORBA beside omniORB 4.3 and bare TCP\n\n{circumstances}{PEER}\n{METHOD}\n{tables}")
}

const PEER: &str = "- Peer: omniORB 4.3.4 for C++ (PyPI's cmeel-omniorb), stubs of omniidl, g++ -O2\n";

const METHOD: &str = "\
One IDL (bench/peers/omniorb/bench.idl), GIOP 1.2, every call an echo. All callers of a cell are in \
one process and call one object reference, farcall's as tasks over one connection, omniORB's as \
threads: with its defaults (5 connections, a call at a time on each), with \
`-ORBmaxGIOPConnectionPerServer 64`, and with `-ORBoneCallPerConnection 0`; its best setting is what \
a target compares with. `→` marks one's callers with the other's server (omniORB's with 64 \
connections). Bare TCP sends messages of the same sizes over a connection a caller. A caller of ours \
sends the value that came back last, so nothing is copied for the bench's sake; omniORB's servant \
returns a view of its parameter. Cells are medians over the rounds; in a round the pairs take turns \
within each cell. CPU is user and system time of the process, from `/proc/PID/task/*/schedstat`. \
MB/s count the value's octets both ways. In-process times are the best pass, both sides writing into \
a buffer that is used again. Ratios are medians of the rounds' ratios.
";
