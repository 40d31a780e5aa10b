//! The C module that a Rust module replaces, for an interpreter that has kept it.
use std::ffi::{CStr, CString};
use std::ptr;

use cpython_ffi::dynamic;
use cpython_ffi::raw::PyObject;

use crate::error::PyResult;
use crate::exception::ImportError;
use crate::handle::Bound;
use crate::module::{Definition, ModuleState};
use crate::panic;
use crate::thread::{self, ThreadState};
use crate::types::{PyAny, PyStr};

/// What the `PyInit_<name>` of a C extension module has returned.
pub struct Twin(*mut PyObject);

impl Twin {
    /// Loads the module `name`, which no package holds, from the file of an extension module, with
    /// the audit event of an import.
    ///
    /// As trustworthy as an import of that file, which any Python code can ask for.
    ///
    /// # Errors
    /// `ImportError` when the file cannot be loaded or is that of another module; what an audit
    /// hook or the module raises.
    pub fn load<'py>(
        ts: &ThreadState<'py>,
        name: &CStr,
        path: &Bound<'py, PyAny>,
    ) -> PyResult<Self> {
        ts.audit(c"import", &[PyStr::interned(ts, name)?.as_any(), path])?;
        let failed =
            |why: &str| ImportError::new(ts, format_args!("{}: {why}", name.to_string_lossy()));
        let text = path.str()?.to_string_lossy();
        let (Ok(file), Ok(symbol)) =
            (CString::new(text), CString::new([b"PyInit_", name.to_bytes()].concat()))
        else {
            return Err(failed("a null character in the name of the file"));
        };
        type Init = unsafe extern "C" fn() -> *mut PyObject;
        // SAFETY: an extension module, to be loaded and initialised by the attached thread that
        // imports it; C gives this type to the function of this name.
        let made = unsafe {
            let Some(init) = dynamic::symbol(&file, &symbol) else {
                return Err(failed("its C module cannot be loaded"));
            };
            std::mem::transmute::<ptr::NonNull<std::ffi::c_void>, Init>(init)()
        };
        if made.is_null() { Err(crate::PyErr::fetch(ts)) } else { Ok(Self(made)) }
    }
}

impl<S: ModuleState> Definition<S> {
    /// What `PyInit_<name>` returns in an interpreter that has the C module too: that of the C
    /// module when `choose` loads it, or else this definition; null with an exception.
    pub fn init_or_twin(
        &'static self,
        choose: impl FnOnce(&ThreadState<'_>, &'static CStr) -> PyResult<Option<Twin>>,
    ) -> *mut PyObject {
        panic::guard(ptr::null_mut(), || {
            let Some(raw) = thread::current() else { return ptr::null_mut() };
            let own = self.init();
            if own.is_null() {
                return own;
            }
            // SAFETY: C calls this attached; the token does not leave this call.
            let ts = unsafe { ThreadState::from_raw(raw) };
            match choose(&ts, self.facts().name) {
                Ok(None) => own,
                Ok(Some(Twin(made))) => made,
                Err(error) => {
                    // SAFETY: attached.
                    unsafe { error.restore(&ts) };
                    ptr::null_mut()
                }
            }
        })
    }
}
