//! System exceptions: CORBA's own, between the wire and [`Fault`] (CORBA 3.3
//! part 2, §9.4.3.2; part 1, annex A).
//!
//! ```
//! use farcall_corba::fault::SystemException;
//! use farcall_wire::{Completion, Fault, FaultKind};
//!
//! let exception = SystemException::of(&Fault::new(FaultKind::UnknownOperation, "no such operation"));
//! assert_eq!((exception.name(), exception.completion), ("BAD_OPERATION", Completion::No));
//! assert_eq!(exception.into_fault(None).kind(), FaultKind::UnknownOperation);
//! ```
//!
//! A fault whose source is a [`SystemException`] is sent as that one; and one
//! that came from a peer has it as its source.

use farcall_wire::{CodecError, Completion, Decoder as _, Encoder as _, Fault, FaultKind, Written};

use crate::cdr::{CdrDecoder, CdrEncoder};

/// The minor codes that the OMG assigned begin with this.
const OMG: u32 = 0x4f4d_0000;
/// Those by which farcall carries the number of an application's fault, if it is below 4096.
const FARCALL: u32 = 0x4643_0000;

/// Names of system exceptions, and what they are here; the first of a kind is sent for it.
const KINDS: &[(&str, FaultKind)] = &[
    ("MARSHAL", FaultKind::Malformed),
    ("MARSHAL", FaultKind::InvalidRequest),
    ("CODESET_INCOMPATIBLE", FaultKind::Encoding),
    ("BAD_OPERATION", FaultKind::UnknownOperation),
    ("NO_IMPLEMENT", FaultKind::UnknownOperation),
    ("OBJECT_NOT_EXIST", FaultKind::UnknownObject),
    ("INV_OBJREF", FaultKind::UnknownObject),
    ("BAD_PARAM", FaultKind::InvalidParameters),
    ("DATA_CONVERSION", FaultKind::Unsupported),
    ("INTF_REPOS", FaultKind::Unsupported),
    ("NO_PERMISSION", FaultKind::Forbidden),
    ("NO_PERMISSION", FaultKind::Unauthenticated),
    ("IMP_LIMIT", FaultKind::Limit),
    ("NO_MEMORY", FaultKind::Limit),
    ("NO_RESOURCES", FaultKind::Overloaded),
    ("TRANSIENT", FaultKind::Overloaded),
    ("TIMEOUT", FaultKind::Deadline),
    ("TIMEOUT", FaultKind::Cancelled),
    ("COMM_FAILURE", FaultKind::Transport),
    ("REBIND", FaultKind::Transport),
    ("UNKNOWN", FaultKind::Internal),
    ("UNKNOWN", FaultKind::Application),
    ("INTERNAL", FaultKind::Protocol),
];

/// One of CORBA's own exceptions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("CORBA {}, minor {minor:#x}, {}", self.name(), completed(*.completion))]
pub struct SystemException {
    /// The repository id.
    pub id: String,
    /// A number that tells more, by vendor.
    pub minor: u32,
    /// Whether the operation ran.
    pub completion: Completion,
}

impl SystemException {
    /// The one of that name.
    #[must_use]
    pub fn new(name: &str, minor: u32, completion: Completion) -> Self {
        Self { id: format!("IDL:omg.org/CORBA/{name}:1.0"), minor, completion }
    }

    /// The one that a fault is sent as. What could not be read is MARSHAL.
    #[must_use]
    pub fn of(fault: &Fault) -> Self {
        let source = std::error::Error::source(fault).and_then(|source| source.downcast_ref::<Self>());
        if let Some(exception) = source {
            return Self { completion: fault.completion(), ..exception.clone() };
        }
        let kind = fault.kind();
        let name = match kind {
            FaultKind::Overloaded => "TRANSIENT",
            _ => KINDS.iter().find(|(_, of)| *of == kind).map_or("UNKNOWN", |(name, _)| name),
        };
        let minor = match (kind, fault.code()) {
            (FaultKind::Application, Some(code)) => FARCALL | u32::try_from(code).map_or(0, |c| c & 0xfff),
            // operation or attribute not known to target object
            (FaultKind::UnknownOperation, _) => OMG | 2,
            (FaultKind::UnknownObject, _) => OMG | 2,
            // discarded, or there is no room for it
            (FaultKind::Overloaded, _) => OMG | 1,
            _ => 0,
        };
        Self::new(name, minor, fault.completion())
    }

    /// The name without its scope, such as `MARSHAL`.
    #[must_use]
    pub fn name(&self) -> &str {
        crate::repository::split(&self.id).1
    }

    /// The fault that it is to a caller; `detail` is the peer's text, if it sent one.
    #[must_use]
    pub fn into_fault(self, detail: Option<String>) -> Fault {
        let name = self.name();
        let mut kind =
            KINDS.iter().find(|(of, _)| *of == name).map_or(FaultKind::Internal, |(_, kind)| *kind);
        let application = name == "UNKNOWN" && self.minor & !0xfff == FARCALL;
        if application {
            kind = FaultKind::Application;
        }
        let text = match detail {
            Some(detail) if application => detail,
            Some(detail) => format!("{detail} ({self})"),
            None => self.to_string(),
        };
        let code = application.then_some((self.minor & 0xfff).into());
        let fault = Fault::new(kind, text).with_completion(self.completion).from_remote().with_source(self);
        match code {
            Some(code) => fault.with_code(code),
            None => fault,
        }
    }

    pub(crate) fn write(&self, out: &mut CdrEncoder) -> Written {
        out.name(&self.id)?;
        out.u32(self.minor)?;
        out.u32(match self.completion {
            Completion::Yes => 0,
            Completion::No => 1,
            Completion::Maybe => 2,
        })
    }

    pub(crate) fn read(from: &mut CdrDecoder<'_>) -> Result<Self, CodecError> {
        let id = from.name()?.to_owned();
        let minor = from.u32()?;
        let completion = match from.u32()? {
            0 => Completion::Yes,
            1 => Completion::No,
            _ => Completion::Maybe,
        };
        Ok(Self { id, minor, completion })
    }
}

/// As the specification spells it.
fn completed(ran: Completion) -> &'static str {
    match ran {
        Completion::Yes => "COMPLETED_YES",
        Completion::No => "COMPLETED_NO",
        Completion::Maybe => "COMPLETED_MAYBE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_there_and_back() {
        for (_, kind) in KINDS {
            let fault = Fault::new(*kind, "x").with_completion(Completion::Maybe).with_code(7);
            let back = SystemException::of(&fault).into_fault(Some("x".into()));
            assert_eq!(back.completion(), Completion::Maybe);
            let same = match kind {
                FaultKind::InvalidRequest => FaultKind::Malformed,
                FaultKind::Unauthenticated => FaultKind::Forbidden,
                FaultKind::Cancelled => FaultKind::Deadline,
                other => *other,
            };
            assert_eq!(back.kind(), same);
        }
        let back = SystemException::of(&Fault::application(7, "seven")).into_fault(Some("seven".into()));
        assert_eq!((back.code(), back.message(), back.completion()), (Some(7), "seven", Completion::Yes));
    }
}
