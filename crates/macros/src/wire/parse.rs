//! From a type's declaration to what is known of it.

use std::collections::HashSet;

use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, FieldsUnnamed, GenericParam, Type, Variant};

use super::model::{Case, CaseXml, Discriminator, Member, Shape, Union, ValueHead, ValueKind, Wire};
use crate::attr::{self, Arg, Errors, Item, integer};
use crate::head::{self, Head};
use crate::structure;
use crate::structure::model::Codec;
use crate::structure::parse::{Content, namespace};

/// The longest tuple that is a wire type.
const LONGEST_TUPLE: usize = 8;

pub(crate) fn parse(input: &DeriveInput) -> syn::Result<Wire> {
    let mut errors = Errors::default();
    let mut head = Head::new(&input.ident, &input.attrs);
    let mut own = Own::default();
    let mut named = Vec::new();
    for item in attr::items(&input.attrs, "wire", &mut errors) {
        own.take(&item, &mut head, &mut errors);
        named.push(item);
    }
    for param in &input.generics.params {
        if let GenericParam::Lifetime(lifetime) = param {
            errors.at(
                lifetime,
                "a wire type owns its data: use `String`, `Vec` or `Box` instead of references",
            );
        }
    }
    head.is_generic = !input.generics.params.is_empty();
    if head.is_generic && head.id.is_some() {
        let message = "each instance of a generic type is a type of its own, and they cannot share an id";
        errors.at(&input.generics, message);
    }
    let shape = match &input.data {
        _ if own.value.is_some() => value(input, &mut own, &head, &mut errors),
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                Shape::Struct(structure::parse::fields(fields, &head, &own.content, &mut errors))
            }
            Fields::Unit => Shape::Struct(Vec::new()),
            Fields::Unnamed(fields) => unnamed(fields, &named, &mut errors),
        },
        Data::Enum(data) => variants(input, data, &head, &own, &mut errors),
        Data::Union(data) => {
            errors.at(data.union_token, "a Rust union does not know its case: use an enum");
            Shape::Struct(Vec::new())
        }
    };
    own.check(&shape, &named, &mut errors);
    let (ident, generics) = (input.ident.clone(), input.generics.clone());
    errors.finish(Wire { ident, generics, head, shape })
}

/// Attributes that only types have.
#[derive(Default)]
struct Own {
    content: Content,
    discriminator: Option<Type>,
    value: Option<ValueKind>,
    bases: Vec<String>,
    /// Whether `xsi:type` tells the cases apart.
    xsi_type: bool,
}

impl Own {
    fn take(&mut self, item: &Item, head: &mut Head, errors: &mut Errors) {
        match item.key.to_string().as_str() {
            "discriminator" => self.discriminator = item.ty(errors),
            "xsi_type" => self.xsi_type = item.flag(errors),
            "value" => self.value = value_kind(item, errors),
            "bases" => self.bases = item.texts(errors),
            _ if head.take(item, errors) || self.content.take(item, errors) => {}
            _ => {
                let own = "`namespace`, `mixed`, `discriminator`, `xsi_type`, `value`, `bases`";
                item.unknown(errors, &format!("{}, {own}", head::KEYS));
            }
        }
    }

    /// Objects to what has no meaning for the shape.
    fn check(&self, shape: &Shape, items: &[Item], errors: &mut Errors) {
        for item in items {
            let fits = match item.key.to_string().as_str() {
                "namespace" => matches!(shape, Shape::Struct(_) | Shape::Union(_) | Shape::Value(..)),
                "mixed" => matches!(shape, Shape::Struct(_)),
                "value" => matches!(shape, Shape::Value(..) | Shape::Values(_)),
                "bases" => matches!(shape, Shape::Value(..)),
                "discriminator" | "xsi_type" => matches!(shape, Shape::Union(_)),
                _ => true,
            };
            if !fits {
                errors.at(&item.key, format!("`{}` has no meaning for this kind of type", item.key));
            }
        }
    }
}

/// `value`, or `value = "truncatable"`, `"custom"`, `"boxed"`.
fn value_kind(item: &Item, errors: &mut Errors) -> Option<ValueKind> {
    if matches!(item.value, Arg::Flag) {
        return Some(ValueKind::Plain);
    }
    let kind = item.text(errors)?;
    match kind.value().as_str() {
        "truncatable" => Some(ValueKind::Truncatable),
        "custom" => Some(ValueKind::Custom),
        "boxed" => Some(ValueKind::Boxed),
        _ => {
            errors.at(&kind, "a value type is \"truncatable\", \"custom\", \"boxed\", or none of them");
            Some(ValueKind::Plain)
        }
    }
}

