//! libFuzzer's entry to `farcall_fuzz::soap_envelope`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::soap_envelope(data));
