//! Reading simple types (XML Schema Part 2).

use super::parse::{DEPTH, Reading, documentation, facets};
use super::{Origin, SimpleType, TypeUse, Variety};
use crate::dom::Node;
use crate::name::QName;

impl<'d> Reading<'d, '_> {
    pub(super) fn simple_type(&mut self, node: Node<'d>) -> SimpleType {
        let inside =
            node.children().find(|c| c.is_xsd("restriction") || c.is_xsd("list") || c.is_xsd("union"));
        let string = || TypeUse::Named(QName::new(crate::mapping::XSD, "string"));
        let (variety, facets) = match inside {
            Some(list) if list.is_xsd("list") => {
                let item = self.simple_use(list, "itemType").unwrap_or_else(string);
                (Variety::List(item), Vec::new())
            }
            Some(union) if union.is_xsd("union") => (Variety::Union(self.members(union)), Vec::new()),
            Some(restriction) => {
                let base = self.simple_use(restriction, "base").unwrap_or_else(string);
                (Variety::Restriction(base), facets(restriction))
            }
            None => {
                // drafts wrote the base and the facets into the type itself
                let base = self.simple_use(node, "base");
                if base.is_none() {
                    self.find("a simpleType holds a restriction, a list or a union; read as string", node);
                }
                (Variety::Restriction(base.unwrap_or_else(string)), facets(node))
            }
        };
        SimpleType { variety, facets, doc: documentation(node), origin: Origin(node.place()) }
    }

    /// The type that an attribute names or a child defines.
    fn simple_use(&mut self, node: Node<'d>, attribute: &str) -> Option<TypeUse> {
        if let Some(name) = self.named(attribute, node) {
            return Some(TypeUse::Named(name));
        }
        let inside = node.children().find(|c| c.is_xsd("simpleType"))?;
        self.inline_simple(inside)
    }

    fn inline_simple(&mut self, node: Node<'d>) -> Option<TypeUse> {
        if self.depth >= DEPTH {
            self.find(format!("types nest more than {DEPTH} deep; read as string"), node);
            return None;
        }
        self.depth += 1;
        let ty = self.simple_type(node);
        self.depth -= 1;
        Some(TypeUse::Inline(std::sync::Arc::new(super::Type::Simple(ty))))
    }

    fn members(&mut self, union: Node<'d>) -> Vec<TypeUse> {
        let named = union.attribute("memberTypes").unwrap_or_default();
        let mut members: Vec<_> =
            named.split_whitespace().map(|name| TypeUse::Named(self.resolve(name, union))).collect();
        for inside in union.children().filter(|c| c.is_xsd("simpleType")) {
            members.extend(self.inline_simple(inside));
        }
        members
    }
}
