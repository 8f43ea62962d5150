//! `farcall describe`.

use farcall::Value;
use farcall::model::{Interface, Operation, Record, Type};

use crate::access::Access;
use crate::args::{DescribeArgs, Format};
use crate::connect::Session;
use crate::direction::word;
use crate::exit::Failure;
use crate::output::{self, printable_lines};

/// Prints signature, documentation and types of one symbol, or of all.
pub(crate) async fn describe(args: &DescribeArgs) -> Result<(), Failure> {
    let session =
        Session::open(&args.target, args.symbol.as_deref(), &args.client, Access::read(&args.client)?)?;
    let interface = match &args.symbol {
        None => session.interface().await?,
        Some(symbol) => match session.operation(symbol).await {
            Ok(operation) => {
                session.note_untold(&operation);
                Interface::new(session.target.shown.clone()).with_operation(operation)
            }
            Err(failure) => of_type(&session, symbol).await.ok_or(failure)?,
        },
    };
    match args.output.format {
        None | Some(Format::Table) => output::print(printable_lines(&text(&interface)).as_bytes()),
        Some(Format::Raw) => output::print(&session.wire.reply().unwrap_or_default()),
        format => {
            let mut told: Vec<Value> = interface.operations.iter().map(operation_value).collect();
            told.extend(interface.named_types().into_iter().map(type_value));
            match (told.len(), args.symbol.is_some()) {
                (1, true) => output::value(&told[0], format),
                _ => output::value(&Value::Sequence(told), format),
            }
        }
    }
}

/// An interface of the operations that use a type of that name.
async fn of_type(session: &Session, symbol: &str) -> Option<Interface> {
    let mut interface = session.interface().await.ok()?;
    let uses = |operation: &Operation| {
        let alone = Interface::new("").with_operation(operation.clone());
        alone.named_types().iter().any(|ty| ty.name() == Some(symbol))
    };
    interface.operations.retain(uses);
    (!interface.operations.is_empty()).then_some(interface)
}

/// `name(param: type, …) → type`.
pub(crate) fn signature(operation: &Operation) -> String {
    let params: Vec<String> = operation
        .signature()
        .into_iter()
        .map(|p| format!("{}{}: {}", word(p.direction), p.field.name, p.field.ty))
        .collect();
    format!("{}({}) → {}", operation.name, params.join(", "), operation.result)
}

fn text(interface: &Interface) -> String {
    let mut text = String::new();
    for operation in &interface.operations {
        push(&mut text, &signature(operation), &operation.doc);
        for exception in &operation.exceptions {
            text.push_str(&format!("    fails with {} (fault {})\n", exception.body.name, exception.code));
        }
    }
    for ty in interface.named_types() {
        push(&mut text, &definition(ty), ty.doc());
    }
    text
}

fn push(text: &mut String, head: &str, doc: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&format!("{head}\n"));
    for line in doc.lines() {
        text.push_str(format!("    {}", line.trim_end()).trim_end());
        text.push('\n');
    }
}

/// A named type in a line.
fn definition(ty: &Type) -> String {
    let (word, members): (&str, Vec<String>) = match ty {
        Type::Struct(ty) => ("struct", ty.fields.iter().map(|f| format!("{}: {}", f.name, f.ty)).collect()),
        Type::Enum(ty) => ("enum", ty.members.iter().map(|m| m.name.to_string()).collect()),
        Type::Union(ty) => ("one of", ty.cases.iter().map(|c| format!("{}: {}", c.name, c.ty)).collect()),
        other => return other.to_string(),
    };
    format!("{word} {} {{ {} }}", ty.name().unwrap_or_default(), members.join(", "))
}

fn operation_value(operation: &Operation) -> Value {
    let params = operation.signature().into_iter().map(|p| {
        let told = Record::new().with("name", p.field.name.as_ref()).with("type", p.field.ty.to_string());
        match word(p.direction).trim_end() {
            "" => told.into(),
            direction => told.with("direction", direction).into(),
        }
    });
    Record::new()
        .with("name", operation.name.as_ref())
        .with("params", params.collect::<Vec<Value>>())
        .with("result", operation.result.to_string())
        .with("doc", operation.doc.as_ref())
        .into()
}

fn type_value(ty: &Type) -> Value {
    Record::new()
        .with("name", ty.name().unwrap_or_default())
        .with("type", definition(ty))
        .with("doc", ty.doc())
        .into()
}

#[cfg(test)]
mod tests {
    use farcall::model::{Field, Param, StructType, TypeRef};

    use super::*;

    #[test]
    fn tells_operations_and_types() {
        let account =
            Type::Struct(StructType::new("Account", vec![Field::new("id".into(), Type::I32.into())]));
        let open = Operation::new("open")
            .with_param(Param::new("owner", TypeRef::from(Type::String)))
            .with_result(account.into())
            .with_doc("Opens.\n\nTwice.");
        let expected =
            "open(owner: string) → Account\n    Opens.\n\n    Twice.\n\nstruct Account { id: i32 }\n";
        assert_eq!(text(&Interface::new("bank").with_operation(open)), expected);
    }
}
