//! libFuzzer's entry to `farcall_fuzz::cdr_value`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::cdr_value(data));
