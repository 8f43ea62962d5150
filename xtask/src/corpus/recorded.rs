//! Recorded GIOP: files `*.jsonl.gz`, a message a line with its octets in `"hex"`, replayed through
//! the framer, the headers and, by the IDL file that lies beside them, CDR.
//!
//! Connections are told apart within a file only. Messages of which only the beginning was recorded
//! are read as far as it goes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use bytes::Bytes;
use farcall_corba::giop::{
    Framer, HEADER, Header, Kind, LocateReply, LocateRequest, Message, Reply, ReplyStatus, Request, finish,
};
use farcall_corba::{CdrEncoder, CodeSets, GiopError, repository};
use farcall_idl::{Disk, Options, compile, lower};
use farcall_model::{ExceptionType, Interface, Operation, Type, TypeRef};
use farcall_wire::{
    CodecError, Decoder as _, Limits, MessageDecoder as _, MessageEncoder as _, ValueDecoder, ValueEncoder,
    transcode,
};
use flate2::read::GzDecoder;
use serde::Deserialize;

/// Whether a file is a recording.
pub(super) fn is_recording(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".jsonl.gz")
}

/// A line of a recording.
#[derive(Deserialize)]
struct Line {
    conn: u64,
    /// From the client or from the server.
    dir: String,
    giop: String,
    #[serde(rename = "type")]
    kind: String,
    hex: String,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Octets,
    Values,
    Header,
    Fragments,
    Cut,
}

impl Outcome {
    const fn text(self) -> &'static str {
        match self {
            Self::Octets => "header and body read; the body written anew is the same, octet for octet",
            Self::Values => {
                "header and body read; the body written anew has other octets and the same values"
            }
            Self::Header => "header read, and the same once more; it has no body of a known type",
            Self::Fragments => "fragments before the last",
            Self::Cut => "cut in the recording",
        }
    }
}

/// Replays recordings and prints a table; gives how many messages are refused.
pub(super) fn replay(files: &[PathBuf]) -> Result<usize> {
    let mut refused = 0;
    for file in files {
        let bodies = Bodies::beside(file)?;
        let mut replay = Replay { framers: BTreeMap::new(), bodies };
        let mut table: BTreeMap<(String, Result<Outcome, String>), usize> = BTreeMap::new();
        let open = || -> Result<_> { Ok(BufReader::new(GzDecoder::new(File::open(file)?)).lines()) };
        for line in open().with_context(|| file.display().to_string())? {
            let line: Line = match serde_json::from_str(&line?) {
                Ok(line) => line,
                // lines that say something of the recording itself
                Err(_) => continue,
            };
            let what = format!("{} {}", line.giop, line.kind);
            *table.entry((what, replay.message(&line))).or_default() += 1;
        }
        println!("{}", file.display());
        for ((what, outcome), count) in &table {
            match outcome {
                Ok(outcome) => println!("{count:>7}  {what:<20} {}", outcome.text()),
                Err(error) => {
                    refused += count;
                    println!("{count:>7}  {what:<20} REFUSED: {error}");
                }
            }
        }
    }
    Ok(refused)
}

/// One recording.
struct Replay {
    /// A stream in each direction.
    framers: BTreeMap<(u64, String), Framer>,
    bodies: Option<Bodies>,
}

impl Replay {
    fn message(&mut self, line: &Line) -> Result<Outcome, String> {
        let octets = octets(&line.hex).ok_or("the recording has no hexadecimal digits")?;
        let header = Header::parse(&octets).map_err(|error| error.to_string())?;
        if octets.len() < HEADER + header.size {
            return Ok(Outcome::Cut);
        }
        let framer = self.framers.entry((line.conn, line.dir.clone()));
        let framer = framer.or_insert_with(|| Framer::new(&Limits::default()));
        framer.buffer().extend_from_slice(&octets);
        let message = match framer.next() {
            Ok(Some(message)) => message,
            Ok(None) => return Ok(Outcome::Fragments),
            // its beginning was cut in the recording
            Err(GiopError::Fragment) => return Ok(Outcome::Cut),
            Err(error) => return Err(error.to_string()),
        };
        header_again(&message).map_err(|error| error.to_string())?;
        let Some(bodies) = &mut self.bodies else { return Ok(Outcome::Header) };
        bodies.again(line.conn, &message).map_err(|error| format!("the body: {error}"))
    }
}

