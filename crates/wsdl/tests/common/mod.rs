//! What the tests share: small schemas, and types as text.

use farcall_model::{Field, Type, XmlKind};
use farcall_wsdl::mapping::{CaseName, case_name};
use farcall_wsdl::{Definitions, LoadOptions, QName, load_str};

pub(crate) const TNS: &str = "urn:t";

/// Loads the inside of a schema of the namespace `urn:t`, prefix `t`, qualified.
pub(crate) fn schema(inside: &str) -> Definitions {
    let text = format!(
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"
            xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
            elementFormDefault="qualified">{inside}</xs:schema>"#
    );
    load_str(&text, "t.xsd", &LoadOptions::default()).unwrap()
}

/// A type of the schema as text, which must have loaded without a finding.
pub(crate) fn ty(inside: &str, name: &str) -> String {
    let found = schema(inside);
    assert_eq!(found.diagnostics, [], "{inside}");
    shown(found.types[&QName::new(TNS, name)].resolve())
}

/// A type and its insides, one level deep.
pub(crate) fn shown(ty: &Type) -> String {
    match ty {
        Type::Struct(body) => {
            let fields: Vec<String> = body.fields.iter().map(field).collect();
            format!("struct {} {{{}}}", body.name, fields.join(", "))
        }
        Type::Enum(body) => {
            let members: Vec<&str> = body.members.iter().map(|m| &*m.name).collect();
            format!("enum {} {{{}}}", body.name, members.join(", "))
        }
        Type::Union(body) => {
            let cases = body.cases.iter().enumerate().map(|(at, case)| {
                let told = match case_name(body, at) {
                    Some(CaseName::Element(Some(TNS) | None, local)) if local == case.name => String::new(),
                    Some(CaseName::Element(namespace, local)) => {
                        format!(" <{}:{local}>", namespace.unwrap_or("?"))
                    }
                    Some(CaseName::Type(_, local)) => format!(" xsi:type={local}"),
                    Some(CaseName::Content) => " inline".to_owned(),
                    None => " ?".to_owned(),
                };
                format!("{}: {}{told}", case.name, case.ty)
            });
            format!("union {} {{{}}}", body.name, cases.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A field: `@` for an attribute, `=` for the text, `?` for nillable, `*` for content.
pub(crate) fn field(field: &Field) -> String {
    let kind = match field.xml.kind {
        XmlKind::Element => "",
        XmlKind::Attribute => "@",
        XmlKind::Text => "=",
        XmlKind::Nillable => "?",
        XmlKind::Content => "*",
    };
    let local = field.xml.local.as_ref().map(|l| format!(" <{l}>")).unwrap_or_default();
    let unqualified = field.xml.kind == XmlKind::Element && field.xml.namespace.as_deref() == Some("");
    let form = if unqualified { "~" } else { "" };
    format!("{kind}{form}{}: {}{local}", field.name, field.ty)
}
