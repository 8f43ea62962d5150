//! Any interface of the model that IDL can say comes back from its text as it was.

use std::collections::BTreeMap;

use farcall_idl::{Options, compile, emit, lower};
use farcall_model::{
    Case, Direction, EnumMember, EnumType, Field, Interface, ObjectType, Operation, Param, StructType, Type,
    TypeRef, UnionType,
};
use proptest::collection::vec;
use proptest::prelude::*;

const ODD: &[&str] =
    &["interface", "Context", "map", "a", "A", "b", "system.list", "7bit", "größe", "home", "x_2", "X"];

/// Names that IDL has, has not, reserves, and that collide.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![proptest::sample::select(ODD).prop_map(str::to_owned), "[a-z][a-z0-9_]{0,6}"]
}

fn scope() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(&["", "m", "m::n", "other", "module"][..])
}

fn doc() -> impl Strategy<Value = String> {
    prop_oneof![3 => Just(String::new()), 1 => "[a-zA-Z][a-zA-Z ,.<>&\"']{0,20}[a-z]", 1 => Just("Two\nlines.".to_owned())]
}

fn leaf() -> impl Strategy<Value = Type> {
    prop_oneof![
        proptest::sample::select(
            &[
                Type::Bool,
                Type::I8,
                Type::U8,
                Type::I16,
                Type::U16,
                Type::I32,
                Type::U32,
                Type::I64,
                Type::U64,
                Type::F32,
                Type::F64,
                Type::LongDouble,
                Type::Decimal,
                Type::Char,
                Type::WideChar,
                Type::String,
                Type::WideString,
                Type::Bytes,
                Type::DateTime,
                Type::Date,
                Type::Time,
                Type::Duration,
                Type::Any,
                Type::TypeCode,
            ][..]
        ),
        (1_u16..=31)
            .prop_flat_map(|digits| (Just(digits), 0..=digits))
            .prop_map(|(digits, scale)| Type::Fixed { digits, scale }),
        Just(Type::Object(ObjectType { interface: "Object".into(), repository_id: None })),
        Just(Type::Object(ObjectType {
            interface: "Far".into(),
            repository_id: Some("IDL:m/Far:1.0".into())
        })),
    ]
}

/// A type; names are made unique after.
fn ty() -> impl Strategy<Value = Type> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let item = inner.prop_map(TypeRef::from).boxed();
        let octet = |t: &TypeRef| *t.resolve() == Type::U8;
        let fields = vec((name(), item.clone(), doc()), 1..4);
        let cases = vec((name(), item.clone(), doc()), 1..4);
        prop_oneof![
            item.clone().prop_map(Type::Optional),
            item.clone()
                .prop_filter("sequences of octets are bytes", move |t| !octet(t))
                .prop_map(Type::Sequence),
            (item.clone(), 1_usize..5).prop_map(|(t, n)| Type::Array(t, n)),
            (item.clone(), item.clone()).prop_map(|(k, v)| Type::Map(k, v)),
            vec(item, 1..4).prop_map(|items| Type::Tuple(items.into())),
            (fields, scope(), doc()).prop_map(|(fields, scope, doc)| {
                let mut out = StructType::new("S", distinct(fields).into_iter().map(field).collect());
                out.scope = scope.into();
                out.doc = doc.into();
                Type::Struct(out)
            }),
            (cases, scope(), any::<bool>()).prop_map(|(cases, scope, default)| union(
                distinct(cases),
                scope,
                default
            )),
            (vec(name(), 1..4), scope()).prop_map(|(names, scope)| enumeration(names, scope)),
        ]
    })
}

/// Fields of one name would be one field.
fn distinct(mut fields: Vec<(String, TypeRef, String)>) -> Vec<(String, TypeRef, String)> {
    for (index, field) in fields.iter_mut().enumerate() {
        field.0 = format!("f{index}_{}", plain(&field.0));
    }
    fields
}

/// Members' names are not brought back, so they are such as IDL has.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn field((name, ty, doc): (String, TypeRef, String)) -> Field {
    let mut out = Field::new(name.into(), ty);
    out.doc = doc.into();
    out
}

fn union(cases: Vec<(String, TypeRef, String)>, scope: &'static str, default: bool) -> Type {
    let last = cases.len() - 1;
    let case = |(index, (name, ty, doc)): (usize, (String, TypeRef, String))| Case {
        name: name.into(),
        labels: if default && index == last { Vec::new() } else { vec![index as i64 - 1] }.into(),
        ty,
        doc: doc.into(),
    };
    Type::Union(UnionType {
        name: "U".into(),
        scope: scope.into(),
        repository_id: None,
        doc: "".into(),
        discriminator: TypeRef::from(Type::I32),
        cases: cases.into_iter().enumerate().map(case).collect::<Vec<_>>().into(),
    })
}

