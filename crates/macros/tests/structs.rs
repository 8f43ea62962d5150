//! Structs, tuples and newtypes: what they describe, and that they travel.

mod support;

use std::collections::BTreeMap;

use farcall_macros::Wire;
use farcall_model::{Record, Type, TypeRef, Value};
use farcall_wire::{Decode, Describe, ErrorKind, from_value, to_value};
use support::{farcall, positionally, there_and_back};

/// Money that somebody has.
///
///   It may be negative.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "Bank::Core", id = "IDL:Bank/Core/Account:1.0")]
struct Account {
    /// Who owns it.
    owner: String,
    balance: f64,
    note: Option<String>,
    r#type: i16,
    history: Vec<f64>,
    tags: BTreeMap<String, Vec<u8>>,
}

fn account() -> Account {
    Account {
        owner: "Ann".into(),
        balance: -1.5,
        note: None,
        r#type: 3,
        history: vec![1.0, 2.0],
        tags: BTreeMap::from([("a".into(), vec![1, 2])]),
    }
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Nothing;

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Empty {}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Name(String);

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Octet(u8);

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Nickname(Option<String>);

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Point(i32, f64, Name);

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Person {
    name: Name,
    nickname: Nickname,
    at: Point,
    nothing: Nothing,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Folder {
    name: String,
    parent: Option<Box<Self>>,
    folders: Vec<Self>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Page<T, const N: usize>
where
    T: Clone,
{
    items: Vec<T>,
    edges: [T; N],
    next: Option<Box<Self>>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Pair<A, B = i32>(A, B);

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Tagged<T>(T);

#[test]
fn a_struct_says_what_it_is() {
    let Type::Struct(ty) = Account::describe() else { panic!("not a struct") };
    assert_eq!((ty.name.as_ref(), ty.scope.as_ref()), ("Account", "Bank::Core"));
    assert_eq!(ty.repository_id.as_deref(), Some("IDL:Bank/Core/Account:1.0"));
    assert_eq!(ty.doc, "Money that somebody has.\n\n  It may be negative.");
    let fields: Vec<_> = ty.fields.iter().map(|f| (f.name.as_ref(), f.ty.to_string())).collect();
    let expected = [
        ("owner", "string"),
        ("balance", "f64"),
        ("note", "optional<string>"),
        ("type", "i16"),
        ("history", "sequence<f64>"),
        ("tags", "map<string, bytes>"),
    ];
    assert_eq!(fields, expected.map(|(name, ty)| (name, ty.to_owned())));
    assert_eq!(ty.fields[0].doc, "Who owns it.");
    assert!(std::ptr::eq(Account::describe(), Account::describe()));
}

#[test]
fn structs_travel() {
    there_and_back(&account());
    there_and_back(&Account { note: Some(String::new()), ..account() });
    there_and_back(&Nothing);
    there_and_back(&Empty {});
    there_and_back(&vec![Nothing, Nothing]);
    let folder = Folder { name: "a".into(), parent: None, folders: vec![] };
    let folder = Folder { parent: Some(Box::new(folder.clone())), folders: vec![folder], name: "b".into() };
    there_and_back(&folder);
}

#[test]
fn newtypes_are_what_they_hold() {
    assert_eq!(Name::describe(), &Type::String);
    assert_eq!(to_value(&Name("x".into())).unwrap(), Value::from("x"));
    assert_eq!(Nickname::missing(), Some(Nickname(None)));
    assert_eq!(Name::missing(), None);
    assert_eq!(Tagged::<Vec<i8>>::describe().to_string(), "sequence<i8>");
    there_and_back(&Name("x".into()));
    there_and_back(&vec![Octet(1), Octet(2)]);
    there_and_back(&Tagged(Some(1_i32)));
    let at = Point(1, 2.5, Name("here".into()));
    let person = Person { name: Name("n".into()), nickname: Nickname(None), at, nothing: Nothing };
    there_and_back(&person);
    let Value::Struct(mut record) = to_value(&person).unwrap() else { panic!("not a struct") };
    record.fields.retain(|(name, _)| name != "nickname");
    assert_eq!(from_value::<Person>(&Value::Struct(record)).unwrap(), person);
}

#[test]
fn tuples_are_tuples() {
    assert_eq!(Point::describe().to_string(), "(i32, f64, string)");
    there_and_back(&Point(-1, 0.5, Name(String::new())));
    there_and_back(&Pair("x".to_owned(), vec![1_i32]));
    let short = Value::Sequence(vec![Value::I32(1)]);
    assert!(matches!(from_value::<Point>(&short).unwrap_err().kind(), ErrorKind::Count { .. }));
}

#[test]
fn generic_types_have_a_description_each() {
    let page = |n: i32| Page { items: vec![n], edges: [n, n + 1], next: None };
    there_and_back(&Page { next: Some(Box::new(page(2))), ..page(1) });
    there_and_back(&Page { items: vec![Nothing], edges: [], next: None });
    let items = |ty: &'static Type| match ty {
        Type::Struct(ty) => ty.fields[0].ty.to_string(),
        other => other.to_string(),
    };
    assert_eq!(items(Page::<i32, 2>::describe()), "sequence<i32>");
    assert_eq!(items(Page::<String, 0>::describe()), "sequence<string>");
    assert_eq!(Page::<i32, 2>::describe().name(), Some("PageOfIntAnd2"));
    assert_eq!(
        Page::<Page<Option<String>, 1>, 0>::describe().name(),
        Some("PageOfPageOfOptionalStringAnd1And0")
    );
    assert_eq!(TypeRef::Static(Page::<i32, 2>::describe).resolve(), Page::<i32, 2>::describe());
}

#[test]
fn fields_in_any_order_are_read_by_name() {
    let given = Record::new()
        .with("tags", Value::Map(vec![]))
        .with("history", Value::Sequence(vec![]))
        .with("type", 1)
        .with("balance", 2.0)
        .with("owner", "Bob");
    let read: Account = from_value(&Value::Struct(given)).unwrap();
    assert_eq!((read.owner.as_str(), read.note, read.r#type), ("Bob", None, 1));
}

#[test]
fn errors_name_the_field() {
    let missing = Value::Struct(Record::new().with("owner", "Bob"));
    let error = from_value::<Account>(&missing).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::MissingField("balance".into()));

    let nested = Value::Struct(
        Record::new()
            .with("name", "x")
            .with("folders", Value::Sequence(vec![Value::Struct(Record::new().with("name", Value::Nil))])),
    );
    let error = from_value::<Folder>(&nested).unwrap_err();
    assert_eq!(error.path(), "folders[0].name");

    let unknown = Value::Struct(Record::new().with("color", "red"));
    let error = from_value::<Empty>(&unknown).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::UnknownField("color".into()));

    let page = Page { items: vec![1_i32], edges: [1], next: None };
    let error = positionally::<_, Page<bool, 1>>(&page).unwrap_err();
    assert_eq!(error.path(), "items[0]");
}
