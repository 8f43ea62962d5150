//! Types of the model as types of Rust, as a module calls them.

use farcall_model::{Type, TypeRef};

use super::Writer;
use crate::Error;
use crate::nodes::{Node, NodeId};
use crate::plan::{DEEPEST, Place};
use crate::recursion::in_place;
use crate::traits::Traits;

/// Where a type is written.
#[derive(Clone, Copy)]
pub(super) struct Spot<'s> {
    /// The named type whose member it is the type of: what recurs into that is boxed.
    pub(super) owner: Option<NodeId>,
    /// For errors.
    pub(super) place: &'s str,
}

/// As many items as a tuple on a wire may have.
const LONGEST_TUPLE: usize = 40;

impl Writer<'_, '_> {
    /// The Rust type of a type.
    pub(super) fn ty(&mut self, ty: &TypeRef, at: Spot<'_>) -> Result<String, Error> {
        self.nested(ty, at, 0)
    }

    /// The type that an alias stands for, not the alias itself.
    pub(super) fn aliased(&mut self, ty: &TypeRef, at: Spot<'_>) -> Result<String, Error> {
        self.spelled_out(ty, at, 0)
    }

    fn nested(&mut self, ty: &TypeRef, at: Spot<'_>, depth: usize) -> Result<String, Error> {
        if let Some(alias) = self.plan.alias_of(ty.exact())
            && !self.holds_box(ty, at.owner)
        {
            return Ok(self.name_of(&self.plan.aliases[alias]));
        }
        self.spelled_out(ty, at, depth)
    }

    /// True if a member of that type needs a `Box` somewhere in the type.
    fn holds_box(&self, ty: &TypeRef, owner: Option<NodeId>) -> bool {
        let mut holds = false;
        in_place(ty, &mut |inner| holds |= self.is_boxed(inner, owner));
        holds
    }

    fn is_boxed(&self, ty: &Type, owner: Option<NodeId>) -> bool {
        let to = self.plan.nodes.find(Node::Type(ty));
        owner.zip(to).is_some_and(|edge| self.plan.boxes.contains(&edge))
    }

    fn name_of(&self, place: &Place) -> String {
        self.plan.relative(self.module, place)
    }

    fn spelled_out(&mut self, ty: &TypeRef, at: Spot<'_>, depth: usize) -> Result<String, Error> {
        if depth > DEEPEST {
            return Err(Error::TooDeep { place: at.place.to_owned(), limit: DEEPEST });
        }
        let depth = depth + 1;
        // what stands in an allocation of its own needs no box
        let apart = Spot { owner: None, ..at };
        Ok(match ty.exact() {
            Type::Void => "()".into(),
            Type::Bool => "bool".into(),
            Type::Char => "char".into(),
            Type::String => self.prelude("String", "std::string::String"),
            Type::WideChar => format!("{}<char>", self.facade("wire::Wide")),
            Type::WideString => {
                let string = self.prelude("String", "std::string::String");
                format!("{}<{string}>", self.facade("wire::Wide"))
            }
            Type::Bytes => format!("{}<u8>", self.vec()),
            Type::Any => self.facade("Value"),
            Type::TypeCode => self.facade("wire::TypeCode"),
            Type::Decimal => self.facade("Decimal"),
            Type::LongDouble => self.facade("model::LongDouble"),
            Type::Fixed { digits, scale } => format!("{}<{digits}, {scale}>", self.facade("wire::Fixed")),
            Type::DateTime => self.facade("DateTime"),
            Type::Date => self.facade("Date"),
            Type::Time => self.facade("Time"),
            Type::Duration => self.facade("Duration"),
            Type::Object(object) => match self.plan.interface_of(object) {
                Some(place) => format!("{}<{}Client>", self.facade("Ref"), self.name_of(place)),
                None => self.facade("ObjectRef"),
            },
            Type::Alias(alias) => self.nested(&alias.ty, at, depth)?,
            Type::Bounded(inner, most) => {
                let bounded = self.facade("wire::Bounded");
                format!("{bounded}<{}, {most}>", self.nested(inner, apart, depth)?)
            }
            // none of them is there without saying so
            Type::Optional(inner) if matches!(inner.exact(), Type::Value(_)) => {
                self.nested(inner, at, depth)?
            }
            Type::Value(_) => {
                let value = self.value(ty.exact(), at)?;
                let option = self.prelude("Option", "std::option::Option");
                format!("{option}<{}<{value}>>", self.outside("std", "sync::Arc"))
            }
            Type::Optional(inner) if matches!(inner.resolve(), Type::Optional(_)) => {
                let Type::Optional(inner) = inner.resolve() else { return Err(unsupported(at.place, ty)) };
                format!("{}<{}>", self.facade("Nillable"), self.nested(inner, at, depth)?)
            }
            Type::Optional(inner) => {
                let inner = self.nested(inner, at, depth)?;
                format!("{}<{inner}>", self.prelude("Option", "std::option::Option"))
            }
            Type::Sequence(item) => format!("{}<{}>", self.vec(), self.nested(item, apart, depth)?),
            Type::Array(item, len) => format!("[{}; {len}]", self.nested(item, at, depth)?),
            Type::Map(key, value) => {
                let (key_type, value) = (self.nested(key, apart, depth)?, self.nested(value, apart, depth)?);
                if Traits::can_order(&self.plan.nodes, key) {
                    format!("{}<{key_type}, {value}>", self.outside("std", "collections::BTreeMap"))
                } else {
                    // keys that nothing orders: as pairs, which wires write alike
                    format!("{}<({key_type}, {value})>", self.vec())
                }
            }
            Type::Tuple(items) if items.len() <= LONGEST_TUPLE => {
                let items: Vec<String> =
                    items.iter().map(|item| self.nested(item, at, depth)).collect::<Result<_, _>>()?;
                let comma = if items.len() == 1 { "," } else { "" };
                format!("({}{comma})", items.join(", "))
            }
            named @ (Type::Struct(_) | Type::Enum(_) | Type::Union(_)) => {
                let Some(id) = self.plan.nodes.find(Node::Type(named)) else {
                    return Err(unsupported(at.place, named));
                };
                let name = self.name_of(&self.plan.places[id.0]);
                if self.is_boxed(named, at.owner) {
                    format!("{}<{name}>", self.prelude("Box", "std::boxed::Box"))
                } else {
                    name
                }
            }
            number @ (Type::I8
            | Type::U8
            | Type::I16
            | Type::U16
            | Type::I32
            | Type::U32
            | Type::I64
            | Type::U64
            | Type::F32
            | Type::F64) => number.to_string(),
            other => return Err(unsupported(at.place, other)),
        })
    }

    /// What a value of a value type is of: the type, or the enum of what derives from it.
    fn value(&self, ty: &Type, at: Spot<'_>) -> Result<String, Error> {
        let Some(id) = self.plan.nodes.find(Node::Type(ty)) else {
            return Err(unsupported(at.place, ty));
        };
        Ok(self.name_of(self.plan.families.get(&id).unwrap_or(&self.plan.places[id.0])))
    }

    fn vec(&self) -> String {
        self.prelude("Vec", "std::vec::Vec")
    }
}

pub(super) fn unsupported(place: &str, what: impl std::fmt::Display) -> Error {
    Error::Unsupported { place: place.to_owned(), what: what.to_string() }
}
