//! Whatever comes in, loading ends with definitions or an error.

use farcall_wsdl::{LoadOptions, load_str};
use proptest::prelude::*;

/// Pieces of descriptions, so that chance builds something that is nearly right.
const PIECES: [&str; 36] = [
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' targetNamespace='urn:t'>",
    "</xs:schema>",
    "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' targetNamespace='urn:t'>",
    "</w:definitions>",
    "<w:types>",
    "</w:types>",
    "<xs:complexType name='A'>",
    "<xs:complexType>",
    "<xs:complexType abstract='true' name='B' mixed='1'>",
    "</xs:complexType>",
    "<xs:sequence minOccurs='0' maxOccurs='unbounded'>",
    "<xs:sequence>",
    "</xs:sequence>",
    "<xs:choice maxOccurs='99999999999'>",
    "</xs:choice>",
    "<xs:element name='a' type='t:A'/>",
    "<xs:element name='a' substitutionGroup='t:a'>",
    "<xs:element ref='t:a' minOccurs='-1'/>",
    "</xs:element>",
    "<xs:extension base='t:A'>",
    "</xs:extension>",
    "<xs:complexContent>",
    "</xs:complexContent>",
    "<xs:group name='g'>",
    "<xs:group ref='t:g'/>",
    "</xs:group>",
    "<xs:redefine schemaLocation=''/>",
    "<xs:simpleType name='A'><xs:union memberTypes='t:A t:A nope:x'/></xs:simpleType>",
    "<xs:attribute ref='q:x' use='prohibited'/>",
    "<w:message name='m'><w:part name='p' element='t:a'/></w:message>",
    "<w:portType name='P'><w:operation name='a'><w:input message='t:m'/><w:output message='t:m'/></w:operation></w:portType>",
    "<w:binding name='B' type='t:P'><w:operation name='a'><w:input/></w:operation></w:binding>",
    "<w:service name='S'><w:port binding='t:B'/></w:service>",
    "<xs:import namespace='urn:x' schemaLocation='http://x/'/>",
    "&lt;",
    "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        let _ = load_str(&text, "any.wsdl", &LoadOptions::default());
    }

    #[test]
    fn any_pieces_are_read_or_refused(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = pieces.into_iter().map(|at| PIECES[at]).collect();
        let _ = load_str(&text, "any.wsdl", &LoadOptions::default());
    }

    /// Well-formed by construction: what is opened is closed.
    #[test]
    fn any_tree_is_read_or_refused(pieces in prop::collection::vec(0..PIECES.len(), 0..40), wsdl: bool) {
        let mut text = String::from(PIECES[if wsdl { 2 } else { 0 }]);
        let mut open = vec![if wsdl { "w:definitions" } else { "xs:schema" }];
        for piece in pieces.into_iter().map(|at| PIECES[at]) {
            if piece.starts_with("</") || !piece.starts_with('<') {
                if open.len() > 1 {
                    text.push_str(&format!("</{}>", open.pop().unwrap_or_default()));
                }
            } else {
                text.push_str(piece);
                let name = piece[1..].split([' ', '>']).next().unwrap_or_default();
                if !piece.ends_with("/>") && !piece.contains(&format!("</{name}>")) {
                    open.push(name);
                }
            }
        }
        for name in open.into_iter().rev() {
            text.push_str(&format!("</{name}>"));
        }
        prop_assume!(!text.contains("nope:"));
        prop_assert!(load_str(&text, "any.wsdl", &LoadOptions::default()).is_ok(), "{text}");
    }
}
