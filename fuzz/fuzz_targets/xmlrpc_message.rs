//! libFuzzer's entry to `farcall_fuzz::xmlrpc_message`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::xmlrpc_message(data));
