//! `--attach`: files that go beside the XML of SOAP, and the arguments that refer to them.
//!
//! An argument `cid:ID` for octets becomes those of the file, which then go beside the XML (MTOM). For
//! a text it stays what it is, as in SOAP with Attachments.

use bytes::Bytes;
use farcall::Value;
use farcall::model::{Operation, Type};
use farcall::soap::mime::Part;

use crate::args::ClientArgs;
use crate::exit::Failure;

/// Reads the files.
pub(crate) fn parts(args: &ClientArgs) -> Result<Vec<Part>, Failure> {
    let mut parts: Vec<Part> = Vec::new();
    for given in &args.attach {
        let bad =
            |why: &str| Failure::usage(why).at(format!("--attach {given}")).then_try("--attach ID=FILE");
        let (id, path) = given.split_once('=').ok_or_else(|| bad("there is no '='"))?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._@".contains(c);
        if id.is_empty() || !id.chars().all(allowed) {
            return Err(bad("an ID has letters, digits, '-', '.', '_' and '@'"));
        }
        if parts.iter().any(|part| part.content_id.as_deref() == Some(id)) {
            return Err(bad("this ID is given twice"));
        }
        let octets = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
        parts.push(Part::new("application/octet-stream", octets).with_content_id(id));
    }
    Ok(parts)
}

/// The parameters with the octets of files where they refer to them.
pub(crate) fn refer(params: Vec<Value>, operation: Option<&Operation>, parts: &[Part]) -> Vec<Value> {
    if parts.is_empty() {
        return params;
    }
    let types = operation.map_or(&[][..], |operation| &operation.params);
    let param = |(index, value): (usize, Value)| match types.get(index) {
        Some(param) => referred(value, param.field.ty.resolve(), parts),
        None => referred(value, &Type::Any, parts),
    };
    params.into_iter().enumerate().map(param).collect()
}

fn octets(text: &str, parts: &[Part]) -> Option<Bytes> {
    let id = text.strip_prefix("cid:")?;
    parts.iter().find(|part| part.content_id.as_deref() == Some(id)).map(|part| part.body.clone())
}

fn referred(value: Value, ty: &Type, parts: &[Part]) -> Value {
    match (value, ty) {
        (value, Type::Optional(inner)) => referred(value, inner.resolve(), parts),
        (Value::String(text), Type::Bytes | Type::Any) => match octets(&text, parts) {
            Some(octets) => Value::Bytes(octets),
            None => Value::String(text),
        },
        (Value::Sequence(items), ty) => {
            let inner = match ty {
                Type::Sequence(inner) => inner.resolve(),
                _ => &Type::Any,
            };
            Value::Sequence(items.into_iter().map(|item| referred(item, inner, parts)).collect())
        }
        (Value::Struct(mut record), ty) => {
            let fields = match ty {
                Type::Struct(ty) => &*ty.fields,
                _ => &[],
            };
            for (name, value) in &mut record.fields {
                let ty = fields.iter().find(|field| field.name == name.as_str());
                let ty = match ty {
                    Some(field) => field.ty.resolve(),
                    None if fields.is_empty() => &Type::Any,
                    None => continue,
                };
                *value = referred(std::mem::take(value), ty, parts);
            }
            Value::Struct(record)
        }
        (value, _) => value,
    }
}

#[cfg(test)]
mod tests {
    use farcall::model::{Field, Param, Record, StructType, TypeRef};

    use super::*;

    #[test]
    fn octets_are_referred_to_and_texts_stay() {
        let parts = [Part::new("", "0123").with_content_id("a")];
        let of = |ty: Type| TypeRef::from(ty);
        let fields =
            vec![Field::new("data".into(), of(Type::Bytes)), Field::new("href".into(), of(Type::String))];
        let operation = Operation::new("send")
            .with_param(Param::new("file", of(Type::Struct(StructType::new("File", fields)))))
            .with_param(Param::new("more", of(Type::Sequence(of(Type::Optional(of(Type::Bytes)))))));
        let record = Record::new().with("data", "cid:a").with("href", "cid:a");
        let more = Value::from(vec![Value::from("cid:a"), Value::from("cid:b")]);
        let params = refer(vec![Value::Struct(record), more], Some(&operation), &parts);
        let octets = Value::Bytes(Bytes::from_static(b"0123"));
        let expected = Record::new().with("data", octets.clone()).with("href", "cid:a");
        assert_eq!(params, [Value::Struct(expected), Value::from(vec![octets, Value::from("cid:b")])]);
    }
}
