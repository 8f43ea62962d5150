//! From schema components to the types of the interface model.
//!
//! Types are converted one by one from a queue, never one inside another, so that neither
//! recursion nor long chains matter; references to them are tied when their turn comes.

mod choice;
mod content;
mod facets;
mod map;
mod scalar;
mod structure;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use farcall_model::{Field, Knot, Type, TypeRef, XmlKind, XmlName};

use crate::diagnostic::Severity;
use crate::load::standard::ENCODINGS;
use crate::mapping::XSD;
use crate::name::QName;
use crate::schema::{self, Element, Origin, Schemas, TypeUse};
use scalar::Simple;
pub(crate) use structure::numbered;

/// A finding of the conversion.
pub(crate) type Finding = (Severity, String, Option<Origin>);

/// A type that somebody refers to and that is still to be converted.
struct Pending {
    knot: Knot,
    ty: Arc<schema::Type>,
    name: TypeName,
    /// For the type of values of this type and of all that derive from it: its name in the schema.
    with_derived: Option<QName>,
}

/// The name that a type has in the model.
#[derive(Clone, Debug)]
struct TypeName {
    scope: String,
    name: String,
}

pub(crate) struct Converter<'s> {
    schemas: &'s Schemas,
    /// The namespace of the service.
    target: &'s str,
    named: HashMap<QName, TypeRef>,
    /// Complex types without those that derive from them.
    own: HashMap<QName, TypeRef>,
    simple: HashMap<QName, Simple>,
    /// Anonymous types, by the address of their definition, which the schemas keep alive.
    inline: HashMap<*const schema::Type, TypeRef>,
    substitutions: HashMap<QName, TypeRef>,
    pending: VecDeque<Pending>,
    taken: HashSet<(String, String)>,
    /// The last number given after a name.
    numbers: HashMap<(String, String), u32>,
    /// Whether it was said that there are too many fields.
    is_spent: bool,
    missing: HashSet<QName>,
    types_by_local: Option<HashMap<String, Vec<QName>>>,
    elements_by_local: Option<HashMap<String, Vec<QName>>>,
    fields_left: usize,
    fields_limit: usize,
    pub(crate) findings: Vec<Finding>,
}

impl<'s> Converter<'s> {
    pub(crate) fn new(schemas: &'s Schemas, target: &'s str, fields: usize) -> Self {
        let taken = schemas.types.keys().map(|n| (n.namespace.clone(), n.local.clone())).collect();
        Self {
            schemas,
            target,
            named: HashMap::new(),
            own: HashMap::new(),
            simple: HashMap::new(),
            inline: HashMap::new(),
            substitutions: HashMap::new(),
            pending: VecDeque::new(),
            taken,
            numbers: HashMap::new(),
            is_spent: false,
            missing: HashSet::new(),
            types_by_local: None,
            elements_by_local: None,
            fields_left: fields,
            fields_limit: fields,
            findings: Vec::new(),
        }
    }

    /// Converts what has been referred to. Until then references stand for `any`.
    pub(crate) fn drain(&mut self) {
        while let Some(Pending { knot, ty, name, with_derived }) = self.pending.pop_front() {
            let converted = match (&*ty, with_derived) {
                (schema::Type::Complex(complex), Some(base)) => self.derived_union(complex, &base, &name),
                (schema::Type::Complex(complex), None) => self.complex(&ty, complex, &name),
                // simple types are converted where they are referred to
                (schema::Type::Simple(_), _) => Type::String,
            };
            knot.tie(converted);
        }
    }

    /// The type of that name.
    pub(crate) fn named(&mut self, name: &QName, from: Option<&Origin>) -> TypeRef {
        if let Some(known) = self.named.get(name) {
            return known.clone();
        }
        let ty = match self.definition(name, from) {
            Some(Definition::BuiltIn(simple)) => self.simple_element(simple, name),
            Some(Definition::Declared(declared, ty)) => match &*ty {
                schema::Type::Simple(_) => {
                    let simple = self.simple_named(&declared, from);
                    self.simple_element(simple, &declared)
                }
                schema::Type::Complex(complex) if declared == *name => {
                    let own = self.own(name, &ty);
                    if self.may_be_derived(name, complex) { self.with_derived(name, &ty) } else { own }
                }
                schema::Type::Complex(_) => self.named(&declared, from),
            },
            Some(Definition::OfElement(element)) => self.element_type(&element, None),
            None => Type::Any.into(),
        };
        self.named.insert(name.clone(), ty.clone());
        ty
    }

