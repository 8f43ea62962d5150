//! Values that show what a type looks like.

use farcall_model::{Field, Operation, Record, Type, TypeRef, Value, XmlKind};

/// Levels of types in types; deeper ones are left out where they may be.
const DEPTH: usize = 6;
/// Values in one sample.
const MOST: usize = 500;

/// What an operation may be given.
pub(super) fn params(operation: &Operation) -> Vec<Value> {
    let mut sample = Sample { left: MOST };
    operation.params.iter().map(|param| sample.value(&param.field.ty, DEPTH)).collect()
}

/// What an operation may return.
pub(super) fn outcome(operation: &Operation) -> Value {
    Sample { left: MOST }.value(&operation.outcome(), DEPTH)
}

struct Sample {
    /// How many values may still be made.
    left: usize,
}

impl Sample {
    fn field(&mut self, field: &Field, depth: usize) -> Value {
        // no value but an element can stand for a wildcard
        if field.xml.kind == XmlKind::Content && matches!(field.ty.resolve(), Type::Any) {
            return Value::Struct(Record::new().with("{urn:namespace}element", "text"));
        }
        self.value(&field.ty, depth)
    }

    fn value(&mut self, ty: &TypeRef, depth: usize) -> Value {
        self.left = self.left.saturating_sub(1);
        let is_over = depth == 0 || self.left == 0;
        let inner = depth.saturating_sub(1);
        match ty.resolve() {
            Type::Bool => Value::Bool(true),
            Type::I8 | Type::I16 | Type::I32 | Type::I64 => Value::I32(-5),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 => Value::I32(5),
            Type::F32 | Type::F64 => Value::F64(2.5),
            Type::Decimal | Type::Fixed { .. } => "1.5".parse().map_or(Value::Nil, Value::Decimal),
            Type::Char | Type::WideChar => Value::Char('a'),
            Type::String | Type::WideString | Type::Any => Value::from("text"),
            Type::Bytes => Value::Bytes(bytes::Bytes::from_static(b"octets")),
            Type::DateTime => "2026-01-31T12:30:00Z".parse().map_or(Value::Nil, Value::DateTime),
            Type::Date => "2026-01-31".parse().map_or(Value::Nil, Value::Date),
            Type::Time => "12:30:00".parse().map_or(Value::Nil, Value::Time),
            Type::Duration => "PT1H30M".parse().map_or(Value::Nil, Value::Duration),
            ty if is_over && ty.tells_nil() => Value::Absent,
            Type::Optional(_) | Type::Sequence(_) | Type::Map(..) if is_over => match ty.resolve() {
                Type::Optional(_) => Value::Nil,
                Type::Map(..) => Value::Map(Vec::new()),
                _ => Value::Sequence(Vec::new()),
            },
            Type::Optional(of) => self.value(of, inner),
            Type::Sequence(of) => Value::Sequence(vec![self.value(of, inner)]),
            Type::Array(of, len) if *len <= self.left => {
                Value::Sequence((0..*len).map(|_| self.value(of, inner)).collect())
            }
            Type::Map(key, of) => Value::Map(vec![(self.value(key, inner), self.value(of, inner))]),
            Type::Tuple(items) => Value::Sequence(items.iter().map(|of| self.value(of, inner)).collect()),
            Type::Struct(of) if !is_over => {
                let fields = of.fields.iter();
                let fields = fields.map(|field| (field.name.to_string(), self.field(field, inner)));
                Value::Struct(fields.collect::<Record>())
            }
            Type::Enum(of) => {
                of.members.first().map_or(Value::Nil, |member| Value::Enum(member.name.to_string()))
            }
            Type::Union(of) if !is_over => match of.cases.first() {
                Some(case) => Value::Union(case.name.to_string(), Box::new(self.value(&case.ty, inner))),
                None => Value::Nil,
            },
            // what nothing is known of is left out: the message may then not be shown
            _ => Value::Nil,
        }
    }
}

#[cfg(test)]
mod tests {
    use farcall_model::Param;

    use super::*;

    fn list() -> &'static Type {
        const LIST: &Type = &Type::Sequence(TypeRef::Static(list));
        LIST
    }

    #[test]
    fn samples_of_types_without_an_end_have_one() {
        let wide = (0..10).map(|_| TypeRef::Static(list)).collect::<Vec<_>>();
        let ty = Type::Tuple(
            (0..1000).map(|_| TypeRef::from(Type::Tuple(wide.clone().into()))).collect::<Vec<_>>().into(),
        );
        let operation = Operation::new("x").with_param(Param::new("a", TypeRef::Static(list)));
        assert_eq!(params(&operation).len(), 1);
        let shown = format!("{:?}", outcome(&operation.with_result(ty.into())));
        assert!(shown.len() < 1_000_000);
    }
}
