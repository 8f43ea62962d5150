//! Replays recorded GIOP messages, one JSON object a line with the octets in
//! `"hex"`, through the framer and the headers, and prints a table:
//!
//! `zcat DIR/*.jsonl.gz | cargo run -p farcall-corba --example replay`
//!
//! Messages of which only the beginning was recorded are read as far as it goes.

use std::collections::BTreeMap;
use std::io::BufRead as _;

use farcall_corba::giop::{
    Framer, HEADER, Header, Kind, LocateReply, LocateRequest, Message, Reply, Request, finish,
};
use farcall_corba::{CdrEncoder, CodeSets};
use farcall_wire::{CodecError, Limits};

/// The text of a member of a flat JSON object.
fn member<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = line.split_once(&format!("\"{name}\": "))?.1;
    Some(rest.trim_start_matches('"').split(['"', ',', '}']).next().unwrap_or_default())
}

fn octets(line: &str) -> Vec<u8> {
    let digits = member(line, "hex").unwrap_or_default();
    let pairs = (0..digits.len()).step_by(2).filter_map(|at| digits.get(at..at + 2));
    pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

/// A message that was written anew, up to its body.
fn rewritten(out: CdrEncoder) -> Option<Message> {
    let mut framer = Framer::new(&Limits::default());
    framer.buffer().extend_from_slice(&finish(out).ok()?);
    framer.next().ok()?
}

/// Reads the header, writes it anew, and reads that: the same stands in it, and the body begins at
/// the same place. Octets may differ, for peers leave anything in the padding.
fn read(message: &Message) -> Result<bool, CodecError> {
    let (version, order) = (message.version, message.order);
    Ok(match message.kind {
        Kind::Request => {
            let (request, at) = Request::read(message)?;
            let again = rewritten(request.encode(version, order, CodeSets::DEFAULT)?);
            let again = again.as_ref().map(Request::read).transpose()?;
            again == Some((request, at))
        }
        Kind::Reply => {
            let (reply, at) = Reply::read(message)?;
            let again = rewritten(reply.encode(version, order, CodeSets::DEFAULT)?);
            again.as_ref().map(Reply::read).transpose()? == Some((reply, at))
        }
        Kind::LocateRequest => LocateRequest::read(message).map(|_| true)?,
        Kind::LocateReply => LocateReply::read(message).map(|_| true)?,
        _ => true,
    })
}

/// What becomes of a recorded message.
fn outcome(line: &str, framers: &mut BTreeMap<String, Framer>) -> String {
    let octets = octets(line);
    let header = match Header::parse(&octets) {
        Ok(header) => header,
        Err(error) => return format!("refused: {error}"),
    };
    if octets.len() < HEADER + header.size {
        return "cut in the recording".to_owned();
    }
    let stream = format!("{:?} {:?}", member(line, "conn"), member(line, "dir"));
    let framer = framers.entry(stream).or_insert_with(|| Framer::new(&Limits::default()));
    framer.buffer().extend_from_slice(&octets);
    match framer.next() {
        Ok(Some(message)) => match read(&message) {
            Ok(true) => "read, and the same once more".to_owned(),
            Ok(false) => "refused: another once written".to_owned(),
            Err(error) => format!("refused: {error}"),
        },
        Ok(None) => "first fragments".to_owned(),
        // its beginning was cut in the recording
        Err(farcall_corba::GiopError::Fragment) => "rest of a cut message".to_owned(),
        Err(error) => format!("refused: {error}"),
    }
}

fn main() {
    let mut table: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut framers = BTreeMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok).filter(|line| line.contains("\"hex\""))
    {
        let what = format!(
            "{} {}",
            member(&line, "giop").unwrap_or_default(),
            member(&line, "type").unwrap_or_default()
        );
        *table.entry((what, outcome(&line, &mut framers))).or_default() += 1;
    }
    for ((what, outcome), count) in &table {
        println!("{count:>5}  {what:<20} {outcome}");
    }
    std::process::exit(i32::from(table.keys().any(|(_, outcome)| outcome.starts_with("refused"))));
}
