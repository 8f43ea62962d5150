//! How types that come from XML Schema stand in XML, as the parts of `#[wire(…)]` that say so.
//!
//! What a derive takes for granted is left out: elements in the namespace of the type, which is its
//! scope, named as the fields.

use farcall_model::{Field, Type, UnionType, XmlKind};

/// The scope of discriminators that are names in XML.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// What the fields of one type have in common.
#[derive(Debug, Default)]
pub(crate) struct Elements<'t> {
    /// The namespace that the derive has to be told of.
    told: Option<&'t str>,
    /// The namespace of elements that say nothing.
    namespace: Option<&'t str>,
    mixed: bool,
}

impl<'t> Elements<'t> {
    /// Of the fields of a type of that scope.
    pub(crate) fn of(fields: &'t [Field], scope: &'t str) -> Self {
        let mut counted: Vec<(&str, usize)> = Vec::new();
        for namespace in fields.iter().filter(|f| is_element(f)).filter_map(|f| f.xml.namespace.as_deref()) {
            match counted.iter_mut().find(|(known, _)| *known == namespace) {
                Some((_, count)) => *count += 1,
                None => counted.push((namespace, 1)),
            }
        }
        // the first of those that most have
        let most = counted.iter().rev().max_by_key(|(_, count)| *count).map(|(namespace, _)| *namespace);
        let text = fields.iter().any(|f| f.xml.kind == XmlKind::Text);
        let others = fields.iter().any(|f| !matches!(f.xml.kind, XmlKind::Text | XmlKind::Attribute));
        Self {
            told: most.filter(|namespace| *namespace != scope || !is_uri(scope)),
            namespace: most,
            mixed: text && others,
        }
    }

    /// What stands on the type.
    pub(crate) fn parts(&self) -> Vec<String> {
        let mut parts: Vec<String> = self.told.iter().map(|uri| format!("namespace = {uri:?}")).collect();
        parts.extend(self.mixed.then(|| "mixed".to_owned()));
        parts
    }

    /// What stands on a field.
    pub(crate) fn field(&self, field: &Field) -> Vec<String> {
        let mut parts = Vec::new();
        let namespace = field.xml.namespace.as_deref();
        let local = field.xml.local.as_deref().filter(|local| **local != *field.name);
        match field.xml.kind {
            XmlKind::Text => parts.push("text".to_owned()),
            XmlKind::Content => parts.push("content".to_owned()),
            XmlKind::Attribute => {
                parts.push(local.map_or("attribute".to_owned(), |local| format!("attribute = {local:?}")));
                let qualified = namespace.filter(|uri| !uri.is_empty());
                parts.extend(qualified.map(|uri| format!("namespace = {uri:?}")));
            }
            XmlKind::Element | XmlKind::Nillable => {
                parts.extend((field.xml.kind == XmlKind::Nillable).then(|| "nillable".to_owned()));
                parts.extend(local.map(|local| format!("element = {local:?}")));
                let other = namespace.filter(|_| namespace != self.namespace);
                parts.extend(other.map(|uri| format!("namespace = {uri:?}")));
            }
        }
        parts
    }
}

/// What tells the cases of a union apart in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TellsBy {
    /// The name of an element.
    Element,
    /// The name of a type, in `xsi:type`.
    Type,
}

/// What tells the cases of a union apart in XML, if a schema said so: the names are the members of
/// the discriminator, in Clark notation.
pub(crate) fn told_by(union: &UnionType) -> Option<TellsBy> {
    match union.discriminator.resolve() {
        Type::Enum(names) if names.scope == XSI && names.name == "type" => Some(TellsBy::Type),
        Type::Enum(names) if names.scope == XSI => Some(TellsBy::Element),
        _ => None,
    }
}

/// What stands on a case of a union.
pub(crate) fn case(union: &UnionType, at: usize) -> Vec<String> {
    let (Some(_), Type::Enum(names)) = (told_by(union), union.discriminator.resolve()) else {
        return Vec::new();
    };
    let (Some(name), Some(case)) = (names.members.get(at), union.cases.get(at)) else { return Vec::new() };
    if name.name.is_empty() {
        return vec!["content".to_owned()];
    }
    let clark = name.name.strip_prefix('{').and_then(|name| name.split_once('}'));
    let (namespace, local) = clark.unwrap_or(("", &name.name));
    let mut parts = Vec::new();
    if local != case.name {
        parts.push(format!("element = {local:?}"));
    }
    if namespace != union.scope || !is_uri(&union.scope) {
        parts.push(format!("namespace = {namespace:?}"));
    }
    parts
}

fn is_element(field: &Field) -> bool {
    matches!(field.xml.kind, XmlKind::Element | XmlKind::Nillable)
}

/// Whether a scope is a namespace of XML, which is then that of the elements.
pub(crate) fn is_uri(scope: &str) -> bool {
    scope.contains(':') && !scope.contains("::")
}
