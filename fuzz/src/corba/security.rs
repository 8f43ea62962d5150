//! CSIv2: what a client says of itself, and what a reference says of that.

use bytes::Bytes;
use farcall_corba::csi::SasContext;
use farcall_corba::giop::{ServiceContexts, context_id};
use farcall_corba::ior::{Component, TaggedComponent, tag};

/// Octets are a security context, and the mechanisms of a reference: what is read is written, and read
/// as the same.
pub fn sas_context(data: &[u8]) {
    let octets = Bytes::copy_from_slice(data);
    let contexts = ServiceContexts::default().with(context_id::SECURITY_ATTRIBUTE_SERVICE, octets.clone());
    if let Some(SasContext::Establish { token: Some(token), .. }) = contexts.sas() {
        let said = SasContext::establish(&token).unwrap_or_else(|error| panic!("{error}: {token:?}"));
        let wanted =
            SasContext::Establish { client_context_id: 0, asserts_identity: false, token: Some(token) };
        assert_eq!(SasContext::decode(&said), Some(wanted));
    }
    let component = TaggedComponent { tag: tag::CSI_SEC_MECH_LIST, data: octets }.decode();
    if let Component::Csi(_) = component {
        let written = component.encode().unwrap_or_else(|error| panic!("{error}: {component:?}"));
        assert_eq!(written.decode(), component);
    }
}
