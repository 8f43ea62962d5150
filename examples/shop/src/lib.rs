//! `interop/soap-php/shop.wsdl` as Rust: elements that may be absent and may be nil, a type that
//! others derive from, a choice and a typed fault, as `farcall-build` writes them.
//!
//! ```no_run
//! use farcall_example_shop::shop::shop::{IShop as _, IShopClient};
//!
//! farcall::block_on(async {
//!     let shop = IShopClient::connect("soap+http://127.0.0.1:8000/shop").await?;
//!     let nothing = shop.place(farcall::Nillable::Absent).await;
//!     assert!(nothing.is_ok_and(|placed| placed.is_absent()));
//!     Ok::<(), farcall::Fault>(())
//! });
//! ```

farcall::include!(pub mod shop);
