//! XML-RPC, complete: every type and extension, introspection, batches, a
//! server and a client.
//!
//! * [`message`]: calls and responses; [`encode_value`], [`decode_value`]: values.
//! * [`fault`]: fault codes.
//! * [`Options`]: where XML-RPC leaves a choice.
//!
//! The protocol keeps no state on a connection: HTTP (crate `net`) does what
//! other protocols need a `connection.rs` for.
//!
//! ```
//! use farcall_xmlrpc::{decode_value, encode_value};
//!
//! let xml = encode_value("a < b", Default::default())?;
//! assert_eq!(decode_value::<String>(&xml, Default::default())?, "a < b");
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

pub mod client;
mod codec;
mod error;
pub mod fault;
pub mod introspection;
pub mod message;
pub mod methods;
mod multicall;
mod options;
pub mod registry;
mod scgi;
pub mod server;

pub use client::{Client, ClientBuilder};
pub use codec::{XmlRpcDecoder, XmlRpcEncoder, decode_value, encode_value};
pub use methods::Methods;
pub use options::{Detail, Nil, Options, Wide};
pub use registry::Registry;
pub use server::XmlRpcServer;

/// The XML-RPC wire format.
#[derive(Clone, Copy, Debug)]
pub struct XmlRpc;

impl farcall_wire::Wire for XmlRpc {
    const NAME: &'static str = "xmlrpc";
    type Encoder = XmlRpcEncoder;
    type Decoder<'a> = XmlRpcDecoder<'a>;
}
