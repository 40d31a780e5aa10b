//! bzip2 streams: what is compressed is decompressed again, in pieces as in one, and as the format says.
#![no_main]

#[path = "../../../../modules/bz2/core/tests/oracle/compare/mod.rs"]
mod compare;

libfuzzer_sys::fuzz_target!(|data: &[u8]| compare::compare(data));
