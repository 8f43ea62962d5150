//! Enumerations and unions.

mod support;

use farcall_macros::Wire;
use farcall_model::{Type, Value};
use farcall_wire::{Describe, ErrorKind, from_value, to_value};
use support::{farcall, positionally, there_and_back};

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", rename_all = "SCREAMING_SNAKE_CASE", scope = "Bank")]
enum Status {
    /// All is well.
    AllWell,
    Frozen = 7,
    Closed,
    #[wire(name = "gone", value = -1)]
    Gone,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Circle {
    radius: f64,
}

/// Something to draw.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", id = "IDL:Shape:1.0")]
enum Shape {
    /// No shape.
    Empty,
    Circle(Circle),
    #[wire(name = "box", label = 30)]
    Rectangle((f64, f64)),
    #[wire(label(4, -5))]
    Many(Vec<Self>),
    #[wire(default)]
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", discriminator = "Status")]
enum Detail<T> {
    #[wire(label = 7)]
    Reason(T),
    #[wire(default)]
    None,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
enum Wide {
    #[wire(label = 4_294_967_296)]
    Far(i32),
}

#[test]
fn an_enumeration_says_its_names_and_numbers() {
    let Type::Enum(ty) = Status::describe() else { panic!("not an enum") };
    assert_eq!((ty.name.as_ref(), ty.scope.as_ref(), ty.doc.as_ref()), ("Status", "Bank", "How it stands."));
    let members: Vec<_> = ty.members.iter().map(|m| (m.name.as_ref(), m.value)).collect();
    assert_eq!(members, [("ALL_WELL", 0), ("FROZEN", 7), ("CLOSED", 8), ("gone", -1)]);
    assert_eq!(ty.members[0].doc, "All is well.");
}

#[test]
fn enumerations_travel() {
    for status in [Status::AllWell, Status::Frozen, Status::Closed, Status::Gone] {
        there_and_back(&status);
    }
    assert_eq!(to_value(&Status::Gone).unwrap(), Value::Enum("gone".into()));
    let error = from_value::<Status>(&Value::from("AllWell")).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::UnknownCase { name: "AllWell".into(), of: "Status".into() });
}

#[test]
fn a_union_says_its_cases_and_labels() {
    let Type::Union(ty) = Shape::describe() else { panic!("not a union") };
    assert_eq!((ty.name.as_ref(), ty.repository_id.as_deref()), ("Shape", Some("IDL:Shape:1.0")));
    assert_eq!(ty.discriminator.resolve(), &Type::I32);
    let cases: Vec<_> =
        ty.cases.iter().map(|c| (c.name.as_ref(), c.labels.as_ref(), c.ty.to_string())).collect();
    let expected: [(_, &[i64], _); 5] = [
        ("Empty", &[0], "void"),
        ("Circle", &[1], "Circle"),
        ("box", &[30], "(f64, f64)"),
        ("Many", &[4, -5], "sequence<Shape>"),
        ("Other", &[], "string"),
    ];
    assert_eq!(cases, expected.map(|(name, labels, ty)| (name, labels, ty.to_owned())));
    assert_eq!(ty.cases[0].doc, "No shape.");

    let Type::Union(ty) = Detail::<i32>::describe() else { panic!("not a union") };
    assert_eq!(ty.discriminator.resolve().name(), Some("Status"));
    let Type::Union(ty) = Wide::describe() else { panic!("not a union") };
    assert_eq!(ty.discriminator.resolve(), &Type::I64);
}

#[test]
fn unions_travel() {
    let circle = Shape::Circle(Circle { radius: 2.0 });
    for shape in [Shape::Empty, circle.clone(), Shape::Rectangle((1.0, 2.0)), Shape::Other("x".into())] {
        there_and_back(&shape);
    }
    there_and_back(&vec![Shape::Many(vec![circle, Shape::Empty]), Shape::Many(vec![])]);
    there_and_back(&Detail::Reason("late".to_owned()));
    there_and_back(&Detail::<Shape>::None);
    there_and_back(&Wide::Far(1));
    assert_eq!(to_value(&Shape::Empty).unwrap(), Value::Union("Empty".into(), Box::new(Value::Nil)));
}

#[test]
fn errors_name_the_case() {
    let wrong = Value::Union(
        "Many".into(),
        Box::new(Value::Sequence(vec![Value::Union(
            "Circle".into(),
            Box::new(Value::Struct(farcall_model::Record::new().with("radius", "wide"))),
        )])),
    );
    assert_eq!(from_value::<Shape>(&wrong).unwrap_err().path(), "Many[0].Circle.radius");
    let unknown = Value::Union("Star".into(), Box::new(Value::Nil));
    let error = from_value::<Shape>(&unknown).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::UnknownCase { name: "Star".into(), of: "Shape".into() });
    let error = positionally::<_, Wide>(&Shape::Other(String::new())).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::UnknownCase { name: "4".into(), of: "Wide".into() });
}
