//! `#[derive(Wire)]`.

mod model;
mod parse;
mod render;

use proc_macro2::TokenStream;

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    parse::parse(&syn::parse2(input)?).map(|model| render::render(&model))
}
