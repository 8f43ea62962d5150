//! Generates Rust from the IDL.

fn main() -> Result<(), farcall_build::Error> {
    farcall_build::idl("idl/warehouse.idl")
}
