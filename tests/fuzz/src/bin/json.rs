//! JSON: the reader and the writer against naive ones, in text of every width.
#![no_main]

#[path = "../../../../modules/json/core/tests/oracle/compare/mod.rs"]
mod compare;

libfuzzer_sys::fuzz_target!(|data: &[u8]| compare::compare(data));
