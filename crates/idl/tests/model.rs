//! From IDL to the model, and back to IDL that gives the same model.

use std::collections::BTreeMap;

use farcall_idl::{Model, Options, compile, emit, lower};
use farcall_model::{
    Case, Direction, EnumMember, EnumType, ExceptionType, Field, Interface, Knot, Operation, Param,
    StructType, Type, TypeRef, UnionType, ValueKind,
};

fn model(text: &str) -> Model {
    let compiled = compile("t.idl", text, &Options::default(), &BTreeMap::new());
    let spec = compiled.specification().unwrap_or_else(|e| panic!("{e}\n{text}"));
    lower(spec).unwrap()
}

/// The model of its own text: named types are compared by what is in them.
fn assert_round_trip(text: &str) {
    let first = model(text);
    let idl = first.to_idl().unwrap();
    let second = model(&idl);
    assert_eq!(first.interfaces, second.interfaces, "{idl}");
    let types = |m: &Model| m.types.iter().map(|t| t.resolve().clone()).collect::<Vec<_>>();
    assert_eq!(types(&first), types(&second), "{idl}");
    assert_eq!(idl, second.to_idl().unwrap());
}

const BANK: &str = "
#pragma prefix \"bank.example\"
module bank {
    /// Who.
    enum Kind { person, company };
    struct Owner { string name; Kind what; sequence<string> mails; };
    struct Tree { string label; sequence<Tree> branches; };
    exception Refused { string why; long code; };
    union Amount switch (Kind) { case person: double money; default: fixed<12, 2> exact; };
    interface Account;
    typedef sequence<Account> Accounts;
    typedef sequence<octet> Blob;
    interface Account {
        /// What is in it.
        readonly attribute double balance;
        attribute string label;
        void pay(in Amount sum, out Owner by, inout long times) raises (Refused);
        oneway void forget();
    };
    interface Savings : Account {
        Accounts others(in Blob key, in Tree root, in any what, in Object who, in CORBA::TypeCode tc);
        wstring wide(in wchar c, in long double d, in char e);
    };
};";

#[test]
fn interfaces_and_their_types() {
    let model = model(BANK);
    let account = model.interface("bank::Account").unwrap();
    assert_eq!(account.repository_id.as_deref(), Some("IDL:bank.example/bank/Account:1.0"));
    let names: Vec<&str> = account.operations.iter().map(|o| o.name.as_ref()).collect();
    assert_eq!(names, ["_get_balance", "_get_label", "_set_label", "pay", "forget"]);
    assert_eq!(account.operations[0].doc, "What is in it.");
    let pay = account.operation("pay").unwrap();
    let ways: Vec<Direction> = pay.signature().into_iter().map(|p| p.direction).collect();
    assert_eq!(ways, [Direction::In, Direction::Out, Direction::InOut]);
    assert_eq!(pay.exceptions[0].body.fields.len(), 2);
    assert!(pay.exceptions[0].code > 0);
    assert!(account.operation("forget").unwrap().oneway);

    let savings = model.interface("bank::Savings").unwrap();
    assert_eq!(savings.bases, ["IDL:bank.example/bank/Account:1.0"]);
    assert!(savings.operation("pay").is_some());
    let others = savings.operation("others").unwrap();
    let types: Vec<String> = others.params.iter().map(|p| p.field.ty.to_string()).collect();
    assert_eq!(types, ["bytes", "Tree", "any", "ref<Object>", "TypeCode"]);
    assert_eq!(others.result.to_string(), "sequence<ref<Account>>");
    let Type::Struct(tree) = others.params[1].field.ty.resolve() else { panic!() };
    let Type::Sequence(inner) = tree.fields[1].ty.resolve() else { panic!() };
    assert_eq!(inner.resolve().children().len(), 2, "a type that contains itself is whole within itself");
}

