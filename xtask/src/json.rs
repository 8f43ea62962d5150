//! Whether two JSON values are the same: members in any order, numbers exactly.

use serde_json::{Number, Value};

/// Whether `a` and `b` are the same value. An integer is not a fraction (`1` is not `1.0`), and
/// `-0.0` is not `0.0`, because the protocols tell them apart.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    let (a, b) = (a.to_string(), b.to_string());
    let fraction = |text: &str| text.contains(['.', 'e', 'E']);
    if !fraction(&a) || !fraction(&b) {
        return a == b;
    }
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn numbers_are_compared_exactly() {
        let same =
            |a: &str, b: &str| same(&serde_json::from_str(a).unwrap(), &serde_json::from_str(b).unwrap());
        assert!(same("9223372036854775807", "9223372036854775807"));
        assert!(!same("9223372036854775807", "9223372036854775806"));
        assert!(same("1e3", "1000.0"));
        assert!(!same("1", "1.0"));
        assert!(!same("-0.0", "0.0"));
        assert!(same(r#"{"a":[1],"b":null}"#, r#"{"b":null,"a":[1]}"#));
        assert!(!same(r#"{"a":1}"#, r#"{"a":1,"b":2}"#));
        assert!(!same("[1]", "[1,1]"));
    }
}
