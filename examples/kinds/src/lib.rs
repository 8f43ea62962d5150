//! `interop/corba-omniorb-types/kinds.idl` as Rust: every construct of IDL, as `farcall-build`
//! writes it.
//!
//! ```no_run
//! use farcall_example_kinds::kinds::kinds::{Echo as _, EchoClient};
//!
//! farcall::block_on(async {
//!     let echo = EchoClient::connect("corbaloc::127.0.0.1:15101/echo").await?;
//!     assert_eq!(echo.twice(21).await?, 42);
//!     Ok::<(), farcall::Fault>(())
//! });
//! ```

farcall::include!(pub mod kinds);