fn octets(digits: &str) -> Option<Vec<u8>> {
    let pairs = (0..digits.len()).step_by(2).map(|at| digits.get(at..at + 2));
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

/// A message that was written anew, up to its body.
fn rewritten(out: CdrEncoder) -> Option<Message> {
    let mut framer = Framer::new(&Limits::default());
    framer.buffer().extend_from_slice(&finish(out).ok()?);
    framer.next().ok()?
}

/// Reads the header, writes it anew, and reads that: the same stands in it, and the body begins at
/// the same place. Octets may differ, for peers leave anything in the padding.
fn header_again(message: &Message) -> Result<()> {
    let (version, order) = (message.version, message.order);
    let same = match message.kind {
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
    };
    if same { Ok(()) } else { Err(anyhow!("another header once written")) }
}

/// What the recordings' interface says of messages.
struct Bodies {
    interface: Interface,
    /// Which operation each call is of, and the code sets of each connection.
    calls: BTreeMap<(u64, u32), String>,
    sets: BTreeMap<u64, CodeSets>,
}

impl Bodies {
    /// The first interface that has operations in the IDL file beside the recording; `None` without a file.
    fn beside(recording: &Path) -> Result<Option<Self>> {
        let directory = recording.parent().unwrap_or(Path::new("."));
        let files = std::fs::read_dir(directory)?.flatten().map(|entry| entry.path());
        let Some(file) = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "idl"))
        else {
            return Ok(None);
        };
        let name = file.display().to_string();
        let compiled = compile(&name, &std::fs::read_to_string(&file)?, &Options::default(), &Disk);
        let interfaces = lower(compiled.specification()?)?.interfaces;
        let interface = interfaces.into_iter().find(|interface| !interface.operations.is_empty());
        let interface = interface.with_context(|| format!("{name} has no interface"))?;
        Ok(Some(Self { interface, calls: BTreeMap::new(), sets: BTreeMap::new() }))
    }

    /// Reads the body of a message by the types of its operation, and writes it anew.
    fn again(&mut self, connection: u64, message: &Message) -> Result<Outcome> {
        let known = self.sets.get(&connection).copied().unwrap_or(CodeSets::DEFAULT);
        match message.kind {
            Kind::Request => {
                let (request, at) = Request::read(message)?;
                let sets = request.contexts.code_sets()?.unwrap_or(known);
                self.sets.insert(connection, sets);
                self.calls.insert((connection, request.id), request.operation.to_owned());
                let Some(operation) = self.interface.operation(request.operation) else {
                    return Ok(Outcome::Header);
                };
                let types: Vec<_> = operation.params.iter().map(|param| param.field.ty.clone()).collect();
                body_again(message, at, sets, &types)
            }
            Kind::Reply => {
                let (reply, at) = Reply::read(message)?;
                let call = self.calls.remove(&(connection, reply.id));
                let operation = call.and_then(|name| self.interface.operation(&name));
                let types = match operation {
                    Some(operation) => outcome_types(operation, reply.status, message, at, known)?,
                    None => None,
                };
                match types {
                    Some(types) => body_again(message, at, known, &types),
                    None => Ok(Outcome::Header),
                }
            }
            _ => Ok(Outcome::Header),
        }
    }
}

/// The types of what stands in a reply; `None` if the interface does not say.
fn outcome_types(
    operation: &Operation,
    status: ReplyStatus,
    message: &Message,
    at: usize,
    sets: CodeSets,
) -> Result<Option<Vec<TypeRef>>> {
    match status {
        ReplyStatus::NoException => {
            let outcome = operation.outcome();
            let nothing = matches!(outcome.resolve(), Type::Void);
            Ok(Some(if nothing { Vec::new() } else { vec![outcome] }))
        }
        ReplyStatus::UserException => {
            let mut from = message.decoder(at, sets, &Limits::default());
            from.begin_params(operation)?;
            let id = from.string()?;
            let named = |ty: &&&ExceptionType| repository::of_struct(&ty.body) == id;
            let Some(ty) = operation.exceptions.iter().find(named) else { return Ok(None) };
            let members = ty.body.fields.iter().map(|field| field.ty.clone());
            Ok(Some(std::iter::once(Type::String.into()).chain(members).collect()))
        }
        _ => Ok(None),
    }
}

/// Reads values of those types, to the end of the message; writes them in the same place, order and
/// version, and compares.
fn body_again(message: &Message, at: usize, sets: CodeSets, types: &[TypeRef]) -> Result<Outcome> {
    let read = |octets: &Bytes, seams: Vec<usize>| {
        let message = Message { octets: octets.clone(), seams, ..message.clone() };
        let mut from = message.decoder(at, sets, &Limits::default());
        // where a body begins, of a request or a reply
        from.begin_params(&Operation::new("body"))?;
        let mut values = Vec::new();
        for ty in types {
            let mut out = ValueEncoder::new();
            transcode(ty.resolve(), &mut from, &mut out)?;
            values.push(out.finish());
        }
        from.end().map(|()| values)
    };
    let values = read(&message.octets, message.seams.clone())?;
    let mut out = CdrEncoder::new(message.octets[..at].to_vec(), message.order, message.version, sets);
    out.params(&Operation::new("body"), |out| -> Result<(), CodecError> {
        let mut pairs = types.iter().zip(&values);
        pairs.try_for_each(|(ty, value)| transcode(ty.resolve(), &mut ValueDecoder::new(value), out))
    })?;
    let written = Bytes::from(out.into_bytes());
    if written == message.octets {
        return Ok(Outcome::Octets);
    }
    let again = read(&written, Vec::new())?;
    if again == values { Ok(Outcome::Values) } else { Err(anyhow!("other values once written")) }
}
