//! Faults: codes of both versions both ways, and typed exceptions as the
//! element that the WSDL declares, in the fault's `detail`.
//!
//! ```
//! use farcall_soap::{Version, fault::{code_of, kind_of}};
//! use farcall_wire::{Fault, FaultKind};
//!
//! let fault = Fault::new(FaultKind::InvalidParameters, "field 'a' is missing");
//! assert_eq!(code_of(&fault, Version::V11), "Client");
//! assert_eq!(code_of(&fault, Version::V12), "Sender");
//! assert_eq!(kind_of("Receiver", None), FaultKind::Internal);
//! ```

use farcall_model::{ExceptionType, Operation, Type, Value, XmlName, XmlOperation};
use farcall_wire::{
    CodecError, Completion, Decoder, Encoder, Fault, FaultKind, Invocation, ValueEncoder, Written, transcode,
};
use farcall_wsdl::mapping::ncname;
use farcall_xml::wire::codec_error;
use farcall_xml::{Event, Start};

use crate::Version;
use crate::codec::{Place, SoapDecoder, SoapEncoder, decode_element};
use crate::names::XSI;

/// The namespace of the element in a `detail` that says the kind of one of farcall's faults.
pub(crate) const FARCALL: &str = "urn:farcall:fault";

/// True for what the caller did wrong.
fn is_callers(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::Malformed
            | FaultKind::Encoding
            | FaultKind::InvalidRequest
            | FaultKind::UnknownOperation
            | FaultKind::UnknownObject
            | FaultKind::InvalidParameters
            | FaultKind::Unauthenticated
            | FaultKind::Forbidden
            | FaultKind::Limit
    )
}

/// The local name of the code that a fault is sent with, in the envelope's namespace.
#[must_use]
pub fn code_of(fault: &Fault, version: Version) -> &'static str {
    match (is_callers(fault.kind()), version) {
        (true, Version::V11) => "Client",
        (true, Version::V12) => "Sender",
        (false, Version::V11) => "Server",
        (false, Version::V12) => "Receiver",
    }
}

/// The kind that a code from a peer stands for. `said` is the kind's own name,
/// which farcall's servers give in the detail.
#[must_use]
pub fn kind_of(code: &str, said: Option<&str>) -> FaultKind {
    const KINDS: &[FaultKind] = &[
        FaultKind::Malformed,
        FaultKind::Encoding,
        FaultKind::InvalidRequest,
        FaultKind::UnknownOperation,
        FaultKind::UnknownObject,
        FaultKind::InvalidParameters,
        FaultKind::Unsupported,
        FaultKind::Unauthenticated,
        FaultKind::Forbidden,
        FaultKind::Limit,
        FaultKind::Overloaded,
        FaultKind::Deadline,
        FaultKind::Cancelled,
        FaultKind::Transport,
        FaultKind::Protocol,
        FaultKind::Internal,
        FaultKind::Application,
    ];
    if let Some(kind) = said.and_then(|said| KINDS.iter().find(|kind| kind.name() == said)) {
        return *kind;
    }
    // 1.1 allows `Client.Authentication` and the like
    match code.split('.').next().unwrap_or(code) {
        // codes of WS-Security
        "FailedAuthentication"
        | "FailedCheck"
        | "InvalidSecurity"
        | "InvalidSecurityToken"
        | "MessageExpired"
        | "SecurityTokenUnavailable"
        | "UnsupportedAlgorithm"
        | "UnsupportedSecurityToken" => FaultKind::Unauthenticated,
        "VersionMismatch" | "MustUnderstand" | "DataEncodingUnknown" => FaultKind::InvalidRequest,
        "Client" | "Sender" => FaultKind::InvalidParameters,
        _ => FaultKind::Internal,
    }
}

/// The codes of calls that 1.2 has (SOAP 1.2 part 2, section 4.4).
const SUBCODES: &[(FaultKind, &str)] =
    &[(FaultKind::UnknownOperation, "ProcedureNotPresent"), (FaultKind::InvalidParameters, "BadArguments")];

/// The namespace of those codes.
const RPC: &str = "http://www.w3.org/2003/05/soap-rpc";

