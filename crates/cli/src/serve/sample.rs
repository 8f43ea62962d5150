//! A call of a service that anyone can make, to show how.

use farcall::Value;
use farcall::model::{Interface, Operation, Type};

/// An operation and arguments for it.
pub(crate) struct Sample<'i> {
    pub(crate) operation: &'i Operation,
    pub(crate) params: Vec<Value>,
}

impl<'i> Sample<'i> {
    /// The operation that is easiest to call; none of an interface without operations.
    pub(crate) fn of(interface: &'i Interface) -> Option<Self> {
        let simple = |operation: &&Operation| {
            let required = &operation.params[..operation.required()];
            required.iter().all(|param| {
                let ty = param.field.ty.resolve();
                ty.is_scalar() || matches!(ty, Type::Any)
            })
        };
        let first = interface.operations.iter().find(simple);
        let operation = first.or_else(|| interface.operations.first())?;
        let required = &operation.params[..operation.required()];
        Some(Self { operation, params: required.iter().map(|p| value(p.field.ty.resolve(), 3)).collect() })
    }
}

fn value(ty: &Type, depth: usize) -> Value {
    match ty {
        Type::Any | Type::String => Value::from("hello"),
        Type::F32 | Type::F64 => Value::F64(2.5),
        Type::Bool => Value::Bool(true),
        Type::Sequence(item) if depth > 0 => Value::from(vec![value(item.resolve(), depth - 1)]),
        // an empty value of any other type will do
        other => {
            let empty = crate::template::empty(other).to_string();
            farcall::wire::json::parse(&empty).unwrap_or_default()
        }
    }
}
