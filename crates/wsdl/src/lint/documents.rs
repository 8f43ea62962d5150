//! Rules on whole documents and what they import (Basic Profile 1.1, sections 4.1 and 4.2).

use std::collections::HashSet;

use super::Found;
use super::index::{Index, of};
use crate::dom::Node;
use crate::load::messages::{HTTP, MIME, SOAP_11};
use crate::mapping::XSD;
use crate::resolver::join;
use crate::schema::content::WSDL;

/// What may stand in `definitions`, `R2028` being that it stands as the schema of WSDL has it.
const TOP: &[&str] = &["documentation", "import", "types", "message", "portType", "binding", "service"];
/// Elements that must have a name.
const NAMED: &[&str] = &["message", "part", "portType", "operation", "binding", "service", "port", "fault"];

pub(super) fn check(index: &Index<'_>, found: &mut Found) {
    for document in index.documents {
        encoding(document.root(), document.text(), found);
    }
    for root in &index.wsdls {
        order(*root, found);
        for node in root.children().filter(|node| node.name().namespace == WSDL) {
            if !TOP.contains(&&*node.name().local) {
                let what = format!("the schema of WSDL has no <{}> in <definitions>", node.name().local);
                found.must("R2028", node, what);
            }
            shape(node, found);
        }
        of(*root, "import").for_each(|node| import(index, *root, node, found));
        for node in root.children().filter(|node| node.is_xsd("import")) {
            found.must("R2003", node, "xsd:import stands outside of a schema");
        }
        for types in of(*root, "types") {
            for node in types.children().filter(|node| node.is_xsd("import")) {
                found.must("R2003", node, "xsd:import stands in wsdl:types, outside of a schema");
            }
        }
    }
    names(index, found);
}

/// `R4003`: the encodings that every processor reads; `R4004`: the version of XML.
fn encoding(root: Node<'_>, text: &str, found: &mut Found) {
    let Some(declaration) = text.strip_prefix("<?xml").and_then(|text| text.split_once("?>")) else { return };
    let value = |name: &str| {
        let (_, rest) = declaration.0.split_once(name)?;
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split_once(quote).map(|(value, _)| value)
    };
    if let Some(encoding) = value("encoding")
        && !["utf-8", "utf-16"].iter().any(|known| encoding.eq_ignore_ascii_case(known))
    {
        found.must(
            "R4003",
            root,
            format!("the document is in {encoding}, which is neither UTF-8 nor UTF-16"),
        );
    }
    if let Some(version) = value("version").filter(|version| *version != "1.0") {
        found.must("R4004", root, format!("the document is of XML {version}, which is not 1.0"));
    }
}

/// `R2022`, `R2023`: imports first, then types.
fn order(root: Node<'_>, found: &mut Found) {
    let mut before: Option<&str> = None;
    let mut types = 0;
    for node in root.children().filter(|node| node.name().namespace == WSDL) {
        match (&*node.name().local, before) {
            ("documentation", _) => continue,
            ("import", Some(other)) if other != "import" => {
                found.must("R2022", node, format!("wsdl:import stands after wsdl:{other}"));
            }
            ("types", Some(other)) if !["import", "types"].contains(&other) => {
                found.must("R2023", node, format!("wsdl:types stands after wsdl:{other}"));
            }
            ("types", _) => {
                types += 1;
                if types > 1 {
                    found.must("R2028", node, "the schema of WSDL has one <types> at most");
                }
            }
            _ => {}
        }
        before = Some(&node.name().local);
    }
}

