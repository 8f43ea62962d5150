//! The client's side of a call: [`Channel`], which protocols implement, and
//! [`Invocation`], one call that any of them can carry.
//!
//! ```
//! use farcall_model::Operation;
//! use farcall_wire::{Channel, Context, Fault, Typed};
//!
//! async fn hour<C: Channel>(channel: &C) -> Result<i32, Fault> {
//!     let operation = Operation::new("hour");
//!     let call = Typed::<(), Result<i32, Fault>>::new(&operation, ());
//!     channel.call(&Context::new(), &call).await?
//! }
//! ```

use std::future::Future;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use farcall_model::{Interface, Operation, Value};

use crate::{
    CodecError, Context, Decoder, Fault, Lent, MessageDecoder, MessageEncoder, Outcome, Params, Written,
};

/// One call: how to write its parameters and read its outcome, over any wire.
///
/// It is written anew for each attempt, so that a retry needs no copy of the message.
pub trait Invocation: Send + Sync {
    /// What the call gives.
    type Output: Send;

    /// What is called.
    fn operation(&self) -> &Operation;

    /// Writes the parameters.
    ///
    /// # Errors
    /// If the protocol cannot express one.
    fn write<E: MessageEncoder>(&self, out: &mut E) -> Written;

    /// Reads the result.
    ///
    /// # Errors
    /// If it is not of the declared type.
    fn read<D: MessageDecoder>(&self, from: &mut D) -> Result<Self::Output, CodecError>;

    /// Reads an exception; `None` if the operation does not declare it.
    ///
    /// # Errors
    /// If its members are not of the declared types.
    fn read_exception<D: Decoder>(
        &self,
        name: &str,
        from: &mut D,
    ) -> Result<Option<Self::Output>, CodecError>;
}

/// A way to an object or service over one protocol.
pub trait Channel: Send + Sync {
    /// Makes one call.
    ///
    /// # Errors
    /// Any [`Fault`]; its completion says whether the operation may have run.
    fn call<I: Invocation>(
        &self,
        cx: &Context,
        invocation: &I,
    ) -> impl Future<Output = Result<I::Output, Fault>> + Send;
}

impl<C: Channel> Channel for &C {
    fn call<I: Invocation>(
        &self,
        cx: &Context,
        invocation: &I,
    ) -> impl Future<Output = Result<I::Output, Fault>> + Send {
        (**self).call(cx, invocation)
    }
}

impl<C: Channel> Channel for std::sync::Arc<C> {
    fn call<I: Invocation>(
        &self,
        cx: &Context,
        invocation: &I,
    ) -> impl Future<Output = Result<I::Output, Fault>> + Send {
        (**self).call(cx, invocation)
    }
}

/// A call whose types are known: parameters `P`, and `R`, what the operation returns.
#[derive(Debug)]
pub struct Typed<'a, P, R> {
    operation: &'a Operation,
    /// What is large in them moves when they are written.
    params: Mutex<(P, Lent)>,
    outcome: PhantomData<fn() -> R>,
}

impl<'a, P, R> Typed<'a, P, R> {
    /// A call of that operation.
    pub fn new(operation: &'a Operation, params: P) -> Self {
        Self { operation, params: Mutex::new((params, Lent::default())), outcome: PhantomData }
    }
}

impl<P: Params, R: Outcome> Invocation for Typed<'_, P, R> {
    type Output = R;

    fn operation(&self) -> &Operation {
        self.operation
    }

    fn write<E: MessageEncoder>(&self, out: &mut E) -> Written {
        let (params, lent) = &mut *self.params.lock().unwrap_or_else(PoisonError::into_inner);
        params.write(lent, self.operation, out)
    }

    fn read<D: MessageDecoder>(&self, from: &mut D) -> Result<R, CodecError> {
        R::read(self.operation, from)
    }

    fn read_exception<D: Decoder>(&self, name: &str, from: &mut D) -> Result<Option<R>, CodecError> {
        R::read_exception(name, from)
    }
}

/// Makes a typed call; what generated clients consist of.
pub async fn invoke<C: Channel, P: Params, R: Outcome>(
    channel: &C,
    cx: &Context,
    operation: &Operation,
    params: P,
) -> R {
    match channel.call(cx, &Typed::<P, R>::new(operation, params)).await {
        Ok(outcome) => outcome,
        Err(fault) => R::from_fault(fault),
    }
}

/// A call whose types are known at run time only.
#[derive(Debug)]
pub struct Dynamic<'a> {
    operation: &'a Operation,
    params: &'a [Value],
}

impl<'a> Dynamic<'a> {
    /// A call of that operation. Parameters beyond those that it declares, or
    /// all where it declares none, bring their own types.
    #[must_use]
    pub fn new(operation: &'a Operation, params: &'a [Value]) -> Self {
        Self { operation, params }
    }
}

impl Invocation for Dynamic<'_> {
    type Output = Value;

    fn operation(&self) -> &Operation {
        self.operation
    }

    fn write<E: MessageEncoder>(&self, out: &mut E) -> Written {
        let untyped =
            farcall_model::Param::new("", farcall_model::TypeRef::Static(|| &farcall_model::Type::Any));
        out.params(self.operation, |out| {
            for (index, value) in self.params.iter().enumerate() {
                let declared = self.operation.params.get(index);
                let param = declared.unwrap_or(&untyped);
                out.param(param, |out| {
                    let ty = param.field.ty.exact();
                    crate::transcode(ty, &mut crate::ValueDecoder::new(value), out)
                })
                .map_err(|e| match declared {
                    Some(param) => e.in_field(param.field.name.clone()),
                    None => e.in_item(index),
                })?;
            }
            Ok(())
        })
    }

    fn read<D: MessageDecoder>(&self, from: &mut D) -> Result<Value, CodecError> {
        let outcome = self.operation.outcome();
        from.result(self.operation, |from| match outcome.exact() {
            farcall_model::Type::Any => from.any(),
            ty => {
                let mut out = crate::ValueEncoder::new();
                crate::transcode(ty, from, &mut out)?;
                Ok(out.finish())
            }
        })
    }

    fn read_exception<D: Decoder>(&self, _name: &str, _from: &mut D) -> Result<Option<Value>, CodecError> {
        Ok(None)
    }
}

/// Something that can be called elsewhere: what a generated client stands for.
pub trait Remote {
    /// The name of its interface.
    const NAME: &'static str;
    /// The CORBA repository id of its interface, where one was declared.
    const REPOSITORY_ID: Option<&'static str>;

    /// What can be called.
    fn interface() -> &'static Interface;
}
