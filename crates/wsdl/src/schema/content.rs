//! Reading complex types and content models (XML Schema Part 1, sections 3.4, 3.7 to 3.9).

use std::sync::Arc;

use super::attributes::wildcard;
use super::parse::{DEPTH, Reading, documentation, facets, flag};
use super::{AttributeUse, ComplexType, Derivation, Origin, Particle, Term};
use crate::dom::Node;
use crate::mapping::XSD;
use crate::name::QName;

/// The namespace of WSDL 1.1, which has the attribute that types SOAP arrays.
pub(crate) const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";

impl<'d> Reading<'d, '_> {
    pub(super) fn complex_type(&mut self, node: Node<'d>) -> ComplexType {
        let content = node.children().find(|c| c.is_xsd("complexContent") || c.is_xsd("simpleContent"));
        let derivation =
            content.unwrap_or(node).children().find(|c| c.is_xsd("extension") || c.is_xsd("restriction"));
        // without either, the elements and attributes stand in the type itself
        let body = derivation.unwrap_or(node);
        let mut base = self.named("base", body);
        if base.is_none() && derivation.is_some() {
            self.find("an extension or restriction needs a base; read as one of anyType", body);
        }
        // every type restricts anyType
        base = base.filter(|name| !(name.namespace == XSD && matches!(&*name.local, "anyType" | "ur-type")));
        let drafted = node.attribute("derivedBy").map(str::trim);
        let extends = body.is_xsd("extension") || drafted == Some("extension");
        let simple_content = content.is_some_and(|c| c.is_xsd("simpleContent"))
            || node.attribute("content").map(str::trim) == Some("textOnly");
        let mut attributes = self.attributes(body);
        if derivation.is_some() {
            // strictly they stand in the derivation, but some put them beside it
            let beside = self.attributes(node);
            attributes.uses.extend(beside.uses);
            attributes.groups.extend(beside.groups);
        }
        ComplexType {
            derivation: if extends { Derivation::Extension } else { Derivation::Restriction },
            facets: if simple_content { facets(body) } else { Vec::new() },
            simple_content,
            particle: if simple_content { None } else { self.particles(body) },
            attributes,
            mixed: flag(node, "mixed")
                || content.is_some_and(|c| flag(c, "mixed"))
                || node.attribute("content").map(str::trim) == Some("mixed"),
            is_abstract: flag(node, "abstract"),
            array_type: self.array_type(body),
            base,
            doc: documentation(node),
            origin: Origin(node.place()),
        }
    }

    /// The content model among a node's children: one group, or, as drafts allowed, elements
    /// without one.
    fn particles(&mut self, node: Node<'d>) -> Option<Particle> {
        let mut found: Vec<Particle> = Vec::new();
        for child in node.children() {
            found.extend(self.particle(child));
        }
        if found.len() > 1 {
            return Some(Particle { min: 1, max: Some(1), term: Term::Sequence(found) });
        }
        found.pop()
    }

    /// The content of a global model group.
    pub(super) fn first_particle(&mut self, node: Node<'d>) -> Option<Particle> {
        self.particles(node)
    }

    /// A part of a content model; none for a node that is not one, or that may not occur.
    fn particle(&mut self, node: Node<'d>) -> Option<Particle> {
        if node.name().namespace != XSD {
            return None;
        }
        let term = match &*node.name().local {
            "element" => match (self.named("ref", node), node.attribute("name")) {
                (Some(name), _) => Term::Reference(name),
                (None, Some(name)) => Term::Element(Arc::new(self.local_element(node, name))),
                (None, None) => {
                    self.find("an element needs a name or a ref; left out", node);
                    return None;
                }
            },
            "group" => Term::Group(self.named("ref", node)?),
            "any" => Term::Any(wildcard(node)),
            "sequence" => Term::Sequence(self.nested(node)),
            "choice" => Term::Choice(self.nested(node)),
            "all" => Term::All(self.nested(node)),
            _ => return None,
        };
        let (min, max) = self.occurs(node);
        (max != Some(0)).then_some(Particle { min, max, term })
    }

    fn nested(&mut self, node: Node<'d>) -> Vec<Particle> {
        if self.depth >= DEPTH {
            self.find(format!("groups nest more than {DEPTH} deep; the innermost are left out"), node);
            return Vec::new();
        }
        self.depth += 1;
        let particles = node.children().filter_map(|child| self.particle(child)).collect();
        self.depth -= 1;
        particles
    }

    fn occurs(&mut self, node: Node<'d>) -> (u32, Option<u32>) {
        let number = |value: &str| value.trim().parse::<u32>().ok();
        let min = node.attribute("minOccurs").map_or(Some(1), number);
        let max = match node.attribute("maxOccurs").map(str::trim) {
            Some("unbounded" | "*") => Some(None),
            Some(value) => number(value).map(Some),
            None => Some(Some(min.unwrap_or(1).max(1))),
        };
        if min.is_none() || max.is_none() {
            self.find("minOccurs and maxOccurs are numbers, or unbounded; read as 1", node);
        }
        (min.unwrap_or(1), max.unwrap_or(Some(1)))
    }

    /// The item type of a SOAP array (WSDL 1.1, section 2.2).
    fn array_type(&mut self, body: Node<'d>) -> Option<(QName, String)> {
        let attribute = body.children().find(|c| c.attribute_of(WSDL, "arrayType").is_some())?;
        let value = attribute.attribute_of(WSDL, "arrayType")?.trim();
        let at = value.find('[').unwrap_or(value.len());
        let (name, brackets) = value.split_at(at);
        let brackets = if brackets.is_empty() { "[]" } else { brackets };
        Some((self.resolve(name, attribute), brackets.to_owned()))
    }
}

/// Whether an attribute use is the one that types SOAP arrays.
pub(crate) fn is_array_type(attribute: &AttributeUse) -> bool {
    matches!(attribute, AttributeUse::Reference(name, _) if name.local == "arrayType")
}
