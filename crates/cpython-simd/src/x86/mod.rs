//! The kernels for x86-64, and the loads and stores they share.

pub(crate) mod base32_avx512;
pub(crate) mod base64_avx2;
pub(crate) mod base64_avx512;
pub(crate) mod crc_fold;
pub(crate) mod hex_avx2;
pub(crate) mod hex_avx512;
pub(crate) mod hex_sse2;
pub(crate) mod mask_sse2;
mod memory;
