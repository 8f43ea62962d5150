//! Remote procedure calls between programs that were never meant to meet.
//!
//! Write a trait once; serve it over every protocol on one port, and call
//! servers that others wrote as if they were local.
//!
//! ```
//! use farcall::{Fault, Server, service};
//!
//! /// Adds.
//! #[service]
//! trait Calculator {
//!     /// Adds two numbers.
//!     async fn add(&self, a: i32, b: i32) -> Result<i32, Fault>;
//! }
//!
//! struct Plain;
//!
//! impl Calculator for Plain {
//!     async fn add(&self, a: i32, b: i32) -> Result<i32, Fault> {
//!         a.checked_add(b).ok_or_else(|| Fault::application(1, "too large"))
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! farcall::block_on(async {
//!     let server = Server::new().service("calculator", CalculatorService::new(Plain));
//!     let running = server.start("127.0.0.1:0".parse()?).await?;
//!     let url = format!("xmlrpc+http://{}/calculator", running.address());
//!     let calculator = CalculatorClient::connect(&url).await?;
//!     assert_eq!(calculator.add(2, 3).await?, 5);
//!     running.stop().await;
//!     Ok(())
//! })
//! # }
//! ```
//!
//! * [`service`], [`Wire`](macro@Wire), [`Exception`](macro@Exception): the macros.
//! * [`Server`]: serves; [`ObjectAdapter`]: objects that are made at run time, and references to them;
//!   [`connect`]: a client without a type, [`Connection`]: what typed ones go over.
//! * [`model`]: types, interfaces, values; [`wire`]: marshalling, faults, contexts; [`net`]: the network.

#![cfg_attr(
    not(any(feature = "corba", feature = "soap", feature = "xmlrpc")),
    allow(
        unused_variables,
        unused_mut,
        unused_imports,
        dead_code,
        reason = "types alone, without a protocol"
    )
)]

pub mod adapter;
mod connection;
#[cfg(feature = "corba")]
mod idl;
mod include;
#[cfg(feature = "corba")]
mod ior;
mod page;
mod published;
mod server;

#[cfg(feature = "corba")]
pub use farcall_corba as corba;
pub use farcall_model as model;
pub use farcall_net as net;
#[cfg(feature = "soap")]
pub use farcall_soap as soap;
pub use farcall_wire as wire;
#[cfg(feature = "xmlrpc")]
pub use farcall_xmlrpc as xmlrpc;

pub use farcall_macros::{Exception, Wire, service};
pub use farcall_model::{Date, DateTime, Decimal, Duration, ObjectRef, Record, Time, Value};
pub use farcall_wire::adapter::{AdapterOptions, Concurrency, Lifespan, Locator};
pub use farcall_wire::{
    CallError, Completion, Context, Fault, FaultKind, Limits, Nillable, Ref, from_value, to_value,
};

pub use adapter::{ObjectAdapter, Servant};
pub use connection::{Client, Connection, ConnectionOptions, connect};
pub use server::{Running, Server};

/// Runs a future to its end on this thread: the way from blocking code into every client.
///
/// ```no_run
/// let fortune = farcall::block_on(async {
///     farcall::connect("xmlrpc+http://127.0.0.1:2809")?.call("fortune.get_cookie", ()).await
/// })?;
/// # Ok::<(), farcall::Fault>(())
/// ```
///
/// # Panics
/// Inside of an asynchronous context, which it would block; and if the system
/// gives no event queue.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("the system gives no event queue").block_on(future)
}
