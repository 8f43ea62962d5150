//! farcall-model.
