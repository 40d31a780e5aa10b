//! What the module keeps: its classes, its exception, and streams for the next who needs one.
use cpython_api::exception::{Exception, ExceptionType};
use cpython_api::{
    ClassRef, Module, ModuleState, Py, PyErr, PyResult, PyType, Shared, ThreadState, Traverse,
};
use cpython_streaming::NoMemory;
use zlib_core::{Deflate, Error, Guess, Inflate, Spare};

use crate::compressor::Compress;
use crate::decompressor::Decompress;
use crate::zlib_decompressor::ZlibDecompressor;

/// The exception `zlib.error`, the classes, and streams that nobody uses.
#[derive(Traverse)]
pub struct State {
    error: Py<PyType>,
    pub(crate) compress: ClassRef<Compress>,
    pub(crate) decompress: ClassRef<Decompress>,
    zlib_decompressor: ClassRef<ZlibDecompressor>,
    #[traverse(skip)]
    pub(crate) deflates: Shared<Spare<Deflate>>,
    #[traverse(skip)]
    pub(crate) inflates: Shared<Spare<Inflate>>,
    #[traverse(skip)]
    pub(crate) guess: Guess,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let compress = module.new_class::<Compress>(ts)?;
        let decompress = module.new_class::<Decompress>(ts)?;
        let names = module.object();
        let error = names.add_exception(ts, c"zlib.error", &Exception::class(ts), None)?;
        let zlib_decompressor = module.add_class::<ZlibDecompressor>(ts)?;
        for (name, value) in NUMBERS {
            names.add_int(name, value)?;
        }
        names.add_str(c"ZLIB_VERSION", "1.3.0")?;
        names.add_str(c"ZLIB_RUNTIME_VERSION", "1.3.0-zlib-rs-0.6.8")?;
        Ok(Self {
            error,
            compress,
            decompress,
            zlib_decompressor,
            deflates: shared(ts, Spare::new())?,
            inflates: shared(ts, Spare::new())?,
            guess: Guess::default(),
        })
    }
}

/// A value that streams share with the module.
pub(crate) fn shared<T>(ts: &ThreadState<'_>, value: T) -> PyResult<Shared<T>> {
    Shared::new(value).map_err(|_| PyErr::no_memory(ts))
}

/// Why something failed that works on a stream.
pub(crate) enum Failure {
    Zlib(Error),
    Memory,
    Python(PyErr),
}

impl Failure {
    /// The exception that this is.
    #[cold]
    pub(crate) fn raise(self, ts: &ThreadState<'_>, module: &Module<'_, '_, State>) -> PyErr {
        match self {
            Self::Zlib(error) if error.is_no_memory() => PyErr::no_memory(ts),
            Self::Zlib(error) => zlib_error(ts, module, error),
            Self::Memory => PyErr::no_memory(ts),
            Self::Python(error) => error,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Zlib(error)
    }
}

impl From<NoMemory> for Failure {
    fn from(_: NoMemory) -> Self {
        Self::Memory
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

/// A `zlib.error`.
#[cold]
pub(crate) fn zlib_error(
    ts: &ThreadState<'_>,
    module: &Module<'_, '_, State>,
    text: impl std::fmt::Display,
) -> PyErr {
    match module.state() {
        Ok(state) => PyErr::new(ts, &state.error.get(ts), text),
        Err(not_ready) => not_ready,
    }
}

/// The constants of zlib.h that are numbers, and three defaults of our own.
const NUMBERS: [(&std::ffi::CStr, i64); 20] = [
    (c"MAX_WBITS", 15),
    (c"DEFLATED", 8),
    (c"DEF_MEM_LEVEL", 8),
    (c"DEF_BUF_SIZE", 16 * 1024),
    (c"Z_NO_COMPRESSION", 0),
    (c"Z_BEST_SPEED", 1),
    (c"Z_BEST_COMPRESSION", 9),
    (c"Z_DEFAULT_COMPRESSION", -1),
    (c"Z_FILTERED", 1),
    (c"Z_HUFFMAN_ONLY", 2),
    (c"Z_RLE", 3),
    (c"Z_FIXED", 4),
    (c"Z_DEFAULT_STRATEGY", 0),
    (c"Z_NO_FLUSH", 0),
    (c"Z_PARTIAL_FLUSH", 1),
    (c"Z_SYNC_FLUSH", 2),
    (c"Z_FULL_FLUSH", 3),
    (c"Z_FINISH", 4),
    (c"Z_BLOCK", 5),
    (c"Z_TREES", 6),
];
