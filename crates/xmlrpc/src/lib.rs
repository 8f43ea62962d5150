//! farcall-xmlrpc.
