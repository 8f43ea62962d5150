//! TypeCodes: the types that `any` values bring along (CORBA 3.3 part 2, §9.3.5.1).
//!
//! They are read into the model's [`farcall_model::Type`] and written from it.
//! A type that contains itself comes again inside as a type of the same name
//! without members: tied to itself it would stay in memory for good, which
//! whoever sends it must not bring about.

mod read;
mod unnamed;
mod write;

pub(crate) use read::read;
pub(crate) use write::write;

/// The numbers of the kinds.
mod kind {
    pub(super) const NULL: u32 = 0;
    pub(super) const VOID: u32 = 1;
    pub(super) const SHORT: u32 = 2;
    pub(super) const LONG: u32 = 3;
    pub(super) const USHORT: u32 = 4;
    pub(super) const ULONG: u32 = 5;
    pub(super) const FLOAT: u32 = 6;
    pub(super) const DOUBLE: u32 = 7;
    pub(super) const BOOLEAN: u32 = 8;
    pub(super) const CHAR: u32 = 9;
    pub(super) const OCTET: u32 = 10;
    pub(super) const ANY: u32 = 11;
    pub(super) const TYPECODE: u32 = 12;
    pub(super) const OBJREF: u32 = 14;
    pub(super) const STRUCT: u32 = 15;
    pub(super) const UNION: u32 = 16;
    pub(super) const ENUM: u32 = 17;
    pub(super) const STRING: u32 = 18;
    pub(super) const SEQUENCE: u32 = 19;
    pub(super) const ARRAY: u32 = 20;
    pub(super) const ALIAS: u32 = 21;
    pub(super) const EXCEPT: u32 = 22;
    pub(super) const LONGLONG: u32 = 23;
    pub(super) const ULONGLONG: u32 = 24;
    pub(super) const LONGDOUBLE: u32 = 25;
    pub(super) const WCHAR: u32 = 26;
    pub(super) const WSTRING: u32 = 27;
    pub(super) const FIXED: u32 = 28;
    pub(super) const VALUE: u32 = 29;
    pub(super) const VALUE_BOX: u32 = 30;
    pub(super) const ABSTRACT: u32 = 32;
    pub(super) const INDIRECTION: u32 = u32::MAX;
}

/// What a TypeCode says of how a value type is written.
mod modifier {
    pub(super) const NONE: i16 = 0;
    pub(super) const CUSTOM: i16 = 1;
    pub(super) const ABSTRACT: i16 = 2;
    pub(super) const TRUNCATABLE: i16 = 3;
}

/// A TypeCode may be made of so many; shared parts would otherwise multiply.
const NODES: usize = 1 << 16;

/// Names of the kinds that this crate does not carry, for messages.
fn unsupported_kind(kind: u32) -> &'static str {
    match kind {
        13 => "Principal",
        31 => "native",
        33 => "local interface",
        _ => "unknown kind",
    }
}
