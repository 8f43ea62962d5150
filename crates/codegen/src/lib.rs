//! farcall-codegen.
