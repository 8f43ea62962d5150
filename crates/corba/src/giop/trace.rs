//! [`Trace`]: what goes over a connection, field by field with offsets, for people who look for what
//! is wrong.
//!
//! ```
//! use farcall_corba::giop::{Kind, Side, Trace, bare};
//! use farcall_corba::Version;
//!
//! let mut trace = Trace::new(Vec::new());
//! let seen = trace.take(Side::Server, &bare(Kind::CloseConnection, Version::V1_2));
//! assert!(seen[0].title.starts_with("CloseConnection, GIOP 1.2"));
//! ```

use std::collections::HashMap;

use bytes::{Bytes, BytesMut};
use farcall_model::{DateTime, ExceptionType, Interface, Operation, Type, TypeRef};
use farcall_wire::{CodecError, Decoder as _, Limits, MessageDecoder as _, ValueEncoder, json, transcode};

use super::framer::{Framer, Message};
use super::header::{HEADER, Header, Kind};
use super::request::{Request, Response, Target};
use super::{LocateReply, LocateRequest, Reply, ReplyStatus, ServiceContexts, context_id};
use crate::cdr::{CdrDecoder, CodeSets, Version};
use crate::csi::SasContext;
use crate::ior::{Ior, escape_key};
use crate::repository;

/// Who sent something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who opened the connection.
    Client,
    /// Who accepted it.
    Server,
}

/// A message, or a part of one, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Traced {
    /// Kind, version, byte order and size.
    pub title: String,
    /// What stands in it, in the order of the octets.
    pub fields: Vec<Field>,
    /// All of its octets, put together of fragments.
    pub octets: Bytes,
    /// Where the body begins: parameters, or what came of the call.
    pub body: Option<usize>,
}

/// One thing that stands in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its first octet, counted from the message's.
    pub at: usize,
    /// What it is.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// Takes apart what goes over one connection. Passwords of CSIv2 are left out.
#[derive(Debug)]
pub struct Trace {
    /// What operations' parameters are, as far as it is known.
    interfaces: Vec<Interface>,
    streams: [(BytesMut, Framer); 2],
    /// The operations whose replies are still to come.
    calls: HashMap<u32, String>,
    sets: CodeSets,
}

impl Trace {
    /// At the start of a connection; parameters of the operations of these interfaces are shown as values.
    #[must_use]
    pub fn new(interfaces: Vec<Interface>) -> Self {
        let stream = || (BytesMut::new(), Framer::new(&Limits::default()));
        let streams = [stream(), stream()];
        Self { interfaces, streams, calls: HashMap::new(), sets: CodeSets::DEFAULT }
    }

    /// Takes the next octets that one side sent, and gives the messages that they end.
    pub fn take(&mut self, from: Side, octets: &[u8]) -> Vec<Traced> {
        let stream = usize::from(from == Side::Server);
        self.streams[stream].0.extend_from_slice(octets);
        let mut seen = Vec::new();
        loop {
            let (buffer, framer) = &mut self.streams[stream];
            if buffer.len() < HEADER {
                return seen;
            }
            let piece = match Header::parse(buffer) {
                Ok(header) if buffer.len() < HEADER + header.size => return seen,
                Ok(header) => buffer.split_to(HEADER + header.size).freeze(),
                Err(error) => {
                    // nothing that follows can be told apart
                    let octets = buffer.split().freeze();
                    seen.push(Traced::of(format!("not GIOP: {error}"), octets));
                    return seen;
                }
            };
            framer.buffer().extend_from_slice(&piece);
            match framer.next() {
                Ok(Some(message)) => seen.push(self.whole(&message, piece.len())),
                Ok(None) => {
                    let title = format!("{}, more follow", title(&piece));
                    seen.push(Traced::of(title, piece.slice(..HEADER)));
                }
                Err(error) => seen.push(Traced::of(format!("{}: {error}", title(&piece)), piece)),
            }
        }
    }

    fn whole(&mut self, message: &Message, last: usize) -> Traced {
        let mut traced = Traced::of(title(&message.octets), message.octets.clone());
        if last < message.octets.len() {
            traced.title.push_str(&format!(", the last fragment of which has {last}"));
        }
        let read = match message.kind {
            Kind::Request => self.request(message, &mut traced),
            Kind::Reply => self.reply(message, &mut traced),
            Kind::LocateRequest => locate_request(message, &mut traced),
            Kind::LocateReply => LocateReply::read(message).map(|(reply, _)| {
                traced.field(HEADER, "request id", reply.id.to_string());
                traced.field(HEADER + 4, "status", format!("{:?}", reply.status));
            }),
            Kind::CancelRequest => message.start().u32().map(|id| {
                traced.field(HEADER, "request id", id.to_string());
            }),
            _ => Ok(()),
        };
        if let Err(error) = read {
            traced.field(message.octets.len(), "error", error.to_string());
        }
        traced
    }

