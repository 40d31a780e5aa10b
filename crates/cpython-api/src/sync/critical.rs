//! Critical sections on objects: C's own lock in free-threaded builds, nothing with a GIL (PEP 703).
use std::mem::MaybeUninit;

use cpython_ffi::raw::{PyCriticalSection, PyCriticalSection2};
use cpython_ffi::{Ref, calls, fast};

use crate::handle::Bound;
use crate::thread::ThreadState;

/// Runs `work` in the critical section of an object: `Py_BEGIN_CRITICAL_SECTION`.
///
/// What it gives is what C modules have: two critical sections of one object do not mix, so that
/// an operation looks atomic to other threads. It is left for as long as `work` waits for anything
/// (another lock, the collector), so it makes nothing exclusive in Rust's sense; see
/// [`PyLock`](crate::PyLock) for that.
///
/// ```no_run
/// use cpython_api::{Bound, PyResult, ThreadState, sync::critical_section, types::PyList};
/// fn swap<'py>(ts: &ThreadState<'py>, list: &Bound<'py, PyList>) -> PyResult<()> {
///     critical_section(ts, list, || match (list.get(0), list.get(1)) {
///         (Some(a), Some(b)) => list.set(0, &b).and_then(|()| list.set(1, &a)),
///         _ => Ok(()),
///     })
/// }
/// ```
pub fn critical_section<R>(
    ts: &ThreadState<'_>,
    object: &Bound<'_>,
    work: impl FnOnce() -> R,
) -> R {
    ts.raw();
    if fast::GIL_DISABLED { in_critical_section(object.checked(), work) } else { work() }
}

/// Runs `work` in the critical sections of two objects, which may be the same:
/// `Py_BEGIN_CRITICAL_SECTION2`.
///
/// ```no_run
/// use cpython_api::{Bound, PyResult, ThreadState, sync::critical_section2, types::PyList};
/// fn append_all<'py>(
///     ts: &ThreadState<'py>, to: &Bound<'py, PyList>, from: &Bound<'py, PyList>,
/// ) -> PyResult<()> {
///     critical_section2(ts, to, from, || to.extend(from))
/// }
/// ```
pub fn critical_section2<R>(
    ts: &ThreadState<'_>,
    a: &Bound<'_>,
    b: &Bound<'_>,
    work: impl FnOnce() -> R,
) -> R {
    ts.raw();
    if fast::GIL_DISABLED { in_both(a.checked(), b.checked(), work) } else { work() }
}

/// Runs `work` in the critical section of an object, on a free-threaded build.
///
/// The caller is attached: both objects are those of handles that have just been checked.
pub(crate) fn in_critical_section<R>(object: Ref, work: impl FnOnce() -> R) -> R {
    /// Ends the section, also when unwinding.
    struct End<'a>(&'a mut MaybeUninit<PyCriticalSection>);
    impl Drop for End<'_> {
        fn drop(&mut self) {
            // SAFETY: begun below, on this thread, and every section begun since has ended.
            unsafe { calls::PyCriticalSection_End(self.0.as_mut_ptr()) };
        }
    }
    let mut section = MaybeUninit::uninit();
    // SAFETY: attached; the object is live; the section stays where it is until it ends.
    unsafe { calls::PyCriticalSection_Begin(section.as_mut_ptr(), object.as_ptr()) };
    let _end = End(&mut section);
    work()
}

fn in_both<R>(a: Ref, b: Ref, work: impl FnOnce() -> R) -> R {
    /// Ends the sections, also when unwinding.
    struct End<'a>(&'a mut MaybeUninit<PyCriticalSection2>);
    impl Drop for End<'_> {
        fn drop(&mut self) {
            // SAFETY: begun below, on this thread, and every section begun since has ended.
            unsafe { calls::PyCriticalSection2_End(self.0.as_mut_ptr()) };
        }
    }
    let mut section = MaybeUninit::uninit();
    // SAFETY: attached; the objects are live; the section stays where it is until it ends.
    unsafe { calls::PyCriticalSection2_Begin(section.as_mut_ptr(), a.as_ptr(), b.as_ptr()) };
    let _end = End(&mut section);
    work()
}
