//! libFuzzer's entry to `farcall_fuzz::http_body`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::http_body(data));
