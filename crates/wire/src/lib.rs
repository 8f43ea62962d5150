//! Marshalling and calls, over any wire.
//!
//! * [`Describe`], [`Encode`], [`Decode`]: what a Rust type needs to travel.
//! * [`Encoder`], [`Decoder`], [`Wire`]: what a protocol's codec offers.
//! * [`Service`], [`Handler`], [`Call`]: the server's side of a call.
//! * [`Channel`], [`Invocation`]: the client's side.
//! * [`adapter`]: objects that are made at run time.
//! * [`Fault`], [`CallError`], [`Exception`]: what goes wrong.
//! * [`Context`], [`Limits`]: what surrounds and bounds a call.
//!
//! No protocol is known here, and nothing does I/O.
//!
//! ```
//! use farcall_wire::{from_value, to_value};
//!
//! let pairs = vec![("one".to_owned(), 1_i32)];
//! assert_eq!(from_value::<Vec<(String, i32)>>(&to_value(&pairs)?)?, pairs);
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

pub mod adapter;
pub mod bounded;
mod channel;
pub mod codec;
pub mod coder;
pub mod context;
pub mod derive;
pub mod dynamic;
pub mod error;
pub mod fault;
mod fixed;
mod from_value;
pub mod json;
mod label;
mod lent;
pub mod limits;
mod nillable;
pub mod outcome;
pub mod plain;
mod reference;
pub mod service;
mod std_types;
pub mod text;
mod to_value;
mod transcode;
mod type_code;
pub mod valuetype;
mod wide;

pub use adapter::{Adapter, AdapterOptions, Locator, Objects};
pub use bounded::{Bounded, Length, within};
pub use channel::{Channel, Dynamic, Invocation, Remote, Typed, invoke};
pub use codec::{Decode, Describe, Encode, Number};
pub use coder::{Decoder, Encoder, Fields, Items, MessageDecoder, MessageEncoder, Wire, Written};
pub use context::{AuthMethod, Context, Identity, Peer};
pub use dynamic::{DynamicService, Incoming};
pub use error::{CodecError, ErrorKind};
pub use fault::{CallError, Completion, Fault, FaultKind};
pub use fixed::Fixed;
pub use from_value::{ValueDecoder, from_value};
pub use label::Label;
pub use lent::Lent;
pub use limits::Limits;
pub use nillable::Nillable;
pub use outcome::{Exception, Failure, Outcome, Params};
pub use reference::{Ref, http_address};
pub use service::{BoxFuture, Call, Handler, Reply, Service};
pub use to_value::{ValueEncoder, to_value};
pub use transcode::transcode;
pub use type_code::TypeCode;
pub use valuetype::{Found, Kept, Valued};
pub use wide::Wide;
