//! Values inside of values, by path.

use crate::Value;

/// A step of a path.
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

impl Value {
    /// The value at a path: fields, cases of unions and keys of maps by name, items by position.
    /// What carries its type is looked into; the empty path leads to the value itself.
    ///
    /// ```
    /// use farcall_model::{Record, Value};
    ///
    /// let order = Record::new().with("items", vec![Value::from(Record::new().with("price", 3))]);
    /// assert_eq!(Value::from(order).at("items[0].price"), Some(&Value::I32(3)));
    /// ```
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Self> {
        steps(path)?.into_iter().try_fold(self, Self::inside)
    }

    /// The value at a path, to be changed; as [`Value::at`].
    ///
    /// ```
    /// use farcall_model::{Record, Value};
    ///
    /// let mut order = Value::from(Record::new().with("paid", false));
    /// *order.at_mut("paid").unwrap() = Value::Bool(true);
    /// assert_eq!(order.at("paid"), Some(&Value::Bool(true)));
    /// ```
    #[must_use]
    pub fn at_mut(&mut self, path: &str) -> Option<&mut Self> {
        steps(path)?.into_iter().try_fold(self, Self::inside_mut)
    }

    fn inside(&self, step: Step<'_>) -> Option<&Self> {
        match (self, step) {
            (Self::Any(any), step) => any.value.inside(step),
            (Self::Union(case, inside), Step::Name(name)) => (case == name).then_some(&**inside),
            (value, Step::Name(name)) => value.field(name),
            (Self::Sequence(items), Step::Index(index)) => items.get(index),
            _ => None,
        }
    }

    fn inside_mut(&mut self, step: Step<'_>) -> Option<&mut Self> {
        match (self, step) {
            (Self::Any(any), step) => any.value.inside_mut(step),
            (Self::Union(case, inside), Step::Name(name)) => (case == name).then_some(&mut **inside),
            (Self::Struct(record), Step::Name(name)) => {
                record.fields.iter_mut().find(|(field, _)| field == name).map(|(_, value)| value)
            }
            (Self::Map(entries), Step::Name(name)) => {
                entries.iter_mut().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value)
            }
            (Self::Sequence(items), Step::Index(index)) => items.get_mut(index),
            _ => None,
        }
    }
}

/// `a.b[2].c`; none if it is no path.
fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(indexed) = rest.strip_prefix('[') {
            let (index, after) = indexed.split_once(']')?;
            steps.push(Step::Index(index.parse().ok()?));
            rest = after;
            continue;
        }
        // a point stands between steps, not before the first
        let name = if steps.is_empty() { rest } else { rest.strip_prefix('.')? };
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (name, after) = name.split_at(end);
        if name.is_empty() {
            return None;
        }
        steps.push(Step::Name(name));
        rest = after;
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use crate::{Any, Record, Type, Value};

    #[test]
    fn paths_lead_into_every_kind_of_container() {
        let inner = Record::new().with("x", Value::Union("circle".into(), Box::new(Value::from(2.5))));
        let any = Any { ty: Type::Any.into(), value: Value::from(inner) };
        let map = Value::Map(vec![(Value::from("k"), Value::Any(Box::new(any)))]);
        let mut value = Value::from(vec![Value::Nil, map]);
        assert_eq!(value.at("[1].k.x.circle"), Some(&Value::F64(2.5)));
        *value.at_mut("[1].k.x.circle").unwrap() = Value::from(1.0);
        assert_eq!(value.at("[1].k.x.circle"), Some(&Value::F64(1.0)));
        assert_eq!(value.at(""), Some(&value));
        for none in ["[2]", "[1].k.x.square", "[1].j", "a", "[1]k", "[-1]", "[1].", "[", "[1]..k", "[0].x"] {
            assert_eq!(value.at(none), None, "{none}");
            assert_eq!(value.clone().at_mut(none), None, "{none}");
        }
    }
}
