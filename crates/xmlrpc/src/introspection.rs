//! The `system.*` methods that tell what can be called, and the reading of
//! the same from other servers: names of types, signatures, capabilities.
//!
//! ```
//! use farcall_model::Type;
//! use farcall_xmlrpc::introspection::type_name;
//!
//! assert_eq!(type_name(&Type::F64), "double");
//! ```

use std::borrow::Cow;

use farcall_model::{Interface, Operation, Param, Record, Type, TypeRef, Value};
use farcall_wire::{Fault, FaultKind};

use crate::Registry;

/// The type that XML-RPC has for a type of the model.
#[must_use]
pub fn type_name(ty: &Type) -> &'static str {
    match ty {
        Type::Void => "nil",
        Type::Bool => "boolean",
        Type::I8 | Type::U8 | Type::I16 | Type::U16 | Type::I32 => "int",
        Type::U32 | Type::I64 | Type::U64 => "i8",
        Type::F32 | Type::F64 => "double",
        Type::Bytes => "base64",
        Type::DateTime => "dateTime.iso8601",
        Type::Sequence(_) | Type::Array(..) | Type::Tuple(_) => "array",
        Type::Map(key, _) if !matches!(key.resolve(), Type::String | Type::Char | Type::Enum(_)) => "array",
        Type::Map(..) | Type::Struct(_) | Type::Union(_) => "struct",
        Type::Optional(inner) => type_name(inner.resolve()),
        Type::Any => "any",
        _ => "string",
    }
}

/// The type of the model for a name that a server gave.
#[must_use]
pub fn type_of(name: &str) -> Type {
    match name.trim() {
        "int" | "i4" | "integer" => Type::I32,
        "i8" | "ex:i8" | "long" => Type::I64,
        "i1" | "ex:i1" => Type::I8,
        "i2" | "ex:i2" => Type::I16,
        "boolean" | "bool" => Type::Bool,
        "double" | "float" => Type::F64,
        "string" => Type::String,
        "dateTime.iso8601" | "dateTime" => Type::DateTime,
        "base64" => Type::Bytes,
        "nil" | "void" | "None" => Type::Void,
        "array" | "list" => Type::Sequence(TypeRef::from(Type::Any)),
        "struct" | "dict" => Type::Map(TypeRef::from(Type::String), TypeRef::from(Type::Any)),
        _ => Type::Any,
    }
}

/// The signatures of a method: the result's type and the parameters', once for
/// every number of optional parameters that may be left out.
#[must_use]
pub fn signatures(operation: &Operation) -> Vec<Vec<&'static str>> {
    let mut full = vec![type_name(operation.result.resolve())];
    full.extend(operation.params.iter().map(|p| type_name(p.field.ty.resolve())));
    let required = operation.required();
    (required..=operation.params.len()).rev().map(|count| full[..=count].to_vec()).collect()
}

/// An operation from what a server told about it.
#[must_use]
pub fn operation(name: String, signature: &Value, help: Option<&str>) -> Operation {
    let doc: Cow<'static, str> = Cow::Owned(help.unwrap_or_default().trim().to_owned());
    let operation = Operation::new(name).with_doc(doc);
    // the longest of several signatures; a server without one says a text
    let shapes = signature.as_sequence().unwrap_or_default().iter().filter_map(Value::as_sequence);
    let Some((result, params)) = shapes.max_by_key(|shape| shape.len()).and_then(<[Value]>::split_first)
    else {
        return operation.with_result(TypeRef::from(Type::Any));
    };
    let ty = |v: &Value| TypeRef::from(v.as_str().map_or(Type::Any, type_of));
    // foreign servers rarely mean what they say of results; what came is told by the value itself
    let operation = operation.with_result(match ty(result).resolve() {
        Type::Void => TypeRef::from(Type::Any),
        other => TypeRef::from(other.clone()),
    });
    params.iter().enumerate().fold(operation, |operation, (index, param)| {
        operation.with_param(Param::new(format!("param{}", index + 1), ty(param)))
    })
}