fn subcode_of(kind: FaultKind) -> Option<&'static str> {
    SUBCODES.iter().find(|(of, _)| *of == kind).map(|(_, code)| *code)
}

/// A text of an error may quote anything; what XML forbids is written as an escape.
fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if farcall_xml::is_xml_char(c) { clean.push(c) } else { clean.extend(c.escape_unicode()) }
    }
    clean
}

/// The detail, unless there is nothing in it: one of a fault that is not about the body may not be
/// there (SOAP 1.1, section 4.4).
fn within(out: &mut SoapEncoder, name: &str, detail: impl FnOnce(&mut SoapEncoder) -> Written) -> Written {
    let before = out.offset();
    out.raw(&format!("<{name}>"));
    let inside = out.offset();
    detail(out)?;
    if out.offset() == inside {
        out.truncate(before);
        return Ok(());
    }
    out.raw(&format!("</{name}>"));
    Ok(())
}

/// Writes `<Fault>` around its code, text and detail. `code` is a name in the envelope's namespace,
/// `subcode` one in that of SOAP 1.2's rules for calls.
pub(crate) fn write(
    out: &mut SoapEncoder,
    code: &str,
    subcode: Option<&str>,
    text: &str,
    detail: impl FnOnce(&mut SoapEncoder) -> Written,
) -> Written {
    out.set_fault();
    let text = printable(text);
    match out.version() {
        Version::V11 => {
            out.raw("<s:Fault><faultcode>s:");
            out.raw(code);
            out.raw("</faultcode><faultstring>");
            out.text(&text)?;
            out.raw("</faultstring>");
            within(out, "detail", detail)?;
            out.raw("</s:Fault>");
        }
        Version::V12 => {
            out.raw("<s:Fault><s:Code><s:Value>s:");
            out.raw(code);
            out.raw("</s:Value>");
            if let Some(subcode) = subcode {
                out.raw(&format!("<s:Subcode><s:Value xmlns:r=\"{RPC}\">r:{subcode}</s:Value></s:Subcode>"));
            }
            out.raw("</s:Code><s:Reason><s:Text xml:lang=\"en\">");
            out.text(&text)?;
            out.raw("</s:Text></s:Reason>");
            within(out, "s:Detail", detail)?;
            out.raw("</s:Fault>");
        }
    }
    Ok(())
}

/// Writes a fault of ours. Its detail says the kind, and the application's number and value if it
/// has them.
pub(crate) fn write_fault(out: &mut SoapEncoder, fault: &Fault, with_value: bool) -> Written {
    let code = code_of(fault, out.version());
    write(out, code, subcode_of(fault.kind()), fault.message(), |out| {
        let space = out.space_of(FARCALL);
        let element = |out: &mut SoapEncoder, name: &str, text: &str| {
            out.element(Some(space), name, Place::Element, |out| out.str(text))
        };
        element(out, "kind", fault.kind().name())?;
        if let Some(code) = fault.code() {
            element(out, "code", &code.to_string())?;
        }
        match fault.detail().filter(|_| with_value) {
            Some(value) => out.element(Some(space), "value", Place::Element, |out| out.any(value)),
            None => Ok(()),
        }
    })
}

/// Writes a typed exception, which is the server's answer rather than the caller's mistake.
pub(crate) fn write_exception(
    out: &mut SoapEncoder,
    ty: &ExceptionType,
    text: &str,
    members: impl FnOnce(&mut SoapEncoder) -> Written,
) -> Written {
    let code = match out.version() {
        Version::V11 => "Server",
        Version::V12 => "Receiver",
    };
    let xml = out.xml();
    let named = xml.as_ref().and_then(|xml| element_of(xml, ty));
    write(out, code, None, text, |out| {
        let (space, local) = match named {
            Some(XmlName { namespace, local, .. }) => {
                let space = match namespace.as_deref() {
                    None => Some(out.space_of_scope(&ty.body.scope)),
                    Some("") => None,
                    Some(uri) => Some(out.space_of(uri)),
                };
                (space, local.as_ref().unwrap_or(&ty.body.name).to_string())
            }
            None => (Some(out.space_of_scope(&ty.body.scope)), out.exception_name(ty)),
        };
        out.element(space, &local, Place::Element, members)
    })
}

