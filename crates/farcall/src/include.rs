//! [`include!`](crate::include): what a build script generated.

/// Takes in the code that `farcall-build` generated from a description in the build script.
///
/// From `idl/CosNaming.idl` it generates `cos_naming`, the name as Rust calls modules, which is taken
/// in as a module of that name, or under another name by its text:
///
/// ```ignore
/// farcall::include!(pub mod cos_naming);
///
/// mod names {
///     farcall::include!("cos_naming");
/// }
/// ```
#[macro_export]
macro_rules! include {
    ($name:literal) => {
        ::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/", $name, ".rs"));
    };
    ($(#[$attribute:meta])* $visible:vis mod $name:ident) => {
        $(#[$attribute])*
        #[allow(dead_code, missing_docs, unreachable_pub, clippy::all, clippy::nursery, clippy::pedantic, rustdoc::all)]
        $visible mod $name {
            ::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/", ::core::stringify!($name), ".rs"));
        }
    };
}
