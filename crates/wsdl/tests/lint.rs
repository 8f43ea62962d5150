//! The linter: what is well finds nothing, and each rule is found where it is broken.

use farcall_builtin::{BankClient, EchoClient};
use farcall_wire::Remote;
use farcall_wsdl::{EmitOptions, LoadOptions, emit, lint};

const GOOD: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
  <w:types>
    <x:schema targetNamespace="urn:t">
      <x:element name="ask" type="x:string"/><x:element name="answer" type="t:Answer"/>
      <x:complexType name="Answer"><x:sequence><x:element name="a" type="x:int"/></x:sequence></x:complexType>
    </x:schema>
  </w:types>
  <w:message name="Ask"><w:part name="p" element="t:ask"/></w:message>
  <w:message name="Answer"><w:part name="p" element="t:answer"/></w:message>
  <w:portType name="P">
    <w:operation name="ask"><w:input message="t:Ask"/><w:output message="t:Answer"/><w:fault name="f" message="t:Answer"/></w:operation>
  </w:portType>
  <w:binding name="B" type="t:P">
    <s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <w:operation name="ask"><s:operation soapAction="urn:t#ask"/>
      <w:input><s:body use="literal"/></w:input>
      <w:output><s:body use="literal"/><s:header message="t:Ask" part="p" use="literal"/></w:output>
      <w:fault name="f"><s:fault name="f" use="literal"/></w:fault>
    </w:operation>
  </w:binding>
  <w:service name="S"><w:port name="P" binding="t:B"><s:address location="http://127.0.0.1/"/></w:port></w:service>
</w:definitions>"#;

fn rules(wsdl: &str) -> Vec<String> {
    let report = lint::check_str(wsdl, "t.wsdl", &LoadOptions::default()).unwrap();
    let mut rules: Vec<String> =
        report.findings.iter().map(|found| format!("{}@{}", found.rule, found.line)).collect();
    rules.dedup();
    rules
}

#[test]
fn what_keeps_the_rules_finds_nothing() {
    assert_eq!(rules(GOOD), [""; 0]);
    for interface in [BankClient::<()>::interface(), EchoClient::<()>::interface()] {
        let options = EmitOptions::new("urn:x", "x", "http://127.0.0.1/x");
        let wsdl = emit(interface, &options).unwrap();
        let found = lint::check_str(&wsdl, "x.wsdl", &LoadOptions::default()).unwrap().findings;
        assert!(found.iter().all(|found| !found.must), "{}: {found:?}", interface.name);
    }
}

