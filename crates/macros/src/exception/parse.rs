//! From a type's declaration to what is known of it as an exception.

use syn::{Data, DataEnum, DeriveInput, Fields, Ident, LitStr, Type};

use super::model::{Exception, One, Shape};
use crate::attr::{self, Errors, Item};
use crate::head::{self, Head};
use crate::structure::{self, parse::Content};

/// The code of an exception that does not say another.
const CODE: i32 = 1;

pub(crate) fn parse(input: &DeriveInput) -> syn::Result<Exception> {
    let mut errors = Errors::default();
    let mut head = Head::new(&input.ident, &input.attrs);
    let mut own = Own::default();
    let items = attr::items(&input.attrs, "exception", &mut errors);
    for item in &items {
        own.take(item, &mut head, &mut errors);
    }
    if !input.generics.params.is_empty() {
        errors.at(&input.generics, "an exception has one description, and so no generics");
    }
    let shape = match &input.data {
        Data::Struct(data) => {
            let fields = match &data.fields {
                Fields::Named(fields) => structure::parse::fields(fields, &head, &own.content, &mut errors),
                Fields::Unit => Vec::new(),
                Fields::Unnamed(fields) => {
                    errors.at(fields, "the members of an exception have names");
                    Vec::new()
                }
            };
            Shape::One(One { fields, code: own.code.unwrap_or(CODE), message: own.message })
        }
        Data::Enum(data) => {
            for item in items.iter().filter(|i| i.key != "crate") {
                let message = format!("`{}` belongs on the exceptions that the enum carries", item.key);
                errors.at(&item.key, message);
            }
            Shape::Several(variants(&input.ident, data, &mut errors))
        }
        Data::Union(data) => {
            errors.at(data.union_token, "an exception is a struct, or an enum of exceptions");
            Shape::Several(Vec::new())
        }
    };
    errors.finish(Exception { ident: input.ident.clone(), head, shape })
}

/// Attributes that only exceptions have.
#[derive(Default)]
struct Own {
    content: Content,
    code: Option<i32>,
    message: Option<LitStr>,
}

impl Own {
    fn take(&mut self, item: &Item, head: &mut Head, errors: &mut Errors) {
        match item.key.to_string().as_str() {
            "message" => self.message = item.text(errors),
            "code" => {
                let code = item.integer(errors).map(i32::try_from);
                if let Some(Err(_)) = code {
                    errors.at(&item.key, "a code has 32 bits");
                }
                self.code = code.and_then(Result::ok);
            }
            _ if head.take(item, errors) || self.content.take(item, errors) => {}
            _ => item.unknown(errors, &format!("{}, `namespace`, `mixed`, `code`, `message`", head::KEYS)),
        }
    }
}

fn variants(ident: &Ident, data: &DataEnum, errors: &mut Errors) -> Vec<(Ident, Type)> {
    if data.variants.is_empty() {
        errors.at(ident, "an enum without variants cannot be raised");
    }
    let mut found = Vec::new();
    for variant in &data.variants {
        match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                found.push((variant.ident.clone(), fields.unnamed[0].ty.clone()));
            }
            _ => {
                let message = "a variant carries one exception: a struct that derives Exception";
                errors.at(variant, message);
            }
        }
    }
    found
}
