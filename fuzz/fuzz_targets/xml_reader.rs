//! libFuzzer's entry to `farcall_fuzz::xml_reader`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::xml_reader(data));
