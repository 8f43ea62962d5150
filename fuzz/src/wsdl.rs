//! WSDL and XML Schema: any octets are loaded and linted within bounds, and every finding has a place
//! inside of the document.

use farcall_wsdl::resolver::Nothing;
use farcall_wsdl::{Diagnostic, LoadOptions, lint, load_bytes};

pub(crate) const WORDS: &[&str] = &[
    "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' targetNamespace='urn:a'>",
    "</w:definitions>",
    "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:a' targetNamespace='urn:a'>",
    "</x:schema>",
    "<x:element name='e' type='t:T'/>",
    "<x:element ref='t:e' minOccurs='0' maxOccurs='unbounded'/>",
    "<x:complexType name='T'>",
    "</x:complexType>",
    "<x:sequence>",
    "</x:sequence>",
    "<x:choice maxOccurs='9'>",
    "</x:choice>",
    "<x:all>",
    "<x:any/>",
    "<x:group ref='t:G'/>",
    "<x:attributeGroup ref='t:A'/>",
    "<x:complexContent><x:extension base='t:T'>",
    "</x:extension></x:complexContent>",
    "<x:simpleType name='S'><x:restriction base='x:string'>",
    "<x:enumeration value='v'/>",
    "<x:list itemType='t:S'/>",
    "<x:union memberTypes='t:S t:T'/>",
    "<x:include schemaLocation='a.xsd'/>",
    "<x:redefine schemaLocation='a.xsd'>",
    " substitutionGroup='t:e'",
    " abstract='true'",
    " nillable='1'",
    "<w:message name='m'><w:part name='p' element='t:e'/></w:message>",
    "<w:part name='q' type='x:int'/>",
    "<w:portType name='P'><w:operation name='o'><w:input message='t:m'/></w:operation></w:portType>",
    "<s:body use='encoded'/>",
];

/// Loads and lints the octets.
///
/// # Panics
/// If a finding has no place in the document.
pub fn wsdl_load(data: &[u8]) {
    let mut options = LoadOptions::default();
    (options.fields, options.included, options.diagnostics) = (20_000, 100_000, 50);
    let placed = |found: &Diagnostic| {
        let inside = |at: usize| at >= 1 && at <= data.len() + 1;
        assert!(found.location != "a.wsdl" || (inside(found.line) && inside(found.column)), "{found}");
    };
    match load_bytes(data, "a.wsdl", &Nothing, &options) {
        Ok(definitions) => {
            assert!(definitions.diagnostics.len() <= options.diagnostics);
            definitions.diagnostics.iter().for_each(placed);
        }
        Err(error) => placed(&error.cause),
    }
    if let Ok(report) = lint::check_bytes(data, "a.wsdl", &Nothing, &options) {
        assert!(report.findings.len() <= options.diagnostics);
        for found in &report.findings {
            assert!(found.rule.starts_with('R') && found.line >= 1 && found.column >= 1, "{found}");
        }
    }
}
