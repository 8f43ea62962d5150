//! Unions: of the elements of a choice, of a substitution group, and of the types that derive from
//! an abstract one.

use std::collections::{HashMap, HashSet, VecDeque};

use farcall_model::{Case, EnumMember, EnumType, Text, Type, TypeRef, UnionType};

use super::content::Occurs;
use super::structure::numbered;
use super::{Converter, TypeName};
use crate::load::standard::ENCODINGS;
use crate::mapping::XSI;
use crate::name::QName;
use crate::schema::{self, ComplexType, Element, Particle, Term};

/// How many derived types are looked at to find one that is not abstract.
const LOOKED_AT: usize = 1000;

/// The cases of a union as they are found.
#[derive(Default)]
struct Cases {
    list: Vec<Case>,
    /// The XML name of each; none for content without an element of its own.
    names: Vec<Option<QName>>,
    seen: HashSet<QName>,
    taken: HashMap<String, u32>,
    /// Whether one of the cases may be nothing at all.
    may_be_empty: bool,
}

impl Cases {
    fn push(&mut self, name: &str, ty: TypeRef, xml: Option<QName>, doc: &str) {
        // one element in several branches is still one case
        if xml.as_ref().is_some_and(|xml| !self.seen.insert(xml.clone())) {
            return;
        }
        let unique = numbered(name, &mut self.taken);
        let labels = vec![self.list.len() as i64].into();
        self.list.push(Case { name: unique.into(), labels, ty, doc: doc.to_owned().into() });
        self.names.push(xml);
    }

    /// The union; `told_by` is `element` or `type`.
    fn finish(self, name: TypeName, told_by: &'static str, doc: &str) -> Type {
        let clark = |name: Option<QName>| name.map_or_else(String::new, |n| n.to_string());
        let members = self.names.into_iter().enumerate().map(|(at, name)| EnumMember {
            name: clark(name).into(),
            value: at as i64,
            doc: Text::default(),
        });
        let discriminator = EnumType {
            name: told_by.into(),
            scope: XSI.into(),
            repository_id: None,
            doc: Text::default(),
            members: members.collect(),
        };
        Type::Union(UnionType {
            name: name.name.into(),
            scope: name.scope.into(),
            repository_id: None,
            doc: doc.to_owned().into(),
            discriminator: Type::Enum(discriminator).into(),
            cases: self.list.into(),
        })
    }
}

