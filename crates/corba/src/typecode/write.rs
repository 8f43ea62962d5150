//! Writing TypeCodes.

use std::borrow::Cow;

use farcall_model::{
    AliasType, Case, EnumType, ObjectType, StructType, Type, TypeRef, UnionType, ValueKind, ValueType,
};
use farcall_wire::{CodecError, Encoder as _, Written};

use super::{NODES, kind, modifier, unnamed};
use crate::cdr::CdrEncoder;
use crate::{any, repository};

/// Writes the TypeCode of a type.
pub(crate) fn write(out: &mut CdrEncoder, ty: &Type) -> Written {
    Writer { open: Vec::new(), nodes: 0 }.write(out, ty)
}

struct Writer {
    /// The named types that are being written: their ids, and where they began.
    open: Vec<(String, usize)>,
    nodes: usize,
}

impl Writer {
    fn write(&mut self, out: &mut CdrEncoder, ty: &Type) -> Written {
        self.nodes += 1;
        if self.nodes > NODES {
            return Err(CodecError::limit("TypeCode nodes", NODES));
        }
        match ty {
            Type::Null => out.u32(kind::NULL),
            Type::Void => out.u32(kind::VOID),
            Type::Bool => out.u32(kind::BOOLEAN),
            Type::I8 | Type::U8 => out.u32(kind::OCTET),
            Type::I16 => out.u32(kind::SHORT),
            Type::U16 => out.u32(kind::USHORT),
            Type::I32 => out.u32(kind::LONG),
            Type::U32 => out.u32(kind::ULONG),
            Type::I64 => out.u32(kind::LONGLONG),
            Type::U64 => out.u32(kind::ULONGLONG),
            Type::F32 => out.u32(kind::FLOAT),
            Type::F64 => out.u32(kind::DOUBLE),
            Type::Char => out.u32(kind::CHAR),
            Type::WideChar => out.u32(kind::WCHAR),
            Type::Any => out.u32(kind::ANY),
            Type::LongDouble => out.u32(kind::LONGDOUBLE),
            Type::TypeCode => out.u32(kind::TYPECODE),
            Type::String | Type::Decimal | Type::DateTime | Type::Date | Type::Time | Type::Duration => {
                text(out, kind::STRING, 0)
            }
            Type::WideString => text(out, kind::WSTRING, 0),
            Type::Fixed { digits, scale } => {
                out.u32(kind::FIXED)?;
                out.u16(*digits)?;
                out.u16(*scale)
            }
            Type::Bytes => self.items(out, kind::SEQUENCE, &Type::U8, 0),
            Type::Sequence(item) => self.items(out, kind::SEQUENCE, item.exact(), 0),
            Type::Bounded(inner, bound) => self.bounded(out, inner.exact(), *bound),
            Type::Alias(ty) => self.alias(out, ty),
            Type::Value(ty) => self.value(out, ty),
            Type::Array(item, len) => self.items(out, kind::ARRAY, item.exact(), *len),
            Type::Map(key, value) => self.map(out, key.exact(), value.exact()),
            Type::Optional(inner) => self.optional(out, inner.exact()),
            Type::Tuple(items) => self.tuple(out, items),
            Type::Struct(ty) => self.structure(out, kind::STRUCT, ty),
            Type::Exception(ty) => self.structure(out, kind::EXCEPT, ty),
            Type::Enum(ty) => enum_code(out, ty),
            Type::Union(ty) => match ty.abstract_interface() {
                Some(object) => interface(out, kind::ABSTRACT, object),
                None => self.union(out, ty),
            },
            Type::Object(ty) => interface(out, kind::OBJREF, ty),
            other => Err(CodecError::unsupported(format!("a TypeCode of {other}"), "CORBA has none")),
        }
    }

    fn bounded(&mut self, out: &mut CdrEncoder, inner: &Type, bound: usize) -> Written {
        match inner {
            Type::String => text(out, kind::STRING, bound),
            Type::WideString => text(out, kind::WSTRING, bound),
            Type::Bytes => self.items(out, kind::SEQUENCE, &Type::U8, bound),
            Type::Sequence(item) => self.items(out, kind::SEQUENCE, item.exact(), bound),
            unbounded => self.write(out, unbounded),
        }
    }

    fn alias(&mut self, out: &mut CdrEncoder, ty: &AliasType) -> Written {
        out.u32(kind::ALIAS)?;
        out.encapsulate(|out| {
            out.name(&repository::of(ty.repository_id.as_ref(), &ty.scope, &ty.name))?;
            out.name(&ty.name)?;
            self.write(out, ty.ty.exact())
        })
    }

    /// With the fields of bases as its own: who reads it tells such types apart by their ids.
    fn value(&mut self, out: &mut CdrEncoder, ty: &ValueType) -> Written {
        let id = repository::of_struct(&ty.body);
        if ty.kind == ValueKind::Boxed {
            return self.named(out, kind::VALUE_BOX, &id, |this, out| {
                out.name(&id)?;
                out.name(&ty.body.name)?;
                let inside = ty.body.fields.first().map_or(&Type::Void, |field| field.ty.exact());
                this.write(out, inside)
            });
        }
        self.named(out, kind::VALUE, &id, |this, out| {
            out.name(&id)?;
            out.name(&ty.body.name)?;
            out.i16(match ty.kind {
                ValueKind::Custom => modifier::CUSTOM,
                ValueKind::Abstract => modifier::ABSTRACT,
                ValueKind::Truncatable => modifier::TRUNCATABLE,
                _ => modifier::NONE,
            })?;
            out.u32(kind::NULL)?;
            out.count(ty.body.fields.len())?;
            for field in ty.body.fields.iter() {
                out.name(&field.name)?;
                this.write(out, field.ty.exact())?;
                // public
                out.i16(1)?;
            }
            Ok(())
        })
    }

