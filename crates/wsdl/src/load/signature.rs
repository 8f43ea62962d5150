//! From what goes in and what comes out to parameters and a result.

use std::collections::{HashMap, HashSet};

use farcall_model::{Direction, Field, Param, Text};

/// What an operation takes and gives.
pub(super) struct Signature {
    pub(super) params: Vec<Param>,
    pub(super) outs: Vec<Param>,
    pub(super) result: Option<Field>,
}

/// The signature of an operation: its parameters, and the field that is its result.
///
/// The only thing that comes out is the result. Of several it is the one that `parameterOrder`
/// does not list (WSDL 1.1, section 2.4.6), if there is exactly one such; without the list, one
/// that is called `return` or `result`. What goes in and comes out under one name is one parameter.
pub(super) fn signature(inputs: Vec<Field>, mut outputs: Vec<Field>, order: &[String]) -> Signature {
    let order: HashSet<&str> = order.iter().map(String::as_str).collect();
    let listed = |field: &Field| order.contains(&*field.name);
    let result = match outputs.as_slice() {
        [only] if !listed(only) || order.is_empty() => Some(0),
        [_] | [] => None,
        _ if !order.is_empty() => sole(&outputs, |field| !listed(field)),
        _ => sole(&outputs, |field| matches!(&*field.name, "return" | "result")),
    };
    let result = result.map(|at| outputs.remove(at));
    let mut params: Vec<Param> =
        inputs.into_iter().map(|field| Param { field, direction: Direction::In }).collect();
    let given: HashMap<Text, usize> =
        params.iter().enumerate().map(|(at, param)| (param.field.name.clone(), at)).collect();
    let mut outs = Vec::new();
    for mut field in outputs {
        let direction = match given.get(&field.name).map(|&at| &mut params[at]) {
            Some(both) if both.field.ty == field.ty => {
                both.direction = Direction::InOut;
                Direction::InOut
            }
            Some(_) => {
                let local = field.xml.local.clone().unwrap_or_else(|| field.name.clone());
                field.xml.local = Some(local);
                field.name = format!("{}_out", field.name).into();
                Direction::Out
            }
            None => Direction::Out,
        };
        outs.push(Param { field, direction });
    }
    Signature { params, outs, result }
}

/// The position of the only field that satisfies a condition.
fn sole(fields: &[Field], is: impl Fn(&Field) -> bool) -> Option<usize> {
    let mut found = fields.iter().enumerate().filter(|(_, field)| is(field)).map(|(at, _)| at);
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use farcall_model::{Operation, Type};

    use super::*;

    fn fields(names: &[&'static str]) -> Vec<Field> {
        names.iter().map(|&name| Field::new(name.into(), Type::I32.into())).collect()
    }

    fn shown(inputs: &[&'static str], outputs: &[&'static str], order: &str) -> String {
        let order: Vec<String> = order.split_whitespace().map(str::to_owned).collect();
        let Signature { params, outs, result } = signature(fields(inputs), fields(outputs), &order);
        let mut operation = Operation::new("");
        (operation.params, operation.outs) = (params, outs);
        let params: Vec<_> = operation
            .signature()
            .into_iter()
            .map(|p| format!("{:?} {}", p.direction, p.field.name))
            .collect();
        format!("({}) -> {}", params.join(", "), result.map_or("void".into(), |f| f.name))
    }

    #[test]
    fn results_are_told_from_parameters() {
        for (inputs, outputs, order, expected) in [
            (&["a"][..], &["r"][..], "", "(In a) -> r"),
            (&["a"], &["a"], "", "(In a) -> a"),
            (&["a"], &["a"], "a", "(InOut a) -> void"),
            (&["a"], &["r", "b"], "a b", "(In a, Out b) -> r"),
            (&["a"], &["a", "b"], "", "(InOut a, Out b) -> void"),
            (&[], &["return", "b"], "", "(Out b) -> return"),
            (&["a"], &[], "", "(In a) -> void"),
        ] {
            assert_eq!(shown(inputs, outputs, order), expected);
        }
    }
}
