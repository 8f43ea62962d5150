//! The fields of a struct and their `#[wire(…)]` attributes.

use std::collections::HashSet;

use syn::FieldsNamed;

use super::model::{Codec, Fallback, Field, Xml, XmlKind};
use crate::attr::{self, Arg, Errors, Item};
use crate::head::Head;

const KEYS: &str = "`name`, `default`, `skip`, `with`, `attribute`, `text`, `element`, `namespace`";

/// The fields; `namespace` is the one of elements that do not say another.
pub(crate) fn fields(
    fields: &FieldsNamed,
    head: &Head,
    namespace: Option<&str>,
    errors: &mut Errors,
) -> Vec<Field> {
    let mut found = Vec::new();
    let mut names = HashSet::new();
    let mut text = None;
    for syn_field in &fields.named {
        let Some(field) = field(syn_field, head, namespace, errors) else { continue };
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
    if let Some(text) = text
        && let Some(other) = found.iter().find(|f| !f.skip && f.xml.kind == XmlKind::Element)
    {
        let message = format!("the fields beside a `text` are attributes, and `{}` is `text`", text);
        errors.at(&other.ident, message);
    }
    found
}

fn field(field: &syn::Field, head: &Head, namespace: Option<&str>, errors: &mut Errors) -> Option<Field> {
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
    if out.xml.kind == XmlKind::Element && out.xml.namespace.is_none() {
        out.xml.namespace = namespace.map(str::to_owned);
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
            kind(field, XmlKind::Element, item, errors);
        }
        "namespace" => field.xml.namespace = item.name(errors),
        _ => item.unknown(errors, KEYS),
    }
}

fn kind(field: &mut Field, kind: XmlKind, item: &Item, errors: &mut Errors) {
    if field.xml.kind != XmlKind::Element && field.xml.kind != kind {
        errors.at(&item.key, "a field is one of `attribute`, `text` and `element`");
    }
    field.xml.kind = kind;
}
