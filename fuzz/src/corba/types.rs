//! CDR by types that IDL says: values, unions, fixed numbers, TypeCodes and the rest.

use std::sync::OnceLock;

use bytes::Bytes;
use farcall_corba::{ByteOrder, CdrDecoder, CdrEncoder, CodeSets, Version};
use farcall_idl::{Disk, Options, compile, lower};
use farcall_model::TypeRef;
use farcall_wire::{CodecError, Limits, ValueDecoder, ValueEncoder, transcode};

const IDL: &str = "
    module t {
      enum Color { red, green };
      struct Tree; typedef sequence<Tree> Trees;
      struct Tree { string label; Trees branches; };
      union ByColor switch (Color) { case red: Tree t; default: wstring w; };
      union ByChar switch (char) { case 'a': case 'b': fixed<5, 2> price; default: any what; };
      valuetype Node { public string label; public Node left; public Node right; };
      valuetype Named { public long long id; public wstring name; };
      valuetype Person : truncatable Named { public Named other; public sequence<double> numbers; };
      valuetype Boxed sequence<octet>;
      struct All {
        octet o; short s; long double ld; wchar wc; ByColor c; ByChar b; CORBA::TypeCode code; Object ref;
        Node n; Named who; Boxed box; double matrix[2][2]; sequence<any> anys;
      };
    };";

fn types() -> &'static [TypeRef] {
    static TYPES: OnceLock<Vec<TypeRef>> = OnceLock::new();
    TYPES.get_or_init(|| {
        let compiled = compile("types.idl", IDL, &Options::default(), &Disk);
        let specification = compiled.specification().unwrap_or_else(|refused| panic!("{refused}"));
        lower(specification).map(|model| model.types).unwrap_or_default()
    })
}

/// The first octet says the order and the version, the second the type, the rest is a value of it:
/// what is read is written, read and written as the same.
pub fn cdr_types(data: &[u8]) {
    let [how, which, rest @ ..] = data else { return };
    let order = ByteOrder::of_flag(*how);
    let version = [Version::V1_0, Version::V1_1, Version::V1_2][usize::from(*how >> 1) % 3];
    let types = types();
    let Some(ty) = types.get(usize::from(*which) % types.len().max(1)) else { return };
    let sets = CodeSets::PREFERRED;
    let read = |octets: &Bytes| {
        let mut from = CdrDecoder::new(octets, 0, order, version, sets, &Limits::default());
        let mut out = ValueEncoder::new();
        transcode(ty.resolve(), &mut from, &mut out).map(|()| out.finish())
    };
    let write = |value| -> Result<Bytes, CodecError> {
        let mut out = CdrEncoder::new(Vec::new(), order, version, sets);
        transcode(ty.resolve(), &mut ValueDecoder::new(value), &mut out)?;
        Ok(out.into_bytes().into())
    };
    let Ok(value) = read(&Bytes::copy_from_slice(rest)) else { return };
    // a value that comes again may have been passed over, and characters may have no octet
    let Ok(written) = write(&value) else { return };
    let again =
        read(&written).unwrap_or_else(|error| panic!("what was written cannot be read: {error}: {value:?}"));
    let rewritten = write(&again).unwrap_or_else(|error| panic!("{error}: {again:?}"));
    assert_eq!(rewritten, written, "{value:?}");
}
