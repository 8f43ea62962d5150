//! Maps, as [`mapping`](crate::mapping) writes them.

use farcall_model::{Type, XmlKind};

use super::structure::{Fields, sole_element};
use super::{Converter, TypeName};
use crate::mapping::{ENTRY, KEY, VALUE};
use crate::schema::{self, ComplexType, Element, Particle, Term, TypeUse};

/// How many arrays and maps may be made of each other.
const NAMELESS: usize = 64;

impl Converter<'_> {
    /// The map that a type is: nothing but `entry`, repeated, of `key` and `value`, all in the
    /// service's namespace, which is where a codec expects them.
    pub(super) fn map(&mut self, ty: &ComplexType, name: &TypeName) -> Option<Type> {
        if name.scope != self.target {
            return None;
        }
        let (key, value) = self.pair(ty)?;
        // a map of itself needs its name
        if !self.ends([key, value].into_iter().filter_map(element_type).collect()) {
            return None;
        }
        let mut fields = Fields::default();
        let parent = TypeName { name: format!("{}Entry", name.name), ..name.clone() };
        for item in [key, value] {
            self.particle(item, false, &parent, &mut fields, 0);
        }
        match fields.list.as_slice() {
            [key, value] if value.xml.kind == XmlKind::Element => {
                Some(Type::Map(key.ty.clone(), value.ty.clone()))
            }
            _ => None,
        }
    }

    /// The key and the value of what looks like a map.
    fn pair<'t>(&self, ty: &'t ComplexType) -> Option<(&'t Particle, &'t Particle)> {
        let plain = |ty: &ComplexType| !ty.mixed && ty.base.is_none() && !has_attributes(ty);
        let [entry] = sequence(ty.particle.as_ref()?)? else { return None };
        let element = self.qualified(entry, ENTRY).filter(|e| !e.nillable)?;
        let TypeUse::Inline(inner) = &element.ty else { return None };
        let schema::Type::Complex(inner) = &**inner else { return None };
        if !plain(ty) || !plain(inner) || entry.max.is_some() || entry.min != 0 {
            return None;
        }
        let [key, value] = sequence(inner.particle.as_ref()?)? else { return None };
        self.qualified(key, KEY)?;
        self.qualified(value, VALUE)?;
        Some((key, value))
    }

    /// Whether what these types are made of comes to an end, or to a type that keeps its name: an
    /// array or map in itself could not be told without one.
    pub(super) fn ends(&self, mut types: Vec<TypeUse>) -> bool {
        for _ in 0..NAMELESS {
            let Some(next) = types.pop() else { return true };
            let ty = match &next {
                TypeUse::Named(name) => self.schemas.types.get(name),
                TypeUse::Inline(ty) => Some(ty),
                TypeUse::Any => None,
            };
            let Some(schema::Type::Complex(ty)) = ty.map(|ty| &**ty) else { continue };
            if let Some((key, value)) = self.pair(ty) {
                types.extend([key, value].into_iter().filter_map(element_type));
            } else if let Some((item, _)) = &ty.array_type {
                types.push(TypeUse::Named(item.clone()));
            } else if let Some(base) = &ty.base {
                // what derives from an array is one
                types.push(TypeUse::Named(base.clone()));
                types.extend(ty.particle.as_ref().and_then(sole_element).map(|element| element.ty.clone()));
            }
        }
        types.is_empty()
    }

    /// The element that a particle is, if it has this name in the service's namespace.
    fn qualified<'p>(&self, particle: &'p Particle, local: &str) -> Option<&'p Element> {
        match &particle.term {
            Term::Element(element) if element.name.is(self.target, local) => Some(element),
            _ => None,
        }
    }
}

/// The type of the element that a particle is.
fn element_type(particle: &Particle) -> Option<TypeUse> {
    match &particle.term {
        Term::Element(element) => Some(element.ty.clone()),
        _ => None,
    }
}

/// Whether elements of a type may have attributes of their own.
pub(super) fn has_attributes(ty: &ComplexType) -> bool {
    !ty.attributes.uses.is_empty() || !ty.attributes.groups.is_empty() || ty.attributes.any.is_some()
}

/// The parts of a sequence that stands once.
fn sequence(particle: &Particle) -> Option<&[Particle]> {
    match &particle.term {
        Term::Sequence(items) if (particle.min, particle.max) == (1, Some(1)) => Some(items),
        _ => None,
    }
}