#[test]
fn text_to_model_to_text_to_model() {
    assert_round_trip(BANK);
    assert_round_trip(
        "interface A { void u(); attribute long n; }; interface B : A { void v(); }; interface C : A { void w(); };
         interface D : B, C { void x(); }; interface E : D { A y(); };",
    );
    assert_round_trip("interface _interface { void _oneway(in long _in, in long home); };");
    assert_round_trip(
        "module a { module b { struct S { long x; }; }; struct T { b::S x; }; interface I { b::S f(in T x); }; };",
    );
    assert_round_trip(
        "valuetype Base { public long x; }; valuetype V : truncatable Base { public V next; };
         valuetype Box sequence<long>; abstract valuetype A {}; custom valuetype C { public string s; };
         interface I { V f(in Box box_, in A x, in C y, in ValueBase z); };",
    );
    assert_round_trip(
        "union U switch (short) { case -1: case 2: long a; default: string b; };
         union W switch (char) { case 'a': long a; case '\\'': long c; }; typedef long Cube[2][3][4];
         interface I { Cube f(in U x, in W y, in int8 small, in map<string, long> m); };",
    );
    assert_round_trip(
        "module m { valuetype B; abstract interface A { B f(in A x); };
         valuetype B supports A { public A one; }; abstract interface C : A {}; valuetype D : truncatable B supports C { public sequence<C> cs; };
         interface I : C { C f2(); Object g(); }; };",
    );
    assert_round_trip(
        "abstract valuetype V {}; abstract interface A {}; interface I { void f(in A x, in V y); };",
    );
    assert_round_trip(
        "struct S { @optional string a; @optional sequence<long> b; }; interface I { void f(in S x); };",
    );
    assert_round_trip(
        "exception E {}; interface I { readonly attribute long a raises (E); attribute long b setraises (E); };",
    );
}

#[test]
fn what_no_wire_carries_is_left_out() {
    let model = model(
        "native Cookie; struct S { Cookie x; }; interface I { void f(in S x); void g(); }; local interface L {};",
    );
    assert_eq!(model.left_out.len(), 2, "{:?}", model.left_out);
    assert_eq!(model.interfaces.len(), 1);
    assert_eq!(model.interfaces[0].operations.len(), 1);
}

#[test]
fn an_abstract_interface_is_a_reference_or_a_value_that_supports_it() {
    let model = model(
        "valuetype Late; abstract interface A {}; abstract interface B : A {}; abstract valuetype None supports B {};
         valuetype One supports A {}; valuetype Two : None { public B next; }; valuetype Other {};
         valuetype Late supports B {}; interface I : B { void f(in A x, in B y, in I z); };",
    );
    let params = &model.interface("I").unwrap().operation("f").unwrap().params;
    let names = |index: usize| {
        let Type::Union(union) = params[index].field.ty.resolve() else { panic!() };
        assert_eq!(*union.abstract_interface().unwrap().interface, *union.name);
        let Type::Value(value) = union.cases[0].ty.resolve() else { panic!() };
        value.derived.iter().map(|ty| ty.resolve().name().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(0), ["One", "Two", "Late"]);
    assert_eq!(names(1), ["Two", "Late"]);
    assert!(matches!(params[2].field.ty.resolve(), Type::Object(_)));
}

#[test]
fn bitmasks_and_bitsets_are_integers_with_masks() {
    let model = model(
        "module bits { bitmask M { one, @position(5) six, seven }; @bit_bound(64) bitmask L { @position(63) last };
         bitset B { bitfield<3> a; bitfield<4>; bitfield<12, short> x, y; }; bitset C : B { bitfield<1, boolean> e; };
         bitset None {}; struct S { M f1; L f2; B f3; C f4; None f5; }; };",
    );
    let Type::Struct(s) = model.types[0].resolve() else { panic!() };
    let types: Vec<&Type> = s.fields.iter().map(|field| field.ty.resolve()).collect();
    assert_eq!(types, [&Type::U32, &Type::U64, &Type::U32, &Type::U32, &Type::U8]);
    let masks = |scope: &str| {
        let own = model.constants.iter().filter(|c| c.scope == scope);
        own.map(|c| format!("{} {:?}", c.name, c.value)).collect::<Vec<_>>()
    };
    assert_eq!(masks("bits::M"), ["one U32(1)", "six U32(32)", "seven U32(64)"]);
    assert_eq!(masks("bits::L"), [format!("last U64({})", 1_u64 << 63)]);
    let (a, x, y, e) = (0b111, 0xfff << 7, 0xfff_u32 << 19, 1_u32 << 31);
    assert_eq!(masks("bits::B"), [format!("a U32({a})"), format!("x U32({x})"), format!("y U32({y})")]);
    assert_eq!(masks("bits::C").last(), Some(&format!("e U32({e})")));
    assert_eq!(masks("bits::C").len(), 4, "those of the base are there too");
}

