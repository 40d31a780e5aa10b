//! Capsules: Rust values and C tables that travel through Python (`pycapsule.h`).
use std::any::TypeId;
use std::ffi::{CStr, c_void};
use std::ptr;
use std::sync::atomic::AtomicU8;

use cpython_ffi::raw::PyObject;
use cpython_ffi::{Ref, calls};

use super::{PyAny, PyCapsule, PyStr};
use crate::error::{PyErr, PyResult, owned_by, preserve_pending};
use crate::exception::{AttributeError, SystemError};
use crate::handle::Bound;
use crate::panic;
use crate::thread::ThreadState;

impl PyCapsule {
    /// A capsule that owns a value. Rust code of the same library gets at it with
    /// [`Bound::get`](Bound#method.get); for everybody else it is opaque.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, ThreadState, types::PyCapsule};
    /// struct Seed(u64);
    /// fn keep<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyCapsule>> {
    ///     PyCapsule::new(ts, c"rust.random.seed", Seed(7))
    /// }
    /// fn seed(capsule: &Bound<'_, PyCapsule>) -> Option<u64> {
    ///     capsule.get::<Seed>().map(|seed| seed.0)
    /// }
    /// ```
    ///
    /// The name begins with `rust.`: C code takes a capsule that has the name it looks for to hold
    /// what its header says.
    ///
    /// # Errors
    /// `SystemError` for another name; `MemoryError`.
    pub fn new<'py, T: Send + Sync + 'static>(
        ts: &ThreadState<'py>,
        name: &'static CStr,
        value: T,
    ) -> PyResult<Bound<'py, Self>> {
        if !name.to_bytes().starts_with(b"rust.") {
            return Err(SystemError::new(ts, "a capsule's name must begin with 'rust.'"));
        }
        ts.raw();
        let mut tagged = Vec::new();
        tagged.try_reserve_exact(1).map_err(|_| PyErr::no_memory(ts))?;
        tagged.push(Tagged { tag: TypeId::of::<T>(), value });
        let tagged = Box::into_raw(tagged.into_boxed_slice());
        // SAFETY: attached; the pointer is not null, the name lives for ever; the call returns a
        // capsule.
        let capsule: PyResult<Bound<'py, Self>> = unsafe {
            owned_by(ts, calls::PyCapsule_New(tagged.cast(), name.as_ptr(), Some(free::<T>)))
        };
        match capsule {
            Ok(capsule) => {
                // INVARIANT: a capsule with our mark holds a `Tagged`.
                // SAFETY: attached; a live capsule, for which the call does not fail.
                let _ = unsafe { calls::PyCapsule_SetContext(capsule.checked(), mark()) };
                Ok(capsule)
            }
            Err(error) => {
                // SAFETY: made above; no capsule has taken it over.
                drop(unsafe { Box::from_raw(tagged) });
                Err(error)
            }
        }
    }

    /// A capsule around the address of a table, for C code that imports it by this name. What C
    /// does with it is C's business: the layout of `T` is a promise to C.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, ThreadState, types::PyCapsule};
    /// #[repr(C)]
    /// struct Api { version: u32 }
    /// static API: Api = Api { version: 1 };
    /// fn export<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyCapsule>> {
    ///     // SAFETY: the header says that `shelf._C_API` is an `Api`.
    ///     unsafe { PyCapsule::export(ts, c"shelf._C_API", &API) }
    /// }
    /// ```
    ///
    /// # Errors
    /// `MemoryError`.
    ///
    /// # Safety
    /// C code that looks for this name, in any module, takes what it finds for a `T`: it calls its
    /// function pointers.
    pub unsafe fn export<'py, T: Sync>(
        ts: &ThreadState<'py>,
        name: &'static CStr,
        table: &'static T,
    ) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        let table = ptr::from_ref(table).cast_mut().cast::<c_void>();
        // SAFETY: attached; a reference is not null, the name lives for ever; the call returns a
        // capsule.
        unsafe { owned_by(ts, calls::PyCapsule_New(table, name.as_ptr(), None)) }
    }

    /// The table that a C module exports under a dotted name: imports the module.
    ///
    /// What `PyCapsule_Import` does, but the error of an import stays what it was: C calls every one
    /// an `ImportError`, also the end of memory.
    ///
    /// # Errors
    /// What the import raises; `AttributeError` when there is no such capsule.
    ///
    /// # Safety
    /// What the capsule of this name points to is a `T` for as long as the process lives. That is
    /// so for the tables that C headers declare, and it takes reading the C code to say so.
    pub unsafe fn import<T>(ts: &ThreadState<'_>, name: &'static CStr) -> PyResult<&'static T> {
        let object = named(ts, name)?;
        let object = object.checked();
        // SAFETY: attached; a live object and a C string. A capsule that is valid under a name gives
        // its pointer under that name; what it points to is the caller's word.
        let table = unsafe {
            match calls::PyCapsule_IsValid(object, name.as_ptr()) {
                0 => None,
                _ => calls::PyCapsule_GetPointer(object, name.as_ptr()).cast::<T>().as_ref(),
            }
        };
        table.ok_or_else(|| {
            let name = name.to_string_lossy();
            AttributeError::new(ts, format_args!("PyCapsule_Import \"{name}\" is not valid"))
        })
    }
}

