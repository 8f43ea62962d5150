//! SOAP 1.1 and 1.2: codec, messages, a server and a client.
//!
//! * [`encode_element`], [`decode_element`]: values; the rules are those of [`farcall_wsdl::mapping`].
//! * [`message`]: envelopes; [`fault`]: fault codes and typed exceptions.
//! * [`SoapServer`]: serves; [`Client`]: calls.
//!
//! The protocol keeps no state on a connection: HTTP (crate `net`) does what
//! other protocols need a `connection.rs` for.
//!
//! ```
//! use farcall_soap::{decode_element, encode_element, encode_field};
//!
//! let xml = encode_element("urn:a", "text", "a < b")?;
//! assert_eq!(decode_element::<String>("urn:a", &xml)?, "a < b");
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

mod addressing;
mod attachments;
pub mod client;
mod codec;
pub mod description;
mod encoded;
pub mod fault;
mod load;
pub mod message;
pub mod mime;
mod names;
mod options;
mod random;
mod refusal;
pub mod registry;
mod security;
pub mod server;
mod types;
mod version;
mod wsdl;

pub use addressing::EndpointReference;
pub use client::{Client, ClientBuilder};
pub use codec::{SoapDecoder, SoapEncoder, decode_element, encode_element, encode_field};
pub use description::Description;
pub use names::{action_of, namespace_of};
pub use options::{ClientOptions, Options};
pub use registry::Registry;
pub use security::{Security, UsernameToken};
pub use server::SoapServer;
pub use version::Version;
pub use wsdl::WsdlPages;

/// The SOAP wire format.
#[derive(Clone, Copy, Debug)]
pub struct Soap;

impl farcall_wire::Wire for Soap {
    const NAME: &'static str = "soap";
    type Encoder = SoapEncoder;
    type Decoder<'a> = SoapDecoder<'a>;
}
