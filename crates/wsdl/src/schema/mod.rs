//! The components of XML Schema 1.0 as a set of documents declares them (XML Schema Part 1,
//! section 3): everything that was read, whether or not the interface model has a word for it.
//!
//! [`Definitions`](crate::Definitions) has the model's view; this is for what goes beyond it, such
//! as checking facets or printing a schema.
//!
//! ```
//! use farcall_wsdl::{LoadOptions, QName, load_str, schema::Type};
//!
//! let text = r#"<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">
//!   <simpleType name="Code"><restriction base="string"><maxLength value="4"/></restriction></simpleType>
//! </schema>"#;
//! let definitions = load_str(text, "a.xsd", &LoadOptions::default())?;
//! let code = definitions.schemas.ty(&QName::new("urn:a", "Code")).unwrap();
//! assert!(matches!(&**code, Type::Simple(code) if code.facets[0].value == "4"));
//! # Ok::<(), farcall_wsdl::LoadError>(())
//! ```

pub(crate) mod attributes;
pub(crate) mod content;
pub(crate) mod parse;
pub(crate) mod simple;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::dom::Place;
use crate::name::QName;

/// What the locations of the built-in schemas begin with.
pub(crate) const BUILT_IN: &str = "(built in) ";

/// Where a component is declared: in which document, and at which line and column.
#[derive(Clone)]
pub struct Origin(pub(crate) Place);

impl Origin {
    /// The document.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.0.document.location
    }

    /// Whether it is one of the schemas that are built in.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.location().starts_with(BUILT_IN)
    }

    /// Line and column, both from 1.
    #[must_use]
    pub fn line_column(&self) -> (usize, usize) {
        let position = self.0.position();
        (position.line, position.column)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.location())
    }
}

/// All the global components of a set of schemas.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Schemas {
    /// Elements.
    pub elements: HashMap<QName, Arc<Element>>,
    /// Attributes.
    pub attributes: HashMap<QName, Arc<Attribute>>,
    /// Types, simple and complex.
    pub types: HashMap<QName, Arc<Type>>,
    /// Model groups.
    pub groups: HashMap<QName, Arc<Particle>>,
    /// Attribute groups.
    pub attribute_groups: HashMap<QName, Arc<Attributes>>,
    /// For the head of each substitution group, its members, in the order of their names.
    pub substitutes: HashMap<QName, Vec<QName>>,
    /// For each complex type, those that extend or restrict it directly, in the order of their names.
    pub derived: HashMap<QName, Vec<QName>>,
}

impl Schemas {
    /// The element of that name.
    #[must_use]
    pub fn element(&self, name: &QName) -> Option<&Arc<Element>> {
        self.elements.get(name)
    }

    /// The type of that name, the built-in ones of XML Schema left out.
    #[must_use]
    pub fn ty(&self, name: &QName) -> Option<&Arc<Type>> {
        self.types.get(name)
    }

    /// Fills in what follows from all components together.
    pub(crate) fn link(&mut self) {
        for (name, element) in &self.elements {
            if let Some(head) = &element.substitutes_for {
                self.substitutes.entry(head.clone()).or_default().push(name.clone());
            }
        }
        for (name, ty) in &self.types {
            if let Type::Complex(ty) = &**ty
                && let Some(base) = &ty.base
                && base != name
            {
                self.derived.entry(base.clone()).or_default().push(name.clone());
            }
        }
        self.substitutes.values_mut().chain(self.derived.values_mut()).for_each(|names| names.sort());
    }
}

/// How a component refers to a type.
#[derive(Clone, Debug)]
pub enum TypeUse {
    /// By name.
    Named(QName),
    /// By a definition of its own.
    Inline(Arc<Type>),
    /// Not at all: the ur-type, `xsd:anyType`.
    Any,
}

/// An element declaration (section 3.3).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Element {
    /// Its name; without a namespace for a local element that is unqualified.
    pub name: QName,
    /// Its type.
    pub ty: TypeUse,
    /// Whether `xsi:nil` may stand for its content.
    pub nillable: bool,
    /// Whether only a substitute may stand for it.
    pub is_abstract: bool,
    /// The head of the substitution group that it belongs to.
    pub substitutes_for: Option<QName>,
    /// What an empty element means.
    pub default: Option<String>,
    /// The only value it may have.
    pub fixed: Option<String>,
    /// Keys, references to keys, and unique fields.
    pub constraints: Vec<Constraint>,
    /// The text of its documentation.
    pub doc: String,
    /// Where it is declared.
    pub origin: Origin,
}

/// An identity constraint (section 3.11).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Constraint {
    /// Which of the three it is.
    pub kind: ConstraintKind,
    /// Its name.
    pub name: QName,
    /// The key that a `keyref` refers to.
    pub refer: Option<QName>,
    /// The XPath of the elements that it is about.
    pub selector: String,
    /// The XPaths of the values that make it up.
    pub fields: Vec<String>,
}

