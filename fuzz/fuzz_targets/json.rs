//! libFuzzer's entry to `farcall_fuzz::json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::json(data));
