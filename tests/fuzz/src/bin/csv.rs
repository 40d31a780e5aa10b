//! CSV: rows read and written in any dialect, against a way that looks at one character at a time.
#![no_main]

#[path = "../../../../modules/csv/core/tests/compare/mod.rs"]
mod compare;

libfuzzer_sys::fuzz_target!(|data: &[u8]| compare::compare(data));
