//! libFuzzer's entry to `farcall_fuzz::giop_peer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::giop_peer(data));
