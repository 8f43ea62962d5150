//! How the operations of an interface stand in messages of XML, where a WSDL says it: a function
//! that tells the interface.

use std::fmt::Write as _;

use farcall_model::{Field, Interface, Operation, XmlKind, XmlMessage, XmlName, XmlOperation};

use super::Writer;
use super::types::Spot;
use crate::Error;
use crate::names::{plain, snake};
use crate::xml::is_uri;

impl Writer<'_, '_> {
    /// The function, if a description says something of an operation: its name and its text.
    pub(super) fn messages(
        &mut self,
        interface: &Interface,
        name: &str,
    ) -> Result<Option<(String, String)>, Error> {
        let said = interface.operations.iter().filter_map(|op| Some((op, op.xml.as_deref()?)));
        let said: Vec<(&Operation, &XmlOperation)> = said.collect();
        if said.is_empty() {
            return Ok(None);
        }
        let function = format!("{}_in_xml", plain(&snake(name)));
        let (of, made_by) = (self.facade("model::Interface"), self.facade("model::XmlOperation"));
        let before = std::mem::take(&mut self.out);
        let mut names = Namespaces::default();
        for (declared, xml) in said {
            self.in_messages(declared, xml, (&interface.scope, &made_by), &mut names)?;
        }
        let body = std::mem::replace(&mut self.out, before);
        let mut text = format!("/// How the operations of [`{name}`] stand in messages.\n");
        let _ = writeln!(text, "fn {function}(mut interface: {of}) -> {of} {{");
        for (at, namespace) in names.0.iter().enumerate() {
            let element = format!("{}::element", self.facade("model::XmlName"));
            let _ = writeln!(
                text,
                "let {} = |local: &'static str| {element}({namespace:?}, local);",
                names.called(at)
            );
        }
        Ok(Some((function, text + &body + "interface\n}\n")))
    }

    fn in_messages(
        &mut self,
        operation: &Operation,
        xml: &XmlOperation,
        (scope, made_by): (&str, &str),
        names: &mut Namespaces,
    ) -> Result<(), Error> {
        let mut text = match (&xml.request.wrapper, &xml.response.wrapper) {
            (Some(request), Some(response)) => {
                format!(
                    "{made_by}::wrapped({}, {})",
                    self.xml_name(request, names),
                    self.xml_name(response, names)
                )
            }
            _ => format!("{made_by}::bare()"),
        };
        if xml.request.encoded && xml.response.encoded {
            text.push_str(".encoded()");
        }
        if let Some(action) = &xml.action {
            let _ = write!(text, ".with_action({action:?})");
        }
        if xml.soap12 {
            text.push_str(".soap12()");
        }
        for (message, method) in [(&xml.request, "with_request_part"), (&xml.response, "with_response_part")]
        {
            let said = message.parts.iter().filter(|(param, name)| !is_plain(message, scope, param, name));
            for (param, name) in said {
                let _ = write!(text, ".{method}({param:?}, {})", self.xml_name(name, names));
            }
        }
        for (exception, name) in &xml.faults {
            let _ = write!(text, ".with_fault({exception:?}, {})", self.xml_name(name, names));
        }
        let more = self.beside(operation, xml, names)?;
        let mutable = if more.is_empty() { "" } else { "mut " };
        let _ = writeln!(
            self.out,
            "let {mutable}xml = {text};\n{more}interface = interface.with_xml({:?}, xml);",
            operation.name
        );
        Ok(())
    }

    /// What has no method of its own: headers, and messages of which only one is of a kind.
    fn beside(
        &mut self,
        operation: &Operation,
        xml: &XmlOperation,
        names: &mut Namespaces,
    ) -> Result<String, Error> {
        let mut text = String::new();
        let alike = xml.request.encoded == xml.response.encoded;
        let one = xml.request.wrapper.is_some() != xml.response.wrapper.is_some();
        for (message, which) in [(&xml.request, "request"), (&xml.response, "response")] {
            if message.encoded && !alike {
                let _ = writeln!(text, "xml.{which}.encoded = true;");
            }
            if let Some(wrapper) = message.wrapper.as_ref().filter(|_| one) {
                let some = self.prelude("Some", "std::option::Option::Some");
                let _ = writeln!(text, "xml.{which}.wrapper = {some}({});", self.xml_name(wrapper, names));
            }
            for header in &message.headers {
                let header = self.header(operation, header, names)?;
                let _ = writeln!(text, "xml.{which}.headers.push({header});");
            }
        }
        Ok(text)
    }

    fn header(
        &mut self,
        operation: &Operation,
        header: &Field,
        names: &mut Namespaces,
    ) -> Result<String, Error> {
        let place = format!("{}, header {}", operation.name, header.name);
        let ty = self.ty(&header.ty, Spot { owner: None, place: &place })?;
        let (field, of, describe) =
            (self.facade("model::Field"), self.facade("model::TypeRef"), self.facade("wire::Describe"));
        let name = self.xml_name(&header.xml, names);
        Ok(format!(
            "{field} {{ xml: {name}, ..{field}::new({:?}.into(), {of}::Static(<{ty} as {describe}>::describe)) }}",
            header.name
        ))
    }

    fn xml_name(&mut self, name: &XmlName, names: &mut Namespaces) -> String {
        let kind = match name.kind {
            XmlKind::Element => "Element",
            XmlKind::Attribute => "Attribute",
            XmlKind::Text => "Text",
            XmlKind::Nillable => "Nillable",
            XmlKind::Content => "Content",
        };
        let element = match (&name.namespace, &name.local) {
            (Some(namespace), Some(local)) => Some(format!("{}({local:?})", names.of(namespace))),
            _ => None,
        };
        if let (Some(element), XmlKind::Element) = (&element, name.kind) {
            return element.clone();
        }
        let (made, kind) =
            (self.facade("model::XmlName"), format!("{}::{kind}", self.facade("model::XmlKind")));
        if let Some(element) = element {
            return format!("{made} {{ kind: {kind}, ..{element} }}");
        }
        let text = |text: &Option<_>| match text {
            Some(text) => format!("::std::option::Option::Some({text:?}.into())"),
            None => "::std::option::Option::None".to_owned(),
        };
        format!(
            "{made} {{ namespace: {}, local: {}, kind: {kind} }}",
            text(&name.namespace),
            text(&name.local)
        )
    }
}

/// The namespaces of elements in one function, each of which has a closure that makes names in it.
#[derive(Default)]
struct Namespaces(Vec<String>);

impl Namespaces {
    /// The closure for a namespace.
    fn of(&mut self, namespace: &str) -> String {
        let at = self.0.iter().position(|known| known == namespace).unwrap_or_else(|| {
            self.0.push(namespace.to_owned());
            self.0.len() - 1
        });
        self.called(at)
    }

    fn called(&self, at: usize) -> String {
        match self.0[at].as_str() {
            "" => "unqualified".to_owned(),
            _ => format!("ns{}", at + 1),
        }
    }
}

/// Whether a part is called as it is without being said: as its parameter, in the namespace of its
/// wrapper and of the interface.
fn is_plain(message: &XmlMessage, scope: &str, param: &str, name: &XmlName) -> bool {
    let wrapper = message.wrapper.as_ref().and_then(|wrapper| wrapper.namespace.as_deref());
    is_uri(scope)
        && wrapper == Some(scope)
        && name.kind == XmlKind::Element
        && !param.is_empty()
        && name.local.as_deref() == Some(param)
        && name.namespace.as_deref() == Some(scope)
}
