//! The results as a page: tables, machine, and plots beside it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::codec::{self, Work};
use crate::matrix::{CALLERS, MEMORY_CALLERS, Results};
use crate::page;
use crate::payload::Case;
use crate::plot::{self, Group, shown};
use crate::sample::Named as _;
use crate::subjects::Cores;
use crate::targets;

/// One line of a table of targets.
pub(crate) struct Target {
    pub(crate) what: String,
    pub(crate) limit: String,
    pub(crate) measured: String,
    pub(crate) reached: Option<bool>,
}

impl Target {
    /// A ratio that is to be no less than that; `None` if it was not measured.
    pub(crate) fn at_least(what: String, least: f64, ratio: Option<f64>) -> Self {
        let measured = ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let reached = ratio.map(|ratio| ratio >= least);
        Self { what, limit: format!("≥ {least:.2}"), measured, reached }
    }

    /// A ratio that is to be no more than that.
    pub(crate) fn at_most(what: String, most: f64, ratio: Option<f64>) -> Self {
        let measured = ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let reached = ratio.map(|ratio| ratio <= most);
        Self { what, limit: format!("≤ {most:.2}"), measured, reached }
    }
}

/// Targets as a Markdown table.
pub(crate) fn targets(lines: impl IntoIterator<Item = Target>) -> String {
    let mut out = String::from("| target | limit | measured | |\n|---|---:|---|---|\n");
    for line in lines {
        let verdict = match line.reached {
            Some(true) => "pass",
            Some(false) => "**missed**",
            None => "not measured",
        };
        out.push_str(&format!("| {} | {} | {} | {verdict} |\n", line.what, line.limit, line.measured));
    }
    out
}

/// All tables, for the terminal and for the page.
pub(crate) fn tables(results: &Results) -> String {
    let mut out = format!("## Targets\n\n{}", targets::table(results));
    for case in &results.cases {
        out.push_str(&format!("\n## Calls: {} ({} bytes)\n\n", case.title(), case.call().len()));
        out.push_str(&cells(results, *case));
    }
    if !results.memory.is_empty() {
        out.push_str(&format!(
            "\n## Memory: {MEMORY_CALLERS} callers, {}\n\n{}",
            Case::Structs.title(),
            memory(results)
        ));
    }
    out.push_str(&format!("\n## Encode and decode in process\n\n{}", codec::table(&results.rates)));
    out
}

fn cells(results: &Results, case: Case) -> String {
    let mut out = String::from(
        "| callers | server | CPU µs/call | (least–most) | calls/s | p50 µs | p99 µs |\n\
         |---:|---|---:|---|---:|---:|---:|\n",
    );
    for callers in CALLERS {
        for subject in &results.subjects {
            let figure = |figure| results.spread(subject, case, callers, figure);
            let Some(cpu) = figure(|sample| sample.cpu_us) else { continue };
            let median = |of| figure(of).map(|spread| shown(spread.median)).unwrap_or_default();
            out.push_str(&format!(
                "| {callers} | {subject} | {} | {}–{} | {} | {} | {} |\n",
                shown(cpu.median),
                shown(cpu.least),
                shown(cpu.most),
                median(|sample| sample.calls_per_second),
                median(|sample| sample.p50_us),
                median(|sample| sample.p99_us),
            ));
        }
    }
    out
}

fn memory(results: &Results) -> String {
    let mut out = String::from(
        "| server | idle MB | peak MB | over idle per caller, in messages |\n|---|---:|---:|---:|\n",
    );
    for memory in &results.memory {
        out.push_str(&format!(
            "| {} | {:.1} | {:.1} | {:.1} |\n",
            memory.subject,
            memory.idle as f64 / 1e6,
            memory.peak as f64 / 1e6,
            memory.messages_per_caller()
        ));
    }
    out
}

/// The libraries that circumstances name.
pub(crate) const CRATES: [&str; 6] = ["hyper", "tokio", "dxr", "dxr_server", "axum", "quick-xml"];

/// Writes the part of `RESULTS.md`, and `plots/*.svg` beside it.
pub(crate) fn record(results: &Results, circumstances: &str) -> Result<()> {
    let plots = page::folder().join("plots");
    fs::create_dir_all(&plots)?;
    let mut pictures = String::new();
    for (name, title, svg) in drawings(results) {
        let path = plots.join(format!("{name}.svg"));
        fs::write(&path, svg).with_context(|| format!("writing {}", path.display()))?;
        pictures.push_str(&format!("![{title}](plots/{name}.svg)\n\n"));
    }
    page::put(&format!(
        "# Measured: XML-RPC beside bare hyper, dxr and Python\n\n{circumstances}\n{METHOD}\n{}\n## Plots\n\n{}\n",
        tables(results),
        pictures.trim_end()
    ))
}