    /// The type of that name alone, as `xsi:type` gives it: not what may derive from it.
    pub(crate) fn named_alone(&mut self, name: &QName) -> TypeRef {
        match self.schemas.types.get(name).map(Arc::clone) {
            Some(ty) if matches!(&*ty, schema::Type::Complex(_)) => self.own(name, &ty),
            _ => self.named(name, None),
        }
    }

    fn own(&mut self, name: &QName, ty: &Arc<schema::Type>) -> TypeRef {
        if let Some(known) = self.own.get(name) {
            return known.clone();
        }
        let model = TypeName { scope: name.namespace.clone(), name: name.local.clone() };
        let own = self.knot(ty, model, None);
        self.own.insert(name.clone(), own.clone());
        own
    }

    /// The union of a type and those that derive from it.
    fn with_derived(&mut self, name: &QName, ty: &Arc<schema::Type>) -> TypeRef {
        let wanted = TypeName { scope: name.namespace.clone(), name: format!("{}OrDerived", name.local) };
        let model = self.unique(&wanted);
        self.knot(ty, model, Some(name.clone()))
    }

    fn knot(&mut self, ty: &Arc<schema::Type>, name: TypeName, with_derived: Option<QName>) -> TypeRef {
        let knot = Knot::new();
        self.pending.push_back(Pending { knot: knot.clone(), ty: Arc::clone(ty), name, with_derived });
        TypeRef::Knot(knot)
    }

    /// The type that a component uses; `name` is for one without a name.
    fn type_use(&mut self, ty: &TypeUse, name: &TypeName, from: &Origin) -> TypeRef {
        match ty {
            TypeUse::Any => Type::Any.into(),
            TypeUse::Named(name) => self.named(name, Some(from)),
            TypeUse::Inline(ty) => {
                if let Some(known) = self.inline.get(&Arc::as_ptr(ty)) {
                    return known.clone();
                }
                let name = self.unique(name);
                let converted = match &**ty {
                    schema::Type::Simple(simple) => {
                        let qname = QName::new(&*name.scope, &*name.name);
                        let simple = self.simple_type(simple, &qname, 0);
                        self.simple_element(simple, &qname)
                    }
                    schema::Type::Complex(_) => self.knot(ty, name, None),
                };
                self.inline.insert(Arc::as_ptr(ty), converted.clone());
                converted
            }
        }
    }

    /// A name that no other type has: this one, or with a number after it.
    fn unique(&mut self, wanted: &TypeName) -> TypeName {
        let TypeName { scope, name } = wanted.clone();
        let mut candidate = name.clone();
        while !self.taken.insert((scope.clone(), candidate.clone())) {
            // from where the last one ended, or many of one name would take for ever
            let number = self.numbers.entry((scope.clone(), name.clone())).or_insert(1);
            *number += 1;
            candidate = format!("{name}{number}");
        }
        TypeName { scope, name: candidate }
    }

    /// The type of an element; one without a name is named after the element and what holds it.
    fn element_type(&mut self, element: &Element, parent: Option<&TypeName>) -> TypeRef {
        let name = match parent {
            Some(parent) => TypeName {
                scope: parent.scope.clone(),
                name: format!("{}{}", parent.name, capital(&element.name.local)),
            },
            None => TypeName { scope: element.name.namespace.clone(), name: element.name.local.clone() },
        };
        // a member of a substitution group has the type of its head unless it says otherwise
        if let (TypeUse::Any, Some(head)) = (&element.ty, &element.substitutes_for)
            && let Some(head) = self.schemas.elements.get(head)
            && !matches!(head.ty, TypeUse::Any)
        {
            return self.type_use(&head.ty.clone(), &name, &head.origin);
        }
        self.type_use(&element.ty, &name, &element.origin)
    }

    /// The documentation of an element.
    fn documented(&self, element: &Element) -> String {
        self.described(&element.doc, &element.ty, element.default.as_deref(), element.fixed.as_deref())
    }

    /// A global element as a field.
    pub(crate) fn global(&mut self, name: &QName) -> Option<Field> {
        let element = Arc::clone(self.schemas.elements.get(name)?);
        let ty = self.element_type(&element, None);
        let mut field = Field::new(name.local.clone().into(), ty);
        field.xml.namespace = Some(name.namespace.clone().into());
        field.doc = self.documented(&element).into();
        if says_nil(&element) {
            field.ty = Type::Optional(field.ty).into();
            field.xml.kind = XmlKind::Nillable;
        }
        Some(field)
    }

