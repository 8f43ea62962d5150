//! libFuzzer's entry to `farcall_fuzz::model_texts`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| farcall_fuzz::model_texts(data));
