//! Bindings of every style, and the slips that real descriptions make.

use farcall_model::{Direction, Operation, Type};
use farcall_wsdl::{Binding, Definitions, LoadOptions, Protocol, QName, Severity, Style, Use, load_str};

/// A WSDL of the namespace `urn:s`, prefix `s`, with this schema inside and these other parts.
fn wsdl(schema: &str, parts: &str) -> Definitions {
    let text = format!(
        r#"<wsdl:definitions name="S" targetNamespace="urn:s" xmlns:s="urn:s" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
            xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"
            xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" xmlns:mime="http://schemas.xmlsoap.org/wsdl/mime/"
            xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <wsdl:documentation>All of it.</wsdl:documentation>
          <wsdl:types><xs:schema targetNamespace="urn:s" elementFormDefault="qualified">{schema}</xs:schema></wsdl:types>
          {parts}
        </wsdl:definitions>"#
    );
    load_str(&text, "s.wsdl", &LoadOptions::default()).unwrap()
}

/// A document/literal WSDL with one operation `op` over the elements `op` and `opResponse`.
fn document(schema: &str) -> Definitions {
    wsdl(
        schema,
        r#"<wsdl:message name="in"><wsdl:part name="parameters" element="s:op"/></wsdl:message>
        <wsdl:message name="out"><wsdl:part name="parameters" element="s:opResponse"/></wsdl:message>
        <wsdl:portType name="P"><wsdl:documentation>A port type.</wsdl:documentation><wsdl:operation name="op">
          <wsdl:documentation>Does it.</wsdl:documentation>
          <wsdl:input message="s:in"/><wsdl:output message="s:out"/></wsdl:operation></wsdl:portType>
        <wsdl:binding name="B" type="s:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
          <wsdl:operation name="op"><soap:operation soapAction="urn:s#op"/>
          <wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output>
          </wsdl:operation></wsdl:binding>
        <wsdl:service name="S"><wsdl:port name="Port" binding="s:B"><soap:address location="http://h/s"/></wsdl:port></wsdl:service>"#,
    )
}

fn only(found: &Definitions) -> (&Binding, &Operation) {
    let binding = &found.bindings[0];
    (binding, &binding.interface.operations[0])
}

fn signature(operation: &Operation) -> String {
    let params = operation.signature().into_iter().map(|p| {
        let direction = match p.direction {
            Direction::In => "",
            Direction::Out => "out ",
            Direction::InOut => "inout ",
        };
        format!("{direction}{}: {}", p.field.name, p.field.ty)
    });
    format!("{}({}) -> {}", operation.name, params.collect::<Vec<_>>().join(", "), operation.result)
}

const WRAPPERS: &str = r#"<xs:element name="op"><xs:complexType><xs:sequence>
    <xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
    <xs:element name="opResponse"><xs:complexType><xs:sequence><xs:element name="opResult" type="xs:double"/></xs:sequence></xs:complexType></xs:element>"#;

#[test]
fn wrapped_operations_have_the_parameters_of_the_wrapper() {
    let found = document(WRAPPERS);
    assert_eq!(found.diagnostics, []);
    let (binding, operation) = only(&found);
    assert_eq!(signature(operation), "op(a: i32, b: optional<string>) -> f64");
    assert_eq!(
        (&*operation.doc, &*binding.interface.doc, &*found.doc),
        ("Does it.", "A port type.", "All of it.")
    );
    let bound = &binding.operations[0];
    assert!(bound.wrapped);
    assert_eq!(bound.action.as_deref(), Some("urn:s#op"));
    assert_eq!(bound.input.wrapper, Some(QName::new("urn:s", "op")));
    assert_eq!(bound.output.as_ref().unwrap().wrapper, Some(QName::new("urn:s", "opResponse")));
    assert_eq!(bound.result.as_ref().unwrap().name, "opResult");
    let (service, port, _) = found.ports().next().unwrap();
    assert_eq!((&*service.name.local, &*port.location), ("S", "http://h/s"));
}

