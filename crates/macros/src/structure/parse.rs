//! The fields of a struct and their `#[wire(…)]` attributes.

use std::collections::HashSet;

use syn::FieldsNamed;

use super::model::{Codec, Fallback, Field, Xml, XmlKind};
use crate::attr::{self, Arg, Errors, Item};
use crate::head::Head;

const KEYS: &str = "`name`, `default`, `skip`, `with`, `attribute`, `text`, `element`, `nillable`, `content`, \
     `namespace`";

const ONE_KIND: &str = "a field is one of `attribute`, `text`, `content` and an element";

/// What a type says of all its fields.
#[derive(Default)]
pub(crate) struct Content {
    /// The namespace of elements that do not say another; empty for none.
    pub(crate) namespace: Option<String>,
    /// Whether text may stand among elements.
    pub(crate) mixed: bool,
}

impl Content {
    /// Takes an item; false if it is none of `namespace` and `mixed`.
    pub(crate) fn take(&mut self, item: &Item, errors: &mut Errors) -> bool {
        match item.key.to_string().as_str() {
            "namespace" => self.namespace = namespace(item, errors),
            "mixed" => self.mixed = item.flag(errors),
            _ => return false,
        }
        true
    }
}

/// A namespace, which is empty for elements that are not qualified.
pub(crate) fn namespace(item: &Item, errors: &mut Errors) -> Option<String> {
    item.text(errors).map(|text| text.value())
}

/// The fields.
pub(crate) fn fields(
    fields: &FieldsNamed,
    head: &Head,
    content: &Content,
    errors: &mut Errors,
) -> Vec<Field> {
    let mut found = Vec::new();
    let mut names = HashSet::new();
    let mut text = None;
    for syn_field in &fields.named {
        let Some(field) = field(syn_field, head, content, errors) else { continue };
        if field.skip {
            found.push(field);
            continue;
        }
        if !names.insert(field.name.clone()) {
            errors.at(&field.ident, format!("two fields have the name `{}` on the wire", field.name));
        }
        if field.xml.kind == XmlKind::Text && text.replace(field.ident.clone()).is_some() {
            errors.at(&field.ident, "an XML element has one text: another field is `text` already");
        }
        found.push(field);
    }
    let in_order = |f: &&Field| !f.skip && !matches!(f.xml.kind, XmlKind::Attribute | XmlKind::Text);
    if let Some(text) = text.filter(|_| !content.mixed)
        && let Some(other) = found.iter().find(in_order)
    {
        let message = format!(
            "the fields beside a `text` are attributes, and `{text}` is `text`; \
             of mixed content say `#[wire(mixed)]` on the type"
        );
        errors.at(&other.ident, message);
    }
    found
}

fn field(field: &syn::Field, head: &Head, content: &Content, errors: &mut Errors) -> Option<Field> {
    let ident = field.ident.clone()?;
    let mut out = Field {
        name: head.spell(&ident),
        ident,
        codec: Codec { ty: field.ty.clone(), with: None },
        doc: attr::doc(&field.attrs),
        default: None,
        skip: false,
        xml: Xml::default(),
    };
    for item in attr::items(&field.attrs, "wire", errors) {
        take(&mut out, &item, errors);
    }
    if matches!(out.xml.kind, XmlKind::Element | XmlKind::Nillable) && out.xml.namespace.is_none() {
        out.xml.namespace.clone_from(&content.namespace);
    }
    Some(out)
}

fn take(field: &mut Field, item: &Item, errors: &mut Errors) {
    match item.key.to_string().as_str() {
        "name" => field.name = item.name(errors).unwrap_or_default(),
        "default" => {
            field.default = match item.value {
                Arg::Flag => Some(Fallback::Default),
                _ => item.path(errors).map(Fallback::Call),
            };
        }
        "skip" => field.skip = item.flag(errors),
        "with" => field.codec.with = item.path(errors),
        "attribute" => {
            if !matches!(item.value, Arg::Flag) {
                field.xml.local = item.name(errors);
            }
            kind(field, XmlKind::Attribute, item, errors);
        }
        "text" => {
            item.flag(errors);
            kind(field, XmlKind::Text, item, errors);
        }
        "element" => {
            field.xml.local = item.name(errors);
            if !matches!(field.xml.kind, XmlKind::Element | XmlKind::Nillable) {
                errors.at(&item.key, ONE_KIND);
            }
        }
        "nillable" => {
            item.flag(errors);
            kind(field, XmlKind::Nillable, item, errors);
        }
        "content" => {
            item.flag(errors);
            kind(field, XmlKind::Content, item, errors);
        }
        "namespace" => field.xml.namespace = namespace(item, errors),
        _ => item.unknown(errors, KEYS),
    }
}

fn kind(field: &mut Field, kind: XmlKind, item: &Item, errors: &mut Errors) {
    if field.xml.kind != XmlKind::Element && field.xml.kind != kind {
        errors.at(&item.key, ONE_KIND);
    }
    field.xml.kind = kind;
}
