//! farcall-macros.
