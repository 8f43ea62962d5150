//! What JAX-WS has to be told in the WSDL itself.

use farcall_model::Operation;

use super::node::Node;
use crate::mapping;

/// The namespace of its binding declarations (JAX-WS 2.2, section 8.1). Newer releases have another,
/// but they find names for such operations by themselves.
pub(super) const JAXWS: &str = "http://java.sun.com/xml/ns/jaxws";

/// The words that no method may be called by (The Java Language Specification, section 3.9).
const KEYWORDS: &[&str] = &[
    "abstract",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "goto",
    "if",
    "implements",
    "import",
    "instanceof",
    "int",
    "interface",
    "long",
    "native",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "void",
    "volatile",
    "while",
];

/// The method that JAX-WS RI is to make of an operation (section 8.7.3), whose name is a keyword of
/// Java: without it wsimport gives up.
pub(super) fn method(operation: &Operation) -> Option<Node> {
    let name = mapping::ncname(&operation.name);
    KEYWORDS.contains(&&*name).then(|| {
        let method = Node::new("jaxws:method").with("name", format!("_{name}"));
        Node::new("jaxws:bindings").child(method)
    })
}
