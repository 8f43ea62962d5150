//! Resolves the name of a `corbaname:` (Naming Service 1.3, §2.2).

use farcall_model::{Field, ObjectType, Operation, Param, Record, StructType, Type, TypeRef, Value};
use farcall_wire::{BoxFuture, Channel as _, Context, Dynamic, Fault, FaultKind};

use super::Client;
use crate::ior::{Corbaname, Ior};

/// Asks the naming context; a name without components is the context itself.
///
/// In a box, for a call is part of resolving where to call.
pub(super) fn resolve<'a>(
    client: &'a Client,
    cx: &'a Context,
    name: &'a Corbaname,
) -> BoxFuture<'a, Result<Ior, Fault>> {
    Box::pin(ask(client, cx, name))
}

async fn ask(client: &Client, cx: &Context, name: &Corbaname) -> Result<Ior, Fault> {
    if name.name.is_empty() {
        return Ok(name.context.clone());
    }
    let context = client.at(name.context.clone())?;
    let component = |c: &crate::ior::NameComponent| {
        Value::from(Record::new().with("id", c.id.as_str()).with("kind", c.kind.as_str()))
    };
    let path = Value::Sequence(name.name.iter().map(component).collect());
    let found = context.call(cx, &Dynamic::new(&operation(), &[path])).await?;
    let address = match &found {
        Value::Object(object) => object.addresses.first(),
        _ => None,
    };
    let path: Vec<String> = name.name.iter().map(ToString::to_string).collect();
    let nowhere = || Fault::new(FaultKind::UnknownObject, format!("{} is bound to nothing", path.join("/")));
    address.and_then(|url| url.parse().ok()).ok_or_else(nowhere)
}

fn operation() -> Operation {
    let text = |name: &'static str| Field::new(name.into(), TypeRef::Static(|| &Type::String));
    let component = StructType::new("NameComponent", vec![text("id"), text("kind")]);
    let path = Type::Sequence(Type::Struct(component).into());
    let object = ObjectType { interface: "Object".into(), repository_id: None };
    Operation::new("resolve")
        .with_param(Param::new("n", path.into()))
        .with_result(Type::Object(object).into())
        .idempotent()
}
