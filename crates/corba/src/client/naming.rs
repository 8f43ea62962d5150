//! Resolves the name of a `corbaname:` (Naming Service 1.3, §2.2).

use std::sync::LazyLock;

use farcall_model::{
    ExceptionType, Field, ObjectType, Operation, Param, Record, StructType, Type, TypeRef, Value,
};
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
    let shown: Vec<String> = name.name.iter().map(ToString::to_string).collect();
    let nowhere = || Fault::new(FaultKind::UnknownObject, format!("{} is bound to nothing", shown.join("/")));
    let found = match context.call(cx, &Dynamic::new(&operation(), &[path])).await {
        // of the exceptions that it declares there is one that says so
        Err(fault) if fault.code() == Some(NOT_FOUND.code.into()) => return Err(nowhere()),
        found => found?,
    };
    let address = match &found {
        Value::Object(object) => object.addresses.first(),
        _ => None,
    };
    address.and_then(|url| url.parse().ok()).ok_or_else(nowhere)
}

/// CosNaming's exception for names that are bound to nothing.
static NOT_FOUND: LazyLock<ExceptionType> = LazyLock::new(|| {
    let why = Field::new("why".into(), TypeRef::Static(|| &Type::U32));
    let rest = Field::new("rest_of_name".into(), name_type().into());
    let mut body = StructType::new("NotFound", vec![why, rest]);
    body.repository_id = Some("IDL:omg.org/CosNaming/NamingContext/NotFound:1.0".into());
    ExceptionType { body, code: 1 }
});

/// `CosNaming::Name`.
fn name_type() -> Type {
    let text = |name: &'static str| Field::new(name.into(), TypeRef::Static(|| &Type::String));
    Type::Sequence(Type::Struct(StructType::new("NameComponent", vec![text("id"), text("kind")])).into())
}

fn operation() -> Operation {
    let object = ObjectType { interface: "Object".into(), repository_id: None };
    Operation::new("resolve")
        .with_param(Param::new("n", name_type().into()))
        .with_result(Type::Object(object).into())
        .with_exceptions(vec![&NOT_FOUND])
        .idempotent()
}
