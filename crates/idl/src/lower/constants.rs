//! Constants as values of the model.

use farcall_model::{Constant, Decimal, Type, Value};

use super::Lowering;
use crate::spec::{Const, Decl, Ty};

impl Lowering<'_> {
    pub(super) fn constant(&mut self, decl: &Decl, ty: &Ty, value: &Const) {
        let Some(ty) = self.ty(ty) else { return };
        // the resolver has checked that the value is one of the type
        let Some(value) = self.value_of(ty.resolve(), value) else { return };
        let (name, scope) = (decl.called().to_owned().into(), self.scope(decl).into());
        self.out.constants.push(Constant { name, scope, doc: decl.doc.clone().into(), ty, value });
    }

    fn value_of(&self, ty: &Type, value: &Const) -> Option<Value> {
        Some(match value {
            Const::Integer(number) => integer(ty, *number)?,
            #[allow(clippy::cast_possible_truncation, reason = "the constant is declared as the shorter")]
            Const::Float(number) => match ty {
                Type::F32 => Value::F32(*number as f32),
                _ => Value::F64(*number),
            },
            Const::Fixed(number) => Value::Decimal(Decimal::clone(number)),
            Const::Bool(value) => Value::Bool(*value),
            Const::Char(code) => Value::Char(char::from_u32(*code)?),
            Const::Text(text) => Value::String(text.clone()),
            Const::Enum(member) => Value::Enum(self.spec.decl(*member).called().to_owned()),
        })
    }
}

fn integer(ty: &Type, number: i128) -> Option<Value> {
    Some(match ty {
        Type::I8 => Value::I8(number.try_into().ok()?),
        Type::U8 => Value::U8(number.try_into().ok()?),
        Type::I16 => Value::I16(number.try_into().ok()?),
        Type::U16 => Value::U16(number.try_into().ok()?),
        Type::I32 => Value::I32(number.try_into().ok()?),
        Type::U32 => Value::U32(number.try_into().ok()?),
        Type::I64 => Value::I64(number.try_into().ok()?),
        Type::U64 => Value::U64(number.try_into().ok()?),
        _ => return None,
    })
}
