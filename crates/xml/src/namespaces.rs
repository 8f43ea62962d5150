//! Namespace bindings in scope (Namespaces in XML 1.0, sections 3 and 6).

use std::borrow::Cow;

use crate::error::ErrorKind;

/// What the prefix `xml` is bound to, always.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// What the prefix `xmlns` is bound to, always.
pub const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// The index that stands for the built-in binding of `xml`.
const XML: u32 = u32::MAX;

#[derive(Debug, Clone)]
struct Binding<'a> {
    /// Empty for the default namespace.
    prefix: &'a str,
    /// Empty where the default namespace is undeclared.
    name: Cow<'a, str>,
}

/// The bindings in scope, innermost last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Namespaces<'a> {
    bindings: Vec<Binding<'a>>,
}

impl<'a> Namespaces<'a> {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.bindings.len()
    }

    /// Leaves the scope that began when there were `len` bindings.
    #[inline]
    pub(crate) fn truncate(&mut self, len: usize) {
        if self.bindings.len() != len {
            self.bindings.truncate(len);
        }
    }

    /// Binds a prefix, or with an empty one the default namespace.
    pub(crate) fn declare(&mut self, prefix: &'a str, name: Cow<'a, str>) -> Result<(), ErrorKind> {
        check_declaration(prefix, &name).map_err(ErrorKind::NamespaceDeclaration)?;
        self.bindings.push(Binding { prefix, name });
        Ok(())
    }

    /// What a prefix is bound to; with an empty one, the default namespace.
    pub(crate) fn resolve(&self, prefix: &str) -> Option<&str> {
        match prefix {
            "xmlns" => Some(XMLNS_NAMESPACE),
            _ => self.find(prefix).map(|index| self.name(index)).filter(|name| !name.is_empty()),
        }
    }

    /// The index of the binding in force for a prefix.
    pub(crate) fn find(&self, prefix: &str) -> Option<u32> {
        if prefix == "xml" {
            return Some(XML);
        }
        self.bindings.iter().rposition(|b| b.prefix == prefix).map(|index| index as u32)
    }

    /// The namespace name of a binding.
    pub(crate) fn name(&self, index: u32) -> &str {
        self.bindings.get(index as usize).map_or(XML_NAMESPACE, |binding| &binding.name)
    }

    /// The innermost binding of each prefix in scope, the built-in ones left out.
    pub(crate) fn in_scope(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = &self.bindings;
        all.iter().enumerate().filter_map(move |(at, binding)| {
            let shadowed = all[at + 1..].iter().any(|later| later.prefix == binding.prefix);
            (!shadowed && !binding.name.is_empty()).then_some((binding.prefix, &*binding.name))
        })
    }
}

/// The rules on reserved prefixes and names (sections 3 and 5).
pub(crate) fn check_declaration(prefix: &str, name: &str) -> Result<(), &'static str> {
    match (prefix, name) {
        ("xml", XML_NAMESPACE) => Ok(()),
        ("xml", _) => Err("the prefix xml cannot be bound to another namespace"),
        ("xmlns", _) => Err("the prefix xmlns cannot be declared"),
        (_, XML_NAMESPACE) => Err("only the prefix xml can be bound to the XML namespace"),
        (_, XMLNS_NAMESPACE) => Err("nothing can be bound to the xmlns namespace"),
        ("", _) => Ok(()),
        (_, "") => Err("a prefix cannot be bound to the empty namespace name"),
        _ => Ok(()),
    }
}
