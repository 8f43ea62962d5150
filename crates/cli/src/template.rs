//! `farcall template`: JSON to fill in, for `call -d @FILE`.

use farcall::model::{Operation, Type};
use serde_json::{Map, Value as Json, json};

use crate::access::Access;
use crate::args::TemplateArgs;
use crate::connect::Session;
use crate::exit::Failure;
use crate::output;

/// Deeper levels of types that contain themselves are left empty.
const DEPTH: usize = 6;

/// Prints the parameters of an operation, each with an empty value of its type.
pub(crate) async fn template(args: &TemplateArgs) -> Result<(), Failure> {
    let session =
        Session::open(&args.target, Some(&args.operation), &args.client, Access::read(&args.client)?)?;
    let operation = session.operation(&args.operation).await?;
    session.note_untold(&operation);
    output::print(format!("{:#}\n", params(&operation)).as_bytes())
}

/// An object where the parameters have names of their own, else an array.
fn params(operation: &Operation) -> Json {
    let numbered = |(index, name): (usize, &str)| name == format!("param{}", index + 1);
    let names = || operation.params.iter().map(|param| param.field.name.as_ref());
    let values = operation.params.iter().map(|param| empty(param.field.ty.resolve(), DEPTH));
    if names().enumerate().all(numbered) {
        Json::Array(values.collect())
    } else {
        Json::Object(names().map(str::to_owned).zip(values).collect())
    }
}

/// An empty value of that type, in the form in which `call` reads it.
pub(crate) fn empty(ty: &Type, depth: usize) -> Json {
    if depth == 0 {
        return Json::Null;
    }
    let inner = |ty: &farcall::model::TypeRef| empty(ty.resolve(), depth - 1);
    match ty {
        Type::Bool => json!(false),
        Type::I8 | Type::U8 | Type::I16 | Type::U16 | Type::I32 | Type::U32 | Type::I64 | Type::U64 => {
            json!(0)
        }
        Type::F32 | Type::F64 => json!(0.0),
        Type::Decimal => json!({ "$decimal": "0" }),
        Type::Bytes => json!({ "$bytes": "" }),
        Type::DateTime => json!({ "$datetime": "2026-01-01T00:00:00Z" }),
        Type::Date => json!("2026-01-01"),
        Type::Time => json!("00:00:00"),
        Type::Duration => json!("PT0S"),
        Type::Char => json!(" "),
        Type::String => json!(""),
        // nothing is known of its items, so that one would have to be taken out again
        Type::Sequence(item) if matches!(item.resolve(), Type::Any) => json!([]),
        Type::Sequence(item) => json!([inner(item)]),
        Type::Array(item, count) => Json::Array(vec![inner(item); (*count).min(16)]),
        Type::Tuple(items) => Json::Array(items.iter().map(inner).collect()),
        Type::Map(..) => json!({}),
        Type::Struct(ty) => {
            ty.fields.iter().map(|f| (f.name.to_string(), inner(&f.ty))).collect::<Map<_, _>>().into()
        }
        Type::Enum(ty) => json!(ty.members.first().map_or("", |member| &member.name)),
        Type::Union(ty) => {
            ty.cases.iter().take(1).map(|c| (c.name.to_string(), inner(&c.ty))).collect::<Map<_, _>>().into()
        }
        // what is in it is shown, to be filled in or taken out
        Type::Optional(of) if !of.resolve().is_scalar() => inner(of),
        // none, anything, an object
        _ => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use farcall::model::{Field, Param, StructType, TypeRef};

    use super::*;

    #[test]
    fn parameters_are_empty_values_of_their_types() {
        let list = Type::Sequence(TypeRef::from(Type::I32));
        let point = StructType::new("Point", vec![Field::new("x".into(), Type::F64.into())]);
        let types = [Type::String, Type::DateTime, list, Type::Struct(point), Type::Any];
        let operation = types.into_iter().enumerate().fold(Operation::new("f"), |operation, (index, ty)| {
            operation.with_param(Param::new(format!("param{}", index + 1), ty.into()))
        });
        let expected = r#"["",{"$datetime":"2026-01-01T00:00:00Z"},[0],{"x":0.0},null]"#;
        assert_eq!(params(&operation).to_string(), expected);
        assert!(farcall::wire::json::parse(expected).is_ok());
        let named = Operation::new("f").with_param(Param::new("owner", Type::String.into()));
        assert_eq!(params(&named).to_string(), r#"{"owner":""}"#);
        assert_eq!(params(&Operation::new("f")).to_string(), "[]");
    }
}
