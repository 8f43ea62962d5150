//! Descriptions made to hurt: many of everything, and long chains.

use std::fmt::Write;
use std::time::{Duration, Instant};

use farcall_wsdl::{Definitions, LoadOptions, load_str};

const MANY: usize = 8_000;

/// Loads the inside of a schema, in the time that reading so much takes and not its square.
fn quick(what: &str, inside: &str) -> Definitions {
    let text = format!(
        r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
        {inside}</w:definitions>"#
    );
    let began = Instant::now();
    let found = load_str(&text, "t.wsdl", &LoadOptions::default()).unwrap();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(60), "{what}: {took:?}");
    found
}

fn types(inside: &str) -> String {
    format!(r#"<w:types><xs:schema targetNamespace="urn:t">{inside}</xs:schema></w:types>"#)
}

/// So many times the piece that a function writes.
fn many(write: impl Fn(&mut String, usize)) -> String {
    let mut out = String::new();
    (0..MANY).for_each(|n| write(&mut out, n));
    out
}

#[test]
fn many_of_one_name() {
    let inline = many(|out, _| out.push_str(r#"<xs:element name="a"><xs:complexType/></xs:element>"#));
    quick(
        "elements",
        &types(&format!(r#"<xs:complexType name="A"><xs:sequence>{inline}</xs:sequence></xs:complexType>"#)),
    );
    quick(
        "cases",
        &types(&format!(r#"<xs:complexType name="A"><xs:choice>{inline}</xs:choice></xs:complexType>"#)),
    );
    let attributes = many(|out, n| write!(out, r#"<xs:attribute name="a{n}"/>"#).unwrap());
    quick("attributes", &types(&format!(r#"<xs:complexType name="A">{attributes}</xs:complexType>"#)));
    let operations =
        many(|out, _| out.push_str(r#"<w:operation name="op"><w:input message="t:m"/></w:operation>"#));
    let wsdl = format!(
        r#"<w:message name="m"/><w:portType name="P">{operations}</w:portType><w:binding name="B" type="t:P">{operations}</w:binding>"#
    );
    let found = quick("operations", &wsdl);
    assert_eq!(found.bindings[0].operations.len(), MANY);
}

#[test]
fn long_chains_are_read_and_dropped() {
    // backwards, so that the first that is dropped holds none of the others
    let chain = many(|out, n| {
        let next = n.saturating_sub(1);
        write!(
            out,
            r#"<xs:complexType name="T{n:06}"><xs:sequence><xs:element name="e" type="t:T{next:06}"/></xs:sequence></xs:complexType>"#
        )
        .unwrap();
    });
    drop(quick("references", &types(&chain)));
    let derived = many(|out, n| {
        let base = n.saturating_sub(1);
        write!(
            out,
            r#"<xs:complexType name="T{n}" abstract="true"><xs:complexContent><xs:extension base="t:T{base}"/></xs:complexContent></xs:complexType>"#
        )
        .unwrap();
    });
    drop(quick("derivations", &types(&derived)));
    let simple = many(|out, n| {
        write!(out, r#"<xs:simpleType name="T{n}"><xs:restriction base="t:T{}"/></xs:simpleType>"#, n + 1)
            .unwrap();
    });
    drop(quick("restrictions", &types(&simple)));
}

#[test]
fn values_listed_over_and_over() {
    let values = many(|out, n| write!(out, r#"<xs:enumeration value="{n}"/>"#).unwrap());
    let members = "t:E ".repeat(MANY);
    let union = format!(
        r#"<xs:simpleType name="E"><xs:restriction base="xs:string">{values}</xs:restriction></xs:simpleType>
        <xs:simpleType name="U"><xs:union memberTypes="{members}"/></xs:simpleType>"#
    );
    quick("union", &types(&union));
}

#[test]
fn a_schema_included_into_many_namespaces_is_bounded() {
    let inside = many(|out, n| {
        write!(
            out,
            r#"<xs:schema targetNamespace="urn:{n}"><xs:include schemaLocation="t.wsdl"/><xs:element name="a" type="nope:b"/></xs:schema>"#
        )
        .unwrap();
    });
    let found = quick("includes", &format!("<w:types>{inside}</w:types>"));
    assert!(found.diagnostics.len() <= LoadOptions::default().diagnostics);
}

#[test]
fn nesting_has_an_end() {
    let depth = 2000;
    let nested = "<xs:sequence>".repeat(depth) + &"</xs:sequence>".repeat(depth);
    let text = format!(
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:complexType name="A">{nested}</xs:complexType></xs:schema>"#
    );
    let refused = load_str(&text, "t.xsd", &LoadOptions::default()).unwrap_err();
    assert!(refused.to_string().contains("depth"), "{refused}");
    let mut options = LoadOptions::default();
    options.xml = options.xml.depth(usize::MAX);
    let found = load_str(&text, "t.xsd", &options).unwrap();
    assert!(
        found.diagnostics.iter().any(|d| d.message.contains("nest more than")),
        "{:?}",
        found.diagnostics
    );
}
