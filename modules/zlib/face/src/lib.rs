//! The Python face of `zlib`.
#![forbid(unsafe_code)]

mod checks;
mod compressor;
mod decompressor;
mod leftover;
mod options;
mod state;
mod version;
mod whole;
mod zlib_decompressor;

use checks::{adler32, adler32_combine, crc32, crc32_combine};
use compressor::compressobj;
use cpython_api::module;
use decompressor::decompressobj;
use state::State;
use version::__getattr__;
use whole::{compress, decompress};

module! {
    /// Compression and decompression in the formats of zlib, gzip and raw deflate; two checksums.
    ///
    /// compress() and decompress() take all data at once, compressobj() and decompressobj() give
    /// objects that take it in pieces. Everywhere wbits is the size of the window and the format.
    name: "zlib",
    state: State,
    replaces: "Modules/zlibmodule.c",
    functions: [
        adler32, adler32_combine, compress, compressobj, crc32, crc32_combine, decompress,
        decompressobj, __getattr__,
    ],
}
