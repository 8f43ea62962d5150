//! Imports, includes and redefinitions: where they lead, and where they must not.

use std::collections::HashMap;

use farcall_model::Type;
use farcall_wsdl::resolver::{Files, ResolveError, Resolver};
use farcall_wsdl::{Definitions, LoadOptions, QName, load};

/// Documents in memory.
struct Memory(HashMap<&'static str, String>);

impl Resolver for Memory {
    fn open(&self, location: &str, limit: usize) -> Result<Vec<u8>, ResolveError> {
        match self.0.get(location) {
            Some(text) if text.len() <= limit => Ok(text.clone().into_bytes()),
            Some(_) => Err(ResolveError::TooLarge { location: location.to_owned(), limit }),
            None => {
                Err(ResolveError::Refused { location: location.to_owned(), allowed: "memory".to_owned() })
            }
        }
    }
}

fn schema(namespace: &str, inside: &str) -> String {
    let target =
        if namespace.is_empty() { String::new() } else { format!(r#"targetNamespace="{namespace}""#) };
    format!(
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:a="urn:a" xmlns:b="urn:b" {target}>{inside}</xs:schema>"#
    )
}

fn load_all(documents: &[(&'static str, String)]) -> Definitions {
    let memory = Memory(documents.iter().cloned().collect());
    load(documents[0].0, &memory, &LoadOptions::default()).unwrap()
}

fn is(found: &Definitions, namespace: &str, local: &str) -> String {
    match found.types[&QName::new(namespace, local)].resolve() {
        Type::Struct(body) => {
            let fields = body.fields.iter().map(|f| format!("{}: {}", f.name, f.ty));
            fields.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

const INT: &str = r#"<xs:simpleType name="N"><xs:restriction base="xs:int"/></xs:simpleType>"#;

#[test]
fn imports_go_round_and_paths_are_relative_to_their_document() {
    let found = load_all(&[
        (
            "w/main.xsd",
            schema(
                "urn:a",
                &format!(
                    r#"<xs:import namespace="urn:b" schemaLocation="../x/b.xsd"/>{INT}
            <xs:complexType name="A"><xs:sequence><xs:element name="b" type="b:B"/></xs:sequence></xs:complexType>"#
                ),
            ),
        ),
        (
            "x/b.xsd",
            schema(
                "urn:b",
                r#"<xs:import namespace="urn:a" schemaLocation="../w/main.xsd"/>
            <xs:import namespace="urn:c"/><xs:include schemaLocation="./c.xsd"/>
            <xs:complexType name="B"><xs:sequence><xs:element name="n" type="a:N"/><xs:element name="c" type="b:C"/></xs:sequence></xs:complexType>"#,
            ),
        ),
        (
            "x/c.xsd",
            schema(
                "urn:b",
                r#"<xs:include schemaLocation="b.xsd"/><xs:simpleType name="C"><xs:restriction base="xs:byte"/></xs:simpleType>"#,
            ),
        ),
    ]);
    assert_eq!(found.diagnostics, []);
    assert_eq!(is(&found, "urn:b", "B"), "n: i32, c: i8");
    assert_eq!(found.documents, ["w/main.xsd", "x/b.xsd", "x/c.xsd"]);
}

#[test]
fn an_include_without_a_namespace_takes_that_of_the_includer() {
    let shared = schema(
        "",
        r#"<xs:complexType name="T"><xs:sequence><xs:element name="t" type="U"/></xs:sequence></xs:complexType>
        <xs:simpleType name="U"><xs:restriction base="xs:long"/></xs:simpleType>"#,
    );
    let found = load_all(&[
        (
            "a.xsd",
            schema(
                "urn:a",
                r#"<xs:include schemaLocation="s.xsd"/><xs:import namespace="urn:b" schemaLocation="b.xsd"/>"#,
            ),
        ),
        ("b.xsd", schema("urn:b", r#"<xs:include schemaLocation="s.xsd"/>"#)),
        ("s.xsd", shared),
    ]);
    assert_eq!(found.diagnostics, []);
    assert_eq!(is(&found, "urn:a", "T"), "t: i64");
    assert_eq!(is(&found, "urn:b", "T"), "t: i64");
}

#[test]
fn a_redefinition_builds_on_what_it_replaces() {
    let found = load_all(&[
        (
            "a.xsd",
            schema(
                "urn:a",
                r#"<xs:redefine schemaLocation="old.xsd"><xs:complexType name="T"><xs:complexContent>
            <xs:extension base="a:T"><xs:sequence><xs:element name="more" type="xs:int"/></xs:sequence></xs:extension>
            </xs:complexContent></xs:complexType></xs:redefine>
            <xs:complexType name="Z"><xs:complexContent><xs:extension base="a:T"/></xs:complexContent></xs:complexType>"#,
            ),
        ),
        (
            "old.xsd",
            schema(
                "urn:a",
                r#"<xs:complexType name="T"><xs:sequence><xs:element name="old" type="xs:int"/></xs:sequence></xs:complexType>"#,
            ),
        ),
    ]);
    assert_eq!(found.diagnostics, []);
    assert_eq!(is(&found, "urn:a", "T"), "old: i32, more: i32");
    assert_eq!(is(&found, "urn:a", "Z"), "old: i32, more: i32");
}

#[test]
fn wsdl_imports_wsdl_and_inline_schemas_share_a_namespace() {
    let wsdl = |inside: &str| {
        format!(
            r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:a="urn:a" xmlns:b="urn:b" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
            xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">{inside}</definitions>"#
        )
    };
    let found = load_all(&[
        (
            "main.wsdl",
            wsdl(
                r#"<import namespace="urn:a" location="parts/types.wsdl"/>
            <binding name="B" type="a:P"><soap:binding/><operation name="op"/></binding>"#,
            ),
        ),
        (
            "parts/types.wsdl",
            wsdl(&format!(
                r#"<import namespace="urn:a" location="../main.wsdl"/>
            <types>{}{}</types><message name="m"><part name="p" element="b:e"/></message>
            <portType name="P"><operation name="op"><input message="a:m"/></operation></portType>"#,
                schema("urn:b", r#"<xs:element name="e" type="b:N"/>"#),
                schema("urn:b", INT)
            )),
        ),
    ]);
    assert_eq!(found.diagnostics, []);
    assert_eq!(found.bindings[0].interface.operations[0].params[0].field.ty.to_string(), "i32");
}

#[test]
fn standard_schemas_are_never_fetched() {
    let found = load_all(&[(
        "a.xsd",
        schema(
            "urn:a",
            r#"<xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://www.w3.org/2001/xml.xsd"/>
        <xs:import namespace="http://www.w3.org/2005/05/xmlmime" schemaLocation="http://www.w3.org/2005/05/xmlmime"/>
        <xs:import namespace="http://www.w3.org/2005/08/addressing" schemaLocation="http://www.w3.org/2006/03/addressing/ws-addr.xsd"/>
        <xs:import namespace="http://www.w3.org/2000/09/xmldsig#" schemaLocation="http://www.w3.org/TR/xmldsig-core/xmldsig-core-schema.xsd"/>
        <xs:complexType name="T" xmlns:m="http://www.w3.org/2005/05/xmlmime" xmlns:d="http://www.w3.org/2000/09/xmldsig#" xmlns:w="http://www.w3.org/2005/08/addressing">
          <xs:sequence><xs:element ref="d:Signature"/><xs:element name="to" type="w:EndpointReferenceType"/><xs:element name="pic" type="m:base64Binary"/></xs:sequence>
          <xs:attribute ref="xml:lang"/></xs:complexType>"#,
        ),
    )]);
    assert_eq!(found.diagnostics, []);
    assert_eq!(
        is(&found, "urn:a", "T"),
        "Signature: SignatureType, to: EndpointReferenceType, pic: base64Binary, lang: optional<string>"
    );
}

#[test]
fn endpoint_references_are_those_of_their_time() {
    for (namespace, content) in [
        ("http://www.w3.org/2005/08/addressing", "ReferenceParameters, Metadata, any"),
        (
            "http://schemas.xmlsoap.org/ws/2004/08/addressing",
            "ReferenceProperties, ReferenceParameters, PortType, ServiceName, any",
        ),
    ] {
        let inside = format!(
            r#"<xs:import namespace="{namespace}"/><xs:complexType name="T"><xs:sequence>
            <xs:element name="to" type="w:EndpointReferenceType" xmlns:w="{namespace}"/></xs:sequence></xs:complexType>"#
        );
        let found = load_all(&[("a.xsd", schema("urn:a", &inside))]);
        assert_eq!(found.diagnostics, []);
        let Type::Struct(t) = found.types[&QName::new("urn:a", "T")].resolve() else { panic!() };
        let Type::Struct(reference) = t.fields[0].ty.resolve() else { panic!() };
        let names: Vec<_> = reference.fields.iter().map(|field| &*field.name).collect();
        assert_eq!(names.join(", "), format!("Address, {content}"));
    }
}

#[test]
fn what_is_refused_is_named_and_the_rest_is_read() {
    for location in ["http://evil.example/x.xsd", "file:///etc/passwd", "/etc/passwd", "../../outside.xsd"] {
        let directory =
            std::env::temp_dir().join(format!("farcall-wsdl-{}-{}", std::process::id(), location.len()));
        std::fs::create_dir_all(&directory).unwrap();
        let file = directory.join("a.xsd");
        let text =
            schema("urn:a", &format!(r#"<xs:import namespace="urn:b" schemaLocation="{location}"/>{INT}"#));
        std::fs::write(&file, text).unwrap();
        let found = load(&file.to_string_lossy(), &Files::beside(&file), &LoadOptions::default()).unwrap();
        std::fs::remove_dir_all(&directory).unwrap();
        assert_eq!(is(&found, "urn:a", "N"), "i32");
        let errors: Vec<_> = found.errors().map(|d| &*d.message).collect();
        let name = location.rsplit('/').next().unwrap();
        assert!(errors.len() == 1 && errors[0].contains(name), "{location}: {errors:?}");
    }
}

#[test]
fn limits_are_kept_and_named() {
    let many: Vec<(&'static str, String)> = (0..20)
        .map(|n| {
            let name: &'static str = Box::leak(format!("{n}.xsd").into_boxed_str());
            (name, schema("urn:a", &format!(r#"<xs:include schemaLocation="{}.xsd"/>"#, n + 1)))
        })
        .collect();
    let memory = Memory(many.into_iter().collect());
    let mut options = LoadOptions::default();
    options.documents = 5;
    let found = load("0.xsd", &memory, &options).unwrap();
    assert_eq!(found.documents.len(), 5);
    assert!(
        found.errors().any(|d| d.message.contains("`LoadOptions::documents`")),
        "{:?}",
        found.diagnostics
    );
    options = LoadOptions::default();
    options.bytes = 1000;
    let found = load("0.xsd", &memory, &options).unwrap();
    assert!(found.errors().any(|d| d.message.contains("`LoadOptions::bytes`")), "{:?}", found.diagnostics);
}