#[test]
fn values_hold_what_their_bases_hold_and_know_what_derives_from_them() {
    let model = model("valuetype A { public long x; }; valuetype B : truncatable A { private string y; };");
    let Type::Value(b) = model.types[1].resolve() else { panic!() };
    assert_eq!(b.kind, ValueKind::Truncatable);
    assert_eq!(*b.bases, ["IDL:A:1.0"]);
    assert_eq!(b.body.fields.len(), 2);
    let Type::Value(a) = model.types[0].resolve() else { panic!() };
    assert_eq!(a.derived.iter().map(|ty| ty.resolve().name()).collect::<Vec<_>>(), [Some("B")]);
}

/// What Rust traits hold and IDL has no word for comes back as it was.
#[test]
fn from_the_model_and_back() {
    let shared = |ty| TypeRef::from(ty);
    let texts = || shared(Type::Sequence(shared(Type::String)));
    let point = StructType::new("Point", vec![Field::new("x".into(), shared(Type::F64))]);
    let mut point = Type::Struct(point);
    if let Type::Struct(ty) = &mut point {
        ty.scope = "geo".into();
    }
    let types = [
        Type::Optional(shared(Type::String)),
        Type::Optional(texts()),
        Type::Optional(shared(point.clone())),
        Type::Sequence(shared(Type::Optional(shared(Type::I8)))),
        Type::Map(shared(Type::String), texts()),
        Type::Map(shared(Type::I32), shared(point)),
        Type::Tuple(vec![shared(Type::String), shared(Type::U64)].into()),
        Type::Array(shared(Type::Tuple(vec![shared(Type::Bool)].into())), 3),
        Type::DateTime,
        Type::Date,
        Type::Time,
        Type::Duration,
        Type::Decimal,
        Type::I8,
        Type::Bytes,
    ];
    let mut interface = Interface::new("Everything").with_scope("demo");
    for (index, ty) in types.into_iter().enumerate() {
        let ty = shared(ty);
        let operation =
            Operation::new(format!("op{index}")).with_param(Param::new("x", ty.clone())).with_result(ty);
        interface = interface.with_operation(operation);
    }
    let idl = emit([&interface]).unwrap();
    let back = model(&idl);
    assert_eq!(back.interfaces, [interface], "{idl}");
}

#[test]
fn names_that_idl_cannot_have() {
    let void = || Operation::new("x");
    let mut list = void();
    list.name = "system.listMethods".into();
    let mut echo = void();
    echo.name = "service".into();
    let interface = Interface::new("Service").with_operation(list).with_operation(echo).with_operation(
        Operation::new("Context")
            .with_param(Param::new("a", Type::I32.into()))
            .with_param(Param::new("A", Type::I32.into())),
    );
    let idl = emit([&interface]).unwrap();
    for piece in ["void system_listMethods();", "void service_2();", "void _Context(in long a, in long A_2);"]
    {
        assert!(idl.contains(piece), "{idl}");
    }
    assert_eq!(model(&idl).interfaces[0].operations[0].name, "system.listMethods");
    assert_eq!(model(&idl).interfaces[0].operations[1].name, "service");
}

/// Rust enumerations share names, and their cases may carry nothing.
#[test]
fn enumerations_as_rust_has_them() {
    let member = |name: &'static str, value| EnumMember { name: name.into(), value, doc: "".into() };
    let enumeration = |name: &'static str| {
        Type::Enum(EnumType {
            name: name.into(),
            scope: "demo".into(),
            repository_id: None,
            doc: "".into(),
            members: vec![member("Red", 0), member("Shape", 1)].into(),
        })
    };
    let case = |name: &'static str, label: &[i64], ty| Case {
        name: name.into(),
        labels: label.to_vec().into(),
        ty: TypeRef::from(ty),
        doc: "".into(),
    };
    let shape = Type::Union(UnionType {
        name: "Shape".into(),
        scope: "demo".into(),
        repository_id: None,
        doc: "".into(),
        discriminator: TypeRef::from(Type::I32),
        cases: vec![
            case("Point", &[0], Type::Void),
            case("Circle", &[1], Type::F64),
            case("Line", &[2, 5], Type::Void),
            case("Other", &[], Type::Void),
        ]
        .into(),
    });
    let operation = Operation::new("paint")
        .with_param(Param::new("a", enumeration("Color").into()))
        .with_param(Param::new("b", enumeration("Light").into()))
        .with_result(shape.clone().into());
    let idl = emit([&Interface::new("Painter").with_scope("demo").with_operation(operation)]).unwrap();
    let back = model(&idl);
    let types: Vec<Type> = back.types.iter().map(|t| t.resolve().clone()).collect();
    assert_eq!(types, [shape, enumeration("Color"), enumeration("Light")], "{idl}");
}

