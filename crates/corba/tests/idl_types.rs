//! Types out of IDL in CDR: what comes back of what goes in, and what is refused.

use bytes::Bytes;
use farcall_corba::cdr::{decode_value, encode_value};
use farcall_corba::{ByteOrder, CdrDecoder, CdrEncoder};
use farcall_idl::{Disk, Options, compile, lower};
use farcall_model::{Any, Record, Type, TypeRef, Value};
use farcall_wire::{
    Bounded, CodecError, Encode as _, ErrorKind, Limits, TypeCode, ValueDecoder, ValueEncoder, transcode,
};

mod farcall {
    pub(crate) use {farcall_model as model, farcall_wire as wire};
}

/// The types of the parameters of an operation with that signature, after those declarations.
fn types(declarations: &str, params: &str) -> Vec<TypeRef> {
    let text = format!("{declarations}\ninterface I {{ void op({params}); }};");
    let compiled = compile("types.idl", &text, &Options::default(), &Disk);
    let model = lower(compiled.specification().expect("the IDL is compiled")).unwrap();
    let interface = model.interface("I").unwrap();
    interface.operations[0].params.iter().map(|param| param.field.ty.clone()).collect()
}

fn write(ty: &TypeRef, value: &Value) -> Result<Bytes, CodecError> {
    let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
    transcode(ty.resolve(), &mut ValueDecoder::new(value), &mut out)?;
    Ok(out.into_bytes().into())
}

fn read(ty: &TypeRef, octets: &Bytes) -> Result<Value, CodecError> {
    let mut from = CdrDecoder::encapsulation(octets, &Limits::default())?;
    let mut out = ValueEncoder::new();
    transcode(ty.resolve(), &mut from, &mut out)?;
    from.end()?;
    Ok(out.finish())
}

/// What comes back of a value inside an `any` of that type.
fn through_any(ty: &TypeRef, value: &Value) -> Result<Value, CodecError> {
    let any = TypeRef::from(Type::Any);
    let typed = Value::Any(Box::new(Any { ty: ty.clone(), value: value.clone() }));
    let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
    typed.encode(&mut out)?;
    Ok(match read(&any, &out.into_bytes().into())? {
        Value::Any(any) => any.value,
        value => value,
    })
}

fn union(name: &str, value: impl Into<Value>) -> Value {
    Value::Union(name.to_owned(), Box::new(value.into()))
}

const UNIONS: &str = "
    enum Color { red, green, blue };
    union Open switch (long) { case 1: case 2: long number; case -5: string text; };
    union Some switch (Color) { case red: long n; case blue: string t; };
    union All switch (Color) { case red: long n; case green: case blue: string t; };
    union Yes switch (boolean) { case TRUE: long nothing; };
    union Rest switch (char) { case 'a': long n; default: string t; };";

#[test]
fn a_discriminator_without_a_case_is_no_member() {
    for (params, discriminator, name) in [
        ("in Open x", &[0, 0, 0, 0, 0, 0, 0, 77][..], "nothing"),
        ("in Some x", &[0, 0, 0, 0, 0, 0, 0, 1], "nothing"),
        ("in Yes x", &[0, 0], "nothing_"),
    ] {
        let ty = &types(UNIONS, params)[0];
        let value = union(name, Value::Nil);
        assert_eq!(read(ty, &discriminator.to_vec().into()).unwrap(), value, "{params}");
        assert_eq!(read(ty, &write(ty, &value).unwrap()).unwrap(), value, "{params}");
        assert_eq!(through_any(ty, &value).unwrap(), value, "{params}");
    }
    assert_eq!(
        write(&types(UNIONS, "in Some x")[0], &union("nothing", Value::Nil)).unwrap().last(),
        Some(&1)
    );
    // where all values have a case there is no such thing
    for params in ["in All x", "in Rest x"] {
        let ty = &types(UNIONS, params)[0];
        let Type::Union(all) = ty.resolve() else { unreachable!() };
        assert_eq!((all.nothing(), all.cases.len()), (None, 2), "{params}");
    }
}

#[test]
fn a_case_of_several_labels_is_written_with_its_first() {
    let ty = &types(UNIONS, "in Open x")[0];
    let of = |label: u8| Bytes::from(vec![0, 0, 0, 0, 0, 0, 0, label, 0, 0, 0, 7]);
    let value = union("number", 7);
    assert_eq!(read(ty, &of(2)).unwrap(), value);
    assert_eq!(write(ty, &value).unwrap(), of(1));
}

