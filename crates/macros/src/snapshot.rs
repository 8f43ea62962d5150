//! Snapshots of expansions, printed as people read them.

use proc_macro2::TokenStream;

/// Compares an expansion with the snapshot of that name.
#[track_caller]
pub(crate) fn snapshot(name: &str, expansion: syn::Result<TokenStream>) {
    let tokens = expansion.unwrap_or_else(|error| panic!("{error}"));
    let file = syn::parse2(tokens).unwrap_or_else(|error| panic!("the expansion is no Rust: {error}"));
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_snapshot_path("../tests/expansions");
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| insta::assert_snapshot!(name, prettyplease::unparse(&file)));
}
