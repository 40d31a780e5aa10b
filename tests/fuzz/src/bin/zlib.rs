//! Deflate streams: what is compressed is decompressed again, in pieces as in one, and as RFC 1951 says.
#![no_main]

#[path = "../../../../modules/zlib/core/tests/oracle/compare/mod.rs"]
mod compare;

libfuzzer_sys::fuzz_target!(|data: &[u8]| compare::compare(data));
