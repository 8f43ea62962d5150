//! Headers of SOAP that a command was given: XML, or values of those that a WSDL declares.

use farcall::Value;
use farcall::model::{Field, Interface};
use farcall::soap::encode_field;
use farcall::wire::json;

use crate::exit::{Exit, Failure};

/// A header of `-H`.
#[derive(Clone, Debug)]
pub(crate) enum SoapHeader {
    /// The element itself.
    Xml(String),
    /// The value of one that is declared.
    Declared { name: String, value: Value },
}

impl SoapHeader {
    /// The header that a text is: XML, `name=text` or `name:=json`; None for one of HTTP.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, Failure> {
        if text.trim_start().starts_with('<') {
            return Ok(Some(Self::Xml(text.trim().to_owned())));
        }
        let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(0);
        let (name, rest) = text.split_at(end);
        let value = match (rest.strip_prefix(":="), rest.strip_prefix('=')) {
            (Some(text), _) => json::parse(text).map_err(|error| Failure::value(&error).at("-H"))?,
            (None, Some(text)) => Value::from(text),
            (None, None) => return Ok(None),
        };
        Ok(Some(Self::Declared { name: name.to_owned(), value }))
    }

    /// The element, by what the interfaces declare.
    pub(crate) fn xml(&self, interfaces: &[Interface]) -> Result<String, Failure> {
        let (name, value) = match self {
            Self::Xml(xml) => return Ok(xml.clone()),
            Self::Declared { name, value } => (name, value),
        };
        let declared: Vec<&Field> = interfaces
            .iter()
            .flat_map(|interface| &interface.operations)
            .filter_map(|operation| operation.xml.as_deref())
            .flat_map(|xml| &xml.request.headers)
            .collect();
        let local = |field: &Field| field.xml.local.as_ref().unwrap_or(&field.name).to_string();
        let Some(field) = declared.iter().find(|field| local(field) == *name || field.name == name.as_str())
        else {
            let mut names: Vec<String> = declared.into_iter().map(local).collect();
            names.sort();
            names.dedup();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(Failure::new(Exit::Schema, format!("no header '{name}' is declared"))
                .at("-H")
                .because(format!("there are: {names}"))
                .then_try("the header's XML"));
        };
        encode_field(field, value).map(|(_, xml)| xml).map_err(|error| Failure::value(&error).at("-H"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_soap_are_told_from_those_of_http() {
        let parsed = |text: &str| SoapHeader::parse(text).unwrap();
        assert!(parsed("X-Name: value").is_none());
        assert!(parsed("Name:value=1").is_none());
        assert!(matches!(parsed(" <a/>"), Some(SoapHeader::Xml(xml)) if xml == "<a/>"));
        let declared = |text| match parsed(text) {
            Some(SoapHeader::Declared { name, value }) => (name, value),
            other => panic!("{other:?}"),
        };
        assert_eq!(declared("session=a:b"), ("session".to_owned(), "a:b".into()));
        assert!(matches!(declared("n:=[1]"), (name, Value::Sequence(_)) if name == "n"));
        assert!(SoapHeader::parse("n:={").is_err());
    }
}
