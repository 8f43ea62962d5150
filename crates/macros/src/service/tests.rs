//! The code that `#[service]` writes, as a snapshot.

use quote::quote;

use crate::snapshot::snapshot;

#[test]
fn a_service() {
    let arguments = quote!(name = "bank", id = "IDL:Bank:1.0", crate = "my::farcall");
    snapshot(
        "service",
        super::expand(
            arguments,
            quote! {
                /// Keeps money.
                pub trait Bank: Send + Sync {
                    /// Opens an account.
                    async fn open(
                        &self,
                        /// Who.
                        owner: String,
                        initial: Option<f64>,
                    ) -> Result<Account, CallError<Refused>>;

                    #[op(name = "Ping", oneway, idempotent)]
                    async fn ping(&self, cx: &Context) -> Result<(), Fault> {
                        Ok(())
                    }
                }
            },
        ),
    );
}
