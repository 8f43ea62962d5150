//! libFuzzer's entry to `farcall_fuzz::wsdl_load`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::wsdl_load(data));