    fn request(&mut self, message: &Message, traced: &mut Traced) -> Result<(), CodecError> {
        let (request, body) = Request::read(message)?;
        let at = places(message)?;
        let awaited = match request.response {
            Response::None => "oneway, no reply",
            Response::Taken => "a reply once it is taken",
            Response::Result => "a reply with the result",
        };
        traced.field(at.id, "request id", request.id.to_string());
        traced.field(at.response, "response", awaited);
        traced.field(at.target, "target", target(&request.target));
        traced.field(at.operation, "operation", request.operation);
        traced.contexts(at.contexts, &request.contexts);
        traced.fields.sort_by_key(|field| field.at);
        if let Ok(Some(sets)) = request.contexts.code_sets() {
            self.sets = sets;
        }
        if request.response != Response::None {
            self.calls.insert(request.id, request.operation.to_owned());
        }
        traced.body = (body < message.octets.len()).then_some(body);
        if let Some(operation) = self.operation(request.operation) {
            let params = operation.params.iter().map(|param| (&*param.field.name, &param.field.ty));
            values(message, body, self.sets, params, traced)?;
        }
        Ok(())
    }

    fn reply(&mut self, message: &Message, traced: &mut Traced) -> Result<(), CodecError> {
        let (reply, body) = Reply::read(message)?;
        let new = message.version >= Version::V1_2;
        let id = if new { HEADER } else { body.saturating_sub(8) };
        let call = self.calls.remove(&reply.id);
        let of = call.as_ref().map_or_else(String::new, |name| format!(" (of {name})"));
        traced.field(id, "request id", format!("{}{of}", reply.id));
        traced.field(id + 4, "status", format!("{:?}", reply.status));
        traced.contexts(if new { HEADER + 8 } else { HEADER }, &reply.contexts);
        traced.fields.sort_by_key(|field| field.at);
        traced.body = (body < message.octets.len()).then_some(body);
        let operation = call.and_then(|name| self.operation(&name));
        outcome(message, body, self.sets, reply.status, operation, traced)
    }

    fn operation(&self, name: &str) -> Option<&Operation> {
        let mut all = self.interfaces.iter().flat_map(|interface| &interface.operations);
        all.find(|operation| repository::operation(&operation.name) == name)
    }
}

impl Traced {
    fn of(title: String, octets: Bytes) -> Self {
        Self { title, fields: Vec::new(), octets, body: None }
    }

    fn field(&mut self, at: usize, name: &str, text: impl Into<String>) {
        self.fields.push(Field { at, name: name.to_owned(), text: text.into() });
    }

    /// The service contexts, whose count stands at that place.
    fn contexts(&mut self, at: usize, contexts: &ServiceContexts) {
        self.field(at, "contexts", contexts.0.len().to_string());
        let mut at = at + 4;
        for context in &contexts.0 {
            let at_id = aligned(at, 4);
            let one = ServiceContexts(vec![context.clone()]);
            let text = match context.id {
                context_id::CODE_SETS => match one.code_sets() {
                    Ok(Some(sets)) => format!("CodeSets: {:?} and {:?}", sets.char, sets.wchar),
                    Ok(None) => "CodeSets".to_owned(),
                    Err(error) => format!("CodeSets: {error}"),
                },
                context_id::BI_DIR_IIOP => format!("BiDirIIOP: {:?}", one.listen_points()),
                context_id::INVOCATION_POLICIES => match one.end() {
                    Some(end) => format!("INVOCATION_POLICIES: ends at {}", DateTime::from_system_time(end)),
                    None => "INVOCATION_POLICIES".to_owned(),
                },
                context_id::EXCEPTION_DETAIL_MESSAGE => {
                    format!("ExceptionDetailMessage: {:?}", one.detail().unwrap_or_default())
                }
                context_id::SECURITY_ATTRIBUTE_SERVICE => match one.sas() {
                    Some(SasContext::Establish { token: Some(token), .. }) => {
                        let user = if token.username.is_empty() { "a token" } else { &token.username };
                        format!("SecurityAttributeService: EstablishContext, GSSUP of {user}")
                    }
                    Some(other) => format!("SecurityAttributeService: {other:?}"),
                    None => "SecurityAttributeService".to_owned(),
                },
                _ => "not known here".to_owned(),
            };
            let size = context.data.len();
            self.field(at_id, "context", format!("{:#x}, {size} octets; {text}", context.id));
            at = at_id + 8 + size;
        }
    }
}

/// Kind, version, byte order and size.
fn title(octets: &[u8]) -> String {
    match Header::parse(octets) {
        Ok(header) => {
            let order = format!("{:?}", header.order).to_lowercase();
            format!("{:?}, GIOP {}, {order}-endian, {} octets", header.kind, header.version, octets.len())
        }
        Err(error) => error.to_string(),
    }
}

fn aligned(at: usize, to: usize) -> usize {
    at.div_ceil(to) * to
}

/// What the first octet of a value is aligned to; an enum, a text and whatever has a length begin with
/// 4 octets, as far as value types and maps do.
fn alignment(ty: &Type) -> usize {
    match ty {
        Type::Bool | Type::I8 | Type::U8 | Type::Char | Type::WideChar => 1,
        Type::Optional(_) | Type::Fixed { .. } => 1,
        Type::I16 | Type::U16 => 2,
        Type::I64 | Type::U64 | Type::F64 | Type::LongDouble => 8,
        Type::Struct(ty) => ty.fields.first().map_or(1, |field| alignment(field.ty.resolve())),
        Type::Array(item, _) | Type::Bounded(item, _) => alignment(item.resolve()),
        _ => 4,
    }
}

