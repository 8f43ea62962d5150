//! What the specification of fault codes sets apart beyond the errors of XML.

use farcall_wire::{CodecError, Fault};
use farcall_xml::ErrorKind as XmlKind;

/// The fault for a text that could not be decoded: the interoperability list sets an unknown
/// encoding (-32701) apart from octets that are not in a known one (-32702).
#[cold]
pub(crate) fn encoding_fault(error: CodecError) -> Fault {
    use std::error::Error as _;

    let xml = error.source().and_then(|source| source.downcast_ref::<farcall_xml::Error>());
    let unknown = xml.is_some_and(|e| matches!(e.kind(), XmlKind::UnknownEncoding(_)));
    let fault = Fault::from(error);
    if unknown { fault.with_code(-32701) } else { fault }
}