    /// The only global element of a local name, whatever its namespace.
    pub(crate) fn global_meant(&mut self, name: &QName) -> Option<(QName, Field)> {
        let schemas = self.schemas;
        let by_local = self.elements_by_local.get_or_insert_with(|| by_local(schemas.elements.keys()));
        let meant = match by_local.get(&name.local).map(Vec::as_slice) {
            Some([only]) => only.clone(),
            _ => return None,
        };
        let field = self.global(&meant)?;
        Some((meant, field))
    }

    /// The definition of a type, looked for where it was probably meant if it is not where it was
    /// said to be.
    fn definition(&mut self, name: &QName, from: Option<&Origin>) -> Option<Definition> {
        if let Some(found) = self.exact(name) {
            return Some(found);
        }
        let schemas = self.schemas;
        let by_local = self.types_by_local.get_or_insert_with(|| by_local(schemas.types.keys()));
        let meant = match by_local.get(&name.local).map(Vec::as_slice) {
            Some([only]) => Some(only.clone()),
            // some give the name of an element that is of the type
            None if schemas.elements.contains_key(name) => match &schemas.elements[name].ty {
                TypeUse::Named(ty) if ty != name => Some(ty.clone()),
                TypeUse::Inline(_) => return Some(self.of_element(name, from)),
                _ => None,
            },
            None => Some(QName::new(XSD, &*name.local)),
            _ => None,
        };
        let found = meant.as_ref().and_then(|meant| self.exact(meant));
        if self.missing.insert(name.clone()) {
            let (severity, message) = match (&found, &meant) {
                (Some(_), Some(meant)) => {
                    (Severity::Warning, format!("there is no type {name}; read as {meant}"))
                }
                _ => (Severity::Error, format!("there is no type {name}; read as anyType")),
            };
            self.findings.push((severity, message, from.cloned()));
        }
        found
    }

    /// The element of a name that was meant to be a type's.
    fn of_element(&mut self, name: &QName, from: Option<&Origin>) -> Definition {
        if self.missing.insert(name.clone()) {
            let message = format!("there is no type {name}; read as that of the element of this name");
            self.findings.push((Severity::Warning, message, from.cloned()));
        }
        Definition::OfElement(Arc::clone(&self.schemas.elements[name]))
    }

    /// Whether there is a type of exactly this name.
    pub(crate) fn is_exact_type(&self, name: &QName) -> bool {
        self.exact(name).is_some()
    }

    fn exact(&self, name: &QName) -> Option<Definition> {
        if name.namespace == XSD {
            return scalar::built_in(&name.local).map(Definition::BuiltIn);
        }
        if ENCODINGS.contains(&&*name.namespace)
            && let Some(simple) = scalar::built_in(&name.local)
        {
            return Some(Definition::BuiltIn(simple));
        }
        self.schemas.types.get(name).map(|ty| Definition::Declared(name.clone(), Arc::clone(ty)))
    }

    /// Whether so many more values may be listed.
    fn spend_many(&mut self, count: usize) -> bool {
        self.fields_left = self.fields_left.saturating_sub(count);
        self.fields_left > 0 || self.spend()
    }

    /// Whether another field may be made.
    fn spend(&mut self) -> bool {
        if self.fields_left == 0 {
            if !self.is_spent {
                self.is_spent = true;
                let message = format!(
                    "all types together have more fields than `LoadOptions::fields` allows, which is {}; \
                     the rest is left out",
                    self.fields_limit
                );
                self.findings.push((Severity::Error, message, None));
            }
            return false;
        }
        self.fields_left -= 1;
        true
    }
}

enum Definition {
    BuiltIn(Simple),
    Declared(QName, Arc<schema::Type>),
    /// That of an element which has it inside.
    OfElement(Arc<Element>),
}

/// Names by their local parts.
fn by_local<'n>(names: impl Iterator<Item = &'n QName>) -> HashMap<String, Vec<QName>> {
    let mut all: HashMap<String, Vec<QName>> = HashMap::new();
    for name in names {
        all.entry(name.local.clone()).or_default().push(name.clone());
    }
    all
}

/// Whether an element's nil has to be told by the type around its own: any says nil by itself.
fn says_nil(element: &Element) -> bool {
    let any = match &element.ty {
        TypeUse::Any => true,
        TypeUse::Named(name) => name.is(XSD, "anyType"),
        TypeUse::Inline(_) => false,
    };
    element.nillable && !any
}

/// The XML name of a field: said only where it is not the field's own.
fn xml_name(name: &QName, field: &str, kind: XmlKind) -> XmlName {
    let local = (name.local != field).then(|| name.local.clone().into());
    XmlName { namespace: Some(name.namespace.clone().into()), local, kind }
}

pub(crate) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
