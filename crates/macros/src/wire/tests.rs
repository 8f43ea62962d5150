//! The code that `#[derive(Wire)]` writes, as snapshots.

use quote::quote;

use crate::snapshot::snapshot;

#[test]
fn a_struct() {
    snapshot(
        "struct",
        super::expand(quote! {
            /// Somewhere.
            #[wire(scope = "Geo", rename_all = "camelCase")]
            struct Place {
                /// What it is called.
                place_name: String,
                #[wire(default, attribute)]
                height: f64,
                #[wire(skip)]
                cache: u8,
                #[wire(with = "crate::area")]
                area: Area,
                inside: Option<Box<Self>>,
            }
        }),
    );
}

#[test]
fn a_generic_struct() {
    snapshot(
        "generic",
        super::expand(quote! {
            struct Page<T: Clone> where T: Ord {
                items: Vec<T>,
            }
        }),
    );
}

#[test]
fn structs_without_names() {
    snapshot(
        "unit",
        super::expand(quote!(
            struct Nothing;
        )),
    );
    snapshot(
        "newtype",
        super::expand(quote!(
            struct Name(String);
        )),
    );
    snapshot(
        "tuple",
        super::expand(quote!(
            struct Pair<T>(T, i32);
        )),
    );
}

#[test]
fn enums() {
    snapshot(
        "enum",
        super::expand(quote! {
            enum Color { Red = 1, #[wire(name = "verde", value = 9)] Green }
        }),
    );
    snapshot(
        "union",
        super::expand(quote! {
            enum Shape { Empty, #[wire(label(4, -5))] Circle(Circle), #[wire(default)] Other(String) }
        }),
    );
}