/// `R2028` and `R2029`: attributes that the schemas of WSDL and of its binding demand; `R2026`: what
/// not every processor knows may not be required.
fn shape(top: Node<'_>, found: &mut Found) {
    let mut stack = vec![top];
    while let Some(node) = stack.pop() {
        if node.attribute_of(WSDL, "required").is_some_and(|v| matches!(v.trim(), "true" | "1")) {
            let what = format!("wsdl:required=\"true\" on <{}>, which others need not know", node.name());
            found.should("R2026", node, what);
        }
        let (space, local) = (&*node.name().namespace, &*node.name().local);
        let needs: &[&str] = match (space, local) {
            (WSDL, "import") => &["namespace"],
            (WSDL, "binding") => &["name", "type"],
            (WSDL, "port") => &["name", "binding"],
            (WSDL, local) if NAMED.contains(&local) => &["name"],
            (SOAP_11, "address") => &["location"],
            (SOAP_11, "header" | "headerfault") => &["message", "part", "use"],
            _ => &[],
        };
        for missing in needs.iter().filter(|name| node.attribute(name).is_none()) {
            // the rule on imports is one of its own
            let rule = if space == WSDL { "R2028" } else { "R2029" };
            found.must(rule, node, format!("<{local}> has no attribute {missing}"));
        }
        let known = [WSDL, SOAP_11, HTTP, MIME].contains(&space) && local != "types";
        stack.extend(node.children().filter(|_| known));
    }
}

/// `R2001`, `R2005`, `R2007`: what an import says and what it leads to.
fn import(index: &Index<'_>, root: Node<'_>, node: Node<'_>, found: &mut Found) {
    let Some(location) = node.attribute("location").map(str::trim).filter(|location| !location.is_empty())
    else {
        return found.must("R2007", node, "wsdl:import has no location");
    };
    let base = &root.place().document.location;
    let at = join(base, location);
    let Some(document) = index.documents.iter().find(|document| document.location == at) else { return };
    let imported = document.root();
    if !imported.is(WSDL, "definitions") {
        let what =
            format!("wsdl:import leads to {}, which is no WSDL; xsd:import is for schemas", imported.name());
        return found.must("R2001", node, what);
    }
    let (wanted, has) = (node.attribute("namespace"), imported.attribute("targetNamespace"));
    if wanted.unwrap_or_default().trim() != has.unwrap_or_default().trim() {
        let what = format!(
            "wsdl:import is of the namespace '{}', and leads to one of '{}'",
            wanted.unwrap_or_default(),
            has.unwrap_or_default()
        );
        found.must("R2005", node, what);
    }
}

/// `R2101`, `R2028`: names that refer to nothing of a namespace that is here, and names that are there
/// twice.
fn names(index: &Index<'_>, found: &mut Found) {
    for kind in ["message", "portType", "binding", "service"] {
        let mut seen = HashSet::new();
        for node in index.all(kind) {
            let target = node.place().document;
            let space = target.root().attribute("targetNamespace").unwrap_or_default().to_owned();
            if !seen.insert((space, super::index::name(node).to_owned())) {
                let what = format!("a {kind} of the name '{}' is there already", super::index::name(node));
                found.must("R2028", node, what);
            }
        }
    }
    for root in &index.wsdls {
        let own = root.attribute("targetNamespace").unwrap_or_default();
        let imported: HashSet<&str> =
            of(*root, "import").filter_map(|node| node.attribute("namespace")).map(str::trim).collect();
        let mut check = |node: Node<'_>, attribute: &str| {
            let Some(value) = node.attribute(attribute) else { return };
            let known = node.resolve(value).is_some_and(|name| {
                name.namespace == own || imported.contains(name.namespace.as_str()) || name.namespace == XSD
            });
            if !known {
                let what =
                    format!("{attribute}=\"{value}\" is of a namespace that is neither defined nor imported");
                found.must("R2101", node, what);
            }
        };
        for operation in of(*root, "portType").flat_map(|node| of(node, "operation")) {
            for node in operation.children().filter(|node| node.name().namespace == WSDL) {
                check(node, "message");
            }
        }
        of(*root, "binding").for_each(|node| check(node, "type"));
        of(*root, "service").flat_map(|node| of(node, "port")).for_each(|node| check(node, "binding"));
    }
}
