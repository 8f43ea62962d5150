//! Content models: fields as elements, and what stands without an element of its own.

use farcall_model::{Field, Type, TypeRef, UnionType, XmlKind};

use super::EmitError;
use super::node::{Node, QName};
use super::schema::{DEPTH, Schemas, documented};
use crate::mapping::{self, CaseName, Particle};

impl Schemas<'_> {
    /// The elements of fields in a type of this namespace.
    pub(super) fn sequence<'f>(
        &mut self,
        namespace: &str,
        fields: impl IntoIterator<Item = &'f Field>,
    ) -> Result<Node, EmitError> {
        let mut sequence = Node::new("xsd:sequence");
        let fields: Vec<&Field> = fields.into_iter().collect();
        for field in &fields {
            let element = match field.xml.kind {
                XmlKind::Content => self.content(namespace, field, fields.len() == 1)?,
                _ => self.field(namespace, field)?,
            };
            sequence.children.push(element.children(documented(&field.doc)));
        }
        Ok(sequence)
    }

    fn field(&mut self, namespace: &str, field: &Field) -> Result<Node, EmitError> {
        let particle = match field.ty.resolve() {
            // always there, so that none is nil
            Type::Optional(_) if field.xml.kind == XmlKind::Nillable => Particle::of_item(&field.ty),
            _ => Particle::of_field(&field.ty, field.default),
        };
        self.element_of(namespace, field.xml.namespace.as_deref(), &mapping::field_name(field), particle)
    }

    /// An element in a type of this namespace, whose own namespace may be said to be another.
    fn element_of(
        &mut self,
        namespace: &str,
        own: Option<&str>,
        name: &str,
        particle: Particle<'_>,
    ) -> Result<Node, EmitError> {
        Ok(match own {
            Some("") => self.particle(name, particle)?.with("form", "unqualified"),
            Some(other) if other != namespace => self.reference(other, name, particle)?,
            _ => self.particle(name, particle)?,
        })
    }

    fn particle(&mut self, name: &str, particle: Particle<'_>) -> Result<Node, EmitError> {
        let ty = self.type_name(particle.content)?;
        let node = occurs(Node::new("xsd:element").with("name", name).with_name("type", ty), &particle);
        Ok(if particle.nillable { node.with("nillable", "true") } else { node })
    }

    /// An element of another namespace: declared there, referred to here.
    fn reference(&mut self, namespace: &str, name: &str, particle: Particle<'_>) -> Result<Node, EmitError> {
        let ty = self.type_name(particle.content)?;
        let qname = QName::new(namespace, name);
        let of = format!("element of type {{{}}}{}", ty.namespace, ty.local);
        if !self.elements.iter().any(|(n, o)| *n == qname && *o == of) {
            self.claim(&qname, of)?;
            let node = Node::new("xsd:element").with("name", name).with_name("type", ty);
            let node = if particle.nillable { node.with("nillable", "true") } else { node };
            self.schema(namespace).nodes.push(node);
        }
        Ok(occurs(Node::new("xsd:element").with_name("ref", qname), &particle))
    }

    /// The choice between the cases of a union.
    pub(super) fn choice(&mut self, namespace: &str, body: &UnionType) -> Result<Node, EmitError> {
        let mut choice = Node::new("xsd:choice");
        for (at, case) in body.cases.iter().enumerate() {
            let particle = Particle::of_item(&case.ty);
            let node = match mapping::case_name(body, at) {
                Some(CaseName::Content) => self.inline(namespace, &case.ty, body.cases.len() == 1)?,
                Some(CaseName::Element(own, local)) => self.element_of(namespace, own, &local, particle)?,
                _ => self.particle(&mapping::ncname(&case.name), particle)?,
            };
            choice.children.push(node.children(documented(&case.doc)));
        }
        Ok(choice)
    }

    /// A field without an element of its own.
    fn content(&mut self, namespace: &str, field: &Field, alone: bool) -> Result<Node, EmitError> {
        let particle = Particle::of_field(&field.ty, field.default);
        Ok(occurs(self.inline(namespace, particle.content, alone)?, &particle))
    }

    /// What stands for a value without an element of its own. A wildcard that is not alone is for
    /// other namespaces, or the elements beside it could be its own (XML Schema Part 1, section 3.8.6,
    /// Unique Particle Attribution).
    fn inline(&mut self, namespace: &str, ty: &TypeRef, alone: bool) -> Result<Node, EmitError> {
        if self.depth >= DEPTH {
            return Err(EmitError::TooDeep { limit: DEPTH });
        }
        self.depth += 1;
        let node = match ty.resolve() {
            Type::Union(body) => self.choice(namespace, body),
            Type::Struct(body) => self.sequence(namespace, body.fields.iter()),
            _ => {
                let whose = if alone { "##any" } else { "##other" };
                Ok(Node::new("xsd:any").with("namespace", whose).with("processContents", "lax"))
            }
        };
        self.depth -= 1;
        node
    }
}

fn occurs(mut node: Node, particle: &Particle<'_>) -> Node {
    if particle.min != 1 {
        node = node.with("minOccurs", particle.min.to_string());
    }
    match particle.max {
        Some(1) => node,
        Some(max) => node.with("maxOccurs", max.to_string()),
        None => node.with("maxOccurs", "unbounded"),
    }
}
