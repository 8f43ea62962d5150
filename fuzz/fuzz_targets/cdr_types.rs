//! libFuzzer's entry to `farcall_fuzz::cdr_types`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::cdr_types(data));