/// Where the fields of a request stand.
struct Places {
    id: usize,
    response: usize,
    target: usize,
    operation: usize,
    contexts: usize,
}

fn places(message: &Message) -> Result<Places, CodecError> {
    let mut from = message.start();
    let new = message.version >= Version::V1_2;
    let mut contexts = HEADER;
    if !new {
        ServiceContexts::read(&mut from)?;
    }
    let id = aligned(from.position(), 4);
    from.u32()?;
    let response = from.position();
    from.take(if message.version == Version::V1_0 { 1 } else { 4 })?;
    let target = aligned(from.position(), if new { 2 } else { 4 });
    Target::read(&mut from, message.version)?;
    let operation = aligned(from.position(), 4);
    from.name()?;
    if new {
        contexts = aligned(from.position(), 4);
    }
    Ok(Places { id, response, target, operation, contexts })
}

fn locate_request(message: &Message, traced: &mut Traced) -> Result<(), CodecError> {
    let request = LocateRequest::read(message)?;
    traced.field(HEADER, "request id", request.id.to_string());
    traced.field(HEADER + 4, "target", target(&request.target));
    Ok(())
}

fn target(target: &Target) -> String {
    let how = match target {
        Target::Key(_) => "key",
        Target::Profile(_) => "profile with key",
        Target::Reference(..) => "reference with key",
    };
    format!("{how} {}", target.key().map_or_else(String::new, |key| escape_key(&key)))
}

/// What came of a call.
fn outcome(
    message: &Message,
    body: usize,
    sets: CodeSets,
    status: ReplyStatus,
    operation: Option<&Operation>,
    traced: &mut Traced,
) -> Result<(), CodecError> {
    let start = || -> Result<CdrDecoder<'_>, CodecError> {
        let mut from = message.decoder(body, sets, &Limits::default());
        from.begin_params(&Operation::new("body"))?;
        Ok(from)
    };
    let at = body_at(message, body);
    match (status, operation) {
        (ReplyStatus::NoException, Some(operation)) => {
            let result = &operation.result;
            let nothing = matches!(result.resolve(), Type::Void);
            let result = (!nothing).then_some(("result", result));
            let outs = operation.outs.iter().map(|param| (&*param.field.name, &param.field.ty));
            values(message, body, sets, result.into_iter().chain(outs), traced)
        }
        (ReplyStatus::SystemException, _) => {
            let mut from = start()?;
            traced.field(at, "exception", from.string()?);
            let minor = aligned(from.position(), 4);
            traced.field(minor, "minor", format!("{:#x}", from.u32()?));
            let completed = ["COMPLETED_YES", "COMPLETED_NO", "COMPLETED_MAYBE"];
            let which = from.u32()? as usize;
            traced.field(minor + 4, "completed", *completed.get(which).unwrap_or(&"not known"));
            Ok(())
        }
        (ReplyStatus::UserException, operation) => {
            let mut from = start()?;
            let id = from.string()?;
            traced.field(at, "exception", id.clone());
            let named = |ty: &&&ExceptionType| repository::of_struct(&ty.body) == id;
            let ty = operation.and_then(|operation| operation.exceptions.iter().find(named));
            let mut fields = ty.iter().flat_map(|ty| ty.body.fields.iter());
            fields.try_for_each(|field| value(&mut from, &field.name, &field.ty, traced))
        }
        (ReplyStatus::LocationForward | ReplyStatus::LocationForwardPerm, _) => {
            traced.field(at, "elsewhere", Ior::read(&mut start()?)?.to_string());
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Where the body begins, behind the padding before it.
fn body_at(message: &Message, body: usize) -> usize {
    if message.version >= Version::V1_2 { aligned(body, 8) } else { body }
}

/// The values of a body, one after the other.
fn values<'t>(
    message: &Message,
    body: usize,
    sets: CodeSets,
    types: impl Iterator<Item = (&'t str, &'t TypeRef)>,
    traced: &mut Traced,
) -> Result<(), CodecError> {
    let mut from = message.decoder(body, sets, &Limits::default());
    from.begin_params(&Operation::new("body"))?;
    for (name, ty) in types {
        value(&mut from, name, ty, traced)?;
    }
    if from.remaining() > 0 {
        let text = format!("{} octets are left that the interface does not know", from.remaining());
        traced.field(from.position(), "error", text);
    }
    Ok(())
}

fn value(from: &mut CdrDecoder<'_>, name: &str, ty: &TypeRef, traced: &mut Traced) -> Result<(), CodecError> {
    let at = aligned(from.position(), alignment(ty.resolve()));
    let mut out = ValueEncoder::new();
    transcode(ty.resolve(), from, &mut out)?;
    traced.field(at, name, json::write(&out.finish()));
    Ok(())
}