fn enumeration(names: Vec<String>, scope: &'static str) -> Type {
    let member = |(value, name): (usize, String)| EnumMember {
        name: format!("{name}{value}").into(),
        value: value as i64,
        doc: "".into(),
    };
    Type::Enum(EnumType {
        name: "E".into(),
        scope: scope.into(),
        repository_id: None,
        doc: "".into(),
        members: names.into_iter().enumerate().map(member).collect::<Vec<_>>().into(),
    })
}

/// Gives each named type a name of its own: by it types are told apart.
fn rename(ty: &Type, counter: &mut usize) -> Type {
    let mut of = |t: &TypeRef| TypeRef::from(rename(t.resolve(), counter));
    let mut out = match ty {
        Type::Optional(t) => Type::Optional(of(t)),
        Type::Sequence(t) => Type::Sequence(of(t)),
        Type::Array(t, n) => Type::Array(of(t), *n),
        Type::Map(k, v) => Type::Map(of(k), of(v)),
        Type::Tuple(items) => Type::Tuple(items.iter().map(of).collect::<Vec<_>>().into()),
        Type::Struct(ty) => {
            let fields = ty.fields.iter().map(|f| Field { ty: of(&f.ty), ..f.clone() }).collect::<Vec<_>>();
            Type::Struct(StructType { fields: fields.into(), ..ty.clone() })
        }
        Type::Union(ty) => {
            let cases = ty.cases.iter().map(|c| Case { ty: of(&c.ty), ..c.clone() }).collect::<Vec<_>>();
            Type::Union(UnionType { cases: cases.into(), ..ty.clone() })
        }
        other => other.clone(),
    };
    *counter += 1;
    match &mut out {
        Type::Struct(ty) => ty.name = format!("S{counter}").into(),
        Type::Union(ty) => ty.name = format!("U{counter}").into(),
        Type::Enum(ty) => ty.name = format!("E{counter}").into(),
        _ => {}
    }
    out
}

prop_compose! {
    fn operation()(
        name in name(),
        params in vec((ty(), 0..3), 0..3),
        result in prop_oneof![Just(Type::Void), ty()],
        doc in doc(),
        idempotent in any::<bool>(),
    ) -> Operation {
        let mut out = Operation::new(name).with_doc(doc).with_result(result.into());
        out.idempotent = idempotent;
        for (index, (ty, way)) in params.into_iter().enumerate() {
            let mut param = Param::new(format!("p{index}"), ty.into());
            param.direction = [Direction::In, Direction::Out, Direction::InOut][way as usize];
            out = out.with_param(param);
        }
        out
    }
}

prop_compose! {
    fn interface()(name in name(), scope in scope(), doc in doc(), operations in vec(operation(), 0..4)) -> Interface {
        let mut counter = 0;
        let mut out = Interface::new(name).with_scope(scope).with_doc(doc);
        for mut operation in operations {
            if out.operation(&operation.name).is_some() {
                continue;
            }
            let mut of = |t: &TypeRef| TypeRef::from(rename(t.resolve(), &mut counter));
            operation.result = of(&operation.result);
            let signature: Vec<Param> = operation.signature().into_iter().cloned().collect();
            (operation.params, operation.outs) = (Vec::new(), Vec::new());
            for mut param in signature {
                param.field.ty = of(&param.field.ty);
                operation = operation.with_param(param);
            }
            out.operations.push(operation);
        }
        out
    }
}

/// Types with all that is in them: `==` on references goes by name.
fn dump(ty: &Type, out: &mut String) {
    *out += &format!("{ty:?}\n");
    ty.children().iter().for_each(|t| dump(t.resolve(), out));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn model_to_text_to_model(interface in interface()) {
        let idl = emit([&interface]).unwrap();
        prop_assert_eq!(&farcall_idl::format(&idl), &idl);
        let compiled = compile("t.idl", &idl, &Options::default(), &BTreeMap::new());
        let spec = compiled.specification().map_err(|e| TestCaseError::fail(format!("{e}\n{idl}")))?;
        let back = lower(spec).unwrap();
        prop_assert_eq!(back.interfaces.as_slice(), std::slice::from_ref(&interface), "{}", idl);
        let types = |interface: &Interface| {
            let mut out = String::new();
            for operation in &interface.operations {
                dump(operation.result.resolve(), &mut out);
                operation.signature().into_iter().for_each(|p| dump(p.field.ty.resolve(), &mut out));
            }
            out
        };
        prop_assert_eq!(types(&back.interfaces[0]), types(&interface), "{}", idl);
    }
}
