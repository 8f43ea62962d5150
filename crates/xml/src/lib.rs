//! farcall-xml.