#[test]
fn what_idl_cannot_say_is_refused() {
    let nothing = Operation::new("f").with_param(Param::new("x", Type::Optional(Type::Void.into()).into()));
    let error = emit([&Interface::new("I").with_operation(nothing)]).unwrap_err();
    assert_eq!(error.to_string(), "I.f: IDL has no type without a value");

    let knot = farcall_model::Knot::new();
    let next = Type::Optional(TypeRef::Knot(knot.clone()));
    knot.tie(Type::Struct(StructType::new("Node", vec![Field::new("next".into(), next.into())])));
    let operation = Operation::new("f").with_result(TypeRef::Knot(knot));
    let error = emit([&Interface::new("I").with_operation(operation)]).unwrap_err();
    assert_eq!(error.to_string(), "'Node' contains itself other than in a sequence, which IDL cannot say");
}

#[test]
fn an_exception_keeps_its_id_and_code() {
    static GONE: std::sync::LazyLock<ExceptionType> = std::sync::LazyLock::new(|| {
        let mut body = StructType::new("Gone", Vec::new());
        body.repository_id = Some("IDL:old.example/Gone:2.1".into());
        ExceptionType { body, code: 7 }
    });
    let interface = Interface::new("I").with_operation(Operation::new("f").with_exceptions(vec![&GONE]));
    let back = model(&emit([&interface]).unwrap());
    assert_eq!(*back.exceptions[0], *GONE);
}

#[test]
fn deep_types_are_refused_not_overflown() {
    let mut text = "struct S0 { long x; };".to_owned();
    for i in 1..20_000 {
        text += &format!("struct S{i} {{ S{} x; }};", i - 1);
    }
    let compiled = compile("t.idl", &text, &Options::default(), &BTreeMap::new());
    let error = lower(compiled.specification().unwrap()).unwrap_err();
    assert!(error.to_string().contains("made of types"), "{error}");
}

#[test]
fn a_type_that_contains_itself_through_others_says_so() {
    let refused = "contains itself by way of another struct";
    let emitted = |ty: Type| {
        let operation = Operation::new("grow").with_param(Param::new("x", ty.into()));
        let text = emit([&Interface::new("I").with_scope("m").with_operation(operation)]).unwrap();
        model(&text);
        text
    };
    let tied = |name: &str, of: fn(TypeRef) -> TypeRef| {
        let knot = Knot::new();
        let held = of(TypeRef::Knot(knot.clone()));
        let mut body = StructType::new(name.to_owned(), vec![Field::new("held".into(), held)]);
        body.scope = "m".into();
        knot.tie(Type::Struct(body.clone()));
        Type::Struct(body)
    };
    let list = |ty: TypeRef| TypeRef::from(Type::Sequence(ty));
    let plain = emitted(tied("Tree", |own| Type::Sequence(own).into()));
    assert!(!plain.contains(refused), "{plain}");
    let by_map = tied("Index", |own| Type::Map(Type::String.into(), Type::Sequence(own).into()).into());
    let by_map = emitted(by_map);
    assert!(
        by_map.contains(&format!("// {refused}, which omniidl refuses\n    struct Index {{")),
        "{by_map}"
    );
    let by_struct = tied("Outer", |own| {
        let mut inner =
            StructType::new("Inner", vec![Field::new("outer".into(), Type::Sequence(own).into())]);
        inner.scope = "m".into();
        Type::Struct(inner).into()
    });
    assert!(emitted(by_struct).contains(refused));
    // one that only holds such a type is none
    let once = tied("Tree", |own| Type::Sequence(own).into());
    let mut forest = StructType::new("Forest", vec![Field::new("trees".into(), list(once.into()))]);
    forest.scope = "m".into();
    let forest = emitted(Type::Struct(forest));
    assert!(!forest.contains(refused), "{forest}");
}
