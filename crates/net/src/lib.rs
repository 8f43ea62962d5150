//! farcall-net.