#[test]
fn the_type_code_of_a_union_has_the_members_that_the_idl_has() {
    let ty = &types(UNIONS, "in Open x")[0];
    let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
    TypeCode(ty.clone()).encode(&mut out).unwrap();
    let octets = out.into_bytes();
    // kind, length, byte order, id, name, discriminator, default index -1, three members
    let members = [&3_u32.to_be_bytes()[..], &(-1_i32).to_be_bytes(), &3_u32.to_be_bytes()].concat();
    assert!(octets.windows(12).any(|part| part == members), "{octets:02x?}");
    assert!(!octets.windows(7).any(|part| part == b"nothing"));
}

const BOUNDS: &str = "
    typedef sequence<long, 2> Two;
    typedef sequence<Two, 3> Rows;
    struct Held { string<3> text; wstring<2> wide; sequence<octet, 4> octets; Rows lines; };";

fn held(text: &str, wide: &str, octets: usize, rows: &[usize]) -> Value {
    let rows = rows.iter().map(|items| Value::Sequence(vec![Value::I32(7); *items])).collect();
    let record = Record::new()
        .with("text", text)
        .with("wide", wide)
        .with("octets", Value::Bytes(vec![1; octets].into()))
        .with("lines", Value::Sequence(rows));
    Value::Struct(Record { name: Some("Held".to_owned()), ..record })
}

#[test]
fn bounds_hold_in_both_directions() {
    let bounded = &types(BOUNDS, "in Held x")[0];
    let free = "typedef sequence<long> Two; typedef sequence<Two> Rows;
        struct Held { string text; wstring wide; sequence<octet> octets; Rows lines; };";
    let free = &types(free, "in Held x")[0];
    let full = held("äöü", "漢字", 4, &[2, 0, 1]);
    assert_eq!(read(bounded, &write(bounded, &full).unwrap()).unwrap(), full);
    for (value, path) in [
        (held("four", "", 0, &[]), "text"),
        (held("", "漢字漢", 0, &[]), "wide"),
        (held("", "", 5, &[]), "octets"),
        (held("", "", 0, &[0, 0, 0, 0]), "lines"),
        (held("", "", 0, &[0, 3]), "lines[1]"),
    ] {
        let octets = write(free, &value).unwrap();
        for error in [write(bounded, &value).unwrap_err(), read(bounded, &octets).unwrap_err()] {
            assert!(matches!(error.kind(), ErrorKind::Count { .. }), "{error}");
            assert!(error.to_string().contains(path), "{error} is not about {path}");
        }
        assert!(through_any(bounded, &value).is_err(), "{path}");
    }
    assert_eq!(through_any(bounded, &full).unwrap(), full);
}

#[test]
fn type_codes_say_the_bounds() {
    let ty = &types(BOUNDS, "in Rows x")[0];
    let code = TypeCode(ty.clone());
    let octets = encode_value(&code).unwrap();
    let back: TypeCode = decode_value(&octets).unwrap();
    assert_eq!(back, code);
    assert_eq!(code.0.to_string(), "sequence<sequence<i32> of 2 at most> of 3 at most");
}

#[derive(Clone, Debug, PartialEq, farcall_macros::Wire)]
#[wire(crate = "crate::farcall", scope = "test")]
struct Typed {
    few: Bounded<Vec<f64>, 2>,
    short: Bounded<String, 3>,
}

#[test]
fn typed_values_are_bounded_too() {
    let typed = |few: &[f64], short: &str| Typed { few: few.to_vec().into(), short: short.into() };
    let fits = typed(&[1.0, 2.0], "äöü");
    assert_eq!(decode_value::<Typed>(&encode_value(&fits).unwrap()).unwrap(), fits);
    let error = encode_value(&typed(&[0.0; 3], "")).unwrap_err();
    assert!(error.to_string().contains("few") && error.to_string().contains("2 at most"), "{error}");
    let octets = encode_value(&(vec![1.0_f64; 3], "".to_owned())).unwrap();
    let error = decode_value::<Typed>(&octets).unwrap_err();
    assert!(error.to_string().contains("few"), "{error}");
    let octets = encode_value(&(vec![1.0_f64], "four".to_owned())).unwrap();
    assert!(decode_value::<Typed>(&octets).unwrap_err().to_string().contains("short"));
}