/// The element that a description says an exception is.
fn element_of<'x>(xml: &'x XmlOperation, ty: &ExceptionType) -> Option<&'x XmlName> {
    xml.faults.iter().find(|(name, _)| *name == ty.body.name).map(|(_, name)| name)
}

/// What a fault said.
#[derive(Default)]
struct Said {
    /// From the general to the particular, as [`Fault::code_names`] has them.
    codes: Vec<String>,
    actor: Option<String>,
    text: String,
    kind: Option<String>,
    number: Option<i64>,
    detail: Option<Value>,
}

/// Reads the fault whose start tag was just read: the exception that the operation declares, or a
/// fault. `headers` came with it.
pub(crate) fn read<I: Invocation>(
    from: &mut SoapDecoder<'_>,
    invocation: &I,
    headers: &[(String, String)],
) -> Result<Result<I::Output, Fault>, CodecError> {
    let mut said = Said::default();
    while let Event::Start(start) = from.next()? {
        match start.local() {
            "faultcode" => said.codes = vec![code(from)?],
            "faultactor" | "Role" => said.actor = Some(text(from)?.trim().to_owned()),
            "faultstring" => said.text = text(from)?,
            "Code" => read_codes(from, &mut said.codes)?,
            "Reason" => said.text = first(from, "Text")?.unwrap_or_default(),
            "detail" | "Detail" => {
                if let Some(exception) = read_detail(from, invocation, &mut said)? {
                    return Ok(Ok(exception));
                }
            }
            _ => from.reader.skip_element().map_err(codec_error)?,
        }
    }
    // what is wrong with a header is said in headers (SOAP 1.1, section 4.4)
    if said.detail.is_none() && !headers.is_empty() {
        let fields = headers.iter().filter_map(|(name, xml)| {
            let tree = decode_element::<Value>("", xml).ok()?;
            Some((name.clone(), tree))
        });
        said.detail = Some(Value::Struct(fields.collect()));
    }
    Ok(Err(said.into_fault()))
}

fn text(from: &mut SoapDecoder<'_>) -> Result<String, CodecError> {
    from.reader.text_content().map(std::borrow::Cow::into_owned).map_err(codec_error)
}

/// The local part of a name with or without a prefix.
fn local(name: &str) -> String {
    name.trim().rsplit(':').next().unwrap_or_default().to_owned()
}

/// A code: its local name if the envelope's namespace has it, or none is said; otherwise as
/// `{namespace}local`.
fn code(from: &mut SoapDecoder<'_>) -> Result<String, CodecError> {
    // the element itself may declare the prefix, which is forgotten at its end
    let name = text(&mut from.clone())?;
    let code = match from.reader.resolve(&name) {
        Some((Some(uri), local)) if name.contains(':') && Version::of_namespace(uri).is_none() => {
            format!("{{{uri}}}{local}")
        }
        _ => local(&name),
    };
    from.reader.skip_element().map_err(codec_error)?;
    Ok(code)
}

/// The code of 1.2 and those in it, each in the one before: so many of them are kept.
const CODES: usize = 8;

fn read_codes(from: &mut SoapDecoder<'_>, codes: &mut Vec<String>) -> Written {
    let mut depth = 0_usize;
    loop {
        match from.next()? {
            Event::Start(start) if start.local() == "Value" && codes.len() < CODES => codes.push(code(from)?),
            Event::Start(start) if start.local() == "Subcode" && depth < CODES => depth += 1,
            Event::Start(_) => from.reader.skip_element().map_err(codec_error)?,
            Event::End if depth == 0 => return Ok(()),
            Event::End => depth -= 1,
            _ => return Ok(()),
        }
    }
}

/// The text of the first child of that name; the element is read to its end.
fn first(from: &mut SoapDecoder<'_>, name: &str) -> Result<Option<String>, CodecError> {
    let mut found = None;
    while let Event::Start(start) = from.next()? {
        if start.local() == name && found.is_none() {
            found = Some(text(from)?);
        } else {
            from.reader.skip_element().map_err(codec_error)?;
        }
    }
    Ok(found)
}

