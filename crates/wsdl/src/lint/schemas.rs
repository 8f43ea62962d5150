//! Rules on schemas (Basic Profile 1.1, sections 4.2 and 4.3).

use std::collections::HashSet;

use super::Found;
use super::index::Index;
use crate::dom::Node;
use crate::load::standard::ENCODINGS;
use crate::mapping::XSD;
use crate::resolver::join;
use crate::schema::content::WSDL;

/// What the Recommendation replaced.
const DRAFTS: [&str; 2] = ["http://www.w3.org/1999/XMLSchema", "http://www.w3.org/2000/10/XMLSchema"];
/// Attributes of schemas whose values are names.
const NAMES: &[&str] = &["type", "base", "ref", "itemType", "substitutionGroup", "refer"];

pub(super) fn check(index: &Index<'_>, found: &mut Found) {
    for document in index.documents {
        if DRAFTS.iter().any(|draft| document.text().contains(draft)) {
            found.must(
                "R2801",
                document.root(),
                "the document uses a draft of XML Schema rather than its Recommendation",
            );
        }
    }
    for schema in &index.schemas {
        target(*schema, found);
        let own = schema.attribute("targetNamespace").map(str::trim);
        let imported: HashSet<&str> = schema
            .children()
            .filter(|node| node.is_xsd("import"))
            .map(|node| node.attribute("namespace").unwrap_or_default().trim())
            .collect();
        imports(index, *schema, found);
        walk(*schema, own, &imported, found);
    }
}

/// `R2105`: a schema in `wsdl:types` has a namespace, unless it does nothing but import.
fn target(schema: Node<'_>, found: &mut Found) {
    let place = schema.place();
    let inline = place.document.root().is(WSDL, "definitions");
    let only_imports = schema.children().all(|node| node.is_xsd("import") || node.is_xsd("annotation"));
    let named = schema.attribute("targetNamespace").is_some_and(|name| !name.trim().is_empty());
    if inline && !named && !only_imports {
        found.must("R2105", schema, "the schema has no targetNamespace");
    }
}

/// `R2004`: what a schema imports is a schema.
fn imports(index: &Index<'_>, schema: Node<'_>, found: &mut Found) {
    let base = schema.place().document.location.clone();
    for node in schema.children().filter(|node| node.is_xsd("import")) {
        let Some(location) = node.attribute("schemaLocation") else { continue };
        let at = join(&base, location);
        let document = index.documents.iter().find(|document| document.location == at);
        if let Some(root) = document.map(|document| document.root())
            && !root.is_xsd("schema")
        {
            found.must("R2004", node, format!("xsd:import leads to {}, which is no schema", root.name()));
        }
    }
}

/// `R2102`: names are of namespaces that are defined or imported; `R2110`, `R2111`, `R2112`: arrays are
/// not those of SOAP's encoding.
fn walk(schema: Node<'_>, own: Option<&str>, imported: &HashSet<&str>, found: &mut Found) {
    let mut stack = vec![schema];
    while let Some(node) = stack.pop() {
        if node.name().namespace != XSD || node.is_xsd("annotation") {
            continue;
        }
        stack.extend(node.children());
        if node.attribute_of(WSDL, "arrayType").is_some() {
            found.must("R2111", node, "wsdl:arrayType is of SOAP's encoding; a repeated element is an array");
        }
        for (name, value) in node.attributes().filter(|(name, _)| name.namespace.is_empty()) {
            if !NAMES.contains(&&*name.local) {
                continue;
            }
            let Some(of) = node.resolve(value) else {
                found.must(
                    "R2102",
                    node,
                    format!("{}=\"{value}\" has a prefix that is not declared", name.local),
                );
                continue;
            };
            let space = of.namespace.as_str();
            if name.local == "base" && of.local == "Array" && ENCODINGS.contains(&space) {
                found.must(
                    "R2110",
                    node,
                    "the type is made from soapenc:Array; a repeated element is an array",
                );
            }
            // what is included without a namespace is of whoever includes it
            let known = space == XSD
                || Some(space) == own
                || imported.contains(space)
                || space == farcall_xml::XML_NAMESPACE
                || (space.is_empty() && own.is_none());
            if !known {
                let what =
                    format!("{}=\"{value}\" is of '{space}', which the schema does not import", name.local);
                found.must("R2102", node, what);
            }
        }
        if node.is_xsd("complexType")
            && node.attribute("name").is_some_and(|name| name.starts_with("ArrayOf"))
        {
            found.should(
                "R2112",
                node,
                "a type called ArrayOf… is taken by some for an array of SOAP's encoding",
            );
        }
    }
}
