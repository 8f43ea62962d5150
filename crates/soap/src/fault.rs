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

use farcall_model::{ExceptionType, Value};
use farcall_wire::{Completion, Encoder, Fault, FaultKind, Written};

use crate::Version;
use crate::codec::{Place, SoapEncoder};

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

/// A text of an error may quote anything; what XML forbids is written as an escape.
fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if farcall_xml::is_xml_char(c) { clean.push(c) } else { clean.extend(c.escape_unicode()) }
    }
    clean
}

/// Writes `<Fault>` around its code, text and detail. `code` is a name in the envelope's namespace.
pub(crate) fn write(
    out: &mut SoapEncoder,
    code: &str,
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
            out.raw("</faultstring><detail>");
            detail(out)?;
            out.raw("</detail></s:Fault>");
        }
        Version::V12 => {
            out.raw("<s:Fault><s:Code><s:Value>s:");
            out.raw(code);
            out.raw("</s:Value></s:Code><s:Reason><s:Text xml:lang=\"en\">");
            out.text(&text)?;
            out.raw("</s:Text></s:Reason><s:Detail>");
            detail(out)?;
            out.raw("</s:Detail></s:Fault>");
        }
    }
    Ok(())
}

/// Writes a fault of ours. Its detail says the kind, and the application's number and value if it
/// has them.
pub(crate) fn write_fault(out: &mut SoapEncoder, fault: &Fault, with_value: bool) -> Written {
    let code = code_of(fault, out.version());
    write(out, code, fault.message(), |out| {
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
    write(out, code, text, |out| {
        let space = out.space_of_scope(&ty.body.scope);
        out.element(Some(space), &ty.body.name, Place::Element, members)
    })
}

/// A fault that a peer sent.
pub(crate) fn from_wire(
    code: &str,
    said: Option<&str>,
    text: String,
    number: Option<i64>,
    detail: Option<Value>,
) -> Fault {
    let kind = kind_of(code, said);
    let ran = match kind {
        FaultKind::Application => Completion::Yes,
        FaultKind::Internal | FaultKind::Deadline | FaultKind::Transport | FaultKind::Cancelled => {
            Completion::Maybe
        }
        _ => Completion::No,
    };
    let mut fault = Fault::new(kind, text).with_completion(ran).from_remote();
    if let Some(number) = number {
        fault = fault.with_code(number);
    }
    match detail {
        Some(detail) => fault.with_detail(detail),
        None => fault,
    }
}
