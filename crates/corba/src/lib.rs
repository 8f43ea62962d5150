//! CORBA, complete over IIOP: CDR, GIOP 1.0 to 1.2, references, a server and a
//! client.
//!
//! * [`cdr`]: values; [`Ior`]: references to objects; [`repository`]: names of types.
//! * [`giop`], [`connection`]: messages and the state of a connection, without any I/O.
//! * [`CorbaServer`], [`Client`]: both sides over IIOP; [`fault`]: system exceptions; [`csi`]: who calls;
//!   [`interceptor`]: layers around calls; [`Forward`]: objects that are elsewhere.
//!
//! ```
//! use farcall_corba::cdr::{decode_value, encode_value};
//!
//! let octets = encode_value(&vec![1.5_f64, 2.5])?;
//! assert_eq!(decode_value::<Vec<f64>>(&octets)?, [1.5, 2.5]);
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

mod any;
pub mod cdr;
pub mod client;
pub mod connection;
mod context;
pub mod csi;
pub mod error;
pub mod fault;
mod forward;
pub mod giop;
pub mod interceptor;
pub mod ior;
mod outgoing;
mod parts;
pub mod repository;
pub mod server;
mod typecode;

pub use cdr::{ByteOrder, CdrDecoder, CdrEncoder, CodeSet, CodeSets, Version};
pub use client::{Client, ClientBuilder, ClientOptions, Connections};
pub use error::GiopError;
pub use forward::Forward;
pub use ior::Ior;
pub use server::{CorbaServer, Published, ServerOptions};

/// The CORBA wire format.
#[derive(Clone, Copy, Debug)]
pub struct Cdr;

impl farcall_wire::Wire for Cdr {
    const NAME: &'static str = "corba";
    type Encoder = CdrEncoder;
    type Decoder<'a> = CdrDecoder<'a>;
}
