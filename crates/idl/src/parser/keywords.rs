//! The words that are no identifiers.

/// The keywords, as they are written. Those that only components and later editions use are
/// no keywords here, as older texts use them as names.
const KEYWORDS: &[&str] = &[
    "FALSE",
    "Object",
    "TRUE",
    "ValueBase",
    "abstract",
    "any",
    "attribute",
    "boolean",
    "case",
    "char",
    "const",
    "context",
    "custom",
    "default",
    "double",
    "enum",
    "exception",
    "factory",
    "fixed",
    "float",
    "in",
    "inout",
    "interface",
    "local",
    "long",
    "module",
    "native",
    "octet",
    "oneway",
    "out",
    "private",
    "public",
    "raises",
    "readonly",
    "sequence",
    "short",
    "string",
    "struct",
    "supports",
    "switch",
    "truncatable",
    "typedef",
    "union",
    "unsigned",
    "valuetype",
    "void",
    "wchar",
    "wstring",
];

/// The keyword that a word is, or is but for its case.
pub(crate) fn clash(word: &str) -> Option<&'static str> {
    KEYWORDS.iter().find(|k| k.eq_ignore_ascii_case(word)).copied()
}
