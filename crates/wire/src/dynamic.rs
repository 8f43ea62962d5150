//! [`DynamicService`]: an interface that is known at run time only, served by
//! a function over [`Value`]s.
//!
//! ```
//! use farcall_model::{Interface, Operation, Param, Type, Value};
//! use farcall_wire::{DynamicService, Incoming, Service};
//!
//! let interface = Interface::new("Strings").with_operation(
//!     Operation::new("reverse").with_param(Param::new("s", Type::String.into())).with_result(Type::String.into()),
//! );
//! let service = DynamicService::new(interface, |call: Incoming| async move {
//!     let text = call.params[0].as_str().unwrap_or_default();
//!     Ok(Value::from(text.chars().rev().collect::<String>()))
//! });
//! assert_eq!(service.interface().operations.len(), 1);
//! ```

use std::future::Future;

use farcall_model::{Interface, Operation, Param, Type, Value};

use crate::service::unsendable;
use crate::{
    Call, CodecError, Context, Fault, FaultKind, MessageDecoder, MessageEncoder, Outcome, Params, Service,
    ValueDecoder, ValueEncoder, Wire, transcode,
};

/// A call of a [`DynamicService`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Incoming {
    /// The name of the operation.
    pub operation: String,
    /// The parameters that it declares, in order; [`Value::Nil`] for what was left out, or
    /// [`Value::Absent`] where nil is something else.
    pub params: Vec<Value>,
    /// Deadline, identity, limits and metadata.
    pub context: Context,
}

/// A [`Service`] of any interface, such as one loaded from IDL, WSDL or elsewhere.
///
/// The function returns what [`Operation::outcome`] says: nil, one value, or a sequence of the
/// result and the parameters that come back. A [`Fault`] whose code is that of an exception which the
/// operation declares is sent as that exception, with the fault's detail as its members.
pub struct DynamicService<F> {
    interface: Interface,
    run: F,
}

impl<F> std::fmt::Debug for DynamicService<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DynamicService").field("interface", &self.interface.name).finish_non_exhaustive()
    }
}

impl<F, R> DynamicService<F>
where
    F: Fn(Incoming) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Value, Fault>> + Send,
{
    /// Serves that interface by that function.
    pub fn new(interface: Interface, run: F) -> Self {
        Self { interface, run }
    }
}

impl<F, R> Service for DynamicService<F>
where
    F: Fn(Incoming) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Value, Fault>> + Send,
{
    fn interface(&self) -> &Interface {
        &self.interface
    }

    async fn dispatch<W: Wire>(&self, call: Call<'_, W>) -> Result<W::Encoder, Fault> {
        let operation = call.operation.and_then(|index| self.interface.operations.get(index));
        let Some(operation) = operation else { return Err(call.unknown()) };
        let (name, context) = (operation.name.to_string(), call.context.clone());
        let (reply, Values(params)) = call.params::<Values>(operation)?;
        let outcome = (self.run)(Incoming { operation: name, params, context }).await;
        reply.send(operation, Returned(outcome))
    }
}

/// Parameters by the types that their operation declares.
struct Values(Vec<Value>);

impl Params for Values {
    fn read<D: MessageDecoder>(operation: &Operation, from: &mut D) -> Result<Self, CodecError> {
        let mut params = vec![None; operation.params.len()];
        let mut fields = from.begin_params(operation)?;
        while let Some(index) = from.next_param(&mut fields, operation)? {
            let Some((param, slot)) = operation.params.get(index).zip(params.get_mut(index)) else {
                return Err(crate::std_types::wrong_count(
                    "parameters",
                    operation.params.len(),
                    fields.count,
                ));
            };
            let mut value = ValueEncoder::new();
            transcode(param.field.ty.exact(), from, &mut value)
                .map_err(|e| e.in_field(param.field.name.clone()))?;
            *slot = Some(value.finish());
        }
        let given = |(param, value): (&Param, Option<Value>)| match value {
            Some(value) => Ok(value),
            None if param.field.ty.resolve().tells_nil() => Ok(Value::Absent),
            None if param.field.is_optional() => Ok(Value::Nil),
            None => Err(crate::std_types::wrong_count("parameters", operation.required(), fields.count)
                .in_field(param.field.name.clone())),
        };
        operation.params.iter().zip(params).map(given).collect::<Result<_, _>>().map(Self)
    }

    fn write<E: MessageEncoder>(
        &mut self,
        _lent: &mut crate::Lent,
        operation: &Operation,
        out: &mut E,
    ) -> crate::Written {
        crate::Invocation::write(&crate::Dynamic::new(operation, &self.0), out)
    }
}

/// What the function of a [`DynamicService`] returned.
struct Returned(Result<Value, Fault>);

impl Outcome for Returned {
    fn describe() -> &'static Type {
        &Type::Any
    }

    fn exceptions() -> Vec<&'static farcall_model::ExceptionType> {
        Vec::new()
    }

    fn write<E: MessageEncoder>(self, operation: &Operation, out: &mut E) -> Result<(), Fault> {
        let value = match self.0 {
            Ok(value) => value,
            Err(fault) => return exception(operation, fault, out),
        };
        let ty = operation.outcome();
        out.result(operation, |out| match ty.exact() {
            Type::Any => out.any(&value),
            ty => transcode(ty, &mut ValueDecoder::new(&value), out),
        })
        .map_err(unsendable)
    }

    fn read<D: MessageDecoder>(operation: &Operation, from: &mut D) -> Result<Self, CodecError> {
        crate::Invocation::read(&crate::Dynamic::new(operation, &[]), from).map(|value| Self(Ok(value)))
    }

    fn read_exception<D: crate::Decoder>(_name: &str, _from: &mut D) -> Result<Option<Self>, CodecError> {
        Ok(None)
    }

    fn from_fault(fault: Fault) -> Self {
        Self(Err(fault))
    }
}

/// Writes the exception that a fault stands for, or gives the fault back.
fn exception<E: MessageEncoder>(operation: &Operation, fault: Fault, out: &mut E) -> Result<(), Fault> {
    let is_it = |ty: &&&farcall_model::ExceptionType| {
        fault.kind() == FaultKind::Application && fault.code() == Some(ty.code.into())
    };
    let (Some(ty), Some(members)) = (operation.exceptions.iter().find(is_it), fault.detail()) else {
        return Err(fault);
    };
    let body = Type::Struct(ty.body.clone());
    out.exception(ty, fault.message(), |out| transcode(&body, &mut ValueDecoder::new(members), out))
        .map_err(unsendable)
}
