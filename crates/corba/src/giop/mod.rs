//! GIOP messages, 1.0 to 1.2, without any I/O (CORBA 3.3 part 2, §9.4).
//!
//! * [`Header`], [`Framer`]: octets into whole messages, fragments put together.
//! * [`Request`], [`Reply`], [`LocateRequest`], [`LocateReply`]: what stands in them.
//! * [`ServiceContexts`]: what travels beside a call.
//! * [`Trace`]: all of it field by field, for people.
//!
//! ```
//! use farcall_corba::giop::{Framer, Kind};
//! use farcall_wire::Limits;
//!
//! let mut framer = Framer::new(&Limits::default());
//! framer.buffer().extend_from_slice(b"GIOP\x01\x02\x01\x05\0\0\0\0");
//! assert_eq!(framer.next()?.unwrap().kind, Kind::CloseConnection);
//! # Ok::<(), farcall_corba::GiopError>(())
//! ```

mod contexts;
mod framer;
mod header;
mod locate;
mod reply;
mod request;
mod timing;
mod trace;

pub use contexts::{ListenPoint, ServiceContext, ServiceContexts, context_id};
pub use framer::{Framer, Message};
pub use header::{HEADER, Header, Kind, bare, begin, finish, finish_parts, split_fragments};
pub use locate::{LocateReply, LocateRequest, LocateStatus};
pub use reply::{Reply, ReplyStatus};
pub use request::{Request, Response, Target};
pub use trace::{Field, Side, Trace, Traced};

pub use crate::parts::Parts;