/// A value type: a struct, or an enum whose variants are value types.
fn value(input: &DeriveInput, own: &mut Own, head: &Head, errors: &mut Errors) -> Shape {
    if !input.generics.params.is_empty() {
        errors.at(&input.generics, "a value type has no parameters");
    }
    let kind = own.value.unwrap_or_default();
    match &input.data {
        Data::Struct(data) => {
            let fields = match &data.fields {
                Fields::Named(fields) => structure::parse::fields(fields, head, &own.content, errors),
                Fields::Unit => Vec::new(),
                Fields::Unnamed(fields) => {
                    errors.at(fields, "the fields of a value type have names");
                    Vec::new()
                }
            };
            if kind == ValueKind::Boxed && fields.len() != 1 {
                errors.at(&input.ident, "a boxed value type has one field");
            }
            Shape::Value(ValueHead { kind, bases: std::mem::take(&mut own.bases) }, fields)
        }
        Data::Enum(data) => {
            let variants = data.variants.iter().filter_map(|variant| match &variant.fields {
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                    Some((variant.ident.clone(), fields.unnamed[0].ty.clone()))
                }
                fields => {
                    errors.at(fields, "a variant of a value type holds one value type: `Name(Name)`");
                    None
                }
            });
            Shape::Values(variants.collect())
        }
        Data::Union(data) => {
            errors.at(data.union_token, "a Rust union does not know its case: use an enum");
            Shape::Struct(Vec::new())
        }
    }
}

/// A tuple struct has no name on the wire, so that names are an error.
fn unnamed(fields: &FieldsUnnamed, items: &[Item], errors: &mut Errors) -> Shape {
    for item in items.iter().filter(|i| i.key != "crate") {
        let message = "a tuple struct is its fields, and has no name or attributes of its own on the wire";
        errors.at(&item.key, message);
    }
    let types: Vec<&Type> = fields.unnamed.iter().map(|f| &f.ty).collect();
    match types[..] {
        [] => {
            errors.at(fields, "a tuple struct without fields: write `struct Name;`");
            Shape::Tuple(Vec::new())
        }
        [ty] => Shape::Newtype(Box::new(codec(ty, &fields.unnamed[0].attrs, errors))),
        _ if types.len() > LONGEST_TUPLE => {
            errors.at(fields, format!("more than {LONGEST_TUPLE} fields: name them"));
            Shape::Tuple(Vec::new())
        }
        _ => {
            for field in &fields.unnamed {
                for item in attr::items(&field.attrs, "wire", errors) {
                    errors.at(&item.key, "the items of a tuple have no attributes: name the fields");
                }
            }
            Shape::Tuple(types.into_iter().cloned().collect())
        }
    }
}

/// The only field of a newtype or of a variant.
fn codec(ty: &Type, attrs: &[Attribute], errors: &mut Errors) -> Codec {
    let mut codec = Codec { ty: ty.clone(), with: None };
    for item in attr::items(attrs, "wire", errors) {
        match item.key.to_string().as_str() {
            "with" => codec.with = item.path(errors),
            _ => item.unknown(errors, "`with`"),
        }
    }
    codec
}

fn variants(input: &DeriveInput, data: &DataEnum, head: &Head, own: &Own, errors: &mut Errors) -> Shape {
    if data.variants.is_empty() {
        errors.at(&input.ident, "an enum without variants has no values to send");
    }
    let mut names = HashSet::new();
    let plain = data.variants.iter().all(|v| matches!(v.fields, Fields::Unit));
    if plain && own.discriminator.is_none() {
        let members: Vec<_> = data.variants.iter().map(|v| member(v, head, errors)).collect();
        for member in &members {
            if !names.insert(&member.name) {
                errors.at(&member.ident, format!("two variants have the name `{}` on the wire", member.name));
            }
        }
        return Shape::Enum(members);
    }
    let cases: Vec<_> =
        data.variants.iter().enumerate().map(|(index, v)| case(index, v, head, errors)).collect();
    check_cases(&cases, errors);
    let wide = cases.iter().flat_map(|c| &c.labels).any(|label| i32::try_from(*label).is_err());
    let discriminator = told_by_name(&cases, head, own, errors).unwrap_or_else(|| {
        let number = || if wide { syn::parse_quote!(i64) } else { syn::parse_quote!(i32) };
        Discriminator::Type(Box::new(own.discriminator.clone().unwrap_or_else(number)))
    });
    Shape::Union(Union { discriminator, cases })
}

