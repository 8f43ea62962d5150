//! Interceptors: layers around a call that see its service contexts (CORBA 3.3 part 1, §16).
//!
//! ```
//! use farcall_corba::giop::ServiceContexts;
//! use farcall_corba::interceptor::{ClientInterceptor, ServerInterceptor};
//! use farcall_model::Operation;
//! use farcall_wire::{Context, Fault};
//!
//! /// Sends a number along, in a context of our own.
//! struct Trace(u8);
//!
//! impl ClientInterceptor for Trace {
//!     fn send_request(&self, _: &Operation, contexts: &mut ServiceContexts) -> Result<(), Fault> {
//!         *contexts = std::mem::take(contexts).with(0x4643_0100, vec![0, self.0]);
//!         Ok(())
//!     }
//! }
//!
//! /// Puts it into the call's metadata.
//! struct Traced;
//!
//! impl ServerInterceptor for Traced {
//!     fn receive_request(
//!         &self,
//!         _operation: &str,
//!         contexts: &ServiceContexts,
//!         cx: Context,
//!         _reply: &mut ServiceContexts,
//!     ) -> Result<Context, Fault> {
//!         Ok(match contexts.find(0x4643_0100) {
//!             Some(data) => cx.with_metadata("trace", format!("{data:?}")),
//!             None => cx,
//!         })
//!     }
//! }
//! ```

use std::sync::Arc;

use farcall_model::Operation;
use farcall_wire::{Context, Fault};

use crate::giop::ServiceContexts;

/// Sees the calls of a client.
pub trait ClientInterceptor: Send + Sync + 'static {
    /// Before a request goes out, each time that it does: may add service contexts.
    ///
    /// # Errors
    /// The call fails with that, and nothing is sent.
    fn send_request(&self, operation: &Operation, contexts: &mut ServiceContexts) -> Result<(), Fault>;

    /// After its reply has come, whatever it says.
    fn receive_reply(&self, operation: &Operation, contexts: &ServiceContexts) {
        let _ = (operation, contexts);
    }
}

/// Sees the calls of a server.
pub trait ServerInterceptor: Send + Sync + 'static {
    /// Before a request runs, once it is known who calls: gives the context that the object sees, and
    /// may add service contexts to the reply, which stand before what the operation returns.
    ///
    /// # Errors
    /// The caller is told that, and the operation does not run.
    fn receive_request(
        &self,
        operation: &str,
        contexts: &ServiceContexts,
        cx: Context,
        reply: &mut ServiceContexts,
    ) -> Result<Context, Fault>;
}

impl<I: ClientInterceptor> ClientInterceptor for Arc<I> {
    fn send_request(&self, operation: &Operation, contexts: &mut ServiceContexts) -> Result<(), Fault> {
        (**self).send_request(operation, contexts)
    }

    fn receive_reply(&self, operation: &Operation, contexts: &ServiceContexts) {
        (**self).receive_reply(operation, contexts);
    }
}

impl<I: ServerInterceptor> ServerInterceptor for Arc<I> {
    fn receive_request(
        &self,
        operation: &str,
        contexts: &ServiceContexts,
        cx: Context,
        reply: &mut ServiceContexts,
    ) -> Result<Context, Fault> {
        (**self).receive_request(operation, contexts, cx, reply)
    }
}
