//! The services that programs over CORBA expect: [`naming`], which finds
//! objects by name, and [`events`], which passes events on to whoever listens.
//!
//! Each is an interface as the specification has it, a client, and a server to
//! embed, which answers over every protocol of its port.
//!
//! ```
//! use farcall_services::naming::{Naming, NamingContextExt, to_name};
//!
//! farcall::block_on(async {
//!     let root = Naming::in_memory().unwrap().root();
//!     let cx = farcall::Context::new();
//!     root.bind(&cx, to_name("bank").unwrap(), farcall::ObjectRef::default()).await.unwrap();
//!     assert!(root.resolve(&cx, to_name("bank").unwrap()).await.unwrap().is_nil());
//! });
//! ```

pub mod events;
pub mod naming;
