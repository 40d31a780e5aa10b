//! Raw bindings to CPython.
#![expect(unsafe_code, reason = "these are the raw bindings")]
#![no_std]

mod bindings {
    #![allow(missing_docs, nonstandard_style, unused_qualifications, reason = "generated, with the names of C")]
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}
pub use bindings::*;
