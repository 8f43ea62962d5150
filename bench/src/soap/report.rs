//! The results of SOAP as tables, targets first.

use anyhow::Result;

use super::cases::Case;
use super::matrix::{ATTACHMENT, Pair, Results, Side};
use crate::matrix::CALLERS;
use crate::plot::shown;
use crate::report::{Target, targets};
use crate::sample::{Named as _, Sample};

/// All tables, for the terminal and for the page.
pub(crate) fn tables(results: &Results) -> Result<String> {
    let mut out = format!("## Targets\n\n{}", targets(goals(results)));
    for case in &results.cases {
        let size = super::floor::envelope(*case)?.len();
        out.push_str(&format!("\n## Calls: {} ({size} octets each way)\n\n", case.title()));
        out.push_str(&results.calls.table(*case, size));
    }
    out.push_str(&format!("\n## Memory of servers\n\n{}", memory(results)));
    out.push_str(&format!(
        "\n## Parse and write in process ({} octets)\n\n{}",
        results.document,
        rates(results)
    ));
    Ok(out)
}

/// What the project set out to reach. A server's CPU is compared under the same callers, a client's
/// before the same server, at each number of callers; the worst of them counts.
fn goals(results: &Results) -> Vec<Target> {
    let mut out = Vec::new();
    let worst = |pair, than, case, figure, better: fn(f64, f64) -> f64| {
        let ratios =
            CALLERS.into_iter().map(|callers| results.calls.ratio(pair, than, case, callers, figure));
        ratios.collect::<Option<Vec<f64>>>()?.into_iter().reduce(better)
    };
    let both = Pair(Side::Gsoap, Side::Gsoap);
    for case in results.cases.iter().copied() {
        let most = match case {
            Case::String | Case::Struct => 0.8,
            Case::Structs => 0.35,
            Case::Bytes => 0.5,
        };
        let server = worst(Pair(Side::Gsoap, Side::Farcall), both, case, Sample::server_us, f64::max);
        let client = worst(Pair(Side::Farcall, Side::Gsoap), both, case, Sample::client_us, f64::max);
        out.push(Target::at_most(format!("{}, CPU of the server over gSOAP's", case.title()), most, server));
        out.push(Target::at_most(format!("{}, CPU of the client over gSOAP's", case.title()), most, client));
    }
    for case in results.cases.iter().copied() {
        for callers in [8, 64] {
            let (ours, theirs) = (Pair(Side::Hyper, Side::Farcall), Pair(Side::Hyper, Side::Gsoap));
            let ratio = results.calls.ratio(ours, theirs, case, callers, Sample::calls_per_second);
            out.push(Target::at_least(
                format!("{}, {callers} callers, calls/s over gSOAP's server", case.title()),
                1.5,
                ratio,
            ));
        }
    }
    let speed = |who: &str, write: bool| {
        let time = |who| {
            let rate = results.rate(who)?;
            Some(if write { rate.write? } else { rate.parse }.as_secs_f64())
        };
        Some(time(who)? / time("farcall")?)
    };
    out.push(Target::at_least(
        "decode into typed Rust over a bare quick-xml pull".into(),
        0.8,
        speed("quick-xml", false),
    ));
    out.push(Target::at_least("the same, the stretch".into(), 1.5, speed("quick-xml", false)));
    out.push(Target::at_least("decode over gSOAP".into(), 1.0, speed("gSOAP", false)));
    out.push(Target::at_least("encode over gSOAP".into(), 2.0, speed("gSOAP", true)));
    let mtom = results.memory.iter().find(|memory| memory.size == ATTACHMENT);
    let mtom = mtom.map(|memory| memory.peak as f64 / memory.size as f64);
    out.push(Target::at_most("peak memory of an echo of 64 MiB by MTOM, in attachments".into(), 3.0, mtom));
    out
}

fn memory(results: &Results) -> String {
    let mut out =
        String::from("| server | work | idle MB | peak MB | peak in messages |\n|---|---|---:|---:|---:|\n");
    for memory in &results.memory {
        out.push_str(&format!(
            "| {} | {} | {:.1} | {:.1} | {:.1} |\n",
            memory.who,
            memory.what,
            memory.idle as f64 / 1e6,
            memory.peak as f64 / 1e6,
            memory.peak as f64 / memory.size as f64
        ));
    }
    out
}

fn rates(results: &Results) -> String {
    let mut out = String::from(
        "| by | parse into | parse µs | MB/s | write µs | MB/s |\n|---|---|---:|---:|---:|---:|\n",
    );
    for rate in &results.rates {
        let speed = |time: std::time::Duration| shown(results.document as f64 / 1e6 / time.as_secs_f64());
        let micros = |time: std::time::Duration| shown(time.as_secs_f64() * 1e6);
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            rate.who,
            rate.into,
            micros(rate.parse),
            speed(rate.parse),
            rate.write.map(micros).unwrap_or_default(),
            rate.write.map(speed).unwrap_or_default(),
        ));
    }
    out
}

/// The part of `RESULTS.md`.
pub(crate) fn page(circumstances: &str, tables: &str) -> String {
    format!("# Measured: SOAP beside gSOAP 2.8 and bare hyper\n\n{circumstances}{PEER}\n{METHOD}\n{tables}")
}

const PEER: &str = "- Peers: gSOAP 2.8.124, libxml2 and expat of Debian 12, g++ and gcc -O2\n";

const METHOD: &str = "\
One WSDL, document/literal over SOAP 1.1, every call an echo; gSOAP's proxy and service are generated \
from it (`wsdl2h -P`, `soapcpp2 -1 -j -x`). `→` marks whose callers call whose server. All callers of a \
cell are in one process, each with a connection that is kept alive: farcall's as tasks over one client, \
gSOAP's as threads, hyper's sending prepared octets. gSOAP's server has a thread a connection; it and its \
callers run with `SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING | SOAP_XML_TREE`. As a server, hyper sends the \
request's body back. Cells are medians over the rounds; in a round the pairs take turns within each \
cell. CPU is user and system time of the process, from `/proc/PID/task/*/schedstat`. MB/s count the \
request's octets both ways. Ratios are medians of the rounds' ratios; of several numbers of callers the \
worst counts. Memory is `VmHWM` of a fresh process. In-process times are the best pass over the element \
of a reply; quick-xml, libxml2 and expat convert no value, and quick-xml and libxml2 write what they have \
read. gSOAP parses from and writes to memory.
";