/// The names of the cases in XML, if the type or any of them says something of them.
fn told_by_name(cases: &[Case], head: &Head, own: &Own, errors: &mut Errors) -> Option<Discriminator> {
    let says = |xml: &CaseXml| xml.content || xml.local.is_some() || xml.namespace.is_some();
    if !own.xsi_type && own.content.namespace.is_none() && !cases.iter().any(|case| says(&case.xml)) {
        return None;
    }
    if let Some(discriminator) = &own.discriminator {
        errors.at(discriminator, "names tell the cases apart, so that there is no other discriminator");
    }
    let scope = Some(&head.scope).filter(|_| head.is_uri());
    let mut names = Vec::new();
    for case in cases {
        if case.xml.content {
            names.push(String::new());
            continue;
        }
        let local = case.xml.local.as_ref().unwrap_or(&case.name);
        let namespace = case.xml.namespace.as_ref().or(own.content.namespace.as_ref()).or(scope);
        match namespace.map(String::as_str) {
            Some("") => names.push(local.clone()),
            Some(namespace) => names.push(format!("{{{namespace}}}{local}")),
            None => errors.at(&case.ident, "in which namespace? say `namespace` here or on the type"),
        }
    }
    Some(Discriminator::Name { by: if own.xsi_type { "type" } else { "element" }, names })
}

fn member(variant: &Variant, head: &Head, errors: &mut Errors) -> Member {
    let mut member = Member {
        ident: variant.ident.clone(),
        name: head.spell(&variant.ident),
        doc: attr::doc(&variant.attrs),
        value: None,
    };
    for item in attr::items(&variant.attrs, "wire", errors) {
        match item.key.to_string().as_str() {
            // schemas list the empty text among others
            "name" => member.name = item.text(errors).map(|text| text.value()).unwrap_or_default(),
            "value" => member.value = item.integer(errors),
            _ => item.unknown(errors, "`name`, `value`"),
        }
    }
    member
}

fn case(index: usize, variant: &Variant, head: &Head, errors: &mut Errors) -> Case {
    let mut labels = None;
    let mut out = Case {
        ident: variant.ident.clone(),
        name: head.spell(&variant.ident),
        doc: attr::doc(&variant.attrs),
        labels: Vec::new(),
        codec: carried(variant, errors),
        xml: CaseXml::default(),
    };
    for item in attr::items(&variant.attrs, "wire", errors) {
        match item.key.to_string().as_str() {
            "name" => out.name = item.name(errors).unwrap_or_default(),
            "label" | "default" => {
                if labels.replace(self::labels(&item, errors)).is_some() {
                    errors.at(&item.key, "a case has labels or is the default");
                }
            }
            "with" => match &mut out.codec {
                Some(codec) => codec.with = item.path(errors),
                None => errors.at(&item.key, "a variant that carries nothing needs no `with`"),
            },
            "element" => out.xml.local = item.name(errors),
            "namespace" => out.xml.namespace = namespace(&item, errors),
            "content" => out.xml.content = item.flag(errors),
            _ => {
                item.unknown(errors, "`name`, `label`, `default`, `with`, `element`, `namespace`, `content`")
            }
        }
    }
    out.labels = labels.unwrap_or_else(|| vec![i64::try_from(index).unwrap_or(i64::MAX)]);
    out
}

/// `label = 1` or `label(1, 2)`; none for `default`.
fn labels(item: &Item, errors: &mut Errors) -> Vec<i64> {
    match &item.value {
        _ if item.key == "default" => {
            item.flag(errors);
            Vec::new()
        }
        Arg::List(list) if !list.is_empty() => {
            list.iter().filter_map(|label| integer(label, errors)).collect()
        }
        _ => item.integer(errors).into_iter().collect(),
    }
}

/// What a variant of a union carries.
fn carried(variant: &Variant, errors: &mut Errors) -> Option<Codec> {
    match &variant.fields {
        Fields::Unit => None,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            Some(codec(&fields.unnamed[0].ty, &fields.unnamed[0].attrs, errors))
        }
        fields => {
            errors.at(
                fields,
                "a variant carries one value: use a newtype variant of a struct that derives Wire",
            );
            None
        }
    }
}

fn check_cases(cases: &[Case], errors: &mut Errors) {
    let (mut names, mut labels, mut default) = (HashSet::new(), HashSet::new(), false);
    for case in cases {
        if !names.insert(&case.name) {
            errors.at(&case.ident, format!("two variants have the name `{}` on the wire", case.name));
        }
        for label in &case.labels {
            if !labels.insert(label) {
                errors.at(&case.ident, format!("two variants have the label {label}"));
            }
        }
        if case.labels.is_empty() && std::mem::replace(&mut default, true) {
            errors.at(&case.ident, "two variants are the default");
        }
    }
}
