//! `farcall template`: JSON to fill in, for `call -d @FILE`.

use farcall::model::{Field, Operation, Type, XmlKind};
use serde_json::{Map, Value as Json, json};

use crate::access::Access;
use crate::args::TemplateArgs;
use crate::connect::Session;
use crate::exit::Failure;
use crate::output;

/// On deeper levels what may be left out is.
const DEPTH: usize = 6;
/// So deep is what may not be left out shown: a type that must contain itself has no end.
const DEEPEST: usize = 64;
/// So many values are shown at most; after half of them what may be left out is.
const MOST: usize = 10_000;

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
    let mut template = Template { left: MOST };
    let values = operation.params.iter().map(|param| template.field(&param.field, 0));
    if names().enumerate().all(numbered) {
        Json::Array(values.collect())
    } else {
        Json::Object(names().map(str::to_owned).zip(values).collect())
    }
}

/// An empty value of that type, in the form in which `call` reads it.
pub(crate) fn empty(ty: &Type) -> Json {
    Template { left: MOST }.empty(ty, 0)
}

struct Template {
    /// How many values are to be shown yet.
    left: usize,
}

impl Template {
    fn field(&mut self, field: &Field, depth: usize) -> Json {
        // no value but an element can stand for a wildcard that is to be there
        if field.xml.kind == XmlKind::Content && matches!(field.ty.resolve(), Type::Any) {
            return json!({ "{urn:namespace}element": "" });
        }
        self.empty(field.ty.resolve(), depth)
    }

    fn empty(&mut self, ty: &Type, depth: usize) -> Json {
        self.left = self.left.saturating_sub(1);
        let is_over = depth >= DEPTH || self.left < MOST / 2;
        let inside = depth + 1;
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
            Type::Sequence(item) if is_over || matches!(item.resolve(), Type::Any) => json!([]),
            Type::Sequence(item) => json!([self.empty(item.resolve(), inside)]),
            Type::Map(..) => json!({}),
            Type::Enum(ty) => json!(ty.members.first().map_or("", |member| &member.name)),
            // what is in it is shown, to be filled in or taken out
            Type::Optional(of) if !is_over && !of.resolve().is_scalar() => self.empty(of.resolve(), inside),
            Type::Array(..) | Type::Tuple(_) | Type::Struct(_) | Type::Union(_)
                if depth < DEEPEST && self.left > 0 =>
            {
                self.parts(ty, inside)
            }
            // none, anything, an object
            _ => Json::Null,
        }
    }

    /// What has parts that are all to be there.
    fn parts(&mut self, ty: &Type, depth: usize) -> Json {
        match ty {
            Type::Array(item, count) => {
                (0..(*count).min(self.left)).map(|_| self.empty(item.resolve(), depth)).collect()
            }
            Type::Tuple(items) => items.iter().map(|item| self.empty(item.resolve(), depth)).collect(),
            Type::Struct(ty) => {
                let fields = ty.fields.iter();
                fields.map(|f| (f.name.to_string(), self.field(f, depth))).collect::<Map<_, _>>().into()
            }
            Type::Union(ty) => {
                let case = ty.cases.iter().take(1);
                case.map(|c| (c.name.to_string(), self.empty(c.ty.resolve(), depth)))
                    .collect::<Map<_, _>>()
                    .into()
            }
            _ => Json::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use farcall::model::{Param, StructType, TypeRef, XmlName};

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

    #[test]
    fn what_may_not_be_left_out_is_there_on_every_level() {
        let nested = |ty: Type| Type::Struct(StructType::new("In", vec![Field::new("in".into(), ty.into())]));
        let lists = ["a", "b"].map(|name| {
            let item = if name == "a" { Type::String } else { Type::Optional(Type::I32.into()) };
            Field::new(name.into(), Type::Sequence(item.into()).into())
        });
        let mut ty = Type::Struct(StructType::new("Lists", lists.to_vec()));
        for _ in 0..10 {
            ty = nested(ty);
        }
        assert!(empty(&ty).to_string().contains(r#"{"in":{"a":[],"b":[]}}"#), "{}", empty(&ty));
        fn endless() -> &'static Type {
            static TYPE: std::sync::LazyLock<Type> = std::sync::LazyLock::new(|| {
                let two = ["a", "b"].map(|name| Field::new(name.into(), TypeRef::Static(endless)));
                Type::Struct(StructType::new("Endless", two.to_vec()))
            });
            &TYPE
        }
        let optional = Type::Optional(TypeRef::Static(endless));
        for ty in [endless(), &optional] {
            assert!(empty(ty).to_string().len() < 200_000);
        }
        let mut any = Field::new("any".into(), Type::Any.into());
        any.xml = XmlName { namespace: None, local: None, kind: XmlKind::Content };
        let wild = Type::Struct(StructType::new("Wild", vec![any]));
        assert_eq!(empty(&wild).to_string(), r#"{"any":{"{urn:namespace}element":""}}"#);
    }
}
