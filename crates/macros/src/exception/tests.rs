//! The code that `#[derive(Exception)]` writes, as snapshots.

use quote::quote;

use crate::snapshot::snapshot;

#[test]
fn one_exception() {
    snapshot(
        "exception",
        super::expand(quote! {
            #[exception(code = 3, message = "balance {balance} is too low")]
            struct Refused { balance: f64 }
        }),
    );
    snapshot(
        "exception_unit",
        super::expand(quote!(
            struct Closed;
        )),
    );
}

#[test]
fn several_exceptions() {
    snapshot(
        "exceptions",
        super::expand(quote!(
            enum BankError {
                Refused(Refused),
                Closed(Closed),
            }
        )),
    );
}
