//! [`TypeCode`]: descriptions of types as values.

use farcall_model::{Type, TypeRef};

use crate::{CodecError, Decode, Decoder, Describe, Encode, Encoder, Written};

/// The description of a type as a value (IDL `TypeCode`).
///
/// ```
/// use farcall_model::{Type, TypeRef, Value};
/// use farcall_wire::{TypeCode, from_value, to_value};
///
/// let code = TypeCode(TypeRef::from(Type::I32));
/// assert_eq!(from_value::<TypeCode>(&to_value(&code)?)?, code);
/// assert_eq!(from_value::<TypeCode>(&Value::from("i32"))?, code);
/// # Ok::<(), farcall_wire::CodecError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TypeCode(pub TypeRef);

impl From<Type> for TypeCode {
    fn from(ty: Type) -> Self {
        Self(ty.into())
    }
}

impl Describe for TypeCode {
    const LABEL: crate::Label = crate::Label::new("TypeCode");

    fn describe() -> &'static Type {
        &Type::TypeCode
    }
}

impl Encode for TypeCode {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.type_code(&self.0)
    }
}

impl Decode for TypeCode {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        from.type_code().map(Self)
    }
}

/// The type that is shown by that name, if it has no parts.
pub(crate) fn basic(name: &str) -> Result<TypeRef, CodecError> {
    const BASIC: [Type; 20] = [
        Type::Null,
        Type::Void,
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
        Type::Char,
        Type::String,
        Type::WideChar,
        Type::WideString,
        Type::Any,
        Type::TypeCode,
    ];
    let found = BASIC.into_iter().find(|ty| ty.to_string() == name).map(TypeRef::from);
    found.ok_or_else(|| CodecError::range(name, "name of a type without parts, such as i32 or string"))
}