    fn items(&mut self, out: &mut CdrEncoder, kind: u32, item: &Type, len: usize) -> Written {
        out.u32(kind)?;
        out.encapsulate(|out| {
            self.write(out, item)?;
            out.count(len)
        })
    }

    fn map(&mut self, out: &mut CdrEncoder, key: &Type, value: &Type) -> Written {
        out.u32(kind::SEQUENCE)?;
        out.encapsulate(|out| {
            out.u32(kind::STRUCT)?;
            out.encapsulate(|out| {
                names(out, &unnamed::id("map", [("key", key), ("value", value)]), "", 2)?;
                out.name("key")?;
                self.write(out, key)?;
                out.name("value")?;
                self.write(out, value)
            })?;
            out.u32(0)
        })
    }

    fn optional(&mut self, out: &mut CdrEncoder, inner: &Type) -> Written {
        out.u32(kind::UNION)?;
        out.encapsulate(|out| {
            out.name(&unnamed::id("optional", [("value", inner)]))?;
            out.name("")?;
            out.u32(kind::BOOLEAN)?;
            out.i32(-1)?;
            out.u32(1)?;
            out.bool(true)?;
            out.name("value")?;
            self.write(out, inner)
        })
    }

    fn tuple(&mut self, out: &mut CdrEncoder, items: &[TypeRef]) -> Written {
        out.u32(kind::STRUCT)?;
        out.encapsulate(|out| {
            names(out, &unnamed::id("tuple", items.iter().map(|item| ("", item.exact()))), "", items.len())?;
            for (index, item) in items.iter().enumerate() {
                out.name(&format!("item{index}"))?;
                self.write(out, item.exact())?;
            }
            Ok(())
        })
    }

    /// Writes a type that may contain itself: inside, it is an indirection.
    fn named(
        &mut self,
        out: &mut CdrEncoder,
        kind: u32,
        id: &str,
        write: impl FnOnce(&mut Self, &mut CdrEncoder) -> Written,
    ) -> Written {
        out.align(4);
        if let Some((_, start)) = self.open.iter().find(|(open, _)| !id.is_empty() && open == id) {
            let start = *start;
            out.u32(kind::INDIRECTION)?;
            let offset = i32::try_from(out.position() - start)
                .map_err(|_| CodecError::limit("TypeCode indirection", i32::MAX as usize))?;
            return out.i32(-offset);
        }
        self.open.push((id.to_owned(), out.position()));
        out.u32(kind)?;
        out.encapsulate(|out| write(self, out))?;
        self.open.pop();
        Ok(())
    }

    fn structure(&mut self, out: &mut CdrEncoder, kind: u32, ty: &StructType) -> Written {
        let id = match &*ty.name {
            "" => Cow::Owned(unnamed::of_struct(ty)),
            _ => repository::of_struct(ty),
        };
        self.named(out, kind, &id, |this, out| {
            names(out, &id, &ty.name, ty.fields.len())?;
            for field in ty.fields.iter() {
                out.name(&field.name)?;
                this.write(out, field.ty.exact())?;
            }
            Ok(())
        })
    }

    fn union(&mut self, out: &mut CdrEncoder, ty: &UnionType) -> Written {
        let id = match &*ty.name {
            "" => {
                let cases = ty.cases.iter().map(|case| (&*case.name, case.ty.exact()));
                Cow::Owned(unnamed::id("union", cases))
            }
            name => repository::of(ty.repository_id.as_ref(), &ty.scope, name),
        };
        let discriminator = ty.discriminator.exact();
        self.named(out, kind::UNION, &id, |this, out| {
            out.name(&id)?;
            out.name(&ty.name)?;
            this.write(out, discriminator)?;
            // what no case has is not said, as in IDL
            let nothing = ty.nothing();
            let cases = ty.cases.iter().enumerate();
            let said: Vec<&Case> =
                cases.filter(|(index, _)| Some(*index) != nothing).map(|(_, case)| case).collect();
            let labels = said.iter().map(|case| case.labels.len().max(1));
            let before =
                |index: usize| -> usize { said[..index].iter().map(|case| case.labels.len().max(1)).sum() };
            let default = said.iter().position(|case| case.labels.is_empty()).map(before);
            out.i32(default.map_or(-1, |index| i32::try_from(index).unwrap_or(-1)))?;
            out.count(labels.sum())?;
            for case in said {
                let none = case.labels.is_empty().then_some(None);
                for label in case.labels.iter().copied().map(Some).chain(none) {
                    match label {
                        Some(label) => any::write_discriminator(out, discriminator, label)?,
                        None => out.u8(0)?,
                    }
                    out.name(&case.name)?;
                    this.write(out, case.ty.exact())?;
                }
            }
            Ok(())
        })
    }
}

fn interface(out: &mut CdrEncoder, kind: u32, ty: &ObjectType) -> Written {
    out.u32(kind)?;
    out.encapsulate(|out| {
        out.name(&repository::of_object(ty))?;
        out.name(&ty.interface)
    })
}

fn text(out: &mut CdrEncoder, kind: u32, bound: usize) -> Written {
    out.u32(kind)?;
    out.count(bound)
}

fn names(out: &mut CdrEncoder, id: &str, name: &str, members: usize) -> Written {
    out.name(id)?;
    out.name(name)?;
    out.count(members)
}

fn enum_code(out: &mut CdrEncoder, ty: &EnumType) -> Written {
    out.u32(kind::ENUM)?;
    out.encapsulate(|out| {
        let id = repository::of(ty.repository_id.as_ref(), &ty.scope, &ty.name);
        names(out, &id, &ty.name, ty.members.len())?;
        ty.members.iter().try_for_each(|member| out.name(&member.name))
    })
}
