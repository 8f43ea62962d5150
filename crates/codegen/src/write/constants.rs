//! Constants and aliases.

use std::fmt::Write as _;

use farcall_model::{Alias, Constant, Type, Value};

use super::Writer;
use super::types::{Spot, unsupported};
use crate::Error;
use crate::docs::doc;
use crate::names::{Scope, pascal};

impl Writer<'_, '_> {
    pub(super) fn alias(&mut self, alias: &Alias, rust: &str) -> Result<(), Error> {
        doc(&mut self.out, &alias.doc);
        let ty = self.aliased(&alias.ty, Spot { owner: None, place: &alias.name })?;
        let _ = writeln!(self.out, "pub type {rust} = {ty};");
        Ok(())
    }

    pub(super) fn constant(&mut self, constant: &Constant, rust: &str) -> Result<(), Error> {
        let spot = Spot { owner: None, place: &constant.name };
        let ty = match constant.ty.resolve() {
            // no text is owned in a constant, and no decimal can be made in one
            Type::String | Type::WideString | Type::Fixed { .. } | Type::Decimal => "&str".to_owned(),
            Type::WideChar => "char".to_owned(),
            Type::LongDouble => "f64".to_owned(),
            _ => self.ty(&constant.ty, spot)?,
        };
        let value = match (&constant.value, constant.ty.resolve()) {
            (Value::Bool(value), _) => value.to_string(),
            (Value::I8(value), _) => value.to_string(),
            (Value::U8(value), _) => value.to_string(),
            (Value::I16(value), _) => value.to_string(),
            (Value::U16(value), _) => value.to_string(),
            (Value::I32(value), _) => value.to_string(),
            (Value::U32(value), _) => value.to_string(),
            (Value::I64(value), _) => value.to_string(),
            (Value::U64(value), _) => value.to_string(),
            (Value::F32(value), _) if value.is_finite() => format!("{value:?}"),
            (Value::F64(value), _) if value.is_finite() => format!("{value:?}"),
            (Value::Char(value), _) => format!("{value:?}"),
            (Value::String(value), _) => format!("{value:?}"),
            (Value::Decimal(value), _) => format!("{:?}", value.to_string()),
            (Value::Enum(member), Type::Enum(of)) => {
                let mut taken = Scope::default();
                let mut names = of.members.iter().map(|m| (&m.name, taken.claim(pascal(&m.name))));
                let Some((_, variant)) = names.find(|(name, _)| *name == member) else {
                    return Err(unsupported(&constant.name, member));
                };
                format!("{ty}::{variant}")
            }
            (_, ty) => return Err(unsupported(&constant.name, format!("a constant of {ty}"))),
        };
        doc(&mut self.out, &constant.doc);
        let _ = writeln!(self.out, "pub const {rust}: {ty} = {value};");
        Ok(())
    }
}
