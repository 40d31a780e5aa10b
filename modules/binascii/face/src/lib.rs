//! The Python face of `binascii`.
#![forbid(unsafe_code)]

mod base32;
mod base64;
mod base85;
mod crc;
mod hex;
mod state;
mod text;

use base32::{a2b_base32, b2a_base32};
use base64::{a2b_base64, b2a_base64};
use base85::{a2b_ascii85, a2b_base85, b2a_ascii85, b2a_base85};
use cpython_api::module;
use crc::{crc_hqx, crc32};
use hex::{a2b_hex, b2a_hex, hexlify, unhexlify};
use state::State;
use text::{a2b_qp, a2b_uu, b2a_qp, b2a_uu};

module! {
    /// Binary data as ASCII text, and back again.
    name: "binascii",
    state: State,
    replaces: "Modules/binascii.c",
    functions: [
        a2b_ascii85, a2b_base32, a2b_base64, a2b_base85, a2b_hex, a2b_qp, a2b_uu,
        b2a_ascii85, b2a_base32, b2a_base64, b2a_base85, b2a_hex, b2a_qp, b2a_uu,
        crc32, crc_hqx, hexlify, unhexlify,
    ],
}
