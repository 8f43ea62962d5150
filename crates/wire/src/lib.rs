//! farcall-wire.
