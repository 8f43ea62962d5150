//! libFuzzer's entry to `farcall_fuzz::sas_context`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::sas_context(data));
