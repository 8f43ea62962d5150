//! From the tree of a schema document to its components.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Constraint, ConstraintKind, Element, Facet, Origin, Schemas, Type, TypeUse};
use crate::dom::Node;
use crate::mapping::XSD;
use crate::name::QName;

/// How deep anonymous types and groups may nest.
pub(super) const DEPTH: usize = 64;

/// A finding: the message and what it is about.
pub(crate) type Finding<'d> = (String, Node<'d>);

/// One `schema` element, as it is to be read.
#[derive(Debug)]
pub(crate) struct Reading<'d, 's> {
    /// Its namespace, that of the includer if it has none of its own.
    pub(super) target: String,
    /// Whether the namespace comes from an includer: names without one are in it too.
    chameleon: bool,
    qualified_elements: bool,
    pub(super) qualified_attributes: bool,
    /// What a redefinition calls the components that it redefines.
    renamed: HashMap<QName, QName>,
    pub(crate) schemas: &'s mut Schemas,
    pub(crate) findings: Vec<Finding<'d>>,
    /// How deep the reading is in anonymous types and groups.
    pub(super) depth: usize,
}

impl<'d, 's> Reading<'d, 's> {
    pub(crate) fn new(schema: Node<'d>, includer: Option<&str>, schemas: &'s mut Schemas) -> Self {
        let own = schema.attribute("targetNamespace").map(str::trim).filter(|ns| !ns.is_empty());
        let qualified = |name| schema.attribute(name).is_some_and(|form| form.trim() == "qualified");
        Self {
            target: own.or(includer).unwrap_or("").to_owned(),
            chameleon: own.is_none() && includer.is_some_and(|ns| !ns.is_empty()),
            qualified_elements: qualified("elementFormDefault"),
            qualified_attributes: qualified("attributeFormDefault"),
            renamed: HashMap::new(),
            schemas,
            findings: Vec::new(),
            depth: 0,
        }
    }

    /// Reads the global components among the children of a `schema`.
    pub(crate) fn components(&mut self, schema: Node<'d>) {
        for node in schema.children().filter(|n| n.name().namespace == XSD) {
            self.component(node);
        }
    }

    /// Reads the components of a `redefine`, whose document has been read before: each replaces one
    /// and may refer to what it replaces by its own name.
    pub(crate) fn redefine(&mut self, redefine: Node<'d>) {
        for node in redefine.children().filter(|n| n.name().namespace == XSD) {
            let Some(name) = self.global_name(node) else { continue };
            // no NCName holds an apostrophe, so nothing else can be called this
            let mut original = name.clone();
            original.local.push_str("'original");
            while self.schemas.types.contains_key(&original) || self.schemas.groups.contains_key(&original) {
                original.local.push('\'');
            }
            if let Some(ty) = self.schemas.types.remove(&name) {
                self.schemas.types.insert(original.clone(), ty);
            }
            if let Some(group) = self.schemas.groups.remove(&name) {
                self.schemas.groups.insert(original.clone(), group);
            }
            if let Some(group) = self.schemas.attribute_groups.remove(&name) {
                self.schemas.attribute_groups.insert(original.clone(), group);
            }
            self.renamed.insert(name.clone(), original);
            self.component(node);
            self.renamed.remove(&name);
        }
    }

    fn component(&mut self, node: Node<'d>) {
        let Some(name) = self.global_name(node) else { return };
        match &*node.name().local {
            "element" => {
                let element = self.element(node, name.clone());
                self.schemas.elements.entry(name).or_insert_with(|| Arc::new(element));
            }
            // `type` is what the first drafts called a complex type
            "complexType" | "simpleType" | "type" => {
                let ty = self.type_definition(node);
                self.schemas.types.entry(name).or_insert(ty);
            }
            "attribute" => {
                let attribute = self.attribute(node, name.clone());
                self.schemas.attributes.entry(name).or_insert_with(|| Arc::new(attribute));
            }
            "group" => {
                if let Some(particle) = self.first_particle(node) {
                    self.schemas.groups.entry(name).or_insert_with(|| Arc::new(particle));
                }
            }
            "attributeGroup" => {
                let attributes = self.attributes(node);
                self.schemas.attribute_groups.entry(name).or_insert_with(|| Arc::new(attributes));
            }
            _ => {}
        }
    }

