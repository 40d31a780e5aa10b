//! Slots of classes that lend their memory.
use std::ffi::{c_int, c_void};
use std::ptr;

use cpython_ffi::raw::{self, Py_buffer, PyObject};
use cpython_ffi::{Ref, calls};

use super::{Slot, enter, receiver};
use crate::class::Class;
use crate::class::memory::Lent;
use crate::error::{PyErr, PyResult};
use crate::exception::BufferError;
use crate::handle::Bound;
use crate::panic;
use crate::thread::ThreadState;

/// `memoryview(this)` and everything else that takes bytes.
///
/// A class that has this slot has `bf_releasebuffer`, too.
pub trait BfGetbuffer: Class {
    /// What is lent. It keeps the memory alive, whatever becomes of the payload's own.
    ///
    /// # Errors
    /// Whatever it raises; `BufferError` is usual.
    fn bf_getbuffer<'py>(ts: &mut ThreadState<'py>, this: &Bound<'py, Self>) -> PyResult<Lent>;
}

/// What a consumer holds on to, behind `Py_buffer.internal`.
struct Lease {
    lent: Lent,
    shape: isize,
    stride: isize,
}

impl<T: BfGetbuffer> Slot<T> {
    /// `memoryview(this)`.
    pub const fn bf_getbuffer() -> Self {
        unsafe extern "C" fn glue<T: BfGetbuffer>(
            this: *mut PyObject,
            view: *mut Py_buffer,
            flags: c_int,
        ) -> c_int {
            // SAFETY: C passes a live receiver and a view to fill, attached.
            unsafe {
                if let Some(view) = view.as_mut() {
                    // Without an object, a view needs no release.
                    view.obj = ptr::null_mut();
                }
                enter(-1, |ts| {
                    if view.is_null() {
                        return Err(BufferError::new(ts, "NULL view in getbuffer"));
                    }
                    let this = receiver::<T>(ts, this)?;
                    let lent = T::bf_getbuffer(ts, &this)?;
                    fill(ts, this.reference(), view, flags, lent)?;
                    Ok(0)
                })
            }
        }
        let function: raw::getbufferproc = Some(glue::<T>);
        // SAFETY: of the type that C gives the slot.
        unsafe { Self::new(raw::Py_bf_getbuffer, function) }
    }

    /// The end of a loan.
    pub const fn bf_releasebuffer() -> Self {
        let function: raw::releasebufferproc = Some(release);
        // SAFETY: of the type that C gives the slot. C calls it once for each view that
        // `bf_getbuffer` has filled.
        unsafe { Self::new(raw::Py_bf_releasebuffer, function) }
    }
}

/// Fills a view for what is lent.
///
/// # Safety
/// `exporter` is live and `view` can be written.
unsafe fn fill(
    ts: &ThreadState<'_>,
    exporter: Ref,
    view: *mut Py_buffer,
    flags: c_int,
    lent: Lent,
) -> PyResult<()> {
    let (start, length) = lent.place();
    let (item_size, readonly, format) = (lent.item_size, lent.readonly, lent.format);
    let shape = (length / item_size) as isize;
    let lease = crate::allocate(Lease { lent, shape, stride: item_size as isize });
    let lease = lease.ok_or_else(|| PyErr::no_memory(ts))?;
    // SAFETY: `allocate` takes memory as `Box` does.
    let lease = unsafe { Box::from_raw(lease.as_ptr()) };
    // SAFETY: attached; a live exporter, a view to fill, memory that the lease keeps.
    let filled = unsafe {
        calls::PyBuffer_FillInfo(
            view,
            Some(exporter),
            start.cast(),
            length as isize,
            c_int::from(readonly),
            flags,
        )
    };
    if filled.failed() {
        return Err(PyErr::fetch(ts));
    }
    lease.lent.begin();
    let lease = Box::into_raw(lease);
    let asked = |bits: c_int| flags & bits == bits;
    // SAFETY: the view has just been filled; the lease lives until the release, and so do the
    // numbers in it that the view points to.
    unsafe {
        (*view).itemsize = item_size as isize;
        (*view).internal = lease.cast::<c_void>();
        if asked(raw::PyBUF_FORMAT) {
            (*view).format = format.as_ptr().cast_mut();
        }
        if asked(raw::PyBUF_ND) {
            (*view).shape = &raw mut (*lease).shape;
        }
        if asked(raw::PyBUF_STRIDES) {
            (*view).strides = &raw mut (*lease).stride;
        }
    }
    Ok(())
}

unsafe extern "C" fn release(_this: *mut PyObject, view: *mut Py_buffer) {
    panic::guard_unraisable(|| {
        // SAFETY: C passes a view that `fill` has filled, for the last time.
        unsafe {
            let Some(view) = view.as_mut() else { return };
            let lease = std::mem::replace(&mut view.internal, ptr::null_mut()).cast::<Lease>();
            if !lease.is_null() {
                let lease = Box::from_raw(lease);
                lease.lent.memory.end();
            }
        }
    });
}
