//! Generates Rust from the IDL that the servers of omniORB are compiled from.

fn main() -> Result<(), farcall_build::Error> {
    farcall_build::idl("../../interop/corba-omniorb-types/kinds.idl")
}
