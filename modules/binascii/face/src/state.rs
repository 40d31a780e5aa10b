//! What the module keeps: its exceptions. And how a core function becomes `bytes` or one of them.
use binascii_core::{Error, Kind, Sink, alphabet};
use cpython_api::exception::{Exception, ExceptionType, SystemError, ValueError};
use cpython_api::types::PyBytes;
use cpython_api::{Bound, Module, ModuleState, Py, PyErr, PyResult, PyType, ThreadState, Traverse};

/// The exceptions `binascii.Error` and `binascii.Incomplete`.
#[derive(Traverse)]
pub struct State {
    error: Py<PyType>,
    incomplete: Py<PyType>,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let module = module.object();
        for (name, characters) in [
            (c"BASE64_ALPHABET", &alphabet::BASE64[..]),
            (c"URLSAFE_BASE64_ALPHABET", alphabet::URLSAFE_BASE64),
            (c"CRYPT_ALPHABET", alphabet::CRYPT),
            (c"UU_ALPHABET", alphabet::UU),
            (c"BINHEX_ALPHABET", alphabet::BINHEX),
            (c"BASE85_ALPHABET", alphabet::BASE85),
            (c"ASCII85_ALPHABET", alphabet::ASCII85),
            (c"Z85_ALPHABET", alphabet::Z85),
            (c"BASE32_ALPHABET", alphabet::BASE32),
            (c"BASE32HEX_ALPHABET", alphabet::BASE32HEX),
        ] {
            let characters = PyBytes::new(ts, characters)?;
            module.add(name, &characters)?;
        }
        Ok(Self {
            error: module.add_exception(ts, c"binascii.Error", &ValueError::class(ts), None)?,
            incomplete: module.add_exception(
                ts,
                c"binascii.Incomplete",
                &Exception::class(ts),
                None,
            )?,
        })
    }
}

/// A new `bytes` of what a core function writes into `size` bytes, or its error as an exception.
#[inline(always)]
pub(crate) fn bytes<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    size: Result<usize, Error>,
    write: impl FnOnce(&mut Sink<'_>) -> Result<(), Error>,
) -> PyResult<Bound<'py, PyBytes>> {
    let raise = |error| exception(ts, module, error);
    PyBytes::build(ts, size.map_err(raise)?, |out| write(out).map_err(raise))
}

/// The same for results that mostly need less than `most` bytes.
#[inline(always)]
pub(crate) fn bytes_at_most<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    most: usize,
    write: impl FnOnce(&mut Sink<'_>) -> Result<(), Error>,
) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::build_at_most(ts, most, |out| write(out).map_err(|error| exception(ts, module, error)))
}

/// The exception that an error of the core is.
#[cold]
pub(crate) fn exception(
    ts: &ThreadState<'_>,
    module: &Module<'_, '_, State>,
    error: Error,
) -> PyErr {
    match error.kind() {
        Kind::Binascii => match module.state() {
            Ok(state) => PyErr::new(ts, &state.error.get(ts), error),
            Err(not_ready) => not_ready,
        },
        Kind::Value => ValueError::new(ts, error),
        Kind::Memory => PyErr::no_memory(ts),
        Kind::System => SystemError::new(ts, error),
    }
}