impl Converter<'_> {
    /// The union that a choice is, and whether nothing at all may stand for it. None if it has no
    /// branches, or none with anything in it: then there is nothing to send.
    pub(super) fn choice(
        &mut self,
        items: &[Particle],
        parent: &TypeName,
        depth: usize,
    ) -> Option<(TypeRef, bool)> {
        let wanted = TypeName { name: format!("{}Choice", parent.name), ..parent.clone() };
        let name = self.unique(&wanted);
        let mut cases = Cases::default();
        self.branches(items, &name, &mut cases, depth);
        let may_be_empty = cases.may_be_empty;
        (!cases.list.is_empty()).then(|| (cases.finish(name, "element", "").into(), may_be_empty))
    }

    /// The union that a type is which has nothing in it but one choice; none for other types.
    pub(super) fn choice_alone(&mut self, ty: &ComplexType, name: &TypeName) -> Option<Type> {
        let plain = !ty.mixed && !ty.simple_content && ty.base.is_none() && !super::map::has_attributes(ty);
        // what derives from it adds fields to it
        let is_base = self.schemas.derived.contains_key(&QName::new(&*name.scope, &*name.name));
        let items = choice(ty.particle.as_ref()?).filter(|_| plain && !is_base)?;
        // what may be empty is an optional choice, and needs a field to be absent in
        if items.len() < 2 || self.may_be_empty(items, 0) {
            return None;
        }
        let mut cases = Cases::default();
        self.branches(items, name, &mut cases, 0);
        Some(cases.finish(name.clone(), "element", &ty.doc))
    }

    /// Whether nothing at all may stand for a choice.
    fn may_be_empty(&mut self, items: &[Particle], depth: usize) -> bool {
        items.iter().any(|item| {
            item.min == 0
                || depth > super::structure::DEPTH
                || match &item.term {
                    Term::Choice(items) => self.may_be_empty(items, depth + 1),
                    Term::Sequence(items) | Term::All(items) if items.len() <= 1 => {
                        items.is_empty() || self.may_be_empty(items, depth + 1)
                    }
                    Term::Group(group) => self
                        .group(group)
                        .is_none_or(|group| self.may_be_empty(std::slice::from_ref(&*group), depth + 1)),
                    _ => false,
                }
        })
    }

    fn branches(&mut self, items: &[Particle], name: &TypeName, cases: &mut Cases, depth: usize) {
        for item in items {
            self.branch(item, name, cases, depth);
        }
    }

    fn branch(&mut self, item: &Particle, name: &TypeName, cases: &mut Cases, depth: usize) {
        if depth > super::structure::DEPTH || !self.spend() {
            return;
        }
        cases.may_be_empty |= item.min == 0;
        let once = !Occurs::of(item).is_repeated();
        match &item.term {
            Term::Element(element) if once => {
                let ty = self.element_type(element, Some(name));
                cases.push(&element.name.local, nil(element, ty), Some(element.name.clone()), &element.doc);
            }
            Term::Reference(of) if once => match self.referred(of) {
                Some(element) if self.schemas.substitutes.contains_key(of) => {
                    self.members(of, &element, cases)
                }
                Some(element) => {
                    let ty = self.element_type(&element, None);
                    cases.push(&of.local, nil(&element, ty), Some(of.clone()), &element.doc);
                }
                None => cases.push("any", Type::Any.into(), None, ""),
            },
            Term::Choice(items) if once => self.branches(items, name, cases, depth + 1),
            Term::Sequence(items) | Term::All(items) if once && items.len() == 1 => {
                self.branch(&items[0], name, cases, depth + 1);
            }
            Term::Sequence(items) if items.is_empty() => cases.may_be_empty = true,
            Term::Group(group) if once => {
                if let Some(group) = self.group(group) {
                    self.branch(&group, name, cases, depth + 1);
                }
            }
            Term::Any(_) if once => cases.push("any", Type::Any.into(), None, ""),
            _ => self.group_branch(item, name, cases, depth),
        }
    }

    /// A branch of several elements: they stand together, without one around them.
    fn group_branch(&mut self, item: &Particle, name: &TypeName, cases: &mut Cases, depth: usize) {
        let once = !Occurs::of(item).is_repeated();
        let ty = match &item.term {
            Term::Sequence(items) | Term::All(items) if once => self.group_type(items, name, depth + 1),
            _ => self.group_type(std::slice::from_ref(item), name, depth + 1),
        };
        let label = match &item.term {
            Term::Element(element) => &*element.name.local,
            Term::Reference(name) | Term::Group(name) => &*name.local,
            Term::Any(_) => "any",
            _ => "group",
        };
        cases.push(label, ty, None, "");
    }

    /// The union of the elements that may stand for the head of a substitution group; none if all of
    /// them are abstract.
    pub(super) fn substitution(&mut self, head: &QName, element: &Element) -> Option<TypeRef> {
        if let Some(known) = self.substitutions.get(head) {
            return Some(known.clone());
        }
        let wanted = TypeName {
            scope: head.namespace.clone(),
            name: format!("{}Substitution", super::capital(&head.local)),
        };
        let name = self.unique(&wanted);
        let mut cases = Cases::default();
        self.members(head, element, &mut cases);
        if cases.list.is_empty() {
            return None;
        }
        let ty = TypeRef::from(cases.finish(name, "element", &element.doc));
        self.substitutions.insert(head.clone(), ty.clone());
        Some(ty)
    }

    /// Adds the head of a substitution group, unless it is abstract, and all that may stand for it.
    fn members(&mut self, head: &QName, element: &Element, cases: &mut Cases) {
        if !element.is_abstract {
            let ty = self.element_type(element, None);
            cases.push(&head.local, nil(element, ty), Some(head.clone()), &element.doc);
        }
        let schemas = self.schemas;
        for name in reachable(head, self.fields_left, |name| schemas.substitutes.get(name)) {
            if !self.spend() {
                return;
            }
            let Some(member) = schemas.elements.get(name).filter(|e| !e.is_abstract) else { continue };
            let ty = self.element_type(member, None);
            cases.push(&name.local, nil(member, ty), Some(name.clone()), &member.doc);
        }
    }

    /// Whether `xsi:type` may make a value of a type one of a derived type. SOAP arrays and maps
    /// derive from each other in name only.
    pub(super) fn may_be_derived(&self, name: &QName, ty: &ComplexType) -> bool {
        let is_array = |base: &QName| ENCODINGS.contains(&&*base.namespace);
        !ty.is_abstract
            && ty.array_type.is_none()
            && !ENCODINGS.contains(&&*name.namespace)
            && !ty.base.as_ref().is_some_and(is_array)
            && reachable(name, LOOKED_AT, |name| self.schemas.derived.get(name))
                .any(|name| self.is_concrete(name))
    }

    fn is_concrete(&self, name: &QName) -> bool {
        matches!(self.schemas.types.get(name).map(|ty| &**ty), Some(schema::Type::Complex(ty)) if !ty.is_abstract)
    }

    /// The union of a type, unless it is abstract, and of those that derive from it. The type itself
    /// is the default case: what has no `xsi:type` is of it.
    pub(super) fn derived_union(&mut self, ty: &ComplexType, base: &QName, name: &TypeName) -> Type {
        let mut cases = Cases::default();
        if !ty.is_abstract {
            let own = self.named_alone(base);
            cases.push(&base.local, own, Some(base.clone()), "");
            cases.list.iter_mut().for_each(|case| case.labels = Vec::new().into());
        }
        let schemas = self.schemas;
        for derived in reachable(base, self.fields_left, |name| schemas.derived.get(name)) {
            if !self.spend() {
                break;
            }
            if self.is_concrete(derived) {
                let ty = self.named_alone(derived);
                cases.push(&derived.local, ty, Some(derived.clone()), "");
            }
        }
        cases.finish(name.clone(), "type", &ty.doc)
    }
}

