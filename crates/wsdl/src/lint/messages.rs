//! Rules on messages and port types (Basic Profile 1.1, sections 4.4 and 4.5).

use std::collections::HashSet;

use super::Found;
use super::index::{Index, name, of, reference};
use crate::dom::Node;
use crate::mapping::XSD;

pub(super) fn check(index: &Index<'_>, found: &mut Found) {
    let spaces = spaces(index);
    for part in index.all("message").flat_map(|message| of(message, "part")) {
        self::part(index, &spaces, part, found);
    }
    for port_type in index.all("portType") {
        let mut seen = HashSet::new();
        for operation in of(port_type, "operation") {
            if !seen.insert(name(operation)) {
                let what = format!("the portType has an operation '{}' already", name(operation));
                found.must("R2304", operation, what);
            }
            self::operation(index, operation, found);
        }
    }
}

/// Namespaces of schema components that messages may refer to.
fn spaces<'d>(index: &Index<'d>) -> HashSet<&'d str> {
    let own = index.schemas.iter().filter_map(|schema| schema.attribute("targetNamespace"));
    let imports =
        index.schemas.iter().flat_map(|schema| schema.children().filter(|node| node.is_xsd("import")));
    let imported = imports.map(|node| node.attribute("namespace").unwrap_or_default());
    own.chain(imported).map(str::trim).chain([XSD]).collect()
}

/// `R2306`: a part has an element or a type; `R2102`: of a namespace that is here; `R2206`: an
/// element is a global one.
fn part(index: &Index<'_>, spaces: &HashSet<&str>, part: Node<'_>, found: &mut Found) {
    let (element, ty) = (part.attribute("element"), part.attribute("type"));
    match (element, ty) {
        (Some(_), Some(_)) => {
            found.must("R2306", part, format!("the part '{}' has both an element and a type", name(part)));
        }
        (None, None) => {
            found.must("R2028", part, format!("the part '{}' has neither an element nor a type", name(part)));
        }
        _ => {}
    }
    for (attribute, rule) in [("element", "R2206"), ("type", "R2102")] {
        let Some(value) = part.attribute(attribute) else { continue };
        let Some(of) = reference(part, attribute) else {
            found.must("R2102", part, format!("{attribute}=\"{value}\" has a prefix that is not declared"));
            continue;
        };
        if !spaces.contains(of.namespace.as_str()) {
            let what = format!(
                "{attribute}=\"{value}\" is of '{}', which no schema here has or imports",
                of.namespace
            );
            found.must("R2102", part, what);
            continue;
        }
        let lacks = match attribute {
            "element" => of.namespace == XSD || index.lacks_element(&of),
            _ => of.namespace != XSD && index.lacks_type(&of),
        };
        if lacks {
            found.must(rule, part, format!("{attribute}=\"{value}\" is not defined globally in a schema"));
        }
    }
}

/// `R2303`: one calls and may be answered; `R2305`: an order of parameters leaves out one part of the
/// reply at most.
fn operation(index: &Index<'_>, operation: Node<'_>, found: &mut Found) {
    let first = operation.children().find(|node| ["input", "output"].contains(&&*node.name().local));
    if first.is_none_or(|first| first.name().local == "output") {
        let what = format!("the operation '{}' is a notification or a solicited response", name(operation));
        found.must("R2303", operation, what);
    }
    let Some(order) = operation.attribute("parameterOrder") else { return };
    let listed: HashSet<&str> = order.split_ascii_whitespace().collect();
    let output = of(operation, "output").next().and_then(|output| reference(output, "message"));
    let Some(message) = output.and_then(|message| index.messages.get(&message)) else { return };
    let left_out = of(*message, "part").filter(|part| !listed.contains(name(*part))).count();
    if left_out > 1 {
        let what =
            format!("parameterOrder leaves out {left_out} parts of the output, where one is the result");
        found.must("R2305", operation, what);
    }
}