const METHOD: &str = "\
Every server echoes the same octets, each typed (Rust struct, Python dict) and all over keep-alive \
connections, one call at a time a caller. `hyper` is the floor: it reads the body and sends a \
prepared response. Every response is compared with the first one octet for octet, and the first one with the \
call by content. Cells are medians over the rounds; in a round the servers take turns within each \
cell, and each round another one begins. **Server CPU per call** (user and system, from `/proc/PID/task/*/schedstat`) is the figure \
to compare: the others move with whatever else the machine does. Ratios are medians of the \
rounds' ratios. Memory is `VmHWM` of a fresh process less its `VmRSS` after one small call, the worst \
of up to three. In-process rates are the best pass, counted in bytes of the same document for \
everyone.
";

fn drawings(results: &Results) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for case in &results.cases {
        let group = |callers: usize| Group {
            heading: format!("{callers} caller{}", if callers == 1 { "" } else { "s" }),
            bars: results
                .subjects
                .iter()
                .filter_map(|name| {
                    let cpu = results.spread(name, *case, callers, |sample| sample.cpu_us)?;
                    Some((*name, cpu.median))
                })
                .collect(),
        };
        let title = format!("Server CPU per call, {}", case.title());
        let svg = plot::bars(&title, "µs, less is better", &CALLERS.map(group));
        all.push((format!("cpu-{}", case.name()), title, svg));
    }
    if !results.memory.is_empty() {
        let bars =
            results.memory.iter().map(|memory| (memory.subject, memory.messages_per_caller())).collect();
        let heading = format!("{MEMORY_CALLERS} callers, {}", Case::Structs.title());
        let title = "Peak memory over idle, per caller".to_owned();
        let svg = plot::bars(&title, "messages, less is better", &[Group { heading, bars }]);
        all.push(("memory".to_owned(), title, svg));
    }
    let group = |(case, work): (Case, Work)| Group {
        heading: format!("{}, {}", work.name(), case.title()),
        bars: results
            .rates
            .iter()
            .filter(|rate| {
                rate.case == case && (rate.work == work || (work == Work::Decode && rate.work == Work::Pull))
            })
            .map(|rate| (rate.who, rate.megabytes_per_second))
            .collect(),
    };
    let title = "Encode and decode in process".to_owned();
    let groups =
        [Case::Structs, Case::Bytes].map(|case| [(case, Work::Decode), (case, Work::Encode)].map(group));
    let svg = plot::bars(&title, "MB/s, more is better", groups.as_flattened());
    all.push(("codec".to_owned(), title, svg));
    all
}

/// When, where and with what it was measured, a line each; `crates` are the libraries to name.
pub(crate) fn circumstances(command: &str, rounds: &str, cores: Cores, crates: &[&str]) -> String {
    let lock =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock")).unwrap_or_default();
    let crates: Vec<String> = crates.iter().map(|name| format!("{name} {}", locked(&lock, name))).collect();
    [
        ("Date", output("date", &["-u", "+%Y-%m-%d %H:%M UTC"])),
        ("Command", format!("`{command}` ({rounds})")),
        ("Machine", format!("{}, {}, Linux {}", processor(), memory_size(), output("uname", &["-r"]))),
        ("Cores", format!("{}; load average at the end {}", cores.describe(), load_average())),
        (
            "Versions",
            format!(
                "{}, {}, {}",
                output("rustc", &["--version"]),
                output("python3", &["--version"]),
                crates.join(", ")
            ),
        ),
    ]
    .map(|(name, value)| format!("- {name}: {value}\n"))
    .concat()
}

/// The newest version of `name` in a Cargo.lock, which lists them in order.
fn locked(lock: &str, name: &str) -> String {
    let heading = format!("name = \"{name}\"\nversion = \"");
    let version = lock.split(&heading).skip(1).last().and_then(|rest| rest.split('"').next());
    version.unwrap_or("of unknown version").to_owned()
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models: Vec<&str> = info.lines().filter_map(|line| line.strip_prefix("model name")).collect();
    let model = models.first().map_or("unknown processor", |line| line.trim_start_matches([' ', '\t', ':']));
    format!("{model}, {} cores", models.len())
}

/// Of the last 1, 5 and 15 minutes: the bench itself makes about 2.
fn load_average() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

fn memory_size() -> String {
    let info = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes = info
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map_or("unknown memory".to_owned(), |kilobytes| format!("{:.0} GiB", kilobytes / 1_048_576.0))
}

fn output(program: &str, arguments: &[&str]) -> String {
    match Command::new(program).args(arguments).output() {
        Ok(done) => String::from_utf8_lossy(&done.stdout).trim().to_owned(),
        Err(error) => format!("{program}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_locked_version_is_named() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"0.3.1\"\n\n[[package]]\nname = \"a\"\nversion = \"0.4.2\"\n";
        assert_eq!(locked(lock, "a"), "0.4.2");
        assert_eq!(locked(lock, "b"), "of unknown version");
    }
}