/// What a dotted name stands for: a module, or an attribute of an attribute of a module.
fn named<'py>(ts: &ThreadState<'py>, name: &CStr) -> PyResult<Bound<'py, PyAny>> {
    let name = name.to_string_lossy();
    let mut parts = name.split('.').map(|part| PyStr::new(ts, part));
    let module = parts.next().unwrap_or_else(|| PyStr::new(ts, ""))?;
    // SAFETY: attached; a live `str`.
    let module = unsafe { owned_by(ts, calls::PyImport_Import(module.checked())) }?;
    parts.try_fold(module, |object, part| object.getattr(&part?))
}

impl Bound<'_, PyCapsule> {
    /// The value, when [`PyCapsule::new`] of this library has made the capsule of a `T`.
    ///
    /// It lives as long as the handle, which counts the capsule.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        let capsule = self.checked();
        // SAFETY: attached; a live capsule. With our mark, which nobody else can know, it holds a
        // `Tagged`, which begins with the tag; the tag tells what follows.
        unsafe {
            if calls::PyCapsule_GetContext(capsule) != mark() {
                return None;
            }
            let name = calls::PyCapsule_GetName(capsule);
            let tagged = calls::PyCapsule_GetPointer(capsule, name);
            let tag = tagged.cast::<TypeId>().as_ref()?;
            (*tag == TypeId::of::<T>()).then(|| &(*tagged.cast::<Tagged<T>>()).value)
        }
    }
}

/// What a capsule of ours points to.
#[repr(C)]
struct Tagged<T> {
    tag: TypeId,
    value: T,
}

/// The context of our capsules: an address that only this library knows. What can change has an
/// address of its own.
static MARK: AtomicU8 = AtomicU8::new(0);

fn mark() -> *mut c_void {
    MARK.as_ptr().cast()
}

/// Drops the value of a capsule.
unsafe extern "C" fn free<T>(capsule: *mut PyObject) {
    // SAFETY: C calls this once, attached, with a capsule that `new::<T>` made.
    unsafe {
        let Some(capsule) = Ref::from_ptr(capsule) else { return };
        let value = calls::PyCapsule_GetPointer(capsule, calls::PyCapsule_GetName(capsule));
        let tagged = ptr::slice_from_raw_parts_mut(value.cast::<Tagged<T>>(), 1);
        if !tagged.is_null() {
            preserve_pending(|| panic::guard_unraisable(|| drop(Box::from_raw(tagged))));
        }
    }
}
