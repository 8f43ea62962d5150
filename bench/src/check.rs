//! Whether a response says what the call said, however each server spells it.
//!
//! Servers differ in white space, member order, `int`/`i4`, quoting and line-wrapped base64; two
//! documents are the same here if their canonical forms are.

use anyhow::{Context as _, Result, bail, ensure};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

struct Node {
    name: String,
    children: Vec<Self>,
    text: String,
}

/// The first parameter of a `methodCall` or `methodResponse` in a canonical spelling; a fault or
/// anything malformed is an error.
pub(crate) fn canonical(document: &str) -> Result<String> {
    let root = parse(document)?;
    ensure!(
        matches!(root.name.as_str(), "methodCall" | "methodResponse"),
        "<{}> is no XML-RPC document",
        root.name
    );
    if root.child("fault").is_ok() {
        bail!("a fault: {document:.500}");
    }
    let mut out = String::new();
    write(root.child("params")?.child("param")?.child("value")?, &mut out)?;
    Ok(out)
}

impl Node {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), children: Vec::new(), text: String::new() }
    }

    fn child(&self, name: &str) -> Result<&Self> {
        let found = self.children.iter().find(|child| child.name == name);
        found.with_context(|| format!("<{}> has no <{name}>", self.name))
    }
}

fn parse(document: &str) -> Result<Node> {
    let mut reader = Reader::from_str(document);
    let mut open = vec![Node::new("")];
    loop {
        let event = reader.read_event()?;
        let innermost = open.last_mut().context("the document closes more than it opens")?;
        match event {
            Event::Start(tag) => open.push(Node::new(tag.name().as_ref())),
            Event::Empty(tag) => innermost.children.push(Node::new(tag.name().as_ref())),
            Event::End(_) => {
                let done = open.pop().context("nothing is open")?;
                open.last_mut().context("nothing is open")?.children.push(done);
            }
            Event::Text(text) => innermost.text.push_str(&text.xml10_content()),
            Event::CData(text) => innermost.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => innermost.text.push_str(&resolved(&reference)?),
            Event::Eof => break,
            _ => {}
        }
    }
    let mut document = open.pop().context("nothing was read")?;
    ensure!(open.is_empty(), "the document ends early");
    document.children.pop().context("the document has no element")
}

fn resolved(reference: &BytesRef<'_>) -> Result<String> {
    if let Some(character) = reference.resolve_char_ref()? {
        return Ok(character.to_string());
    }
    let name = reference.xml10_content();
    resolve_predefined_entity(&name).map(str::to_owned).with_context(|| format!("&{name}; is not defined"))
}

fn write(value: &Node, out: &mut String) -> Result<()> {
    let Some(typed) = value.children.first() else {
        out.push_str(&format!("{:?}", value.text));
        return Ok(());
    };
    match typed.name.as_str() {
        "int" | "i4" => out.push_str(&typed.text.trim().parse::<i32>()?.to_string()),
        "double" => out.push_str(&format!("{:?}", typed.text.trim().parse::<f64>()?)),
        "boolean" | "dateTime.iso8601" => out.push_str(&format!("{}:{}", typed.name, typed.text.trim())),
        "string" => out.push_str(&format!("{:?}", typed.text)),
        "base64" => out.extend(typed.text.chars().filter(|c| !c.is_ascii_whitespace())),
        "array" => {
            out.push('[');
            for item in typed.child("data")?.children.iter() {
                write(item, out)?;
                out.push(',');
            }
            out.push(']');
        }
        "struct" => {
            let mut members = typed
                .children
                .iter()
                .map(|member| Ok((&member.child("name")?.text, member.child("value")?)))
                .collect::<Result<Vec<_>>>()?;
            members.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (name, value) in members {
                out.push_str(&format!("{name:?}:"));
                write(value, out)?;
                out.push(',');
            }
            out.push('}');
        }
        other => bail!("<{other}> is no XML-RPC type"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Case;
    use crate::sample::Named as _;

    fn response(value: &str) -> String {
        format!("<methodResponse><params><param><value>{value}</value></param></params></methodResponse>")
    }

    #[test]
    fn call_and_echo_are_the_same() {
        for &case in Case::ALL {
            assert_eq!(canonical(&case.call()).unwrap(), canonical(&case.response()).unwrap());
        }
    }

    #[test]
    fn spelling_does_not_matter_but_content_does() {
        let member =
            |name: &str, value: &str| format!("<member><name>{name}</name><value>{value}</value></member>");
        let a = response(&format!(
            "<struct>{}{}</struct>",
            member("x", "<int>1</int>"),
            member("y", "<string>\"&#38;</string>")
        ));
        let b = response(&format!(
            "<struct>{}{}</struct>",
            member("y", "&quot;&amp;"),
            member("x", "<i4> 1 </i4>")
        ));
        let c =
            response(&format!("<struct>{}{}</struct>", member("y", "&quot;&lt;"), member("x", "<i4>1</i4>")));
        assert_eq!(canonical(&a).unwrap(), canonical(&b).unwrap());
        assert_ne!(canonical(&b).unwrap(), canonical(&c).unwrap());
    }

    #[test]
    fn faults_and_rubbish_are_errors() {
        assert!(canonical("<methodResponse><fault><value/></fault></methodResponse>").is_err());
        assert!(canonical("<methodResponse><params><param>").is_err());
        assert!(canonical(&response("<int>x</int>")).is_err());
        assert!(canonical("").is_err());
    }
}
