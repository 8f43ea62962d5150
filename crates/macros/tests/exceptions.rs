//! Exceptions: structs, and enums of several.

mod support;

use std::error::Error as _;

use farcall_macros::{Exception, Wire};
use farcall_model::{Record, Value};
use farcall_wire::{CallError, CodecError, ErrorKind, Exception as _, ValueDecoder, ValueEncoder};
use support::farcall;

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Limit {
    of: String,
}

/// The bank does not do that.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(
    crate = "crate::farcall",
    code = 3,
    name = "refused",
    scope = "Bank",
    id = "IDL:Bank/Refused:1.0",
    message = "balance {balance} is less than {requested:.2}",
    rename_all = "camelCase"
)]
struct Refused {
    /// What there is.
    balance: f64,
    requested: f64,
    #[wire(name = "limit")]
    limits: Vec<Limit>,
    retry_after: Option<i32>,
    #[wire(skip)]
    seen: bool,
}

#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall")]
struct Closed;

#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall", message = "100 % {{gone}}")]
struct Gone {}

#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall")]
enum Ended {
    Closed(Closed),
    Gone(Gone),
}

#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall")]
enum BankError {
    Refused(Refused),
    Ended(Ended),
}

fn refused() -> Refused {
    Refused {
        balance: 1.5,
        requested: 20.0,
        limits: vec![Limit { of: "day".into() }],
        retry_after: None,
        seen: false,
    }
}

fn carried<X: farcall_wire::Exception>(exception: &X) -> Value {
    let mut out = ValueEncoder::new();
    exception.encode_members(&mut out).unwrap();
    out.finish()
}

fn read<X: farcall_wire::Exception>(name: &str, value: &Value) -> Result<Option<X>, CodecError> {
    X::decode_members(name, &mut ValueDecoder::new(value))
}

#[test]
fn an_exception_says_what_it_is() {
    let [ty] = Refused::types()[..] else { panic!("not one") };
    assert_eq!((ty.code, ty.body.name.as_ref(), ty.body.scope.as_ref()), (3, "refused", "Bank"));
    assert_eq!(ty.body.repository_id.as_deref(), Some("IDL:Bank/Refused:1.0"));
    assert_eq!(ty.body.doc, "The bank does not do that.");
    let fields: Vec<_> = ty.body.fields.iter().map(|f| f.name.as_ref()).collect();
    assert_eq!(fields, ["balance", "requested", "limit", "retryAfter"]);
    assert_eq!(ty.body.fields[0].doc, "What there is.");
    assert!(std::ptr::eq(refused().ty(), ty));
    assert_eq!((Closed.ty().code, Closed.ty().body.name.as_ref()), (1, "Closed"));
}

#[test]
fn the_text_for_people() {
    assert_eq!(refused().to_string(), "balance 1.5 is less than 20.00");
    assert_eq!(Closed.to_string(), "Closed");
    assert_eq!(Gone {}.to_string(), "100 % {gone}");
    assert_eq!(BankError::from(refused()).to_string(), refused().to_string());
    assert!(BankError::from(refused()).source().is_none());
    assert_eq!(CallError::from(refused()).to_string(), refused().to_string());
}

#[test]
fn members_travel_by_name_or_repository_id() {
    let members = carried(&refused());
    assert_eq!(read::<Refused>("refused", &members).unwrap(), Some(refused()));
    assert_eq!(read::<Refused>("IDL:Bank/Refused:1.0", &members).unwrap(), Some(refused()));
    assert_eq!(read::<Refused>("Refused", &members).unwrap(), None);
    assert_eq!(read::<Closed>("Closed", &carried(&Closed)).unwrap(), Some(Closed));

    let error = read::<Refused>("refused", &Value::Struct(Record::new().with("balance", 1.0))).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::MissingField("requested".into()));
}

#[test]
fn an_enum_is_one_of_its_exceptions() {
    let names: Vec<_> = BankError::types().iter().map(|ty| ty.body.name.as_ref()).collect();
    assert_eq!(names, ["refused", "Closed", "Gone"]);
    let gone = BankError::Ended(Ended::from(Gone {}));
    assert_eq!(gone.ty().body.name, "Gone");
    assert_eq!(read::<BankError>("Gone", &carried(&gone)).unwrap(), Some(gone));
    let refusal = BankError::from(refused());
    assert_eq!(read::<BankError>("refused", &carried(&refusal)).unwrap(), Some(refusal));
    assert_eq!(read::<BankError>("Unknown", &Value::Nil).unwrap(), None);
}
