//! Options that several functions share.
use std::sync::atomic::{AtomicBool, Ordering};

use cpython_api::exception::{MemoryError, OverflowError, ValueError};
use cpython_api::{
    Bound, Kept, Module, Py, PyAny, PyErr, PyResult, Room, Shared, ThreadState, Traverse,
};
use zlib_core::NewError;

use crate::state::{Failure, State, shared, zlib_error};

/// The dictionary that a decompressor was given, which C looks at when the stream asks for it.
#[derive(Traverse)]
pub(crate) struct Dictionary {
    zdict: Option<Py>,
    offered: AtomicBool,
}

impl Dictionary {
    pub(crate) fn new(zdict: Option<&Bound<'_, PyAny>>) -> Self {
        let zdict = zdict.map(|zdict| zdict.clone().unbind());
        Self { offered: AtomicBool::new(zdict.is_none()), zdict }
    }

    /// A copy for the stream, the first time; it may have none if it does not ask for it.
    pub(crate) fn offer(&self, ts: &ThreadState<'_>) -> Option<Shared<Vec<u8>>> {
        if self.offered.swap(true, Ordering::Relaxed) {
            return None;
        }
        self.copy(ts).ok().flatten()
    }

    /// The exception for a failure: where a dictionary is missing, why.
    #[cold]
    pub(crate) fn blame(
        &self,
        ts: &ThreadState<'_>,
        module: &Module<'_, '_, State>,
        failure: Failure,
    ) -> PyErr {
        match failure {
            Failure::Zlib(error) if error.needs_dictionary() => match self.copy(ts) {
                Ok(_) => zlib_error(ts, module, error),
                Err(refused) => refused,
            },
            failure => failure.raise(ts, module),
        }
    }

    /// A copy, if there is a dictionary.
    pub(crate) fn copy(&self, ts: &ThreadState<'_>) -> PyResult<Option<Shared<Vec<u8>>>> {
        let Some(zdict) = &self.zdict else { return Ok(None) };
        let zdict = zdict.get(ts);
        let mut kept = Kept::default();
        let bytes = zdict.buffer(&mut kept)?;
        fits(ts, bytes.len())?;
        let mut copy = Vec::new();
        copy.try_reserve_exact(bytes.len()).map_err(|_| PyErr::no_memory(ts))?;
        copy.extend_from_slice(bytes);
        shared(ts, copy).map(Some)
    }

    /// The same for a copy of the stream.
    pub(crate) fn clone_ref(&self, ts: &ThreadState<'_>) -> Self {
        let offered = self.offered.load(Ordering::Relaxed);
        let zdict = self.zdict.as_ref().map(|zdict| zdict.clone_ref(ts));
        Self { zdict, offered: AtomicBool::new(offered) }
    }
}

/// Refuses a dictionary that C's zlib cannot count.
pub(crate) fn fits(ts: &ThreadState<'_>, len: usize) -> PyResult<()> {
    match u32::try_from(len) {
        Ok(_) => Ok(()),
        Err(_) => Err(OverflowError::new(ts, "zdict length does not fit in an unsigned int")),
    }
}

/// Room of this size at first.
pub(crate) fn room(ts: &ThreadState<'_>, size: usize) -> PyResult<Room> {
    if size > LONGEST {
        return Err(OverflowError::new(ts, "byte string is too large"));
    }
    Ok(Room::UNLIMITED.first(size))
}

/// Why there is no new object.
#[cold]
pub(crate) fn refused(ts: &ThreadState<'_>, error: NewError, no_memory: &str) -> PyErr {
    match error {
        NewError::Invalid => ValueError::new(ts, error),
        NewError::NoMemory => MemoryError::new(ts, no_memory),
    }
}

/// Whether an input is so short that detaching costs more than what is done with it.
pub(crate) fn is_brief(len: usize) -> bool {
    len <= 512
}

/// No `bytes` can be longer, for C.
const LONGEST: usize = isize::MAX as usize - 33;