#[test]
fn every_rule_is_found_where_it_is_broken() {
    let rpc = ("<s:binding tr", "<s:binding style='rpc' tr");
    for (from, to, expected) in [
        (r#"encoding="utf-8""#, r#"encoding="ISO-8859-1""#, "R4003@2"),
        (
            "<w:types>",
            "<w:message name='M'/><w:import namespace='urn:o' location='o.wsdl'/><w:types>",
            "R2022@4",
        ),
        ("<w:types>", "<w:message name='M'/><w:types>", "R2023@4"),
        ("<w:types>", "<w:import namespace='urn:o'/><w:types>", "R2007@4"),
        ("<w:types>", "<w:types><x:import namespace='urn:o'/>", "R2003@4"),
        ("<w:types>", "<w:other/><w:types>", "R2028@4"),
        ("<w:message name=\"Ask\">", "<w:message>", "R2028@10"),
        (r#"<s:address location="http://127.0.0.1/"/>"#, "<s:address/>", "R2029@24"),
        ("<s:operation", "<s:operation w:required='true'", "R2026@18"),
        (r#"<x:schema targetNamespace="urn:t">"#, "<x:schema>", "R2105@5"),
        (r#"type="x:int""#, r#"type="t2:int" xmlns:t2="urn:t2""#, "R2102@7"),
        (r#"type="x:int""#, r#"type="y:int""#, "R2102@7"),
        (
            "<x:sequence>",
            "<x:sequence xmlns:e='http://schemas.xmlsoap.org/soap/encoding/' w:arrayType='x:int[]'>",
            "R2111@7",
        ),
        ("name=\"Answer\"><x:seq", "name=\"ArrayOfInt\"><x:seq", "R2112@7"),
        ("2001/XMLSchema", "1999/XMLSchema", "R2801@2"),
        (r#"element="t:ask""#, r#"element="t:none""#, "R2206@10"),
        (r#"element="t:ask""#, r#"element="t:ask" type="x:int""#, "R2306@10"),
        (r#"element="t:ask""#, r#"element="z:ask" xmlns:z="urn:z""#, "R2102@10"),
        (r#"element="t:ask""#, r#"type="x:int""#, "R2204@19"),
        (
            r#"<w:part name="p" element="t:ask"/>"#,
            r#"<w:part name="p" element="t:ask"/><w:part name="q" element="t:ask"/>"#,
            "R2210@19",
        ),
        (r#"<w:operation name="ask"><w:input message="t:Ask"/>"#, "<w:operation name='ask'>", "R2303@13"),
        (
            "</w:portType>",
            "<w:operation name='ask'><w:input message='t:Ask'/></w:operation></w:portType>",
            "R2304@14",
        ),
        (
            "</w:portType>",
            "<w:operation name='more'><w:input message='t:Ask'/></w:operation></w:portType>",
            "R2718@15",
        ),
        ("<s:binding transport=\"http://schemas.xmlsoap.org/soap/http\"/>", "", "R2401@15"),
        (" transport=\"http://schemas.xmlsoap.org/soap/http\"", "", "R2701@16"),
        ("soap/http", "soap/smtp", "R2702@16"),
        (r#"<w:input><s:body use="literal""#, r#"<w:input><s:body use="encoded""#, "R2706@18"),
        (
            r#"<w:input><s:body use="literal""#,
            r#"<w:input><s:body use="literal" namespace="urn:n""#,
            "R2716@18",
        ),
        (rpc.0, rpc.1, "R2717@19"),
        (rpc.0, rpc.1, "R2203@19"),
        ("<s:fault name=\"f\"", "<s:fault name=\"g\"", "R2754@21"),
        ("<s:fault name=\"f\"", "<s:fault", "R2721@21"),
        ("part=\"p\" use", "part='p' parts='p' use", "R2749@20"),
        ("part=\"p\" use", "part='p q' use", "R2720@20"),
        (
            "</w:service>",
            "<w:port name='Q' binding='t:B'><s:address location='http://127.0.0.1/'/></w:port></w:service>",
            "R2711@24",
        ),
        ("binding=\"t:B\"", "binding=\"o:B\" xmlns:o='urn:o'", "R2101@24"),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let (wanted, line) = expected.split_once('@').unwrap();
        let found = rules(&GOOD.replacen(from, to, 1));
        let line: usize = line.parse().unwrap();
        let near = |rule: &String| {
            let (rule, at) = rule.split_once('@').unwrap();
            rule == wanted && at.parse::<usize>().unwrap().abs_diff(line) <= 1
        };
        assert!(found.iter().any(near), "{expected} for {to}: {found:?}");
    }
}

#[test]
fn operations_that_look_the_same_on_the_wire() {
    let again = GOOD
        .replace("</w:portType>", "<w:operation name='again'><w:input message='t:Ask'/></w:operation></w:portType>")
        .replace("</w:binding>", "<w:operation name='again'><s:operation/><w:input><s:body use='literal'/></w:input></w:operation></w:binding>");
    assert_eq!(rules(&again), ["R2710@22"]);
    let mixed = GOOD
        .replace("</w:portType>", "<w:operation name='again'><w:input message='t:Ask'/></w:operation></w:portType>")
        .replace("</w:binding>", "<w:operation name='again'><s:operation style='rpc'/><w:input><s:body use='literal' namespace='urn:r'/></w:input></w:operation></w:binding>");
    assert_eq!(rules(&mixed), ["R2705@22", "R2203@22"]);
}

#[test]
fn imports_are_followed_and_compared() {
    let directory = std::env::temp_dir().join(format!("farcall-lint-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let main = GOOD.replace(
        "<w:types>",
        "<w:import namespace='urn:o' location='o.wsdl'/><w:import namespace='urn:p' location='o.wsdl'/>\
         <w:import namespace='urn:q' location='q.xsd'/><w:import namespace='urn:r' location='none.wsdl'/><w:types>",
    );
    let other = "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' targetNamespace='urn:o'/>";
    let schema = "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:q'/>";
    for (name, text) in [("t.wsdl", main.as_str()), ("o.wsdl", other), ("q.xsd", schema)] {
        std::fs::write(directory.join(name), text).unwrap();
    }
    let report = lint::check_file(&directory.join("t.wsdl"), &LoadOptions::default()).unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    let rules: Vec<_> = report.findings.iter().map(|found| found.rule).collect();
    assert_eq!(rules, ["R2005", "R2001"], "{:?}", report.findings);
    assert_eq!(report.unread.len(), 1);
}