#[test]
fn what_breaks_the_rules_of_wrapping_is_bare() {
    let response = r#"<xs:element name="opResponse" type="xs:string"/>"#;
    for request in [
        r#"<xs:element name="op" type="xs:string"/>"#,
        r#"<xs:element name="op"><xs:complexType><xs:sequence/><xs:attribute name="x"/></xs:complexType></xs:element>"#,
        r#"<xs:element name="op"><xs:complexType><xs:choice><xs:element name="a"/><xs:element name="b"/></xs:choice></xs:complexType></xs:element>"#,
        r#"<xs:element name="op"><xs:complexType><xs:sequence><xs:element name="a"/></xs:sequence></xs:complexType></xs:element>"#,
    ] {
        let found = document(&format!("{request}{response}"));
        assert_eq!(found.diagnostics, []);
        let (binding, operation) = only(&found);
        assert!(!binding.operations[0].wrapped, "{request}");
        assert_eq!(operation.params.len(), 1);
        assert_eq!(operation.params[0].field.xml.local.as_deref(), Some("op"));
        assert_eq!(operation.result.resolve(), &Type::String);
    }
}

/// An rpc binding of `op(a int, b string inout) -> r`, with this use.
fn rpc(use_: &str) -> Definitions {
    wsdl(
        "",
        &format!(
            r#"<wsdl:message name="in"><wsdl:part name="a" type="xs:int"/><wsdl:part name="b" type="xs:string"/></wsdl:message>
        <wsdl:message name="out"><wsdl:part name="r" type="xs:double"/><wsdl:part name="b" type="xs:string"/></wsdl:message>
        <wsdl:portType name="P"><wsdl:operation name="op" parameterOrder="a b">
          <wsdl:input message="s:in"/><wsdl:output message="s:out"/></wsdl:operation></wsdl:portType>
        <wsdl:binding name="B" type="s:P"><soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
          <wsdl:operation name="op"><soap:operation soapAction=""/>
          <wsdl:input><soap:body {use_} namespace="urn:body"/></wsdl:input>
          <wsdl:output><soap:body {use_} namespace="urn:body"/></wsdl:output></wsdl:operation></wsdl:binding>"#
        ),
    )
}

