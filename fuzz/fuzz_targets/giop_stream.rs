//! libFuzzer's entry to `farcall_fuzz::giop_stream`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::giop_stream(data));