    /// The name of a global component; none for what is not one.
    fn global_name(&mut self, node: Node<'d>) -> Option<QName> {
        const NAMED: [&str; 7] =
            ["element", "complexType", "simpleType", "type", "attribute", "group", "attributeGroup"];
        if !NAMED.contains(&&*node.name().local) {
            return None;
        }
        match node.attribute("name").map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => Some(QName::new(&*self.target, name)),
            None => {
                self.find(format!("a global {} needs a name", node.name().local), node);
                None
            }
        }
    }

    pub(super) fn find(&mut self, message: impl Into<String>, node: Node<'d>) {
        self.findings.push((message.into(), node));
    }

    /// What a QName in a value refers to.
    pub(super) fn resolve(&mut self, qname: &str, node: Node<'d>) -> QName {
        let Some(mut name) = node.resolve(qname) else {
            self.find(
                format!("the prefix of {qname} is not declared; taken from the target namespace"),
                node,
            );
            let local = qname.rsplit(':').next().unwrap_or(qname).trim();
            return QName::new(&*self.target, local);
        };
        if self.chameleon && name.namespace.is_empty() {
            name.namespace.clone_from(&self.target);
        }
        match self.renamed.get(&name) {
            Some(original) => original.clone(),
            None => name,
        }
    }

    pub(super) fn named(&mut self, attribute: &str, node: Node<'d>) -> Option<QName> {
        node.attribute(attribute).map(|qname| self.resolve(qname, node))
    }

    /// The type of an element or attribute: named, or defined inside it.
    pub(super) fn type_use(&mut self, node: Node<'d>) -> TypeUse {
        if let Some(name) = self.named("type", node) {
            return TypeUse::Named(name);
        }
        let inside = node.children().find(|c| c.is_xsd("complexType") || c.is_xsd("simpleType"));
        match inside {
            Some(_) if self.depth >= DEPTH => {
                self.find(format!("types nest more than {DEPTH} deep; read as anyType"), node);
                TypeUse::Any
            }
            Some(inside) => TypeUse::Inline(self.type_definition(inside)),
            None => TypeUse::Any,
        }
    }

    fn type_definition(&mut self, node: Node<'d>) -> Arc<Type> {
        self.depth += 1;
        let ty = if node.is_xsd("simpleType") {
            Type::Simple(self.simple_type(node))
        } else {
            Type::Complex(Box::new(self.complex_type(node)))
        };
        self.depth -= 1;
        Arc::new(ty)
    }

    /// The name of a local element or attribute, with the namespace that the form gives it.
    pub(super) fn local_name(&self, node: Node<'d>, name: &str, qualified: bool) -> QName {
        let qualified = match node.attribute("form").map(str::trim) {
            Some("qualified") => true,
            Some("unqualified") => false,
            _ => qualified,
        };
        QName::new(if qualified { &*self.target } else { "" }, name.trim())
    }

    pub(super) fn local_element(&mut self, node: Node<'d>, name: &str) -> Element {
        let name = self.local_name(node, name, self.qualified_elements);
        self.element(node, name)
    }

    fn element(&mut self, node: Node<'d>, name: QName) -> Element {
        Element {
            name,
            ty: self.type_use(node),
            nillable: flag(node, "nillable") || flag(node, "nullable"),
            is_abstract: flag(node, "abstract"),
            substitutes_for: self.named("substitutionGroup", node),
            default: node.attribute("default").map(str::to_owned),
            fixed: node.attribute("fixed").map(str::to_owned),
            constraints: self.constraints(node),
            doc: documentation(node),
            origin: Origin(node.place()),
        }
    }

    fn constraints(&mut self, element: Node<'d>) -> Vec<Constraint> {
        let mut found = Vec::new();
        for node in element.children() {
            let kind = match &*node.name().local {
                "key" => ConstraintKind::Key,
                "keyref" => ConstraintKind::Keyref,
                "unique" => ConstraintKind::Unique,
                _ => continue,
            };
            let xpath = |n: Node<'d>| n.attribute("xpath").unwrap_or_default().to_owned();
            found.push(Constraint {
                kind,
                name: QName::new(&*self.target, node.attribute("name").unwrap_or_default()),
                refer: self.named("refer", node),
                selector: node.child(XSD, "selector").map(xpath).unwrap_or_default(),
                fields: node.children().filter(|n| n.is_xsd("field")).map(xpath).collect(),
            });
        }
        found
    }
}

/// An attribute that is true or false.
pub(super) fn flag(node: Node<'_>, attribute: &str) -> bool {
    matches!(node.attribute(attribute).map(str::trim), Some("true" | "1"))
}

/// The text of a component's documentation.
pub(super) fn documentation(node: Node<'_>) -> String {
    let annotations = node.children().filter(|n| n.is_xsd("annotation"));
    let texts = annotations.flat_map(|a| a.children().filter(|n| n.is_xsd("documentation")));
    let texts: Vec<String> = texts.map(|d| tidy(&d.all_text())).filter(|t| !t.is_empty()).collect();
    texts.join("\n\n")
}

/// Documentation without the indentation of the XML around it.
pub(crate) fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.join("\n").trim().to_owned()
}

/// The facets inside a restriction.
pub(super) fn facets(restriction: Node<'_>) -> Vec<Facet> {
    let facets =
        restriction.children().filter(|n| n.name().namespace == XSD && n.attribute("value").is_some());
    facets
        .map(|n| Facet {
            name: n.name().local.clone(),
            value: n.attribute("value").unwrap_or_default().to_owned(),
            doc: documentation(n),
        })
        .collect()
}
