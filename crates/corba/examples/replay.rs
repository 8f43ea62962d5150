//! Replays recorded GIOP messages, one JSON object a line with the octets in
//! `"hex"`, through the framer, the headers and, if the IDL of their interface
//! is given, CDR, and prints a table:
//!
//! `zcat FILE.jsonl.gz | cargo run -p farcall-corba --example replay -- FILE.idl`
//!
//! Connections are told apart within a file only, so that each is replayed alone.
//! Messages of which only the beginning was recorded are read as far as it goes.

use std::collections::BTreeMap;
use std::io::BufRead as _;

use bytes::Bytes;
use farcall_corba::giop::{
    Framer, HEADER, Header, Kind, LocateReply, LocateRequest, Message, Reply, ReplyStatus, Request, finish,
};
use farcall_corba::{CdrEncoder, CodeSets};
use farcall_idl::{Disk, Options, compile, lower};
use farcall_model::{Interface, Operation, Type, TypeRef};
use farcall_wire::{
    CodecError, Decoder as _, Limits, MessageDecoder as _, MessageEncoder as _, ValueDecoder, ValueEncoder,
    transcode,
};

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

/// What the recording's interface says of its messages.
struct Bodies {
    interface: Interface,
    /// Which operation each call is of, and the code sets of each connection.
    calls: BTreeMap<(String, u32), String>,
    sets: BTreeMap<String, CodeSets>,
}

impl Bodies {
    /// The first interface of an IDL file that has operations.
    fn load(path: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let text = std::fs::read_to_string(path)?;
        let compiled = compile(path, &text, &Options::default(), &Disk);
        let interfaces = lower(compiled.specification()?)?.interfaces;
        let interface = interfaces.into_iter().find(|interface| !interface.operations.is_empty());
        let interface = interface.ok_or("there is no interface in it")?;
        Ok(Self { interface, calls: BTreeMap::new(), sets: BTreeMap::new() })
    }

    /// Reads the body of a message by the types of its operation, writes it anew, and reads that:
    /// the same values. `None` for a body whose types are not known.
    fn read(&mut self, connection: &str, message: &Message) -> Result<Option<bool>, CodecError> {
        let known = self.sets.get(connection).copied().unwrap_or(CodeSets::DEFAULT);
        match message.kind {
            Kind::Request => {
                let (request, at) = Request::read(message)?;
                let sets = request.contexts.code_sets()?.unwrap_or(known);
                self.sets.insert(connection.to_owned(), sets);
                self.calls.insert((connection.to_owned(), request.id), request.operation.to_owned());
                let Some(operation) = self.interface.operation(request.operation) else { return Ok(None) };
                let types = operation.params.iter().map(|param| param.field.ty.clone()).collect::<Vec<_>>();
                same(message, at, sets, &types).map(Some)
            }
            Kind::Reply => {
                let (reply, at) = Reply::read(message)?;
                let call = self.calls.remove(&(connection.to_owned(), reply.id));
                let operation = call.and_then(|name| self.interface.operation(&name));
                let Some(operation) = operation else { return Ok(None) };
                match reply.status {
                    ReplyStatus::NoException => {
                        let outcome = operation.outcome();
                        let nothing = matches!(outcome.resolve(), Type::Void);
                        let types = if nothing { Vec::new() } else { vec![outcome] };
                        same(message, at, known, &types).map(Some)
                    }
                    ReplyStatus::UserException => {
                        let mut from = message.decoder(at, known, &Limits::default());
                        from.begin_params(operation)?;
                        let id = from.string()?;
                        let named = |ty: &&&farcall_model::ExceptionType| {
                            farcall_corba::repository::of_struct(&ty.body) == id
                        };
                        let Some(ty) = operation.exceptions.iter().find(named) else { return Ok(None) };
                        let members = ty.body.fields.iter().map(|field| field.ty.clone());
                        let types: Vec<_> = std::iter::once(Type::String.into()).chain(members).collect();
                        same(message, at, known, &types).map(Some)
                    }
                    _ => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }
}

/// Reads values of those types, to the end of the message; writes them in the same place, order and
/// version, and reads them once more.
fn same(message: &Message, at: usize, sets: CodeSets, types: &[TypeRef]) -> Result<bool, CodecError> {
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
    out.params(&Operation::new("body"), |out| {
        let mut pairs = types.iter().zip(&values);
        pairs.try_for_each(|(ty, value)| transcode(ty.resolve(), &mut ValueDecoder::new(value), out))
    })?;
    Ok(read(&Bytes::from(out.into_bytes()), Vec::new())? == values)
}

/// What becomes of a recorded message.
fn outcome(line: &str, framers: &mut BTreeMap<String, Framer>, bodies: &mut Option<Bodies>) -> String {
    let octets = octets(line);
    let header = match Header::parse(&octets) {
        Ok(header) => header,
        Err(error) => return format!("refused: {error}"),
    };
    if octets.len() < HEADER + header.size {
        return "cut in the recording".to_owned();
    }
    let connection = member(line, "conn").unwrap_or_default();
    let stream = format!("{connection} {:?}", member(line, "dir"));
    let framer = framers.entry(stream).or_insert_with(|| Framer::new(&Limits::default()));
    framer.buffer().extend_from_slice(&octets);
    let message = match framer.next() {
        Ok(Some(message)) => message,
        Ok(None) => return "first fragments".to_owned(),
        // its beginning was cut in the recording
        Err(farcall_corba::GiopError::Fragment) => return "rest of a cut message".to_owned(),
        Err(error) => return format!("refused: {error}"),
    };
    match read(&message) {
        Ok(true) => {}
        Ok(false) => return "refused: another header once written".to_owned(),
        Err(error) => return format!("refused: {error}"),
    }
    match bodies.as_mut().map(|bodies| bodies.read(connection, &message)) {
        Some(Ok(Some(true))) => "header and body read, and the same once more".to_owned(),
        Some(Ok(Some(false))) => "refused: another body once written".to_owned(),
        Some(Err(error)) => format!("refused: the body: {error}"),
        None | Some(Ok(None)) => "header read, and the same once more".to_owned(),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut table: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut framers = BTreeMap::new();
    let mut bodies = std::env::args().nth(1).map(|path| Bodies::load(&path)).transpose()?;
    let lines = std::io::stdin().lock().lines();
    for line in lines.map_while(Result::ok).filter(|line| line.contains("\"hex\"")) {
        let what = format!(
            "{} {}",
            member(&line, "giop").unwrap_or_default(),
            member(&line, "type").unwrap_or_default()
        );
        *table.entry((what, outcome(&line, &mut framers, &mut bodies))).or_default() += 1;
    }
    for ((what, outcome), count) in &table {
        println!("{count:>5}  {what:<20} {outcome}");
    }
    std::process::exit(i32::from(table.keys().any(|(_, outcome)| outcome.starts_with("refused"))));
}