/// The kinds of [`Constraint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// Present and unique.
    Key,
    /// Among the values of a key.
    Keyref,
    /// Unique where present.
    Unique,
}

/// A type definition.
#[derive(Debug)]
pub enum Type {
    /// Text only (section 3.14).
    Simple(SimpleType),
    /// Elements or attributes too (section 3.4).
    Complex(Box<ComplexType>),
}

impl Type {
    /// The text of its documentation.
    #[must_use]
    pub fn doc(&self) -> &str {
        match self {
            Self::Simple(ty) => &ty.doc,
            Self::Complex(ty) => &ty.doc,
        }
    }

    /// Where it is defined.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        match self {
            Self::Simple(ty) => &ty.origin,
            Self::Complex(ty) => &ty.origin,
        }
    }
}

/// A simple type: how it comes from others, and what narrows it.
#[derive(Debug)]
#[non_exhaustive]
pub struct SimpleType {
    /// Where its values come from.
    pub variety: Variety,
    /// The facets of this step, enumerations among them, in order.
    pub facets: Vec<Facet>,
    /// The text of its documentation.
    pub doc: String,
    /// Where it is defined.
    pub origin: Origin,
}

/// How a simple type is made.
#[derive(Debug)]
pub enum Variety {
    /// Values of a base type that satisfy the facets.
    Restriction(TypeUse),
    /// Values of one type, separated by white space.
    List(TypeUse),
    /// Values of any of some types.
    Union(Vec<TypeUse>),
}

/// A constraining facet (Part 2, section 4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facet {
    /// `maxLength`, `pattern`, `enumeration`, …
    pub name: String,
    /// Its value, as written.
    pub value: String,
    /// The text of its documentation.
    pub doc: String,
}

/// A complex type.
#[derive(Debug)]
#[non_exhaustive]
pub struct ComplexType {
    /// The type that it extends or restricts.
    pub base: Option<QName>,
    /// How it comes from its base.
    pub derivation: Derivation,
    /// Whether its content is text rather than elements.
    pub simple_content: bool,
    /// Facets of restricted simple content.
    pub facets: Vec<Facet>,
    /// Its own elements; those of the base of an extension come first.
    pub particle: Option<Particle>,
    /// Its own attributes.
    pub attributes: Attributes,
    /// Whether text may stand between its elements.
    pub mixed: bool,
    /// Whether only types derived from it may be used.
    pub is_abstract: bool,
    /// The item type of a SOAP array, from `wsdl:arrayType`: the name and the brackets after it.
    pub array_type: Option<(QName, String)>,
    /// The text of its documentation.
    pub doc: String,
    /// Where it is defined.
    pub origin: Origin,
}

/// How a complex type comes from its base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derivation {
    /// More elements and attributes.
    Extension,
    /// Some of the values of the base.
    Restriction,
}

/// A part of a content model, and how often it stands (section 3.9).
#[derive(Clone, Debug)]
pub struct Particle {
    /// At least.
    pub min: u32,
    /// At most; none for any number.
    pub max: Option<u32>,
    /// What stands.
    pub term: Term,
}

/// What a [`Particle`] is about.
#[derive(Clone, Debug)]
pub enum Term {
    /// A local element.
    Element(Arc<Element>),
    /// A global element, or one that substitutes for it.
    Reference(QName),
    /// All of them in order.
    Sequence(Vec<Particle>),
    /// One of them.
    Choice(Vec<Particle>),
    /// All of them in any order.
    All(Vec<Particle>),
    /// A global model group.
    Group(QName),
    /// An element that the schema does not name.
    Any(Wildcard),
}

/// Elements or attributes of some namespaces (section 3.10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wildcard {
    /// `##any`, `##other`, or a list of namespaces, `##local` and `##targetNamespace`.
    pub namespaces: String,
    /// `strict`, `lax` or `skip`.
    pub process_contents: String,
}

/// The attributes of a type or attribute group (section 3.6).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Attributes {
    /// Its own.
    pub uses: Vec<AttributeUse>,
    /// Groups whose attributes it has too.
    pub groups: Vec<QName>,
    /// Whether it may have others.
    pub any: Option<Wildcard>,
}

/// An attribute of a type (section 3.5).
#[derive(Clone, Debug)]
pub enum AttributeUse {
    /// A local one.
    Local(Arc<Attribute>),
    /// A global one, and whether it is required.
    Reference(QName, Presence),
}

/// An attribute declaration (section 3.2).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attribute {
    /// Its name; mostly without a namespace.
    pub name: QName,
    /// Its type.
    pub ty: TypeUse,
    /// Whether it must be there.
    pub presence: Presence,
    /// What its absence means.
    pub default: Option<String>,
    /// The only value it may have.
    pub fixed: Option<String>,
    /// The text of its documentation.
    pub doc: String,
    /// Where it is declared.
    pub origin: Origin,
}

/// Whether an attribute must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It may be missing.
    Optional,
    /// It must be there.
    Required,
    /// A restriction takes it away.
    Prohibited,
}
