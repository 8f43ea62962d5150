//! The input of a derive, in which `Self` is spelled out: descriptions are
//! statics, where `Self` means nothing.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote_spanned};
use syn::DeriveInput;

/// Parses the input.
pub(crate) fn parse(input: TokenStream) -> syn::Result<DeriveInput> {
    let parsed: DeriveInput = syn::parse2(input)?;
    if !mentions_self(parsed.to_token_stream()) {
        return Ok(parsed);
    }
    syn::parse2(spelled_out(parsed.to_token_stream(), &parsed))
}

fn mentions_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "Self",
        TokenTree::Group(group) => mentions_self(group.stream()),
        _ => false,
    })
}

fn spelled_out(tokens: TokenStream, input: &DeriveInput) -> TokenStream {
    let (ident, (_, generics, _)) = (&input.ident, input.generics.split_for_impl());
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(found) if found == "Self" => {
                let mut ident = ident.clone();
                ident.set_span(found.span());
                quote_spanned!(found.span()=> #ident #generics)
            }
            TokenTree::Group(group) => {
                let mut whole = Group::new(group.delimiter(), spelled_out(group.stream(), input));
                whole.set_span(group.span());
                TokenTree::Group(whole).into()
            }
            other => other.into(),
        })
        .collect()
}