/// The branches of a content model that is one choice, which stands once.
fn choice(particle: &Particle) -> Option<&[Particle]> {
    let once = |particle: &Particle| (particle.min, particle.max) == (1, Some(1));
    match &particle.term {
        Term::Choice(items) if once(particle) => Some(items),
        Term::Sequence(items) if once(particle) && items.len() == 1 => match &items[0].term {
            Term::Choice(inner) if once(&items[0]) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

fn nil(element: &Element, ty: TypeRef) -> TypeRef {
    if super::says_nil(element) { Type::Optional(ty).into() } else { ty }
}

/// What can be reached from a name, breadth first, without the name itself, up to so many.
fn reachable<'s>(
    from: &QName,
    limit: usize,
    next: impl Fn(&QName) -> Option<&'s Vec<QName>>,
) -> impl Iterator<Item = &'s QName> {
    let mut seen: HashSet<&'s QName> = HashSet::new();
    let mut queue: VecDeque<&'s QName> = next(from).into_iter().flatten().collect();
    let from = from.clone();
    let found = std::iter::from_fn(move || {
        loop {
            let name = queue.pop_front()?;
            if *name != from && seen.insert(name) {
                queue.extend(next(name).into_iter().flatten());
                return Some(name);
            }
        }
    });
    found.take(limit)
}
