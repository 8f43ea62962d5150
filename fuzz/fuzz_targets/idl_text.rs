//! libFuzzer's entry to `farcall_fuzz::idl_text`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::idl_text(data));
