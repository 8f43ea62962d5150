//! CORBA, complete over IIOP: CDR, GIOP 1.0 to 1.2, references, a server and a
//! client.
//!
//! * [`cdr`]: values; [`Ior`]: references to objects; [`repository`]: names of types.
//! * [`giop`]: messages, without any I/O.
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
pub mod error;
pub mod giop;
pub mod ior;
pub mod repository;
mod typecode;

pub use cdr::{ByteOrder, CdrDecoder, CdrEncoder, CodeSet, CodeSets, Version};
pub use error::GiopError;
pub use ior::Ior;

/// The CORBA wire format.
#[derive(Clone, Copy, Debug)]
pub struct Cdr;

impl farcall_wire::Wire for Cdr {
    const NAME: &'static str = "corba";
    type Encoder = CdrEncoder;
    type Decoder<'a> = CdrDecoder<'a>;
}