#[test]
fn rpc_has_parts_for_parameters() {
    let found = rpc(r#"use="encoded" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/""#);
    assert_eq!(found.diagnostics, []);
    let (binding, operation) = only(&found);
    assert_eq!(signature(operation), "op(a: i32, inout b: string) -> f64");
    let bound = &binding.operations[0];
    assert_eq!((bound.style, bound.input.use_, bound.wrapped), (Style::Rpc, Use::Encoded, false));
    assert_eq!(bound.input.wrapper, Some(QName::new("urn:body", "op")));
    assert_eq!(bound.action.as_deref(), Some(""), "empty is not absent");
    assert_eq!(operation.params[0].field.xml.namespace.as_deref(), Some(""));
    assert_eq!(rpc(r#"use="literal""#).bindings[0].operations[0].input.use_, Use::Literal);
}

#[test]
fn headers_faults_and_attachments() {
    let found = wsdl(
        r#"<xs:element name="op" type="xs:string"/><xs:element name="token" type="xs:string"/>
        <xs:element name="refused"><xs:complexType><xs:sequence><xs:element name="why" type="xs:string"/></xs:sequence></xs:complexType></xs:element>"#,
        r#"<wsdl:message name="in"><wsdl:part name="body" element="s:op"/><wsdl:part name="h" element="s:token"/>
          <wsdl:part name="photo" type="xs:base64Binary"/></wsdl:message>
        <wsdl:message name="bad"><wsdl:part name="fault" element="s:refused"/></wsdl:message>
        <wsdl:portType name="P"><wsdl:operation name="op"><wsdl:input message="s:in"/><wsdl:output message="s:in"/>
          <wsdl:fault name="refused" message="s:bad"/></wsdl:operation></wsdl:portType>
        <wsdl:binding name="B" type="s:P"><soap12:binding style="document" transport="t"/>
          <wsdl:operation name="op"><soap12:operation soapAction="a"/>
          <wsdl:input><mime:multipartRelated><mime:part><soap12:body use="literal"/>
            <soap12:header message="s:in" part="h" use="literal"><soap12:headerfault message="s:bad" part="fault" use="literal"/></soap12:header>
            </mime:part><mime:part><mime:content part="photo" type="image/png"/><mime:content part="photo" type="image/gif"/></mime:part>
            </mime:multipartRelated></wsdl:input>
          <wsdl:output><soap12:body use="literal" parts="body"/></wsdl:output>
          <wsdl:fault name="refused"><soap12:fault name="refused" use="literal"/></wsdl:fault></wsdl:operation></wsdl:binding>"#,
    );
    assert_eq!(found.diagnostics, []);
    let (binding, operation) = only(&found);
    assert_eq!(binding.protocol, Protocol::Soap12);
    assert_eq!(signature(operation), "op(body: string, photo: bytes) -> string");
    let bound = &binding.operations[0];
    assert_eq!(bound.input.headers[0].part.element, Some(QName::new("urn:s", "token")));
    assert_eq!(bound.input.headers[0].faults[0].part.element, Some(QName::new("urn:s", "refused")));
    assert_eq!(
        bound.input.attachments,
        [("photo".to_owned(), vec!["image/png".to_owned(), "image/gif".to_owned()])]
    );
    let exception = operation.exceptions[0];
    assert_eq!((&*exception.body.name, &*exception.body.scope), ("refused", "urn:s"));
    assert_eq!(exception.body.fields[0].name, "why");
    assert_eq!(bound.faults[0].use_, Use::Literal);
}

#[test]
fn http_one_way_and_notifications() {
    let found = wsdl(
        "",
        r#"<wsdl:message name="in"><wsdl:part name="q" type="xs:string"/></wsdl:message>
        <wsdl:portType name="P"><wsdl:operation name="ask"><wsdl:input message="s:in"/><wsdl:output message="s:in"/></wsdl:operation>
          <wsdl:operation name="tell"><wsdl:input message="s:in"/></wsdl:operation>
          <wsdl:operation name="news"><wsdl:output message="s:in"/></wsdl:operation></wsdl:portType>
        <wsdl:binding name="G" type="s:P"><http:binding verb="GET"/>
          <wsdl:operation name="ask"><http:operation location="/ask"/><wsdl:input/><wsdl:output/></wsdl:operation></wsdl:binding>
        <wsdl:binding name="O" type="s:P"><http:binding verb="post"/>
          <wsdl:operation name="tell"><http:operation location="/tell"/><wsdl:input/></wsdl:operation>
          <wsdl:operation name="news"><http:operation location="/news"/><wsdl:output/></wsdl:operation></wsdl:binding>"#,
    );
    assert_eq!(found.bindings[0].protocol, Protocol::HttpGet);
    assert_eq!(found.bindings[0].operations[0].location, "/ask");
    assert!(found.bindings[0].interface.operations[0].idempotent);
    assert_eq!(found.bindings[1].protocol, Protocol::HttpPost);
    assert!(found.bindings[1].interface.operations[0].oneway);
    assert_eq!(signature(&found.bindings[1].interface.operations[1]), "news() -> string");
    assert!(found.is_complete(), "{:?}", found.diagnostics);
}

#[test]
fn one_broken_operation_leaves_the_rest() {
    let found = wsdl(
        r#"<xs:element name="good" type="xs:string"/>"#,
        r#"<wsdl:message name="g"><wsdl:part name="p" element="s:good"/></wsdl:message>
        <wsdl:message name="b"><wsdl:part name="p" element="s:missing"/></wsdl:message>
        <wsdl:portType name="P"><wsdl:operation name="good"><wsdl:input message="s:g"/></wsdl:operation>
          <wsdl:operation name="bad"><wsdl:input message="s:b"/></wsdl:operation>
          <wsdl:operation name="worse"><wsdl:input message="s:none"/></wsdl:operation></wsdl:portType>
        <wsdl:binding name="B" type="s:P"><soap:binding/><wsdl:operation name="bad"/><wsdl:operation name="worse"/>
          <wsdl:operation name="unheard"/><wsdl:operation name="good"/></wsdl:binding>
        <wsdl:binding name="C" type="s:Nowhere"><soap:binding/></wsdl:binding>"#,
    );
    let names: Vec<_> = found.bindings[0].interface.operations.iter().map(|op| &*op.name).collect();
    assert_eq!((found.bindings.len(), names), (1, vec!["good"]));
    let errors: Vec<_> = found.errors().map(|d| &*d.message).collect();
    for expected in [
        "operation bad is left out: there is no element {urn:s}missing",
        "operation worse is left out: there is no message {urn:s}none",
        "port type {urn:s}P has no operation unheard; left out",
        "there is no port type {urn:s}Nowhere; the binding is left out",
    ] {
        assert!(errors.contains(&expected), "{expected}: {errors:?}");
    }
    let bad = found.errors().find(|d| d.message.contains("missing")).unwrap();
    assert_eq!((bad.severity, &*bad.location, bad.line), (Severity::Error, "s.wsdl", 8));
}

#[test]
fn operations_of_one_name_are_told_apart() {
    let found = wsdl(
        "",
        r#"<wsdl:message name="i"><wsdl:part name="n" type="xs:int"/></wsdl:message>
        <wsdl:message name="t"><wsdl:part name="n" type="xs:string"/></wsdl:message>
        <wsdl:portType name="P"><wsdl:operation name="put"><wsdl:input name="putInt" message="s:i"/></wsdl:operation>
          <wsdl:operation name="put"><wsdl:input name="putText" message="s:t"/></wsdl:operation></wsdl:portType>
        <wsdl:binding name="B" type="s:P"><soap:binding style="rpc"/>
          <wsdl:operation name="put"><wsdl:input name="putInt"/></wsdl:operation>
          <wsdl:operation name="put"><wsdl:input name="putText"/></wsdl:operation></wsdl:binding>"#,
    );
    let interface = &found.bindings[0].interface;
    assert_eq!(signature(&interface.operations[0]), "put(n: i32) -> void");
    assert_eq!(signature(&interface.operations[1]), "putText(n: string) -> void");
    assert_eq!(found.bindings[0].operations[1].element_name, "put");
}

#[test]
fn forgotten_prefixes_and_namespaces_are_guessed_with_a_warning() {
    let text = r#"
      <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:s" xmlns:x="urn:s">
        <message name="in"><part name="a" type="xsd:int"/></message>
        <portType name="P"><operation name="op"><input message="in"/></operation></portType>
        <binding name="B" type="P"><soap:binding style="rpc"/><operation name="op"><input><soap:body use="literal"/></input></operation></binding>
        <service name="S"><port name="Port" binding="y:B"/></service>
      </definitions>"#;
    let found = load_str(text, "s.wsdl", &LoadOptions::default()).unwrap();
    assert!(found.is_complete(), "{:?}", found.diagnostics);
    assert!(!found.diagnostics.is_empty());
    assert_eq!(found.ports().count(), 1);
    assert_eq!(found.bindings[0].protocol, Protocol::Soap11);
    assert_eq!(signature(&found.bindings[0].interface.operations[0]), "op(a: i32) -> void");
}

#[test]
fn an_empty_name_is_none_and_a_blank_line_comes_first() {
    let text = r#"
      <?xml version="1.0" encoding="iso-8859-1"?>
      <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:s" xmlns:s="urn:s"
          xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema">
        <message name="in"><part name="a" type="x:int" element=""/><part name="b" element=" " type="x:string"/></message>
        <portType name="P"><operation name="op"><input message="s:in"/><output message=""/></operation></portType>
        <binding name="B" type="s:P"><soap:binding style="rpc"/><operation name="op"><input><soap:body use="literal"/></input></operation></binding>
      </definitions>"#;
    let found = load_str(text, "s.wsdl", &LoadOptions::default()).unwrap();
    assert!(found.is_complete(), "{:?}", found.diagnostics);
    assert_eq!(found.diagnostics.len(), 3, "{:?}", found.diagnostics);
    assert_eq!(signature(&found.bindings[0].interface.operations[0]), "op(a: i32, b: string) -> void");
}

#[test]
fn a_port_type_without_a_binding_is_an_interface_too() {
    let found = wsdl(
        WRAPPERS,
        r#"<wsdl:message name="in"><wsdl:part name="p" element="s:op"/></wsdl:message>
        <wsdl:portType name="P"><wsdl:operation name="op"><wsdl:input message="s:in"/></wsdl:operation></wsdl:portType>"#,
    );
    assert_eq!(signature(&found.unbound[0].operations[0]), "op(a: i32, b: optional<string>) -> void");
}

#[test]
fn other_documents_are_refused() {
    for (text, expected) in [
        ("<html/>", "neither WSDL 1.1 nor XML Schema"),
        (r#"<description xmlns="http://www.w3.org/ns/wsdl"/>"#, "WSDL 2.0"),
        ("<!DOCTYPE a><a/>", "document type declarations are refused"),
        ("<a", "ends too early"),
        ("", "ends too early"),
    ] {
        let refused = load_str(text, "s.wsdl", &LoadOptions::default()).unwrap_err();
        assert!(refused.to_string().contains(expected), "{refused}");
        assert!(refused.to_string().starts_with("s.wsdl:1:"), "{refused}");
    }
}

#[test]
fn what_others_add_to_a_binding_does_not_hide_what_soap_says() {
    let found = document(WRAPPERS);
    let kit = r#"<kit:binding xmlns:kit="urn:kit" preferredEncoding="UTF-8"/><soap:binding "#;
    let operation = r#"<kit:operation xmlns:kit="urn:kit" soapAction="wrong"/><soap:operation "#;
    let text = r#"<wsdl:message name="in"/><wsdl:portType name="P"><wsdl:operation name="op"><wsdl:input message="s:in"/></wsdl:operation></wsdl:portType>
        <wsdl:binding name="B" type="s:P"><soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
        <wsdl:operation name="op"><soap:operation soapAction="urn:s#op"/><wsdl:input><soap:body use="literal"/></wsdl:input></wsdl:operation></wsdl:binding>"#;
    let text = text.replace("<soap:binding ", kit).replace("<soap:operation ", operation);
    let kitted = wsdl("", &text);
    for found in [&found, &kitted] {
        assert_eq!(found.bindings[0].protocol, Protocol::Soap11);
        assert_eq!(found.bindings[0].operations[0].action.as_deref(), Some("urn:s#op"));
    }
    assert_eq!(kitted.bindings[0].operations[0].style, Style::Rpc);
}

#[test]
fn a_port_type_is_one_interface_whatever_binds_it() {
    let parts = |bindings: &str| {
        let port_type = r#"<wsdl:message name="in"/><wsdl:portType name="P"><wsdl:operation name="op"><wsdl:input message="s:in"/></wsdl:operation></wsdl:portType>"#;
        wsdl("", &format!("{port_type}{bindings}"))
    };
    let binding = |name: &str, protocol: &str| {
        format!(
            r#"<wsdl:binding name="{name}" type="s:P"><{protocol}:binding/><wsdl:operation name="op"><{protocol}:operation soapAction="{name}"/>
            <wsdl:input/></wsdl:operation></wsdl:binding>"#
        )
    };
    let actions = |found: &Definitions| {
        let interfaces = found.interfaces();
        let first =
            |i: &&farcall_model::Interface| i.operations[0].xml.as_ref().and_then(|xml| xml.action.clone());
        interfaces.iter().map(first).collect::<Vec<_>>()
    };
    let all = binding("new", "soap12") + &binding("web", "http") + &binding("old", "soap");
    assert_eq!(actions(&parts(&all)), [Some("old".into())]);
    assert_eq!(actions(&parts(&binding("new", "soap12"))), [Some("new".into())]);
    assert_eq!(actions(&parts(&binding("web", "http"))), []);
    // read as document/literal, without an action
    assert_eq!(actions(&parts("")), [Some("".into())]);
}

#[test]
fn operations_say_how_they_stand_in_messages() {
    let found = document(WRAPPERS);
    let xml = only(&found).1.xml.as_ref().unwrap();
    let named = |name: &farcall_model::XmlName| {
        format!("{{{}}}{}", name.namespace.as_deref().unwrap_or("?"), name.local.as_deref().unwrap_or("?"))
    };
    assert_eq!(xml.action.as_deref(), Some("urn:s#op"));
    assert_eq!(xml.request.wrapper.as_ref().map(named).as_deref(), Some("{urn:s}op"));
    assert_eq!(xml.response.wrapper.as_ref().map(named).as_deref(), Some("{urn:s}opResponse"));
    assert_eq!(xml.request.part("b").map(named).as_deref(), Some("{urn:s}b"));
    assert_eq!(xml.response.part("").map(named).as_deref(), Some("{urn:s}opResult"));
    let encoded = rpc(r#"use="encoded""#);
    let xml = only(&encoded).1.xml.clone().unwrap();
    assert!(xml.request.encoded && xml.response.encoded && !xml.soap12);
    assert!(xml.request.parts.iter().all(|(_, name)| name.namespace.as_deref() == Some("")));
}

#[test]
fn strict_loading_refuses_what_would_be_left_out() {
    let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
      <xs:element name="a" type="t:Nothing"/><xs:element name="b" type="t:Neither"/></xs:schema>"#;
    let lenient = load_str(text, "t.xsd", &LoadOptions::default()).unwrap();
    assert_eq!(lenient.errors().count(), 2);
    let refused = load_str(text, "t.xsd", &LoadOptions::default().with_strict(true)).unwrap_err();
    assert_eq!((refused.cause.line, refused.earlier.len()), (2, 1), "{refused}");
    assert!(refused.to_string().contains("{urn:t}Nothing"), "{refused}");
    let sound = text.replace("t:Nothing", "xs:int").replace("t:Neither", "xs:int");
    assert!(load_str(&sound, "t.xsd", &LoadOptions::default().with_strict(true)).is_ok());
}
