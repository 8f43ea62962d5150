//! Maps, as [`mapping`](crate::mapping) writes them.

use farcall_model::{Type, XmlKind};

use super::structure::Fields;
use super::{Converter, TypeName};
use crate::mapping::{ENTRY, KEY, VALUE};
use crate::schema::{self, ComplexType, Element, Particle, Term, TypeUse};

impl Converter<'_> {
    /// The map that a type is: nothing but `entry`, repeated, of `key` and `value`, all in the
    /// service's namespace, which is where a codec expects them.
    pub(super) fn map(&mut self, ty: &ComplexType, name: &TypeName) -> Option<Type> {
        if name.scope != self.target || ty.mixed || ty.base.is_some() || has_attributes(ty) {
            return None;
        }
        let [entry] = sequence(ty.particle.as_ref()?)? else { return None };
        let element = self.qualified(entry, ENTRY).filter(|e| !e.nillable)?;
        let TypeUse::Inline(inner) = &element.ty else { return None };
        let schema::Type::Complex(inner) = &**inner else { return None };
        if entry.max.is_some()
            || entry.min != 0
            || inner.mixed
            || inner.base.is_some()
            || has_attributes(inner)
        {
            return None;
        }
        let items = sequence(inner.particle.as_ref()?)?;
        let [key, value] = items else { return None };
        self.qualified(key, KEY)?;
        self.qualified(value, VALUE)?;
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

    /// The element that a particle is, if it has this name in the service's namespace.
    fn qualified<'p>(&self, particle: &'p Particle, local: &str) -> Option<&'p Element> {
        match &particle.term {
            Term::Element(element) if element.name.is(self.target, local) => Some(element),
            _ => None,
        }
    }
}

fn has_attributes(ty: &ComplexType) -> bool {
    !ty.attributes.uses.is_empty() || !ty.attributes.groups.is_empty() || ty.attributes.any.is_some()
}

/// The parts of a sequence that stands once.
fn sequence(particle: &Particle) -> Option<&[Particle]> {
    match &particle.term {
        Term::Sequence(items) if (particle.min, particle.max) == (1, Some(1)) => Some(items),
        _ => None,
    }
}