/// The exception in a detail, if the operation declares it; what else is there is noted.
fn read_detail<I: Invocation>(
    from: &mut SoapDecoder<'_>,
    invocation: &I,
    said: &mut Said,
) -> Result<Option<I::Output>, CodecError> {
    // some write text instead of elements
    let mut words = String::new();
    while let Some(start) = from.next_in_mixed(&mut words)? {
        let namespace = from.reader.expanded(&start).0.map(str::to_owned);
        if namespace.as_deref() == Some(FARCALL) && start.local() != "value" {
            let text = text(from)?;
            match start.local() {
                "kind" => said.kind = Some(text.trim().to_owned()),
                "code" => said.number = text.trim().parse().ok(),
                _ => {}
            }
            continue;
        }
        let declared = declared(from, invocation.operation(), &start, namespace.as_deref());
        from.enter_start(start);
        if let Some(ty) = declared {
            if let Some(exception) = invocation.read_exception(&ty.body.name, &mut from.clone())? {
                return Ok(Some(exception));
            }
            // a caller without types gets the members as they are declared
            let mut out = ValueEncoder::new();
            let body = Type::Struct(ty.body.clone());
            if transcode(&body, &mut from.clone(), &mut out).is_ok() {
                said.kind.get_or_insert_with(|| FaultKind::Application.name().to_owned());
                said.detail.get_or_insert(out.finish());
                from.reader.skip_element().map_err(codec_error)?;
                from.leave();
                continue;
            }
        }
        let value = from.any()?;
        said.detail.get_or_insert(value);
    }
    if !words.trim().is_empty() {
        said.detail.get_or_insert_with(|| Value::from(words.trim()));
    }
    Ok(None)
}

/// The exception that an element of a detail is: by its name, qualified or not; by the element that
/// a description says; by the name of its type.
fn declared<'o>(
    from: &mut SoapDecoder<'_>,
    operation: &'o Operation,
    start: &Start<'_>,
    namespace: Option<&str>,
) -> Option<&'o ExceptionType> {
    let xml = from.xml();
    let said = from.reader.attribute(start, Some(XSI), "type").map(|name| local(&name));
    let is = |ty: &ExceptionType, from: &mut SoapDecoder<'_>| {
        let wanted = from.namespace_of_scope(&ty.body.scope);
        let fits = |uri: &str| namespace.is_none_or(|namespace| namespace == uri);
        let element = xml.as_ref().and_then(|xml| element_of(xml, ty));
        let described = element.is_some_and(|name| {
            name.local.as_deref() == Some(start.local())
                && fits(name.namespace.as_deref().unwrap_or_default())
        });
        let names = [from.exception_name(ty), ncname(&ty.body.name)];
        let said = said.as_deref();
        described || names.iter().any(|name| (name == start.local() && fits(&wanted)) || said == Some(name))
    };
    operation.exceptions.iter().copied().find(|ty| is(ty, from))
}

impl Said {
    /// The fault that a peer sent.
    fn into_fault(self) -> Fault {
        let locals = || self.codes.iter().map(|code| code.rsplit('}').next().unwrap_or(code));
        let subcode = locals().skip(1).find_map(|local| SUBCODES.iter().find(|(_, code)| *code == local));
        let code = locals().next().unwrap_or_default();
        let kind = match (self.kind.as_deref(), subcode) {
            (None, Some((kind, _))) => *kind,
            (said, _) => kind_of(code, said),
        };
        let ran = match kind {
            FaultKind::Application => Completion::Yes,
            FaultKind::Internal | FaultKind::Deadline | FaultKind::Transport | FaultKind::Cancelled => {
                Completion::Maybe
            }
            _ => Completion::No,
        };
        let mut fault =
            Fault::new(kind, self.text).with_completion(ran).with_code_names(self.codes).from_remote();
        if let Some(actor) = self.actor {
            fault = fault.with_actor(actor);
        }
        if let Some(number) = self.number {
            fault = fault.with_code(number);
        }
        match self.detail {
            Some(detail) => fault.with_detail(detail),
            None => fault,
        }
    }
}
