//! `#[service]`.

mod model;
mod parse;
mod render;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::attr::{Errors, args};

pub(crate) fn expand(arguments: TokenStream, input: TokenStream) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let items = args(arguments, &mut errors);
    parse::parse(&items, syn::parse2(input)?, errors).map(|model| render::render(&model))
}
