//! Parameters that come back to the caller, which IDL and WSDL have.

use farcall::Value;
use farcall::model::{Direction, Operation, Record};

/// The outcome of a call: where it has several parts, each under its name.
pub(crate) fn named(operation: &Operation, outcome: Value) -> Value {
    let result = (!operation.returns_nothing()).then_some("result");
    let names: Vec<&str> =
        result.into_iter().chain(operation.outs.iter().map(|out| &*out.field.name)).collect();
    match outcome {
        Value::Sequence(parts) if names.len() > 1 && parts.len() == names.len() => {
            names.into_iter().zip(parts).fold(Record::new(), |all, (name, part)| all.with(name, part)).into()
        }
        other => other,
    }
}

/// The word for a direction, with its space; none for that to the server.
pub(crate) fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "",
        Direction::Out => "out ",
        Direction::InOut => "inout ",
    }
}

#[cfg(test)]
mod tests {
    use farcall::model::{Param, Type};

    use super::*;

    #[test]
    fn several_parts_have_names() {
        let out = |name: &'static str| Param::new(name, Type::I32.into()).going(Direction::Out);
        let one = Operation::new("f").with_param(out("a"));
        assert_eq!(named(&one, Value::I32(1)), Value::I32(1));
        let both = one.with_result(Type::I32.into());
        let parts = Value::Sequence(vec![Value::I32(1), Value::I32(2)]);
        let expected = Record::new().with("result", Value::I32(1)).with("a", Value::I32(2));
        assert_eq!(named(&both, parts), expected.into());
    }
}
