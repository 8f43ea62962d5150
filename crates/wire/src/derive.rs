//! What the code that `#[derive(Wire)]` writes consists of. One call a field
//! keeps derived code small, and its error paths in one place.
//!
//! ```
//! use farcall_model::{Field, StructType, Type, TypeRef};
//! use farcall_wire::{ValueDecoder, derive};
//!
//! let ty = StructType::new("P", vec![Field::new("a".into(), TypeRef::from(Type::I32))]);
//! let error = derive::present::<i32, _>(&ValueDecoder::new(&().into()), &ty, 0, None).unwrap_err();
//! assert_eq!(error.to_string(), "field 'a' is missing (byte 0)");
//! ```

use farcall_model::StructType;

use crate::{CodecError, Decode, Decoder, Describe, Encode, Encoder, ErrorKind, Written};

/// The name of an instance of a generic type.
#[must_use]
pub const fn name<T: Describe + ?Sized>() -> &'static str {
    const { &T::LABEL }.as_str()
}

/// Writes the field at that position.
///
/// # Errors
/// As [`Encoder`]; the error names the field.
pub fn write<E: Encoder, T: Encode>(out: &mut E, ty: &StructType, index: usize, value: &T) -> Written {
    write_with(out, ty, index, |out| value.encode(out))
}

/// Writes the field at that position by a function of its own.
///
/// # Errors
/// As [`write`].
pub fn write_with<E: Encoder>(
    out: &mut E,
    ty: &StructType,
    index: usize,
    write: impl FnOnce(&mut E) -> Written,
) -> Written {
    out.field(&ty.fields[index], write).map_err(|e| in_field(e, ty, index))
}

/// Reads the value of the field at that position.
///
/// # Errors
/// As [`Decoder`]; the error names the field.
#[inline]
pub fn read<T: Decode, D: Decoder>(from: &mut D, ty: &StructType, index: usize) -> Result<T, CodecError> {
    T::decode(from).map_err(|e| in_field(e, ty, index))
}

/// The value of a field that was read, or what stands for it where it is missing.
///
/// # Errors
/// [`ErrorKind::MissingField`].
pub fn present<T: Decode, D: Decoder>(
    from: &D,
    ty: &StructType,
    index: usize,
    value: Option<T>,
) -> Result<T, CodecError> {
    value.or_else(T::missing).ok_or_else(|| missing(ty, index, from.offset()))
}

/// An error inside the field at that position.
#[cold]
#[must_use]
pub fn in_field(error: CodecError, ty: &StructType, index: usize) -> CodecError {
    error.in_field(ty.fields[index].name.clone())
}

/// The error for a field that must be there and is not.
#[cold]
#[must_use]
pub fn missing(ty: &StructType, index: usize, offset: usize) -> CodecError {
    CodecError::new(ErrorKind::MissingField(ty.fields[index].name.to_string())).at(offset)
}

/// The error for a position, of a field or case, that a codec made up.
#[cold]
#[must_use]
pub fn no_such(position: usize, of: &str) -> CodecError {
    CodecError::new(ErrorKind::UnknownCase { name: position.to_string(), of: of.to_owned() })
}
