//! Reading attributes, attribute groups and wildcards (XML Schema Part 1, sections 3.2, 3.6, 3.10).

use std::sync::Arc;

use super::parse::{Reading, documentation};
use super::{Attribute, AttributeUse, Attributes, Origin, Presence, Wildcard};
use crate::dom::Node;
use crate::name::QName;

impl<'d> Reading<'d, '_> {
    /// The attributes declared among a node's children.
    pub(super) fn attributes(&mut self, node: Node<'d>) -> Attributes {
        let mut found = Attributes::default();
        for child in node.children() {
            if child.is_xsd("attribute") {
                if let Some(name) = self.named("ref", child) {
                    found.uses.push(AttributeUse::Reference(name, presence(child)));
                } else if let Some(name) = child.attribute("name") {
                    let name = self.local_name(child, name, self.qualified_attributes);
                    let attribute = self.attribute(child, name);
                    found.uses.push(AttributeUse::Local(Arc::new(attribute)));
                } else {
                    self.find("an attribute needs a name or a ref; left out", child);
                }
            } else if child.is_xsd("attributeGroup") {
                found.groups.extend(self.named("ref", child));
            } else if child.is_xsd("anyAttribute") {
                found.any = Some(wildcard(child));
            }
        }
        found
    }

    pub(super) fn attribute(&mut self, node: Node<'d>, name: QName) -> Attribute {
        // drafts wrote use="default" or use="fixed" with the value beside
        let by_use = |kind| node.attribute("value").filter(|_| node.attribute("use") == Some(kind));
        Attribute {
            name,
            ty: self.type_use(node),
            presence: presence(node),
            default: node.attribute("default").or(by_use("default")).map(str::to_owned),
            fixed: node.attribute("fixed").or(by_use("fixed")).map(str::to_owned),
            doc: documentation(node),
            origin: Origin(node.place()),
        }
    }
}

fn presence(node: Node<'_>) -> Presence {
    match node.attribute("use").map(str::trim) {
        Some("required") => Presence::Required,
        Some("prohibited") => Presence::Prohibited,
        _ => Presence::Optional,
    }
}

pub(super) fn wildcard(node: Node<'_>) -> Wildcard {
    Wildcard {
        namespaces: node.attribute("namespace").unwrap_or("##any").trim().to_owned(),
        process_contents: node.attribute("processContents").unwrap_or("strict").trim().to_owned(),
    }
}
