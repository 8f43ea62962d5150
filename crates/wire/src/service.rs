//! The server's side of a call: [`Service`], its dyn-safe twin [`Handler`],
//! and [`Call`], the request that they get.
//!
//! `#[service]` writes the [`Service`] of a trait. By hand it looks like this:
//!
//! ```
//! use std::sync::LazyLock;
//! use farcall_model::{Interface, Operation, Type, TypeRef};
//! use farcall_wire::{Call, Fault, Service, Wire};
//!
//! struct Clock;
//!
//! static CLOCK: LazyLock<Interface> = LazyLock::new(|| {
//!     Interface::new("Clock").with_operation(Operation::new("hour").with_result(TypeRef::from(Type::I32)))
//! });
//!
//! impl Service for Clock {
//!     fn interface(&self) -> &Interface {
//!         &CLOCK
//!     }
//!
//!     async fn dispatch<W: Wire>(&self, call: Call<'_, W>) -> Result<W::Encoder, Fault> {
//!         let operation = &CLOCK.operations[0];
//!         let (reply, ()) = call.params::<()>(operation)?;
//!         reply.send(operation, Ok::<i32, Fault>(12))
//!     }
//! }
//! ```

use std::future::Future;
use std::pin::Pin;

use farcall_model::{Interface, Operation, Value};

use crate::{CodecError, Context, Fault, MessageDecoder, MessageEncoder, Outcome, Params, Wire};

/// A request that was read as far as its operation's name.
pub struct Call<'a, W: Wire> {
    /// The position of the operation in the interface; `None` for a name that the
    /// interface does not have and the service said it takes all the same.
    pub operation: Option<usize>,
    /// The name of the operation, without the service's.
    pub name: &'a str,
    /// Deadline, identity, limits and metadata.
    pub context: Context,
    decoder: W::Decoder<'a>,
    encoder: W::Encoder,
}

/// The reply to a request whose parameters were read.
pub struct Reply<W: Wire> {
    encoder: W::Encoder,
}

impl<W: Wire> std::fmt::Debug for Call<'_, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("name", &self.name)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

impl<W: Wire> std::fmt::Debug for Reply<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply").finish_non_exhaustive()
    }
}

impl<'a, W: Wire> Call<'a, W> {
    /// A request: `decoder` stands before its parameters, `encoder` at the start of its reply.
    #[must_use]
    pub fn new(
        operation: Option<usize>,
        name: &'a str,
        context: Context,
        decoder: W::Decoder<'a>,
        encoder: W::Encoder,
    ) -> Self {
        Self { operation, name, context, decoder, encoder }
    }

    /// Reads the parameters.
    ///
    /// # Errors
    /// [`crate::FaultKind::InvalidParameters`] and its like if they do not fit the operation.
    pub fn params<P: Params>(mut self, operation: &Operation) -> Result<(Reply<W>, P), Fault> {
        let params = P::read(operation, &mut self.decoder)?;
        Ok((Reply { encoder: self.encoder }, params))
    }

    /// Reads parameters that nobody declared.
    ///
    /// # Errors
    /// As [`Call::params`]; and where the format cannot be read without a description.
    pub fn any_params(mut self) -> Result<(Reply<W>, Vec<Value>), Fault> {
        let params = self.decoder.any_params()?;
        Ok((Reply { encoder: self.encoder }, params))
    }

    /// The fault for a name that the interface does not have.
    #[must_use]
    pub fn unknown(&self) -> Fault {
        Fault::new(crate::FaultKind::UnknownOperation, format!("there is no operation '{}'", self.name))
    }
}

impl<W: Wire> Reply<W> {
    /// Writes what the operation returned.
    ///
    /// # Errors
    /// The fault that it returned, and that its result cannot be expressed in the protocol.
    pub fn send<O: Outcome>(mut self, operation: &Operation, outcome: O) -> Result<W::Encoder, Fault> {
        outcome.write(operation, &mut self.encoder)?;
        Ok(self.encoder)
    }

    /// Writes a value that brings its own type.
    ///
    /// # Errors
    /// If it cannot be expressed in the protocol.
    pub fn send_value(mut self, operation: &Operation, value: &Value) -> Result<W::Encoder, Fault> {
        self.encoder.result(operation, |out| crate::Encoder::any(out, value)).map_err(unsendable)?;
        Ok(self.encoder)
    }
}

/// The operation ran, but what it returned cannot be sent.
#[cold]
pub(crate) fn unsendable(error: CodecError) -> Fault {
    Fault::new(crate::FaultKind::Internal, format!("the result cannot be sent: {error}"))
        .with_completion(crate::Completion::Yes)
        .with_source(error)
}

/// Something whose operations can be called over any wire.
pub trait Service: Send + Sync + 'static {
    /// What can be called.
    fn interface(&self) -> &Interface;

    /// True if it takes calls of names that its interface does not have.
    fn catches_all(&self) -> bool {
        false
    }

    /// Runs one call: the encoder that comes back holds its reply.
    ///
    /// # Errors
    /// The fault to be sent instead.
    fn dispatch<W: Wire>(&self, call: Call<'_, W>) -> impl Future<Output = Result<W::Encoder, Fault>> + Send;
}

/// A future in a box, as dyn-safe traits return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A [`Service`] behind one virtual call for one wire.
pub trait Handler<W: Wire>: Send + Sync + 'static {
    /// As [`Service::interface`].
    fn interface(&self) -> &Interface;

    /// As [`Service::catches_all`].
    fn catches_all(&self) -> bool;

    /// As [`Service::dispatch`].
    fn handle<'a>(&'a self, call: Call<'a, W>) -> BoxFuture<'a, Result<W::Encoder, Fault>>;
}

impl<W: Wire, S: Service> Handler<W> for S {
    fn interface(&self) -> &Interface {
        Service::interface(self)
    }

    fn catches_all(&self) -> bool {
        Service::catches_all(self)
    }

    fn handle<'a>(&'a self, call: Call<'a, W>) -> BoxFuture<'a, Result<W::Encoder, Fault>> {
        Box::pin(self.dispatch(call))
    }
}

impl<S: Service> Service for std::sync::Arc<S> {
    fn interface(&self) -> &Interface {
        (**self).interface()
    }

    fn catches_all(&self) -> bool {
        (**self).catches_all()
    }

    fn dispatch<W: Wire>(&self, call: Call<'_, W>) -> impl Future<Output = Result<W::Encoder, Fault>> + Send {
        (**self).dispatch(call)
    }
}
