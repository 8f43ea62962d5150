//! Parameters that go to the caller, which IDL has.

use farcall::Value;
use farcall::model::{Direction, Operation};

/// The operation with the parameters that a caller gives.
pub(crate) fn given(operation: &Operation) -> Operation {
    let mut given = operation.clone();
    given.params.retain(|param| param.direction != Direction::Out);
    given
}

/// What a caller gives, with nothing in the places of what comes back.
pub(crate) fn placed(operation: &Operation, given: Vec<Value>) -> Vec<Value> {
    let mut given = given.into_iter().peekable();
    let mut placed = Vec::new();
    for param in &operation.params {
        if param.direction == Direction::Out {
            placed.push(Value::Nil);
        } else if let Some(value) = given.next() {
            placed.push(value);
        } else {
            break;
        }
    }
    placed.extend(given);
    placed
}

/// The names of what comes back beside the result.
pub(crate) fn returned(operation: &Operation) -> Vec<&str> {
    let back = operation.params.iter().filter(|param| param.direction != Direction::In);
    back.map(|param| param.field.name.as_ref()).collect()
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
    fn nothing_stands_in_the_places_of_what_comes_back() {
        let param = |name: &'static str, direction| {
            let mut param = Param::new(name, Type::I32.into());
            param.direction = direction;
            param
        };
        let operation = Operation::new("f")
            .with_param(param("a", Direction::Out))
            .with_param(param("b", Direction::In))
            .with_param(param("c", Direction::InOut));
        assert_eq!(given(&operation).params.len(), 2);
        assert_eq!(returned(&operation), ["a", "c"]);
        let values = |numbers: &[i32]| numbers.iter().map(|&n| Value::I32(n)).collect::<Vec<_>>();
        assert_eq!(placed(&operation, values(&[1, 2])), [Value::Nil, Value::I32(1), Value::I32(2)]);
        assert_eq!(placed(&operation, values(&[1])), [Value::Nil, Value::I32(1)]);
        assert_eq!(placed(&operation, values(&[1, 2, 3])).len(), 4);
    }
}