/// What `system.getCapabilities` says (names and URLs of the published capabilities).
#[must_use]
pub(crate) fn capabilities() -> Value {
    let capability = |url: &str, version: i32| {
        Value::from(Record::new().with("specUrl", url).with("specVersion", version))
    };
    Record::new()
        .with("xmlrpc", capability("http://www.xmlrpc.com/spec", 1))
        .with("introspection", capability("http://xmlrpc-c.sourceforge.net/introspection.html", 1))
        .with(
            "faults_interop",
            capability("http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php", 20_010_516),
        )
        .with("system.multicall", capability("http://www.xmlrpc.com/discuss/msgReader$1208", 1))
        .with("nil", capability("http://ontosys.com/xml-rpc/extensions.php", 20_010_518))
        .into()
}

/// A method of the system itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    ListMethods,
    MethodSignature,
    MethodHelp,
    GetCapabilities,
    Multicall,
}

/// Name, what it does, result and parameters of each.
const SYSTEM: &[(System, &str, &str, &[&str])] = &[
    (
        System::GetCapabilities,
        "system.getCapabilities",
        "The extensions of XML-RPC that this server has, each with the URL and version of its specification.",
        &["struct"],
    ),
    (System::ListMethods, "system.listMethods", "The names of all methods.", &["array"]),
    (System::MethodHelp, "system.methodHelp", "What the method of that name does.", &["string", "string"]),
    (
        System::MethodSignature,
        "system.methodSignature",
        "The types of the result and the parameters of the method of that name, once for each way to call it.",
        &["array", "string"],
    ),
    (
        System::Multicall,
        "system.multicall",
        "Runs several calls, each a struct of methodName and params, and gives for each an array of its one result, or a fault.",
        &["array", "array"],
    ),
];

impl System {
    pub(crate) fn of(name: &str) -> Option<Self> {
        SYSTEM.iter().find(|entry| entry.1 == name).map(|entry| entry.0)
    }

    /// Answers, from the parameters given; not for [`System::Multicall`].
    pub(crate) fn answer(self, registry: &Registry, scope: &str, params: &[Value]) -> Result<Value, Fault> {
        let wanted = match (self, params) {
            (Self::ListMethods | Self::GetCapabilities, []) => "",
            (Self::MethodSignature | Self::MethodHelp, [Value::String(name)]) => name,
            _ => {
                let text =
                    "listMethods and getCapabilities take nothing, methodSignature and methodHelp a name";
                return Err(Fault::new(FaultKind::InvalidParameters, text));
            }
        };
        Ok(match self {
            Self::ListMethods => names(registry, scope),
            Self::GetCapabilities => capabilities(),
            Self::MethodHelp => Value::from(described(registry, scope, wanted)?.1.as_str()),
            _ => described(registry, scope, wanted)?.0,
        })
    }
}

fn names(registry: &Registry, scope: &str) -> Value {
    let own = registry.methods(scope).into_iter().map(|(name, _)| name);
    let mut all: Vec<String> = own.chain(SYSTEM.iter().map(|entry| entry.1.to_owned())).collect();
    all.sort();
    all.dedup();
    Value::Sequence(all.into_iter().map(Value::from).collect())
}

fn texts(names: &[&str]) -> Value {
    Value::Sequence(names.iter().map(|name| Value::from(*name)).collect())
}

/// Signatures and help of a method.
fn described(registry: &Registry, scope: &str, name: &str) -> Result<(Value, String), Fault> {
    if let Some((_, _, help, signature)) = SYSTEM.iter().find(|entry| entry.1 == name) {
        return Ok((Value::Sequence(vec![texts(signature)]), (*help).to_owned()));
    }
    let unknown = || {
        Fault::new(
            FaultKind::UnknownOperation,
            format!("there is no method '{}'", farcall_xml::wire::shown(name)),
        )
    };
    let target = registry.resolve(scope, name).ok_or_else(unknown)?;
    let Some(index) = target.operation else { return Ok((Value::from("undef"), String::new())) };
    let operation = &target.handler.interface().operations[index];
    let shapes = signatures(operation).iter().map(|shape| texts(shape)).collect();
    Ok((Value::Sequence(shapes), operation.doc.to_string()))
}

/// An interface of operations that a server told about.
#[must_use]
pub fn interface(name: &str, operations: Vec<Operation>) -> Interface {
    operations.into_iter().fold(Interface::new(name.to_owned()), Interface::with_operation)
}
