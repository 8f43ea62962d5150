//! Generates Rust from the WSDL that PHP serves.

fn main() -> Result<(), farcall_build::Error> {
    farcall_build::wsdl("../../interop/soap-php/shop.wsdl")
}
