//! TZif files, and what they say of a moment: each answer is one that the file has.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| zoneinfo_core::fuzz(data));
