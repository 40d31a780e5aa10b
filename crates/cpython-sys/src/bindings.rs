//! What bindgen generated from the headers.
#![allow(missing_docs, dead_code, unreachable_pub, unused_qualifications, reason = "generated")]
#![allow(clippy::all, clippy::restriction, clippy::nursery, reason = "generated")]

include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
