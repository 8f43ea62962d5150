//! How fast documents are read: megabytes a second of the general pull, of a codec that predicts
//! each tag, and of quick-xml's bare pull, on an XML-RPC message of 1000 structs.
//!
//! `cargo run --release -p farcall-xml --example pull_speed [word]`; with a word, only the lines that
//! begin with it.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use farcall_xml::{Event, Limits, Reader, path_at};

type Outcome = Result<usize, Box<dyn std::error::Error>>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let compact = message("");
    let pretty = message("\n  ");
    for (name, text) in [("compact", &compact), ("indented", &pretty)] {
        println!("{name}, {} bytes", text.len());
        report("general pull", text, general)?;
        report("quick-xml pull", text, quick)?;
    }
    println!("compact");
    report("predicted", &compact, predicted)?;
    report("path_at the end", &compact, |text| Ok(path_at(text, text.len() - 1).len()))?;
    Ok(())
}

/// A call with an array of 1000 structs of six members each.
fn message(space: &str) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\"?><methodCall><methodName>bench.structs</methodName><params><param><value><array><data>",
    );
    for i in 0..1000 {
        out.push_str("<value><struct>");
        for (name, kind, value) in [
            ("identifier", "int", i.to_string()),
            ("name", "string", format!("entry number {i}")),
            ("price", "double", format!("{}.25", i * 3)),
            ("active", "boolean", (i % 2).to_string()),
            ("comment", "string", "plain text of moderate length".to_owned()),
            ("created", "dateTime.iso8601", "20240131T12:30:00".to_owned()),
        ] {
            let _ = write!(
                out,
                "{space}<member>{space}<name>{name}</name>{space}<value><{kind}>{value}</{kind}></value>{space}</member>"
            );
        }
        out.push_str("</struct></value>");
        out.push_str(space);
    }
    out.push_str("</data></array></value></param></params></methodCall>");
    out
}

fn report(name: &str, text: &str, read: impl Fn(&str) -> Outcome) -> Result<(), Box<dyn std::error::Error>> {
    if std::env::args().nth(1).is_some_and(|word| !name.starts_with(&word)) {
        return Ok(());
    }
    let mut best = Duration::MAX;
    let mut count = 0;
    for _ in 0..100 {
        let begin = Instant::now();
        count = read(black_box(text))?;
        best = best.min(begin.elapsed());
    }
    let rate = text.len() as f64 / best.as_secs_f64() / 1e6;
    println!("  {name:16} {rate:7.0} MB/s  ({count})");
    Ok(())
}

fn general(text: &str) -> Outcome {
    let mut reader = Reader::new(text, Limits::default());
    let mut events = 0;
    loop {
        match black_box(reader.next_event()?) {
            Event::Eof => return Ok(events),
            _ => events += 1,
        }
    }
}

fn quick(text: &str) -> Outcome {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut events = 0;
    loop {
        match black_box(reader.read_event()?) {
            quick_xml::events::Event::Eof => return Ok(events),
            _ => events += 1,
        }
    }
}

/// Reads the members the way a codec does that was told what to expect.
fn predicted(text: &str) -> Outcome {
    const KINDS: [(&str, &str); 6] = [
        ("<int>", "</int>"),
        ("<string>", "</string>"),
        ("<double>", "</double>"),
        ("<boolean>", "</boolean>"),
        ("<string>", "</string>"),
        ("<dateTime.iso8601>", "</dateTime.iso8601>"),
    ];
    let mut reader = Reader::new(text, Limits::default());
    let mut bytes = 0;
    reader.next_start_or_end()?;
    bytes += black_box(reader.eat_leaf("<methodName>", "</methodName>")).map_or(0, str::len);
    for tag in ["<params>", "<param>", "<value>", "<array>", "<data>"] {
        assert!(reader.eat_start(tag));
    }
    while reader.eat_start("<value>") {
        assert!(reader.eat_start("<struct>"));
        for (open, close) in KINDS {
            assert!(reader.eat_start("<member>"));
            let name = reader.eat_leaf("<name>", "</name>");
            assert!(reader.eat_start("<value>"));
            let value = reader.eat_leaf(open, close);
            assert!(reader.eat_end("</value>") && reader.eat_end("</member>"));
            bytes += black_box(name).map_or(0, str::len) + black_box(value).map_or(0, str::len);
        }
        assert!(reader.eat_end("</struct>") && reader.eat_end("</value>"));
    }
    for tag in ["</data>", "</array>", "</value>", "</param>", "</params>", "</methodCall>"] {
        assert!(reader.eat_end(tag));
    }
    reader.finish()?;
    Ok(bytes)
}
