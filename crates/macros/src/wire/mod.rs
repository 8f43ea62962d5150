//! `#[derive(Wire)]`.

mod model;
mod parse;
mod render;
#[cfg(test)]
mod tests;
mod value;

use proc_macro2::TokenStream;

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    parse::parse(&crate::input::parse(input)?).map(|model| render::render(&model))
}
