//! Members of derived structs over XML-RPC: twice, unknown, missing, out of order.

use farcall::Wire;
use farcall::wire::ErrorKind;
use farcall::xmlrpc::{Options, decode_value};

#[derive(Debug, PartialEq, Wire)]
struct Place {
    x: i32,
    y: i32,
    name: Option<String>,
}

fn xml(members: &[(&str, &str)]) -> String {
    let member =
        |(name, value): &(&str, &str)| format!("<member><name>{name}</name><value>{value}</value></member>");
    format!("<value><struct>{}</struct></value>", members.iter().map(member).collect::<String>())
}

const X: (&str, &str) = ("x", "<int>1</int>");
const Y: (&str, &str) = ("y", "<int>2</int>");

fn refused(members: &[(&str, &str)], options: Options) -> ErrorKind {
    decode_value::<Place>(&xml(members), options).unwrap_err().kind().clone()
}

#[test]
fn members_come_in_any_order() {
    let expected = Place { x: 1, y: 2, name: None };
    for members in [[X, Y], [Y, X]] {
        assert_eq!(decode_value::<Place>(&xml(&members), Options::default()).unwrap(), expected);
    }
}

#[test]
fn a_member_that_is_there_twice_is_refused() {
    for members in [[X, X, Y], [X, Y, X], [X, Y, Y]] {
        let kind = refused(&members, Options::default());
        assert!(matches!(kind, ErrorKind::DuplicateField(_)), "{members:?}: {kind:?}");
    }
}

#[test]
fn an_unknown_member_is_passed_over_or_refused_as_the_options_say() {
    let members = [X, ("z", "<array><data/></array>"), Y];
    assert_eq!(decode_value::<Place>(&xml(&members), Options::default()).unwrap().y, 2);
    let strict = Options { refuse_unknown_members: true, ..Options::default() };
    assert_eq!(refused(&members, strict), ErrorKind::UnknownField("z".into()));
}

#[test]
fn a_missing_member_is_named() {
    assert_eq!(refused(&[X], Options::default()), ErrorKind::MissingField("y".into()));
}
